"""Formulas as a line of text."""

from pathlib import Path

import pytest

from sphinx_cv.mathematics.linear import linear
from sphinx_cv.mathematics.reading import read
from sphinx_cv.mathematics.tokens import FormulaError

CORPUS = [
    line
    for line in Path(__file__).with_name("corpus.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\mathbb{Z}^d", "ℤ^d"),
        (r"\mathcal{L}^{(\alpha)}", "ℒ⁽ᵅ⁾"),
        ("_2", "₂"),
        (r"M_{0,n}", "M_(0,n)"),
        ("n^{-1/2}", "n^(−1/2)"),
        (r"\frac{1}{x+1}", "1/(x+1)"),
        (r"\binom nk", "(n over k)"),
        (r"\sqrt[3]{2x}", "³√(2x)"),
        (r"\hat\beta_n + \vec{xy}", "β̂ₙ + xy\u20d7"),
        (r"\lvert x \rvert = \left| y \right|", "|x| = |y|"),
        (r"\|x\|_2^2 \leq \sum_{i=1}^n x_i", "‖x‖₂² ≤ ∑ᵢ₌₁ⁿxᵢ"),
        ("-1<x", "−1 < x"),
        ("f(x,y) = -1", "f(x, y) = −1"),
        (r"\sin x + \sin(x)", "sin x + sin(x)"),
        ("f' \\in L^2", "f′ ∈ L²"),
        (r"x \text{ if } y>0", "x if y > 0"),
        (r"\begin{pmatrix}a&b\\c&d\end{pmatrix}", "(a, b; c, d)"),
        ("\\unknown <", "$\\unknown <$"),
    ],
)
def test_a_formula_on_a_line(tex, text) -> None:
    assert linear(tex) == text


@pytest.mark.parametrize("tex", CORPUS)
def test_whatever_can_be_read_has_a_line(tex) -> None:
    try:
        read(tex)
    except FormulaError:
        assert linear(tex) == f"${tex}$"
    else:
        assert linear(tex).isprintable()
        assert "\\" not in linear(tex) or "backslash" in tex
