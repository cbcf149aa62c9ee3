"""Every page in a browser: under the policy, for everyone, on any screen."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Site
    from playwright.sync_api import Page

pytestmark = pytest.mark.once

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: All that the theme makes a difference to.
COLOURS = ["color-contrast", "link-in-text-block"]
#: All that the width makes a difference to.
SIZES = ["target-size", "scrollable-region-focusable"]
DRAWERS = {"__navigation": ".sidebar-drawer", "__toc": ".toc-drawer"}


#: Each letter of a formula would be looked at, though all have the colour of the formula.
AXE = """([within, runOnly]) => {
    const letters = document.querySelector("[mathcolor]") ? [] : [["math :is(mi, mn, mo)"]];
    const context = { include: [[within]], exclude: letters };
    return axe.run(context, { runOnly, resultTypes: ["violations"] });
}"""


def violations(page: Page, state: str, rules: list[str], within: str = "html") -> list[str]:
    """What axe finds wrong."""
    results = page.evaluate(AXE, [within, rules])
    if rules is TAGS and within == "html":
        run = {result["id"] for result in results["passes"] + results["violations"]}
        assert {"color-contrast", "target-size", "region"} <= run
    return [
        f"{state}: {result['id']}: {node['target']} {node['failureSummary']}"
        for result in results["violations"]
        for node in result["nodes"]
        # The boxes have to stand before all that they open and close.
        if not (result["id"] == "region" and node["target"][0].lstrip("#") in DRAWERS)
    ]


def test_axe_finds_nothing(visit: Callable[..., Page], path: str) -> None:
    """In both themes, at both widths, with the drawers closed and open, and all else open."""
    page = visit(path)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    page.evaluate(AXE_SCRIPT)
    found = violations(page, "light, 1280 px", TAGS)
    page.set_viewport_size({"width": 375, "height": 800})
    found += violations(page, "light, 375 px", SIZES)
    page.emulate_media(color_scheme="dark")
    found += violations(page, "dark, 375 px", COLOURS)
    # axe would look at all that is behind a drawer, too, to find nothing there that covers it.
    page.evaluate("document.querySelector('article').replaceChildren()")
    for scheme, rules in (("dark", COLOURS), ("light", TAGS)):
        page.emulate_media(color_scheme=scheme)
        for toggle, drawer in DRAWERS.items():
            if page.locator(drawer).locator("a").count():
                page.locator(f"label[for={toggle}]:visible").first.click()
                assert page.locator(drawer).is_visible()
                found += violations(page, f"{scheme}, {drawer}", rules, drawer)
                page.keyboard.press("Escape")
                assert not page.locator(drawer).is_visible()
    assert found == []


#: Bytes of a page with all that it loads, compressed as hosts do.
WEIGHT = 150_000


def test_is_light(visit: Callable[..., Page], site: Site, path: str) -> None:
    """Figures, typefaces and scripts included."""
    page = visit(path)
    # What figures that move load when they are near, too.
    for player in page.locator(".cv-player").all():
        player.scroll_into_view_if_needed()
    expect(page.locator("script[data-changes]")).to_have_count(0)
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    loaded = page.evaluate("performance.getEntriesByType('resource').map((each) => each.name)")
    names = {urlsplit(name).path.lstrip("/") for name in loaded} | {path}
    weights = {
        name: len(data if name.endswith("woff2") else gzip.compress(data))
        for name in names
        if (data := (site.html / name).read_bytes())
    }
    assert len(weights) > 3
    assert sum(weights.values()) <= WEIGHT, sorted(weights.items(), key=lambda each: -each[1])[:6]


def test_fits_small_screens(visit: Callable[..., Page], path: str) -> None:
    page = visit(path, width=375)
    for width in (375, 320):
        page.set_viewport_size({"width": width, "height": 800})
        # furo lets its column scroll by itself, so the document's own width is not enough.
        wide = page.evaluate(
            """[...document.querySelectorAll("html, .content, article, section")]
            .filter((element) => element.scrollWidth > element.clientWidth)
            .map((element) => `${element.tagName}.${element.className} ${element.scrollWidth}`)"""
        )
        assert wide == [], f"at {width} px"


def test_reads_without_script(visit: Callable[..., Page], site: Site, path: str) -> None:
    page = visit(path, width=375, scheme="dark", script=False)
    written = site.soup(path).select_one("article")
    for unseen in written.select(".cv-timeline-wide, .cv-separator, .headerlink, aside"):
        unseen.decompose()
    squeeze = lambda text: re.sub(r"\s", "", text)  # noqa: E731
    shown = squeeze(page.locator("article").text_content() or "")
    assert page.locator("article").is_visible()
    for line in written.stripped_strings:
        assert squeeze(line) in shown
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 23, 26)"
    # The drawer opens by the checkbox behind its button.
    link = page.locator(".sidebar-tree a:not([href='#'])").first
    name = link.text_content()
    assert not link.is_visible()
    page.locator("label.nav-overlay-icon").click()
    link.click()
    page.wait_for_url(lambda url: not url.endswith(path))
    assert page.locator("h1").first.inner_text() == name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_timeline_contrast(visit: Callable[..., Page], site: Site, scheme: str) -> None:
    """axe passes over SVG: its text needs 4.5 to 1, its marks 3 to 1."""
    page = visit(site.with_most(".cv-timeline-wide"), scheme=scheme)
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    for selector, least in {"text, tspan": 4.5, ".cv-bar, .cv-mark": 3}.items():
        fills = (
            page.locator(".cv-timeline-wide")
            .locator(selector)
            .evaluate_all("elements => elements.map((element) => getComputedStyle(element).fill)")
        )
        assert fills
        for fill in set(fills):
            assert contrast(fill, background) >= least, (selector, fill)


def contrast(one: str, other: str) -> float:
    """The contrast of two `rgb(…)` colours, as WCAG 2 defines it."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
