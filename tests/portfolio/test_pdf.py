"""The PDF of the real CV: what is in it, for people and for programs."""

from __future__ import annotations

import itertools
import shutil
import subprocess
from pathlib import Path

import pypdf
import pytest
from sphinx.testing.util import SphinxTestApp
from tests.portfolio.test_facts import FACTS

ROOT = Path(__file__).parents[2]
MODES = ["pypdf", "", "-layout", "-raw"]


def build(folder: Path, source: Path = ROOT / "docs", **conf) -> Path:
    """Build with warnings as errors."""
    app = SphinxTestApp(
        "typst", srcdir=source, builddir=folder, confoverrides={"nitpicky": True, **conf}
    )
    try:
        app.build()
    finally:
        app.cleanup()
    assert not app.warning.getvalue()
    return app.outdir / "cv.pdf"


@pytest.fixture(scope="module")
def cv(tmp_path_factory) -> Path:
    return build(tmp_path_factory.mktemp("cv"))


@pytest.fixture(scope="module")
def sans(tmp_path_factory) -> Path:
    return build(tmp_path_factory.mktemp("sans"), cv_pdf_theme="sans", cv_pdf_paper="us-letter")


def text(path: Path, mode: str) -> str:
    """The text as a program takes it out, with white space folded."""
    if mode == "pypdf":
        return " ".join(" ".join(p.extract_text() for p in pypdf.PdfReader(path).pages).split())
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext of poppler is not there")
    command = ["pdftotext", *mode.split(), str(path), "-"]
    made = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
    return " ".join(made.stdout.split())


@pytest.mark.parametrize("theme", ["cv", "sans"])
@pytest.mark.parametrize("mode", MODES)
def test_every_fact_comes_out_in_order(request, theme, mode) -> None:
    found = text(request.getfixturevalue(theme), mode)
    position = 0
    for fact in itertools.chain(*FACTS.values()):
        fact = fact.removesuffix(".")  # a title on a line of its own has none
        at = found.find(fact, position)
        assert at >= 0, f"{fact!r} is not after {found[:position][-60:]!r}"
        position = at + len(fact)


@pytest.mark.parametrize("mode", MODES)
def test_organisation_and_dates_stand_together(cv, mode) -> None:
    found = text(cv, mode)
    assert "Machine Learning Researcher Redwood Research — Winter 2022 – 2023 Developed" in found


@pytest.mark.parametrize(("theme", "size"), [("cv", (595, 842)), ("sans", (612, 792))])
def test_two_pages_of_the_paper_asked_for(request, theme, size) -> None:
    pages = pypdf.PdfReader(request.getfixturevalue(theme)).pages
    assert len(pages) == 2
    assert {tuple(round(float(side)) for side in page.mediabox[2:]) for page in pages} == {size}
    foot = "Joe Benton · Curriculum vitae"
    assert [foot in page.extract_text() for page in pages] == [False, True]


def test_metadata_and_language(cv) -> None:
    reader = pypdf.PdfReader(cv)
    assert reader.metadata.title == "Joe Benton: Curriculum vitae"
    assert reader.metadata.author == "Joe Benton"
    assert "Publications" in reader.metadata["/Keywords"]
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    metadata = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "<pdfaid:part>2</pdfaid:part>" in metadata


def test_the_outline_names_sections_and_entries(cv) -> None:
    outline = pypdf.PdfReader(cv).outline
    assert [item.title for item in outline if not isinstance(item, list)] == [
        "Education", "Work experience", "Volunteering", "Awards", "Publications", "Reviewing",
    ]  # fmt: skip
    assert outline[1][0].title == "D.Phil. in Statistics"


def test_links_are_live(cv) -> None:
    uris = [
        annotation.get_object()["/A"]["/URI"]
        for page in pypdf.PdfReader(cv).pages
        for annotation in page.get("/Annots", ())
    ]
    assert "mailto:joe.benton127@gmail.com" in uris
    assert len([uri for uri in uris if uri.startswith("https://arxiv.org/abs/")]) == 5


def test_the_owner_is_in_bold_in_every_paper(cv) -> None:
    bold = []

    def visit(text, _cm, _tm, font, _size):
        if "Bold" in str((font or {}).get("/BaseFont", "")):
            bold.append(text.strip())

    pypdf.PdfReader(cv).pages[1].extract_text(visitor_text=visit)
    assert bold.count("Joe Benton") == 5


def test_title_authors_and_venue_of_a_paper_have_lines_of_their_own(cv) -> None:
    lines = [line.strip() for line in pypdf.PdfReader(cv).pages[1].extract_text().splitlines()]
    first = lines.index("Error Bounds for Flow Matching Methods")
    assert lines[first + 1] == "Joe Benton, George Deligiannidis, Arnaud Doucet"
    assert lines[first + 2].startswith("arXiv preprint, arXiv:2305.16860. Published in ")


def test_no_glyph_is_of_private_use(cv) -> None:
    assert not [c for c in text(cv, "pypdf") if "\ue000" <= c <= "\uf8ff"]


def streams(path: Path) -> bytes:
    """All that the file holds, unpacked."""
    reader = pypdf.PdfReader(path)
    parts = [path.read_bytes(), repr(reader.metadata).encode()]
    for number in range(1, len(reader.xref_objStm) + sum(map(len, reader.xref.values())) + 1):
        found = reader.get_object(pypdf.generic.IndirectObject(number, 0, reader))
        if isinstance(found, pypdf.generic.StreamObject):
            parts.append(found.get_data())
        parts.append(repr(found).encode())
    return b"\n".join(parts)


@pytest.mark.parametrize("mode", MODES)
def test_private_values_are_not_in_the_text(cv, mode) -> None:
    found = text(cv, mode)
    assert "7964" not in found
    assert "New Inn Hall" not in found


@pytest.mark.parametrize("name", ["cv.pdf", "portfolio.pdf"])
def test_private_values_are_in_no_stream(cv, name) -> None:
    found = streams(cv.with_name(name))
    assert b"joe.benton127@gmail.com" in found
    for value in (b"7964 070", b"7964070", b"New Inn Hall", b"OX1"):
        assert value not in found
        assert value.decode().encode("utf-16-be") not in found


@pytest.mark.parametrize("theme", ["cv", "sans"])
def test_accessible_and_archivable(request, validate, theme) -> None:
    path = request.getfixturevalue(theme)
    validate(path)
    validate(path.with_name("portfolio.pdf"))
