"""Results that are older than the code, reported where a page first uses them.

What shows a result or a figure carries the path of its file of results. All files whose digests
that records are dependencies of the page, so that it is read again when any of them changes.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.osutil import relpath

from sphinx_cv.mistakes import Mistake
from sphinx_cv.reporting import warn
from sphinx_cv.research.results import ResultsError, read_results

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

#: Key of a document's metadata: files that it would show, were they there.
_ABSENT = "cv_absent"
#: Attribute of a node: the path of the file of results that it shows something of.
RESULTS = "cv_results"


def note_file(env: BuildEnvironment, path: Path) -> None:
    """Have the page being read read again when a file changes, or comes or goes."""
    name = relpath(path, env.srcdir)
    if path.exists():
        env.note_dependency(name)
    else:
        # As a dependency it would have the page read at every build.
        env.metadata[env.docname].setdefault(_ABSENT, set()).add(name)


def read_again_when_there(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Handler of ``env-get-outdated``: pages for which a file has come that was not there."""
    return sorted(
        docname
        for docname in env.found_docs
        if any(Path(env.srcdir, name).exists() for name in env.metadata[docname].get(_ABSENT, ()))
    )


def check_results(app: Sphinx, document: nodes.document) -> None:
    """Handler of ``doctree-read``: warn once for each file that has changed."""
    first_use: dict[str, nodes.Element] = {}
    for node in document.findall(nodes.Element):
        if RESULTS in node:
            first_use.setdefault(node.attributes.pop(RESULTS), node)
    for path, node in first_use.items():
        try:
            found = read_results(Path(path))
        except ResultsError:  # what shows a result has said so
            continue
        for each in found.made_of:
            note_file(app.env, each)
        for change in found.changes():
            warn(
                Mistake.STALE,
                "the results are stale: %s; run: %s",
                change,
                found.command,
                location=node,
            )
