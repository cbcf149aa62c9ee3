"""What stands beneath a paper in the list: links, and what opens when asked for.

A :class:`disclosure` is HTML's ``<details>``, which needs no script. Where nothing can be opened,
the abstract is shown as it is; a BibTeX entry, which only says the same again, is left out, and so
are links to files that only a website has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.locale import _
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.osutil import relative_uri

from sphinx_cv.publications.downloads import BUILDERS, PAGE_BUILDERS, entry_file
from sphinx_cv.publications.layout import abstract_nodes, links_nodes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from docutils.nodes import Node
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

    from sphinx_cv.publications.record import Publication


class disclosure(nodes.General, nodes.Element):  # noqa: N801 (docutils names nodes so)
    """Something behind its ``summary``; ``again`` if it says what is said already."""


class downloads(nodes.General, nodes.Element):  # noqa: N801
    """Links, after a ``lead``, to ``files`` of the website: name -> place below its root."""


def resources(publication: Publication, bibtex: str) -> list[Node]:
    """The links of a paper, its abstract, and its entry in BibTeX unless that is empty."""
    row = nodes.container(classes=["cv-resources"])
    links = nodes.paragraph(classes=["cv-links"])
    for number, link in enumerate(links_nodes(publication)):
        if number:
            links += nodes.inline("", " · ", classes=["cv-separator"])
        links += link
    if links.children:
        row += links
    if publication.abstract:
        row += disclosure(
            "",
            *abstract_nodes(publication),
            summary=_("Abstract"),
            label=f"{_('Abstract')}: {publication.title}",
            again=False,
        )
    if bibtex:
        # Not all that a file may say is in the grammar of the highlighter.
        block = nodes.literal_block(bibtex, bibtex, language="bibtex", force=True)
        row += disclosure(
            "",
            block,
            downloads(files={_("Download"): entry_file(publication.key)}),
            summary="BibTeX",
            label=f"BibTeX: {publication.title}",
            again=True,
        )
    return [row] if row.children else []


class ResourcesTransform(SphinxPostTransform):
    """Makes of them what the builder can show, before references are resolved."""

    default_priority = 7

    def run(self, **kwargs: Any) -> None:
        """Fill in addresses, or take away what has no place here."""
        builder = self.env._app.builder
        page = builder.get_target_uri(self.env.docname).partition("#")[0]
        for title in list(self.document.findall(nodes.inline)):
            name = title.attributes.pop("cv_landing", None)
            if name and builder.name in PAGE_BUILDERS:
                uri = relative_uri(page, builder.get_target_uri(name))
                link = nodes.reference("", "", *title.children, refuri=uri, internal=True)
                title.children = []
                title += link
        for node in list(self.document.findall(downloads)):
            written = builder.name in BUILDERS
            node.replace_self(self._downloads(node, page) if written else [])
        if builder.format != "html":
            for opened in list(self.document.findall(disclosure)):
                opened.replace_self([] if opened["again"] else opened.children)
            for row in list(self.document.findall(nodes.container)):
                if "cv-resources" in row["classes"] and not row.children:
                    row.parent.remove(row)

    def _downloads(self, node: downloads, page: str) -> list[Node]:
        paragraph = nodes.paragraph("", node.get("lead", ""), classes=["cv-downloads"])
        files: Mapping[str, str] = node["files"]
        for number, (name, place) in enumerate(files.items()):
            paragraph += nodes.Text(" · " if number else " " * ("lead" in node))
            paragraph += nodes.reference("", name, refuri=relative_uri(page, place), internal=True)
        return [paragraph]


def visit_disclosure(self: HTML5Translator, node: disclosure) -> None:
    """Open the element and write what is always seen of it."""
    self.body.append(self.starttag(node, "details", CLASS="cv-disclosure"))
    label, summary = self.attval(node["label"]), self.encode(node["summary"])
    self.body.append(f'<summary aria-label="{label}">{summary}</summary>\n')


def depart_disclosure(self: HTML5Translator, node: disclosure) -> None:
    """Close it."""
    self.body.append("</details>\n")


def setup_resources(app: Sphinx) -> None:
    """Register the node and the transform."""
    app.add_node(disclosure, html=(visit_disclosure, depart_disclosure))
    app.add_post_transform(ResourcesTransform)
