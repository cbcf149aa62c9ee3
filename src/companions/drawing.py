"""How figures look, and how they become SVG that a page can recolour.

Figures are drawn about 4.6 in wide, so that their text is still legible on a telephone. Colours
come from `PALETTE` alone: the SVG names them in classes, ``fill-c1`` or ``stroke-ink``, by which a
style sheet changes them in the dark. It holds no style, no script, and text as outlines.
"""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ET
from functools import partial
from typing import TYPE_CHECKING, Any

import matplotlib
from cycler import cycler
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from companions.outlines import SHORT, lengthen, shorten
from companions.study import MovingPicture

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

    from companions.study import Data, Picture

PALETTE = {
    "ink": "#1f2328",
    "muted": "#59636e",
    "grid": "#d1d9e0",
    "paper": "#ffffff",
    "c1": "#3a8bc8",
    "c2": "#b87400",
    "c3": "#1b5a3c",
    "c4": "#8a12d0",
}
INK, MUTED, GRID, PAPER, C1, C2, C3, C4 = PALETTE.values()

#: matplotlib types each of its settings; a dict of several has none of these types.
STYLE: dict[Any, Any] = {
    "axes.edgecolor": MUTED,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.6,
    "axes.prop_cycle": cycler(color=[C1, C2, C3, C4]),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 9.5,
    "figure.constrained_layout.use": True,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "font.family": "STIXGeneral",
    "font.size": 9.5,
    "grid.color": GRID,
    "grid.linewidth": 0.5,
    "legend.borderpad": 0.2,
    "legend.fontsize": 9,
    # It covers the grid, so that its words stand on nothing.
    "legend.edgecolor": "none",
    "legend.facecolor": PAPER,
    "legend.fancybox": False,
    "legend.framealpha": 1,
    "legend.labelcolor": INK,
    "lines.linewidth": 1.5,
    "lines.markersize": 4,
    "mathtext.fontset": "stix",
    "svg.fonttype": "path",
    "text.color": INK,
    "xtick.color": MUTED,
    "xtick.labelcolor": INK,
    "xtick.labelsize": 8.5,
    "ytick.color": MUTED,
    "ytick.labelcolor": INK,
    "ytick.labelsize": 8.5,
}

WIDTH, HEIGHT = 4.6, 2.9
"""Size of a figure in inches, where it has no reason for another."""

MEETING = "meeting"
"""The gid of an artist whose shapes meet, between which no line must show."""

SVG = "http://www.w3.org/2000/svg"
_HREF = "{http://www.w3.org/1999/xlink}href"
_NUMBER = re.compile(r"-?\d*\.?\d+(?:e[+-]?\d+)?")
_URL = re.compile(r"url\(#(.+?)\)")
#: Attributes that hold numbers, to be written no finer than anyone sees: those of a length in
#: points; type is made smaller by a transform.
_NUMBERS = {
    **dict.fromkeys(("x", "y", "width", "height", "cx", "cy", "r"), ".1f"),
    **dict.fromkeys(("fill-opacity", "stroke-opacity", "opacity"), ".3f"),
    "transform": ".5g",
}
#: Attributes that a group may have for all that is in it.
_SHARED = ("class", "clip-path", "fill", "stroke", "stroke-width", "stroke-linecap")
#: How matplotlib makes the outline of a glyph, in 6400ths of the size of type, smaller; and so
#: that the outline is in 250ths, finer than any screen.
_GLYPH, _COARSER, _TIMES = "scale(0.015625)", "scale(0.4)", 25.6
ET.register_namespace("", SVG)


def axes(width: float = WIDTH, height: float = HEIGHT) -> tuple[Figure, Axes]:
    """A figure of one pair of axes; inches."""
    figure = Figure(figsize=(width, height))
    return figure, figure.add_subplot()


