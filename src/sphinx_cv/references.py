"""References in the pages' text, and what they say of their targets: backlinks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes
from sphinx.util import docname_join
from sphinxcontrib.bibtex.citation_target import parse_citation_targets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


@dataclass(frozen=True, order=True)
class Place:
    """An entry, or where ``entry`` is empty, a document."""

    docname: str
    entry: str = ""


@dataclass(frozen=True, order=True)
class Reference:
    """A reference in a page's text."""

    source: Place
    #: ``entry``, ``document``, ``label``, or ``any`` of them.
    aim: str
    #: The id of an entry, a document's name, or a label.
    target: str


def collect(document: nodes.document, docname: str) -> tuple[Reference, ...]:
    """The references of a page, as far as they may concern the CV."""
    return tuple(
        sorted(
            {
                Reference(_place_of(node, docname), aim, target)
                for node in document.findall(addnodes.pending_xref)
                for aim, target in _targets(node, docname)
            }
        )
    )


def backlinks_of(
    references: Iterable[Reference], entries: Mapping[str, str], labels: Mapping[str, str]
) -> dict[Place, list[Place]]:
    """Entry or document -> the places that refer to it, other than itself.

    ``entries`` gives the id of each name, ``labels`` the document that each label stands in.
    An entry is a place without a document here, since its id says where it is.
    """
    found: dict[Place, set[Place]] = {}
    for reference in references:
        aim, target = reference.aim, reference.target
        if aim == "any":
            aim = "entry" if target in entries else "label" if target in labels else "document"
        if aim == "label":
            aim, target = "document", labels.get(target, "")
        place = Place("", entries.get(target, target)) if aim == "entry" else Place(target)
        source = reference.source
        if place not in {source, Place("", source.entry)}:
            found.setdefault(place, set()).add(source)
    return {place: sorted(sources) for place, sources in found.items()}


def _place_of(node: nodes.Node, docname: str) -> Place:
    """The innermost entry around a node, or else its document."""
    ancestor = node.parent
    while ancestor is not None:
        if isinstance(ancestor, nodes.Element) and "cv_entry" in ancestor:
            return Place(docname, ancestor["cv_entry"])
        ancestor = ancestor.parent
    return Place(docname)


def _targets(node: addnodes.pending_xref, docname: str) -> Iterator[tuple[str, str]]:
    """Aim and target of each reference that a node makes."""
    domain, role, target = node.get("refdomain"), node.get("reftype"), node["reftarget"]
    if domain == "cv":
        yield "entry", target
    elif domain == "cite":
        for citation in parse_citation_targets(target):
            yield "entry", citation.key
    elif domain == "doc":
        yield "document", target
    elif (domain, role) == ("std", "doc"):
        yield "document", docname_join(docname, target)
    elif (domain, role) == ("std", "ref"):
        yield "label", target
    elif role in {"any", "myst"}:
        yield "any", target.removeprefix("#")
