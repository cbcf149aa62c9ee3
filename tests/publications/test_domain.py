"""Within Sphinx: what is wrong is reported at every build, and the file is read once."""

import re
from pathlib import Path

import pytest
from sphinx.cmd.build import main as sphinx_build

from sphinx_cv.publications import reading as reading_module
from sphinx_cv.publications.citing import split_target
from sphinx_cv.publications.packed import Pack

CONF = """
extensions = ["sphinx_cv"]
bibtex_bibfiles = ["refs.bib"]
"""
INDEX = """
Title
=====

See :cite:`a`.

.. bibliography::
   :all:
"""
GOOD = """@thesis{a,
  author = {Doe, Jane}, title = {On Widgets}, institution = {Nowhere University},
  type = {mathesis}, date = {2020},
}
@misc{b, title = {Another}}
"""
BROKEN = "@misc{c,\n  title = {Not closed,\n  doi = {x}\n}\n\n" + GOOD


class Project:
    """A Sphinx project in a temporary directory."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self.capsys = capsys
        root.mkdir(exist_ok=True)
        self.write("conf.py", CONF)
        self.write("index.rst", INDEX)
        self.write("refs.bib", GOOD)

    def write(self, name: str, text: str | bytes) -> None:
        (self.root / name).write_bytes(text if isinstance(text, bytes) else text.encode())

    def build(self, *options: str) -> tuple[int, str]:
        """Exit code, and what was warned of, without the path."""
        out = self.root / "_build"
        code = sphinx_build(["-q", "--no-color", "-b", "html", *options, str(self.root), str(out)])
        return code, self.capsys.readouterr().err.replace(f"{self.root.resolve()}/", "")

    def page(self) -> str:
        html = (self.root / "_build" / "index.html").read_text(encoding="utf-8")
        return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", html))


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Project:
    return Project(tmp_path / "src", capsys)


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are read, in order; and sphinxcontrib-bibtex's parser fails if called."""
    names: list[str] = []
    load = reading_module.load

    def note(path: Path) -> bytes | OSError:
        names.append(path.name)
        return load(path)

    def never(*_: object) -> None:
        raise AssertionError("sphinxcontrib-bibtex parses the file itself")

    monkeypatch.setattr(reading_module, "load", note)
    monkeypatch.setattr("sphinxcontrib.bibtex.bibfile.parse_bibdata", never)
    return names


def test_a_correct_file_is_read_once_and_shown(project: Project, readings: list[str]) -> None:
    assert project.build("-W") == (0, "")
    assert "Jane Doe. On widgets. Master's thesis, Nowhere University, 2020." in project.page()
    assert project.build("-W") == (0, "")
    assert readings == ["refs.bib"]
    project.write("index.rst", INDEX + "\nMore.\n")
    assert project.build("-W") == (0, "")
    assert readings == ["refs.bib"]
    project.write("refs.bib", GOOD.replace("Widgets", "Gadgets"))
    assert project.build("-W") == (0, "")
    assert readings == ["refs.bib"] * 2
    assert "On gadgets" in project.page()


