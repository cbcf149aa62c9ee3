"""The PDF: pages as calls of semantic functions, which a theme in Typst sets.

``translator``, with ``curriculum``, ``figures``, ``lists`` and ``formulas``, turns doctrees into
Typst, ``compilation`` and ``attempts`` turn that into a file, ``builder`` chooses and assembles
the pages. Only the ``.typ`` files in ``themes`` know typefaces, sizes and distances.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_cv.typst.builder import PrivateTypstBuilder, TypstBuilder
from sphinx_cv.typst.offering import setup_offering

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup_typst(app: Sphinx) -> None:
    """Register the builder and its options."""
    app.add_config_value("cv_pdf_pages", ["cv/*"], "", types=[list, tuple])
    app.add_config_value("cv_pdf_theme", "serif", "", types=[str])
    app.add_config_value("cv_pdf_paper", "a4", "", types=[str])
    app.add_config_value("cv_pdf_date", "2000-01-01", "", types=[str])
    app.add_builder(TypstBuilder)
    app.add_builder(PrivateTypstBuilder)
    setup_offering(app)
