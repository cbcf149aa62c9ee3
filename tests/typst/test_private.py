"""The CV with what is private, and that nothing else has it."""

from __future__ import annotations

import re
import tempfile
import zlib
from pathlib import Path

import pypdf
import pytest

PERSON = """\
# Ada Lovelace

:::{cv:person} Ada Lovelace
:id: ada
:email: ada@example.org
:phone: +44 QUORX 8512
:address: env:CV_ADDRESS
:private: phone, address
:::

:::{toctree}
cv/work
other
:::
"""
WORK = """\
# Work

:::{cv:work} Secret QUORX Agent
:organization: Secret Service
:dates: 1850
:private:

Work for QUORX.
:::

:::{cv:work} Analyst
:organization: Analytical Engine
:dates: 1842 – 1843
:::
"""
FILES = {"index.md": PERSON, "cv/work.md": WORK, "other.md": "# Other\n"}
SECRETS = ("QUORX", "8512", "Secret Service", "Marylebone")


def text(built, name: str = "cv.pdf") -> str:
    pages = pypdf.PdfReader(built.app.outdir / name).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def unpacked(path: Path) -> bytes:
    """All bytes of a file, and what its compressed parts hold."""
    data = path.read_bytes()
    if path.suffix == ".pdf":
        reader = pypdf.PdfReader(path)
        for number in range(1, int(reader.trailer["/Size"])):
            found = reader.get_object(pypdf.generic.IndirectObject(number, 0, reader))
            if isinstance(found, pypdf.generic.StreamObject):
                data += found.get_data()
            data += repr(found).encode()
        # Fonts have codes of their own for the text in the streams.
        return data + "\n".join(page.extract_text() for page in reader.pages).encode()
    for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data):
        try:
            data += zlib.decompressobj().decompress(data[match.start() :])
        except zlib.error:
            continue
    return data


def holders(root: Path) -> set[str]:
    """The files in which a private value is found."""
    found = set()
    for path in root.rglob("*"):
        data = unpacked(path) if path.is_file() else b""
        for secret in SECRETS:
            if any(secret.encode(code) in data for code in ("utf-8", "utf-16-be", "utf-16-le")):
                found.add(path.relative_to(root).as_posix())
    return found


@pytest.fixture
def places(monkeypatch, tmp_path):
    """A temporary folder that the test can look into."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_private_values_are_in_one_file_alone(project, places, monkeypatch) -> None:
    monkeypatch.setenv("CV_ADDRESS", "1 Marylebone Lane")
    built = project(FILES)
    for builder in ("html", "typst", "typst-private", "typst", "html", "dirhtml"):
        built.build(builder)  # from doctrees that all share
        assert not built.warnings
        if builder == "typst-private":
            shown = text(built)
            assert "Phone: +44 QUORX 8512" in shown
            assert "Address: 1 Marylebone Lane" in shown
            assert "Secret QUORX Agent Secret Service" in shown
            assert "Work for QUORX." in shown
            assert [path.name for path in built.app.outdir.iterdir()] == ["cv.pdf"]
    assert holders(built.root / "_build") == {"typst-private/cv.pdf"}
    assert not list(places.iterdir())


def test_the_private_cv_is_no_less_accessible(project, places, validate) -> None:
    built = project(FILES).write({"private.env": "CV_ADDRESS = 1 Lane"}).build("typst-private")
    assert "Address: 1 Lane" in text(built)
    validate(built.app.outdir / "cv.pdf")


def test_nothing_of_a_private_build_that_fails_is_left(project, places) -> None:
    page = WORK + "\n```{raw} typst\n#broken\n```\n"
    built = project({**FILES, "cv/work.md": page}).build("typst-private")
    assert any("Typst says" in warning for warning in built.warnings)
    assert not list(places.iterdir())
    assert not holders(built.root / "_build")


def test_a_value_that_is_nowhere_is_told_where_it_is_wanted(project, places) -> None:
    built = project(FILES).build("typst")
    assert not built.warnings
    built.build("typst-private")
    (warning,) = built.warnings
    assert warning.startswith("index.md:7: WARNING: 'address' is left out: neither the environ")
    assert "Address" not in text(built)
    assert "Phone: +44" in text(built)


def test_a_value_from_outside_must_be_private(project, monkeypatch) -> None:
    monkeypatch.setenv("CV_ADDRESS", "1 Marylebone Lane")
    page = PERSON.replace(":private: phone, address", ":private: phone")
    built = project({**FILES, "index.md": page}).build()
    (warning,) = built.warnings
    assert warning.startswith("index.md:7: WARNING: 'address' comes from outside the sources; ")
    assert not holders(built.root / "_build")


def test_a_value_from_outside_that_cannot_be_read_is_not_printed(project, monkeypatch) -> None:
    monkeypatch.setenv("CV_ADDRESS", "QUORX")
    page = PERSON.replace("address", "email").replace(":email: ada@example.org\n", "")
    built = project({**FILES, "index.md": page}).build("typst-private")
    (warning,) = built.warnings
    assert "option 'email': the value of CV_ADDRESS cannot be read" in warning


def test_what_is_in_doubt_is_left_out_of_the_private_cv_too(project) -> None:
    page = PERSON.replace(":private: phone", ":private: phnoe")
    built = project({**FILES, "index.md": page}).build("typst-private")
    assert "the entry is left out" in built.warnings[0]
    assert not holders(built.root / "_build") & {"index.md"}
    assert "8512" not in text(built)
