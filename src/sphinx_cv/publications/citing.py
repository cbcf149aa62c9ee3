"""Citations of keys that no entry has: reported where they are, with the key that was meant."""

from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator
from sphinxcontrib.bibtex.citation_target import parse_citation_targets
from sphinxcontrib.bibtex.domain import BibtexDomain
from sphinxcontrib.bibtex.foot_roles import FootCiteRole

from sphinx_cv.mistakes import Mistake
from sphinx_cv.nearest import meant
from sphinx_cv.reporting import warn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Set

    from sphinx.application import Sphinx

    from sphinx_cv.publications.domain import BibliographyDomain


def split_target(target: str, known: "Set[str]") -> tuple[str, list[str]]:
    """The part of a citation's *target* whose keys are *known*, and the other keys."""
    unknown, kept = [], []
    for cited in parse_citation_targets(target):
        if cited.key in known:
            pre = f"{{{cited.pre}}}" if cited.pre else ""
            post = f"{{{cited.post}}}" if cited.post else ""
            kept.append(f"{pre}{cited.key}{post}")
        else:
            unknown.append(cited.key)
    return ",".join(kept), unknown


def show_unknown(
    unknown: "Iterable[str]", known: "Iterable[str]", location: "nodes.Node | tuple[str, int]"
) -> nodes.inline:
    """What stands in the place of *unknown* keys, each of which is reported."""
    for key in unknown:
        warn(
            Mistake.BIB_CITATION,
            "no entry has the key %r that is cited%s",
            key,
            meant(key, known) or "; add it to the .bib file",
            location=location,
        )
    return nodes.inline("", f"[{', '.join(unknown)}?]", classes=["bibtex-unknown"])


class UnknownCitations(SphinxPostTransform):
    """Warns of unknown keys, and shows them, where sphinxcontrib-bibtex would show ``[]``."""

    # Before Sphinx resolves references, at 10.
    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        cite = self.env.get_domain("cite")
        known = set(cite.data["bibdata"].data.entries) | {c.key for c in cite.data["citations"]}
        for node in list(self.document.findall(addnodes.pending_xref)):
            if node.get("refdomain") != "cite" or node.get("intersphinx"):
                continue
            kept, unknown = split_target(node["reftarget"], known)
            if not unknown:
                continue
            shown = show_unknown(unknown, known, node)
            if kept:
                node["reftarget"] = kept
                node.parent.insert(node.parent.index(node) + 1, [nodes.Text(" "), shown])
            else:
                node.replace_self(shown)


class CitationDomain(BibtexDomain):
    """sphinxcontrib-bibtex's, with its citations in the inventory."""

    def get_objects(self) -> "Iterator[tuple[str, str, str, str, str, int]]":
        for citation in self.citations:
            bibliography = self.bibliographies[citation.bibliography_key]
            if bibliography.list_ == "citation":
                label = f"[{citation.formatted_entry.label}]"
                docname = citation.bibliography_key.docname
                yield citation.key, label, "citation", docname, citation.citation_id, -1


class FootCite(FootCiteRole):
    """The same for footnotes; they are made while reading, so what they cite is noted here."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        domain = cast("BibliographyDomain", self.env.get_domain("cvbib"))
        keys = [key.strip() for key in self.text.split(",")]
        unknown = [key for key in keys if key not in domain.works]
        kept = [key for key in keys if key in domain.works]
        domain.note_cited(kept)
        shown: list[nodes.Node] = []
        messages: list[nodes.system_message] = []
        if kept:
            self.text = ",".join(kept)
            shown, messages = super().run()
        if unknown:
            location = (self.env.docname, self.lineno)
            shown += [nodes.Text(" ")] * bool(kept)
            shown.append(show_unknown(unknown, domain.works, location))
        return shown, messages


def visit_citation(self: HTML5Translator, node: nodes.citation) -> None:
    """As docutils has it, but with a role that an item of its list may have."""
    HTML5Translator.visit_citation(self, node)
    # That role is for lists of another role, and deprecated.
    self.body[-1] = self.body[-1].replace('role="doc-biblioentry"', 'role="listitem"')


def setup_citing(app: "Sphinx") -> None:
    """Register all this; sphinxcontrib-bibtex is loaded."""
    app.add_domain(CitationDomain, override=True)
    app.add_post_transform(UnknownCitations)
    app.add_node(nodes.citation, override=True, html=(visit_citation, None))
    role = FootCite()
    app.add_role("footcite", role, override=True)
    for name in ("p", "ps", "t", "ts", "ct", "cts"):
        app.add_role_to_domain("footcite", name, role, override=True)
