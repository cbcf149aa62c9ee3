"""Whose papers they are: by the names and ORCID iDs of authors and editors. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sphinx_cv.nearest import nearest
from sphinx_cv.publications.identifiers import clean_orcid
from sphinx_cv.publications.record import full_name, orcids_of
from sphinx_cv.publications.tex import folded

if TYPE_CHECKING:
    from pybtex.database import Entry as BibEntry

    from sphinx_cv.entries import Entry
    from sphinx_cv.publications.read import Work

_ROLES = ("author", "editor")


@dataclass(frozen=True)
class Owner:
    """Who the CV is of, as far as names of authors tell."""

    #: All forms of the name, the usual one first.
    names: tuple[str, ...]
    orcid: str = ""

    def is_named(self, name: str, orcid: str = "") -> bool:
        """Whether someone with this name in reading order, or this ORCID iD, is the owner."""
        if orcid and self.orcid:
            return orcid == self.orcid
        return _bare(name) in _bare_all(self.names)

    def wrote(self, work: Work, entry: BibEntry) -> bool:
        """Whether the owner is an author or editor of it."""
        if self.orcid and self.orcid in _orcids_of_entry(work):
            return True
        return any(
            self.is_named(name, orcids.get(number, ""))
            for role in _ROLES
            for orcids in (orcids_of(work, role),)
            for number, name in enumerate(map(full_name, entry.persons.get(role, ())), start=1)
        )

    def nearly(self, entry: BibEntry) -> str:
        """The author or editor whose name is most like the owner's; empty if none is like it."""
        families = {_bare(name.split()[-1]) for name in self.names if name.split()}
        persons = [person for role in _ROLES for person in entry.persons.get(role, ())]
        for person in persons:
            if _bare(" ".join([*person.prelast_names, *person.last_names])) in families:
                return full_name(person)
        return next((name for name in map(full_name, persons) if nearest(name, self.names)), "")


def owner_of(person: Entry | None) -> Owner | None:
    """The owner as the entry ``cv:person`` says; None without one."""
    if person is None:
        return None
    names = tuple(dict.fromkeys((person.title, *person.fields.get("names", ()))))
    return Owner(names, person.fields.get("orcid", ""))


def _orcids_of_entry(work: Work) -> set[str]:
    parts = re.split(r"[;,\s]+", work.fields.get("orcid", ""))
    return {clean_orcid(part) for part in parts if part}


@lru_cache(maxsize=4096)
def _bare(name: str) -> str:
    return folded(name)


@lru_cache(maxsize=8)
def _bare_all(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(_bare, names))
