"""A bibliography entry as the list shows it: text out of TeX, names in reading order.

Pure: a pybtex entry in, a :class:`Publication` out.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pybtex.richtext import Text

from sphinx_cv.dates import DateRange, Moment

if TYPE_CHECKING:
    from pybtex.database import Entry as BibEntry
    from pybtex.database import Person

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name}


@dataclass(frozen=True)
class Author:
    """Someone who wrote it."""

    name: str
    #: What the annotations of the entry say of them, such as ``equal``.
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Publication:
    """One entry of ``refs.bib``, ready to be shown."""

    key: str
    #: With ``$…$`` where there is mathematics.
    title: str
    authors: tuple[Author, ...]
    #: The series, journal or institution, or nothing.
    venue: str
    #: arXiv identifier, or nothing.
    arxiv: str
    doi: str
    url: str
    #: Where it appeared since, or anything else the entry notes.
    note: str
    dates: DateRange | None


def record(entry: BibEntry, annotations: dict[int, tuple[str, ...]] | None = None) -> Publication:
    """Make the record of an entry; ``annotations`` are by the author's number, from 1."""
    fields = entry.fields
    persons = entry.persons.get("author") or entry.persons.get("editor") or ()
    annotations = annotations or {}
    prefix = fields.get("archiveprefix", fields.get("eprinttype", ""))
    return Publication(
        key=entry.key,
        title=plain(fields.get("title", entry.key)),
        authors=tuple(
            Author(full_name(person), annotations.get(number, ()))
            for number, person in enumerate(persons, start=1)
        ),
        venue=_venue(entry),
        arxiv=fields.get("eprint", "") if prefix.lower() == "arxiv" else "",
        doi=fields.get("doi", ""),
        url=fields.get("url", ""),
        note=plain(fields.get("note", "")),
        dates=_dates(fields.get("year", ""), fields.get("month", "")),
    )


def plain(tex: str) -> str:
    """Text out of TeX, leaving what stands between dollars as it is."""
    parts = tex.split("$")
    if len(parts) % 2 == 0:
        parts = [tex]
    return "$".join(
        part if number % 2 else str(Text.from_latex(part)) for number, part in enumerate(parts)
    )


def full_name(person: Person) -> str:
    """A name in reading order, as in "Valentin De Bortoli" or "Guy L. Steele, Jr."."""
    names = [*person.first_names, *person.middle_names, *person.prelast_names, *person.last_names]
    name = " ".join(plain(part) for part in names)
    lineage = " ".join(plain(part) for part in person.lineage_names)
    return f"{name}, {lineage}" if lineage else name


def _venue(entry: BibEntry) -> str:
    fields = entry.fields
    for name in (
        "journal", "journaltitle", "booktitle", "school", "institution", "publisher",
        "howpublished",
    ):  # fmt: skip
        if name in fields:
            return ", ".join(part for part in (plain(fields[name]), fields.get("year", "")) if part)
    return ""


def _dates(year: str, month: str) -> DateRange | None:
    if not year.isdecimal():
        return None
    number = int(month) if month.isdecimal() else _MONTHS.get(month[:3].lower())
    moment = Moment(int(year), number)
    return DateRange(moment, moment)
