"""The scanner: what survives a mistake, and at which line it is reported."""

import pytest

from sphinx_cv.mistakes import Mistake
from sphinx_cv.publications.source import Source, decode, read_file, read_text

AFTER = "\n\n@misc{after, title = {Z}}\n"


def seen(source: Source) -> dict[str, dict[str, str]]:
    return {e.key: {f.name: f.value for f in e.fields} for e in source.entries}


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        pytest.param("@misc{a, title={A {B} c}, year=2020}", {"title": "A {B} c", "year": "2020"}),
        pytest.param('@misc{a, title="A {"}B{"} c"}', {"title": 'A {"}B{"} c'}, id="quotes"),
        pytest.param("@misc(a, title={A) b})", {"title": "A) b"}, id="parentheses"),
        pytest.param("@MISC { a , TITLE = {A} , }", {"title": "A"}, id="spaces and case"),
        pytest.param("@misc{a, month = jan, note = {x} # \" y\" # 3}",
                     {"month": "January", "note": "x y3"}, id="concatenation"),
        pytest.param('@string{s="J"}@misc{a, note=s # { K}}', {"note": "J K"}, id="string"),
        pytest.param("@misc{a,\n title={A\n  long\tone}}", {"title": "A long one"}, id="lines"),
        pytest.param("@misc{a, % said\n title={A} % more\n}", {"title": "A"}, id="comments"),
        pytest.param("\ufeff@misc{a,\r\n title={A},\r\n}", {"title": "A"}, id="bom and crlf"),
        pytest.param("@comment{@misc{b, title={B}}}\n@misc{a, title={A}}", {"title": "A"},
                     id="an entry in a comment"),
        pytest.param("% @misc{b, title={B}}\n@misc{a, title={A}}", {"title": "A"},
                     id="an entry after %"),
        pytest.param("@misc{a, author+an={1=equal}, title={A}}",
                     {"author+an": "1=equal", "title": "A"}, id="annotation"),
        pytest.param("@misc{a, note={first\n@dataclass(frozen=True)\nsecond}}",
                     {"note": "first @dataclass(frozen=True) second"}, id="at sign in a value"),
    ],
)  # fmt: skip
def test_correct_text_is_read_without_a_problem(text: str, fields: dict[str, str]) -> None:
    source = read_text(text + AFTER)
    assert source.problems == ()
    assert seen(source) == {"a": fields, "after": {"title": "Z"}}


