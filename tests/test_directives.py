"""Entries as they are written on a page."""

import pytest

WORK = """\
# Work

:::{cv:work} Analyst of *Engines*
:id: engine
:organization: Analytical Engine
:dates: 1842 – 1843
:location: London
:url: https://example.org/engine

Wrote the **notes**.

- G
:::
"""


def test_an_entry_is_a_section_with_its_facts_in_reading_order(project) -> None:
    built = project({"index.md": WORK}).build()
    assert not built.warnings
    assert built.text(select="#engine").startswith(
        "Analyst of Engines¶ Analytical Engine · London 1842 – 1843 Wrote the notes. G"
    )
    section = built.soup().select_one("section#engine.cv-entry.cv-work")
    assert section.h2.em.text == "Engines"
    assert section.select_one(".cv-organization a")["href"] == "https://example.org/engine"
    entry = built.domain.entries["engine"]
    assert (entry.kind, entry.title, entry.docname, entry.line) == (
        "work", "Analyst of Engines", "index", 3,
    )  # fmt: skip
    assert entry.dates.edtf == "1842/1843"


def test_restructuredtext_writes_the_same_entry(project) -> None:
    rst = """\
Work
====

.. cv:work:: Analyst of *Engines*
   :id: engine
   :organization: Analytical Engine
   :dates: 1842 – 1843

   Wrote the **notes**.
"""
    built = project({"index.rst": rst}).build()
    assert not built.warnings
    assert "Analyst of Engines¶ Analytical Engine 1842 – 1843 Wrote the notes." in built.text()


@pytest.mark.parametrize(
    ("kind", "options", "shown"),
    [
        ("education", ":institution: U\n:dates: 1830\n:area: Maths\n:score: 1st\n:courses: a, b",
         "T¶ U · Maths · 1st · a, b 1830"),
        ("volunteer", ":organization: O\n:dates: 1830 – now", "T¶ O 1830 – Present"),
        ("award", ":dates: 1830\n:awarder: A", "T¶ A 1830"),
        ("project", ":organization: O\n:keywords: x, y", "T¶ O · x, y"),
        ("skill", ":level: high\n:keywords: x", "T¶ high · x"),
        ("language", ":fluency: native", "T¶ native"),
        ("certificate", ":issuer: I\n:dates: May 1830", "T¶ I May 1830"),
        ("reference", ":position: Prof\n:organization: U\n:email: p@u.org",
         "T¶ U · Prof · p@u.org"),
        ("project", ":url: https://example.org/p", "T¶ https://example.org/p"),
    ],
)  # fmt: skip
def test_every_kind_shows_all_its_fields(project, kind, options, shown) -> None:
    built = project({"index.md": f"# P\n\n:::{{cv:{kind}}} T\n:id: t\n{options}\n:::\n"}).build()
    assert not built.warnings
    assert built.text(select="#t") == shown


def test_a_person_lists_ways_to_reach_them(project) -> None:
    person = """\
# {heading}

:::{{cv:person}} Ada Lovelace
:id: ada
:label: Analyst
:email: ada@example.org
:phone: +44 1
:address: 1 Square, London
:url: https://ada.example.org/
:orcid: 0000-0002-1825-0097
:profiles: GitHub https://github.com/ada
:::
"""
    built = project({"index.md": person.format(heading="Ada Lovelace")}).build()
    assert not built.warnings
    contact = (
        "Analyst Email: ada@example.org Phone: +44 1 Address: 1 Square, London "
        "Website: ada.example.org ORCID: 0000-0002-1825-0097 GitHub: github.com/ada"
    )
    assert built.text(select="#ada") == contact
    links = [a["href"] for a in built.soup().select("#ada a")]
    assert links == [
        "mailto:ada%40example.org",
        "https://ada.example.org/",
        "https://orcid.org/0000-0002-1825-0097",
        "https://github.com/ada",
    ]
    built.write({"index.md": person.format(heading="Welcome")}).build()
    assert built.text(select="#ada") == f"Ada Lovelace {contact}"


