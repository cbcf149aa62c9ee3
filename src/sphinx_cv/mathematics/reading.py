r"""The one reader of TeX: a formula's source in, a `Formula` out.

Structure is read here: macros, environments, rows, cells, numbers, text. Expressions are
math-core's. What this module has read already is held out of an expression by a character of
the private use area and put back into the tree that math-core returns.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from sphinx_cv.mathematics import core, environments
from sphinx_cv.mathematics.core import element, row
from sphinx_cv.mathematics.formula import Cell, Formula, Mark, Row
from sphinx_cv.mathematics.mended import ALIASES, MENDED, read_text
from sphinx_cv.mathematics.plain import PRIVATE, read_plain
from sphinx_cv.mathematics.tokens import (
    MARKING,
    Cursor,
    FormulaError,
    Macro,
    Token,
    expand,
    is_letter_after_command,
    text_of,
    tokenise,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FIRST_HOLE = 0xE000
_LAST_HOLE = 0xF8FF


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
    if (plain := read_plain(tex, macros, display=display)) is not None:
        mark = Mark(label) if display and label is not None else None
        return Formula(tex, display, "line", (Row((plain,)),), mark)
    if (private := PRIVATE.search(tex)) is not None:
        raise FormulaError(private.start(), "private use characters cannot stand in a formula")
    tokens = expand(tex, ALIASES | dict(macros))
    reader = Reader(len(tex))
    if display:
        return reader.display(tex, tokens, numbered=numbered, label=label)
    if not (cell := reader.expression(tokens, display=False)):
        raise FormulaError(0, "the formula is empty")
    return Formula(tex, False, "line", (Row((Cell(row(cell)),)),))


@dataclass
class Flat:
    """An expression on its way to math-core."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    #: For every part: where it starts, and where in the author's source it comes from.
    places: list[int] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)
    holes: list[ET.Element] = field(default_factory=list)

    def add(self, text: str, origin: int) -> None:
        if self.parts and is_letter_after_command(self.parts[-1], text):
            text = f" {text}"
        self.places.append(self.length)
        self.origins.append(origin)
        self.parts.append(text)
        self.length += len(text)

    def hole(self, filling: ET.Element, origin: int) -> None:
        self.add(chr(_FIRST_HOLE + len(self.holes)), origin)
        self.holes.append(filling)

    def origin(self, offset: int) -> int | None:
        """The place in the source of an offset into this expression; None past its end."""
        if offset >= self.length:
            return None
        return self.origins[bisect_right(self.places, offset) - 1]


