"""A page that names a paper in its front matter is the page of that paper."""

import json
from urllib.parse import parse_qsl

import pytest

CONF = """
extensions = ["myst_parser", "sphinx_cv"]
myst_enable_extensions = ["colon_fence"]
project = author = "A"
html_theme = "basic"
html_baseurl = "https://a.example.org/cv/"
bibtex_bibfiles = ["refs.bib"]
"""
BIB = r"""
@article{Ott:2024+a, author = {Ann Ott and Bo Bar}, author+an = {1=equal; 2=equal}, title = {On $x^2$},
  journal = {Annals}, year = 2024, volume = 8, pages = {28--30}, origdate = {2023-05},
  eprint = {0704.0001}, eprinttype = {arXiv}, code = {https://x.org/c}, abstract = {We $y$.}}
@misc{other, author = {Ann Ott}, title = {Other}, year = 2020}
@misc{theirs, author = {Bo Bar}, title = {Theirs}, year = 2021}
"""  # noqa: E501
WRITE = "---\npublication: Ott:2024+a\n---\n# A write-up\n\nText {cite}`theirs`.\n"
FILES = {
    "conf.py": CONF,
    "refs.bib": BIB,
    "index.md": "# P\n\n:::{cv:person} Ann Ott\n:id: ann\n:::\n\n"
    ":::{cv:publications}\n:limit: 1\n:::\n\n"
    "{cv:ref}`Ott:2024+a`, {cv:publication}`other`\n\n"
    "```{toctree}\nlist\nresearch/write\nsecond\n```\n",
    "list.md": "# The list\n\n:::{cv:publications}\n:::\n",
    "research/write.md": WRITE,
    "second.md": "# Second\n\nOf {cite}`Ott:2024+a`.\n\n```{bibliography}\n```\n",
}  # fmt: skip
OTT = "ott-2024-a"


def links(element):
    return {a.text: a["href"] for a in element.select("a[href]")}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    from tests.conftest import Project

    return Project(tmp_path_factory.mktemp("writeups")).write(FILES).build()


def test_all_links_to_the_paper_lead_to_its_write_up(built) -> None:
    assert not built.warnings
    assert not (built.app.outdir / f"publications/{OTT}.html").exists()
    item = built.soup("list").select_one(f"#{OTT}")
    assert item.select_one(".cv-title a")["href"] == "research/write.html"
    assert links(item.select_one(".cv-links")) == {
        "PDF": "https://arxiv.org/pdf/0704.0001",
        "Code": "https://x.org/c",
        "Write-up": "research/write.html",
    }
    other = built.soup("list").select_one("#other")
    assert other.select_one(".cv-title a")["href"] == "publications/other.html"
    assert "Write-up" not in links(other)
    index = built.soup()
    assert index.select_one(".cv-title a")["href"] == "research/write.html"
    found = {a.text: a["href"] for a in index.select("p a.reference.internal")}
    assert found["On x²"] == "research/write.html"
    assert found["Other"] == "publications/other.html"
    sitemap = (built.app.outdir / "sitemap.xml").read_text()
    assert sitemap.count("write.html") == 1
    assert OTT not in sitemap


def test_the_page_shows_the_paper_and_leads_back(built) -> None:
    page = built.soup("research/write")
    box = page.select_one("h1 + .cv-about")
    assert box.select_one(".cv-authors").text == "Ann Ott*, Bo Bar*"
    assert [strong.text for strong in box.select("strong")] == ["Ann Ott"]
    venue = box.select_one(".cv-venue").text
    assert venue == "arXiv preprint, arXiv:0704.0001. Published in Annals, 2024, 8:28–30"
    assert box.select_one(".cv-title math")
    assert box.select_one(".cv-legend").text == "* Equal contribution."
    assert links(box.select_one(".cv-links")) == {
        "PDF": "https://arxiv.org/pdf/0704.0001",
        "Code": "https://x.org/c",
    }
    assert box.select_one(".cv-downloads a")["href"] == f"../publications/{OTT}.bib"
    assert links(page.select_one(".cv-backlinks")) == {
        "The list": f"../list.html#{OTT}",
        "P": "../index.html",
        "Second": "../second.html",
    }


