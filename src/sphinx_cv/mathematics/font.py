"""The math font cut to the characters a site draws.

The package carries the font taken apart (tests/mathematics/prepare_font.py does it, with
fontTools), so that a cut is to put together the pieces of some hundred glyphs. Every glyph keeps
its number and those not wanted are empty: so the font's `MATH` table holds as it is.
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
from typing import TYPE_CHECKING

import brotli  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Drawn by the browser and not in any text: the root; the braces and bars that stretch; and
#: digits, which every equation number needs.
ALWAYS = frozenset("√∣|‖()[]{}‾_=−+.,0123456789\u2061\u00a0 ")

#: How WOFF2 writes the names of tables, in the order in which the file has them.
_TAGS = {
    "OS/2": 6, "cmap": 0, "glyf": 10, "loca": 11, "head": 1, "hhea": 2, "hmtx": 3, "maxp": 4,
    "name": 5, "post": 7, "GDEF": 26, "MATH": 31,
}  # fmt: skip
_COPIED = ("head", "hhea", "maxp", "OS/2", "name", "post", "GDEF", "MATH")
#: Brotli's best takes fifty times as long to save a twelfth.
_QUALITY = 5


@dataclass(frozen=True, slots=True)
class Parts:
    """The font taken apart."""

    tables: dict[str, bytes]
    #: The glyphs' outlines, each in the six streams of WOFF2, whose lengths these are; and where
    #: each begins.
    outlines: bytes
    lengths: list[list[int]]
    starts: list[int]
    #: Its advance and bearing, as `hmtx` has them; and its length in `glyf`.
    widths: list[bytes]
    sizes: list[int]
    #: Character to glyph, and glyph to the glyphs it brings along.
    characters: dict[str, int]
    needs: dict[int, list[int]]


@cache
def parts() -> Parts:
    file = resources.files("sphinx_cv.mathematics") / "fonts" / "STIXTwoMath.zip"
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
        index = json.loads(archive.read("index.json"))
        tables = {tag: archive.read(tag.replace("/", "-")) for tag in _COPIED}
        outlines = archive.read("outlines")
        widths = archive.read("widths")
    return Parts(
        tables,
        outlines,
        index["lengths"],
        list(accumulate(map(sum, index["lengths"]), initial=0)),
        [widths[start : start + 4] for start in range(0, len(widths), 4)],
        index["sizes"],
        index["characters"],
        {int(glyph): others for glyph, others in index["parts"].items()},
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
    glyphs = _closure(font, (font.characters[character] for character in wanted))
    count = len(font.lengths)
    empty, no_width = [b"\0\0", b"", b"", b"", b"", b""], bytes(4)
    kept = [_outline(font, n) if n in glyphs else empty for n in range(count)]
    widths = [font.widths[n] if n in glyphs else no_width for n in range(count)]
    metrics = struct.unpack_from(">H", font.tables["hhea"], 34)[0]
    tables = {
        **font.tables,
        "cmap": _cmap([(ord(c), font.characters[c]) for c in wanted]),
        "glyf": _glyf(kept),
        "loca": b"",
        "hmtx": b"".join(widths[:metrics]) + b"".join(width[2:] for width in widths[metrics:]),
    }
    outlines = sum(font.sizes[n] + -font.sizes[n] % 4 for n in glyphs)
    return _woff2(tables, {"glyf": outlines, "loca": 4 * (count + 1)})


def _outline(font: Parts, glyph: int) -> list[bytes]:
    start, lengths = font.starts[glyph], font.lengths[glyph]
    return [font.outlines[a:b] for a, b in pairwise(accumulate(lengths, initial=start))]


def _closure(font: Parts, glyphs: Iterable[int]) -> set[int]:
    """*glyphs* and all they bring along; the first is what is drawn for a missing character."""
    found: set[int] = set()
    todo = [0, *glyphs]
    while todo:
        glyph = todo.pop()
        if glyph not in found:
            found.add(glyph)
            todo += font.needs.get(glyph, ())
    return found


def _cmap(glyphs: list[tuple[int, int]]) -> bytes:
    """Which glyph a character has: one subtable of format 12."""
    groups = b"".join(struct.pack(">LLL", code, code, glyph) for code, glyph in glyphs)
    table = struct.pack(">HHHHL", 0, 1, 3, 10, 12)
    return table + struct.pack(">HHLLL", 12, 0, 16 + len(groups), 0, len(glyphs)) + groups


def _glyf(outlines: list[list[bytes]]) -> bytes:
    """Outlines as WOFF2 transforms them (its section 5.1); offsets go without saying."""
    streams = [b"".join(stream) for stream in zip(*outlines, strict=True)]
    boxed = bytearray(-(-len(outlines) // 32) * 4)
    for number, outline in enumerate(outlines):
        if outline[-1]:
            boxed[number >> 3] |= 0x80 >> (number & 7)
    streams[-1] = bytes(boxed) + streams[-1]
    instructions = 0
    sizes = [*map(len, streams), instructions]
    long_offsets = 1
    return struct.pack(">4H7L", 0, 0, len(outlines), long_offsets, *sizes) + b"".join(streams)


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