def panels(
    rows: int, columns: int, width: float = WIDTH, height: float = HEIGHT
) -> tuple[Figure, list[Axes]]:
    """A figure of several axes, row by row; inches."""
    figure = Figure(figsize=(width, height))
    found = figure.subplots(rows, columns, squeeze=False)
    return figure, [ax for row in found for ax in row]


def thumbnail() -> tuple[Figure, Axes]:
    """A figure for the index of the pages: small, without words and axes."""
    figure = Figure(figsize=(2.4, 1.6))
    figure.set_layout_engine("none")
    ax = figure.add_axes((0.02, 0.03, 0.96, 0.94))
    ax.set_axis_off()
    return figure, ax


def heat(ax: Axes, x: ArrayLike, y: ArrayLike, z: ArrayLike, levels: Sequence[float]) -> None:
    """Filled contours of z over x and y, stronger between higher levels (no raster image).

    Each lies on those of lower levels, so that no edge is drawn twice, and adds to their strength
    what makes it k of n.
    """
    n = len(levels) - 2
    for k, level in enumerate(levels[1:-1]):
        colour = (*to_rgb(C1), 1 / (n - k))
        ax.contourf(x, y, z, levels=[level, levels[-1]], colors=[colour])


def write(picture: Picture, data: Data, name: str) -> dict[str, str]:
    """Files of a figure by their ending: the still as ``svg`` and what moves as ``json``."""
    description = picture.describe(data)
    if not isinstance(picture, MovingPicture):
        return {"svg": _text(_tree(picture.draw(data), name), picture.title, description)}
    labels = list(picture.frames(data))
    trees = [_tree(picture.draw(data, k), name) for k in range(len(labels))]
    moves = {
        "label": picture.label,
        "frames": labels,
        "still": picture.still,
        "loop": False,
        "changes": list(_changes(trees, name)),
    }
    return {
        "svg": _text(trees[picture.still], picture.title, description),
        "json": json.dumps(moves, ensure_ascii=False, separators=(",", ":")) + "\n",
    }


def difference(a: str, b: str) -> float:
    """The largest distance, in points, between numbers of two drawings; inf if they differ else."""
    a, b = (SHORT.sub(lambda path: lengthen(path[0]), drawing) for drawing in (a, b))
    if _NUMBER.sub("", a) != _NUMBER.sub("", b):
        return float("inf")
    pairs = zip(_NUMBER.findall(a), _NUMBER.findall(b), strict=True)
    return max((abs(float(p) - float(q)) for p, q in pairs), default=0.0)


def _tree(figure: Figure, name: str) -> ET.Element:
    """The figure as SVG elements: classes for colours, ids that begin with the name."""
    out = io.BytesIO()
    with matplotlib.rc_context({"svg.fonttype": "path", "svg.hashsalt": name}):
        figure.savefig(out, format="svg", metadata={"Date": None}, transparent=True)
    root = ET.fromstring(out.getvalue())
    for parent in list(root.iter()):
        for child in list(parent):
            # matplotlib's own style sheet and its note of who made the file
            if child.tag in {f"{{{SVG}}}metadata", f"{{{SVG}}}style"}:
                parent.remove(child)
    root.set("stroke-linejoin", "round")
    for element in root.iter():
        _restyle(element)
    _rename(root, name)
    _flatten(root)
    return root


def _restyle(element: ET.Element) -> None:
    if element.get("id") == MEETING:
        # Edges softened one by one let through what is behind both.
        element.set("shape-rendering", "crispEdges")
    classes = []
    for declaration in filter(None, element.attrib.pop("style", "").split(";")):
        key, value = (part.strip() for part in declaration.split(":", 1))
        if key in {"fill", "stroke"} and value.startswith("#"):
            named = [name for name, colour in PALETTE.items() if colour == value]
            if not named:
                raise ValueError(f"expected a colour of companions.drawing.PALETTE, got {value}")
            classes.append(f"{key}-{named[0]}")
        element.set(key, value)
    if classes:
        element.set("class", " ".join(classes))
    if _HREF in element.attrib:
        element.set("href", element.attrib.pop(_HREF))
    if (path := element.get("d")) is not None:
        glyph = element.get("transform") == _GLYPH
        element.set("d", shorten(path, _TIMES) if glyph else shorten(path))
        if glyph:
            element.set("transform", _COARSER)
    for key in _NUMBERS.keys() & element.attrib.keys():
        words = _NUMBER.sub(partial(_short, _NUMBERS[key]), element.attrib[key]).split()
        element.set(key, " ".join(words))


