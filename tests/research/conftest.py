"""A made-up project with a write-up: its code, what the code computed, and its pictures."""

from __future__ import annotations

import json
from hashlib import sha256
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

CONF = """
extensions = ["myst_parser", "sphinx_cv"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
project = author = "Ada Lovelace"
html_theme = "basic"
numfig = True
bibtex_bibfiles = ["refs.bib"]
cv_code_path = "code"
"""
BIB = """\
@article{lovelace1843notes, author = {Lovelace, Ada}, title = {Notes}, journal = {Memoirs},
  volume = {3}, year = {1843}}
@article{menabrea1842sketch, author = {Menabrea, Luigi}, title = {Sketch}, journal = {Memoirs},
  volume = {2}, year = {1842}}
"""
PAPERS = """\
# Papers

:::{cv:publications}
:::

```{bibliography}
:all:
```
"""
CODE = """\
from math import pi

RADIUS: float = 2.0
LOW, HIGH = 0, 1


class Engine:
    size = 3

    def run(self): ...


class Better(Engine): ...


if RADIUS:

    def area(radius): ...
"""


def svg(stem: str, inner: str = "", head: str | None = None, attributes: str = "") -> str:
    """A picture as the contract has it, with *inner* in it."""
    if head is None:
        head = f"<title>Area of {stem}</title><desc>It grows with the radius.</desc>"
    return (
        '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="330pt" height="220pt" viewBox="0 0 330 220"{attributes}>{head}\n'
        f'<metadata>made by hand</metadata><defs><path id="{stem}-dot" d="M0 0h5v5z"/></defs>\n'
        '<rect class="fill-paper" fill="#ffffff" width="330" height="220"/>\n'
        f'<path id="{stem}-line" class="stroke-c1" stroke="#3a8bc8" fill="none" '
        'd="M10 10L300 200"/>\n'
        f'<use class="fill-ink" fill="#1f2328" xlink:href="#{stem}-dot" x="20" y="150"/>\n'
        f"{inner}</svg>\n"
    )


def frames(stem: str, **changed: object) -> str:
    """Three frames, the still in the middle."""
    data = {
        "label": "radius r",
        "frames": ["r = 1", "r = 2", "r = <3>"],
        "still": 1,
        "loop": False,
        "changes": [
            {
                "id": f"{stem}-line",
                "attribute": "d",
                "values": ["M10 10L99 99", "M10 10L300 200", "M10 10L9 9"],
            }
        ],
    }
    return json.dumps({**data, **changed})


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def results(page: str = "disc", code: str = CODE, figures: dict[str, str] | None = None) -> str:
    """The file of results of a page; *figures* are names and texts."""
    return json.dumps(
        {
            "command": f"nox -s research -- {page}",
            "code": {"../../code/geometry/plane.py": digest(code)},
            "figures": {f"../figures/{n}": digest(t) for n, t in (figures or {}).items()},
            "results": {
                "area": {"value": 12.566370614359172, "text": "12.57", "tolerance": 1e-9},
                "tiny": {"value": 3.1e-15, "text": "3.1 × 10⁻¹⁵", "tolerance": 1e-15},
            },
        }
    )


def files_of(
    page: str = "# Disc\n",
    files: dict[str, str] | None = None,
    figures: dict[str, str] | None = None,
) -> dict[str, str]:
    """A project with the page ``research/disc``, its *figures* and whatever other *files*."""
    figures = {"disc-area.svg": svg("disc-area")} if figures is None else figures
    return {
        "conf.py": CONF,
        "refs.bib": BIB,
        "index.md": "# Home\n\n```{toctree}\nresearch/disc\npapers\n```\n",
        "papers.md": PAPERS,
        "research/disc.md": page,
        "research/results/disc.json": results(figures=figures),
        "code/geometry/__init__.py": "from geometry.plane import Engine as Machine\n",
        "code/geometry/plane.py": CODE,
        **{f"research/figures/{name}": text for name, text in figures.items()},
        **(files or {}),
    }


@pytest.fixture(scope="session")
def parts() -> SimpleNamespace:
    """What a test may make files of."""
    return SimpleNamespace(CODE=CODE, svg=svg, frames=frames, results=results, files=files_of)


@pytest.fixture
def writeup(project: Callable[..., Any]) -> Callable[..., Any]:
    """Write the project of :func:`files_of`."""
    return lambda *args, **kwargs: project(files_of(*args, **kwargs))
