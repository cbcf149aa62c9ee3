"""Where mistakes stand in a file."""

from __future__ import annotations

import pytest

from sphinx_cv.mathematics.locating import Place, excerpt, locate


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
