"""Formulas in the PDF, with words for those who listen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_cv.mathematics import typst
from sphinx_cv.mathematics.page import shown_number
from sphinx_cv.mathematics.reading import read
from sphinx_cv.mathematics.reports import formula_of, macros_of, report, source_of
from sphinx_cv.mathematics.speech import SpeechError, speak
from sphinx_cv.mathematics.tokens import FormulaError

if TYPE_CHECKING:
    from sphinx_cv.mathematics.formula import Formula
    from sphinx_cv.mathematics.numbering import Equation
    from sphinx_cv.typst.translator import TypstTranslator


def inline_math(translator: TypstTranslator, node: nodes.math) -> str:
    """A formula within a line; its source where it cannot be read."""
    try:
        formula = formula_of(node, translator.config)
    except FormulaError as error:
        if translator.builder.is_new(source_of(node), node):
            report(translator.builder.env, node, error)
        return f"#code({typst.string(source_of(node))})"
    return typst.inline(formula, _words(translator, formula))


def display_math(translator: TypstTranslator, node: nodes.math_block) -> str:
    """A display with the numbers that the page has; its source where it cannot be read."""
    try:
        formula = formula_of(node, translator.config)
    except FormulaError as error:
        if translator.builder.is_new(source_of(node), node):
            report(translator.builder.env, node, error)
        return f"#code-block({typst.string(source_of(node))})"
    equations: tuple[Equation, ...] = node.get("equations", ())
    whole = next((e for e in equations if e.row is None), None)
    rows = {e.row: e for e in equations if e.row is not None and e.row >= 0}
    numbers: list[str | None] = []
    if whole is not None:
        numbers = [_number(translator, whole)]
    elif rows:
        numbers = [
            _number(translator, rows[i]) if i in rows else None for i in range(len(formula.rows))
        ]
    parent = next((e for e in equations if e.row == -1 and e.id), None)
    before = translator.anchors([parent.id]) if parent else ""
    return before + typst.display(formula, _words(translator, formula), numbers)


def _words(translator: TypstTranslator, formula: Formula) -> str:
    try:
        return speak(formula, translator.config.language or "en")
    except SpeechError:
        return formula.tex


def _number(translator: TypstTranslator, equation: Equation) -> str:
    before, after = ("", "") if equation.bare else ("(", ")")
    if equation.tagged:
        tag = read(rf"\text{{{equation.number}}}", macros=macros_of(translator.config))
        middle = typst.inline(tag, equation.number)
    else:
        middle = f"#{typst.string(shown_number(translator, equation))}"
    ids = translator.anchors([equation.id] if equation.id else [])
    return f"[{ids}#{typst.string(before)}{middle}#{typst.string(after)}]"
