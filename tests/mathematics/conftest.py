from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CORPUS = Path(__file__).with_name("corpus.txt")
CONF: dict[str, Any] = {
    "extensions": ["myst_parser", "sphinx_cv.mathematics"],
    "myst_enable_extensions": ["amsmath", "colon_fence", "dollarmath"],
    "html_theme": "basic",
    "exclude_patterns": ["out*"],
    "project": "test",
}


def corpus() -> list[str]:
    lines = CORPUS.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@dataclass(frozen=True)
class Built:
    out: Path
    source: Path
    warnings: list[str]
    app: Sphinx

    def page(self, name: str = "index") -> str:
        return (self.out / f"{name}.html").read_text(encoding="utf-8")

    def body(self, name: str = "index") -> str:
        match = re.search(r'<div class="body".*?<div class="clearer">', self.page(name), re.DOTALL)
        assert match is not None
        return match.group()


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., Built]:
    """Builds a site from a mapping of files; by default not one warning is tolerated."""

    def run(
        files: Mapping[str, str],
        *,
        builder: str = "html",
        warn: bool = False,
        parallel: int = 0,
        source: str = "src",
        **conf: Any,
    ) -> Built:
        root = tmp_path / source
        root.mkdir(exist_ok=True)
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        status, warning = io.StringIO(), io.StringIO()
        out = root / f"out-{builder}"
        with patch_docutils(), docutils_namespace():
            app = Sphinx(
                srcdir=root,
                confdir=None,
                outdir=out,
                doctreedir=root / "out-doctrees",
                buildername=builder,
                confoverrides={**CONF, **conf},
                status=status,
                warning=warning,
                parallel=parallel,
            )
            app.build()
        lines = re.sub(r"\x1b\[[0-9;]*m", "", warning.getvalue()).splitlines()
        lines = [line for line in lines if line.strip()]
        assert warn or not lines, lines
        return Built(out, root, lines, app)

    return run
