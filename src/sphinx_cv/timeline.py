"""The timeline: entries drawn as one inline SVG for wide pages and one for phones.

Pure: entries in, markup out. Colours, type and which of the two is shown are the
stylesheet's; only classes and presentation attributes are written, as a strict
Content-Security-Policy asks. Nothing here knows today's date: a lasting entry runs
to the edge of the picture, so the same entries always give the same picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from textwrap import wrap
from typing import TYPE_CHECKING
from unicodedata import east_asian_width
from xml.sax.saxutils import escape, quoteattr

from sphinx_cv.entries import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from sphinx_cv.dates import DateRange
    from sphinx_cv.entries import Entry

#: Lanes from the top; kinds that are not here follow in alphabetical order.
LANES = ("education", "work", "volunteer", "project", "award", "publication")
#: Kinds drawn as a mark at their date instead of a bar over it.
MARKS = {"award", "publication", "certificate"}
#: Size of the labels, distance of their lines, and their width over their number of
#: characters in em, generous for common typefaces.
_SIZE, _LINE, _EM = 12.5, 15, 0.55


@dataclass(frozen=True)
class Scale:
    """Time in years to a coordinate."""

    first: int
    #: The year after the last one that is named.
    last: int
    origin: float
    length: float
    #: Room past ``last`` for what still lasts.
    beyond: float

    def __call__(self, day: date) -> float:
        """Where a day lies."""
        year = day.year + (day.timetuple().tm_yday - 1) / 366
        return self.origin + self.length * (year - self.first) / (self.last - self.first)

    @property
    def end(self) -> float:
        """Where what still lasts ends."""
        return self.origin + self.length + self.beyond

    def span(self, dates: DateRange) -> tuple[float, float]:
        """The two ends of a stretch of time."""
        return self(dates.first), self.end if dates.last is None else self(dates.last)

    def ticks(self, every: float) -> Iterator[tuple[int, float]]:
        """The years to mark and where, ``every`` so far apart at least."""
        year_length = self.length / (self.last - self.first)
        for year in range(self.first, self.last, ceil(every / year_length)):
            yield year, self.origin + year_length * (year - self.first)


def draw(entries: Iterable[Entry], address: Callable[[Entry], str]) -> str:
    """Draw dated entries; ``address`` gives the link of each.

    Entries without dates are left out.
    """
    lanes = _lanes(entry for entry in entries if entry.dates)
    if not lanes:
        return ""
    return (
        '<div class="cv-timeline">\n'
        f"{_picture('wide', 736, lanes, address)}\n{_picture('narrow', 344, lanes, address)}\n"
        "</div>"
    )


def _lanes(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Kind -> its entries, latest first."""
    lanes: dict[str, list[Entry]] = {}
    for entry in entries:
        lanes.setdefault(entry.kind, []).append(entry)
    for lane in lanes.values():
        lane.sort(key=lambda entry: _dates(entry).sort_key, reverse=True)
    order = [kind for kind in LANES if kind in lanes] + sorted(set(lanes) - set(LANES))
    return {kind: lanes[kind] for kind in order}


def _dates(entry: Entry) -> DateRange:
    assert entry.dates is not None  # `draw` left the others out
    return entry.dates


def _scale(lanes: dict[str, list[Entry]], origin: float, end: float) -> Scale:
    dates = [_dates(entry) for lane in lanes.values() for entry in lane]
    named = [day for d in dates for day in (d.first, d.last) if day]
    beyond = 22.0 if any(d.is_open for d in dates) else 0.0
    first, last = min(named).year, max(named).year + 1
    return Scale(first, last, origin, end - origin - beyond, beyond)


def _picture(
    shape: str, width: int, lanes: dict[str, list[Entry]], address: Callable[[Entry], str]
) -> str:
    """Time runs to the right; a lane for each kind and in it a row for each entry."""
    scale = _scale(lanes, 1, width - 1)
    rows: list[str] = []
    y = 22.0
    for kind, lane in lanes.items():
        y += 20
        rows.append(f'<text class="cv-lane" y="{_n(y)}">{escape(KINDS[kind].plural)}</text>')
        y += 6
        for entry in lane:
            content, height = _row(entry, scale, y, width)
            # Covers the row, so that all of it is the link.
            hit = f'<rect class="cv-hit" y="{_n(y)}" width="{width}" height="{_n(height)}"/>'
            rows.append(_link(entry, address(entry), hit + content))
            y += height
    grid = [
        f'<path class="cv-grid" d="M{_n(x)} 18V{_n(y)}"/>'
        f'<text class="cv-year" x="{_n(x + 2)}" y="12">{year}</text>'
        for year, x in scale.ticks(every=44)
    ]
    body = "\n".join(grid + rows)
    return (
        f'<svg class="cv-timeline-{shape}" viewBox="0 0 {width} {_n(y + 2)}" role="group" '
        f'aria-label="Timeline" xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>'
    )


