"""The environments of LaTeX and amsmath: how each is laid out, fenced and numbered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Display:
    """An environment that stands alone on the page."""

    layout: str
    #: "rows": each row has a number; "whole": one number; "none".
    numbered: str
    #: ``alignat`` takes the number of its pairs of columns.
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """An environment within a formula."""

    #: Alignments, repeated as often as there are columns; "" where the author gives them.
    columns: str
    style: str
    opening: str = ""
    closing: str = ""
    display: bool = False
    #: The braces that follow: "" none, "columns" as ``array`` has, "count" as ``alignedat``.
    argument: str = ""


_DISPLAYS = {
    "equation": Display("line", "whole"),
    "align": Display("align", "rows"),
    "alignat": Display("alignat", "rows", counted=True),
    "xalignat": Display("align", "rows", counted=True),
    "xxalignat": Display("flalign", "none", counted=True),
    "flalign": Display("flalign", "rows"),
    "gather": Display("gather", "rows"),
    "multline": Display("multline", "whole"),
    "eqnarray": Display("eqnarray", "rows"),
    "displaymath": Display("line", "none"),
    "math": Display("line", "none"),
}

_FENCES = {
    "": ("", ""),
    "p": ("(", ")"),
    "b": ("[", "]"),
    "B": ("{", "}"),
    "v": ("|", "|"),
    "V": ("‖", "‖"),
}

GRIDS = {
    "aligned": Grid("rl", "cv-rows cv-align", display=True),
    "alignedat": Grid("rl", "cv-rows cv-alignat", display=True, argument="count"),
    "split": Grid("rl", "cv-rows cv-align", display=True),
    "gathered": Grid("c", "cv-rows", display=True),
    "lgathered": Grid("l", "cv-rows", display=True),
    "rgathered": Grid("r", "cv-rows", display=True),
    "multlined": Grid("c", "cv-rows cv-multlined", display=True),
    "cases": Grid("l", "cv-cases", "{"),
    "dcases": Grid("l", "cv-cases", "{", display=True),
    "rcases": Grid("l", "cv-cases", "", "}"),
    "drcases": Grid("l", "cv-cases", "", "}", display=True),
    "array": Grid("", "cv-array", argument="columns"),
    "darray": Grid("", "cv-array", argument="columns", display=True),
    "subarray": Grid("", "cv-substack", argument="columns"),
    **{f"{k}matrix": Grid("c", "cv-matrix", *fences) for k, fences in _FENCES.items()},
    **{f"{k}smallmatrix": Grid("c", "cv-smallmatrix", *fences) for k, fences in _FENCES.items()},
    # Authors set these inside $$…$$ or fences, where LaTeX would refuse them.
    "align": Grid("rl", "cv-rows cv-align", display=True),
    "gather": Grid("c", "cv-rows", display=True),
    "equation": Grid("c", "cv-rows", display=True),
}


def display(name: str) -> Display | None:
    """The display environment *name*; the star takes its numbers away."""
    found = _DISPLAYS.get(name.removesuffix("*"))
    if found is not None and name.endswith("*"):
        return Display(found.layout, "none", found.counted)
    return found


def grid(name: str) -> Grid | None:
    return GRIDS.get(name) or GRIDS.get(name.removesuffix("*"))


@dataclass(frozen=True, slots=True)
class Columns:
    alignments: str
    #: Before which columns a line stands; the number of columns itself means after the last.
    lines: frozenset[int]
    #: What stands between columns in place of space, by the column after it: TeX, mostly none.
    between: Mapping[int, str] = field(default_factory=dict)


_COLUMN = re.compile(r"@\{((?:[^{}]|\{[^{}]*\})*)\}|\S", re.DOTALL)


def columns(specification: str) -> Columns:
    r"""The argument of ``array``: ``l``, ``c``, ``r``, ``|``, ``*{3}{c}``, ``@{…}``.

    Raises ValueError naming what is not understood.
    """
    text = re.sub(r"[!><]\{[^{}]*\}", "", specification)
    while (match := re.search(r"\*\{(\d{1,2})\}\{([^{}]*)\}", text)) is not None:
        text = text[: match.start()] + match[2] * int(match[1]) + text[match.end() :]
    text = re.sub(r"(?<!@)[pmb]\{[^{}]*\}", "l", text)
    alignments = ""
    lines = set()
    between = {}
    for match in _COLUMN.finditer(text):
        character = match[0]
        if character.startswith("@{"):
            between[len(alignments)] = match[1].strip()
        elif character == "|":
            lines.add(len(alignments))
        elif character in "lcr":
            alignments += character
        else:
            raise ValueError(f'"{character}" is not a column: expected l, c, r or |')
    if not alignments:
        raise ValueError("an array needs its columns, as in {lcr}")
    # Beside a line there is space as everywhere: what is set there is mostly space itself.
    between = {column: tex for column, tex in between.items() if column not in lines}
    return Columns(alignments, frozenset(lines), between)


_UNITS = {
    "pt": 0.1, "em": 1.0, "ex": 0.43, "mm": 0.2845, "cm": 2.845, "in": 7.227, "mu": 1 / 18,
    "pc": 1.2, "px": 0.1, r"\baselineskip": 1.2, r"\jot": 0.3,
}  # fmt: skip


def length(text: str) -> float:
    """A TeX length in em of a ten-point font.

    Raises ValueError if it is none.
    """
    units = "|".join(map(re.escape, _UNITS))
    match = re.fullmatch(rf"\s*([+-]?(?:\d+\.?\d*|\.\d+)?)\s*({units})\s*", text)
    if match is None or (not match[1] and not match[2].startswith("\\")):
        raise ValueError(f'"{text.strip()}" is not a length, as 4pt or 0.5em would be')
    return float(match[1] or "1") * _UNITS[match[2]]