MISTAKES = {
    "an unknown option": (
        ":::{cv:work} T\n:organisation: O\n:organization: O\n:dates: 1840\n:::",
        "index.md:4: WARNING: unknown option 'organisation'; did you mean 'organization'? "
        "[cv.option]",
    ),
    "an option given twice": (
        ":::{cv:work} T\n:organization: O\n:dates: 1840\n:dates: 1841\n:::",
        "index.md:5: WARNING: option 'dates' is given twice; keep one [cv.option]",
    ),
    "a missing option": (
        ":::{cv:work} T\n:dates: 1840\n:::",
        "index.md:3: WARNING: this cv:work has no 'organization'; "
        "add a line ':organization: …' below its title [cv.missing]",
    ),
    "an empty option": (
        ":::{cv:work} T\n:organization:\n:dates: 1840\n:::",
        "index.md:4: WARNING: option 'organization': the value is missing; "
        "write it after the colon [cv.value]",
    ),
    "unreadable dates": (
        ":::{cv:work} T\n:organization: O\n:dates: 20211\n:::",
        "index.md:5: WARNING: option 'dates': '20211' is not a date; write for example "
        "'2017 – 2021', 'February 2022 – Present', 'Spring 2023', '2021 – 2023 (Expected)' "
        "[cv.dates]",
    ),
    "dates in the wrong order": (
        ":::{cv:work} T\n:organization: O\n:dates: 1843 – 1842\n:::",
        "index.md:5: WARNING: option 'dates': '1843 – 1842' ends before it begins; "
        "write the earlier date first, as in '1842 – 1843' [cv.dates]",
    ),
    "an unreadable value": (
        ":::{cv:work} T\n:organization: O\n:dates: 1840\n:url: example.org\n:::",
        "index.md:6: WARNING: option 'url': 'example.org' is not a web address; "
        "write for example 'https://example.org/' [cv.value]",
    ),
    "an empty title": (
        ":::{cv:work}\n:organization: O\n:dates: 1840\n:::",
        "index.md:3: WARNING: this cv:work has no title; "
        "write it after the directive's name [cv.title]",
    ),
    "an unfit id": (
        ":::{cv:work} T\n:id: Räume 1\n:organization: O\n:dates: 1840\n:::",
        "index.md:4: WARNING: the id 'Räume 1' is not fit for an address: small letters, "
        "digits and hyphens are; write for example 'raume-1' [cv.id]",
    ),
    "an id that is taken": (
        ":::{cv:work} T\n:id: a\n:organization: O\n:dates: 1840\n:::\n\n"
        ":::{cv:award} U\n:id: a\n:dates: 1840\n:::",
        "index.md:9: WARNING: the id 'a' is taken by the work 'T' at index.md:3; "
        "give one another ':id:' [cv.id]",
    ),
    "an option swallowed by the one before": (
        ":::{cv:work} T :id: x\n:organization: O\n:dates: 1840\n:::",
        "index.md:3: WARNING: the title 'T :id: x' holds another option; "
        "put each on a line of its own [cv.markup]",
    ),
    "a value on two lines": (
        ":::{cv:work} T\n:dates: 1840\n:organization: Center for\n  Engines\n:::",
        "index.md:5: WARNING: leave a blank line after the options; "
        "a value is written on one line [cv.markup]",
    ),
    "an id that a heading has": (
        ":::{cv:work} T\n:id: p\n:organization: O\n:dates: 1840\n:::",
        "index.md:4: WARNING: the id 'p' is that of a heading here; "
        "give the entry another ':id:' [cv.id]",
    ),
    "nothing there to keep private": (
        ":::{cv:person} A\n:phone: 1\n:private: phnoe\n:::",
        "index.md:5: WARNING: the entry is left out, since there is no 'phnoe' here to keep "
        "private; did you mean 'phone'? [cv.private]",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_located_and_says_what_would_be_right(project, mistake) -> None:
    text, warning = MISTAKES[mistake]
    built = project({"index.md": f"# P\n\n{text}\n"}).build("dummy")
    assert built.warnings == [warning]


def test_all_mistakes_of_a_build_are_reported(project) -> None:
    texts = [
        text.replace("{cv:work} T\n", f"{{cv:work}} T{n}\n").replace(":id: a", f":id: a{n}")
        for n, (text, _) in enumerate(MISTAKES.values())
        if "is taken" not in _
    ]
    files = {f"p{n}.md": f"# P\n\n{text}\n" for n, text in enumerate(texts)}
    index = "# I\n\n```{toctree}\n" + "\n".join(f"p{n}" for n in range(len(texts))) + "\n```\n"
    built = project({"index.md": index, **files}).build("dummy")
    assert len(built.warnings) == len(texts)


def test_a_mistake_can_be_suppressed_by_its_type(project) -> None:
    text, _warning = MISTAKES["unreadable dates"]
    built = project({"index.md": f"# P\n\n{text}\n"})
    assert built.build("dummy").warnings
    assert not built.build("dummy", suppress_warnings=["cv.dates"]).warnings


def test_a_broken_value_does_not_take_the_rest_with_it(project) -> None:
    text = ":::{cv:work} T\n:organization: O\n:dates: 20211\n:url: x\n\nBody\n:::"
    built = project({"index.md": f"# P\n\n{text}\n"}).build()
    assert built.text(select="#t") == "T¶ O Body"
