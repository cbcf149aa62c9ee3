"""Finding markup that Markdown passes over in silence.

A fence that is not closed swallows the rest of the page, a stray one turns what
follows into its content, and a directive or role with a character missing is shown
as text. All of these are valid Markdown, so no parser complains; here they are
reported at their line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_cv.mistakes import Mistake, warn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx.application import Sphinx

_FENCE = re.compile(r"[\s>]*(?:[-*+]\s+|\d+[.)]\s+)*(?P<mark>`{3,}|~{3,}|:{3,})(?P<info>[^`]*)$")
_DIRECTIVE = re.compile(r"\s*\{[^\s{}]+\}(\s|$)")
#: Directives whose content is not Markdown.
_VERBATIM = re.compile(
    r"\s*\{(code|code-block|sourcecode|code-cell|eval-rst|literalinclude|math|mermaid|parsed-literal"
    r"|raw|graphviz|doctest|prompt)\}"
)
_LEFTOVERS = (
    (re.compile(r":{2,}\s*\{[\w:-]*|\{[\w:-]+\}\s+:{2,}"), "a directive"),
    (re.compile(r":{3,}"), "a fence"),
    (re.compile(r"\{[a-z][\w:-]*\}\s?[`\u2018]|\{[a-z]+:[a-z]+\b|\b[a-z]+:[a-z]+\}"), "a role"),
    (re.compile(r"(?:^|\n)\s*:[a-z][a-z-]*:(?:\s|$)"), "an option"),
    (re.compile(r"(?:^|\n)#{1,6}\S"), "a heading"),
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


@dataclass(frozen=True)
class Finding:
    """A line (from 1) and what is wrong with it."""

    line: int
    message: str


def check_fences(lines: Sequence[str], first: int = 1) -> Iterator[Finding]:
    """Report each fence of a Markdown text that is not closed or opens nothing."""
    number = 0
    while number < len(lines):
        match = _FENCE.match(lines[number])
        if match is None:
            number += 1
            continue
        mark, info = match["mark"], match["info"].strip()
        line = first + number
        if mark[0] == ":" and not info:
            yield Finding(line, f"{mark!r} closes nothing; remove it, or mend the fence above it")
            number += 1
            continue
        if ("{" in info or "}" in info) and not _DIRECTIVE.match(info):
            yield Finding(line, f"{mark + info!r} is not a directive; write '{mark}{{name}} title'")
        end = _closing(lines, number + 1, mark)
        if end is None:
            yield Finding(
                line,
                f"the fence {(mark + info)!r} is never closed; add a line {mark!r} where it ends",
            )
            end = len(lines)
        if (info.startswith("{") and not _VERBATIM.match(info)) or mark[0] == ":":
            yield from check_fences(lines[number + 1 : end], line + 1)
        number = end + 1


def _closing(lines: Sequence[str], start: int, mark: str) -> int | None:
    closing = re.compile(rf"[\s>]*{re.escape(mark[0])}{{{len(mark)},}}\s*$")
    return next((n for n in range(start, len(lines)) if closing.match(lines[n])), None)


def check_source(app: Sphinx, docname: str, source: list[str]) -> None:
    """Check the fences of a page before it is parsed."""
    path = app.env.doc2path(docname)
    if app.config.source_suffix.get(path.suffix) != "markdown":
        return
    for finding in check_fences(source[0].splitlines()):
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
        for pattern, what in _LEFTOVERS:
            if match := pattern.search(text):
                excerpt = text[match.start() : match.start() + 30].split("\n")[0].strip()
                line = (node.line or 1) + text[: match.start()].count("\n")
                warn(
                    Mistake.MARKUP,
                    "%r looks like %s, but is shown as text; is a character or a line missing?",
                    excerpt or match[0].strip(),
                    what,
                    location=f"{path}:{line}",
                )
                break


def _is_entry(document: nodes.document) -> bool:
    """Whether the first heading is that of an entry, which Sphinx would take as the page's."""
    section = document.next_node(nodes.section)
    return section is not None and "cv_entry" in section


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
