"""The fields of an entry as nodes: what stands beneath its title, and how to reach a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from docutils.nodes import Node

    from sphinx_cv.entries import Entry


def facts(entry: Entry) -> list[Node]:
    """What stands beneath the title: with whom and the smaller fields, then when."""
    fields = entry.fields
    parts: list[nodes.inline] = []

    def add(name: str, text: str, uri: str | None = None) -> None:
        value: Node = nodes.reference("", text, refuri=uri) if uri else nodes.Text(text)
        if parts:
            parts.append(nodes.inline("", " · ", classes=["cv-separator"]))
        parts.append(nodes.inline("", "", value, classes=[f"cv-{name}"]))

    url = fields.get("url")
    if entry.organization or url:
        add("organization", entry.organization or str(url), url)
    for name in ("position", "area", "location", "score", "level", "fluency"):
        if name in fields:
            add(name, fields[name])
    if "email" in fields:
        add("email", fields["email"], f"mailto:{fields['email']}")
    for name in ("courses", "keywords"):
        if name in fields:
            add(name, ", ".join(fields[name]))
    lines: list[Node] = []
    if parts:
        lines.append(nodes.paragraph("", "", *parts, classes=["cv-meta"]))
    if entry.dates:
        lines.append(nodes.paragraph("", str(entry.dates), classes=["cv-dates"]))
    return lines


def contacts(entry: Entry) -> list[list[Node]]:
    """One list of inline nodes for each way to reach the person, in the order of the fields."""
    fields = entry.fields
    items: list[list[Node]] = []

    def add(label: str, text: str, uri: str | None = None) -> None:
        value: Node = nodes.reference("", text, refuri=uri) if uri else nodes.Text(text)
        items.append([nodes.inline("", f"{label}: ", classes=["cv-contact-label"]), value])

    if "email" in fields:
        add("Email", fields["email"], f"mailto:{fields['email']}")
    if "phone" in fields:
        add("Phone", fields["phone"])
    if "address" in fields:
        add("Address", fields["address"])
    if "url" in fields:
        add("Website", fields["url"].removeprefix("https://").rstrip("/"), fields["url"])
    if "orcid" in fields:
        add("ORCID", fields["orcid"], f"https://orcid.org/{fields['orcid']}")
    for profile in fields.get("profiles", ()):
        add(profile.network, profile.url.removeprefix("https://").rstrip("/"), profile.url)
    return items