@dataclass(slots=True)
class _RawRow:
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
        return _filled(elements, flat.holes) if flat.holes else elements

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
        return FormulaError(origin, _sentence(error.sentence))

    def cell(self, tokens: Sequence[Token], *, display: bool, relation: bool = False) -> ET.Element:
        """One cell; *relation*: an empty atom stands before it, as in ``align``."""
        if relation and any(not token.is_space for token in tokens):
            tokens = [*_void(tokens[0].start), *tokens]
        return row(self.expression(tokens, display=display))

    # Rows and cells

    def rows(self, tokens: Sequence[Token], *, blank_lines: bool = False) -> list[_RawRow]:
        """*tokens* cut at the top level's ``\\\\`` and ``&``; a last, empty row is none."""
        if not blank_lines and not any(token.text in _CUTTING for token in tokens):
            return [_RawRow([list(tokens)])]
        rows = [_RawRow()]
        depth = 0
        cursor = Cursor(tokens, self.end)
        for token in cursor:
            text = token.text
            depth += _DEPTH.get(text, 0)
            if depth:
                rows[-1].cells[-1].append(token)
            elif text in {r"\\", r"\cr"}:
                rows[-1].skip = self._skip(cursor)
                rows.append(_RawRow())
            elif blank_lines and token.is_space and text.count("\n") > 1:
                if not rows[-1].blank:
                    rows.append(_RawRow())
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
        self, raw: list[_RawRow], grid: environments.Grid, columns: environments.Columns
    ) -> ET.Element:
        table = element("mtable", class_=grid.style)
        table.set("displaystyle", "true" if grid.display else "false")
        repeat = len(columns.alignments)
        below = raw.pop() if len(raw) > 1 and raw[-1].blank and raw[-1].lines else None
        for index, source in enumerate(raw):
            cells = []
            for column, tokens in enumerate(source.cells):
                _refuse_marks(tokens)
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
                content = self.cell(tokens, display=grid.display, relation=relation)
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
        content = self.cell(tokens, display=False)
        return element("mtd", content, class_="cv-c cv-between")

    # Displays

    def display(
        self, tex: str, tokens: list[Token], *, numbered: bool, label: str | None
    ) -> Formula:
        """A whole display: the environment it consists of, or rows without one."""
        tokens = _stripped(tokens)
        if not tokens:
            raise FormulaError(0, "the formula is empty")
        found = self._sole_environment(tokens)
        if found is not None and found[0] == "subequations":
            texts = [token.text for token in found[1]]
            start = texts.index(r"\begin") if r"\begin" in texts else len(texts)
            mark, head, _ = _marks_of(found[1][:start])
            inside = _stripped(head + found[1][start:])
            inner = self.display(tex, inside, numbered=True, label=None)
            return replace(inner, lettered=mark or Mark())
        if found is None or (kind := environments.display(found[0])) is None:
            mark, tokens = _marks(tokens)
            if mark is None and label is not None:
                mark = Mark()
            raw = self.rows(tokens, blank_lines=True)
            layout = "align" if any(len(r.cells) > 1 for r in raw) else "gather"
            layout = "line" if len(raw) == 1 and layout == "gather" else layout
            return Formula(tex, True, layout, self._rows(raw, layout), _labelled(mark, label))
        content = Cursor(found[1], self.end)
        if kind.counted and not text_of(content.group(tokens[0])).strip().isdigit():
            raise FormulaError(tokens[0].start, f"{found[0]} takes a number of columns in braces")
        tokens = list(content.tokens[content.position :])
        whole = kind.numbered == "whole" or (not numbered and label is not None)
        mark = None
        if whole or kind.layout in {"line", "multline"}:
            mark, tokens, off = _marks_of(tokens)
            if mark is None and (label is not None or (numbered and whole and not off)):
                mark = Mark()
        raw = self.rows(tokens)
        layout = kind.layout
        if layout == "line" and (len(raw) > 1 or len(raw[0].cells) > 1):
            layout = "align" if any(len(r.cells) > 1 for r in raw) else "gather"
        each = numbered and kind.numbered == "rows" and mark is None
        rows = self._rows(raw, layout, numbered=each)
        if mark is None and len(rows) == 1 and rows[0].mark is not None:
            mark, rows = rows[0].mark, (replace(rows[0], mark=None),)
            layout = "line" if len(rows[0].cells) == 1 else layout
        return Formula(tex, True, layout, rows, _labelled(mark, label))

    def _sole_environment(self, tokens: list[Token]) -> tuple[str, list[Token]] | None:
        if tokens[0].text != r"\begin":
            return None
        cursor = Cursor(tokens, self.end)
        cursor.position = 1
        name, inside = self.body(tokens[0], cursor)
        known = environments.display(name) is not None or name == "subequations"
        return (name, inside) if known and cursor.peek() is None else None

    def _rows(self, raw: list[_RawRow], layout: str, *, numbered: bool = False) -> tuple[Row, ...]:
        rows = []
        for index, source in enumerate(raw):
            mark: Mark | None = None
            off = False
            cells = []
            side = "center"
            if layout == "multline":
                side = {0: "left", len(raw) - 1: "right"}.get(index, "center")
            for column, tokens in enumerate(source.cells):
                found, tokens, hidden = _marks_of(tokens)
                mark = found or mark
                off = off or hidden
                if layout == "multline":
                    side, tokens = _shove(tokens, side)
                relation = layout == "multline" and index > 0
                relation = relation or (layout in _ALIGNED and column % 2 == 1)
                if layout == "eqnarray" and column == 1 and tokens:
                    tokens = [*_void(tokens[0].start), *tokens, *_void(tokens[-1].start)]
                cells.append(Cell(self.cell(tokens, display=True, relation=relation)))
            if numbered and mark is None and not off:
                mark = Mark()
            if off and mark is not None and mark.tag is None:
                mark = None
            rows.append(Row(tuple(cells), mark, source.skip, source.note, side))
        return tuple(rows)


_DEPTH = {"{": 1, "}": -1, r"\begin": 1, r"\end": -1}
_CUTTING = {r"\\", r"\cr", "&", r"\hline", r"\intertext", r"\shortintertext"}
_ALIGNED = {"align", "alignat", "flalign"}


