"""What a page shows of the whole project: summaries, the timeline, and backlinks.

While a page is read only a placeholder is left in it, since later pages may add to
what it shows; :class:`ListingTransform` fills it each time the page is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from docutils import nodes
from docutils.parsers.rst.directives import positive_int
from sphinx import addnodes
from sphinx.locale import _
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from sphinx_cv.entries import KINDS, parse_list, suggestion
from sphinx_cv.nodes import backlinks, listing, timeline
from sphinx_cv.publications.writeups import paper_of
from sphinx_cv.references import Place
from sphinx_cv.timeline import draw

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from docutils.nodes import Node
    from sphinx.util.typing import OptionSpec

    from sphinx_cv.domain import CVDomain
    from sphinx_cv.entries import Entry

ORDERS = ("document", "newest")


@dataclass(frozen=True)
class Query:
    """Which entries to show, and in what order."""

    kinds: tuple[str, ...]
    order: str = "document"
    limit: int | None = None
    #: Only those with dates.
    dated: bool = False

    def select(self, entries: Iterable[Entry]) -> list[Entry]:
        """The entries meant; those without dates come last where the newest come first."""
        chosen = [
            entry
            for entry in entries
            if entry.kind in self.kinds and (entry.dates or not self.dated)
        ]
        if self.order == "newest":
            # Sorting is stable, so entries of the same date stay in document order.
            chosen.sort(key=lambda entry: entry.dates is not None, reverse=True)
            dated = [entry for entry in chosen if entry.dates]
            dated.sort(key=lambda entry: entry.dates.sort_key, reverse=True)  # type: ignore[union-attr]
            chosen[: len(dated)] = dated
        return chosen[: self.limit]


def kinds_option(value: str | None) -> tuple[str, ...]:
    """Names of kinds, separated by commas."""
    kinds = parse_list(value or "")
    for kind in kinds:
        if kind not in KINDS:
            raise ValueError(f"there is no kind {kind!r}{suggestion(kind, KINDS)}")
    return kinds


def order_option(value: str | None) -> str:
    """One of :data:`ORDERS`."""
    if value not in ORDERS:
        raise ValueError(f"{value!r} is no order{suggestion(value or '', ORDERS)}")
    return value


class ListingDirective(SphinxDirective):
    """Leaves the placeholder."""

    option_spec: ClassVar[OptionSpec] = {
        "kinds": kinds_option,
        "order": order_option,
        "limit": positive_int,
    }
    node_class: ClassVar[type[nodes.Element]] = listing
    default_kinds: ClassVar[tuple[str, ...]] = ("education", "work", "volunteer", "award")

    def run(self) -> list[Node]:
        """Note what is shown, so that the page is written again when that changes."""
        query = Query(
            kinds=self.options.get("kinds", self.default_kinds),
            order=self.options.get("order", "document"),
            limit=self.options.get("limit"),
            dated=self.node_class is timeline,
        )
        cast("CVDomain", self.env.get_domain("cv")).note_query(query)
        node = self.node_class(query=query)
        self.set_source_info(node)
        return [node]


class SummaryDirective(ListingDirective):
    """``cv:summary``: a line for each entry, with a link to it."""


class TimelineDirective(ListingDirective):
    """``cv:timeline``: the career as a picture."""

    node_class = timeline
    default_kinds = (*ListingDirective.default_kinds, "publication")


class ListingTransform(SphinxPostTransform):
    """Fills the placeholders, just before references are resolved."""

    default_priority = 8

    def run(self, **kwargs: Any) -> None:
        """Replace every placeholder by standard nodes, or by nothing."""
        domain = cast("CVDomain", self.env.get_domain("cv"))
        for place in list(self.document.findall(backlinks)):
            place.replace_self(self._backlinks(place["place"], domain))
        for summary in list(self.document.findall(listing)):
            summary.replace_self(self._summary(summary["query"].select(domain.in_order())))
        for picture in list(self.document.findall(timeline)):
            picture.replace_self(self._timeline(picture["query"].select(domain.in_order())))

    def _backlinks(self, place: Place, domain: CVDomain) -> list[Node]:
        places = domain.backlinks().get(place, [])
        paper = domain.find("publication", paper_of(self.env, place.docname))
        if paper is not None:
            # The page of a paper: what refers to the paper, refers to it.
            found = {*places, *domain.backlinks().get(Place("", paper.id), [])} - {place}
            places = sorted(found - {Place(paper.docname), Place(paper.docname, paper.id)})
        if not places and paper is None:
            return []
        label = nodes.inline("", _("Mentioned in") + ": ", classes=["cv-backlinks-label"])
        paragraph = nodes.paragraph("", "", label, classes=["cv-backlinks"])
        if paper is not None:
            name = nodes.inline("", self.env.titles[paper.docname].astext())
            builder = self.env._app.builder
            docname = self.env.docname
            paragraph += make_refnode(builder, docname, paper.docname, paper.id, name)
        for number, place in enumerate(places):
            if number or paper is not None:
                paragraph += nodes.Text(", ")
            if place.entry in domain.entries:
                paragraph += self._link("cv", "ref", domain.entries[place.entry].name)
            else:
                paragraph += self._link("std", "doc", f"/{place.docname}")
        return [paragraph]

    def _summary(self, entries: list[Entry]) -> list[nodes.Element]:
        items = []
        for entry in entries:
            line = nodes.paragraph("", "", self._link("cv", "ref", entry.name))
            for name, text in (("organization", entry.organization), ("dates", entry.dates)):
                if text:
                    line += nodes.inline("", " · ", classes=["cv-separator"])
                    line += nodes.inline("", str(text), classes=[f"cv-{name}"])
            items.append(nodes.list_item("", line))
        return [nodes.bullet_list("", *items, classes=["cv-summary"])] if items else []

    def _timeline(self, entries: list[Entry]) -> list[Node]:
        builder = self.env._app.builder
        if builder.format != "html" or not entries:
            drawn = self._summary(entries)
            for summary in drawn:
                summary["cv_drawn"] = True
            return [*drawn]
        domain = cast("CVDomain", self.env.get_domain("cv"))

        def address(entry: Entry) -> str:
            docname, anchor = domain.place_of(entry, builder)
            uri = builder.get_relative_uri(self.env.docname, docname)
            return f"{uri}#{anchor}" if anchor else uri

        return [nodes.raw("", draw(entries, address), format="html")]

    def _link(self, domain: str, role: str, target: str) -> addnodes.pending_xref:
        return addnodes.pending_xref(
            "",
            nodes.inline("", target),
            refdomain=domain,
            reftype=role,
            reftarget=target,
            refdoc=self.env.docname,
            refexplicit=False,
            refwarn=True,
        )
