"""Nothing private is written anywhere."""

import base64
import html
import zlib
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

PHONE = "+44 (0) 8512 567 890"
ADDRESS = "St Quorx's College, 7 Lane, Oxford"
PAGE = f"""\
# Ada Lovelace

:::{{cv:person}} Ada Lovelace
:id: ada
:email: ada@example.org
:phone: {PHONE}
:address: {ADDRESS}
:private: phone, address
:::

:::{{cv:work}} Secret Agent
:organization: Secret Service
:dates: 1850
:private:

Secret work, with {{cv:ref}}`ada`.
:::

:::{{cv:work}} Analyst
:id: engine
:organization: Analytical Engine
:dates: 1842 – 1843
:location: Secret House
:private: location
:::
"""
SECRETS = (PHONE, ADDRESS, "Secret")


def encodings(value: str) -> set[bytes]:
    """The ways in which a value may turn up in a file."""
    plain = value.encode()
    digits = "".join(c for c in value if c.isalnum())
    return {
        plain,
        html.escape(value).encode(),
        quote(value).encode(),
        quote_plus(value).encode(),
        base64.b64encode(plain)[:-4],
        value.encode("utf-16-le"),
        digits.encode(),
        digits.lower().encode(),
    }


def found_in(root: Path, secrets=SECRETS) -> list[str]:
    """Where a secret turns up, also in compressed inventories."""
    found = []
    for path in sorted(root.rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        if path.name == "objects.inv":
            data += zlib.decompress(data.split(b"\n", 4)[4])
        found += [
            f"{path.name}: {form!r}"
            for secret in secrets
            for form in encodings(secret)
            if form in data or form in path.name.encode()
        ]
    return found


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml", "text", "latex", "xml"])
def test_private_values_are_in_nothing_that_is_written(project, builder) -> None:
    built = project({"index.md": PAGE}).build(builder)
    assert not built.warnings
    # The doctrees too: by default Sphinx puts them beside the pages.
    assert not found_in(built.root / "_build")
    assert "engine" in built.domain.entries


def test_what_is_not_private_is_found_by_the_same_search(project) -> None:
    built = project({"index.md": PAGE}).build()
    assert found_in(built.root / "_build", ("Analytical Engine",))
    public = "\n".join(line for line in PAGE.splitlines() if ":private:" not in line)
    built.write({"index.md": public}).build()
    assert any("_sources" in str(p) for p in (built.app.outdir).rglob("index.md.txt"))
    assert found_in(built.app.outdir, (PHONE,))


def test_marking_a_value_private_removes_it_from_an_earlier_build(project) -> None:
    built = project({"index.md": PAGE.replace(":private: phone, address\n", "")}).build()
    assert found_in(built.root / "_build", (PHONE, ADDRESS))
    built.write({"index.md": PAGE}).build()
    assert not found_in(built.root / "_build", (*SECRETS, "8512", "quorx"))


@pytest.mark.parametrize(
    "slip",
    [":privat: phone, address", ":private: phnoe, address", ":private: phone and address"],
)
def test_a_slip_in_the_option_is_reported_and_publishes_nothing(project, slip) -> None:
    built = project({"index.md": PAGE.replace(":private: phone, address", slip)}).build()
    assert built.warnings
    assert all("8512" not in warning for warning in built.warnings)
    assert not found_in(built.root / "_build", (PHONE, ADDRESS))


BROKEN = {
    "a continued value": ":phone: 1\n:private: address\n:address: QUORX\n   QUORX",
    "a continued list": ":phone: QUORX\n:address: QUORX\n:private: phone,\n  address",
    "a continued value before it": ":phone: QUORX\n  QUORX\n:private: phone",
    "no colon before it": ":phone: QUORX\nprivate: phone",
    "no colon after it": ":phone: QUORX\n:private phone",
    "a space too many": ":phone: QUORX\n: private: phone",
    "on a line of its own": ":phone: QUORX\n\n:private: phone",
    "options that cannot be read": ':address: "QUORX" Lane\n:private:',
    "another name": ":phone: QUORX\n:private: title",
    "half of the name": ":phone: QUORX\n:Privat:",
}


@pytest.mark.parametrize("slip", BROKEN)
def test_a_broken_mark_is_reported_and_publishes_nothing(project, slip) -> None:
    page = f"# P\n\n:::{{cv:person}} QUORX\n{BROKEN[slip]}\n\nQUORX\n:::\n"
    built = project({"index.md": page}).build()
    assert any("[cv.private]" in warning for warning in built.warnings)
    assert not any("QUORX" in warning for warning in built.warnings)
    assert not found_in(built.root / "_build", ("QUORX",))


def test_a_mark_on_a_line_of_its_own_is_noticed_in_restructuredtext(project) -> None:
    page = "P\n=\n\n.. cv:person:: QUORX\n   :phone: QUORX\n\n   :private: phone\n"
    built = project({"index.rst": page}).build()
    assert len(built.warnings) == 1
    assert not found_in(built.root / "_build", ("QUORX",))


@pytest.mark.parametrize("around", ["note", "admonition} QUARK", "list-table} T"])
def test_what_surrounds_a_private_entry_does_not_keep_its_source(project, around) -> None:
    entry = ":::{cv:person} Ada\n:phone: QUORX\n:private: phone\n:::"
    kind, _, title = around.partition("} ")
    if kind == "list-table":
        page = f"# P\n\n- item\n\n  {entry.replace(chr(10), chr(10) + '  ')}\n"
    else:
        page = f"# P\n\n::::{{{kind}}} {title}\n{entry}\n::::\n"
    built = project({"index.md": page}).build()
    assert not built.warnings
    assert "Ada" in built.text()
    assert not found_in(built.root / "_build", ("QUORX",))


@pytest.mark.parametrize("word", ["all", "phone, address", "PHONE address"])
def test_ways_to_mark(project, word) -> None:
    page = f"# P\n\n:::{{cv:person}} Ada\n:phone: QUORX\n:address: QUORX\n:private: {word}\n:::\n"
    built = project({"index.md": page}).build()
    assert not built.warnings
    assert not found_in(built.root / "_build", ("QUORX",))


def test_text_that_only_speaks_of_private_things_is_kept(project) -> None:
    entry = ":::{cv:work} Tutor\n:organization: O\n:dates: 1840\n\nPrivate tutor of maths.\n:::"
    page = f"# P\n\n{entry}\n"
    built = project({"index.md": page}).build()
    assert not built.warnings
    assert "Private tutor of maths." in built.text()


def test_a_mistake_in_a_private_value_does_not_print_it(project) -> None:
    page = PAGE.replace(":email: ada@example.org", ":email: secret-at-example").replace(
        ":private: phone", ":private: email, phone"
    )
    built = project({"index.md": page}).build("dummy")
    assert not built.warnings


def test_a_reference_to_a_private_entry_is_unknown(project) -> None:
    built = project({"index.md": PAGE + "\n{cv:ref}`secret-agent`\n"}).build("dummy")
    assert len(built.warnings) == 1
    assert "there is no entry 'secret-agent'" in built.warnings[0]
