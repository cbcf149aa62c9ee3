"""The keyboard, the theme, the search and the page for what is not there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Site
    from playwright.sync_api import Page, Request

pytestmark = pytest.mark.once

#: A name for an element that a reader of a failure recognises.
NAME = """(element) => element.id || element.name || element.getAttribute("href")
  || element.className || element.getAttribute("aria-label")"""
#: Every control that is shown, in a drawer that is open or in the page.
CONTROLS = f"""[...document.querySelectorAll(
  "a[href], button, summary, input:not([type=hidden])")]
  .filter((element) => element.checkVisibility({{ visibilityProperty: true }})).map({NAME})"""
#: Whether the focused element, or what stands for it, is marked and in sight.
FOCUS = """() => {
  const element = document.activeElement;
  const sign = element.matches(".sidebar-toggle")
    ? [...document.querySelectorAll(`.page label[for=${element.id}]`)]
        .find((label) => label.checkVisibility())
    : element.querySelector(".cv-hit") ?? element;
  const style = getComputedStyle(sign);
  const box = sign.getBoundingClientRect();
  const marked = style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2
    || sign.matches(".cv-hit") && parseFloat(style.strokeWidth) >= 2 && style.stroke !== "none";
  return marked && box.width > 0 && box.bottom > 0 && box.top < innerHeight
    && box.right > 0 && box.left < innerWidth;
}"""


def walk(page: Page) -> list[str]:
    """Go through the whole page by the Tab key; each stop must be visible."""
    stops = []
    while True:
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            return stops
        stops.append(page.evaluate(f"({NAME})(document.activeElement)"))
        assert page.evaluate(FOCUS), f"the focus on {stops[-1]} cannot be seen"
        assert len(stops) < 200


@pytest.mark.parametrize("most", [".cv-summary li", ".cv-publications .cv-disclosure"])
@pytest.mark.parametrize("width", [1280, 375])
def test_tab_reaches_everything(
    visit: Callable[..., Page], site: Site, most: str, width: int
) -> None:
    name = site.with_most(most)
    page = visit(name, width=width)
    # Before scrolling, which shows the way back to the top.
    controls = page.evaluate(CONTROLS)
    stops = walk(page)
    # A stop is missing only where the browser has it by itself, as for what is scrolled.
    assert sorted(controls) == sorted(stops)
    assert stops[0] == "#furo-main-content"
    assert "theme-toggle" in stops
    soup = site.soup(name)
    sidebar = {"q", *(link["href"] for link in soup.select(".toctree-l1 > a"))}
    assert sidebar <= set(stops) if width == 1280 else "q" not in stops
    assert ("__navigation" in stops) == (width == 375)
    assert ("__toc" in stops) == bool(soup.select(".toc-tree a"))
    assert {link["href"] for link in soup.select(".cv-summary a")} <= set(stops)


def test_skip_link(visit: Callable[..., Page]) -> None:
    page = visit("index.html")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('article') !== null")


@pytest.mark.parametrize("key", ["Enter", "Space"])
@pytest.mark.parametrize(
    ("toggle", "drawer"), [("__navigation", ".sidebar-drawer"), ("__toc", ".toc-drawer")]
)
def test_drawers(visit: Callable[..., Page], toggle: str, drawer: str, key: str) -> None:
    page = visit("index.html", width=375)
    checkbox, panel = page.locator(f"#{toggle}"), page.locator(drawer)
    expect(panel).not_to_be_visible()
    assert all(not link.is_visible() for link in panel.locator("a, input").all())
    checkbox.focus()
    # Programmatic focus shows as the keyboard's only once a key was pressed.
    page.keyboard.press("Shift")
    page.keyboard.press(key)
    expect(panel.locator("a:visible, input:visible").first).to_be_focused()
    expect(panel).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(panel).not_to_be_visible()
    expect(checkbox).to_be_focused()
    # Going on past its last link closes it, too, as the page behind it is dimmed.
    page.keyboard.press(key)
    expect(panel.locator("a:visible, input:visible").first).to_be_focused()
    panel.locator("a:visible").last.focus()
    page.keyboard.press("Tab")
    if page.evaluate("document.activeElement !== document.body"):
        expect(panel).not_to_be_visible()


def test_following_a_link_closes_the_drawer(visit: Callable[..., Page], site: Site) -> None:
    page = visit(site.with_most(".toc-tree a"), width=375)
    page.locator("label.toc-header-icon").click()
    link = page.locator(".toc-drawer a:visible").last
    heading = page.locator(f"{link.get_attribute('href')} > :is(h2, h3)")
    link.click()
    expect(page.locator(".toc-drawer")).not_to_be_visible()
    expect(heading).to_be_in_viewport()


def follow(page: Page) -> None:
    """Go to another page by the sidebar."""
    before = page.url
    page.locator(".toctree-l1 > a.internal:not(.current)").first.click()
    page.wait_for_url(lambda url: url != before)


def background(page: Page) -> str:
    return page.evaluate("getComputedStyle(document.querySelector('.main')).color")


def test_theme(visit: Callable[..., Page]) -> None:
    """The button goes through the themes, says which it is, and the choice lasts."""
    page = visit("index.html")
    button = page.get_by_role("button", name="Color theme: auto")
    light = background(page)
    button.press("Enter")
    expect(page.get_by_role("button", name="Color theme: dark")).to_be_visible()
    dark = background(page)
    assert dark != light
    # The theme is there before the first text is, or the page would flash.
    page.add_init_script(
        """new MutationObserver((_, observer) => {
          if (!document.querySelector("article")) return;
          observer.disconnect();
          window.themeAtFirst = document.body.dataset.theme;
        }).observe(document, { childList: true, subtree: true });"""
    )
    follow(page)
    assert page.evaluate("window.themeAtFirst") == "dark"
    assert background(page) == dark
    page.get_by_role("button", name="Color theme: dark").click()
    assert background(page) == light
    page.emulate_media(color_scheme="dark")
    assert background(page) == light, "a theme that was chosen does not follow the system's"


@pytest.mark.parametrize("script", [True, False])
def test_theme_follows_the_system(visit: Callable[..., Page], script: bool) -> None:
    page = visit("index.html", script=script)
    light = background(page)
    page.emulate_media(color_scheme="dark")
    assert background(page) != light
    assert page.get_by_role("button", name="theme").count() == script


def test_search(visit: Callable[..., Page], site: Site) -> None:
    name = site.with_most("section.cv-entry")
    entry = site.soup(name).select_one("section.cv-entry")
    words = re.findall(r"[A-Za-z]+", entry.select_one("h2, h3").get_text())
    page = visit("index.html")
    fetched: set[Request] = set()
    page.on("request", lambda request: fetched.add(request))
    page.on("requestfinished", lambda request: fetched.discard(request))
    page.get_by_label("Search", exact=True).fill(max(words, key=len))
    page.keyboard.press("Enter")
    result = page.locator(f"#search-results a[href*='#{entry['id']}']").first
    expect(result).to_be_visible()
    # The pages that were found are fetched for an excerpt; leaving would break that off.
    count = 0
    while fetched or count != (count := page.locator("#search-results li").count()):
        page.wait_for_timeout(500)
    result.click()
    page.wait_for_url(f"**/{name}*#{entry['id']}")
    expect(page.locator(f"#{entry['id']}")).to_be_in_viewport()


def test_search_without_script(visit: Callable[..., Page]) -> None:
    assert not visit("index.html", script=False).get_by_label("Search", exact=True).is_visible()
    assert visit("search.html", script=False).locator("noscript .admonition").is_visible()


def test_missing_page(visit: Callable[..., Page]) -> None:
    """It is the same at any depth: with its style, its script and working links."""
    page = visit("cv/no/such/page.html", status=404)
    expect(page.locator("h1")).to_contain_text("Page not found")
    expect(page.get_by_role("button", name="Color theme: auto")).to_be_visible()
    follow(page)
    expect(page.locator("h1")).not_to_contain_text("Page not found")


def test_a_bibtex_entry_opens_by_the_keyboard_and_is_selected_by_one_click(
    visit: Callable[..., Page], site: Site
) -> None:
    """Both without a script."""
    page = visit(site.with_most(".cv-publications .cv-disclosure"), script=False)
    entry = page.locator(".cv-disclosure").first
    block = entry.locator("pre")
    expect(block).not_to_be_visible()
    entry.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(block).to_be_visible()
    block.click()
    assert page.evaluate("getSelection().toString()").strip() == block.inner_text().strip()
