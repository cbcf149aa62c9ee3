"""Doctrees as Typst: what each node means, as a call of a function that the theme defines.

All text is passed as string literals, so no character of it can be taken for markup. A block is
preceded by a comment with the number of its place in the sources, by which
:mod:`sphinx_cv.typst.compilation` finds the way back.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.locale import _, admonitionlabels
from sphinx.util.docutils import SphinxTranslator

from sphinx_cv.mathematics.typst import string
from sphinx_cv.mistakes import Mistake
from sphinx_cv.reporting import warn
from sphinx_cv.typst import curriculum, figures, lists
from sphinx_cv.typst.formulas import display_math, inline_math
from sphinx_cv.typst.vocabulary import ADMONITIONS, BLOCKS, INLINE, SILENT, STATEMENTS, THROUGH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from docutils.nodes import Element, Node
    from sphinx.addnodes import start_of_file

    from sphinx_cv.typst.builder import TypstBuilder

#: The link to a place in another page, as the builder writes it: ``%page#id``.
PAGE = "%"
#: The longest address that can be kept on one line.
_UNBROKEN = 40
#: Numbers that a line may not part, as those of pages: ``86(2):286–301``.
_RANGE = re.compile(r"(\S*\d–\d\S*)")
#: What HTML shows that text does not.
_SHOWN = re.compile(
    r"<(?:audio|canvas|embed|iframe|img|math|object|picture|svg|table|video)\b", re.I
)


#: What MyST writes for the end of a line, and for the box of a task.
_BREAK = re.compile(r"<br\s*/?>\s*", re.I)
_BOX = re.compile(r"<input\b[^>]*checkbox", re.I)


#: Node -> what makes the call of a block.
CALLS: Mapping[str, Callable[[TypstTranslator, Element], str]] = {
    "caption": figures.caption,
    "definition_list": lists.definitions,
    "enumerated_list": lists.enumerated,
    "field_list": lists.fields,
    "figure": figures.figure,
    "line_block": lists.lines,
    "option_list": lists.options,
    "productionlist": lists.productions,
    "table": figures.table,
}


class TypstTranslator(SphinxTranslator):
    """Collects the text of one file."""

    builder: TypstBuilder

    def __init__(self, document: nodes.document, builder: TypstBuilder) -> None:
        super().__init__(document, builder)
        self.docname = builder.config.root_doc
        #: Where the blocks stand in the sources, by their numbers in the text.
        self.places: list[Node] = []
        #: What was written for those of them that can stand alone.
        self.blocks: dict[int, str] = {}
        #: Name of an image in the text -> its path from the source folder.
        self.images: dict[str, str] = {}
        self._parts: list[str] = []
        #: How many sections deep the text is.
        self.level = 0
        self._anchors = set(_anchors(document, self.docname))
        self._anchored: set[str] = set()

    @property
    def body(self) -> str:
        """All that was collected."""
        return "".join(self._parts)

    def content(self, *children: Node) -> str:
        """The text of some nodes, as a value that a function takes."""
        outer, self._parts = self._parts, []
        for child in children:
            child.walkabout(self)
        made, self._parts = "".join(self._parts), outer
        return f"[{made}]"

    def anchors(self, ids: Iterable[str]) -> str:
        """Places to link to."""
        made = ""
        for name in ids:
            place = f"{self.docname}#{name}"
            if place not in self._anchored:
                self._anchored.add(place)
                made += f"#anchor({string(place)})"
        return made

    def _all_anchors(self, node: Element) -> str:
        """Those of a block that was set: what in it has found no place of its own is here."""
        return self.anchors(name for part in node.findall(nodes.Element) for name in part["ids"])

    def _inline(self, call: str) -> None:
        self._parts.append(f"#{call}")

    def _block(self, node: Element, call: str) -> None:
        self._parts.append(f"\n\n{self.place(node)}{self._all_anchors(node)}#{call}\n\n")
        self.blocks[len(self.places) - 1] = f"#{call}"

    def place(self, node: Node) -> str:
        """A mark by which to find the way back to *node*."""
        self.places.append(node)
        return f"/*@{len(self.places) - 1}*/"

    def dispatch_visit(self, node: Node) -> None:
        """Look the node up before asking for a method."""
        for cls in type(node).__mro__:
            name = cls.__name__
            if name in SILENT:
                raise nodes.SkipNode
            if name in THROUGH and isinstance(node, nodes.Element):
                self._parts.append(self.anchors(node["ids"]))
                return
            if name in INLINE and isinstance(node, nodes.Element):
                self._inline(f"{INLINE[name]}{self.content(*node.children)}")
                raise nodes.SkipNode
            if name in BLOCKS and isinstance(node, nodes.Element):
                self._block(node, f"{BLOCKS[name]}{self.content(*node.children)}")
                raise nodes.SkipNode
            if name in CALLS and isinstance(node, nodes.Element):
                self._block(node, CALLS[name](self, node))
                raise nodes.SkipNode
            if name in ADMONITIONS and isinstance(node, nodes.Element):
                label = string(str(admonitionlabels[name]))
                self._admonition(node, name, f"[#{label}]", node.children)
                raise nodes.SkipNode
            if hasattr(self, f"visit_{name}"):
                break
        super().dispatch_visit(node)

    def dispatch_departure(self, node: Node) -> None:
        """Nothing is left to do: a visit says all of a node or none of it."""

    def unknown_visit(self, node: Node) -> None:
        """Report what cannot be said, rather than drop it in silence."""
        name = type(node).__name__
        if self.builder.is_new(name, node):
            warn(
                Mistake.PDF,
                "the PDF cannot show %r, and leaves it out; write it in another way",
                name,
                location=node,
            )
        raise nodes.SkipNode

    # Text

    def visit_Text(self, node: nodes.Text) -> None:  # noqa: N802 (docutils names nodes so)
        for number, part in enumerate(_RANGE.split(node.astext())):
            if part:
                self._inline(f"unbroken[#{string(part)}];" if number % 2 else f"{string(part)};")

    def visit_inline(self, node: nodes.inline) -> None:
        self._parts.append(self.anchors(node["ids"]))
        self._parts += [self.content(child)[1:-1] for child in node.children]
        raise nodes.SkipNode

    def visit_literal(self, node: nodes.literal) -> None:
        self._inline(f"code({string(node.astext())})")
        raise nodes.SkipNode

    visit_literal_emphasis = visit_literal_strong = visit_literal

    def visit_download_reference(self, node: Element) -> None:
        made = f"code({string(node.astext())})"
        filename = node.get("filename")  # of the site's copy; an address may stand instead
        address = self.builder.download(filename) if filename else node.get("refuri")
        self._inline(f"link-out({string(address)}, {made})" if address else made)
        raise nodes.SkipNode

    def visit_desc_inline(self, node: Element) -> None:
        self._inline(f"code({string(node.astext())})")
        raise nodes.SkipNode

    def visit_paragraph(self, node: nodes.paragraph) -> None:
        legend = "cv-legend" in node["classes"]
        start = f"\n\n{self.place(node)}"
        number = len(self.places) - 1
        made = self.content(*node.children)
        self._parts.append(start + self._all_anchors(node))
        self.blocks[number] = made[1:-1]
        self._parts.append(f"#legend{made}\n\n" if legend else f"{made[1:-1]}\n\n")
        raise nodes.SkipNode

    def visit_reference(self, node: nodes.reference) -> None:
        made = self.content(*node.children)
        text = node.astext()
        if len(text) <= _UNBROKEN and " " not in text:
            made = f"[#unbroken{made}]"
        uri = str(node.get("refuri", ""))
        if "refid" in node:
            uri = f"{PAGE}{self.docname}#{node['refid']}"
        if not uri.startswith(PAGE):
            self._inline(f"link-out({string(uri)}, {made})" if uri else made)
        else:
            docname, _, name = uri[1:].partition("#")
            place = f"{docname}#{name}"
            address = self.builder.address(docname, name)
            if place in self._anchors:
                self._inline(f"link-within({string(place)}, {made})")
            else:
                self._inline(f"link-out({string(address)}, {made})" if address else made)
        raise nodes.SkipNode

    visit_number_reference = visit_reference

    def visit_target(self, node: nodes.target) -> None:
        self._parts.append(self.anchors(node["ids"]))

    def visit_math(self, node: nodes.math) -> None:
        self._parts.append(inline_math(self, node))
        raise nodes.SkipNode

    def visit_problematic(self, node: nodes.problematic) -> None:
        self.visit_inline(nodes.inline("", "", *node.children))

    # Pages, sections, entries

    def visit_start_of_file(self, node: start_of_file) -> None:
        self.docname = node["docname"]
        self.builder.fignumbers = self.builder.env.toc_fignumbers.get(self.docname, {})
        self._parts.append(self.anchors([""]))

    def visit_section(self, node: nodes.section) -> None:
        self.level += 1
        if "cv_entry" in node:
            self._block(node, curriculum.entry(self, node))
        else:
            self._parts.append(self.anchors(node["ids"]))
            self._parts.append(self.content(*node.children)[1:-1])
        self.level -= 1
        raise nodes.SkipNode

    def visit_title(self, node: nodes.title) -> None:
        made = self.content(*node.children)
        if isinstance(node.parent, nodes.section):
            self._block(node, f"heading(level: {self.level}, {made})")
        else:
            self._block(node, f"rubric{made}")
        raise nodes.SkipNode

    def visit_container(self, node: nodes.container) -> None:
        if "cv-person" in node["classes"]:
            self._block(node, curriculum.head(self, node))
            raise nodes.SkipNode
        if "cv-about" in node["classes"]:
            self._block(node, curriculum.about(self, node))
            raise nodes.SkipNode
        if node.children and all(isinstance(n, nodes.citation) for n in node.children):
            self._block(node, f"references{self.content(*node.children)}")
            raise nodes.SkipNode
        self._parts.append(self.anchors(node["ids"]))

    def visit_topic(self, node: nodes.topic) -> None:
        if "contents" in node["classes"]:
            raise nodes.SkipNode
        title, *rest = node.children
        self._admonition(node, "topic", self.content(*title.children), rest)
        raise nodes.SkipNode

    def visit_sidebar(self, node: nodes.sidebar) -> None:
        title, *rest = node.children
        self._admonition(node, "sidebar", self.content(*title.children), rest)
        raise nodes.SkipNode

    # Lists

    def visit_bullet_list(self, node: nodes.bullet_list) -> None:
        if "cv-publications" in node["classes"]:
            self._block(node, curriculum.papers(self, node))
        else:
            self._block(node, lists.bullets(self, node))
            if "cv_drawn" in node:
                self._elsewhere(node, _("Drawn as a timeline on the site"))
        raise nodes.SkipNode

    def visit_list_item(self, node: nodes.list_item) -> None:
        self._parts.append(self.anchors(node["ids"]))

    def visit_term(self, node: nodes.term) -> None:
        self._parts.append(self.anchors(node["ids"]))

    def visit_classifier(self, node: nodes.classifier) -> None:
        self._inline(f'" : ";#emph{self.content(*node.children)}')
        raise nodes.SkipNode

    def visit_option_group(self, node: nodes.option_group) -> None:
        for number, option in enumerate(node.children):
            self._inline(f"{string(', ' if number else '')};#code({string(option.astext())})")
        raise nodes.SkipNode

    def visit_desc_signature(self, node: Element) -> None:
        # Sphinx's own text of a signature has its parentheses, arrows and brackets.
        self._block(node, f"signature({string(node.astext())})")
        raise nodes.SkipNode

    # Blocks

    def visit_literal_block(self, node: nodes.literal_block) -> None:
        language = node.get("language", "none")
        named = f"language: {string(language)}, " if language not in {"none", "default"} else ""
        self._block(node, f"code-block({named}{_verbatim(node.astext())})")
        raise nodes.SkipNode

    def visit_doctest_block(self, node: nodes.doctest_block) -> None:
        self._block(node, f"code-block({_verbatim(node.astext())})")
        raise nodes.SkipNode

    def visit_math_block(self, node: nodes.math_block) -> None:
        self._parts.append(f"\n\n{self.place(node)}{self.anchors(node['ids'])}")
        self._parts.append(f"{display_math(self, node)}\n\n")
        raise nodes.SkipNode

    def visit_raw(self, node: nodes.raw) -> None:
        # As everywhere in docutils, what is meant for another format is not for this one.
        if "typst" in node.get("format", "").split():
            self._parts.append(f"{self.place(node)}{node.astext()}")
        elif "html" not in node.get("format", "").split():
            raise nodes.SkipNode
        elif _BREAK.fullmatch(node.astext()):
            self._inline("linebreak();")
        elif _BOX.match(node.astext()):
            self._inline(string("☑ " if " checked" in node.astext() else "☐ ") + ";")
        elif _SHOWN.search(node.astext()):
            self._elsewhere(node, _("Shown on the site"))
        raise nodes.SkipNode

    def _elsewhere(self, node: Element, text: str) -> None:
        """A link to the place on the site, where it has what this file cannot have."""
        parent: Element | None = node
        while parent is not None and not parent["ids"]:
            parent = parent.parent
        address = self.builder.address(self.docname, parent["ids"][0] if parent else "")
        if address:
            self._block(node, f"elsewhere({string(address)}, [#{string(text)}])")

    def visit_admonition(self, node: nodes.admonition) -> None:
        title, *rest = node.children
        kinds = (name.removeprefix("cv-") for name in node["classes"] if name in STATEMENTS)
        kind = next(kinds, "admonition")
        # Where a statement is from, the theme sets apart from what it is called.
        origin = [n for n in title.children if "cv-provenance" in curriculum.classes_of(n)]
        named = [n for n in title.children if "cv-separator" not in curriculum.classes_of(n)]
        text = self.content(*(n for n in named if n not in origin))
        if origin:
            text += f", origin: {self.content(*origin)}"
        self._admonition(node, kind, text, rest)
        raise nodes.SkipNode

    def visit_todo_node(self, node: Element) -> None:
        title, *rest = node.children
        self._admonition(node, "todo", self.content(*title.children), rest)
        raise nodes.SkipNode

    def _admonition(self, node: Element, kind: str, title: str, body: Iterable[Node]) -> None:
        self._block(node, f"admonition({string(kind)}, {title}, {self.content(*body)})")

    def visit_transition(self, node: nodes.transition) -> None:
        self._block(node, "divider")
        raise nodes.SkipNode

    def visit_footnote_reference(self, node: nodes.footnote_reference) -> None:
        text = self.content(*node.children)
        name = f"{self.docname}#{node['refid']}" if "refid" in node else ""
        self._parts.append(self.anchors(node["ids"]))
        known = name in self._anchors
        self._inline(f"note-mark({string(name)}, {text})" if known else f"super{text}")
        raise nodes.SkipNode

    def visit_footnote(self, node: nodes.footnote) -> None:
        self._note(node)

    def visit_citation(self, node: nodes.citation) -> None:
        self._note(node, "citation")

    def _note(self, node: Element, function: str = "note") -> None:
        label, *rest = node.children
        self._block(node, f"{function}({self.content(*label.children)}, {self.content(*rest)})")
        raise nodes.SkipNode

    # Pictures and tables

    def visit_image(self, node: nodes.image) -> None:
        call = figures.picture(self, node)
        if not call:
            pass
        elif isinstance(node.parent, nodes.TextElement):
            self._inline(f"box({call})")
        else:
            self._block(node, call)
            if node.get("cv_moves"):
                self._elsewhere(node, _("Moves on the site"))
        raise nodes.SkipNode


def _verbatim(text: str) -> str:
    """A literal that keeps the lines of *text*."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _anchors(document: nodes.document, docname: str) -> Iterable[str]:
    """All places of the file: the ids of its nodes, and the beginnings of its pages."""
    for node in document.findall(nodes.Element):
        if node.tagname == "start_of_file":
            docname = node["docname"]
            yield f"{docname}#"
        yield from (f"{docname}#{name}" for name in node["ids"])
