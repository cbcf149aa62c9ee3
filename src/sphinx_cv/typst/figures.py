"""Pictures, figures and tables in the PDF, with their numbers and captions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_cv.mathematics.typst import string
from sphinx_cv.mistakes import Mistake
from sphinx_cv.reporting import warn

if TYPE_CHECKING:
    from docutils.nodes import Element, Node

    from sphinx_cv.typst.translator import TypstTranslator


def picture(translator: TypstTranslator, node: nodes.image) -> str:
    """The call that shows a picture; nothing for one that is not there, which was told."""
    path = translator.builder.images.get(node["uri"])
    if path is None:
        return ""
    name = f"image-{path}".replace("/", "-")
    translator.images[name] = node["uri"]
    alt = node.get("alt", "").strip()
    if "alt" not in node and translator.builder.is_new(node["uri"], node):
        warn(
            Mistake.PDF,
            "the image %r has no text for those who cannot see it; give it an ':alt:' "
            "(an empty one where it is mere decoration)",
            node["uri"],
            location=node,
        )
    named = f", alt: {string(alt)}" if alt else ""
    if (width := node.get("width", "")).endswith(("%", "pt", "cm", "mm", "in", "em")):
        named += f", width: {width}"
    return f"picture({string(name)}{named})"


def figure(translator: TypstTranslator, node: Element) -> str:
    """The call for a picture, or whatever else, with what is said below it."""
    parts: dict[str, list[Node]] = {"caption": [], "legend": [], "body": []}
    for child in node.children:
        name = type(child).__name__
        parts[name if name in parts else "body"].append(child)
    text = translator.content(*(n for c in parts["caption"] for n in c.children))
    legend = f", legend: {translator.content(*parts['legend'])}" if parts["legend"] else ""
    body = translator.content(*parts["body"])
    if not body.strip("[]\n "):  # nothing of it can be shown, and that was told
        return f"rubric{text}"
    # Where the picture has no words, those below it are what there is to say of it.
    words = " ".join(n.astext() for n in parts["caption"])
    told = any(n.get("alt", "").strip() for n in node.findall(nodes.image))
    alt = "" if told else f", alt: {string(words or 'figure')}"
    number = _number(translator, node)
    # One without a number, or within a list or a note, is meant just where it stands.
    floats = number != "none" and isinstance(node.parent, nodes.section)
    named = legend + alt + (", floats: true" if floats else "")
    return f"captioned({number}, {text}{named}, {body})"


def caption(translator: TypstTranslator, node: Element) -> str:
    """The call for what stands above code, for instance."""
    number = _number(translator, node.parent)
    start = "" if number == "none" else f"{number[1:-1]};#h(0.5em);"
    return f"rubric[{start}{translator.content(*node.children)[1:-1]}]"


def table(translator: TypstTranslator, node: Element) -> str:
    """The call for a table, with its headers told from its cells."""
    title = next((c for c in node.children if isinstance(c, nodes.title)), None)
    made = f"[#{_data_table(translator, node)}]"
    if title is None:
        return made
    text = translator.content(*title.children)
    return f"captioned({_number(translator, node)}, {text}, {made})"


def _number(translator: TypstTranslator, node: Element) -> str:
    """What Sphinx calls the figure or table, where the project numbers them."""
    builder = translator.builder
    kind = builder.env.domains.standard_domain.get_enumerable_node_type(node) or ""
    numbers = builder.fignumbers.get(kind, {})
    for name in node["ids"]:
        if name in numbers:
            shown = ".".join(map(str, numbers[name]))
            return f"[#{string(translator.config.numfig_format[kind] % shown)}]"
    return "none"


def _data_table(translator: TypstTranslator, table: Element) -> str:
    widths = [str(spec.get("colwidth", 1)) for spec in table.findall(nodes.colspec)]
    columns = "".join(f"{width}fr, " for width in widths)
    head = [_row(translator, row) for part in table.findall(nodes.thead) for row in part.children]
    body = [_row(translator, row) for part in table.findall(nodes.tbody) for row in part.children]
    return f"data-table(widths: ({columns}), head: ({''.join(head)}), {''.join(body)})"


def _row(translator: TypstTranslator, row: nodes.Node) -> str:
    cells = []
    for entry in row.children:
        assert isinstance(entry, nodes.entry)
        columns, rows = entry.get("morecols", 0) + 1, entry.get("morerows", 0) + 1
        named = f"columns: {columns}, rows: {rows}, " if columns * rows > 1 else ""
        for side in ("center", "right"):  # as MyST notes how a column is set
            named += f"side: {side}, " if f"text-{side}" in entry["classes"] else ""
        cells.append(f"cell({named}{translator.content(*entry.children)}), ")
    return "".join(cells)
