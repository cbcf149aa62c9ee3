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
    noted = any(row.note is not None for row in rows)
    whole = next((n for n in numbers if n is not None), None)
    if formula.layout == "line":
        return _line(formula, spoken, whole)
    if formula.layout == "multline":
        lines = ", ".join(f"({row.side}, $ {_aligned(row)} $)" for row in rows)
        return f"#math-multline({spoken}{_numbered(whole)}, {lines})"
    single = formula.mark is not None or whole is None
    if single and not noted and formula.layout != "flalign":
        body = " \\\n".join(_aligned(row, formula.layout) for row in rows)
        return f"#math-display({spoken}{_numbered(whole)}, $ {body} $)"
    if single:
        numbers = [*[None] * (len(rows) - 1), whole]
    if formula.layout == "gather":
        return _gathered(rows, spoken, numbers)
    return _rows(formula, spoken, numbers, noted=noted)


def _numbered(number: str | None) -> str:
    return f", number: {number}" if number else ""


def _line(formula: Formula, spoken: str, number: str | None) -> str:
    pieces = breaking.parts(formula.tree)
    if ems(formula.tree) > _LONG and len(pieces) + len(pieces[0]) > 2:
        groups = "), (".join(
            " ".join(f"${sequence(element('mrow', *part), False)}$," for part in piece)
            for piece in pieces
        )
        return f"#math-long({spoken}{_numbered(number)}, ({groups}))"
    return f"#math-display({spoken}{_numbered(number)}, $ {translate(formula.tree)} $)"


def _gathered(rows: Sequence[Row], spoken: str, numbers: Sequence[str | None]) -> str:
    lines = []
    for row, number in zip(rows, numbers, strict=True):
        if row.note is not None:
            lines.append(f"(note: ${translate(row.note)}$)")
        lines.append(f"(number: {number or 'none'}, body: $ {_aligned(row)} $)")
    return f"#math-gather({spoken}, {', '.join(lines)})"


def _rows(formula: Formula, spoken: str, numbers: Sequence[str | None], *, noted: bool) -> str:
    """Rows with numbers beside and notes between them; those of flalign fill the measure."""
    width = max(len(row.cells) for row in formula.rows)
    # A note begins in a column of its own, which is where the measure begins.
    left = "#n(none)" + "&&" * noted
    lines = []
    for row, number in zip(formula.rows, numbers, strict=True):
        if row.note is not None:
            lines.append(f"#note(${translate(row.note)}$)")
        end = "&" * (width - len(row.cells) + 1)
        lines.append(f"{left}{_aligned(row, formula.layout)}{end}#n({number or '[]'})")
    body = " \\\n".join(lines)
    gaps = f", gaps: {(width - 1) // 2}" if formula.layout == "flalign" else ""
    return f"#math-rows({spoken}{gaps}, (n, note, gap) => $ {body} $)"


def _aligned(row: Row, layout: str = "") -> str:
    cells = [translate(cell.tree) for cell in row.cells]
    if layout in {"align", "flalign"}:
        cells[2::2] = [f"#h({'gap' if layout == 'flalign' else '2em'}){c}" for c in cells[2::2]]
    return "&".join(cells)
