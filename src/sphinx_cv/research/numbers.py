"""The role ``cv:result``: a computed number by its name, so that no number is typed by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from sphinx_cv.mathematics.locating import locate
from sphinx_cv.mistakes import Mistake
from sphinx_cv.nearest import meant
from sphinx_cv.reporting import warn
from sphinx_cv.research.results import COMMAND, FOLDER, ResultsError, read_results
from sphinx_cv.research.stale import RESULTS, note_file

if TYPE_CHECKING:
    from docutils.nodes import Node, system_message
    from sphinx.writers.html5 import HTML5Translator


class result_value(nodes.inline):  # noqa: N801 (docutils names nodes so)
    """The text of a result; ``value`` is the number itself where there is one."""


class ResultRole(SphinxRole):
    """``name`` of the page's own results, or ``page.name`` of a page beside it."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        page, _, name = self.text.strip().rpartition(".")
        docname = self.env.docname
        page = page or docname.rpartition("/")[2]
        path = Path(self.env.doc2path(docname)).parent / FOLDER / f"{page}.json"
        note_file(self.env, path)
        node = result_value("", f"[{self.text}?]", classes=["cv-result"])
        node.source, node.line = self._place()
        try:
            found = read_results(path)
        except ResultsError as error:
            warn(
                Mistake.RESULT,
                "'%s/%s' cannot be read: %s; run: %s",
                FOLDER,
                path.name,
                error,
                COMMAND.format(page),
                location=node,
            )
            return [node], []
        node[RESULTS] = str(path)
        if name in found.results:
            result = found.results[name]
            node["value"] = (
                result.value if isinstance(result.value, str) else json.dumps(result.value)
            )
            node.children = []
            # A power of ten stays with its number.
            node += nodes.Text(result.text.replace(" × ", "\u00a0×\u00a0"))
        else:
            warn(
                Mistake.RESULT,
                "'%s/%s' has no result %r%s",
                FOLDER,
                path.name,
                name,
                meant(name, found.results) or f"; compute it, and run: {found.command}",
                location=node,
            )
        return [node], []

    def _place(self) -> tuple[str, int]:
        """Where the role stands; docutils knows the first line of its paragraph."""
        source, line = self.get_source_info()
        try:
            text = Path(source).read_text(encoding="utf-8")
        except OSError:
            return source, line
        found = locate(text, line, f"`{self.text}`", 0)
        return source, found.line if found else line


def visit_number(translator: HTML5Translator, node: result_value) -> None:
    """As ``<data>``, which says the number to programs in full."""
    if "value" in node:
        translator.body.append(translator.starttag(node, "data", "", value=node["value"]))
    else:
        translator.body.append(translator.starttag(node, "span", ""))


def leave_number(translator: HTML5Translator, node: result_value) -> None:
    translator.body.append("</data>" if "value" in node else "</span>")
