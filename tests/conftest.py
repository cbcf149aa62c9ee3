"""Small Sphinx projects, written from text and built in a temporary folder."""

from __future__ import annotations

import functools
import importlib.metadata
import logging
import os
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup

# Each Sphinx application looks several times through all that is installed, which stays the
# same while tests run; and makes hundreds of records that nobody reads.
importlib.metadata.entry_points = functools.cache(importlib.metadata.entry_points)
logging.disable(logging.DEBUG)

from sphinx.testing.util import SphinxTestApp  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from sphinx_cv.domain import CVDomain

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
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
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()
