"""Files of results, ``results/PAGE.json``, and whether what made them has changed since."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

#: Folder beside the pages, and what computes the file in it of a page.
FOLDER = "results"
COMMAND = "nox -s research -- {}"


class ResultsError(ValueError):
    """A file of results that cannot be read, and why."""


@dataclass(frozen=True)
class Result:
    """A computed value, and how prose shows it."""

    value: object
    text: str


@dataclass(frozen=True)
class Results:
    """What a file of results says."""

    path: Path
    #: What computes it anew.
    command: str
    results: Mapping[str, Result]
    #: Path from the file's folder -> digest, of the code that computed and of the figures made.
    code: Mapping[str, str]
    figures: Mapping[str, str]

    @property
    def made_of(self) -> list[Path]:
        """All files whose digests are recorded."""
        return [self.path.parent / name for name in (*self.code, *self.figures)]

    def changes(self) -> Iterator[str]:
        """What is no longer as it was when the results were computed, in words."""
        for name, recorded in self.code.items():
            if (found := digest(self.path.parent / name)) != recorded:
                what = "is gone" if found is None else "has changed since they were computed"
                yield f"{_shown(name)} {what}"
        for name, recorded in self.figures.items():
            if (found := digest(self.path.parent / name)) != recorded:
                what = "is gone" if found is None else "is not the one that was drawn with them"
                yield f"{_shown(name)} {what}"


def read_results(path: Path) -> Results:
    """Read a file of results. Raises ResultsError."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ResultsError("there is no such file") from None
    except (OSError, ValueError) as error:
        raise ResultsError(str(error)) from None
    try:
        return _results(path, data)
    except (AttributeError, KeyError, TypeError) as error:
        raise ResultsError(f"it is not a file of results: {error!r}") from None


def _results(path: Path, data: Any) -> Results:
    return Results(
        path=path,
        command=str(data["command"]),
        results={
            name: Result(each["value"], str(each["text"])) for name, each in data["results"].items()
        },
        code=dict(data["code"]),
        figures=dict(data["figures"]),
    )


def digest(path: Path) -> str | None:
    """The digest of a file whatever its ends of line; None where there is no file."""
    try:
        return sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
    except OSError:
        return None


def results_of_figure(figure: Path) -> Path | None:
    """The file of results that ``figures/PAGE-NAME.svg`` belongs to, if there is one."""
    folder = figure.parent.parent / FOLDER
    words = figure.stem.split("-")
    for end in range(len(words) - 1, 0, -1):
        path = folder / f"{'-'.join(words[:end])}.json"
        if path.is_file():
            return path
    return None


def _shown(name: str) -> str:
    """A path without the steps up from the file's folder."""
    return name.replace("../", "")
