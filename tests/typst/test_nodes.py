"""Every kind of node is shown, is part of another, is gone before, or is reported."""

from __future__ import annotations

import importlib

import pytest
from docutils import nodes

from sphinx_cv.typst.translator import CALLS, TypstTranslator
from sphinx_cv.typst.vocabulary import ADMONITIONS, BLOCKS, INLINE, SILENT, THROUGH

MODULES = [
    "docutils.nodes", "sphinx.addnodes", "sphinx.ext.graphviz", "sphinx.ext.ifconfig",
    "sphinx.ext.inheritance_diagram", "sphinx.ext.todo", "sphinx.ext.autosummary",
    "sphinxcontrib.bibtex.nodes", "myst_parser.mdit_to_docutils.base",
    "myst_parser.sphinx_ext.directives", "sphinx_cv.nodes", "sphinx_cv.publications.resources",
    "sphinx_cv.research.gallery", "sphinx_cv.research.statements",
]  # fmt: skip
#: Said by the node they are in.
PARTS = [
    "colspec", "definition_list_item", "desc_addname", "desc_annotation", "desc_name",
    "desc_optional", "desc_parameter", "desc_parameterlist", "desc_returns",
    "desc_signature_line", "desc_type", "desc_type_parameter", "desc_type_parameter_list",
    "entry", "field", "field_body", "field_name", "footer", "header", "label", "option",
    "option_argument", "option_list_item", "option_string", "production", "row",
    "tbody", "tgroup", "thead",
]  # fmt: skip
#: Replaced or taken out before a builder sees the page.
GONE = [
    "address", "author", "authors", "backlinks", "contact", "copyright", "date", "disclosure",
    "docinfo", "downloads", "gallery", "ifconfig", "listing", "organization", "paper",
    "pending", "pending_xref_condition", "revision", "status", "timeline", "todolist",
    "version", "writeup",
]  # fmt: skip
#: No node of a page, but what others are made from.
ABSTRACT = [
    "Element", "FixedTextElement", "PureTextElement", "TextElement", "_desc_classes_injector",
    "translatable",
]  # fmt: skip
REPORTED = ["graphviz", "inheritance_diagram"]


def kinds(base: type = nodes.Node) -> set[type]:
    return {base}.union(*map(kinds, base.__subclasses__()))


def is_shown(kind: type) -> bool:
    known = {*ADMONITIONS, *BLOCKS, *CALLS, *INLINE, *SILENT, *THROUGH}
    names = [cls.__name__ for cls in kind.__mro__]
    return any(name in known or hasattr(TypstTranslator, f"visit_{name}") for name in names)


@pytest.mark.parametrize("module", MODULES)
def test_every_node_has_its_row(module) -> None:
    importlib.import_module(module)
    own = [kind for kind in kinds() if kind.__module__ == module]
    rows = {*PARTS, *GONE, *ABSTRACT, *REPORTED}
    others = {kind.__name__ for kind in own if not is_shown(kind)} - {"Node"}
    assert not others - rows
    # No row for what is shown.
    assert not {kind.__name__ for kind in own if is_shown(kind)} & rows


def test_no_row_is_of_a_node_that_is_nowhere() -> None:
    for module in MODULES:
        importlib.import_module(module)
    names = {kind.__name__ for kind in kinds()}
    assert {*PARTS, *GONE, *ABSTRACT, *REPORTED} <= names
