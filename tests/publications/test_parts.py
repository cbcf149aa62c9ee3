"""The small pure parts: TeX, names, annotations, identifiers, dates, nearest words."""

import codecs
import unicodedata

import latexcodec  # noqa: F401  # registers the codec "ulatex"
import pytest

from sphinx_cv.nearest import edits, nearest
from sphinx_cv.publications import identifiers as ids
from sphinx_cv.publications.annotations import Annotation, parse_annotations, split_name
from sphinx_cv.publications.names import family, fault, split_names, unmark
from sphinx_cv.publications.tex import accents, folded, has_open_math
from sphinx_cv.publications.when import When, is_year, parse_date, parse_month


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"G{\"o}del", "Gödel"),
        (r"G\"odel", "Gödel"),
        (r"G\"{o}del", "Gödel"),
        (r"{\'{E}}cole", "École"),
        (r"Garc{\'\i}a, Sof{\'{\i}}a", "García, Sofía"),
        (r"Nguy{\~{\^e}}n", "Nguyễn"),
        (r"\v Sm\'{\i}d, \v{C}apek, {\v{R}}", "Šmíd, Čapek, Ř"),
        (r"{\L}ukasz, S{\o}ren, {\AA}se, Stra{\ss}e, \O re, \oe uvre",
         "Łukasz, Søren, Åse, Straße, Øre, œuvre"),
        (r"Fran\c{c}ois, Fran\c cois, \H{o}, \k{a}, \r{u}, \d{h}, \b{k}",
         "François, François, ő, ą, ů, ḥ, ḵ"),
        (r"\emph{x} \omega \oplus \url{a} \& 5\%", r"\emph{x} \omega \oplus \url{a} \& 5\%"),
        (r"caf\'e $\hat x + \'x \o$ caf\'e", r"café $\hat x + \'x \o$ café"),
        (r"\$5 for caf\'e and \$6", r"\$5 for café and \$6"),
        ("{B}ayes", "{B}ayes"),
        ("The `is-ought' problem", "The ‘is-ought’ problem"),
        ("`don't' and `Abd", "‘don't’ and ‘Abd"),
        ("Knuth's `a' and ``b'' of $x`y'$", "Knuth's ‘a’ and ``b'' of $x`y'$"),
        (r"`caf\'e' \`a la", "‘café’ à la"),
    ],
)  # fmt: skip
def test_accents(tex: str, text: str) -> None:
    assert accents(tex) == text


@pytest.mark.parametrize("mark", "`'^\"~=.uvHcdkr")
def test_accents_agree_with_latexcodec(mark: str) -> None:
    compared = 0
    for letter in "aceghijklnorstuyzACEGHIJKLNORSTUYZ":
        tex = f"\\{mark}{{{letter}}}"
        theirs = codecs.decode(tex, "ulatex").replace("{", "").replace("}", "")
        if "\\" in theirs or len(theirs) != 1:
            continue
        assert unicodedata.normalize("NFC", accents(tex)) == unicodedata.normalize("NFC", theirs)
        compared += 1
    assert compared >= (1 if mark in "dr" else 3)


def test_titles_are_compared_by_their_letters() -> None:
    assert folded(r"On the {B}ayes--\emph{Schm\'{i}d} Rule!") == folded("on the Bayes Schmid rule")
    assert folded(r"$\alpha$-divergence") != folded(r"$\beta$-divergence")


def test_open_math() -> None:
    assert has_open_math("a $b")
    assert has_open_math(r"\$a $b")
    assert not has_open_math(r"a $b$ \$5")


@pytest.mark.parametrize(
    ("text", "names", "others"),
    [
        ("Doe, Jane", ("Doe, Jane",), False),
        ("A B and C D", ("A B", "C D"), False),
        ("A B AND C D\n and E", ("A B", "C D", "E"), False),
        ("{Barnes and Noble} and {B} C", ("{Barnes and Noble}", "{B} C"), False),
        ("A and others", ("A",), True),
        ("Sand, Andy and Anders Landon", ("Sand, Andy", "Anders Landon"), False),
        ("A and and B", ("A", "", "B"), False),
        ("and A", ("", "A"), False),
        ("A and", ("A", ""), False),
    ],
)
def test_names_are_split_at_and(text: str, names: tuple[str, ...], others: bool) -> None:
    found = split_names(text)
    assert (found.names, found.others) == (names, others)


