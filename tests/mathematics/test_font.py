from __future__ import annotations

import importlib.util
import io
import zipfile
from pathlib import Path

import pytest
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

from sphinx_cv.mathematics import font
from sphinx_cv.mathematics.assets import characters

_spec = importlib.util.spec_from_file_location(
    "prepare_font", Path(__file__).with_name("prepare_font.py")
)
prepare_font = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(prepare_font)


def loaded(data: bytes) -> TTFont:
    return TTFont(io.BytesIO(data))


@pytest.fixture(scope="module")
def small() -> bytes:
    return font.cut("x𝑥+⏟")


def test_the_root_is_there_though_no_text_has_it(small):
    assert ord("√") in loaded(small).getBestCmap()


def test_stretched_forms_come_along(small):
    cut = loaded(small)
    variants = cut["MATH"].table.MathVariants
    covered = set(variants.VertGlyphCoverage.glyphs) | set(variants.HorizGlyphCoverage.glyphs)
    names = cut.getBestCmap()
    assert {names[ord(c)] for c in "√(|⏟"} <= covered


def test_the_arrow_stretches():
    """Browsers refuse an assembly whose parts cannot overlap."""
    cut = loaded(font.cut("→"))
    variants = cut["MATH"].table.MathVariants
    names = cut.getBestCmap()
    index = variants.HorizGlyphCoverage.glyphs.index(names[ord("→")])
    parts = variants.HorizGlyphConstruction[index].GlyphAssembly.PartRecords
    assert parts[-1].StartConnectorLength >= variants.MinConnectorOverlap


def test_double_bars_stretch_as_finely_as_single_ones():
    cut = loaded(font.cut("x"))
    variants = cut["MATH"].table.MathVariants
    names = cut.getBestCmap()
    connectors = []
    for bar in "|‖":
        index = variants.VertGlyphCoverage.glyphs.index(names[ord(bar)])
        parts = variants.VertGlyphConstruction[index].GlyphAssembly.PartRecords
        connectors.append([(p.StartConnectorLength, p.EndConnectorLength) for p in parts])
    assert connectors == [[(800, 800)] * 2] * 2


@pytest.mark.parametrize("accent", "\u0302\u0303\u20d7\u20db")
def test_accents_have_a_width(accent):
    cut = loaded(font.cut(accent))
    assert cut["hmtx"][cut.getBestCmap()[ord(accent)]][0] > 0


def test_the_package_carries_the_font_as_it_would_be_prepared_now():
    def members(data: bytes) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    assert members(prepare_font.TARGET.read_bytes()) == members(prepare_font.prepared())


def test_a_cut_draws_what_the_whole_font_draws():
    text = "x𝑥ℝ∑≠é⃗̂→⟸ﬁ"
    cut, whole = loaded(font.cut(text)), prepare_font.whole()
    for character in {*text, *font.ALWAYS}:
        drawn = []
        for loaded_font in (cut, whole):
            glyphs = loaded_font.getGlyphSet()
            name = loaded_font.getBestCmap()[ord(character)]
            pen = DecomposingRecordingPen(glyphs)
            glyphs[name].draw(pen)
            drawn.append((glyphs[name].width, pen.value))
        assert drawn[0] == drawn[1], character


def outline(loaded_font: TTFont, name: str) -> tuple[object, ...]:
    glyph = loaded_font["glyf"][name]
    coordinates, ends, flags = glyph.getCoordinates(loaded_font["glyf"])
    return tuple(coordinates), tuple(ends), bytes(flags), loaded_font["hmtx"][name]


