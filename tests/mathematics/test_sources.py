"""Where mistakes stand in a file, and what a file opens without closing."""

from __future__ import annotations

import pytest

from sphinx_cv.mathematics.locating import Place, excerpt, locate
from sphinx_cv.mathematics.unclosed import Unclosed, unclosed


@pytest.mark.parametrize(
    ("source", "near", "tex", "offset", "place"),
    [
        ("one\ntwo $a + \\foo$", 1, "a + \\foo", 4, Place(2, 10)),
        ("$x$ and $x$", 1, "x", 0, Place(1, 2)),
        ("```{math}\na\n  b \\foo\n```", 1, "a\nb \\foo", 4, Place(3, 5)),
        ("> $$\n> a \\foo\n> $$", 1, "a \\foo", 2, Place(2, 5)),
        ("$$\n a \\foo\n$$", 1, "   a \\foo", 5, Place(2, 4)),
        ("nothing", 1, "a", 0, None),
        ("a\na", 2, "a", 0, Place(2, 1)),
    ],
)
def test_locate(source, near, tex, offset, place):
    assert locate(source, near, tex, offset) == place


def test_an_excerpt_is_short_and_around_the_mistake():
    tex = "a" * 60 + r"\foo" + "b" * 60
    assert excerpt(tex, 60) == "…" + "a" * 24 + r"\foo" + "b" * 20 + "…"
    assert excerpt("one\ntwo", 5) == "two"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("$$\na\n$$", []),
        ("$$ a $$", []),
        ("$$ a $$ (label)", []),
        ("$$\na\n$$ (label)", []),
        ("text\n\n$$\na + b\n\ntext", [Unclosed(3, "$$")]),
        ("$$ a\n\ntext", [Unclosed(1, "$$")]),
        ("- item\n\n  $$\n  a\n", [Unclosed(3, "$$")]),
        ("$$ a $$ in a line", []),
        ("```\n$$\n```", []),
        ("````\n```\n````", []),
        ("```{math}\na", [Unclosed(1, "```{math}")]),
        ("~~~\na\n```", [Unclosed(1, "~~~")]),
        (":::{note}\n```{math}\na\n:::", [Unclosed(2, "```{math}")]),
        (":::{note}\n$$\na\n:::", [Unclosed(2, "$$")]),
        (":::{note}\ntext", [Unclosed(1, ":::{note}")]),
        ("::::{a}\n:::{b}\n:::\n::::", []),
        ("```{math}\na $$ b\n```", []),
        ("``` not a fence ```\ntext", []),
        ("- ```\n  code\n  ```", []),
    ],
)
def test_unclosed(source, found):
    assert unclosed(source) == found


def test_colons_mean_nothing_without_their_extension():
    assert unclosed(":::{note}\ntext", colons=False) == []
