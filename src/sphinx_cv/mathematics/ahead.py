"""Formulas spoken by a second process while pages are still being read.

mathra takes as long for a formula as all the rest together, and holds Python's lock. It is asked
for what has been read, and has mostly answered by the time a page is written. Nobody waits for
it: whatever it has not answered is spoken in place.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING

from sphinx_cv.mathematics import voice

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import IO

#: Fewer formulas are spoken sooner than a process starts, or wakes up.
WORTH_IT = 200
#: More than may wait there until the process has started: nobody should wait for it to read.
_PIPE = 1 << 20
_POSSIBLE = os.name == "posix" and (os.cpu_count() or 1) > 1


class Speaker:
    """A process that is asked for sources, all in one language, and answers in its own time."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._sources: dict[str, None] = {}
        self._unsent: list[str] = []
        self._process: subprocess.Popen[str] | None = None
        self._answers: IO[bytes] | None = None
        self._read = 0
        self._said: dict[str, str | None] = {}

    def ask(self, sources: Iterable[str]) -> None:
        new = [source for source in dict.fromkeys(sources) if source not in self._sources]
        self._sources.update(dict.fromkeys(new))
        self._unsent += new
        if len(self._unsent) < WORTH_IT or not _POSSIBLE:
            return
        if self._process is None:
            # To a file, since a pipe that nobody reads from yet would fill.
            self._answers = tempfile.TemporaryFile()  # noqa: SIM115 -- closed by `end`
            self._process = subprocess.Popen(
                [sys.executable, voice.__file__, self.code],
                stdin=subprocess.PIPE, stdout=self._answers, stderr=subprocess.DEVNULL,
                text=True, pipesize=_PIPE,
            )  # fmt: skip
        self._send()

    def _send(self) -> None:
        with suppress(OSError):  # it has died, and will not answer
            assert self._process is not None
            assert self._process.stdin is not None
            self._process.stdin.write(f"{json.dumps(self._unsent)}\n")
            self._process.stdin.flush()
        self._unsent.clear()

    def answer(self, source: str) -> str | None:
        """The words of *source*, if they are there by now."""
        if source not in self._said and self._answers is not None:
            if self._unsent:
                self._send()
            # Its position is the process's own, where it writes.
            data = os.pread(self._answers.fileno(), 1 << 24, self._read)
            data = data[: data.rfind(b"\n") + 1]
            self._read += len(data)
            answered = len(self._said)
            for asked, line in zip(list(self._sources)[answered:], data.splitlines(), strict=False):
                self._said[asked] = json.loads(line)
        return self._said.get(source)

    def end(self) -> None:
        if self._process is not None and self._answers is not None:
            self._process.kill()
            self._process.communicate()
            self._answers.close()
