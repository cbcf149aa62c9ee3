"""After a change of a ``.bib`` file, what shows the changed entry is made again, and only that."""

import os
import pickle
from pathlib import Path

import pytest

from sphinx_cv.publications import citing as citing_module
from sphinx_cv.publications import reading as reading_module

CONF = """
extensions = ["myst_parser", "sphinx_cv"]
myst_enable_extensions = ["colon_fence"]
project = author = copyright = "Ann Ott"
html_theme = "basic"
html_last_updated_fmt = None
bibtex_bibfiles = ["refs.bib"]
"""
BIB = """% A comment.
@article{one, author = {Ann Ott}, title = {First title}, journal = {J}, year = 2020}
@article{two, author = {Ann Ott and Bo Bar}, title = {Second title}, journal = {J}, year = 2021}
@article{three, author = {Ann Ott}, title = {Third title}, journal = {J}, year = 2022}
@article{cited, author = {Di Day}, title = {Cited title}, journal = {J}, year = 2019}
@article{noted, author = {Ed End}, title = {Noted title}, journal = {J}, year = 2018}
"""
PAGES = ["all", "latest", "some", "refs", "cites", "notes", "writeup", "none"]
FILES = {
    "conf.py": CONF,
    "refs.bib": BIB,
    "index.md": "# Home\n\n:::{cv:person} Ann Ott\n:::\n\n"
    + "\n".join(["```{toctree}", *PAGES, "```\n"]),
    "all.md": "# All\n\n:::{cv:publications}\n:::\n",
    "latest.md": "# Latest\n\n:::{cv:publications}\n:order: newest\n:limit: 1\n:::\n",
    "some.md": "# Some\n\n:::{cv:publications}\n:keys: two\n:::\n",
    "refs.md": "# References\n\n```{bibliography}\n:cited:\n```\n",
    "cites.md": "# Cites\n\nSee {cite}`cited`.\n",
    "notes.md": "# Notes\n\nSee {footcite}`noted`.\n\n```{footbibliography}\n```\n",
    "writeup.md": "---\npublication: one\n---\n# Write-up\n",
    "none.md": "# None\n",
}  # fmt: skip
PAPERS = {"publications/two.html", "publications/three.html"}
#: Written at every build, and with each page in its contents.
ALWAYS = {"genindex.html", "search.html", "index.html"}


@pytest.fixture
def readings(monkeypatch) -> list[str]:
    """The files of which the bytes were read, and those of which something was made."""
    found: list[str] = []
    load, read_data = reading_module.load, reading_module.read_data

    def note_load(path):
        found.append(f"load {path.name}")
        return load(path)

    def note_read(data, encoding):
        found.append("parse")
        return read_data(data, encoding)

    monkeypatch.setattr(reading_module, "load", note_load)
    monkeypatch.setattr(reading_module, "read_data", note_read)
    return found


def written(built) -> set[str]:
    """The pages that were written since this was last asked, beside those that always are."""
    found = {
        path.relative_to(built.app.outdir).as_posix(): path.stat().st_mtime_ns
        for path in built.app.outdir.rglob("*.html")
    }
    before = getattr(built, "times", {})
    built.times = found
    return {name for name, time in found.items() if before.get(name) != time} - ALWAYS


def as_fresh(built) -> None:
    """What was written again is what a build from nothing writes."""
    from tests.test_freshness import differences

    outdir = built.app.outdir
    fresh = built.build(out="_build_fresh").app.outdir
    assert differences(outdir, fresh) <= {".buildinfo", "search.html", "searchindex.js"}


def names(text: str) -> set[str]:
    return {f"{name}.html" for name in text.split()}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("% A comment.", "% Another\n\n% comment.", ""),
        ("First title", "1st title", "all writeup"),
        ("Second title", "2nd title", "all some publications/two"),
        ("Third title", "3rd title", "all latest publications/three"),
        ("Cited title", "Quoted title", "refs cites"),
        ("2019", "2017", "refs cites"),
        ("Noted title", "Footnote", "notes"),
        ("year = 2020", "year = 2023", "all latest writeup"),
        ("Ann Ott and Bo Bar", "Bo Bar", "all some"),
        # Another key may change the ids of the bibliography, which that page must be read for.
        ("@article{one", "@misc{new, author = {Ann Ott}, title = {New}, year = 1999}\n@article{one",
         "all cites publications/new"),
    ],
)  # fmt: skip
def test_only_what_shows_an_entry_is_written_again(project, old, new, expected) -> None:
    built = project(FILES).build()
    assert not built.warnings
    assert written(built) >= names("all latest some refs cites notes writeup none") | PAPERS
    assert not written(built.build())
    assert BIB.count(old) == 1
    built.write({"refs.bib": BIB.replace(old, new)}).build()
    again = written(built)
    assert again - names("refs") == names(expected) - names("refs")
    if "refs" in expected:
        assert "refs.html" in again
    as_fresh(built)


