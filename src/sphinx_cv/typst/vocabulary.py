"""Nodes that are said by one call around their content, by their content alone, or not at all."""

from __future__ import annotations

#: Node -> the function of the theme that is called with what is in it.
INLINE = {
    "abbreviation": "emph",
    "acronym": "emph",
    "emphasis": "emph",
    "manpage": "emph",
    "strong": "strong",
    "subscript": "sub",
    "superscript": "super",
    "title_reference": "emph",
}
BLOCKS = {
    "attribution": "indented",
    "block_quote": "quotation",
    "centered": "rubric",
    "desc_content": "indented",
    "hlist": "indented",
    "rubric": "rubric",
    "subtitle": "rubric",
}
#: Admonitions, which Sphinx names in the language of the project.
ADMONITIONS = (
    "attention", "caution", "danger", "error", "hint", "important", "note", "seealso", "tip",
    "warning",
)  # fmt: skip
#: Class of an admonition -> a kind of its own for the theme, less the prefix.
STATEMENTS = frozenset({"cv-theorem", "cv-computed", "cv-observation"})
#: Passed through: what is in them says it all.
THROUGH = frozenset(
    {
        "acks", "acks_list", "bibliography", "citation_reference", "compact_paragraph",
        "compound", "definition", "desc", "description", "document", "figure_body",
        "generated", "glossary", "hlistcol", "legend", "line", "only", "pending_xref",
        "substitution_reference", "tabular_col_spec", "versionmodified",
    }
)  # fmt: skip
#: Not said: notes to Sphinx, and navigation between the pages of the site.
SILENT = frozenset(
    {
        "comment", "decoration", "equation_row", "equation_tag", "highlightlang",
        "index", "meta", "raw_latex", "substitution_definition", "system_message", "toctree",
    }
)  # fmt: skip
