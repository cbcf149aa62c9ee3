"""Flat TeX to a tree: math-core does the reading, this module what it leaves undone.

math-core is given expressions without environments, text or line breaks (``reading`` sees to
those); what it returns is parsed as XML and freed of ``style`` attributes, which a strict
content security policy forbids, and of its known slips.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from xml.etree import ElementTree as ET

import math_core

from sphinx_cv.mathematics.tokens import FormulaError

_ERROR = re.compile(r"(\d+): (.*)", re.DOTALL)
_STYLE = re.compile(r"([a-z-]+)\s*:\s*([^;]+)")
#: The named entities that math-core uses and XML does not know.
_ENTITIES = {"&ApplyFunction;": "\u2061", "&InvisibleTimes;": "\u2062", "&nbsp;": "\u00a0"}
#: `mu`s, of which TeX has eighteen to the em: the unit of the negative spaces in the style sheet.
_MU = 18
_INVISIBLE = "\u2063"
#: math-core draws lines over and under with U+0332, which fonts do not stretch well.
_LINE_BELOW = "\u0332"
#: Accents that fonts stretch only in their combining form.
_WIDE = {"~": "\u0303", "ˇ": "\u030c"}


@cache
def _converter() -> math_core.LatexToMathML:
    return math_core.LatexToMathML(fancy_error=False, allow_unreliable_rendering=True)


def convert(tex: str, *, display: bool) -> list[ET.Element]:
    """The elements of a flat expression.

    Raises FormulaError with an offset into *tex*.
    """
    return trees_of(markup_of(tex, display=display))


def markup_of(tex: str, *, display: bool) -> str:
    """What math-core makes of a flat expression, without the ``math`` around it.

    Raises FormulaError with an offset into *tex*.
    """
    try:
        markup = _converter().convert_with_local_state(tex, displaystyle=display)
    except math_core.LatexError as error:
        match = _ERROR.fullmatch(str(error))
        offset, sentence = (int(match[1]), match[2]) if match else (0, str(error))
        raise FormulaError(offset, sentence.rstrip(".")) from None
    return markup[markup.index(">") + 1 : -len("</math>")]


def trees_of(markup: str) -> list[ET.Element]:
    """The elements that *markup* holds, mended. Raises FormulaError."""
    for entity, character in _ENTITIES.items():
        markup = markup.replace(entity, character)
    try:
        root = ET.fromstring(f"<math>{markup}</math>")
    except ET.ParseError:
        raise FormulaError(0, "the parser gave malformed markup for this formula") from None
    return _joined([mended for child in root for mended in _mend(child)])


def element(
    tag: str, *children: ET.Element, text: str | None = None, **attributes: str
) -> ET.Element:
    """An element; a trailing underscore in an attribute's name is dropped (``class_``)."""
    made = ET.Element(tag, {name.rstrip("_"): value for name, value in attributes.items()})
    made.text = text
    made.extend(children)
    return made


def tighten(tree: ET.Element) -> None:
    """TeX drops the space around relations in scripts; MathML does so only when told."""
    for operator in tree.iter("mo"):
        if operator.get("form") not in {"prefix", "postfix"}:
            operator.set("lspace", "0")
            operator.set("rspace", "0")


def is_guard(node: ET.Element) -> bool:
    """Whether *node* is a void that keeps a browser from some mistake: nothing is there."""
    return node.tag in {"mspace", "mi"} and not node.attrib and not node.text


def row(elements: list[ET.Element]) -> ET.Element:
    """*elements* as one: itself if there is just one."""
    return elements[0] if len(elements) == 1 else element("mrow", *elements)


