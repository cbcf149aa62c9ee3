"""The keyboard, the theme, the search and the page for what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

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


@pytest.mark.parametrize("name", ["index.html", "cv/publications.html"])
@pytest.mark.parametrize("width", [1280, 375])
def test_tab_reaches_everything(visit: Callable[..., Page], name: str, width: int) -> None:
    page = visit(name, width=width)
    stops = walk(page)
    # A stop is missing only where the browser has it by itself, as for what is scrolled.
    assert sorted(page.evaluate(CONTROLS)) == sorted(stops)
    assert stops[0] == "#furo-main-content"
    assert "theme-toggle" in stops
    sidebar = {"q", "awards.html" if name.startswith("cv/") else "cv/awards.html"}
    assert sidebar <= set(stops) if width == 1280 else "q" not in stops
    assert ("__navigation" in stops) == (width == 375)
    assert ("__toc" in stops) == (name == "index.html")
    assert ("cv/experience.html#redwood" in stops) == (name == "index.html")


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


def test_following_a_link_closes_the_drawer(visit: Callable[..., Page]) -> None:
    page = visit("index.html", width=375)
    page.locator("label.toc-header-icon").click()
    page.locator(".toc-drawer a", has_text="Timeline").click()
    expect(page.locator(".toc-drawer")).not_to_be_visible()
    expect(page.locator("h2", has_text="Timeline")).to_be_in_viewport()


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
    page.locator(".sidebar-tree a", has_text="Awards").click()
    expect(page.locator("h1")).to_contain_text("Awards")
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


def test_search(visit: Callable[..., Page]) -> None:
    page = visit("index.html")
    page.get_by_label("Search", exact=True).fill("Redwood")
    page.keyboard.press("Enter")
    result = page.locator("#search-results a[href*='#redwood']").first
    expect(result).to_be_visible()
    result.click()
    page.wait_for_url("**/cv/experience.html*#redwood")
    expect(page.locator("#redwood")).to_be_in_viewport()


def test_search_without_script(visit: Callable[..., Page]) -> None:
    assert not visit("index.html", script=False).get_by_label("Search", exact=True).is_visible()
    assert visit("search.html", script=False).locator("noscript .admonition").is_visible()


def test_missing_page(visit: Callable[..., Page]) -> None:
    """It is the same at any depth: with its style, its script and working links."""
    page = visit("cv/no/such/page.html", status=404)
    expect(page.locator("h1")).to_contain_text("Page not found")
    expect(page.get_by_role("button", name="Color theme: auto")).to_be_visible()
    page.locator(".sidebar-tree a", has_text="Awards").click()
    expect(page.locator("h1")).to_contain_text("Awards")


def test_a_bibtex_entry_opens_by_the_keyboard_and_is_selected_by_one_click(
    visit: Callable[..., Page],
) -> None:
    """Both without a script."""
    page = visit("cv/publications.html", script=False)
    entry = page.locator(".cv-disclosure").first
    block = entry.locator("pre")
    expect(block).not_to_be_visible()
    entry.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(block).to_be_visible()
    block.click()
    assert page.evaluate("getSelection().toString()").strip() == block.inner_text().strip()
