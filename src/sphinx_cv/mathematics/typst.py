"""A formula as Typst markup: which function of ``mathematics.typ`` sets it, and with what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_cv.mathematics import breaking
from sphinx_cv.mathematics.core import element
from sphinx_cv.mathematics.extent import ems
from sphinx_cv.mathematics.typst_atoms import join, string
from sphinx_cv.mathematics.typst_elements import sequence, translate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_cv.mathematics.formula import Formula, Row

__all__ = ["display", "inline", "string", "translate"]

#: Ems from which a display may be wider than a page, or a column of it.
_LONG = 24
#: Ems below which a formula within a line is not parted.
_SHORT = 5


def inline(formula: Formula, alt: str) -> str:
    """Typst markup for a formula within a line."""
    short = "short: true, " if ems(formula.tree) < _SHORT else ""
    return f"#math-inline({short}alt: {string(alt)}, ${join([translate(formula.tree)])}$)"


def display(formula: Formula, alt: str, numbers: Sequence[str | None] = ()) -> str:
    """Typst markup for a display.

    *numbers* are Typst expressions of content, such as ``[(1) <label>]``: one for the whole
    formula if that is what it has, else one for each row, None where a row has none.
    """
    spoken = f"alt: {string(alt)}"
    rows = formula.rows
    if formula.layout == "line" or (formula.mark is None and not any(numbers)):
        number = next((n for n in numbers if n is not None), None)
        return _whole(formula, spoken, number)
    if formula.mark is not None:
        return _whole(formula, spoken, numbers[0] if numbers else None)
    if any(row.note is not None for row in rows) or formula.layout == "gather":
        lines = []
        for row, number in zip(rows, numbers, strict=True):
            if row.note is not None:
                lines.append(f"(note: ${translate(row.note)}$)")
            lines.append(f"(number: {number or 'none'}, body: $ {_aligned(row)} $)")
        return f"#math-gather({spoken}, {', '.join(lines)})"
    width = max(len(row.cells) for row in rows)
    lines = [
        f"#n(none){_aligned(row, formula.layout)}{'&' * (width - len(row.cells) + 1)}"
        f"#n({number or '[]'})"
        for row, number in zip(rows, numbers, strict=True)
    ]
    body = " \\\n".join(lines)
    return f"#math-rows({spoken}, n => $ {body} $)"


def _whole(formula: Formula, spoken: str, number: str | None) -> str:
    numbered = f", number: {number}" if number else ""
    if formula.layout == "multline":
        lines = ", ".join(f"({row.side}, $ {_aligned(row)} $)" for row in formula.rows)
        return f"#math-multline({spoken}{numbered}, {lines})"
    if any(row.note is not None for row in formula.rows):
        lines = ", ".join(
            (f"(note: ${translate(row.note)}$), " if row.note is not None else "")
            + f"(number: none, body: $ {_aligned(row)} $)"
            for row in formula.rows
        )
        return f"#math-gather({spoken}{numbered}, {lines})"
    if formula.layout == "line":
        pieces = breaking.parts(formula.tree)
        if ems(formula.tree) > _LONG and len(pieces) + len(pieces[0]) > 2:
            groups = "), (".join(
                " ".join(f"${sequence(element('mrow', *part), False)}$," for part in piece)
                for piece in pieces
            )
            return f"#math-long({spoken}{numbered}, ({groups}))"
        body = translate(formula.tree)
    else:
        body = " \\\n".join(_aligned(row, formula.layout) for row in formula.rows)
    return f"#math-display({spoken}{numbered}, $ {body} $)"


def _aligned(row: Row, layout: str = "") -> str:
    cells = [translate(cell.tree) for cell in row.cells]
    if layout in {"align", "flalign"}:
        cells[2::2] = [f"#h(2em){cell}" for cell in cells[2::2]]
    return "&".join(cells)
