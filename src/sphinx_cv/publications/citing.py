"""Citations of keys that no entry has: reported where they are, with the key that was meant."""

import ast
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator
from sphinxcontrib.bibtex.citation_target import parse_citation_targets
from sphinxcontrib.bibtex.directives import BibliographyDirective
from sphinxcontrib.bibtex.domain import BibtexDomain, Citation, get_docnames
from sphinxcontrib.bibtex.foot_directives import FootBibliographyDirective
from sphinxcontrib.bibtex.foot_roles import FootCiteRole

from sphinx_cv.mathematics.reports import macros_of
from sphinx_cv.mistakes import Mistake
from sphinx_cv.nearest import meant
from sphinx_cv.publications.advice import setup_advice
from sphinx_cv.publications.formulas import is_hidden, parts, shown_as_text
from sphinx_cv.reporting import warn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence, Set

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_cv.publications.domain import BibliographyDomain

_OTHER_TEMPLATE = "put {key} and {bibliography_count} into bibtex_cite_id"


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
    unknown: "Iterable[str]",
    known: "Iterable[str]",
    location: "nodes.Node | tuple[str, int]",
    bulleted: "Set[str]" = frozenset(),
) -> nodes.inline:
    """What stands in the place of *unknown* keys, each of which is reported.

    Those that are *known* are in no bibliography, or in one without labels (*bulleted*).
    """
    for key in unknown:
        message, advice = "no entry has the key %r that is cited%s", meant(key, known)
        if key in bulleted:
            message = "%r is cited, but is in a bibliography without labels; %s"
            advice = "remove its ':list:', or write ':list: citation'"
        elif key in known:
            message, advice = "%r is cited, but is in no bibliography; %s", "add a {bibliography}"
        warn(
            Mistake.BIB_CITATION,
            message,
            key,
            advice or "; add it to the .bib file",
            location=location,
        )
    return nodes.inline("", f"[{', '.join(unknown)}?]", classes=["bibtex-unknown"])


class UnknownCitations(SphinxPostTransform):
    """Warns of what cannot be cited, and shows it, where sphinxcontrib-bibtex would show ``[]``."""

    # Before Sphinx resolves references, at 10.
    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        citing = [
            node
            for node in self.document.findall(addnodes.pending_xref)
            if node.get("refdomain") == "cite" and not node.get("intersphinx")
        ]
        if not citing:
            return
        cite = self.env.get_domain("cite")
        labelled: set[str] = set()
        bulleted: set[str] = set()
        for citation in cite.data["citations"]:
            list_ = cite.data["bibliographies"][citation.bibliography_key].list_
            (labelled if list_ == "citation" else bulleted).add(citation.key)
        known = labelled | bulleted | set(cite.data["bibdata"].data.entries)
        for node in citing:
            kept, unknown = split_target(node["reftarget"], labelled)
            if not unknown:
                continue
            shown = show_unknown(unknown, known, node, bulleted)
            if kept:
                node["reftarget"] = kept
                node.parent.insert(node.parent.index(node) + 1, [nodes.Text(" "), shown])
            else:
                node.replace_self(shown)


class FormulasTransform(SphinxPostTransform):
    """Shows the formulas in bibliographies, in footnotes, and in what citations say of them."""

    # After references were resolved, at 10.
    default_priority = 12

    def run(self, **kwargs: Any) -> None:
        for text in list(self.document.findall(nodes.Text)):
            if is_hidden(text):
                shown = [nodes.math(p, p) if math else nodes.Text(p) for p, math in parts(text)]
                text.parent.replace(text, shown)
        for link in self.document.findall(nodes.reference):
            if is_hidden(link.get("reftitle", "")):
                link["reftitle"] = shown_as_text(link["reftitle"], macros_of(self.config))