@pytest.mark.parametrize("page", [INDEX, "Title\n=====\n\n.. cv:publications::\n   :by: anyone\n"])
def test_a_build_without_changes_does_not_even_unpack_what_was_read(
    project: Project, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    looks: list[Pack] = []
    content = Pack.content

    def note(pack: Pack) -> object:
        looks.append(pack)
        return content(pack)

    monkeypatch.setattr(Pack, "content", note)
    project.write("index.rst", page)
    assert project.build("-W") == (0, "")
    assert looks
    looks.clear()
    assert project.build("-W") == (0, "")
    assert not looks


def test_a_broken_file_fails_every_build_until_it_is_mended(
    project: Project, readings: list[str]
) -> None:
    project.write("refs.bib", BROKEN)
    expected = [
        "refs.bib:2: WARNING: the value of 'title' is not closed; "
        "add '}' at its end [cv.bib_syntax]",
        "refs.bib:3: WARNING: 'x' is not a DOI, which is '10.', digits, '/' and a name; "
        "such as 10.1000/xyz123 [cv.bib_identifier]",
    ]
    for _ in range(2):
        code, warnings = project.build("-W")
        assert code == 1
        assert warnings.splitlines()[:2] == expected
    assert readings == ["refs.bib"]
    # The other entries, and what is left of the broken one, are there.
    for text in ("On widgets", "Another", "Not closed"):
        assert text in project.page()
    project.write("refs.bib", GOOD)
    assert project.build("-W") == (0, "")
    assert "Not closed" not in project.page()


def test_one_kind_of_problem_can_be_suppressed(project: Project) -> None:
    project.write("conf.py", CONF + '\nsuppress_warnings = ["cv.bib_identifier"]\n')
    project.write("refs.bib", BROKEN)
    _, warnings = project.build()
    assert "[cv.bib_syntax]" in warnings
    assert "bib_identifier" not in warnings


def test_unknown_citations_are_reported_where_they_are(project: Project) -> None:
    project.write("refs.bib", GOOD.replace("{a,", "{doe2020,"))
    project.write("index.rst", INDEX.replace("cite:`a`", "cite:`deo2020` and :cite:`doe2020,zz`"))
    code, warnings = project.build("-W", "--keep-going")
    assert code == 1
    assert warnings.splitlines()[:2] == [
        "index.rst:5: WARNING: no entry has the key 'deo2020' that is cited; "
        "did you mean 'doe2020'? [cv.bib_citation]",
        "index.rst:5: WARNING: no entry has the key 'zz' that is cited; "
        "add it to the .bib file [cv.bib_citation]",
    ]
    assert "could not find" not in warnings
    assert "See [deo2020?] and [Doe20] [zz?]." in project.page()


def test_unknown_citations_in_footnotes_are_reported_too(project: Project) -> None:
    text = INDEX.replace("cite:`a`", "footcite:`deo2020` and :footcite:`doe2020,zz`")
    project.write("refs.bib", GOOD.replace("{a,", "{doe2020,"))
    project.write("index.rst", text + "\n.. footbibliography::\n")
    for _ in range(2):
        code, warnings = project.build("-W", "--keep-going", "-E")
        assert code == 1
        assert warnings.splitlines()[:2] == [
            "index.rst:5: WARNING: no entry has the key 'deo2020' that is cited; "
            "did you mean 'doe2020'? [cv.bib_citation]",
            "index.rst:5: WARNING: no entry has the key 'zz' that is cited; "
            "add it to the .bib file [cv.bib_citation]",
        ]
        assert "could not find" not in warnings
    assert re.search(r"See \[deo2020\?\] and \[?1\]? \[zz\?\]", project.page())


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (None, "refs.bib:1: WARNING: the file cannot be read: No such file or directory"),
        (GOOD.replace("Doe", "Doé").encode("latin-1"),
         "refs.bib:2: WARNING: byte 0xE9 at column 15 is not UTF-8"),
        (b"@misc{a, title={A}}\n@misc{a, title={B}}\n",
         "refs.bib:2: WARNING: the key 'a' is already used on line 1"),
        (b"@misc{a, title={\\emph{A}, note = {nope}}\n",
         "refs.bib:1: WARNING: the value of 'title'"),
        (b"@artcle{a, title={A}}\n", "refs.bib:1: WARNING: unknown entry type '@artcle'"),
        (b"\x00\xff\xfe{}}}@@@", "refs.bib:1: WARNING:"),
        (b"", None),
    ],
)  # fmt: skip
def test_no_file_is_a_traceback(project: Project, data: bytes | None, problem: str | None) -> None:
    project.write("index.rst", INDEX.replace("See :cite:`a`.", ""))
    if data is None:
        (project.root / "refs.bib").unlink()
    else:
        project.write("refs.bib", data)
    code, warnings = project.build()
    assert code == 0
    assert warnings.startswith(problem) if problem else not warnings
    assert "Traceback" not in warnings


def test_two_files_are_read_together(project: Project, readings: list[str]) -> None:
    project.write("conf.py", CONF.replace('"refs.bib"', '"refs.bib", "more.bib", "./more.bib"'))
    project.write("more.bib", "@misc{b, title={Again}}\n@misc{d, title={D}, crossref={a}}\n")
    for _ in range(2):
        code, warnings = project.build()
        assert code == 0
        assert [w.split(";")[0] for w in warnings.splitlines()] == [
            "refs.bib:5: WARNING: the key 'b' is also used in more.bib:1",
            "more.bib:1: WARNING: the key 'b' is also used in refs.bib:5",
        ]
    assert readings == ["refs.bib", "more.bib"]


def test_parts_of_a_citation() -> None:
    assert split_target("{see}a{p. 3},x,b", {"a", "b"}) == ("{see}a{p. 3},b", ["x"])
    assert split_target("x", set()) == ("", ["x"])
