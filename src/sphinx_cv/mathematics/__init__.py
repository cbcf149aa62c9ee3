"""Mathematics: TeX parsed once, native in the page, typeset in the PDF, spoken.

``reading`` turns TeX into a `Formula`; ``mathml``, ``typst`` and ``speech`` turn that into what
each output needs. Those modules know nothing of Sphinx. ``domain``, ``page``, ``assets`` and
``reports`` put them to work in a build.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_cv import spare_trees
from sphinx_cv.mathematics.assets import add_style, preload, write_font
from sphinx_cv.mathematics.domain import (
    EquationDomain,
    equation_row,
    equation_tag,
    number_equations,
    skip,
    stop_speaking,
)
from sphinx_cv.mathematics.page import visit_math, visit_math_block
from sphinx_cv.mathematics.reports import check_macros

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    spare_trees()
    app.add_config_value("cv_math_macros", {}, "env", types=frozenset({dict}))
    app.add_html_math_renderer("cv", (visit_math, None), (visit_math_block, None))
    app.add_domain(EquationDomain, override=True)
    for node in (equation_row, equation_tag):
        none = (skip, None)
        app.add_node(node, html=none, latex=none, text=none, man=none, texinfo=none)
    app.connect("config-inited", check_macros)
    app.connect("builder-inited", add_style)
    app.connect("doctree-read", number_equations)
    app.connect("html-page-context", preload)
    app.connect("build-finished", write_font)
    app.connect("build-finished", stop_speaking)
    return {"env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
