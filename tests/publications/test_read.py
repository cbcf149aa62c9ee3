"""What pybtex is given: every entry can be shown, with what the file says of it."""

import pickle
from pathlib import Path

import pytest
from pybtex.database import Entry as PybtexEntry
from pybtex.plugin import find_plugin
from pybtex.style.formatting.unsrt import Style

from sphinx_cv.publications import vocabulary
from sphinx_cv.publications.read import Library, read_library, read_person
from sphinx_cv.publications.source import read_file, read_text
from sphinx_cv.publications.when import When

DATA = Path(__file__).parents[1] / "data"


def library(text: str) -> Library:
    return read_library({Path("refs.bib"): read_text(text)})


def shown(entry: PybtexEntry) -> str:
    backend = find_plugin("pybtex.backends", "plaintext")()
    text: str = Style().format_entry("1", entry).text.render(backend)
    return text


def only(text: str) -> str:
    (entry,) = library(text).data.entries.values()
    return shown(entry)


A = "author={Doe, Jane}, title={On Widgets}"


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        (f"@article{{k, {A}, journaltitle={{J}}, date={{2023-05-26}}, eprint={{2305.00001}}, "
         "eprinttype={arxiv}}", "Jane Doe. On widgets. J, May 2023. arXiv:2305.00001."),
        (f"@thesis{{k, {A}, type={{phdthesis}}, institution={{U}}, date=2020}}",
         "Jane Doe. On Widgets. PhD thesis, U, 2020."),
        (f"@thesis{{k, {A}, type={{mathesis}}, institution={{U}}, date=2020}}",
         "Jane Doe. On widgets. Master's thesis, U, 2020."),
        (f"@thesis{{k, {A}, type={{bathesis}}, institution={{U}}, date=2020}}",
         "Jane Doe. On Widgets. Bachelor's thesis, U, 2020."),
        (f"@report{{k, {A}, type={{techreport}}, number=3, institution={{I}}, date=2020-07}}",
         "Jane Doe. On widgets. Technical Report 3, I, July 2020."),
        (f"@conference{{k, {A}, booktitle={{B}}, year=2020, location={{L}}}}",
         "Jane Doe. On widgets. In B. L, 2020."),
        ("@collection{k, editor={Doe, Jane}, title={C}, publisher={P}, location={L}, date=2020}",
         "Jane Doe, editor. C. P, L, 2020."),
        ("@collection{k, editor={Doe, Jane}, title={C}, date=2020}", "Jane Doe, editor. C, 2020."),
        ("@periodical{k, editor={Doe, Jane}, title={P}, issuetitle={S}, date=2020}",
         "Jane Doe, editor. P: S, 2020."),
        (f"@electronic{{k, {A}, year=2020, url={{https://e.org/a\\_b}}}}",
         "Jane Doe. On widgets. 2020. URL: https://e.org/a_b."),
        (f"@www{{k, {A}, date=2020, url={{https://e.org}}, urldate={{2021-01-02}}}}",
         "Jane Doe. On widgets. 2020. URL: https://e.org (visited on 2021-01-02)."),
        (f"@presentation{{k, {A}, eventtitle={{E}}, venue={{V}}, date={{2023-10-05}}}}",
         "Jane Doe. On widgets. E, V, October 2023."),
        (f"@software{{k, {A}, version={{2.1}}, date=2020}}",
         "Jane Doe. On widgets. Version 2.1, 2020."),
        (f"@patent{{k, {A}, type={{patentus}}, number={{7}}, date=2020}}",
         "Jane Doe. On widgets. U.S. patent 7, 2020."),
        (f"@online{{k, {A}, date=2020, eprint={{hal-1}}, eprinttype={{hal}}}}",
         "Jane Doe. On widgets. 2020. URL: https://hal.science/hal-1."),
        (f"@online{{k, {A}, date=2020, eprint={{7}}, eprinttype={{SSRN}}}}",
         "Jane Doe. On widgets. 2020. SSRN: 7."),
        (f"@article{{k, {A}, journal={{arXiv preprint arXiv:2006.00001}}, year=2020}}",
         "Jane Doe. On widgets. arXiv preprint, 2020. arXiv:2006.00001."),
        (f"@misc{{k, {A}, howpublished={{\\url{{https://e.org}}}}, year=2020}}",
         "Jane Doe. On widgets. 2020. URL: https://e.org."),
        (f"@article{{k, {A}, journal={{J}}, pubstate={{forthcoming}}}}",
         "Jane Doe. On widgets. J. Forthcoming."),
        (f"@unpublished{{k, {A}, eventtitle={{E}}, date=2020}}", "Jane Doe. On widgets. E, 2020."),
        # What is missing costs no more than itself.
        (f"@article{{k, {A}, year=2020}}", "Jane Doe. On widgets. 2020."),
        (f"@article{{k, {A}, journal={{J}}, year={{in press}}}}",
         "Jane Doe. On widgets. J, in press."),
        ("@book{k, title={On Widgets}}", "On widgets."),
        ("@inproceedings{k, title={On Widgets}, booktitle={B}}", "On widgets. B."),
        (f"@gramophone{{k, {A}, publisher={{P}}, year=1920}}", "Jane Doe. On widgets. P, 1920."),
        ("@misc{k, note={N}}", "N."),
        ("@misc{k}", ""),
        # Names.
        ("@misc{k, author={Doe*, Jane and {Big Group} and others}, title={T}}",
         "Jane Doe, Big Group, and others. T."),
        ("@misc{k, author={given=Jean, prefix=de la, family=Fontaine}, title={T}}",
         "Jean de la Fontaine. T."),
        ("@misc{k, author={King, Jr., Martin Luther and G{\\\"o}del, K.}, title={T}}",
         "Martin Luther King, Jr. and K. Gödel. T."),
        # Inheritance.
        ("@incollection{k, author={Doe, Jane}, title={T}, crossref=c}"
         "@xdata{c, title={B}, editor={Roe, R.}, publisher={P}, year=2020}",
         "Jane Doe. T. In R. Roe, editor, B. P, 2020."),
    ],
)  # fmt: skip
def test_rendered(text: str, rendered: str) -> None:
    assert only(text).replace("King, Jr.", "King, Jr.") == rendered


