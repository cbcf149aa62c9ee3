"""The tree as Typst mathematics.

The translator says what a formula is; how equations are set on the page is the business of the
functions it calls, which ``mathematics.typ`` defines. Typst's habits that shape this module:
white space beside a text run is drawn, so none is written where none is needed; every sign is
escaped, so that none is taken for a shorthand; explicit space takes the automatic space of a
relation beside it away, so an empty atom stands in between.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from sphinx_cv.mathematics import breaking
from sphinx_cv.mathematics.core import element, is_guard
from sphinx_cv.mathematics.extent import ems

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from xml.etree.ElementTree import Element

    from sphinx_cv.mathematics.formula import Formula, Row

#: Ems from which a display may be wider than a page, or a column of it.
_LONG = 24
_EMPTY = '""'
_DIGITS = frozenset("0123456789")
_ACCENTS = {
    "ˆ": "hat", "\u0302": "hat", "~": "tilde", "˜": "tilde", "\u0303": "tilde", "˙": "dot",
    "¨": "dot.double", "\u20db": "dot.triple", "\u20dc": "dot.quad", "\u20d7": "arrow",
    "‾": "overline", "¯": "macron", "\u030c": "caron",
    "´": "acute", "`": "grave", "˘": "breve", "ˇ": "caron", "˚": "circle", "→": "arrow",
    "←": "arrow.l", "↔": "arrow.l.r", "⏞": "overbrace", "⎴": "overbracket", "⏜": "overparen",
}  # fmt: skip
_UNDER = {"⏟": "underbrace", "⎵": "underbracket", "⏝": "underparen", "_": "underline"}
_FENCES = frozenset("()[]{}|‖⟨⟩⌈⌉⌊⌋⟮⟯⎰⎱⟦⟧/\\↑↓↕⇑⇓⇕⌜⌝⌞⌟∥∣")
_OPENING = frozenset("([{⟨⌈⌊⟮⎰⟦⌜⌞")
_CLOSING = frozenset(")]}⟩⌉⌋⟯⎱⟧⌝⌟")
_DOTS = frozenset("…⋯")
_LARGE = frozenset("∑∏∐⋃⋂⋁⋀⨁⨂⨀⨄⨆")
_INTEGRALS = frozenset("∫∬∭⨌∮∯∰")
_ARROWS = frozenset("→←↔⇒⇐⇔↦↪↩⇌⇋⇀↽⇁↼↠↞⟶⟵=")
#: What wide content has to be told to become in Typst: class of our tree to function of Typst.
_TEXTS = {
    "cv-text-bold": "bold",
    "cv-text-italic": "#math-word",
    "cv-text-mono": "mono",
    "cv-text-sans": "sans",
}


def string(text: str) -> str:
    """*text* as a Typst string literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def inline(formula: Formula, alt: str) -> str:
    """Typst markup for a formula within a line."""
    return f"#math-inline(alt: {string(alt)}, ${_join([translate(formula.tree)])}$)"


def display(formula: Formula, alt: str, numbers: Sequence[str | None] = ()) -> str:
    """Typst markup for a display.

    *numbers* are Typst expressions of content, such as ``[(1) <label>]``: one for the whole
    formula if that is what it has, else one for each row, None where a row has none.
    """
    spoken = f"alt: {string(alt)}"
    rows = formula.rows
    if formula.layout == "line" or (formula.mark is None and not any(numbers)):
        number = next((n for n in numbers if n is not None), None)
        return _whole(formula, spoken, number)
    if formula.mark is not None:
        return _whole(formula, spoken, numbers[0] if numbers else None)
    if any(row.note is not None for row in rows) or formula.layout == "gather":
        lines = []
        for row, number in zip(rows, numbers, strict=True):
            if row.note is not None:
                lines.append(f"(note: ${translate(row.note)}$)")
            lines.append(f"(number: {number or 'none'}, body: $ {_aligned(row)} $)")
        return f"#math-gather({spoken}, {', '.join(lines)})"
    width = max(len(row.cells) for row in rows)
    lines = [
        f"#n(none){_aligned(row, formula.layout)}{'&' * (width - len(row.cells) + 1)}"
        f"#n({number or '[]'})"
        for row, number in zip(rows, numbers, strict=True)
    ]
    body = " \\\n".join(lines)
    return f"#math-rows({spoken}, n => $ {body} $)"


