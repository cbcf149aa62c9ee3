"""MathML, Typst and speech of single formulas."""

from __future__ import annotations

import json
import unicodedata
from importlib import resources

import pytest
import typst
from pypdf import PdfReader

from sphinx_cv.mathematics import assets, breaking, mathml, speech
from sphinx_cv.mathematics import typst as translator
from sphinx_cv.mathematics.reading import read


def code(tex: str) -> str:
    return translator.translate(read(tex, display=True).tree)


def widths(tmp_path, *codes: str) -> list[float]:
    main = tmp_path / "widths.typ"
    labels = "\n".join(f"#context [#metadata(measure($ {c} $).width.pt()) <w>]" for c in codes)
    main.write_text(labels, encoding="utf-8")
    compiler = typst.Compiler(str(main), ignore_system_fonts=True)
    return json.loads(compiler.query("<w>", field="value"))


def test_the_annotation_is_the_authors_tex():
    made = mathml.serialise(read(r"a<b").tree, r"a<b ", display=False, alt='so "it" is')
    assert made.startswith('<math alttext="so &quot;it&quot; is"><semantics>')
    assert '<annotation encoding="application/x-tex">a&lt;b</annotation>' in made


@pytest.mark.parametrize(
    ("tex", "characters"),
    [
        (r"\sqrt{x}", "√𝑥"),
        ("h", "ℎ"),
        (r"\alpha", "𝛼"),
        (r"\epsilon\vartheta\partial", "𝜖𝜗𝜕"),
        (r"\imath", "𝚤"),
        (r"\mathrm{d}", "d"),
        (r"\log", "log"),
    ],
)
def test_what_a_browser_draws(tex, characters):
    formula = read(tex)
    made = mathml.serialise(formula.tree, tex, display=False, alt="Ω")
    drawn = assets.characters(f"<p>é</p>{made}")
    assert set(characters) <= drawn
    assert not drawn & set("éΩ\\")


def test_upright_letters_are_not_drawn_in_italics():
    made = mathml.serialise(read(r"\mathrm{d}").tree, "", display=False)
    assert "𝑑" not in assets.characters(made)


@pytest.mark.parametrize(
    ("tex", "typst_code"),
    [
        ("x;y", r"x\;y"),
        ("a->b", r'a class("normal", \−)\>b'),
        (r"\text{if }x", '"if\u00a0"x'),
        (r"x\text{ say ``\textbackslash{}''}", 'x"\u00a0say “\\\\”"'),
        (r"\operatorname{tr} A", '"tr"thin A'),
        (r"f\colon A", 'f class("punctuation", \\:)A'),
        (r"\binom{n}{k}", "binom(n, k)"),
        (r"\mathcal{L}", "cal(L)"),
        (r"\int\limits_0^1 f", r"attach(limits(\∫), b: 0, t: 1)f"),
        (r"\int_0^1 f", r"attach(\∫, b: 0, t: 1)f"),
        (r"\mathbf{0}", "\\𝟎"),
        (r"a\!b", "a#h(-0.1667em)b"),
    ],
)
def test_typst_code(tex, typst_code):
    assert code(tex) == typst_code


def test_space_beside_a_relation_keeps_the_relations_own(tmp_path):
    plain, spaced = widths(tmp_path, code("a=b"), code(r"a=\quad b"))
    assert spaced - plain == pytest.approx(11, abs=0.05)


def test_relations_without_space_between_stay_close(tmp_path):
    near, far = widths(tmp_path, code(r"X \perp\!\!\!\perp Y"), code(r"X \perp\perp Y"))
    assert near < far


def test_words_in_italics_have_the_letters_of_the_text(tmp_path):
    word = code(r"\mathit{diff}")
    told = '#math-words.update("Libertinus Serif")'  # which Typst comes with
    library = resources.files("sphinx_cv.mathematics").joinpath("mathematics.typ")
    main = tmp_path / "word.typ"
    main.write_text(
        f"{library.read_text('utf-8')}{told}\n"
        f"#context [#metadata((measure(${word}$).width.pt(), "
        'measure(text(font: "Libertinus Serif", style: "italic")[diff]).width.pt())) <w>]',
        encoding="utf-8",
    )
    compiler = typst.Compiler(str(main), ignore_system_fonts=True)
    ((set_, wanted),) = json.loads(compiler.query("<w>", field="value"))
    assert set_ == pytest.approx(wanted, abs=0.1)


def test_no_blank_is_drawn_beside_text(tmp_path):
    together, apart = widths(tmp_path, code(r"x\text{ab}y"), '"ab"')
    (letters,) = widths(tmp_path, code("xy"))
    assert together == pytest.approx(apart + letters, abs=0.3)


