"""The builder ``typst``: the CV alone and, where there is more, the whole portfolio."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, ClassVar, cast
from urllib.parse import quote

from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.errors import ConfigError
from sphinx.locale import _, __
from sphinx.util import logging
from sphinx.util.display import progress_message
from sphinx.util.matching import Matcher

from sphinx_cv.mathematics.typst import string
from sphinx_cv.mistakes import Mistake
from sphinx_cv.privacy import read_private_pages
from sphinx_cv.reporting import located, warn
from sphinx_cv.typst.attempts import attempt
from sphinx_cv.typst.compilation import compile_pdf, theme_names
from sphinx_cv.typst.translator import PAGE, TypstTranslator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Set

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_cv.domain import CVDomain
    from sphinx_cv.entries import Entry
    from sphinx_cv.typst.compilation import Finding

logger = logging.getLogger(__name__)


class TypstBuilder(Builder):
    """Writes ``cv.pdf`` and ``portfolio.pdf``."""

    name = "typst"
    format = "typst"
    epilog = __("The PDFs are in %(outdir)s.")
    default_translator_class = TypstTranslator
    has_portfolio = True
    supported_image_types: ClassVar[list[str]] = [
        "image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp",
    ]  # fmt: skip

    def init(self) -> None:
        """Read what the project asks for."""
        #: The numbers of figures and tables on the page being written.
        self.fignumbers: dict[str, dict[str, tuple[int, ...]]] = {}
        self._resolved: dict[str, nodes.document] = {}
        self._told: set[tuple[str, str | None, int | None]] = set()
        self.theme = _theme(self.config.cv_pdf_theme, self.confdir)
        self.timestamp = _timestamp(self.config.cv_pdf_date)

    @property
    def owner(self) -> str:
        """Whose CV it is."""
        person = self._person()
        return person.title if person else str(self.config.author)

    def _person(self) -> Entry | None:
        return cast("CVDomain", self.env.get_domain("cv")).person

    def get_outdated_docs(self) -> str:
        """Every time all: the file has parts of every page."""
        return _("all documents")

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """An address that the translator knows as that of a page."""
        return f"{PAGE}{docname}"

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        """The same from everywhere: the pages become one."""
        return self.get_target_uri(to, typ)

    def address(self, docname: str, name: str) -> str:
        """Where the site has what this file has not; nothing where there is no site."""
        base = self.config.html_baseurl
        if not base:
            return ""
        page = docname + (self.config.html_file_suffix or ".html")
        return f"{base.rstrip('/')}/{page}" + (f"#{name}" if name else "")

    def download(self, filename: str) -> str:
        """The address of the site's copy of a file."""
        base = self.config.html_baseurl
        return f"{base.rstrip('/')}/_downloads/{quote(filename)}" if base else ""

    def write_documents(self, docnames: Set[str]) -> None:
        """Assemble the files and write them."""
        is_cv = Matcher(self.config.cv_pdf_pages)
        pages = list(self._pages())
        cv = [page for page in pages if is_cv(page)]
        with progress_message(__("writing cv.pdf")):
            document = self._assemble(cv)
            # What refers to an entry is of use where one can go there.
            for paragraph in list(document.findall(nodes.paragraph)):
                if "cv-backlinks" in paragraph["classes"]:
                    paragraph.parent.remove(paragraph)
            self._write("cv.pdf", document, _("Curriculum vitae"))
        if self.has_portfolio and len(pages) > len(cv):
            with progress_message(__("writing portfolio.pdf")):
                document = self._assemble(cv, [page for page in pages if page not in cv])
                self._write("portfolio.pdf", document, _("Portfolio"))

    def _pages(self) -> Iterator[str]:
        """The pages below the front page, in the order of the site's contents."""
        seen = {self.config.root_doc}

        def walk(docname: str) -> Iterator[str]:
            for child in self.env.toctree_includes.get(docname, ()):
                if child in self.env.found_docs and child not in seen:
                    seen.add(child)
                    yield child
                    yield from walk(child)

        return walk(self.config.root_doc)

    def _page(self, docname: str) -> nodes.document:
        """A page with all references resolved."""
        doctree = self.env.get_and_resolve_doctree(docname, self, tags=self.tags)
        self.post_process_images(doctree)
        return doctree

    def _copy(self, docname: str) -> nodes.document:
        """A copy of a page that both files have."""
        if docname not in self._resolved:
            self._resolved[docname] = self._page(docname)
        return self._resolved[docname].deepcopy()

    def _assemble(self, cv: Sequence[str], chapters: Sequence[str] = ()) -> nodes.document:
        """The head and the pages one after the other; with contents where there are chapters."""
        whole = new_document(str(self.srcdir))
        person = self._person()
        if person is not None:
            for node in self._copy(person.docname).findall(nodes.container):
                if node.get("cv_entry") == person.id:
                    whole += addnodes.start_of_file("", node, docname=person.docname)
                    break
        contents = nodes.raw("", "", format="typst")
        if chapters:
            whole += contents
        for docname in cv:
            whole += addnodes.start_of_file("", *self._copy(docname).children, docname=docname)
        for docname in chapters:
            whole += nodes.raw("", "#chapter()", format="typst")
            whole += addnodes.start_of_file("", *self._page(docname).children, docname=docname)
        lines = sum(1 for _ in _headings(whole))
        contents += nodes.Text(f"#contents(lines: {lines}, [#{string(_('Contents'))}])")
        return whole

    def is_new(self, mistake: str, node: nodes.Node | None) -> bool:
        """Whether a mistake was not told yet: both files may have it."""
        place = located(node)
        key = (mistake, place.source, place.line) if place is not None else (mistake, None, None)
        new = key not in self._told
        self._told.add(key)
        return new

    def _write(self, filename: str, document: nodes.document, title: str) -> None:
        translator = self.create_translator(document, self)
        assert isinstance(translator, TypstTranslator)
        document.walkabout(translator)
        sections = [heading.astext() for level, heading in _headings(document) if level == 1]
        keywords = [title, *sections]
        arguments = {
            "title": string(f"{self.owner}: {title}"),
            "author": string(self.owner),
            "keywords": f"({''.join(f'{string(word)}, ' for word in keywords)})",
            "language": string((self.config.language or "en").partition("_")[0]),
            "paper": string(self.config.cv_pdf_paper),
            "foot": f"[#{string(f'{self.owner} · {title}')}]",
        }
        called = ", ".join(f"{name}: {value}" for name, value in arguments.items())
        start = f"#show: document.with({called})\n"

        def compiled(body: str) -> tuple[bytes, list[Finding]]:
            return compile_pdf(
                start + body,
                theme=self.theme,
                images={n: Path(self.srcdir, uri) for n, uri in translator.images.items()},
                timestamp=self.timestamp,
            )

        made, findings = attempt(translator.body, translator.blocks, compiled)
        self._report(findings, translator.places)
        if made is not None:
            (self.outdir / filename).write_bytes(made)

    def _report(self, findings: Sequence[Finding], places: Sequence[nodes.Node]) -> None:
        for found in findings:
            place = places[found.place] if found.place is not None else None
            at: nodes.Node | str | None = place
            if found.theme_line is not None:
                at = f"{self.theme}:{found.theme_line}"
            message, value = "Typst says: %s", found.message
            if found.unshown:
                message = "the PDF cannot show %r, and leaves it out; write it in another way"
                value = found.unshown
            if self.is_new(value, place):
                warn(Mistake.PDF, message, value, location=at)


