"""What pages with mathematics load: the style sheet and the math font cut for this site."""

from __future__ import annotations

import hashlib
import json
import re
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx_cv.mathematics.mathml import italic
from sphinx_cv.mathematics.page import strip_annotations
from sphinx_cv.mistakes import Mistake
from sphinx_cv.reporting import warn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from docutils import nodes
    from sphinx.application import Sphinx

STYLE = "mathematics.css"
FONT = "mathematics.woff2"
LICENCE = "mathematics-font-licence.txt"
#: The most a page should have to load for its formulas.
LARGEST = 60 * 1024

_TEXT = re.compile(r">([^<]+)<")
#: A letter on its own, which the browser makes italic unless told otherwise.
_LETTER = re.compile(r"<mi( [^>]*)?>([^<&])</mi>")
_ROOTS = ("<msqrt", "<mroot")


def add_style(app: Sphinx) -> None:
    """Handler of ``builder-inited``."""
    if app.builder.format == "html":
        app.config.html_static_path.append(str(Path(__file__).parent / "static"))
        app.add_css_file(STYLE)


def preload(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Handler of ``html-page-context``: fetch the font early, only where it is needed."""
    strip_annotations(context)
    if not context.get("has_maths_elements") or "pathto" not in context:
        return
    url = context["pathto"](f"_static/{FONT}", 1)
    link = f'<link rel="preload" href="{url}" as="font" type="font/woff2" crossorigin>'
    context["metatags"] = f"{context.get('metatags', '')}\n{link}"


def characters(html: str) -> set[str]:
    """The characters a browser draws for the formulas of a page, some of which no text shows.

    A root is drawn with U+221A, and a single letter in ``mi`` with its italic form.
    """
    markup = "".join(_formulas(html))
    found = set(unescape("".join(set(_TEXT.findall(markup)))))
    for attributes, letter in set(_LETTER.findall(markup)):
        if 'mathvariant="normal"' not in attributes:
            found.update(italic(letter))
    if any(root in markup for root in _ROOTS):
        found.add("√")
    return found


def _formulas(html: str) -> Iterator[str]:
    """The markup of each formula, without its source. A regular expression takes much longer."""
    end = 0
    while (start := html.find("<math", end)) >= 0:
        end = html.find("</math>", start)
        if end < 0:
            return
        source = html.find("<annotation", start, end)
        yield html[start : source if source >= 0 else end] + "<"


def write_font(app: Sphinx, exception: Exception | None) -> None:
    """Handler of ``build-finished``.

    The finished pages are read, since a formula may come into a page at any stage: from a
    bibliography, a table of contents, another extension, in whatever process wrote the page.
    """
    if exception is not None or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    memory = Path(app.doctreedir, "mathematics.json")
    known = _remembered(memory)
    pages: dict[str, list[Any]] = {}
    for path in sorted(Path(app.outdir).rglob("*.html")):
        if static in path.parents:
            continue
        name = path.relative_to(app.outdir).as_posix()
        stat = path.stat()
        stamp = [stat.st_mtime_ns, stat.st_size]
        before = known.get("pages", {}).get(name)
        if before is not None and before[:2] == stamp:
            pages[name] = before
        else:
            drawn_here = characters(path.read_text(encoding="utf-8"))
            pages[name] = [*stamp, "".join(sorted(drawn_here))]
    wanted = "".join(sorted(set().union(*(page[2] for page in pages.values()))))
    target = static / FONT
    if not wanted:
        return
    key = hashlib.sha256(wanted.encode("utf-8", "surrogatepass")).hexdigest()
    if known.get("key") != key or not target.is_file():
        # Not loaded by a build that changes nothing.
        from sphinx_cv.mathematics import font

        static.mkdir(parents=True, exist_ok=True)
        written = font.cut(wanted)
        target.write_bytes(written)
        (static / LICENCE).write_bytes(font.licence())
        _check_size(len(written), wanted)
    memory.write_text(json.dumps({"key": key, "pages": pages}), encoding="utf-8")


def _check_size(size: int, wanted: Iterable[str]) -> None:
    if size > LARGEST:
        warn(
            Mistake.MATH,
            "the math font has %d KB, more than the %d KB a page should load: "
            "the formulas of this site draw %d characters",
            size // 1024,
            LARGEST // 1024,
            len(set(wanted)),
        )


def _remembered(memory: Path) -> dict[str, Any]:
    try:
        loaded = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return loaded if isinstance(loaded, dict) else {}
