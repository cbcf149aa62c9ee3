"""CV entries as data: what each kind has, and what one entry says.

The kinds and their fields are those of JSON Resume (https://jsonresume.org/schema),
in the singular. Two names are shared by all kinds: ``dates`` stands for JSON
Resume's start and end, and the directive's argument for the field that heads the
entry there (``position``, ``studyType``, ``title``, ``name``, ``language``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from sphinx_cv.dates import parse_dates
from sphinx_cv.nearest import meant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from sphinx_cv.dates import DateRange


def parse_text(value: str) -> str:
    """Any text that is not blank."""
    if not value.strip():
        raise ValueError("the value is missing; write it after the colon")
    return " ".join(value.split())


def parse_list(value: str) -> tuple[str, ...]:
    """Items separated by commas or lines."""
    items = tuple(" ".join(item.split()) for item in re.split(r"[,\n]", value))
    return tuple(item for item in items if item) or (parse_text(value),)


def parse_url(value: str) -> str:
    """An absolute web address."""
    url = parse_text(value)
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or " " in url:
        raise ValueError(f"{url!r} is not a web address; write for example 'https://example.org/'")
    return url


def parse_email(value: str) -> str:
    """An address of electronic mail."""
    email = parse_text(value)
    if not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", email):
        raise ValueError(f"{email!r} is not an email address; write for example 'ada@example.org'")
    return email


def parse_orcid(value: str) -> str:
    """An ORCID iD with the check digit of ISO 7064 MOD 11-2."""
    orcid = parse_text(value).removeprefix("https://orcid.org/").upper()
    if re.fullmatch(r"(\d{4}-){3}\d{3}[\dX]", orcid):
        digits = orcid.replace("-", "")
        total = 0
        for digit in digits[:-1]:
            total = (total + int(digit)) * 2
        if "0123456789X"[(12 - total % 11) % 11] == digits[-1]:
            return orcid
    raise ValueError(f"{value.strip()!r} is not an ORCID iD; write for example 0000-0002-1825-0097")


@dataclass(frozen=True)
class Profile:
    """An account elsewhere."""

    network: str
    url: str


def parse_profiles(value: str) -> tuple[Profile, ...]:
    """Accounts elsewhere, each the name of the network and its address."""
    profiles = []
    for item in parse_list(value):
        network, _, url = item.rpartition(" ")
        if not network:
            raise ValueError(
                f"{item!r} needs the name of the network and an address; "
                "write for example 'GitHub https://github.com/ada'"
            )
        profiles.append(Profile(network, parse_url(url)))
    return tuple(profiles)


#: What reads the text of each field, whichever kind it belongs to.
PARSERS: dict[str, Callable[[str], Any]] = {
    "dates": parse_dates,
    "url": parse_url,
    "email": parse_email,
    "orcid": parse_orcid,
    "profiles": parse_profiles,
    "keywords": parse_list,
    "courses": parse_list,
    "names": parse_list,
}


@dataclass(frozen=True)
class Kind:
    """A kind of entry: the name of its directive and role, and its fields."""

    name: str
    #: How a reader would call several of them.
    plural: str
    #: The field that names whom the entry is with; shown beside the title.
    organization: str | None
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """All fields, those that must be there first."""
        return self.required + self.optional


KINDS = {
    kind.name: kind
    for kind in (
        Kind("person", "People", None, (), ("label", "email", "phone", "address", "url", "orcid",
                                            "profiles", "names")),
        Kind("education", "Education", "institution", ("institution", "dates"),
             ("area", "score", "courses", "location", "url")),
        Kind("work", "Work", "organization", ("organization", "dates"),
             ("location", "url", "keywords")),
        Kind("volunteer", "Volunteering", "organization", ("organization", "dates"),
             ("location", "url")),
        Kind("award", "Awards", "awarder", ("dates",), ("awarder", "url")),
        Kind("project", "Projects", "organization", (),
             ("organization", "dates", "url", "keywords")),
        Kind("skill", "Skills", None, (), ("level", "keywords")),
        Kind("language", "Languages", None, (), ("fluency",)),
        Kind("certificate", "Certificates", "issuer", ("issuer",), ("dates", "url")),
        Kind("reference", "References", "organization", (),
             ("position", "organization", "email")),
        Kind("publication", "Publications", None, (), ("dates", "authors")),
    )
}  # fmt: skip
#: The kinds that are written as a directive each; publications come from the ``.bib`` file.
DIRECTIVE_KINDS = tuple(kind for kind in KINDS.values() if kind.name != "publication")


@dataclass(frozen=True)
class Entry:
    """One entry of a CV and where it stands."""

    kind: str
    #: Unique in the project; also the anchor on its page.
    id: str
    #: Plain text.
    title: str
    docname: str
    line: int
    #: Field name -> parsed value; without anything private.
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def organization(self) -> str:
        """Whom it is with, or nothing."""
        name = KINDS[self.kind].organization
        return self.fields.get(name, "") if name else ""

    @property
    def name(self) -> str:
        """What references call it: its id, or for a paper the key in the ``.bib`` file."""
        return cast("str", self.fields.get("key", self.id))

    @property
    def dates(self) -> DateRange | None:
        """When it was."""
        return self.fields.get("dates")

    @property
    def label(self) -> str:
        """Title and organisation, as the search and the timeline name it."""
        return ", ".join(part for part in (self.title, self.organization) if part)

    @property
    def summary(self) -> str:
        """One line of plain text: title, organisation, dates."""
        return ", ".join(str(part) for part in (self.title, self.organization, self.dates) if part)


def suggestion(word: str, known: Iterable[str]) -> str:
    """``; did you mean …?`` or, where that is short, what there is to choose from."""
    known = sorted(known)
    if not known:
        return "; there are none"
    return meant(word, known) or (f"; known are {', '.join(known)}" if len(known) <= 12 else "")
