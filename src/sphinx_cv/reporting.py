"""Reporting a mistake through Sphinx."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.util import logging

if TYPE_CHECKING:
    from docutils.nodes import Node

    from sphinx_cv.mistakes import Mistake

logger = logging.getLogger(__name__)


def warn(
    mistake: Mistake,
    message: str,
    *args: object,
    location: str | Node | tuple[str, int] | None = None,
) -> None:
    """Report a mistake in the user's text at its place."""
    logger.warning(message, *args, location=location, type="cv", subtype=mistake.value)
