"""Lists of all sorts in the PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_cv.mathematics.typst import string

if TYPE_CHECKING:
    from docutils.nodes import Element

    from sphinx_cv.typst.translator import TypstTranslator

_SIGNS = {"loweralpha": "a", "upperalpha": "A", "lowerroman": "i", "upperroman": "I"}


def bullets(translator: TypstTranslator, node: Element) -> str:
    """The call for a list whose order means nothing."""
    return f"bullet-list({_items(translator, node)})"


def enumerated(translator: TypstTranslator, node: Element) -> str:
    """The call for a list in the style, and from the number, that was written."""
    style = node.get("prefix", "") + _SIGNS.get(node.get("enumtype", ""), "1")
    style = string(style + node.get("suffix", "."))
    items = _items(translator, node)
    return f"numbered-list(style: {style}, start: {node.get('start', 1)}, {items})"


def _items(translator: TypstTranslator, node: Element) -> str:
    return ", ".join(translator.content(item) for item in node.children)


def definitions(translator: TypstTranslator, node: Element) -> str:
    """The call for terms and what they mean."""
    items = []
    for item in node.children:
        terms = [c for c in item.children if not isinstance(c, nodes.definition)]
        meanings = [c for c in item.children if isinstance(c, nodes.definition)]
        items.append(f"({translator.content(*terms)}, {translator.content(*meanings)}), ")
    return f"definition-list({''.join(items)})"


def options(translator: TypstTranslator, node: Element) -> str:
    """The call for a program's options and what they do."""
    items = []
    for item in node.children:
        named, meaning = item.children
        items.append(f"({translator.content(named)}, {translator.content(meaning)}), ")
    return f"definition-list({''.join(items)})"


def fields(translator: TypstTranslator, node: Element) -> str:
    """The call for names and their values."""
    items = []
    for field in node.children:
        name, body = (translator.content(*part.children) for part in field.children)
        items.append(f"({name}, {body}), ")
    return f"field-list({''.join(items)})"


def lines(translator: TypstTranslator, node: Element) -> str:
    """The call for lines that are kept apart, as those of a poem."""
    return f"line-block({_items(translator, node)})"


def productions(translator: TypstTranslator, node: Element) -> str:
    """The call for the rules of a grammar."""
    rules = [f"[#code({string(rule.astext().rstrip())})]" for rule in node.children]
    return f"line-block({', '.join(rules)})"
