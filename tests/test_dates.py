"""Dates as people write them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_cv.dates import MONTHS, SEASONS, DateRange, Moment, parse_dates


@pytest.mark.parametrize(
    ("text", "shown", "edtf", "first", "last"),
    [
        ("2017 – 2021", "2017 – 2021", "2017/2021", "2017-01-01", "2021-12-31"),
        ("2017-2021", "2017 – 2021", "2017/2021", "2017-01-01", "2021-12-31"),
        ("2017 to 2021", "2017 – 2021", "2017/2021", "2017-01-01", "2021-12-31"),
        ("2017—2021", "2017 – 2021", "2017/2021", "2017-01-01", "2021-12-31"),
        ("2009–10", "2009 – 2010", "2009/2010", "2009-01-01", "2010-12-31"),
        ("2009-10", "October 2009", "2009-10", "2009-10-01", "2009-10-31"),
        ("2020", "2020", "2020", "2020-01-01", "2020-12-31"),
        ("2020 – 2020", "2020", "2020", "2020-01-01", "2020-12-31"),
        ("February 2022 – Present", "February 2022 – Present", "2022-02/..", "2022-02-01", None),
        ("feb. 2022 - now", "February 2022 – Present", "2022-02/..", "2022-02-01", None),
        ("Spring 2023", "Spring 2023", "2023-21", "2023-03-01", "2023-05-31"),
        ("fall 2023", "Fall 2023", "2023-23", "2023-09-01", "2023-11-30"),
        ("Winter 2022", "Winter 2022", "2022-24", "2022-12-01", "2023-02-28"),
        ("Winter 2023", "Winter 2023", "2023-24", "2023-12-01", "2024-02-29"),
        ("Winter 2022 – 2023", "Winter 2022 – 2023", "2022-24/2023", "2022-12-01", "2023-02-28"),
        ("Winter 2022 – 2024", "Winter 2022 – 2024", "2022-24/2024", "2022-12-01", "2024-12-31"),
        ("Summer 2020–Spring 2021", "Summer 2020 – Spring 2021", "2020-22/2021-21",
         "2020-06-01", "2021-05-31"),
        ("2021 – 2023 (Expected)", "2021 – 2023 (Expected)", "2021/2023?",
         "2021-01-01", "2023-12-31"),
        ("2021 – expected 2023", "2021 – 2023 (Expected)", "2021/2023?",
         "2021-01-01", "2023-12-31"),
        ("2022-03", "March 2022", "2022-03", "2022-03-01", "2022-03-31"),
        ("2022-03-01 – 2023-05", "1 March 2022 – May 2023", "2022-03-01/2023-05",
         "2022-03-01", "2023-05-31"),
        ("2022-03-2023-05", "March 2022 – May 2023", "2022-03/2023-05",
         "2022-03-01", "2023-05-31"),
        ("March 1, 2022 – 3 April 2022", "1 March 2022 – 3 April 2022", "2022-03-01/2022-04-03",
         "2022-03-01", "2022-04-03"),
        ("June – August 2021", "June 2021 – August 2021", "2021-06/2021-08",
         "2021-06-01", "2021-08-31"),
        ("1999–00", "1999 – 2000", "1999/2000", "1999-01-01", "2000-12-31"),
        ("2020/21", "2020 – 2021", "2020/2021", "2020-01-01", "2021-12-31"),
        ("Winter 2022–23", "Winter 2022 – 2023", "2022-24/2023", "2022-12-01", "2023-02-28"),
        ("May-2021", "May 2021", "2021-05", "2021-05-01", "2021-05-31"),
        ("Mar. – May 2022", "March 2022 – May 2022", "2022-03/2022-05", "2022-03-01", "2022-05-31"),
        ("5 May – 7 June 2021", "5 May 2021 – 7 June 2021", "2021-05-05/2021-06-07",
         "2021-05-05", "2021-06-07"),
        ("2017 – 2021,", "2017 – 2021", "2017/2021", "2017-01-01", "2021-12-31"),
        ("29 February 2024", "29 February 2024", "2024-02-29", "2024-02-29", "2024-02-29"),
    ],
)  # fmt: skip
def test_reads(text: str, shown: str, edtf: str, first: str, last: str | None) -> None:
    dates = parse_dates(text)
    assert str(dates) == shown
    assert dates.edtf == edtf
    assert dates.first == date.fromisoformat(first)
    assert dates.last == (last and date.fromisoformat(last))
    assert dates.is_open == (last is None)
    assert dates.expected == edtf.endswith("?")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("20211 – 2023", "'20211' is not a date"),
        ("2021 – 20233", "'20233' is not a date"),
        ("2022-13", "'2022-13' is not a date"),
        ("31 February 2020", "'31 February 2020' is not a date"),
        ("Sprung 2023", "'Sprung 2023' is not a date"),
        ("3 Spring 2023", "'3 Spring 2023' is not a date"),
        ("0202 – 2021", "'0202' is not a date"),
        ("2020 –", "'2020 –' is not a date"),
        ("Present", "'Present' is not a date"),
        ("2017 2021", "'2017 2021' is not a date"),
        ("03/2022", "'03' is not a date"),
        ("2022/03", "'03' is not a date"),
        ("May – 2021", "'May' is not a date"),
        ("", "'' is not a date"),
        ("2021 – 2019", "'2021 – 2019' ends before it begins"),
        ("August – June 2021", "'August – June 2021' ends before it begins"),
        ("2021 – Present (Expected)", "cannot both last and be expected to end"),
    ],
)
def test_says_what_is_wrong_and_what_would_be_right(text: str, named: str) -> None:
    with pytest.raises(ValueError, match=r"write .*\d{4}") as caught:
        parse_dates(text)
    assert named in str(caught.value)


moments = st.one_of(
    st.builds(Moment, st.integers(1800, 2199)),
    st.builds(Moment, st.integers(1800, 2199), season=st.sampled_from(sorted(SEASONS))),
    st.builds(Moment, st.integers(1800, 2199), st.integers(1, 12)),
    st.builds(
        lambda day: Moment(day.year, day.month, day.day),
        st.dates(date(1800, 1, 1), date(2199, 12, 31)),
    ),
)


@given(moments, st.none() | moments, st.booleans())
def test_what_is_shown_reads_back_the_same(
    start: Moment, end: Moment | None, expected: bool
) -> None:
    dates = DateRange(start, end, expected=expected and end is not None)
    if dates.last and dates.last < dates.first:
        with pytest.raises(ValueError, match="ends before it begins"):
            parse_dates(str(dates))
    else:
        assert parse_dates(str(dates)) == dates


@given(moments)
def test_a_moment_spans_what_it_names(moment: Moment) -> None:
    days = (moment.last - moment.first).days + 1
    if moment.day:
        assert days == 1
    elif moment.month:
        assert moment.first.month == moment.last.month == moment.month
        assert (moment.last + timedelta(days=1)).day == 1
    elif moment.season:
        assert 89 <= days <= 92
    else:
        assert days in {365, 366}


@given(st.lists(moments, min_size=2))
def test_sorting_follows_the_calendar(found: list[Moment]) -> None:
    ranges = sorted((DateRange(m, m) for m in found), key=lambda dates: dates.sort_key)
    lasts = [dates.last for dates in ranges]
    assert lasts == sorted(m.last for m in found)


def test_what_lasts_sorts_last() -> None:
    texts = ["2018 – Present", "2017 – 2021", "2022 – Present", "2023"]
    ordered = sorted(map(parse_dates, texts), key=lambda dates: dates.sort_key)
    assert list(map(str, ordered)) == ["2017 – 2021", "2023", "2018 – Present", "2022 – Present"]


@pytest.mark.once
@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        dates = parse_dates(text)
    except ValueError:
        return
    assert dates.start.first <= (dates.last or date.max)


def test_months_are_known_by_name_and_abbreviation() -> None:
    for number in range(1, 13):
        for name in (MONTHS[number], MONTHS[number][:3], MONTHS[number][:3].upper()):
            assert parse_dates(f"{name} 2020").start.month == number
