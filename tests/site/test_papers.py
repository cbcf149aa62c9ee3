"""Papers in a real browser: a list that can be narrowed, an entry that can be copied, citations."""

from __future__ import annotations

import threading
from functools import partial
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from tests.conftest import Project
from tests.site.conftest import Handler
from tests.site.test_pages import TAGS, violations

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = pytest.mark.once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

CONF = """
extensions = ["myst_parser", "sphinx_cv"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
project = author = "Ann Ott"
html_theme = "furo"
language = "en"
bibtex_bibfiles = ["refs.bib"]
"""
BIB = r"""
@article{one, author = {Ann Ott and Zoé Bár}, title = {Flows of $x^2$}, journal = {J}, year = 2024,
  keywords = {theory, optimal transport}, abstract = {About sampling.}}
@inproceedings{two, author = {Ann Ott}, title = {Diffusions}, booktitle = {C}, year = 2022,
  keywords = {theory}}
@article{three, author = {Ann Ott}, title = {More flows}, journal = {J}, year = 2022}
@misc{cited, author = {C. D.}, title = {Costs \$5 or $y$}, year = 1999}
"""
Q = ".cv-narrow [name=q]"
GROUPED = "# Grouped\n\n:::{cv:publications}\n:group: year\n:filter:\n:::\n"
FILES = {
    "conf.py": CONF,
    "refs.bib": BIB,
    "index.md": "# P\n\n:::{cv:person} Ann Ott\n:id: ann\n:::\n\n"
    "```{toctree}\ngrouped\nflat\ncites\n```\n",
    "grouped.md": GROUPED,
    "flat.md": "# Flat\n\n:::{cv:publications}\n:keys: one, two, three\n:filter:\n:::\n",
    "cites.md": "# Cites\n\n{cite}`one,two` {cite:t}`cited`\n\n```{bibliography}\n```\n",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    built = Project(tmp_path_factory.mktemp("papers")).write(FILES).build()
    assert not built.warnings
    return built


@pytest.fixture(scope="module")
def papers(project) -> Iterator[str]:
    for name in ("favicon.ico", "404.html"):
        (project.app.outdir / name).touch()
    handler = partial(Handler, directory=str(project.app.outdir))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def visit(browser: Browser, papers: str) -> Iterator[Callable[..., Page]]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    problems: list[str] = []

    def visit(path: str, *, script: bool = True) -> Page:
        nonlocal context
        if not script:
            context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(papers + path)
        return page

    yield visit
    context.close()
    assert not problems


def shown(page: Page) -> list[str]:
    titles = page.locator(".cv-publications > li:visible .cv-title").all_text_contents()
    return [title.split(".")[0].split()[-1] for title in titles]


def headings(page: Page) -> list[str]:
    return [text[:4] for text in page.locator("h2:visible").all_text_contents()]


def count(page: Page) -> str:
    return page.locator(".cv-narrow output").inner_text()


def test_a_list_is_narrowed_by_whatever_is_chosen(visit) -> None:
    page = visit("grouped.html")
    assert count(page) == "3 papers"
    assert headings(page) == ["2024", "2022"]
    page.fill(Q, "FLOWS bar")
    expect(page.locator(".cv-narrow output")).to_have_text("1 of 3 papers")
    assert headings(page) == ["2024"]
    page.fill(Q, "sampling")  # only the abstract has it
    page.press(Q, "Enter")
    assert count(page) == "1 of 3 papers"
    page.fill(Q, "journal")  # only the BibTeX has it
    page.press(Q, "Enter")
    assert count(page) == "0 of 3 papers"
    assert headings(page) == []
    assert page.locator(".cv-downloads").last.is_visible()
    page.click("text=Show all")
    assert count(page) == "3 papers"
    assert page.evaluate("document.activeElement.name") == "q"
    page.select_option("[name=kind]", "Journal articles")
    assert count(page) == "2 of 3 papers"
    page.select_option("[name=year]", "2022")
    assert shown(page) == ["flows"]
    assert headings(page) == ["2022"]
    page.click("text=Show all")
    page.select_option("[name=keyword]", "theory")
    assert shown(page)[-1:] == ["Diffusions"]
    assert count(page) == "2 of 3 papers"


def test_what_is_chosen_is_in_the_address(visit) -> None:
    page = visit("grouped.html?year=2022&q=flows")
    assert shown(page) == ["flows"]
    assert page.input_value(Q) == "flows"
    page.select_option("[name=year]", "")
    assert page.url.endswith("grouped.html?q=flows")
    assert count(page) == "2 of 3 papers"
    page.click("text=Show all")
    assert page.url.endswith("grouped.html")
    page.go_back()
    assert count(page) == "2 of 3 papers"
    page.go_back()
    assert page.input_value("[name=year]") == "2022"
    assert count(page) == "1 of 3 papers"
    page.go_forward()
    assert count(page) == "2 of 3 papers"
    page.evaluate("location.hash = 'two'")
    expect(page.locator(".cv-narrow output")).to_have_text("3 papers")
    page = visit("grouped.html?year=1802")
    assert count(page) == "3 papers"


def test_only_what_is_shown_is_printed(visit) -> None:
    page = visit("grouped.html?year=2024")
    page.emulate_media(media="print")
    assert headings(page) == ["2024"]
    assert page.locator(".cv-narrow output").is_visible()
    assert not page.locator(".cv-narrow :is(input, select, button):visible").count()


def test_without_a_script_the_list_is_there_and_no_controls(visit) -> None:
    page = visit("grouped.html?year=2024", script=False)
    assert len(shown(page)) == 3
    assert not page.locator(".cv-narrow, .cv-narrowing:visible, .cv-copy").count()


def test_the_scripts_are_loaded_where_they_are_of_use(project) -> None:
    def scripts(page: str) -> set[str]:
        loaded = [tag["src"].partition("?")[0] for tag in project.soup(page).select("script[src]")]
        code = "".join(
            (project.app.outdir / page).parent.joinpath(name).read_text(encoding="utf-8")
            for name in loaded
        )
        signs = {"narrowing.js": ".cv-narrowing", "copy.js": "navigator.clipboard"}
        return {name for name, sign in signs.items() if sign in code}

    assert scripts("grouped") == {"narrowing.js", "copy.js"}
    assert scripts("flat") == {"narrowing.js"}
    assert scripts("publications/one") == {"copy.js"}
    assert scripts("cites") == scripts("index") == set()


def test_a_bibtex_entry_is_copied(visit, project) -> None:
    page = visit("grouped.html")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    assert not page.locator(".cv-copy").count()
    page.locator("#one summary", has_text="BibTeX").click()
    button = page.locator("#one .cv-copy")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".cv-said[role=status]")).to_have_text("The BibTeX entry is copied")
    assert button.inner_text() == "Copied"
    text = (project.app.outdir / "publications/one.bib").read_text()
    assert page.evaluate("navigator.clipboard.readText()").strip() == text.strip()
    landing = visit("publications/one.html")
    # Where there is no clipboard, as on an insecure host, the text is selected and copied.
    landing.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    landing.click(".cv-copy")
    expect(landing.locator(".cv-copy")).to_have_text("Copied")


@pytest.mark.parametrize("name", ["grouped.html", "flat.html?q=flows", "cites.html"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_anyone_can_use_it(visit, name, scheme) -> None:
    page = visit(name)
    page.emulate_media(color_scheme=scheme)
    if name == "grouped.html":
        page.locator("summary", has_text="BibTeX").first.click()
        page.wait_for_selector(".cv-copy")
    page.evaluate(AXE_SCRIPT)
    assert violations(page, name, TAGS, "article") == []


def test_it_fits_a_phone(visit) -> None:
    page = visit("grouped.html")
    page.set_viewport_size({"width": 375, "height": 800})
    page.locator("summary", has_text="BibTeX").first.click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sizes = page.locator(".cv-narrow :is(input, select, button), .cv-copy").evaluate_all(
        "elements => elements.map(element => element.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 24
