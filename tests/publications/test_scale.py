"""Time grows with the number of entries, and no faster."""

import gc
import math
import time
from pathlib import Path

import pytest

from sphinx_cv.publications.check import check
from sphinx_cv.publications.read import read_library
from sphinx_cv.publications.source import read_text

ENTRY = """@article{{k{i},
  author  = {{Doe, Jane and Person{i}, Some and {{Group {i}}}}},
  title   = {{Imaginary Result Number {i} for {{B}}ayesian Widgets}},
  journal = {{Journal of Synthetic Results}},
  year    = {{2020}},
  doi     = {{10.5555/jsr.{i}}},
  eprint  = {{20{month:02}.{i:05}}}, archivePrefix = {{arXiv}},
}}
"""


def seconds(count: int) -> float:
    """Time of the process to read and check *count* entries, the better of two."""
    text = "".join(ENTRY.format(i=i, month=i % 12 + 1) for i in range(count))
    times = []
    for _ in range(2):
        gc.collect()
        start = time.process_time()
        source = read_text(text)
        assert check(source) == ()
        assert len(read_library({Path("x"): source}).works) == count
        times.append(time.process_time() - start)
    return min(times)


def exponent() -> float:
    """The power of the number by which time grows."""
    return math.log(seconds(2000) / seconds(250)) / math.log(8)


@pytest.mark.once
@pytest.mark.long
def test_time_is_linear() -> None:
    seconds(100)
    # Another process may slow a measurement down, but not speed it up three times.
    assert any(exponent() < 1.3 for _ in range(3))
