r"""Whole displays: the environment of LaTeX that one consists of, or rows without one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sphinx_cv.mathematics import environments
from sphinx_cv.mathematics.formula import Formula, Mark, Row
from sphinx_cv.mathematics.marks import labelled, marks, marks_of
from sphinx_cv.mathematics.tokens import Cursor, FormulaError, after_void, text_of, void

if TYPE_CHECKING:
    from sphinx_cv.mathematics.reading import RawRow, Reader
    from sphinx_cv.mathematics.tokens import Token

_ALIGNED = {"align", "alignat", "flalign"}


def display(
    reader: Reader, tex: str, tokens: list[Token], *, numbered: bool, label: str | None
) -> Formula:
    """A whole display: the environment it consists of, or rows without one."""
    tokens = _stripped(tokens)
    if not tokens:
        raise FormulaError(0, "the formula is empty")
    found = _sole_environment(reader, tokens)
    if found is not None and found[0] == "subequations":
        texts = [token.text for token in found[1]]
        start = texts.index(r"\begin") if r"\begin" in texts else len(texts)
        mark, head, _ = marks_of(found[1][:start])
        inside = _stripped(head + found[1][start:])
        inner = display(reader, tex, inside, numbered=True, label=None)
        return replace(inner, lettered=mark or Mark())
    if found is None or (kind := environments.display(found[0])) is None:
        mark, tokens = marks(tokens)
        if mark is None and label is not None:
            mark = Mark()
        raw = reader.rows(tokens, blank_lines=True)
        layout = "align" if any(len(r.cells) > 1 for r in raw) else "gather"
        layout = "line" if len(raw) == 1 and layout == "gather" else layout
        return Formula(tex, True, layout, _rows(reader, raw, layout), labelled(mark, label))
    content = Cursor(found[1], reader.end)
    if kind.counted and not text_of(content.group(tokens[0])).strip().isdigit():
        raise FormulaError(tokens[0].start, f"{found[0]} takes a number of columns in braces")
    tokens = list(content.tokens[content.position :])
    whole = kind.numbered == "whole" or (not numbered and label is not None)
    mark = None
    if whole or kind.layout in {"line", "multline"}:
        mark, tokens, off = marks_of(tokens)
        if mark is None and (label is not None or (numbered and whole and not off)):
            mark = Mark()
    raw = reader.rows(tokens)
    layout = kind.layout
    if layout == "line" and (len(raw) > 1 or len(raw[0].cells) > 1):
        layout = "align" if any(len(r.cells) > 1 for r in raw) else "gather"
    each = numbered and kind.numbered == "rows" and mark is None
    rows = _rows(reader, raw, layout, numbered=each)
    if mark is None and len(rows) == 1 and rows[0].mark is not None:
        mark, rows = rows[0].mark, (replace(rows[0], mark=None),)
        layout = "line" if len(rows[0].cells) == 1 else layout
    return Formula(tex, True, layout, rows, labelled(mark, label))


def _sole_environment(reader: Reader, tokens: list[Token]) -> tuple[str, list[Token]] | None:
    if tokens[0].text != r"\begin":
        return None
    cursor = Cursor(tokens, reader.end)
    cursor.position = 1
    name, inside = reader.body(tokens[0], cursor)
    known = environments.display(name) is not None or name == "subequations"
    return (name, inside) if known and cursor.peek() is None else None


def _rows(
    reader: Reader, raw: list[RawRow], layout: str, *, numbered: bool = False
) -> tuple[Row, ...]:
    rows = []
    for index, source in enumerate(raw):
        mark: Mark | None = None
        off = False
        cells = []
        side = "center"
        if layout == "multline":
            side = {0: "left", len(raw) - 1: "right"}.get(index, "center")
        for column, tokens in enumerate(source.cells):
            found, tokens, hidden = marks_of(tokens)
            mark = found or mark
            off = off or hidden
            if layout == "multline":
                side, tokens = _shove(tokens, side)
            relation = layout == "multline" and index > 0
            relation = relation or (layout in _ALIGNED and column % 2 == 1)
            if layout == "eqnarray" and column == 1 and tokens:
                tokens = [*void(tokens[0].start), *tokens, *void(tokens[-1].start)]
            tokens = after_void(tokens) if relation else tokens
            cells.append(reader.read(tokens, display=True))
        if numbered and mark is None and not off:
            mark = Mark()
        if off and mark is not None and mark.tag is None:
            mark = None
        rows.append(Row(tuple(cells), mark, source.skip, source.note, side))
    return tuple(rows)


def _stripped(tokens: list[Token]) -> list[Token]:
    first, last = 0, len(tokens)
    while first < last and tokens[first].is_space:
        first += 1
    while last > first and tokens[last - 1].is_space:
        last -= 1
    return tokens[first:last]


def _shove(tokens: list[Token], side: str) -> tuple[str, list[Token]]:
    for name in ("left", "right"):
        if any(token.text == rf"\shove{name}" for token in tokens):
            return name, [token for token in tokens if token.text != rf"\shove{name}"]
    return side, tokens
