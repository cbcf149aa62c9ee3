"""The tree as Typst mathematics, element by element.

The translator says what a formula is; how equations are set on the page is the business of the
functions it calls, which ``mathematics.typ`` defines. Explicit space takes the automatic space
of a relation beside it away, so an empty atom stands in between.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_cv.mathematics import typst_atoms as atoms
from sphinx_cv.mathematics.core import element, is_guard
from sphinx_cv.mathematics.typst_atoms import (
    DOTS,
    EMPTY,
    FENCES,
    INTEGRALS,
    LARGE,
    characters,
    join,
    string,
    zero,
)
from sphinx_cv.mathematics.typst_tables import table

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ACCENTS = {
    "ˆ": "hat", "\u0302": "hat", "~": "tilde", "˜": "tilde", "\u0303": "tilde", "˙": "dot",
    "¨": "dot.double", "\u20db": "dot.triple", "\u20dc": "dot.quad", "\u20d7": "arrow",
    "‾": "overline", "¯": "macron", "\u030c": "caron",
    "´": "acute", "`": "grave", "˘": "breve", "ˇ": "caron", "˚": "circle", "→": "arrow",
    "←": "arrow.l", "↔": "arrow.l.r", "⏞": "overbrace", "⎴": "overbracket", "⏜": "overparen",
}  # fmt: skip
_UNDER = {"⏟": "underbrace", "⎵": "underbracket", "⏝": "underparen", "_": "underline"}
_ARROWS = frozenset("→←↔⇒⇐⇔↦↪↩⇌⇋⇀↽⇁↼↠↞⟶⟵=")


def translate(node: Element, *, script: bool = False) -> str:
    """One element as Typst code for use within ``$…$``."""
    code = _TRANSLATORS[node.tag](node, script)
    if (color := node.get("mathcolor")) is not None:
        return f"#text(fill: rgb({string(color)}), ${code}$)"
    return code


def sequence(node: Element, script: bool) -> str:
    """The children of *node*, side by side."""
    codes: list[str] = []
    children = [child for child in node if not is_guard(child)]
    for index, child in enumerate(children):
        code = translate(child, script=script)
        if child.tag == "mspace":
            # See the module's docstring; a binary operator would else lose its other side, too.
            before = children[index - 1] if index else None
            after = children[index + 1] if index + 1 < len(children) else None
            if before is not None and before.tag == "mo" and not zero(before.get("rspace")):
                codes.append(EMPTY)
            codes.append(code)
            if after is not None and after.tag == "mo" and not zero(after.get("lspace")):
                codes.append(EMPTY)
        elif code and child.text in DOTS and child.get("rspace") and index + 1 < len(children):
            after = children[index + 1]
            codes += [code, "thin"]
            if after.tag == "mo" and not zero(after.get("lspace")):
                codes.append(EMPTY)
        else:
            codes.append(code)
    return join(codes)


def _is_fence(node: Element) -> bool:
    return (
        node.tag == "mo"
        and (node.text or "") in FENCES
        and node.get("stretchy") != "false"
        and node.get("minsize") is None
    )


def _row(node: Element, script: bool) -> str:
    children = [child for child in node if not is_guard(child)]
    for name in node.get("class", "").split():
        if name in _ENCLOSURES:
            inside = sequence(node, script)
            return _ENCLOSURES[name].replace("CONTENT", inside)
    if not children:
        return EMPTY
    if _is_binomial(children):
        top, bottom = (translate(c, script=script) for c in children[1])
        return f"binom({top}, {bottom})"
    if len(children) > 1 and (_is_fence(children[0]) or _is_fence(children[-1])):
        return _fenced(children, script)
    if len(children) == 3 and (arrow := _long_arrow(children, script)) is not None:
        return arrow
    code = sequence(node, script or node.get("scriptlevel") in {"1", "2"})
    match node.get("displaystyle"), node.get("scriptlevel"):
        case "true", _:
            return f"display({code})"
        case "false", "1":
            return f"script({code})"
        case "false", "2":
            return f"sscript({code})"
        case "false", _:
            return f"inline({code})"
    return code


def _fenced(children: list[Element], script: bool) -> str:
    def delimiter(node: Element, kind: str) -> str:
        text = characters(node.text or "")
        return f'class("{kind}", {text})'

    first, last = _is_fence(children[0]), _is_fence(children[-1])
    inside = children[first : len(children) - last]
    codes: list[Element | str] = []
    for child in inside:
        if child.tag == "mo" and child.get("stretchy") == "true" and child.get("minsize") is None:
            codes.append(f'class("normal", mid({characters(child.text or "")}))')
        else:
            codes.append(child)
    body = _mixed(codes, script)
    opening = delimiter(children[0], "opening") if first else ""
    closing = delimiter(children[-1], "closing") if last else ""
    return f"lr({join([opening, body, closing])})"


def _mixed(items: list[Element | str], script: bool) -> str:
    """Elements and ready code; runs of elements go through `sequence` for their spaces."""
    out: list[str] = []
    run: list[Element] = []
    for item in [*items, ""]:
        if isinstance(item, str):
            if run:
                out.append(sequence(element("mrow", *run), script))
                run = []
            out.append(item)
        else:
            run.append(item)
    return join(out)


def _is_binomial(children: list[Element]) -> bool:
    return (
        len(children) == 3
        and children[1].tag == "mfrac"
        and children[1].get("linethickness") == "0"
        and children[1].get("displaystyle") is None
        and (children[0].text, children[2].text) == ("(", ")")
    )


def _long_arrow(children: list[Element], script: bool) -> str | None:
    r"""``\xrightarrow``: an arrow with spaces around and its labels padded by math-core."""
    before, over, after = children
    if (before.tag, after.tag) != ("mspace", "mspace") or over.tag not in _SCRIPTED:
        return None
    arrow = over[0]
    if arrow.tag != "mo" or (arrow.text or "") not in _ARROWS:
        return None
    labels = _scripts(over, script=True)
    stretched = f"stretch({characters(arrow.text or '')}, size: #(100% + 1em))"
    return f'class("relation", attach(limits({stretched}), {labels}))'


_ENCLOSURES = {
    "cv-enclose-box": "#math-box($CONTENT$)",
    "cv-enclose-up": "cancel(CONTENT)",
    "cv-enclose-down": "cancel(inverted: #true, CONTENT)",
    "cv-enclose-horizontal": "cancel(angle: #90deg, CONTENT)",
}


def _fraction(node: Element, script: bool) -> str:
    top, bottom = (translate(child, script=script) for child in node)
    if (
        node.get("linethickness") is not None
        and float(re.sub(r"[a-z]+$", "", node.get("linethickness", "0")) or 0) == 0
    ):
        code = f"mat(delim: #none, row-gap: #0.3em, {top}; {bottom})"
    else:
        code = f"frac({top}, {bottom})"
    match node.get("displaystyle"):
        case "true":
            return f"display({code})"
        case "false":
            return f"inline({code})"
    return code


def _root(node: Element, script: bool) -> str:
    if node.tag == "msqrt":
        return f"sqrt({sequence(node, script)})"
    return f"root({translate(node[1], script=True)}, {translate(node[0], script=script)})"


_SCRIPTED = {"munder": "b", "mover": "t", "munderover": "bt"}


def _unpadded(node: Element) -> Element:
    """A label of an arrow without the spaces that make the arrow long enough in a browser."""
    while node.tag in _SCRIPTED and len(node) == 2 and node[1].tag == "mspace":
        node = node[0]
    if node.tag == "mrow" and len(node) > 2 and node[0].tag == node[-1].tag == "mspace":
        return element("mrow", *node[1:-1])
    return node


def _scripts(node: Element, script: bool) -> str:
    places = {"msub": "b", "msup": "t", "msubsup": "bt", **_SCRIPTED}[node.tag]
    return ", ".join(
        f"{place}: {translate(_unpadded(child), script=True)}"
        for place, child in zip(places, list(node)[1:], strict=True)
    )


def _attach(node: Element, script: bool) -> str:
    base = node[0]
    code = translate(base, script=script)
    if base.tag == "mo" and (base.text or "") in LARGE and not node.tag.startswith("mu"):
        code = f"scripts({code})"
    return f"attach({code}, {_scripts(node, script)})"


def _over(node: Element, script: bool) -> str:
    base, mark = node[0], node[-1]
    sign = (mark.text or "") if mark.tag == "mo" else ""
    if node.get("accent") == "true" or node.get("accentunder") == "true":
        inside = translate(base, script=script)
        name = (_ACCENTS if node.tag == "mover" else _UNDER).get(sign)
        if name is not None:
            return f"{name}({inside})"
        if node.tag == "munder":
            return f"#math-under(${inside}$, ${characters(sign)}$)"
        place = "t" if node.tag == "mover" else "b"
        return f"attach(limits({inside}), {place}: stretch({characters(sign)}))"
    code = translate(base, script=script)
    text = (base.text or "") if base.tag == "mo" else ""
    if not (text in LARGE and base.get("movablelimits") != "false"):
        code = f"limits({code})"
    attached = f"attach({code}, {_scripts(node, script)})"
    # A relation with something above it stays a relation.
    if base.tag == "mo" and text not in LARGE | INTEGRALS and not zero(base.get("rspace")):
        return f'class("relation", {attached})' if not script else attached
    return attached


def _multiscripts(node: Element, script: bool) -> str:
    base, *rest = list(node)
    tags = [child.tag for child in rest]
    split = tags.index("mprescripts") if "mprescripts" in tags else len(rest)
    arguments = []
    for names, pair in (("b", "t"), rest[:split][:2]), (("bl", "tl"), rest[split + 1 :][:2]):
        arguments += [
            f"{name}: {translate(child, script=True)}"
            for name, child in zip(names, pair, strict=False)
            if child.tag != "none" and (len(child) or child.text)
        ]
    code = translate(base, script=script)
    if base.tag == "mo":
        code = f"scripts({code})"
    return f"attach({', '.join([code, *arguments])})"


def _phantom(node: Element, script: bool) -> str:
    return f"#hide(${sequence(node, script)}$)"


#: By how much of its width content that takes no room is moved to the left.
_LAPS = {"cv-clap": "50%", "cv-llap": "100%", "cv-rlap": "0%"}


def _padded(node: Element, script: bool) -> str:
    inside = sequence(node, script)
    side = next((_LAPS[n] for n in node.get("class", "").split() if n in _LAPS), None)
    if side is not None:
        size = "script" if script else "inline"
        return f"#math-lap({side}, ${size}({inside})$)"
    return inside


def _table(node: Element, script: bool) -> str:
    return table(node, script, translate)


_TRANSLATORS = {
    "mi": atoms.identifier,
    "mn": atoms.number,
    "mo": atoms.operator,
    "mtext": atoms.text,
    "mspace": atoms.space,
    "mrow": _row,
    "mfrac": _fraction,
    "msqrt": _root,
    "mroot": _root,
    "msub": _attach,
    "msup": _attach,
    "msubsup": _attach,
    "munder": _over,
    "mover": _over,
    "munderover": _over,
    "mmultiscripts": _multiscripts,
    "mtable": _table,
    "mphantom": _phantom,
    "mpadded": _padded,
}
