"""A bibliography entry as the list shows it: text out of TeX, names in reading order.

Pure: a work in, a :class:`Publication` out.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from pybtex.richtext import Text
from pybtex.scanner import PybtexSyntaxError

from sphinx_cv.dates import DateRange, Moment
from sphinx_cv.publications.formulas import as_text
from sphinx_cv.publications.identifiers import clean_orcid
from sphinx_cv.publications.names import name_parts, split_names
from sphinx_cv.publications.tex import balanced
from sphinx_cv.publications.when import MONTH_NAMES, parse_date

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pybtex.database import Entry as BibEntry
    from pybtex.database import Person

    from sphinx_cv.mathematics.tokens import Macro
    from sphinx_cv.publications.read import Work
    from sphinx_cv.publications.when import When

#: Field -> what its link is called, in the order of the links.
LINKS = {
    "url": "Publisher",
    "pdf": "PDF",
    "openreview": "OpenReview",
    "code": "Code",
    "slides": "Slides",
    "poster": "Poster",
    "video": "Video",
    "website": "Website",
    "writeup": "Write-up",
}
#: pybtex's type -> the kind of publication that a reader would call it; others are ``other``.
_KINDS = {
    "article": "journal",
    "inproceedings": "conference",
    "book": "book",
    "booklet": "book",
    "inbook": "book",
    "incollection": "book",
    "proceedings": "book",
    "mastersthesis": "thesis",
    "phdthesis": "thesis",
    "manual": "report",
    "techreport": "report",
    "dataset": "software",
    "software": "software",
}
#: TeX of letters and signs alone: decoding it would take most of the time that a list takes, and
#: loading the decoder longer than setting a CV.
_PLAIN = re.compile(r"(?:[\w,.:;()/?!+*={}'-]| (?! ))*")
_SIGN = re.compile(r"[{}]|---?|''")
_SIGNS = {"---": "—", "--": "–", "''": "”"}
_PARAGRAPH = re.compile(r"\\par\b|\n\s*\n")


@dataclass(frozen=True)
class Author:
    """Someone who wrote it."""

    name: str
    #: What the annotations of the entry say of them, such as ``equal``.
    annotations: tuple[str, ...] = ()
    orcid: str = ""


@dataclass(frozen=True)
class Publication:
    """One entry of ``refs.bib``, ready to be shown."""

    key: str
    #: ``journal``, ``conference``, ``preprint``, …
    kind: str
    #: With ``$…$`` where there is mathematics.
    title: str
    #: The title where there is no mathematics.
    name: str
    authors: tuple[Author, ...]
    #: The series, journal or institution, or nothing.
    venue: str
    #: When it appeared there and on which pages, as in "2024, 86(2):286–301".
    locator: str
    #: Whether it appeared there after its preprint.
    was_preprint: bool
    #: arXiv identifier, or nothing.
    arxiv: str
    doi: str
    url: str
    #: Anything else the entry notes.
    note: str
    #: When it was first to be read.
    dates: DateRange | None
    #: Paragraphs with ``$…$`` where there is mathematics, or none.
    abstract: tuple[str, ...] = ()
    #: What to call it -> where it is, beyond what the venue links to.
    links: Mapping[str, str] = field(default_factory=dict)
    #: What it is about.
    keywords: tuple[str, ...] = ()
    #: The document of this project that is about it, or nothing.
    writeup: str = ""

    @property
    def year(self) -> str:
        """The year in which it was first to be read, or nothing."""
        return str(self.dates.start.year) if self.dates else ""


def record(work: Work, entry: BibEntry, macros: Mapping[str, Macro] | None = None) -> Publication:
    """Make the record of a work and of its pybtex entry, which has the names in parts."""
    fields = work.fields
    title = plain(fields.get("title", entry.key))
    role = "author" if "author" in entry.persons else "editor"
    persons = entry.persons.get(role, ())
    annotations, orcids = work.annotated(role), orcids_of(work, role)
    venue = _venue(fields)
    first = first_read(work)
    return Publication(
        key=entry.key,
        kind=kind_of(work, entry),
        title=title,
        name=as_text(title, macros),
        authors=tuple(
            Author(full_name(person), annotations.get(number, ()), orcids.get(number, ""))
            for number, person in enumerate(persons, start=1)
        ),
        venue=venue,
        locator=_locator(fields, work.when) if venue else "",
        was_preprint=bool(venue) and first is not None,
        arxiv=work.arxiv,
        doi=fields.get("doi", ""),
        url=fields.get("url", ""),
        note=plain(fields.get("note", "")),
        dates=_dates(first or work.when),
        abstract=tuple(
            plain(part.strip())
            for part in _PARAGRAPH.split(fields.get("abstract", ""))
            if part.strip()
        ),
        links=_links(work),
        keywords=tuple(
            plain(word.strip())
            for word in re.split("[,;]", fields.get("keywords", ""))
            if word.strip()
        ),
        writeup="" if _is_address(fields.get("writeup", "")) else fields.get("writeup", ""),
    )


def kind_of(work: Work, entry: BibEntry) -> str:
    """What kind of publication it is by now: a preprint that appeared is one no longer."""
    kind = _KINDS.get(entry.type, "other")
    journal = work.fields.get("journal", "")
    nowhere = kind == "journal" and (not journal or "arxiv" in journal.lower())
    return "preprint" if work.arxiv and (kind == "other" or nowhere) else kind


# A list, pages and files say the same things, and decoding is slow.
@lru_cache(maxsize=1 << 15)
def plain(tex: str) -> str:
    """Text out of TeX, leaving what stands between dollars as it is."""
    # Braces around a formula are cut in two: "H{$_2$}O".
    parts = re.split(r"(?<!\\)\$", tex)
    if len(parts) % 2 == 0:
        parts = [tex]
    return "$".join(
        part if number % 2 else _text(balanced(part)) for number, part in enumerate(parts)
    )


def text(tex: str, macros: Mapping[str, Macro] | None = None) -> str:
    """The same for programs, and where there is no mathematics."""
    return as_text(plain(tex), macros)


def _text(tex: str) -> str:
    if _PLAIN.fullmatch(tex):
        return _SIGN.sub(lambda sign: _SIGNS.get(sign[0], ""), tex)
    # The decoder takes white space at the beginning away, and all that follows a "%".
    space = tex[: len(tex) - len(tex.lstrip())]
    try:
        return space + str(Text.from_latex(re.sub(r"(?<!\\)%", r"\\%", tex)))
    except (PybtexSyntaxError, UnicodeDecodeError):
        return tex  # no TeX after all, such as a backslash at the end


def full_name(person: Person) -> str:
    """A name in reading order, as in "Valentin De Bortoli" or "Guy L. Steele, Jr."."""
    names = [*person.first_names, *person.middle_names, *person.prelast_names, *person.last_names]
    name = " ".join(plain(part) for part in names)
    lineage = " ".join(plain(part) for part in person.lineage_names)
    return f"{name}, {lineage}" if lineage else name


def orcids_of(work: Work, role: str = "author") -> dict[int, str]:
    """Number of a name, from 1, to the ORCID iD that the entry gives with it."""
    found = {
        number: clean_orcid(values[0])
        for number, values in work.annotated(role, "orcid").items()
        if values
    }
    if "orcid" in (text := work.fields.get(role, "")):
        for number, name in enumerate(split_names(text).names, start=1):
            if orcid := (name_parts(name) or {}).get("orcid"):
                found[number] = clean_orcid(orcid)
    return found


def _venue(fields: Mapping[str, str]) -> str:
    for name in ("journal", "booktitle", "school", "institution", "publisher", "howpublished"):
        if fields.get(name):
            return plain(fields[name])
    return ""


def _locator(fields: Mapping[str, str], when: When) -> str:
    volume = plain(fields.get("volume", ""))
    number = plain(fields.get("number", "") or fields.get("issue", ""))
    pages = re.sub(r"\s*(?:-+|–)\s*", "–", plain(fields.get("pages", "") or fields.get("eid", "")))
    # Only with a volume: alone, a number may be that of a report or a part of a series.
    place = volume + (f"({number})" if volume and number else "")
    date = when.year
    if date and when.month and not place:
        date = f"{MONTH_NAMES[when.month - 1]} {date}"
    return ", ".join(filter(None, [date, ":".join(filter(None, [place, pages]))]))


def first_read(work: Work) -> When | None:
    """When the preprint of a work appeared, if it has one and says so."""
    if not work.arxiv:
        return None
    with suppress(ValueError):
        return parse_date(work.fields.get("origdate", ""))
    return None


def _links(work: Work) -> dict[str, str]:
    fields = dict(work.fields)
    if work.arxiv:
        fields.setdefault("pdf", f"https://arxiv.org/pdf/{work.arxiv}")
    fields["openreview"] = openreview(fields)
    if not work.arxiv and not fields.get("doi"):
        fields.pop("url", None)  # the venue shows it
    return {
        label: fields[name] for name, label in LINKS.items() if _is_address(fields.get(name, ""))
    }


def openreview(fields: Mapping[str, str]) -> str:
    """The address of the paper's reviews, or nothing; the field may hold just the identifier."""
    forum = fields.get("openreview", "")
    return forum if not forum or _is_address(forum) else f"https://openreview.net/forum?id={forum}"


def _is_address(text: str) -> bool:
    return text.startswith(("https://", "http://"))


def _dates(when: When) -> DateRange | None:
    if not when.year.isdecimal():
        return None
    moment = Moment(int(when.year), when.month, when.day)
    return DateRange(moment, moment)
