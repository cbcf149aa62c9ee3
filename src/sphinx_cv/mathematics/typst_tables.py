"""Tables as Typst mathematics: matrices, cases, arrays with and without lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sphinx_cv.mathematics.typst_atoms import EMPTY, join

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


class Translate(Protocol):
    def __call__(self, node: Element, *, script: bool = False) -> str: ...


def table(node: Element, script: bool, translate: Translate) -> str:
    """An ``mtable``; *translate* is for what stands in its cells."""
    classes = node.get("class", "").split()
    rows = [row for row in node if row[0].get("columnspan") is None]
    show = node.get("displaystyle") == "true"
    if lines := _lines(rows):
        return _ruled(rows, lines, translate)
    script = script or bool({"cv-smallmatrix", "cv-substack"} & set(classes))
    close = any("cv-close-" in cell.get("class", "") for row in rows for cell in row)
    cells = "; ".join(
        ", ".join(
            _cell(
                cell, script, show, translate, padding=_padding(row, column) if close else ("", "")
            )
            for column, cell in enumerate(row)
        )
        for row in rows
    )
    options = ["delim: #none"]
    if "cv-rows" in classes:
        options += ["column-gap: #0em", "row-gap: #0.65em"]
    elif "cv-cases" in classes:
        options += ["column-gap: #1em", "row-gap: #0.35em"]
    elif "cv-substack" in classes:
        options += ["row-gap: #0.2em"]
    elif close:
        options += ["row-gap: #0.35em", "column-gap: #0em"]
    elif "cv-smallmatrix" in classes:
        options += ["row-gap: #0.2em", "column-gap: #0.35em"]
    else:
        options += ["row-gap: #0.35em", "column-gap: #0.9em"]
    code = f"mat({', '.join(options)}, {cells})"
    return f"script({code})" if {"cv-smallmatrix", "cv-substack"} & set(classes) else code


def _padding(row: Element, column: int) -> tuple[str, str]:
    """The space before and after a cell of a table where some have none."""
    names = row[column].get("class", "").split()
    between = "cv-between" in names
    before = column > 0 and not between and "cv-close-left" not in names
    after = column < len(row) - 1 and not between and "cv-close-right" not in names
    return "#h(0.45em)" * before, "#h(0.45em)" * after


def _cell(
    cell: Element, script: bool, show: bool, translate: Translate, *, padding: tuple[str, str]
) -> str:
    code = join(translate(child, script=script) for child in cell)
    names = cell.get("class", "").split()
    if code:
        # Typst would set cells one size smaller.
        code = f"{'script' if script else 'display' if show else 'inline'}({code})"
    if "cv-gap" in names:
        code = f"#h(2em){code}"
    before, after = padding
    code = f"{before}{code}{after}"
    if "cv-r" in names:
        return f"{code or EMPTY}&"
    return f"&{code or EMPTY}" if "cv-l" in names else code or EMPTY


def _lines(rows: list[Element]) -> dict[str, set[int]]:
    """Before which rows and columns an array has lines; empty if it has none."""
    horizontal, vertical = set(), set()
    for index, row in enumerate(rows):
        for column, cell in enumerate(row):
            names = cell.get("class", "").split()
            if "cv-line-above" in names:
                horizontal.add(index)
            if "cv-line-below" in names:
                horizontal.add(index + 1)
            if "cv-line-left" in names:
                vertical.add(column)
            if "cv-line-right" in names:
                vertical.add(column + 1)
    return {"horizontal": horizontal, "vertical": vertical} if horizontal or vertical else {}


def _ruled(rows: list[Element], lines: dict[str, set[int]], translate: Translate) -> str:
    """An array with lines, which `mat` would have cross at the corners of a frame."""
    width = max(map(len, rows))
    sides = {"cv-l": "left", "cv-r": "right"}
    first = [cell.get("class", "").split()[0] for cell in max(rows, key=len)]
    parts = [f"columns: ({''.join(sides.get(name, 'center') + ', ' for name in first)})"]
    for name, numbers in lines.items():
        parts.append(f"{name}: ({''.join(f'{n}, ' for n in sorted(numbers))})")
    for row in rows:
        cells = [join(translate(child) for child in cell) for cell in row]
        parts += [f"${code or EMPTY}$" for code in cells] + ["[]"] * (width - len(cells))
    return f"#math-ruled({', '.join(parts)})"
