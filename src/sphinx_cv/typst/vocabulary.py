"""Nodes that are said by one call around their content, by their content alone, or not at all."""

from __future__ import annotations

#: Node -> the function of the theme that is called with what is in it.
INLINE = {
    "abbreviation": "emph",
    "desc_annotation": "emph",
    "desc_name": "strong",
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
    "option_string": "strong",
    "rubric": "rubric",
    "desc_signature": "rubric",
}
#: Admonitions, which Sphinx names in the language of the project.
ADMONITIONS = (
    "attention", "caution", "danger", "error", "hint", "important", "note", "seealso", "tip",
    "warning",
)  # fmt: skip
#: Passed through: what is in them says it all.
THROUGH = frozenset(
    {
        "acks", "acks_list", "bibliography", "compact_paragraph", "compound", "definition", "desc",
        "desc_addname", "desc_classname", "desc_inline", "desc_optional", "desc_parameter",
        "desc_parameterlist", "desc_returns", "desc_sig_element", "desc_sig_keyword",
        "desc_sig_keyword_type", "desc_sig_literal_char", "desc_sig_literal_number",
        "desc_sig_literal_string", "desc_sig_name", "desc_sig_operator",
        "desc_sig_punctuation", "desc_sig_space", "desc_signature_line", "desc_type",
        "desc_type_parameter", "desc_type_parameter_list", "description", "document", "line",
        "figure_body", "generated", "glossary", "hlistcol", "legend", "only", "option",
        "option_argument", "option_group", "pending_xref", "production", "productionlist",
        "substitution_reference", "tabular_col_spec", "versionmodified",
    }
)  # fmt: skip
#: Not said: notes to Sphinx, and navigation between the pages of the site.
SILENT = frozenset(
    {
        "comment", "decoration", "equation_row", "equation_tag", "highlightlang",
        "index", "meta", "substitution_definition", "system_message", "toctree",
    }
)  # fmt: skip
