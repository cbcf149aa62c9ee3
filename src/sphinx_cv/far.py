"""What is far down a page is laid out when it comes near.

Most of the work of showing a long page is the layout of what its reader does not see yet. The style
sheet lets browsers leave marked blocks until then; they still find their text, and what links
lead to. Nothing on the first screens is marked: a browser would place what follows twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

CLASS = "cv-far"
#: Characters of text that fill the first two screens of a phone.
_NEAR = 1600
#: In such characters: the space beneath a block, a heading, a display, and a picture.
_SPACE, _HEADING, _DISPLAY, _PICTURE = 100, 200, 300, 1500
#: What a browser can leave as one box, and give its room by a guess.
_BLOCKS = (
    nodes.paragraph,
    nodes.bullet_list,
    nodes.enumerated_list,
    nodes.figure,
    nodes.math_block,
    nodes.literal_block,
    nodes.block_quote,
    nodes.Admonition,
)


class MarkFar(SphinxPostTransform):
    """Marks what is far down a page."""

    default_priority = 700
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        if not any(map(_floats, self.document.findall(nodes.Element))):
            for block in far(self.document):
                block["classes"].append(CLASS)


def far(document: nodes.document) -> Iterator[nodes.Element]:
    """The blocks of a page that begin below its first screens."""
    above = 0
    for block in _blocks(document):
        if above > _NEAR and isinstance(block, _BLOCKS):
            yield block
        above += _length(block)


def _blocks(parent: nodes.Element) -> Iterator[nodes.Element]:
    """What sections hold. Entries are grids of short lines, not worth it."""
    for child in parent.children:
        if isinstance(child, nodes.section):
            yield from _blocks(child)
        elif isinstance(child, nodes.Element) and "cv-entry" not in parent["classes"]:
            yield child


def _length(block: nodes.Element) -> int:
    """How much room a block takes, as characters of text."""
    if isinstance(block, nodes.title):
        return _HEADING
    if isinstance(block, nodes.math_block):
        return _DISPLAY
    if isinstance(block, nodes.figure):
        return _PICTURE
    return len(block.astext()) + _SPACE


def _floats(element: nodes.Element) -> bool:
    """Whether text flows round it, which it would not if it were a box by itself."""
    return isinstance(element, nodes.sidebar) or element.get("align") in {"left", "right"}
