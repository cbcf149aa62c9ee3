"""The directives that write entries: ``cv:work``, ``cv:education``, ``cv:person`` …"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from sphinx_cv.entries import PARSERS, Entry, Kind, parse_list, parse_text, suggestion
from sphinx_cv.facts import contacts, facts
from sphinx_cv.mistakes import Mistake
from sphinx_cv.nodes import backlinks
from sphinx_cv.options import OptionBlock, swallows_option
from sphinx_cv.privacy import FILE, PRIVATE, name_outside, tells_private, value_outside
from sphinx_cv.references import Place
from sphinx_cv.reporting import warn

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from docutils.nodes import Node

    from sphinx_cv.domain import CVDomain


class _AnyOption(dict[str, "Callable[[str], Any]"]):
    """Lets every option through as text, so that the entry itself can say what is wrong."""

    def __missing__(self, key: str) -> Callable[[str], str]:
        # An option without a value comes as None.
        return lambda value: value or ""


class EntryDirective(SphinxDirective):
    """An entry of one kind: its title is the argument, its fields are the options."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    # Not empty: MyST looks for options only where a directive has any.
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = _AnyOption(
        id=lambda value: value or ""
    )
    kind: ClassVar[Kind]

    def run(self) -> list[Node]:
        """Read the entry, note it in the domain and lay it out."""
        self._block = OptionBlock(self.block_text)
        private = self._private_fields()
        if private != frozenset():
            self.env.metadata[self.env.docname][PRIVATE] = True
        if private is None:
            return []
        fields = self._fields(private)
        title = self._title()
        entry = Entry(
            kind=self.kind.name,
            id=self._id(title.astext()),
            title=title.astext(),
            docname=self.env.docname,
            line=self.lineno,
            fields=fields,
        )
        cast("CVDomain", self.env.get_domain("cv")).note_entry(entry)
        return self.layout(entry, title, self._anchors(entry))

    def _anchors(self, entry: Entry) -> list[str]:
        """The ids of the entry's node; later headings of the page keep off them."""
        ids, anchor = self.state.document.ids, entry.id
        if anchor in ids:
            if "cv_entry" not in ids[anchor]:  # else the domain reports it
                message = "the id %r is that of a heading here; give the entry another ':id:'"
                self._warn(Mistake.ID, "id", message, anchor)
            anchor = f"{anchor}-line-{self.lineno}"
        ids[anchor] = nodes.section(ids=[anchor], cv_entry=entry.id)
        return [anchor]

    def layout(self, entry: Entry, title: nodes.title, ids: list[str]) -> list[Node]:
        """A section headed by the title, so that every builder and reader sees its rank."""
        section = nodes.section("", title, ids=ids, classes=["cv-entry", f"cv-{entry.kind}"])
        self.set_source_info(section)
        section["cv_entry"] = entry.id
        lines = facts(entry)
        for line in lines:
            self.set_source_info(line)
        section += lines
        section += self.parse_content_to_nodes()
        section += backlinks(place=Place("", entry.id))
        return [section]

    def _fields(self, private: frozenset[str]) -> dict[str, Any]:
        """The values of all options that can be read and may be shown."""
        fields: dict[str, Any] = {}
        known = {*self.kind.fields, "id", "private"}
        for name, value in self.options.items():
            if name not in known:
                self._warn(
                    Mistake.OPTION, name, "unknown option %r%s", name, suggestion(name, known)
                )
            elif name in self.kind.fields and name not in private:
                outside = name_outside(value)
                if outside and not (value := self._value_outside(name, outside)):
                    continue
                try:
                    fields[name] = PARSERS.get(name, parse_text)(value)
                except ValueError as error:
                    mistake = Mistake.DATES if name == "dates" else Mistake.VALUE
                    # Nobody is to see in a log what is kept outside.
                    why = f"the value of {outside} cannot be read" if outside else error
                    self._warn(mistake, name, "option %r: %s", name, why)
                else:
                    if not outside:
                        self._check_swallowed(name, value)
        if (last := self._block.continued) is not None:
            message = "leave a blank line after the options; a value is written on one line"
            self._warn(Mistake.MARKUP, last, message)
        for name in self._block.repeated:
            self._warn(Mistake.OPTION, name, "option %r is given twice; keep one", name)
        for name in self.kind.required:
            if name not in self.options:
                self._warn(
                    Mistake.MISSING,
                    None,
                    "this cv:%s has no %r; add a line ':%s: …' below its title",
                    self.kind.name,
                    name,
                    name,
                )
        return fields

    def _value_outside(self, option: str, name: str) -> str | None:
        """What the environment has for a private option."""
        if not tells_private(self.env):
            message = "%r comes from outside the sources; name it in ':private:'"
            self._warn(Mistake.PRIVATE, option, message, option)
            return None
        value = value_outside(name, Path(self.env._app.confdir))
        if value is None:
            message = "%r is left out: neither the environment nor %s beside conf.py has %s"
            self._warn(Mistake.PRIVATE, option, message, option, FILE, name)
        return value

    def _private_fields(self) -> frozenset[str] | None:
        """The fields to leave out; ``None`` where the whole entry is.

        A slip must not publish anything: where it is not clear what is to be private, the
        whole entry is left out.
        """
        doubt = self._doubt_about_privacy()
        if doubt:
            self._fields(frozenset(self.kind.fields))  # reports what else is wrong
            self._warn(Mistake.PRIVATE, "private", "the entry is left out, since %s", doubt)
            return None
        if "private" not in self.options or tells_private(self.env):
            return frozenset()
        named = " ".join(parse_list(self.options["private"] or "all")).lower().split()
        return None if named == ["all"] else frozenset(named)

    def _doubt_about_privacy(self) -> str | None:
        """Why it is not clear what is to be private, and what would be right."""
        option = self.options.get("private")
        if option is None:
            if self._block.names_private:
                return "':private:' is not read as an option here; write it among the options"
            return None
        if self._block.continued is not None:
            return "write each option on one line, and leave a blank line after them"
        named = " ".join(parse_list(option or "all")).lower().split()
        unknown = [name for name in named if name not in self.options]
        if named != ["all"] and unknown:
            known = self.options.keys() - {"private", "id"}
            return f"there is no {unknown[0]!r} here to keep private{suggestion(unknown[0], known)}"
        return None

    def _title(self) -> nodes.title:
        text = self.arguments[0].strip() if self.arguments else ""
        if not text:
            self._warn(
                Mistake.TITLE,
                None,
                "this cv:%s has no title; write it after the directive's name",
                self.kind.name,
            )
            text = self.kind.name.title()
        self._check_swallowed("title", text)
        children, messages = self.parse_inline(text, lineno=self.lineno)
        title = nodes.title(text, "", *children, *messages)
        self.set_source_info(title)
        return title

    def _id(self, title: str) -> str:
        made = nodes.make_id(title) or self.kind.name
        given = self.options.get("id", "").strip()
        if not given:
            if "id" in self.options:
                self._warn(Mistake.ID, "id", "the id is empty; write for example %r", made)
            return made
        fit = nodes.make_id(given)
        if fit != given:
            self._warn(
                Mistake.ID,
                "id",
                "the id %r is not fit for an address: small letters, digits and hyphens are; "
                "write for example %r",
                given,
                fit or made,
            )
        return fit or made

    def _check_swallowed(self, name: str, value: str) -> None:
        if swallows_option(value):
            self._warn(
                Mistake.MARKUP,
                name,
                "the %s %r holds another option; put each on a line of its own",
                name,
                value,
            )

    def _location(self, option: str | None) -> str:
        source, line = self.get_source_info()
        return f"{source}:{line + self._block.line(option)}"

    def _warn(self, mistake: Mistake, option: str | None, message: str, *args: object) -> None:
        warn(mistake, message, *args, location=self._location(option))


