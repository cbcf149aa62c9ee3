"""One style sheet and one script for each page, rather than some fifteen.

A browser asks for each file by itself, and shows nothing before it has all style sheets. Files
are joined in the order in which a page names them, those of every page and those of this one by
themselves. What is not plain is left alone: files from elsewhere, for print alone, modules, what
would mean another thing within a longer file, and where a mistake would spoil what follows.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from itertools import groupby
from pathlib import Path, PurePosixPath
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

import rcssmin  # type: ignore[import-untyped]
from sphinx.builders.html import StandaloneHTMLBuilder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from sphinx.application import Sphinx

_STATIC = "_static/"
#: What the tag of a plain file may say, and says of those that are joined.
_ATTRIBUTES = {".css": {"rel": "stylesheet", "type": "text/css"}, ".js": {"defer": "defer"}}
#: What a joined file is called, and its first line.
_BUNDLE = re.compile(r"cv-[0-9a-f]{8}\.(?:css|js)")
_NAMES = re.compile(r"/\* (\[.*\]) \*/")
#: Where a tool finds what a script was made from, which is not what it is joined with.
_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)
#: These must begin a style sheet.
_FIRST = re.compile(r"@(?:charset|import|namespace)\b")
#: What a style sheet has in pairs, or takes what follows with it.
_PAIRS = (("{", "}"), ("(", ")"), ("[", "]"), ("/*", "*/"))
#: Scripts of the site itself, as Sphinx orders them: none has been tried out by others.
_OWN = 800
#: A relative address in a style sheet.
_ADDRESS = re.compile(r"""(\burl\(\s*["']?)(?![a-z]+:|[/#"'])([^"')\s]+)""", re.IGNORECASE)


class Bundles:
    """The files of a build that are joined."""

    def __init__(self) -> None:
        self._everywhere: set[str] = set()
        self._plain: dict[str, bool] = {}
        self._written: set[str] = set()

    def note(self, app: Sphinx, page: str, template: str, context: dict[str, Any], *_: Any) -> None:
        """Handler of ``html-page-context``, before any that adds files to a page."""
        for file in (*context.get("css_files", ()), *context.get("script_files", ())):
            self._everywhere.add(_name(file))

    def join(self, app: Sphinx, page: str, template: str, context: dict[str, Any], *_: Any) -> None:
        """Handler of ``html-page-context``."""
        if _applies(app):
            for files in ("css_files", "script_files"):
                context[files] = list(self._joined(Path(app.outdir), context.get(files, ())))

    def _joined(self, outdir: Path, files: Sequence[Any]) -> Iterator[Any]:
        # As Sphinx will order them.
        ordered = sorted(files, key=lambda file: getattr(file, "priority", 500))
        for kind, group in groupby(ordered, lambda file: self._kind(outdir, file)):
            first, *others = group
            if kind is None or not others:
                yield from (first, *others)
                continue
            names = [_name(file).removeprefix(_STATIC) for file in (first, *others)]
            suffix, _ = kind
            key = zlib.crc32("\n".join(names).encode())
            name = f"cv-{key:08x}{suffix}"
            if name not in self._written:
                _write(outdir / _STATIC / name, names)
                self._written.add(name)
            yield type(first)(_STATIC + name, priority=first.priority, **_ATTRIBUTES[suffix])

    def _kind(self, outdir: Path, file: Any) -> tuple[str, bool] | None:
        """How the name of a plain file ends, and whether every page has it."""
        name = _name(file)
        suffix = PurePosixPath(name).suffix
        plain = _ATTRIBUTES.get(suffix)
        if plain is None or not name.startswith(_STATIC) or file.attributes.items() - plain.items():
            return None
        if name not in self._plain:
            tried = suffix == ".css" or file.priority < _OWN
            self._plain[name] = tried and _can_be_joined(outdir / name, suffix)
        return (suffix, name in self._everywhere) if self._plain[name] else None

    def refresh(self, app: Sphinx, exception: Exception | None) -> None:
        """Handler of ``build-finished``: pages that were not written again load what is new."""
        if exception is not None or not _applies(app):
            return
        for path in Path(app.outdir, _STATIC).glob("cv-*"):
            names = _names(path)
            if names and all((path.parent / name).is_file() for name in names):
                _write(path, names)
            elif names:
                path.unlink()


def _applies(app: Sphinx) -> bool:
    # Books list their files, and other themes may count on a script having run before another.
    return (
        isinstance(app.builder, StandaloneHTMLBuilder)
        and app.builder.name in {"html", "dirhtml"}
        and app.config.html_theme == "furo"
    )


def _name(file: Any) -> str:
    return os.fspath(getattr(file, "filename", None) or "")


def _can_be_joined(path: Path, suffix: str) -> bool:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    if suffix == ".css":
        lean = _lean(text, "")
        whole = all(lean.count(opening) == lean.count(closing) for opening, closing in _PAIRS)
        return whole and not _FIRST.search(lean)
    # A script may ask for the folder it is in.
    return path.parent.name == "_static" or "currentScript" not in text


def _write(path: Path, names: Sequence[str]) -> None:
    """Join files; a first line names them. What is there and has not changed is left alone."""
    texts = [_text(path.parent / name) for name in names]
    # Without a semicolon two scripts may be one statement, and the first be strict for all.
    between = "\n;"
    if path.suffix == ".css":
        texts = [_lean(text, dirname(name)) for text, name in zip(texts, names, strict=True)]
        between = "\n"
    joined = between.join([f"/* {json.dumps(names)} */", *texts])
    if not path.is_file() or path.read_text(encoding="utf-8") != joined:
        # Another process may write the same file.
        part = path.with_suffix(f".{os.getpid()}")
        part.write_text(joined, encoding="utf-8")
        part.replace(path)


def _text(path: Path) -> str:
    if path.name == "pygments.css":
        # Furo writes its own, with a dark half, when all pages are there.
        from furo import get_pygments_stylesheet

        style: str = get_pygments_stylesheet()
        return style
    return _MAP.sub("", path.read_text(encoding="utf-8"))


def _names(path: Path) -> list[str]:
    """The files that were joined; none if it is a file of another kind."""
    if not _BUNDLE.fullmatch(path.name):
        return []
    with path.open(encoding="utf-8", errors="replace") as file:
        first = _NAMES.fullmatch(file.readline().strip())
    return json.loads(first[1]) if first else []


def _lean(style: str, folder: str) -> str:
    """A style sheet of *folder* without comments and spaces, as it is outside of the folder."""
    lean: str = rcssmin.cssmin(style, keep_bang_comments=True)
    return _ADDRESS.sub(lambda match: match[1] + normpath(join(folder, match[2])), lean)


def setup_bundles(app: Sphinx) -> None:
    """Register the handlers."""
    bundles = Bundles()
    app.connect("html-page-context", bundles.note, priority=0)
    app.connect("html-page-context", bundles.join, priority=950)
    app.connect("build-finished", bundles.refresh, priority=900)
