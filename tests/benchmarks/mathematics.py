"""How long pages with 1,000 formulas take, against the same pages with Sphinx's default.

The default loads MathJax from another host and leaves all the work to the reader's browser.
The formulas are the corpus of the tests, each written anew for every use, so that none is read
twice. Both sites are built cold and again with nothing changed; each as a whole process, in
turn, several times. What is printed are medians in seconds of the clock and of the processor,
and the medians of the ratios of each pair of builds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

CORPUS = Path(__file__).parents[1] / "mathematics" / "corpus.txt"
FORMULAS = 1000
PAGES = 20
CONF = """
project = "formulas"
extensions = ["myst_parser"{engine}]
myst_enable_extensions = ["amsmath", "dollarmath"]
exclude_patterns = ["_build"]
"""


def formulas() -> list[tuple[str, bool]]:
    """TeX, all different, and whether it is a display: three in five stand within a line."""
    lines = CORPUS.read_text(encoding="utf-8").splitlines()
    # A label can be given once only.
    corpus = [x for x in lines if x and not x.startswith("#") and r"\label" not in x]
    made = []
    for number in range(FORMULAS):
        tex = corpus[number % len(corpus)]
        display = number % 5 > 2 or any(part in tex for part in (r"\begin", r"\\", r"\tag", "$"))
        made.append((f"{tex}% {number}" if display else f"{tex} q_{{{number}}}", display))
    return made


def prepare(root: Path, *, engine: bool) -> Path:
    """Write the site."""
    root.mkdir()
    extension = ', "sphinx_cv.mathematics"' if engine else ""
    (root / "conf.py").write_text(CONF.format(engine=extension), encoding="utf-8")
    pages = [f"page{number}" for number in range(PAGES)]
    listed = "\n".join(pages)
    (root / "index.md").write_text(f"# All\n\n```{{toctree}}\n{listed}\n```\n", encoding="utf-8")
    every = formulas()
    for number, page in enumerate(pages):
        parts = [f"# Page {number}"]
        for tex, display in every[number::PAGES]:
            parts.append(f"$$\n{tex}\n$$" if display else f"A formula ${tex}$ within a line.")
        (root / f"{page}.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return root


def build(docs: Path) -> tuple[float, float]:
    """Build the site in a process of its own; give the seconds of clock and processor."""
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-q", "-W", ".", "_build"]
    started, before = time.perf_counter(), os.times()
    subprocess.run(command, cwd=docs, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    used = sum(after[2:4]) - sum(before[2:4])  # of the children that have ended
    return time.perf_counter() - started, used


def main(rounds: int = 7) -> None:
    """Measure and print."""
    seconds: dict[tuple[str, str], list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        sites = {
            name: prepare(Path(folder) / name, engine=name == "engine")
            for name in ("engine", "default")
        }
        for docs in sites.values():  # compiles byte code, warms the disk
            build(docs)
        for _ in range(rounds):
            for name, docs in sites.items():
                shutil.rmtree(docs / "_build")
                seconds.setdefault((name, "cold"), []).append(build(docs))
                seconds.setdefault((name, "no-op"), []).append(build(docs))
    print(f"{FORMULAS} formulas on {PAGES} pages")
    print(f"{'':8}{'engine':>16}{'default':>16}{'ratio':>16}{'at most':>9}")
    print(f"{'':8}" + f"{'clock':>8}{'cpu':>8}" * 3)
    for what in ("cold", "no-op"):
        ours, theirs = seconds["engine", what], seconds["default", what]
        numbers = [median(column) for runs in (ours, theirs) for column in zip(*runs, strict=True)]
        numbers += [median(a[i] / b[i] for a, b in zip(ours, theirs, strict=True)) for i in (0, 1)]
        print(f"{what:8}" + "".join(f"{number:8.3f}" for number in numbers) + f"{1.05:>9}")


if __name__ == "__main__":
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    main(*map(int, sys.argv[1:]))
