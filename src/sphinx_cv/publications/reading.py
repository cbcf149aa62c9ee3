"""What the ``.bib`` files of a project said when they were last read, and when to read them again.

The files are read when their bytes are others than before. Sphinx keeps a reading only in builds
in which a page changed; so there is a second copy, for the builds after one in which only a
comment or an entry that no page shows was edited.
"""

import pickle
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from sphinxcontrib.bibtex.bibfile import BibData, BibFile, get_mtime

from sphinx_cv.publications.check import check_together
from sphinx_cv.publications.problems import Problem
from sphinx_cv.publications.read import Library, read_library
from sphinx_cv.publications.source import load, read_data

#: Of the copy; another number when the form of a reading changes.
_VERSION = 3


class Reading(NamedTuple):
    """The state of the files when they were last read, and what was found."""

    encoding: str
    #: Each file in order, with the time of its last change.
    files: tuple[tuple[Path, float], ...]
    #: Of their bytes.
    digest: str
    content: Library
    #: All problems, with their file, in the order of the files and lines.
    problems: tuple[tuple[Path, Problem], ...]


def current_reading(
    last: Reading | None, files: Iterable[Path], encoding: str, copy: Path
) -> Reading:
    """Read and check *files* together, unless *last* or the one in *copy* says the same."""
    # The time first: a change while reading must count as one after it.
    stamps = tuple((path, get_mtime(path)) for path in files)
    if last is not None and last[:2] == (encoding, stamps):
        return last
    contents = {path: load(path) for path, _ in stamps}
    digest = _digest(contents, encoding)
    for earlier in (last, _load(copy)):
        if earlier is not None and earlier.digest == digest:
            return earlier._replace(files=stamps)
    reading = _read(contents, encoding, stamps, digest)
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(pickle.dumps((_VERSION, reading), pickle.HIGHEST_PROTOCOL))
    return reading


def to_bibdata(reading: Reading) -> BibData:
    """The same in the form in which sphinxcontrib-bibtex keeps it."""
    keys: dict[Path, dict[str, None]] = {path: {} for path, _ in reading.files}
    for key, work in reading.content.works.items():
        keys[work.path][key] = None
    bibfiles = {path: BibFile(mtime=mtime, keys=keys[path]) for path, mtime in reading.files}
    return BibData(encoding=reading.encoding, bibfiles=bibfiles, data=reading.content.data)


def _read(
    contents: Mapping[Path, bytes | OSError],
    encoding: str,
    stamps: tuple[tuple[Path, float], ...],
    digest: str,
) -> Reading:
    sources = {path: read_data(data, encoding) for path, data in contents.items()}
    found = check_together(sources)
    problems = tuple((path, problem) for path in found for problem in found[path])
    return Reading(encoding, stamps, digest, read_library(sources), problems)


def _digest(contents: Mapping[Path, bytes | OSError], encoding: str) -> str:
    found = sha256(encoding.encode())
    for path, data in contents.items():
        text = data if isinstance(data, bytes) else str(data).encode()
        found.update(f"\n{path} {len(text)}\n".encode() + text)
    return found.hexdigest()


def _load(copy: Path) -> Reading | None:
    try:
        version, reading = pickle.loads(copy.read_bytes())
    # A pickle that is damaged may raise anything.
    except Exception:
        return None
    return reading if version == _VERSION and isinstance(reading, Reading) else None
