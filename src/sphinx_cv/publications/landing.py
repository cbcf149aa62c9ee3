"""A page for each paper, at ``publications/<id>``: for those who look for that paper alone.

These pages are no documents: they are in no table of contents, so that the sidebar of every page
does not grow with their number. They are made of the entry each time a build writes anything.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import _
from sphinx.util.osutil import relative_uri

from sphinx_cv.publications.bibtex import to_bibtex
from sphinx_cv.publications.csl import to_csl
from sphinx_cv.publications.downloads import PAGE_BUILDERS, entry_file, page_of, publication_id
from sphinx_cv.publications.layout import abstract_nodes, links_nodes, tex_nodes, venue_nodes
from sphinx_cv.publications.own import own_library
from sphinx_cv.publications.record import record
from sphinx_cv.publications.scholar import coins, head
from sphinx_cv.references import Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from docutils.nodes import Node
    from sphinx.application import Sphinx
    from sphinx.builders.html import StandaloneHTMLBuilder
    from sphinx.environment import BuildEnvironment

    from sphinx_cv.domain import CVDomain
    from sphinx_cv.publications.record import Publication


def landing_pages(env: BuildEnvironment) -> dict[str, str]:
    """Name of the page -> key of its paper; write-ups, and documents of that name, go before."""
    found: dict[str, str] = {}
    for key in own_library(env).works:
        name = page_of(env, key)
        if name not in env.found_docs:
            found.setdefault(name, key)
    return found


def make_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Handler of ``html-collect-pages``."""
    # A build that writes no document does not make ready to, and has no page to change.
    if app.builder.name not in PAGE_BUILDERS or not hasattr(app.builder, "fignumbers"):
        return
    library = own_library(app.env)
    base = app.config.html_baseurl
    for name, key in landing_pages(app.env).items():
        work, entry = library.works[key], library.data.entries[key]
        publication, item = record(work, entry), to_csl(work, entry)
        address = base.rstrip("/") + "/" + app.builder.get_target_uri(name) if base else ""
        builder = cast("StandaloneHTMLBuilder", app.builder)
        content = _content(publication, to_bibtex(work, entry), name, builder)
        trail = f'<span class="Z3988" title="{escape(coins(publication, item))}"></span>'
        context = {
            "title": escape(publication.title),
            "body": builder.render_partial(content)["fragment"] + trail,
            "metatags": head(publication, item, address) + "\n",
        }
        yield name, context, "page.html"


def _content(
    publication: Publication, bibtex: str, name: str, builder: StandaloneHTMLBuilder
) -> nodes.section:
    page = builder.get_target_uri(name)
    authors = ", ".join(author.name for author in publication.authors)
    venue = nodes.paragraph("", "", *venue_nodes(publication), classes=["cv-venue"])
    links = [
        *(_resolved(link, page, builder) for link in links_nodes(publication)),
        nodes.reference("", "BibTeX", refuri=relative_uri(page, entry_file(publication.key))),
    ]
    row = nodes.paragraph(classes=["cv-links"])
    for number, link in enumerate(links):
        if number:
            row += nodes.Text(" · ")
        row += link
    content: list[Node] = [nodes.paragraph("", authors), venue, row]
    if publication.abstract:
        content += [nodes.rubric("", _("Abstract")), *abstract_nodes(publication)]
    content.append(nodes.literal_block(bibtex, bibtex, language="bibtex", force=True))
    content += _places(publication.key, page, builder)
    title = nodes.title("", "", *tex_nodes(publication.title, nodes.Text))
    container = nodes.container("", *content, classes=["cv-paper"])
    return nodes.section("", title, container, ids=["paper"])


def _resolved(link: Node, page: str, builder: StandaloneHTMLBuilder) -> Node:
    """The link to the write-up as HTML has it; it was reported in the list if it is wrong."""
    if not isinstance(link, addnodes.pending_xref):
        return link
    docname = link["reftarget"].strip("/")
    if docname not in builder.env.found_docs:
        return link.children[0]
    uri = relative_uri(page, builder.get_target_uri(docname))
    return nodes.reference("", "", *link.children, refuri=uri, internal=True)


def _places(key: str, page: str, builder: StandaloneHTMLBuilder) -> list[Node]:
    """Where this site speaks of the paper: first the list that it is in."""
    env = builder.env
    domain = cast("CVDomain", env.get_domain("cv"))
    entry = domain.entries.get(publication_id(key))
    if entry is None or entry.kind != "publication":
        return []
    sources = domain.backlinks().get(Place("", entry.id), [])
    documents = [entry.docname, *(place.docname for place in sources)]
    paragraph = nodes.paragraph("", _("On this site") + ": ", classes=["cv-backlinks"])
    for number, docname in enumerate(dict.fromkeys(documents)):
        anchor = f"#{entry.id}" if number == 0 else ""
        uri = relative_uri(page, builder.get_target_uri(docname)) + anchor
        if number:
            paragraph += nodes.Text(", ")
        paragraph += nodes.reference("", env.titles[docname].astext(), refuri=uri, internal=True)
    return [paragraph]


def setup_landing(app: Sphinx) -> None:
    """Register the handler."""
    app.connect("html-collect-pages", make_pages)
