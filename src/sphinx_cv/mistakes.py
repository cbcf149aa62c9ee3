"""The mistakes the engine reports, each a warning type that can be suppressed.

``suppress_warnings = ["cv.dates"]`` in ``conf.py`` silences one subtype, ``["cv"]`` all.
"""

from __future__ import annotations

from enum import StrEnum


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
    PUBLICATION = (
        "publication",
        "a page's `publication` names no paper of yours, or one that has another page",
    )
    PRIVATE = (
        "private",
        "something is marked private that is not there, or comes from outside and is not so marked",
    )
    MARKUP = "markup", "a fence is not closed, or markup shows up as text"
    MATH = "math", "a formula cannot be read, or the math font is too large"
    PDF = "pdf", "something on a page cannot be shown in the PDF, or a picture has no text"
    RESULT = (
        "result",
        "a `{cv:result}` of a name that no file of results has, or the file cannot be read",
    )
    STALE = (
        "stale",
        "results were computed by code that has changed since, or a figure is not theirs",
    )
    FIGURE = (
        "figure",
        "a figure is not there, does not say what it shows, or cannot stand in a page",
    )
    STATEMENT = (
        "statement",
        "a statement does not say where it is from, or names code that is not there",
    )
    GALLERY = "gallery", "a gallery names a page that is not there, or one without a picture"
    BIB_FILE = "bib_file", "the file cannot be opened"
    BIB_ENCODING = (
        "bib_encoding",
        "bytes that are not in the expected encoding, or text that was garbled by a wrong one",
    )
    BIB_SYNTAX = (
        "bib_syntax",
        "a brace, quote, comma, equals sign, key or value is missing or too many",
    )
    BIB_STRAY_TEXT = (
        "bib_stray_text",
        "text outside of any entry, which BibTeX passes over in silence",
    )
    BIB_UNKNOWN_STRING = (
        "bib_unknown_string",
        "a value without braces or quotes that no `@string` defines",
    )
    BIB_UNKNOWN_TYPE = "bib_unknown_type", "an entry type that neither BibTeX nor biblatex knows"
    BIB_UNKNOWN_FIELD = (
        "bib_unknown_field",
        "a field name that is almost certainly a slip for a known one",
    )
    BIB_MISSING_FIELD = (
        "bib_missing_field",
        "a field that the entry's type cannot do without, or one without a value",
    )
    BIB_DUPLICATE_KEY = "bib_duplicate_key", "two entries (or two `@string`) of one name"
    BIB_DUPLICATE_FIELD = "bib_duplicate_field", "a field given twice in one entry"
    BIB_DUPLICATE_WORK = (
        "bib_duplicate_work",
        "two entries for one work: the same DOI, arXiv identifier, or title and author",
    )
    BIB_IDENTIFIER = (
        "bib_identifier",
        "a DOI, arXiv identifier, ORCID or link that is not well formed",
    )
    BIB_DATE = "bib_date", "a year, month or date that is none, or two that contradict each other"
    BIB_LINK = "bib_link", "a link where a DOI belongs, or one that only repeats the DOI"
    BIB_PREPRINT = "bib_preprint", "a preprint that does not say where it can be found"
    BIB_NAME = "bib_name", "an empty or ill-formed name in a list of persons"
    BIB_ANNOTATION = (
        "bib_annotation",
        "a data annotation (`author+an`) that is ill-formed or points nowhere",
    )
    BIB_CROSSREF = "bib_crossref", "a `crossref` or `xdata` to an entry that does not exist"
    BIB_CITATION = (
        "bib_citation",
        "a `{cite}` of a key that no entry has, or no bibliography; reported where it is cited",
    )
    BIB_UNUSED = (
        "bib_unused",
        "an entry that is neither by the owner of the CV nor cited; often a misspelt name",
    )
    BIB_TEX = "bib_tex", "TeX that cannot be shown, such as a formula without its closing dollar"
