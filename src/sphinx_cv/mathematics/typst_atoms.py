"""Letters, numbers, signs, words and spaces as Typst mathematics.

Typst's habits that shape this module: white space beside a text run is drawn, so none is written
where none is needed; every sign is escaped, so that none is taken for a shorthand.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from xml.etree.ElementTree import Element

EMPTY = '""'
_DIGITS = frozenset("0123456789")
FENCES = frozenset("()[]{}|‖⟨⟩⌈⌉⌊⌋⟮⟯⎰⎱⟦⟧/\\↑↓↕⇑⇓⇕⌜⌝⌞⌟∥∣")
OPENING = frozenset("([{⟨⌈⌊⟮⎰⟦⌜⌞")
CLOSING = frozenset(")]}⟩⌉⌋⟯⎱⟧⌝⌟")
DOTS = frozenset("…⋯")
LARGE = frozenset("∑∏∐⋃⋂⋁⋀⨁⨂⨀⨄⨆")
INTEGRALS = frozenset("∫∬∭⨌∮∯∰")
#: What wide content has to be told to become in Typst: class of our tree to function of Typst.
_TEXTS = {
    "cv-text-bold": "bold",
    "cv-text-italic": "#math-word",
    "cv-text-mono": "mono",
    "cv-text-sans": "sans",
}


def string(text: str) -> str:
    """*text* as a Typst string literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def join(codes: Iterable[str]) -> str:
    """Codes side by side, with a blank only where two words would become one."""
    out = ""
    for code in codes:
        if not code:
            continue
        # The dot belongs here since a number would swallow it, and code its field.
        if out and (out[-1].isalnum() or out[-1] == "_") and (code[0].isalnum() or code[0] == "."):
            out += " "
        out += code
    return out


def characters(text: str) -> str:
    """The signs of *text* as they are."""
    # Digits other than ASCII's are escaped like signs: Typst draws a blank before them.
    return join(c if c.isalpha() or c in _DIGITS else f"\\{c}" for c in text)


def identifier(node: Element, script: bool) -> str:
    """An ``mi``."""
    text = node.text or ""
    bare = text.replace("\ufe00", "").replace("\ufe01", "")
    if bare != text:
        face = "scr" if "\ufe01" in text else "cal"
        plain = unicodedata.normalize("NFKC", bare)
        return f"{face}({join(plain) if plain.isalnum() else characters(plain)})"
    if "cv-text-italic" in node.get("class", ""):
        return f"#math-word({string(text)})"
    if len(text) > 1:
        alphabet = all(0x1D400 <= ord(c) <= 0x1D7FF or 0x2100 <= ord(c) <= 0x214F for c in text)
        return characters(text) if alphabet else string(text)
    if node.get("mathvariant") == "normal" and text.isalpha():
        return f"upright({text})"
    return characters(text)


def number(node: Element, script: bool) -> str:
    """An ``mn``."""
    text = node.text or ""
    return text if re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII) else characters(text)


def text(node: Element, script: bool) -> str:
    """An ``mtext``."""
    code = string("".join(node.itertext()))
    for name in node.get("class", "").split():
        code = f"{_TEXTS[name]}({code})" if name in _TEXTS else code
    return code


def operator(node: Element, script: bool) -> str:
    """An ``mo``."""
    text = (node.text or "").strip()
    if text == "\u2061":
        return "" if script or zero(node.get("lspace")) else "thin"
    if not text or text in "\u2062\u2063\u2064":
        return ""
    code = characters(text)
    size = node.get("minsize")
    if size is not None:
        code = f"lr(size: #{size}, {code})"
    form = node.get("form")
    lspace, rspace = node.get("lspace"), node.get("rspace")
    if text == ":" and form == "infix":
        return 'class("punctuation", \\:)'
    if text in OPENING or (form == "prefix" and text in FENCES):
        return f'class("opening", {code})' if size or text not in OPENING else code
    if text in CLOSING or (form == "postfix" and text in FENCES):
        return f'class("closing", {code})' if size or text not in CLOSING else code
    if text in LARGE | INTEGRALS or script:
        return code
    if size is not None and not zero(lspace):
        return f'class("relation", {code})'
    if text in DOTS or (zero(lspace) and zero(rspace)):
        return f'class("normal", {code})'
    if text == "," and zero(rspace):
        return f'class("normal", {code})'
    if lspace == rspace == "0.2222em":
        return f'class("binary", {code})'
    return code


def zero(length: str | None) -> bool:
    """Whether *length* is given, and nothing."""
    return length is not None and float(length.removesuffix("em") or 0) == 0


def space(node: Element, script: bool) -> str:
    """An ``mspace``."""
    match = re.fullmatch(r"cv-neg-(\d+)", node.get("class", ""))
    if match is not None:
        return f"#h(-{int(match[1]) / 18:.4f}em)"
    width = node.get("width", "0")
    return "" if width in {"0", "0em"} else f"#h({width})"
