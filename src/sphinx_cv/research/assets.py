"""What pages load for their figures and statements: a style sheet, and a script to move them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from typing import Any

    from sphinx.application import Sphinx

STYLE, SCRIPT = "research.css", "moving-figures.js"


def add_style(app: Sphinx) -> None:
    """Handler of ``builder-inited``."""
    if app.builder.format == "html":
        app.config.html_static_path.append(str(Path(__file__).parent / "static"))
        app.add_css_file(STYLE, priority=310)


def add_script(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Handler of ``html-page-context``: load the script on the pages that need it."""
    elements = () if doctree is None else doctree.findall(nodes.Element)
    if any("cv-moves" in element["classes"] for element in elements):
        app.add_js_file(SCRIPT, loading_method="defer")
