r"""biblatex's data annotations: ``author+an = {2=equal; 3=equal,corresponding; 1="0000-…"}``.

The form is that of the biblatex manual, section 3.7: specifications are separated by ``;``, each is
``item:part=annotations``, with ``item`` counted from 1 (none for the field as a whole), ``part`` a
part of a name, and ``annotations`` separated by commas or one text in double quotes.
"""

import re
from dataclasses import dataclass

PARTS = ("family", "given", "prefix", "suffix")

_SPEC = re.compile(r"\s*(?P<item>\d*)\s*(?::\s*(?P<part>[\w-]+)\s*)?=\s*(?P<value>.*?)\s*", re.S)
_SEMICOLON = re.compile(r'("(?:[^"\\]|\\.)*")|;')
_WORD = re.compile(r"[\w.+/:@ -]+")


@dataclass(frozen=True)
class Annotation:
    """One annotation of a field, of an item in it, or of a part of that item."""

    #: Counted from 1; None for the field as a whole.
    item: int | None
    #: ``family``, ``given``, …; None for all of the item.
    part: str | None
    value: str
    #: Whether the value is a text in quotes, not a word.
    literal: bool


@dataclass(frozen=True)
class Annotations:
    """The annotations of one field by one annotator."""

    #: The annotated field.
    field: str
    #: ``default`` where ``+an`` names none.
    annotator: str
    items: tuple[Annotation, ...]
    #: What could not be read, each with what would be right.
    faults: tuple[str, ...] = ()

    def by_item(self) -> dict[int, tuple[str, ...]]:
        """Index of the item, from 1, to its annotations; those of its parts are left out."""
        found: dict[int, tuple[str, ...]] = {}
        for each in self.items:
            if each.item is not None and each.part is None:
                found[each.item] = (*found.get(each.item, ()), each.value)
        return found


def split_name(name: str) -> tuple[str, str] | None:
    """``author+an:orcid`` to ``("author", "orcid")``; None if *name* annotates nothing."""
    field, plus, suffix = name.partition("+")
    if not plus:
        return None
    marker, _, annotator = suffix.partition(":")
    return (field, annotator or "default") if marker == "an" else None


def parse_annotations(name: str, text: str) -> Annotations:
    """Read the annotation field *name* with the value *text*; what is wrong goes to ``faults``."""
    field, annotator = split_name(name) or (name.partition("+")[0], "default")
    found: list[Annotation] = []
    faults: list[str] = []
    for spec in _split(text):
        match = _SPEC.fullmatch(spec)
        if not match:
            faults.append(f"{spec.strip()!r} has no '='; write '{name} = {{1=equal; 2=equal}}'")
            continue
        item = int(match["item"]) if match["item"] else None
        value, part = match["value"], match["part"]
        if part and part.removesuffix("-i") not in PARTS:
            faults.append(f"{part!r} is no part of a name; use one of {', '.join(PARTS)}")
            continue
        if value.startswith('"') or value.endswith('"'):
            if len(value) < 2 or value[0] != '"' or value[-1] != '"':
                faults.append(f'{value} lacks a quote; write it as "text"')
                continue
            found.append(Annotation(item, part, value[1:-1].replace('\\"', '"'), literal=True))
            continue
        for word in value.split(","):
            if not _WORD.fullmatch(word.strip()):
                faults.append(
                    f"{word.strip()!r} is no annotation; write a word, or a text in quotes"
                )
            else:
                found.append(Annotation(item, part, word.strip(), literal=False))
    return Annotations(field, annotator, tuple(found), tuple(faults))


def _split(text: str) -> list[str]:
    """Cut at each semicolon outside of quotes."""
    specs, start = [], 0
    for match in _SEMICOLON.finditer(text):
        if not match[1]:
            specs.append(text[start : match.start()])
            start = match.end()
    specs.append(text[start:])
    return [spec for spec in specs if spec.strip()]
