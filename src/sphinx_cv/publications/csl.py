"""Entries as CSL-JSON, the form that reference managers and citation processors read.

Pure. Names of types and variables are those of the CSL specification 1.0.2, appendices III and IV.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_cv.publications.names import is_corporate
from sphinx_cv.publications.record import first_read, kind_of, openreview, text
from sphinx_cv.publications.vocabulary import WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pybtex.database import Entry as BibEntry
    from pybtex.database import Person

    from sphinx_cv.mathematics.tokens import Macro
    from sphinx_cv.publications.read import Library, Work
    from sphinx_cv.publications.when import When

#: pybtex's type -> that of CSL.
_TYPES = {
    "article": "article-journal",
    "book": "book",
    "booklet": "pamphlet",
    "dataset": "dataset",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "manual": "report",
    "mastersthesis": "thesis",
    "misc": "document",
    "online": "webpage",
    "patent": "patent",
    "phdthesis": "thesis",
    "proceedings": "book",
    "software": "software",
    "techreport": "report",
    "unpublished": "manuscript",
}
#: Variable -> the fields that may fill it, the first that is there.
_VARIABLES = {
    "container-title": ("journal", "booktitle"),
    "collection-title": ("series",),
    "publisher": ("publisher", "school", "institution", "organization"),
    "publisher-place": ("address",),
    "volume": ("volume",),
    "edition": ("edition",),
    "genre": ("type",),
    "version": ("version",),
    "note": ("note",),
    "abstract": ("abstract",),
    "DOI": ("doi",),
    "URL": ("url",),
    "ISBN": ("isbn",),
    "ISSN": ("issn",),
}
_VERBATIM = {"DOI", "URL", "ISBN", "ISSN"}


def to_csl(
    work: Work, entry: BibEntry, macros: Mapping[str, Macro] | None = None
) -> dict[str, Any]:
    """One item; whatever the entry does not say is left out."""
    fields = work.fields
    item: dict[str, Any] = {"id": entry.key, "type": _type(work, entry)}
    titles = [fields[name] for name in ("title", "subtitle") if fields.get(name)]
    item["title"] = ": ".join(text(title, macros) for title in titles) or entry.key
    for role in ("author", "editor"):
        if persons := [_name(person) for person in entry.persons.get(role, ())]:
            item[role] = persons
    if issued := _date(work.when):
        item["issued"] = issued
    if (first := first_read(work)) and (original := _date(first)):
        item["original-date"] = original
    for variable, names in _VARIABLES.items():
        value = next((fields[name] for name in names if fields.get(name)), "")
        if value:
            words = WORDS.get(value, value)
            item[variable] = value if variable in _VERBATIM else text(words, macros)
    if pages := fields.get("pages") or fields.get("eid"):
        item["page"] = re.sub(r"\s*(?:-+|–|—)\s*", "-", text(pages))
    if number := fields.get("number") or fields.get("issue"):
        item["issue" if item["type"] == "article-journal" else "number"] = text(number)
    if "DOI" not in item and "URL" not in item and (forum := openreview(fields)):
        item["URL"] = forum
    if work.arxiv:
        item.update(_archived(work.arxiv, item))
    return item


def all_to_csl(library: Library, macros: Mapping[str, Macro] | None = None) -> list[dict[str, Any]]:
    """All items, in the order of the files."""
    entries = library.data.entries
    return [to_csl(work, entries[key], macros) for key, work in library.works.items()]


def _type(work: Work, entry: BibEntry) -> str:
    if kind_of(work, entry) == "preprint":
        return "article"  # CSL's word for it
    return _TYPES.get(entry.type, "document")


def _archived(arxiv: str, item: Mapping[str, Any]) -> dict[str, str]:
    found = {"archive": "arXiv", "archive_location": arxiv}
    if item["type"] == "article":
        # Styles print these of a preprint.
        found |= {"publisher": "arXiv", "number": f"arXiv:{arxiv}"}
    if "URL" not in item and "DOI" not in item:
        found["URL"] = f"https://arxiv.org/abs/{arxiv}"
    return found


def _name(person: Person) -> dict[str, str]:
    last = " ".join(person.last_names)
    given = " ".join(text(part) for part in (*person.first_names, *person.middle_names))
    if not given and (is_corporate(last) or last == "others"):
        return {"literal": text(last)}
    name = {
        "family": text(last),
        "given": given,
        "non-dropping-particle": " ".join(text(part) for part in person.prelast_names),
        "suffix": " ".join(text(part) for part in person.lineage_names),
    }
    return {part: text for part, text in name.items() if text}


def _date(when: When) -> dict[str, list[list[int]]] | None:
    if not when.year.isdecimal():
        return None
    parts = [int(when.year), *filter(None, (when.month, when.day if when.month else None))]
    return {"date-parts": [parts]}