def _void(start: int) -> list[Token]:
    """An empty atom, beside which a sign keeps its space as a relation or an operation."""
    return [Token("{", start), Token("}", start)]


def _stripped(tokens: list[Token]) -> list[Token]:
    first, last = 0, len(tokens)
    while first < last and tokens[first].is_space:
        first += 1
    while last > first and tokens[last - 1].is_space:
        last -= 1
    return tokens[first:last]


def _marks_of(tokens: Sequence[Token]) -> tuple[Mark | None, list[Token], bool]:
    r"""``\label`` and ``\tag`` taken out of *tokens*, and whether there was a ``\notag``."""
    if not any(token.text in MARKING for token in tokens):
        return None, list(tokens), False
    rest: list[Token] = []
    mark: Mark | None = None
    off = False
    cursor = Cursor(tokens, tokens[-1].start + 1 if tokens else 0)
    for token in cursor:
        if token.text == r"\label":
            mark = replace(mark or Mark(), label=text_of(cursor.group(token)).strip())
        elif token.text == r"\tag":
            bare = cursor.star()
            tag = text_of(cursor.group(token)).strip()
            mark = replace(mark or Mark(), tag=tag, bare=bare)
        elif token.text in {r"\notag", r"\nonumber"}:
            off = True
        else:
            rest.append(token)
    return mark, rest, off


def _marks(tokens: Sequence[Token]) -> tuple[Mark | None, list[Token]]:
    """For a display without an environment: its mark, unless each row has its own."""
    mark, rest, _ = _marks_of(tokens)
    if mark is None:
        return None, rest
    depth = 0
    for token in tokens:
        depth += _DEPTH.get(token.text, 0)
        if token.text == r"\\" and depth == 0:
            return None, list(tokens)
    return mark, rest


def _labelled(mark: Mark | None, label: str | None) -> Mark | None:
    """The directive's own label wins over one in the source: ``{eq}`` was told of it."""
    return replace(mark, label=label) if mark is not None and label is not None else mark


def _refuse_marks(tokens: Sequence[Token]) -> None:
    for token in tokens:
        if token.text in {r"\label", r"\tag"}:
            raise FormulaError(token.start, f"{token.text} has no equation of its own here")


def _shove(tokens: list[Token], side: str) -> tuple[str, list[Token]]:
    for name in ("left", "right"):
        if any(token.text == rf"\shove{name}" for token in tokens):
            return name, [token for token in tokens if token.text != rf"\shove{name}"]
    return side, tokens


def _multline_sides(table: ET.Element) -> None:
    rows = table.findall("mtr")
    for index, side in ((0, "cv-l"), (len(rows) - 1, "cv-r")):
        for cell in rows[index]:
            cell.set("class", cell.get("class", "").replace("cv-c", side))


def _filled(elements: list[ET.Element], holes: list[ET.Element]) -> list[ET.Element]:
    """*elements* with every held-out tree put back into its place."""
    out: list[ET.Element] = []
    for node in elements:
        children = list(node)
        if children:
            multiple = node.tag in {"mrow", "msqrt", "mphantom", "mpadded"}
            filled = [
                piece
                for child in children
                for piece in (
                    _filled([child], holes) if multiple else [row(_filled([child], holes))]
                )
            ]
            node[:] = filled
        if node.text and any(_FIRST_HOLE <= ord(c) <= _LAST_HOLE for c in node.text):
            out += _pieces(node, holes)
        else:
            out.append(node)
    return out


def _pieces(node: ET.Element, holes: list[ET.Element]) -> list[ET.Element]:
    pieces: list[ET.Element] = []
    plain = ""
    for character in node.text or "":
        if _FIRST_HOLE <= ord(character) <= _LAST_HOLE:
            if plain:
                pieces.append(element(node.tag, text=plain, **node.attrib))
                plain = ""
            pieces.append(holes[ord(character) - _FIRST_HOLE])
        else:
            plain += character
    if plain:
        pieces.append(element(node.tag, text=plain, **node.attrib))
    return pieces


def _sentence(sentence: str) -> str:
    """math-core's sentence without what it shows of our own devices, in lower case."""
    kept = "".join(c for c in sentence if not _FIRST_HOLE <= ord(c) <= _LAST_HOLE)
    return kept[:1].lower() + kept[1:]