class PersonDirective(EntryDirective):
    """The owner of the CV: a list of ways to reach them instead of a section."""

    def _anchors(self, entry: Entry) -> list[str]:
        """None where the page is headed by the name: the heading has the same id."""
        other = self.state.document.ids.get(entry.id)
        return [] if other is not None and "cv_entry" not in other else super()._anchors(entry)

    def layout(self, entry: Entry, title: nodes.title, ids: list[str]) -> list[Node]:
        """The name (unless the page is headed by it already) and the contact list."""
        contact = nodes.bullet_list(
            "",
            *(nodes.list_item("", nodes.paragraph("", "", *item)) for item in contacts(entry)),
            classes=["cv-contact"],
        )
        result: list[Node] = []
        heading = self.state.document.next_node(nodes.title)
        if heading is None or heading.astext() != entry.title:
            strong = nodes.strong(entry.title, "", *title.children)
            result.append(nodes.paragraph("", "", strong, classes=["cv-name"]))
        if "label" in entry.fields:
            result.append(nodes.paragraph("", entry.fields["label"], classes=["cv-label"]))
        if contact.children:
            result.append(contact)
        container = nodes.container("", *result, *self.parse_content_to_nodes(), ids=ids)
        container["classes"] = ["cv-person"]
        container["cv_entry"] = entry.id
        container += backlinks(place=Place("", entry.id))
        return [container]


def directive_for(kind: Kind) -> type[EntryDirective]:
    """The directive of a kind."""
    base = PersonDirective if kind.name == "person" else EntryDirective
    return type(f"{kind.name.title()}Directive", (base,), {"kind": kind})
