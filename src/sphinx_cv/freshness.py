"""Which pages must be read or written again though their source did not change.

Sphinx writes a page again when its source changed. Here a page also shows what
stands elsewhere: titles of entries it refers to, what refers to its own entries,
summaries, the timeline, and in its sidebar the titles of all pages. A digest of all
that is kept for each page and each output folder; a page whose digest changed is
written again, so that an incremental build gives what a fresh one would.

Two more things a fresh build would do are done here as well: what was written for
pages that are gone is removed, and after a build with warnings everything is read
again, so that a mistake is reported until it is mended.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, cast

from sphinx import addnodes

from sphinx_cv.publications.citing import citations_shown
from sphinx_cv.publications.downloads import page_of
from sphinx_cv.publications.writeups import FIELD, paper_of
from sphinx_cv.references import Place
from sphinx_cv.remembered import recall, remember

if TYPE_CHECKING:
    from collections.abc import Iterator, Set
    from pathlib import Path

    from sphinx.application import Sphinx
    from sphinx.domains.std import StandardDomain
    from sphinx.environment import BuildEnvironment

    from sphinx_cv.domain import CVDomain
    from sphinx_cv.publications.domain import BibliographyDomain


def read_again_after_warnings(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """All pages where the last build gave warnings."""
    return sorted(env.found_docs) if _warnings_path(app).exists() else []


def write_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The pages that show something else than they did when they were last written.

    What was written for pages that are gone is removed here, before anything is written.
    """
    cast("CVDomain", env.get_domain("cv")).forget_backlinks()
    known, current = recall(app, "pages"), _digests(env)
    _remove_outputs(app, known.keys() - current.keys())
    return [docname for docname, digest in current.items() if known.get(docname) != digest]


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Remember what was written, and whether there were warnings."""
    warnings = _warnings_path(app)
    if exception is not None or app._warncount:
        warnings.touch()
    else:
        warnings.unlink(missing_ok=True)
    if exception is None:
        remember(app, "pages", _digests(app.env))


def navigation(env: BuildEnvironment) -> list[object]:
    """What the sidebar of every page shows: the tables of contents, and the titles in them."""
    in_contents = {env.config.root_doc, *env.toctree_includes}
    in_contents.update(*env.toctree_includes.values())
    return [
        (
            docname,
            env.titles[docname].astext() if docname in env.titles else "",
            [sorted(node.attributes.items()) for node in toc.findall(addnodes.toctree)],
        )
        for docname, toc in sorted(env.tocs.items())
        if docname in in_contents
    ]


def _digests(env: BuildEnvironment) -> dict[str, str]:
    domain = cast("CVDomain", env.get_domain("cv"))
    shared = sha256(repr(navigation(env)).encode())
    digests = {}
    citations = citations_shown(env)
    for docname in sorted(env.found_docs):
        digest = shared.copy()
        shown = [*_shown_from_elsewhere(docname, env, domain), citations.get(docname)]
        digest.update(repr(shown).encode())
        digests[docname] = digest.hexdigest()
    return digests


def _shown_from_elsewhere(
    docname: str, env: BuildEnvironment, domain: CVDomain
) -> Iterator[object]:
    std = cast("StandardDomain", env.get_domain("std"))
    for reference in domain.references.get(docname, ()):
        target = reference.target
        title = env.titles.get(target)
        entry = domain.find("ref", target)
        page = entry and page_of(env, entry.name)
        yield target, entry, page, std.labels.get(target), title and title.astext()
    for query in domain.queries.get(docname, ()):
        yield query.select(domain.in_order())
    bibliography = cast("BibliographyDomain", env.get_domain("cvbib"))
    shown = frozenset(domain.shown.get(docname, ()))
    own = [Place("", entry.id) for entry in domain.entries.values() if entry.docname == docname]
    if FIELD in env.metadata.get(docname, {}):
        key = paper_of(env, docname)
        yield key, bibliography.digest_of(key), domain.owner
        if entry := domain.find("publication", key):
            yield entry.docname, env.titles[entry.docname].astext()
            own.append(Place("", entry.id))
    yield [digest for *_, digest in bibliography.lists.get(docname, ())]
    yield sorted(bibliography.cited.get(docname, {}).items())
    yield [(key, page) for key, page in bibliography.writeups.items() if key in shown]
    for place in (*own, Place(docname)):
        for source in domain.backlinks().get(place, ()):
            title = env.titles.get(source.docname)
            yield place, source, domain.entries.get(source.entry), title and title.astext()


def _remove_outputs(app: Sphinx, docnames: Set[str]) -> None:
    """Remove the pages of documents that are gone, and the copies of their sources."""
    path_of = getattr(app.builder, "get_output_path", None)
    if path_of is None:
        return
    # In a folder of its own, index.html may be the page of another document now.
    kept = {path_of(docname) for docname in app.env.found_docs}
    for docname in docnames:
        if (page := path_of(docname)) not in kept:
            page.unlink(missing_ok=True)
        for suffix in app.config.source_suffix:
            copy = f"{docname}{suffix}{app.config.html_sourcelink_suffix}"
            (app.outdir / "_sources" / copy).unlink(missing_ok=True)


def _warnings_path(app: Sphinx) -> Path:
    return app.doctreedir / "cv-warnings"


def setup_freshness(app: Sphinx) -> None:
    """Register the handlers."""
    app.connect("env-get-outdated", read_again_after_warnings)
    # After all others, some of which complete what the digests are made of.
    app.connect("env-updated", write_again, priority=900)
    app.connect("build-finished", finish)
