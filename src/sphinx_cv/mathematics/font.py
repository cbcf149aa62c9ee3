"""The math font cut to the characters a site draws."""

from __future__ import annotations

import io
import logging
from importlib import resources
from typing import TYPE_CHECKING

from fontTools import subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Drawn by the browser and not in any text: the root, the bar of fractions' kin, the braces and
#: bars that stretch; and digits, which every equation number needs.
ALWAYS = frozenset("√∣|‖()[]{}‾_⏞⏟→=−+.,0123456789\u2061\u00a0 ")


def source() -> bytes:
    """The font that all others are cut from."""
    file = resources.files("sphinx_cv.mathematics") / "fonts" / "STIXTwoMath-Reduced.ttf"
    return file.read_bytes()


def licence() -> bytes:
    return (resources.files("sphinx_cv.mathematics") / "fonts" / "OFL.txt").read_bytes()


def cut(characters: Iterable[str], font: bytes | None = None) -> bytes:
    """A WOFF2 font with *characters*, their stretched forms and what `ALWAYS` names.

    The same characters give the same bytes: no time is written, and their order has no effect.
    """
    options = subset.Options()
    options.layout_features = []
    options.glyph_names = False
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 13, 14]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=sorted({ord(c) for c in {*characters, *ALWAYS}}))
    with TTFont(io.BytesIO(font or source()), recalcTimestamp=False) as whole:
        # fontTools tells of every table at a level that Sphinx would pass on.
        logging.getLogger("fontTools").setLevel(logging.ERROR)
        cutter.subset(whole)
        whole.flavor = "woff2"
        out = io.BytesIO()
        whole.save(out)
    return out.getvalue()


def covered() -> frozenset[str]:
    """Every character the font has."""
    with TTFont(io.BytesIO(source()), lazy=True) as whole:
        return frozenset(map(chr, whole.getBestCmap()))
