"""How long long lists of publications take, against sphinxcontrib-bibtex alone, in one run.

A made-up ``refs.bib`` is listed on one page: by ``{cv:publications}`` with the engine, and by
``{bibliography}`` without it, both under furo; and beside them stands the same project with the
engine and no bibliography. Each is built cold and again with nothing changed, as a process of
its own. Then 250, 500 and 1,000 papers with a page each, against the same lists without pages.
"""

from __future__ import annotations

import math
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

OWNER = 'Zo{\\"e} Quilleret'
_CONF = """
project = author = "Zoë Quilleret"
extensions = ["myst_parser", {extension!r}]
myst_enable_extensions = ["colon_fence", "dollarmath"]
bibtex_bibfiles = [{bibfile}]
html_theme = "furo"
exclude_patterns = ["_build"]
"""
_PERSON = ":::{cv:person} Zoë Quilleret\n:::\n\n"
_SUBJECTS = (
    "Diffusion Models", "$H^1$-Regularity", "{M}arkov Chains", "{\\'E}tale Cohomology",
    "Learning in H{$_2$}O", "the {Wasserstein} Metric", "Sparse Graphs", "$\\mathcal{L}^{(\\alpha)}$ Processes",
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


class Cost(NamedTuple):
    """What a build used."""

    #: Of the processor.
    seconds: float
    #: At its peak.
    megabytes: float


def build(folder: Path) -> Cost:
    """Build the website in a process of its own."""
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-q", "-d", "_build/doctrees", "."]
    process = subprocess.Popen(
        [*command, "_build/html"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    errors = process.stderr.read().decode()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, errors
    megabytes = used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return Cost(used.ru_utime + used.ru_stime, megabytes)
