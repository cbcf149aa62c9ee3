"""Path data in few characters says what it said."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companions.outlines import lengthen, shorten

NUMBER = st.integers(-20_000, 20_000).map(lambda tenths: tenths / 10)


def points(count: int):
    return st.lists(NUMBER, min_size=2 * count, max_size=2 * count)


@st.composite
def paths(draw) -> list[tuple[str, list[float]]]:
    """Absolute path data as matplotlib writes it."""
    found = []
    for _ in range(draw(st.integers(1, 3))):
        found.append(("M", draw(points(1))))
        for command in draw(st.lists(st.sampled_from("LQC"), max_size=6)):
            found.append((command, draw(points({"L": 1, "Q": 2, "C": 3}[command]))))
        if draw(st.booleans()):
            found.append(("z", []))
    return found


def written(path) -> str:
    return " ".join(f"{command} {' '.join(map(str, numbers))}" for command, numbers in path)


def read(path: str) -> list[tuple[str, list[float]]]:
    """Absolute path data, every command written, as a reader of its own sees it."""
    return [
        (command, [float(n) for n in rest.split()])
        for command, rest in re.findall(r"([A-Za-z])([^A-Za-z]*)", path)
    ]


@given(paths())
def test_nothing_is_lost(path) -> None:
    assert read(lengthen(shorten(written(path)))) == path


@pytest.mark.parametrize(
    ("path", "short"),
    [
        ("M 10 20 L 10.5 20 L 10.5 19.5 L 11 20 z", "m10 20h.5v-.5l.5 .5z"),
        ("M 0 0 L 1 1 L 3 4", "m0 0l1 1 2 3"),
        ("M 1 1 L 2 2 z M 2 3 L 4 4", "m1 1l1 1zm1 2l2 1"),
        ("M 0.04 -0.04 L 1.26 0", "m0 0h1.3"),
    ],
)
def test_short_forms(path, short) -> None:
    assert shorten(path) == short


def test_other_units_are_whole() -> None:
    assert shorten("M 0 0 L 51.2 25.6", 25.6) == "m0 0l2 1"