def test_the_page_carries_what_programs_look_for(built) -> None:
    page = built.soup("research/write")
    named = [(m["name"], m["content"]) for m in page.select("meta[name^=citation_]")]
    assert ("citation_title", "On x²") in named
    assert ("citation_author", "Bo Bar") in named
    data = json.loads(page.select_one("script[type='application/ld+json']").string)
    assert data["url"] == "https://a.example.org/cv/research/write.html"
    assert data["@type"] == "ScholarlyArticle"
    coins = dict(parse_qsl(page.select_one("span.Z3988")["title"]))
    assert coins["rft.atitle"] == "On x²"
    assert not built.soup("second").select("meta[name^=citation_], span.Z3988")


def test_others_find_the_paper_by_its_key(built) -> None:
    from sphinx.util.inventory import InventoryFile

    data = (built.app.outdir / "objects.inv").read_bytes()
    inventory = InventoryFile.loads(data, uri="").data
    papers = {key: item.uri for key, item in inventory["cv:publication"].items()}
    cited = {key: item.uri for key, item in inventory["cite:citation"].items()}
    assert list(cited) == ["Ott:2024+a", "theirs"]
    page, _, anchor = cited["theirs"].partition("#")
    assert "Theirs" in built.soup(page.removesuffix(".html")).find(id=anchor).text
    assert inventory["cite:citation"]["theirs"].display_name == "[Bar21]"
    assert papers == {"Ott:2024+a": "research/write.html", "other": "publications/other.html"}


@pytest.mark.parametrize("builder", ["dirhtml", "singlehtml", "text", "latex", "epub", "typst"])
def test_other_outputs_show_the_paper(project, builder) -> None:
    files = {**FILES, "conf.py": CONF + 'copyright = "A"\nversion = "1"\ncv_pdf_pages = ["list"]\n'}
    built = project(files).build(builder)
    assert not [w for w in built.warnings if "[cv" in w or "unknown node" in w], built.warnings
    if builder == "dirhtml":
        page = built.soup("list/index")
        assert links(page)["Write-up"] == "../research/write/"
        assert built.soup("research/write/index").select_one("h1 + .cv-about")
    elif builder == "typst":
        from pypdf import PdfReader

        reader = PdfReader(built.app.outdir / "portfolio.pdf")
        text = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
        after = text.rpartition("A write-up")[2]
        assert "Ann Ott*, Bo Bar*" in after
        assert "Published in Annals, 2024, 8:28–30" in after
        assert "PDF · Code" in after
    else:
        suffix = {"singlehtml": "*.html", "text": "*.txt", "latex": "*.tex", "epub": "*.xhtml"}
        output = "".join(p.read_text() for p in sorted(built.app.outdir.rglob(suffix[builder])))
        assert output.count("Ann Ott") >= 2


