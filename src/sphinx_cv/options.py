"""The options of an entry, as they stand in its source: which lines hold what.

The parsers hand a directive its options without their places, and keep still about some slips:
an option given twice, one that the value before it swallowed, a value that goes on.
"""

from __future__ import annotations

import re
from functools import cached_property

_OPTION_LINE = re.compile(r"\s*:?([\w-]+):(?:\s|$)")
_PRIVATE_LINE = re.compile(r"\s*(?::\s*privat\w*\b|privat\w*\s*(?::|$))", re.IGNORECASE)
_ANOTHER_DIRECTIVE = re.compile(r"\s*(?:[:`~]{3,}\s*\{|\.\. [\w:-]+::)")
_CLOSING = re.compile(r"\s*[:`~]{3,}\s*$")
#: An option swallowed by the value or the title before it, since a line break was lost.
_SWALLOWED_OPTION = re.compile(r"(?:^|\S|\s):[a-z-]+:\s")


class OptionBlock:
    """The lines of a directive's text, numbered from its first."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()

    @cached_property
    def _options(self) -> list[tuple[int, str]]:
        """The number of each line with an option, and the option."""
        lines = self._lines
        is_markdown = not lines[0].lstrip().startswith("..") if lines else True
        found = []
        # The first line is the directive's own.
        for number, line in enumerate(lines[1:], start=1):
            match = _OPTION_LINE.match(line)
            if match:
                found.append((number, match[1]))
            elif line.strip("- ") if is_markdown else found and not line.strip():
                break
        return found

    def line(self, option: str | None) -> int:
        """Where the option is; the directive's own line if it is nowhere."""
        return next((number for number, name in self._options if name == option), 0)

    @property
    def repeated(self) -> list[str]:
        """The options that are given more than once."""
        names = [name for _, name in self._options]
        return sorted({name for name in names if names.count(name) > 1})

    @property
    def continued(self) -> str | None:
        """The last option, if a line follows it at once which may be the rest of its value."""
        if not self._options:
            return None
        number, name = self._options[-1]
        after = self._lines[number + 1 :][:1]
        goes_on = after and after[0].strip(" -") and not _CLOSING.match(after[0])
        return name if goes_on else None

    @property
    def names_private(self) -> bool:
        """Whether a line of the entry, up to another directive, looks like ``:private:``."""
        for line in self._lines[1:]:
            if _ANOTHER_DIRECTIVE.match(line):
                return False
            if _PRIVATE_LINE.match(line):
                return True
        return False


def swallows_option(value: str) -> bool:
    """Whether a value or a title holds another option."""
    return _SWALLOWED_OPTION.search(value) is not None
