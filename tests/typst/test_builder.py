"""The builder on small projects: themes, mistakes, and the same bytes everywhere."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest
from sphinx.errors import ConfigError

PERSON = """\
# Ada Lovelace

:::{cv:person} Ada Lovelace
:id: ada
:email: ada@example.org
:orcid: 0000-0002-1825-0097
:::

:::{toctree}
cv/work
:::
"""
WORK = """\
# Work

:::{cv:work} Analyst
:id: analyst
:organization: Analytical Engine
:dates: 1842 – 1843

Wrote *notes*, see [the research](../research.md) and {cv:ref}`analyst`: "[#x] \\\\ $ \\`#`".
:::
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="4"/></svg>'
EVERYTHING = Path(__file__).with_name("everything.md").read_text(encoding="utf-8")
FILES = {"index.md": PERSON, "cv/work.md": WORK, "research.md": "---\norphan:\n---\n\n# R\n"}


def pdf(built) -> pypdf.PdfReader:
    return pypdf.PdfReader(built.app.outdir / "cv.pdf")


def words(built) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf(built).pages).split())


def test_a_small_cv(project) -> None:
    built = project(FILES).build("typst", html_baseurl="https://ada.example.org/")
    assert not built.warnings
    found = words(built)
    assert found.startswith("Ada Lovelace ada@example.org · ORCID: 0000-0002-1825-0097 Work")
    assert "“[#x] \\ $ `#`”" in found
    actions = [
        a.get_object().get("/A", {}).get("/URI", "within")
        for page in pdf(built).pages
        for a in page["/Annots"]
    ]
    assert actions == [
        "mailto:ada@example.org",
        "https://orcid.org/0000-0002-1825-0097",
        "https://ada.example.org/research.html",
        "within",
    ]


def test_the_same_bytes_in_another_folder_and_environment(project, tmp_path) -> None:
    made = []
    for folder, seed, zone in (("one", "1", "UTC"), ("another/place", "2", "Asia/Tokyo")):
        root = project(FILES, folder).root
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        environment["SOURCE_DATE_EPOCH"] = "1700000000"
        out = tmp_path / f"out-{seed}"
        command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "typst", str(root), str(out)]
        subprocess.run(command, check=True, env=environment)
        made.append((out / "cv.pdf").read_bytes())
    assert made[0] == made[1]
    assert b"20231114" in made[0]


def test_a_theme_of_the_project(project) -> None:
    theme = '#import "base.typ": *\n#let entry(title: [], ..rest) = [Entry called #title]\n'
    built = project({**FILES, "own.typ": theme}).build("typst", cv_pdf_theme="own.typ")
    assert not built.warnings
    assert "Entry called Analyst" in words(built)


def test_lines_of_the_contact_break_between_ways_to_reach(project) -> None:
    address = "St Quorx's College, Old Mill Lane, Marylebone, London W1"
    person = PERSON.replace(":orcid:", f":phone: +44 1234 567890\n:address: {address}\n:orcid:")
    built = project({**FILES, "index.md": person}).build("typst")
    lines = pdf(built).pages[0].extract_text().splitlines()
    assert [line.strip() for line in lines[1:3]] == [
        "ada@example.org · Phone: +44 1234 567890",
        f"Address: {address.replace(chr(39), '’')} · ORCID: 0000-0002-1825-0097",
    ]


def test_an_unknown_theme_is_refused(project) -> None:
    with pytest.raises(ConfigError, match=r"no theme 'serf'; write one of 'sans', 'serif'"):
        project(FILES).build("typst", cv_pdf_theme="serf")


