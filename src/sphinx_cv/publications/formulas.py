"""Formulas in what pybtex formats, which knows none: hidden from it, and shown afterwards.

A formula is written in characters that nobody uses, so that no style changes their case or takes
them for TeX: those of Unicode's last two planes, each standing for one of the first two. Pure.
"""

import re
from collections.abc import Iterator, Mapping

from sphinx_cv.mathematics.linear import linear
from sphinx_cv.mathematics.tokens import Macro

_FIRST = 0xF0000
_TEX = re.compile(r"\\\$|(?<!\\)\$((?:[^$\\]|\\.)*)\$", re.DOTALL)
_HIDDEN = re.compile(f"([{chr(_FIRST)}-{chr(0x10FFFF)}]+)")


def hide(tex: str) -> str:
    r"""*tex* with its formulas, and dollars written as ``\$``, in other characters."""
    if "$" not in tex:
        return tex
    return _TEX.sub(lambda m: "".join(chr(_FIRST + ord(c)) for c in m[0] if c < "\U00020000"), tex)


def as_text(text: str, macros: Mapping[str, Macro] | None = None) -> str:
    """*text* for where there is no mathematics: its ``$…$`` on a line, and a dollar as one."""
    if "$" not in text:
        return text
    return _TEX.sub(lambda m: "$" if m[1] is None else linear(m[1], macros), text)


def shown_as_text(text: str, macros: Mapping[str, Macro] | None = None) -> str:
    """The same of *text* with its formulas hidden."""
    return _HIDDEN.sub(lambda m: as_text(_tex(m[0]), macros), text)


def parts(text: str) -> Iterator[tuple[str, bool]]:
    """The parts of *text*, each with whether it is a formula."""
    for number, part in enumerate(_HIDDEN.split(text)):
        if number % 2:
            for match in _TEX.finditer(_tex(part)):
                yield match[1] or "$", bool(match[1])
        elif part:
            yield part, False


def is_hidden(text: str) -> bool:
    """Whether there is anything to show otherwise in *text*."""
    return not text.isascii() and bool(_HIDDEN.search(text))


def _tex(hidden: str) -> str:
    return "".join(chr(ord(character) - _FIRST) for character in hidden)
