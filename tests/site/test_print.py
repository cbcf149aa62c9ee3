"""The pages on paper."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Site
    from playwright.sync_api import Page

pytestmark = pytest.mark.once

#: The entries of a page, and what else is not to be split.
BLOCKS = ".cv-entry, .cv-summary > li, .cv-publications > li"


def squeeze(text: str) -> str:
    """Only the letters and digits, since lines are broken anew."""
    return re.sub(r"[\W_]", "", text)


def sheets(page: Page) -> list[str]:
    """The text of each printed page."""
    # What is chosen on screen must not matter on paper.
    page.emulate_media(color_scheme="dark")
    page.evaluate("document.body.dataset.theme = 'dark'")
    pdf = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    return [sheet.extract_text() for sheet in pdf.pages]


ENTRIES = "section.cv-entry"


@pytest.mark.parametrize("most", [".cv-summary > li", ENTRIES])
def test_print(visit: Callable[..., Page], site: Site, most: str) -> None:
    """All of the content and nothing of the site around it; no entry is split."""
    name = site.with_most(most)
    texts = [squeeze(text) for text in sheets(visit(name))]
    soup = site.soup(name)
    for unseen in soup.select(".headerlink, .cv-separator, .cv-backlinks"):
        unseen.decompose()
    # A heading belongs with what is under it.
    blocks = [
        [*heading.stripped_strings, next(heading.find_next_sibling().stripped_strings)]
        for heading in soup.select("article h2")
    ]
    blocks += [list(block.stripped_strings) for block in soup.select(f"article :is({BLOCKS})")]
    assert len(blocks) > 1
    for strings in blocks:
        assert any(all(squeeze(text) in sheet for text in strings) for sheet in texts), strings
    whole = "".join(texts)
    assert squeeze(next(soup.h1.stripped_strings)) in whole
    captions = [each.get_text() for each in soup.select(".sidebar-tree .caption")]
    for around in ("Skip to content", "Back to top", "On this page", "Furo", *captions):
        assert squeeze(around) not in whole or around in soup.article.get_text()


def test_print_fits(visit: Callable[..., Page], site: Site) -> None:
    """The CV's short pages take one sheet each."""
    pages = [name for name in site.pages if site.soup(name).select(ENTRIES)]
    short = [name for name in pages if len(site.soup(name).article.get_text()) < 1000]
    if not short:
        pytest.skip("no page of entries is short")
    for name in short:
        assert len(sheets(visit(name))) == 1, name


def test_code_is_printed_whole(visit: Callable[..., Page], path: str) -> None:
    page = visit(path, width=640)
    page.emulate_media(media="print")
    cut = "all => all.filter(each => each.scrollWidth > each.clientWidth).length"
    assert page.locator("article pre, article .highlight").evaluate_all(cut) == 0


def test_print_is_light(visit: Callable[..., Page], path: str) -> None:
    page = visit(path, scheme="dark")
    page.emulate_media(media="print")
    page.evaluate("document.body.dataset.theme = 'dark'")
    shown = page.evaluate(
        """[...document.querySelectorAll("html, body, .page *")]
        .filter((element) => element.checkVisibility())
        .map((element) => getComputedStyle(element).backgroundColor)
        .filter((colour) => !["rgba(0, 0, 0, 0)", "rgb(255, 255, 255)"].includes(colour))
        .length"""
    )
    assert shown == 0, "a background is printed"
    assert page.evaluate("getComputedStyle(document.querySelector('article')).color") == (
        "rgb(28, 30, 33)"
    )
