"""A formula as words, for those who listen: mathra reads the tree, not the TeX.

mathra reads TeX too, but passes over an environment it does not know in silence. The tree has
no environments, only rows, and the rows are spoken one after the other.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

import mathra

from sphinx_cv.mathematics.core import element, is_guard
from sphinx_cv.mathematics.mathml import markup

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from sphinx_cv.mathematics.formula import Formula

#: Words for what mathra leaves as a sign. Other signs are called by their Unicode names.
_WORDS = {
    "‖": "double bar", "⊤": "transpose", "⊥": "perpendicular to", "≔": "is defined as",
    "≜": "is defined as", "⟂": "is perpendicular to", "⫫": "is independent of", "·": "dot",
    "⋅": "dot", "∘": "composed with", "†": "dagger", "∗": "star", "□": "box", "■": "box",
    "⟹": "implies", "⟺": "if and only if", "⟸": "is implied by", "≪": "is much less than",
    "≫": "is much greater than", "⟨": "left angle", "⟩": "right angle", "⌊": "left floor",
    "⌋": "right floor", "⌈": "left ceiling", "⌉": "right ceiling", "ℏ": "h bar", "ℵ": "aleph",
    "ℶ": "beth", "‡": "double dagger", "¯": "bar", "‾": "bar", "‴": "triple prime",
    "ℜ": "real part",
    "ℑ": "imaginary part", "§": "section", "¶": "paragraph", "£": "pounds", "©": "copyright",
    "ℓ": "ell", "ı": "dotless i", "ȷ": "dotless j",
}  # fmt: skip
_FACES = ("MATHEMATICAL BOLD", "MATHEMATICAL ITALIC", "MATHEMATICAL SANS", "MATHEMATICAL MONO",
          "MATHEMATICAL SCRIPT", "MATHEMATICAL FRAKTUR", "SCRIPT ", "BLACK-LETTER ")  # fmt: skip
_SEPARATOR = "; "


class SpeechError(ValueError):
    """mathra could not read the tree."""


@lru_cache(maxsize=1)
def languages() -> frozenset[str]:
    return frozenset(language["code"] for language in mathra.locales())


def locale(language: str) -> str:
    """mathra's code for a Sphinx language; English where it has none."""
    code = language.replace("_", "-")
    for candidate in (code, code.partition("-")[0]):
        if candidate in languages():
            return candidate
    return "pt-BR" if code.startswith("pt") else "en"


def speak(formula: Formula, language: str = "en") -> str:
    """The words of *formula*. Raises SpeechError."""
    said = []
    for row in formula.rows:
        if row.note is not None:
            said.append(_say(row.note, language))
        cells = [cell for cell in row.cells if len(cell) or cell.text]
        if cells:
            said.append(_say(element("mrow", *cells), language))
    return _SEPARATOR.join(part for part in said if part) or "empty"


def _say(tree: Element, language: str) -> str:
    source = f"<math>{markup(_plain(tree))}</math>"
    return _speech(source, locale(language))


@lru_cache(maxsize=4096)
def _speech(source: str, code: str) -> str:
    try:
        said = mathra.render(source, code, input="mathml")["speech"]
    except ValueError as error:
        raise SpeechError(str(error)) from error
    if code == "en":
        said = "".join(map(_spoken, said))
    return " ".join(said.split())


def _spoken(character: str) -> str:
    if character in _WORDS:
        return f" {_WORDS[character]} "
    name = unicodedata.name(character, "")
    if name.startswith("GREEK ") and " LETTER " in name:
        return f" {name.rpartition(' LETTER ')[2].lower()} "
    if unicodedata.category(character) in {"Sm", "So"} or 0x1D400 <= ord(character) <= 0x1D7FF:
        return f" {unicodedata.name(character, 'sign').lower()} "
    return "" if unicodedata.category(character) in {"Cf", "Mn"} else character


def _plain(node: Element) -> Element:
    """*node* as mathra reads it best: rows one after the other, letters without their weight."""
    classes = node.get("class", "").split()
    if node.tag == "mtable" and {"cv-rows", "cv-substack"} & set(classes):
        flat: list[Element] = []
        for row in node:
            if flat:
                flat.append(element("mtext", text=";"))
            flat += [_plain(child) for cell in row for child in cell]
        return element("mrow", *flat)
    if node.tag == "mpadded":
        return element("mrow", *map(_plain, node))
    if node.tag == "mphantom":
        return element("mrow")
    attributes = {k: v for k, v in node.attrib.items() if k in {"linethickness", "accent"}}
    text = node.text
    if node.tag in {"mi", "mn"} and text:
        text = "".join(map(_unweighted, text)).replace("\ufe00", "").replace("\ufe01", "")
    if node.tag == "mo" and text == "\u2061":
        return element("mrow")
    if node.tag in {"munder", "mover"} and node[1].tag == "mspace":
        return _plain(node[0])  # the label of an arrow, padded
    if node.tag == "msup" and node[1].tag == "mo" and node[1].text == "∗":
        return element("msup", _plain(node[0]), element("mtext", text="star"))
    children = [_plain(child) for child in node if not is_guard(child)]
    if node.tag == "mrow" and len(children) == 1:
        return children[0]
    return element(node.tag, *children, text=text, **attributes)


def _unweighted(character: str) -> str:
    if unicodedata.name(character, "").startswith(_FACES):
        return unicodedata.normalize("NFKC", character)
    return character
