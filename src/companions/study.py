"""What a page shows of its companion: the one interface between computations and write-ups.

A page ``docs/research/some-topic.md`` has a module ``companions/pages/some_topic.py`` with

- ``compute()``, which returns the data, all that takes time;
- ``results(data)``, the numbers that the prose names: a dict of `Result` by name;
- functions of the data that return a matplotlib figure, marked by `figure` or `moving`.

That is all a new companion needs; ``nox -s research`` finds it, runs it and writes what it shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.figure import Figure

#: What ``compute`` returns: of any shape, known to its own module alone.
Data: TypeAlias = Any

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_POWER = re.compile(r"e([+-]\d+)$")


@dataclass(frozen=True)
class Result:
    """A number as it was computed, and as the prose writes it."""

    value: float
    text: str
    #: How far another machine's value may be from this one (absolute).
    tolerance: float


def number(value: float, form: str = ".3g", tolerance: float | None = None) -> Result:
    """A result written by a format specification; by default right to a rounding error's thousand.

    Text is typographic: a true minus sign, powers of ten as 3.1 × 10⁻⁵.
    """
    value = float(value)
    text = format(int(value) if form.endswith("d") else value, form)
    text = _POWER.sub(lambda m: f" × 10{str(int(m[1])).translate(_SUPERSCRIPT)}", text)
    allowed = 1e-9 * max(1.0, abs(value)) if tolerance is None else tolerance
    return Result(value, text.replace("-", "−"), allowed)


def at_most(value: float, power: int) -> Result:
    """The claim that an error is no larger than a power of ten, written 10⁻¹²; raises if it is."""
    if not abs(value) <= 10.0**power:
        raise ValueError(f"expected at most 1e{power}, got {value}")
    return Result(10.0**power, f"10{str(power).translate(_SUPERSCRIPT)}", 0.0)


@dataclass(frozen=True)
class Picture:
    """A figure of a page: how to draw it, and what it is in words."""

    draw: Callable[..., Figure]
    title: str
    #: What one sees, for those who do not; may be a function of the data.
    description: str | Callable[[Data], str]

    def describe(self, data: Data) -> str:
        """The description with the data's numbers in it."""
        return self.description if isinstance(self.description, str) else self.description(data)


@dataclass(frozen=True)
class MovingPicture(Picture):
    """A figure with a slider: ``draw(data, k)`` draws frame k, all of the same elements."""

    #: What the slider changes, and the labels of its frames.
    label: str
    frames: Callable[[Data], Sequence[str]]
    #: The frame shown first, and the only one in print.
    still: int


def figure(
    title: str, description: str | Callable[[Data], str]
) -> Callable[[Callable[[Data], Figure]], Picture]:
    """Mark ``draw(data)`` as a figure of the page, by the function's name."""
    return lambda draw: Picture(draw, title, description)


def moving(
    title: str,
    description: str | Callable[[Data], str],
    *,
    label: str,
    frames: Callable[[Data], Sequence[str]],
    still: int,
) -> Callable[[Callable[[Data, int], Figure]], MovingPicture]:
    """Mark ``draw(data, k)`` as a figure of the page that moves, by the function's name."""
    return lambda draw: MovingPicture(draw, title, description, label, frames, still)


class Study(Protocol):
    """A module of `companions.pages`."""

    def compute(self) -> Data:
        """All that takes time."""

    def results(self, data: Data) -> dict[str, Result]:
        """The numbers that the prose names."""


def pictures(study: Study) -> dict[str, Picture]:
    """The figures of a page by name, in the order of its module."""
    found = {name: value for name, value in vars(study).items() if isinstance(value, Picture)}
    return {name.strip("_").replace("_", "-"): picture for name, picture in found.items()}