class PrivateTypstBuilder(TypstBuilder):
    """Writes the one file that private values appear in: the complete ``cv.pdf``.

    It reads the pages that keep something private again, this time with it, and works on a
    copy of the doctrees that is gone with the build: whatever the project is built into
    next, it finds no private value there.
    """

    name = "typst-private"
    epilog = __("The private CV is in %(outdir)s.")
    has_portfolio = False
    tells_private = True

    def __init__(self, app: Sphinx, env: BuildEnvironment) -> None:
        self._folder = TemporaryDirectory()
        if app.doctreedir.is_dir():
            shutil.copytree(app.doctreedir, self._folder.name, dirs_exist_ok=True)
        app.doctreedir = Path(self._folder.name)
        super().__init__(app, env)
        app.connect("env-get-outdated", read_private_pages)
        # After all that note something there.
        app.connect("build-finished", lambda *_: self._folder.cleanup(), priority=999)


def _headings(whole: nodes.document) -> Iterator[tuple[int, nodes.title]]:
    """The headings that the contents name, with their levels."""
    for page in whole.findall(addnodes.start_of_file):
        for section in page.children:
            if isinstance(section, nodes.section):
                parts = [n for n in section.children if isinstance(n, nodes.section)]
                named = [n for n in parts if "cv_entry" not in n]
                for level, part in ((1, section), *((2, n) for n in named)):
                    if isinstance(part[0], nodes.title):
                        yield level, part[0]


def _theme(name: str, folder: Path) -> str | Path:
    """One of the engine's themes, or a file of the project. Raises ConfigError."""
    if name in theme_names():
        return name
    path = Path(folder, name)
    if path.suffix == ".typ" and path.is_file():
        return path
    known = ", ".join(repr(known) for known in theme_names())
    raise ConfigError(
        f"cv_pdf_theme: there is no theme {name!r}; write one of {known}, or the name of a "
        "'.typ' file beside conf.py"
    )


def _timestamp(date: str) -> int:
    """When the file says it was made. Raises ConfigError."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return int(epoch)
    try:
        return int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp())
    except ValueError:
        raise ConfigError(
            f"cv_pdf_date: {date!r} is not a date; write for example '2024-05-31'"
        ) from None