def _mend(node: ET.Element) -> list[ET.Element]:
    """*node* with its subtree mended; none, or several, where the node itself goes."""
    children = [mended for child in node for mended in _children_of(node, child)]
    if node.tag == "mrow":
        children = _joined(children)
    node[:] = children
    style = dict(_STYLE.findall(node.attrib.pop("style", "")))
    match node.tag:
        case "mspace" if not node.attrib and not style:
            return [node]  # see `is_guard`
        case "mo" if node.text == "\u2061":
            node.set("lspace", node.get("lspace", "0"))
            node.set("rspace", "0")
        case "mspace" if "margin-left" in style:
            return [negative_space(float(style["margin-left"].removesuffix("em")))]
        case "mspace":
            node.set("width", _short(node.get("width", "0")))
        case "mo" if node.text == _INVISIBLE and not node.attrib:
            return []  # the void fence of \left.
        case "mi" if node.text == ":":
            # \colon is punctuation after a name, not an ordinary letter.
            return [element("mo", text=":", form="infix", lspace="0.1111em", rspace="0.3333em")]
        case "mover" | "munder" if children[-1].text == _LINE_BELOW:
            children[-1].text = "\u203e" if node.tag == "mover" else "_"
            children[0].set("class", "cv-line-over" if node.tag == "mover" else "cv-line-under")
        case "mi" if (word := _word(node.text or "")) is not None:
            return [element("mi", text=word, class_="cv-text-italic")]
        case "mover" if children[-1].text in _WIDE and children[-1].get("stretchy") == "true":
            children[-1].text = _WIDE[children[-1].text or ""]
        case "mpadded" if "padding-left" in style or "padding-right" in style:
            return _padded(children, style)
        case "menclose":
            notation = node.get("notation", "").replace("diagonalstrike", "").replace("strike", "")
            inner = [c for c in children if not c.get("class", "").startswith("menclose")]
            marks = " ".join(f"cv-enclose-{name}" for name in notation.split())
            return [element("mrow", *inner, class_=f"cv-enclose {marks}")]
        case "msub" | "msup" | "msubsup" if children[0].get("minsize") is not None:
            # Chromium forgets the size of \bigg| that has a script, unless something stands by.
            node[0] = element("mrow", children[0], element("mi"))
        case "mrow" if len(children) == 1 and not node.attrib and not style:
            return children
    if "color" in style:
        node.set("mathcolor", style["color"])
    return [node]


def _word(text: str) -> str | None:
    r"""The letters of ``\mathit{diff}``, which are one word and no product of variables."""
    if len(text) < 2 or not all(0x1D434 <= ord(c) <= 0x1D467 or c == "ℎ" for c in text):
        return None
    return unicodedata.normalize("NFKC", text)


def _children_of(parent: ET.Element, child: ET.Element) -> list[ET.Element]:
    mended = _mend(child)
    # Scripts, fractions and the like count their children: each must stay exactly one.
    if parent.tag in {"mrow", "math", "msqrt", "mtd", "mphantom", "mpadded", "menclose"}:
        return mended
    return [row(mended)]


_DOTS = {".": "…", "·": "⋯"}


def _joined(elements: list[ET.Element]) -> list[ET.Element]:
    r"""``\ldots`` as one sign: math-core writes three full stops, which are read out as such."""
    texts = [e.text if e.tag == "mo" else None for e in elements]
    out: list[ET.Element] = []
    index = 0
    while index < len(elements):
        dot = texts[index]
        if dot in _DOTS and texts[index : index + 3] == [dot] * 3:
            out.append(element("mo", text=_DOTS[dot or ""], lspace="0", rspace="0.1667em"))
            index += 3
        else:
            out.append(elements[index])
            index += 1
    return out


def negative_space(em: float) -> ET.Element:
    """MathML Core knows no negative width; the style sheet has a class for each mu."""
    return element("mspace", class_=f"cv-neg-{max(1, min(36, round(-em * _MU)))}")


def _padded(children: list[ET.Element], style: dict[str, str]) -> list[ET.Element]:
    r"""``\mathrel{X}`` and its like: the space as elements, which every output understands."""
    left, right = (style.get(f"padding-{side}", "0") for side in ("left", "right"))
    before = [] if float(left.removesuffix("em")) == 0 else [element("mspace", width=left)]
    after = [] if float(right.removesuffix("em")) == 0 else [element("mspace", width=right)]
    if not before and not after:
        return [row(children)]
    return [element("mrow", *before, *children, *after)]


def _short(width: str) -> str:
    return re.sub(r"(\.\d{4})\d+", r"\1", width)
