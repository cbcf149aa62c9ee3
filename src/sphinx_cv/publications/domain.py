"""The reading of the ``.bib`` files within Sphinx, before sphinxcontrib-bibtex would.

Nothing of sphinxcontrib-bibtex is replaced. It keeps what it has read in its domain ``cite`` and
reads anew only what is out of date there; here the files are read first, and the result is put
where it looks. Its own parser is then never called.
"""

from collections.abc import Iterable, Set
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, cast

from sphinx.domains import Domain
from sphinxcontrib.bibtex.bibfile import is_bibdata_outdated

from sphinx_cv.mathematics.reports import macros_of
from sphinx_cv.publications.citing import setup_citing
from sphinx_cv.publications.packed import Works
from sphinx_cv.publications.read import Library, read_library
from sphinx_cv.publications.reading import Reading, current_reading, to_bibdata
from sphinx_cv.publications.record import Publication, record
from sphinx_cv.reporting import warn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

    from sphinx_cv.publications.ownership import Owner
    from sphinx_cv.publications.selection import Selection


#: A copy of the last reading, among the doctrees.
_COPY = "cv-bibliography.pickle"


class BibliographyDomain(Domain):
    """Keeps what the ``.bib`` files say, so that a build without changes does not read them."""

    name = "cvbib"
    label = "Bibliography files"
    data_version = 6
    initial_data: ClassVar[dict[str, Any]] = {
        "reading": None, "own": None, "cited": {}, "lists": {},
    }  # fmt: skip

    def resolve_any_xref(self, *args: Any, **kwargs: Any) -> list[Any]:
        """Nothing: the works are objects of the domain ``cv``."""
        return []

    #: Key of a paper -> the page that is about it; known once all pages are read.
    writeups: "Mapping[str, str]" = MappingProxyType({})

    #: Name of the page of a paper -> digest of what this build makes it of.
    pages: "Mapping[str, str]" = MappingProxyType({})

    def __init__(self, env: "BuildEnvironment") -> None:
        super().__init__(env)
        self._publications: dict[str, Publication] = {}

    @property
    def reading(self) -> Reading | None:
        """The last reading; None before the first."""
        found: Reading | None = self.data["reading"]
        return found

    @property
    def content(self) -> Library:
        """What the files say."""
        return self.reading.content if self.reading else read_library({})

    def own_works(self, owner: "Owner") -> Works:
        """The works that *owner* is an author or editor of."""
        if self.data["own"] is None or self.data["own"][0] != owner:
            entries = self.content.data.entries
            own = [key for key, work in self.works.items() if owner.wrote(work, entries[key])]
            self.data["own"] = (owner, self.works.only(own))
        return cast("Works", self.data["own"][1])

    @property
    def works(self) -> Works:
        """All works by key, in the order of the files."""
        return self.content.works

    def note_reading(self, reading: Reading) -> None:
        self.data["reading"] = reading
        self.data["own"] = None
        self._publications.clear()

    def publication(self, key: str) -> Publication:
        """What is shown of the work with this key."""
        if key not in self._publications:
            library = self.content
            work, entry = library.works[key], library.data.entries[key]
            self._publications[key] = record(work, entry, macros_of(self.env.config))
        return self._publications[key]

    def digest_of(self, key: str) -> str:
        """That of the work with this key; empty if there is none."""
        return self.works.digests.get(key, "")

    @property
    def cited(self) -> dict[str, dict[str, str]]:
        """Docname -> the keys that its footnotes cite, with the digests of the works."""
        return cast("dict[str, dict[str, str]]", self.data["cited"])

    def note_cited(self, keys: Iterable[str]) -> None:
        cited = self.cited.setdefault(self.env.docname, {})
        cited.update({key: self.digest_of(key) for key in keys})

    @property
    def lists(self) -> dict[str, list[tuple[str, "Selection", str]]]:
        """Docname -> of each list, the digest of the files, what to show, and its digest."""
        return cast("dict[str, list[tuple[str, Selection, str]]]", self.data["lists"])

    def note_selection(self, selection: "Selection") -> None:
        noted = (self.reading.digest if self.reading else "", selection, selection.digest(self.env))
        self.lists.setdefault(self.env.docname, []).append(noted)

    def clear_doc(self, docname: str) -> None:
        self.cited.pop(docname, None)
        self.lists.pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over the citations; the files are read before the documents, and not by them."""
        for name in ("cited", "lists"):
            found = otherdata[name]
            self.data[name].update({doc: found[doc] for doc in found.keys() & docnames})


def update_bibliography(app: "Sphinx") -> None:
    """Read the files if they have changed, and report their problems, changed or not."""
    files = [(Path(app.confdir) / name).resolve() for name in app.config.bibtex_bibfiles]
    if len(set(files)) < len(files):
        # sphinxcontrib-bibtex takes a file given twice for a change, and would read it itself.
        files = list(dict.fromkeys(files))
        app.config.bibtex_bibfiles = [str(path) for path in files]
    encoding = app.config.bibtex_encoding
    domain = cast("BibliographyDomain", app.env.get_domain("cvbib"))
    cite = app.env.get_domain("cite")
    reading = current_reading(domain.reading, files, encoding, app.doctreedir / _COPY)
    is_other = reading is not domain.reading
    if is_other:
        domain.note_reading(reading)
    if is_other or is_bibdata_outdated(cite.data["bibdata"], files, encoding):
        cite.data["bibdata"] = to_bibdata(reading)
    # At every build: under -W a broken file must fail the second build as it failed the first.
    for path, problem in reading.problems:
        warn(problem.subtype, "%s", problem.message, location=f"{path}:{problem.line}")


def allow_no_papers(app: "Sphinx", config: "Config") -> None:
    """A CV without a bibliography is no mistake, as sphinxcontrib-bibtex takes it to be."""
    if config.bibtex_bibfiles is None:
        config.bibtex_bibfiles = []


def setup_reading(app: "Sphinx") -> None:
    """Have the ``.bib`` files read and checked, and citations too; loads sphinxcontrib-bibtex."""
    app.setup_extension("sphinxcontrib.bibtex")
    app.add_domain(BibliographyDomain)
    app.connect("config-inited", allow_no_papers)
    # Before sphinxcontrib-bibtex, which looks at its cache at the default priority of 500.
    app.connect("builder-inited", update_bibliography, priority=400)
    setup_citing(app)
