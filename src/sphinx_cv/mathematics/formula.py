"""A formula as read: rows of cells, each cell a tree of MathML, and what LaTeX would number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinx_cv.mathematics import core
from sphinx_cv.mathematics.core import element

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

_WORD = re.compile(r"<m(?:i|text)[^>]*>[^<]{3}")


class Markup(str):
    """The text of an element that stands for its children, written out."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Mark:
    r"""What identifies one equation: it is numbered unless it brings its own ``\tag``."""

    label: str | None = None
    #: The text of ``\tag``; such an equation takes no number.
    tag: str | None = None
    #: ``\tag*``: no parentheses around the tag.
    bare: bool = False


class Cell:
    """What stands in a cell: a tree, or math-core's markup that becomes one when asked for it."""

    __slots__ = ("_source", "_tree", "markup")

    def __init__(
        self, tree: Element | None = None, *, source: str = "", markup: str | None = None
    ) -> None:
        self._tree = tree
        self._source = source
        #: The same for a page, where no tree was needed to know it.
        self.markup = markup

    @property
    def tree(self) -> Element:
        """Never changed after reading."""
        if self._tree is None:
            self._tree = core.row(core.trees_of(self._source))
        return self._tree

    @property
    def has_words(self) -> bool:
        return _WORD.search(self.markup) is not None if self.markup else _has_words(self.tree)


def _has_words(tree: Element) -> bool:
    return any(n.tag in {"mi", "mtext"} and len(n.text or "") > 2 for n in tree.iter())


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    cells: tuple[Cell, ...]
    mark: Mark | None = None
    #: Extra space below, in quarters of an em, from ``\\[…]``.
    skip: int = 0
    #: ``\intertext`` above this row.
    note: Element | None = None
    #: How the row stands: "left", "right" or "center", where the layout leaves it open.
    side: str = "center"


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    #: The author's source.
    tex: str
    display: bool
    #: "line", "align", "alignat", "flalign", "eqnarray", "gather" or "multline".
    layout: str
    rows: tuple[Row, ...]
    #: The whole formula's own number, where the environment has one and not one per row.
    mark: Mark | None = None
    #: Set by ``subequations``: its rows are 1a, 1b, …; the mark is the label of them all.
    lettered: Mark | None = None

    @property
    def marks(self) -> list[tuple[int | None, Mark]]:
        """Every equation in order, with the row it numbers (None: the formula as a whole)."""
        if self.mark is not None:
            return [(None, self.mark)]
        return [(index, row.mark) for index, row in enumerate(self.rows) if row.mark]

    @property
    def plain(self) -> str | None:
        """The markup of the whole, where no tree was needed to know it."""
        return self.rows[0].cells[0].markup if self.layout == "line" else None

    @property
    def has_words(self) -> bool:
        r"""Whether a reader sees words in it, from ``\text`` or ``\operatorname``."""
        return any(
            (row.note is not None and _has_words(row.note)) or any(c.has_words for c in row.cells)
            for row in self.rows
        )

    @property
    def tree(self) -> Element:
        """All of it as one element, without numbers."""
        if self.layout == "line":
            return self.rows[0].cells[0].tree
        return table(self)


def table(
    formula: Formula, numbers: Sequence[Element | None] | None = None, *, written: bool = False
) -> Element:
    """The rows as an ``mtable``; *numbers*, one per row, become its last column.

    *written*: cells that need no tree hold their `Markup` instead.
    """
    width = max(len(row.cells) for row in formula.rows)
    names = f"cv-rows cv-{formula.layout}" + (" cv-numbered" if numbers is not None else "")
    made = element("mtable", class_=names, displaystyle="true")
    for index, row in enumerate(formula.rows):
        if row.note is not None:
            span = width + (0 if numbers is None else 2)
            note = element("mtd", row.note, class_="cv-note", columnspan=str(span))
            made.append(element("mtr", note))
        cells = [
            _mtd(cell, cell_class(formula.layout, column, row), written=written)
            for column, cell in enumerate(row.cells)
        ]
        cells += [element("mtd") for _ in range(width - len(cells))]
        if numbers is not None:
            number = numbers[index]
            # A column as wide as the numbers' on the other side keeps the formula in the middle.
            cells.insert(0, element("mtd", class_="cv-margin"))
            cells.append(element("mtd", *([] if number is None else [number]), class_="cv-eqno"))
        made.append(element("mtr", *cells))
    return made


def _mtd(cell: Cell, names: str, *, written: bool) -> Element:
    if written and cell.markup:
        return element("mtd", text=Markup(cell.markup), class_=names)
    return element("mtd", cell.tree, class_=names)


def cell_class(layout: str, column: int, row: Row) -> str:
    """The classes of one cell: its alignment, the gap before it, the space below it."""
    match layout:
        case "align" | "alignat" | "flalign":
            names = ["cv-l" if column % 2 else "cv-r"]
            if column and column % 2 == 0 and layout != "alignat":
                names.append("cv-gap")
        case "eqnarray":
            names = ["cv-r", "cv-c", "cv-l"][column : column + 1] or ["cv-c"]
        case _:
            names = [{"left": "cv-l", "right": "cv-r"}.get(row.side, "cv-c")]
    if row.skip:
        names.append(f"cv-skip-{row.skip}")
    return " ".join(names)