def _whole(formula: Formula, spoken: str, number: str | None) -> str:
    numbered = f", number: {number}" if number else ""
    if formula.layout == "multline":
        lines = ", ".join(f"({row.side}, $ {_aligned(row)} $)" for row in formula.rows)
        return f"#math-multline({spoken}{numbered}, {lines})"
    if any(row.note is not None for row in formula.rows):
        lines = ", ".join(
            (f"(note: ${translate(row.note)}$), " if row.note is not None else "")
            + f"(number: none, body: $ {_aligned(row)} $)"
            for row in formula.rows
        )
        return f"#math-gather({spoken}{numbered}, {lines})"
    if formula.layout == "line":
        pieces = breaking.parts(formula.tree)
        if ems(formula.tree) > _LONG and len(pieces) + len(pieces[0]) > 2:
            groups = "), (".join(
                " ".join(f"${_children(element('mrow', *part), False)}$," for part in piece)
                for piece in pieces
            )
            return f"#math-long({spoken}{numbered}, ({groups}))"
        body = translate(formula.tree)
    else:
        body = " \\\n".join(_aligned(row, formula.layout) for row in formula.rows)
    return f"#math-display({spoken}{numbered}, $ {body} $)"


def _aligned(row: Row, layout: str = "") -> str:
    cells = [translate(cell.tree) for cell in row.cells]
    if layout in {"align", "flalign"}:
        cells[2::2] = [f"#h(2em){cell}" for cell in cells[2::2]]
    return "&".join(cells)


def translate(node: Element, *, script: bool = False) -> str:
    """One element as Typst code for use within ``$…$``."""
    code = _TRANSLATORS[node.tag](node, script)
    if (color := node.get("mathcolor")) is not None:
        return f"#text(fill: rgb({string(color)}), ${code}$)"
    return code


def _join(codes: Iterable[str]) -> str:
    """Codes side by side, with a blank only where two words would become one."""
    out = ""
    for code in codes:
        if not code:
            continue
        # The dot belongs here since a number would swallow it, and code its field.
        if out and (out[-1].isalnum() or out[-1] == "_") and (code[0].isalnum() or code[0] == "."):
            out += " "
        out += code
    return out


def _characters(text: str) -> str:
    # Digits other than ASCII's are escaped like signs: Typst draws a blank before them.
    return _join(c if c.isalpha() or c in _DIGITS else f"\\{c}" for c in text)


def _children(node: Element, script: bool) -> str:
    codes: list[str] = []
    children = [child for child in node if not is_guard(child)]
    for index, child in enumerate(children):
        code = translate(child, script=script)
        if child.tag == "mspace":
            # See the module's docstring; a binary operator would else lose its other side, too.
            before = children[index - 1] if index else None
            after = children[index + 1] if index + 1 < len(children) else None
            if before is not None and before.tag == "mo" and not _zero(before.get("rspace")):
                codes.append(_EMPTY)
            codes.append(code)
            if after is not None and after.tag == "mo" and not _zero(after.get("lspace")):
                codes.append(_EMPTY)
        elif code and child.text in _DOTS and child.get("rspace") and index + 1 < len(children):
            after = children[index + 1]
            codes += [code, "thin"]
            if after.tag == "mo" and not _zero(after.get("lspace")):
                codes.append(_EMPTY)
        else:
            codes.append(code)
    return _join(codes)


def _identifier(node: Element, script: bool) -> str:
    text = node.text or ""
    bare = text.replace("\ufe00", "").replace("\ufe01", "")
    if bare != text:
        face = "scr" if "\ufe01" in text else "cal"
        plain = unicodedata.normalize("NFKC", bare)
        return f"{face}({_join(plain) if plain.isalnum() else _characters(plain)})"
    if "cv-text-italic" in node.get("class", ""):
        return f"#math-word({string(text)})"
    if len(text) > 1:
        alphabet = all(0x1D400 <= ord(c) <= 0x1D7FF or 0x2100 <= ord(c) <= 0x214F for c in text)
        return _characters(text) if alphabet else string(text)
    if node.get("mathvariant") == "normal" and text.isalpha():
        return f"upright({text})"
    return _characters(text)


def _number(node: Element, script: bool) -> str:
    text = node.text or ""
    return text if re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII) else _characters(text)


def _text(node: Element, script: bool) -> str:
    code = string("".join(node.itertext()))
    for name in node.get("class", "").split():
        code = f"{_TEXTS[name]}({code})" if name in _TEXTS else code
    return code