def said(loaded_font: TTFont, character: str) -> list[object]:
    """What the `MATH` table says of a character, with outlines for glyphs."""
    table, name = loaded_font["MATH"].table, loaded_font.getBestCmap()[ord(character)]
    italics = table.MathGlyphInfo.MathItalicsCorrectionInfo
    accents = table.MathGlyphInfo.MathTopAccentAttachment
    forms = table.MathVariants
    found: list[object] = []
    for coverage, records in (
        (italics.Coverage, italics.ItalicsCorrection),
        (accents.TopAccentCoverage, accents.TopAccentAttachment),
        (forms.VertGlyphCoverage, forms.VertGlyphConstruction),
        (forms.HorizGlyphCoverage, forms.HorizGlyphConstruction),
    ):
        held = dict(zip(coverage.glyphs, records, strict=True)).get(name)
        if hasattr(held, "Value"):
            found.append(held.Value)
        elif held is not None:
            assembly = held.GlyphAssembly
            found.append(
                [
                    (outline(loaded_font, variant.VariantGlyph), variant.AdvanceMeasurement)
                    for variant in held.MathGlyphVariantRecord
                ]
            )
            if assembly:
                found.append(assembly.ItalicsCorrection.Value)
                found.extend(
                    {**vars(part), "glyph": outline(loaded_font, part.glyph)}
                    for part in assembly.PartRecords
                )
    return found


def test_a_cut_says_of_its_characters_what_the_whole_font_says():
    text = "x𝑥𝑓∑√→⏟(∫̂" + "".join(font.ALWAYS)
    cut, whole = loaded(font.cut(text)), prepare_font.whole()
    for character in text:
        assert said(cut, character) == said(whole, character), character
    assert all(said(cut, character) for character in "𝑓∑√→⏟(∫̂")


def test_a_cut_holds_for_the_whole_what_the_whole_font_holds():
    cut, whole = (
        one["MATH"].table.MathConstants for one in (loaded(font.cut("x")), prepare_font.whole())
    )
    for name, value in vars(whole).items():
        held = getattr(cut, name)
        assert getattr(held, "Value", held) == getattr(value, "Value", value), name


def test_a_cut_has_every_form_that_fonttools_finds():
    text = "∑√→⏟(" + "".join(font.ALWAYS)
    theirs, cut = prepare_font.fonttools_cut(text), loaded(font.cut(text))
    found, wanted = ({outline(one, name) for name in one.getGlyphOrder()} for one in (cut, theirs))
    # It always empties the glyph for what is missing.
    assert wanted - found <= {outline(theirs, ".notdef")}
    assert len(cut.getGlyphOrder()) == len(theirs.getGlyphOrder())


def test_the_whole_font_can_be_cut():
    """What stretches stands farthest from the beginning of its table, at 16-bit offsets."""
    cut, whole = loaded(font.cut(font.covered())), prepare_font.whole()
    assert cut.getBestCmap().keys() == whole.getBestCmap().keys()
    assert said(cut, "⏟") == said(whole, "⏟") != []


def test_characters_not_wanted_cost_nothing():
    assert len(font.cut("x")) < 8 * 1024


def test_the_same_characters_give_the_same_bytes(small):
    assert font.cut("⏟+𝑥x") == small
    assert small[:4] == b"wOF2"


def test_the_licence_is_the_fonts():
    assert b"STIX Fonts Project" in font.licence()


def test_characters_of_a_page():
    html = (
        "<p>é</p><math alttext='a < b'><semantics><mrow><mi>x</mi><mo>&lt;</mo>"
        "<msqrt><mn>2</mn></msqrt><mtext><span>(1)<a href='#e'>¶</a></span></mtext></mrow>"
        '<annotation encoding="application/x-tex">Q</annotation></semantics></math>'
    )
    found = characters(html)
    assert set("x𝑥<√2(1)¶") <= found
    assert not found & set("éQ")


def test_marks_are_known_as_letters():
    """Without its classes browsers take the width from an accent and set it beside its letter."""
    cut = loaded(font.cut("\u20d7"))
    classes = cut["GDEF"].table.GlyphClassDef.classDefs
    assert set(classes.values()) == {1}
    assert len(classes) == cut["maxp"].numGlyphs


def test_signs_of_the_root_are_as_wide_as_one_another():
    """Chromium would leave room behind every root for the widest."""
    cut = loaded(font.cut(""))
    variants = cut["MATH"].table.MathVariants
    radical = cut.getBestCmap()[ord("√")]
    index = variants.VertGlyphCoverage.glyphs.index(radical)
    records = variants.VertGlyphConstruction[index].MathGlyphVariantRecord
    assert len({cut["hmtx"][record.VariantGlyph][0] for record in records}) == 1
