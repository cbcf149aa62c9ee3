"""One thing that is wrong with a ``.bib`` file."""

from dataclasses import dataclass

from sphinx_cv.mistakes import Mistake


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a ``.bib`` file, with what would be right."""

    #: Line in the file, from 1.
    line: int
    #: Key of the entry concerned; empty outside of entries.
    key: str
    #: Mistake of mistake; the subtype of the Sphinx warning.
    subtype: Mistake
    #: What is wrong and what would be right; starts in lower case, has no final stop.
    message: str


def excerpt(text: str, limit: int = 40) -> str:
    """Quote *text* in a message, on one line and not at length."""
    flat = " ".join(text.split())
    return repr(flat if len(flat) <= limit else flat[: limit - 1] + "…")