def test_a_bad_date_is_refused(project, monkeypatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    with pytest.raises(ConfigError, match="'soon' is not a date"):
        project(FILES).build("typst", cv_pdf_date="soon")


def test_an_unknown_node_is_reported_at_its_line(project) -> None:
    page = WORK + "\nBefore.\n\n:::{graphviz}\ndigraph { a -> b }\n:::\n\nAfter.\n"
    extensions = ["myst_parser", "sphinx_cv", "sphinx.ext.graphviz"]
    built = project({**FILES, "cv/work.md": page}).build("typst", extensions=extensions)
    (warning,) = built.warnings
    line = page[: page.index(":::{graphviz}")].count("\n") + 1
    assert warning.startswith(f"cv/work.md:{line}: WARNING: the PDF cannot show 'graphviz'")
    assert "Before. After." in words(built)


def test_a_character_that_no_font_has_is_left_out_and_told_at_its_line(project) -> None:
    page = WORK + "\nFirst.\n\nA sign \uea01 and `\U0001f600` that no font has.\n\nAgain \uea01.\n"
    built = project({**FILES, "cv/work.md": page}).build("typst")
    first, second = (page[: page.index(text)].count("\n") + 1 for text in ("A sign", "Again"))
    message = "WARNING: the PDF cannot show {!r}, and leaves it out; write it in another way"
    assert sorted(built.warnings) == sorted(
        f"cv/work.md:{line}: {message.format(sign)} [cv.pdf]"
        for line, sign in ((first, "\uea01"), (first, "\U0001f600"), (second, "\uea01"))
    )
    assert "First. A sign and that no font has. Again ." in words(built)


def test_nothing_is_left_out_where_more_is_wrong(project) -> None:
    page = WORK + '\nA sign \uea01.\n\n```{raw} typst\n#image("a.svg")\n```\n'
    files = {**FILES, "cv/work.md": page + "\n```{image} a.svg\n:alt: A\n```\n"}
    built = project({**files, "cv/a.svg": SVG}).build("typst")
    assert any("Typst says: " in warning for warning in built.warnings)
    assert not (built.app.outdir / "cv.pdf").exists()


def test_no_line_parts_an_address_or_a_range(project) -> None:
    line = "{} doi [doi:10.1000/abc/def](https://doi.org/10.1000/abc/def) and 86(2):286–301.\n\n"
    page = WORK + "\n" + "".join(line.format("of " * n) for n in range(40))
    built = project({**FILES, "cv/work.md": page}).build("typst")
    assert not built.warnings
    text = "\n".join(page.extract_text() for page in pdf(built).pages)
    assert text.count("doi:10.1000/abc/def") == text.count("86(2):286–301.") == 40


def test_only_a_figure_of_the_text_itself_floats(project) -> None:
    figure = "\n```{{figure}} a.svg\n:alt: A\n:width: 70%\n\nOf {}.\n```\n"
    text = "".join(f"\nBefore {n}.\n" + figure.format(f"text {n}") for n in range(9))
    noted = "\n::::{note}\nWithin." + figure.format("a note") + "\nAfter it.\n::::\n"
    files = {**FILES, "cv/work.md": WORK + text + noted, "cv/a.svg": SVG}
    built = project(files).build("typst", numfig=True)
    assert not built.warnings
    pages = [" ".join(page.extract_text().split()) for page in pdf(built).pages]
    place = {
        words: next(number for number, page in enumerate(pages) if words in page)
        for n in range(9)
        for words in (f"Before {n}.", f"Of text {n}.")
    }
    # The text goes on before a figure for which there is no room on the page.
    assert any(place[f"Before {n + 1}."] < place[f"Of text {n}."] for n in range(8))
    found = words(built)
    assert found.index("Within.") < found.index("Of a note.") < found.index("After it.")


def test_an_image_without_text_is_reported(project) -> None:
    page = "# Work\n\n```{image} a.svg\n:alt: A circle\n```\n\n```{image} a.svg\n```\n"
    built = project({**FILES, "cv/work.md": page, "cv/a.svg": SVG}).build("typst")
    (warning,) = built.warnings
    assert warning.startswith("cv/work.md:7: WARNING: the image 'cv/a.svg' has no text")


def test_without_a_person_the_author_is_named(project) -> None:
    built = project({"index.md": "# Home\n\n:::{toctree}\ncv/work\n:::\n", "cv/work.md": WORK,
                     "research.md": FILES["research.md"]}).build("typst")  # fmt: skip
    assert pdf(built).metadata.title == "Ada Lovelace: Curriculum vitae"


def test_whatever_a_page_may_hold_is_shown(project, validate) -> None:
    files = {**FILES, "cv/work.md": EVERYTHING, "cv/a.svg": SVG}
    built = project(files).build(
        "typst", numfig=True, myst_enable_extensions=["amsmath", "colon_fence", "deflist",
                                                      "dollarmath", "fieldlist"],
    )  # fmt: skip
    assert not built.warnings
    found = words(built)
    for text in (
        "Words with stress, weight, code,", "CV, Ada Lovelace, (1), Fig. 1, a note",
        "1 The text of the note.", "(3)", "• bullet one", "1. numbered one", "Term Meaning",
        "field: value", "left right 1 2", "Table 1 Table title", "head other head cell other cell",
        "Fig. 1 The caption The legend.", 'return "a\\n"', "Quotation", "Note Text of a note.",
        "Own title Text under it.", "Topic title Text of the topic.", "Added in version 1.0",
        "Rubric", "raw Typst", "area(x, y=1) -> int Says the area.", "A word, as in gloss.",
        "Aside Text beside it.", "verse one verse two", "-o FILE to a file", "Contained.",
        "parsed literal", "Only in the PDF.", "[CIT] A citation.", "See [CIT].", "spanning",
        "Centred", "--foo An option.", "See (4), (1), Fig. 1 and Table 2.",
        "Table 2 Second table letter", "Heading two Heading three The end.",
    ):  # fmt: skip
        assert text in found, text
    for text in ("raw HTML", "Only on the site"):
        assert text not in found
    validate(built.app.outdir / "cv.pdf")


def test_the_portfolio_has_the_cv_and_the_write_ups(project, validate) -> None:
    index = PERSON.replace("cv/work\n", "cv/work\nresearch\n")
    research = (
        "# Research\n\nDone as an {cv:ref}`analyst`, as [work](cv/work.md) says.\n\n## More\n"
    )
    built = project({"index.md": index, "cv/work.md": WORK, "research.md": research})
    built.build("typst", html_baseurl="https://ada.example.org/")
    assert not built.warnings
    reader = pypdf.PdfReader(built.app.outdir / "portfolio.pdf")
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    assert pages[0].startswith("Ada Lovelace ada@example.org")
    assert "Contents Work" in pages[0]
    assert pages[1].startswith("Work Analyst")
    assert "Mentioned in: Research" in pages[1]
    assert pages[2].startswith("Research Done as an Analyst, as work says.")
    assert [item.title for item in reader.outline if not isinstance(item, list)] == [
        "Work", "Research",
    ]  # fmt: skip
    # Every place that it has is linked to within.
    addresses = [a.get_object().get("/A", {}).get("/URI") for a in reader.pages[2]["/Annots"]]
    assert addresses == [None, None]
    assert "Mentioned in" not in words(built)
    validate(built.app.outdir / "portfolio.pdf")


@pytest.mark.parametrize(("count", "pages"), [(20, 1), (46, 1), (80, 2)])
def test_the_contents_name_sections_and_the_pages_they_are_on(project, count, pages) -> None:
    names = [f"study{number}" for number in range(count)]
    index = PERSON.replace("cv/work\n", "cv/work\n" + "\n".join(names) + "\n")
    studies = {f"{name}.md": f"# Study {n}.\n\n## Part {n}.\n" for n, name in enumerate(names)}
    files = {"cv/work.md": WORK, "research.md": FILES["research.md"]}
    built = project({"index.md": index, **studies, **files}).build("typst")
    assert not built.warnings
    reader = pypdf.PdfReader(built.app.outdir / "portfolio.pdf")
    texts = [" ".join(page.extract_text().split()) for page in reader.pages]
    assert texts[pages].startswith("Work Analyst")
    contents = re.sub(r"(?: ?\.){2,}", "", " ".join(texts[:pages]))
    for number in range(count):
        page = next(n for n, t in enumerate(texts[pages:]) if t.startswith(f"Study {number}. "))
        at = pages + page + 1
        assert f"Study {number} {at} Part {number} {at}" in contents
    assert "Analyst" not in contents
    if count == 46:  # the second column begins with the chapter in the middle
        right = []
        reader.pages[0].extract_text(
            visitor_text=lambda text, cm, tm, *_: (
                right.append((cm[5] + tm[5], text.strip()))
                if cm[4] + tm[4] > 290 and text.strip()
                else None
            )
        )
        assert max(right)[1].startswith("Study 23")


def test_a_figure_never_floats_above_the_head_of_a_chapter(project) -> None:
    index = PERSON.replace("cv/work\n", "cv/work\none\ntwo\n")
    figure = "\n```{figure} a.svg\n:alt: A\n\nWhat is seen.\n```\n\nAfter it.\n\n"
    page = "# Chapter\n" + figure + "Long. " * 900 + "\n" + figure.replace("seen", "shown")
    files = {"index.md": index, "cv/work.md": WORK, "one.md": page, "two.md": page, "a.svg": SVG}
    built = project(files).build("typst", numfig=True)
    reader = pypdf.PdfReader(built.app.outdir / "portfolio.pdf")
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    first = [text for text in pages if text.startswith("Chapter After it.")]
    assert len(first) == 2
    assert all("What is seen. Ada" in text for text in first)  # beneath, above the foot
    later = [text for text in pages if "What is shown." in text]
    assert len(later) == 2
    assert not any("What is shown. Ada" in text for text in later)  # on top, or where it stands


def test_a_short_list_of_references_is_not_parted(project, tmp_path) -> None:
    keys = [f"k{n}" for n in range(6)]
    cited = "\n\n{cite}`" + ",".join(keys) + "`\n\n## References\n\n```{bibliography}\n```\n"
    entry = "@misc{{{0}, author = {{Ada Byron}}, title = {{Entry {0}}}, year = 1843}}\n"
    bib = "".join(map(entry.format, keys))
    conf = {"bibtex_bibfiles": ["refs.bib"], "bibtex_default_style": "plain"}
    parted = []
    for lines in range(30, 40, 2):
        page = WORK + "\nA line.\n" * lines + cited
        built = project({**FILES, "cv/work.md": page, "refs.bib": bib}, folder=str(lines))
        built.build("typst", **conf)
        assert not built.warnings
        texts = [page.extract_text() for page in pdf(built).pages]
        # Heading and list together.
        parts = [[w for w in ("References", *keys) if w in text] for text in texts]
        assert ["References", *keys] in parts
        parted.append(len(texts))
    assert set(parted) == {1, 2}


def test_a_mistake_in_both_files_is_told_once(project) -> None:
    index = PERSON.replace("cv/work\n", "cv/work\nresearch\n")
    page = WORK + "\n```{math}\n\\frac{1\n```\n"
    built = project({"index.md": index, "cv/work.md": page, "research.md": "# R\n"}).build("typst")
    (warning,) = built.warnings
    assert "bad formula" in warning


def test_the_cv_alone_where_there_is_nothing_else(project) -> None:
    built = project(FILES).build("typst")
    assert not (built.app.outdir / "portfolio.pdf").exists()


SITE_ONLY = """\
# Research

## Pictures

:::{cv:timeline}
:::

```{cv:figure} moves.svg
A figure.
```

```{raw} html
<video src="film.mp4"></video>
```

```{raw} html
<p>Words</p>
```

See {download}`the data <data set.csv>`.
"""


@pytest.mark.parametrize("base", ["https://ada.example.org/", ""])
def test_what_only_the_site_has_is_linked_to_there(project, base) -> None:
    index = PERSON.replace("cv/work\n", "cv/work\nresearch\n")
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9pt" height="9pt" viewBox="0 0 9 9">'
        "<title>A line</title><desc>It grows.</desc>"
        '<path id="moves-a" class="stroke-c1" stroke="#3a8bc8" d="M0 0h9"/></svg>'
    )
    change = {"id": "moves-a", "attribute": "d", "values": ["M0 0h9", "M0 0h5"]}
    frames = {"label": "t", "frames": ["1", "2"], "still": 0, "loop": False, "changes": [change]}
    files = {"index.md": index, "cv/work.md": WORK, "research.md": SITE_ONLY}
    files |= {"moves.svg": picture, "moves.json": json.dumps(frames), "data set.csv": "1"}
    built = project(files).build("typst", html_baseurl=base)
    assert not built.warnings
    reader = pypdf.PdfReader(built.app.outdir / "portfolio.pdf")
    found = " ".join(reader.pages[2].extract_text().split())
    assert "Analyst · Analytical Engine · 1842 – 1843" in found
    assert ("Drawn as a timeline on the site" in found) == bool(base)
    assert found.count("Shown on the site") == found.count("Moves on the site") == bool(base)
    addresses = [a.get_object().get("/A", {}).get("/URI") for a in reader.pages[2]["/Annots"]]
    outside = [address for address in addresses if address]
    expected = [
        "https://ada.example.org/research.html#pictures",
        "https://ada.example.org/research.html#",
        "https://ada.example.org/research.html#pictures",
        "https://ada.example.org/_downloads/",
    ]
    assert len(outside) == len(expected) * bool(base)
    assert all(map(str.startswith, outside, expected))
    if base:
        made = built.build("html", html_baseurl=base).app.outdir
        assert (made / outside[-1].removeprefix(base).replace("%20", " ")).read_text() == "1"


