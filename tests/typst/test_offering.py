"""The site links to the PDFs that are there."""

import pytest

from sphinx_cv.typst.offering import FILES

PAGES = {
    "index.md": "# Ada\n\n:::{cv:person} Ada\n:email: a@b.org\n:::\n\n:::{toctree}\ncv/jobs\n:::\n",
    "cv/jobs.md": "# Work\n\n:::{cv:work} W\n:organization: O\n:dates: 1850\n:::\n",
}


def links(built, docname: str) -> list[str]:
    return [
        (built.app.outdir / docname).parent.joinpath(a["href"]).resolve()
        for a in built.soup(docname).select("a")
        if a.get("href", "").endswith(".pdf")
    ]


@pytest.mark.parametrize(("builder", "page"), [("html", "cv/jobs"), ("dirhtml", "cv/jobs/index")])
def test_links_come_and_go_with_the_files(project, builder, page) -> None:
    built = project(PAGES).build(builder, html_theme="furo")
    assert not built.warnings
    assert not [name for name in ("index", page) if links(built, name)]

    built.write({"_build/pdf/cv.pdf": "%PDF one", "_build/pdf/portfolio.pdf": "%PDF"})
    built.build(builder, html_theme="furo")
    assert not built.warnings
    files = [built.app.outdir / name for name in FILES]
    # In the sidebar of every page, and beneath the name on the front page.
    assert links(built, page) == files
    assert links(built, "index") == files * 2
    assert [path.read_text() for path in files] == ["%PDF one", "%PDF"]

    built.write({"_build/pdf/cv.pdf": "%PDF two", "_build/pdf/portfolio.pdf": None})
    built.build(builder, html_theme="furo")
    assert links(built, page) == files[:1]
    assert files[0].read_text() == "%PDF two"
    assert not files[1].exists()


def test_other_builders_say_nothing_of_them(project) -> None:
    built = project({**PAGES, "_build/pdf/cv.pdf": "%PDF"}).build("text")
    assert "PDF" not in (built.app.outdir / "index.txt").read_text()


@pytest.mark.parametrize(("first", "second"), [("typst", "html"), ("html", "typst")])
def test_pages_and_pdfs_share_one_reading(project, first, second) -> None:
    built = project(PAGES).build(first, html_theme="furo")
    assert "2 added, 0 changed, 0 removed" in built.app.status.getvalue()
    built.build(second, html_theme="furo")
    assert "0 added, 0 changed, 0 removed" in built.app.status.getvalue()
