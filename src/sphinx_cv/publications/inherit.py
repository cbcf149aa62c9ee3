"""What an entry takes from the ones that its ``crossref`` and ``xdata`` name."""

from collections.abc import Mapping

from sphinx_cv.publications.source import Entry
from sphinx_cv.publications.vocabulary import words

#: Fields that say something of the parent alone.
_OWN = words(
    "abstract annotation annote author bookauthor crossref doi entryset eprint eprintclass "
    "eprinttype file ids keywords label langid note options pages related shortauthor shorthand "
    "shorttitle sortkey subtitle title titleaddon url urldate xdata xref"
)
#: The parent's field -> what it is to a part of it.
_BECOMES = {"title": "booktitle", "subtitle": "booksubtitle", "titleaddon": "booktitleaddon"}
_PARTS = words(
    "inbook incollection inproceedings conference suppbook suppcollection inreference bookinbook"
)


def targets(entry: Entry, name: str) -> list[str]:
    """The keys that the field *name* of *entry* refers to."""
    return [key for part in entry.get(name).split(",") if (key := part.strip())]


def inherit(entry: Entry, by_key: Mapping[str, Entry]) -> dict[str, str]:
    """All fields of *entry*, its own first; *by_key* has its keys folded in case."""
    return _inherit(entry, by_key, frozenset())


def _inherit(entry: Entry, by_key: Mapping[str, Entry], seen: frozenset[str]) -> dict[str, str]:
    fields = {f.name: f.value for f in entry.fields}
    if "crossref" not in fields and "xdata" not in fields:
        return fields
    seen |= {entry.key.casefold()}
    for key in targets(entry, "xdata"):
        if (parent := by_key.get(key.casefold())) and parent.key.casefold() not in seen:
            for name, value in _inherit(parent, by_key, seen).items():
                fields.setdefault(name, value)
    for key in targets(entry, "crossref"):
        if (parent := by_key.get(key.casefold())) and parent.key.casefold() not in seen:
            for name, value in _inherit(parent, by_key, seen).items():
                if name in _BECOMES and entry.type in _PARTS:
                    fields.setdefault(_BECOMES[name], value)
                elif name not in _OWN or (name == "author" and _shares_author(entry, parent)):
                    fields.setdefault(name, value)
    return fields


def _shares_author(entry: Entry, parent: Entry) -> bool:
    """Whether *entry* is a part of a book that its author wrote."""
    return entry.type == "inbook" and parent.type == "book"
