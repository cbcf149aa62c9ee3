"""What the extension does when it is loaded."""

import gc
import subprocess
import sys

import pytest

from sphinx_cv import spare_trees


@pytest.mark.parametrize(("before", "after"), [(700, 50_000), (90_000, 90_000), (0, 0)])
def test_garbage_is_looked_for_less_often_unless_never(before, after) -> None:
    usual = gc.get_threshold()
    try:
        gc.set_threshold(before, 11, 12)
        spare_trees()
        assert gc.get_threshold()[0] == after
        assert gc.get_threshold()[1] == 11
    finally:
        gc.set_threshold(*usual)


def test_garbage_is_not_looked_for_at_the_end() -> None:
    code = """
import atexit, gc
from sphinx_cv import spare_trees
atexit.register(lambda: print(gc.get_freeze_count()))  # the last that runs
spare_trees()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 1_000
