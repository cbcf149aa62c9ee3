"""``cv:publications``: the list of papers, each an object of the domain."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from docutils import nodes
from docutils.parsers.rst.directives import flag, positive_int
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective

from sphinx_cv.entries import parse_list, suggestion
from sphinx_cv.listings import Query, order_option
from sphinx_cv.mistakes import Mistake
from sphinx_cv.nodes import backlinks
from sphinx_cv.publications.downloads import LISTS
from sphinx_cv.publications.layout import legend_nodes, signs_of
from sphinx_cv.publications.listed import listed
from sphinx_cv.publications.narrowing import narrowing_node
from sphinx_cv.publications.resources import downloads
from sphinx_cv.publications.selection import Selection, entry_of
from sphinx_cv.references import Place
from sphinx_cv.reporting import warn

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from docutils.nodes import Node
    from sphinx.util.typing import OptionSpec

    from sphinx_cv.domain import CVDomain
    from sphinx_cv.publications.domain import BibliographyDomain
    from sphinx_cv.publications.record import Publication

#: Kind of publication -> the heading of several, in the order of a list in groups.
KINDS = {
    "journal": _("Journal articles"),
    "conference": _("Conference papers"),
    "book": _("Books and chapters"),
    "preprint": _("Preprints"),
    "report": _("Reports"),
    "thesis": _("Theses"),
    "software": _("Software and data"),
    "other": _("Other"),
}
GROUPS = ("year", "kind")
#: Whose papers a list may hold; ``anyone`` adds the literature.
AUTHORS = ("owner", "anyone")


def group_option(value: str | None) -> str:
    """One of :data:`GROUPS`."""
    if value not in GROUPS:
        raise ValueError(f"{value!r} is no way to group{suggestion(value or '', GROUPS)}")
    return value


def by_option(value: str | None) -> str:
    """One of :data:`AUTHORS`."""
    if value not in AUTHORS:
        raise ValueError(f"{value!r} is nobody to list papers of{suggestion(value or '', AUTHORS)}")
    return value


def grouped(publications: Iterable[Publication], by: str) -> dict[str, list[Publication]]:
    """Heading -> its publications; the newest year first, without a year last."""
    found: dict[str, list[Publication]] = {}
    for publication in publications:
        group = publication.kind if by == "kind" else publication.year
        found.setdefault(group, []).append(publication)
    if by == "kind":
        return {str(KINDS[kind]): found[kind] for kind in KINDS if kind in found}
    years = sorted(found, key=lambda year: (bool(year), int(year or 0)), reverse=True)
    return {year or str(_("Without a year")): found[year] for year in years}


class PublicationsDirective(SphinxDirective):
    """The owner's papers, some of them, the latest, or all entries of the bibliography files."""

    option_spec: ClassVar[OptionSpec] = {
        "order": order_option,
        "limit": positive_int,
        "group": group_option,
        "keys": lambda value: parse_list(value or ""),
        "by": by_option,
        "filter": flag,
    }

    def run(self) -> list[Node]:
        """Lay out the list; a complete one makes its papers objects of the domain."""
        domain = cast("CVDomain", self.env.get_domain("cv"))
        # The owner's name is set in bold: write the page again when that changes.
        domain.note_query(Query(kinds=("person",)))
        self._selection = Selection(
            self.options.get("by", "owner"),
            tuple(self.options["keys"]) if "keys" in self.options else None,
            self.options.get("order", "document"),
            self.options.get("limit"),
        )
        bibliography = cast("BibliographyDomain", self.env.get_domain("cvbib"))
        self._report_unknown(bibliography.works)
        bibliography.note_selection(self._selection)
        selected = self._selection.papers(self.env)
        domain.note_list(publication.key for publication in selected)
        if not selected:
            return []
        self._shown = 0
        self._classes = ["cv-publications"]
        if "filter" in self.options:
            self._classes.append(f"cv-narrowed-{self.env.new_serialno('cv-narrowed')}")
        result: list[Node]
        if by := self.options.get("group"):
            groups = grouped(selected, by)
            result = [self._section(title, groups[title]) for title in groups]
        else:
            result = [self._list(selected)]
        if "filter" in self.options:
            shown = [p for group in groups.values() for p in group] if by else selected
            result.insert(0, narrowing_node(shown, KINDS, self._classes[-1]))
        # What explains the list belongs to its last section, as nothing follows a section.
        end = cast("list[Node]", result[-1]) if by else result
        end += legend_nodes(signs_of(selected))
        if self._selection.is_complete:
            end.append(downloads(lead=_("All of them as"), files=LISTS))
        return result

    def _report_unknown(self, known: Collection[str]) -> None:
        for key in self._selection.keys or ():
            if key not in known:
                warn(
                    Mistake.VALUE,
                    "there is no paper with the key %r%s",
                    key,
                    suggestion(key, known),
                    location=self.get_location(),
                )

    def _section(self, title: str, publications: list[Publication]) -> nodes.section:
        ids = self.state.document.ids
        anchor = base = nodes.make_id(f"publications-{title}")
        number = 1
        while anchor in ids:
            number += 1
            anchor = f"{base}-{number}"
        section = nodes.section("", nodes.title("", title), ids=[anchor])
        ids[anchor] = section
        self.set_source_info(section)
        section += self._list(publications)
        return section

    def _list(self, publications: list[Publication]) -> nodes.bullet_list:
        domain = cast("CVDomain", self.env.get_domain("cv"))
        complete = self._selection.is_complete
        bullet_list = nodes.bullet_list(classes=self._classes)
        for publication in publications:
            item = nodes.list_item("", listed(key=publication.key, complete=complete))
            if complete:
                # Their order on the page, since they all stand on the directive's line.
                entry = entry_of(publication, self.env.docname, self.lineno + self._shown)
                domain.note_entry(entry)
                if entry.id not in self.state.document.ids:
                    self.state.document.ids[entry.id] = item
                    item["ids"].append(entry.id)
                item["cv_entry"] = entry.id
                item += backlinks(place=Place("", entry.id))
            self._shown += 1
            bullet_list += item
        return bullet_list
