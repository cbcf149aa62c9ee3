"""How wide a formula will be, roughly: what no style sheet can ask and no script should."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_cv.mathematics.formula import Markup

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

#: Within how much of the truth the estimate mostly is, is tested against a browser.
_SCRIPT = 0.71
_TAG = re.compile(r"<[^>]*>")
_WIDE_SIGNS = frozenset("∑∏∐∫∬∭∮⋃⋂⋁⋀⨁⨂⨀⨄⨆⟹⟸⟺⟶⟵⟷")
_NARROW = frozenset("|∣()[]{},.;:!'′ijlft⟨⟩")
_BARE = frozenset("|∣‖()[]{}⟨⟩⌈⌉⌊⌋!/′")


def at_most(markup: str) -> float:
    """A width in ems that *markup* hardly exceeds, in no time."""
    signs = len(_TAG.sub("", markup)) + markup.count("<mo")
    return 0.6 * signs + 0.8 * (markup.count("<msqrt") + markup.count("<mspace"))


def ems(node: Element, size: float = 1.0) -> float:
    """The width of *node* in ems of the text around it."""
    match node.tag:
        case "mfrac":
            shrunk = size if node.get("displaystyle") == "true" else size * 0.9
            return max((ems(child, shrunk) for child in node), default=0.0)
        case "munder" | "mover" | "munderover":
            base, *marks = node
            return max(ems(base, size), *(ems(mark, size * _SCRIPT) for mark in marks))
        case "msub" | "msup":
            base, script = node
            return ems(base, size) + ems(script, size * _SCRIPT)
        case "msubsup":
            base, *scripts = node
            return ems(base, size) + max(ems(script, size * _SCRIPT) for script in scripts)
        case "mroot" | "msqrt":
            return ems_of(node, size) + 0.8 * size
        case "mtable":
            return _table(node, size)
        case "mspace":
            return size * float(node.get("width", "0").removesuffix("em") or 0)
        case "mtd" if isinstance(node.text, Markup):
            return size * at_most(node.text)
        case "mphantom" | "mrow" | "mpadded" | "mtd" | "mmultiscripts":
            return 0.0 if node.get("width") == "0" else ems_of(node, size)
        case "mo":
            return size * _operator(node)
    return size * sum(map(_letter, node.text or "")) + ems_of(node, size)


def ems_of(node: Element, size: float) -> float:
    return sum(ems(child, size) for child in node)


def _table(node: Element, size: float) -> float:
    columns: list[float] = []
    for row in node:
        for number, cell in enumerate(row):
            if cell.get("columnspan"):
                continue
            if number == len(columns):
                columns.append(0.0)
            gap = 2.0 if "cv-gap" in cell.get("class", "") else 0.0
            columns[number] = max(columns[number], ems(cell, size) + gap * size)
    close = "cv-rows" in node.get("class", "")
    return sum(columns) + (0.0 if close else 0.8 * size * len(columns))


def _operator(node: Element) -> float:
    text = node.text or ""
    if not text or text in "\u2061\u2062\u2063":
        return float(node.get("lspace", "0").removesuffix("em") or 0)
    width = sum(map(_letter, text))
    if text in _WIDE_SIGNS:
        return width + 0.5
    if text in _BARE or node.get("lspace") == "0":
        return width
    return width + (0.17 if text == "," else 0.55)


def _letter(character: str) -> float:
    if character in _NARROW:
        return 0.32
    return 0.7 if character.isupper() or not character.isalnum() else 0.52
