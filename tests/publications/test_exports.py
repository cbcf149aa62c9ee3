"""What the exported files say when other programs read them back."""

import json
from itertools import product
from pathlib import Path

import bibtexparser
import pybtex.database
import pytest
from pybtex.richtext import Text

from sphinx_cv.publications.bibtex import all_to_bibtex, to_bibtex
from sphinx_cv.publications.csl import all_to_csl, to_csl
from sphinx_cv.publications.read import read_library
from sphinx_cv.publications.record import plain
from sphinx_cv.publications.source import read_text
from sphinx_cv.publications.tex import balanced

ROOT = Path(__file__).parents[2]
BIB = r"""
@string{ann = "Annals of {Poetry} \& Song"}
@article{paper, author = {L\"onnrot, Elias and van der Berg*, Jan and Steele, Jr., Guy L. and
  {Barnes and Noble}}, author+an = {1=equal; 3=equal,corresponding},
  title = {The {K}alevala: $\mathcal{L}^{(\alpha)}$ at 100\% of H{$_2$}O}, journal = ann,
  date = {1849-03-02}, volume = 3, number = {2}, pages = {1--9}, doi = {https://doi.org/10.1000/18\_2},
  keywords = {private, note}, file = {/home/me/x.pdf}, owner = {me}, abstract = {We sing.}}
@thesis{thesis, author = {given=Jean, family=Fontaine, prefix=de la}, title = {On "Quotes" \emph{now}},
  institution = {Universit\'e}, type = {mathesis}, year = 2020, month = jul}
@inproceedings{part, author = {Ann Ott and others}, title = {Part}, crossref = {whole}}
@proceedings{whole, title = {Whole}, booktitle = {Whole}, year = 2021, editor = {Ed Itor}}
@misc{preprint, author = {{NASA}}, title = {Moon}, year = 2019, eprint = {1901.00001v2}, eprinttype = {arXiv}}
@online{page, author = {A. B.}, title = {Page}, url = {https://x.org/a\_b?c=1&d=%20#e}, year = 2018}
"""  # noqa: E501


def library(text=BIB):
    return read_library({Path("refs.bib"): read_text(text)})


def exported(key, text=BIB):
    found = library(text)
    return to_bibtex(found.works[key], found.data.entries[key])


def item(key, text=BIB):
    found = library(text)
    return to_csl(found.works[key], found.data.entries[key])


def test_an_entry_is_written_for_others() -> None:
    assert (
        exported("paper")
        == r"""@article{paper,
  author   = {Lönnrot, Elias and van der Berg, Jan and Steele, Jr., Guy L. and {Barnes and Noble}},
  title    = {The {K}alevala: $\mathcal{L}^{(\alpha)}$ at 100\% of H{$_2$}O},
  journal  = {Annals of {Poetry} \& Song},
  volume   = {3},
  number   = {2},
  pages    = {1--9},
  year     = {1849},
  month    = mar,
  doi      = {10.1000/18_2},
  abstract = {We sing.},
}"""
    )


def test_names_of_types_and_fields_are_those_of_bibtex() -> None:
    assert (
        exported("thesis")
        == r"""@mastersthesis{thesis,
  author      = {de la Fontaine, Jean},
  title       = {On "Quotes" \emph{now}},
  school      = {Université},
  institution = {Université},
  type        = {Master's thesis},
  year        = {2020},
  month       = jul,
}"""
    )
    assert "booktitle = {Whole}" in exported("part")
    assert "crossref" not in exported("part")


def test_nothing_of_our_own_leaks() -> None:
    text = all_to_bibtex(library()) + json.dumps(all_to_csl(library()))
    for ours in ("+an", "equal", "corresponding", "keywords", "/home/me", "owner", "*"):
        assert ours not in text