PROBLEMS = {
    "unknown": ("Ott:2024+b", "no paper has the key 'Ott:2024+b'; did you mean 'Ott:2024+a'?"),
    "near": ("other2", "no paper has the key 'other2'; did you mean 'other'?"),
    "list": ("[other, Ott:2024+a]", "a page is about one paper: write 'publication: key'"),
    "several": ("\n  - other", "a page is about one paper: write 'publication: key'"),
    "nothing": ("", "a page is about one paper: write 'publication: key'"),
    "theirs": ("theirs", "'theirs' is not by Ann Ott, whose papers alone have pages; cite it"),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_page_of_no_paper_is_reported_at_its_line(project, name) -> None:
    value, message = PROBLEMS[name]
    write = WRITE.replace("---\n", "---\n# Mine.\n", 1).replace("Ott:2024+a", value)
    built = project({**FILES, "research/write.md": write})
    for _ in range(2):
        expected = [f"research/write.md:3: WARNING: {message} [cv.publication]"]
        assert built.build().warnings == expected
        assert (built.app.outdir / f"publications/{OTT}.html").exists()
        assert not built.soup("research/write").select(".cv-about, .Z3988")


def test_two_pages_of_one_paper_are_reported(project) -> None:
    second = WRITE.replace("{cite}`theirs`", "")
    built = project({**FILES, "second.md": FILES["second.md"].replace("# ", second)}).build()
    assert built.warnings == [
        "second.md:2: WARNING: research/write.md is the page of the paper 'Ott:2024+a' already; "
        "remove 'publication' from one [cv.publication]"
    ]


def test_another_write_up_in_the_entry_is_reported(project) -> None:
    bib = BIB.replace("code =", "writeup = {second}, code =")
    built = project({**FILES, "refs.bib": bib}).build()
    assert built.warnings == [
        "research/write.md:2: WARNING: this page is that of 'Ott:2024+a', but its field 'writeup' "
        "names 'second'; remove one [cv.publication]"
    ]
    built.write({"refs.bib": bib.replace("{second}", "{research/write}")}).build()
    assert not built.warnings
    assert built.text("list").count("Write-up") == 1


@pytest.mark.parametrize("parallel", [0, 2])
def test_incremental_builds_are_like_fresh_ones(project, parallel) -> None:
    def pages(built):
        root = built.app.outdir
        paths = [*root.rglob("*.html"), root / "objects.inv", root / "sitemap.xml"]
        return {str(p.relative_to(root)): p.read_bytes() for p in paths if p.exists()}

    plain = WRITE.partition("---\n# ")[2]
    steps = [
        {"research/write.md": f"# {plain}"},
        {"research/write.md": WRITE},
        {"refs.bib": BIB.replace("{Annals}", "{Proceedings}")},
        {"second.md": WRITE, "research/write.md": f"# {plain}"},
        {"research/write.md": None, "index.md": FILES["index.md"].replace("research/write\n", "")},
        {"second.md": WRITE.replace("Ott:2024+a", "other")},
    ]
    built = project(FILES).build(parallel=parallel)
    state = dict(FILES)
    for number, step in enumerate(steps):
        state = {name: text for name, text in {**state, **step}.items() if text is not None}
        built.write(step).build(parallel=parallel)
        fresh = project(state, f"fresh{number}").build()
        assert built.warnings == fresh.warnings
        assert pages(built) == pages(fresh), number


KEYS = ["DBLP:conf/x", "C_D", "e+f", "x.y-z", "Ünï", "1843"]


def test_any_key_works_as_it_is_written(project) -> None:
    """Within the project, and from another one by its inventory."""
    bib = "".join(f"@misc{{{key}, author = {{A. B.}}, title = {{T {key}}}}}\n" for key in KEYS)
    text = " ".join(f"{{cv:ref}}`{key}`" for key in KEYS)
    cite = ",".join(KEYS)
    lists = ":::{cv:publications}\n:::\n"
    ours = project({
        "conf.py": CONF, "refs.bib": bib, "list.md": f"---\norphan: true\n---\n# L\n\n{lists}",
        "index.md": f"# P\n\n{text} {{cite}}`{cite}`\n\n```{{bibliography}}\n```\n",
    }).build()  # fmt: skip
    assert not ours.warnings
    found = {a.text: a["href"] for a in ours.soup().select("p > a.internal[title]")}
    pages = {path.name for path in (ours.app.outdir / "publications").glob("*.html")}
    assert {href.removeprefix("publications/") for href in found.values()} == pages
    assert list(found) == [f"T {key}" for key in KEYS]
    mapping = {"ours": ("https://ours.org/", str(ours.app.outdir / "objects.inv"))}
    conf = CONF.replace('"sphinx_cv"', '"sphinx_cv", "sphinx.ext.intersphinx"')
    conf += f"intersphinx_mapping = {mapping!r}\n"
    cites = " ".join(f"{{external+ours:cite:t}}`{key}`" for key in KEYS)
    lab = project({"conf.py": conf, "refs.bib": "", "index.md": f"# L\n\n{text} {cites}\n"}, "lab")
    assert not lab.build().warnings
    links = [a["href"] for a in lab.soup().select("a.external")]
    assert links[: len(KEYS)] == [f"https://ours.org/{href}" for href in found.values()]
    cited = [href.partition("index.html#")[2] for href in links[len(KEYS) :]]
    assert [ours.soup().find(id=anchor).name for anchor in cited] == ["div"] * len(KEYS)


def test_a_slip_in_a_key_is_suggested(project) -> None:
    index = FILES["index.md"].replace("{cv:publication}`other`", "{cv:ref}`ott-2024-a`")
    built = project({**FILES, "index.md": index}).build()
    assert len(built.warnings) == 1
    assert "there is no entry 'ott-2024-a' to refer to" in built.warnings[0]
    assert "did you mean 'Ott:2024+a'?" in built.warnings[0]
