"""Displays and fences of a MyST page that are opened and never closed.

Markdown has no errors: an unclosed ``$$`` is text, and an unclosed fence takes the rest of the
page with it, both in silence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FENCE = re.compile(r"(?P<lead>[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?:>[ \t]?)*[ \t]*)"
                    r"(?P<fence>`{3,}|~{3,}|:{3,})(?P<info>.*)")  # fmt: skip
_DOLLARS = re.compile(r"[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?:>[ \t]?)*[ \t]*\$\$(?P<rest>.*)")
_CLOSED = re.compile(r"\$\$\s*(?:\([^)$\r\n]+?\)\s*)?$")
#: Directives whose content is not Markdown.
_VERBATIM = re.compile(
    r"\{(?:code|code-block|code-cell|sourcecode|math|raw|literalinclude|parsed-literal|csv-table"
    r"|bibliography|mermaid|graphviz|eval-rst|doctest|testcode|toctree)\}"
)


@dataclass(frozen=True, slots=True)
class Unclosed:
    #: Counted from one.
    line: int
    opening: str


def unclosed(source: str, *, colons: bool = True) -> list[Unclosed]:
    """What *source* opens and does not close; *colons*: ``:::`` fences are in use."""
    return sorted(_scan(source.split("\n"), 1, colons), key=lambda found: found.line)


def _scan(lines: list[str], first: int, colons: bool) -> list[Unclosed]:
    found: list[Unclosed] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        fence = _FENCE.match(line)
        if fence is not None and (colons or fence["fence"][0] != ":") and _opens(fence):
            end = _fence_end(lines, index + 1, fence["fence"])
            if end is None:
                found.append(Unclosed(first + index, fence["fence"] + fence["info"].rstrip()))
                break
            info = fence["info"].strip()
            if info.startswith("{") and not _VERBATIM.match(info):
                found += _scan(lines[index + 1 : end], first + index + 1, colons)
            index = end + 1
            continue
        dollars = _DOLLARS.match(line)
        if dollars is not None:
            end = _dollars_end(lines, index, dollars["rest"])
            if end is None:
                found.append(Unclosed(first + index, "$$"))
                index += 1
            else:
                index = end + 1
            continue
        index += 1
    return found


def _opens(fence: re.Match[str]) -> bool:
    # Back ticks further on make it code within a line; bare colons close, they do not open.
    if fence["fence"][0] == "`":
        return "`" not in fence["info"]
    return fence["fence"][0] != ":" or bool(fence["info"].strip())


def _fence_end(lines: list[str], start: int, opening: str) -> int | None:
    closing = re.compile(rf"[ \t>]*{re.escape(opening[0])}{{{len(opening)},}}\s*$")
    for index in range(start, len(lines)):
        if closing.match(lines[index]):
            return index
    return None


def _dollars_end(lines: list[str], start: int, rest: str) -> int | None:
    """The line that ends the display opened on line *start*; *start* itself if none is opened."""
    if rest.strip():
        if _CLOSED.search(rest):
            return start
        if "$$" in rest:
            return start  # text follows the closing: a display within a line
    for index in range(start + 1, len(lines)):
        if _CLOSED.search(lines[index].rstrip()):
            return index
    return None
