"""Where in a source file a formula's mistake stands."""

from __future__ import annotations

from dataclasses import dataclass

_EXCERPT = 24


@dataclass(frozen=True, slots=True)
class Place:
    #: Both counted from one.
    line: int
    column: int


def locate(source: str, near: int, tex: str, offset: int) -> Place | None:
    """The place in *source* of the character *offset* of *tex*.

    docutils knows the line *near* of the paragraph or directive that holds the formula, not the
    formula's own; indentation and quotation marks may be missing from *tex*. None if the line
    of the mistake is not found from there on.
    """
    before = tex[:offset]
    own = before.count("\n")
    tex_line = tex.split("\n")[own]
    column = offset - (before.rfind("\n") + 1)
    wanted = tex_line.strip()
    if not wanted:
        return None
    lead = len(tex_line) - len(tex_line.lstrip())
    lines = source.split("\n")
    start = max(0, near - 1)
    for number in range(start, len(lines)):
        found = lines[number].find(wanted)
        if found >= 0:
            return Place(number + 1, found + max(0, column - lead) + 1)
    return None


def excerpt(tex: str, offset: int) -> str:
    """The line of the mistake around it, cut to what fits on a line of a terminal."""
    start = tex.rfind("\n", 0, offset) + 1
    end = tex.find("\n", offset)
    end = len(tex) if end < 0 else end
    first = max(start, offset - _EXCERPT)
    last = min(end, offset + _EXCERPT)
    return (
        ("…" if first > start else "") + tex[first:last].strip() + ("…" if last < end else "")
    ) or tex.strip()[: 2 * _EXCERPT]
