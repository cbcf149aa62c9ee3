"""The CV's own nodes as Typst: the head, the entries, the papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_cv.mathematics.typst import string

if TYPE_CHECKING:
    from docutils.nodes import Element, Node

    from sphinx_cv.typst.translator import TypstTranslator


def classes_of(node: Node) -> list[str]:
    """The classes of a node, of which text has none."""
    return node["classes"] if isinstance(node, nodes.Element) else []


def head(translator: TypstTranslator, node: Element) -> str:
    """The name, how to reach the person, and what else they say of themselves."""
    named = [f"name: {string(translator.builder.owner)}"]
    rest: list[Node] = []
    for child in node.children:
        classes = classes_of(child)
        if "cv-label" in classes:
            named.append(f"label: {translator.content(*child.children)}")
        elif "cv-contact" in classes:
            contacts = "".join(f"{_contact(translator, item)}, " for item in child.children)
            named.append(f"contacts: ({contacts})")
        elif "cv-name" not in classes:
            rest.append(child)
    return f"head({', '.join(named)}, {translator.content(*rest)})"


def _contact(translator: TypstTranslator, item: Node) -> str:
    label, *value = item.children[0].children
    name = string(label.astext().rstrip(": "))
    return f"contact({name}, {translator.content(*value)})"


def entry(translator: TypstTranslator, node: Element) -> str:
    """An entry with its facts told apart, so that the theme can place each."""
    kind = next((c[3:] for c in node["classes"] if c.startswith("cv-") and c != "cv-entry"), "")
    named = [f"kind: {string(kind)}", f"level: {translator.level}"]
    rest: list[Node] = []
    for child in node.children:
        classes = classes_of(child)
        if isinstance(child, nodes.title):
            named.append(f"title: {translator.content(*child.children)}")
        elif "cv-meta" in classes:
            named += _facts(translator, child)
        elif "cv-dates" in classes:
            named.append(f"dates: {translator.content(*child.children)}")
        else:
            rest.append(child)
    return f"entry({', '.join(named)}, {translator.content(*rest)})"


def _facts(translator: TypstTranslator, paragraph: Node) -> list[str]:
    """With whom, and the smaller facts, of which the theme chooses the signs between."""
    named, details = [], []
    for part in paragraph.children:
        classes = classes_of(part)
        if "cv-organization" in classes:
            named.append(f"organization: {translator.content(part)}")
        elif "cv-separator" not in classes:
            details.append(f"{translator.content(part)}, ")
    return [*named, f"details: ({''.join(details)})"]


def papers(translator: TypstTranslator, node: Element) -> str:
    """The list of publications."""
    return f"publications({', '.join(_paper(translator, item) for item in node.children)})"


def about(translator: TypstTranslator, node: Element) -> str:
    """The paper that a page is about."""
    return f"about({_paper(translator, node)})"


def _paper(translator: TypstTranslator, item: Node) -> str:
    assert isinstance(item, nodes.Element)
    line, *rest = item.children
    named = [
        f"{name}: {translator.content(part)}"
        for part in line.children
        for name in ("title", "authors", "venue")
        if f"cv-{name}" in classes_of(part)
    ]
    before = translator.place(item) + translator.anchors(item["ids"])
    links = [part for part in rest if "cv-resources" in classes_of(part)]
    after = "".join(f"#resources{translator.content(*part.children)}" for part in links)
    after += translator.content(*(part for part in rest if part not in links))[1:-1]
    return f"[{before}#publication({', '.join(named)}){after}]"
