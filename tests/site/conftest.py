"""The real portfolio: built once, served as a careful host would, opened in a real browser."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page

ROOT = Path(__file__).parents[2]
#: Where the site is said to be served from.
ADDRESS = "https://cv.example.org/"
#: The policy the site can be served with; the README quotes it. Only `data:` is more than
#: the site's own files: furo's stylesheet holds its icons as data URLs.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


@dataclass(frozen=True)
class Site:
    """The built site."""

    root: Path
    html: Path
    doctrees: Path
    policy: str = POLICY
    address: str = ADDRESS

    @property
    def pages(self) -> list[str]:
        """The path of every page, below the site's root."""
        return sorted(path.relative_to(self.html).as_posix() for path in self.html.rglob("*.html"))

    @property
    def settings(self) -> dict[str, Any]:
        """What ``conf.py`` says."""
        return runpy.run_path(str(self.root / "docs" / "conf.py"))

    def with_most(self, selector: str) -> str:
        """The page with the most of something; there is none in some portfolios."""
        counts = {page: len(parsed(self, page).select(selector)) for page in self.pages}
        found = max(counts, key=counts.__getitem__)
        if not counts[found]:
            pytest.skip(f"no page has {selector}")
        return found

    def soup(self, page: str) -> BeautifulSoup:
        """A page as it was written."""
        return BeautifulSoup((self.html / page).read_text(encoding="utf-8"), "html.parser")


@cache
def parsed(site: Site, page: str) -> BeautifulSoup:
    """A page to look at, not to change."""
    return site.soup(page)


_SITE = pytest.StashKey[Site]()


def build(config: pytest.Config) -> Site:
    """Build the portfolio, the first time it is asked for."""
    if _SITE not in config.stash:
        folder = tempfile.TemporaryDirectory()
        config.add_cleanup(folder.cleanup)
        site = Site(ROOT, Path(folder.name, "html"), Path(folder.name, "doctrees"))
        hosts = {"READTHEDOCS", "READTHEDOCS_CANONICAL_URL"}
        subprocess.run(
            [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", "-n", "-q",
             "-d", str(site.doctrees), "docs", str(site.html)],
            cwd=ROOT, check=True,
            env={name: value for name, value in os.environ.items() if name not in hosts}
            | {"SITE_URL": ADDRESS},
        )  # fmt: skip
        config.stash[_SITE] = site
    return config.stash[_SITE]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes a ``path`` on every page of the built site."""
    if "path" in metafunc.fixturenames:
        metafunc.parametrize("path", build(metafunc.config).pages)


@pytest.fixture(scope="session")
def site(pytestconfig: pytest.Config) -> Site:
    """The built site."""
    return build(pytestconfig)


class Handler(SimpleHTTPRequestHandler):
    """Serves files under the policy, and the 404 page for what is not there."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        if code != 404:
            super().send_error(code, message, explain)
            return
        body = Path(self.directory, "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def address(site: Site) -> Iterator[str]:
    """Where the site is served."""
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Handler, directory=str(site.html))
    ) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def kept() -> dict[tuple[bool, bool], Page]:
    """Browser pages, by script and touch, that tests of every page of the site share."""
    return {}


@pytest.fixture
def visit(
    request: pytest.FixtureRequest,
    browser: Browser,
    address: str,
    kept: dict[tuple[bool, bool], Page],
) -> Iterator[Callable[..., Page]]:
    """Open a page of the site; in the end, nothing may have gone wrong on any that was."""
    pages: list[tuple[tuple[bool, bool], Page]] = []
    watching: list[tuple[Page, str, Callable[..., None]]] = []
    problems: list[str] = []
    # A new one takes longer than all that these tests do in it.
    sharing = "path" in request.fixturenames

    def visit(
        path: str,
        *,
        width: int = 1280,
        scheme: str = "light",
        script: bool = True,
        touch: bool = False,
        status: int = 200,
    ) -> Page:
        page = kept.pop((script, touch), None) if sharing else None
        if page is None:
            page = browser.new_page(java_script_enabled=script, has_touch=touch)
        page.set_viewport_size({"width": width, "height": 800})
        # Drawers are then open at once, and scrolling is done at once.
        page.emulate_media(media="null", color_scheme=scheme, reduced_motion="reduce")
        pages.append(((script, touch), page))

        def note_message(message: ConsoleMessage) -> None:
            # The browser also reports the answer that is meant to be an error.
            meant = status != 200 and message.location["url"] == address + path
            if message.type in {"error", "warning"} and not meant:
                problems.append(f"{path}: console: {message.text}")

        watch(page, "console", note_message)
        watch(page, "pageerror", lambda error: problems.append(f"{path}: {error}"))
        watch(page, "request", lambda request: note_request(path, request.url))
        watch(page, "requestfailed", lambda each: problems.append(f"{path}: failed: {each.url}"))
        response = page.goto(address + path)
        assert response is not None
        assert response.status == status
        page.evaluate("document.fonts.ready.then(() => null)")
        return page

    def note_request(path: str, url: str) -> None:
        if not url.startswith((address, "data:")):
            problems.append(f"{path}: request to {url}")

    def watch(page: Page, event: str, listener: Callable[..., None]) -> None:
        page.on(event, listener)
        watching.append((page, event, listener))

    yield visit
    for page, event, listener in watching:
        page.remove_listener(event, listener)
    for kind, page in pages:
        # A page where something is wrong is not for the next test.
        if not sharing or problems or kind in kept:
            page.close()
        else:
            page.goto("about:blank")
            kept[kind] = page
    assert problems == []
