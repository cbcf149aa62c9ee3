"""The write-ups: all there, of a piece, and no number in them typed by hand."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RESEARCH = ROOT / "docs" / "research"
PAPERS = {
    "flow-matching": "benton2023error",
    "denoising-markov-models": "benton2022denoising",
    "vr-iwae": "daudel2022alpha",
    "capacity": "scherlis2022polysemanticity",
    "discrete-denoising": "campbell2022continuous",
}
#: The entries of the CV whose subject they are.
BACKGROUND = {
    "activated-random-walks": "mmath",
    "diffusion-theory": "dphil",
    "causal-scrubbing": "redwood",
    "heuristic-estimators": "arc",
    "environment-design": "chai",
    "intersection-numbers": "dpmms",
}
PAGES = [*PAPERS, *BACKGROUND]

FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
CODE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$]*\$", re.DOTALL)
MARKUP = re.compile(r"^:::.*$|^:\w+:.*$|^#+ ", re.MULTILINE)
ROLE = re.compile(r"\{[\w:]+\}`[^`]*`|`[^`]*`")
#: More digits than anyone would choose: what a computation gives.
COMPUTED = re.compile(r"\d+\.\d{2,}|\d+(?:\.\d+)? ?(?:×|%)")


def prose(page: str) -> str:
    """The words of a page without formulas, code and markup."""
    text = (RESEARCH / f"{page}.md").read_text(encoding="utf-8")
    for pattern in (FRONT, CODE, FORMULA, MARKUP, ROLE):
        text = pattern.sub(" ", text)
    return text


def test_there_are_no_others() -> None:
    """A page is in one of the lists above, and in the index."""
    found = {path.stem for path in RESEARCH.glob("*.md")} - {"index"}
    assert found == set(PAGES)
    index = (RESEARCH / "index.md").read_text(encoding="utf-8").split()
    # Once as a card and once in the table of contents.
    assert [sum(page in word for word in index) for page in PAGES] == [2] * len(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_length(page: str) -> None:
    """As long as a good article."""
    assert 700 <= len(prose(page).split()) <= 1900


@pytest.mark.parametrize("page", PAGES)
def test_parts(page: str) -> None:
    """What is computed, by which lines, how to do it again, whose work it is, and what to read."""
    text = (RESEARCH / f"{page}.md").read_text(encoding="utf-8")
    assert "{cv:computed}" in text
    assert "{cv:result}" in text
    assert "```{literalinclude} ../../src/companions/" in text
    assert ":pyobject:" in text
    assert f"-s research -- {page}" in text
    assert text.endswith("```{bibliography}\n:filter: docname in docnames\n```\n")
    assert f"{{cv:ref}}`{BACKGROUND.get(page, '')}" in text
    assert (f"\npublication: {PAPERS.get(page)}\n" in text) == (page in PAPERS)


@pytest.mark.parametrize("page", PAGES)
def test_no_number_is_typed(page: str) -> None:
    """Numbers that were computed come from the results, by name."""
    assert COMPUTED.findall(prose(page)) == []


def test_the_search_for_typed_numbers_finds_them() -> None:
    """Decimals, percentages and powers, but no years, versions of nothing and small integers."""
    assert COMPUTED.findall("it is 0.123 or 12 % or 3 × 10⁻⁵") == ["0.123", "12 %", "3 ×"]
    assert COMPUTED.findall("in 2022, with 0.5 of 3") == []
