"""The `math` domain, with one number per equation where LaTeX gives one per row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from sphinx.domains.math import MathDomain
from sphinx.locale import __
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

from sphinx_cv.mathematics import speech
from sphinx_cv.mathematics.numbering import Equation, number
from sphinx_cv.mathematics.reports import formula_of, is_latex, report
from sphinx_cv.mathematics.tokens import FormulaError

if TYPE_CHECKING:
    from docutils.nodes import Element
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from sphinx_cv.mathematics.formula import Formula

logger = logging.getLogger(__name__)


class equation_row(nodes.Element):  # noqa: N801 -- docutils names its nodes so
    """Holds the id of one numbered row of a display, and is counted by ``numfig``."""


class equation_tag(equation_row):  # noqa: N801
    r"""The same for an equation with its own ``\tag``, which is not counted."""


class EquationDomain(MathDomain):
    enumerable_nodes: ClassVar[dict[type, tuple[str, None]]] = {  # type: ignore[assignment]
        nodes.math_block: ("displaymath", None),
        equation_row: ("displaymath", None),
    }

    def note_numbered(self, docname: str, label: str, shown: str, location: Element) -> None:
        """Register a label found within a formula."""
        other = self.equations.get(label)
        if other is not None:
            logger.warning(
                __("duplicate label of equation %s, other instance in %s"),
                label,
                other[0],
                location=location,
                type="ref",
                subtype="equation",
            )
        self.renumber(docname, label, shown)

    def renumber(self, docname: str, label: str, shown: str) -> None:
        # The domain's own type is int, but all it does with a number is to show it.
        self.equations[label] = (docname, shown)  # type: ignore[assignment]

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: Element,
    ) -> nodes.reference | None:
        found = self.equations.get(target)
        if found is None or str(found[1]).isdigit():
            return super().resolve_xref(env, fromdocname, builder, typ, target, node, contnode)
        # A tag, or 3a: no number that numfig could know.
        docname, shown = found[0], str(found[1])
        form = env.config.math_eqref_format or "({number})"
        title = nodes.Text(form.format(number=plain_tag(shown)))
        anchor = nodes.make_id(f"equation-{target}")
        return make_refnode(builder, fromdocname, docname, anchor, title)


def plain_tag(tag: str) -> str:
    """The TeX of a ``\\tag`` as text, for a reference."""
    for written, meant in _TAGS.items():
        tag = tag.replace(written, meant)
    return tag.replace("$", "").replace("{", "").replace("}", "").replace("\\", "").strip()


_TAGS = {
    r"\text": "", r"\mathrm": "", r"\dagger": "†", r"\ddagger": "‡", r"\ast": "∗",
    r"\star": "⋆", r"\prime": "′", "'": "′",
}  # fmt: skip


def number_equations(app: Sphinx, doctree: nodes.document) -> None:
    """Handler of ``doctree-read``: check every formula of a page and number its equations."""
    docname = app.env.current_document.docname
    domain = app.env.domains.math_domain
    assert isinstance(domain, EquationDomain)
    last = 0
    formulas: list[Formula] = []
    for node in [n for n in doctree.findall() if isinstance(n, (nodes.math, nodes.math_block))]:
        formula = None
        try:
            formula = formula_of(node, app.config)
        except FormulaError as error:
            report(app.env, node, error)
        else:
            _keep_from_search(node, formula)
            formulas.append(formula)
        if isinstance(node, nodes.math_block):
            last = _number_block(domain, doctree, docname, node, formula, last)
    if app.builder.format in {"html", "typst"} and app.parallel <= 1:
        speech.speak_ahead(formulas, app.config.language or "en")


def stop_speaking(app: Sphinx, exception: Exception | None) -> None:
    """Handler of ``build-finished``."""
    speech.end()


def _number_block(
    domain: EquationDomain,
    doctree: nodes.document,
    docname: str,
    block: nodes.math_block,
    formula: Formula | None,
    last: int,
) -> int:
    """Number *block* after the number *last*; give what is then the last."""
    if "amsmath" in block["classes"]:
        _drop_random_label(domain, doctree, block)
    label = block.get("label")
    if formula is None:
        if label:
            last += 1
            block["number"] = last
            domain.renumber(docname, label, str(last))
        return last
    equations, last = number(formula, last)
    finished: list[Equation] = []
    for equation in equations:
        own = equation.label
        if label and is_latex(block) and label not in {e.label for e in (*equations, *finished)}:
            own = label  # :label: on a display with rows names its first equation
        anchor = nodes.make_id(f"equation-{own}") if own else ""
        if own and own == label:
            domain.renumber(docname, own, equation.number)
        elif own:
            domain.note_numbered(docname, own, equation.number, block)
        finished.append(
            replace(equation, label=own, id=_place(doctree, block, equation, anchor, docname))
        )
    block["equations"] = tuple(finished)
    whole = next((e for e in finished if e.row is None), None)
    block["number"] = whole.number if whole is not None else None
    return last


def _keep_from_search(node: Element, formula: Formula) -> None:
    """Sphinx would have a search for "frac" find every page with a fraction."""
    if not formula.has_words:
        node["classes"].append("no-search")


def _drop_random_label(
    domain: EquationDomain, doctree: nodes.document, block: nodes.math_block
) -> None:
    """MyST-Parser gives amsmath environments a random label, new with every build."""
    label = block.get("label")
    if not label or rf"\label{{{label}}}" in block.astext():
        return
    anchor = nodes.make_id(f"equation-{label}")
    domain.equations.pop(label, None)
    del block["label"]
    for target in list(doctree.findall(nodes.target)):
        if anchor in target["ids"] or target.get("refid") == anchor:
            target.parent.remove(target)
    block["ids"] = [i for i in block["ids"] if i != anchor]
    doctree.ids.pop(anchor, None)


def _place(
    doctree: nodes.document,
    block: nodes.math_block,
    equation: Equation,
    anchor: str,
    docname: str,
) -> str:
    """The id of *equation*, put on the block or on a node of its own within it."""
    if equation.row is None and not equation.tagged:
        if not block["ids"]:
            block["ids"].append(_fresh(doctree, anchor or f"equation-{equation.number}", block))
        return str(anchor if anchor in block["ids"] else block["ids"][0])
    made = equation_tag() if equation.tagged or equation.row == -1 else equation_row()
    if anchor and anchor in block["ids"]:
        block["ids"].remove(anchor)
        doctree.ids[anchor] = made
        identity = anchor
    else:
        identity = _fresh(doctree, anchor or f"equation-{plain_tag(equation.number)}", made)
    made["ids"].append(identity)
    block.append(made)
    return identity


def _fresh(doctree: nodes.document, wish: str, node: Element) -> str:
    wish = nodes.make_id(wish) or "equation"
    identity, count = wish, 1
    while identity in doctree.ids:
        count += 1
        identity = f"{wish}-{count}"
    doctree.ids[identity] = node
    return identity


def skip(translator: Any, node: Element) -> None:
    """The rows carry ids only; the formula itself shows them."""
    raise nodes.SkipNode
