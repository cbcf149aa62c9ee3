"""Citations of keys that no entry has: reported where they are, with the key that was meant."""

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinxcontrib.bibtex.citation_target import parse_citation_targets

from sphinx_cv.mistakes import Mistake
from sphinx_cv.nearest import meant
from sphinx_cv.reporting import warn

if TYPE_CHECKING:
    from collections.abc import Set


def split_target(target: str, known: "Set[str]") -> tuple[str, list[str]]:
    """The part of a citation's *target* whose keys are *known*, and the other keys."""
    unknown, kept = [], []
    for cited in parse_citation_targets(target):
        if cited.key in known:
            pre = f"{{{cited.pre}}}" if cited.pre else ""
            post = f"{{{cited.post}}}" if cited.post else ""
            kept.append(f"{pre}{cited.key}{post}")
        else:
            unknown.append(cited.key)
    return ",".join(kept), unknown


class UnknownCitations(SphinxPostTransform):
    """Warns of unknown keys, and shows them, where sphinxcontrib-bibtex would show ``[]``."""

    # Before Sphinx resolves references, at 10.
    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        cite = self.env.get_domain("cite")
        known = set(cite.data["bibdata"].data.entries) | {c.key for c in cite.data["citations"]}
        for node in list(self.document.findall(addnodes.pending_xref)):
            if node.get("refdomain") != "cite":
                continue
            kept, unknown = split_target(node["reftarget"], known)
            for key in unknown:
                warn(
                    Mistake.BIB_CITATION,
                    "no entry has the key %r that is cited%s",
                    key,
                    meant(key, known) or "; add it to the .bib file",
                    location=node,
                )
            if not unknown:
                continue
            shown = nodes.inline("", f"[{', '.join(unknown)}?]", classes=["bibtex-unknown"])
            if kept:
                node["reftarget"] = kept
                node.parent.insert(node.parent.index(node) + 1, [nodes.Text(" "), shown])
            else:
                node.replace_self(shown)
