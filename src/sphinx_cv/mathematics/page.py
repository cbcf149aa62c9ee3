"""Formulas on an HTML page."""

from __future__ import annotations

import math
import re
from html import escape
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.locale import _ as translated
from sphinx.util import logging

from sphinx_cv.mathematics.core import element
from sphinx_cv.mathematics.extent import at_most, ems
from sphinx_cv.mathematics.formula import table
from sphinx_cv.mathematics.mathml import markup, serialise
from sphinx_cv.mathematics.reading import read
from sphinx_cv.mathematics.reports import formula_of, macros_of, report, source_of
from sphinx_cv.mathematics.speech import SpeechError, speak
from sphinx_cv.mathematics.tokens import FormulaError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

    from sphinx.writers.html5 import HTML5Translator

    from sphinx_cv.mathematics.formula import Formula
    from sphinx_cv.mathematics.numbering import Equation

logger = logging.getLogger(__name__)

_CLASSES = "math cv-math notranslate nohighlight"
#: Those that the engine itself puts on a formula.
_OWN_CLASSES = frozenset({"no-search", "cv-far"})
#: Ems beyond which a formula may be wider than a phone, where it gets a box that scrolls.
_WIDE = 17
#: The style sheet has classes for formulas from here to there; no paper is narrower than the first.
_NARROWEST, _WIDEST = 30, 120
#: The estimate is seldom further off.
_SAFETY = 1.15


def visit_math(translator: HTML5Translator, node: nodes.math) -> None:
    try:
        formula = formula_of(node, translator.config)
    except FormulaError as error:
        report(translator.builder.env, node, error)
        translator.body.append(_source(translator, node, "code"))
        raise nodes.SkipNode from None
    content = formula.plain or formula.tree
    wide = " cv-math-wide" if _breadth(formula, content) > _WIDE else ""
    translator.body += [
        _start(translator, node, "span", _CLASSES + wide),
        _mathml(translator, formula, content),
        "</span>",
    ]
    raise nodes.SkipNode


def visit_math_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    equations: tuple[Equation, ...] = node.get("equations", ())
    try:
        formula = formula_of(node, translator.config)
    except FormulaError as error:
        report(translator.builder.env, node, error)
        translator.body.append(_source(translator, node, "pre"))
        raise nodes.SkipNode from None
    rows = {e.row: e for e in equations if e.row is not None and e.row >= 0}
    whole = next((e for e in equations if e.row is None), None)
    parent = next((e for e in equations if e.row == -1), None)
    ids = [e.id for e in (whole, parent) if e is not None and e.id and e.id not in node["ids"]]
    numbers: list[Element | None] | None = None
    # A table with numbers fills the measure, as LaTeX has it for what stands between rows, too.
    if rows or any(row.note is not None for row in formula.rows):
        numbers = [
            element("mtext", _number(translator, rows[i])) if i in rows else None
            for i in range(len(formula.rows))
        ]
    content: Element | str
    if formula.layout == "line" and numbers is None:
        content = formula.plain or formula.tree
    else:
        content = table(formula, numbers, written=True)
    # A multline has its number beside its last line.
    classes = f"{_CLASSES} cv-math-last" if formula.layout == "multline" else _CLASSES
    breadth = _breadth(formula, content, numbers)
    classes += _width_class(breadth)
    translator.body.append(_start(translator, node, "div", classes, ids))
    # A box that may scroll must be reachable by keyboard; one that cannot should not be a stop.
    stop = ' tabindex="0"' if breadth > _WIDE else ""
    translator.body += [
        f'<div class="cv-math-scroll"{stop}>',
        _mathml(translator, formula, content),
        "</div>",
    ]
    if whole is not None:
        number = _number(translator, whole)
        number.attrib.pop("id", None)  # the box has it
        translator.body.append(markup(number))
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def _start(
    translator: HTML5Translator,
    node: nodes.Element,
    tag: str,
    classes: str,
    ids: Sequence[str] = (),
) -> str:
    """The translator's own start tag, at a tenth of its cost for what most formulas are."""
    if node["ids"] or ids or not _OWN_CLASSES.issuperset(node["classes"]):
        return str(translator.starttag(node, tag, "", CLASS=classes, IDS=list(ids)))
    return f'<{tag} class="{" ".join([*node["classes"], classes])}">'


def _mathml(translator: HTML5Translator, formula: Formula, content: Element | str) -> str:
    language = translator.config.language or "en"
    try:
        alt = speak(formula, language)
    except SpeechError:
        alt = ""
    return serialise(content, formula.tex, display=formula.display, alt=alt)


def _source(translator: HTML5Translator, node: nodes.Element, tag: str) -> str:
    start = translator.starttag(node, tag, "", CLASS="cv-math-bad notranslate")
    return f"{start}{escape(source_of(node), quote=False)}</{tag}>"


def _number(translator: HTML5Translator, equation: Equation) -> Element:
    """The number of an equation with its permalink."""
    made = element("span", class_="eqno")
    if equation.id:
        made.set("id", equation.id)
    before, after = ("", "") if equation.bare else ("(", ")")
    if equation.tagged:
        made.text = before
        tag = read(rf"\text{{{equation.number}}}", macros=macros_of(translator.config)).tree
        plain = "" if tag.tag != "mtext" else "".join(tag.itertext())
        if plain:
            made.text = f"{before}{plain}{after}"
        else:
            made.append(element("math", tag))
            made[0].tail = after
    else:
        made.text = f"{before}{shown_number(translator, equation)}{after}"
    builder: Any = translator.builder
    if equation.id and translator.config.html_permalinks and builder.add_permalinks:
        link = element(
            "a",
            text=translator.config.html_permalinks_icon,
            class_="headerlink",
            href=f"#{equation.id}",
            title=translated("Link to this equation"),
        )
        made.append(link)
    return made


def shown_number(translator: Any, equation: Equation) -> str:
    """The number as shown: by sections where ``math_numfig`` says so."""
    config = translator.builder.config
    if not (config.numfig and config.math_numfig) or not equation.number.isdigit():
        return equation.number
    key = "displaymath"
    if translator.builder.name == "singlehtml":
        key = f"{translator.docnames[-1]}/{key}"
    number = translator.builder.fignumbers.get(key, {}).get(equation.id, ())
    shown = ".".join(map(str, number))
    return str(config.math_numsep.join(shown.rsplit(".", 1))) or equation.number


def _breadth(
    formula: Formula,
    content: Element | str,
    numbers: Sequence[Element | None] | None = None,
) -> float:
    """How many ems wide *formula* is, roughly; none where it fits on any screen."""
    most = at_most(content) if isinstance(content, str) else ems(content)
    if most <= _WIDE:
        return 0.0
    return ems(formula.tree if numbers is None else table(formula, numbers))


def _width_class(breadth: float) -> str:
    """For the style sheet to set wide formulas smaller on paper."""
    room = 5 * math.ceil(breadth * _SAFETY / 5)
    return f" cv-math-em-{min(room, _WIDEST)}" if room >= _NARROWEST else ""


_ANNOTATION = re.compile(r"<annotation\b.*?</annotation>", re.DOTALL)


def strip_annotations(context: dict[str, Any]) -> None:
    """Titles lose their markup in ``<title>`` and keep the text: there the TeX would be double."""
    if "<annotation" in str(context.get("title", "")):
        context["title"] = _ANNOTATION.sub("", context["title"])
