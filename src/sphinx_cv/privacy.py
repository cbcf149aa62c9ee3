"""Keeping private values out of what may be published.

The directives store no private value (see
:meth:`sphinx_cv.directives.EntryDirective._private_fields`), so no page, index or
pickle can hold one; only for a builder that says ``tells_private``, which must keep what it
reads to itself, they do. What is left is the source itself: docutils keeps parts of it in
its nodes, and Sphinx copies it beside the pages. The source of a page that keeps
something private, or seems to mean to, is dropped from both.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from typing import Any

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

#: Key of a document's metadata: it keeps something private.
PRIVATE = "cv_private"
#: Lines ``NAME=value``; no repository should have it.
FILE = "private.env"
_OUTSIDE = re.compile(r"env:\s*(\w+)")
_MARK = re.compile(r"^\W*privat\w*\s*(?::|$)|^\s*:\s*privat", re.IGNORECASE | re.MULTILINE)


def tells_private(env: BuildEnvironment) -> bool:
    """Whether the pages are read for what is sent by hand alone."""
    return getattr(env._app.builder, "tells_private", False)


def read_private_pages(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """The pages that were read without what they keep private."""
    return sorted(name for name, about in env.metadata.items() if PRIVATE in about)


def name_outside(value: str) -> str | None:
    """The name in ``env:NAME``, which stands for a value that is not in the sources."""
    match = _OUTSIDE.fullmatch(value.strip())
    return match[1] if match else None


def value_outside(name: str, folder: Path) -> str | None:
    """What the environment, or else the file ``private.env`` beside ``conf.py``, says."""
    if os.environ.get(name):
        return os.environ[name]
    path = folder / FILE
    for line in path.read_text(encoding="utf-8-sig").splitlines() if path.is_file() else ():
        key, _, value = line.partition("=")
        if key.strip() == name and value.strip():
            return value.strip()
    return None


def withhold_source(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Leave out the copy of a private page's source, and remove one made earlier."""
    if PRIVATE not in app.env.metadata.get(pagename, {}) or not context.get("sourcename"):
        return
    (app.outdir / "_sources" / context["sourcename"]).unlink(missing_ok=True)
    context["sourcename"] = ""
    context["has_source"] = False


def suspect_source(app: Sphinx, docname: str, source: list[str]) -> None:
    """Take a page for private that seems to mark something so, even if the mark is broken."""
    if _MARK.search(source[0]):
        app.env.metadata[docname][PRIVATE] = True


def forget_sources(app: Sphinx, document: nodes.document) -> None:
    """Drop the source text that docutils keeps in the nodes around a private entry."""
    if PRIVATE in app.env.metadata.get(app.env.docname, {}):
        for node in document.findall(nodes.Element):
            node.rawsource = ""


def setup_privacy(app: Sphinx) -> None:
    """Register the handlers."""
    app.connect("source-read", suspect_source)
    app.connect("doctree-read", forget_sources)
    app.connect("html-page-context", withhold_source)
