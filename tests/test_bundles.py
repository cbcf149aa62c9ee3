"""Style sheets and scripts of a page, joined."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
import rcssmin

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Project

CONF = """
extensions = ["myst_parser", "sphinx_cv"]
project = author = "Ada Lovelace"
html_theme = "furo"
html_static_path = ["static"]
html_css_files = {styles}
html_js_files = {own}
def setup(app):
    for name, attributes in {scripts}:
        app.add_js_file(name, **attributes)
    def add(app, page, template, context, tree):
        if page == "other":
            app.add_js_file("one.js")
            app.add_js_file("two.js")
    app.connect("html-page-context", add)
"""
FILES = {
    "index.md": "# Ada Lovelace\n\n```{toctree}\nother\n```\n",
    "other.md": "# Other\n",
    "static/one.js": '"use strict"; const one = 1 // no semicolon',
    "static/two.js": "const two = one + 1",
}


@pytest.fixture
def furo(project: Callable[..., Project]) -> Callable[..., Project]:
    """A project with style sheets and scripts of its own."""

    def make(styles=(), scripts=(), own=(), **files: str) -> Project:
        given = [(each, {}) if isinstance(each, str) else each for each in scripts]
        conf = CONF.format(styles=list(styles), scripts=given, own=list(own))
        return project({"conf.py": conf, **FILES, **files})

    return make


def loaded(project: Project, page: str = "index") -> list[str]:
    """The address of each style sheet and script of a page, without versions."""
    tags = project.soup(page).select("link[rel=stylesheet], script[src]")
    return [(tag.get("href") or tag["src"]).partition("?")[0] for tag in tags]


def joined(project: Project, suffix: str, page: str = "index") -> list[str]:
    """What was joined for a page, file by file."""
    pattern = rf"_static/cv-[0-9a-f]{{8}}\{suffix}"
    names = [name for name in loaded(project, page) if re.fullmatch(pattern, name)]
    return [(project.app.outdir / name).read_text(encoding="utf-8") for name in names]


def test_a_page_has_one_style_sheet_and_one_script(furo) -> None:
    built = furo(["own.css"], **{"static/own.css": "p { color: red } /* why */"}).build()
    assert not built.warnings
    style, theme, script = loaded(built)
    assert theme == "_static/sphinx-cv-theme.js"
    assert built.soup().select_one(f'script[src^="{script}"]').has_attr("defer")
    assert re.search(r"\?v=[0-9a-f]{8}$", built.soup().select_one("link[rel=stylesheet]")["href"])
    [styles], [scripts] = joined(built, ".css"), joined(built, ".js")
    # As Sphinx orders them: the theme's, the engine's, the user's.
    names = ["styles/furo.css", "sphinx-cv.css", "furo-variables.css", "own.css"]
    places = [styles.splitlines()[0].index(f'"{name}"') for name in names]
    assert places == sorted(places)
    assert styles.endswith("p{color:red}")
    assert "why" not in styles
    assert scripts.index("doctools.js") < scripts.index("scripts/furo.js")
    assert style != script


def test_files_are_joined_as_they_are_in_the_end(furo) -> None:
    """Furo adds the dark half of the colours of code when all pages are written."""
    built = furo().build()
    static = built.app.outdir / "_static"
    assert "prefers-color-scheme" in (static / "pygments.css").read_text(encoding="utf-8")
    for suffix in (".css", ".js"):
        [text] = joined(built, suffix)
        names = json.loads(text.splitlines()[0].removeprefix("/*").removesuffix("*/"))
        assert len(names) > 3
        for name in names:
            part = (static / name).read_text(encoding="utf-8")
            expected = rcssmin.cssmin(part, keep_bang_comments=True) if suffix == ".css" else part
            expected = expected.partition("//# sourceMappingURL")[0]
            assert expected in text, name


def test_licences_stay(furo) -> None:
    sheet = "/*! MIT, someone */ p { color: red }"
    [styles] = joined(furo(["own.css"], **{"static/own.css": sheet}).build(), ".css")
    assert "/*! MIT, someone */" in styles


def test_what_one_page_adds_is_joined_by_itself(furo) -> None:
    """So that all pages share what all of them load."""
    built = furo().build()
    common, own = joined(built, ".js", "other")
    assert joined(built, ".js") == [common]
    assert own == (
        '/* ["one.js", "two.js"] */\n;"use strict"; const one = 1 // no semicolon\n'
        ";const two = one + 1"
    )


def test_addresses_lead_where_they_led(furo) -> None:
    sheet = """
    a { background: url(../picture.svg) }
    b { background: url( "deep/picture.svg#part" ) }
    i { background: url('data:image/svg+xml,<svg id="a" fill="url(#b)"/>') }
    p { background: url(#here), url("/root.svg"), url(https://example.org/a.svg) }
    """
    built = furo(["sub/own.css"], **{"static/sub/own.css": sheet}).build()
    [styles] = joined(built, ".css")
    assert "url(picture.svg)" in styles
    assert re.search(r'url\(\s*"sub/deep/picture.svg#part"\s*\)', styles)
    assert """url('data:image/svg+xml,<svg id="a" fill="url(#b)"/>')""" in styles
    assert re.search(
        r'url\(#here\),\s*url\("/root.svg"\),\s*url\(https://example.org/a.svg\)', styles
    )


@pytest.mark.parametrize(
    "style",
    [
        ("print.css", {"media": "print"}),
        "imports.css",
        "brace.css",
        "comment.css",
        "https://example.org/theirs.css",
    ],
)
def test_a_style_sheet_that_is_not_plain_stays_where_it_is(furo, style) -> None:
    files = {
        "static/first.css": "a { color: red }",
        "static/print.css": "b { color: red }",
        "static/imports.css": '@import "first.css"; i { color: red }',
        "static/brace.css": "@media print { u { color: red }",
        "static/comment.css": "u { color: red } /* why",
        "static/second.css": "p { color: red }",
        "static/third.css": "q { color: red }",
    }
    built = furo(["first.css", style, "second.css", "third.css"], **files).build()
    name = style if isinstance(style, str) else style[0]
    before, alone, after = loaded(built)[:3]
    assert alone.endswith(name)
    assert [before, after] == [sheet for sheet in loaded(built) if sheet.startswith("_static/cv-")][
        :2
    ]
    first, second = joined(built, ".css")
    assert first.endswith("a{color:red}")
    assert second.endswith("\np{color:red}\nq{color:red}")


def test_a_file_in_another_encoding_stays_by_itself(furo) -> None:
    project = furo(["latin.css"])
    (project.root / "static" / "latin.css").write_bytes(b"/* \xe9 */")
    built = project.build()
    assert not built.warnings
    assert "_static/latin.css" in loaded(built)


@pytest.mark.parametrize(
    "script",
    [
        ("module.js", {"type": "module"}),
        ("here.js", {"data-key": "1"}),
        "sub/here.js",
        "https://example.org/theirs.js",
        (None, {"body": "let inline"}),
    ],
)
def test_a_script_that_is_not_plain_stays_by_itself(furo, script) -> None:
    asks = "document.currentScript"
    files = {"static/module.js": "", "static/here.js": asks, "static/sub/here.js": asks}
    built = furo([], [script], **files).build()
    assert not built.warnings
    name, attributes = (script, {}) if isinstance(script, str) else script
    if name is None:
        assert any(tag.string == "let inline" for tag in built.soup().select("script"))
    else:
        [tag] = built.soup().select(f'script[src*="{name}"]')
        assert attributes.items() <= tag.attrs.items()
    assert not any(asks in text or "let inline" in text for text in joined(built, ".js"))


def test_a_mistake_in_a_script_of_the_site_is_its_own(furo) -> None:
    """Joined, it would stop the scripts of the theme and of the engine, too."""
    built = furo([], own=["one.js", "wrong.js"], **{"static/wrong.js": "let = ;"}).build()
    assert [name for name in loaded(built) if name.endswith(("one.js", "wrong.js"))] == [
        "_static/one.js",
        "_static/wrong.js",
    ]
    assert not any("let = ;" in text for text in joined(built, ".js"))


def test_a_script_may_ask_for_the_folder_it_stays_in(furo) -> None:
    built = furo([], ["here.js"], **{"static/here.js": "document.currentScript.src"}).build()
    [scripts] = joined(built, ".js")
    assert "\n;document.currentScript.src\n" in scripts


def test_a_change_reaches_pages_that_are_not_written_again(furo) -> None:
    built = furo(["own.css"], **{"static/own.css": "p { color: red }"}).build()
    page = built.app.outdir / "index.html"
    written = page.stat().st_mtime_ns
    built.write({"static/own.css": "p { color: blue }"}).build()
    assert page.stat().st_mtime_ns == written
    assert joined(built, ".css")[0].endswith("p{color:blue}")


def test_what_has_not_changed_is_not_written_again(furo) -> None:
    built = furo().build()
    files = list((built.app.outdir / "_static").glob("cv-*"))
    times = [path.stat().st_mtime_ns for path in files]
    built.build()
    assert files
    assert [path.stat().st_mtime_ns for path in files] == times


def test_what_cannot_be_joined_any_more_goes(furo) -> None:
    built = furo().build()
    static = built.app.outdir / "_static"
    lost, *foreign = (
        static / name for name in ("cv-00000000.css", "cv-11111111.js", "cv-portrait.png")
    )
    lost.write_text('/* ["gone.css"] */\n', encoding="utf-8")
    for path in foreign:
        path.write_bytes(b"\xff\xfe")
    built.build()
    assert not lost.exists()
    assert all(path.read_bytes() == b"\xff\xfe" for path in foreign)


def test_processes_that_write_side_by_side_join_the_same(furo) -> None:
    built = furo().build(parallel=2, out="_build2")
    assert not built.warnings
    assert joined(built, ".js", "other")
    assert not list((built.app.outdir / "_static").glob("cv-*.[0-9]*"))


@pytest.mark.parametrize(
    ("builder", "theme"), [("html", "basic"), ("singlehtml", "furo"), ("epub", "epub")]
)
def test_elsewhere_files_stay_as_they_are(furo, builder: str, theme: str) -> None:
    built = furo().build(builder, html_theme=theme, epub_theme="epub", version="1")
    assert not list(built.app.outdir.glob("_static/cv-*"))
