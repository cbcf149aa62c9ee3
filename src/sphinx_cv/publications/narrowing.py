"""What a script may do with papers: narrow a long list, copy a BibTeX entry.

Without a script the full list is there, and no control that would do nothing. The script makes
the controls of what the node :class:`narrowing` says; each script is loaded only by the pages that
have a use for it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_cv.publications.downloads import BUILDERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

    from sphinx_cv.publications.record import Publication

#: What a page's text has -> the script that it then needs.
SCRIPTS = {
    'class="cv-narrowing"': "sphinx-cv-narrowing.js",
    'class="highlight-bibtex': "sphinx-cv-copy.js",
    'class="cv-bibtex': "sphinx-cv-copy.js",
}


class narrowing(nodes.General, nodes.Element):  # noqa: N801 (docutils names nodes so)
    """The place of the controls; ``facts`` of each paper of the lists with the class ``lists``."""


def narrowing_node(
    publications: Iterable[Publication], kinds: Mapping[str, str], lists: str
) -> narrowing:
    """The *publications* in the order of the *lists*; *kinds* as the reader knows them."""
    facts = [[p.year, str(kinds[p.kind]), *p.keywords] for p in publications]
    return narrowing(facts=json.dumps(facts, ensure_ascii=False), lists=lists)


class NarrowingTransform(SphinxPostTransform):
    """Keeps it to websites."""

    default_priority = 7

    def run(self, **kwargs: Any) -> None:
        if self.env._app.builder.name not in BUILDERS:
            for node in list(self.document.findall(narrowing)):
                node.parent.remove(node)


def visit_narrowing(self: HTML5Translator, node: narrowing) -> None:
    """Write an element that shows nothing."""
    facts, lists = self.attval(node["facts"]), self.attval(node["lists"])
    self.body.append(
        f'<div class="cv-narrowing" data-lists="{lists}" data-facts="{facts}" hidden></div>\n'
    )
    raise nodes.SkipNode


def add_scripts(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Handler of ``html-page-context``; files added by it are those of this page alone."""
    body = context.get("body", "")
    for sign, script in SCRIPTS.items():
        if sign in body:
            app.add_js_file(script, loading_method="defer")


def setup_narrowing(app: Sphinx) -> None:
    """Register the node, the transform and the handler."""
    app.add_node(narrowing, html=(visit_narrowing, None))
    app.add_post_transform(NarrowingTransform)
    app.connect("html-page-context", add_scripts)
