"""Takes the math font apart, so that a build can cut it without fontTools.

`python tests/mathematics/prepare_font.py` writes ``STIXTwoMath.zip`` into the package, from the
font beside this file. It holds the font's tables, the outline of every glyph as WOFF2 writes
it, in five streams, and what its `MATH` table says of each. Cutting is then to put a few hundred
pieces together, some thirty times as fast as with fontTools.
"""

from __future__ import annotations

import io
import json
import zipfile
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph
from fontTools.ttLib.tables.ttProgram import Program
from fontTools.ttLib.woff2 import WOFF2GlyfTable

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from fontTools.ttLib.tables.otTables import Coverage, MathGlyphConstruction

SOURCE = Path(__file__).with_name("STIXTwoMath-Reduced.ttf")
TARGET = Path(__file__).parents[2] / "src/sphinx_cv/mathematics/fonts/STIXTwoMath.zip"
STREAMS = ("nContour", "nPoints", "flag", "glyph", "bbox")
#: Where browsers that follow the font to the letter set formulas unlike TeX: the degree of a root
#: upon its sign, labels of arrows far away.
CONSTANTS = {
    "RadicalKernAfterDegree": -255,
    "RadicalDegreeBottomRaisePercent": 62,
    "StretchStackTopShiftUp": 400,
    "StretchStackBottomShiftDown": 400,
}
#: Copied but for the number of glyphs; the others are made anew for each cut.
TABLES = ("head", "hhea", "maxp", "OS/2", "name", "post")


def whole() -> TTFont:
    """The font with what browsers need otherwise than it has it."""
    font = TTFont(SOURCE, recalcTimestamp=False, recalcBBoxes=False)
    font["head"].flags |= 1 << 11  # transformed without loss, as WOFF2 wants it said
    constants = font["MATH"].table.MathConstants
    for name, value in CONSTANTS.items():
        held = getattr(constants, name)
        if isinstance(held, int):
            setattr(constants, name, value)
        else:
            held.Value = value
    decompose(font)
    narrow_roots(font)
    let_bars_overlap(font)
    info = font["MATH"].table.MathGlyphInfo
    info.MathKernInfo = info.ExtendedShapeCoverage = None  # MathML Core knows neither
    return font


def prepared() -> bytes:
    """The font taken apart; always the same bytes."""
    font = whole()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:

        def add(name: str, data: bytes) -> None:
            # Without a date, so that the same font gives the same bytes.
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 9)

        for tag in TABLES:
            add(tag.replace("/", "-"), font.getTableData(tag))
        order = font.getGlyphOrder()
        pieces = [outline(font, number) for number in range(len(order))]
        add("outlines", b"".join(map(b"".join, pieces)))
        add("widths", b"".join(width(font, name) for name in order))
        add("constants", constants(font))
        index = {
            "characters": {
                chr(c): font.getGlyphID(n) for c, n in sorted(font.getBestCmap().items())
            },
            "lengths": [[len(part) for part in piece] for piece in pieces],
            "sizes": [len(font["glyf"][name].compile(font["glyf"])) for name in order],
            **mathematics(font),
        }
        add("index.json", json.dumps(index, separators=(",", ":")).encode())
    return out.getvalue()


def decompose(font: TTFont) -> None:
    """Draw accented letters by themselves rather than from parts."""
    glyf = font["glyf"]
    for name in font.getGlyphOrder():
        if glyf[name].isComposite():
            glyph = Glyph()
            glyph.coordinates, glyph.endPtsOfContours, glyph.flags = glyf[name].getCoordinates(glyf)
            glyph.coordinates.toInt()
            glyph.numberOfContours = len(glyph.endPtsOfContours)
            glyph.program = Program()
            glyph.recalcBounds(glyf)
            glyf[name] = glyph


def narrow_roots(font: TTFont) -> None:
    """Make all signs of the root as wide as the smallest.

    Chromium leaves room behind every root for the widest, however high it is.
    """
    glyf, metrics = font["glyf"], font["hmtx"]
    variants = font["MATH"].table.MathVariants
    index = variants.VertGlyphCoverage.glyphs.index("radical")
    construction = variants.VertGlyphConstruction[index]
    names = [record.VariantGlyph for record in construction.MathGlyphVariantRecord]
    names += [record.glyph for record in construction.GlyphAssembly.PartRecords]
    wanted = metrics["radical"][0]
    for name in sorted(set(names) - {"radical"}):
        # The overbar begins where the sign ends: that much may stand out of its box.
        factor = wanted / metrics[name][0]
        glyph = glyf[name]
        glyph.coordinates.scale((factor, 1))
        glyph.coordinates.toInt()
        glyph.recalcBounds(glyf)
        metrics[name] = (wanted, glyph.xMin)


