"""Reporting a mistake through Sphinx."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util import logging

if TYPE_CHECKING:
    from docutils.nodes import Node

    from sphinx_cv.mistakes import Mistake

logger = logging.getLogger(__name__)


def located(node: Node | None) -> Node | None:
    """The node itself or the nearest around it that knows its line."""
    while node is not None and node.line is None:
        node = node.parent
    return node


def warn(
    mistake: Mistake,
    message: str,
    *args: object,
    location: str | Node | tuple[str, int] | None = None,
) -> None:
    """Report a mistake in the user's text at its place."""
    if isinstance(location, nodes.Node):
        location = located(location) or location
    logger.warning(message, *args, location=location, type="cv", subtype=mistake.value)
