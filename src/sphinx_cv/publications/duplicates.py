"""Entries that share what only one may have: a key, a DOI, an arXiv identifier, a title."""

from collections.abc import Iterable, Iterator, Mapping

from sphinx_cv.mistakes import Mistake
from sphinx_cv.publications.identifiers import (
    arxiv_in,
    clean_arxiv,
    clean_doi,
    is_arxiv,
    is_doi,
    without_version,
)
from sphinx_cv.publications.names import family, split_names
from sphinx_cv.publications.problems import Problem
from sphinx_cv.publications.source import Entry
from sphinx_cv.publications.tex import folded
from sphinx_cv.publications.vocabulary import words

#: Kinds of work that bear the title of a paper by the same people, and are not that paper.
_COMPANIONS = words(
    "thesis phdthesis mastersthesis dataset software presentation video audio patent unpublished "
    "proceedings collection periodical"
)
#: Parts of a book are told apart by these.
_DISTINCT = ("volume", "edition", "part", "chapter", "version", "eventtitle", "titleaddon")


def duplicate_keys(entries: Iterable[Entry], elsewhere: Mapping[str, str]) -> Iterator[Problem]:
    """Keys that name two entries; BibTeX does not tell upper from lower case in them."""
    first: dict[str, Entry] = {}
    for entry in entries:
        if not entry.key:
            continue
        other = first.setdefault(entry.key.casefold(), entry)
        if other is not entry:
            spelt = "" if other.key == entry.key else f" (as {other.key!r})"
            message = (
                f"the key {entry.key!r} is already used on line {other.line}{spelt}, and again "
                f"here on line {entry.line}; the first entry is used: rename or remove one"
            )
            yield Problem(entry.line, entry.key, Mistake.BIB_DUPLICATE_KEY, message)
        elif where := elsewhere.get(entry.key.casefold()):
            message = f"the key {entry.key!r} is also used in {where}; rename or remove one"
            yield Problem(entry.line, entry.key, Mistake.BIB_DUPLICATE_KEY, message)


def duplicate_works(
    entries: Iterable[Entry], fields_of: Mapping[int, Mapping[str, str]]
) -> Iterator[Problem]:
    """Entries for one work; *fields_of* gives the fields of each entry by its :func:`id`."""
    by_doi: dict[str, Entry] = {}
    by_arxiv: dict[str, Entry] = {}
    by_title: dict[str, list[tuple[Entry, frozenset[str]]]] = {}
    for entry in entries:
        fields = fields_of[id(entry)]
        doi = clean_doi(fields.get("doi", "")).lower()
        if doi and is_doi(doi):
            other = by_doi.setdefault(doi, entry)
            if other is not entry and not _parts_of_one(entry, other):
                yield _problem(entry, other, "DOI", entry.line_of("doi"))
                continue
        arxiv = arxiv_of(fields)
        if arxiv:
            other = by_arxiv.setdefault(without_version(arxiv), entry)
            if other is not entry:
                yield _problem(entry, other, "arXiv identifier", entry.line_of("eprint", "url"))
                continue
        title = folded(fields.get("title", "") + fields.get("subtitle", ""))
        if len(title) < 10 or entry.type in _COMPANIONS:
            continue
        people = _people(fields)
        for other, others in by_title.setdefault(title, []):
            alike = not people or not others or people & others
            if alike and all(
                entry.get(f) == other.get(f) for f in _DISTINCT if _both(f, entry, other)
            ):
                yield _problem(entry, other, "title", entry.line_of("title"))
                break
        else:
            by_title[title].append((entry, people))


def arxiv_of(fields: Mapping[str, str]) -> str:
    """The arXiv identifier of a work, from whichever field tells it."""
    eprint = fields.get("eprint", "")
    archive = (fields.get("eprinttype") or fields.get("archiveprefix") or "").lower()
    if eprint and archive in {"", "arxiv"}:
        found = clean_arxiv(eprint)
        if is_arxiv(found):
            return found
    for name in ("arxiv", "doi", "url", "journal", "journaltitle", "volume", "howpublished"):
        text = fields.get(name, "")
        if name == "arxiv" and is_arxiv(clean_arxiv(text)):
            return clean_arxiv(text)
        if text and (found := arxiv_in(text)):
            return found
    return ""


def _both(name: str, entry: Entry, other: Entry) -> bool:
    return bool(entry.get(name) and other.get(name))


def _parts_of_one(entry: Entry, other: Entry) -> bool:
    """Whether both are parts of a book that has the DOI."""
    parts = {"inbook", "incollection", "suppbook", "suppcollection", "inreference"}
    return bool({entry.type, other.type} & parts) and entry.get("title") != other.get("title")


def _people(fields: Mapping[str, str]) -> frozenset[str]:
    text = fields.get("author") or fields.get("editor") or ""
    return frozenset(folded(family(name)) for name in split_names(text).names if name)


def _problem(entry: Entry, other: Entry, what: str, line: int) -> Problem:
    message = (
        f"the same {what} as the entry {other.key!r} on line {other.line}; "
        "keep one entry for a work, with its latest version and its eprint"
    )
    return Problem(line, entry.key, Mistake.BIB_DUPLICATE_WORK, message)
