"""What is far down a page is laid out when it comes near.

Most of the work of showing a long page is the style and layout of what its reader does not see
yet. The style sheet lets browsers leave marked sections and blocks until then; they still find
their text, and what links lead to. Nothing on the first screen is marked: a browser would place
what follows twice.
"""

from __future__ import annotations

import math
from itertools import dropwhile, takewhile
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from .publications.resources import disclosure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

CLASS = "cv-far"
#: Height of the first screen of a phone and some more, in rem; other heights are of phones, too.
_NEAR = 56.0
#: Of a character of text, the space beneath a block, a heading, a display, and a picture.
_CHARACTER, _SPACE, _HEADING, _DISPLAY, _PICTURE = 0.042, 1.0, 3.5, 5.0, 24.0
#: The style sheet has a class for each power of two from 4 to 512 rem.
_LEAST, _MOST = 2, 9
#: What a browser can leave as one box, and give its room by a guess.
_BLOCKS = (
    nodes.section,
    nodes.container,
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
                _mark(block)
            for section in list(self.document.findall(nodes.section)):
                if CLASS not in section["classes"]:
                    _gather(section)


def _mark(block: nodes.Element) -> None:
    power = round(math.log2(max(_height(block), 2**_LEAST)))
    block["classes"] += [CLASS, f"{CLASS}-{2 ** min(power, _MOST)}"]


def _gather(section: nodes.section) -> None:
    """Let what is far down in a section of the first screen wait together, too.

    Browsers lay out what is a screen and a half away with the first picture of the page. What such
    a box holds waits until the page is there: the engine's script sees to that.
    """
    if any(isinstance(each, nodes.raw) for each in section):
        return  # its tags may be closed in the next one
    # The space above others would add to that beneath what is before them.
    later = dropwhile(
        lambda each: not isinstance(each, nodes.paragraph) or CLASS not in each["classes"], section
    )
    blocks = list(takewhile(lambda each: not isinstance(each, nodes.section), later))
    if len(blocks) > 1:
        start = section.index(blocks[0])
        box = nodes.container("", *blocks, classes=[f"{CLASS}-rest"])
        _mark(box)
        section[start : start + len(blocks)] = [box]


def far(document: nodes.document) -> Iterator[nodes.Element]:
    """The sections and blocks of a page that begin below its first screen.

    Those of a section that has come near wait again, so that the work is not done at once.
    """
    above = 0.0
    waiting: list[nodes.Element] = [document]
    while waiting:
        block = waiting.pop()
        # Entries are grids of short lines, not worth it.
        entry = "cv-entry" in block["classes"]
        if above > _NEAR and isinstance(block, _BLOCKS) and not entry:
            yield block
        if isinstance(block, (nodes.document, nodes.section)) and not entry:
            waiting += [each for each in reversed(block) if isinstance(each, nodes.Element)]
        else:
            above += _height(block)


def _height(block: nodes.Element) -> float:
    """How high a block is, in rem."""
    if isinstance(block, (nodes.section, nodes.container)):
        return sum(_height(each) for each in block if isinstance(each, nodes.Element))
    if isinstance(block, nodes.title):
        return _HEADING
    if isinstance(block, disclosure):
        return 0.0  # closed, and in a row with links
    if isinstance(block, nodes.math_block):
        return _DISPLAY
    pictures = sum(map(_is_picture, block.findall()))
    words = (each for each in block.findall(nodes.Text) if not isinstance(each.parent, nodes.raw))
    return pictures * _PICTURE + sum(map(len, words)) * _CHARACTER + _SPACE


def _is_picture(node: nodes.Node) -> bool:
    """Also one whose markup stands in the page, whose letters are none that are read."""
    return isinstance(node, nodes.image) or (
        isinstance(node, nodes.raw) and "<svg" in node.astext()
    )


def _floats(element: nodes.Element) -> bool:
    """Whether text flows round it, which it would not if it were a box by itself."""
    return isinstance(element, nodes.sidebar) or element.get("align") in {"left", "right"}
