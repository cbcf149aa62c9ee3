"""``python -m sphinx_cv.publications``."""

import subprocess
import sys
from pathlib import Path

import pytest

from sphinx_cv.publications.__main__ import main

DATA = Path(__file__).parents[1] / "data"


def test_it_prints_every_problem_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "refs.bib"
    bad.write_text("@misc{a,\n title={A}\n doi={x}\n}\n")
    assert main([str(bad)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{bad}:2: a comma is missing after the field 'title' [bib_syntax]"
    assert lines[1].startswith(f"{bad}:3: 'x' is not a DOI")
    assert len(lines) == 2


def test_it_is_silent_about_a_correct_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(DATA / "varied.bib")]) == 0
    assert capsys.readouterr().out == ""


def test_files_are_checked_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.bib", "b.bib"):
        (tmp_path / name).write_text("@misc{k, title={T}}\n")
    assert main([str(tmp_path / "a.bib"), str(tmp_path / "b.bib")]) == 1
    assert capsys.readouterr().out.count("is also used in") == 2


@pytest.mark.parametrize("arguments", [[], ["--fix", "refs.bib"]])
def test_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "usage:" in capsys.readouterr().err


def test_a_missing_file_is_a_problem_not_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nowhere.bib"]) == 1
    assert capsys.readouterr().out == (
        "nowhere.bib:1: the file cannot be read: No such file or directory [bib_file]\n"
    )


def test_it_loads_neither_sphinx_nor_pybtex() -> None:
    code = (
        "import sys; from sphinx_cv.publications.__main__ import main; "
        f"main([{str(DATA / 'small.bib')!r}]); "
        "print([m for m in ('sphinx', 'docutils', 'pybtex') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout == "[]\n"
