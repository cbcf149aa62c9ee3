"""What mathra says of MathML.

Run as a program it answers lines of JSON on standard input, so that a build can have its
formulas spoken on another core while it goes on reading pages.
"""

from __future__ import annotations

import json
import re
import sys
from contextlib import suppress
from html import unescape

_TITLE = re.compile(r"<title\b[^>]*>(.*?)</title>", re.DOTALL)


def words(source: str, code: str) -> str:
    """What is said of *source* in the language *code*. Raises ValueError."""
    import mathra  # mostly loaded by the second process alone

    # Its `render` gives the words by themselves, but takes twice as long: it makes braille
    # and more of every formula besides the drawing.
    title = _TITLE.search(mathra.tex_to_svg(source, code, input="mathml"))
    return unescape(title[1]) if title is not None else ""


def main() -> None:
    """Answer each source of each line with a line: its words, or null if there are none."""
    code = sys.argv[1]
    for line in sys.stdin:
        for source in json.loads(line):
            answer: str | None = None
            with suppress(ValueError):
                answer = words(source, code)
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
