r"""What math-core misreads in silence or does not know, each mended or refused in one place.

``ALIASES`` rewrites a command as TeX that math-core reads well; ``MENDED`` are the commands that
need more than that: a tree of their own, or a sentence that says why they cannot stand here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_cv.mathematics import core, environments
from sphinx_cv.mathematics.core import element, row
from sphinx_cv.mathematics.tokens import Cursor, FormulaError, Macro, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from xml.etree.ElementTree import Element

    from sphinx_cv.mathematics.holes import Flat
    from sphinx_cv.mathematics.reading import Reader
    from sphinx_cv.mathematics.tokens import Token

    Mend = Callable[[Reader, Token, Cursor, Flat, bool], None]

#: Commands that are other commands in all but name. The authors' own macros go before these.
ALIASES = {
    name: Macro(body, arguments)
    for name, body, arguments in [
        ("mathds", r"\mathbb{#1}", 1),
        ("pmb", r"\boldsymbol{#1}", 1),
        ("mathnormal", r"{#1}", 1),
        ("ensuremath", r"{#1}", 1),
        ("dotsb", r"\cdots", 0),
        ("dotsm", r"\cdots", 0),
        ("dotsi", r"\cdots", 0),
        ("dotsc", r"\ldots", 0),
        ("dotso", r"\ldots", 0),
        ("idotsint", r"\int\cdots\int", 0),
        ("varlimsup", r"\mathop{\overline{\mathrm{lim}}}", 0),
        ("varliminf", r"\mathop{\underline{\mathrm{lim}}}", 0),
        ("varinjlim", r"\mathop{\underrightarrow{\mathrm{lim}}}", 0),
        ("varprojlim", r"\mathop{\underleftarrow{\mathrm{lim}}}", 0),
        ("overunderset", r"\overset{#1}{\underset{#2}{#3}}", 3),
        ("underoverset", r"\overset{#2}{\underset{#1}{#3}}", 3),
        # U+2216, which math-core takes, is the small one.
        ("setminus", r"\mathbin{⧵}", 0),
        ("smallint", r"\textstyle\int", 0),
        # Places where TeX may break a line or reserve room: nothing to see.
        ("allowbreak", "", 0),
        ("nobreak", "", 0),
        ("nolinebreak", "", 0),
        ("strut", r"\vphantom{(}", 0),
    ]
}

_TEXT_CLASSES = {
    "textbf": "cv-text-bold",
    "textit": "cv-text-italic",
    "emph": "cv-text-italic",
    "textsl": "cv-text-italic",
    "texttt": "cv-text-mono",
    "textsf": "cv-text-sans",
}
_TEXT = {"text", "textrm", "textup", "textnormal", "textmd", "mbox", "hbox", *_TEXT_CLASSES}
_ESCAPES = {rf"\{c}": c for c in "&%$#_{}"} | {r"\ ": "\u00a0", "~": "\u00a0", r"\,": "\u2009"}
_LIGATURES = {"---": "—", "--": "–", "``": "“", "''": "”", "`": "‘", "'": "’"}
_ACCENTS = {rf"\{c}" for c in "'`^\"~=.cvHukrbd"}


def read_text(reader: Reader, token: Token, cursor: Cursor, *, display: bool) -> list[Element]:
    r"""``\text{…}`` and its family, with formulas and further text commands inside."""
    class_ = _TEXT_CLASSES.get(token.text[1:], "")
    pieces = _text(reader, cursor.group(token), class_, token, display)
    return pieces or [element("mtext", text="")]


def _text(
    reader: Reader, tokens: Sequence[Token], class_: str, opening: Token, display: bool
) -> list[Element]:
    pieces: list[Element] = []
    plain = ""

    def flush() -> None:
        nonlocal plain
        if plain:
            for written, meant in _LIGATURES.items():
                plain = plain.replace(written, meant)
            # Blanks at the ends of an mtext would collapse.
            plain = re.sub(r"^\s|\s$", "\u00a0", plain)
            attributes = {"class": class_} if class_ else {}
            pieces.append(element("mtext", text=plain, **attributes))
            plain = ""

    cursor = Cursor(tokens, opening.start + len(opening.text))
    for token in cursor:
        name = token.text[1:] if token.is_command else ""
        if token.text in _ESCAPES:
            plain += _ESCAPES[token.text]
        elif token.is_space:
            plain += " "
        elif token.text == "$":
            flush()
            inside: list[Token] = []
            for following in cursor:
                if following.text == "$":
                    break
                inside.append(following)
            else:
                raise FormulaError(token.start, "this $ within a text is never closed")
            pieces.append(row(reader.expression(inside, display=False)))
        elif token.text in {"&", r"\\", "#", "_", "^"}:
            raise FormulaError(token.start, f'"{token.text}" cannot stand within a text')
        elif name in _TEXT:
            flush()
            inner = _TEXT_CLASSES.get(name, class_ if name == "text" else "")
            pieces += _text(reader, cursor.group(token), inner, token, display)
        elif token.text in _ACCENTS:
            plain += _characters(f"\\text{{{token.text}{{{text_of(cursor.group(token))}}}}}", token)
        elif token.is_command:
            plain += _characters(f"\\text{{{token.text}}}", token)
            cursor.skip_space()
        elif token.text not in {"{", "}"}:
            plain += token.text
    flush()
    return pieces


def _characters(tex: str, token: Token) -> str:
    try:
        return "".join("".join(e.itertext()) for e in core.convert(tex, display=False))
    except FormulaError as error:
        raise FormulaError(token.start, f"{token.text}: {error.sentence}") from None


def _set_text(reader: Reader, token: Token, cursor: Cursor, flat: Flat, display: bool) -> None:
    flat.hole(row(read_text(reader, token, cursor, display=display)), token.start)


_PLAIN_NAME = re.compile(r"[\w \-.~]*(?:\\[,;:! ][\w \-.~]*)*", re.ASCII)


def _environment(reader: Reader, token: Token, cursor: Cursor, flat: Flat, display: bool) -> None:
    flat.hole(reader.environment(token, cursor), token.start)


def _operator(reader: Reader, token: Token, cursor: Cursor, flat: Flat, display: bool) -> None:
    r"""``\operatorname``: math-core copies what it does not expect into the markup as it is."""
    command = r"\operatorname*" if cursor.star() else r"\operatorname"
    if token.text == r"\operatornamewithlimits":
        command = r"\operatorname*"
    tokens = cursor.group(token)
    if _PLAIN_NAME.fullmatch(text_of(tokens)):
        flat.add(f"{command}{{{text_of(tokens)}}}", token.start)
        return
    flat.add(f"{command}{{", token.start)
    flat.hole(row(reader.expression(tokens, display=display)), token.start)
    flat.add("}", token.start)


def _mathop(reader: Reader, token: Token, cursor: Cursor, flat: Flat, display: bool) -> None:
    r"""``\mathop{X}``: its limits go above and below in a display, which math-core forgets."""
    tokens = cursor.group(token)
    flat.add(r"\operatorname*{", token.start)
    flat.hole(row(reader.expression(tokens, display=display)), token.start)
    flat.add("}", token.start)


def _substack(reader: Reader, token: Token, cursor: Cursor, flat: Flat, display: bool) -> None:
    grid = environments.Grid("c", "cv-substack")
    rows = reader.rows(cursor.group(token))
    flat.hole(reader.table(rows, grid, environments.Columns("c", frozenset())), token.start)


def _smash(reader: Reader, token: Token, cursor: Cursor, flat: Flat, display: bool) -> None:
    part = text_of(cursor.optional() or [])
    whole = {"height": "0", "depth": "0"}
    attributes = {"t": {"height": "0"}, "b": {"depth": "0"}}.get(part, whole)
    inside = reader.expression(cursor.group(token), display=display)
    flat.hole(element("mpadded", *inside, **attributes), token.start)


def _lap(reader: Reader, token: Token, cursor: Cursor, flat: Flat, display: bool) -> None:
    r"""``\mathclap{…}`` and its kin: content that takes no room."""
    inside = row(reader.expression(cursor.group(token), display=display))
    core.tighten(inside)  # it stands in scripts, of which math-core hears nothing here
    name = f"cv-{token.text.removeprefix(chr(92)).removeprefix('math')}"
    flat.hole(element("mpadded", inside, width="0", class_=name), token.start)


_SCRIPT_A, _BOLD_SCRIPT_A, _BOLD_SCRIPT_SMALL_A = 0x41, 0x1D4D0, 0x1D4EA


def _bold(reader: Reader, token: Token, cursor: Cursor, flat: Flat, display: bool) -> None:
    r"""``\boldsymbol{\mathcal{L}}``: math-core drops the weight of a letter that has a face."""
    argument = cursor.group(token)
    match = re.fullmatch(r"\s*\\math(?:cal|scr)\s*\{?([A-Za-z]+)\}?\s*", text_of(argument))
    if match is None:
        flat.add(f"{token.text}{{", token.start)
        for piece in argument:
            flat.add(piece.text, piece.start)
        flat.add("}", token.start)
        return
    for letter in match[1]:
        start = _BOLD_SCRIPT_A if letter.isupper() else _BOLD_SCRIPT_SMALL_A
        bold = chr(start + ord(letter) - ord("A" if letter.isupper() else "a"))
        flat.hole(element("mi", text=bold), token.start)


def _hspace(reader: Reader, token: Token, cursor: Cursor, flat: Flat, display: bool) -> None:
    r"""``\hspace*{…}``: the star matters only at the end of a line."""
    cursor.star()
    argument = text_of(cursor.group(token))
    try:
        em = environments.length(argument)
    except ValueError as error:
        raise FormulaError(token.start, str(error)) from None
    if em < 0:
        flat.hole(core.negative_space(em), token.start)
    else:
        flat.hole(element("mspace", width=f"{em:.4g}em"), token.start)


def _refuse(sentence: str) -> Mend:
    def refuse(reader: Reader, token: Token, cursor: Cursor, flat: Flat, display: bool) -> None:
        raise FormulaError(token.start, sentence)

    return refuse


def _break(reader: Reader, token: Token, cursor: Cursor, flat: Flat, display: bool) -> None:
    where = "within braces" if display else "in a formula within a line"
    raise FormulaError(
        token.start, rf"{token.text} breaks no line {where}: use an environment such as aligned"
    )


MENDED: dict[str, Mend] = {
    **{rf"\{name}": _set_text for name in sorted(_TEXT)},
    r"\begin": _environment,
    r"\operatorname": _operator,
    r"\operatornamewithlimits": _operator,
    r"\mathop": _mathop,
    r"\substack": _substack,
    r"\smash": _smash,
    r"\mathclap": _lap,
    r"\mathllap": _lap,
    r"\mathrlap": _lap,
    r"\llap": _lap,
    r"\rlap": _lap,
    r"\boldsymbol": _bold,
    r"\bm": _bold,
    r"\hspace": _hspace,
    r"\\": _break,
    r"\cr": _break,
    r"\newline": _break,
    r"\end": _refuse(r"this \end has no \begin"),
    r"\ref": _refuse("a reference within a formula: write {eq} in the text instead"),
    r"\eqref": _refuse("a reference within a formula: write {eq} in the text instead"),
    r"\href": _refuse("a link within a formula: make the link in the text instead"),
    r"\url": _refuse("a link within a formula: make the link in the text instead"),
    r"\tag": _refuse(r"\tag belongs to a displayed equation"),
    r"\label": _refuse(r"\label belongs to a displayed equation"),
    r"\hline": _refuse(r"\hline belongs to the start of an array's row"),
    r"\intertext": _refuse(r"\intertext belongs between the rows of a display"),
    r"\shortintertext": _refuse(r"\shortintertext belongs between the rows of a display"),
}