def let_bars_overlap(font: TTFont) -> None:
    r"""Let the parts of ‖ overlap as those of | may: else ``\bigl\lVert`` is too high by half."""
    variants = font["MATH"].table.MathVariants
    for name in ("bar", "uni2016"):
        index = variants.VertGlyphCoverage.glyphs.index(name)
        for part in variants.VertGlyphConstruction[index].GlyphAssembly.PartRecords:
            part.StartConnectorLength = part.EndConnectorLength = 800


def outline(font: TTFont, number: int) -> list[bytes]:
    """The streams of one glyph."""
    table = WOFF2GlyfTable()
    table.glyphs, table.glyphOrder = font["glyf"].glyphs, font.getGlyphOrder()
    table.axisTags = []
    for stream in table.subStreams:
        setattr(table, stream, b"")
    table.bboxBitmap = [0] * len(table.glyphOrder)
    table.overlapSimpleBitmap = [0] * len(table.glyphOrder)
    table._encodeGlyph(number)
    assert not any(table.overlapSimpleBitmap)
    assert not table.instructionStream
    return [getattr(table, f"{stream}Stream") for stream in STREAMS]


def width(font: TTFont, name: str) -> bytes:
    advance, bearing = font["hmtx"][name]
    return advance.to_bytes(2, "big") + bearing.to_bytes(2, "big", signed=True)


def constants(font: TTFont) -> bytes:
    """The subtable of `MATH` that holds for the whole font, as it stands in the file."""
    for value in vars(font["MATH"].table.MathConstants).values():
        if not isinstance(value, int):
            value.DeviceTable = None
    table = font.getTableData("MATH")
    start = int.from_bytes(table[4:6], "big")
    return table[start : start + 214]


def mathematics(font: TTFont) -> dict[str, Any]:
    """What the `MATH` table says of single glyphs."""
    number, table = font.getGlyphID, font["MATH"].table

    def by_glyph(coverage: Coverage, records: list[Any], said: Callable[[Any], Any]) -> Any:
        held = zip(coverage.glyphs, records, strict=True)
        return {number(name): said(record) for name, record in held}

    def stretched(construction: MathGlyphConstruction) -> dict[str, Any]:
        assembly = construction.GlyphAssembly
        return {
            "variants": [
                (number(variant.VariantGlyph), variant.AdvanceMeasurement)
                for variant in construction.MathGlyphVariantRecord or ()
            ],
            "parts": [
                (
                    number(part.glyph),
                    part.StartConnectorLength,
                    part.EndConnectorLength,
                    part.FullAdvance,
                    part.PartFlags,
                )
                for part in (assembly.PartRecords if assembly else ())
            ],
            "italics": assembly.ItalicsCorrection.Value if assembly else 0,
        }

    value = attrgetter("Value")
    italics = table.MathGlyphInfo.MathItalicsCorrectionInfo
    accents = table.MathGlyphInfo.MathTopAccentAttachment
    forms = table.MathVariants
    return {
        "overlap": forms.MinConnectorOverlap,
        "italics": by_glyph(italics.Coverage, italics.ItalicsCorrection, value),
        "accents": by_glyph(accents.TopAccentCoverage, accents.TopAccentAttachment, value),
        "upwards": by_glyph(forms.VertGlyphCoverage, forms.VertGlyphConstruction, stretched),
        "sideways": by_glyph(forms.HorizGlyphCoverage, forms.HorizGlyphConstruction, stretched),
    }


def fonttools_cut(characters: str) -> TTFont:
    """What fontTools itself would cut, to compare."""
    font = whole()
    options = Options()
    options.layout_features = []
    cutter = Subsetter(options)
    cutter.populate(unicodes=sorted(map(ord, characters)))
    cutter.subset(font)
    return font


if __name__ == "__main__":
    TARGET.write_bytes(prepared())
    print(TARGET, TARGET.stat().st_size)
