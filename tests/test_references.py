"""References to entries, from anywhere, and what refers back."""

import json

import pytest

BIB = """\
@article{lovelace1843,
  author = {Ada Lovelace and Charles Babbage},
  title = {Notes},
  journal = {Scientific Memoirs},
  year = {1843},
}
"""
CV = """\
# Work

:::{cv:person} Ada Lovelace
:id: ada
:::

:::{cv:work} Analyst
:id: engine
:organization: Analytical Engine
:dates: 1842 – 1843

See {cv:education}`tutoring`.
:::

:::{cv:education} Mathematics
:id: tutoring
:institution: Home
:dates: 1830
:::
"""
INDEX = "# Home\n\n{text}\n\n```{{toctree}}\ncv\npapers\nresearch/notes\n```\n"
PAPERS = "# Papers\n\n:::{cv:publications}\n:::\n"
CONF = """
extensions = ["myst_parser", "sphinx_cv"]
myst_enable_extensions = ["colon_fence"]
html_theme = "basic"
bibtex_bibfiles = ["refs.bib"]
"""


@pytest.fixture
def portfolio(project):
    """A person, two entries, a paper and a write-up."""

    def make(text="", notes="# On notes\n\nText.\n"):
        return project(
            {
                "conf.py": CONF,
                "refs.bib": BIB,
                "cv.md": CV,
                "papers.md": PAPERS,
                "research/notes.md": notes,
                "index.md": INDEX.format(text=text),
            }
        )

    return make


def backlinks(built, docname, select):
    element = built.soup(docname).select_one(f"{select} .cv-backlinks")
    return element and " ".join(element.get_text().split())


def test_references_by_every_role_take_the_title_or_a_given_text(portfolio) -> None:
    text = (
        "{cv:ref}`engine` {cv:work}`engine` {cv:ref}`the job <engine>` {cv:ref}`ada` "
        "{cv:publication}`lovelace1843` {any}`tutoring` [](#engine)"
    )
    built = portfolio(text).build()
    assert not built.warnings
    links = built.soup().select("p a.internal")
    assert [(a.text, a["href"]) for a in links][:7] == [
        ("Analyst", "cv.html#engine"),
        ("Analyst", "cv.html#engine"),
        ("the job", "cv.html#engine"),
        ("Ada Lovelace", "cv.html#ada"),
        ("Notes", "publications/lovelace1843.html"),
        ("Mathematics", "cv.html#tutoring"),
        ("Analyst", "cv.html#engine"),
    ]
    assert links[0]["title"] == "Analyst, Analytical Engine, 1842 – 1843"


@pytest.mark.parametrize(
    ("role", "warning"),
    [
        ("{cv:ref}`engin`", "there is no entry 'engin' to refer to; did you mean 'engine'?"),
        ("{cv:ref}`lovelace1842`", "there is no entry 'lovelace1842' to refer to; "
                                   "did you mean 'lovelace1843'?"),
        ("{cv:award}`engine`", "'engine' is of the kind work, not award; write {cv:work}`engine`"),
        ("{cv:award}`x`", "there is no award 'x' to refer to; there are none"),
    ],
)  # fmt: skip
def test_an_unknown_reference_is_located_and_suggests(portfolio, role, warning) -> None:
    built = portfolio(role).build()
    assert built.warnings == [f"index.md:3: WARNING: {warning} [cv.reference]"]


def test_entries_papers_and_write_ups_show_what_refers_to_them(portfolio) -> None:
    notes = (
        "# On notes\n\n{cv:ref}`engine` {cite}`lovelace1843`.\n\n"
        "```{bibliography}\n:filter: docname in docnames\n```\n"
    )
    built = portfolio("{cv:ref}`engine` [notes](research/notes.md)", notes).build()
    assert not built.warnings
    assert backlinks(built, "cv", "#engine") == "Mentioned in: Home, On notes"
    assert backlinks(built, "cv", "#tutoring") == "Mentioned in: Analyst"
    assert backlinks(built, "papers", "#lovelace1843") == "Mentioned in: On notes"
    assert backlinks(built, "research/notes", "section") == "Mentioned in: Home"
    # The table of contents is no mention, and pages that are no write-ups show none.
    assert backlinks(built, "papers", "section > ") is None
    hrefs = [a["href"] for a in built.soup("cv").select("#engine .cv-backlinks a")]
    assert hrefs == ["index.html", "research/notes.html"]


def test_a_write_up_shows_references_to_a_label_in_it(portfolio) -> None:
    text = "{ref}`lab` [here](#lab) {any}`research/notes`"
    built = portfolio(text, "(lab)=\n# On notes\n\nText.\n").build()
    assert not built.warnings
    assert backlinks(built, "research/notes", "section") == "Mentioned in: Home"


def test_markdown_links_to_an_entry_are_references(portfolio) -> None:
    built = portfolio("[](#engine)").build()
    assert not built.warnings
    assert backlinks(built, "cv", "#engine") == "Mentioned in: Home"
    built.write({"cv.md": CV.replace("} Analyst", "} Chief Analyst")}).build()
    assert built.soup().select_one("p a.internal").text == "Chief Analyst"


