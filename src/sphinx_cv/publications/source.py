"""What a ``.bib`` file says and where: entries and fields with their lines, whatever is broken.

The grammar is BibTeX's with biber's comments (``%`` to the end of the line, ``@comment{…}`` with
all that is in it). A mistake costs no more than the value it is in: every part is first read as it
stands, and only when what follows makes no sense is its end sought where the next field begins,
or at the latest where the next line starts an entry (its *fence*).
"""

import codecs
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from sphinx_cv.mistakes import Mistake
from sphinx_cv.publications.problems import Problem

#: What BibTeX's standard styles define; their texts are what pybtex puts in their place.
MONTHS = {
    "jan": "January",
    "feb": "February",
    "mar": "March",
    "apr": "April",
    "may": "May",
    "jun": "June",
    "jul": "July",
    "aug": "August",
    "sep": "September",
    "oct": "October",
    "nov": "November",
    "dec": "December",
}


# No slots in what Sphinx keeps between builds: a frozen class with slots is unpickled in Python
# code, which takes twice as long, at every build.
@dataclass(frozen=True)
class Field:
    """One ``name = value`` of an entry."""

    #: In lower case.
    name: str
    #: Without its delimiters, strings put in, white space made single.
    value: str
    line: int
    end_line: int


@dataclass(frozen=True)
class Entry:
    """One ``@type{key, …}``."""

    #: In lower case.
    type: str
    key: str
    line: int
    end_line: int
    fields: tuple[Field, ...]

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """The fields by name; a name given twice keeps its first value."""
        return {f.name: f for f in reversed(self.fields)}

    def get(self, name: str) -> str:
        """The value of the field *name*; empty if there is none."""
        found = self.by_name.get(name)
        return found.value if found else ""

    def line_of(self, *names: str) -> int:
        """The line of the first of these fields that is there, else that of the entry."""
        return next((self.by_name[n].line for n in names if n in self.by_name), self.line)


@dataclass(frozen=True)
class Block:
    """Anything that is not an entry: ``string``, ``preamble``, ``comment`` or stray ``text``."""

    kind: str
    line: int
    end_line: int
    text: str


@dataclass(frozen=True)
class Source:
    """One file as read."""

    entries: tuple[Entry, ...] = ()
    blocks: tuple[Block, ...] = ()
    strings: dict[str, str] = field(default_factory=dict)
    #: In the order of the file.
    problems: tuple[Problem, ...] = ()


def decode(data: bytes, encoding: str = "utf-8-sig") -> tuple[str, list[Problem]]:
    """The text of *data*; lines that are not in *encoding* are guessed and reported."""
    try:
        codecs.lookup(encoding)
    except LookupError:
        message = f"unknown encoding {encoding!r}; set bibtex_encoding to 'utf-8-sig'"
        text, problems = decode(data)
        return text, [Problem(1, "", Mistake.BIB_ENCODING, message), *problems]
    name = "UTF-8" if encoding.lower().startswith("utf-8") else encoding
    for mark, utf16 in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark) and not encoding.lower().startswith("utf-16"):
            message = f"the file is in UTF-16, not in {name}; save it as {name}"
            return data.decode(utf16, "replace"), [Problem(1, "", Mistake.BIB_ENCODING, message)]
    try:
        return data.decode(encoding), []
    except UnicodeDecodeError:
        pass
    lines, problems = [], []
    for number, line in enumerate(data.splitlines(keepends=True), 1):
        try:
            lines.append(line.decode(encoding if number == 1 else encoding.removesuffix("-sig")))
        except UnicodeDecodeError as error:
            # Most such files are older than UTF-8 and come from Western Europe.
            guess = line.decode("cp1252", "replace")
            lines.append(guess)
            message = (
                f"byte 0x{line[error.start]:02X} at column {error.start + 1} is not {name}; "
                f"save the file as {name} (it was read as Windows-1252: {guess.strip()[:60]!r})"
            )
            problems.append(Problem(number, "", Mistake.BIB_ENCODING, message))
    return "".join(lines), problems


def read_text(text: str) -> Source:
    """Read the text of a ``.bib`` file."""
    from sphinx_cv.publications.scanner import Scanner

    scanner = Scanner(text)
    scanner.run()
    return Source(
        tuple(scanner.entries),
        tuple(scanner.blocks),
        dict(scanner.strings),
        tuple(sorted(scanner.problems)),
    )


def read_file(path: Path, encoding: str = "utf-8-sig") -> Source:
    """Read the file at *path*; a file that cannot be opened is a source with one problem."""
    return read_data(load(path), encoding)


def load(path: Path) -> bytes | OSError:
    """What is in the file at *path*, or why that cannot be told."""
    try:
        return path.read_bytes()
    except OSError as error:
        return error


def read_data(data: bytes | OSError, encoding: str = "utf-8-sig") -> Source:
    """Read what :func:`load` found."""
    if isinstance(data, OSError):
        message = f"the file cannot be read: {data.strerror or data}"
        return Source(problems=(Problem(1, "", Mistake.BIB_FILE, message),))
    text, problems = decode(data, encoding)
    source = read_text(text)
    return Source(
        source.entries,
        source.blocks,
        source.strings,
        tuple(sorted((*problems, *source.problems))),
    )
