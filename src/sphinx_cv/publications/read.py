"""From what a file says to what pybtex's styles understand; one bad entry never hurts another.

Each entry becomes a pybtex ``Entry`` in BibTeX's vocabulary, which every style can show without an
error, and a :class:`Work`, which keeps what pybtex has no place for.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path

from pybtex.database import BibliographyData, Person
from pybtex.database import Entry as PybtexEntry

from sphinx_cv.publications import identifiers as ids
from sphinx_cv.publications import vocabulary
from sphinx_cv.publications.annotations import Annotations, parse_annotations, split_name
from sphinx_cv.publications.duplicates import arxiv_of
from sphinx_cv.publications.formulas import hide
from sphinx_cv.publications.inherit import inherit
from sphinx_cv.publications.names import (
    commas,
    in_order,
    is_corporate,
    name_parts,
    split_names,
    unmark,
)
from sphinx_cv.publications.packed import Pack, PackedData, Works
from sphinx_cv.publications.shape import shape
from sphinx_cv.publications.source import Entry, Source
from sphinx_cv.publications.tex import accents
from sphinx_cv.publications.when import When, parse_date, parse_month

_ADDRESSES = ("url", "doi", "eprint", "pdf", "code", "slides", "video", "poster", "website",
              "openreview", "writeup")  # fmt: skip
_BRACKETS = re.compile(r"(?<!\\)\\\((.+?)\\\)")


@dataclass(frozen=True)
class Work:
    """One work of the bibliography, beside its pybtex entry."""

    #: The file that it stands in.
    path: Path
    #: The entry as it is written there.
    entry: Entry
    #: All fields, cleaned, the inherited ones too, without annotations; under BibTeX's names.
    fields: Mapping[str, str]
    #: When it appeared, as precise as the file says.
    when: When
    #: The arXiv identifier, from whichever field tells it; empty if there is none.
    arxiv: str = ""
    #: One for each ``…+an`` field that could be read.
    annotations: tuple[Annotations, ...] = ()
    #: The fields whose list of names ends in ``and others``.
    open_lists: frozenset[str] = frozenset()

    @cached_property
    def digest(self) -> str:
        """The same as long as the work says the same, wherever in its file it stands."""
        said = (self.entry.key, self.entry.type, *sorted(self.fields.items()), self.annotations)
        return sha256(repr((*said, sorted(self.open_lists))).encode()).hexdigest()

    def annotated(
        self, role: str = "author", annotator: str = "default"
    ) -> dict[int, tuple[str, ...]]:
        """Index of a name, from 1, to its annotations, such as ``("equal",)``."""
        for notes in self.annotations:
            if (notes.field, notes.annotator) == (role, annotator):
                return notes.by_item()
        return {}


@dataclass(frozen=True)
class Library:
    """Everything that the files of a project say."""

    #: By key as written, in the order of the files.
    works: Works
    #: For sphinxcontrib-bibtex and pybtex's styles.
    data: BibliographyData


def read_library(sources: Mapping[Path, Source]) -> Library:
    """Read the entries of *sources*, the first of a key; xdata and sets are no works."""
    entries: dict[str, Entry] = {}
    paths: dict[str, Path] = {}
    for path, source in sources.items():
        for entry in source.entries:
            if entry.key and entry.key.casefold() not in entries:
                entries[entry.key.casefold()] = entry
                paths[entry.key] = path
    data = BibliographyData()
    works = {}
    for entry in entries.values():
        if entry.type not in vocabulary.CONTAINERS:
            work, shown = read_entry(paths[entry.key], entry, entries)
            works[entry.key] = work
            data.add_entry(entry.key, shown)
    pack = Pack(works, data)
    digests = {key: work.digest for key, work in works.items()}
    return Library(Works(pack, digests), PackedData(pack))


def read_entry(path: Path, entry: Entry, by_key: Mapping[str, Entry]) -> tuple[Work, PybtexEntry]:
    """One entry of the file at *path*; *by_key* has all entries, by their keys folded in case."""
    fields, annotations = {}, []
    for name, value in inherit(entry, by_key).items():
        if "+" in name:
            if split_name(name):
                annotations.append(parse_annotations(name, value))
            continue
        fields[vocabulary.FIELD_ALIASES.get(name, name)] = _clean(name, value)
    if link := ids.link_in(fields.get("howpublished", "")):
        fields.setdefault("url", link)
        del fields["howpublished"]
    arxiv = arxiv_of(fields)
    if arxiv:
        fields |= {"eprint": arxiv, "eprinttype": "arxiv"}
    when = _when(fields)
    persons: dict[str, list[Person]] = {}
    open_lists = set()
    for role in vocabulary.NAMES & fields.keys():
        listed = split_names(fields[role])
        found = [person for name in listed.names if (person := read_person(name))]
        if listed.others:
            open_lists.add(role)
            found.append(Person("others"))
        if found and role in Person.valid_roles:
            persons[role] = found
    work = Work(path, entry, fields, when, arxiv, tuple(annotations), frozenset(open_lists))
    kind, shown = shape(entry.type, fields, when, frozenset(persons))
    if kind == "misc" and "author" not in persons and "editor" in persons:
        persons["author"] = persons["editor"]
    shown = {n: v if n in vocabulary.VERBATIM else hide(v) for n, v in shown.items()}
    result = PybtexEntry(kind, fields=shown, persons={r: persons[r] for r in sorted(persons)})
    result.original_type = entry.type
    return work, result


# The same people write paper after paper, and pybtex takes its time over a name.
@lru_cache(maxsize=4096)
def read_person(name: str) -> Person | None:
    """The person or body that *name* names; None if it names nobody."""
    name = unmark(name)
    if is_corporate(name):
        return Person(last=name)
    if parts := name_parts(name):
        return Person(
            first=parts.get("given", ""),
            prelast=parts.get("prefix", ""),
            last=parts.get("family", ""),
            lineage=parts.get("suffix", ""),
        )
    # pybtex wants at most two commas, with something around them.
    pieces = [piece for piece in in_order(commas(name)) if piece]
    if not "".join(pieces).strip("{} "):
        return None
    return Person(", ".join([*pieces[:2], " ".join(pieces[2:])] if len(pieces) > 3 else pieces))


def _clean(name: str, value: str) -> str:
    if name == "doi":
        return ids.clean_doi(value)
    if name in _ADDRESSES:
        return ids.unescape(value)
    # One way to write a formula is enough for all that follows.
    return value if name in vocabulary.VERBATIM else accents(_BRACKETS.sub(r"$\1$", value))


def _when(fields: Mapping[str, str]) -> When:
    with suppress(ValueError):
        return parse_date(fields.get("date", ""))
    month = None
    with suppress(ValueError):
        month = parse_month(fields.get("month", ""))
    year = re.search(r"\d{4}", fields.get("year") or fields.get("date", ""))
    return When(year[0] if year else "", month)
