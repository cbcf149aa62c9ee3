"""Where the options of an entry stand in its source."""

from __future__ import annotations

import pytest

from sphinx_cv.options import OptionBlock, swallows_option

MARKDOWN = """:::{cv:work} Engineer
:dates: 2020
:organization: Here

Built :things: there.
:::"""
RST = """.. cv:work:: Engineer

   :dates: 2020
   :organization: Here

   Built."""


@pytest.mark.parametrize(("text", "lines"), [(MARKDOWN, (1, 2)), (RST, (2, 3))])
def test_lines_of_options(text, lines):
    block = OptionBlock(text)
    assert (block.line("dates"), block.line("organization")) == lines
    assert block.line("url") == 0
    assert block.repeated == []
    assert block.continued is None


def test_an_option_given_twice():
    assert OptionBlock(":::{cv:work} X\n:url: a\n:dates: 1\n:url: b\n:::").repeated == ["url"]


@pytest.mark.parametrize(
    ("after", "last"), [("Other City", "location"), ("", None), (":::", None), ("---", None)]
)
def test_a_value_that_goes_on(after, last):
    assert OptionBlock(f":::{{cv:work}} X\n:location: Some\n{after}\nText").continued == last


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("private", True),
        (": private:", True),
        (":Private:", True),
        ("A private company.", False),
        (":::{note}\n:private:", False),
    ],
)
def test_lines_that_look_as_if_something_were_to_be_private(line, names):
    assert OptionBlock(f":::{{cv:work}} X\n:dates: 1\n\n{line}\n:::").names_private is names


@pytest.mark.parametrize(
    ("value", "swallows"), [("Here :url: x", True), ("Here: url", False), (":dates: 2020", True)]
)
def test_a_value_that_holds_another_option(value, swallows):
    assert swallows_option(value) is swallows
