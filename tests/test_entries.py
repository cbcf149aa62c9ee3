"""The fields of entries."""

import re

import pytest

from sphinx_cv.entries import (
    Profile,
    parse_email,
    parse_list,
    parse_orcid,
    parse_profiles,
    parse_url,
    suggestion,
)


def test_values_that_are_right() -> None:
    assert parse_list("a, b\nc d") == ("a", "b", "c d")
    assert parse_url("https://example.org/x?y=1#z") == "https://example.org/x?y=1#z"
    assert parse_email("ada.l@maths.example.org") == "ada.l@maths.example.org"
    assert parse_orcid("https://orcid.org/0000-0002-1825-0097") == "0000-0002-1825-0097"
    assert parse_orcid("0000-0002-1694-233x") == "0000-0002-1694-233X"
    assert parse_profiles("GitHub https://github.com/ada, My page https://ada.example.org") == (
        Profile("GitHub", "https://github.com/ada"),
        Profile("My page", "https://ada.example.org"),
    )


@pytest.mark.parametrize(
    ("parse", "value"),
    [
        (parse_url, "example.org"),
        (parse_url, "ftp://example.org"),
        (parse_url, "https://exa mple.org"),
        (parse_email, "ada@example"),
        (parse_email, "ada at example.org"),
        (parse_orcid, "0000-0002-1825-0098"),
        (parse_orcid, "0000-0002-1825"),
        (parse_profiles, "https://github.com/ada"),
        (parse_profiles, "GitHub ada"),
    ],
)
def test_values_that_are_wrong_are_named_with_an_example(parse, value) -> None:
    with pytest.raises(ValueError, match="write for example") as caught:
        parse(value)
    assert re.search(r"'[^']+' (is not|needs)", str(caught.value))


def test_orcid_notices_every_wrong_digit() -> None:
    right = "0000-0002-1825-0097"
    for place, digit in enumerate(right):
        for other in "0123456789":
            if digit not in {"-", other}:
                with pytest.raises(ValueError, match="not an ORCID"):
                    parse_orcid(right[:place] + other + right[place + 1 :])


def test_suggestions() -> None:
    assert suggestion("organisation", ["organization", "dates"]) == (
        "; did you mean 'organization'?"
    )
    assert suggestion("xyz", ["b", "a"]) == "; known are a, b"
    assert suggestion("xyz", []) == "; there are none"
