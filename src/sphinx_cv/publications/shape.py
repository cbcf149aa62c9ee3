"""A biblatex entry in the shape of a BibTeX one, such that pybtex's styles miss nothing."""

from collections.abc import Mapping

from sphinx_cv.publications.vocabulary import REQUIRED, TYPES, WORDS, shown_as
from sphinx_cv.publications.when import MONTH_NAMES, When

#: What the templates of pybtex's ``unsrt`` insist on, where that is more than :data:`REQUIRED`.
_NEEDS = REQUIRED | {
    "booklet": ("author", "title", "year"),
    "unpublished": ("author", "title", "note"),
}
#: For pybtex these are not fields but links and lists of its own, or concern biblatex alone.
_DROPPED = frozenset({"crossref", "xdata", "author", "editor", "date", "eprint", "pubmed"})
_VENUES = ("journal", "booktitle", "school", "institution", "organization", "publisher")
#: Archives other than arXiv, and where their identifiers lead.
_ARCHIVES = {
    "hal": "https://hal.science/{}",
    "jstor": "https://www.jstor.org/stable/{}",
    "googlebooks": "https://books.google.com/books?id={}",
    "hdl": "https://hdl.handle.net/{}",
}


def shape(
    entry_type: str, given: Mapping[str, str], when: When, roles: frozenset[str]
) -> tuple[str, dict[str, str]]:
    """The type and the fields for pybtex of an entry with the names of persons in *roles*."""
    fields = {name: value for name, value in given.items() if name not in _DROPPED and value}
    kind = (
        shown_as(entry_type, has_booktitle="booktitle" in fields) if entry_type in TYPES else "misc"
    )
    _titles(fields)
    if date := given.get("date"):
        fields["year"] = when.year or fields.get("year", date)
    # BibTeX files may say more than the month, such as "17--23 July".
    if when.month and fields.get("month", "0").isdecimal():
        fields["month"] = MONTH_NAMES[when.month - 1]
    _eprint(fields, given)
    if fields.get("edition", "").isdecimal():
        fields["edition"] = _ordinal(int(fields["edition"]))
    if "issue" in fields:
        fields.setdefault("number", fields["issue"])
    kind = _of_kind(kind, entry_type, fields)
    _note(fields)
    needs = [need.split("|") for need in _NEEDS[kind]]
    if not all(any(name in fields or name in roles for name in names) for names in needs):
        kind = _as_misc(fields)
    return kind, fields


def _titles(fields: dict[str, str]) -> None:
    for name in ("title", "booktitle", "journal", "maintitle", "issuetitle"):
        if name == "journal":
            subtitle = fields.pop("journalsubtitle", "")
        else:
            subtitle = fields.pop(name.replace("title", "subtitle"), "")
        if subtitle:
            title = fields.get(name, "")
            colon = "" if not title or title[-1] in ".:?!" else ":"
            fields[name] = f"{title}{colon} {subtitle}".strip()
    _stand_in(fields, "booktitle", "maintitle", "eventtitle")


def _eprint(fields: dict[str, str], given: Mapping[str, str]) -> None:
    eprint, archive = given.get("eprint", ""), given.get("eprinttype", "")
    if archive.lower() == "arxiv":
        fields["eprint"] = eprint
        fields["archiveprefix"] = "arXiv"
        # Search engines write the identifier into the name of the journal, where it would be twice.
        if "arxiv" in fields.get("journal", "").lower():
            fields["journal"] = "arXiv preprint"
    elif archive.lower() in {"pubmed", "pmid"}:
        fields["pubmed"] = eprint
    elif archive.lower() in _ARCHIVES and eprint:
        fields.setdefault("url", _ARCHIVES[archive.lower()].format(eprint))
    elif eprint and archive:
        fields["addendum"] = ". ".join(
            filter(None, [f"{archive}: {eprint}", fields.get("addendum")])
        )
    if pmid := given.get("pmid") or given.get("pubmed"):
        fields["pubmed"] = pmid


def _of_kind(kind: str, entry_type: str, fields: dict[str, str]) -> str:
    said = fields.get("type", "")
    if said.lower() in WORDS:
        fields["type"] = WORDS[said.lower()]
    if kind in {"phdthesis", "mastersthesis"}:
        _stand_in(fields, "school", "institution", "university", "publisher")
        if said.lower() == "phdthesis":
            del fields["type"]
        elif kind == "phdthesis" and fields.get("type", "").lower().startswith("master"):
            return "mastersthesis"
    elif kind == "techreport":
        _stand_in(fields, "institution", "school", "organization", "publisher")
        if said.lower() == "techreport":
            del fields["type"]
    elif kind == "article":
        _stand_in(fields, "journal", "issuetitle")
        if "eprint" in fields:
            fields.setdefault("journal", "arXiv preprint")
    elif kind == "proceedings":
        if entry_type == "periodical" and "issuetitle" in fields:
            fields["title"] = f"{fields.get('title', '')}: {fields['issuetitle']}"
    elif kind == "book" and entry_type != "book" and "publisher" not in fields:
        return "proceedings"
    elif kind == "unpublished":
        _stand_in(fields, "note", "howpublished")
        if event := _event(fields):
            fields.setdefault("note", event)
    elif kind in {"misc", "online", "dataset", "software", "patent"}:
        _how(fields, entry_type)
    return kind


def _how(fields: dict[str, str], entry_type: str) -> None:
    """Say in ``howpublished`` what pybtex's template for the rest has no other place for."""
    if "howpublished" in fields:
        return
    version = f"version {fields['version']}" if "version" in fields else ""
    what = fields.get("type", "")
    if "number" in fields and entry_type in {"patent", "standard", "legislation", "legal"}:
        what = f"{what} {fields['number']}".strip()
    where = next((fields[name] for name in _VENUES if name in fields), "")
    if how := ", ".join(filter(None, [what, version, _event(fields) or where])):
        fields["howpublished"] = how[:1].upper() + how[1:]


def _event(fields: Mapping[str, str]) -> str:
    return ", ".join(filter(None, [fields.get("eventtitle"), fields.get("venue")]))


def _note(fields: dict[str, str]) -> None:
    state = fields.get("pubstate", "")
    parts = [
        fields.get("note", ""),
        fields.get("titleaddon", ""),
        fields.get("addendum", ""),
        WORDS.get(state.lower(), state),
    ]
    if note := ". ".join(part.rstrip(".") for part in parts if part):
        fields["note"] = note


def _as_misc(fields: dict[str, str]) -> str:
    """Give up the type of an entry that lacks what its template insists on."""
    venue = ", ".join(fields[name] for name in _VENUES if name in fields)
    if venue:
        fields.setdefault("howpublished", venue)
    return "misc"


def _stand_in(fields: dict[str, str], name: str, *others: str) -> None:
    for other in others:
        if name not in fields and other in fields:
            fields[name] = fields[other]


def _ordinal(number: int) -> str:
    if number % 100 in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
