"""Which number each equation of a page gets, as LaTeX would count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_cv.mathematics.formula import Formula


@dataclass(frozen=True, slots=True)
class Equation:
    #: The row that is numbered; None for the formula as a whole.
    row: int | None
    #: What stands between the parentheses: "3", "3a", or the TeX of a ``\\tag``.
    number: str
    label: str | None = None
    #: The element's id on the page; given once the page's other ids are known.
    id: str = ""
    tagged: bool = False
    #: Without parentheses, as ``\\tag*`` asks.
    bare: bool = False


def number(formula: Formula, last: int) -> tuple[tuple[Equation, ...], int]:
    """The equations of *formula*, counted on from *last*; and the new last number."""
    equations: list[Equation] = []
    if formula.lettered is not None:
        last += 1
        if formula.lettered.label:
            equations.append(Equation(-1, str(last), formula.lettered.label))
        letters = _letters()
    for row, mark in formula.marks:
        if mark.tag is not None:
            equations.append(Equation(row, mark.tag, mark.label, tagged=True, bare=mark.bare))
            continue
        if formula.lettered is not None:
            shown = f"{last}{next(letters)}"
        else:
            last += 1
            shown = str(last)
        equations.append(Equation(row, shown, mark.label))
    return tuple(equations), last


def _letters() -> Iterator[str]:
    """a, b, …, z, aa, ab, …"""
    count = 0
    while True:
        count += 1
        letters, rest = "", count
        while rest:
            rest, digit = divmod(rest - 1, 26)
            letters = chr(ord("a") + digit) + letters
        yield letters
