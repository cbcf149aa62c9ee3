r"""Parts of a formula that are held out of an expression while math-core reads it.

A character of the private use area stands for each, and the part is put back into the tree that
math-core returns.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sphinx_cv.mathematics.core import element, row
from sphinx_cv.mathematics.tokens import is_letter_after_command

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_FIRST_HOLE = 0xE000
_LAST_HOLE = 0xF8FF


@dataclass
class Flat:
    """An expression on its way to math-core."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    #: For every part: where it starts, and where in the author's source it comes from.
    places: list[int] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)
    holes: list[Element] = field(default_factory=list)

    def add(self, text: str, origin: int) -> None:
        if self.parts and is_letter_after_command(self.parts[-1], text):
            text = f" {text}"
        self.places.append(self.length)
        self.origins.append(origin)
        self.parts.append(text)
        self.length += len(text)

    def hole(self, filling: Element, origin: int) -> None:
        self.add(chr(_FIRST_HOLE + len(self.holes)), origin)
        self.holes.append(filling)

    def origin(self, offset: int) -> int | None:
        """The place in the source of an offset into this expression; None past its end."""
        if offset >= self.length:
            return None
        return self.origins[bisect_right(self.places, offset) - 1]


def filled(elements: list[Element], holes: list[Element]) -> list[Element]:
    """*elements* with every held-out tree put back into its place."""
    out: list[Element] = []
    for node in elements:
        children = list(node)
        if children:
            multiple = node.tag in {"mrow", "msqrt", "mphantom", "mpadded"}
            put_back = [
                piece
                for child in children
                for piece in (filled([child], holes) if multiple else [row(filled([child], holes))])
            ]
            node[:] = put_back
        if node.text and any(_FIRST_HOLE <= ord(c) <= _LAST_HOLE for c in node.text):
            out += _pieces(node, holes)
        else:
            out.append(node)
    return out


def _pieces(node: Element, holes: list[Element]) -> list[Element]:
    pieces: list[Element] = []
    plain = ""
    for character in node.text or "":
        if _FIRST_HOLE <= ord(character) <= _LAST_HOLE:
            if plain:
                pieces.append(element(node.tag, text=plain, **node.attrib))
                plain = ""
            pieces.append(holes[ord(character) - _FIRST_HOLE])
        else:
            plain += character
    if plain:
        pieces.append(element(node.tag, text=plain, **node.attrib))
    return pieces


def without_holes(sentence: str) -> str:
    """math-core's sentence without what it shows of our own devices, in lower case."""
    kept = "".join(c for c in sentence if not _FIRST_HOLE <= ord(c) <= _LAST_HOLE)
    return kept[:1].lower() + kept[1:]
