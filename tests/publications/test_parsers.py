"""What independent programs read in the page of a paper: extruct, and Zotero's COinS translator."""

import warnings
from urllib.parse import parse_qsl

import pytest
from bs4 import BeautifulSoup
from tests.publications.test_landing import CONF, HOSTILE

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import extruct

WRITE = "---\npublication: b\n---\n# W\n"
FILES = {"conf.py": CONF, "index.md": "# P\n\n```{toctree}\nw\n```\n", "w.md": WRITE}


def built_pages(project, bib):
    built = project({**FILES, "refs.bib": bib}).build()
    out = built.app.outdir
    return [(out / name).read_text(encoding="utf-8") for name in ("publications/a.html", "w.html")]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.filterwarnings("ignore")
def test_extruct_reads_titles_and_names(project, text) -> None:
    fields = f"author = {{{{{text}}} and Ann Ott}}, title = {{{text}}}, year = 2000, month = 5"
    pages = built_pages(
        project, "".join(f"@misc{{{key}, {fields}, note={{{key}}}}}" for key in "ab")
    )
    for html, address in zip(pages, ("publications/a.html", "w.html"), strict=True):
        found = extruct.extract(html, syntaxes=["json-ld", "dublincore", "opengraph"])
        [paper] = found["json-ld"]
        assert paper["@type"] == "ScholarlyArticle"
        assert paper["url"] == f"https://a.example.org/cv/{address}"
        assert paper["datePublished"] == "2000-05"
        names = [author["name"] for author in paper["author"]]
        assert names[-1] == "Ann Ott"
        soup = BeautifulSoup(html, "lxml")
        metas = [(m["name"], m["content"]) for m in soup.select("meta[name^=citation_]")]
        assert [value for name, value in metas if name == "citation_author"] == names
        assert dict(metas)["citation_title"] == paper["headline"] == paper["name"]
        assert dict(metas)["citation_publication_date"] == "2000/05"
        if not set(text) & set("\\${}"):
            assert paper["name"] == names[0] == " ".join(text.split()).replace("--", "–")


def zotero(query: str) -> dict[str, object]:
    """The item that Zotero's translator makes of a COinS, by the rules of its source.

    Those of ``parseContextObject`` in its ``openurl.js``, for the formats that are written here.
    """
    given = parse_qsl(query, strict_parsing=True)
    one = dict(given)
    assert one["ctx_ver"] == "Z39.88-2004"
    form = one["rft_val_fmt"].removeprefix("info:ofi/fmt:kev:mtx:")
    kinds = {"bookitem": "bookSection", "proceeding": "conferencePaper",
             "report": "report", "document": "document"}  # fmt: skip
    kind = {"journal": "journalArticle", "dissertation": "thesis"}.get(form)
    kind = kind or kinds.get(one.get("rft.genre", ""), "book")
    item: dict[str, object] = {"itemType": kind, "creators": []}
    for name, value in given:
        if name == "rft_id" and value.startswith("info:doi/"):
            item["DOI"] = value.removeprefix("info:doi/")
        elif name == "rft_id":
            item["url"] = value
        elif name == "rft.btitle":
            item["title" if kind in {"book", "report"} else "publicationTitle"] = value
        elif name == ("rft.title" if kind in {"document", "thesis"} else "rft.atitle"):
            item["title"] = value
        elif name == "rft.jtitle":
            item["publicationTitle"] = value
        elif name == "rft.au":
            family, comma, first = value.partition(", ")
            assert comma, "it would guess where the name divides"
            item["creators"].append((family, first))  # type: ignore[attr-defined]
        elif name == "rft.aucorp":
            item["creators"].append((value,))  # type: ignore[attr-defined]
        elif name in {"rft.date", "rft.volume", "rft.issue", "rft.pages"}:
            item[name.removeprefix("rft.")] = value
        elif name in {"rft.pub", "rft.inst"}:
            item["publisher"] = value
    return item


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("@article{a, journal = {J}, volume = 3, number = 4, pages = {1--9}, doi = {10.1000/1},",
         {"itemType": "journalArticle", "publicationTitle": "J", "volume": "3", "issue": "4",
          "pages": "1-9", "DOI": "10.1000/1"}),
        ("@inproceedings{a, booktitle = {C & D},",
         {"itemType": "conferencePaper", "publicationTitle": "C & D"}),
        ("@incollection{a, booktitle = {B}, publisher = {P},",
         {"itemType": "bookSection", "publicationTitle": "B", "publisher": "P"}),
        ("@book{a, publisher = {P},", {"itemType": "book", "publisher": "P"}),
        ("@phdthesis{a, school = {U of V},", {"itemType": "thesis", "publisher": "U of V"}),
        ("@techreport{a, institution = {I},", {"itemType": "report", "publisher": "I"}),
        ("@misc{a, eprint = {2001.00001}, eprinttype = {arXiv},",
         {"itemType": "journalArticle", "url": "https://arxiv.org/abs/2001.00001"}),
        ("@misc{a,", {"itemType": "document"}),
    ],
)  # fmt: skip
def test_zotero_reads_each_kind(project, entry, expected) -> None:
    authors = "Valentin {De Bortoli} and Ann van der Ott and {Barnes and Noble} and others"
    bib = f'{entry} author = {{{authors}}}, title = {{T: A "U" & ü}}, year = 2020, month = 1}}\n'
    pages = built_pages(project, bib + bib.replace("{a,", "{b,").replace("T:", "S:"))
    for html, title in zip(pages, "TS", strict=True):
        item = zotero(BeautifulSoup(html, "lxml").select_one("span.Z3988")["title"])
        assert item.pop("title") == f'{title}: A "U" & ü'
        assert item.pop("date") == "2020-01"
        assert item.pop("creators") == [
            ("De Bortoli", "Valentin"), ("van der Ott", "Ann"), ("Barnes and Noble",),
        ]  # fmt: skip
        item = {k: v for k, v in item.items() if k in expected or k != "publisher"}
        assert item == expected
