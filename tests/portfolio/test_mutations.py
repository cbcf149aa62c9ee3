"""Random slips of the pen in the portfolio's pages and ``refs.bib``.

Whatever is broken, the build neither crashes nor hangs, and where something of the page
is lost a warning says so. "Lost" is measured against the unbroken page: a word of a line
that was not touched is gone from its text, an entry or a field of an entry is gone, or
a heading is.
"""

import random
import re
import shutil
import time
from collections import Counter
from pathlib import Path

import pytest
from docutils import nodes

ROOT = Path(__file__).parents[2]
PAGES = [*sorted((ROOT / "docs" / "cv").glob("*.md")), ROOT / "docs" / "index.md"]
CONF = """
extensions = ["myst_parser", "sphinx_cv"]
myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
html_theme = "basic"
bibtex_bibfiles = ["refs.bib"]
"""
SEED, ROUNDS = 20230601, 250

pytestmark = [pytest.mark.once, pytest.mark.long]

#: Fields that an entry may well not have: the loss of a whole line of these leaves no trace.
OPTIONAL = r"\s+(origdate|code|openreview|issn|doi|url|month|volume|number|pages)\s*="


def mutate(text: str, rng: random.Random) -> str:
    """One slip: a character dropped, doubled or swapped, a line dropped or doubled."""
    lines = text.splitlines(keepends=True)
    at = rng.randrange(len(text) - 1)
    number = rng.randrange(len(lines))
    slip = rng.choice(
        ["drop", "double", "swap", "fence", "drop line", "double line", "drop option"]
    )
    marks = [m.start() for m in re.finditer(r"[:{}`=@,\"#]", text)]
    if slip == "drop":
        return text[:at] + text[at + 1 :]
    if slip == "double":
        return text[:at] + text[at] + text[at:]
    if slip == "swap":
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if slip == "fence":
        at = rng.choice(marks)
        return text[:at] + text[at + 1 :]
    if slip == "double line":
        return "".join(lines[: number + 1] + lines[number:])
    if slip == "drop option":
        options = [n for n, line in enumerate(lines) if re.match(r"\s*:\w|\s+[\w+]+\s*=", line)]
        number = rng.choice(options or [number])
    return "".join(lines[:number] + lines[number + 1 :])


def touched(before: str, after: str) -> set[int]:
    """The lines (from 0) of the unbroken text that the slip changed."""
    old, new = before.splitlines(), after.splitlines()
    first = next(
        (n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b),
        min(len(old), len(new)),
    )
    last = next(
        (n for n, (a, b) in enumerate(zip(reversed(old), reversed(new), strict=False)) if a != b), 0
    )
    return set(range(first, max(first, len(old) - 1 - last) + 1))


def words(text: str) -> Counter:
    return Counter(re.findall(r"[^\W_]{3,}", text))


def snapshot(built, docname: str) -> dict[str, object]:
    doctree = built.app.env.get_doctree(docname)
    entries = [e for e in built.domain.entries.values() if e.docname == docname]
    return {
        "words": words(doctree.astext()),
        "entries": len(entries),
        "fields": sum(len(e.fields) for e in entries),
        "headings": len(list(doctree.findall(nodes.title))),
        "queries": len(built.domain.queries.get(docname, ())),
    }


def lost(before: dict, after: dict, source: str, changed: set[int]) -> list[str]:
    """What the unbroken page had and the broken one has not."""
    lines = source.splitlines()
    # What stands on a touched line may be shown otherwise, and more than once.
    excused = words("\n".join(lines[n] for n in changed if n < len(lines)))
    missing = [
        word
        for word, count in before["words"].items()
        if word not in excused and after["words"][word] < count
    ]
    return missing + [
        f"{before[what] - after[what]} of the {what}"
        for what in ("entries", "fields", "headings", "queries")
        if after[what] < before[what]
    ]


def texts() -> dict[str, str]:
    """The CV's pages and its papers by name, without the write-ups and their literature."""
    pages = {
        path.relative_to(ROOT / "docs").as_posix(): path.read_text(encoding="utf-8")
        for path in PAGES
    }
    papers = (ROOT / "refs.bib").read_text(encoding="utf-8").partition("% Literature")[0]
    return {**pages, "refs.bib": papers}


@pytest.fixture
def portfolio(project):
    files = {"conf.py": CONF, "research/index.md": "# Research\n", **texts()}
    built = project(files).build("dummy")
    assert not built.warnings
    return built


@pytest.mark.parametrize("broken_file", ["pages", "refs.bib"])
def test_a_slip_is_survived_and_a_loss_reported(portfolio, broken_file) -> None:
    rng = random.Random(SEED)
    whole = texts()
    pages = [name.removesuffix(".md") for name in whole if name.endswith(".md")]
    names = [name for name in whole if name.endswith(".md") == (broken_file == "pages")]
    before = {docname: snapshot(portfolio, docname) for docname in pages}
    silent = []
    read = portfolio.root.with_name("read")
    shutil.copytree(portfolio.root, read)
    for _ in range(ROUNDS):
        name = rng.choice(names)
        docname = name.removesuffix(".md") if broken_file == "pages" else "cv/publications"
        source = whole[name]
        broken = mutate(source, rng)
        dropped = [line for line in source.splitlines() if line not in broken.splitlines()]
        if len(broken.splitlines()) < len(source.splitlines()) and re.match(
            OPTIONAL, "".join(dropped)
        ):
            continue
        started = time.process_time()
        portfolio.write({name: broken}).build("dummy")
        assert time.process_time() - started < 10, broken
        changed = touched(source, broken)
        gone = lost(before[docname], snapshot(portfolio, docname), source, changed)
        if gone and not portfolio.warnings:
            lines = source.splitlines()
            silent.append(
                f"{name}: {[lines[n] for n in sorted(changed) if n < len(lines)]} -> {gone}"
            )
        # With the times of its files, so that nothing but the next slip is to be read.
        shutil.rmtree(portfolio.root)
        shutil.copytree(read, portfolio.root)
    assert not silent, "\n".join(silent)