@pytest.mark.parametrize(
    "name",
    ["Doe*, Jane", "Doe, Jane*", "Doe$^*$, Jane", r"Doe, Jane$^{\dagger}$", "Doe, Jane†",
     r"Doe\textsuperscript{*}, Jane", r"Doe, Jane\thanks{Equal}", "Doe$^1$, Jane"],
)  # fmt: skip
def test_marks_are_no_part_of_a_name(name: str) -> None:
    assert unmark(name) == "Doe, Jane"
    assert "mark" in fault(name)


@pytest.mark.parametrize(
    "name",
    ["Jane Doe", "de la Fontaine, Jean", "King, Jr., Martin Luther", "Plato", "{OpenAI}",
     "{Yahoo! & Co; Ltd}", "O'Hara, Brian", "given=Jean, prefix=de la, family=Fontaine", "李 明"],
)  # fmt: skip
def test_names_without_fault(name: str) -> None:
    assert fault(name) == ""


@pytest.mark.parametrize(
    ("name", "found"),
    [("Jane Doe", "Doe"), ("de la Fontaine, Jean", "de la Fontaine"), ("{Open AI}", "Open AI"),
     ("given=Jean, prefix=de la, family=Fontaine", "Fontaine")],
)  # fmt: skip
def test_family(name: str, found: str) -> None:
    assert family(name) == found


def test_annotations() -> None:
    notes = parse_annotations(
        "author+an", '1=equal; 3 = equal, corresponding ;2:family=odd;=all; 1="a; \\"b\\""'
    )
    assert notes.faults == ()
    assert notes.by_item() == {1: ("equal", 'a; "b"'), 3: ("equal", "corresponding")}
    assert Annotation(2, "family", "odd", literal=False) in notes.items
    assert Annotation(None, None, "all", literal=False) in notes.items
    assert (notes.field, notes.annotator) == ("author", "default")


def test_annotations_of_an_annotator() -> None:
    notes = parse_annotations("author+an:orcid", '2="0000-0002-1825-0097"')
    assert (notes.field, notes.annotator) == ("author", "orcid")
    assert notes.by_item() == {2: ("0000-0002-1825-0097",)}
    assert split_name("author+na") is None
    assert split_name("author") is None


@pytest.mark.parametrize(
    ("text", "fault_"),
    [("equal", "has no '='"), ("x=equal", "has no '='"), ("1:nose=a", "no part of a name"),
     ('1="open', "lacks a quote"), ("1=", "is no annotation"), ("1=a,,b", "is no annotation")],
)  # fmt: skip
def test_faulty_annotations(text: str, fault_: str) -> None:
    notes = parse_annotations("author+an", text + "; 2=equal")
    assert fault_ in notes.faults[0]
    assert notes.by_item()[2] == ("equal",)


@pytest.mark.parametrize(
    ("text", "good"),
    [("2305.16860", True), ("2305.16860v3", True), ("0704.0001", True), ("1412.9999", True),
     ("1501.00001", True), ("math/0309136", True), ("math.PR/0309136", True),
     ("cond-mat/9801123v2", True), ("1501.0001", False), ("1412.00001", False),
     ("2313.00001", False), ("0703.0001", False), ("math/0313136", False), ("abc", False)],
)  # fmt: skip
def test_arxiv(text: str, good: bool) -> None:
    assert ids.is_arxiv(text) is good


@pytest.mark.parametrize(
    ("text", "found"),
    [("arXiv preprint arXiv:2305.16860v2", "2305.16860"), ("abs/1901.01234", "1901.01234"),
     ("https://arxiv.org/pdf/2305.16860.pdf", "2305.16860"), ("Nature 2305.16860", ""),
     ("10.48550/arXiv.2305.16860", "2305.16860"), ("arXiv:math.PR/0309136", "math.PR/0309136")],
)  # fmt: skip
def test_arxiv_in_text(text: str, found: str) -> None:
    assert ids.arxiv_in(text) == found


