"""The check: each kind of mistake is reported once, at its line, with what would be right."""

from pathlib import Path

import pytest

from sphinx_cv.mistakes import Mistake
from sphinx_cv.publications.check import check
from sphinx_cv.publications.source import read_file, read_text

DATA = Path(__file__).parents[1] / "data"

GOOD = "author = {Doe, Jane}, title = {On Widgets and Things}, year = {2021}"


def entry(extra: str, kind: str = "misc") -> str:
    return f"@{kind}{{k,\n {GOOD},\n {extra}\n}}"


#: Text -> the one problem: line, kind, part of the message.
WRONG = {
    "DOI": (entry("doi = {10.5555}"), 3, Mistake.BIB_IDENTIFIER, "'10.5555' is not a DOI"),
    "DOI with a stop": (entry("doi = {10.5555/a.}"), 3, Mistake.BIB_IDENTIFIER, "is not a DOI"),
    "DOI as a link": (
        entry("doi = {https://doi.org/10.5555/a}"), 3, Mistake.BIB_IDENTIFIER, "doi = {10.5555/a}",
    ),
    "backslash in a DOI": (
        entry(r"doi = {10.5555/a\_b}"), 3, Mistake.BIB_IDENTIFIER, "doi = {10.5555/a_b}",
    ),
    "backslash in a URL": (
        entry(r"url = {https://example.org/a\_b\%20c\#d}"), 3, Mistake.BIB_IDENTIFIER,
        "url = {https://example.org/a_b%20c#d}",
    ),
    "URL without scheme": (entry("url = {www.example.org}"), 3, Mistake.BIB_IDENTIFIER, "is not a link"),
    "URL with a space": (entry("url = {https://a b}"), 3, Mistake.BIB_IDENTIFIER, "is not a link"),
    "arXiv": (
        entry("eprint = {2313.00001}, eprinttype = {arxiv}"), 3, Mistake.BIB_IDENTIFIER,
        "'2313.00001' is not an arXiv identifier, such as 2305.16860",
    ),
    "arXiv with prefix": (
        entry("eprint = {arXiv:2301.00001}, archivePrefix = {arXiv}"), 3, Mistake.BIB_IDENTIFIER,
        "eprint = {2301.00001}",
    ),
    "archive misspelt": (
        entry("eprint = {2301.00001}, eprinttype = {arxvi}"), 3, Mistake.BIB_IDENTIFIER,
        "did you mean 'arXiv'?",
    ),
    "two arXiv papers": (
        entry("eprint = {2301.00001}, eprinttype = {arxiv}, doi = {10.48550/arXiv.2301.00002}"),
        3, Mistake.BIB_IDENTIFIER, "are two arXiv papers",
    ),
    "eprint of no archive": (entry("eprint = {abc}"), 3, Mistake.BIB_PREPRINT, "names no archive"),
    "ORCID": (
        entry("orcid = {0000-0002-1825-0098}"), 3, Mistake.BIB_IDENTIFIER,
        "'0000-0002-1825-0098' is not an ORCID",
    ),
    "ORCID in an annotation": (
        entry('author+an:orcid = {1="0000-0002-1825"}'), 3, Mistake.BIB_IDENTIFIER, "is not an ORCID",
    ),
    "year": (
        "@misc{k, author={Doe, Jane}, title={T},\n year = {forthcoming}}", 2, Mistake.BIB_DATE,
        "'forthcoming' is not a year; write pubstate = {forthcoming}",
    ),
    "year of two digits": (
        "@misc{k, author={Doe, Jane}, title={T},\n year = 21}", 2, Mistake.BIB_DATE, "write four digits",
    ),
    "date in words": (
        "@misc{k, author={Doe, Jane}, title={T},\n date = {May 2021}}", 2, Mistake.BIB_DATE,
        "'May 2021' in 'date' is not a date: a date is YYYY, YYYY-MM or YYYY-MM-DD",
    ),
    "no such day": (
        "@misc{k, author={Doe, Jane}, title={T},\n date = {2021-02-29}}", 2, Mistake.BIB_DATE,
        "February has no day 29",
    ),
    "range reversed": (
        "@misc{k, author={Doe, Jane}, title={T},\n date = {2021/2020}}", 2, Mistake.BIB_DATE,
        "it ends before it begins",
    ),
    "date and year": (
        "@misc{k, author={Doe, Jane}, title={T}, date={2020-05},\n year = {2021}}", 2, Mistake.BIB_DATE,
        "contradict each other",
    ),
    "month": (entry("month = 13"), 3, Mistake.BIB_DATE, "'13' is not a month"),
    "link to a DOI": (
        entry("url = {https://dx.doi.org/10.5555/a}"), 3, Mistake.BIB_LINK, "write doi = {10.5555/a}",
    ),
    "publisher's link to a DOI": (
        entry("url = {https://pub.example.org/doi/abs/10.5555/a}"), 3, Mistake.BIB_LINK,
        "write doi = {10.5555/a}",
    ),
    "link that repeats the DOI": (
        entry("doi = {10.5555/a}, url = {https://doi.org/10.5555/A}"), 3, Mistake.BIB_LINK,
        "only repeats the DOI",
    ),
    "http link beside a DOI": (
        entry("doi = {10.5555/a}, url = {http://pub.example.org/a}"), 3, Mistake.BIB_LINK, "insecure",
    ),
    "preprint of no archive": (
        entry("howpublished = {Preprint}"), 3, Mistake.BIB_PREPRINT, "names no archive",
    ),
    "arXiv preprint without identifier": (
        entry("journal = {arXiv preprint}", "article"), 3, Mistake.BIB_PREPRINT,
        "without its identifier; add eprint",
    ),
    "unknown type": (
        entry("note = {x}", "artcle"), 1, Mistake.BIB_UNKNOWN_TYPE, "'@artcle'; write '@article'",
    ),
    "type of another tongue": (
        entry("note = {x}", "preprint"), 1, Mistake.BIB_UNKNOWN_TYPE, "write '@online'",
    ),
    "type like nothing": (
        entry("note = {x}", "gramophone"), 1, Mistake.BIB_UNKNOWN_TYPE, "write '@misc' or",
    ),
    "unknown field": (
        entry("jounral = {J}"), 3, Mistake.BIB_UNKNOWN_FIELD, "'jounral'; did you mean 'journal'?",
    ),
    "page": (entry("page = {1--2}"), 3, Mistake.BIB_UNKNOWN_FIELD, "did you mean 'pages'?"),
    "missing journal": (
        entry("note = {x}", "article"), 1, Mistake.BIB_MISSING_FIELD, "@article needs the field 'journal'",
    ),
    "missing author or editor": (
        "\n@book{k, title={T}, year=2020, publisher={P}}", 2, Mistake.BIB_MISSING_FIELD,
        "needs the field 'author' or 'editor'",
    ),
    "missing school": (
        entry("note = {x}", "thesis"), 1, Mistake.BIB_MISSING_FIELD, "needs the field 'school'",
    ),
    "empty author": (
        "@misc{k, title={T},\n author = {}}", 2, Mistake.BIB_NAME, "the field 'author' is empty",
    ),
    "empty name": (
        "@misc{k, title={T},\n author = {Doe, Jane and and Roe, R.}}", 2, Mistake.BIB_NAME,
        "an empty name; remove an 'and'",
    ),
    "and at the end": (
        "@misc{k, title={T},\n author = {Doe, Jane and}}", 2, Mistake.BIB_NAME, "an empty name",
    ),
    "only others": ("@misc{k, title={T},\n author = {others}}", 2, Mistake.BIB_NAME, "names nobody"),
    "et al": (
        "@misc{k, title={T},\n author = {Doe, Jane and et al.}}", 2, Mistake.BIB_NAME, "'and others'",
    ),
    "asterisk": (
        "@misc{k, title={T},\n author = {Doe*, Jane}}", 2, Mistake.BIB_NAME, "author+an = {1=equal}",
    ),
    "commas between names": (
        "@misc{k, title={T},\n author = {A B, C D, E F, G H}}", 2, Mistake.BIB_NAME,
        "has 3 commas; write 'and' between names",
    ),
    "semicolon": (
        "@misc{k, title={T},\n author = {Doe, Jane; Roe, R}}", 2, Mistake.BIB_NAME, "several names",
    ),
    "suffix last": (
        "@misc{k, title={T},\n author = {Weber, Karl, Jr.}}", 2, Mistake.BIB_NAME, "Weber, Jr., Karl",
    ),
    "no family name": (
        "@misc{k, title={T},\n author = {, Jane}}", 2, Mistake.BIB_NAME, "has no family name",
    ),
    "annotation out of range": (
        entry("author+an = {2=equal}"), 3, Mistake.BIB_ANNOTATION, "number 2, but 'author' has 1",
    ),
    "annotation from zero": (entry("author+an = {0=equal}"), 3, Mistake.BIB_ANNOTATION, "count from 1"),
    "annotation misspelt": (
        entry("author+an = {1=eqaul}"), 3, Mistake.BIB_ANNOTATION, "'eqaul'; did you mean 'equal'?",
    ),
    "annotation of nothing": (
        entry("editor+an = {1=equal}"), 3, Mistake.BIB_ANNOTATION, "which the entry lacks",
    ),
    "annotation without =": (entry("author+an = {equal}"), 3, Mistake.BIB_ANNOTATION, "has no '='"),
    "annotation of no part": (
        entry("author+an = {1:nose=equal}"), 3, Mistake.BIB_ANNOTATION, "no part of a name",
    ),
    "annotation suffix": (
        entry("author+na = {1=equal}"), 3, Mistake.BIB_ANNOTATION, "an annotation is 'author+an'",
    ),
    "crossref": (
        entry("crossref = {nothere}"), 3, Mistake.BIB_CROSSREF, "crossref to 'nothere', which is no entry",
    ),
    "open formula": (
        entry("note = {costs $5}"), 3, Mistake.BIB_TEX, r"write \$ for a dollar",
    ),
    "garbled": (entry("note = {KamÃ©lia}"), 3, Mistake.BIB_ENCODING, "garbled by a wrong encoding"),
    "duplicate key": (
        entry("note = {x}") + "\n@misc{k, title = {Other}}", 5, Mistake.BIB_DUPLICATE_KEY,
        "already used on line 1, and again here on line 5",
    ),
    "duplicate key in another case": (
        entry("note = {x}") + "\n@misc{K, title = {Other}}", 5, Mistake.BIB_DUPLICATE_KEY, "(as 'k')",
    ),
    "same DOI": (
        entry("doi = {10.5555/a}") + "\n@misc{l, title={Other},\n doi = {10.5555/A}}", 6,
        Mistake.BIB_DUPLICATE_WORK, "the same DOI as the entry 'k' on line 1",
    ),
    "same arXiv identifier": (
        entry("eprint = {2301.00001v1}, eprinttype = {arxiv}")
        + "\n@article{l, author={Doe, J.}, title={Other}, year=2021,"
        "\n journal = {arXiv preprint arXiv:2301.00001}}", 5,
        Mistake.BIB_DUPLICATE_WORK, "the same arXiv identifier as the entry 'k'",
    ),
    "same title": (
        entry("note = {x}")
        + "\n@misc{l, author={J. Doe},\n title={On {W}idgets, and \\emph{Things}}}",
        6, Mistake.BIB_DUPLICATE_WORK, "the same title as the entry 'k' on line 1",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "kind", "part"), WRONG.values(), ids=WRONG.keys())
