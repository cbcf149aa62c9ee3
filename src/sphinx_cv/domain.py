"""The ``cv`` domain: the entries of a project, and the references between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.domains import Domain, ObjType
from sphinx.roles import XRefRole
from sphinx.util.matching import Matcher
from sphinx.util.nodes import make_refnode

from sphinx_cv.directives import directive_for
from sphinx_cv.entries import DIRECTIVE_KINDS, KINDS, Entry, suggestion
from sphinx_cv.listings import ListingTransform, Query, SummaryDirective, TimelineDirective
from sphinx_cv.mistakes import Mistake
from sphinx_cv.nodes import backlinks, paper
from sphinx_cv.publications.directive import PublicationsDirective
from sphinx_cv.publications.downloads import PAGE_BUILDERS, page_of, publication_id
from sphinx_cv.publications.ownership import owner_of
from sphinx_cv.publications.writeups import FIELD
from sphinx_cv.references import Place, backlinks_of, collect
from sphinx_cv.reporting import warn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence, Set
    from typing import Any

    from docutils.nodes import Element
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.domains.std import StandardDomain
    from sphinx.environment import BuildEnvironment

    from sphinx_cv.publications.ownership import Owner
    from sphinx_cv.references import Reference


class CVDomain(Domain):
    """Entries of a CV as objects that can be referred to."""

    name = "cv"
    label = "Curriculum vitae"
    object_types = {  # noqa: RUF012
        kind.name: ObjType(kind.name, kind.name, "ref") for kind in KINDS.values()
    }
    directives = {  # noqa: RUF012
        **{kind.name: directive_for(kind) for kind in DIRECTIVE_KINDS},
        "summary": SummaryDirective,
        "timeline": TimelineDirective,
        "publications": PublicationsDirective,
    }
    roles = {  # noqa: RUF012
        name: XRefRole(warn_dangling=True) for name in ("ref", *KINDS)
    }
    initial_data = {  # noqa: RUF012
        "entries": {}, "rivals": [], "references": {}, "queries": {},
        "owner": None, "lists": {}, "shown": {},
    }  # fmt: skip
    data_version = 3
    _backlinks: dict[Place, list[Place]] | None = None
    #: The pages that this build read before all others.
    read_first: Sequence[str] = ()

    @property
    def entries(self) -> dict[str, Entry]:
        """Id -> entry, of the whole project."""
        return cast("dict[str, Entry]", self.data["entries"])

    @property
    def references(self) -> dict[str, tuple[Reference, ...]]:
        """Docname -> the references in it."""
        return cast("dict[str, tuple[Reference, ...]]", self.data["references"])

    @property
    def queries(self) -> dict[str, tuple[Query, ...]]:
        """Docname -> the selections of entries it shows."""
        return cast("dict[str, tuple[Query, ...]]", self.data["queries"])

    @property
    def person(self) -> Entry | None:
        """The owner of the CV: the first person of the project."""
        persons = [entry for entry in self.entries.values() if entry.kind == "person"]
        if len(persons) > 1:
            return next(entry for entry in self.in_order() if entry.kind == "person")
        return persons[0] if persons else None

    @property
    def owner(self) -> Owner | None:
        """The same as an author; until that page is read, who it was in the last build."""
        return owner_of(self.person) or cast("Owner | None", self.data["owner"])

    @property
    def shown(self) -> dict[str, tuple[str, ...]]:
        """Docname -> the keys of the papers that it shows, in lists or otherwise."""
        return cast("dict[str, tuple[str, ...]]", self.data["shown"])

    def note_list(self, keys: Iterable[str]) -> None:
        """Note that the document being read lists these papers, as they are the owner's."""
        docname = self.env.docname
        self.data["lists"].setdefault(docname, self.owner)
        self.note_shown(keys)

    def note_shown(self, keys: Iterable[str]) -> None:
        """Note that the document being read shows these papers."""
        docname = self.env.docname
        self.shown[docname] = tuple(dict.fromkeys((*self.shown.get(docname, ()), *keys)))

    def lists_of_others(self) -> set[str]:
        """The documents whose lists were made for someone who is not the owner."""
        owner = self.owner
        lists: dict[str, Owner | None] = self.data["lists"]
        return {doc for doc, of in lists.items() if of != owner} & self.env.found_docs

    def note_entry(self, entry: Entry) -> None:
        """Note an entry; where its id is taken, the first by page and line has it.

        That way it does not matter in which order, or in which process, pages are read.
        """
        other = self.entries.get(entry.id)
        if other is None or (entry.docname, entry.line) < (other.docname, other.line):
            self.entries[entry.id], entry = entry, other  # type: ignore[assignment]
        if entry is not None:
            self.rivals.append(entry)

    @property
    def rivals(self) -> list[Entry]:
        """Entries whose id is taken by another one."""
        return cast("list[Entry]", self.data["rivals"])

    def note_query(self, query: Query) -> None:
        """Note that the document being read shows what the query selects."""
        docname = self.env.docname
        self.queries[docname] = (*self.queries.get(docname, ()), query)

    def in_order(self) -> Iterator[Entry]:
        """All entries in the order of the documents and of the lines in them."""
        rank = {docname: n for n, docname in enumerate(_documents_in_order(self.env))}
        last = len(rank)
        yield from sorted(
            self.entries.values(),
            key=lambda entry: (rank.get(entry.docname, last), entry.docname, entry.line, entry.id),
        )

    def backlinks(self) -> dict[Place, list[Place]]:
        """Entry or document -> the places that refer to it (see :func:`.backlinks_of`)."""
        if self._backlinks is None:
            std = cast("StandardDomain", self.env.get_domain("std"))
            labels = {label: found[0] for label, found in std.anonlabels.items()}
            references = (each for page in self.references.values() for each in page)
            ids = {entry.name: entry.id for entry in self.entries.values()}
            self._backlinks = backlinks_of(references, ids, labels)
        return self._backlinks

    def forget_backlinks(self) -> None:
        """Have them found anew, since pages were read."""
        self._backlinks = None

    def clear_doc(self, docname: str) -> None:
        """Forget what a document said."""
        self.data["rivals"] = [entry for entry in self.rivals if entry.docname != docname]
        for entry_id, entry in list(self.entries.items()):
            if entry.docname == docname:
                del self.entries[entry_id]
        # What one of them kept from another is free again.
        waiting, self.data["rivals"] = self.rivals, []
        for entry in waiting:
            self.note_entry(entry)
        self.references.pop(docname, None)
        for name in ("queries", "lists", "shown"):
            self.data[name].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process read."""
        for entry in (*otherdata["entries"].values(), *otherdata["rivals"]):
            if entry.docname in docnames:
                self.note_entry(entry)
        for name in ("references", "queries", "lists", "shown"):
            self.data[name].update(
                {doc: value for doc, value in otherdata[name].items() if doc in docnames}
            )

    def check_consistency(self) -> None:
        """Report the entries whose id is taken."""
        for entry in sorted(self.rivals, key=lambda entry: (entry.docname, entry.line)):
            first = self.entries[entry.id]
            papers = entry.kind == first.kind == "publication"
            if papers and entry.name != first.name:
                continue  # reported where the keys are
            change = "list it once" if papers else "give one another ':id:'"
            warn(
                Mistake.ID,
                "the id %r is taken by the %s %r at %s:%s; %s",
                entry.id,
                first.kind,
                first.title,
                self.env.doc2path(first.docname),
                first.line,
                change,
                location=f"{self.env.doc2path(entry.docname)}:{entry.line}",
            )

    def get_objects(self) -> Iterable[tuple[str, str, str, str, str, int]]:
        """What goes into the inventory; the search has them from :mod:`sphinx_cv.search`."""
        for entry in self.in_order():
            docname, anchor = self.place_of(entry, self.env._app.builder)
            yield entry.name, entry.title, entry.kind, docname, anchor, -1

    def find(self, typ: str, target: str) -> Entry | None:
        """The entry that a role refers to."""
        for entry_id in (target, publication_id(target)):
            entry = self.entries.get(entry_id)
            if entry and entry.name == target and typ in {"ref", entry.kind}:
                return entry
        return None

    def place_of(self, entry: Entry, builder: Builder) -> tuple[str, str]:
        """The page that a reference to an entry leads to, and where on it.

        For a paper that is the page of its own, if there are such pages.
        """
        if entry.kind == "publication" and builder.name in PAGE_BUILDERS:
            return page_of(self.env, entry.name), ""
        return entry.docname, entry.id

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: addnodes.pending_xref,
        contnode: Element,
    ) -> nodes.reference | None:
        """Link to an entry, by its title unless a text is given."""
        entry = self.find(typ, target)
        if entry is None:
            return None
        if not node.get("refexplicit"):
            contnode = nodes.inline(entry.title, entry.title, classes=["cv-ref"])
        docname, anchor = self.place_of(entry, builder)
        return make_refnode(builder, fromdocname, docname, anchor, contnode, entry.summary)

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: addnodes.pending_xref,
        contnode: Element,
    ) -> list[tuple[str, nodes.reference]]:
        """The same for the ``any`` role."""
        entry = self.find("ref", target)
        link = self.resolve_xref(env, fromdocname, builder, "ref", target, node, contnode)
        return [(f"cv:{entry.kind}", link)] if entry and link is not None else []


def warn_missing_reference(
    app: Sphinx, domain: Domain | None, node: addnodes.pending_xref
) -> bool | None:
    """Say what an unknown reference may have meant."""
    if not isinstance(domain, CVDomain):
        return None
    typ, target = node["reftype"], node["reftarget"]
    known = [entry.name for entry in domain.entries.values() if typ in {"ref", entry.kind}]
    if other := domain.find("ref", target):
        message = "%r is of the kind %s, not %s; write {cv:%s}`%s`"
        warn(Mistake.REFERENCE, message, target, other.kind, typ, other.kind, target, location=node)
    else:
        what = "entry" if typ == "ref" else typ
        message = "there is no %s %r to refer to%s"
        warn(Mistake.REFERENCE, message, what, target, suggestion(target, known), location=node)
    return True


def _documents_in_order(env: BuildEnvironment) -> Iterator[str]:
    """Documents as the tables of contents lead to them."""
    seen: set[str] = set()

    def walk(docname: str) -> Iterator[str]:
        if docname not in seen:
            seen.add(docname)
            yield docname
            for child in env.toctree_includes.get(docname, ()):
                yield from walk(child)

    return walk(env.config.root_doc)


def clear_before_reading(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Forget all pages that will be read, since an entry may move between them."""
    for docname in docnames:
        env.get_domain("cv").clear_doc(docname)


def note_references(app: Sphinx, document: nodes.document) -> None:
    """Collect the references of a page, and let a write-up show those to itself.

    Not the domain's ``process_doc``, which comes before MyST makes its own references.
    """
    docname = app.env.docname
    domain = cast("CVDomain", app.env.get_domain("cv"))
    if found := collect(document, docname):
        domain.references[docname] = found
    section = document.next_node(nodes.section)
    if section is None:
        return
    is_of_paper = FIELD in app.env.metadata.get(docname, {})
    if is_of_paper:
        section.insert(1, paper(docname=docname))
    if is_of_paper or Matcher(app.config.cv_writeups)(docname):
        section += backlinks(place=Place(docname))


def setup_domain(app: Sphinx) -> None:
    """Register the domain."""
    app.add_config_value("cv_writeups", ["research/*"], "env", types=[list, tuple])
    app.add_domain(CVDomain)
    app.add_post_transform(ListingTransform)
    app.connect("env-before-read-docs", clear_before_reading)
    app.connect("doctree-read", note_references)
    app.connect("warn-missing-reference", warn_missing_reference)
