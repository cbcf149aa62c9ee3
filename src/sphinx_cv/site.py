"""What the website needs besides its pages.

The engine's stylesheet and script; a sitemap of all pages (sphinx-sitemap lists only
those written in the same run, and starts a server process to collect them); and, for
furo, templates without inline scripts and styles, so that the site can be served with
a strict Content-Security-Policy.
"""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.etree import ElementTree

from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.errors import ConfigError
from sphinx.highlighting import PygmentsBridge
from sphinx.jinja2glue import SphinxFileSystemLoader

from sphinx_cv.far import MarkFar
from sphinx_cv.publications.landing import landing_pages

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sphinx.application import Sphinx
    from sphinx.config import Config

_HERE = Path(__file__).parent
_VARIABLES = "furo-variables.css"


def add_templates(builder: StandaloneHTMLBuilder) -> None:
    """Put the engine's templates between the user's and furo's.

    Not by ``templates_path``, which would make the build depend on where the engine is.
    """
    templates = builder.templates
    place = templates.templatepathlen
    templates.loaders.insert(place, SphinxFileSystemLoader(_HERE / "templates"))
    templates.pathchain.insert(place, _HERE / "templates")
    templates.templatepathlen += 1


def spare_git(app: Sphinx) -> None:
    """Where no page shows its date, as in a PDF, have sphinx-last-updated-by-git not ask for it."""
    if app.builder.format != "html":
        for listener in app.events.listeners["env-updated"].copy():
            if listener.handler.__module__ == "sphinx_last_updated_by_git":
                app.disconnect(listener.id)


def place_missing_page(app: Sphinx, config: Config) -> None:
    """Have the links of sphinx-notfound-page's page begin where the site does."""
    # Its default is a guess at Read the Docs' address, where it knows better by itself.
    if getattr(config, "notfound_urls_prefix", None) == "/en/latest/" and config.html_baseurl:
        config.notfound_urls_prefix = urlsplit(config.html_baseurl).path.rstrip("/") + "/"


def add_assets(app: Sphinx) -> None:
    """Add the stylesheets and the script, for HTML alone."""
    builder = app.builder
    if not isinstance(builder, StandaloneHTMLBuilder):
        return
    static = [*app.config.html_static_path, str(_HERE / "static")]
    app.add_css_file("sphinx-cv.css", priority=300)
    app.add_js_file("sphinx-cv.js", loading_method="defer")
    if app.config.html_theme == "furo":
        add_templates(builder)
        from furo import get_pygments_style_colors

        assert builder.highlighter is not None
        dark = PygmentsBridge("html", app.config.pygments_dark_style)
        styles = {
            "light": builder.highlighter.formatter_args["style"],
            "dark": dark.formatter_args["style"],
        }
        fallbacks = {"foreground": "inherit", "background": "transparent"}
        options = app.config.html_theme_options
        variables = {
            theme: {
                **{
                    f"color-code-{name}": colour
                    for name, colour in get_pygments_style_colors(
                        style, fallbacks=fallbacks
                    ).items()
                },
                **options.get(f"{theme}_css_variables", {}),
            }
            for theme, style in styles.items()
        }
        generated = app.doctreedir / "cv-static"
        generated.mkdir(parents=True, exist_ok=True)
        (generated / _VARIABLES).write_text(furo_variables(**variables), encoding="utf-8")
        static.append(str(generated))
        app.add_css_file(_VARIABLES, priority=550)
    app.config.html_static_path = static


def check_fonts(app: Sphinx) -> None:
    """Handler of ``builder-inited``: fonts to load early must be there."""
    if app.builder.format != "html":
        return
    folders = [Path(app.confdir, folder) for folder in app.config.html_static_path]
    for name in app.config.cv_preload_fonts:
        if not any((folder / name).is_file() for folder in folders):
            places = ", ".join(map(repr, app.config.html_static_path)) or "nothing"
            message = f"cv_preload_fonts: {name!r} is in no folder of html_static_path ({places})"
            raise ConfigError(message)


def preload_fonts(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Handler of ``html-page-context``: fetch fonts before the style sheets have asked for them."""
    if "pathto" in context:
        for name in app.config.cv_preload_fonts:
            url = escape(context["pathto"](f"_static/{name}", 1))
            link = f'<link rel="preload" href="{url}" as="font" type="font/woff2" crossorigin>'
            context["metatags"] = f"{context.get('metatags', '')}\n{link}"


def furo_variables(light: Mapping[str, str], dark: Mapping[str, str]) -> str:
    """The stylesheet for what furo writes into the head of each page."""
    light_rules, dark_rules = (
        " ".join(f"--{name}: {value};" for name, value in variables.items())
        for variables in (light, dark)
    )
    return (
        f"body {{ {light_rules} }}\n"
        "@media not print {\n"
        f'  body[data-theme="dark"] {{ {dark_rules} }}\n'
        "  @media (prefers-color-scheme: dark) {\n"
        f'    body:not([data-theme="light"]) {{ {dark_rules} }}\n'
        "  }\n"
        "}\n"
    )


def make_scrollable(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Code and tables may be wider than the page: what scrolls is reachable by the keyboard."""
    body = context.get("body")
    if body:
        body = body.replace(
            '<div class="highlight"><pre>', '<div class="highlight"><pre tabindex="0">'
        )
        context["body"] = body.replace(
            '<div class="table-wrapper', '<div tabindex="0" class="table-wrapper'
        )


def write_sitemap(app: Sphinx, exception: Exception | None) -> None:
    """List the address of every page, with its date where git knows it."""
    base = app.config.html_baseurl
    if exception is not None or not base or app.builder.name not in {"html", "dirhtml"}:
        return
    updated = getattr(app.env, "git_last_updated", {})
    root = ElementTree.Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    for docname in sorted({*app.env.found_docs, *landing_pages(app.env)}):
        url = ElementTree.SubElement(root, "url")
        address = base.rstrip("/") + "/" + app.builder.get_target_uri(docname)
        ElementTree.SubElement(url, "loc").text = address
        timestamp = (updated.get(docname) or (None,))[0]
        if timestamp:
            date = datetime.fromtimestamp(int(timestamp), UTC).date()
            ElementTree.SubElement(url, "lastmod").text = date.isoformat()
    ElementTree.indent(root)
    ElementTree.ElementTree(root).write(
        app.outdir / "sitemap.xml", xml_declaration=True, encoding="utf-8"
    )


def setup_site(app: Sphinx) -> None:
    """Register the handlers."""
    app.connect("config-inited", place_missing_page)
    app.connect("builder-inited", spare_git)
    app.add_config_value("cv_preload_fonts", [], "html", types=frozenset({list, tuple}))
    app.connect("builder-inited", check_fonts)
    app.connect("builder-inited", add_assets)
    app.connect("html-page-context", preload_fonts)
    app.add_post_transform(MarkFar)
    # After furo has put tables into what scrolls.
    app.connect("html-page-context", make_scrollable, priority=900)
    app.connect("build-finished", write_sitemap)