def test_bytes_that_are_known_are_not_read_again(project, readings) -> None:
    built = project(FILES).build()
    assert readings == ["load refs.bib", "parse"]
    built.build()
    built.write({"none.md": "# None\n\nMore.\n"}).build()
    assert written(built) > names("none")
    assert readings == ["load refs.bib", "parse"]
    os.utime(built.root / "refs.bib", (1, 1))
    built.build()
    assert readings == ["load refs.bib", "parse", "load refs.bib"]
    assert not written(built)


def test_a_comment_is_read_once(project, readings) -> None:
    """No page changes, so that Sphinx keeps nothing of that build."""
    built = project(FILES).build()
    built.write({"refs.bib": BIB + "% The end.\n"}).build()
    readings.clear()
    for _ in range(2):
        built.build()
        assert readings == ["load refs.bib"]
        readings.clear()
    copy = built.app.doctreedir / "cv-bibliography.pickle"
    for data in (b"", pickle.dumps((0, None)), pickle.dumps("x")):
        copy.write_bytes(data)
        assert not built.build().warnings
        assert readings == ["load refs.bib", "parse"]
        readings.clear()


def test_faults_are_reported_at_every_build(project, readings) -> None:
    built = project(FILES).build()
    built.write({"refs.bib": BIB.replace("year = 2021", "year = {soon}")})
    for _ in range(3):
        (warning,) = built.build().warnings
        assert warning.startswith("refs.bib:3: WARNING: 'soon' is not a year")
    assert readings.count("parse") == 2
    built.write({"refs.bib": BIB}).build()
    assert not built.warnings
    as_fresh(built)


def test_another_output_of_the_same_reading_has_the_change(project) -> None:
    built = project(FILES).build()
    built.build("dirhtml")
    built.write({"refs.bib": BIB.replace("Second title", "2nd title")}).build()
    built.build("dirhtml")
    for name in ("all", "some", "publications/two"):
        assert "2nd title" in (built.app.outdir / name / "index.html").read_text()


def test_a_page_that_includes_the_file_still_depends_on_it(project) -> None:
    refs = FILES["refs.md"] + "\n```{literalinclude} refs.bib\n```\n"
    built = project({**FILES, "refs.md": refs}).build()
    built.write({"refs.bib": BIB.replace("A comment", "Another comment")}).build()
    assert "Another comment" in built.text("refs")


def test_citations_are_formatted_once(project, monkeypatch) -> None:
    from pybtex.style.formatting import BaseStyle

    formatted: list[str] = []
    format_entry = BaseStyle.format_entry

    def note(self, label, entry, bib_data=None):
        formatted.append(entry.key)
        return format_entry(self, label, entry, bib_data)

    monkeypatch.setattr(BaseStyle, "format_entry", note)
    built = project(FILES).build()
    assert sorted(formatted) == ["cited", "noted"]
    assert "Cited title" in built.soup("cites").select_one(".bibtex-citation a")["title"]
    built.build()
    built.write({"none.md": "# None\n\nMore.\n"}).build()
    built.write({"cites.md": "# Cites\n\nSee also {cite}`cited`.\n"}).build()
    assert sorted(formatted) == ["cited", "noted"]
    built.write({"cites.md": "# Cites\n\nSee also {cite}`cited,noted`.\n"}).build()
    assert sorted(formatted) == ["cited", "cited", "noted", "noted"]
    as_fresh(built)


def test_what_citations_are_warned_of_is_warned_of_again(project) -> None:
    twice = "# References\n\n```{bibliography}\n:all:\n```\n\n```{bibliography}\n:all:\n```\n"
    built = project({**FILES, "refs.md": twice})
    first = built.build().warnings
    assert any("duplicate" in warning for warning in first)
    assert built.build().warnings == first
    assert citing_module.CitationDomain.name == "cite"


def test_a_page_of_a_paper_that_is_gone_is_made_again(project) -> None:
    built = project(FILES).build()
    page = Path(built.app.outdir, "publications", "two.html")
    before = page.read_bytes()
    page.unlink()
    built.build()
    assert page.read_bytes() == before
    for name in ("publications/two.bib", "publications.bib", "publications.json"):
        path = Path(built.app.outdir, name)
        before = path.read_bytes()
        path.unlink()
        built.build()
        assert path.read_bytes() == before


def test_pages_of_papers_follow_the_settings_and_the_contents(project) -> None:
    built = project(FILES).build()
    written(built)
    built.build(html_short_title="Another")
    assert written(built) >= PAPERS
    built.build(html_short_title="Another")
    assert not written(built)
    built.write({"all.md": FILES["all.md"].replace("# All", "# Everything")})
    built.build(html_short_title="Another")
    assert written(built) >= PAPERS
    assert "Everything" in built.text("publications/two")
