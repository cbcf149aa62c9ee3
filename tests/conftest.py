"""What tests build: small Sphinx projects, written from text, and the real portfolio."""

from __future__ import annotations

import functools
import importlib.metadata
import logging
import os
import re
import runpy
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from filelock import FileLock
from hypothesis import settings
from jinja2 import BytecodeCache

# The same examples each time, however long they take.
settings.load_profile("ci")

# Each Sphinx application looks several times through all that is installed, which stays the
# same while tests run; and makes hundreds of records that nobody reads.
importlib.metadata.entry_points = functools.cache(importlib.metadata.entry_points)
logging.disable(logging.DEBUG)

from sphinx import jinja2glue  # noqa: E402
from sphinx.testing.util import SphinxTestApp  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jinja2.bccache import Bucket
    from playwright.sync_api import Browser

    from sphinx_cv.domain import CVDomain


class Compiled(BytecodeCache):
    """Templates by name, file and text, compiled: each application would do it again."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.codes[bucket.key, bucket.checksum] = bucket.code


jinja2glue.SandboxedEnvironment = functools.partial(
    jinja2glue.SandboxedEnvironment, bytecode_cache=Compiled()
)

#: The first opens a page in a fraction of the time, having no windows.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
#: Where the portfolio is said to be served from.
ADDRESS = "https://cv.example.org/"
CONF = """
extensions = ["myst_parser", "sphinx_cv"]
myst_enable_extensions = ["colon_fence"]
project = author = "Ada Lovelace"
html_theme = "basic"
"""


class Project:
    """A project in a folder; files are written and built as often as a test likes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.app: SphinxTestApp
        self.warnings: list[str] = []

    def write(self, files: dict[str, str | None]) -> Project:
        """Write files, or remove those that are ``None``."""
        for name, text in files.items():
            path = self.root / name
            if text is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return self

    def build(
        self, builder: str = "html", *, out: str = "_build", parallel: int = 0, **conf: Any
    ) -> Project:
        """Build; the warnings are kept, without colours and with relative paths."""
        app = SphinxTestApp(
            builder,
            srcdir=self.root,
            builddir=self.root / out,
            confoverrides={"exclude_patterns": ["_build*"], **conf},
            parallel=parallel,
            warningiserror=False,
        )
        try:
            app.build()
        finally:
            app.cleanup()
        self.app = app
        text = re.sub(r"\x1b\[[\d;]*m", "", app.warning.getvalue())
        lines = text.replace(f"{self.root}/", "").splitlines()
        self.warnings = [line for line in lines if line.strip()]
        return self

    @property
    def domain(self) -> CVDomain:
        """The ``cv`` domain after the build."""
        return self.app.env.get_domain("cv")

    def soup(self, docname: str = "index") -> BeautifulSoup:
        """A built page."""
        path = self.app.outdir / f"{docname}.html"
        return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")

    def text(self, docname: str = "index", select: str = "body") -> str:
        """The text of a built page, white space folded."""
        element = self.soup(docname).select_one(select)
        assert element is not None, f"{docname} has no {select}"
        return " ".join(element.get_text().split())


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Project]:
    """Write a project; ``conf.py`` is there unless given."""

    def make(files: dict[str, str], folder: str = "project") -> Project:
        return Project(tmp_path / folder).write({"conf.py": CONF, **files})

    return make


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium: one for all tests, since playwright runs once in a thread."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        reason = f"no browser: none of {', '.join(BROWSERS)} is installed"
        (pytest.fail if os.environ.get("CV_REQUIRE_BROWSER") else pytest.skip)(reason)
    from playwright.sync_api import expect, sync_playwright

    # As long as all else in a browser may take: other tests run beside it.
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                # As browsers with a window do: letters are where the font has them.
                "--font-render-hinting=none",
            ],
        )
        yield browser
        browser.close()


@dataclass(frozen=True)
class Site:
    """The real portfolio, built."""

    html: Path
    doctrees: Path
    root: Path = Path(__file__).parents[1]
    address: str = ADDRESS

    @property
    def settings(self) -> dict[str, Any]:
        """What ``conf.py`` says."""
        return runpy.run_path(str(self.root / "docs" / "conf.py"))

    @property
    def pages(self) -> list[str]:
        """The path of every page, below the site's root."""
        return sorted(path.relative_to(self.html).as_posix() for path in self.html.rglob("*.html"))

    def soup(self, page: str) -> BeautifulSoup:
        """A page as it was written."""
        return BeautifulSoup((self.html / page).read_text(encoding="utf-8"), "html.parser")

    def with_most(self, selector: str) -> str:
        """The page with the most of something; there is none in some portfolios."""
        counts = {page: len(parsed(self, page).select(selector)) for page in self.pages}
        found = max(counts, key=counts.__getitem__)
        if not counts[found]:
            pytest.skip(f"no page has {selector}")
        return found


@functools.cache
def parsed(site: Site, page: str) -> BeautifulSoup:
    """A page to look at, not to change."""
    return site.soup(page)


def pytest_configure(config: pytest.Config) -> None:
    """Make a folder for what the processes of pytest-xdist share: they inherit the environment."""
    if "CV_SHARED" not in os.environ:
        folder = tempfile.TemporaryDirectory()
        config.add_cleanup(folder.cleanup)
        os.environ["CV_SHARED"] = folder.name


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put first what takes longest."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def built_site() -> Site:
    """The portfolio, which the first process that asks for it builds."""
    folder = Path(os.environ["CV_SHARED"])
    site = Site(folder / "html", folder / "doctrees")
    with FileLock(folder / "lock"):
        if not (folder / "built").exists():
            hosts = {"READTHEDOCS", "READTHEDOCS_CANONICAL_URL"}
            subprocess.run(
                [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", "-n", "-q",
                 "-j", "auto", "-d", str(site.doctrees), "docs", str(site.html)],
                cwd=site.root, check=True,
                env={name: value for name, value in os.environ.items() if name not in hosts}
                | {"SITE_URL": ADDRESS},
            )  # fmt: skip
            (folder / "built").touch()
    return site


@pytest.fixture(scope="session")
def site() -> Site:
    """The real portfolio, built."""
    return built_site()
