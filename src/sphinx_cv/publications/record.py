"""A bibliography entry as the list shows it: text out of TeX, names in reading order.

Pure: a work in, a :class:`Publication` out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pybtex.richtext import Text

from sphinx_cv.dates import DateRange, Moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pybtex.database import Entry as BibEntry
    from pybtex.database import Person

    from sphinx_cv.publications.read import Work
    from sphinx_cv.publications.when import When


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


def record(work: Work, entry: BibEntry) -> Publication:
    """Make the record of a work and of its pybtex entry, which has the names in parts."""
    fields = work.fields
    role = "author" if "author" in entry.persons else "editor"
    persons = entry.persons.get(role, ())
    annotations = work.annotated(role)
    return Publication(
        key=entry.key,
        title=plain(fields.get("title", entry.key)),
        authors=tuple(
            Author(full_name(person), annotations.get(number, ()))
            for number, person in enumerate(persons, start=1)
        ),
        venue=_venue(fields, work.when.year),
        arxiv=work.arxiv,
        doi=fields.get("doi", ""),
        url=fields.get("url", ""),
        note=plain(fields.get("note", "")),
        dates=_dates(work.when),
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


def _venue(fields: Mapping[str, str], year: str) -> str:
    for name in ("journal", "booktitle", "school", "institution", "publisher", "howpublished"):
        if fields.get(name):
            return ", ".join(part for part in (plain(fields[name]), year) if part)
    return ""


def _dates(when: When) -> DateRange | None:
    if not when.year.isdecimal():
        return None
    moment = Moment(int(when.year), when.month, when.day)
    return DateRange(moment, moment)
