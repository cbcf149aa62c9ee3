"""The tree as MathML Core for a page: no style attributes, the author's TeX kept beside it."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from sphinx_cv.mathematics.formula import Markup

if TYPE_CHECKING:
    from collections.abc import Iterable
    from xml.etree.ElementTree import Element

#: Elements of MathML Core that this package makes, and the few of HTML that may stand in text.
ELEMENTS = frozenset({
    "a", "annotation", "math", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded",
    "mphantom", "mprescripts", "mroot", "mrow", "mspace", "msqrt", "msub", "msubsup", "msup",
    "mtable", "mtd", "mtext", "mtr", "munder", "munderover", "none", "semantics", "span",
})  # fmt: skip
ATTRIBUTES = frozenset({
    "accent", "accentunder", "alttext", "class", "columnspan", "depth", "display", "displaystyle",
    "encoding", "form", "height", "href", "id", "linethickness", "lspace", "mathcolor",
    "mathvariant", "maxsize", "minsize", "movablelimits", "rspace", "scriptlevel", "stretchy",
    "symmetric", "title", "voffset", "width",
})  # fmt: skip
#: Tables that fill the measure.
_FULL = {"cv-multline", "cv-flalign", "cv-numbered"}

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_ATTRIBUTE_ESCAPES = _ESCAPES | str.maketrans({'"': "&quot;"})


def serialise(content: Element | str, tex: str, *, display: bool, alt: str = "") -> str:
    """A ``math`` element: a tree or its markup, *tex* as its annotation, *alt* as its words."""
    # Not aria-label: that would hide the structure from readers that speak MathML themselves.
    spoken = f' alttext="{alt.translate(_ATTRIBUTE_ESCAPES)}"' if alt else ""
    parts = ["<math", ' display="block"' if display else "", spoken, ">"]
    if isinstance(content, str):
        parts += ["<semantics>", content]
    else:
        full = display and _FULL & set(content.get("class", "").split())
        parts.append('<semantics class="cv-full">' if full else "<semantics>")
        _write(content, parts)
    source = tex.strip().translate(_ESCAPES)
    parts.append(f'<annotation encoding="application/x-tex">{source}</annotation>')
    parts.append("</semantics></math>")
    return "".join(parts)


def escaped(text: str) -> str:
    """*text* for use between tags."""
    return text.translate(_ESCAPES)


def markup(tree: Element) -> str:
    """*tree* alone."""
    parts: list[str] = []
    _write(tree, parts)
    return "".join(parts)


def _write(node: Element, parts: list[str]) -> None:
    tag = node.tag
    if node.attrib:
        attributes = "".join(
            f' {name}="{value.translate(_ATTRIBUTE_ESCAPES)}"'
            for name, value in node.attrib.items()
        )
        parts.append(f"<{tag}{attributes}>")
    else:
        parts.append(f"<{tag}>")
    if text := node.text:
        parts.append(text if isinstance(text, Markup) else text.translate(_ESCAPES))
    for child in node:
        _write(child, parts)
    parts.append(f"</{tag}>")
    if node.tail:
        parts.append(node.tail.translate(_ESCAPES))


def italic(letter: str) -> Iterable[str]:
    """What ``text-transform: math-auto`` makes of one letter (MathML Core, appendix C)."""
    if letter == "h":
        return "\u210e"
    named = unicodedata.name(letter, "")
    kept = _ITALICS.get(letter)
    if kept is not None:
        return kept
    if "A" <= letter <= "Z" or "a" <= letter <= "z":
        case = "CAPITAL" if letter.isupper() else "SMALL"
        return unicodedata.lookup(f"MATHEMATICAL ITALIC {case} {letter.upper()}")
    if named.startswith("GREEK ") and " LETTER " in named:
        _, case, _, *name = named.split(" ")
        try:
            return unicodedata.lookup(f"MATHEMATICAL ITALIC {case} {' '.join(name)}")
        except KeyError:
            return ""
    return ""


_ITALICS = {
    "ı": "𝚤", "ȷ": "𝚥", "∂": "𝜕", "∇": "𝛁", "ϵ": "𝜖", "ϑ": "𝜗", "ϰ": "𝜘", "ϕ": "𝜙", "ϱ": "𝜚",
    "ϖ": "𝜛", "ϴ": "𝛳",
}  # fmt: skip
