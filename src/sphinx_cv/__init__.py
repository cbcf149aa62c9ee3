"""An academic CV as a Sphinx project: entries as objects, drawn, linked and checked."""

from __future__ import annotations

import atexit
import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__version__ = "0.1.0"


def spare_trees() -> None:
    """Have Python look for garbage less often: what a build makes lives as long as the build.

    By default it walks through all doctrees again and again, for a tenth of the time of a build,
    and once more before it ends, which takes a small build another tenth.
    """
    first, *others = gc.get_threshold()
    if first:
        gc.set_threshold(max(first, 50_000), *others)
    atexit.unregister(gc.freeze)  # of another build in this process
    atexit.register(gc.freeze)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the domain, its transforms and what surrounds them."""
    spare_trees()
    # Here, so that `python -m sphinx_cv.publications` need not wait for Sphinx.
    from sphinx_cv.bundles import setup_bundles
    from sphinx_cv.domain import setup_domain
    from sphinx_cv.freshness import setup_freshness
    from sphinx_cv.markup import setup_markup
    from sphinx_cv.privacy import setup_privacy
    from sphinx_cv.publications.changes import setup_changes
    from sphinx_cv.publications.domain import setup_reading
    from sphinx_cv.publications.downloads import setup_downloads
    from sphinx_cv.publications.landing import setup_landing
    from sphinx_cv.publications.listed import setup_listed
    from sphinx_cv.publications.narrowing import setup_narrowing
    from sphinx_cv.publications.own import setup_own
    from sphinx_cv.publications.resources import setup_resources
    from sphinx_cv.publications.writeups import setup_writeups
    from sphinx_cv.research import setup_research
    from sphinx_cv.search import setup_search
    from sphinx_cv.site import setup_site
    from sphinx_cv.typst import setup_typst

    setup_reading(app)
    setup_changes(app)
    setup_listed(app)
    setup_resources(app)
    setup_downloads(app)
    setup_landing(app)
    setup_narrowing(app)
    setup_domain(app)
    setup_own(app)
    setup_writeups(app)
    setup_freshness(app)
    setup_markup(app)
    setup_privacy(app)
    setup_research(app)
    setup_search(app)
    setup_site(app)
    setup_bundles(app)
    setup_typst(app)
    app.setup_extension("sphinx_cv.mathematics")
    return {
        "version": __version__,
        "env_version": 2,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
