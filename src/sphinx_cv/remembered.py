"""What a build remembers for the next one of the same builder into the same folder."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sphinx.application import Sphinx


def recall(app: Sphinx, what: str) -> dict[str, str]:
    """What :func:`remember` was given; nothing if that is lost."""
    try:
        return cast("dict[str, str]", json.loads(_path(app, what).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def remember(app: Sphinx, what: str, values: Mapping[str, str]) -> None:
    """Keep *values* among the doctrees."""
    if recall(app, what) != values:
        _path(app, what).write_text(json.dumps(dict(values), sort_keys=True), encoding="utf-8")


def _path(app: Sphinx, what: str) -> Path:
    place = sha256(str(app.outdir).encode()).hexdigest()[:12]
    return app.doctreedir / f"cv-{app.builder.name}-{place}-{what}.json"
