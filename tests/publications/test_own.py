"""The owner's papers and the literature in one file."""

from pathlib import Path

import pytest

from sphinx_cv.publications.ownership import Owner
from sphinx_cv.publications.read import read_library
from sphinx_cv.publications.source import read_text

CONF = """
extensions = ["myst_parser", "sphinx_cv"]
myst_enable_extensions = ["colon_fence"]
project = author = "A"
html_theme = "basic"
bibtex_bibfiles = ["refs.bib"]
"""
BIB = r"""
@misc{mine, author = {Lovelace, Ada and Somebody Else}, title = {Mine}, year = 2001}
@misc{theirs, author = {Somebody Else}, title = {Theirs}, year = 2003}
@misc{short, author = {A. Lovelace}, title = {Short}, year = 2002}
@book{edited, editor = {{\'A}da {L}ovelace}, title = {Edited}, publisher = {P}, year = 1999}
"""
PERSON = "# P\n\n:::{cv:person} Ada Lovelace\n:id: ada\n:names: A. Lovelace\n:::\n\n"
LATEST = ":::{cv:publications}\n:order: newest\n:limit: 2\n:::\n\n"
CONTENTS = "```{toctree}\nlist\ntext\n```\n"
FILES = {
    "conf.py": CONF,
    "refs.bib": BIB,
    "index.md": PERSON + LATEST + CONTENTS,
    # Before the person's page by name, and in some tests by the order of reading.
    "list.md": "# L\n\n:::{cv:publications}\n:::\n",
    "text.md": "# T\n\nSee {cite}`theirs`.\n\n```{bibliography}\n```\n",
}
UNUSED = (
    "refs.bib:3: WARNING: 'theirs' is not by Ada Lovelace and is cited nowhere; "
    "cite it, or remove it [cv.bib_unused]"
)


def titles(built, docname="list"):
    return [title.text.strip(".") for title in built.soup(docname).select(".cv-title")]


@pytest.mark.parametrize("parallel", [0, 2])
def test_lists_files_and_pages_hold_the_owners_papers(project, parallel) -> None:
    files = {**FILES, **{f"zz{n}.md": f"---\norphan: true\n---\n# Z{n}\n" for n in range(6)}}
    built = project(files).build(parallel=parallel)
    assert not built.warnings
    assert titles(built) == ["Mine", "Short", "Edited"]
    assert titles(built, "index") == ["Short", "Mine"]
    bold = [strong.text for strong in built.soup("list").select(".cv-authors strong")]
    assert bold == ["Ada Lovelace", "A. Lovelace", "Áda Lovelace"]
    out = built.app.outdir
    assert "theirs" not in (out / "publications.bib").read_text()
    assert "theirs" not in (out / "publications.json").read_text()
    assert {path.stem for path in (out / "publications").iterdir()} == {"mine", "short", "edited"}
    assert {e.id for e in built.domain.entries.values()} == {"ada", "mine", "short", "edited"}


def test_without_an_owner_all_entries_count(project) -> None:
    built = project({**FILES, "index.md": "# P\n\n" + CONTENTS, "text.md": "# T\n"}).build()
    assert not built.warnings
    assert titles(built) == ["Mine", "Theirs", "Short", "Edited"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (":by: anyone", ["Mine", "Theirs", "Short", "Edited"]),
        (":by: owner", ["Mine", "Short", "Edited"]),
        (":keys: theirs, mine", ["Theirs", "Mine"]),
    ],
)
def test_a_list_may_ask_for_others(project, options, expected) -> None:
    lists = f"# L\n\n:::{{cv:publications}}\n{options}\n:::\n"
    built = project({**FILES, "list.md": lists}).build()
    assert not built.warnings
    assert titles(built) == expected
    links = built.soup("list").select(".cv-title a")
    assert not [a for a in links if "theirs" in a["href"]]
    assert len(links) == len(set(expected) - {"Theirs"})


def test_an_unknown_choice_is_located(project) -> None:
    lists = "# L\n\n:::{cv:publications}\n:by: anybody\n:::\n"
    built = project({**FILES, "list.md": lists}).build("dummy")
    assert len(built.warnings) == 1
    assert "'anybody' is nobody to list papers of; known are anyone, owner" in built.warnings[0]