def _operator(node: Element, script: bool) -> str:
    text = (node.text or "").strip()
    if text == "\u2061":
        return "" if script or _zero(node.get("lspace")) else "thin"
    if not text or text in "\u2062\u2063\u2064":
        return ""
    code = _characters(text)
    size = node.get("minsize")
    if size is not None:
        code = f"lr(size: #{size}, {code})"
    form = node.get("form")
    lspace, rspace = node.get("lspace"), node.get("rspace")
    if text == ":" and form == "infix":
        return 'class("punctuation", \\:)'
    if text in _OPENING or (form == "prefix" and text in _FENCES):
        return f'class("opening", {code})' if size or text not in _OPENING else code
    if text in _CLOSING or (form == "postfix" and text in _FENCES):
        return f'class("closing", {code})' if size or text not in _CLOSING else code
    if text in _LARGE | _INTEGRALS or script:
        return code
    if size is not None and not _zero(lspace):
        return f'class("relation", {code})'
    if text in _DOTS or (_zero(lspace) and _zero(rspace)):
        return f'class("normal", {code})'
    if text == "," and _zero(rspace):
        return f'class("normal", {code})'
    if lspace == rspace == "0.2222em":
        return f'class("binary", {code})'
    return code


def _zero(length: str | None) -> bool:
    return length is not None and float(length.removesuffix("em") or 0) == 0


def _space(node: Element, script: bool) -> str:
    match = re.fullmatch(r"cv-neg-(\d+)", node.get("class", ""))
    if match is not None:
        return f"#h(-{int(match[1]) / 18:.4f}em)"
    width = node.get("width", "0")
    return "" if width in {"0", "0em"} else f"#h({width})"


def _is_fence(node: Element) -> bool:
    return (
        node.tag == "mo"
        and (node.text or "") in _FENCES
        and node.get("stretchy") != "false"
        and node.get("minsize") is None
    )


def _row(node: Element, script: bool) -> str:
    children = [child for child in node if not is_guard(child)]
    for name in node.get("class", "").split():
        if name in _ENCLOSURES:
            inside = _children(node, script)
            return _ENCLOSURES[name].replace("CONTENT", inside)
    if not children:
        return _EMPTY
    if _is_binomial(children):
        top, bottom = (translate(c, script=script) for c in children[1])
        return f"binom({top}, {bottom})"
    if len(children) > 1 and (_is_fence(children[0]) or _is_fence(children[-1])):
        return _fenced(children, script)
    if len(children) == 3 and (arrow := _long_arrow(children, script)) is not None:
        return arrow
    code = _children(node, script or node.get("scriptlevel") in {"1", "2"})
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
        text = _characters(node.text or "")
        return f'class("{kind}", {text})'

    first, last = _is_fence(children[0]), _is_fence(children[-1])
    inside = children[first : len(children) - last]
    codes: list[Element | str] = []
    for child in inside:
        if child.tag == "mo" and child.get("stretchy") == "true" and child.get("minsize") is None:
            codes.append(f'class("normal", mid({_characters(child.text or "")}))')
        else:
            codes.append(child)
    body = _mixed(codes, script)
    opening = delimiter(children[0], "opening") if first else ""
    closing = delimiter(children[-1], "closing") if last else ""
    return f"lr({_join([opening, body, closing])})"


def _mixed(items: list[Element | str], script: bool) -> str:
    """Elements and ready code; runs of elements go through `_children` for their spaces."""
    out: list[str] = []
    run: list[Element] = []
    for item in [*items, ""]:
        if isinstance(item, str):
            if run:
                out.append(_children(element("mrow", *run), script))
                run = []
            out.append(item)
        else:
            run.append(item)
    return _join(out)


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
    stretched = f"stretch({_characters(arrow.text or '')}, size: #(100% + 1em))"
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
        return f"sqrt({_children(node, script)})"
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
    if base.tag == "mo" and (base.text or "") in _LARGE and not node.tag.startswith("mu"):
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
            return f"#math-under(${inside}$, ${_characters(sign)}$)"
        place = "t" if node.tag == "mover" else "b"
        return f"attach(limits({inside}), {place}: stretch({_characters(sign)}))"
    code = translate(base, script=script)
    text = (base.text or "") if base.tag == "mo" else ""
    if not (text in _LARGE and base.get("movablelimits") != "false"):
        code = f"limits({code})"
    attached = f"attach({code}, {_scripts(node, script)})"
    # A relation with something above it stays a relation.
    if base.tag == "mo" and text not in _LARGE | _INTEGRALS and not _zero(base.get("rspace")):
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