def test_numbers_stand_at_the_edge_of_the_measure(tmp_path):
    library = resources.files("sphinx_cv.mathematics").joinpath("mathematics.typ")
    formula = read(r"\begin{align}a&=b+c\\d&=e\end{align}", display=True, numbered=True)
    number = "[(1)#box[#context [#metadata(here().position().x.pt()) <at>]]]"
    page = "#set page(width: 300pt, height: 200pt, margin: 20pt)\n"
    main = tmp_path / "rows.typ"
    set_rows = translator.display(formula, "words", [number, number])
    main.write_text(library.read_text("utf-8") + page + set_rows, encoding="utf-8")
    compiler = typst.Compiler(str(main), ignore_system_fonts=True)
    found = json.loads(compiler.query("<at>", field="value"))
    assert found == pytest.approx([280, 280], abs=0.1)


def places(tmp_path, tex: str, *numbers: str, label: str | None = None) -> dict[str, float]:
    """How far from the left, in points, each character of a display is first set."""
    library = resources.files("sphinx_cv.mathematics").joinpath("mathematics.typ")
    page = "#set page(width: 300pt, height: 200pt, margin: 20pt)\n"
    main, pdf = tmp_path / "places.typ", tmp_path / "places.pdf"
    formula = read(tex, display=True, numbered=label is None, label=label)
    text = translator.display(formula, "words", [f"[{number}]" for number in numbers])
    main.write_text(library.read_text("utf-8") + page + text, encoding="utf-8")
    typst.Compiler(str(main), ignore_system_fonts=True).compile(output=str(pdf))
    found: dict[str, float] = {}

    def note(text, cm, tm, font, size):
        for character in unicodedata.normalize("NFKC", text):
            found.setdefault(character, tm[4] * cm[0] + cm[4])

    PdfReader(pdf).pages[0].extract_text(visitor_text=note)
    return found


def test_flalign_fills_the_measure(tmp_path):
    one = places(tmp_path, r"\begin{flalign}a&=b\\cd&=e\end{flalign}", "1", "2")
    assert one["c"] == pytest.approx(20, abs=1)
    assert one["1"] == one["2"] > 270
    two = places(tmp_path, r"\begin{flalign*}a&=b&c&=d\end{flalign*}")
    assert two["a"] == pytest.approx(20, abs=1)
    assert 260 < two["d"] < 280
    numbered = places(tmp_path, r"\begin{flalign}a&=b&c&=d\end{flalign}", "1")
    assert 240 < numbered["d"] < numbered["1"] - 10


def test_rows_stay_aligned_where_text_stands_between(tmp_path):
    rows = r"aaaa&<b\\ \intertext{Hence} c&>d"
    for name, numbers in (("align*", []), ("align", ["1", "2"])):
        found = places(tmp_path, rf"\begin{{{name}}}{rows}\end{{{name}}}", *numbers)
        assert found["<"] == pytest.approx(found[">"], abs=0.1)
        assert found["H"] == pytest.approx(20, abs=1)


@pytest.mark.parametrize("terms", [4, 12, 14, 40])
@pytest.mark.parametrize("name", ["align", "flalign", "gather"])
def test_numbers_stand_beside_wide_rows(tmp_path, name, terms):
    tex = rf"\begin{{{name}}}a = {'x+' * terms}z\\b=c\end{{{name}}}"
    found = places(tmp_path, tex, "1", "2")
    assert 20 <= found["a"] < found["z"] + 4 <= found["1"] < 280


@pytest.mark.parametrize("name", ["align", "gather"])
def test_a_number_is_shown_where_text_stands_between_rows(tmp_path, name):
    tex = rf"\begin{{{name}*}}a<b\\ \intertext{{Hence}} c>d\end{{{name}*}}"
    assert places(tmp_path, tex, "7", label="x")["7"] > 270


@pytest.mark.parametrize(
    "tex", [r"\begin{multline}" + "a+" * 60 + r"b\end{multline}", "a+" * 60 + "b"]
)
def test_a_long_display_stays_on_the_page(tmp_path, tex):
    library = resources.files("sphinx_cv.mathematics").joinpath("mathematics.typ")
    formula = read(tex, display=True)
    main = tmp_path / "long.typ"
    text = translator.display(formula, "words")
    main.write_text(
        f"{library.read_text('utf-8')}#set page(width: 300pt, height: auto, margin: 20pt)\n"
        f"#context [#metadata(measure(block(width: 260pt)[{text}]).width.pt()) <w>]\n{text}",
        encoding="utf-8",
    )
    compiler = typst.Compiler(str(main), ignore_system_fonts=True)
    (width,) = json.loads(compiler.query("<w>", field="value"))
    assert width <= 260.5


