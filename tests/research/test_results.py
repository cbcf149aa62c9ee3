"""Numbers by name, and results that are older than the code."""

import json

import pytest

PAGE = """\
# Disc

Some text
and {cv:result}`area`, {cv:result}`disc.tiny`.
"""
RUN = "run: nox -s research -- disc"


def test_a_result_is_shown_by_its_name(writeup) -> None:
    built = writeup(PAGE).build()
    assert not built.warnings
    shown = built.soup("research/disc").select("data.cv-result")
    assert [(each["value"], each.text) for each in shown] == [
        ("12.566370614359172", "12.57"),
        ("3.1e-15", "3.1\u00a0×\u00a010⁻¹⁵"),  # which no line parts
    ]


@pytest.mark.parametrize(
    ("builder", "shown"), [("text", "and 12.57, 3.1\u00a0×\u00a010⁻¹⁵."), ("latex", "{12.57}, ")]
)
def test_a_result_is_text_elsewhere(writeup, builder, shown) -> None:
    built = writeup(PAGE).build(builder)
    assert not built.warnings
    found = "".join(p.read_text("utf-8") for p in built.app.outdir.rglob("*.t*x*"))
    assert shown in found


def test_a_result_of_another_page(writeup, parts) -> None:
    files = {"research/two-parts.md": "# Two\n\n{cv:result}`disc.area`\n\n{cv:result}`mine`\n",
             "index.md": "# Home\n\n```{toctree}\n:glob:\npapers\nresearch/*\n```\n"}  # fmt: skip
    own = json.loads(parts.results("two-parts"))
    own["results"] = {"mine": {"value": "<both>", "text": "a < b"}}
    built = writeup(files={**files, "research/results/two-parts.json": json.dumps(own)}).build()
    assert not built.warnings
    shown = built.soup("research/two-parts").select("data.cv-result")
    assert [(each["value"], each.text) for each in shown] == [
        ("12.566370614359172", "12.57"),
        ("<both>", "a < b"),
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("aera", "'results/disc.json' has no result 'aera'; did you mean 'area'?"),
        ("volume", f"'results/disc.json' has no result 'volume'; compute it, and {RUN}"),
        ("ball.area", "'results/ball.json' cannot be read: there is no such file; "
                      "run: nox -s research -- ball"),
    ],
)  # fmt: skip
def test_an_unknown_result_is_located(writeup, name, message) -> None:
    built = writeup(f"# Disc\n\nOne\ntwo\n{{cv:result}}`{name}` three.\n").build()
    assert built.warnings == [f"research/disc.md:5: WARNING: {message} [cv.result]"]
    assert f"[{name}?]" in built.text("research/disc")


@pytest.mark.parametrize("broken", ["{", "[]", '{"command": "x"}', '{"results": 3}'])
def test_a_broken_file_is_located(writeup, broken) -> None:
    built = writeup(PAGE, {"research/results/disc.json": broken}).build()
    assert len(built.warnings) == 2
    for warning in built.warnings:
        assert warning.startswith("research/disc.md:4: WARNING: 'results/disc.json' cannot be read")
        assert warning.endswith(f"; {RUN} [cv.result]")


def test_an_edited_file_is_read_again(writeup, parts) -> None:
    built = writeup(PAGE).build()
    text = parts.results(figures={"disc-area.svg": parts.svg("disc-area")}).replace(
        "12.57", "12.566"
    )
    built.write({"research/results/disc.json": text}).build()
    assert not built.warnings
    assert "and 12.566," in built.text("research/disc")


def stale(line: int, what: str, page: str = "disc") -> str:
    return f"research/{page}.md:{line}: WARNING: the results are stale: {what}; {RUN} [cv.stale]"


CHANGED = "code/geometry/plane.py has changed since they were computed"


def test_changed_code_is_told_once_until_it_is_mended(writeup, parts) -> None:
    built = writeup(PAGE).build()
    assert not built.warnings
    built.write({"code/geometry/plane.py": parts.CODE + "\n"}).build()
    assert built.warnings == [stale(4, CHANGED)]
    assert built.build().warnings == [stale(4, CHANGED)]
    assert built.build("text").warnings == [stale(4, CHANGED)]
    built.write({"code/geometry/plane.py": parts.CODE}).build()
    assert not built.warnings
    built.write({"code/geometry/plane.py": None}).build()
    assert built.warnings == [stale(4, "code/geometry/plane.py is gone")]


def test_every_page_that_uses_a_file_tells(writeup) -> None:
    files = {"research/other.md": "---\norphan:\n---\n\n# Other\n\n{cv:result}`disc.area`\n",
             "research/free.md": "---\norphan:\n---\n\n# Free\n",
             "code/geometry/plane.py": "changed = 1\n"}  # fmt: skip
    built = writeup(PAGE, files).build()
    assert sorted(built.warnings) == [stale(4, CHANGED), stale(7, CHANGED, "other")]


def test_a_changed_figure_is_told_by_who_shows_it(writeup, parts) -> None:
    page = "# Disc\n\n:::{cv:figure} figures/disc-area.svg\n:::\n\n{cv:result}`area`\n"
    built = writeup(page).build()
    assert not built.warnings
    built.write({"research/figures/disc-area.svg": parts.svg("disc-area", "<g/>")}).build()
    change = "figures/disc-area.svg is not the one that was drawn with them"
    assert built.warnings == [stale(3, change)]


def test_a_figure_that_nothing_drew(writeup, parts) -> None:
    page = "# Disc\n\n:::{cv:figure} figures/disc-new.svg\n:::\n"
    built = writeup(page, {"research/figures/disc-new.svg": parts.svg("disc-new")}).build()
    message = "'figures/disc-new.svg' is not among the figures of 'disc.json'"
    assert built.warnings == [f"research/disc.md:3: WARNING: {message}; {RUN} [cv.stale]"]


def test_ends_of_line_do_not_matter(writeup) -> None:
    built = writeup(PAGE)
    for path in (built.root / "code/geometry/plane.py", *built.root.glob("research/figures/*")):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert not built.build().warnings


def test_in_parallel(writeup) -> None:
    pages = {f"p{n}.md": "---\norphan:\n---\n\n# P\n" for n in range(8)}
    built = writeup(PAGE, {**pages, "code/geometry/plane.py": ""}).build(parallel=2)
    assert built.warnings == [stale(4, CHANGED)]
    assert "and 12.57," in built.text("research/disc")
