"""Pages of Sphinx's own documentation: nothing fails, and nothing is lost in silence."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pypdf
import pytest
from docutils import nodes

HERE = Path(__file__).parent / "corpus"
CONF = """
extensions = ["sphinx.ext.inheritance_diagram", "sphinx.ext.extlinks", "myst_parser", "sphinx_cv"]
myst_enable_extensions = ["colon_fence"]
project = author = "Ada"
extlinks = {n: ("https://docutils.sourceforge.io/docs/ref/rst/%s.html", "%s")
            for n in ("duref", "durole", "dudir")}
"""
PAGES = sorted(path.stem for path in HERE.glob("*.rst") if path.stem != "LICENSE")
#: What is not text of the page, or stands for another text.
OTHER = (nodes.comment, nodes.raw, nodes.system_message, nodes.substitution_definition)


def words(node: nodes.Node) -> list[str]:
    if isinstance(node, nodes.Text):
        return re.findall(r"\w{3,}", node.astext())
    if isinstance(node, OTHER) or node.tagname in {"index", "pending_xref"}:
        return []
    return [word for child in node.children for word in words(child)]


def test_pages_of_sphinx(project, validate) -> None:
    index = "# Home\n\n:::{toctree}\n" + "\n".join(PAGES) + "\n:::\n"
    files = {f"{name}.rst": (HERE / f"{name}.rst").read_text(encoding="utf-8") for name in PAGES}
    # References to pages that are not here are left to Sphinx.
    built = project({"conf.py": CONF, "index.md": index, **files})
    built.build("typst", cv_pdf_pages=["*"], suppress_warnings=["ref", "toc", "docutils"])
    told = [line for line in built.warnings if "[cv.pdf]" in line]
    message = r"inheritance\.rst:(\d+): WARNING: the PDF cannot show 'inheritance_diagram'"
    lines = [int(match[1]) for line in told if (match := re.match(message, line))]
    # That directive does not note its line; the nearest is told.
    assert lines == pytest.approx([132, 140, 151], abs=8)
    assert len(told) == 3
    path = built.app.outdir / "cv.pdf"
    validate(path)
    shown = " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    found = Counter(re.findall(r"\w{3,}", shown))
    said = Counter(word for n in PAGES for word in words(built.app.env.get_doctree(n)))
    assert said.total() > 2000
    # A few words are broken at the end of a line, or joined over one.
    assert (said - found).total() < said.total() / 100
