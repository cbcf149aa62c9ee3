"""Figures: within the page in HTML, an image like others everywhere else."""

import json

import pypdf
import pytest
from bs4 import BeautifulSoup

from sphinx_cv.research.svg import markup, read_picture, share_shapes

PAGE = """\
# Disc

See {numref}`area`.

:::{cv:figure} figures/disc-area.svg
:name: area

The *area* of a disc.

More about it.
:::
"""


def figure(built):
    return built.soup("research/disc").select_one("figure")


def test_a_picture_stands_in_the_page(writeup) -> None:
    built = writeup(PAGE).build()
    assert not built.warnings
    found = figure(built)
    assert found["id"] == "area"
    picture = found.select_one("svg.cv-figure")
    assert picture["role"] == "img"
    named = [found.find(id=name).text for name in picture["aria-labelledby"].split()]
    assert named == ["Area of disc-area", "It grows with the radius."]
    assert picture.find("use")["href"] == "#disc-area-dot"
    assert not picture.find("metadata")
    assert picture.find("path", class_="stroke-c1")["stroke"] == "#3a8bc8"
    assert found.select_one("figcaption em").text == "area"
    assert "Fig. 1" in found.select_one(".caption-number").text
    assert found.select_one(".legend").text.strip() == "More about it."
    assert built.soup("research/disc").select_one("p a.reference")["href"] == "#area"
    assert not found.select("[style], style, script, img")


def test_width_and_class(writeup) -> None:
    page = "# Disc\n\n:::{cv:figure} figures/disc-area.svg\n:width: 80%\n:class: wide\n:::\n"
    picture = figure(writeup(page).build()).svg
    assert picture["width"] == "80%"
    assert not picture.has_attr("height")
    assert picture["class"] == ["cv-figure", "wide"]


def test_every_page_has_the_style_and_only_what_moves_the_script(writeup) -> None:
    """One style sheet for all pages is fetched once."""
    built = writeup(PAGE).build()
    assert built.soup("research/disc").select('link[href*="research.css"]')
    assert built.soup("index").select('link[href*="research.css"]')
    assert not built.soup("research/disc").select('script[src*="moving-figures.js"]')


def test_elsewhere_it_is_an_image(writeup) -> None:
    built = writeup(PAGE).build("text")
    assert not built.warnings
    text = (built.app.outdir / "research" / "disc.txt").read_text("utf-8")
    assert "[image: Area of disc-area. It grows with the radius.][image]" in text


def test_in_the_pdf(writeup, parts) -> None:
    text = {"research/figures/disc-area.json": parts.frames("disc-area")}
    built = writeup(PAGE, text).build("typst")
    assert not built.warnings
    reader = pypdf.PdfReader(built.app.outdir / "portfolio.pdf")
    words = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert "Fig. 1 The area of a disc." in words
    # Nothing of the slider, whose label is "radius r".
    assert "radius" not in words
    assert "Area of disc-area. It grows with the radius." in alternatives(reader)


def alternatives(reader) -> str:
    """The texts of the pictures."""
    found = []

    def walk(node):
        node = node.get_object()
        if isinstance(node, pypdf.generic.DictionaryObject):
            if "/Alt" in node:
                found.append(node["/Alt"])
            if "/K" in node:
                walk(node["/K"])
        elif isinstance(node, pypdf.generic.ArrayObject):
            for child in node:
                walk(child)

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    return " ".join(found)


