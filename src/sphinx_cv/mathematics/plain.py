"""Expressions that math-core reads well by itself: most of them, without a tree.

Parsing its markup and mending the tree costs ten times what math-core takes. Where nothing in
the source or the markup calls for that, a page and a voice are served with text; the tree is made
when something else asks for it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from sphinx_cv.mathematics import core
from sphinx_cv.mathematics.formula import Cell
from sphinx_cv.mathematics.mended import ALIASES, MENDED
from sphinx_cv.mathematics.tokens import DEFINERS, MARKING, FormulaError, private, texts_of

if TYPE_CHECKING:
    from sphinx_cv.mathematics.tokens import Macro

#: What the reader has to see: what it mends, expands, cuts at and takes out.
_READ = frozenset(
    {"&", r"\mathit", *MENDED, *MARKING, *(rf"\{name}" for name in (*ALIASES, *DEFINERS))}
)
_COMMAND = re.compile(r"\\(?:[a-zA-Z]+|.)|&", re.DOTALL)
#: Words that math-core reads as the reader would.
_WORDS = re.compile(r"\\(?:text|operatorname\*?)\{ ?[A-Za-z]+(?:(?:[-,.] ?| )[A-Za-z]+)*[,.]? ?\}")
_BLANK_LINE = re.compile(r"\n\s*\n")
#: Signs in math-core's markup of what `core` mends in a tree only.
_MENDED_IN_TREES = re.compile(
    'style="(?!padding-top)|<mpadded|<menclose|minsize|class=|<mi>:<|[\u2063\u0332]|>[~ˇ·]<'
)
#: And of what is mended right here.
_MENDED_IN_TEXT = re.compile("<mspace|<mprescripts|&A| style|>\\.<|\u00a0")
#: Only at the ends of a text would a blank collapse.
_INNER_BLANK = re.compile("(?<=[^>])\u00a0(?=[^<])")
_APPLICATION = re.compile(r'<mo( lspace="[^"]*")?>&ApplyFunction;')
_LONG_NUMBER = re.compile(r'(<mspace width="\d*\.\d{4})\d+')
_EMPTY_TAG = re.compile(r"<(mspace|mprescripts)([^>]*)/>")
_DOTS = re.compile(r"(?:<mo[^>]*>\.</mo>){3}")

_GUARD = re.compile(r"<mrow><mspace></mspace>(<m[a-z]+[^<>]*>[^<]*</m[a-z]+>)</mrow>")
_MEANINGLESS = re.compile(r' (?!linethickness|accent=)[a-z]+="[^"]*"')
#: Signs in markup of what `speech` says otherwise than it is written.
_SPOKEN_FROM_TREES = re.compile(r"<mphantom|<mspace[^>]*></mspace></m(?:over|under)>")


@lru_cache(maxsize=8)
def _needing(macros: tuple[tuple[str, Macro], ...]) -> frozenset[str]:
    """The tokens that need the reader."""
    return _READ.union(rf"\{name}" for name, _ in macros)


def read_plain(tex: str, macros: tuple[tuple[str, Macro], ...], *, display: bool) -> Cell | None:
    """The expression *tex* if it is one that needs no tree; errors are left to the reader."""
    if "%" in tex:
        tex = "".join(" " if text.startswith("%") else text for text in texts_of(tex))
    if not _needing(macros).isdisjoint(_COMMAND.findall(_WORDS.sub("", tex))):
        return None
    if private(tex) is not None or (display and _BLANK_LINE.search(tex)):
        return None
    try:
        source = core.markup_of(tex, display=display)
    except FormulaError:
        return None
    if not source or _MENDED_IN_TREES.search(source):
        return None
    if _MENDED_IN_TEXT.search(source):
        source = _INNER_BLANK.sub(" ", source)
        markup = _mended(source)
    else:
        markup = source
    closing = markup[markup.rindex("<") :]
    name = closing[2:-1]
    if not markup.startswith((f"<{name}>", f"<{name} ")) or markup.count(closing) > 1:
        markup = f"<mrow>{markup}</mrow>"  # one element, where it may have been more
    return Cell(markup=markup, source=source)


def _mended(source: str) -> str:
    markup = _APPLICATION.sub(_application, source)
    markup = _LONG_NUMBER.sub(r"\1", markup)
    markup = _EMPTY_TAG.sub(r"<\1\2></\1>", markup)
    markup = markup.replace(' style="padding-top: 0.1667em"', "")
    return _DOTS.sub('<mo lspace="0" rspace="0.1667em">…</mo>', markup)


def _application(match: re.Match[str]) -> str:
    space = match[1] or ' lspace="0"'
    return f'<mo{space} rspace="0">\u2061'


def spoken(markup: str) -> str | None:
    """*markup* as `speech` wants it; None where it has to see the tree."""
    if _SPOKEN_FROM_TREES.search(markup):
        return None
    markup = _GUARD.sub(r"\1", markup)
    markup = markup.replace("<mspace></mspace>", "").replace("<mi></mi>", "")
    markup = _MEANINGLESS.sub("", markup)
    markup = markup.replace("<mo>\u2061</mo>", "<mrow></mrow>")
    return markup.replace("<mo>∗</mo></msup>", "<mtext>star</mtext></msup>")
