"""Fences and displays of a Markdown page that are not closed, or that open nothing.

Markdown has no errors: a fence that is not closed takes the rest of the page with it, a
stray one turns what follows into its content, an unclosed ``$$`` is text, all in silence.
Pure: lines in, findings out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: What may stand before a fence: white space, quotation marks, marks of list items.
_LEAD = r"[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]+|>)*[ \t]*"
_FENCE = re.compile(rf"(?P<lead>{_LEAD})(?P<mark>`{{3,}}|~{{3,}}|:{{3,}})(?P<info>.*)$")
_DISPLAY = re.compile(rf"{_LEAD}\$\$(?P<rest>.*)$")
_DISPLAY_END = re.compile(r"\$\$\s*(?:\([^)$\r\n]+?\)\s*)?$")
_DIRECTIVE = re.compile(r"\{[^\s{}]+\}(\s|$)")
#: Directives whose content is not Markdown.
_VERBATIM = re.compile(
    r"\{(?:code|code-block|code-cell|sourcecode|math|raw|literalinclude|parsed-literal|csv-table"
    r"|bibliography|mermaid|graphviz|eval-rst|doctest|testcode|prompt|toctree)\}"
)


@dataclass(frozen=True)
class Finding:
    """A line (from 1) and what is wrong with it."""

    line: int
    message: str


def check_fences(
    lines: Sequence[str], first: int = 1, *, colons: bool = True, dollars: bool = True
) -> Iterator[Finding]:
    """Report each fence that is not closed or opens nothing.

    ``colons`` and ``dollars`` say whether ``:::`` and ``$$`` mean anything on the page.
    """
    number = 0
    while number < len(lines):
        line = first + number
        if "<!--" in lines[number] and "-->" not in lines[number].split("<!--")[-1]:
            closing = (n for n in range(number + 1, len(lines)) if "-->" in lines[n])
            number = next(closing, len(lines)) + 1
            continue
        fence, display = _FENCE.match(lines[number]), _DISPLAY.match(lines[number])
        if fence and _opens(fence, colons=colons):
            mark, info = fence["mark"], fence["info"].strip()
            if mark[0] == ":" and not info:
                yield Finding(
                    line, f"{mark!r} closes nothing; remove it, or mend the fence above it"
                )
                number += 1
                continue
            if ("{" in info or "}" in info) and not _DIRECTIVE.match(info):
                right = f"{mark}{{name}} title"
                yield Finding(line, f"{mark + info!r} is not a directive; write {right!r}")
            end = _fence_end(lines, number + 1, fence)
            if end is None:
                yield _unclosed(line, mark + info, mark)
                end = len(lines)
            if (mark[0] == ":" or _DIRECTIVE.match(info)) and not _VERBATIM.match(info):
                inner = lines[number + 1 : end]
                yield from check_fences(inner, line + 1, colons=colons, dollars=dollars)
            number = end + 1
        elif display and dollars:
            end = _display_end(lines, number, display["rest"])
            if end is None:
                yield _unclosed(line, "$$", "$$")
                end = number
            number = end + 1
        else:
            number += 1


def _unclosed(line: int, opening: str, mark: str) -> Finding:
    return Finding(line, f"{opening!r} is never closed; add a line {mark!r} where it ends")


def _opens(fence: re.Match[str], *, colons: bool) -> bool:
    if fence["mark"][0] == ":":
        return colons
    # Back ticks further on make it code within a line.
    return fence["mark"][0] == "~" or "`" not in fence["info"]


def _fence_end(lines: Sequence[str], start: int, fence: re.Match[str]) -> int | None:
    mark, deepest = fence["mark"], _width(fence["lead"]) + 3  # further in, it would be code
    closing = re.compile(rf"([ \t>]*){re.escape(mark[0])}{{{len(mark)},}}\s*$")
    for number in range(start, len(lines)):
        match = closing.match(lines[number])
        if match and _width(match[1]) <= deepest:
            return number
    return None


def _width(lead: str) -> int:
    return len(lead.expandtabs(4))


def _display_end(lines: Sequence[str], start: int, rest: str) -> int | None:
    """The line that ends the display opened on line ``start``."""
    if "$$" in rest:
        return start
    return next((n for n in range(start + 1, len(lines)) if _DISPLAY_END.search(lines[n])), None)
