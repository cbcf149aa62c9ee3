from __future__ import annotations

from sphinx_cv.mathematics.numbering import number
from sphinx_cv.mathematics.reading import read


def numbers(tex: str, last: int = 0):
    equations, last = number(read(tex, display=True, numbered=True), last)
    return [(e.row, e.number, e.label, e.bare) for e in equations], last


def test_each_row_counts_but_those_without_number():
    tex = r"\begin{align}a\label{x}\\b\notag\\c\tag*{T}\\d\end{align}"
    assert numbers(tex, 4) == (
        [(0, "5", "x", False), (2, "T", None, True), (3, "6", None, False)],
        6,
    )


def test_an_equation_with_split_has_one_number():
    tex = r"\begin{equation}\begin{split}a\\b\end{split}\end{equation}"
    assert numbers(tex) == ([(None, "1", None, False)], 1)


def test_starred_environments_have_none():
    assert numbers(r"\begin{gather*}a\\b\end{gather*}", 3) == ([], 3)


def test_subequations_are_lettered_under_one_number():
    tex = r"\begin{subequations}\label{p}\begin{align}a\label{q}\\b\end{align}\end{subequations}"
    assert numbers(tex, 1) == (
        [(-1, "2", "p", False), (0, "2a", "q", False), (1, "2b", None, False)],
        2,
    )


def test_letters_go_on_after_z():
    rows = r"\\".join("x" * 28)
    tex = rf"\begin{{subequations}}\begin{{gather}}{rows}\end{{gather}}\end{{subequations}}"
    assert [n for _, n, _, _ in numbers(tex)[0]][-3:] == ["1z", "1aa", "1ab"]
