"""What is far down a page is marked, for browsers to lay out when it comes near."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from docutils import nodes
from docutils.utils import new_document

from sphinx_cv.far import far
from sphinx_cv.publications.resources import disclosure

if TYPE_CHECKING:
    from collections.abc import Callable

    from bs4 import BeautifulSoup
    from conftest import Project

PARAGRAPH = "word " * 100 + "\n\n"
FLOATING = [
    "```{figure} a.svg\n:align: right\n:alt: A\n```\n\n",
    "```{sidebar} Side\nText\n```\n\n",
]
ENTRIES = "".join(
    f":::{{cv:work}} Work {n}\n:organization: House\n:dates: 2020\n\n{PARAGRAPH}:::\n\n"
    for n in range(12)
)


@pytest.fixture
def shown(project: Callable[..., Project]) -> Callable[[str], BeautifulSoup]:
    """A page of some text, built without a warning."""

    def show(text: str) -> BeautifulSoup:
        svg = '<svg xmlns="http://www.w3.org/2000/svg"/>'
        files = {"index.md": f"# Title\n\n{text}", "a.svg": svg}
        built = project(files).build(myst_enable_extensions=["dollarmath", "colon_fence"])
        assert built.warnings == []
        return built.soup()

    return show


def test_what_follows_the_first_screen(shown: Callable[[str], BeautifulSoup]) -> None:
    page = shown(f"{PARAGRAPH * 8}## Far\n\n{PARAGRAPH}- item\n\n$$x$$\n\n| a |\n| - |\n| b |\n")
    paragraphs = page.select(":is(section, .cv-far-rest) > p")
    places = ["cv-far" in each.get("class", []) for each in paragraphs]
    # From some paragraph on; neither headings nor what gives way to no guess.
    assert places == [False] * 3 + [True] * 6
    # A section waits, and in it again what it holds.
    assert "cv-far" in page.select_one("#far")["class"]
    assert [each.name for each in page.select("#far > .cv-far")] == ["p", "ul", "div"]
    assert page.select(":is(h1, h2, table).cv-far, section:not(#far).cv-far") == []


def test_what_begins_in_a_section_of_the_first_screen_waits_together(
    shown: Callable[[str], BeautifulSoup],
) -> None:
    display = "$$x$$\n\n"
    page = shown(f"{PARAGRAPH * 3}{display}{PARAGRAPH * 2}{display}## Far\n\n{PARAGRAPH * 2}")
    # From a paragraph on, up to the next section, which is a box by itself.
    [rest] = page.select(".cv-far-rest")
    assert [each.name for each in rest.select(":scope > .cv-far")] == ["p", "p", "div"]
    assert {"math", "cv-far"} <= set(rest.find_previous_sibling()["class"])
    assert rest.find_next_sibling()["id"] == "far"
    assert "cv-far-64" in rest["class"]


@pytest.mark.parametrize(
    "text", [PARAGRAPH * 4, f"<div>\n\n{PARAGRAPH * 8}</div>\n\n", f"{PARAGRAPH * 4}<hr>\n\n"]
)
def test_one_block_waits_by_itself_and_what_tags_enclose_in_place(
    shown: Callable[[str], BeautifulSoup], text: str
) -> None:
    page = shown(text)
    assert page.select("p.cv-far")
    assert page.select(".cv-far-rest") == []


def rooms(page: BeautifulSoup, selector: str) -> list[int]:
    """The room that is kept for what waits, in rem, where it was asked for."""
    each = [found["class"] for found in page.select(f"{selector}.cv-far")]
    assert len(each) > 0
    return [int(name.removeprefix("cv-far-")) for names in each for name in names if "far-" in name]


def test_what_waits_keeps_room_for_itself(shown: Callable[[str], BeautifulSoup]) -> None:
    picture = "```{figure} a.svg\n:alt: A\n\nShort\n```\n\n"
    section = f"## Far\n\n{picture}{'word ' * 20}\n\n{'word ' * 1000}\n\n{PARAGRAPH * 100}"
    page = shown(f"{PARAGRAPH * 8}{section}")
    assert rooms(page, "#far > figure") == [32]
    assert rooms(page, "#far > p")[:3] == [4, 256, 16]
    # The markup of a picture is nothing to read.
    drawing = f"```{{raw}} html\n<svg>{'<g></g>' * 5000}</svg>\n```\n"
    assert rooms(shown(f"{PARAGRAPH * 8}## Far\n\n{drawing}"), "section") == [32]
    # The style sheet knows no more.
    assert rooms(page, "section") == [512]


def test_what_is_closed_takes_no_room() -> None:
    def marked(*above: nodes.Element) -> list[int]:
        document = new_document("page")
        paragraphs = [nodes.paragraph("", PARAGRAPH) for _ in range(8)]
        document += [nodes.container("", nodes.paragraph("", "Links"), *above), *paragraphs]
        return [document.index(block) for block in far(document)]

    bibtex = nodes.literal_block("", PARAGRAPH)
    assert marked(bibtex) < marked(disclosure("", bibtex.deepcopy())) == marked()


@pytest.mark.parametrize("text", [PARAGRAPH * 3, ENTRIES])
def test_short_pages_and_entries_are_left_alone(
    shown: Callable[[str], BeautifulSoup], text: str
) -> None:
    assert shown(text).select(".cv-far") == []


@pytest.mark.parametrize("floating", FLOATING)
def test_text_flows_round_what_floats(shown: Callable[[str], BeautifulSoup], floating: str) -> None:
    """As a box by itself it would stand beside it or below."""
    still = floating.replace(":align: right\n", "").replace("{sidebar}", "{admonition}")
    assert len(shown(still + PARAGRAPH * 12).select(".cv-far")) > 3
    assert shown(floating + PARAGRAPH * 12).select(".cv-far") == []


def test_other_outputs_know_nothing_of_it(project: Callable[..., Project]) -> None:
    built = project({"index.md": f"# Title\n\n{PARAGRAPH * 12}"}).build("xml")
    assert "cv-far" not in (built.app.outdir / "index.xml").read_text(encoding="utf-8")
