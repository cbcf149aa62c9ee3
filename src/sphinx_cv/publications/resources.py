"""What stands beneath a paper in the list: links, and what opens when asked for.

A :class:`disclosure` is HTML's ``<details>``, which needs no script. Where nothing can be opened,
the abstract is shown as it is; a BibTeX entry, which only says the same again, is left out, and so
are links to files that only a website has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from docutils import nodes
from sphinx.locale import _
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.osutil import relative_uri

from sphinx_cv.publications.downloads import BUILDERS, PAGE_BUILDERS, entry_file, page_of
from sphinx_cv.publications.layout import abstract_nodes, links_nodes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from docutils.nodes import Node
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

    from sphinx_cv.publications.domain import BibliographyDomain
    from sphinx_cv.publications.record import Publication


class disclosure(nodes.General, nodes.Element):  # noqa: N801 (docutils names nodes so)
    """Something behind its ``summary``; ``again`` if it says what is said already."""


class downloads(nodes.General, nodes.Element):  # noqa: N801
    """Links, after a ``lead``, to ``files`` of the website: name -> place below its root."""


class writeup(nodes.General, nodes.Inline, nodes.Element):  # noqa: N801
    """A link to the page that is about the paper ``key``, where there is one."""


def resources(publication: Publication, bibtex: str, *, on_own_page: bool = False) -> list[Node]:
    """The links of a paper, its abstract, and its entry in BibTeX unless that is empty.

    On the paper's own page, there is no link to it, and a PDF has the abstract elsewhere.
    """
    row = nodes.container(classes=["cv-resources"])
    links = nodes.paragraph(classes=["cv-links"])
    for number, link in enumerate(links_nodes(publication)):
        if number:
            links += nodes.inline("", " · ", classes=["cv-separator"])
        links += link
    if not on_own_page and not publication.writeup:
        links += writeup(key=publication.key, title=publication.name)
    if links.children:
        row += links
    if publication.abstract:
        row += disclosure(
            "",
            *abstract_nodes(publication),
            summary=_("Abstract"),
            label=f"{_('Abstract')}: {publication.name}",
            again=on_own_page,
        )
    if bibtex:
        # Without a source it is not highlighted: that would take longer than the rest of the list,
        # and make its page half as large again.
        block = nodes.container("", nodes.literal_block("", bibtex), classes=["cv-bibtex"])
        row += disclosure(
            "",
            block,
            downloads(files={_("Download"): entry_file(publication.key)}),
            summary="BibTeX",
            label=f"BibTeX: {publication.name}",
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
            key = title.attributes.pop("cv_page_of", None)
            if key and builder.name in PAGE_BUILDERS:
                uri = relative_uri(page, builder.get_target_uri(page_of(self.env, key)))
                link = nodes.reference("", "", *title.children, refuri=uri, internal=True)
                title.children = []
                title += link
        for place in list(self.document.findall(writeup)):
            place.replace_self(self._writeup(place))
        for node in list(self.document.findall(downloads)):
            written = builder.name in BUILDERS
            node.replace_self(self._downloads(node, page) if written else [])
        if builder.format != "html":
            for opened in list(self.document.findall(disclosure)):
                opened.replace_self([] if opened["again"] else opened.children)
        rows = [
            row
            for row in self.document.findall(nodes.Element)
            if "cv-links" in row["classes"] or "cv-resources" in row["classes"]
        ]
        for row in reversed(rows):  # the inner ones first
            if not row.children:
                row.parent.remove(row)

    def _writeup(self, node: writeup) -> list[Node]:
        writeups = cast("BibliographyDomain", self.env.get_domain("cvbib")).writeups
        docname = writeups.get(node["key"])
        if docname is None:
            return []
        uri = self.env._app.builder.get_relative_uri(self.env.docname, docname)
        label = _("Write-up")
        title = f"{label}: {node['title']}"
        link = nodes.reference("", label, refuri=uri, reftitle=title, internal=True)
        first = node.parent.index(node) == 0
        return [link] if first else [nodes.inline("", " · ", classes=["cv-separator"]), link]

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
