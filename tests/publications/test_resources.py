"""What stands beneath a paper in the list, in each kind of output, and the files beside it."""

import json
from html import unescape

import pytest

CONF = """
extensions = ["myst_parser", "sphinx_cv"]
myst_enable_extensions = ["colon_fence"]
project = author = copyright = "A"
version = "1"
html_theme = "basic"
bibtex_bibfiles = ["refs.bib"]
"""
BIB = r"""
@article{Old_1, author = {A. B.}, author+an = {1=equal}, title = {"Old" <i> & $x^2$}, journal = {J},
  year = 1999, doi = {10.1000/182}, url = {https://j.example.org/a_b}, openreview = {Abc},
  pdf = {https://x.org/p.pdf}, code = {https://x.org/c}, slides = {https://x.org/s},
  video = {https://x.org/v}, writeup = {research/old}, abstract = {One $y$ \& two.\par Three.}}
@misc{new, author = {C. D.}, title = {New}, year = 2001, eprint = {0704.0001}, eprinttype = {arXiv}}
@misc{bare, author = {E. F.}, title = {Bare}, year = 2002}
"""
FILES = {
    "conf.py": CONF,
    "refs.bib": BIB,
    "index.md": "# P\n\n:::{cv:publications}\n:::\n\n```{toctree}\nresearch/old\nfew\n```\n",
    "few.md": "# Few\n\n:::{cv:publications}\n:order: newest\n:limit: 2\n:::\n",
    "research/old.md": "# Old work\n\nText.\n",
}


def links(element):
    return [(a.text, a["href"]) for a in element.select(".cv-links a")]


def test_a_paper_links_to_whatever_it_has(project) -> None:
    built = project(FILES).build()
    assert not built.warnings
    old, new, bare = built.soup().select(".cv-publications > li")
    assert links(old) == [
        ("Publisher", "https://j.example.org/a_b"),
        ("PDF", "https://x.org/p.pdf"),
        ("OpenReview", "https://openreview.net/forum?id=Abc"),
        ("Code", "https://x.org/c"),
        ("Slides", "https://x.org/s"),
        ("Video", "https://x.org/v"),
        ("Write-up", "research/old.html"),
    ]
    assert old.select_one(".cv-links a")["title"] == 'Publisher: "Old" <i> & x²'
    assert links(new) == [("PDF", "https://arxiv.org/pdf/0704.0001")]
    assert links(bare) == []


def test_abstract_and_entry_open_without_a_script(project) -> None:
    built = project(FILES).build()
    old = built.soup().select_one(".cv-publications > li")
    abstract, bibtex = old.select("details")
    assert [d.summary["aria-label"] for d in (abstract, bibtex)] == [
        'Abstract: "Old" <i> & x²',
        'BibTeX: "Old" <i> & x²',
    ]
    assert [d.summary.text for d in (abstract, bibtex)] == ["Abstract", "BibTeX"]
    assert [p.text for p in abstract.select("p")][1] == "Three."
    assert abstract.select("math")
    text = bibtex.select_one("pre").text
    assert f"{text}\n" == (built.app.outdir / "publications/old-1.bib").read_text()
    assert text.startswith("@article{Old_1,\n  author   = {B., A.},\n")
    assert bibtex.select_one(".cv-downloads a")["href"] == "publications/old-1.bib"


def test_a_shortened_list_leaves_entries_to_the_full_one(project) -> None:
    built = project(FILES).build()
    few = built.soup("few")
    assert not few.select("details")
    assert not few.select(".cv-downloads")
    assert links(few) == [("PDF", "https://arxiv.org/pdf/0704.0001")]


def test_an_unknown_write_up_is_reported(project) -> None:
    built = project({**FILES, "refs.bib": BIB.replace("research/old", "research/odl")}).build()
    assert any("unknown document" in w and "research/odl" in w for w in built.warnings)


def test_a_link_that_leads_nowhere_is_reported(project) -> None:
    built = project({**FILES, "refs.bib": BIB.replace("https://x.org/c", "x.zip")}).build()
    assert built.warnings == [
        "refs.bib:4: WARNING: 'x.zip' in 'code' is not a web address; begin with https:// "
        "[cv.bib_identifier]"
    ]


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml"])
def test_files_are_where_the_links_lead(project, builder) -> None:
    index = "# P\n\n```{toctree}\nlist\nfew\nresearch/old\n```\n"
    deep = {**FILES, "index.md": index, "list.md": "# L\n\n:::{cv:publications}\n:::\n"}
    built = project(deep).build(builder)
    page = {"html": "list.html", "dirhtml": "list/index.html", "singlehtml": "index.html"}[builder]
    path = built.app.outdir / page
    soup = built.soup(page.removesuffix(".html"))
    hrefs = [a["href"] for a in soup.select(".cv-downloads a")]
    assert len(hrefs) == 5
    for href in hrefs:
        target = (path.parent / href).resolve()
        assert target.is_file(), href
        assert target.is_relative_to(built.app.outdir.resolve())


def test_files_follow_incremental_builds_and_nothing_else_is_written(project) -> None:
    built = project(FILES).build()
    out = built.app.outdir
    before = {path: path.stat().st_mtime_ns for path in out.glob("publications*/*.bib")}
    assert len(before) == 3
    built.write({"refs.bib": BIB.replace("{New}", "{Newer}").replace("@misc{bare", "@misc{barely")})
    built.build()
    assert "Newer" in (out / "publications.bib").read_text()
    assert "Newer" in built.text()
    assert [i["id"] for i in json.loads((out / "publications.json").read_text())] == [
        "Old_1", "new", "barely",
    ]  # fmt: skip
    after = {path: path.stat().st_mtime_ns for path in out.glob("publications*/*.bib")}
    assert {path.name for path in after} == {"old-1.bib", "new.bib", "barely.bib"}
    assert [p.name for p in before if after.get(p) == before[p]] == ["old-1.bib"]


