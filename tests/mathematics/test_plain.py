"""What is read without a tree is as if it had been read with one."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from sphinx_cv.mathematics import mathml, speech
from sphinx_cv.mathematics.extent import at_most, ems
from sphinx_cv.mathematics.formula import Cell, Formula, Mark, table
from sphinx_cv.mathematics.reading import read
from sphinx_cv.mathematics.tokens import FormulaError, Macro


@pytest.fixture(scope="module")
def plain() -> list[Formula]:
    """Formulas of which a cell, at least, was read so."""
    lines = Path(__file__).with_name("corpus.txt").read_text(encoding="utf-8").splitlines()
    found = []
    for tex in lines:
        for display in (True, False):
            try:
                found.append(read(tex, display=display))
            except FormulaError:  # a display within a line, or nothing at all
                continue
    return [formula for formula in found if any(cell.markup for cell in cells(formula))]


def cells(formula: Formula) -> list[Cell]:
    return [cell for row in formula.rows for cell in row.cells]


def with_trees(formula: Formula) -> Formula:
    """The same as if it had been read with trees."""
    rows = [replace(row, cells=tuple(Cell(c.tree) for c in row.cells)) for row in formula.rows]
    return replace(formula, rows=tuple(rows))


def test_half_of_all_constructs_need_no_tree(plain):
    assert sum(formula.plain is not None for formula in plain) > 500
    assert sum(formula.plain is None for formula in plain) > 20


def test_a_page_shows_the_same(plain):
    for formula in plain:
        for cell in cells(formula):
            tree = mathml.markup(cell.tree)
            # Where it is not plain to see that there is one element, there is a row around it.
            assert cell.markup in {None, tree, f"<mrow>{tree}</mrow>"}, formula.tex
        if formula.layout != "line":
            shown = mathml.markup(table(formula, written=True))
            expected = mathml.markup(table(with_trees(formula), written=True))
            assert without_rows(shown) == without_rows(expected), formula.tex


def without_rows(markup: str) -> str:
    return markup.replace("<mrow>", "").replace("</mrow>", "")


def test_the_same_is_said(plain):
    for formula in plain:
        other = with_trees(formula)
        assert other.plain is None
        assert speech.speak(formula) == speech.speak(other), formula.tex
        assert formula.has_words == other.has_words, formula.tex


def test_nothing_is_much_wider_than_is_thought_at_first(plain):
    for formula in plain:
        for cell in cells(formula):
            assert ems(cell.tree) <= 1.1 * at_most(cell.markup or "") + 1 or not cell.markup
        if formula.layout != "line":
            assert ems(formula.tree) <= 1.1 * ems(table(formula, written=True)) + 1, formula.tex


@pytest.mark.parametrize(
    "tex",
    [r"a \\ b", "a & b", "a\n\nb", r"\text{a $b$}", r"\V x", r"a\!b"],
)
def test_what_the_reader_has_to_see_is_left_to_it(tex):
    formula = read(tex, display=True, macros={"V": Macro(r"\mathop{V}")})
    assert formula.plain is None


def test_what_tells_of_the_number_is_taken_out_first():
    formula = read(r"\tag{1} x", display=True)
    assert (formula.plain, formula.mark) == ("<mi>x</mi>", Mark(tag="1"))


def test_macros_are_expanded_first():
    formula = read(r"x \in \RR", macros={"RR": Macro(r"\mathbb{R}")})
    assert formula.plain == "<mrow><mi>x</mi><mo>∈</mo><mi>ℝ</mi></mrow>"
    assert formula.tex == r"x \in \RR"


def test_a_comment_is_a_blank():
    assert read("\\alpha% a\nx", display=True).plain == "<mrow><mi>α</mi><mi>x</mi></mrow>"
    assert "%" in str(read(r"5\%").plain)


def test_a_long_word_takes_no_time():
    """Each letter more would double it, could a word be cut into words in several ways."""
    started = time.process_time()
    assert read(rf"\text{{{'a' * 60}!}}").plain is None
    assert time.process_time() - started < 1
