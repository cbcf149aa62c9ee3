r"""The one reader of TeX: a formula's source in, a `Formula` out.

Structure is read here and in ``displays``: macros, environments, rows, cells, numbers, text.
Expressions are math-core's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from sphinx_cv.mathematics import core, displays, environments
from sphinx_cv.mathematics.core import element, row
from sphinx_cv.mathematics.formula import Cell, Formula, Mark, Row
from sphinx_cv.mathematics.holes import Flat, filled, without_holes
from sphinx_cv.mathematics.marks import refuse_marks
from sphinx_cv.mathematics.mended import ALIASES, MENDED, read_text
from sphinx_cv.mathematics.plain import read_plain
from sphinx_cv.mathematics.tokens import (
    DEPTH,
    Cursor,
    FormulaError,
    Macro,
    Token,
    after_void,
    expand,
    private,
    text_of,
    tokenise,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def read(
    tex: str,
    *,
    display: bool = False,
    macros: Mapping[str, Macro] | None = None,
    numbered: bool = False,
    label: str | None = None,
) -> Formula:
    r"""The formula whose source is *tex*.

    *numbered* says that LaTeX's own rules hold, each row of ``align`` with its number; without
    it the formula is one equation, which has a number if it has a *label*, and rows have one
    only if they bring a ``\label`` or ``\tag``. Raises FormulaError.
    """
    return _read(tex, display, tuple(sorted((macros or {}).items())), numbered, label)


@lru_cache(maxsize=4096)
def _read(
    tex: str,
    display: bool,
    macros: tuple[tuple[str, Macro], ...],
    numbered: bool,
    label: str | None,
) -> Formula:
    mark = Mark(label) if display and label is not None else None
    if (plain := read_plain(tex, macros, display=display)) is not None:
        return Formula(tex, display, "line", (Row((plain,)),), mark)
    if (offset := private(tex)) is not None:
        raise FormulaError(offset, "private use characters cannot stand in a formula")
    written = tokenise(tex)
    tokens = expand(written, ALIASES | dict(macros), len(tex))
    expanded = text_of(tokens) if tokens is not written else ""
    if expanded and (plain := read_plain(expanded, (), display=display)) is not None:
        return Formula(tex, display, "line", (Row((plain,)),), mark)
    reader = Reader(len(tex))
    if display:
        return displays.display(reader, tex, tokens, numbered=numbered, label=label)
    if not (cell := reader.expression(tokens, display=False)):
        raise FormulaError(0, "the formula is empty")
    return Formula(tex, False, "line", (Row((Cell(row(cell)),)),))


@dataclass(slots=True)
class RawRow:
    cells: list[list[Token]] = field(default_factory=lambda: [[]])
    skip: int = 0
    #: Lines above, by ``\hline``.
    lines: int = 0
    note: ET.Element | None = None

    @property
    def blank(self) -> bool:
        return all(token.is_space for cell in self.cells for token in cell)


class Reader:
    def __init__(self, end: int) -> None:
        self.end = end

    # Expressions

    def expression(self, tokens: Sequence[Token], *, display: bool) -> list[ET.Element]:
        """The elements of a run of tokens without rows or cells."""
        if not any(token.text in MENDED for token in tokens):
            return self._flat(tokens, display=display)
        flat = Flat()
        cursor = Cursor(tokens, self.end)
        for token in cursor:
            mend = MENDED.get(token.text)
            if mend is not None:
                mend(self, token, cursor, flat, display)
            else:
                flat.add(token.text, token.start)
        try:
            elements = core.convert("".join(flat.parts), display=display)
        except FormulaError as error:
            raise self._misread(error, flat.origin(error.offset), tokens) from None
        return filled(elements, flat.holes) if flat.holes else elements

    def _flat(self, tokens: Sequence[Token], *, display: bool) -> list[ET.Element]:
        """The same where no token needs more than math-core: most formulas, and the fast way."""
        try:
            return core.convert(text_of(tokens), display=display)
        except FormulaError as error:
            flat = Flat()
            for token in tokens:
                flat.add(token.text, token.start)
            raise self._misread(error, flat.origin(error.offset), tokens) from None

    def _misread(
        self, error: FormulaError, origin: int | None, tokens: Sequence[Token]
    ) -> FormulaError:
        """math-core's *error* in terms of the author's source."""
        if origin is None:
            origin = tokens[-1].start + len(tokens[-1].text) if tokens else self.end
        return FormulaError(origin, without_holes(error.sentence))

    def read(self, tokens: Sequence[Token], *, display: bool) -> Cell:
        """One cell."""
        plain = read_plain(text_of(tokens), (), display=display)
        return plain or Cell(row(self.expression(tokens, display=display)))

    # Rows and cells

    def rows(self, tokens: Sequence[Token], *, blank_lines: bool = False) -> list[RawRow]:
        """*tokens* cut at the top level's ``\\\\`` and ``&``; a last, empty row is none."""
        if not blank_lines and not any(token.text in _CUTTING for token in tokens):
            return [RawRow([list(tokens)])]
        rows = [RawRow()]
        depth = 0
        cursor = Cursor(tokens, self.end)
        for token in cursor:
            text = token.text
            depth += DEPTH.get(text, 0)
            if depth:
                rows[-1].cells[-1].append(token)
            elif text in {r"\\", r"\cr"}:
                rows[-1].skip = self._skip(cursor)
                rows.append(RawRow())
            elif blank_lines and token.is_space and text.count("\n") > 1:
                if not rows[-1].blank:
                    rows.append(RawRow())
            elif text == "&":
                rows[-1].cells.append([])
            elif text == r"\hline":
                if not rows[-1].blank:
                    raise FormulaError(token.start, r"\hline stands at the start of a row")
                rows[-1].lines += 1
            elif text in {r"\intertext", r"\shortintertext"}:
                if not rows[-1].blank:
                    raise FormulaError(token.start, rf"{text} stands between rows, after \\")
                rows[-1].note = row(read_text(self, token, cursor, display=True))
            else:
                rows[-1].cells[-1].append(token)
        if len(rows) > 1 and rows[-1].blank and len(rows[-1].cells) == 1 and not rows[-1].lines:
            rows.pop()
        return rows

    def _skip(self, cursor: Cursor) -> int:
        cursor.star()
        # amsmath allows no space before the bracket, so that a row may begin with one.
        following = cursor.peek()
        if following is None or following.text != "[":
            return 0
        argument = cursor.optional()
        try:
            em = environments.length(text_of(argument or []))
        except ValueError as error:
            raise FormulaError(following.start, str(error)) from None
        return max(0, min(16, round(em * 4)))

    # Environments

    def body(self, opening: Token, cursor: Cursor) -> tuple[str, list[Token]]:
        r"""The name and the inside of the environment that ``\begin`` opens."""
        name = text_of(cursor.group(opening)).strip()
        first = cursor.position
        depth = 1
        for token in cursor:
            depth += {r"\begin": 1, r"\end": -1}.get(token.text, 0)
            if depth == 0:
                inside = list(cursor.tokens[first : cursor.position - 1])
                closing = text_of(cursor.group(token)).strip()
                if closing != name:
                    raise FormulaError(
                        token.start, f"\\begin{{{name}}} is closed by \\end{{{closing}}}"
                    )
                return name, inside
        raise FormulaError(opening.start, f"\\begin{{{name}}} is never closed")

    def environment(self, opening: Token, cursor: Cursor) -> ET.Element:
        name, tokens = self.body(opening, cursor)
        grid = environments.grid(name)
        if grid is None:
            raise FormulaError(opening.start, f'unknown environment "{name}"')
        inside = Cursor(tokens, self.end)
        position = inside.optional()  # [t], [b]: where it stands on the line
        columns = environments.Columns(grid.columns, frozenset())
        if position is not None and name.endswith("matrix*"):
            columns = environments.Columns(text_of(position).strip(), frozenset())
        if grid.argument:
            argument = text_of(inside.group(opening))
            try:
                if grid.argument == "columns":
                    columns = environments.columns(argument)
                elif not argument.strip().isdigit():
                    raise ValueError(f'"{argument}" is not a number of columns')
            except ValueError as error:
                raise FormulaError(opening.start, str(error)) from None
        raw = self.rows(inside.tokens[inside.position :])
        table = self.table(raw, grid, columns)
        if not grid.opening and not grid.closing:
            return table
        fences = [element("mo", text=f) for f in (grid.opening,) if f]
        closing = [element("mo", text=f) for f in (grid.closing,) if f]
        for fence, form in [*((f, "prefix") for f in fences), *((f, "postfix") for f in closing)]:
            fence.set("form", form)
            if fence.text in {"|", "‖"}:
                fence.set("stretchy", "true")
        return element("mrow", *fences, table, *closing)

    def table(
        self, raw: list[RawRow], grid: environments.Grid, columns: environments.Columns
    ) -> ET.Element:
        table = element("mtable", class_=grid.style)
        table.set("displaystyle", "true" if grid.display else "false")
        repeat = len(columns.alignments)
        below = raw.pop() if len(raw) > 1 and raw[-1].blank and raw[-1].lines else None
        for index, source in enumerate(raw):
            cells = []
            for column, tokens in enumerate(source.cells):
                refuse_marks(tokens)
                align = columns.alignments[column % repeat]
                names = [f"cv-{align}"]
                if columns.alignments == "rl" and column and column % 2 == 0:
                    names.append("cv-gap")
                names += ["cv-line-left"] * (column in columns.lines)
                last = column == len(source.cells) - 1
                names += ["cv-line-right"] * (last and column + 1 in columns.lines)
                names += ["cv-line-above"] * bool(source.lines)
                names += ["cv-line-below"] * (below is not None and index == len(raw) - 1)
                names += [f"cv-skip-{source.skip}"] * bool(source.skip)
                relation = columns.alignments == "rl" and column % 2 == 1
                tokens = after_void(tokens) if relation else tokens
                content = row(self.expression(tokens, display=grid.display))
                between = columns.between
                names += ["cv-close-left"] * (column in between)
                names += ["cv-close-right"] * (column + 1 in between)
                if column == 0 and between.get(0):
                    cells.append(self._between(between[0]))
                cells.append(element("mtd", content, class_=" ".join(names)))
                if between.get(column + 1):
                    cells.append(self._between(between[column + 1]))
            if source.note is not None:
                span = str(max(len(r.cells) for r in raw))
                note = element("mtd", source.note, class_="cv-note", columnspan=span)
                table.append(element("mtr", note))
            table.append(element("mtr", *cells))
        if "smallmatrix" in grid.style:
            table.set("scriptlevel", "+1")
        if "substack" in grid.style:
            table.set("scriptlevel", "1")  # whether it stands in a script or not
        if "smallmatrix" in grid.style or "substack" in grid.style:
            core.tighten(table)
        if "multline" in grid.style:
            _multline_sides(table)
        return table

    def _between(self, tex: str) -> ET.Element:
        """A cell for what ``@{…}`` puts between two columns."""
        tokens = [token._replace(start=0) for token in tokenise(tex)]
        content = row(self.expression(tokens, display=False))
        return element("mtd", content, class_="cv-c cv-between")


_CUTTING = {r"\\", r"\cr", "&", r"\hline", r"\intertext", r"\shortintertext"}


def _multline_sides(table: ET.Element) -> None:
    rows = table.findall("mtr")
    for index, side in ((0, "cv-l"), (len(rows) - 1, "cv-r")):
        for cell in rows[index]:
            cell.set("class", cell.get("class", "").replace("cv-c", side))
