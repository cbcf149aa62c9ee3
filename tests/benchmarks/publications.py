"""How long long lists of publications take, against sphinxcontrib-bibtex alone, in one run.

A made-up ``refs.bib`` is listed on one page: by ``{cv:publications}`` with the engine, and by
``{bibliography}`` with sphinxcontrib-bibtex alone and with the engine, all under furo. The papers
are those of somebody who is not the project's owner, so that none has a page of its own. Each
project is built cold and again with nothing changed, as processes of their own, in turn. Then the
owner wrote them all: what each page costs, in time beyond that of the list, and in HTML.

Counted is the time of the processor; a busy machine makes that longer, too, but alike for all.
"""

from __future__ import annotations

import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

_CONF = """
project = author = "Zoë Quilleret"
extensions = ["myst_parser", {extension!r}]
myst_enable_extensions = ["colon_fence", "dollarmath"]
bibtex_bibfiles = [{bibfile}]
html_theme = "furo"
exclude_patterns = ["_build"]
"""
_PERSON = ":::{{cv:person}} {owner}\n:::\n\n"
_LIST = ":::{cv:publications}\n:by: anyone\n:::\n"
_OWN_LIST = ":::{cv:publications}\n:::\n"
_BIBLIOGRAPHY = "```{bibliography}\n:all:\n```\n"
#: Name of the project -> its extension, its list, and whether its owner wrote the papers.
_PROJECTS = {
    "list": ("sphinx_cv", _LIST, False),
    "pages": ("sphinx_cv", _OWN_LIST, True),
    "bibliography": ("sphinx_cv", _BIBLIOGRAPHY, False),
    "upstream": ("sphinxcontrib.bibtex", _BIBLIOGRAPHY, False),
    "nothing": ("sphinx_cv", "Nothing.\n", False),
}
_SUBJECTS = (
    "Diffusion Models", "$H^1$-Regularity", "{M}arkov Chains", "{\\'E}tale Cohomology",
    "Learning in H{$_2$}O", "the {Wasserstein} Metric", "Sparse Graphs",
    "$\\mathcal{L}^{(\\alpha)}$ Processes",
)  # fmt: skip
_VERBS = ("Bounds for", "On", "Sampling from", "A Note on", "Concentration of", "Fast", "Rates for")
_FAMILIES = (
    "M{\\\"u}ller", "Erd{\\H{o}}s", "Doucet", "De Bortoli", "{\\O}ksendal", "Nguy{\\~{\\^e}}n",
    "Garc{\\'\\i}a M{\\'a}rquez", "van der Vaart", "Łojasiewicz", "Smith", "Zhang", "O'Connor",
)  # fmt: skip
_GIVEN = ("Anna", "Björn", "Chiara", "D.", "Émile", "Fumiko", "George", "Hana", "Ivo", "J{\\'u}lia")
_SENTENCE = (
    "We prove that the error of the method decays like $n^{-1/2}$ under the assumptions of "
    "earlier work, and that it can not decay faster."
)


def entry(number: int) -> str:
    """One entry; always the same for the same number."""
    chance = random.Random(number)
    people = [
        f"{chance.choice(_FAMILIES)}, {chance.choice(_GIVEN)}" for _ in range(chance.randint(1, 4))
    ]
    people.insert(chance.randrange(len(people) + 1), 'Quilleret, Zo{\\"e}')
    subjects = chance.sample(_SUBJECTS, 2)
    fields = {
        "author": " and ".join(people),
        "title": f"{chance.choice(_VERBS)} {subjects[0]} and {subjects[1]}, Part {number}",
        "year": str(1990 + number % 35),
    }
    match number % 4:
        case 0:
            kind = "article"
            fields |= {"journal": "Annals of Imaginary Results", "volume": str(number % 90 + 1),
                       "pages": f"{number % 300 + 1}--{number % 300 + 20}"}  # fmt: skip
        case 1:
            kind = "inproceedings"
            fields |= {"booktitle": "Proceedings of the Conference on Widgets"}
        case 2:
            kind = "misc"
            fields |= {"eprint": f"{number % 10 + 15}{number % 12 + 1:02}.{number:05}",
                       "eprinttype": "arXiv"}  # fmt: skip
        case _:
            kind = "article"
            fields |= {"journal": "{SIAM} J. Made-up Math.", "doi": f"10.5555/sjm.{number}",
                       "keywords": "sampling, bounds"}  # fmt: skip
    if number % 3 == 0:
        fields["abstract"] = " ".join([_SENTENCE] * chance.randint(2, 6))
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@{kind}{{quilleret{number},\n{lines}}}\n\n"


def bibliography(count: int) -> str:
    """A file with this many entries."""
    return "".join(map(entry, range(count)))


