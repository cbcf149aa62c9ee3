"""The site's copies of the PDFs, and its links to them.

The folder ``cv_pdf_folder`` is looked into when the site is built: a link is there only with
the file it leads to.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.locale import _
from sphinx.util.osutil import relative_uri

if TYPE_CHECKING:
    from typing import Any

    from sphinx.application import Sphinx
    from sphinx.config import Config

#: The files, and what the site calls them.
FILES = {"cv.pdf": "CV as PDF", "portfolio.pdf": "Portfolio as PDF"}
#: The builders whose files lie as their addresses say.
_BUILDERS = frozenset({"html", "dirhtml"})


def look_for_files(app: Sphinx, config: Config) -> None:
    """Note which files are there; where that changes, Sphinx writes all pages again."""
    folder = Path(app.confdir, config.cv_pdf_folder)
    config["cv_pdf_files"] = [name for name in FILES if (folder / name).is_file()]


def _links(app: Sphinx, docname: str) -> list[tuple[str, str]]:
    if app.builder.name not in _BUILDERS:
        return []
    page = app.builder.get_target_uri(docname)
    return [(relative_uri(page, name), _(FILES[name])) for name in app.config.cv_pdf_files]


def add_links(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Link to the files beneath the name and contact of the person."""
    links = _links(app, docname)
    people = [n for n in doctree.findall(nodes.container) if "cv-person" in n["classes"]]
    if not links or not people:
        return
    paragraph = nodes.paragraph(classes=["cv-downloads"])
    for number, (address, label) in enumerate(links):
        paragraph += nodes.Text(" · " if number else "")
        paragraph += nodes.reference("", label, refuri=address, internal=True)
    people[0] += paragraph


def offer_in_sidebar(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Tell the templates of the files."""
    context["cv_pdfs"] = _links(app, pagename)


def copy_files(app: Sphinx, exception: Exception | None) -> None:
    """Put the files into the site, and take away those that are no longer there."""
    if exception is not None or app.builder.name not in _BUILDERS:
        return
    for name in FILES:
        if name in app.config.cv_pdf_files:
            shutil.copyfile(Path(app.confdir, app.config.cv_pdf_folder, name), app.outdir / name)
        else:
            (app.outdir / name).unlink(missing_ok=True)


def setup_offering(app: Sphinx) -> None:
    """Register the handlers."""
    app.add_config_value("cv_pdf_folder", "_build/pdf", "", types=[str])
    app.add_config_value("cv_pdf_files", [], "html", types=[list])
    app.connect("config-inited", look_for_files)
    app.connect("doctree-resolved", add_links)
    app.connect("html-page-context", offer_in_sidebar)
    app.connect("build-finished", copy_files)
