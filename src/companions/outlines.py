"""Path data of SVG in few characters: relative, in tenths, with no separator that can be spared.

matplotlib writes absolute coordinates after the commands M, L, Q, C and z. A curve of small steps
is less than half as long when each point is told from the one before; sums of tenths are exact.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Commands with the number of their coordinates; h and v go along one axis.
_ARGUMENTS = {"m": 2, "l": 2, "h": 1, "v": 1, "q": 4, "c": 6, "z": 0}
_TOKEN = re.compile(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?")
#: Path data as `shorten` writes it, where it stands in quotes.
SHORT = re.compile(r'(?<=")m-?[\d.][^"]*(?=")')


def shorten(path: str, unit: float = 0.1) -> str:
    """Relative path data of absolute path data, rounded to multiples of a tenth, or to others.

    Where the *unit* is not a tenth, all is told in units, which are whole.
    """
    here = start = (0, 0)
    written, before = "", ""
    for command, numbers in _commands(path):
        points = [round(number / unit) for number in numbers]
        steps = [point - here[k % 2] for k, point in enumerate(points)]
        short = command.lower()
        if short == "l" and 0 in steps:
            short, steps = ("h", steps[:1]) if steps[1] == 0 else ("v", steps[1:])
        # A second pair after m would be a line.
        text = short if short != before or short == "m" else ""
        for step in steps:
            apart = not text[-1:].isalpha() and step >= 0
            text += " " * apart + (_tenths(step) if unit == 0.1 else str(step))
        written += text
        before = short
        here = (points[-2], points[-1]) if points else start
        if short == "m":
            start = here
    return written


def lengthen(path: str) -> str:
    """Absolute path data, of M, L, Q, C and z alone, from what `shorten` wrote."""
    here = start = (0, 0)
    words: list[str] = []
    for command, numbers in _commands(path):
        steps = [round(10 * number) for number in numbers]
        if command in "hv":
            steps = [*steps, 0] if command == "h" else [0, *steps]
            command = "l"
        points = [step + here[k % 2] for k, step in enumerate(steps)]
        words += [command.upper() if points else "z", *map(_tenths, points)]
        here = (points[-2], points[-1]) if points else start
        if command == "m":
            start = here
    return " ".join(words)


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    """Each command with its coordinates, also where it is not written again."""
    command = ""
    numbers: list[float] = []
    for token in _TOKEN.findall(path):
        if token.isalpha():
            command = token
        else:
            numbers.append(float(token))
        if len(numbers) == _ARGUMENTS[command.lower()]:
            yield command, numbers
            numbers = []


def _tenths(number: int) -> str:
    """A number of tenths in decimals, without a zero before the point."""
    whole, tenth = divmod(abs(number), 10)
    digits = f"{whole or ''}.{tenth}" if tenth else str(whole)
    return f"-{digits}" if number < 0 else digits