HEAD = "<title>T</title><desc>D</desc>"
AS_IT_IS = "the figure 'figures/disc-area.svg' cannot be used as it is: "


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"head": "<desc>D</desc>"}, "it has no <title> to say what it shows"),
        ({"head": "<title>T</title><desc> </desc>"}, "it has no <desc> to say what it shows"),
        ({"inner": "<style>p{}</style>"}, "it has a <style>, which may not stand in a page"),
        ({"inner": "<script/>"}, "it has a <script>, which may not stand in a page"),
        ({"inner": '<image href="#disc-area-dot"/>'}, "it has a <image>"),
        ({"inner": '<g style="fill:red"/>'}, "its <g> has the attribute 'style'"),
        ({"inner": '<g onclick="f()"/>'}, "its <g> has the attribute 'onclick'"),
        ({"inner": '<use xlink:href="other.svg#a"/>'}, "its <use> refers to 'other.svg#a'"),
        ({"inner": '<g clip-path="url(a.svg#b)"/>'}, "its <g> refers to 'a.svg#b'"),
        ({"inner": '<g id="dot"/>'}, "its id 'dot' may be another picture's too"),
        ({"inner": '<g id="disc-area-dot"/>'}, "its id 'disc-area-dot' is there twice"),
    ],
)
def test_what_may_not_stand_in_a_page_is_located(writeup, parts, changed, problem) -> None:
    text = parts.svg("disc-area", **changed)
    built = writeup(PAGE, figures={"disc-area.svg": text}).build()
    assert len(built.warnings) == 1
    assert built.warnings[0].startswith(f"research/disc.md:5: WARNING: {AS_IT_IS}{problem}")
    assert built.warnings[0].endswith("[cv.figure]")
    # As an image it can do no harm.
    assert not figure(built).svg
    assert figure(built).img


def test_without_a_view_box(writeup, parts) -> None:
    text = parts.svg("disc-area").replace('viewBox="0 0 330 220"', "")
    built = writeup(PAGE, figures={"disc-area.svg": text}).build()
    assert "it has no viewBox" in built.warnings[0]


@pytest.mark.parametrize(
    ("text", "problem"),
    [("<svg", "it is not well-formed XML"), ("<p/>", "its root element is 'p', not that")],
)
def test_what_is_no_svg_is_located(writeup, text, problem) -> None:
    built = writeup(PAGE.replace("{numref}`area`", ""), figures={"disc-area.svg": text}).build()
    assert len(built.warnings) == 1
    assert built.warnings[0].startswith(f"research/disc.md:5: WARNING: {AS_IT_IS}{problem}")


def test_a_missing_figure_is_located_until_it_is_there(writeup, parts) -> None:
    page = PAGE.replace("{numref}`area`", "")
    built = writeup(page, figures={}).build()
    message = f"research/disc.md:5: WARNING: {AS_IT_IS}there is no such file [cv.figure]"
    assert built.warnings == [message]
    assert built.build().warnings == [message]
    figures = {"disc-area.svg": parts.svg("disc-area")}
    built.write({"research/figures/disc-area.svg": figures["disc-area.svg"],
                 "research/results/disc.json": parts.results(figures=figures)})  # fmt: skip
    assert not built.build().warnings
    assert figure(built).svg


def test_a_figure_shown_twice_is_located(writeup) -> None:
    again = "\n:::{cv:figure} figures/disc-area.svg\n:::\n"
    built = writeup(PAGE + again).build()
    assert len(built.warnings) == 1
    assert built.warnings[0].startswith(
        "research/disc.md:13: WARNING: the figure 'research/figures"
    )
    soup = built.soup("research/disc")
    assert len(soup.select("svg")) == len(soup.select("figure img")) == 1


def test_an_edited_figure_is_shown(writeup, parts) -> None:
    built = writeup(PAGE).build()
    figures = {"disc-area.svg": parts.svg("disc-area").replace("Area of", "The area of")}
    built.write({"research/figures/disc-area.svg": figures["disc-area.svg"],
                 "research/results/disc.json": parts.results(figures=figures)}).build()  # fmt: skip
    assert not built.warnings
    assert figure(built).svg.title.text == "The area of disc-area"


MOVING = "research/figures/disc-area.json"