@pytest.mark.parametrize(
    "value", ["a } b", "a { b", "}{", "{a}} @article{x,", "{{{", "a \\} b"]
)  # fmt: skip
def test_no_value_ends_its_entry(value) -> None:
    text = (
        f'@misc{{a, title = "{value}", author = {{A B}}, year = 2000}}\n@misc{{b, title = {{T}}}}'
    )
    found = library(text)
    again = pybtex.database.parse_string(all_to_bibtex(found), "bibtex")
    assert list(again.entries) == list(found.works)


@pytest.mark.parametrize("text", [BIB, (ROOT / "refs.bib").read_text(encoding="utf-8")])
def test_others_read_the_same_facts(text) -> None:
    found = library(text)
    written = all_to_bibtex(found)
    by_pybtex = pybtex.database.parse_string(written, "bibtex").entries
    by_parser = {
        entry.key: {field.key: field.value for field in entry.fields}
        for entry in bibtexparser.parse_string(written).entries
    }
    ours = library(written)
    assert list(by_pybtex) == list(by_parser) == list(ours.works) == list(found.works)
    for key, work in found.works.items():
        entry = found.data.entries[key]
        assert by_pybtex[key].persons == {
            role: persons for role, persons in entry.persons.items() if role in {"author", "editor"}
        }
        for name in ("title", "journal", "booktitle", "volume", "number", "pages", "doi", "url"):
            value = work.fields.get(name)
            if value or name != "url":
                assert by_pybtex[key].fields.get(name) == value
                assert by_parser[key].get(name) == value
                assert ours.works[key].fields.get(name) == value
        assert by_pybtex[key].fields.get("year") == work.when.year
        assert ours.works[key].arxiv == work.arxiv
        assert ours.works[key].when.month == work.when.month
        assert not ours.works[key].annotations


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"H{$_2$}O at $x$ 100\% or 5%, {so}", "H$_2$O at $x$ 100% or 5%, so"),
        ("a } b {", "a b "),
        (r"costs \$5", r"costs \$5"),
        ("ends in \\", "ends in \\"),
    ],
)
def test_no_text_is_lost_or_fatal(tex, text) -> None:
    assert plain(tex) == text


def test_signs_are_decoded_as_by_the_decoder() -> None:
    written = map("".join, (signs for n in range(1, 6) for signs in product("a-'{} ", repeat=n)))
    texts = [tex for tex in written if balanced(tex) == tex]
    assert len(texts) > 2000
    for tex in texts:
        space = tex[: len(tex) - len(tex.lstrip())]
        assert plain(tex) == space + str(Text.from_latex(tex)), tex


def test_reading_back_is_writing_again() -> None:
    written = all_to_bibtex(library())
    assert all_to_bibtex(library(written)) == written
    assert not read_text(written).problems


def test_an_item_says_the_same_in_csl() -> None:
    assert item("paper") == {
        "id": "paper",
        "type": "article-journal",
        "title": "The Kalevala: ℒ⁽ᵅ⁾ at 100% of H₂O",
        "author": [
            {"family": "Lönnrot", "given": "Elias"},
            {"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"},
            {"family": "Steele", "given": "Guy L.", "suffix": "Jr."},
            {"literal": "Barnes and Noble"},
        ],
        "issued": {"date-parts": [[1849, 3, 2]]},
        "container-title": "Annals of Poetry & Song",
        "volume": "3",
        "issue": "2",
        "page": "1-9",
        "DOI": "10.1000/18_2",
        "abstract": "We sing.",
    }
    assert item("preprint") == {
        "id": "preprint",
        "type": "article",
        "title": "Moon",
        "author": [{"literal": "NASA"}],
        "issued": {"date-parts": [[2019]]},
        "archive": "arXiv",
        "archive_location": "1901.00001v2",
        "publisher": "arXiv",
        "number": "arXiv:1901.00001v2",
        "URL": "https://arxiv.org/abs/1901.00001v2",
    }
    assert (item("thesis")["type"], item("thesis")["genre"]) == ("thesis", "Master's thesis")
    assert item("part")["container-title"] == "Whole"
    assert item("page")["URL"] == "https://x.org/a_b?c=1&d=%20#e"
