"""The reading of the ``.bib`` files within Sphinx, before sphinxcontrib-bibtex would.

Nothing of sphinxcontrib-bibtex is replaced. It keeps what it has read in its domain ``cite`` and
reads anew only what is out of date there; here the files are read first, and the result is put
where it looks. Its own parser is then never called.
"""

from collections.abc import Iterable, Set
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, cast

from sphinx.domains import Domain
from sphinxcontrib.bibtex.bibfile import BibData, BibFile, get_mtime, is_bibdata_outdated

from sphinx_cv.publications.check import check_together
from sphinx_cv.publications.citing import setup_citing
from sphinx_cv.publications.problems import Problem
from sphinx_cv.publications.read import Library, Work, read_library
from sphinx_cv.publications.source import read_file
from sphinx_cv.reporting import warn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx.application import Sphinx
    from sphinx.config import Config

    from sphinx_cv.publications.ownership import Owner


class Reading(NamedTuple):
    """The state of the files when they were last read, and what was found."""

    encoding: str
    #: Each file in order, with the time of its last change.
    files: tuple[tuple[Path, float], ...]
    library: Library
    #: All problems, with their file, in the order of the files and lines.
    problems: tuple[tuple[Path, Problem], ...]


class BibliographyDomain(Domain):
    """Keeps what the ``.bib`` files say, so that a build without changes does not read them."""

    name = "cvbib"
    label = "Bibliography files"
    data_version = 2
    initial_data: ClassVar[dict[str, Any]] = {"reading": None, "own": None, "cited": {}}

    def resolve_any_xref(self, *args: Any, **kwargs: Any) -> list[Any]:
        """Nothing: the works are objects of the domain ``cv``."""
        return []

    #: Key of a paper -> the page that is about it; known once all pages are read.
    writeups: "Mapping[str, str]" = MappingProxyType({})

    @property
    def reading(self) -> Reading | None:
        """The last reading; None before the first."""
        found: Reading | None = self.data["reading"]
        return found

    def own_works(self, owner: "Owner") -> "Mapping[str, Work]":
        """The works that *owner* is an author or editor of."""
        if self.data["own"] is None or self.data["own"][0] != owner:
            entries = self.reading.library.data.entries if self.reading else {}
            own = {key: w for key, w in self.works.items() if owner.wrote(w, entries[key])}
            self.data["own"] = (owner, own)
        return cast("Mapping[str, Work]", self.data["own"][1])

    @property
    def works(self) -> "Mapping[str, Work]":
        """All works by key, in the order of the files."""
        return self.reading.library.works if self.reading else {}

    def note_reading(self, reading: Reading) -> None:
        self.data["reading"] = reading
        self.data["own"] = None

    @property
    def cited(self) -> dict[str, tuple[str, ...]]:
        """Docname -> the keys that its footnotes cite."""
        return cast("dict[str, tuple[str, ...]]", self.data["cited"])

    def note_cited(self, keys: Iterable[str]) -> None:
        docname = self.env.docname
        self.cited[docname] = tuple(dict.fromkeys((*self.cited.get(docname, ()), *keys)))

    def clear_doc(self, docname: str) -> None:
        self.cited.pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over the citations; the files are read before the documents, and not by them."""
        cited = otherdata["cited"]
        self.cited.update({doc: keys for doc, keys in cited.items() if doc in docnames})


def read_bibliography(files: Iterable[Path], encoding: str) -> Reading:
    """Read and check *files* together."""
    # The time first: a change while reading must count as one after it.
    stamps = tuple((path, get_mtime(path)) for path in files)
    sources = {path: read_file(path, encoding) for path, _ in stamps}
    found = check_together(sources)
    problems = [(path, problem) for path in found for problem in found[path]]
    return Reading(encoding, stamps, read_library(sources), tuple(problems))


def to_bibdata(reading: Reading) -> BibData:
    """The same in the form in which sphinxcontrib-bibtex keeps it."""
    keys: dict[Path, dict[str, None]] = {path: {} for path, _ in reading.files}
    for key, work in reading.library.works.items():
        keys[work.path][key] = None
    bibfiles = {path: BibFile(mtime=mtime, keys=keys[path]) for path, mtime in reading.files}
    return BibData(encoding=reading.encoding, bibfiles=bibfiles, data=reading.library.data)


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
    reading = domain.reading
    now = (encoding, tuple((path, get_mtime(path)) for path in files))
    if reading is None or reading[:2] != now:
        reading = read_bibliography(files, encoding)
        domain.note_reading(reading)
        cite.data["bibdata"] = to_bibdata(reading)
    elif is_bibdata_outdated(cite.data["bibdata"], files, encoding):
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
