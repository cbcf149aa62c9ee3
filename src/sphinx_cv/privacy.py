"""Keeping private values out of what may be published.

The directives never store a private value (see
:meth:`sphinx_cv.directives.EntryDirective._private_fields`), so no page, index or
pickle can hold one. What is left is the source itself, which Sphinx copies beside
the pages: the source of a page that keeps something private is not copied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    from docutils import nodes
    from sphinx.application import Sphinx

#: Key of a document's metadata: it keeps something private.
PRIVATE = "cv_private"


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


def setup_privacy(app: Sphinx) -> None:
    """Register the handler."""
    app.connect("html-page-context", withhold_source)