def test_backlinks_follow_incremental_builds(portfolio) -> None:
    built = portfolio().build()
    assert backlinks(built, "cv", "#engine") is None
    assert backlinks(built, "research/notes", "section") is None
    linking = "{cv:ref}`engine` {doc}`research/notes`"
    built.write({"index.md": INDEX.format(text=linking)}).build()
    assert backlinks(built, "cv", "#engine") == "Mentioned in: Home"
    assert backlinks(built, "research/notes", "section") == "Mentioned in: Home"
    built.write({"index.md": INDEX.format(text=linking).replace("# Home", "# Start")}).build()
    assert backlinks(built, "cv", "#engine") == "Mentioned in: Start"
    built.write({"index.md": INDEX.format(text="")}).build()
    assert backlinks(built, "cv", "#engine") is None
    assert backlinks(built, "research/notes", "section") is None


def test_a_reference_follows_the_title_and_the_page_of_its_entry(portfolio) -> None:
    built = portfolio("{cv:ref}`engine`").build()
    built.write({"cv.md": CV.replace("} Analyst", "} Chief Analyst")}).build()
    assert built.soup().select_one("p a.internal").text == "Chief Analyst"
    moved = ":::{cv:work} Analyst\n:id: engine\n:organization: O\n:dates: 1842\n:::\n"
    built.write({"cv.md": CV.replace(":id: engine", ":id: other"), "papers.md": PAPERS + moved})
    built.build()
    assert not built.warnings
    assert built.soup().select_one("p a.internal")["href"] == "papers.html#engine"


def test_another_project_links_to_entries_and_back(portfolio, project, tmp_path) -> None:
    """Two real projects, each built against the other's inventory."""
    ours = portfolio().build()
    inventory = ours.app.outdir / "objects.inv"
    assert inventory.is_file()
    conf = (
        CONF.replace('"sphinx_cv"', '"sphinx_cv", "sphinx.ext.intersphinx"')
        + "intersphinx_mapping = {{'{name}': ('https://{name}.example.org/', r'{path}')}}\n"
    )
    theirs = project(
        {
            "conf.py": conf.format(name="ada", path=inventory),
            "refs.bib": "",
            "index.md": (
                "# Lab\n\n{cv:ref}`engine` {external+ada:cv:work}`engine` "
                "{cv:publication}`lovelace1843` [job](inv:ada:cv:work#engine)\n\n"
                ":::{cv:project} Loom\n:id: loom\n:::\n"
            ),
        },
        "lab",
    ).build()
    assert not theirs.warnings
    links = [(a.text, a["href"]) for a in theirs.soup().select("a.external")]
    engine = "https://ada.example.org/cv.html#engine"
    assert links == [
        ("Analyst", engine),
        ("Analyst", engine),
        ("Notes", "https://ada.example.org/publications/lovelace1843.html"),
        ("job", engine),
    ]
    ours.write(
        {
            "conf.py": conf.format(name="lab", path=theirs.app.outdir / "objects.inv"),
            "index.md": INDEX.format(text="{cv:ref}`loom` {cv:ref}`lom`"),
        }
    ).build()
    link = ours.soup().select_one("a.external")
    assert (link.text, link["href"]) == ("Loom", "https://lab.example.org/index.html#loom")
    assert len(ours.warnings) == 1
    assert "there is no entry 'lom'" in ours.warnings[0]


def test_a_project_without_the_engine_links_to_entries(portfolio, project) -> None:
    inventory = portfolio().build().app.outdir / "objects.inv"
    conf = (
        'extensions = ["myst_parser", "sphinx.ext.intersphinx"]\nhtml_theme = "basic"\n'
        f"intersphinx_mapping = {{'ada': ('https://ada.example.org/', r'{inventory}')}}\n"
    )
    built = project({"conf.py": conf, "index.md": "# L\n\n[](inv:ada#engine)\n"}, "plain").build()
    assert not built.warnings
    link = built.soup().select_one("p a.external")
    assert (link.text, link["href"]) == ("Analyst", "https://ada.example.org/cv.html#engine")


def test_entries_are_in_the_search_index(portfolio) -> None:
    built = portfolio().build()
    index = (built.app.outdir / "searchindex.js").read_text(encoding="utf-8")
    index = json.loads(index.removeprefix("Search.setIndex(").removesuffix(")"))
    found = {
        (index["docnames"][doc], index["objtypes"][str(kind)], anchor, name)
        for objects in index["objects"].values()
        for doc, kind, _, anchor, name in objects
    }
    assert found >= {
        ("cv", "cv:person", "ada", "Ada Lovelace"),
        ("cv", "cv:work", "engine", "Analyst, Analytical Engine"),
        ("cv", "cv:education", "tutoring", "Mathematics, Home"),
        ("papers", "cv:publication", "lovelace1843", "Notes"),
    }
