"""Citations and bibliographies, by sphinxcontrib-bibtex with what it lacks."""

import pytest

from sphinx_cv.publications.formulas import as_text, hide, parts, shown_as_text

CONF = """
extensions = ["myst_parser", "sphinx_cv"]
myst_enable_extensions = ["colon_fence"]
project = author = copyright = "A"
version = "1"
html_theme = "basic"
bibtex_bibfiles = ["refs.bib"]
"""
BIB = r"""
@article{one, author = {Ann Ott}, journal = {J}, year = 2024,
  title = {Costs of \$5: {H$_2$O} and $\mathcal{L}^{(\alpha)}$ at 100\% in {Finland}}}
@misc{two, author = {Bo Bar}, title = {$x < Y$}, note = {about $z$}, year = 2023}
@article{three, author = {Cy}, title = {T}, journal = {On $p$}, year = 2022, note = {\$1 and \(q\)}}
"""
FILES = {"conf.py": CONF, "refs.bib": BIB}
FORMULAS = ["_2", r"\mathcal{L}^{(\alpha)}", "x < Y", "z", "p", "q"]


def page(text):
    return {**FILES, "index.md": f"# P\n\n{text}\n"}


ALL = "```{bibliography}\n:all:\n```\n"
LIST = ":::{cv:publications}\n:::\n"
FOOT = "{footcite}`one,two,three`\n\n```{footbibliography}\n```\n"


@pytest.mark.parametrize("text", [ALL, LIST, FOOT])
def test_formulas_are_mathematics_wherever_a_paper_is_shown(project, text) -> None:
    built = project(page(text)).build()
    assert not built.warnings
    soup = built.soup()
    found = [element.text for element in soup.select("math annotation")]
    assert sorted(found) == sorted(FORMULAS)
    for element in soup.select("math, pre, .cv-downloads"):
        element.decompose()
    shown = soup.select_one("div.body").text
    assert shown.count("$") == 2
    assert "$5" in shown
    assert "$1" in shown
    assert "100%" in shown
    assert "\\" not in shown


@pytest.mark.parametrize("text", [ALL, LIST, FOOT])
def test_formulas_are_mathematics_in_the_pdf(project, text) -> None:
    built = project({**page(text), "index.md": "# P\n\n```{toctree}\na\n```\n",
                     "a.md": f"# A\n\n{text}\n"}).build("typst")  # fmt: skip
    assert not built.warnings
    from pypdf import PdfReader

    reader = PdfReader(built.app.outdir / "portfolio.pdf")
    text = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    assert "\\" not in text
    assert "𝑥<𝑌" in text.replace(" ", "")
    assert "𝛼" in text
    assert text.count("$") == 2


def test_what_a_citation_says_when_hovered_is_text(project) -> None:
    built = project(page("{cite}`one`\n\n" + ALL)).build()
    title = built.soup().select_one(".bibtex-citation a")["title"]
    assert "osts of $5: H₂O and ℒ⁽ᵅ⁾ at 100%" in title


MACROS = {"RR": r"\mathbb{R}", "pow": ["#1^n", 1]}
MACRO_BIB = r"@article{m, author = {Ann Ott}, title = {On $\pow{\RR}$}, journal = {J}, year = 2024}"


def test_own_macros_are_known_where_titles_are_text(project) -> None:
    """In the window's title, tags, linked data, files, and what a citation says when hovered."""
    built = project({"conf.py": CONF, "refs.bib": MACRO_BIB,
                     "index.md": f"# P\n\n{{cite}}`m`\n\n{ALL}\n{LIST}"})  # fmt: skip
    built.build(cv_math_macros=MACROS)
    assert not built.warnings
    assert "On ℝⁿ" in built.soup().select_one(".bibtex-citation a")["title"]
    paper = built.soup("publications/m")
    assert paper.title.text.startswith("On ℝⁿ")
    assert paper.find("meta", attrs={"name": "citation_title"})["content"] == "On ℝⁿ"
    assert '"headline": "On ℝⁿ"' in paper.find("script", type="application/ld+json").text
    items = built.app.outdir / "publications.json"
    assert '"title": "On ℝⁿ"' in items.read_text(encoding="utf-8")
    # They follow a change of the macros.
    built.build(cv_math_macros=MACROS | {"RR": r"\mathbb{C}"})
    assert "On ℂⁿ" in items.read_text(encoding="utf-8")
    assert built.soup("publications/m").title.text.startswith("On ℂⁿ")


@pytest.mark.parametrize(
    "tex", ["", "a", "$x$", r"a $x$$y$ \$ b", r"$a$ $\$5$", "$\U0001d400$", "5 $"]
)
def test_what_is_hidden_comes_back(tex) -> None:
    hidden = hide(tex)
    shown = [f"${part}$" if math else part.replace("$", r"\$") for part, math in parts(hidden)]
    assert "".join(shown) == tex or tex == "5 $"
    assert shown_as_text(hidden) == as_text(tex)


PROBLEMS = {
    "bullet": (
        "{cite}`one`\n\n```{bibliography}\n:all:\n:list: bullet\n```\n",
        "index.md:3: WARNING: 'one' is cited, but is in a bibliography without labels; "
        "remove its ':list:', or write ':list: citation' [cv.bib_citation]",
    ),
    "nowhere": (
        "{cite}`one`",
        "index.md:3: WARNING: 'one' is cited, but is in no bibliography; add a {bibliography} "
        "[cv.bib_citation]",
    ),
    "labels": (
        "{cite}`one,two`\n\n```{bibliography}\n:style: plain\n:filter: key == 'one'\n```\n\n"
        "```{bibliography}\n:style: plain\n:filter: key == 'two'\n```\n",
        'index.md:10: WARNING: duplicate label "1" for keys "one" and "two"; '
        "give one of the lists a ':labelprefix:' [bibtex.duplicate_label]",
    ),
    "twice": (
        "{cite}`one`\n\n```{bibliography}\n```\n\n```{bibliography}\n```\n",
        'index.md:8: WARNING: duplicate local citation for key "one"; '
        "list it once, or give one of the lists a ':keyprefix:' "
        "[bibtex.duplicate_local_citation]",
    ),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_what_is_wrong_with_citations_is_said_with_what_to_do(project, name) -> None:
    text, message = PROBLEMS[name]
    built = project(page(text))
    for _ in range(2):
        assert message in built.build().warnings
        assert not [w for w in built.warnings if "could not find" in w or "Traceback" in w]


def test_ids_of_ones_own_for_citations_may_serve_two_lists(project) -> None:
    text = (
        "{cite}`one,two`\n\n```{bibliography}\n:filter: key == 'one'\n```\n\n"
        "```{bibliography}\n:filter: key == 'two'\n```\n"
    )
    built = project(page(text)).build(bibtex_cite_id="cite-{key}")
    assert not built.warnings
    links = [a["href"] for a in built.soup().select(".bibtex-citation a")]
    assert links == ["#cite-one", "#cite-two"]
    assert "[Bar23]" in built.soup().find(id="cite-two").text


def test_ids_that_really_collide_are_reported(project) -> None:
    built = project(page("{cite}`one`\n\n" + ALL)).build(bibtex_cite_id="cite")
    message = (
        "index.md:5: WARNING: the id 'cite' is that of another citation; put {key} and "
        "{bibliography_count} into bibtex_cite_id [cv.id]"
    )
    assert built.warnings == [message] * 2
