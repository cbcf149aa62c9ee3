"""Which papers a list shows, and whether that is what it showed when its page was read."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, cast

from sphinx_cv.entries import Entry
from sphinx_cv.listings import Query
from sphinx_cv.publications.downloads import publication_id
from sphinx_cv.publications.own import own_library

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment

    from sphinx_cv.publications.domain import BibliographyDomain
    from sphinx_cv.publications.record import Publication


@dataclass(frozen=True)
class Selection:
    """The papers to choose from, and how."""

    #: ``owner`` or ``anyone``.
    by: str = "owner"
    #: Who asks for some by their keys wants them, whoever wrote them.
    keys: tuple[str, ...] | None = None
    order: str = "document"
    limit: int | None = None

    @property
    def is_complete(self) -> bool:
        """Whether it is the list of all the owner's papers."""
        return self.by == "owner" and self.keys is None and self.limit is None

    def papers(self, env: BuildEnvironment) -> list[Publication]:
        """Those that there are, in the order asked for."""
        domain = cast("BibliographyDomain", env.get_domain("cvbib"))
        chosen = self.keys
        if chosen is None:
            chosen = tuple(domain.works if self.by == "anyone" else own_library(env).works)
        known = [key for key in dict.fromkeys(chosen) if key in domain.works]
        if self.order == "document":
            return [domain.publication(key) for key in known[: self.limit]]
        entries = [entry_of(domain.publication(key)) for key in known]
        query = Query(("publication",), self.order, self.limit)
        return [domain.publication(entry.name) for entry in query.select(entries)]

    def digest(self, env: BuildEnvironment) -> str:
        """The same as long as the list shows the same."""
        domain = cast("BibliographyDomain", env.get_domain("cvbib"))
        own = own_library(env).works
        shown = [(p.key, domain.digest_of(p.key), p.key in own) for p in self.papers(env)]
        return sha256(repr((self, shown)).encode()).hexdigest()


def entry_of(publication: Publication, docname: str = "", line: int = 0) -> Entry:
    """The paper as an object of the domain."""
    fields: dict[str, object] = {"key": publication.key}
    if publication.dates:
        fields["dates"] = publication.dates
    return Entry(
        kind="publication",
        id=publication_id(publication.key),
        title=publication.name,
        docname=docname,
        line=line,
        fields=fields,
    )
