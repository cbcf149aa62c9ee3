"""A formula as words, for those who listen: mathra reads the tree, not the TeX.

mathra reads TeX too, but passes over an environment it does not know in silence. The tree has
no environments, only rows, and the rows are spoken one after the other.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from sphinx_cv.mathematics.ahead import Speaker
from sphinx_cv.mathematics.core import is_guard
from sphinx_cv.mathematics.mathml import escaped
from sphinx_cv.mathematics.plain import spoken
from sphinx_cv.mathematics.voice import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from xml.etree.ElementTree import Element

    from sphinx_cv.mathematics.formula import Cell, Formula

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
#: The attributes that change what is said.
_MEANT = frozenset({"linethickness", "accent"})


class SpeechError(ValueError):
    """mathra could not read the tree."""


@lru_cache(maxsize=1)
def languages() -> frozenset[str]:
    import mathra

    return frozenset(language["code"] for language in mathra.locales())


def locale(language: str) -> str:
    """mathra's code for a Sphinx language; English where it has none."""
    code = language.replace("_", "-")
    if code == "en":
        return code
    for candidate in (code, code.partition("-")[0]):
        if candidate in languages():
            return candidate
    return "pt-BR" if code.startswith("pt") else "en"


def speak(formula: Formula, language: str = "en") -> str:
    """The words of *formula*. Raises SpeechError."""
    code = locale(language)
    said = [_speech(source, code) for source in _sources(formula)]
    return _SEPARATOR.join(part for part in said if part) or "empty"


def speak_ahead(formulas: Iterable[Formula], language: str) -> None:
    """Have *formulas* spoken elsewhere, for `speak` to find them so."""
    code = locale(language)
    speaker = _speakers.get(code) or _speakers.setdefault(code, Speaker(code))
    speaker.ask(source for formula in formulas for source in _sources(formula))


def end() -> None:
    """Nothing is spoken ahead any more."""
    for speaker in _speakers.values():
        speaker.end()
    _speakers.clear()


_speakers: dict[str, Speaker] = {}


@lru_cache(maxsize=4096)
def _sources(formula: Formula) -> tuple[str, ...]:
    """What mathra is to read, one after the other."""
    parts: list[str] = []
    for row in formula.rows:
        if row.note is not None:
            parts.append(_plain(row.note))
        cells = [said for cell in row.cells if (said := _cell(cell))]
        parts.append(cells[0] if len(cells) == 1 else f"<mrow>{''.join(cells)}</mrow>")
    return tuple(f"<math>{part}</math>" for part in parts if part != _NOTHING)


def _cell(cell: Cell) -> str:
    if cell.markup and (plain := spoken(cell.markup)) is not None:
        return plain.translate(_UNWEIGHTED)
    tree = cell.tree
    return _plain(tree) if (len(tree) or tree.text) and not is_guard(tree) else ""


_NOTHING = "<mrow></mrow>"


@lru_cache(maxsize=4096)
def _speech(source: str, code: str) -> str:
    speaker = _speakers.get(code)
    said = speaker.answer(source) if speaker is not None else None
    if said is None:
        try:
            said = words(source, code)
        except ValueError as error:
            raise SpeechError(str(error)) from error
    if code == "en":
        said = said.translate(_SPOKEN)
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


def _unweighted(character: str) -> str:
    if character in "\ufe00\ufe01":
        return ""
    if unicodedata.name(character, "").startswith(_FACES):
        return unicodedata.normalize("NFKC", character)
    return character


class _Table(dict[int, str]):
    """For `str.translate`: asks *change* once for each character."""

    def __init__(self, change: Callable[[str], str]) -> None:
        self.change = change

    def __missing__(self, code: int) -> str:
        self[code] = self.change(chr(code))
        return self[code]


_SPOKEN = _Table(_spoken)
_UNWEIGHTED = _Table(_unweighted)


def _plain(node: Element) -> str:
    """*node* as mathra reads it best: rows one after the other, letters without their weight."""
    tag, text = node.tag, node.text
    match tag:
        case "mtable" if {"cv-rows", "cv-substack"} & set(node.get("class", "").split()):
            rows = ["".join(_plain(child) for cell in row for child in cell) for row in node]
            return f"<mrow>{'<mtext>;</mtext>'.join(rows)}</mrow>"
        case "mtr":
            cells = [c for c in node if "cv-between" not in c.get("class", "") or any(c.itertext())]
            return f"<mtr>{''.join(map(_plain, cells))}</mtr>"
        case "mphantom":
            return "<mrow></mrow>"
        case "mpadded":
            return f"<mrow>{''.join(map(_plain, node))}</mrow>"
        case "mo" if text == "\u2061":
            return "<mrow></mrow>"
        case "munder" | "mover" if node[1].tag == "mspace":
            return _plain(node[0])  # the label of an arrow, padded
        case "msup" if node[1].tag == "mo" and node[1].text == "∗":
            return f"<msup>{_plain(node[0])}<mtext>star</mtext></msup>"
        case "mrow":
            return _plain_row(node)
        case "mi" | "mn" if text:
            text = text.translate(_UNWEIGHTED)
    attributes = "".join(f' {k}="{v}"' for k, v in node.attrib.items() if k in _MEANT)
    inside = "".join(_plain(child) for child in node if not is_guard(child))
    return f"<{tag}{attributes}>{escaped(text or '')}{inside}</{tag}>"


def _plain_row(children: Iterable[Element]) -> str:
    said = [_plain(child) for child in children if not is_guard(child)]
    return said[0] if len(said) == 1 else f"<mrow>{''.join(said)}</mrow>"
