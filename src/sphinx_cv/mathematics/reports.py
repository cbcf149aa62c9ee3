"""Formulas of doctree nodes, and warnings about those that cannot be read."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.errors import ConfigError

from sphinx_cv.mathematics.locating import excerpt, locate
from sphinx_cv.mathematics.reading import read
from sphinx_cv.mathematics.tokens import Macro
from sphinx_cv.mistakes import Mistake
from sphinx_cv.reporting import warn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

    from sphinx_cv.mathematics.formula import Formula
    from sphinx_cv.mathematics.tokens import FormulaError

#: Set on a node whose mistake has been reported, so that no builder reports it again.
_REPORTED = "cv-math-reported"


def macros_of(config: Config) -> Mapping[str, Macro]:
    """``cv_math_macros`` as macros. Raises ConfigError."""
    # repr is a cheap key for a value that may hold lists.
    return _macros(repr(config.cv_math_macros), _Uncompared(config.cv_math_macros))


class _Uncompared:
    """Carries a value past `lru_cache` without being part of the key."""

    def __init__(self, value: Mapping[str, Any]) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Uncompared)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=4)
def _macros(key: str, values: _Uncompared) -> Mapping[str, Macro]:
    macros = {}
    for name, value in values.value.items():
        try:
            macros[name.removeprefix("\\")] = Macro.parse(value)
        except ValueError as error:
            raise ConfigError(f"cv_math_macros: {name}: {error}") from None
    return macros


def check_macros(app: Sphinx, config: Config) -> None:
    """Handler of ``config-inited``: a bad macro is told before any page is read."""
    macros_of(config)


def is_latex(node: nodes.Element) -> bool:
    """Whether the source stands for itself, as MyST's amsmath environments do."""
    return bool(node.get("no-wrap", node.get("nowrap", False)))


def formula_of(node: nodes.math | nodes.math_block, config: Config) -> Formula:
    """The formula of a node. Raises FormulaError."""
    if isinstance(node, nodes.math_block):
        latex = is_latex(node)
        label = None if latex else node.get("label")
        return read(
            source_of(node), display=True, macros=macros_of(config), numbered=latex, label=label
        )
    return read(source_of(node), macros=macros_of(config))


def source_of(node: nodes.Element) -> str:
    # A block's children past the text hold the ids of its rows.
    text = node.children[0] if node.children else None
    return str(text.astext() if isinstance(text, nodes.Text) else node.astext())


def report(env: BuildEnvironment, node: nodes.Element, error: FormulaError) -> None:
    """Warn about a bad formula once, at its line and column."""
    if node.get(_REPORTED):
        return
    node[_REPORTED] = True
    tex = source_of(node)
    path, line = _origin(node)
    place = None
    if path is not None and line is not None:
        try:
            source = Path(path).read_text(encoding="utf-8")
        except OSError:
            source = ""
        place = locate(source, line, tex, error.offset)
    location: Any = node
    where = f"character {error.offset + 1} of the formula"
    if place is not None and path is not None:
        location = f"{path}:{place.line}"
        where = f"column {place.column}"
    warn(
        Mistake.MATH,
        "bad formula at %s: %s: %s",
        where,
        error.sentence,
        excerpt(tex, error.offset),
        location=location,
    )


def _origin(node: nodes.Element) -> tuple[str | None, int | None]:
    up: nodes.Node | None = node
    while up is not None:
        if up.line is not None and up.source:
            return up.source, up.line
        up = up.parent
    return None, None
