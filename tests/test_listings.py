"""Summaries, the order of entries, publications and other builders."""

import pytest

CV = """\
# CV

:::{cv:education} Old
:id: old
:institution: U
:dates: 2010 – 2012
:::

:::{cv:education} New
:id: new
:institution: V
:dates: 2012 – Present
:::

:::{cv:project} Undated
:id: undated
:::

:::{cv:work} Job
:id: job
:organization: W
:dates: 2011 – 2020

With $x^2$ and a list:

1. one
:::
"""


def summary(built):
    return [" ".join(li.get_text().split()) for li in built.soup().select("ul.cv-summary > li")]


def page(options=""):
    return f"# Home\n\n:::{{cv:summary}}\n{options}\n:::\n\n```{{toctree}}\ncv\n```\n"


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        (":kinds: education", ["Old · U · 2010 – 2012", "New · V · 2012 – Present"]),
        (":kinds: education, work, project\n:order: newest",
         ["New · V · 2012 – Present", "Job · W · 2011 – 2020", "Old · U · 2010 – 2012", "Undated"]),
        (":kinds: work, education\n:order: newest\n:limit: 2",
         ["New · V · 2012 – Present", "Job · W · 2011 – 2020"]),
        (":kinds: award", []),
    ],
)  # fmt: skip
def test_a_summary_selects_and_orders(project, options, shown) -> None:
    built = project({"index.md": page(options), "cv.md": CV}).build()
    assert not built.warnings
    assert summary(built) == shown


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (":kinds: educaton", "there is no kind 'educaton'; did you mean 'education'?"),
        (":order: newst", "'newst' is no order; did you mean 'newest'?"),
    ],
)
def test_a_wrong_option_of_a_summary_is_located(project, option, message) -> None:
    built = project({"index.md": page(option), "cv.md": CV}).build("dummy")
    assert len(built.warnings) == 1
    assert built.warnings[0].startswith("index.md:4: WARNING:")
    assert message in built.warnings[0]


def test_a_summary_follows_incremental_builds(project) -> None:
    built = project({"index.md": page(":kinds: work"), "cv.md": CV}).build()
    assert summary(built) == ["Job · W · 2011 – 2020"]
    built.write({"cv.md": CV.replace("} Job", "} Big Job")}).build()
    assert summary(built) == ["Big Job · W · 2011 – 2020"]
    more = ":::{cv:work} More\n:organization: X\n:dates: 2021\n:::\n"
    built.write({"index.md": page(":kinds: work") + more}).build()
    assert summary(built) == ["More · X · 2021", "Big Job · W · 2011 – 2020"]


BIB = r"""
@article{b, author = {L\"onnrot, Elias and van der Berg, Jan and Steele, Jr., Guy L.},
  author+an = {1=equal; 3=equal,corresponding}, title = {The {K}alevala: $x^2$},
  journal = {Annals}, year = 1849, doi = {10.1000/182}}
@misc{a, author = {Elias Lönnrot}, title = {Songs?}, year = 1850, month = feb,
  eprint = {1901.00001}, archiveprefix = {arXiv}}
"""
CONF = """
extensions = ["myst_parser", "sphinx_cv"]
myst_enable_extensions = ["colon_fence"]
html_theme = "basic"
bibtex_bibfiles = ["refs.bib"]
"""
PAPERS = "# P\n\n:::{cv:person} E. Lönnrot\n:names: Elias Lönnrot\n:::\n\n:::{cv:publications}\n"


def test_publications_show_title_authors_and_venue(project) -> None:
    built = project({"conf.py": CONF, "refs.bib": BIB, "index.md": PAPERS + ":::\n"}).build()
    assert not built.warnings
    items = [
        " ".join(li.get_text().split()) for li in built.soup().select(".cv-publications > li > p")
    ]
    assert items == [
        "The Kalevala: x2x^2. Elias Lönnrot*, Jan van der Berg, Guy L. Steele, Jr.*✉. "
        "Annals, 1849. doi:10.1000/182",
        "Songs? Elias Lönnrot. arXiv preprint, arXiv:1901.00001",
    ]
    bold = [strong.text for strong in built.soup().select(".cv-publications strong")]
    assert bold == ["Elias Lönnrot"] * 2
    legend = built.soup().select_one(".cv-legend").text
    assert legend == "* Equal contribution. ✉ Corresponding author."
    assert {e.id for e in built.domain.entries.values() if e.kind == "publication"} == {"a", "b"}


