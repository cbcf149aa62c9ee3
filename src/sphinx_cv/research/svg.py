"""SVG files that may stand within a page: what they must have and must not, and their markup."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}"
#: What a strict policy stops, what cannot be coloured, and what is not for a reader.
_FORBIDDEN = {"style", "script", "image", "foreignObject", "a", "animate", "set"}
_DROPPED = {"metadata"}
_REFERENCE = re.compile(r"url\(\s*['\"]?(?!#)([^)'\"]*)")


@dataclass(frozen=True)
class Picture:
    """An SVG file."""

    #: The name of the file, with which all its ids begin.
    stem: str
    root: ET.Element
    title: str
    description: str
    #: In the order of the file.
    ids: tuple[str, ...]

    @property
    def text(self) -> str:
        """What it shows, for those who cannot see it."""
        title = self.title if self.title.endswith((".", "!", "?")) else f"{self.title}."
        return f"{title} {self.description}".strip() if self.title else self.description


def read_picture(path: Path) -> Picture:
    """Read an SVG file. Raises OSError, or ValueError where it is none."""
    try:
        root = ET.fromstring(path.read_bytes())
    except ET.ParseError as error:
        raise ValueError(f"it is not well-formed XML: {error}") from None
    if root.tag != f"{_SVG}svg":
        raise ValueError(f"its root element is {root.tag!r}, not that of an SVG")
    ids = tuple(element.attrib["id"] for element in root.iter() if "id" in element.attrib)
    return Picture(path.stem, root, _child(root, "title"), _child(root, "desc"), ids)


def problems(picture: Picture, *, decorative: bool = False) -> Iterator[str]:
    """Why a picture may not stand in a page, and what would be right."""
    if not decorative:
        for what, text in (("title", picture.title), ("desc", picture.description)):
            if not text:
                yield f"it has no <{what}> to say what it shows; add one within its <svg>"
    if "viewBox" not in picture.root.attrib:
        yield "it has no viewBox, and cannot be scaled without one; add it to its <svg>"
    for element in picture.root.iter():
        name = str(element.tag).removeprefix(_SVG)
        if name in _FORBIDDEN:
            yield f"it has a <{name}>, which may not stand in a page; draw it without"
        for attribute, value in element.attrib.items():
            local = attribute.removeprefix(_XLINK)
            if local == "style" or local.lower().startswith("on"):
                yield f"its <{name}> has the attribute {local!r}; use presentation attributes"
            elif local == "href" and not value.startswith("#"):
                yield f"its <{name}> refers to {value[:40]!r}; it may refer to itself alone"
            elif external := _REFERENCE.search(value):
                yield f"its <{name}> refers to {external[1][:40]!r}; it may refer to itself alone"
    prefix = f"{picture.stem}-"
    for place, found in enumerate(picture.ids):
        if not found.startswith(prefix):
            yield f"its id {found!r} may be another picture's too; begin it with {prefix!r}"
        elif found in picture.ids[:place]:
            yield f"its id {found!r} is there twice; give each element its own"


def share_shapes(picture: Picture, known: dict[str, str], moving: Collection[str] = ()) -> None:
    """Let a picture use what those before it on its page define: their glyphs, mostly.

    *known* has the id of each shape by its markup, and grows; *moving* are ids to leave alone.
    """
    borrowed: dict[str, str] = {}
    for place in picture.root.iter(f"{_SVG}defs"):
        for shape in place.findall(f"{_SVG}path"):
            name = shape.attrib.pop("id", "")
            outline = ET.tostring(shape, encoding="unicode").strip()
            if name in moving or known.setdefault(outline, name) == name:
                shape.set("id", name)
            else:
                borrowed[f"#{name}"] = f"#{known[outline]}"
                place.remove(shape)
    for element in picture.root.iter():
        for attribute in ("href", f"{_XLINK}href"):
            if (target := element.get(attribute)) in borrowed:
                element.set(attribute, borrowed[target])


def markup(picture: Picture, *, classes: str, width: str = "", decorative: bool = False) -> str:
    """The picture as an element of a page; *picture* is used up."""
    root = picture.root
    if decorative:
        for child in [c for c in root if c.tag in {f"{_SVG}title", f"{_SVG}desc"}]:
            root.remove(child)
        root.attrib.update({"aria-hidden": "true"})
    else:
        named = []
        for what in ("title", "desc"):
            element = root.find(f"{_SVG}{what}")
            assert element is not None  # `problems` would have said so
            named.append(element.attrib.setdefault("id", f"{picture.stem}-{what}"))
        root.attrib.update({"role": "img", "aria-labelledby": " ".join(named)})
    root.attrib["class"] = classes
    if width:
        root.attrib["width"] = width
        root.attrib.pop("height", None)
    _strip(root)
    root.attrib["xmlns"] = _SVG.strip("{}")
    return ET.tostring(root, encoding="unicode")


def _strip(element: ET.Element) -> None:
    """Take away namespaces, white space and what is not for a reader."""
    element.tag = str(element.tag).removeprefix(_SVG)
    for name in list(element.attrib):
        if name.startswith("{"):
            value = element.attrib.pop(name)
            if name == f"{_XLINK}href":
                element.attrib.setdefault("href", value)
    element.tail = None
    if element.text is not None:
        element.text = element.text.strip() or None
    for child in list(element):
        local = str(child.tag).removeprefix(_SVG)
        if local in _DROPPED or local.startswith("{"):
            element.remove(child)
        else:
            _strip(child)


def _child(root: ET.Element, name: str) -> str:
    return " ".join((root.findtext(f"{_SVG}{name}") or "").split())
