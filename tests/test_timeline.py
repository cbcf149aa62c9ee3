"""The timeline's picture."""

import itertools
import re
from xml.etree import ElementTree

import pytest

from sphinx_cv.dates import parse_dates
from sphinx_cv.entries import Entry
from sphinx_cv.timeline import draw

SVG = "{http://www.w3.org/2000/svg}"


def entry(kind="work", dates="2020", title="Title", organization="Place", **more):
    names = {"work": "organization", "education": "institution", "award": "awarder"}
    fields = {"dates": parse_dates(dates), names.get(kind, "organization"): organization}
    return Entry(kind, more.get("id", title), title, "cv", 1, fields)


def pictures(*entries):
    markup = draw(entries, lambda e: f"cv.html?a=1&b=2#{e.id}")
    wide, narrow = ElementTree.fromstring(markup).findall(f"{SVG}svg")
    return {"wide": wide, "narrow": narrow}


def numbers(path):
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", path)]


@pytest.fixture(params=["wide", "narrow"])
def picture(request):
    return lambda *entries: pictures(*entries)[request.param]


def test_each_entry_is_a_link_named_by_what_it_is(picture) -> None:
    entries = [
        entry(title='A <b> & "c"', id="a"),
        entry("award", "2014 – 2017", "Prize", "", id="p"),
    ]
    links = picture(*entries).findall(f"{SVG}a")
    assert [a.get("href") for a in links] == ["cv.html?a=1&b=2#a", "cv.html?a=1&b=2#p"]
    assert [a.get("aria-label") for a in links] == [
        'A <b> & "c", Place, 2020 (work)',
        "Prize, 2014 – 2017 (award)",
    ]
    assert "".join(links[0].find(f"{SVG}text").itertext()) == 'A <b> & "c", Place'


def test_bars_lie_where_their_dates_are(picture) -> None:
    drawn = picture(
        entry(dates="2010 – 2019", title="all"),
        entry(dates="2010", title="first"),
        entry(dates="2015 – 2019", title="half"),
    )
    spans = {}
    for a in drawn.findall(f"{SVG}a"):
        d = numbers(a.find(f"{SVG}path[@class='cv-bar']").get("d"))
        spans[a.get("aria-label").split(",")[0]] = (d[0], d[2])
    left, right = spans["all"]
    assert spans["first"] == pytest.approx((left, left + (right - left) / 10), abs=0.5)
    assert spans["half"] == pytest.approx(((left + right) / 2, right), abs=0.5)


def test_open_and_expected_ends_are_drawn_as_such(picture) -> None:
    drawn = picture(
        entry(dates="2018 – Present", title="open"),
        entry(dates="2018 – 2020 (Expected)", title="expected"),
        entry(dates="2018 – 2020", title="closed"),
    )
    links = {a.get("aria-label").split(",")[0]: a for a in drawn.findall(f"{SVG}a")}
    width = float(drawn.get("viewBox").split()[2])
    arrow = links["open"].find(f"{SVG}path[@class='cv-bar']").get("d")
    assert "L" in arrow
    assert max(numbers(arrow)[0::1]) == pytest.approx(width - 1)
    assert links["expected"].find(f"{SVG}path[@class='cv-expected']") is not None
    for name in ("open", "closed"):
        assert links[name].find(f"{SVG}path[@class='cv-expected']") is None
    assert "L" not in links["closed"].find(f"{SVG}path[@class='cv-bar']").get("d")


def test_papers_and_awards_are_marks(picture) -> None:
    drawn = picture(entry("award", "2015 – 2017"), entry("publication", "May 2017", "Paper", ""))
    award, paper = drawn.findall(f"{SVG}a")
    assert award.find(f"{SVG}path[@class='cv-stretch']") is not None
    assert paper.find(f"{SVG}path[@class='cv-stretch']") is None
    for link in (award, paper):
        assert link.find(f"{SVG}path[@class='cv-mark']") is not None
        assert link.find(f"{SVG}path[@class='cv-bar']") is None


def test_nothing_is_cut_off_or_overlaps(picture) -> None:
    long = "A very long title of a position that nobody could ever hold for as long as it takes"
    drawn = picture(
        *(entry(dates=f"{2000 + n}", title=f"{long} {n}", organization=long) for n in range(3)),
        *(entry("publication", f"{2001 + n}", f"{long} {n}", "") for n in range(3)),
    )
    width, height = map(float, drawn.get("viewBox").split()[2:])
    bottoms = []
    for a in drawn.findall(f"{SVG}a"):
        hit = a.find(f"{SVG}rect")
        top, tall = float(hit.get("y")), float(hit.get("height"))
        assert tall >= 24, "too small a target"
        assert not bottoms or top >= bottoms[-1]
        bottoms.append(top + tall)
        text = a.find(f"{SVG}text")
        spoken = " ".join(" ".join(text.itertext()).split())
        assert spoken.replace(" ,", ",").startswith(long)
        for line in [text.text or "", *("".join(span.itertext()) for span in text)]:
            assert len(line) * 6 < width
    assert bottoms[-1] <= height


def test_lanes_come_in_a_fixed_order_and_only_where_needed(picture) -> None:
    drawn = picture(
        entry("publication", title="p"),
        entry("certificate", title="c"),
        entry("education", title="e"),
    )
    lanes = [text.text for text in drawn.findall(f"{SVG}text[@class='cv-lane']")]
    assert lanes == ["Education", "Publications", "Certificates"]


def test_only_presentation_attributes_are_used() -> None:
    markup = draw([entry(dates="2018 – 2020 (Expected)"), entry("award")], lambda e: "#")
    assert "style" not in markup
    assert "<script" not in markup


def test_entries_without_dates_are_left_out() -> None:
    undated = Entry("project", "x", "X", "cv", 1)
    assert draw([undated], lambda e: "#") == ""
    assert "X" not in draw([undated, entry()], lambda e: "#")


def test_long_careers_do_not_crowd_the_years(picture) -> None:
    drawn = picture(entry(dates="1950 – 2020"))
    places = [float(t.get("x")) for t in drawn.findall(f"{SVG}text[@class='cv-year']")]
    gaps = [b - a for a, b in itertools.pairwise(places)]
    assert len(places) >= 4
    assert min(gaps) >= 44