THEMES = {
    "a brace too many": ("#let code(x) = {{\n", 2, "unclosed delimiter"),
    "an unknown name": ("#let entry(title: [], ..rest) = [#titel]\n", 2, "unknown variable: titel"),
}
FEWER = {
    "of a name": ("\n#let entry(x) = x\n", 3, "unexpected argument: kind; let 'entry'"),
    "of a place": ("#let heading(level: 1) = []\n", 2, "unexpected argument; let 'heading'"),
}


@pytest.mark.parametrize("theme", THEMES)
def test_a_mistake_in_a_theme_is_told_at_its_line(project, theme) -> None:
    text, line, message = THEMES[theme]
    files = {**FILES, "own.typ": f'#import "base.typ": *\n{text}'}
    built = project(files).build("typst", cv_pdf_theme="own.typ")
    assert built.warnings == [f"own.typ:{line}: WARNING: Typst says: {message} [cv.pdf]"]


@pytest.mark.parametrize("theme", FEWER)
def test_a_function_that_takes_too_little_is_told_at_its_line(project, theme) -> None:
    text, line, message = FEWER[theme]
    # What stands before it, and in strings and brackets, is not taken for the call.
    page = WORK.replace("# Work", '# Work (*a* `b("`)\n\n$f(x)$ and ``c(``')
    files = {**FILES, "cv/work.md": page, "own.typ": f'#import "base.typ": *\n{text}'}
    built = project(files).build("typst", cv_pdf_theme="own.typ")
    (warning,) = built.warnings
    told = f"own.typ:{line}: WARNING: Typst says: {message} end its parameters with '..rest'"
    assert warning == f"{told} [cv.pdf]"


