"""Places in a page that are filled when it is written, from the whole project.

None of these reaches a translator: :mod:`sphinx_cv.listings` puts standard nodes, or
the timeline's picture, in their place.
"""

from __future__ import annotations

from docutils import nodes


class backlinks(nodes.General, nodes.Element):  # noqa: N801 (docutils names nodes so)
    """What refers to the ``place``, an entry or a document."""


class listing(nodes.General, nodes.Element):  # noqa: N801
    """A compact list of the entries that its ``query`` selects."""


class paper(nodes.General, nodes.Element):  # noqa: N801
    """The paper whose page the document ``docname`` is."""


class timeline(nodes.General, nodes.Element):  # noqa: N801
    """A picture of the entries that its ``query`` selects."""