def test_two_builds_write_the_same(project) -> None:
    def written(folder):
        out = project(FILES, folder).build(parallel=2).app.outdir
        return {p.name: p.read_bytes() for p in out.glob("publications*/*.bib")} | {
            p.name: p.read_bytes() for p in out.glob("publications.*")
        }

    first = written("one")
    assert len(first) == 5
    assert written("two") == first


def test_no_papers_no_files(project) -> None:
    files = {**FILES, "refs.bib": "", "research/old.md": "# O\n"}
    built = project(files).build()
    assert not list(built.app.outdir.glob("publications*"))


@pytest.mark.parametrize("builder", ["text", "latex", "man", "epub", "texinfo", "xml"])
def test_other_outputs_show_the_abstract_and_no_second_form(project, builder) -> None:
    built = project(FILES).build(builder)
    assert not [w for w in built.warnings if "cv" in w or "unknown node" in w], built.warnings
    suffixes = {"text": "*.txt", "latex": "*.tex", "man": "*.1", "texinfo": "*.texi",
                "xml": "*.xml", "epub": "*.xhtml"}  # fmt: skip
    output = unescape(
        "".join(p.read_text() for p in sorted(built.app.outdir.glob(suffixes[builder])))
    )
    assert "Three." in output
    assert "Code" in output
    assert ("@article" in output) == (builder == "epub")
    assert "publications/old" not in output
    assert not (built.app.outdir / "publications.bib").exists()


GROUPED = r"""
@article{a, author = {A. B.}, author+an = {1=equal}, title = {One}, journal = {J}, year = 1999}
@misc{b, author = {A. B.}, title = {Two}, year = 2001, eprint = {0704.0001}, eprinttype = {arXiv}}
@inproceedings{c, author = {A. B.}, title = {Three}, booktitle = {C}, year = 1999}
@article{d, author = {A. B.}, title = {Four}, journal = {J}, year = 2003, origdate = 2001,
  eprint = {0704.0002}, eprinttype = {arXiv}}
@misc{e, author = {A. B.}, title = {Five}}
@article{f, author = {A. B.}, title = {Six}, year = 2000,
  journal = {arXiv preprint arXiv:0704.0003}}
"""


def groups(built):
    return {
        section.select_one("h2").contents[0]: [
            e.text.strip(".") for e in section.select(".cv-title")
        ]
        for section in built.soup().select("section section")
    }


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (":group: kind", {"Journal articles": ["One", "Four"], "Conference papers": ["Three"],
                          "Preprints": ["Two", "Six"], "Other": ["Five"]}),
        (":group: year", {"2001": ["Two", "Four"], "2000": ["Six"], "1999": ["One", "Three"],
                          "Without a year": ["Five"]}),
        (":group: year\n:order: newest\n:limit: 3", {"2001": ["Two", "Four"], "2000": ["Six"]}),
        (":group: kind\n:keys: d, c",
         {"Journal articles": ["Four"], "Conference papers": ["Three"]}),
    ],
)  # fmt: skip
def test_a_list_in_groups(project, options, expected) -> None:
    text = f"# P\n\n:::{{cv:publications}}\n{options}\n:::\n"
    built = project({"conf.py": CONF, "refs.bib": GROUPED, "index.md": text}).build()
    assert not built.warnings
    assert groups(built) == expected
    assert list(groups(built)) == list(expected)
    complete = "limit" not in options and "keys" not in options
    assert len(built.domain.entries) == 6 * complete
    assert len(built.soup().select("section section:last-child > .cv-downloads")) == complete
    if complete:
        shown = [title for titles in expected.values() for title in titles]
        assert [entry.title for entry in built.domain.in_order()] == shown
        assert "* Equal contribution." in built.text()


def test_chosen_papers_come_in_the_order_asked_for(project) -> None:
    text = "# P\n\n:::{cv:publications}\n:keys: e, a, e\n:::\n\n"
    latest = ":::{cv:publications}\n:keys: a, b\n:order: newest\n:::\n"
    built = project({"conf.py": CONF, "refs.bib": GROUPED, "index.md": text + latest}).build()
    assert not built.warnings
    titles = [title.text.strip(".") for title in built.soup().select(".cv-title")]
    assert titles == ["Five", "One", "Two", "One"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (":group: years", "'years' is no way to group; did you mean 'year'?"),
        (":keys: a, zz", "there is no paper with the key 'zz'; known are a, b, c, d, e, f"),
        (":keys:", "the value is missing"),
    ],
)
def test_a_wrong_option_of_a_list_is_located(project, options, message) -> None:
    text = f"# P\n\n:::{{cv:publications}}\n{options}\n:::\n"
    built = project({"conf.py": CONF, "refs.bib": GROUPED, "index.md": text}).build("dummy")
    assert len(built.warnings) == 1
    assert built.warnings[0].startswith(("index.md:3: WARNING:", "index.md:4: WARNING:"))
    assert message in built.warnings[0]


def test_two_lists_in_groups_share_a_page(project) -> None:
    text = "# P\n\n" + ":::{cv:publications}\n:keys: a\n:group: year\n:::\n\n" * 2
    built = project({"conf.py": CONF, "refs.bib": GROUPED, "index.md": text}).build()
    assert not built.warnings
    ids = [section["id"] for section in built.soup().select("section section")]
    assert ids == ["publications-1999", "publications-1999-2"]