#: Text, what survives of entry ``a``, and the (line, kind, part of the message) reported.
BROKEN = {
    "entry not closed": (
        "@misc{a,\n title={A},\n year={2020}\n",
        {"title": "A", "year": "2020"},
        (1, Mistake.BIB_SYNTAX, "'a' is not closed; add '}' before line"),
    ),
    "value not closed": (
        "@misc{a,\n title={A,\n year={2020}\n}",
        {"title": "A", "year": "2020"},
        (2, Mistake.BIB_SYNTAX, "the value of 'title' is not closed; add '}'"),
    ),
    "last value not closed": (
        "@misc{a,\n title={A},\n year={2020\n}",
        {"title": "A", "year": "2020"},
        (3, Mistake.BIB_SYNTAX, "the value of 'year' is not closed"),
    ),
    "value not closed on one line": (
        "@misc{a, title={A, year={2020}}",
        {"title": "A", "year": "2020"},
        (1, Mistake.BIB_SYNTAX, "the value of 'title' is not closed"),
    ),
    "inner brace not closed": (
        "@misc{a,\n title={A {B c},\n year={2020}\n}",
        {"title": "A {B c}", "year": "2020"},
        (2, Mistake.BIB_SYNTAX, "the value of 'title' is not closed"),
    ),
    "closing quote": (
        '@misc{a,\n title="A,\n year="2020"\n}',
        {"title": "A", "year": "2020"},
        (2, Mistake.BIB_SYNTAX, "the value of 'title' is not closed; add '\"'"),
    ),
    "closing quote before a brace": (
        '@misc{a,\n title="A,\n year={2020}\n}',
        {"title": "A", "year": "2020"},
        (2, Mistake.BIB_SYNTAX, "the value of 'title' is not closed; add '\"'"),
    ),
    "opening brace": (
        "@misc{a,\n title=A b},\n year={2020}\n}",
        {"title": "A b", "year": "2020"},
        (2, Mistake.BIB_SYNTAX, "the value of 'title' is not enclosed; write 'title = {…}'"),
    ),
    "opening quote": (
        '@misc{a,\n title=A b",\n year={2020}\n}',
        {"title": "A b", "year": "2020"},
        (2, Mistake.BIB_SYNTAX, "the value of 'title' is not enclosed"),
    ),
    "quote inside quotes": (
        '@misc{a,\n title="A "b" c",\n year={2020}\n}',
        {"year": "2020"},
        (2, Mistake.BIB_SYNTAX, "after the value of 'title'"),
    ),
    "brace too many": (
        "@misc{a,\n title={A}},\n year={2020}\n}",
        {"title": "A", "year": "2020"},
        (2, Mistake.BIB_SYNTAX, "closes the entry 'a' too early; remove it"),
    ),
    "closing brace of the entry twice": (
        "@misc{a,\n title={A}\n}\n}",
        {"title": "A"},
        (4, Mistake.BIB_STRAY_TEXT, "'}' matches nothing; remove it"),
    ),
    "comma between fields": (
        "@misc{a,\n title={A}\n year={2020}\n}",
        {"title": "A", "year": "2020"},
        (2, Mistake.BIB_SYNTAX, "a comma is missing after the field 'title'"),
    ),
    "comma after the key": (
        "@misc{a\n title={A}\n}",
        {"title": "A"},
        (1, Mistake.BIB_SYNTAX, "a comma is missing after the key 'a'"),
    ),
    "comma too many": (
        "@misc{a,\n title={A},,\n year={2020}\n}",
        {"title": "A", "year": "2020"},
        (2, Mistake.BIB_SYNTAX, "a comma too many"),
    ),
    "equals sign": (
        "@misc{a,\n title {A},\n year={2020}\n}",
        {"title": "A", "year": "2020"},
        (2, Mistake.BIB_SYNTAX, "'=' is missing after the field 'title'"),
    ),
    "no value": (
        "@misc{a,\n title=,\n year={2020}\n}",
        {"year": "2020"},
        (2, Mistake.BIB_SYNTAX, "the field 'title' has no value; write 'title = {…}'"),
    ),
    "junk between fields": (
        "@misc{a,\n title={A},\n ?? what\n year={2020}\n}",
        {"title": "A", "year": "2020"},
        (3, Mistake.BIB_SYNTAX, "'?? what' makes no sense here"),
    ),
    "key of two words": (
        "@misc{a b,\n title={A}\n}",
        {"title": "A"},
        (1, Mistake.BIB_SYNTAX, "a key is one word"),
    ),
    "opening brace of the entry": (
        "@misc a,\n title={A}\n}",
        {"title": "A"},
        (1, Mistake.BIB_SYNTAX, "'{' is missing after '@misc'"),
    ),
    "unknown string": (
        "@misc{a,\n title={A},\n note=nips,\n year={2020}\n}",
        {"title": "A", "note": "nips", "year": "2020"},
        (3, Mistake.BIB_UNKNOWN_STRING, "no @string 'nips' for the field 'note' is defined above"),
    ),
    "misspelt string": (
        "@string{neurips={N}}\n@misc{a,\n note=nuerips}",
        {"note": "nuerips"},
        (3, Mistake.BIB_UNKNOWN_STRING, "did you mean 'neurips'?"),
    ),
    "duplicate field": (
        "@misc{a,\n title={A},\n year={2020},\n Title={B}\n}",
        {"title": "A", "year": "2020"},
        (4, Mistake.BIB_DUPLICATE_FIELD, "'title' is given twice, first on line 2"),
    ),
    "stray text": (
        "some words\n@misc{a, title={A}}",
        {"title": "A"},
        (1, Mistake.BIB_STRAY_TEXT, "'some words' is outside of any entry and is ignored"),
    ),
    "stray text after an entry": (
        "@misc{a, title={A}} some words",
        {"title": "A"},
        (1, Mistake.BIB_STRAY_TEXT, "'some words' is outside"),
    ),
    "stray at sign": (
        "me@home\n@misc{a, title={A}}",
        {"title": "A"},
        (1, Mistake.BIB_STRAY_TEXT, "'me@home' is outside"),
    ),
    "comment not closed": (
        "@comment{never\n\n@misc{a, title={A}}",
        {"title": "A"},
        (1, Mistake.BIB_SYNTAX, "@comment is not closed"),
    ),
    "string not closed": (
        "@string{s={S}\n\n@misc{a, title=s}",
        {"title": "S"},
        (1, Mistake.BIB_SYNTAX, "@string is not closed"),
    ),
    "preamble not closed": (
        "@preamble{{S}\n\n@misc{a, title={A}}",
        {"title": "A"},
        (1, Mistake.BIB_SYNTAX, "@preamble is not closed"),
    ),
    "string defined twice": (
        "@string{s={S}}\n@string{s={T}}\n@misc{a, title=s}",
        {"title": "T"},
        (2, Mistake.BIB_DUPLICATE_KEY, "@string 's' is defined twice"),
    ),
    "field in a comment": (
        "@misc{a,\n title={A}, % said note = {x},\n}",
        {"title": "A"},
        (2, Mistake.BIB_SYNTAX, "a field is hidden in a comment"),
    ),
}