@pytest.mark.parametrize(
    ("text", "doi"),
    [("10.5555/a", "10.5555/a"), ("doi:10.5555/a", "10.5555/a"), ("DOI 10.5555/a", "10.5555/a"),
     ("https://doi.org/10.5555/a", "10.5555/a"), ("http://dx.doi.org/10.5555/a", "10.5555/a"),
     (r"10.5555/a\_b\%c{\_}d", "10.5555/a_b%c_d"), (r"10.5555/a\textunderscore{}b", "10.5555/a_b")],
)  # fmt: skip
def test_doi(text: str, doi: str) -> None:
    assert ids.clean_doi(text) == doi
    assert ids.is_doi(doi)


@pytest.mark.parametrize("doi", ["10.5555", "10.5555/", "5555/a", "10.5555/a b", "10.5555/a."])
def test_no_doi(doi: str) -> None:
    assert not ids.is_doi(doi)


def test_urls_lose_what_tex_wanted() -> None:
    assert ids.unescape(r"\url{https://a/\~{}b\_c\&d\#e}") == "https://a/~b_c&d#e"
    assert ids.unescape(r"https://a/{\textasciitilde}b") == "https://a/~b"


@pytest.mark.parametrize(
    "orcid", ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X"]
)
def test_orcid(orcid: str) -> None:
    assert ids.is_orcid(ids.clean_orcid(f"https://orcid.org/{orcid}"))
    last = "0" if orcid[-1] != "0" else "1"
    assert not ids.is_orcid(orcid[:-1] + last)


@pytest.mark.parametrize(
    ("text", "when"),
    [("2023", When("2023")), ("2023-05", When("2023", 5)), ("2023-05-26", When("2023", 5, 26)),
     ("2020/2021", When("2020")), ("2020-02-29", When("2020", 2, 29)), ("/2021", When("2021")),
     ("2023-21", When("2023")), ("199X", When("199X")), ("1850~", When("1850")),
     ("2020-05-01T10:00:00Z", When("2020", 5, 1)), ("2020-12/2021-01", When("2020", 12))],
)  # fmt: skip
def test_dates(text: str, when: When) -> None:
    assert parse_date(text) == when


@pytest.mark.parametrize(
    ("text", "part"),
    [("May 2021", "a date is YYYY"), ("2021-13", "no month 13"), ("2021-02-30", "no day 30"),
     ("1900-02-29", "no day 29"), ("2021/2020", "before it begins"), ("", "empty"),
     ("2020/2021/2022", "one '/'"), ("2020-5-1", "a date is YYYY"), ("2020-12/2020-01", "before")],
)  # fmt: skip
def test_no_dates(text: str, part: str) -> None:
    with pytest.raises(ValueError, match=part):
        parse_date(text)


def test_years_and_months() -> None:
    assert all(map(is_year, ["2020", "c. 1850", "[1850]", "2020a", "1998--2003", "1998/99", "800"]))
    assert not any(map(is_year, ["forthcoming", "20", "20203", "in press", "3020", "2O20"]))
    months = {"3": 3, "March": 3, "17--23 Jul": 7, "8 January": 1, "Sept.": 9, "May--June": 5}
    assert {text: parse_month(text) for text in months} == months
    assert parse_month("Spring") is None
    for text in ("13", "0", "Martian", "Q3"):
        with pytest.raises(ValueError, match=text):
            parse_month(text)


def test_nearest() -> None:
    assert [edits("abcd", x, 2) for x in ("abcd", "acbd", "abd", "xbcdy", "wxyz")] == [
        0,
        1,
        1,
        2,
        3,
    ]
    known = ["article", "book", "title"]
    assert [nearest(w, known) for w in ("artcle", "atricel", "boko", "titel", "magazine")] == [
        "article", "article", "book", "title", None,
    ]  # fmt: skip
