"""Years, months and dates as BibTeX and biblatex write them."""

import re
from dataclasses import dataclass

from sphinx_cv.publications.source import MONTHS

#: In the order of the year.
MONTH_NAMES = tuple(MONTHS.values())

#: biblatex's dates are ISO 8601-2: parts may be unspecified (``199X``), seasons are 21 to 24.
_DATE = re.compile(
    r"(?P<year>-?\d{4}|-?[0-9]{1,3}X{1,3}|Y-?\d+)"
    r"(?:-(?P<month>\d\d|XX)(?:-(?P<day>\d\d|XX)(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?)?)?[~?%]?"
)
_YEAR = re.compile(r"(?:c(?:irca|a)?\.?\s*|\[)?-?\d{3,4}[a-z]?\]?(?:\s*(?:/|-{1,3}|–)\s*\d{2,4})?")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SEASONS = ("spring", "summer", "autumn", "fall", "winter")


@dataclass(frozen=True)
class When:
    """A date of publication, as precise as it was given."""

    year: str = ""
    #: 1 to 12.
    month: int | None = None
    day: int | None = None


def parse_date(text: str) -> When:
    """The (beginning of the) biblatex date *text*.

    Raises :exc:`ValueError` with what is wrong with it.
    """
    parts = text.strip().split("/")
    if len(parts) > 2:
        raise ValueError("a range has one '/'")
    found = [None if part in {"", ".."} else _parse_one(part) for part in parts]
    given = [when for when in found if when is not None]
    if not given:
        raise ValueError("it is empty")
    if len(given) == 2:
        first, last = (_order(when) for when in given)
        width = min(len(first), len(last))
        if first[:width] > last[:width]:
            raise ValueError("it ends before it begins")
    return given[0]


def _order(when: When) -> tuple[int, ...]:
    year = int(re.sub("[^0-9-]", "0", when.year.lstrip("Y")))
    return tuple(part for part in (year, when.month, when.day) if part is not None)


def _parse_one(text: str) -> When:
    match = _DATE.fullmatch(text.strip())
    if not match:
        raise ValueError("a date is YYYY, YYYY-MM or YYYY-MM-DD")
    month = day = None
    if (given := match["month"]) and given != "XX":
        month = int(given)
        if 21 <= month <= 24:
            return When(match["year"])
        if not 1 <= month <= 12:
            raise ValueError(f"there is no month {given}")
        if (given := match["day"]) and given != "XX":
            day = int(given)
            if not 1 <= day <= _DAYS[month - 1] or (
                (month, day) == (2, 29) and not _leap(match["year"])
            ):
                raise ValueError(f"{MONTH_NAMES[month - 1]} has no day {given}")
    return When(match["year"], month, day)


def _leap(year: str) -> bool:
    if not year.isdecimal():
        return True
    number = int(year)
    return number % 4 == 0 and (number % 100 != 0 or number % 400 == 0)


def is_year(text: str) -> bool:
    """Whether BibTeX's *text* is a year, with ``circa``, brackets or a range allowed."""
    match = _YEAR.fullmatch(text.strip())
    return bool(match) and int(re.findall(r"\d{3,4}", text)[0]) <= 2100


def parse_month(text: str) -> int | None:
    """The (first) month in BibTeX's *text*; None if it names only a season.

    Raises :exc:`ValueError` if it names neither.
    """
    word = text.strip().lower()
    if word.isdecimal():
        if 1 <= int(word) <= 12:
            return int(word)
        raise ValueError(text)
    for letters in re.findall(r"[^\W\d_]+", word):
        for number, short in enumerate(MONTHS, 1):
            if letters.startswith(short) and MONTH_NAMES[number - 1].lower().startswith(
                letters.replace("sept", "sep")
            ):
                return number
        if letters in _SEASONS:
            return None
    raise ValueError(text)
