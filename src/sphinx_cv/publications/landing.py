"""A page for each paper, at ``publications/<id>``: for those who look for that paper alone.

These pages are no documents: they are in no table of contents, so that the sidebar of every page
does not grow with their number. Each is written again when something that it shows has changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from html import escape
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import _
from sphinx.util.osutil import relative_uri

from sphinx_cv import __version__
from sphinx_cv.freshness import navigation
from sphinx_cv.mathematics.reports import macros_of
from sphinx_cv.mistakes import Mistake
from sphinx_cv.publications.bibtex import to_bibtex
from sphinx_cv.publications.csl import to_csl
from sphinx_cv.publications.downloads import (
    PAGE_BUILDERS,
    entry_file,
    landing_name,
    page_of,
    publication_id,
)
from sphinx_cv.publications.layout import (
    abstract_nodes,
    bibtex_nodes,
    links_nodes,
    tex_nodes,
    venue_nodes,
)
from sphinx_cv.publications.own import own_library
from sphinx_cv.publications.scholar import coins, head
from sphinx_cv.references import Place
from sphinx_cv.remembered import recall, remember
from sphinx_cv.reporting import warn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from docutils.nodes import Node
    from sphinx.application import Sphinx
    from sphinx.builders.html import StandaloneHTMLBuilder
    from sphinx.environment import BuildEnvironment

    from sphinx_cv.domain import CVDomain
    from sphinx_cv.publications.domain import BibliographyDomain
    from sphinx_cv.publications.record import Publication

#: The name under which it is remembered what was written.
_WRITTEN = "papers"
#: Name in the context of their pages.
_SHARED = "cv_contents"


def landing_pages(env: BuildEnvironment) -> dict[str, str]:
    """Name of the page -> key of its paper; write-ups, and documents of that name, go before."""
    found: dict[str, str] = {}
    for key in own_library(env).works:
        name = page_of(env, key)
        if name not in env.found_docs:
            found.setdefault(name, key)
    return found


def report_shared_addresses(app: Sphinx, env: BuildEnvironment) -> None:
    """Handler of ``env-updated``, at every build: one of two such papers would have no page."""
    if cast("BibliographyDomain", env.get_domain("cvbib")).reading is None:
        return
    works = own_library(env).works
    first: dict[str, str] = {}
    for key in works:
        other = first.setdefault(publication_id(key), key)
        if other != key:
            work = works[key]
            warn(
                Mistake.BIB_DUPLICATE_KEY,
                "the keys %r and %r make one address, %r; change one of them (the other is on "
                "line %s)",
                other,
                key,
                landing_name(key),
                works[other].entry.line,
                location=f"{work.path}:{work.entry.line}",
            )


def make_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Handler of ``html-collect-pages``: those that would show something else than they do."""
    if app.builder.name not in PAGE_BUILDERS:
        return
    builder = cast("StandaloneHTMLBuilder", app.builder)
    domain = cast("BibliographyDomain", app.env.get_domain("cvbib"))
    pages = landing_pages(app.env)
    domain.pages = _digests(app, pages)
    written = recall(app, _WRITTEN)
    # Nothing is numbered; what is left here is of the last document that was written.
    builder.secnumbers, builder.fignumbers = {}, {}
    library = own_library(app.env)
    base, macros = app.config.html_baseurl, macros_of(app.config)
    shared: dict[object, str] = {}
    for name, key in pages.items():
        if written.get(name) == domain.pages[name] and builder.get_output_path(name).is_file():
            continue
        work, entry = library.works[key], library.data.entries[key]
        publication, item = domain.publication(key), to_csl(work, entry, macros)
        address = base.rstrip("/") + "/" + builder.get_target_uri(name) if base else ""
        # The abstract stands above it, and in the file.
        bibtex = to_bibtex(work, entry, without="abstract")
        content = _content(publication, bibtex, name, builder)
        trail = f'<span class="Z3988" title="{escape(coins(publication, item))}"></span>'
        context = {
            "title": escape(publication.name),
            "body": builder.render_partial(content)["fragment"] + trail,
            "metatags": head(publication, item, address) + "\n",
            _SHARED: shared,
        }
        yield name, context, "page.html"


