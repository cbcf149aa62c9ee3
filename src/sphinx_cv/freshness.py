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

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_cv.domain import CVDomain


def read_again_after_warnings(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """All pages where the last build gave warnings."""
    return sorted(env.found_docs) if _warnings_path(app).exists() else []


def write_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The pages that show something else than they did when they were last written."""
    known = _load(_digests_path(app))
    return [doc for doc, digest in _digests(env).items() if known.get(doc) != digest]


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Remember what was written, and whether there were warnings."""
    warnings = _warnings_path(app)
    if exception is not None or app._warncount:
        warnings.touch()
    else:
        warnings.unlink(missing_ok=True)
    if exception is None:
        path = _digests_path(app)
        known, current = _load(path), _digests(app.env)
        for docname in known.keys() - current.keys():
            _remove_output(app, docname)
        if known != current:
            path.write_text(json.dumps(current, sort_keys=True), encoding="utf-8")


def _digests(env: BuildEnvironment) -> dict[str, str]:
    domain = cast("CVDomain", env.get_domain("cv"))
    # The sidebar of every page shows the titles of all of these.
    navigation = [
        (
            docname,
            children,
            [env.titles[child].astext() for child in children if child in env.titles],
        )
        for docname, children in sorted(env.toctree_includes.items())
    ]
    shared = sha256(repr(navigation).encode())
    digests = {}
    for docname in sorted(env.found_docs):
        digest = shared.copy()
        digest.update(repr(list(_shown_from_elsewhere(docname, env, domain))).encode())
        digests[docname] = digest.hexdigest()
    return digests


def _shown_from_elsewhere(
    docname: str, env: BuildEnvironment, domain: CVDomain
) -> Iterator[object]:
    for reference in domain.references.get(docname, ()):
        target: object = domain.entries.get(reference.target)
        if reference.to_document and reference.target in env.titles:
            target = env.titles[reference.target].astext()
        yield reference.target, target
    for query in domain.queries.get(docname, ()):
        yield query.select(domain.in_order())
    targets = [(entry.id, False) for entry in domain.entries.values() if entry.docname == docname]
    for target_id, to_document in [*targets, (docname, True)]:
        for place in domain.referring_to(target_id, to_document=to_document):
            title = env.titles.get(place.docname)
            yield place, domain.entries.get(place.entry), title and title.astext()


def _remove_output(app: Sphinx, docname: str) -> None:
    """Remove the page of a document that is gone, and the copy of its source."""
    find = getattr(app.builder, "get_output_path", None)
    if find is None:
        return
    find(docname).unlink(missing_ok=True)
    for copy in (app.outdir / "_sources").glob(f"{docname}.*"):
        copy.unlink()


def _load(path: Path) -> dict[str, Any]:
    try:
        return cast("dict[str, Any]", json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _digests_path(app: Sphinx) -> Path:
    """One file for each builder and output folder that share the doctrees."""
    place = sha256(str(app.outdir).encode()).hexdigest()[:12]
    return app.doctreedir / f"cv-{app.builder.name}-{place}.json"


def _warnings_path(app: Sphinx) -> Path:
    return app.doctreedir / "cv-warnings"


def setup_freshness(app: Sphinx) -> None:
    """Register the handlers."""
    app.connect("env-get-outdated", read_again_after_warnings)
    # After all others, some of which complete what the digests are made of.
    app.connect("env-updated", write_again, priority=900)
    app.connect("build-finished", finish)