def prepare(folder: Path, name: str, count: int) -> Path:
    """Write the project with this name, and this many entries."""
    extension, text, own = _PROJECTS[name]
    folder.mkdir(parents=True)
    bibfile = "" if name == "nothing" else '"refs.bib"'
    conf = _CONF.format(extension=extension, bibfile=bibfile)
    (folder / "conf.py").write_text(conf, encoding="utf-8")
    person = _PERSON.format(owner="Zoë Quilleret" if own else "Nemo Nobody")
    head = person if extension == "sphinx_cv" else ""
    index = f"# Home\n\n{head}```{{toctree}}\npapers\n```\n"
    (folder / "index.md").write_text(index, encoding="utf-8")
    (folder / "papers.md").write_text(f"# Papers\n\n{text}", encoding="utf-8")
    (folder / "refs.bib").write_text(bibliography(count), encoding="utf-8")
    return folder


class Cost(NamedTuple):
    """What a build used."""

    #: Of the processor.
    seconds: float
    #: At its peak.
    megabytes: float


def build(folder: Path) -> Cost:
    """Build the website in a process of its own."""
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-q", "-W", "-d", "_build/doctrees"]
    process = subprocess.Popen(
        [*command, ".", "_build/html"], cwd=folder, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    errors = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, errors
    megabytes = used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return Cost(used.ru_utime + used.ru_stime, megabytes)


def measure(root: Path, names: list[str], count: int, rounds: int) -> dict[str, list[Cost]]:
    """Name of the project -> medians of cold builds and of those after them."""
    folders = {name: prepare(root / f"{name}-{count}", name, count) for name in names}
    costs: dict[str, list[list[Cost]]] = {name: [] for name in names}
    for _ in range(rounds):
        for name, folder in folders.items():
            shutil.rmtree(folder / "_build", ignore_errors=True)
            costs[name].append([build(folder), build(folder)])
    return {
        name: [Cost(*map(median, zip(*runs, strict=True))) for runs in zip(*found, strict=True)]
        for name, found in costs.items()
    }


def exponent(fewer: tuple[int, float], more: tuple[int, float]) -> float:
    """The power of the number with which the second grows."""
    return math.log(more[1] / fewer[1]) / math.log(more[0] / fewer[0])


def report_lists(root: Path, counts: list[int], rounds: int) -> None:
    """Measure and print the lists."""
    names = ["list", "bibliography", "upstream", "nothing"]
    print("Lists: seconds of the processor, MB at most")
    print(f"{'':8}" + "".join(f"{name:>24}" for name in names))
    print(f"{'entries':8}" + f"{'cold':>8}{'no-op':>8}{'MB':>8}" * len(names))
    beyond: dict[str, dict[int, float]] = {name: {} for name in names}
    for count in counts:
        found = measure(root, names, count, rounds if count <= 1000 else 1)
        columns = "".join(
            f"{cold.seconds:8.2f}{again.seconds:8.2f}{max(cold.megabytes, again.megabytes):8.0f}"
            for cold, again in found.values()
        )
        print(f"{count:<8}{columns}", flush=True)
        for name in names:
            beyond[name][count] = found[name][0].seconds - found["nothing"][0].seconds
        ratio = found["list"][0].seconds / found["upstream"][0].seconds
        more = found["list"][1].seconds - found["nothing"][1].seconds
        print(f"        cold, list / upstream: {ratio:.2f}", "(at most 0.5)" * (count == 1000))
        print(f"        no-op, list - nothing: {more:.2f} s", "(at most 0.1)" * (count == 1000))
    for name in names[:3]:
        *_, fewer, more_entries = beyond[name].items()
        print(
            f"{name}: beyond nothing, time grows with the power {exponent(fewer, more_entries):.2f}"
        )


def report_pages(root: Path, counts: list[int], rounds: int) -> None:
    """Measure and print what the pages of papers cost."""
    print("Pages of papers: beyond the list without them, each")
    print(f"{'papers':8}{'cold':>8}{'no-op':>8}{'MB':>8}{'ms':>8}{'KB':>8}{'largest':>9}")
    spent = {}
    for count in counts:
        found = measure(root, ["list", "pages"], count, rounds)
        (without, _), (cold, again) = found["list"], found["pages"]
        spent[count] = cold.seconds - without.seconds
        pages = (root / f"pages-{count}" / "_build" / "html" / "publications").glob("*.html")
        sizes = [path.stat().st_size / 1000 for path in pages]
        assert len(sizes) == count
        print(
            f"{count:<8}{cold.seconds:8.2f}{again.seconds:8.2f}{cold.megabytes:8.0f}"
            f"{1000 * spent[count] / count:8.1f}{sum(sizes) / count:8.1f}{max(sizes):9.1f}",
            flush=True,
        )
    print("at most 30 ms, and less than 20 KB")
    fewer, *_, more = spent.items()
    print(f"time grows with the power {exponent(fewer, more):.2f}")


def main(rounds: int = 3, largest: int = 10_000) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder) / "warm", "pages", 3)
        build(Path(folder) / "warm")  # compiles byte code, warms the disk
        report_lists(
            Path(folder) / "lists", [n for n in (100, 1000, 10_000) if n <= largest], rounds
        )
        report_pages(Path(folder) / "pages", [n for n in (250, 500, 1000) if n <= largest], rounds)


if __name__ == "__main__":
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    main(*map(int, sys.argv[1:]))
