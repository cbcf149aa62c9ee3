"""The runner of the computations, on a made-up page; and what is recorded of the real ones."""

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.collections import PolyCollection

from companions import __main__ as runner
from companions import drawing, study
from companions.drawing import C1, C2

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.stem.replace("_", "-") for path in (runner.PACKAGE / "pages").glob("[!_]*.py"))
RESEARCH = ROOT / "docs" / "research"
SVG = f"{{{drawing.SVG}}}"

TOPIC = '''
"""A topic."""
from companions.method import SCALE, curve
from companions.drawing import C1, INK, axes
from companions.study import at_most, figure, moving, number

def compute():
    return curve()

def results(data):
    return {"largest": number(max(data), ".2e"), "error": at_most(1e-14, -12)}

@figure("A curve", lambda data: f"It ends at {data[-1]}.")
def curve_of_squares(data):
    fig, ax = axes()
    ax.plot(data, color=C1)
    ax.set_xlabel("$x^2$ & more")
    return fig

@moving("A dot", "It rises.", label="height", frames=lambda data: ["low", "high"], still=1)
def dot(data, frame):
    fig, ax = axes()
    ax.plot([0], [frame], "o", color=INK)
    ax.set_ylim(0, 1)
    return fig
'''
METHOD = "SCALE = 1.0\n\ndef curve():\n    return [SCALE * x * x for x in range(5)]\n"


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package of one page beside the real interface."""
    home = tmp_path / "src" / "companions"
    (home / "pages").mkdir(parents=True)
    for name in ("__init__", "__main__", "study", "drawing", "outlines"):
        (home / f"{name}.py").write_bytes((runner.PACKAGE / f"{name}.py").read_bytes())
    (home / "pages" / "__init__.py").touch()
    (home / "pages" / "some_topic.py").write_text(TOPIC)
    (home / "method.py").write_text(METHOD)
    return home


def run(package, *args):
    """The output of the command, and its exit code."""
    done = subprocess.run(
        [sys.executable, "-m", "companions", *args],
        cwd=package.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr, done.returncode


def read(package, name):
    return (package.parents[1] / "docs" / "research" / name).read_text(encoding="utf-8")


def test_results_and_figures(package):
    """What is written is what the pages need: numbers as text, drawings without style or script."""
    output, code = run(package)
    assert code == 0, output
    assert "[1/1] some-topic" in output
    record = json.loads(read(package, "results/some-topic.json"))
    assert record["results"]["largest"] == {
        "value": 16.0,
        "text": "1.60 × 10¹",
        "tolerance": 1.6e-8,
    }
    assert record["results"]["error"]["text"] == "10⁻¹²"
    assert {Path(name).name for name in record["code"]} == {
        "some_topic.py",
        "method.py",
        "study.py",
        "drawing.py",
        "outlines.py",
    }
    still = ET.fromstring(read(package, "figures/some-topic-curve-of-squares.svg"))
    assert still[0].tag == f"{SVG}title"
    assert still[0].text == "A curve"
    assert still[1].text == "It ends at 16.0."
    assert not [e for e in still.iter() if e.tag in {f"{SVG}style", f"{SVG}script", f"{SVG}image"}]
    assert not [e for e in still.iter() if "style" in e.attrib]
    assert all(
        e.get("id", "some-topic-curve-of-squares-").startswith("some-topic-") for e in still.iter()
    )
    classes = {name for e in still.iter() for name in e.get("class", "").split()}
    assert {"stroke-c1", "fill-ink", "stroke-grid"} <= classes


def test_a_moving_picture_tells_what_changes(package):
    """Its file holds only attributes that change, of elements that the still has."""
    run(package)
    moves = json.loads(read(package, "figures/some-topic-dot.json"))
    assert moves["frames"] == ["low", "high"]
    assert moves["still"] == 1
    still = ET.fromstring(read(package, "figures/some-topic-dot.svg"))
    elements = {e.get("id"): e for e in still.iter() if e.get("id")}
    assert moves["changes"]
    for change in moves["changes"]:
        assert elements[change["id"]].get(change["attribute"]) == change["values"][1]
        assert len(change["values"]) == 2


def test_only_what_is_stale(package):
    """Nothing is computed again but what was changed, be it code, parameters or a figure."""
    run(package)
    assert "0 pages computed, 1 fresh already" in run(package)[0]
    figure = package.parents[1] / "docs" / "research" / "figures" / "some-topic-dot.svg"
    figure.write_text(figure.read_text() + "<!-- touched -->")
    assert "1 pages computed" in run(package)[0]
    (package / "method.py").write_text(METHOD.replace("1.0", "2.0"))
    assert "1 pages computed" in run(package)[0]
    assert json.loads(read(package, "results/some-topic.json"))["results"]["largest"]["value"] == 32
    assert "0 pages computed, 1 fresh already" in run(package)[0]
    assert "1 pages computed, 0 fresh already" in run(package, "--all")[0]


def test_a_check_finds_what_is_not_so_any_more(package):
    """Stale code, another number, another drawing: each is said, and the command fails."""
    run(package)
    output, code = run(package, "--check")
    assert code == 0, output
    (package / "method.py").write_text(METHOD.replace("1.0", "1.01"))
    output, code = run(package, "--check", "some-topic")
    assert code == 1
    assert "the code has changed since: run nox -s research -- some-topic" in output
    assert "largest: 16.16, recorded 16.0, tolerance" in output
    assert "figures/some-topic-curve-of-squares.svg: drawn otherwise" in output


def test_two_runs_write_the_same(package):
    """To the byte."""
    run(package)
    folder = package.parents[1] / "docs" / "research"
    first = {path: path.read_bytes() for path in folder.rglob("*.*")}
    run(package, "--all")
    assert {path: path.read_bytes() for path in folder.rglob("*.*")} == first


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (("C1)", "'red')"), "expected a colour of companions.drawing.PALETTE, got #ff0000"),
        (('"height"', "3/0"), "division by zero"),
        (("1e-14", "1e-3"), "expected at most 1e-12, got 0.001"),
        (("[frame]", "[frame]*(frame+1)"), "x and y must have same first dimension"),
        (("set_ylim(0, 1)", "set_title(frame)"), "frames draw different elements"),
    ],
)
def test_mistakes(package, edit, message):
    """A page that fails is reported by its name, and the command fails."""
    path = package / "pages" / "some_topic.py"
    path.write_text(path.read_text().replace(*edit))
    output, code = run(package)
    assert code == 1
    assert "some-topic" in output
    assert message in output


def test_an_unknown_page(package):
    """Named with those there are."""
    output, code = run(package, "some-tpic")
    assert code == 2
    assert "no page some-tpic; there are some-topic" in output


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (3.14159, ".3g", "3.14"),
        (-0.5, ".1f", "−0.5"),
        (3.1e-15, ".2g", "3.1 × 10⁻¹⁵"),
        (28266, ",d", "28,266"),
        (2.5e7, ".2g", "2.5 × 10⁷"),
    ],
)
def test_numbers_as_text(value, form, text):
    """As a book has them."""
    assert study.number(value, form).text == text


def test_difference_of_drawings():
    """By the numbers, if all else is the same."""
    assert drawing.difference("M 1 2.5", "M 1.25 2.5") == pytest.approx(0.25)
    assert drawing.difference("M 1 2", "L 1 2") == float("inf")
    assert drawing.difference("M 1", "M 1 2") == float("inf")


def test_heat_has_no_raster():
    """A heat map is made of areas of one colour in several strengths."""
    grid = np.linspace(0, 1, 9)
    with matplotlib.rc_context(drawing.STYLE):
        fig, ax = drawing.axes()
        drawing.heat(ax, grid, grid, np.add.outer(grid, grid), np.linspace(0, 2, 6))
        files = drawing.write(study.Picture(lambda _: fig, "t", "d"), None, "heat")
    assert "<image" not in files["svg"]
    assert len(set(re.findall(r'fill-opacity="([\d.]+)"', files["svg"]))) >= 3


def test_no_line_shows_between_shapes_that_meet():
    """Their edges lie on whole dots; those of other shapes stay soft."""
    squares = [[(x, 0), (x + 1, 0), (x + 1, 1), (x, 1)] for x in range(2)]
    with matplotlib.rc_context(drawing.STYLE):
        fig, ax = drawing.axes()
        ax.add_collection(PolyCollection(squares, facecolors=C1, lw=0, gid=drawing.MEETING))
        ax.add_collection(PolyCollection(squares, facecolors=C2, lw=0))
        svg = drawing.write(study.Picture(lambda _: fig, "t", "d"), None, "squares")["svg"]
    crisp = ET.fromstring(svg).findall(".//*[@shape-rendering='crispEdges']")
    assert [(group.get("class"), len(group.findall(f".//{SVG}path"))) for group in crisp] == [
        ("fill-c1", 2)
    ]


@pytest.mark.parametrize("page", PAGES)
def test_what_is_recorded_is_fresh(page):
    """The committed results and figures were made by the code as it is."""
    assert not runner.stale(page, RESEARCH), f"run nox -s research -- {page}"


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_its_write_up(page):
    """A module here is a page there, and every figure of it is shown or in the index."""
    text = (RESEARCH / f"{page}.md").read_text(encoding="utf-8")
    record = runner.recorded(page, RESEARCH)
    for name in record["figures"]:
        if name.endswith(".svg") and not name.endswith("-thumbnail.svg"):
            assert Path(name).name in text
