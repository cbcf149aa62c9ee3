"""Every formula of the corpus through every output.

``corpus.golden`` holds what each gave when last looked at; after a change that is meant, write
it anew by running the tests with UPDATE_GOLDEN=1, and look at the difference.
"""

from __future__ import annotations

import os
import re
from importlib import resources
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import typst

from sphinx_cv.mathematics import mathml, speech
from sphinx_cv.mathematics import typst as translator
from sphinx_cv.mathematics.reading import read

GOLDEN = Path(__file__).with_name("corpus.golden")
CORPUS = [
    line
    for line in Path(__file__).with_name("corpus.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
#: amsmath's, and those of LaTeX and mathtools that the engine promises.
ENVIRONMENTS = [
    "equation", "equation*", "align", "align*", "alignat", "alignat*", "xalignat", "xxalignat",
    "flalign", "flalign*", "gather", "gather*", "multline", "multline*", "split", "aligned",
    "alignedat", "gathered", "subequations", "cases", "matrix", "pmatrix", "bmatrix", "Bmatrix",
    "vmatrix", "Vmatrix", "smallmatrix", "subarray", "array", "eqnarray", "eqnarray*", "dcases",
    "rcases", "multlined", "psmallmatrix", "bmatrix*", "displaymath", "math",
]  # fmt: skip


def numbers_of(formula):
    counted = [f"[({index})]" for index, _ in enumerate(formula.marks, 1)]
    if formula.mark is not None:
        return counted
    by_row = {row: number for (row, _), number in zip(formula.marks, counted, strict=True)}
    return [by_row.get(row) for row in range(len(formula.rows))]


def record(tex: str) -> str:
    formula = read(tex, display=True, numbered=True)
    return "\n".join(
        [
            tex,
            mathml.markup(formula.tree),
            translator.display(formula, "-", numbers_of(formula)),
            speech.speak(formula),
            "",
        ]
    )


def test_the_corpus_is_large_and_has_no_formula_twice():
    assert len(CORPUS) >= 400
    assert len(set(CORPUS)) == len(CORPUS)


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_every_environment_is_in_the_corpus(name):
    assert any(rf"\begin{{{name}}}" in tex for tex in CORPUS)


@pytest.mark.parametrize("tex", CORPUS)
def test_the_page_gets_mathml_core_and_no_style(tex):
    formula = read(tex, display=True, numbered=True)
    root = ET.fromstring(mathml.serialise(formula.tree, tex, display=True))
    assert root[0][-1].text == tex
    counts = {"mfrac": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "mroot": 2,
              "msubsup": 3, "munderover": 3}  # fmt: skip
    for node in root.iter():
        assert node.tag in mathml.ELEMENTS
        assert set(node.attrib) <= mathml.ATTRIBUTES
        assert len(node) == counts.get(node.tag, len(node))
        if node.tag in {"mi", "mn", "mo", "mtext"}:
            assert not len(node)
            assert not any("\ue000" <= c <= "\uf8ff" for c in node.text or "")


@pytest.mark.parametrize("tex", CORPUS)
def test_a_formula_is_spoken_in_words(tex):
    said = speech.speak(read(tex, display=True, numbered=True))
    assert said.strip()
    assert "\\" not in said
    assert not re.search(r"[∀-⋿⟀-⟯⦀-⫿𝐀-𝟿]", said)


def test_typst_sets_the_whole_corpus_without_a_warning(tmp_path):
    library = resources.files("sphinx_cv.mathematics").joinpath("mathematics.typ")
    parts = [library.read_text(encoding="utf-8")]
    for tex in CORPUS:
        formula = read(tex, display=True, numbered=True)
        said = speech.speak(formula)
        parts.append(translator.display(formula, said, numbers_of(formula)))
        parts.append(translator.inline(formula, said))
    main = tmp_path / "corpus.typ"
    main.write_text("\n\n".join(parts), encoding="utf-8")
    compiler = typst.Compiler(str(main), ignore_system_fonts=True)
    document, warnings = compiler.compile_with_warnings(format="pdf")
    assert document.startswith(b"%PDF")
    assert [str(w) for w in warnings] == []


def test_outputs_are_as_last_looked_at():
    now = "\n".join(record(tex) for tex in CORPUS)
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(now, encoding="utf-8")
    before = GOLDEN.read_text(encoding="utf-8").split("\n\n")
    for was, now_is in zip(before, now.split("\n\n"), strict=True):
        assert now_is == was
