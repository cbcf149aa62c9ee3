"""What pages load for their figures and statements: a style sheet, and a script to move them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from typing import Any

    from sphinx.application import Sphinx

STYLE, SCRIPT = "research.css", "moving-figures.js"
_STYLED = {"cv-figure", "cv-statement", "cv-gallery", "cv-result"}


def add_static(app: Sphinx) -> None:
    """Handler of ``builder-inited``: let HTML builders have the files."""
    if app.builder.format == "html":
        app.config.html_static_path.append(str(Path(__file__).parent / "static"))


def add_assets(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Handler of ``html-page-context``: load them on the pages that need them."""
    if doctree is None:
        return
    used: set[str] = set()
    for node in doctree.findall(nodes.Element):
        used.update(node.get("classes", ()))
    if used & _STYLED:
        app.add_css_file(STYLE, priority=310)
    if "cv-moves" in used:
        app.add_js_file(SCRIPT, loading_method="defer")
