"""A paper in a list, laid out when its page is written.

While a page is read, only its place is left there: what some thirty nodes say, each transform of
the reading would walk through, and the page could not be written anew without being read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_cv.publications.bibtex import to_bibtex
from sphinx_cv.publications.layout import line_nodes
from sphinx_cv.publications.own import own_library
from sphinx_cv.publications.resources import resources

if TYPE_CHECKING:
    from typing import Any

    from sphinx.application import Sphinx

    from sphinx_cv.domain import CVDomain
    from sphinx_cv.publications.domain import BibliographyDomain


class listed(nodes.General, nodes.Element):  # noqa: N801 (docutils names nodes so)
    """The paper with the ``key``; ``complete`` if its list is that of all of them."""


class ListedTransform(SphinxPostTransform):
    """Puts what is known of the paper in its place."""

    # Before what it puts there is filled in.
    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        places = list(self.document.findall(listed))
        if not places:
            return
        domain = cast("BibliographyDomain", self.env.get_domain("cvbib"))
        owner = cast("CVDomain", self.env.get_domain("cv")).owner
        library, own = domain.content, own_library(self.env).works
        for place in places:
            key = place["key"]
            publication = domain.publication(key)
            # Where some are shown of a list that is elsewhere, their entries are left to that.
            work, entry = library.works[key], library.data.entries[key]
            bibtex = to_bibtex(work, entry) if place["complete"] else ""
            line = line_nodes(publication, owner, page_of=key if key in own else "")
            place.replace_self([line, *resources(publication, bibtex)])


def setup_listed(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(ListedTransform)