def _table(node: Element, script: bool) -> str:
    classes = node.get("class", "").split()
    rows = [row for row in node if row[0].get("columnspan") is None]
    show = node.get("displaystyle") == "true"
    if lines := _lines(rows):
        return _ruled(rows, lines)
    script = script or bool({"cv-smallmatrix", "cv-substack"} & set(classes))
    close = any("cv-close-" in cell.get("class", "") for row in rows for cell in row)
    cells = "; ".join(
        ", ".join(
            _cell(cell, script, show, padding=_padding(row, column) if close else ("", ""))
            for column, cell in enumerate(row)
        )
        for row in rows
    )
    options = ["delim: #none"]
    if "cv-rows" in classes:
        options += ["column-gap: #0em", "row-gap: #0.65em"]
    elif "cv-cases" in classes:
        options += ["column-gap: #1em", "row-gap: #0.35em"]
    elif "cv-substack" in classes:
        options += ["row-gap: #0.2em"]
    elif close:
        options += ["row-gap: #0.35em", "column-gap: #0em"]
    elif "cv-smallmatrix" in classes:
        options += ["row-gap: #0.2em", "column-gap: #0.35em"]
    else:
        options += ["row-gap: #0.35em", "column-gap: #0.9em"]
    code = f"mat({', '.join(options)}, {cells})"
    return f"script({code})" if {"cv-smallmatrix", "cv-substack"} & set(classes) else code


def _padding(row: Element, column: int) -> tuple[str, str]:
    """The space before and after a cell of a table where some have none."""
    names = row[column].get("class", "").split()
    between = "cv-between" in names
    before = column > 0 and not between and "cv-close-left" not in names
    after = column < len(row) - 1 and not between and "cv-close-right" not in names
    return "#h(0.45em)" * before, "#h(0.45em)" * after


def _cell(cell: Element, script: bool, show: bool, *, padding: tuple[str, str]) -> str:
    code = _join(translate(child, script=script) for child in cell)
    names = cell.get("class", "").split()
    if code:
        # Typst would set cells one size smaller.
        code = f"{'script' if script else 'display' if show else 'inline'}({code})"
    if "cv-gap" in names:
        code = f"#h(2em){code}"
    before, after = padding
    code = f"{before}{code}{after}"
    if "cv-r" in names:
        return f"{code or _EMPTY}&"
    return f"&{code or _EMPTY}" if "cv-l" in names else code or _EMPTY


def _lines(rows: list[Element]) -> dict[str, set[int]]:
    """Before which rows and columns an array has lines; empty if it has none."""
    horizontal, vertical = set(), set()
    for index, row in enumerate(rows):
        for column, cell in enumerate(row):
            names = cell.get("class", "").split()
            if "cv-line-above" in names:
                horizontal.add(index)
            if "cv-line-below" in names:
                horizontal.add(index + 1)
            if "cv-line-left" in names:
                vertical.add(column)
            if "cv-line-right" in names:
                vertical.add(column + 1)
    return {"horizontal": horizontal, "vertical": vertical} if horizontal or vertical else {}


def _ruled(rows: list[Element], lines: dict[str, set[int]]) -> str:
    """An array with lines, which `mat` would have cross at the corners of a frame."""
    width = max(map(len, rows))
    sides = {"cv-l": "left", "cv-r": "right"}
    first = [cell.get("class", "").split()[0] for cell in max(rows, key=len)]
    parts = [f"columns: ({''.join(sides.get(name, 'center') + ', ' for name in first)})"]
    for name, numbers in lines.items():
        parts.append(f"{name}: ({''.join(f'{n}, ' for n in sorted(numbers))})")
    for row in rows:
        cells = [_join(translate(child) for child in cell) for cell in row]
        parts += [f"${code or _EMPTY}$" for code in cells] + ["[]"] * (width - len(cells))
    return f"#math-ruled({', '.join(parts)})"


def _phantom(node: Element, script: bool) -> str:
    return f"#hide(${_children(node, script)}$)"


#: By how much of its width content that takes no room is moved to the left.
_LAPS = {"cv-clap": "50%", "cv-llap": "100%", "cv-rlap": "0%"}


def _padded(node: Element, script: bool) -> str:
    inside = _children(node, script)
    side = next((_LAPS[n] for n in node.get("class", "").split() if n in _LAPS), None)
    if side is not None:
        size = "script" if script else "inline"
        return f"#math-lap({side}, ${size}({inside})$)"
    return inside


_TRANSLATORS = {
    "mi": _identifier,
    "mn": _number,
    "mo": _operator,
    "mtext": _text,
    "mspace": _space,
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
