"""What can be seen in the files of the built site, without a browser."""

from __future__ import annotations

import base64
import html
import re
import zlib
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus, unquote, urljoin, urlsplit
from xml.etree import ElementTree

import pytest
from tests.site.conftest import POLICY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Site

#: Made by Sphinx, not written by the owner: neither is to be found by a search engine.
TOOLS = {"404.html", "search.html"}


def test_policy_is_quoted_in_the_readme(site: Site) -> None:
    assert POLICY in (site.root / "README.md").read_text(encoding="utf-8")


def test_nothing_is_inline(site: Site, path: str) -> None:
    soup = site.soup(path)
    # Data in the form of a script is none, and no policy stops it.
    data = "[type='application/ld+json'], [type='application/json']"
    assert soup.select(f"style, script:not([src], {data}), [style]") == []
    handlers = [name for tag in soup.find_all() for name in tag.attrs if name.startswith("on")]
    assert handlers == []


@cache
def ids(site: Site, path: str) -> list[str]:
    return [tag["id"] for tag in site.soup(path).find_all(id=True)]


def test_ids_are_unique(site: Site, path: str) -> None:
    found = ids(site, path)
    assert sorted(found) == sorted(set(found))


def test_links_resolve(site: Site, path: str) -> None:
    root = "https://site.invalid/"
    broken = []
    for tag in site.soup(path).find_all(["a", "link", "script", "img", "form", "use"]):
        for attribute in {"href", "src", "action"} & set(tag.attrs):
            url = urlsplit(urljoin(root + path, tag[attribute]))
            # A canonical address is an absolute one; others to elsewhere are `linkcheck`'s.
            if url.netloc != "site.invalid" or url.scheme != "https":
                continue
            target = unquote(url.path).removeprefix("/") or "index.html"
            is_there = (site.html / target).is_file()
            if is_there and url.fragment:
                is_there = unquote(url.fragment) in ids(site, target)
            if not is_there:
                broken.append(tag[attribute])
    assert broken == []


def test_head(site: Site, path: str) -> None:
    soup = site.soup(path)
    canonical = soup.select_one("link[rel=canonical]")
    assert canonical["href"] == f"{site.address}{path}"
    assert soup.title.string.strip()
    icon = soup.select_one("link[rel~=icon]")["href"]
    assert (site.html / urljoin(f"/{path}", icon).removeprefix("/")).is_file()
    if path in TOOLS:
        return
    assert soup.select_one("meta[property='og:url']")["content"] == canonical["href"]
    for name in ("property='og:title'", "property='og:description'", "name=description"):
        assert soup.select_one(f"meta[{name}]")["content"].strip()


def test_sitemap(site: Site) -> None:
    tree = ElementTree.parse(site.html / "sitemap.xml")
    pages = [element.text for element in tree.iterfind(".//{*}loc")]
    assert pages == [f"{site.address}{page}" for page in site.pages if page not in TOOLS]


def private_values(site: Site) -> list[str]:
    """What the front page's source keeps private."""
    source = (site.root / "docs" / "index.md").read_text(encoding="utf-8")
    person = re.search(r"^:::\{cv:person\}.*?^:::$", source, re.M | re.S)[0]
    options = dict(re.findall(r"^:([\w-]+): (.*)$", person, re.M))
    if "private" not in options:
        pytest.skip("nothing is private")
    return [options[name.strip()] for name in options["private"].split(",")]


def disguises(value: str) -> Iterator[bytes]:
    """A value in the forms in which it could be read all the same."""
    # A part of an address would be too much, too, unless it is but a town.
    texts = {value, *(part.strip() for part in value.split(",") if len(part) > 12)}
    bare = {re.sub(r"\W", "", text) for text in texts}
    # Abroad, a phone number is written with another prefix.
    for text in texts | bare | {text[-9:] for text in bare if text.isdigit()}:
        yield text.encode()
        yield html.escape(text).encode()
        yield quote(text).encode()
        yield quote_plus(text).encode()
        yield text.encode("unicode_escape")
        for shift in range(3):
            # Only the characters that do not depend on what surrounds the value.
            coded = base64.b64encode(b"\0" * shift + text.encode())
            yield coded[(shift * 8 + 5) // 6 : len(coded) - 4]


def files(site: Site) -> Iterator[tuple[str, bytes]]:
    """Everything that was written, with the bare text of the text, unpacked."""
    for folder in (site.html, site.doctrees):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                data = path.read_bytes()
                if path.name == "objects.inv":
                    data += zlib.decompress(data.split(b"zlib.\n", 1)[1])
                yield path.relative_to(folder.parent).as_posix(), data


def test_private_values_are_nowhere(site: Site) -> None:
    needles = {needle for value in private_values(site) for needle in disguises(value)}
    assert all(len(needle) > 6 for needle in needles)
    found = []
    for name, data in files(site):
        squeezed = re.sub(rb"<[^>]*>|&\w+;|[^A-Za-z0-9]", b"", data)
        found += [(name, needle) for needle in needles if needle in data or needle in squeezed]
    assert found == []


@pytest.mark.parametrize("coded", ["+44 (0) 1632 960 123", "KzQ0ICgwKSAxNjMyIDk2MCAxMjM"])
def test_disguises_find(coded: str) -> None:
    """The test above looks for what it should: the second is what base64 makes of the first."""
    for around in ("", "a", "ab"):
        data = (
            f"{around}{coded}"
            if " " in coded
            else base64.b64encode(f"{around}+44 (0) 1632 960 123!".encode()).decode()
        )
        assert any(needle.decode() in data for needle in disguises("+44 (0) 1632 960 123"))