def _short(form: str, match: re.Match[str]) -> str:
    rounded = format(float(match[0]), form)
    rounded = rounded.rstrip("0").rstrip(".") if "." in rounded else rounded
    return "0" if rounded in {"-0", ""} else re.sub(r"^(-?)0\.", r"\1.", rounded)


def _rename(root: ET.Element, name: str) -> None:
    """Ids that are referred to get a short one of this figure's; the others go."""
    used: dict[str, str] = {}
    for element in root.iter():
        for key, value in element.attrib.items():
            target = value[1:] if key == "href" else (m[1] if (m := _URL.search(value)) else "")
            if target:
                used.setdefault(target, f"{name}-{len(used)}")
                new = used[target]
                element.set(key, f"#{new}" if key == "href" else f"url(#{new})")
    for element in root.iter():
        if (old := element.attrib.pop("id", None)) in used:
            element.set("id", used[old])


def _flatten(parent: ET.Element) -> None:
    """Groups that say nothing give way to what is in them; what is not seen goes."""
    children: list[ET.Element] = []
    for child in parent:
        _flatten(child)
        child.tail = None
        if child.tag == f"{{{SVG}}}g" and not child.attrib:
            children += list(child)
        elif not _unseen(child):
            children.append(child)
    parent.text = parent.text.strip() or None if parent.text else None
    parent[:] = children
    if parent.tag == f"{{{SVG}}}g" and len(parent) > 1:
        _share(parent)


def _unseen(element: ET.Element) -> bool:
    if element.tag == f"{{{SVG}}}path" and "id" not in element.attrib:
        neither = element.get("fill") == "none" and "stroke" not in element.attrib
        return neither or not element.get("d")
    return element.tag in {f"{{{SVG}}}g", f"{{{SVG}}}defs"} and not len(element)


def _share(group: ET.Element) -> None:
    """What is said of each in a group, once."""
    for key in _SHARED:
        values = {element.get(key) for element in group}
        if len(values) == 1 and key not in group.attrib and (value := values.pop()) is not None:
            group.set(key, value)
            for element in group:
                del element.attrib[key]


def _changes(trees: list[ET.Element], name: str) -> Iterator[dict[str, object]]:
    """What is not the same in all frames; elements that change get an id in every tree."""
    rows = [list(tree.iter()) for tree in trees]
    shapes = {tuple((e.tag, *sorted(e.attrib)) for e in row) for row in rows}
    if len(shapes) > 1:
        raise ValueError(f"{name}: frames draw different elements; only attributes may change")
    for number, elements in enumerate(zip(*rows, strict=True)):
        for attribute in sorted(elements[0].attrib):
            values = [element.attrib[attribute] for element in elements]
            if len(set(values)) == 1:
                continue
            if attribute in {"href", "class", "clip-path"}:
                raise ValueError(f"{name}: text or colour changes from frame to frame")
            for element in elements:
                element.attrib.setdefault("id", f"{name}-m{number}")
            yield {"id": elements[0].get("id"), "attribute": attribute, "values": values}


def _text(root: ET.Element, title: str, description: str) -> str:
    for number, (tag, words) in enumerate((("title", title), ("desc", description))):
        element = ET.Element(f"{{{SVG}}}{tag}")
        element.text = words
        root.insert(number, element)
    ET.indent(root, "")
    return ET.tostring(root, encoding="unicode") + "\n"
