"""Publications: one ``refs.bib``, read through sphinxcontrib-bibtex."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config


def allow_no_papers(app: Sphinx, config: Config) -> None:
    """A CV without a bibliography is no mistake, as sphinxcontrib-bibtex takes it to be."""
    if config.bibtex_bibfiles is None:
        config.bibtex_bibfiles = []


def setup_publications(app: Sphinx) -> None:
    """Register the reader of bibliography files."""
    app.setup_extension("sphinxcontrib.bibtex")
    app.connect("config-inited", allow_no_papers)
