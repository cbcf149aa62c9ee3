"""Write-ups of research: numbers, figures and statements that say where they come from.

The computations are run elsewhere. All this knows of them are the files they leave beside the
pages: ``results/PAGE.json``, ``figures/PAGE-NAME.svg`` and, for a picture that moves,
``figures/PAGE-NAME.json``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_cv.research.assets import add_script, add_style
from sphinx_cv.research.figures import FigureDirective, InlineFigures, check_ids
from sphinx_cv.research.gallery import GalleryDirective, GalleryTransform, gallery, note_description
from sphinx_cv.research.numbers import ResultRole, leave_number, result_value, visit_number
from sphinx_cv.research.stale import check_results, read_again_when_there
from sphinx_cv.research.statements import (
    ComputedDirective,
    LetNamesBreak,
    ObservationDirective,
    TheoremDirective,
    name_statements,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup_research(app: Sphinx) -> None:
    """Register the role, the directives and what they leave for later."""
    app.add_config_value("cv_code_path", "../src", "env", types=[str])
    app.add_node(result_value, html=(visit_number, leave_number))
    app.add_node(gallery)
    app.add_role_to_domain("cv", "result", ResultRole())
    app.add_directive_to_domain("cv", "figure", FigureDirective)
    app.add_directive_to_domain("cv", "theorem", TheoremDirective)
    app.add_directive_to_domain("cv", "computed", ComputedDirective)
    app.add_directive_to_domain("cv", "observation", ObservationDirective)
    app.add_directive_to_domain("cv", "gallery", GalleryDirective)
    app.add_post_transform(GalleryTransform)
    app.add_post_transform(InlineFigures)
    app.add_post_transform(LetNamesBreak)
    app.connect("builder-inited", add_style)
    app.connect("env-get-outdated", read_again_when_there)
    app.connect("doctree-read", check_results)
    app.connect("doctree-read", check_ids)
    app.connect("doctree-read", name_statements)
    app.connect("doctree-read", note_description)
    app.connect("html-page-context", add_script)
