"""What a paper looks like in parts: its title, where it is, its links, its abstract."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from docutils.nodes import Node

    from sphinx_cv.publications.ownership import Owner
    from sphinx_cv.publications.record import Publication

#: Annotation of an author -> the sign after the name and what it says.
SIGNS = {
    "equal": ("*", _("Equal contribution")),
    "first": ("†", _("Joint first authors")),
    "corresponding": ("✉", _("Corresponding author")),
}
#: That of a formula, not that of money.
_DOLLAR = re.compile(r"(?<!\\)\$")


def line_nodes(
    publication: Publication, owner: Owner | None, *, page_of: str = ""
) -> nodes.paragraph:
    """Title, authors, venue: one paragraph whose parts the stylesheet sets apart.

    The *owner* is set in bold. The title leads to the page of the paper with the key *page_of*.
    """
    name = tex_nodes(publication.title, nodes.emphasis)
    title = nodes.inline("", "", *name, classes=["cv-title"])
    if page_of:
        title["cv_page_of"] = page_of
    authors = nodes.inline(classes=["cv-authors"])
    text = ""
    for number, author in enumerate(publication.authors):
        text += ", " * bool(number)
        if owner and owner.is_named(author.name, author.orcid):
            authors += [nodes.Text(text)] * bool(text)
            authors += nodes.strong("", author.name)
            text = ""
        else:
            text += author.name
        text += "".join(SIGNS[each][0] for each in author.annotations if each in SIGNS)
    authors += [nodes.Text(text)] * bool(text)
    venue = nodes.inline("", "", *venue_nodes(publication), classes=["cv-venue"])
    line = nodes.paragraph("", "", title)
    for part in (authors, venue):
        if part.children:
            before = " " if line.astext().endswith(("?", "!", ".")) else ". "
            line += nodes.inline("", before, classes=["cv-separator"])
            line += part
    return line


def signs_of(publications: Iterable[Publication]) -> dict[str, str]:
    """The signs after names in the lines of *publications* -> what they say."""
    given = (note for p in publications for author in p.authors for note in author.annotations)
    return {SIGNS[note][0]: str(SIGNS[note][1]) for note in given if note in SIGNS}


def legend_nodes(signs: Mapping[str, str]) -> list[Node]:
    """What the signs after names say, once."""
    if not signs:
        return []
    legend = " ".join(f"{sign} {meaning}." for sign, meaning in signs.items())
    return [nodes.paragraph("", legend, classes=["cv-legend"])]


def venue_nodes(publication: Publication) -> list[Node]:
    """Where it is: what came first comes first."""
    appeared: list[Node] = []
    if publication.venue:
        appeared = tex_nodes(publication.venue, nodes.emphasis)
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
        note = tex_nodes(publication.note, nodes.Text)
        parts.append([nodes.inline("", "", *note, classes=["cv-note"])])
    if publication.doi:
        uri = f"https://doi.org/{publication.doi}"
        parts.append([nodes.reference("", f"doi:{publication.doi}", refuri=uri)])
    elif publication.url and not publication.arxiv:
        parts.append([nodes.reference("", publication.url, refuri=publication.url)])
    joined: list[Node] = []
    for number, part in enumerate(parts):
        joined += [nodes.Text(". ")] * bool(number) + part
    return joined


def tex_nodes(text: str, kind: type[Node]) -> list[Node]:
    """Formulas for what stands between dollars, and nodes of the *kind* for the rest."""
    parts: list[Node] = []
    for number, part in enumerate(_DOLLAR.split(text)):
        if part and number % 2:
            parts.append(nodes.math(part, part))
        elif part:
            part = part.replace(r"\$", "$")
            parts.append(
                kind(part, part) if issubclass(kind, nodes.TextElement) else nodes.Text(part)
            )
    return parts


def abstract_nodes(publication: Publication) -> list[Node]:
    """A paragraph for each."""
    paragraphs = (tex_nodes(text, nodes.Text) for text in publication.abstract)
    return [nodes.paragraph("", "", *paragraph) for paragraph in paragraphs]


def bibtex_nodes(bibtex: str) -> nodes.container:
    """An entry to copy.

    Without a source it is not highlighted: that would take longer than the rest of a list, and
    make its page half as large again.
    """
    return nodes.container("", nodes.literal_block("", bibtex), classes=["cv-bibtex"])


def links_nodes(publication: Publication) -> Iterator[Node]:
    """The links to what the paper has elsewhere, and to what it has here."""
    for label, uri in publication.links.items():
        # Many links of a page are called the same; the title tells them apart.
        title = f"{label}: {publication.name}"
        yield nodes.reference("", label, refuri=uri, reftitle=title)
    if publication.writeup:
        yield addnodes.pending_xref(
            "",
            nodes.inline("", _("Write-up")),
            refdomain="std",
            reftype="doc",
            reftarget=f"/{publication.writeup.strip('/')}",
            refexplicit=True,
            refwarn=True,
        )
