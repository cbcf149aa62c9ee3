"""A paper as the programs of others look for it in a page.

Pure. Google Scholar's tags (its "Inclusion Guidelines for Webmasters"), schema.org's
``ScholarlyArticle`` in JSON-LD, and COinS (OpenURL, Z39.88-2004), which Zotero picks up; all made
of the CSL item.
"""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from sphinx_cv.publications.record import Publication

_CONTAINERS = {
    "article-journal": "citation_journal_title",
    "chapter": "citation_inbook_title",
    "paper-conference": "citation_conference_title",
}
_PUBLISHERS = {
    "thesis": "citation_dissertation_institution",
    "report": "citation_technical_report_institution",
}
#: CSL's type -> the format of OpenURL, and the genre in it, as Zotero reads and writes them.
_FORMATS = {
    "article-journal": ("journal", "article"),
    "article": ("journal", "preprint"),
    "paper-conference": ("book", "proceeding"),
    "chapter": ("book", "bookitem"),
    "book": ("book", "book"),
    "report": ("book", "report"),
    "thesis": ("dissertation", ""),
}
#: What is in a book.
_PARTS = {"paper-conference", "chapter"}


def citation_tags(publication: Publication, item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and content of each ``<meta>``, those that are asked for first."""
    yield "citation_title", item["title"]
    for name in _authors(publication):
        yield "citation_author", name
    if date := _date(item):
        yield "citation_publication_date", date.replace("-", "/")
    kind = item["type"]
    if "container-title" in item:
        yield _CONTAINERS.get(kind, "citation_journal_title"), item["container-title"]
    if "publisher" in item:
        yield _PUBLISHERS.get(kind, "citation_publisher"), item["publisher"]
    for variable, name in (
        ("volume", "citation_volume"),
        ("issue", "citation_issue"),
        ("ISSN", "citation_issn"),
        ("ISBN", "citation_isbn"),
    ):
        if variable in item:
            yield name, item[variable]
    if "page" in item:
        first, dash, last = item["page"].partition("-")
        yield "citation_firstpage", first
        if dash:
            yield "citation_lastpage", last
    if "DOI" in item:
        yield "citation_doi", item["DOI"]
    if publication.arxiv:
        yield "citation_arxiv_id", publication.arxiv
    if pdf := publication.links.get("PDF"):
        yield "citation_pdf_url", pdf


def linked_data(publication: Publication, item: dict[str, Any], address: str) -> dict[str, Any]:
    """The paper in the words of schema.org; *address* is that of its page, or empty."""
    places = [f"https://doi.org/{item['DOI']}"] if "DOI" in item else []
    if publication.arxiv:
        places.append(f"https://arxiv.org/abs/{publication.arxiv}")
    container = {
        "@type": ["PublicationVolume", "Periodical"],
        "name": item.get("container-title"),
        "volumeNumber": item.get("volume"),
        "issn": item.get("ISSN"),
    }
    data = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "headline": item["title"],
        "name": item["title"],
        "author": [
            {"@type": "Organization" if "literal" in person else "Person", "name": name}
            for person, name in zip(item.get("author", ()), _authors(publication), strict=False)
        ],
        "datePublished": _date(item),
        "isPartOf": _filled(container) if "container-title" in item else None,
        "pagination": item.get("page"),
        "abstract": item.get("abstract"),
        "sameAs": places,
        "url": address,
    }
    return _filled(data)


def coins(publication: Publication, item: dict[str, Any]) -> str:
    """The paper as a query of OpenURL, in the format for its kind."""
    kind = item["type"]
    form, genre = _FORMATS.get(kind, ("book", "document"))
    title, container = "rft.atitle", "rft.jtitle"
    if form == "dissertation" or genre == "document":
        title, container = "rft.title", ""
    elif form == "book":
        title, container = ("rft.atitle", "rft.btitle") if kind in _PARTS else ("rft.btitle", "")
    given = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{form}"),
        ("rft.genre", genre),
        (title, item["title"]),
        (container, item.get("container-title", "")),
        ("rft.inst" if form == "dissertation" else "rft.pub", item.get("publisher", "")),
        ("rft.date", _date(item)),
        ("rft.volume", item.get("volume", "")),
        ("rft.issue", item.get("issue", "")),
        ("rft.pages", item.get("page", "")),
        ("rft.issn", item.get("ISSN", "")),
        ("rft.isbn", item.get("ISBN", "")),
        *_creators(item),
        ("rft_id", f"info:doi/{item['DOI']}" if "DOI" in item else item.get("URL", "")),
    ]
    return urlencode([(name, value) for name, value in given if name and value])


def _creators(item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The authors as "Family, Given", so that nobody has to guess where a name divides."""
    for person in item.get("author") or item.get("editor") or ():
        family = [person.get(part, "") for part in ("non-dropping-particle", "family", "suffix")]
        name = ", ".join(filter(None, [" ".join(filter(None, family)), person.get("given", "")]))
        if name:
            yield "rft.au", name
        elif person["literal"] != "others":
            yield "rft.aucorp", person["literal"]


def scholarly(publication: Publication, item: dict[str, Any], address: str) -> str:
    """What goes into the head of the paper's page for the programs that look for papers."""
    tags = [("name", name, content) for name, content in citation_tags(publication, item)]
    # Within a script nothing is escaped, but "</script>" ends it.
    data = json.dumps(linked_data(publication, item, address), ensure_ascii=False)
    data = data.replace("<", "\\u003c")
    return f'{_metas(tags)}\n<script type="application/ld+json">{data}</script>'


def head(publication: Publication, item: dict[str, Any], address: str) -> str:
    """The same and what says of any page what it is about."""
    names = ", ".join(_authors(publication))
    description = ". ".join(filter(None, [item["title"].rstrip("."), names]))
    tags = [
        ("name", "description", description),
        ("property", "og:title", item["title"]),
        ("property", "og:type", "article"),
        ("property", "og:description", description),
    ]
    if address:
        tags.append(("property", "og:url", address))
    return f"{_metas(tags)}\n{scholarly(publication, item, address)}"


def _metas(tags: Iterable[tuple[str, str, str]]) -> str:
    return "\n".join(
        f'<meta {attribute}="{escape(name)}" content="{escape(content)}">'
        for attribute, name, content in tags
    )


def _authors(publication: Publication) -> list[str]:
    return [author.name for author in publication.authors if author.name != "others"]


def _date(item: dict[str, Any]) -> str:
    if "issued" not in item:
        return ""
    year, *rest = item["issued"]["date-parts"][0]
    return "-".join([f"{year:04}", *(f"{part:02}" for part in rest)])


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value}
