"""Random damage: no exception, no hang, and nothing lost in silence."""

import random
import time
from pathlib import Path

import pytest
from pybtex.plugin import find_plugin
from pybtex.style.formatting.unsrt import Style

from sphinx_cv.publications.check import check
from sphinx_cv.publications.read import read_entry, read_library
from sphinx_cv.publications.source import Source, read_text

pytestmark = pytest.mark.once

DATA = Path(__file__).parents[1] / "data"
#: Each field of a file: key and name -> value.
Content = dict[tuple[str, str], str]


def mutate(text: str, chance: random.Random) -> tuple[str, int]:
    """*text* with one mutation, and the line of it."""
    kind = chance.choice(["delete", "double", "swap", "line", "mark"])
    at = chance.randrange(len(text) - 1)
    if kind == "mark":
        # Most characters are prose; the marks are where it hurts.
        at = chance.choice([i for i, c in enumerate(text[:-1]) if c in '{}",=@#%()+\n'])
        kind = chance.choice(["delete", "double", "swap"])
    line = text.count("\n", 0, at) + 1
    if kind == "delete":
        return text[:at] + text[at + 1 :], line
    if kind == "double":
        return text[:at] + text[at] + text[at:], line
    if kind == "swap":
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :], line
    lines = text.split("\n")
    del lines[line - 1]
    return "\n".join(lines), line


def content(source: Source) -> Content:
    return {(e.key, f.name): f.value for e in source.entries for f in e.fields}


def lost_in_silence(before: Source, after: Source, line: int, problem_lines: set[int]) -> list[str]:
    """What is gone or changed without a problem near the mutated *line* or in its entry."""
    if any(abs(problem - line) <= 1 for problem in problem_lines):
        return []
    strings = any(b.kind == "string" and b.line <= line <= b.end_line for b in before.blocks)
    now = content(after)
    silent = []
    for entry in before.entries:
        # The mutation may rename an entry, as far as anybody can tell.
        if entry.line <= line <= entry.line + 1 and not any(
            e.key == entry.key for e in after.entries
        ):
            here = [e for e in after.entries if abs(e.line - entry.line) <= 1]
            now |= {(entry.key, f.name): f.value for e in here for f in e.fields}
        if any(entry.line - 1 <= problem <= entry.end_line + 1 for problem in problem_lines):
            continue
        for field in entry.fields:
            touched = field.line - 1 <= line <= field.end_line + 1
            found = now.get((entry.key, field.name))
            if found == field.value or touched or (found and strings):
                continue
            silent.append(f"{entry.key}.{field.name}: {field.value!r} -> {found!r}")
    return silent


@pytest.mark.parametrize(("name", "rounds"), [("small.bib", 500), ("varied.bib", 500)])
def test_nothing_is_lost_in_silence(name: str, rounds: int) -> None:
    text = (DATA / name).read_text(encoding="utf-8")
    before = read_text(text)
    style, backend = Style(), find_plugin("pybtex.backends", "plaintext")()
    intact = {(e.key, e.type, tuple(f.value for f in e.fields)) for e in before.entries}
    for seed in range(rounds):
        mutated, line = mutate(text, random.Random(f"{name} {seed}"))
        start = time.process_time()
        after = read_text(mutated)
        problems = check(after)
        by_key = {e.key.casefold(): e for e in after.entries}
        for entry in after.entries:
            if (entry.key, entry.type, tuple(f.value for f in entry.fields)) not in intact:
                _work, shown = read_entry(Path(name), entry, by_key)
                style.format_entry("1", shown).text.render(backend)
        assert time.process_time() - start < 2, seed
        last = mutated.count("\n") + 1
        assert all(1 <= problem.line <= last for problem in problems), seed
        silent = lost_in_silence(before, after, line, {problem.line for problem in problems})
        assert not silent, (seed, line, silent, problems)


@pytest.mark.parametrize("seed", range(20))
def test_many_mistakes_at_once(seed: int) -> None:
    text = (DATA / "varied.bib").read_text(encoding="utf-8")
    chance = random.Random(seed)
    for _ in range(100):
        text, _line = mutate(text, chance)
    source = read_text(text)
    assert check(source)
    # Damage stays where it is: a mistake may cost its own entry, not its neighbours'.
    assert len(read_library({Path("x"): source}).works) >= 30


@pytest.mark.parametrize(
    "text",
    ["{" * 100_000, "@misc{" * 20_000, '@misc{a,b="' * 1_000, "@" * 100_000, "%" * 100_000,
     "@misc{a," + " " * 100_000, "@misc{a,t={" + "\n" * 100_000, "@misc{a" + ",a=1" * 20_000,
     "@comment{" * 20_000, "@misc{a,author={" + " and " * 50_000 + "}}",
     "@string{a=" + "a#" * 20_000,
     "@misc{a,t={" + "\\" * 50_000 + "}}", "@misc{a,t=" + '"{' * 50_000, "a\n" * 50_000 + "@",
     "@misc{a,t={x}\n" + "x = y\n" * 5_000, "@misc{a,title={" + "$" * 50_001 + "}}", "\x00" * 1000,
     "@misc{a,t={x}" + "\n}" * 50_000, "@misc{a,b" * 20_000, "@m{a,t={x}}\n" * 3_000],
    ids=lambda text: repr(text[:12]),
)  # fmt: skip
def test_hostile_text_is_read_in_time(text: str) -> None:
    start = time.process_time()
    source = read_text(text)
    check(source)
    read_library({Path("x"): source})
    assert time.process_time() - start < 2
