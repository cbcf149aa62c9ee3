"""Formulas spoken by a second process."""

from __future__ import annotations

import os
import sys
import time

import pytest

from sphinx_cv.mathematics import ahead, voice
from sphinx_cv.mathematics.ahead import Speaker

SOURCES = [f"<math><mrow><mi>x</mi><mo>+</mo><mn>{n}</mn></mrow></math>" for n in range(40)]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="words are spoken in place")


@pytest.fixture
def speaker(monkeypatch):
    monkeypatch.setattr(ahead, "WORTH_IT", 20)
    monkeypatch.setattr(ahead, "_POSSIBLE", True)
    made = Speaker("en")
    yield made
    made.end()


def answered(speaker: Speaker, source: str) -> str | None:
    until = time.monotonic() + 120
    while speaker.answer(source) is None and time.monotonic() < until:
        time.sleep(0.01)
    return speaker.answer(source)


def test_it_says_what_would_be_said_in_place(speaker):
    speaker.ask(SOURCES[:30])
    speaker.ask(SOURCES[20:])
    assert [answered(speaker, source) for source in SOURCES] == [
        voice.words(source, "en") for source in SOURCES
    ]


def test_what_cannot_be_said_leaves_the_others(speaker):
    speaker.ask([*SOURCES[:25], "<math><mrow>", *SOURCES[25:]])
    assert answered(speaker, SOURCES[-1]) == voice.words(SOURCES[-1], "en")
    assert speaker.answer("<math><mrow>") is None


def test_a_few_formulas_start_no_process(speaker):
    speaker.ask(SOURCES[:19])
    assert speaker._process is None
    assert speaker.answer(SOURCES[0]) is None


def test_a_process_that_dies_is_done_without(speaker, monkeypatch):
    monkeypatch.setattr(voice, "__file__", "no-such-file.py")
    speaker.ask(SOURCES[:30])
    speaker._process.wait()
    speaker.ask(SOURCES[30:])
    assert speaker.answer(SOURCES[0]) is None


def page(count: int) -> str:
    return "# T\n\n" + "\n\n".join(f"$x_{{{n}}} + \\alpha$" for n in range(count)) + "\n"


def test_a_build_is_the_same_to_the_byte(build, monkeypatch):
    monkeypatch.setattr(ahead, "WORTH_IT", 1)
    monkeypatch.setattr(ahead, "_POSSIBLE", True)
    asked = []
    ask = Speaker.ask
    monkeypatch.setattr(Speaker, "ask", lambda *args: asked.append(ask(*args)))
    with_process = build({"index.md": page(50)}, source="one").page()
    assert asked
    monkeypatch.setattr(ahead, "_POSSIBLE", False)
    assert with_process == build({"index.md": page(50)}, source="two").page()
    assert 'alttext="x sub 7 plus alpha"' in with_process


def test_the_process_ends_with_the_build(build, monkeypatch):
    monkeypatch.setattr(ahead, "WORTH_IT", 1)
    monkeypatch.setattr(ahead, "_POSSIBLE", True)
    started = []
    popen = ahead.subprocess.Popen

    def start(*args, **kwargs):
        started.append(popen(*args, **kwargs))
        return started[-1]

    monkeypatch.setattr(ahead.subprocess, "Popen", start)
    build({"index.md": page(5)})
    assert len(started) == 1
    assert started[0].returncode is not None
    assert started[0].args[0] == sys.executable
