"""Which pages must be read again since the ``.bib`` files say something else.

A page with a list, when that shows other papers, or the same ones changed; one with footnotes that
cite, when an entry cited there has changed; one with a ``{bibliography}``, when there are other
keys. Whatever else a page shows of an entry is put in when the page is written
(see :mod:`sphinx_cv.freshness`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sphinx_cv.publications.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinxcontrib.bibtex.domain import BibtexDomain

    from sphinx_cv.publications.domain import BibliographyDomain


def read_again(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Handler of ``env-get-outdated``."""
    return sorted({*_with_lists(env), *_with_footnotes(env), *_with_other_keys(env)})


def _with_lists(env: BuildEnvironment) -> Iterator[str]:
    domain = cast("BibliographyDomain", env.get_domain("cvbib"))
    current: dict[Selection, str] = {}
    for docname, lists in domain.lists.items():
        for reading, selection, digest in lists:
            if domain.reading and reading == domain.reading.digest:
                continue
            if selection not in current:
                current[selection] = selection.digest(env)
            if current[selection] != digest:
                yield docname


def _with_footnotes(env: BuildEnvironment) -> Iterator[str]:
    domain = cast("BibliographyDomain", env.get_domain("cvbib"))
    for docname, cited in domain.cited.items():
        if any(domain.digest_of(key) != digest for key, digest in cited.items()):
            yield docname


def _with_other_keys(env: BuildEnvironment) -> Iterator[str]:
    cite = cast("BibtexDomain", env.get_domain("cite"))
    for place, bibliography in cite.bibliographies.items():
        files = [cite.bibdata.bibfiles.get(path) for path in bibliography.bibfiles]
        keys = [bibliography.keyprefix + key for file in files if file for key in file.keys]
        if keys != list(bibliography.citation_nodes):
            yield place.docname


def setup_changes(app: Sphinx) -> None:
    """Register the handler."""
    app.connect("env-get-outdated", read_again)
