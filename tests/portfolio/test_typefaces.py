"""The typeface of the site: a family for every page, and one for what few pages need."""

import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

STATIC = Path(__file__).parents[2] / "docs" / "_static"
SHEET = (STATIC / "portfolio.css").read_text(encoding="utf-8")
FACES = [
    (match[1], match[2], match[3] or "")
    for match in re.finditer(
        r'@font-face \{\s*font-family: "([^"]*)";[^}]*?url\("([^"]*)"\)[^}]*?'
        r"(?:unicode-range: ([^;]*);\s*)?\}",
        SHEET,
    )
]


def characters(name: str) -> set[int]:
    return set(TTFont(STATIC / name).getBestCmap())


def test_the_family_of_every_page_is_not_told_apart_by_characters(site) -> None:
    """It would have Chromium look for typefaces of the system, too, for every size of text."""
    early = site.settings["cv_preload_fonts"]
    assert len(early) == 3
    families = {family for family, name, _ in FACES if name in early}
    assert len(families) == 1
    assert [(name, shown) for family, name, shown in FACES if family in families] == [
        (name, "") for name in early
    ]
    for name in early:
        # Names of colleagues; and the sign of permalinks, which is on every page.
        assert set(map(ord, "aZ09éöñ—’“¶−×²")) <= characters(name)
    [upright] = [name for name in early if "400-normal" in name]
    # Powers of ten.
    assert set(map(ord, "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")) <= characters(upright)


@pytest.mark.parametrize("style", ["400-normal", "400-italic", "600-normal"])
def test_more_is_fetched_for_what_the_first_does_not_have(style: str) -> None:
    first, more = (
        f"fonts/libertinus-serif-{style}.woff2",
        f"fonts/libertinus-serif-more-{style}.woff2",
    )
    [shown] = [shown for _, name, shown in FACES if name == more]
    fetched: set[int] = set()
    for part in shown.split(", "):
        begin, _, end = part.removeprefix("U+").partition("-")
        fetched.update(range(int(begin, 16), int(end or begin, 16) + 1))
    assert characters(more) - characters(first) <= fetched
    assert not characters(first) & fetched


@pytest.mark.once
def test_the_first_screen_of_a_phone_waits_for_no_typeface_of_the_system(browser, site) -> None:
    """The line that leads to the other pages is in one; write-ups have none."""
    page = browser.new_page(viewport={"width": 375, "height": 800}, has_touch=True)
    for path in (each for each in site.pages if each.startswith("research/")):
        page.goto((site.html / path).as_uri())
        shown = page.evaluate(
            """() => {
              const probe = document.body.appendChild(document.createElement("i"));
              probe.style.fontFamily = "var(--font-stack)";
              const system = getComputedStyle(probe).fontFamily;
              probe.remove();
              return [...document.querySelectorAll("body, body *")]
                .filter((each) => each.checkVisibility({ contentVisibilityAuto: true }))
                .filter((each) => each.getBoundingClientRect().top < innerHeight)
                .filter((each) => getComputedStyle(each).fontFamily === system)
                .map((each) => each.outerHTML.slice(0, 80));
            }"""
        )
        assert shown == [], path
    page.close()
