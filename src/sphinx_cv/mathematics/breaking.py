"""Where a long display may be broken: before relations, and before operations between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_RELATIONS = frozenset("=≠≈≡∼≃≅≤≥<>≪≫≲≳≔≜∝→⟶⇒⟹⇔⟺∈⊂⊆⊃⊇")
_OPERATIONS = frozenset("+−±∓∪∩⊕")
_OPENING = frozenset("([{⟨⌈⌊⟦")
_CLOSING = frozenset(")]}⟩⌉⌋⟧")
#: Which of these opens and which closes cannot be seen from the sign.
_BARS = frozenset("|‖∣∥")


def parts(tree: Element) -> list[list[list[Element]]]:
    """*tree* cut before its relations, and each piece before its operations.

    The left side stays with the first relation. There is one piece of one piece if nothing may
    be broken.
    """
    pieces: list[list[list[Element]]] = [[[]]]
    depth, within_bars, relations = 0, False, 0
    for node in tree if tree.tag == "mrow" and not tree.attrib else [tree]:
        sign = (node.text or "") if node.tag == "mo" else ""
        if sign and depth == 0 and not within_bars and not _bare(node) and pieces[-1][-1]:
            if sign in _RELATIONS:
                relations += 1
                if relations > 1:
                    pieces.append([[]])
                else:
                    pieces[-1].append([])
            elif sign in _OPERATIONS:
                pieces[-1].append([])
        form = node.get("form")
        if sign in _BARS and form is None and depth == 0 and _bare(node):
            within_bars = not within_bars
        depth += sign in _OPENING or (sign in _BARS and form == "prefix")
        depth -= sign in _CLOSING or (sign in _BARS and form == "postfix")
        pieces[-1][-1].append(node)
    return pieces


def _bare(node: Element) -> bool:
    """Without the space that a relation or an operation has."""
    return node.get("lspace") == "0" or node.get("form") in {"prefix", "postfix"}
