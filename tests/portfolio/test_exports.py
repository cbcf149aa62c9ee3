"""The papers of the portfolio in the hands of a program that cites."""

from pathlib import Path

import pytest

from sphinx_cv.publications.csl import all_to_csl
from sphinx_cv.publications.read import read_library
from sphinx_cv.publications.source import read_file

ROOT = Path(__file__).parents[2]


@pytest.mark.filterwarnings("ignore")
def test_a_citation_processor_cites_the_portfolio() -> None:
    from citeproc import (
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON

    found = read_library({ROOT / "refs.bib": read_file(ROOT / "refs.bib")})
    source = CiteProcJSON(all_to_csl(found))
    bibliography = CitationStylesBibliography(
        CitationStylesStyle("harvard-cite-them-right", validate=False), source, formatter.plain
    )
    for key in source:
        bibliography.register(Citation([CitationItem(key)]))
    cited = [str(entry) for entry in bibliography.bibliography()]
    assert len(cited) == len(found.works)
    text = "\n".join(cited)
    for fact in ("Deligiannidis", "Daudel", "286–301", "2024", "28266–28279",
                 "Transactions on Machine Learning Research"):  # fmt: skip
        assert fact in text, text
