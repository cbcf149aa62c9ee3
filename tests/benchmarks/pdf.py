"""How long the PDFs take, each time as a whole process.

``cv.pdf`` of the portfolio's CV, with the papers on it, from a cold start and from doctrees that
are there, against Sphinx's start with the same configuration; with ``--rendercv PROGRAM`` also
against RenderCV on its own sample, PDF only (it wants the Typst package ``fontawesome`` cached).
All in turn, several times; medians in seconds of the clock and of the processor, and of both
ratios.
Then pages of mathematics: seconds, peak memory, and the exponent of time in pages.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from math import log
from pathlib import Path
from statistics import linear_regression, median

import pypdf

ROOT = Path(__file__).parents[2]
START = "from sphinx.application import Sphinx; import sys; Sphinx(*sys.argv[1:], status=None)"
CONF = """
project = author = "Ada"
extensions = ["myst_parser", "sphinx_cv"]
myst_enable_extensions = ["dollarmath"]
"""


def run(command: list[str], folder: Path) -> tuple[float, float, float]:
    """Seconds of the clock, seconds of the processor, and the peak in MiB."""
    started = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            raise SystemExit(output.read().decode())
    return time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def sphinx(docs: Path, out: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "sphinx", "-q", "-b", "typst", *options, str(docs), str(out)]


def cv_alone(folder: Path) -> Path:
    """The portfolio without its write-ups and the literature that they cite."""
    docs = folder / "portfolio" / "docs"
    shutil.copytree(ROOT / "docs", docs, ignore=shutil.ignore_patterns("_build", "research"))
    owner = re.search(r'^project = author = ".* (\w+)"$', (docs / "conf.py").read_text(), re.M)
    entries = re.split(r"^(?=@)", (ROOT / "refs.bib").read_text(), flags=re.MULTILINE)
    own = "".join(entry for entry in entries if owner and owner[1] in entry)
    (docs.parent / "refs.bib").write_text(own)
    return docs


def compare(folder: Path, rendercv: str | None, rounds: int) -> None:
    """Print the times of the CV."""
    docs = cv_alone(folder)
    hushed = ["-D", "suppress_warnings=git,toc,myst"]
    start = [str(folder / name) for name in ("start", "start/doctrees")]
    again = folder / "read again"
    commands = {
        "cold": sphinx(docs, folder / "cold", *hushed, "-E", "-d", str(again)),
        "warm": sphinx(docs, folder / "warm", *hushed, "-d", str(folder / "read")),
        "start": [sys.executable, "-c", START, str(docs), str(docs), *start, "dummy"],
    }
    if rendercv:
        subprocess.run([rendercv, "new", "Ada Lovelace"], cwd=folder, check=True)
        sample = next(folder.glob("*_CV.yaml")).name
        commands["RenderCV"] = [rendercv, "render", sample, "-nomd", "-nopng"]
    figures: dict[str, list[tuple[float, float, float]]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            shutil.rmtree(again, ignore_errors=True)
            figure = run(command, folder)
            if number:  # the first is to warm up
                figures[name].append(figure)
    for name, runs in figures.items():
        clock, processor, memory = (median(column) for column in zip(*runs, strict=True))
        print(f"{name:9} {clock:6.2f} s  processor {processor:5.2f} s  peak {memory:4.0f} MiB")
    over = [w[1] - s[1] for w, s in zip(figures["warm"], figures["start"], strict=True)]
    print(f"warm, over Sphinx's start: {median(over):.2f} s of the processor")
    if rendercv:
        pairs = list(zip(figures["cold"], figures["RenderCV"], strict=True))
        clock, processor = (median(o[n] / r[n] for o, r in pairs) for n in (0, 1))
        print(f"cold, against RenderCV: {clock:.2f} of the clock, {processor:.2f} of the processor")


def mathematics(folder: Path, count: int) -> Path:
    """A project of *count* write-ups full of formulas."""
    docs = folder / f"mathematics-{count}"
    docs.mkdir()
    names = [f"page{number}" for number in range(count)]
    contents = "\n".join(names)
    (docs / "conf.py").write_text(CONF, encoding="utf-8")
    (docs / "index.md").write_text(f"# M\n\n```{{toctree}}\n{contents}\n```\n", encoding="utf-8")
    for page, name in enumerate(names):
        text = f"# Page {page}\n"
        for row in range(25):
            text += (
                f"\nLet $f_{{{row}}}(x) = \\int_0^{{{row}}} e^{{-x^2/2}}\\,dx$, as in "
                f"{{eq}}`e{page}x{row}`, be given, with words that fill the line.\n\n"
                f"```{{math}}\n:label: e{page}x{row}\n\\sum_{{j=1}}^{{{page}}} \\frac{{\\partial "
                f"f_{{{row}}}}}{{\\partial x_j}} = \\sqrt{{1 + \\alpha_{{{page}}}^2}}\n```\n"
            )
        (docs / f"{name}.md").write_text(text, encoding="utf-8")
    return docs


def scale(folder: Path) -> None:
    """Print the times of pages of mathematics: the least of several, as noise only adds."""
    empty = least(folder, 1)[1]
    points = []
    for count in (12, 24, 48, 96, 192):
        clock, processor, memory = least(folder, count)
        pages = len(pypdf.PdfReader(folder / f"out-{count}" / "portfolio.pdf").pages)
        points.append((log(pages), log(processor - empty)))
        print(f"{pages:4} pages {clock:6.2f} s  processor {processor:6.2f} s  {memory:5.0f} MiB")
    exponent = linear_regression(*zip(*points, strict=True)).slope
    print(f"exponent of time in pages, less that of one write-up: {exponent:.2f}")


def least(folder: Path, count: int, rounds: int = 3) -> tuple[float, float, float]:
    """The least that *count* write-ups took, from a cold start."""
    docs, out = mathematics(folder, count), folder / f"out-{count}"
    runs = []
    for _ in range(rounds):
        shutil.rmtree(out, ignore_errors=True)
        runs.append(run(sphinx(docs, out), folder))
    clock, processor, memory = (min(column) for column in zip(*runs, strict=True))
    return clock, processor, memory


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rendercv", help="RenderCV's program")
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as name:
        compare(Path(name), given.rendercv, given.rounds)
        scale(Path(name))
