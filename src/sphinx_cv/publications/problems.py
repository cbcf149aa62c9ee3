"""What can be wrong with a ``.bib`` file: one record, and one list of kinds.

Every problem is reported through Sphinx as ``type="cv"`` with its kind as the subtype, so that
``suppress_warnings = ["cv.bib_link"]`` silences one kind and nothing else.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of problem; each value is the ``subtype`` of the Sphinx warning."""

    FILE = "bib_file"
    """The file cannot be opened."""
    ENCODING = "bib_encoding"
    """Bytes that are not in the expected encoding, or text that was garbled by a wrong one."""
    SYNTAX = "bib_syntax"
    """A brace, quote, comma, equals sign, key or value is missing or too many."""
    STRAY_TEXT = "bib_stray_text"
    """Text outside of any entry, which BibTeX passes over in silence."""
    UNKNOWN_STRING = "bib_unknown_string"
    """A value without braces or quotes that no ``@string`` defines."""
    UNKNOWN_TYPE = "bib_unknown_type"
    """An entry type that neither BibTeX nor biblatex knows."""
    UNKNOWN_FIELD = "bib_unknown_field"
    """A field name that is almost certainly a slip for a known one."""
    MISSING_FIELD = "bib_missing_field"
    """A field that the entry's type cannot do without, or one without a value."""
    DUPLICATE_KEY = "bib_duplicate_key"
    """Two entries (or two ``@string``) of one name."""
    DUPLICATE_FIELD = "bib_duplicate_field"
    """A field given twice in one entry."""
    DUPLICATE_WORK = "bib_duplicate_work"
    """Two entries for one work: the same DOI, arXiv identifier, or title and author."""
    IDENTIFIER = "bib_identifier"
    """A DOI, arXiv identifier, ORCID or link that is not well formed."""
    DATE = "bib_date"
    """A year, month or date that is none, or two that contradict each other."""
    LINK = "bib_link"
    """A link where a DOI belongs, or one that only repeats the DOI."""
    PREPRINT = "bib_preprint"
    """A preprint that does not say where it can be found."""
    NAME = "bib_name"
    """An empty or ill-formed name in a list of persons."""
    ANNOTATION = "bib_annotation"
    """A data annotation (``author+an``) that is ill-formed or points nowhere."""
    CROSSREF = "bib_crossref"
    """A ``crossref`` or ``xdata`` to an entry that does not exist."""
    CITATION = "bib_citation"
    """A ``{cite}`` of a key that no entry has; reported where it is cited."""
    TEX = "bib_tex"
    """TeX that cannot be shown, such as a formula without its closing dollar."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a ``.bib`` file, with what would be right."""

    #: Line in the file, from 1.
    line: int
    #: Key of the entry concerned; empty outside of entries.
    key: str
    #: Kind of mistake; the subtype of the Sphinx warning.
    subtype: Kind
    #: What is wrong and what would be right; starts in lower case, has no final stop.
    message: str


def excerpt(text: str, limit: int = 40) -> str:
    """Quote *text* in a message, on one line and not at length."""
    flat = " ".join(text.split())
    return repr(flat if len(flat) <= limit else flat[: limit - 1] + "…")
