"""Tables in the PDF, with their headers told from their cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from sphinx_cv.typst.translator import TypstTranslator


def data_table(translator: TypstTranslator, table: nodes.table) -> str:
    """The call that sets a table."""
    widths = [str(spec.get("colwidth", 1)) for spec in table.findall(nodes.colspec)]
    columns = "".join(f"{width}fr, " for width in widths)
    head = [_row(translator, row) for part in table.findall(nodes.thead) for row in part.children]
    body = [_row(translator, row) for part in table.findall(nodes.tbody) for row in part.children]
    return f"data-table(widths: ({columns}), head: ({''.join(head)}), {''.join(body)})"


def _row(translator: TypstTranslator, row: nodes.Node) -> str:
    cells = []
    for entry in row.children:
        assert isinstance(entry, nodes.entry)
        columns, rows = entry.get("morecols", 0) + 1, entry.get("morerows", 0) + 1
        named = f"columns: {columns}, rows: {rows}, " if columns * rows > 1 else ""
        for side in ("center", "right"):  # as MyST notes how a column is set
            named += f"side: {side}, " if f"text-{side}" in entry["classes"] else ""
        cells.append(f"cell({named}{translator.content(*entry.children)}), ")
    return "".join(cells)