def test_a_long_chain_is_broken_and_not_made_smaller(tmp_path):
    library = resources.files("sphinx_cv.mathematics").joinpath("mathematics.typ")

    def height(tex: str) -> float:
        main = tmp_path / "long.typ"
        text = translator.display(read(tex, display=True), "words")
        main.write_text(
            f"{library.read_text('utf-8')}"
            f"#context [#metadata(measure(block(width: 260pt)[{text}]).height.pt()) <h>]",
            encoding="utf-8",
        )
        compiler = typst.Compiler(str(main), ignore_system_fonts=True)
        (found,) = json.loads(compiler.query("<h>", field="value"))
        return found

    line = height("f = x")
    assert height("f = " + "x + " * 40 + "x") > 3 * line
    assert height("f = " + " = ".join(["a + b + c + d + e + g"] * 8)) > 3 * line
    assert height(r"f = \frac{" + "x + " * 40 + "x}{2}") < 3 * line


@pytest.mark.parametrize(
    ("tex", "pieces"),
    [
        ("a = b + c = d - e", [["a", "=b", "+c"], ["=d", "−e"]]),
        ("a + b", [["a", "+b"]]),
        ("-a = -b", [["−a", "=−b"]]),
        ("f(a + b) + c", [["f(a+b)", "+c"]]),
        ("|a + b| + c", [["|a+b|", "+c"]]),
        (r"\lVert a + b \rVert - c", [["‖a+b‖", "−c"]]),
        (r"P(A|B) + c", [["P(A|B)", "+c"]]),
        (r"\left(a + b\right) \le c", [["(a+b)", "≤c"]]),
        (r"\frac{a + b}{c}", [["a+bc"]]),
    ],
)
def test_where_a_display_may_be_broken(tex, pieces):
    found = breaking.parts(read(tex, display=True).tree)
    assert pieces == [
        ["".join("".join(node.itertext()) for node in part) for part in piece] for piece in found
    ]


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        (r"\begin{aligned}a&=b\\c&=d\end{aligned}", "a equals b; c equals d"),
        (r"\begin{split}a&=b\\c&=d\end{split}", "a equals b; c equals d"),
        (r"\mathbf{x}^\top A", "x to the transpose A"),
        (r"\lVert x\rVert", "norm of x"),
        (r"A^*", "A to the power, star, end exponent"),
        (r"\boxed{x}", "x"),
        (r"\Xi", "xi"),
    ],
)
def test_speech(tex, words):
    assert speech.speak(read(tex, display=True)) == words


@pytest.mark.parametrize(
    ("language", "code_"),
    [("de", "de"), ("pt_BR", "pt-BR"), ("pt", "pt-BR"), ("de_AT", "de"), ("eo", "en")],
)
def test_speech_in_the_sites_language(language, code_):
    assert speech.locale(language) == code_


def test_space_between_columns_is_no_column_to_hear():
    tex = r"\begin{array}{@{}r@{\,}l@{}}x&y\end{array}"
    assert speech.speak(read(tex, display=True)) == "matrix 1 by 2: row 1: x, y"


def test_german_speech():
    assert speech.speak(read(r"\frac{3}{4}"), "de") == "drei Viertel"


@pytest.mark.parametrize(
    ("tex", "typst_code"),
    [
        (r"\left(a\middle|b\right)", r'lr(class("opening", \()a class("normal", mid(\|))b'),
        (r"a + \dots + b", 'thin""'),
        (r"\mathit{diff}", '#math-word("diff")'),
        (r"\underrightarrow{AB}", "#math-under($A B$"),
        (r"\sum_{\mathclap{i<j}}", "#math-lap(50%, $script("),
        (r"\begin{pmatrix}a\end{pmatrix}", "inline(a)"),
        (r"\begin{smallmatrix}a\end{smallmatrix}", "script(a)"),
        (r"\begin{array}{c|}a\\\hline\end{array}", "#math-ruled(columns: (center, ), "),
    ],
)
def test_what_typst_needs_to_be_told(tex, typst_code):
    assert typst_code in translator.translate(read(tex).tree)


@pytest.mark.parametrize(
    ("tex", "markup"),
    [
        (r"\mathit{diff}", '<mi class="cv-text-italic">diff</mi>'),
        (r"\overline{AB}", '<mrow class="cv-line-over">'),
        (r"\mathclap{i<j}", '<mpadded width="0" class="cv-clap">'),
        (r"\mathclap{i<j}", '<mo lspace="0" rspace="0">'),
        (r"\bigg|_{x}", "</mo><mi></mi></mrow><mi>x</mi></msub>"),
    ],
)
def test_what_browsers_need_to_be_told(tex, markup):
    assert markup in mathml.markup(read(tex).tree)


def test_only_long_formulas_within_a_line_may_be_parted_at_its_end():
    assert translator.inline(read(r"s \ge 1"), "").startswith("#math-inline(short: true, ")
    assert "short" not in translator.inline(read(r"f(x) = a + b + c + d"), "")