@pytest.mark.parametrize(("text", "fields", "problem"), BROKEN.values(), ids=BROKEN.keys())
def test_a_mistake_is_reported_and_costs_nothing_else(
    text: str, fields: dict[str, str], problem: tuple[int, Mistake, str]
) -> None:
    source = read_text(text + AFTER)
    entries = seen(source)
    assert entries["after"] == {"title": "Z"}
    assert fields.items() <= entries["a"].items()
    line, kind, part = problem
    assert any(
        (p.line, p.subtype) == (line, kind) and part in p.message for p in source.problems
    ), source.problems
    assert {p.line for p in source.problems} == {line}


@pytest.mark.parametrize("text", ["@misc{\n title={A}\n}", "@misc{,\n title={A}\n}", "@misc{}"])
def test_an_entry_without_key_is_reported(text: str) -> None:
    source = read_text(text + AFTER)
    assert source.problems[0].line == 1
    assert "has no key; write '@misc{key,'" in source.problems[0].message
    assert "after" in seen(source)


def test_fields_whose_header_is_gone_are_reported_and_go_to_no_other_entry() -> None:
    source = read_text("@misc{a, title={A}\n}\n\n title={B},\n year={2020}\n}" + AFTER)
    assert seen(source) == {"a": {"title": "A"}, "after": {"title": "Z"}}
    (problem,) = source.problems
    assert (problem.line, problem.subtype) == (4, Mistake.BIB_STRAY_TEXT)
    assert "(to line 6) belongs to no entry" in problem.message


def test_lines_are_those_of_the_file() -> None:
    source = read_text("\n@misc{a,\n title={A\n B},\n year=1\n}\n\n@misc{b,title={C}}")
    a, b = source.entries
    assert [(a.line, a.end_line), (b.line, b.end_line)] == [(2, 6), (8, 8)]
    assert [(f.name, f.line, f.end_line) for f in a.fields] == [("title", 3, 4), ("year", 5, 5)]
    assert (a.line_of("doi", "year"), a.line_of("doi")) == (5, 2)


@pytest.mark.parametrize(
    ("data", "text", "problem"),
    [
        (b"\xef\xbb\xbfa\nb", "a\nb", None),
        ("é".encode(), "é", None),
        (b"a\nKam\xe9lia", "a\nKamélia", "byte 0xE9 at column 4 is not UTF-8"),
        ("@misc{a}".encode("utf-16"), "@misc{a}", "the file is in UTF-16, not in UTF-8"),
    ],
)
def test_bytes(data: bytes, text: str, problem: str | None) -> None:
    found, problems = decode(data)
    assert found.removeprefix("\ufeff") == text
    assert [problem in p.message for p in problems] == ([True] if problem else [])
    if problem and "byte" in problem:
        assert problems[0].line == 2


def test_an_unknown_encoding_is_reported() -> None:
    text, problems = decode("é".encode(), "utf-9")
    assert text == "é"
    assert "unknown encoding 'utf-9'" in problems[0].message


def test_a_file_that_is_not_there(tmp_path) -> None:
    (problem,) = read_file(tmp_path / "refs.bib").problems
    assert problem.subtype is Mistake.BIB_FILE
    assert "No such file" in problem.message