@pytest.mark.once
@pytest.mark.parametrize("kind", sorted({*vocabulary.TYPES, *vocabulary.INSTEAD, "nonsense"}))
@pytest.mark.parametrize("fields", ["", A, "title={T}, year=2020", f"{A}, date=2020, note={{N}}"])
def test_every_type_can_be_shown_with_any_fields(kind: str, fields: str) -> None:
    text = only(f"@{kind}{{k, {fields}}}")
    assert ("widgets" in text.lower()) == ("Widgets" in fields)


def test_every_entry_of_a_varied_file_is_shown_with_all_its_names() -> None:
    source = read_file(DATA / "varied.bib")
    found = read_library({Path("varied.bib"): source})
    assert list(found.works) == [e.key for e in source.entries if e.type != "xdata"]
    for key, entry in found.data.entries.items():
        text = shown(entry)
        assert text.strip(), key
        for persons in entry.persons.values():
            for person in persons:
                assert person.last_names
                assert "\\" not in str(person)


def test_annotations_are_kept_aside() -> None:
    text = (
        "@misc{k, title={T}, author={A, X and B, Y and C, Z}, "
        'author+an={2=equal; 3=equal,corresponding}, author+an:orcid={1="0000-0002-1825-0097"}}'
    )
    found = library(text)
    work = found.works["k"]
    assert work.annotated() == {2: ("equal",), 3: ("equal", "corresponding")}
    assert work.annotated(annotator="orcid") == {1: ("0000-0002-1825-0097",)}
    assert work.annotated("editor") == {}
    assert not [n for n in (*work.fields, *found.data.entries["k"].fields) if "+" in n]
    assert "equal" not in found.data.to_string("bibtex")


def test_a_work_keeps_what_pybtex_has_no_place_for() -> None:
    text = (
        "@online{k, title={A{\\'e}}, author={A and others}, date={2023-05-26}, "
        "eprint={arXiv:2305.00001v2}, eprinttype={arxiv}, doi={https://doi.org/10.5555/a\\_b}, "
        "slides={https://e.org/a\\_b}, archivePrefix={arXiv}}"
    )
    work = library(text).works["k"]
    assert work.when == When("2023", 5, 26)
    assert work.arxiv == "2305.00001v2"
    assert work.open_lists == {"author"}
    assert (work.entry.type, work.entry.line) == ("online", 1)
    assert work.fields["doi"] == "10.5555/a_b"
    assert work.fields["slides"] == "https://e.org/a_b"
    assert work.fields["title"] == "Aé"


def test_the_first_entry_of_a_key_is_read_and_nothing_else_is_lost() -> None:
    found = library("@misc{a, title={A}} @misc{A, title={B}} @misc{c, title={C}}")
    assert [e.fields["title"] for e in found.data.entries.values()] == ["A", "C"]


def test_a_circle_of_references_ends() -> None:
    text = "@book{a, title={A}, crossref={b}} @book{b, title={B}, crossref={a}, xdata={b}, year=1}"
    assert list(library(text).works) == ["a", "b"]


@pytest.mark.parametrize(
    "name", ["", "{}", ",", ", ,", "*", "a,b,c,d,e", "{a", "a}", ", Jane", "Doe,"]
)
def test_no_name_is_a_traceback(name: str) -> None:
    person = read_person(name)
    assert person is None or person.last_names


def test_a_library_is_the_same_after_it_was_packed() -> None:
    text = "@article{a, author = {Doe, Jane}, title = {T}, year = 2020}\n@misc{B, title = {U}}"
    found = library(text)
    again = pickle.loads(pickle.dumps(found))
    assert list(again.works) == ["a", "B"]
    assert again.works.digests == {key: work.digest for key, work in found.works.items()}
    assert again.works["a"] == found.works["a"]
    assert again.data.entries == found.data.entries
    assert "b" in again.data.entries  # as pybtex has it, in whatever case
    assert list(again.works.only(["B"]).items()) == [("B", found.works["B"])]
    with pytest.raises(KeyError):
        again.works.only(["B"])["a"]
