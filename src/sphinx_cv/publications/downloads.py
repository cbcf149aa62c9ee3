"""The list of publications as files to take away, written beside the website's pages.

``publications.bib`` and ``publications.json`` (CSL-JSON) hold all, ``publications/<id>.bib`` one.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, cast

from docutils import nodes

from sphinx_cv import __version__
from sphinx_cv.mathematics.reports import macros_of
from sphinx_cv.publications.bibtex import all_to_bibtex, to_bibtex
from sphinx_cv.publications.csl import all_to_csl
from sphinx_cv.publications.own import own_library
from sphinx_cv.remembered import recall, remember

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx.application import Sphinx
    from sphinx.builders.html import StandaloneHTMLBuilder
    from sphinx.environment import BuildEnvironment

    from sphinx_cv.mathematics.tokens import Macro
    from sphinx_cv.publications.domain import BibliographyDomain
    from sphinx_cv.publications.read import Library

#: The builders of websites; others have no place for files.
BUILDERS = frozenset({"html", "dirhtml", "singlehtml"})
#: Those that have a page for each document.
PAGE_BUILDERS = frozenset({"html", "dirhtml"})
#: The whole list in each form -> its place below the root of the website.
LISTS = {"BibTeX": "publications.bib", "CSL-JSON": "publications.json"}
_FOLDER = "publications"
#: The name under which it is remembered what was written.
_WRITTEN = "downloads"


def publication_id(key: str) -> str:
    """The id of the paper with this key, in addresses and in the domain."""
    return nodes.make_id(key) or nodes.make_id(f"paper-{key}")


def landing_name(key: str) -> str:
    """The name of the page of the paper with this key."""
    return f"{_FOLDER}/{publication_id(key)}"


def page_of(env: BuildEnvironment, key: str) -> str:
    """The name of the page of the paper with this key: the write-up about it, or one we make."""
    writeups = cast("BibliographyDomain", env.get_domain("cvbib")).writeups
    return writeups.get(key) or landing_name(key)


def entry_file(key: str) -> str:
    """Where the entry with this key is, below the root of the website."""
    return f"{landing_name(key)}.bib"


def files_of(library: Library, macros: Mapping[str, Macro]) -> dict[str, str]:
    """Place below the root of the website -> the text of the file; nothing without papers."""
    if not library.works:
        return {}
    entries = library.data.entries
    items = json.dumps(all_to_csl(library, macros), ensure_ascii=False, indent=2)
    files = {LISTS["BibTeX"]: all_to_bibtex(library), LISTS["CSL-JSON"]: f"{items}\n"}
    for key, work in library.works.items():
        files.setdefault(entry_file(key), to_bibtex(work, entries[key]) + "\n")
    return files


def _are_there(root: Path, library: Library) -> bool:
    there = {path.name for path in (root / _FOLDER).glob("*.bib")}
    files = {Path(entry_file(key)).name for key in library.works}
    return files == there and all((root / place).is_file() for place in LISTS.values())


def write_files(root: Path, files: dict[str, str]) -> list[str]:
    """Write what has changed; give the places of files that are gone, and remove them."""
    there = [path.name for path in sorted((root / _FOLDER).glob("*.bib"))]
    gone = [
        place
        for place in (*LISTS.values(), *(f"{_FOLDER}/{name}" for name in there))
        if place not in files and (root / place).is_file()
    ]
    for place in gone:
        (root / place).unlink()
    for place, text in files.items():
        path, data = root / place, text.encode()
        if not path.is_file() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    return gone


def write_downloads(app: Sphinx, exception: Exception | None) -> None:
    """Handler of ``build-finished``; a paper that is gone takes its page with it.

    So does one that has a write-up now.
    """
    builder = app.builder
    if exception is not None or builder.name not in BUILDERS:
        return
    library = own_library(app.env)
    # Titles that are text in them have the macros expanded.
    said = {**library.works.digests, "": f"{__version__} {app.config.cv_math_macros}"}
    gone: list[str] = []
    if recall(app, _WRITTEN) != said or not _are_there(app.outdir, library):
        gone = write_files(app.outdir, files_of(library, macros_of(app.config)))
        remember(app, _WRITTEN, said)
    names = [place.removesuffix(".bib") for place in gone if place.startswith(_FOLDER + "/")]
    writeups = cast("BibliographyDomain", app.env.get_domain("cvbib")).writeups
    for name in (*names, *map(landing_name, writeups)):
        if name not in app.env.found_docs:
            cast("StandaloneHTMLBuilder", builder).get_output_path(name).unlink(missing_ok=True)


def setup_downloads(app: Sphinx) -> None:
    """Register the handler."""
    app.connect("build-finished", write_downloads)
