"""Making entries findable in Sphinx's search, and forgetting what is gone from it.

Sphinx finds objects of a domain by the name that the inventory shows, which for an entry
is its title alone, and where an object's name is also its anchor it links to the shown
name instead. So the domain keeps its objects from the search (see
:meth:`sphinx_cv.domain.CVDomain.get_objects`), and they are added here, by title and
organisation and with their anchor.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.search import IndexBuilder

    from sphinx_cv.domain import CVDomain

    #: Prefix of the name -> document, type, priority, anchor and name of each object.
    Objects = dict[str, list[tuple[int, int, int, str, str]]]


def complete_index(app: Sphinx) -> list[tuple[str, dict[str, Any], str]]:
    """Handler of ``html-collect-pages``, the last event before the index is written."""
    indexer = getattr(app.builder, "indexer", None)
    if indexer is not None:
        forget_words(indexer, app.env.all_docs)
        add_entries(indexer, cast("CVDomain", app.env.get_domain("cv")))
    return []  # no pages to write


def forget_words(indexer: IndexBuilder, docnames: Any) -> None:
    """Remove words that no page has any more, which Sphinx keeps."""
    indexer.prune(docnames)
    for mapping in (indexer._mapping, indexer._title_mapping):
        for word in [word for word, found in mapping.items() if not found]:
            del mapping[word]


def add_entries(indexer: IndexBuilder, domain: CVDomain) -> None:
    """Have the index hold the entries, too."""
    others = indexer.get_objects

    def get_objects(fn2index: dict[str, int]) -> Objects:
        objects = others(fn2index)
        for entry in domain.in_order():
            if entry.docname not in fn2index:
                continue
            kind = indexer._objtypes.setdefault(("cv", entry.kind), len(indexer._objtypes))
            indexer._objnames[kind] = ("cv", entry.kind, entry.kind)
            found = (fn2index[entry.docname], kind, 1, entry.id, html.escape(entry.label))
            objects.setdefault("", []).append(found)
        return objects

    indexer.get_objects = get_objects  # type: ignore[method-assign]


def setup_search(app: Sphinx) -> None:
    """Register the handler."""
    app.connect("html-collect-pages", complete_index)
