"""Dates as people write them in a CV, and the machine form behind them.

A CV says ``Winter 2022 – 2023`` or ``2021 – 2023 (Expected)``. :func:`parse_dates`
reads such text into a :class:`DateRange` that sorts, draws and exports, and that
prints again in one consistent form. The machine form is EDTF, the Extended
Date/Time Format of ISO 8601-2:2019, which keeps precision, seasons, open and
uncertain ends.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MONTHS = tuple(calendar.month_name)
#: Season -> (EDTF code, first month). A winter begins in December and so runs into
#: the next year, as "Winter 2022 – 2023" says.
SEASONS = {
    "Spring": (21, 3),
    "Summer": (22, 6),
    "Autumn": (23, 9),
    "Fall": (23, 9),
    "Winter": (24, 12),
}
EXAMPLES = "'2017 – 2021', 'February 2022 – Present', 'Spring 2023', '2021 – 2023 (Expected)'"

_MONTH_NUMBERS = {
    name.lower(): number
    for number, full in enumerate(MONTHS)
    if full
    for name in (full, full[:3], "Sept" if number == 9 else full[:3])
}
_OPEN = {"present", "now", "current", "today", "ongoing"}
_SEPARATOR = re.compile(r"\s*(?:[-/\u2010-\u2015\u2212]+|\b(?:to|until)\b)\s*", re.IGNORECASE)
_EXPECTED = re.compile(r"\(\s*expected\s*\)|\bexpected\b", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_YEARLESS = re.compile(r"(?:\d{1,2}\s+)?[a-z]+\.?", re.IGNORECASE)
_DAY_MONTH = re.compile(r"(?:(\d{1,2})\s+)?([a-z]+)\.?,?[\s-]+(\d{4})", re.IGNORECASE)
_MONTH_DAY = re.compile(r"([a-z]+)\.?\s+(\d{1,2}),?\s+(\d{4})", re.IGNORECASE)


@dataclass(frozen=True)
class Moment:
    """A point of time known to the year, the season, the month or the day."""

    year: int
    month: int | None = None
    day: int | None = None
    #: A key of :data:`SEASONS`; the month is then ``None``.
    season: str | None = None

    @property
    def first(self) -> date:
        """The earliest day it can mean."""
        month = SEASONS[self.season][1] if self.season else self.month or 1
        return date(self.year, month, self.day or 1)

    @property
    def last(self) -> date:
        """The latest day it can mean."""
        if self.day:
            return self.first
        if not self.season:
            return _month_end(self.year, self.month or 12)
        year, month = divmod(self.year * 12 + SEASONS[self.season][1] + 1, 12)
        return _month_end(year, month + 1)

    @property
    def edtf(self) -> str:
        """``2022``, ``2022-21`` (spring), ``2022-03`` or ``2022-03-01``."""
        if self.season:
            return f"{self.year}-{SEASONS[self.season][0]}"
        return "-".join([str(self.year), *(f"{n:02}" for n in (self.month, self.day) if n)])

    def __str__(self) -> str:
        parts = (self.day, self.season or (MONTHS[self.month] if self.month else None), self.year)
        return " ".join(str(part) for part in parts if part)


@dataclass(frozen=True)
class DateRange:
    """From one moment to another; a single moment is both ends."""

    start: Moment
    #: ``None`` while it lasts ("Present").
    end: Moment | None
    #: Whether the end lies ahead and is only expected.
    expected: bool = False

    @property
    def first(self) -> date:
        """The earliest day it can mean."""
        return self.start.first

    @property
    def last(self) -> date | None:
        """The latest day it can mean, ``None`` while it lasts."""
        if self.end is None:
            return None
        if self.start.season == "Winter" and self.end == Moment(self.start.year + 1):
            # "Winter 2022 – 2023" is one winter, not a winter and the year after it.
            return self.start.last
        return self.end.last

    @property
    def is_open(self) -> bool:
        """Whether it still lasts."""
        return self.end is None

    @property
    def edtf(self) -> str:
        """EDTF: an open end is ``..``, an expected one carries the qualifier ``?``."""
        end = ".." if self.end is None else self.end.edtf + "?" * self.expected
        return end if self.end == self.start else f"{self.start.edtf}/{end}"

    @property
    def sort_key(self) -> tuple[date, date]:
        """Increases with the end, then with the beginning."""
        return self.last or date.max, self.first

    def __str__(self) -> str:
        text = str(self.start)
        if self.end != self.start:
            text += f" – {'Present' if self.end is None else self.end}"
        return text + " (Expected)" * self.expected


def parse_dates(text: str) -> DateRange:
    """Read the dates of a CV entry.

    Raises :exc:`ValueError` with the offending value and what would be right, where
    the text is no date or ends before it begins.
    """
    plain = " ".join(_EXPECTED.sub(" ", text).split()).rstrip(",")
    dates = _parse_range(plain)
    if dates is None:
        wrong = next((part for part in _outer_parts(plain) if not _is_end(part)), text.strip())
        raise ValueError(f"{wrong!r} is not a date; write for example {EXAMPLES}")
    if _EXPECTED.search(text):
        if dates.is_open:
            raise ValueError(
                f"{text.strip()!r} cannot both last and be expected to end; "
                "write 'Present' or the expected date, as in '2021 – 2023 (Expected)'"
            )
        dates = DateRange(dates.start, dates.end, expected=True)
    if dates.last is not None and dates.last < dates.first:
        raise ValueError(
            f"{text.strip()!r} ends before it begins; write the earlier date first, "
            f"as in '{dates.end} – {dates.start}'"
        )
    return dates


def parse_moment(text: str) -> Moment | None:
    """Read one date, or give ``None`` where the text is none."""
    month: str | int | None
    if match := _ISO.fullmatch(text):
        year, month, day = match[1], match[2] and int(match[2]), match[3]
    elif match := _DAY_MONTH.fullmatch(text):
        day, month, year = match.groups()
    elif match := _MONTH_DAY.fullmatch(text):
        month, day, year = match.groups()
    else:
        return None
    if isinstance(month, str):
        if month.title() in SEASONS and not day:
            month = month.title()
            return Moment(int(year), season=month) if _plausible(int(year)) else None
        month = _MONTH_NUMBERS.get(month.lower(), 0)
    try:
        date(int(year), 1 if month is None else month, 1 if day is None else int(day))
    except ValueError:
        return None
    if not _plausible(int(year)):
        return None
    return Moment(int(year), month, int(day) if day else None)


def _plausible(year: int) -> bool:
    """A four-digit number outside these centuries is a slip of the pen."""
    return 1800 <= year < 2200


def _parse_range(text: str) -> DateRange | None:
    single = parse_moment(text)
    if single:
        return DateRange(single, single)
    for left, separator, right in _splits(text):
        start = parse_moment(left)
        if start is None and _YEARLESS.fullmatch(left) and not right.isdecimal():
            # "June – August 2021": the year is said once.
            start = parse_moment(f"{left} {right[-4:]}")
        if start is None:
            continue
        if right.lower() in _OPEN:
            return DateRange(start, None)
        if re.fullmatch(r"\d\d", right) and "-" not in separator:
            # "2009–10" or "2009/10"; with a hyphen it would be October 2009.
            year = start.year // 100 * 100 + int(right)
            right = str(year if year >= start.year else year + 100)
            if int(right) - start.year > 20:
                continue
        if end := parse_moment(right):
            return DateRange(start, end)
    return None


def _splits(text: str) -> Iterator[tuple[str, str, str]]:
    for match in _SEPARATOR.finditer(text):
        yield text[: match.start()], match[0], text[match.end() :]


def _outer_parts(text: str) -> list[str]:
    """The two sides of the separator that is most likely meant, for the message."""
    spaced = [split for split in _splits(text) if split[1] != "-"]
    return [side for side in (spaced[0][0], spaced[0][2]) if side] if spaced else [text]


def _is_end(text: str) -> bool:
    return text.lower() in _OPEN or parse_moment(text) is not None


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
