"""Three kinds of statement, each saying where it is from."""

import pypdf
import pytest

PAGE = """\
# Disc

:::{cv:theorem} Theorem 1: $a = b$
:of: lovelace1843notes
:name: thm

Engines *compute*.
:::

:::{cv:computed} The area
:by: geometry.plane.area, geometry.Machine

It is large.
:::

:::{cv:observation}
Discs are round.
:::

See {ref}`thm`.
"""


def heads(built) -> list[str]:
    titles = built.soup("research/disc").select(".cv-statement > .admonition-title")
    return [" ".join(title.text.split()) for title in titles]


def test_heads(writeup) -> None:
    built = writeup(PAGE).build()
    assert not built.warnings
    theorem, computed, observation = heads(built)
    assert theorem.startswith("Theorem 1: ")
    assert theorem.endswith("· theorem of the paper [Lov43]")
    assert computed == "The area · computed here by geometry.plane.area, geometry.Machine"
    assert observation == "Our own observation"
    soup = built.soup("research/disc")
    assert soup.select_one(".cv-theorem .admonition-title math")
    assert soup.select_one(".cv-theorem .admonition-title a")["href"].startswith("../papers.html#")
    code = [each.text for each in soup.select(".cv-computed .admonition-title code")]
    assert code == ["geometry.plane.area", "geometry.Machine"]
    name = soup.select_one(".cv-computed .admonition-title code")
    assert name.decode_contents().split("<wbr/>")[1] == '<span class="pre">plane.</span>'
    assert soup.select_one(".cv-theorem")["id"] == "thm"
    assert soup.select('a[href="#thm"]')[0].text.startswith("Theorem 1: ")


@pytest.mark.parametrize(
    ("written", "head"),
    [
        ("{cv:theorem}\n:of: lovelace1843notes, menabrea1842sketch",
         "Theorem of the papers [Lov43, Men42]"),
        ("{cv:computed}\n:by: geometry.plane", "Computed here by geometry.plane"),
        ("{cv:observation} A *round* thing", "A round thing · our own observation"),
    ],
)  # fmt: skip
def test_other_heads(writeup, written, head) -> None:
    built = writeup(f"# Disc\n\n:::{written}\n\nText.\n:::\n").build()
    assert not built.warnings
    assert heads(built) == [head]


def test_in_the_pdf(writeup) -> None:
    built = writeup(PAGE).build("typst")
    assert not built.warnings
    reader = pypdf.PdfReader(built.app.outdir / "portfolio.pdf")
    words = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert "· theorem of the paper [Lov43] Engines compute." in words
    assert "The area computed here by geometry.plane.area, geometry.Machine It is large." in words
    assert "Our own observation Discs are round." in words


@pytest.mark.parametrize("builder", ["text", "latex"])
def test_elsewhere(writeup, builder) -> None:
    built = writeup(PAGE).build(builder)
    assert not built.warnings
    found = "".join(p.read_text("utf-8") for p in built.app.outdir.rglob("*.t*x*"))
    assert "computed here by" in found
    assert "Our own observation" in found


@pytest.mark.parametrize(
    "name",
    ["geometry", "geometry.plane", "geometry.plane.RADIUS", "geometry.plane.LOW",
     "geometry.plane.pi", "geometry.plane.Engine.run", "geometry.plane.Engine.size",
     "geometry.plane.Better.run", "geometry.plane.area", "geometry.Machine"],
)  # fmt: skip
def test_code_that_is_there(writeup, name) -> None:
    built = writeup(f"# Disc\n\n:::{{cv:computed}}\n:by: {name}\n\nText.\n:::\n").build("dummy")
    assert not built.warnings


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("geometry.plane.aera", "'geometry.plane' has no 'aera'; did you mean 'area'?"),
        ("geometry.plane.Engine.runs",
         "'geometry.plane.Engine' has no 'runs'; did you mean 'run'?"),
        ("geometry.plane.area.x", "'geometry.plane.area' has no 'x'"),
        ("geometry.plan.area",
         "'geometry' has no module or object 'plan'; did you mean 'plane'?"),
        ("geometri.plane", "there is no module 'geometri' below 'code'; did you mean 'geometry'?"),
        ("geometry.broken.f", "'broken.py' cannot be read: '(' was never closed"),
    ],
)  # fmt: skip
def test_code_that_is_not_there_is_located(writeup, name, problem) -> None:
    page = f"# Disc\n\n:::{{cv:computed}}\n:by: {name}\n\nText.\n:::\n"
    built = writeup(page, {"code/geometry/broken.py": "f("}).build("dummy")
    assert len(built.warnings) == 1
    message = f"research/disc.md:3: WARNING: {name!r} is not there to compute anything: {problem}"
    assert built.warnings[0].startswith(message)
    assert built.warnings[0].endswith("[cv.statement]")


def test_code_that_goes_is_told(writeup) -> None:
    page = "# Disc\n\n:::{cv:computed}\n:by: geometry.plane.area\n\nText.\n:::\n"
    built = writeup(page).build("dummy")
    assert not built.warnings
    built.write({"code/geometry/plane.py": "def areas(): ..."}).build("dummy")
    assert len(built.warnings) == 1
    assert "has no 'area'; did you mean 'areas'?" in built.warnings[0]


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("theorem", "this cv:theorem does not say whose it is; add a line ':of: "),
        ("computed", "this cv:computed does not say what computed it; add a line ':by: "),
    ],
)
def test_without_a_source_is_located(writeup, kind, message) -> None:
    built = writeup(f"# Disc\n\n:::{{cv:{kind}}} Title\n\nText.\n:::\n").build("dummy")
    assert len(built.warnings) == 1
    assert built.warnings[0].startswith(f"research/disc.md:3: WARNING: {message}")


def test_an_unknown_paper_is_located(writeup) -> None:
    built = writeup(PAGE.replace(":of: lovelace1843notes", ":of: lovelace1843note")).build()
    assert len(built.warnings) == 1
    assert built.warnings[0].startswith("research/disc.md:3: WARNING: no entry has the key")
    assert "did you mean 'lovelace1843notes'?" in built.warnings[0]
