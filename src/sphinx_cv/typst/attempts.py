"""All that is wrong with a text, of which Typst may tell no more than the first part."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING

from sphinx_cv.typst.compilation import CompilationError, Finding, places_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Compiled = Callable[[str], tuple[bytes, list[Finding]]]

#: Blocks alone have nothing to refer to.
_ALONE = """\
#let link-within(name, body) = body
#let note-mark(name, body) = super(body)
"""


def search_block(
    finding: Finding, blocks: Mapping[int, str], compiled: Callable[[str], object]
) -> Finding:
    """The *finding* at the smallest of the *blocks* that is enough to make it.

    Of what is wrong in the file as a whole, such as a picture that nobody can listen to, Typst
    says the place in the theme alone.
    """
    if finding.place is not None or finding.theme_line is not None:
        return finding
    numbers = sorted(blocks, key=lambda number: len(blocks[number]))

    def wrong(count: int) -> bool:
        try:
            compiled(_ALONE + "\n\n".join(blocks[number] for number in numbers[:count]))
        except CompilationError as error:
            return any(found.message == finding.message for found in error.findings)
        return False

    if not wrong(len(numbers)):
        return finding
    count = bisect_left(range(len(numbers)), True, key=lambda index: wrong(index + 1))
    return Finding(finding.message, numbers[count])


def attempt(
    body: str, blocks: Mapping[int, str], compiled: Compiled
) -> tuple[bytes | None, list[Finding]]:
    """The file, where there is one, and all that Typst has to say of it.

    Characters that no font has are left out of the file. Blocks that Typst cannot read are left
    out only to find what else is wrong.
    """
    said: list[Finding] = []
    left = dict(blocks)
    while True:
        try:
            made, warnings = compiled(body)
        except CompilationError as error:
            before, found = body, error.findings
            if all(each.unshown and each.unshown in body for each in found):
                # Typst tells of a character only once for many places.
                for each in found:
                    places = places_of(each.unshown, body)
                    said += [replace(each, place=number) for number in places]
                    body = body.replace(each.unshown, "")
            else:
                for each in found:
                    each = search_block(each, left, compiled)
                    said.append(each)
                    if each.place is not None:
                        body = body.replace(left.pop(each.place, ""), "", 1)
            if body == before:
                return None, said
        else:
            return (made if len(left) == len(blocks) else None), said + warnings
