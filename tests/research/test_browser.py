"""The write-up in a real browser, under a strict policy: colours, the slider, accessibility."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page

pytestmark = pytest.mark.once

#: Nothing inline, nothing from elsewhere.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'"
)
PAGE = """\
# Disc

It is {cv:result}`area`, see {numref}`area`.

:::{cv:figure} figures/disc-area.svg
:name: area

The area of a disc.
:::

:::{cv:theorem} Theorem 1
:of: lovelace1843notes

Engines compute.
:::

:::{cv:computed} The area
:by: geometry.plane.area

It is large.
:::

:::{cv:observation}
Discs are round.
:::
"""
INDEX = """\
# Home

:::{cv:gallery}
research/disc
:::

```{toctree}
research/disc
papers
```
"""
NAMES = ("c1", "c2", "c3", "c4", "ink", "muted", "grid", "paper")


class Handler(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def address(parts, tmp_path_factory) -> Iterator[str]:
    """Where the write-up is served."""
    marks = "".join(
        f'<rect id="disc-area-{name}" class="fill-{name} stroke-{name}" fill="#123456"/>'
        for name in NAMES
    )
    front = '---\nmyst:\n  html_meta:\n    description: "Of discs."\n---\n\n'
    files = {
        "research/figures/disc-area.json": parts.frames("disc-area"),
        "research/figures/disc-thumbnail.svg": parts.svg("disc-thumbnail", head=""),
        "index.md": INDEX,
    }
    figures = {"disc-area.svg": parts.svg("disc-area", marks)}
    root = tmp_path_factory.mktemp("writeup")
    for name, text in parts.files(front + PAGE, files, figures).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-D", "html_theme=furo"]
    subprocess.run([*command, str(root), str(root / "_build")], check=True)
    handler = partial(Handler, directory=str(root / "_build"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def frames_are_there(page: Page) -> None:
    expect(page.locator("script[data-changes]")).to_have_count(0)


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Open a page of the write-up; nothing may go wrong on it."""
    pages: list[Page] = []
    problems: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if not message.location["url"].endswith("favicon.ico"):
            problems.append(message.text)

    def visit(path: str = "research/disc.html", width: int = 1280, **media: object) -> Page:
        page = browser.new_page(viewport={"width": width, "height": 800}, **media)
        pages.append(page)
        page.on("console", note)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(address + path)
        if media.get("java_script_enabled", True):
            frames_are_there(page)
        return page

    yield visit
    for page in pages:
        page.close()
    assert problems == []


def colours(page: Page, what: str = "fill") -> dict[str, str]:
    """How each class is drawn."""
    return {
        name: page.locator(f"#disc-area-{name}").evaluate(f"each => getComputedStyle(each).{what}")
        for name in NAMES
    }


def luminance(colour: str) -> float:
    channels = [int(each) / 255 for each in re.findall(r"\d+", colour)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_theme(visit, scheme) -> None:
    page = visit(color_scheme=scheme)
    shown = colours(page)
    assert shown == colours(page, "stroke")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert shown["paper"] == background
    for name in ("c1", "c2", "c3", "c4"):
        assert contrast(shown[name], background) >= 3
    for name in ("ink", "muted"):
        assert contrast(shown[name], background) >= 4.5
    assert contrast(shown["grid"], background) > 1.2
    assert len(set(shown.values())) == len(NAMES)


def test_the_readers_choice_goes_before_the_systems(visit) -> None:
    page = visit(color_scheme="dark")
    dark = colours(page)
    page.evaluate("document.body.dataset.theme = 'light'")
    light = colours(page)
    assert all(light[name] != dark[name] for name in NAMES)
    page.emulate_media(color_scheme="light")
    page.evaluate("document.body.dataset.theme = 'dark'")
    assert colours(page) == dark


def test_prints_in_light_colours(visit) -> None:
    page = visit(color_scheme="light")
    light = colours(page)
    page.evaluate("document.body.dataset.theme = 'dark'")
    assert colours(page) != light
    page.emulate_media(media="print", color_scheme="dark")
    # Paper is white, whatever a site's pages are.
    page.evaluate("document.body.style.setProperty('--color-background-primary', '#fffdf0')")
    assert colours(page) == {**light, "paper": "rgb(255, 255, 255)"}
    assert not page.locator(".cv-player").is_visible()


def to_oklab(colour: str, matrix: list[list[float]]) -> list[float]:
    """A colour as someone whose sight *matrix* describes sees it, in Ottosson's space."""
    channels = [int(each) / 255 for each in re.findall(r"\d+", colour)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]

    def times(rows, vector):
        return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in rows]

    seen = [min(1, max(0, value)) for value in times(matrix, linear)]
    cones = times([[0.41222147, 0.53633254, 0.05144599], [0.2119035, 0.6806995, 0.10739696],
                   [0.08830246, 0.28171884, 0.6299787]], seen)  # fmt: skip
    return times([[0.21045426, 0.79361779, -0.00407205], [1.9779985, -2.42859221, 0.45059371],
                  [0.0259040, 0.78277177, -0.80867577]], [c ** (1 / 3) for c in cones])  # fmt: skip


#: Machado, Oliveira and Fernandes (2009), severity 1: protan-, deuter- and tritanopia.
SIGHTS = [
    [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
     [-0.003882, -0.048116, 1.051998]],
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
     [-0.011820, 0.042940, 0.968881]],
    [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
     [0.004733, 0.691367, 0.303900]],
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_keep_apart_for_the_colour_blind(visit, scheme) -> None:
    shown = colours(visit(color_scheme=scheme))
    for sight in SIGHTS:
        seen = [to_oklab(shown[name], sight) for name in ("c1", "c2", "c3", "c4")]
        for one, other in itertools.combinations(seen, 2):
            distance = sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5
            assert distance > 0.1


