"""``cv:publications``: the list of papers, each an object of the domain."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from docutils import nodes
from docutils.parsers.rst.directives import positive_int
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective

from sphinx_cv.entries import Entry
from sphinx_cv.listings import Query, order_option
from sphinx_cv.nodes import backlinks
from sphinx_cv.publications.bibtex import to_bibtex
from sphinx_cv.publications.downloads import LISTS, publication_id
from sphinx_cv.publications.record import Publication, record
from sphinx_cv.publications.resources import downloads, resources, tex_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils.nodes import Node
    from sphinx.util.typing import OptionSpec

    from sphinx_cv.domain import CVDomain
    from sphinx_cv.publications.domain import BibliographyDomain
    from sphinx_cv.publications.read import Library

#: Annotation of an author -> the sign after the name and what it says.
SIGNS = {
    "equal": ("*", _("Equal contribution")),
    "first": ("†", _("Joint first authors")),
    "corresponding": ("✉", _("Corresponding author")),
}


class PublicationsDirective(SphinxDirective):
    """The entries of the bibliography files, or the latest of them."""

    option_spec: ClassVar[OptionSpec] = {"order": order_option, "limit": positive_int}

    def run(self) -> list[Node]:
        """Lay out the list; a complete one makes its papers objects of the domain."""
        domain = cast("CVDomain", self.env.get_domain("cv"))
        # The owner's name is set in bold: write the page again when that changes.
        domain.note_query(Query(kinds=("person",)))
        publications = {p.key: p for p in self._publications()}
        entries = {key: self._entry(publication) for key, publication in publications.items()}
        query = Query(("publication",), self.options.get("order", "document"),
                      self.options.get("limit"))  # fmt: skip
        selected = query.select(entries.values())
        location = self.get_location()
        bullet_list = nodes.bullet_list(classes=["cv-publications"])
        signs: dict[str, str] = {}
        for number, entry in enumerate(selected):
            publication = publications[entry.fields["key"]]
            # Where a few are shown of a list that is elsewhere, their entries are left to that.
            bibtex = self._bibtex(publication.key) if query.limit is None else ""
            item = nodes.list_item(
                "", self._layout(publication, signs), *resources(publication, bibtex)
            )
            if query.limit is None:
                # Their order on the page, since they all stand on the directive's line.
                entry = Entry(**{**vars(entry), "line": self.lineno + number})
                if domain.note_entry(entry, location=location):
                    item["ids"].append(entry.id)
                item["cv_entry"] = entry.id
                item += backlinks(target=entry.id)
            bullet_list += item
        result: list[Node] = [bullet_list] if selected else []
        if signs:
            legend = " ".join(f"{sign} {meaning}." for sign, meaning in signs.items())
            result.append(nodes.paragraph("", legend, classes=["cv-legend"]))
        if query.limit is None and selected:
            result.append(downloads(lead=_("All of them as"), files=LISTS))
        return result

    @property
    def _library(self) -> Library:
        reading = cast("BibliographyDomain", self.env.get_domain("cvbib")).reading
        assert reading is not None  # read before any page
        for path, _mtime in reading.files:
            self.env.note_dependency(str(path))
        return reading.library

    def _publications(self) -> Iterator[Publication]:
        library = self._library
        for key, work in library.works.items():
            yield record(work, library.data.entries[key])

    def _bibtex(self, key: str) -> str:
        library = self._library
        return to_bibtex(library.works[key], library.data.entries[key])

    def _entry(self, publication: Publication) -> Entry:
        fields: dict[str, object] = {"key": publication.key}
        if publication.dates:
            fields["dates"] = publication.dates
        return Entry(
            kind="publication",
            id=publication_id(publication.key),
            title=publication.title,
            docname=self.env.docname,
            line=self.lineno,
            fields=fields,
        )

    def _layout(self, publication: Publication, signs: dict[str, str]) -> nodes.paragraph:
        """Title, authors, venue: one paragraph whose parts the stylesheet sets apart."""
        title = nodes.inline("", "", *_title_nodes(publication.title), classes=["cv-title"])
        authors = nodes.inline(classes=["cv-authors"])
        for number, author in enumerate(publication.authors):
            if number:
                authors += nodes.Text(", ")
            authors += nodes.inline("", author.name, cv_author=author.name)
            for annotation in author.annotations:
                if annotation in SIGNS:
                    sign, meaning = SIGNS[annotation]
                    signs[sign] = str(meaning)
                    authors += nodes.Text(sign)
        venue = nodes.inline("", "", *_venue_nodes(publication), classes=["cv-venue"])
        line = nodes.paragraph("", "", title)
        for part, before in ((authors, " "), (venue, ". ")):
            if part.children:
                line += nodes.inline("", before, classes=["cv-separator"])
                line += part
        return line


def _title_nodes(title: str) -> list[Node]:
    text = title if title.endswith(("?", "!", ".")) else f"{title}."
    return tex_nodes(text, nodes.emphasis)


def _venue_nodes(publication: Publication) -> list[Node]:
    """Where it is: what came first comes first."""
    appeared: list[Node] = []
    if publication.venue:
        appeared = [nodes.emphasis("", publication.venue)]
        if publication.locator:
            appeared.append(nodes.Text(f", {publication.locator}"))
    parts = [appeared] if appeared else []
    if publication.arxiv:
        name = f"arXiv:{publication.arxiv}"
        link = nodes.reference("", name, refuri=f"https://arxiv.org/abs/{publication.arxiv}")
        preprint: list[Node] = [nodes.Text(_("arXiv preprint") + ", "), link]
        if publication.was_preprint:
            parts = [preprint, [nodes.Text(_("Published in") + " "), *appeared]]
        else:
            parts.append([link] if appeared else preprint)
    if publication.note:
        parts.append([nodes.inline("", publication.note, classes=["cv-note"])])
    if publication.doi:
        uri = f"https://doi.org/{publication.doi}"
        parts.append([nodes.reference("", f"doi:{publication.doi}", refuri=uri)])
    elif publication.url and not publication.arxiv:
        parts.append([nodes.reference("", publication.url, refuri=publication.url)])
    joined: list[Node] = []
    for number, part in enumerate(parts):
        joined += [nodes.Text(". ")] * bool(number) + part
    return joined