def test_an_entry_that_nobody_needs_is_reported_until_it_is_cited(project) -> None:
    built = project({**FILES, "text.md": "# T\n"})
    for _ in range(2):
        assert built.build().warnings == [UNUSED]
    built.write({"text.md": FILES["text.md"]})
    assert not built.build().warnings
    built.write({"text.md": "# T\n"})
    assert built.build().warnings == [UNUSED]
    built.write({"text.md": "# T\n\n{footcite}`theirs`\n\n```{footbibliography}\n```\n"})
    assert not built.build().warnings
    assert not built.build().warnings
    built.write({"text.md": "# T\n", "list.md": "# L\n\n:::{cv:publications}\n:by: anyone\n:::\n"})
    assert not built.build().warnings


def test_parents_of_other_entries_are_needed(project) -> None:
    parent = "@proceedings{whole, title = {W}, year = 2001}\n"
    child = "@inproceedings{part, author = {Ada Lovelace}, title = {P}, crossref = {Whole}}\n"
    built = project({**FILES, "refs.bib": BIB + child + parent}).build()
    assert not built.warnings
    built.write({"refs.bib": BIB + child.replace("crossref", "note") + parent}).build()
    assert any("'whole' is not by Ada Lovelace" in warning for warning in built.warnings)


@pytest.mark.parametrize("name", ["Lovelace, A. K.", "Ada Lovelcae"])
def test_a_name_that_may_be_the_owners_is_pointed_out(project, name) -> None:
    bib = BIB + f"@misc{{typo, author = {{X Y and {name}}}, title = {{T}}}}\n"
    built = project({**FILES, "refs.bib": bib}).build()
    shown = "A. K. Lovelace" if "," in name else name
    assert built.warnings == [
        "refs.bib:6: WARNING: 'typo' is not by Ada Lovelace and is cited nowhere; cite it, or "
        f"remove it; if its '{shown}' is the same person, correct the name, or add it to "
        "':names:' [cv.bib_unused]"
    ]


def test_lists_follow_the_owner(project) -> None:
    built = project(FILES).build()
    built.write({"index.md": FILES["index.md"].replace(":names: A. Lovelace\n", "")}).build()
    assert titles(built) == ["Mine", "Edited"]
    assert [warning.partition(":")[0] for warning in built.warnings] == ["refs.bib"]
    assert not (built.app.outdir / "publications/short.html").exists()
    other = PERSON.replace("Ada Lovelace", "Somebody Else").replace("A. Lovelace", "S. Else")
    built.write({"index.md": other + LATEST + CONTENTS}).build()
    assert titles(built) == ["Mine", "Theirs"]
    assert titles(built, "index") == ["Theirs", "Mine"]
    built.write({"index.md": "# P\n\n" + CONTENTS}).build()
    assert titles(built) == ["Mine", "Theirs", "Short", "Edited"]


@pytest.mark.filterwarnings("ignore:'sphinx.environment.BuildEnvironment.app'")
def test_a_list_above_the_person_is_right_too(project) -> None:
    built = project({**FILES, "index.md": "# P\n\n" + LATEST + PERSON[4:] + CONTENTS}).build()
    assert not built.warnings
    assert titles(built, "index") == ["Short", "Mine"]
    # The person may come from a file that only the page includes.
    files = {
        **FILES,
        "index.md": "# P\n\n```{include} p.txt\n```\n" + CONTENTS,
        "p.txt": PERSON[4:],
    }
    built = project(files, "including").build()
    assert titles(built) == ["Mine", "Short", "Edited"]


ORCID = "0000-0002-1825-0097"


@pytest.mark.parametrize(
    ("fields", "own"),
    [
        ("author = {Ada Lovelace}", True),
        (r"author = {LOVELACE, {\'A}da}", True),
        ("author = {Bea Lovelace}", False),
        ("author = {B B}, editor = {A Lovelace}", True),
        ("author = {B B and C C}, author+an:orcid = {2=\"ORCID\"}", True),
        ("author = {B B and {given=C, family=C, orcid=ORCID}}", False),
        ("author = {given=C, family=C, orcid=ORCID}", True),
        ("author = {C C}, orcid = {ORCID}", True),
        # Someone else of the same name.
        ("author = {Ada Lovelace}, author+an:orcid = {1=\"0000-0001-5109-3700\"}", False),
        ("title = {Nobody}", False),
    ],
)  # fmt: skip
def test_the_owner_is_known_by_name_or_orcid(fields, own) -> None:
    library = read_library({Path("r"): read_text(f"@misc{{a, {fields.replace('ORCID', ORCID)}}}")})
    owner = Owner(("Ada Lovelace", "A. Lovelace"), ORCID)
    assert owner.wrote(library.works["a"], library.data.entries["a"]) is own