@pytest.mark.parametrize("name", ["a.png", "a.svg"])
def test_an_image_that_cannot_be_read_is_told_at_its_line(project, name) -> None:
    page = f"# Work\n\nFirst.\n\nWith ![a picture]({name}) here.\n"
    built = project({**FILES, "cv/work.md": page, f"cv/{name}": "<no picture"}).build("typst")
    (warning,) = built.warnings
    assert warning.startswith("cv/work.md:5: WARNING: Typst says: failed to ")


def test_all_mistakes_are_told_at_once(project) -> None:
    page = WORK + "\n![a](a.png)\n\nWell \uea01.\n\n- ![b](b.png)\n\n![c](c.png) again.\n"
    bad = {f"cv/{name}.png": "<no picture" for name in "abc"}
    built = project({**FILES, **bad, "cv/work.md": page}).build("typst")
    told = [re.match(r"cv/work\.md:(\d+): WARNING: (.)", line).groups() for line in built.warnings]
    first = WORK.count("\n") + 2
    lines = [(first, "T"), (first + 2, "t"), (first + 4, "T"), (first + 6, "T")]
    assert sorted(told) == [(str(line), sign) for line, sign in lines]
    assert not (built.app.outdir / "cv.pdf").exists()


def test_what_typst_places_in_the_engine_is_told_at_the_line_of_the_text(project) -> None:
    raw = '#captioned(none, [x], image("image-a.svg"))'
    page = (
        "# Work\n\nFirst.\n\n![a](a.svg)\n\n- one\n\n  ```{raw} typst\n  #block[]\n  ```\n\n"
        f"- Two:\n\n  ```{{raw}} typst\n  {raw}\n  ```\n"
    )
    built = project({**FILES, "cv/work.md": page, "cv/a.svg": SVG}).build("typst")
    (warning,) = built.warnings
    assert re.match(r"cv/work\.md:1\d: WARNING: Typst says: .*missing alt text", warning)
