"""What is read without a tree is as if it had been read with one."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from sphinx_cv.mathematics import mathml, speech
from sphinx_cv.mathematics.formula import Cell, Formula, Row
from sphinx_cv.mathematics.reading import read
from sphinx_cv.mathematics.tokens import FormulaError, Macro


@pytest.fixture(scope="module")
def plain() -> list[Formula]:
    lines = Path(__file__).with_name("corpus.txt").read_text(encoding="utf-8").splitlines()
    found = []
    for tex in lines:
        for display in (True, False):
            try:
                found.append(read(tex, display=display))
            except FormulaError:  # a display within a line, or nothing at all
                continue
    return [formula for formula in found if formula.plain is not None]


def test_half_of_all_constructs_need_no_tree(plain):
    assert len(plain) > 500


def test_a_page_shows_the_same(plain):
    for formula in plain:
        tree = mathml.markup(formula.tree)
        # Where it is not plain to see that there is one element, there is a row around it.
        assert formula.plain in {tree, f"<mrow>{tree}</mrow>"}, formula.tex


def test_the_same_is_said(plain):
    for formula in plain:
        with_tree = Formula(formula.tex, formula.display, "line", (Row((Cell(formula.tree),)),))
        assert with_tree.plain is None
        assert speech.speak(formula) == speech.speak(with_tree), formula.tex
        assert formula.has_words == with_tree.has_words, formula.tex


@pytest.mark.parametrize(
    "tex",
    [r"a \\ b", "a & b", "a\n\nb", r"\tag{1} x", r"\text{a $b$}", r"\V x", r"a\!b"],
)
def test_what_the_reader_has_to_see_is_left_to_it(tex):
    formula = read(tex, display=True, macros={"V": Macro(r"\mathop{V}")})
    assert formula.plain is None


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
