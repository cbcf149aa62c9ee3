"""Markup that Markdown would pass over in silence."""

import pytest

from sphinx_cv.fences import check_fences


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a\n:::{cv:work} T\nb\n:::\nc", {}),
        ("::::{a}\n:::{b}\nx\n:::\n::::", {}),
        ("```\n:::\n```\n", {}),
        ("````md\n```{a}\n````\n", {}),
        ("```{code-block} md\n:::\n```\n", {}),
        ("- ```python\n  x\n  ```\n", {}),
        ("> :::{note}\n> x\n> :::\n", {}),
        (":::{note}\nx", {1: "never closed"}),
        ("```\nx\n\ny\n", {1: "never closed"}),
        ("a\n\n~~~\nx\n~~\n", {3: "never closed"}),
        ("::::{a}\n:::{b}\nx\n::::\n", {2: "never closed"}),
        ("::::{a}\nx\n:::\n", {1: "never closed", 3: "closes nothing"}),
        (":::{a}\nx\n:::\n:::\n\n:::{b}\ny\n:::\n", {4: "closes nothing"}),
        ("::{a} T\nx\n:::\n\n:::{b}\ny\n:::\n", {3: "closes nothing"}),
        (":::c{v:work} T\nx\n:::\n", {1: "not a directive"}),
        (":::{cv:work T\nx\n:::\n", {1: "not a directive"}),
        ("```{note\nx\n```\n", {1: "not a directive"}),
        ("$$\na\n$$", {}),
        ("$$ a $$", {}),
        ("$$ a $$ (label)", {}),
        ("$$\na\n$$ (label)", {}),
        ("text\n\n$$\na + b\n\ntext", {3: "never closed"}),
        ("$$ a\n\ntext", {1: "never closed"}),
        ("- item\n\n  $$\n  a\n", {3: "never closed"}),
        ("$$ a $$ in a line", {}),
        ("```\n$$\n```", {}),
        ("````\n```\n````", {}),
        ("```{math}\na", {1: "never closed"}),
        ("~~~\na\n```", {1: "never closed"}),
        (":::{note}\n```{math}\na\n:::", {2: "never closed"}),
        (":::{note}\n$$\na\n:::", {2: "never closed"}),
        ("```{math}\na $$ b\n```", {}),
        ("``` not a fence ```\ntext", {}),
        ("````{list-table}\n* - ````md\n    x\n    ````\n````\n", {}),
        ("```\nx\n    ```\n", {1: "never closed"}),
        ("- a\n  ```\n  x\n     ```\n", {}),
        ("<!-- x\n```\n-->\n```\ny", {4: "never closed"}),
    ],
)
def test_fences(text, found) -> None:
    findings = {finding.line: finding.message for finding in check_fences(text.splitlines())}
    assert findings.keys() == found.keys()
    for line, words in found.items():
        assert words in findings[line]


def test_marks_mean_nothing_without_their_extension() -> None:
    assert not list(check_fences([":::{note}", "$$"], colons=False, dollars=False))


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("::{cv:work} T", "a directive"),
        ("text :::", "a fence"),
        ("{cv:ref} `x`", "a role"),
        ("see {cv:ref`x`", "a role"),
        ("see cv:ref}`x`", "a role"),
        (":dates: 2020", "an option"),
        ("#Heading", "a heading"),
    ],
)
def test_markup_shown_as_text_is_located(project, line, what) -> None:
    built = project({"index.md": f"# P\n\nfine\n\n{line}\n"}).build("dummy")
    assert len(built.warnings) == 1
    assert built.warnings[0].startswith("index.md:5: WARNING: ")
    assert f"looks like {what}, but is shown as text" in built.warnings[0]
    assert built.warnings[0].endswith("[cv.markup]")


TABLE = "| a | b |\n| --- | --- |\n| fine | `x` |\n| :fish: | "
ROLE = "{cv:ref} `x`"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"text\n\n{TABLE}{ROLE} |\n", 8),
        (f"text\n\n| a | {ROLE} |\n| --- | --- |\n", 5),
        (f":::{{note}}\ntext\n\n{TABLE}{ROLE} |\n:::\n", 9),
        (f":::{{list-table}}\n* - a\n  - b\n* - c\n  - {ROLE}\n:::\n", 7),
        (f":::{{list-table}}\n* - {ROLE}\n  - b\n:::\n", 4),
        (f"> - text\n>\n>   text {ROLE}\n", 5),
    ],
)
def test_markup_in_a_table_is_located(project, text, line) -> None:
    built = project({"index.md": f"# P\n\n{text}"}).build("dummy")
    assert len(built.warnings) == 1
    assert built.warnings[0].startswith(f"index.md:{line}: WARNING: '{{cv:ref}}")


@pytest.mark.filterwarnings("ignore:.*BuildEnvironment.app")  # by MyST-Parser
def test_markup_in_an_included_file_is_located_there(project) -> None:
    pages = {"index.md": "# P\n\n:::{include} part.txt\n:::\n", "part.txt": f"a\n\nb {ROLE}\n"}
    (warning,) = project(pages).build("dummy").warnings
    assert warning.startswith("part.txt:3: WARNING: '{cv:ref}")


def test_signs_in_a_table_are_no_markup(project) -> None:
    text = f"# P\n\n{TABLE}fishy |\n| ::: | #x |\n"
    assert not project({"index.md": text}).build("dummy").warnings


def test_ordinary_text_is_no_markup(project) -> None:
    text = (
        "# P\n\nAt 10:30: see `{cv:ref}` and `:::`, C#, issue #5, ratio 1:2, https://e.org/a:b, "
        "std::vector, {braces}, Note: this, {x:y>0}.\n\n#1 out of 250 in the year.\n\n"
        "```text\n:::{cv:work} T\n:dates: x\n```\n\n"
        "<!-- :::{x} -->\n"
    )
    assert not project({"index.md": text}).build("dummy").warnings


def test_fences_of_restructuredtext_are_none(project) -> None:
    text = "T\n=\n\nx::\n\n   :::\n\n:field: value\n"
    assert not project({"index.rst": text}).build("dummy").warnings
