"""The owner's papers among all entries: ``refs.bib`` also holds the literature that pages cite.

The owner is the ``cv:person`` of the project. What a list shows depends on it, so the pages that
may name the owner are read before all others. An entry that is neither the owner's nor used is
reported: nobody needs it, or the name is misspelt and a paper is missing from the CV.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from sphinx_cv.mistakes import Mistake
from sphinx_cv.publications.inherit import targets
from sphinx_cv.publications.ownership import owner_of
from sphinx_cv.reporting import warn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_cv.domain import CVDomain
    from sphinx_cv.publications.domain import BibliographyDomain
    from sphinx_cv.publications.read import Library


def own_library(env: BuildEnvironment) -> Library:
    """The entries of the owner; all of them where the project names none."""
    domain = cast("BibliographyDomain", env.get_domain("cvbib"))
    assert domain.reading is not None  # read when the build began
    owner = cast("CVDomain", env.get_domain("cv")).owner
    library = domain.reading.content
    return replace(library, works=domain.own_works(owner)) if owner else library


def read_owner_first(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Handler of ``env-before-read-docs``."""
    domain = cast("CVDomain", env.get_domain("cv"))
    naming = [docname for docname in docnames if _may_name(env, docname)]
    if naming:
        # Of several persons, the contents tell which is the first; so that page, too.
        first = [name for name in docnames if name in naming or name == env.config.root_doc]
        _read(app, first)
        domain.read_first = first
        docnames[:] = [docname for docname in docnames if docname not in first]
    docnames += sorted(domain.lists_of_others() - {*docnames})


def settle_owner(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Handler of ``env-updated``: read lists again if the owner turned out to be another."""
    domain = cast("CVDomain", env.get_domain("cv"))
    domain.data["owner"] = owner_of(domain.person)
    again = sorted(domain.lists_of_others())
    _read(app, again)
    return [*domain.read_first, *again]


def _may_name(env: BuildEnvironment, docname: str) -> bool:
    try:
        return b"cv:person" in env.doc2path(docname).read_bytes()
    except OSError:
        return False  # reported when it is read


def _read(app: Sphinx, docnames: Iterable[str]) -> None:
    for docname in docnames:
        app.events.emit("env-purge-doc", app.env, docname)
        app.env.clear_doc(docname)
        app.builder.read_doc(docname)


def report_unused(app: Sphinx, env: BuildEnvironment) -> None:
    """Handler of ``env-updated``, at every build, once the citations are known."""
    domain = cast("CVDomain", env.get_domain("cv"))
    bibliography = cast("BibliographyDomain", env.get_domain("cvbib"))
    owner, reading = domain.owner, bibliography.reading
    if owner is None or reading is None:
        return
    works, cite = reading.content.works, env.get_domain("cite")
    used = set(own_library(env).works)
    used.update(target.key for ref in cite.data["citation_refs"] for target in ref.targets)
    used.update(citation.entry.key for citation in cite.data["citations"])
    for noted in (domain.shown, bibliography.cited):
        used.update(key for keys in noted.values() for key in keys)
    unused = [key for key in works if key not in used]
    parents = {
        key.casefold()
        for work in (works.values() if unused else ())
        for name in ("crossref", "xref", "xdata")
        for key in targets(work.entry, name)
    }
    for key in unused:
        if key.casefold() in parents:
            continue
        message = "%r is not by %s and is cited nowhere; cite it, or remove it"
        values = [key, owner.names[0]]
        if near := owner.nearly(reading.content.data.entries[key]):
            message += "; if its %r is the same person, correct the name, or add it to ':names:'"
            values.append(near)
        warn(
            Mistake.BIB_UNUSED,
            message,
            *values,
            location=f"{works[key].path}:{works[key].entry.line}",
        )


def setup_own(app: Sphinx) -> None:
    """Register the handlers."""
    # After the domain has forgotten what these pages said.
    app.connect("env-before-read-docs", read_owner_first, priority=600)
    # Before sphinxcontrib-bibtex looks at all pages, and after it.
    app.connect("env-updated", settle_owner, priority=400)
    app.connect("env-updated", report_unused, priority=600)