def share_contents(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Handler of ``html-page-context``: one table of contents for all pages of papers.

    They are in none, and all in a folder; Sphinx would walk through the whole first page for each.
    """
    shared: dict[object, str] | None = context.pop(_SHARED, None)
    if shared is None:
        return
    make = context["toctree"]

    def toctree(**options: Any) -> str:
        asked = tuple(sorted(options.items()))
        if asked not in shared:
            shared[asked] = make(**options)
        return shared[asked]

    context["toctree"] = toctree


def _digests(app: Sphinx, pages: dict[str, str]) -> dict[str, str]:
    """Name of the page -> digest of what it is made of."""
    env, works = app.env, own_library(app.env).works
    settings = sorted((v.name, _stable(v.value)) for v in app.config.filter({"env", "html"}))
    templates = app.builder.templates.newest_template_mtime()
    # A link to a write-up is one as long as that is a document.
    there = sorted(env.found_docs)
    shared = sha256(repr((__version__, settings, templates, navigation(env), there)).encode())
    found = {}
    for name, key in pages.items():
        digest = shared.copy()
        digest.update(repr((works.digests[key], _mentions(env, key))).encode())
        found[name] = digest.hexdigest()
    return found


def _stable(value: object) -> object:
    """What tells a setting from another, the same in each process."""
    if isinstance(value, Mapping):
        return sorted((str(name), repr(_stable(each))) for name, each in value.items())
    if isinstance(value, (set, frozenset)):
        return sorted(repr(_stable(each)) for each in value)
    if isinstance(value, (list, tuple)):
        return [_stable(each) for each in value]
    if isinstance(value, (str, int, float, Path, NoneType)):
        return value
    return type(value).__qualname__  # its repr may be its address


def remember_pages(app: Sphinx, exception: Exception | None) -> None:
    """Handler of ``build-finished``."""
    if exception is None and app.builder.name in PAGE_BUILDERS:
        domain = cast("BibliographyDomain", app.env.get_domain("cvbib"))
        remember(app, _WRITTEN, domain.pages)


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
    content.append(bibtex_nodes(bibtex))
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


def _mentions(env: BuildEnvironment, key: str) -> list[tuple[str, str, str]]:
    """Where this site speaks of the paper, first the list that it is in: page, place, title."""
    domain = cast("CVDomain", env.get_domain("cv"))
    entry = domain.entries.get(publication_id(key))
    if entry is None or entry.kind != "publication":
        return []
    sources = domain.backlinks().get(Place("", entry.id), [])
    documents = dict.fromkeys([entry.docname, *(place.docname for place in sources)])
    return [
        (docname, "" if number else f"#{entry.id}", env.titles[docname].astext())
        for number, docname in enumerate(documents)
    ]


def _places(key: str, page: str, builder: StandaloneHTMLBuilder) -> list[Node]:
    mentions = _mentions(builder.env, key)
    paragraph = nodes.paragraph("", _("On this site") + ": ", classes=["cv-backlinks"])
    for number, (docname, anchor, title) in enumerate(mentions):
        uri = relative_uri(page, builder.get_target_uri(docname)) + anchor
        if number:
            paragraph += nodes.Text(", ")
        paragraph += nodes.reference("", title, refuri=uri, internal=True)
    return [paragraph] if mentions else []


def setup_landing(app: Sphinx) -> None:
    """Register the handlers."""
    app.connect("env-updated", report_shared_addresses)
    app.connect("html-collect-pages", make_pages)
    # Before the theme asks for the contents.
    app.connect("html-page-context", share_contents, priority=400)
    app.connect("build-finished", remember_pages)
