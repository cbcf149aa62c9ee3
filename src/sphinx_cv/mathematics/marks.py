r"""What tells of an equation's number: ``\label``, ``\tag`` and ``\notag``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sphinx_cv.mathematics.formula import Mark
from sphinx_cv.mathematics.tokens import DEPTH, MARKING, Cursor, FormulaError, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_cv.mathematics.tokens import Token


def marks_of(tokens: Sequence[Token]) -> tuple[Mark | None, list[Token], bool]:
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


def marks(tokens: Sequence[Token]) -> tuple[Mark | None, list[Token]]:
    """For a display without an environment: its mark, unless each row has its own."""
    mark, rest, _ = marks_of(tokens)
    if mark is None:
        return None, rest
    depth = 0
    for token in tokens:
        depth += DEPTH.get(token.text, 0)
        if token.text == r"\\" and depth == 0:
            return None, list(tokens)
    return mark, rest


def labelled(mark: Mark | None, label: str | None) -> Mark | None:
    """The directive's own label wins over one in the source: ``{eq}`` was told of it."""
    return replace(mark, label=label) if mark is not None and label is not None else mark


def refuse_marks(tokens: Sequence[Token]) -> None:
    for token in tokens:
        if token.text in {r"\label", r"\tag"}:
            raise FormulaError(token.start, f"{token.text} has no equation of its own here")
