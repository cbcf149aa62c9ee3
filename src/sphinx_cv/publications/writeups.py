"""Write-ups: a page that names a paper in its front matter is that paper's page.

``publication: key`` there. The page then carries what the programs of others look for, shows the
paper beneath its title, and is where all links to the paper lead.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, cast

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_cv.entries import suggestion
from sphinx_cv.mathematics.reports import macros_of
from sphinx_cv.mistakes import Mistake
from sphinx_cv.nodes import paper
from sphinx_cv.publications.bibtex import to_bibtex
from sphinx_cv.publications.csl import to_csl
from sphinx_cv.publications.downloads import PAGE_BUILDERS
from sphinx_cv.publications.layout import legend_nodes, line_nodes, signs_of
from sphinx_cv.publications.own import own_library
from sphinx_cv.publications.resources import resources
from sphinx_cv.publications.scholar import coins, scholarly
from sphinx_cv.reporting import warn

if TYPE_CHECKING:
    from typing import Any

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_cv.domain import CVDomain
    from sphinx_cv.publications.domain import BibliographyDomain

#: The name of the key in the front matter.
FIELD = "publication"
#: What MyST makes of a key without a value.
_NOTHING = {"", "null", "None"}
_LINE = re.compile(rf":?{FIELD}\s*:")


def paper_of(env: BuildEnvironment, docname: str) -> str:
    """The key of the paper whose page *docname* is, or nothing."""
    key = str(env.metadata.get(docname, {}).get(FIELD, ""))
    writeups = cast("BibliographyDomain", env.get_domain("cvbib")).writeups
    return key if key and writeups.get(key) == docname else ""


def find_writeups(app: Sphinx, env: BuildEnvironment) -> None:
    """Handler of ``env-updated``: note the pages of papers, and report what is wrong with them."""
    bibliography = cast("BibliographyDomain", env.get_domain("cvbib"))
    owner = cast("CVDomain", env.get_domain("cv")).owner
    own = own_library(env).works
    found: dict[str, str] = {}
    for docname in sorted(env.found_docs):
        if FIELD not in env.metadata.get(docname, {}):
            continue
        key = str(env.metadata[docname][FIELD])
        message, values = "", [key]
        if key not in own:
            if key in bibliography.works and owner:
                message = "%r is not by %s, whose papers alone have pages; cite it"
                values.append(owner.names[0])
            elif key in _NOTHING or key.startswith(("[", "{")):
                message, values = "a page is about one paper: write 'publication: key'", []
            else:
                message = "no paper has the key %r%s"
                values.append(suggestion(key, own))
        elif key in found:
            message = "%s is the page of the paper %r already; remove 'publication' from one"
            values = [str(env.doc2path(found[key], base=False)), key]
        else:
            found[key] = docname
            other = own[key].fields.get("writeup", "").strip("/")
            if other and other != docname:
                message = "this page is that of %r, but its field 'writeup' names %r; remove one"
                values.append(other)
        if message:
            location = f"{env.doc2path(docname)}:{_line(env, docname)}"
            warn(Mistake.PUBLICATION, message, *values, location=location)
    bibliography.writeups = found


def _line(env: BuildEnvironment, docname: str) -> int:
    lines = env.doc2path(docname).read_text(encoding="utf-8", errors="replace").splitlines()
    return next((n for n, line in enumerate(lines, start=1) if _LINE.match(line)), 1)


class WriteupTransform(SphinxPostTransform):
    """Shows the paper on its page."""

    # Before what it puts there is filled in.
    default_priority = 6

    def run(self, **kwargs: Any) -> None:
        for place in list(self.document.findall(paper)):
            key = paper_of(self.env, place["docname"])
            place.replace_self([self._paper(key)] if key else [])

    def _paper(self, key: str) -> nodes.container:
        library = own_library(self.env)
        work, entry = library.works[key], library.data.entries[key]
        domain = cast("BibliographyDomain", self.env.get_domain("cvbib"))
        publication = domain.publication(key)
        line = line_nodes(publication, cast("CVDomain", self.env.get_domain("cv")).owner)
        row = resources(publication, to_bibtex(work, entry), on_own_page=True)
        return nodes.container(
            "", line, *row, *legend_nodes(signs_of([publication])), classes=["cv-about"]
        )


def add_tags(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Handler of ``html-page-context``: what the programs of others look for."""
    key = paper_of(app.env, pagename)
    if not key or app.builder.name not in PAGE_BUILDERS or "body" not in context:
        return
    library = own_library(app.env)
    work, entry = library.works[key], library.data.entries[key]
    domain = cast("BibliographyDomain", app.env.get_domain("cvbib"))
    publication = domain.publication(key)
    item = to_csl(work, entry, macros_of(app.config))
    base = app.config.html_baseurl
    address = base.rstrip("/") + "/" + app.builder.get_target_uri(pagename) if base else ""
    tags = scholarly(publication, item, address)
    context["metatags"] = context.get("metatags", "") + tags + "\n"
    context["body"] += f'<span class="Z3988" title="{escape(coins(publication, item))}"></span>'


def setup_writeups(app: Sphinx) -> None:
    """Register the handlers and the transform."""
    # Once it is known whose papers they are.
    app.connect("env-updated", find_writeups, priority=650)
    app.connect("html-page-context", add_tags)
    app.add_post_transform(WriteupTransform)