def test_one_mistake_is_one_problem(text: str, line: int, kind: Mistake, part: str) -> None:
    problems = check(read_text(text))
    assert [(p.line, p.subtype) for p in problems] == [(line, kind)], problems
    assert part in problems[0].message


def test_every_kind_of_problem_is_in_the_table() -> None:
    shown = {kind for _, _, kind, _ in WRONG.values()}
    scanners = {
        Mistake.BIB_FILE,
        Mistake.BIB_SYNTAX,
        Mistake.BIB_STRAY_TEXT,
        Mistake.BIB_UNKNOWN_STRING,
        Mistake.BIB_DUPLICATE_FIELD,
    }
    assert {kind for kind in Mistake if kind.name.startswith("BIB_")} - shown == {
        *scanners,
        Mistake.BIB_CITATION,
        Mistake.BIB_UNUSED,
    }


@pytest.mark.parametrize("name", ["small.bib", "varied.bib"])
def test_a_correct_file_has_no_problem(name: str) -> None:
    source = read_file(DATA / name)
    assert check(source) == ()
    assert len(source.entries) >= (60 if name == "varied.bib" else 3)


#: Right, though it looks like something wrong.
RIGHT = {
    "same title of others": "@misc{a, author={A, X}, title={Deep Imaginary Learning}}"
    "@misc{b, author={B, Y}, title={Deep Imaginary Learning}}",
    "thesis and paper": "@misc{a, author={A, X}, title={Deep Imaginary Learning}}"
    "@thesis{b, author={A, X}, title={Deep Imaginary Learning}, institution={U}, date=2020}",
    "own fields": "@misc{a, title={T}, mood={fine}, zz={1}, x-rating={2}}",
    "http link without DOI": "@misc{a, title={T}, url={http://example.org/a}}",
    "https link beside a DOI": "@misc{a, title={T}, doi={10.5555/a}, url={https://example.org/a}}",
    "two dollars": r"@misc{a, title={From \$5 to $x$}}",
    "xdata": "@xdata{x, year=2020}@article{a, author={A, X}, title={T}, journal={J}, xdata={x}}",
    "no year yet": "@article{a, author={A, X}, title={T}, journal={J}, pubstate={forthcoming}}",
    "approximate date": "@misc{a, title={T}, date={1850~/1860?}}",
    "unspecified date": "@misc{a, title={T}, date={199X}}",
    "open range": "@misc{a, title={T}, date={2020/}}",
    "corporate author": "@misc{a, title={T}, author={{Barnes, Noble and Sons} and {OpenAI*}}}",
}


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT.keys())
def test_no_false_alarm(text: str) -> None:
    assert check(read_text(text)) == ()


def test_all_problems_are_reported_at_once_in_order() -> None:
    text = "\n".join(
        text.replace("{k,", f"{{k{i},", 1) for i, (text, *_) in enumerate(WRONG.values())
    )
    problems = check(read_text(text))
    assert [p.line for p in problems] == sorted(p.line for p in problems)
    assert {p.subtype for p in problems} >= {kind for _, _, kind, _ in WRONG.values()} - {
        Mistake.BIB_DUPLICATE_KEY
    }


def test_files_that_are_read_together() -> None:
    text = "@misc{a, title={T}}\n@incollection{b, author={A, X}, title={T}, crossref={Book}}"
    problems = check(read_text(text), {"a": "other.bib:7", "book": "other.bib:9"})
    assert [(p.line, p.subtype) for p in problems] == [(1, Mistake.BIB_DUPLICATE_KEY)]
    assert "also used in other.bib:7" in problems[0].message


def test_every_message_says_it_in_one_line_of_lower_case() -> None:
    for text, *_ in WRONG.values():
        for problem in check(read_text(text)):
            assert "\n" not in problem.message
            assert not problem.message.endswith(".")
            assert not problem.message[0].isupper()
