"""What the files of a project say, kept as bytes until someone looks into it.

Sphinx loads all that it has kept at the start of each build. One in which nothing has changed needs
to know which works there are and whether they say the same, and no more.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pybtex.database import BibliographyData

if TYPE_CHECKING:
    from sphinx_cv.publications.read import Work


class Pack:
    """The works by key, and the same for pybtex; not to be changed."""

    def __init__(self, works: Mapping[str, Work], data: BibliographyData) -> None:
        self._content: tuple[Mapping[str, Work], BibliographyData] | None = (works, data)
        self._bytes = b""

    def content(self) -> tuple[Mapping[str, Work], BibliographyData]:
        if self._content is None:
            self._content = pickle.loads(self._bytes)
        return self._content

    def __getstate__(self) -> bytes:
        if not self._bytes:
            self._bytes = pickle.dumps(self._content, pickle.HIGHEST_PROTOCOL)
        return self._bytes

    def __setstate__(self, state: bytes) -> None:
        self._bytes, self._content = state, None


class Works(Mapping[str, "Work"]):
    """Works by key, in the order of the files; their keys and digests are there without looking."""

    def __init__(self, pack: Pack, digests: Mapping[str, str]) -> None:
        self._pack = pack
        #: Key -> digest of the work.
        self.digests = digests

    def only(self, keys: Iterable[str]) -> Works:
        """Some of them."""
        return Works(self._pack, {key: self.digests[key] for key in keys})

    def __getitem__(self, key: str) -> Work:
        if key not in self.digests:
            raise KeyError(key)
        return self._pack.content()[0][key]

    def __contains__(self, key: object) -> bool:
        return key in self.digests

    def __iter__(self) -> Iterator[str]:
        return iter(self.digests)

    def __len__(self) -> int:
        return len(self.digests)


class PackedData(BibliographyData):  # type: ignore[misc]
    """The entries for pybtex and sphinxcontrib-bibtex."""

    def __init__(self, pack: Pack) -> None:
        # Not the base's, whose attributes are those of the packed one, once they are asked for.
        self._pack = pack

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pack.content()[1], name)

    def __reduce__(self) -> tuple[type[PackedData], tuple[Pack]]:
        return PackedData, (self._pack,)
