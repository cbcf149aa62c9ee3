"""How long the site takes, against the same pages without the engine, in one run.

The pages of the portfolio are copied twice: as they are, with the portfolio's own
configuration; and with each entry written out as a heading and paragraphs, for furo,
myst-parser and sphinxcontrib-bibtex alone; figures and statements become those of Sphinx.
Both are built cold, again with nothing changed, and after a line of one page was edited; each
as a whole process, in turn, several times. What is printed are medians in seconds of the clock
and of the processor, and the median of the processor's ratios, which a busy machine disturbs
least.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
BARE_CONF = """
project = author = "Ada Lovelace"
extensions = ["myst_parser", "sphinxcontrib.bibtex"]
myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
bibtex_bibfiles = ["../refs.bib"]
html_theme = "furo"
exclude_patterns = ["_build"]
numfig = True
"""
STATEMENTS = {"theorem", "computed", "observation"}
_DIRECTIVE = re.compile(
    r"^:::\{cv:(?P<kind>\w+)\} *(?P<title>.*)\n(?P<options>(?::\w.*\n)*)(?P<body>(?s:.*?))^:::\n",
    re.M,
)


def bare(page: str) -> str:
    """A page without the engine's directives, saying the same."""

    def entry(match: re.Match[str]) -> str:
        if match["kind"] == "publications":
            return "```{bibliography}\n:all:\n```\n"
        if match["kind"] == "figure":
            return f":::{{figure}} {match['title']}\n{match['options']}{match['body']}:::\n"
        if match["kind"] in STATEMENTS:
            return f":::{{admonition}} {match['title']}\n\n{match['body']}:::\n"
        options = re.findall(r":(?!id|private)[\w-]+: (.*)\n", match["options"])
        heading = f"## {match['title']}\n\n" if match["title"] else ""
        return heading + "\n\n".join(options) + "\n\n" + match["body"]

    return re.sub(r"\{cv:\w+\}`([^`<]*)[^`]*`", r"\1", _DIRECTIVE.sub(entry, page))


def prepare(root: Path, *, with_engine: bool) -> Path:
    """Copy the portfolio; give the folder to build."""
    docs = root / "docs"
    shutil.copytree(ROOT / "docs", docs, ignore=shutil.ignore_patterns("_build"))
    shutil.copy(ROOT / "refs.bib", root)
    shutil.copytree(ROOT / "src" / "companions", root / "src" / "companions")
    if not with_engine:
        (docs / "conf.py").write_text(BARE_CONF, encoding="utf-8")
        lists = 0
        for path in sorted(docs.rglob("*.md")):
            text = bare(path.read_text(encoding="utf-8"))
            # A second full list would only make sphinxcontrib-bibtex warn.
            if "{bibliography}" in text and path.name == "index.md":
                text = text.replace(":all:", ":list: bullet\n:all:")
            lists += text.count("{bibliography}")
            path.write_text(text, encoding="utf-8")
        assert lists
    return docs


def build(docs: Path) -> tuple[float, float]:
    """Build the site in a process of its own; give the seconds of clock and processor."""
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-b",
        "html",
        "-q",
        "-d",
        "_build/doctrees",
        ".",
    ]
    started, before = time.perf_counter(), os.times()
    # The bare site has numbers of figures and entries cited twice to complain of.
    hidden = subprocess.DEVNULL
    subprocess.run([*command, "_build/html"], cwd=docs, check=True, stdout=hidden, stderr=hidden)
    after = os.times()
    used = sum(after[2:4]) - sum(before[2:4])  # of the children that have ended
    return time.perf_counter() - started, used


def edit(docs: Path, number: int) -> None:
    """Change one line of one section."""
    page = docs / "cv" / "experience.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(re.sub(r"(formalizing heuristic arguments)\d*", rf"\g<1>{number}", text))


def main(rounds: int = 7) -> None:
    """Measure and print."""
    seconds: dict[tuple[str, str], list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        sites = {
            name: prepare(Path(folder) / name, with_engine=name == "engine")
            for name in ("engine", "bare")
        }
        for docs in sites.values():  # compiles byte code, warms the disk
            build(docs)
        for number in range(rounds):
            for name, docs in sites.items():
                shutil.rmtree(docs / "_build")
                seconds.setdefault((name, "cold"), []).append(build(docs))
                seconds.setdefault((name, "no-op"), []).append(build(docs))
                edit(docs, number)
                seconds.setdefault((name, "edit"), []).append(build(docs))
    print(f"{'':8}{'engine':>16}{'bare':>16}{'ratio':>8}{'at most':>9}")
    print(f"{'':8}" + f"{'clock':>8}{'cpu':>8}" * 2)
    for what, most in (("cold", 1.3), ("no-op", 1.2), ("edit", None)):
        ours, theirs = seconds["engine", what], seconds["bare", what]
        numbers = [median(column) for runs in (ours, theirs) for column in zip(*runs, strict=True)]
        ratio = median(a / b for (_, a), (_, b) in zip(ours, theirs, strict=True))
        columns = "".join(f"{number:8.3f}" for number in numbers)
        print(f"{what:8}{columns}{ratio:8.2f}{most or '':>9}")
    pairs = zip(seconds["engine", "edit"], seconds["engine", "no-op"], strict=True)
    print(f"edit / no-op: {median(a / b for (_, a), (_, b) in pairs):.2f}, at most 1.5")


if __name__ == "__main__":
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    main(*map(int, sys.argv[1:]))
