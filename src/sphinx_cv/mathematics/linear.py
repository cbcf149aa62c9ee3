r"""A formula on a line of text, for where there is no markup, such as the title of a window.

In the manner of Unicode Technical Note 28: ``H_2`` is H₂, ``n^{-1/2}`` n^(−1/2). Readable, and
not meant to be read back.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from sphinx_cv.mathematics.core import is_guard
from sphinx_cv.mathematics.reading import read
from sphinx_cv.mathematics.tokens import FormulaError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from xml.etree.ElementTree import Element

    from sphinx_cv.mathematics.tokens import Macro

_SUPERSCRIPTS = dict(zip("0123456789+−=()niαβδθ", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵅᵝᵟᶿ", strict=True))
_SUBSCRIPTS = dict(zip("0123456789+−=()aeijnorxkmpst", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑᵢⱼₙₒᵣₓₖₘₚₛₜ", strict=True))
#: Accent as the tree has it -> the combining character that says the same.
_ACCENTS = {
    "ˆ": "\u0302", "^": "\u0302", "˜": "\u0303", "~": "\u0303", "‾": "\u0305", "¯": "\u0304",
    "˙": "\u0307", "¨": "\u0308", "\u20d7": "\u20d7", "ˇ": "\u030c", "´": "\u0301", "`": "\u0300",
    "˘": "\u0306", "˚": "\u030a",
}  # fmt: skip
#: Signs of the category of "+" and "=" that stand before what they are about, or around it.
_NOT_BETWEEN = frozenset("∑∏∐∫∮⋃⋂⨁⨂∂∇√¬∀∃|‖")


def linear(tex: str, macros: Mapping[str, Macro] | None = None) -> str:
    """*tex* as a line of text; as it is, between dollars, where it cannot be read."""
    return _linear(tex, tuple(sorted((macros or {}).items())))


# Lists, pages and files say the same titles.
@lru_cache(maxsize=4096)
def _linear(tex: str, macros: tuple[tuple[str, Macro], ...]) -> str:
    try:
        formula = read(tex, macros=dict(macros))
    except FormulaError:
        return f"${tex}$"
    rows = ["".join(_text(cell.tree) for cell in row.cells) for row in formula.rows]
    return " ".join("; ".join(rows).split())


def _text(node: Element) -> str:
    if is_guard(node) or node.tag in {"mphantom", "annotation"}:
        return ""
    match node.tag, [_text(child) for child in node]:
        case "mspace", _:
            return " "
        case "mi" | "mn", _:
            return (node.text or "").replace("\ufe00", "").replace("\ufe01", "")
        case "mtext" | "mo", parts:
            return (node.text or "") + "".join(parts)
        case "msub" | "munder", [base, low]:
            return base + _script(low, "_")
        case "msup", [base, high]:
            return base + (high if node[1].tag == "mo" else _script(high, "^"))
        case "mover", [base, high]:
            return _over(base, high)
        case "msubsup" | "munderover", [base, low, high]:
            return base + _script(low, "_") + _script(high, "^")
        case "mfrac", [above, below] if node.get("linethickness", "") in {"0", "0px"}:
            return f"{above.strip()} over {below.strip()}"
        case "mfrac", [above, below]:
            return f"{_grouped(above)}/{_grouped(below)}"
        case "msqrt", parts:
            return "√" + _grouped("".join(parts))
        case "mroot", [base, degree]:
            return _script(degree, "^") + "√" + _grouped(base)
        case "mtable", rows:
            return "; ".join(rows)
        case "mtr", cells:
            return ", ".join(cell.strip() for cell in cells if cell.strip())
        case _:
            return _row(list(node))


def _row(children: Sequence[Element]) -> str:
    made = ""
    for number, child in enumerate(children):
        text = _text(child)
        if child.tag != "mo":
            made += text
        elif text == "\u2061":  # a function of what follows
            following = _text(children[number + 1]) if number + 1 < len(children) else "("
            made += "" if following.startswith("(") else " "
        elif text == ",":
            made += text if child.get("rspace") == "0" else ", "
        elif _is_infix(child, text) and made.strip() and made.rstrip()[-1] not in "([,=<>":
            made = f"{made.rstrip()} {text} "
        else:
            made += text
    return made


def _is_infix(operator: Element, text: str) -> bool:
    # In scripts it has no space around it.
    spaced = (operator.get("lspace"), operator.get("rspace")) != ("0", "0")
    return spaced and unicodedata.category(text[:1] or " ") == "Sm" and text not in _NOT_BETWEEN


def _script(text: str, sign: str) -> str:
    text = text.strip()
    raised = _SUPERSCRIPTS if sign == "^" else _SUBSCRIPTS
    if all(character in raised for character in text):
        return "".join(raised[character] for character in text)
    return sign + (text if text.isalpha() else _grouped(text))


def _grouped(text: str) -> str:
    text = text.strip()
    closed = text[:1] == "(" and text.find(")") == len(text) - 1
    return text if len(text) == 1 or text.isdecimal() or closed else f"({text})"


def _over(base: str, high: str) -> str:
    if (accent := _ACCENTS.get(high)) is None:
        return base + _script(high, "^")
    # A combining character belongs to one letter.
    return unicodedata.normalize("NFC", base + accent) if len(base) == 1 else f"{base}{high}"
