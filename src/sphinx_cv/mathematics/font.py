"""The math font cut to the characters a site draws.

The package carries the font taken apart (tests/mathematics/prepare_font.py does it, with
fontTools), so that a cut is to put together the pieces of some hundred glyphs, and the part of the
font's `MATH` table that is about them.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, TypedDict

import brotli  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: Drawn by the browser and not in any text: the root; the braces and bars that stretch; and
#: digits, which every equation number needs.
ALWAYS = frozenset("√∣|‖()[]{}‾_=−+.,0123456789\u2061\u00a0 ")

#: How WOFF2 writes the names of tables, in the order in which the file has them.
_TAGS = {
    "OS/2": 6, "cmap": 0, "glyf": 10, "loca": 11, "head": 1, "hhea": 2, "hmtx": 3, "maxp": 4,
    "name": 5, "post": 7, "GDEF": 26, "MATH": 31,
}  # fmt: skip
_COPIED = ("head", "hhea", "maxp", "OS/2", "name", "post")
#: Brotli's best takes eighty times as long to save a twelfth.
_QUALITY = 5


class Stretched(TypedDict):
    """The larger forms of a glyph, as `MATH` has them."""

    #: Each a glyph and its length in font units.
    variants: list[tuple[int, int]]
    #: Glyph, connectors at its start and end, length, and whether it may be repeated.
    parts: list[tuple[int, int, int, int, int]]
    italics: int


@dataclass(frozen=True, slots=True)
class Parts:
    """The font taken apart."""

    tables: dict[str, bytes]
    #: The glyphs' outlines, each in five streams of WOFF2, whose lengths these are; and where
    #: each begins.
    outlines: bytes
    lengths: list[list[int]]
    starts: list[int]
    #: Its advance and bearing, as `hmtx` has them; and its length in `glyf`.
    widths: list[bytes]
    sizes: list[int]
    #: Character to glyph.
    characters: dict[str, int]
    #: Of `MATH`: what holds for the whole font; by glyph the correction of italics, in font units,
    #: and where an accent stands; and what stretches upwards and sideways.
    constants: bytes
    overlap: int
    italics: dict[int, int]
    accents: dict[int, int]
    upwards: dict[int, Stretched]
    sideways: dict[int, Stretched]


@cache
def parts() -> Parts:
    file = resources.files("sphinx_cv.mathematics") / "fonts" / "STIXTwoMath.zip"
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
        index = json.loads(archive.read("index.json"))
        tables = {tag: archive.read(tag.replace("/", "-")) for tag in _COPIED}
        outlines = archive.read("outlines")
        widths = archive.read("widths")
        constants = archive.read("constants")
    return Parts(
        tables,
        outlines,
        index["lengths"],
        list(accumulate(map(sum, index["lengths"]), initial=0)),
        [widths[start : start + 4] for start in range(0, len(widths), 4)],
        index["sizes"],
        index["characters"],
        constants,
        index["overlap"],
        *(
            {int(glyph): held for glyph, held in index[name].items()}
            for name in ("italics", "accents", "upwards", "sideways")
        ),
    )


def licence() -> bytes:
    return (resources.files("sphinx_cv.mathematics") / "fonts" / "OFL.txt").read_bytes()


def covered() -> frozenset[str]:
    """Every character the font has."""
    return frozenset(parts().characters)


def cut(characters: Iterable[str]) -> bytes:
    """A WOFF2 font with *characters*, their stretched forms and what `ALWAYS` names.

    The same characters give the same bytes: no time is written, and their order has no effect.
    """
    font = parts()
    wanted = sorted({*characters, *ALWAYS} & font.characters.keys())
    glyphs = sorted(_closure(font, (font.characters[character] for character in wanted)))
    numbers = {glyph: number for number, glyph in enumerate(glyphs)}
    count = len(glyphs)
    tables = {
        **font.tables,
        # Every glyph has a width of its own.
        "hhea": font.tables["hhea"][:34] + struct.pack(">H", count),
        "maxp": font.tables["maxp"][:4] + struct.pack(">H", count) + font.tables["maxp"][6:],
        "cmap": _cmap([(ord(c), numbers[font.characters[c]]) for c in wanted]),
        "glyf": _glyf([_outline(font, glyph) for glyph in glyphs]),
        "loca": b"",
        "hmtx": b"".join(font.widths[glyph] for glyph in glyphs),
        "GDEF": _gdef(count),
        "MATH": _math(font, numbers),
    }
    outlines = sum(font.sizes[glyph] + -font.sizes[glyph] % 4 for glyph in glyphs)
    return _woff2(tables, {"glyf": outlines, "loca": 4 * (count + 1)})


def _outline(font: Parts, glyph: int) -> list[bytes]:
    start, lengths = font.starts[glyph], font.lengths[glyph]
    return [font.outlines[a:b] for a, b in pairwise(accumulate(lengths, initial=start))]


def _closure(font: Parts, glyphs: Iterable[int]) -> set[int]:
    """*glyphs* and their larger forms; the first is what is drawn for a missing character."""
    found = {0, *glyphs}
    for stretched in (font.upwards, font.sideways):
        for forms in [stretched[glyph] for glyph in found if glyph in stretched]:
            found.update(form[0] for form in (*forms["variants"], *forms["parts"]))
    return found


def _cmap(glyphs: list[tuple[int, int]]) -> bytes:
    """Which glyph a character has: one subtable of format 12."""
    groups = b"".join(struct.pack(">LLL", code, code, glyph) for code, glyph in glyphs)
    table = struct.pack(">HHHHL", 0, 1, 3, 10, 12)
    return table + struct.pack(">HHLLL", 12, 0, 16 + len(groups), 0, len(glyphs)) + groups


def _glyf(outlines: list[list[bytes]]) -> bytes:
    """Outlines as WOFF2 transforms them (its section 5.1); offsets go without saying."""
    *streams, boxes = (b"".join(stream) for stream in zip(*outlines, strict=True))
    boxed = bytearray(-(-len(outlines) // 32) * 4)
    for number, outline in enumerate(outlines):
        if outline[-1]:
            boxed[number >> 3] |= 0x80 >> (number & 7)
    composites = instructions = b""
    streams += [composites, bytes(boxed) + boxes, instructions]
    sizes = map(len, streams)
    long_offsets = 1
    return struct.pack(">4H7L", 0, 0, len(outlines), long_offsets, *sizes) + b"".join(streams)


def _gdef(count: int) -> bytes:
    """All glyphs are letters: browsers would take the width from an accent otherwise."""
    header = struct.pack(">HHHHHH", 1, 0, 12, 0, 0, 0)
    letter = 1
    return header + struct.pack(">HHHHH", 2, 1, 0, count - 1, letter)


def _math(font: Parts, numbers: Mapping[int, int]) -> bytes:
    """The `MATH` table; all that is new in it are the glyphs' *numbers*."""
    return _table(
        1,
        0,
        font.constants,
        _table(_values(font.italics, numbers), _values(font.accents, numbers), 0, 0),
        _variants(font, numbers),
    )


