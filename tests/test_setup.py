"""What the extension does when it is loaded."""

import gc

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