def test_frames_stand_beside_the_picture(writeup, parts) -> None:
    built = writeup(PAGE, {MOVING: parts.frames("disc-area")}).build()
    assert not built.warnings
    script = figure(built).select_one("svg + script")
    assert script["type"] == "application/json"
    assert "<" not in script.text
    frames = json.loads(parts.frames("disc-area"))
    changes = frames.pop("changes")
    assert json.loads(script.text) == frames
    # What changes is a script of its own, which a page without the figure does not need.
    name, _, version = script["data-changes"].partition("?v=")
    code = (built.app.outdir / "_static" / name).read_text(encoding="utf-8")
    assert code == f"cvFrames({json.dumps(changes, separators=(',', ':'))});\n"
    changes[0]["values"][0] = "M0 0L1 1"
    built.write({MOVING: json.dumps({**frames, "changes": changes})}).build()
    script = figure(built).select_one("svg + script")
    assert "M0 0L1 1" in (built.app.outdir / "_static" / name).read_text(encoding="utf-8")
    # Another address, or browsers would keep the old one.
    assert script["data-changes"].partition("?v=")[2] != version
    loaded = built.soup("research/disc").select_one('script[src*="moving-figures.js"]')
    assert loaded.has_attr("defer")


def change(**changed):
    return [{"id": "disc-area-line", "attribute": "d", "values": ["a", "b", "c"], **changed}]


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"label": ""}, "it has no 'label' for its slider"),
        ({"frames": []}, "its 'frames' must be a list of labels"),
        ({"frames": [1]}, "its 'frames' must be a list of labels"),
        ({"still": 3}, "its 'still' is 3; it must be one of 0 to 2"),
        ({"changes": 3}, "its 'changes' must be a list"),
        ({"changes": [{}]}, "each of its 'changes' must have 'id'"),
        ({"changes": change(id="x")}, "it changes 'x', an id that the picture does not have"),
        ({"changes": change(attribute="style")}, "it changes the attribute 'style'"),
        ({"changes": change(attribute="onclick")}, "it changes the attribute 'onclick'"),
        ({"changes": change(values=["a"])}, "it has 1 values for 'disc-area-line', but 3 frames"),
        ({"changes": change(values=[1, 2, 3])}, "the values of 'disc-area-line' must be"),
    ],
)
def test_broken_frames_are_located(writeup, parts, changed, problem) -> None:
    built = writeup(PAGE, {MOVING: parts.frames("disc-area", **changed)}).build()
    start = "research/disc.md:5: WARNING: the figure 'disc-area.json' cannot be used as it is: "
    assert len(built.warnings) == 1
    assert built.warnings[0].startswith(start + problem)
    assert figure(built).svg
    assert not figure(built).script


def test_frames_that_are_no_json(writeup) -> None:
    built = writeup(PAGE, {MOVING: "{"}).build()
    assert len(built.warnings) == 1
    assert "'disc-area.json' cannot be used as it is: it cannot be read" in built.warnings[0]


def test_frames_come_and_go(writeup, parts) -> None:
    built = writeup(PAGE).build()
    assert not figure(built).script
    built.write({MOVING: parts.frames("disc-area")}).build()
    assert figure(built).script
    built.write({MOVING: None}).build()
    assert not figure(built).script


SHAPES = """\
<svg xmlns="http://www.w3.org/2000/svg"><title>T</title><desc>D</desc>
<defs><path id="{0}-a" d="m0 0h1"/><path id="{0}-b" d="m0 0v{1}"/></defs>
<use href="#{0}-a"/><use href="#{0}-b"/></svg>
"""


@pytest.mark.parametrize(
    ("moving", "kept", "used"),
    [
        (set(), ["two-b"], ["#one-a", "#two-b"]),
        ({"two-a"}, ["two-a", "two-b"], ["#two-a", "#two-b"]),
    ],
)
def test_pictures_of_a_page_share_shapes(tmp_path, moving, kept, used) -> None:
    """Unless they change."""
    known, pictures = {}, []
    for number, name in enumerate(("one", "two"), start=1):
        path = tmp_path / f"{name}.svg"
        path.write_text(SHAPES.format(name, number), encoding="utf-8")
        pictures.append(read_picture(path))
        share_shapes(pictures[-1], known, moving)
    first, second = (BeautifulSoup(markup(each, classes=""), "html.parser") for each in pictures)
    assert [path["id"] for path in first.select("defs path")] == ["one-a", "one-b"]
    assert [path["id"] for path in second.select("defs path")] == kept
    assert [use["href"] for use in second.select("use")] == used
