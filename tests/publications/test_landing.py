"""The page of a paper, and what other programs find in it."""

import json
from html.parser import HTMLParser
from urllib.parse import parse_qsl

import pytest
from bs4 import BeautifulSoup

CONF = """
extensions = ["myst_parser", "sphinx_cv"]
myst_enable_extensions = ["colon_fence"]
project = author = "A"
html_theme = "basic"
html_baseurl = "https://a.example.org/cv/"
bibtex_bibfiles = ["refs.bib"]
"""
BIB = r"""
@article{Real_1, author = {Ann van der Ott and {Barnes and Noble} and Guy L. {Steele, Jr.} and others},
  author+an = {1=equal}, title = {On $x^2 < y$ in {Finland}}, journal = {Annals}, year = 2024,
  month = feb, volume = 8, number = 2, pages = {28--30}, issn = {1234-5679}, doi = {10.1000/182},
  origdate = {2023-05}, eprint = {0704.0001}, eprinttype = {arXiv}, writeup = {write},
  abstract = {We $\alpha$.}}
@inproceedings{conf, author = {A. B.}, title = {Talk}, booktitle = {Proc. of C}, year = 2020, pages = 7}
@phdthesis{thesis, author = {A. B.}, title = {Thesis}, school = {U of V}, year = 2021}
@misc{plain, author = {A. B.}, title = {Plain}}
"""  # noqa: E501
FILES = {
    "conf.py": CONF,
    "refs.bib": BIB,
    "index.md": "# P\n\n```{toctree}\nlist\nwrite\n```\n",
    "list.md": "# The list\n\n:::{cv:publications}\n:::\n",
    "write.md": "# Write\n\nOf {cv:ref}`Real_1`.\n",
}
REAL, CONF_PAGE, THESIS = (f"publications/{name}" for name in ("real-1", "conf", "thesis"))


def tags(soup):
    return [
        (meta["name"].removeprefix("citation_"), meta["content"])
        for meta in soup.select("meta[name^=citation_]")
    ]


def linked_data(soup):
    return json.loads(soup.select_one("script[type='application/ld+json']").string)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    from tests.conftest import Project

    return Project(tmp_path_factory.mktemp("landing")).write(FILES).build()


def test_the_list_and_the_page_lead_to_each_other(built) -> None:
    assert not built.warnings
    title = built.soup("list").select_one("#real-1 .cv-title a")
    assert title["href"] == "publications/real-1.html"
    page = built.soup(REAL)
    assert page.h1.contents[0] == "On "
    assert page.h1.select_one("math")
    assert {a.text: a["href"] for a in page.select(".cv-links a, .cv-backlinks a")} == {
        "PDF": "https://arxiv.org/pdf/0704.0001",
        "Write-up": "../write.html",
        "BibTeX": "real-1.bib",
        "The list": "../list.html#real-1",
        "Write": "../write.html",
    }
    # Which the page shows above.
    abstract = "  abstract      = {We $\\alpha$.},\n"
    file = (built.app.outdir / "publications/real-1.bib").read_text()
    assert abstract in file
    assert page.pre.text + "\n" == file.replace(abstract, "")


def test_tags_are_those_that_google_scholar_asks_for(built) -> None:
    assert tags(built.soup(REAL)) == [
        ("title", "On x² < y in Finland"),
        ("author", "Ann van der Ott"),
        ("author", "Barnes and Noble"),
        ("author", "Guy L. Steele, Jr."),
        ("publication_date", "2024/02"),
        ("journal_title", "Annals"),
        ("volume", "8"),
        ("issue", "2"),
        ("issn", "1234-5679"),
        ("firstpage", "28"),
        ("lastpage", "30"),
        ("doi", "10.1000/182"),
        ("arxiv_id", "0704.0001"),
        ("pdf_url", "https://arxiv.org/pdf/0704.0001"),
    ]
    assert ("conference_title", "Proc. of C") in tags(built.soup(CONF_PAGE))
    assert ("firstpage", "7") in tags(built.soup(CONF_PAGE))
    assert ("dissertation_institution", "U of V") in tags(built.soup(THESIS))
    assert tags(built.soup("publications/plain")) == [("title", "Plain"), ("author", "A. B.")]


def test_linked_data_says_the_same(built) -> None:
    assert linked_data(built.soup(REAL)) == {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "headline": "On x² < y in Finland",
        "name": "On x² < y in Finland",
        "author": [
            {"@type": "Person", "name": "Ann van der Ott"},
            {"@type": "Organization", "name": "Barnes and Noble"},
            {"@type": "Person", "name": "Guy L. Steele, Jr."},
        ],
        "datePublished": "2024-02",
        "isPartOf": {
            "@type": ["PublicationVolume", "Periodical"],
            "name": "Annals",
            "volumeNumber": "8",
            "issn": "1234-5679",
        },
        "pagination": "28-30",
        "abstract": "We α.",
        "sameAs": ["https://doi.org/10.1000/182", "https://arxiv.org/abs/0704.0001"],
        "url": "https://a.example.org/cv/publications/real-1.html",
    }


