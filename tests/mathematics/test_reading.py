"""What math-core misreads in silence, each mended or refused; macros, errors and their places."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_cv.mathematics.formula import Mark
from sphinx_cv.mathematics.mathml import markup
from sphinx_cv.mathematics.reading import read
from sphinx_cv.mathematics.tokens import FormulaError, Macro, expand, text_of, tokenise


def shown(tex: str, **options) -> str:
    options.setdefault("display", True)
    return markup(read(tex, **options).tree)


def error(tex: str, **options) -> FormulaError:
    with pytest.raises(FormulaError) as caught:
        read(tex, **options)
    return caught.value


@pytest.mark.parametrize(
    ("tex", "rows"),
    [
        (r"a \\ b", 2),
        (r"a \\ b \\", 2),
        ("a\n\nb", 2),
        (r"\begin{aligned}a&=b\\c&=d\\\end{aligned}", 2),
        (r"\begin{pmatrix}a\\b\\\end{pmatrix}", 2),
        (r"\begin{align}a&=b\\c&=d\\\end{align}", 2),
    ],
)
def test_line_breaks_are_kept_and_a_last_empty_row_is_none(tex, rows):
    assert shown(tex).count("<mtr>") == rows


@pytest.mark.parametrize(
    "tex",
    [
        r"\begin{aligned}a&=b\\[4pt]c&=d\end{aligned}",
        r"\begin{aligned}[t]a&=b\end{aligned}",
        r"\begin{gathered}[b]a\end{gathered}",
        r"\begin{array}[t]{c}a\end{array}",
        r"a \\[1ex] b",
        r"\begin{matrix}a\\*[2mm]b\end{matrix}",
    ],
)
def test_optional_arguments_are_not_printed(tex):
    assert "[" not in shown(tex)


def test_the_space_of_a_row_becomes_a_class():
    assert "cv-skip-4" in shown(r"\begin{aligned}a\\[1em]b\end{aligned}")


def test_a_bracket_after_a_space_belongs_to_the_row():
    assert "[" in shown(r"\begin{aligned}a\\ [b]\end{aligned}")


def test_a_bracket_that_is_no_length_is_an_error():
    assert "is not a length" in error(r"\begin{aligned}a\\[b]\end{aligned}", display=True).sentence


def test_mathop_has_its_limits_below():
    assert shown(r"\mathop{X}_y").startswith("<munder>")


def test_colon_is_punctuation():
    assert '<mo form="infix" lspace="0.1111em"' in shown(r"f\colon A")
    assert "<mi>:</mi>" not in shown(r"f\colon A")


def test_text_keeps_the_space_after_an_ampersand():
    assert "&amp; more" in shown(r"\text{\& more}")


def test_text_may_hold_a_formula():
    assert shown(r"\text{if $x^2$ holds}") == (
        "<mrow><mtext>if\u00a0</mtext><msup><mi>x</mi><mn>2</mn></msup>"
        "<mtext>\u00a0holds</mtext></mrow>"
    )


def test_a_script_belongs_to_the_accented_letter():
    assert shown(r"\hat\beta_n").startswith('<msub><mover accent="true">')


def test_an_operator_name_cannot_break_the_markup():
    assert "&lt;" in shown(r"\operatorname{<}")


def test_a_bold_letter_keeps_its_face():
    assert shown(r"\boldsymbol{\mathcal{L}}") == "<mi>𝓛</mi>"


def test_lines_over_are_drawn_with_a_sign_that_stretches():
    assert "‾" in shown(r"\overline{AB}")
    assert "\u0332" not in shown(r"\overline{AB}\underline{AB}")


def test_dots_are_one_sign():
    assert "…" in shown(r"a, \ldots, b")
    assert "⋯" in shown(r"a + \dots + b")


@pytest.mark.parametrize(
    ("tex", "mark"),
    [
        (r"x \tag{$*$}", Mark(tag="$*$")),
        (r"x \tag*{A}\label{q}", Mark(tag="A", bare=True, label="q")),
        (r"\begin{equation}x\tag{7}\end{equation}", Mark(tag="7")),
        (r"\begin{equation}x\notag\end{equation}", None),
        (r"\begin{equation*}x\end{equation*}", None),
        (r"\begin{multline}a\\b\label{m}\end{multline}", Mark(label="m")),
        (r"\begin{align}a&=b\label{one}\end{align}", Mark(label="one")),
    ],
)
def test_the_mark_of_a_whole_display(tex, mark):
    assert read(tex, display=True, numbered=True).mark == mark


def test_rows_are_marked_as_latex_would():
    formula = read(
        r"\begin{align}a\label{x}\\b\notag\\c\tag{T}\\d\nonumber\label{gone}\\e\end{align}",
        display=True,
        numbered=True,
    )
    assert [row.mark for row in formula.rows] == [
        Mark(label="x"), None, Mark(tag="T"), None, Mark(),
    ]  # fmt: skip


def test_dollars_are_one_equation_whatever_is_within():
    inside = r"\begin{align}a&=b\\c&=d\end{align}"
    assert read(inside, display=True).marks == []
    assert read(inside, display=True, label="l").marks == [(None, Mark(label="l"))]


def test_intertext_stands_before_its_row():
    rows = read(r"\begin{align*}a\\\intertext{so}b\end{align*}", display=True).rows
    assert rows[0].note is None
    assert markup(rows[1].note) == "<mtext>so</mtext>"


@pytest.mark.parametrize(
    ("tex", "offset", "word"),
    [
        (r"a + \foo{b}", 4, r"\foo"),
        (r"é + \foo", 4, r"\foo"),
        (r"\begin{foo}x\end{foo}", 0, 'unknown environment "foo"'),
        (r"x + \begin{matrix}a", 4, "never closed"),
        (r"\begin{matrix}a\end{pmatrix}", 15, r"\end{pmatrix}"),
        (r"\end{matrix}", 0, "no \\begin"),
        (r"\text{a $x}", 8, "never closed"),
        (r"\begin{aligned}a&=\bar\end{aligned}", 22, "argument"),
        (r"{x", 2, "end of input"),
        (r"x}", 1, "}"),
        (r"\begin{array}{lq}a\end{array}", 0, '"q" is not a column'),
        (r"\frac{a}", 8, "argument"),
        (r"\left( x", 8, r"\right"),
        (r"\sqrt{\begin{aligned}a&=\bad\end{aligned}}", 24, r"\bad"),
        ("  ", 0, "empty"),
        ("a \ue123", 2, "private use"),
        (r"\href{x}{y}", 0, "link"),
        (r"\eqref{a}", 0, "{eq}"),
    ],
)
def test_an_error_has_its_place_and_a_sentence(tex, offset, word):
    found = error(tex, display=True)
    assert (found.offset, word in found.sentence) == (offset, True), found.sentence


@pytest.mark.parametrize("tex", [r"a \\ b", r"{a \\ b}", r"x \tag{1}", r"x \label{a}",
                                 r"\begin{cases}a\label{x}\end{cases}"])  # fmt: skip
def test_what_only_a_display_can_have_is_refused_within_a_line(tex):
    error(tex, display=False)


def test_macros_with_and_without_arguments():
    macros = {"RR": Macro.parse(r"\mathbb{R}"), "norm": Macro.parse([r"\lVert #1 \rVert", 1])}
    assert shown(r"\norm{x}\in\RR", macros=macros) == shown(r"\lVert x \rVert\in\mathbb{R}")


def test_a_macro_may_hold_an_environment():
    macros = {"two": Macro.parse(r"\begin{pmatrix}#1\\#2\end{pmatrix}")}
    expected = shown(r"\begin{pmatrix}a\\b\end{pmatrix}")
    assert shown(r"\two{a}{b}", macros=macros) == expected


def test_an_error_within_a_macro_points_at_its_use():
    assert error(r"a + \bad", macros={"bad": Macro(r"\nothing")}).offset == 4


def test_a_macro_that_calls_itself_is_an_error():
    assert "never comes to an end" in error(r"\m", macros={"m": Macro(r"\m x")}).sentence


def test_a_macro_may_take_its_argument_from_what_follows():
    macros = {"bold": Macro(r"\mathbf")}
    assert shown(r"\bold{x}", macros=macros) == shown(r"\mathbf{x}")


def test_definitions_within_a_formula_end_with_it():
    read(r"\newcommand{\q}{x}\q")
    error(r"\q")


@pytest.mark.parametrize("value", [3, ["a"], ["a", "b"], [r"\x", 11], None])
def test_a_value_that_is_no_macro_says_what_was_expected(value):
    with pytest.raises(ValueError, match="expected a string"):
        Macro.parse(value)


def test_expansion_keeps_commands_and_letters_apart():
    assert text_of(expand(tokenise(r"\a b"), {"a": Macro(r"\alpha")}, 4)) == r"\alpha b"
    assert shown(r"\a b", macros={"a": Macro(r"\alpha")}) == shown(r"\alpha b")
    assert shown(r"\a{}b\c", macros={"c": Macro("x"), "a": Macro(r"\alpha")})


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [r"\frac", "{", "}", "x", r"\\", "&", r"\begin{aligned}", r"\end{aligned}", "^", "_",
             r"\text", "$", r"\left(", r"\right)", "[", "]", r"\tag", r"\sqrt", " ", "\n\n", "%",
             r"\operatorname", "*", r"\begin{array}", r"\substack", r"\label", "é", "\\", "#"]
        ),
        max_size=12,
    ).map("".join)
)  # fmt: skip
def test_whatever_is_written_gives_a_tree_or_a_located_error(tex):
    found: FormulaError | None = None
    try:
        markup(read(tex, display=True, numbered=True).tree)
    except FormulaError as error_:
        found = error_
    assert found is None or (0 <= found.offset <= len(tex) and found.sentence)