class CitationDomain(BibtexDomain):
    """sphinxcontrib-bibtex's, with its citations in the inventory, and with their own ids.

    They are formatted when something about them has changed; there, at every build.
    """

    def env_updated(self) -> "Iterable[str]":
        if self.data.get("cv_digest") == self._digest():
            return []
        warnings = self.env._app._warncount
        updated = super().env_updated()
        if template := self.env.config.bibtex_cite_id:
            self.data["citations"] = list(self._named(template))
        # What was warned of is to be warned of again.
        self.data["cv_digest"] = "" if self.env._app._warncount > warnings else self._digest()
        return updated

    def _digest(self) -> str:
        """Of all that the citations are made of, which takes pybtex long."""
        config = self.env.config
        domain = cast("BibliographyDomain", self.env.get_domain("cvbib"))
        place = {docname: number for number, docname in enumerate(get_docnames(self.env))}  # type: ignore[no-untyped-call]
        said = (
            (config.bibtex_tooltips, config.bibtex_tooltips_style, config.bibtex_cite_id),
            list(domain.works.digests.items()),
            [
                (
                    *(key, each.line, each.bibfiles, each.style, each.list_, each.labelprefix),
                    *(each.keyprefix, ast.dump(each.filter_), each.keys),
                    [(name, node["ids"]) for name, node in each.citation_nodes.items()],
                )
                for key, each in self.bibliographies.items()
            ],
            [
                (ref.docname, ref.targets)
                for ref in sorted(self.citation_refs, key=lambda ref: place[ref.docname])
            ],
        )
        return sha256(repr(said).encode()).hexdigest()

    def clear_doc(self, docname: str) -> None:
        if any(key.docname == docname for key in self.bibliographies):
            self.data["cv_digest"] = ""
        super().clear_doc(docname)

    def get_formatted_entries(
        self, bibliography_key: Any, docnames: list[str], tooltips: bool, tooltips_style: str
    ) -> "Iterator[tuple[Any, Any, Any]]":
        """The same, but what a citation and its tooltip say is formatted once, not twice."""
        is_same = tooltips and not tooltips_style
        for entry, formatted, tooltip in super().get_formatted_entries(
            bibliography_key, docnames, tooltips and not is_same, tooltips_style
        ):
            yield entry, formatted, formatted if is_same else tooltip

    def _named(self, template: str) -> "Iterator[Citation]":
        """The citations with ids by the *template*; only now it is known which list has which."""
        counts: dict[str, int] = {}
        numbers = {}
        for place in self.bibliographies:
            numbers[place] = counts[place.docname] = counts.get(place.docname, 0) + 1
        taken = set()
        for citation in self.citations:
            place = citation.bibliography_key
            bibliography = self.bibliographies[place]
            name = template.format(bibliography_count=numbers[place], key=citation.key)
            cite_id = nodes.make_id(name)
            if (place.docname, cite_id) in taken:
                message = "the id %r is that of another citation; " + _OTHER_TEMPLATE
                warn(Mistake.ID, message, cite_id, location=(place.docname, bibliography.line))
                yield citation
                continue
            taken.add((place.docname, cite_id))
            bibliography.citation_nodes[citation.key]["ids"] = [cite_id]
            yield citation._replace(citation_id=cite_id)

    def get_objects(self) -> "Iterator[tuple[str, str, str, str, str, int]]":
        for citation in self.citations:
            bibliography = self.bibliographies[citation.bibliography_key]
            if bibliography.list_ == "citation":
                label = f"[{citation.formatted_entry.label}]"
                docname = citation.bibliography_key.docname
                yield citation.key, label, "citation", docname, citation.citation_id, -1


def citations_shown(env: "BuildEnvironment") -> dict[str, list[object]]:
    """Docname -> what its bibliographies and citations show, as a digest may take it."""
    cite = cast("BibtexDomain", env.get_domain("cite"))
    bibliography = cast("BibliographyDomain", env.get_domain("cvbib"))
    by_key: dict[str, list[object]] = {}
    shown: dict[str, list[object]] = {}
    for citation in cite.citations:
        place, label = citation.bibliography_key, citation.formatted_entry.label
        digest = bibliography.digest_of(citation.entry.key)
        said = (place, citation.citation_id, label, digest)
        by_key.setdefault(citation.key, []).append(said)
        shown.setdefault(place.docname, []).append(said)
    for ref in cite.citation_refs:
        targets = [(target.key, by_key.get(target.key)) for target in ref.targets]
        shown.setdefault(ref.docname, []).append(targets)
    return shown


class Bibliography(BibliographyDirective):
    """Leaves the ids of all entries that it might list until it is known what it lists."""

    def run(self) -> "Sequence[nodes.Node]":
        config = self.env.config
        template, config.bibtex_cite_id = config.bibtex_cite_id, ""
        try:
            with _without_dependencies(self.env):
                return super().run()
        finally:
            config.bibtex_cite_id = template


class FootBibliography(FootBibliographyDirective):
    """Not dependent on the whole file."""

    def run(self) -> "Sequence[nodes.Node]":
        with _without_dependencies(self.env):
            return super().run()


@contextmanager
def _without_dependencies(env: "BuildEnvironment") -> "Iterator[None]":
    """Any change of the files would have the page read again (see :mod:`.changes`)."""
    before = set(env.dependencies.get(env.docname, ()))
    yield
    if env.docname in env.dependencies:
        env.dependencies[env.docname] = before


class FootCite(FootCiteRole):
    """The same for footnotes; they are made while reading, so what they cite is noted here."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        domain = cast("BibliographyDomain", self.env.get_domain("cvbib"))
        keys = [key.strip() for key in self.text.split(",")]
        unknown = [key for key in keys if key not in domain.works]
        kept = [key for key in keys if key in domain.works]
        domain.note_cited(keys)
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
    app.add_post_transform(FormulasTransform)
    setup_advice()
    app.add_directive("bibliography", Bibliography, override=True)
    app.add_directive("footbibliography", FootBibliography, override=True)
    role = FootCite()
    app.add_role("footcite", role, override=True)
    for name in ("p", "ps", "t", "ts", "ct", "cts"):
        app.add_role_to_domain("footcite", name, role, override=True)