def test_coins_say_the_same(built) -> None:
    query = parse_qsl(built.soup(REAL).select_one("span.Z3988")["title"])
    assert ("ctx_ver", "Z39.88-2004") in query
    assert ("rft.atitle", "On x² < y in Finland") in query
    names = [value for name, value in query if name.startswith("rft.au")]
    assert names == ["van der Ott, Ann", "Barnes and Noble", "Steele, Jr., Guy L."]
    assert {("rft.genre", "article"), ("rft.date", "2024-02"), ("rft.pages", "28-30"),
            ("rft_id", "info:doi/10.1000/182")} <= set(query)  # fmt: skip


def test_pages_are_in_the_sitemap_and_in_no_table_of_contents(built) -> None:
    sitemap = (built.app.outdir / "sitemap.xml").read_text()
    assert "https://a.example.org/cv/publications/real-1.html" in sitemap
    assert not [name for name in built.app.env.found_docs if name.startswith("publications/")]


HOSTILE = [
    '</script><script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "'quoted' & \"both\"",
    "<!-- comment", "Ünïcødé \u202e 漢字 \U0001f600", r"\textbf{bold} {\O}re \& 50\%",
    "$a<b>c$ \\'e", "{{ jinja }} {% raw %}", "a\u2028b",
]  # fmt: skip


class Parts(HTMLParser):
    """What a page is made of for a parser that knows nothing else."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_title_or_name_breaks_the_page(project, text) -> None:
    bib = f"@misc{{a, author = {{{{{text}}}}}, title = {{{text}}}, year = 2000, note = {{{text}}}, abstract = {{{text}}}}}"  # noqa: E501
    files = {**FILES, "refs.bib": bib, "write.md": "# W\n"}
    built = project(files).build()
    source = (built.app.outdir / "publications/a.html").read_text(encoding="utf-8")
    harmless = project({**files, "refs.bib": bib.replace(text, "T")}, "harmless").build()
    expected = (harmless.app.outdir / "publications/a.html").read_text(encoding="utf-8")
    count = lambda html: [Parts(html).tags.count(tag) for tag in ("script", "img", "meta", "h1")]  # noqa: E731
    assert count(source) == count(expected)
    soup = BeautifulSoup(source, "html.parser")
    title = dict(tags(soup))["title"]
    assert linked_data(soup)["name"] == title
    assert dict(parse_qsl(soup.select_one("span.Z3988")["title"]))["rft.title"] == title
    if not set(text) & set("\\${}"):
        assert title == " ".join(text.split()).replace("--", "–")
        assert soup.h1.contents[0] == title


def test_pages_follow_incremental_builds(project) -> None:
    built = project(FILES).build()
    built.write({"refs.bib": BIB.replace("{Talk}", "{Long talk}").replace("{plain", "{plainer")})
    built.build()
    assert built.soup(CONF_PAGE).h1.contents[0] == "Long talk"
    names = {path.name for path in (built.app.outdir / "publications").glob("*.html")}
    assert names == {"real-1.html", "conf.html", "thesis.html", "plainer.html"}


def test_a_document_of_that_name_goes_before(project) -> None:
    own = {"publications/conf.md": "---\norphan: true\n---\n# My own\n"}
    built = project({**FILES, **own}).build()
    assert not built.warnings
    assert "My own" in built.text("publications/conf")
    built.write({"refs.bib": BIB.replace("{conf", "{other")}).build()
    assert "My own" in built.text("publications/conf")


@pytest.mark.parametrize("builder", ["dirhtml", "singlehtml"])
def test_other_websites(project, builder) -> None:
    built = project(FILES).build(builder)
    assert not built.warnings
    there = (built.app.outdir / "publications/real-1/index.html").is_file()
    assert there == (builder == "dirhtml")
    page = built.soup("list/index" if there else "index")
    links = [a["href"] for a in page.select("#real-1 .cv-title a")]
    assert links == (["../publications/real-1/"] if there else [])


def test_a_build_that_changes_nothing_leaves_the_pages(project) -> None:
    built = project(FILES).build()
    page = built.app.outdir / f"{CONF_PAGE}.html"
    before = page.read_bytes()
    assert not built.build().warnings
    assert page.read_bytes() == before


@pytest.mark.parametrize(
    "some", [":::{cv:publications}\n:::\n", ":::{cv:publications}\n:limit: 1\n:::\n"]
)
def test_two_papers_of_one_address_are_reported(project, some) -> None:
    bib = BIB.replace("{Plain}}", "{Plain}, year = 2001}")
    bib += "@misc{Plain_, author = {A. B.}, title = {Plainer}, year = 2000}\n"
    built = project({**FILES, "refs.bib": bib, "list.md": f"# The list\n\n{some}"}).build()
    addressed = [warning for warning in built.warnings if "plain" in warning]
    assert addressed == [
        "refs.bib:10: WARNING: the keys 'plain' and 'Plain_' make one address, "
        "'publications/plain'; change one of them (the other is on line 9) [cv.bib_duplicate_key]"
    ]
