"""Pictures that move: the frames of a figure, in a file of the same name beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Frames:
    """What a file of frames says."""

    data: dict[str, Any]

    @property
    def moving(self) -> set[str]:
        """The ids of what changes."""
        return {change["id"] for change in self.data["changes"]}

    def problems(self, ids: Collection[str]) -> Iterator[str]:
        """What does not fit with itself or with the *ids* of the picture."""
        frames, changes = self.data.get("frames"), self.data.get("changes")
        if not isinstance(self.data.get("label"), str) or not self.data["label"]:
            yield "it has no 'label' for its slider; add one, such as 'time t'"
        if not isinstance(frames, list) or not frames or not _all_text(frames):
            yield "its 'frames' must be a list of labels, one for each frame"
            return
        still = self.data.get("still")
        if not isinstance(still, int) or not 0 <= still < len(frames):
            yield f"its 'still' is {still!r}; it must be one of 0 to {len(frames) - 1}"
        if not isinstance(changes, list):
            yield "its 'changes' must be a list"
            return
        for change in changes:
            yield from _problems_of(change, len(frames), ids)

    def script(self, address: str) -> str:
        """What a page holds: all but what changes, and the address of that, beside the engine's
        script. Nothing in it could end the element."""
        words = _json({key: value for key, value in self.data.items() if key != "changes"})
        words = words.replace("<", "\\u003c")
        # Another address for other frames, or browsers would keep the old ones.
        version = sha256(self.changes().encode()).hexdigest()[:8]
        return (
            '<script type="application/json" class="cv-frames"'
            f' data-changes="{escape(quote(address))}?v={version}">{words}</script>'
        )

    def changes(self) -> str:
        """The file of what changes, which is only for who comes near the picture."""
        return f"cvFrames({_json(self.data['changes'])});\n"


def read_frames(path: Path) -> Frames:
    """Read a file of frames. Raises OSError, or ValueError where it is none."""
    data = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(data, dict):
        raise ValueError("it is not an object")
    return Frames(data)


def _problems_of(change: Any, length: int, ids: Collection[str]) -> Iterator[str]:
    if not isinstance(change, dict) or not {"id", "attribute", "values"} <= change.keys():
        yield "each of its 'changes' must have 'id', 'attribute' and 'values'"
        return
    name, attribute, values = (change[key] for key in ("id", "attribute", "values"))
    if name not in ids:
        yield f"it changes {name!r}, an id that the picture does not have"
    if attribute in {"style", "id", "href"} or str(attribute).lower().startswith("on"):
        yield f"it changes the attribute {attribute!r}; only how a thing is drawn may change"
    if not isinstance(values, list) or not _all_text(values):
        yield f"the values of {name!r} must be a list of texts"
    elif len(values) != length:
        yield f"it has {len(values)} values for {name!r}, but {length} frames"


def _all_text(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
