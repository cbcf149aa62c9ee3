"""Reporting markup that Markdown passes over in silence.

A directive or role with a character missing is shown as text, and fences that are not
closed change what a page says (see :mod:`sphinx_cv.fences`). All of this is valid
Markdown, so no parser complains; here it is reported at its line, and so is a page
without a heading.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_cv.fences import check_fences
from sphinx_cv.mistakes import Mistake
from sphinx_cv.privacy import PRIVATE
from sphinx_cv.reporting import located, warn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

_ROLE = (re.compile(r"\{[a-z][\w:-]*\}\s?[`\u2018]|\{cv:[a-z]+\b|\bcv:[a-z]+\}"), "a role")
_LEFTOVERS = (
    (re.compile(r":{2,}\s*\{[\w:-]*|\{[\w:-]+\}\s+:{2,}"), "a directive"),
    (re.compile(r"(?:^|\n)\s*:{3,}|:{3,}\s*(?:$|\n)"), "a fence"),
    _ROLE,
    (re.compile(r"(?:^|\n)\s*:[a-z][a-z-]*:(?:\s|$)"), "an option"),
    (re.compile(r"(?:^|\n)#{1,6}[^\W\d_]"), "a heading"),
)
_NOT_TEXT = (
    nodes.literal,
    nodes.literal_block,
    nodes.raw,
    nodes.comment,
    nodes.math,
    nodes.math_block,
    nodes.system_message,
)


def check_source(app: Sphinx, docname: str, source: list[str]) -> None:
    """Check the fences of a page before it is parsed."""
    path = app.env.doc2path(docname)
    if app.config.source_suffix.get(path.suffix) != "markdown":
        return
    extensions = app.config.myst_enable_extensions
    for finding in check_fences(
        source[0].splitlines(),
        colons="colon_fence" in extensions,
        dollars="dollarmath" in extensions,
    ):
        warn(Mistake.MARKUP, "%s", finding.message, location=f"{path}:{finding.line}")


def check_text(app: Sphinx, document: nodes.document) -> None:
    """Check that no markup is left in the text of a page."""
    path = app.env.doc2path(app.env.docname)
    if app.config.source_suffix.get(path.suffix) != "markdown":
        return
    if document.next_node(nodes.title) is None or _is_entry(document):
        warn(
            Mistake.MARKUP,
            "the page is not headed by a title; begin it with a line '# Title'",
            location=f"{path}:1",
        )
    for node in document.findall(nodes.TextElement):
        if isinstance(node, _NOT_TEXT) or isinstance(node.parent, nodes.TextElement):
            continue
        text = "".join(_plain_text(node))
        in_cell = isinstance(node.parent, nodes.entry)
        for pattern, what in (_ROLE,) if in_cell else _LEFTOVERS:
            if match := pattern.search(text):
                excerpt = text[match.start() : match.start() + 30].strip().split("\n")[0]
                if PRIVATE in app.env.metadata.get(app.env.docname, {}):
                    excerpt = match[0].strip()  # what follows may be private
                source, line = _place_of(node)
                line += text[: match.start()].count("\n")
                warn(
                    Mistake.MARKUP,
                    "%r looks like %s, but is shown as text; is a character or a line missing?",
                    excerpt or match[0].strip(),
                    what,
                    location=f"{source or path}:{line}",
                )
                break


def _is_entry(document: nodes.document) -> bool:
    """Whether the first heading is that of an entry, which Sphinx would take as the page's."""
    section = document.next_node(nodes.section)
    return section is not None and "cv_entry" in section


def _place_of(node: nodes.TextElement) -> tuple[str | None, int]:
    """The file, which may be an included one, and the line that *node* begins on."""
    cell = node.parent
    table = cell.parent.parent.parent.parent if isinstance(cell, nodes.entry) else None
    # Of a table drawn with bars, MyST notes the first line only.
    drawn = table is not None and "colwidths-auto" in table["classes"]
    known = located(table if drawn else node)
    if known is None:
        return None, 1
    line = known.line or 1
    if table is not None and drawn:
        number = list(table.findall(nodes.row)).index(cell.parent)
        line += number + (number > 0)  # a rule is between the head and the rows
    return known.source, line


def _plain_text(node: nodes.Element) -> Iterator[str]:
    for child in node.children:
        if isinstance(child, nodes.Text):
            yield str(child)
        elif isinstance(child, nodes.Element) and not isinstance(child, _NOT_TEXT):
            yield from _plain_text(child)


def setup_markup(app: Sphinx) -> None:
    """Register the handlers."""
    app.connect("source-read", check_source)
    app.connect("doctree-read", check_text)