@pytest.mark.parametrize(
    ("fields", "venue"),
    [
        ("year = 2024, month = 2, origdate = {2023-05}, eprint = {arXiv:2305.00001}",
         "arXiv preprint, arXiv:2305.00001. Published in Annals, February 2024"),
        ("year = 2024, volume = 8, number = 2, pages = {28--30}, origdate = {2023-05}, "
         "eprint = {arXiv:2305.00001}",
         "arXiv preprint, arXiv:2305.00001. Published in Annals, 2024, 8(2):28–30"),
        ("year = 2024, volume = 8, pages = {28--30}, eprint = {arXiv:2305.00001}",
         "Annals, 2024, 8:28–30. arXiv:2305.00001"),
        ("year = 2024, origdate = 1849", "Annals, 2024"),
    ],
)  # fmt: skip
def test_a_paper_says_what_came_first_and_where_it_appeared_since(project, fields, venue) -> None:
    bib = f"@article{{a, author = {{E. Lönnrot}}, title = {{T}}, journal = {{Annals}}, {fields}}}"
    built = project({"conf.py": CONF, "refs.bib": bib, "index.md": PAPERS + ":::\n"}).build()
    assert not built.warnings
    assert built.text(select=".cv-publications .cv-venue") == venue
    assert str(built.domain.entries["a"].dates) == ("May 2023" if "2023" in fields else "2024")


def test_the_latest_publications_are_no_second_objects(project) -> None:
    latest = PAPERS.replace(
        ":::{cv:publications}\n", ":::{cv:publications}\n:order: newest\n:limit: 1\n"
    )
    full = "# All\n\n:::{cv:publications}\n:::\n"
    files = {"index.md": latest + ":::\n\n```{toctree}\nall\n```\n", "all.md": full}
    built = project({"conf.py": CONF, "refs.bib": BIB, **files}).build()
    assert not built.warnings
    assert [li.get("id") for li in built.soup().select(".cv-publications > li")] == [None]
    assert "Songs?" in built.text()
    assert built.domain.entries["a"].docname == "all"


def test_the_owner_in_bold_follows_incremental_builds(project) -> None:
    built = project({"conf.py": CONF, "refs.bib": BIB, "index.md": PAPERS + ":::\n"}).build()
    built.write({"index.md": PAPERS.replace("Elias Lönnrot", "Jan van der Berg") + ":::\n"}).build()
    assert [s.text for s in built.soup().select(".cv-publications strong")] == ["Jan van der Berg"]


@pytest.mark.parametrize(
    "builder", ["text", "latex", "man", "epub", "texinfo", "xml", "singlehtml"]
)
def test_other_builders_render_entries(project, builder) -> None:
    timeline = ":::{cv:timeline}\n:::\n\n{cv:ref}`job`\n\n"
    built = project(
        {"index.md": page(":kinds: work").replace("```{toctree}", timeline + "```{toctree}"),
         "cv.md": CV, "conf.py": CONF + "project = author = 'A'\nversion = '1'\ncopyright = 'A'\n",
         "refs.bib": ""}
    ).build(builder)  # fmt: skip
    assert not [w for w in built.warnings if "cv" in w or "unknown node" in w], built.warnings
    suffixes = {"text": "*.txt", "latex": "*.tex", "man": "*.1", "texinfo": "*.texi",
                "xml": "*.xml", "epub": "*.xhtml", "singlehtml": "*.html"}  # fmt: skip
    outputs = sorted(built.app.outdir.glob(suffixes[builder]))
    output = "".join(path.read_text(encoding="utf-8") for path in outputs)
    for fact in ("Job", "W", "2011", "2020", "one"):
        assert fact in output
    if builder == "text":
        assert "Job\n===\n\nW\n\n2011 – 2020\n\nWith" in output
