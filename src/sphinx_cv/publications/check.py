"""All that is wrong with a ``.bib`` file, at once: ``check(read_text(text))``."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from sphinx_cv.mistakes import Mistake
from sphinx_cv.nearest import meant, nearest
from sphinx_cv.publications import identifiers as ids
from sphinx_cv.publications import vocabulary
from sphinx_cv.publications.addresses import Found, links, preprint
from sphinx_cv.publications.annotations import parse_annotations, split_name
from sphinx_cv.publications.duplicates import arxiv_of, duplicate_keys, duplicate_works
from sphinx_cv.publications.inherit import inherit, targets
from sphinx_cv.publications.names import fault, name_parts, split_names
from sphinx_cv.publications.problems import Problem, excerpt
from sphinx_cv.publications.source import Entry, Source
from sphinx_cv.publications.tex import has_open_math
from sphinx_cv.publications.when import is_year, parse_date, parse_month

#: Words for authors that the list of publications explains, and some that other tools use.
ANNOTATIONS = vocabulary.words(
    "equal first cofirst co-first joint last senior corresponding presenter supervisor student "
    "highlight self owner me"
)
_GARBLED = re.compile("\ufffd|[\u00c3\u00c2][\u0080-\u00bf]|\u00e2\u20ac[\u0080-\u2122]")
_ORCID_LIKE = re.compile(r"\d{4}-\d{4}-\d{4}-\w{3,5}|https?://orcid\.org/\S+")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_VERBATIM = vocabulary.VERBATIM


def check(source: Source, elsewhere: Mapping[str, str] | None = None) -> tuple[Problem, ...]:
    """All problems of a file, those of its syntax included, in the order of its lines.

    *elsewhere* tells of the entries of other files that are read together with this one: their
    keys, folded in case, and where they are.
    """
    elsewhere = elsewhere or {}
    problems = list(source.problems)
    by_key: dict[str, Entry] = {}
    for entry in source.entries:
        by_key.setdefault(entry.key.casefold(), entry)
    works = [e for e in source.entries if e.type not in vocabulary.CONTAINERS]
    fields_of = {id(e): inherit(e, by_key) for e in source.entries}
    for entry in source.entries:
        for checks in (_type, _fields, _people, _annotations, _dates, links):
            for line, kind, message in checks(entry):
                problems.append(Problem(line, entry.key, kind, message))
        for line, kind, message in _references(entry, by_key, elsewhere):
            problems.append(Problem(line, entry.key, kind, message))
    for entry in works:
        if any(key.casefold() in elsewhere for key in targets(entry, "crossref")):
            continue
        fields = fields_of[id(entry)]
        for line, kind, message in (*_missing(entry, fields), *preprint(entry, fields)):
            problems.append(Problem(line, entry.key, kind, message))
    problems.extend(duplicate_keys(source.entries, elsewhere))
    first = [e for e in works if by_key[e.key.casefold()] is e]
    problems.extend(duplicate_works(first, fields_of))
    return tuple(sorted(set(problems)))


def check_together(sources: Mapping[Path, Source]) -> dict[Path, tuple[Problem, ...]]:
    """The problems of files that are read together, whose keys must differ."""
    places = {
        path: {e.key.casefold(): f"{path.name}:{e.line}" for e in source.entries if e.key}
        for path, source in sources.items()
    }
    found = {}
    for path, source in sources.items():
        elsewhere: dict[str, str] = {}
        for other, keys in places.items():
            if other != path:
                elsewhere |= keys
        found[path] = check(source, elsewhere)
    return found


def _type(entry: Entry) -> Found:
    if entry.type in vocabulary.TYPES or entry.type in vocabulary.CONTAINERS:
        return
    known = (*vocabulary.TYPES, *vocabulary.CONTAINERS, "comment", "string", "preamble")
    found = vocabulary.INSTEAD.get(entry.type) or nearest(entry.type, known)
    hint = f"write '@{found}'" if found else "write '@misc' or the type that fits"
    yield entry.line, Mistake.BIB_UNKNOWN_TYPE, f"unknown entry type '@{entry.type}'; {hint}"


@lru_cache(maxsize=1024)
def _slip(name: str) -> str | None:
    if name in vocabulary.FIELDS or name.startswith(("bdsk-", "mendeley-", "x-", "x_")):
        return None
    return nearest(name, vocabulary.FIELDS)


def _fields(entry: Entry) -> Found:
    for field in entry.fields:
        name, value = field.name, field.value
        if "+" in name:
            continue
        if found := _slip(name):
            yield (
                field.line,
                Mistake.BIB_UNKNOWN_FIELD,
                f"unknown field {name!r}; did you mean {found!r}?",
            )
        if name not in _VERBATIM and has_open_math(value):
            yield (
                field.line,
                Mistake.BIB_TEX,
                f"the field {name!r} opens a formula with $ and does not close it; "
                r"add the other $, or write \$ for a dollar",
            )
        if not value.isascii() and (garbled := _GARBLED.search(value)):
            around = value[max(0, garbled.start() - 8) : garbled.end() + 8]
            yield (
                field.line,
                Mistake.BIB_ENCODING,
                f"{around!r} in the field {name!r} was garbled by a wrong encoding; type it anew",
            )


def _people(entry: Entry) -> Found:
    for field in entry.fields:
        if field.name not in vocabulary.NAMES:
            continue
        if not field.value.strip("{} "):
            message = f"the field {field.name!r} is empty; name somebody, or remove it"
            yield field.line, Mistake.BIB_NAME, message
            continue
        listed = split_names(field.value)
        if not listed.names:
            yield (
                field.line,
                Mistake.BIB_NAME,
                f"the field {field.name!r} names nobody before 'others'",
            )
        for name in listed.names:
            if wrong := fault(name):
                yield field.line, Mistake.BIB_NAME, f"{wrong} (in {field.name!r})"
            if (parts := name_parts(name)) and "orcid" in parts:
                yield from _orcid(field.line, parts["orcid"])


def _orcid(line: int, text: str) -> Found:
    if not ids.is_orcid(ids.clean_orcid(text)):
        message = (
            f"{text!r} is not an ORCID: four groups of four digits, such as 0000-0002-1825-0097, "
            "of which the last is a check digit"
        )
        yield line, Mistake.BIB_IDENTIFIER, message


def _annotations(entry: Entry) -> Found:
    for field in entry.fields:
        if field.name == "orcid":
            for orcid in re.split(r"[;,\s]+(?:and\s+)?", field.value):
                yield from _orcid(field.line, orcid)
        if "+" not in field.name:
            continue
        if split_name(field.name) is None:
            base = field.name.partition("+")[0]
            message = f"unknown suffix in {field.name!r}; an annotation is {base + '+an'!r}"
            yield field.line, Mistake.BIB_ANNOTATION, message
            continue
        notes = parse_annotations(field.name, field.value)
        for wrong in notes.faults:
            yield field.line, Mistake.BIB_ANNOTATION, wrong
        if notes.field not in entry.by_name:
            near = meant(notes.field, [f for f in entry.by_name if "+" not in f])
            message = f"{field.name!r} annotates {notes.field!r}, which the entry lacks{near}"
            yield field.line, Mistake.BIB_ANNOTATION, message
            continue
        count = None
        if notes.field in vocabulary.NAMES:
            count = len(split_names(entry.get(notes.field)).names)
        for note in notes.items:
            if note.item is not None and (note.item < 1 or (count and note.item > count)):
                message = (
                    f"{field.name!r} speaks of number {note.item}, but {notes.field!r} has "
                    f"{count or 'items from 1'}; count from 1"
                )
                yield field.line, Mistake.BIB_ANNOTATION, message
            if notes.annotator == "orcid" or _ORCID_LIKE.fullmatch(note.value):
                yield from _orcid(field.line, note.value)
            elif (
                not note.literal
                and note.value not in ANNOTATIONS
                and (near := meant(note.value, ANNOTATIONS))
            ):
                yield field.line, Mistake.BIB_ANNOTATION, f"unknown annotation {note.value!r}{near}"


def _dates(entry: Entry) -> Found:
    year = entry.get("year")
    if year and not is_year(year):
        state = re.sub(r"\W", "", year.lower())
        states = {*vocabulary.YEARLESS, "inpress", "toappear", "accepted", "underreview"}
        hint = "write four digits, such as 2023"
        if state in states:
            word = state if state in vocabulary.YEARLESS else "forthcoming"
            hint = f"write pubstate = {{{word}}}, and the year once it is known"
        yield entry.line_of("year"), Mistake.BIB_DATE, f"{excerpt(year)} is not a year; {hint}"
    for name in ("date", "eventdate", "origdate", "urldate"):
        text = entry.get(name)
        # In BibTeX files the day of a visit is free text.
        if not text or (name == "urldate" and not _ISO_DAY.fullmatch(text)):
            continue
        try:
            when = parse_date(text)
        except ValueError as error:
            message = f"{excerpt(text)} in {name!r} is not a date: {error}; such as 2023-05-26"
            yield entry.line_of(name), Mistake.BIB_DATE, message
        else:
            if name == "date" and year.isdecimal() and year not in {when.year, text[-4:]}:
                message = f"year {year} and date {text} contradict each other; keep the date"
                yield entry.line_of("year"), Mistake.BIB_DATE, message
    if month := entry.get("month"):
        try:
            parse_month(month)
        except ValueError:
            message = (
                f"{excerpt(month)} is not a month; write 1 to 12, or jan to dec without braces"
            )
            yield entry.line_of("month"), Mistake.BIB_DATE, message


def _references(entry: Entry, by_key: Mapping[str, Entry], elsewhere: Mapping[str, str]) -> Found:
    for name in ("crossref", "xref", "xdata"):
        if name not in entry.by_name:
            continue
        for key in targets(entry, name):
            if key.casefold() not in by_key and key.casefold() not in elsewhere:
                near = meant(key, [e.key for e in by_key.values()])
                yield (
                    entry.line_of(name),
                    Mistake.BIB_CROSSREF,
                    f"{name} to {key!r}, which is no entry{near}",
                )


#: What only a paper in a journal has.
_OF_A_JOURNAL = {"volume", "number", "issn", "origdate"}


def _missing(entry: Entry, fields: Mapping[str, str]) -> Found:
    if entry.type not in vocabulary.TYPES:
        return
    for need in vocabulary.required(entry.type, has_booktitle=bool(fields.get("booktitle"))):
        if need == "year" and fields.get("pubstate", "").lower() in vocabulary.YEARLESS:
            continue
        if need == "journal" and arxiv_of(fields) and not fields.keys() & _OF_A_JOURNAL:
            continue  # a preprint, as some export it
        names = need.split("|")
        accepted = [*names, *(s for n in names for s in vocabulary.STANDS_FOR.get(n, ()))]
        if not any(fields.get(name, "").strip() for name in accepted):
            alternative = " or ".join(repr(name) for name in names)
            message = f"@{entry.type} needs the field {alternative}; add it, or change the type"
            yield entry.line, Mistake.BIB_MISSING_FIELD, message
