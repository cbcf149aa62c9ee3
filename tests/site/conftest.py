"""The real portfolio, served as a careful host would, opened in a real browser."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.conftest import built_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Site
    from playwright.sync_api import Browser, ConsoleMessage, Page

#: The policy the site can be served with; the README quotes it. Only `data:` is more than
#: the site's own files: furo's stylesheet holds its icons as data URLs.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes a ``path`` on every page of the built site."""
    if "path" in metafunc.fixturenames:
        metafunc.parametrize("path", built_site().pages)


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
