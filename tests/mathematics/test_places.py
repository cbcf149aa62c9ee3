"""Formulas wherever the engine sets text, on the page and in the PDF."""

from __future__ import annotations

import unicodedata

import pypdf
import pytest

CONF = """
extensions = ["myst_parser", "sphinx_cv"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
project = author = "Ada Lovelace"
html_theme = "basic"
bibtex_bibfiles = ["refs.bib"]
"""
FILES = {
    "conf.py": CONF,
    "refs.bib": """
@article{ada, author = {Lovelace, Ada}, title = {On $\\rho$ and more}, year = 1843,
 journal = {Memoirs}, abstract = {Of $\\upsilon$.}}
""",
    "index.md": """# Ada Lovelace

:::{cv:person} Ada Lovelace
:id: person
:::

:::{toctree}
work
research
publications
:::
""",
    "work.md": """# Work

:::{cv:work} Analyst of $\\alpha$
:id: analyst
:organization: Engine
:dates: 1842

Found $\\beta$ and

$$ \\gamma = 1 $$
:::
""",
    "publications.md": "# Publications\n\n:::{cv:publications}\n:::\n",
    "research.md": """# On the title $\\delta$

## A section on $\\epsilon$

A [link on $\\zeta$](https://example.org), see {eq}`euler`, *stress $\\eta$*. A note.[^n]

[^n]: With $\\theta$.

:::{figure} x.svg
:alt: a square

A caption with $\\kappa$
:::

:::{table} A table with $\\lambda$
| $\\mu$ | b |
|---|---|
| $\\nu$ | d |
:::

- item $\\xi$

> quote $\\pi$

:::{admonition} Note $\\sigma$
Inside $\\phi$.
:::

Term $\\chi$
: Meaning $\\psi$

```{math}
:label: euler
\\omega
```
""",
    "x.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect/></svg>',
}
#: What stands where, as a browser and Typst draw it.
PLACES = {
    "an entry": ("work", "αβγ"),
    "titles": ("research", "δϵ"),
    "links, stress and notes": ("research", "ζηθ"),
    "captions": ("research", "κλ"),
    "tables": ("research", "μν"),
    "blocks": ("research", "ξπσϕ"),
    "definitions": ("research", "χψ"),
    "a display": ("research", "ω"),
    "a publication": ("publications", "ρ"),
    "the page of a publication": ("publications/ada", "ρυ"),
}


def plain(text: str) -> set[str]:
    """The characters of *text* without their mathematical faces."""
    return set(unicodedata.normalize("NFKC", text))


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    from tests.conftest import Project

    return Project(tmp_path_factory.mktemp("places")).write(FILES)


@pytest.fixture(scope="module")
def site(project):
    built = project.build("html", out="_build")
    assert not built.warnings
    return built


@pytest.fixture(scope="module")
def pages(site):
    """The text of each page's formulas."""
    return {
        name: plain("".join(math.get_text() for math in site.soup(name).select("body math")))
        for name, _ in PLACES.values()
    }


@pytest.fixture(scope="module")
def portfolio(site):
    """The text of the PDF; no word of it is Greek but the formulas."""
    from tests.conftest import Project

    built = Project(site.root).build("typst", out="_pdf")
    assert not built.warnings
    reader = pypdf.PdfReader(built.app.outdir / "portfolio.pdf")
    return plain("".join(page.extract_text() for page in reader.pages))


@pytest.mark.parametrize("place", PLACES)
def test_formulas_on_the_page(pages, place):
    page, letters = PLACES[place]
    assert plain(letters) <= pages[page]


@pytest.mark.parametrize("place", [p for p in PLACES if p != "the page of a publication"])
def test_formulas_in_the_pdf(portfolio, place):
    assert plain(PLACES[place][1]) <= portfolio


def test_no_source_is_left_in_the_text(site):
    for name, _ in PLACES.values():
        body = site.soup(name).select_one("div.body")
        for source in body.select("annotation, pre"):
            source.decompose()
        assert "\\" not in body.get_text(), name
