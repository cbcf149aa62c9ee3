r"""TeX cut into tokens that know where they came from, with macros expanded.

Macros are expanded here and not by the parser so that an environment or a ``\label`` inside a
macro is seen by the reader like any other, and so that an error inside a macro points at the
place where the author used it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_TOKEN = re.compile(r"\\(?:[a-zA-Z]+|.|$)|%[^\n]*(?:\n[ \t]*)?|\s+|.", re.DOTALL)

#: More than any honest macro needs; a macro that calls itself stops here.
MAX_EXPANSIONS = 1000


class Token(NamedTuple):
    text: str
    #: Offset into the author's source.
    start: int

    @property
    def is_command(self) -> bool:
        return self.text.startswith("\\")

    @property
    def is_space(self) -> bool:
        return self.text.isspace()


class FormulaError(Exception):
    """A formula that cannot be read: where (an offset into its source) and why."""

    def __init__(self, offset: int, sentence: str) -> None:
        super().__init__(offset, sentence)
        self.offset = offset
        self.sentence = sentence

    def __str__(self) -> str:
        return f"{self.sentence} (at character {self.offset + 1})"


@dataclass(frozen=True, slots=True)
class Macro:
    #: The replacement, with ``#1`` … ``#9`` for the arguments.
    body: str
    arguments: int = 0

    @classmethod
    def parse(cls, value: object) -> Macro:
        """From ``conf.py``: ``r"\\mathbb{R}"``, or ``[r"\\lVert #1 \\rVert", 1]`` as for MathJax.

        Raises ValueError, naming the value and what was expected.
        """
        match value:
            case str(body):
                texts = [token.text for token in tokenise(body)]
                numbers = [int(n) for hash_, n in pairwise(texts) if hash_ == "#" and n.isdigit()]
                return cls(body, max(numbers, default=0))
            case [str(body), int(arguments)] if 0 <= arguments <= 9:
                return cls(body, arguments)
        raise ValueError(
            f"{value!r} is not a macro: expected a string, or [string, number of arguments]"
        )


def tokenise(tex: str, start: int = 0) -> list[Token]:
    """*tex* as tokens; comments are dropped."""
    texts = texts_of(tex)
    tokens = list(map(Token, texts, accumulate(map(len, texts), initial=start)))
    return tokens if "%" not in tex else [t for t in tokens if not t.text.startswith("%")]


def texts_of(tex: str) -> list[str]:
    """The texts of its tokens, comments with them."""
    return _TOKEN.findall(tex)


class Cursor:
    """A place in a list of tokens, with the few ways TeX has of moving on."""

    def __init__(self, tokens: Sequence[Token], end: int) -> None:
        self.tokens = tokens
        self.position = 0
        #: The offset to name when something is missing at the end.
        self.end = end

    def __iter__(self) -> Iterator[Token]:
        while self.position < len(self.tokens):
            token = self.tokens[self.position]
            self.position += 1
            yield token

    def peek(self) -> Token | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def skip_space(self) -> None:
        while (token := self.peek()) is not None and token.is_space:
            self.position += 1

    def group(self, of: Token) -> list[Token]:
        """The argument of the command *of*: the inside of braces, or one token."""
        self.skip_space()
        token = self.peek()
        if token is None or token.text == "}":
            raise FormulaError(
                of.start if token is None else token.start, f"{of.text} lacks an argument"
            )
        if token.text != "{":
            self.position += 1
            return [token]
        first = self.position + 1
        depth = 0
        for token in self:
            depth += {"{": 1, "}": -1}.get(token.text, 0)
            if depth == 0:
                return list(self.tokens[first : self.position - 1])
        raise FormulaError(self.tokens[first - 1].start, 'this "{" is never closed')

    def optional(self) -> list[Token] | None:
        """The inside of ``[…]``, if that is what comes next."""
        before = self.position
        self.skip_space()
        token = self.peek()
        if token is None or token.text != "[":
            self.position = before
            return None
        first = self.position + 1
        depth = 0
        self.position = first
        for token in self:
            depth += {"{": 1, "}": -1}.get(token.text, 0)
            if token.text == "]" and depth == 0:
                return list(self.tokens[first : self.position - 1])
        self.position = before
        return None

    def push(self, tokens: Sequence[Token]) -> None:
        """Put *tokens* before what is still to come."""
        self.tokens = [*tokens, *self.tokens[self.position :]]
        self.position = 0

    def star(self) -> bool:
        token = self.peek()
        if token is not None and token.text == "*":
            self.position += 1
            return True
        return False


def void(start: int) -> list[Token]:
    """An empty atom, beside which a sign keeps its space as a relation or an operation."""
    return [Token("{", start), Token("}", start)]


def after_void(tokens: list[Token]) -> list[Token]:
    """*tokens* after an empty atom, if there is anything but space."""
    if all(token.is_space for token in tokens):
        return tokens
    return [*void(tokens[0].start), *tokens]


def private(tex: str) -> int | None:
    """Where the first character of the private use area is, if there is any."""
    if tex.isascii():
        return None
    return next((n for n, c in enumerate(tex) if "\ue000" <= c <= "\uf8ff"), None)


def text_of(tokens: Sequence[Token]) -> str:
    """The tokens as TeX again."""
    parts: list[str] = []
    before = ""
    for text, _ in tokens:
        if is_letter_after_command(before, text):
            parts.append(" ")
        parts.append(text)
        before = text
    return "".join(parts)


def is_letter_after_command(before: str, text: str) -> bool:
    r"""Whether a macro has brought a letter up against a command, as ``\alpha`` and ``x``."""
    return text[:1].isalpha() and before[:1] == "\\" and before[1:].isalpha()


def expand(tokens: list[Token], macros: Mapping[str, Macro], end: int) -> list[Token]:
    r"""*tokens* with *macros*, and those defined there by ``\newcommand``, expanded.

    The same list if there are none; *end* is where the source ends.
    """
    known = dict(macros)
    commands = {token.text[1:] for token in tokens if token.is_command}
    if known.keys().isdisjoint(commands) and DEFINERS.isdisjoint(commands):
        return tokens
    budget = MAX_EXPANSIONS
    out: list[Token] = []
    cursor = Cursor(tokens, end)
    for token in cursor:
        name = token.text[1:] if token.is_command else ""
        if name in known:
            budget -= 1
            if budget < 0:
                raise FormulaError(token.start, f"the macro {token.text} never comes to an end")
            # As in TeX, the replacement may itself take arguments from what follows.
            cursor.push(_call(token, cursor, known[name]))
        elif name in DEFINERS:
            _define(token, cursor, known)
        else:
            out.append(token)
    return out


def _call(token: Token, cursor: Cursor, macro: Macro) -> list[Token]:
    arguments = [cursor.group(token) for _ in range(macro.arguments)]
    body: list[Token] = []
    inner = Cursor(tokenise(macro.body), len(macro.body))
    for piece in inner:
        following = inner.peek()
        if piece.text == "#" and following is not None and following.text.isdigit():
            inner.position += 1
            number = int(following.text)
            if not 1 <= number <= len(arguments):
                raise FormulaError(token.start, f"the macro {token.text} has no argument #{number}")
            body += arguments[number - 1]
        else:
            body.append(Token(piece.text, token.start))
    return body


#: What opens and closes, for looking at the top level only.
DEPTH = {"{": 1, "}": -1, r"\begin": 1, r"\end": -1}
#: What tells of an equation's number.
MARKING = frozenset({r"\label", r"\tag", r"\notag", r"\nonumber"})
DEFINERS = frozenset({"newcommand", "renewcommand", "providecommand", "def", "DeclareMathOperator"})


def _define(token: Token, cursor: Cursor, known: dict[str, Macro]) -> None:
    starred = cursor.star()
    name_tokens = [t for t in cursor.group(token) if not t.is_space]
    if len(name_tokens) != 1 or not name_tokens[0].is_command:
        raise FormulaError(token.start, f"{token.text} is to be followed by a command's name")
    name = name_tokens[0].text[1:]
    arguments = 0
    if token.text == r"\def":
        while (following := cursor.peek()) is not None and following.text != "{":
            arguments += following.text == "#"
            cursor.position += 1
    elif (count := cursor.optional()) is not None:
        digits = text_of(count)
        if not digits.isdigit():
            raise FormulaError(token.start, f"{digits!r} is not a number of arguments")
        arguments = int(digits)
    body = text_of(cursor.group(token))
    if token.text == r"\DeclareMathOperator":
        body = rf"\operatorname{'*' if starred else ''}{{{body}}}"
    if token.text != r"\providecommand" or name not in known:
        known[name] = Macro(body, arguments)
