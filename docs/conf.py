"""Sphinx configuration of the portfolio."""

import os

project = author = "Joe Benton"
copyright = author
language = "en"
# The address the site is served from: Read the Docs and the Pages workflow say it.
html_baseurl = (
    os.environ.get("READTHEDOCS_CANONICAL_URL")
    or os.environ.get("SITE_URL")
    or "https://cv.example.org/"
)

extensions = [
    "myst_parser",
    "sphinx_cv",
    "sphinx_last_updated_by_git",
    "notfound.extension",
    "sphinxext.opengraph",
]
exclude_patterns = ["_build"]
myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
bibtex_bibfiles = ["../refs.bib"]
bibtex_default_style = "plain"
# Without git, or with part of its history, pages just say no date. Each write-up has a list of
# references of its own, to which its citations lead, so that lists may repeat a key or a number.
suppress_warnings = ["git", "bibtex.duplicate_citation", "bibtex.duplicate_label"]
git_last_updated_timezone = "UTC"

numfig = True

html_theme = "furo"
html_theme_options = {"top_of_page_buttons": []}
html_title = project
html_static_path = ["_static"]
html_css_files = ["portfolio.css"]
# What pages show at once. What is not there with the style sheets is not used, and one style
# without the others would be worse than none.
cv_preload_fonts = [
    "fonts/libertinus-serif-400-normal.woff2",
    "fonts/libertinus-serif-400-italic.woff2",
    "fonts/libertinus-serif-600-normal.woff2",
]
html_favicon = "_static/favicon.svg"
html_last_updated_fmt = "%-d %B %Y"
html_use_index = False
html_domain_indices = False
html_show_sphinx = False

ogp_site_url = html_baseurl
ogp_social_cards = {"enable": False}