def _row(entry: Entry, scale: Scale, y: float, width: int) -> tuple[str, float]:
    """Draw an entry with its label beside or above it; also give the height of the row."""
    dates, label = _dates(entry), entry.label
    left, right = scale.span(dates)
    single = dates.end == dates.start
    room = _text_width(label)
    if single and entry.kind in MARKS:
        left = right = (left + right) / 2
        for x, anchor, free in ((left - 9, "end", left - 9), (left + 9, "start", width - left - 9)):
            if room <= free:
                text = _text([label], entry, x, y + 17, anchor)
                return _shape(entry, left, right, y + 12.5) + text, 25
    if left + room <= width:
        x, anchor = left, "start"
    elif right - room >= 0:
        x, anchor = right, "end"
    else:
        x, anchor = 0, "start"
    lines = wrap(label, int(width * len(label) / room))
    text = _text(lines, entry, x, y + 14, anchor)
    below = 14 + _LINE * (len(lines) - 1) + 10
    return text + _shape(entry, left, right, y + below), below + 10


def _shape(entry: Entry, left: float, right: float, middle: float) -> str:
    """A diamond at the end of a thin line for what is given or published, else a bar."""
    if entry.kind in MARKS:
        stretch = f"M{_n(left)} {_n(middle)}H{_n(right)}"
        line = f'<path class="cv-stretch" d="{stretch}"/>' if left < right else ""
        return f'{line}<path class="cv-mark" d="M{_n(right)} {_n(middle - 5)}l5 5-5 5-5-5z"/>'
    return _bar(_dates(entry), left, max(right, left + 5), middle)


def _bar(dates: DateRange, left: float, right: float, middle: float) -> str:
    """A bar; an open end is an arrow, what leads to an expected one is dashed."""
    top, bottom = _n(middle - 3), _n(middle + 3)
    if dates.is_open:
        neck, tip = f"H{_n(right - 8)}", f"L{_n(right)} {_n(middle)}L{_n(right - 8)} {bottom}"
        return f'<path class="cv-bar" d="M{_n(left)} {top}{neck}{tip}H{_n(left)}z"/>'
    sure = left + (right - left) * 0.6 if dates.expected else right
    bar = f'<path class="cv-bar" d="M{_n(left)} {top}H{_n(sure)}V{bottom}H{_n(left)}z"/>'
    if dates.expected:
        rest = f"M{_n(sure)} {_n(middle - 2.5)}H{_n(right)}V{_n(middle + 2.5)}H{_n(sure)}"
        bar += f'<path class="cv-expected" d="{rest}"/>'
    return bar


def _text(lines: list[str], entry: Entry, x: float, y: float, anchor: str) -> str:
    """The lines of a label, its title set apart from the rest."""
    spans = []
    title_left = len(entry.title)
    for number, line in enumerate(lines):
        title, rest = line[: max(title_left, 0)], line[max(title_left, 0) :]
        place = f' x="{_n(x)}" dy="{_LINE}"' if number else ""
        inner = f'<tspan class="cv-title">{escape(title)}</tspan>{escape(rest)}'
        spans.append(f"<tspan{place}>{inner}</tspan>" if place else inner)
        title_left -= len(line) + 1
    at = f'x="{_n(x)}" y="{_n(y)}"' + (' text-anchor="end"' if anchor == "end" else "")
    # A space, so that what reads the text alone sees words.
    return f"<text {at}>{' '.join(spans)}</text>"


def _link(entry: Entry, href: str, content: str) -> str:
    name = quoteattr(f"{entry.summary} ({entry.kind})")
    return (
        f'<a class="cv-item cv-{entry.kind}" href={quoteattr(href)} aria-label={name}>{content}</a>'
    )


def _text_width(text: str) -> float:
    """An estimate; ideographs and their like are a full em wide."""
    ems = (1 if east_asian_width(character) in "WF" else _EM for character in text)
    return sum(ems) * _SIZE


def _n(number: float) -> str:
    """A coordinate to a tenth of a pixel."""
    return f"{number:.1f}".removesuffix(".0")
