"""An academic CV as a Sphinx project: entries as objects, drawn, linked and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_cv import freshness, markup, privacy, publications, site
from sphinx_cv.domain import CVDomain, warn_missing_reference
from sphinx_cv.listings import ListingTransform

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__version__ = "0.1.0"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the domain, its transforms and what surrounds them."""
    app.add_config_value("cv_writeups", ["research/*"], "env", types=[list, tuple])
    app.add_domain(CVDomain)
    app.add_post_transform(ListingTransform)
    app.connect("warn-missing-reference", warn_missing_reference)
    freshness.setup_freshness(app)
    markup.setup_markup(app)
    privacy.setup_privacy(app)
    publications.setup_publications(app)
    site.setup_site(app)
    return {
        "version": __version__,
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