@pytest.mark.parametrize("width", [1280, 375, 320])
def test_a_picture_fits(visit, width) -> None:
    page = visit(width=width)
    box = page.locator("figure svg").bounding_box()
    room = page.locator("figure").bounding_box()
    assert box["width"] == pytest.approx(min(440, room["width"]), abs=1)
    assert box["height"] == pytest.approx(box["width"] * 220 / 330, abs=1)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) == 0
    caption = page.locator("figcaption p").first
    assert caption.evaluate("each => getComputedStyle(each).textAlign") == "start"


def line(page: Page) -> str:
    return page.locator("#disc-area-line").get_attribute("d")


def test_the_slider_by_keyboard(visit) -> None:
    page = visit()
    slider = page.get_by_role("slider", name="radius r")
    assert line(page) == "M10 10L300 200"
    assert slider.get_attribute("aria-valuetext") == "r = 2"
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert line(page) == "M10 10L9 9"
    assert slider.get_attribute("aria-valuetext") == "r = <3>"
    assert page.locator(".cv-player output").inner_text() == "r = <3>"
    page.keyboard.press("ArrowRight")
    assert line(page) == "M10 10L9 9"
    page.keyboard.press("Home")
    assert line(page) == "M10 10L99 99"
    assert slider.get_attribute("aria-valuetext") == "r = 1"


def test_the_slider_by_touch(visit) -> None:
    page = visit(width=375, has_touch=True)
    box = page.get_by_role("slider").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] - 3, box["y"] + box["height"] / 2)
    assert line(page) == "M10 10L9 9"


def test_it_plays_when_asked_to(visit) -> None:
    page = visit()
    page.clock.install()
    page.reload()
    frames_are_there(page)
    page.clock.run_for(20_000)
    assert line(page) == "M10 10L300 200"  # never by itself
    button = page.get_by_role("button", name="Play")
    button.focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("button", name="Pause").count() == 1
    page.clock.run_for(4_000)
    assert line(page) == "M10 10L9 9"
    # At the end it stops, and from there it begins anew.
    button.click()
    page.clock.run_for(1_000)
    assert line(page) == "M10 10L99 99"
    page.get_by_role("button", name="Pause").click()
    page.clock.run_for(20_000)
    assert line(page) == "M10 10L99 99"


def test_frames_are_for_who_comes_near(browser, address) -> None:
    page = browser.new_page(viewport={"width": 375, "height": 400})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    # Above it, a page and more of something else.
    page.add_init_script(
        """addEventListener("DOMContentLoaded", () => {
            document.querySelector("figure").style.marginTop = "2000px";
        })"""
    )
    page.goto(address + "research/disc.html")
    assert page.get_by_role("slider").count() == 1
    page.wait_for_timeout(200)
    assert not any("disc-area.js" in url for url in asked)
    # Moved before they are there: they are drawn when they come.
    page.get_by_role("slider").evaluate(
        "each => { each.value = 2; each.dispatchEvent(new Event('input')); }"
    )
    assert line(page) == "M10 10L300 200"
    page.get_by_role("slider").scroll_into_view_if_needed()
    frames_are_there(page)
    assert line(page) == "M10 10L9 9"
    page.close()


def test_no_slider_where_frames_cannot_be_had(browser, address) -> None:
    page = browser.new_page()
    page.route("**/disc-area.js*", lambda route: route.abort())
    page.goto(address + "research/disc.html")
    page.locator(".cv-player").wait_for(state="detached")
    assert page.locator("figure svg").is_visible()
    page.close()


def test_no_button_where_motion_is_unwelcome(visit) -> None:
    page = visit(reduced_motion="reduce")
    assert not page.locator(".cv-player button").is_visible()
    assert page.get_by_role("slider").is_visible()
    page.emulate_media(reduced_motion="no-preference")
    page.get_by_role("button", name="Play").wait_for()


def test_the_still_is_printed(visit) -> None:
    page = visit()
    page.get_by_role("slider").press("Home")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert line(page) == "M10 10L300 200"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert line(page) == "M10 10L99 99"


def test_the_still_without_script(visit) -> None:
    page = visit(java_script_enabled=False)
    assert page.locator("figure svg").is_visible()
    assert page.locator("#disc-area-line").get_attribute("d") == "M10 10L300 200"
    assert page.get_by_role("slider").count() == 0
    assert page.locator("figure").inner_text().startswith("Fig. 1")


@pytest.mark.parametrize("path", ["research/disc.html", "index.html"])
def test_axe_finds_nothing(visit, path) -> None:
    """Within the article: the rest of the page is the site's tests'."""
    page = visit(path)
    page.evaluate(AXE_SCRIPT)
    for scheme, width in itertools.product(("light", "dark"), (1280, 375)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        found = page.evaluate("axe.run('article', { resultTypes: ['violations'] })")
        assert {"svg-img-alt", "link-name"} & {each["id"] for each in found["passes"]}
        assert [(each["id"], each["nodes"]) for each in found["violations"]] == []


def test_pictures_say_what_they_show(visit) -> None:
    page = visit()
    picture = page.get_by_role("img", name="Area of disc-area It grows with the radius.")
    assert picture.count() == 1
    card = visit("index.html").get_by_role("link", name="Disc Of discs.", exact=True)
    assert card.count() == 1