def _values(held: Mapping[int, int], numbers: Mapping[int, int]) -> bytes:
    """A value for each of some glyphs."""
    glyphs = [glyph for glyph in numbers if glyph in held]
    values = [field for glyph in glyphs for field in (held[glyph], 0)]
    return _table(_coverage(glyphs, numbers), len(glyphs), *values)


def _variants(font: Parts, numbers: Mapping[int, int]) -> bytes:
    coverages, constructions = [], []
    for stretched in (font.upwards, font.sideways):
        glyphs = [glyph for glyph in numbers if glyph in stretched]
        coverages.append(_coverage(glyphs, numbers))
        constructions.append([_construction(stretched[glyph], numbers) for glyph in glyphs])
    upwards, sideways = constructions
    return _table(font.overlap, *coverages, len(upwards), len(sideways), *upwards, *sideways)


def _construction(forms: Stretched, numbers: Mapping[int, int]) -> bytes:
    variants, parts = (
        [field for glyph, *others in forms[name] for field in (numbers[glyph], *others)]
        for name in ("variants", "parts")
    )
    assembly = _table(forms["italics"], 0, len(forms["parts"]), *parts) if parts else 0
    return _table(assembly, len(forms["variants"]), *variants)


def _coverage(glyphs: Sequence[int], numbers: Mapping[int, int]) -> bytes:
    return _table(1, len(glyphs), *(numbers[glyph] for glyph in glyphs))


def _table(*fields: int | bytes) -> bytes:
    """Fields of 16 bits; in the place of a subtable stands its offset, and itself follows."""
    numbers, size = [], 2 * len(fields)
    for field in fields:
        if isinstance(field, int):
            numbers.append(field & 0xFFFF)
        else:
            numbers.append(size)
            size += len(field)
    subtables = [field for field in fields if isinstance(field, bytes)]
    return struct.pack(f">{len(numbers)}H", *numbers) + b"".join(subtables)


def _woff2(tables: dict[str, bytes], original: dict[str, int]) -> bytes:
    """The file; *original* are the sizes of the tables that were transformed."""
    directory = bytearray()
    for tag, number in _TAGS.items():
        directory.append(number)
        directory += _base128(original.get(tag, len(tables[tag])))
        if tag in original:
            directory += _base128(len(tables[tag]))
    data: bytes = brotli.compress(
        b"".join(tables[tag] for tag in _TAGS), mode=brotli.MODE_FONT, quality=_QUALITY
    )
    sizes = [original.get(tag, len(tables[tag])) for tag in _TAGS]
    whole = 12 + 16 * len(_TAGS) + sum(size + -size % 4 for size in sizes)
    length = 48 + len(directory) + len(data)
    padding = -length % 4
    header = struct.pack(
        ">4sLLHHLLHHLLLLL", b"wOF2", 0x10000, length + padding, len(_TAGS), 0, whole, len(data),
        *[0] * 7,
    )  # fmt: skip
    return header + bytes(directory) + data + bytes(padding)


def _base128(number: int) -> bytes:
    septets = [number & 0x7F]
    while number := number >> 7:
        septets.append(number & 0x7F | 0x80)
    return bytes(reversed(septets))
