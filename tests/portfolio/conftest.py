"""What the tests of the portfolio share with those of the engine."""

from tests.typst.conftest import validate

__all__ = ["validate"]
