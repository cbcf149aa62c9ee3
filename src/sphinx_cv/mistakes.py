"""The mistakes the engine reports, each a warning type that can be suppressed.

``suppress_warnings = ["cv.dates"]`` in ``conf.py`` silences one subtype, ``["cv"]`` all.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from sphinx.util import logging

if TYPE_CHECKING:
    from docutils.nodes import Node

logger = logging.getLogger(__name__)


class Mistake(StrEnum):
    """The subtype of a warning, and what it tells."""

    meaning: str

    def __new__(cls, subtype: str, meaning: str) -> Mistake:
        """Keep the meaning beside the value, so that the README's table comes from here."""
        member = str.__new__(cls, subtype)
        member._value_ = subtype
        member.meaning = meaning
        return member

    OPTION = "option", "an entry has an option its kind does not know, or has one twice"
    MISSING = "missing", "an entry lacks an option its kind requires"
    VALUE = "value", "the value of an option cannot be read"
    DATES = "dates", "the dates of an entry cannot be read, or end before they begin"
    TITLE = "title", "an entry has no title"
    ID = "id", "an id is taken already, or is not fit for an address"
    REFERENCE = "reference", "a reference names no entry of that kind"
    PRIVATE = "private", "something is marked private that is not there"
    MARKUP = "markup", "a fence is not closed, or markup shows up as text"


def warn(
    mistake: Mistake, message: str, *args: object, location: str | Node | tuple[str, int]
) -> None:
    """Report a mistake in the user's text at its place."""
    logger.warning(message, *args, location=location, type="cv", subtype=mistake)
