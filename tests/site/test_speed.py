"""How pages come to be shown: what they wait for, and that nothing moves once it is there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Site
    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.once

FAR = "article .cv-far"
#: Adds up what browsers report as moved without the reader's doing.
SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


def test_scripts_wait_and_pages_say_what_they_are(site: Site, path: str) -> None:
    page = site.soup(path)
    scripts = page.select("script[src]")
    at_once = [each["src"] for each in scripts if not each.has_attr("defer")]
    # The theme must be known before anything is drawn.
    assert [source.split("/")[-1] for source in at_once] == ["sphinx-cv-theme.js"]
    # Those of every page; and of this one, of which the search has more.
    assert 2 <= len(scripts) <= 3 + 3 * (path == "search.html")
    assert len(page.select("link[rel=stylesheet]")) == 1
    [description] = page.select("meta[name=description]")
    assert description["content"].strip(" –")
    assert page.select("meta[name=robots]") == []


def test_fonts_that_pages_show_are_fetched_early_and_once(
    visit: Callable[..., Page], site: Site, path: str
) -> None:
    page = visit(path)
    preloaded = [link["href"].split("/")[-1] for link in site.soup(path).select("[rel=preload]")]
    text = [name.split("/")[-1] for name in site.settings["cv_preload_fonts"]]
    maths = ["mathematics.woff2"] if site.soup(path).select("math") else []
    assert sorted(preloaded) == sorted(text + maths)
    loaded = page.evaluate("performance.getEntriesByType('resource').map((each) => each.name)")
    for name in preloaded:
        # A second address, such as one with a version, would be a second download.
        assert len([address for address in loaded if name in address]) == 1


def own_typeface(page: Page) -> bool:
    """Whether the title is in the site's typeface."""
    client = page.context.new_cdp_session(page)
    client.send("DOM.enable")
    client.send("CSS.enable")
    root = client.send("DOM.getDocument")["root"]["nodeId"]
    query = {"nodeId": root, "selector": "article h1"}
    title = client.send("DOM.querySelector", query)["nodeId"]
    fonts = client.send("CSS.getPlatformFontsForNode", {"nodeId": title})["fonts"]
    # That of the sign of the permalink is another.
    return max(fonts, key=lambda each: each["glyphCount"])["isCustomFont"]


@pytest.mark.parametrize("width", [375, 768, 1280])
@pytest.mark.parametrize("most", [".cv-summary > li", "section.cv-entry", ".cv-publications > li"])
def test_text_stays_where_it_is_when_its_font_comes_late(
    browser: Browser, address: str, site: Site, most: str, width: int
) -> None:
    plain = site.with_most(most)
    page = browser.new_page(viewport={"width": width, "height": 800})
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/*.woff2", hold)
    page.add_init_script(SHIFTS)
    page.goto(address + plain, wait_until="domcontentloaded")
    page.locator("h1").wait_for()
    # With the typeface of the system; half a second later, the page's own are there.
    page.wait_for_timeout(500)
    assert len(held) >= len(site.settings["cv_preload_fonts"])
    with page.expect_event("requestfinished", lambda request: request.url.endswith(".woff2")):
        for route in held:
            route.continue_()
        page.unroute("**/*.woff2")
    page.evaluate("document.fonts.ready.then(() => null)")
    page.wait_for_timeout(300)
    assert page.evaluate("window.shifted") < 0.01
    # The next page has them from the start, or one soon after where the machine is busy.
    assert any(page.reload() and own_typeface(page) for _ in range(10))
    page.close()


#: Beneath the bar at the top of a small screen.
IN_PLACE = """(id) => {
    const { top } = document.getElementById(id).getBoundingClientRect();
    return 0 <= top && top < 100;
}"""
WAITING = f"""[...document.querySelectorAll("{FAR} > *")]
    .filter((each) => !each.checkVisibility({{ contentVisibilityAuto: true }})).length"""


@pytest.fixture
def longest(site: Site) -> str:
    """The page where most is far from its top."""
    return site.with_most(FAR)


def test_files_without_a_server_have_the_typeface(
    browser: Browser, site: Site, longest: str
) -> None:
    page = browser.new_page()
    page.goto((site.html / longest).as_uri())
    page.evaluate("document.fonts.ready.then(() => null)")
    page.wait_for_timeout(300)
    assert own_typeface(page)
    page.close()


def test_nothing_waits_where_a_mouse_points(visit: Callable[..., Page], longest: str) -> None:
    assert visit(longest, width=375).evaluate(WAITING) == 0


@pytest.mark.parametrize("width", [375, 1280])
def test_what_is_far_waits_but_can_be_found(
    visit: Callable[..., Page], longest: str, width: int
) -> None:
    page = visit(longest, width=width, touch=True)
    assert page.evaluate(WAITING) > page.locator(f"{FAR} > *").count() / 2
    last = page.locator("article .cv-far").last
    # The keyboard, assistive technology and the reader's own search reach it all the same.
    words = re.findall(r"[A-Za-z]{4,}", last.text_content() or "")
    assert page.evaluate("word => window.find(word)", max(words, key=len))
    last.scroll_into_view_if_needed()
    page.evaluate("new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))")
    assert last.evaluate("each => each.checkVisibility({ contentVisibilityAuto: true })")


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("clicked", [True, False])
def test_links_lead_to_what_is_far(
    visit: Callable[..., Page], site: Site, longest: str, width: int, clicked: bool
) -> None:
    targets = [
        each["id"] for each in site.soup(longest).select("section > section:has(> .cv-far)[id]")
    ]
    for target in {targets[0], targets[len(targets) // 2]}:
        page = visit(longest if clicked else f"{longest}#{target}", width=width, touch=True)
        if clicked:
            page.locator(f".toc-tree a[href='#{target}']").evaluate("link => link.click()")
        page.wait_for_function(IN_PLACE, arg=target)
        page.wait_for_timeout(300)
        assert page.evaluate(IN_PLACE, target), f"{target} has moved away"


def test_what_comes_next_is_laid_out_once_the_page_is_there(
    visit: Callable[..., Page], longest: str
) -> None:
    """A quick finger would see it empty."""
    page = visit(longest, width=375, touch=True)
    page.wait_for_selector("html.cv-ahead", state="attached")
    shown = page.evaluate(
        """[...document.querySelectorAll(".cv-far .cv-far")].map((each) => [
          getComputedStyle(each).contentVisibility === "visible",
          each.parentElement.closest(".cv-far").getBoundingClientRect().top < 2.5 * innerHeight,
        ])"""
    )
    assert [True, True] in shown
    assert [False, False] in shown
    assert [False, True] not in shown


def test_a_long_page_is_printed_whole(visit: Callable[..., Page], longest: str) -> None:
    page = visit(longest, touch=True)
    page.emulate_media(media="print")
    assert page.evaluate(
        """[...document.querySelectorAll(".cv-far")]
        .every((each) => getComputedStyle(each).contentVisibility === "visible")"""
    )


def test_closed_drawers_are_not_laid_out(visit: Callable[..., Page]) -> None:
    page = visit("index.html", width=375)
    laid = "each => each.checkVisibility({ contentVisibilityAuto: true })"
    link = page.locator(".sidebar-tree a").first
    assert not link.evaluate(laid)
    # No other way keeps Chromium from laying out what holds a field that it might fill in.
    shown = "each => getComputedStyle(each).display"
    assert {each.evaluate(shown) for each in page.locator("aside").all()} == {"none"}
    page.locator("label.nav-overlay-icon").click()
    assert link.evaluate(laid)
    page.set_viewport_size({"width": 1280, "height": 800})
    assert link.evaluate(laid)
