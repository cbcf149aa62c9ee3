"""The directive ``cv:gallery``: pages as cards, each with a picture, its title and what it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import docname_join
from sphinx.util.docutils import SphinxDirective

from sphinx_cv.mistakes import Mistake
from sphinx_cv.nearest import meant
from sphinx_cv.reporting import warn
from sphinx_cv.research.stale import note_file
from sphinx_cv.research.svg import markup, problems, read_picture

if TYPE_CHECKING:
    from typing import Any

    from docutils.nodes import Node
    from sphinx.application import Sphinx

#: Key of a document's metadata: what a search engine would show of it.
DESCRIPTION = "cv_description"


class gallery(nodes.General, nodes.Element):  # noqa: N801 (docutils names nodes so)
    """Cards of the ``pages``, each with the line it is named on, made when the page is written."""


class GalleryDirective(SphinxDirective):
    """Its content names a page a line, as in a table of contents."""

    has_content = True

    def run(self) -> list[Node]:
        pages: dict[str, int] = {}
        named_here = {line.strip() for line in self.content} - {""}
        for line, text in enumerate(self.block_text.splitlines(), self.lineno):
            if (named := text.strip()) not in named_here:
                continue
            docname = docname_join(self.env.docname, named)
            if docname in pages:
                location = (self.env.docname, line)
                warn(Mistake.GALLERY, "%r is named twice; keep one", named, location=location)
                continue
            pages[docname] = line
            # Written again whenever what it shows of the page changes.
            note_file(self.env, Path(self.env.doc2path(docname)))
            note_file(self.env, thumbnail_of(Path(self.env.srcdir), docname))
        made = gallery(pages=pages)
        self.set_source_info(made)
        return [made]


def thumbnail_of(folder: Path, docname: str) -> Path:
    """Where the picture of a page is, below the source folder."""
    page = folder / docname
    return page.parent / "figures" / f"{page.name}-thumbnail.svg"


def note_description(app: Sphinx, document: nodes.document) -> None:
    """Handler of ``doctree-read``: keep how a page describes itself, for the others."""
    metadata = app.env.metadata[app.env.docname]
    for meta in document.findall(nodes.meta):
        if meta.get("name") == "description":
            metadata[DESCRIPTION] = meta["content"]
    if "description" in metadata:
        metadata.setdefault(DESCRIPTION, metadata["description"])


class GalleryTransform(SphinxPostTransform):
    """Makes the cards, from what the other pages say when all are read."""

    default_priority = 8

    def run(self, **kwargs: Any) -> None:
        for place in list(self.document.findall(gallery)):
            cards = [
                self._card(docname, line, place)
                for docname, line in place["pages"].items()
                if self._is_there(docname, line, place)
            ]
            made = [nodes.bullet_list("", *cards, classes=["cv-gallery"])] if cards else []
            place.replace_self(made)

    def _is_there(self, docname: str, line: int, place: gallery) -> bool:
        found = docname in self.env.found_docs
        if not found:
            message = "there is no page %r to show%s"
            hint = meant(docname, self.env.found_docs)
            self._warn(place, line, message, docname, hint)
        return found

    def _card(self, docname: str, line: int, place: gallery) -> nodes.list_item:
        builder = self.env._app.builder
        title: list[Node] = [child.deepcopy() for child in self.env.titles[docname].children]
        name = nodes.inline("", "", *title, classes=["cv-gallery-title"])
        text = self.env.metadata.get(docname, {}).get(DESCRIPTION, "")
        uri = builder.get_relative_uri(self.env.docname, docname)
        if builder.format != "html":
            link = nodes.reference("", "", name, refuri=uri, internal=True)
            paragraph = nodes.paragraph("", "", link)
            if text:
                paragraph += nodes.Text(f": {text}")
            return nodes.list_item("", paragraph)
        link = nodes.reference("", "", refuri=uri, internal=True)
        if picture := self._picture(docname, line, place):
            link += picture
        link += name
        if text:
            link += [nodes.Text(" "), nodes.inline("", text, classes=["cv-gallery-text"])]
        return nodes.list_item("", nodes.paragraph("", "", link))

    def _picture(self, docname: str, line: int, place: gallery) -> nodes.raw | None:
        """The picture, of no meaning to those who do not see it; its link has the title."""
        path = thumbnail_of(Path(self.env.srcdir), docname)
        try:
            picture = read_picture(path)
            found = next(problems(picture, decorative=True), "")
        except FileNotFoundError:
            found = "there is no such file"
        except (OSError, ValueError) as error:
            found = str(error)
        if found:
            message = "the picture %r of the page %r cannot be used: %s"
            self._warn(place, line, message, f"figures/{path.name}", docname, found)
            return None
        content = markup(picture, classes="cv-figure cv-thumbnail", decorative=True)
        return nodes.raw("", content, format="html")

    def _warn(self, place: gallery, line: int, message: str, *args: object) -> None:
        warn(Mistake.GALLERY, message, *args, location=(self.env.docname, line))
