"""Entries as BibTeX for others: what a citation needs, and nothing of what we noted for ourselves.

Pure. The text is that of the file with inherited fields put in, BibTeX's names for them, and
names in the form "Last, First"; annotations, and fields for the list alone, stay behind.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_cv.publications.record import openreview
from sphinx_cv.publications.source import MONTHS
from sphinx_cv.publications.tex import balanced
from sphinx_cv.publications.vocabulary import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pybtex.database import Entry as BibEntry

    from sphinx_cv.publications.read import Library, Work

#: In the order in which they are written.
_FIELDS = (
    "title", "subtitle", "journal", "booktitle", "series", "volume", "number", "pages", "eid",
    "chapter", "edition", "publisher", "school", "institution", "organization", "address", "type",
    "howpublished", "version", "year", "month", "pubstate", "origdate", "doi", "eprint",
    "archiveprefix", "primaryclass", "isbn", "issn", "url", "urldate", "langid", "note", "addendum",
    "abstract",
)  # fmt: skip
#: Fields under which older programs look for what the files say by biblatex's names.
_RENAMED = {"archiveprefix": "eprinttype", "primaryclass": "eprintclass"}
_MONTHS = tuple(MONTHS)
#: A key that every program reads; others are common, but a comma or a brace ends a key.
_UNFIT = re.compile(r"[\s,{}()\"#%'=~\\]+")


def to_bibtex(work: Work, entry: BibEntry, *, without: str = "") -> str:
    """The entry of a work, without a line break at its end, and without one of its fields."""
    written = {name: value for name, value in _values(work, entry) if name != without}
    width = max((len(name) for name in written), default=0)
    lines = "".join(f"  {name:<{width}} = {value},\n" for name, value in written.items())
    return f"@{entry.type}{{{_UNFIT.sub('-', entry.key)},\n{lines}}}"


def all_to_bibtex(library: Library) -> str:
    """All entries, in the order of the files."""
    entries = library.data.entries
    return "".join(f"{to_bibtex(work, entries[key])}\n\n" for key, work in library.works.items())


def _values(work: Work, entry: BibEntry) -> Iterator[tuple[str, str]]:
    for role in ("author", "editor"):
        if persons := entry.persons.get(role):
            yield role, f"{{{balanced(' and '.join(_names(str(p) for p in persons)))}}}"
    for name in _FIELDS:
        value = work.fields.get(_RENAMED.get(name, name), "")
        if name == "archiveprefix" and value.lower() == "arxiv":
            value = "arXiv"
        elif name == "url" and not work.fields.get("doi"):
            value = value or openreview(work.fields)
        elif name == "type":
            value = WORDS.get(value.lower(), value)
        elif name == "school" and entry.type.endswith("thesis"):
            value = value or work.fields.get("institution", "")
        if name == "month":
            if work.when.month:
                yield name, _MONTHS[work.when.month - 1]
        elif name == "year" and (year := work.when.year or value):
            yield name, f"{{{balanced(year)}}}"
        elif value:
            yield name, f"{{{balanced(value)}}}"


def _names(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        # Within a name, the word that separates names must be in braces.
        needs_braces = re.search(r"\band\b", name, re.IGNORECASE) and not name.startswith("{")
        yield f"{{{name}}}" if needs_braces else name
