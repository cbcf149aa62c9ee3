"""Incremental, parallel and repeated builds give what one fresh build gives."""

import json
from pathlib import Path

import pytest

CV = """\
# {title}

:::{{cv:work}} {job}
:id: job
:organization: O
:dates: 2020
:::

{text}
"""
INDEX = "# Home\n\n:::{{cv:timeline}}\n:::\n\n{text}\n\n```{{toctree}}\n{pages}\n```\n"
FILES = {
    "index.md": INDEX.format(text="", pages="cv\nother"),
    "cv.md": CV.format(title="CV", job="Job", text=""),
    "other.md": "# Other\n\n{cv:ref}`job`\n",
    **{f"pages/p{n}.md": f"---\norphan: true\n---\n# P{n}\n\n{{cv:ref}}`job`\n" for n in range(8)},
}


def tree(root: Path) -> dict[str, bytes]:
    """Every file that a build wrote for the web."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != ".buildinfo"
    }


def differences(one: Path, other: Path) -> set[str]:
    left, right = tree(one), tree(other)
    assert left
    return {name for name in left.keys() | right.keys() if left.get(name) != right.get(name)}


EDITS = {
    "an entry's title": {"cv.md": CV.format(title="CV", job="New job", text="")},
    "a page's title": {"cv.md": CV.format(title="Curriculum", job="Job", text="")},
    "a reference": {"cv.md": CV.format(title="CV", job="Job", text="{doc}`other` {cv:ref}`job`")},
    "a new page": {
        "new.md": "# New\n\n{cv:ref}`job`\n",
        "index.md": INDEX.format(text="", pages="cv\nnew\nother"),
    },
    "a page removed": {"other.md": None, "index.md": INDEX.format(text="", pages="cv")},
    "an entry moved to a page before": {
        "a.md": CV.format(title="A", job="Job", text=""),
        "cv.md": "# CV\n",
        "index.md": INDEX.format(text="", pages="a\ncv\nother"),
    },
    "a title in the contents": {"index.md": INDEX.format(text="", pages="CV <cv>\nother")},
    "a caption of the contents": {
        "index.md": INDEX.format(text="", pages=":caption: Pages\n\ncv\nother")
    },
    "the title of the first page": {
        "index.md": INDEX.format(text="", pages="cv\nother").replace("# Home", "# Start")
    },
    "the order of pages": {"index.md": INDEX.format(text="", pages="other\ncv")},
}


@pytest.mark.parametrize("theme", ["basic", "furo"])
@pytest.mark.parametrize("edit", EDITS)
def test_an_incremental_build_is_like_a_fresh_one(project, edit, theme) -> None:
    built = project(FILES).build(html_theme=theme)
    assert not built.warnings
    built.write(EDITS[edit]).build(html_theme=theme)
    assert not built.warnings
    incremental = built.app.outdir
    fresh = built.build(out="_build_fresh", html_theme=theme).app.outdir
    assert differences(incremental, fresh) == set()


def test_a_shared_reading_keeps_each_builder_fresh(project) -> None:
    """Another builder may read an edit first; the site must still notice it."""
    built = project(FILES).build("html")
    site = built.app.outdir
    built.write(EDITS["an entry's title"]).build("dummy")
    built.build("html")
    fresh = built.build(out="_build_fresh").app.outdir
    assert differences(site, fresh) == set()


def test_a_parallel_build_is_like_a_serial_one(project) -> None:
    built = project(FILES).build(parallel=2)
    assert not built.warnings
    parallel = built.app.outdir
    fresh = built.build(out="_build_fresh").app.outdir
    assert differences(parallel, fresh) == set()


def test_removing_a_page_leaves_what_is_not_its_own(project) -> None:
    pages = {"search.md": "# S\n", "a.md": "# A\n", "a.b.md": "# AB\n"}
    built = project({**FILES, **pages}).build()
    built.write({"search.md": None, "a.md": None}).build()
    assert 'id="search-results"' in (built.app.outdir / "search.html").read_text()
    assert not (built.app.outdir / "a.html").exists()
    assert not (built.app.outdir / "_sources" / "a.md.txt").exists()
    assert (built.app.outdir / "_sources" / "a.b.md.txt").exists()


def test_a_page_may_become_a_folder(project) -> None:
    built = project(FILES).build("dirhtml")
    moved = {"cv.md": None, "cv/index.md": FILES["cv.md"]}
    index = INDEX.format(text="", pages="cv/index\nother")
    built.write({**moved, "index.md": index}).build("dirhtml")
    assert (built.app.outdir / "cv" / "index.html").exists()


def test_duplicate_ids_do_not_depend_on_the_order_of_reading(project) -> None:
    files = dict(FILES)
    for n in range(8):
        files[f"pages/p{n}.md"] += f"\n:::{{cv:award}} A{n}\n:id: twice\n:dates: 2020\n:::\n"
    serial = project(files).build()
    parallel = project(files, "other").build(parallel=2)
    assert sorted(serial.warnings) == sorted(parallel.warnings)
    assert differences(serial.app.outdir, parallel.app.outdir) == set()


def test_parallel_reading_reports_duplicate_ids(project) -> None:
    files = dict(FILES)
    for n in range(8):
        files[f"pages/p{n}.md"] += f"\n:::{{cv:award}} A{n}\n:id: twice\n:dates: 2020\n:::\n"
    built = project(files).build("dummy", parallel=2)
    assert sum("the id 'twice' is taken" in warning for warning in built.warnings) == 7


def test_nothing_is_written_when_nothing_changed(project) -> None:
    built = project(FILES).build()
    before = {path: path.stat().st_mtime_ns for path in built.app.outdir.rglob("*.html")}
    built.build()
    written = [p.name for p in before if p.stat().st_mtime_ns != before[p]]
    # Sphinx itself writes these each time.
    assert set(written) <= {"search.html", "genindex.html"}


def test_an_edit_writes_only_the_pages_that_show_it(project) -> None:
    built = project(FILES).build()
    pages = {p: p.stat().st_mtime_ns for p in built.app.outdir.rglob("*.html")}
    built.write({"other.md": "# Other\n\nNo reference any more.\n"}).build()
    written = {p.name for p, mtime in pages.items() if p.stat().st_mtime_ns != mtime}
    # Sphinx also writes the page whose table of contents holds the edited one.
    assert written - {"search.html", "genindex.html"} == {"other.html", "cv.html", "index.html"}


def test_warnings_come_back_until_they_are_mended(project) -> None:
    built = project({**FILES, "other.md": "# Other\n\n{cv:ref}`jub`\n"}).build()
    assert len(built.warnings) == 1
    again = built.build().warnings
    assert len(again) == 1
    built.write({"other.md": FILES["other.md"]}).build()
    assert not built.warnings


def test_two_places_and_times_give_the_same_bytes(project, monkeypatch) -> None:
    outs = []
    for number, folder in enumerate(("here", "there/deeper")):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        monkeypatch.setenv("TZ", ("UTC", "Asia/Tokyo")[number])
        built = project(FILES, folder).build(
            html_theme="furo", html_last_updated_fmt="%Y-%m-%d", html_baseurl="https://e.org/"
        )
        assert not built.warnings
        outs.append(built.app.outdir)
    assert differences(*outs) == set()
    # Also the record of the configuration, which is left out above.
    assert (outs[0] / ".buildinfo").read_bytes() == (outs[1] / ".buildinfo").read_bytes()


def test_what_is_remembered_survives_a_broken_file(project) -> None:
    built = project(FILES).build()
    (memory,) = (built.root / "_build" / "doctrees").glob("cv-html-*-pages.json")
    assert set(json.loads(memory.read_text())) >= {"index", "cv"}
    memory.write_text("{")
    assert not built.build().warnings


@pytest.mark.parametrize("builder", ["html", "text"])
def test_git_is_asked_for_pages_alone(project, builder) -> None:
    git = "sphinx_last_updated_by_git"
    built = project(FILES).build(
        builder, extensions=["myst_parser", "sphinx_cv", git], suppress_warnings=["git"]
    )
    asking = {each.handler.__module__ for each in built.app.events.listeners["env-updated"]}
    assert (git in asking) == (builder == "html")
