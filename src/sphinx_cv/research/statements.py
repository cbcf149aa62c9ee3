"""Three kinds of statement: a paper's theorem, what is computed here, and our own observation.

All are admonitions to every builder, and say in words what they are.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst.directives import class_option, unchanged
from sphinx.locale import _
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from sphinx_cv.entries import parse_list
from sphinx_cv.mistakes import Mistake
from sphinx_cv.reporting import warn
from sphinx_cv.research.code import look_up
from sphinx_cv.research.stale import note_file

if TYPE_CHECKING:
    from typing import Any

    from docutils.nodes import Node
    from sphinx.application import Sphinx
    from sphinx.util.typing import OptionSpec


class StatementDirective(SphinxDirective):
    """Its argument is its title; its head says after that what kind it is of."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[OptionSpec] = {"name": unchanged, "class": class_option}
    kind: ClassVar[str]
    #: The option that says where the statement is from.
    source: ClassVar[str] = ""
    example: ClassVar[str] = ""

    def run(self) -> list[Node]:
        named = self.arguments[0].strip() if self.arguments else ""
        children, messages = self.parse_inline(named, lineno=self.lineno)
        words, *rest = self.provenance()
        # As the whole head it begins like a sentence, after a title it goes on.
        words = words if named else words[0].upper() + words[1:]
        provenance = nodes.inline("", words, *rest, classes=["cv-provenance"])
        title = nodes.title(named, "", *children, *messages)
        if named:
            title += nodes.inline("", " · ", classes=["cv-separator"])
        title += provenance
        classes = ["cv-statement", f"cv-{self.kind}", *self.options.get("class", [])]
        made = nodes.admonition("", title, *self.parse_content_to_nodes(), classes=classes)
        self.set_source_info(title)
        self.set_source_info(made)
        self.add_name(made)
        made["cv_title"] = "".join(child.astext() for child in children)
        return [made]

    def provenance(self) -> tuple[str, *tuple[Node, ...]]:
        """Where the statement is from: words, and what follows them."""
        raise NotImplementedError

    def sources(self) -> tuple[str, ...]:
        """What the required option names."""
        written = self.options.get(self.source) or ""
        named = parse_list(written) if written.strip(" ,") else ()
        if not named:
            message = "this cv:%s does not say %s; add a line ':%s: %s' below its title"
            what = "whose it is" if self.source == "of" else "what computed it"
            self._warn(message, self.kind, what, self.source, self.example)
        return named

    def _warn(self, message: str, *args: object) -> None:
        warn(Mistake.STATEMENT, message, *args, location=self.get_location())


class TheoremDirective(StatementDirective):
    """``cv:theorem``: of the papers ``:of:``, keys of the bibliography."""

    kind, source, example = "theorem", "of", "a-key-of-the-bibliography"
    option_spec: ClassVar[OptionSpec] = {**StatementDirective.option_spec, "of": unchanged}

    def provenance(self) -> tuple[str, *tuple[Node, ...]]:
        keys = self.sources()
        words = _("theorem of the papers") if len(keys) > 1 else _("theorem of the paper")
        if not keys:
            return (words,)
        cite = self.env.get_domain("cite").role("p")
        assert cite is not None  # sphinxcontrib-bibtex is loaded with the engine
        text = ",".join(keys)
        made, _messages = cite("p", text, text, self.lineno, self.state.inliner)
        for node in made:
            self.set_source_info(node)
        return (f"{words} ", *made)


class ComputedDirective(StatementDirective):
    """``cv:computed``: by the objects ``:by:`` below ``cv_code_path``."""

    kind, source, example = "computed", "by", "package.module.function"
    option_spec: ClassVar[OptionSpec] = {**StatementDirective.option_spec, "by": unchanged}

    def provenance(self) -> tuple[str, *tuple[Node, ...]]:
        folder = Path(os.path.normpath(Path(self.env._app.confdir) / self.config.cv_code_path))
        names: list[Node] = []
        for name in self.sources():
            path, problem = look_up(name, folder)
            if path is not None:
                note_file(self.env, path)
            if problem:
                self._warn("%r is not there to compute anything: %s", name, problem)
            if names:
                names.append(nodes.Text(", "))
            names.append(nodes.literal("", name))
        return (f"{_('computed here by')} ", *names)


class ObservationDirective(StatementDirective):
    """``cv:observation``: nobody's but the author's of the page."""

    kind = "observation"

    def provenance(self) -> tuple[str, *tuple[Node, ...]]:
        return (_("our own observation"),)


def name_statements(app: Sphinx, document: nodes.document) -> None:
    """Handler of ``doctree-read``: let a reference to a statement show its title."""
    std = app.env.domains.standard_domain
    for statement in document.findall(nodes.admonition):
        title = statement.attributes.pop("cv_title", "")
        for name in statement["names"] if title else ():
            if name in std.anonlabels:
                std.labels[name] = (*std.anonlabels[name], title)


class LetNamesBreak(SphinxPostTransform):
    """On a narrow page a long name goes on where two of its parts meet."""

    default_priority = 700
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        for provenance in self.document.findall(nodes.inline):
            if "cv-provenance" not in provenance["classes"]:
                continue
            for name in provenance.findall(nodes.literal):
                first, *others = re.split(r"(?<=[._])(?=\w)", name.astext())
                name.children = []
                name += nodes.Text(first)
                for part in others:
                    name += [nodes.raw("", "<wbr>", format="html"), nodes.Text(part)]
