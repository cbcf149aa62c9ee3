"""The directive ``cv:figure``: a computed picture, within the page where that can be.

Within a HTML page its colours follow the theme, and a script can move it. Everywhere else, and
wherever something is wrong with it, it is an image like others.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst.directives import (
    choice,
    class_option,
    length_or_percentage_or_unitless,
    unchanged,
)
from sphinx.directives.patches import Figure
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from sphinx_cv.mistakes import Mistake
from sphinx_cv.reporting import warn
from sphinx_cv.research.frames import read_frames
from sphinx_cv.research.results import ResultsError, read_results, results_of_figure
from sphinx_cv.research.stale import RESULTS, note_file
from sphinx_cv.research.svg import Picture, markup, problems, read_picture, share_shapes

if TYPE_CHECKING:
    from typing import Any

    from docutils.nodes import Node
    from sphinx.application import Sphinx
    from sphinx.util.typing import OptionSpec

#: Attributes of an image: the ids within it, if it may stand in a page; whether it moves.
IDS, MOVES = "cv_ids", "cv_moves"


class FigureDirective(SphinxDirective, Figure):
    """A figure whose alternative text is its picture's own title and description."""

    # What else docutils offers would need styles in the page, or another text than the picture's.
    option_spec: ClassVar[OptionSpec] = {
        "name": unchanged,
        "width": length_or_percentage_or_unitless,
        "align": lambda value: choice(value, Figure.align_h_values),
        "class": class_option,
        "figclass": class_option,
    }

    def run(self) -> list[Node]:
        path = Path(self.env.relfn2path(self.arguments[0])[1])
        note_file(self.env, path)
        try:
            picture = read_picture(path)
        except FileNotFoundError:
            self._warn("there is no such file")
            return []
        except (OSError, ValueError) as error:
            self._warn(str(error))
            return []
        found = list(problems(picture))
        for problem in found:
            self._warn(problem)
        if picture.text:
            self.options["alt"] = picture.text
        made: list[Node] = super().run()
        image = made[0].next_node(nodes.image) if made else None
        if image is None:
            return made
        if not found:
            image[IDS] = picture.ids
            image[MOVES] = self._moves(path.with_suffix(".json"), picture)
        self._note_results(path, image)
        return made

    def _moves(self, path: Path, picture: Picture) -> bool:
        """Whether there are frames that fit the picture."""
        note_file(self.env, path)
        try:
            found = list(read_frames(path).problems(picture.ids))
        except FileNotFoundError:
            return False
        except (OSError, ValueError) as error:
            found = [f"it cannot be read: {error}"]
        for problem in found:
            self._warn(problem, path.name)
        return not found

    def _note_results(self, path: Path, image: nodes.image) -> None:
        """Let the image say which results it belongs to, and be sure that it does."""
        results = results_of_figure(path)
        if results is None:
            return
        note_file(self.env, results)
        try:
            found = read_results(results)
        except ResultsError as error:
            self._warn(f"its results, {results.name!r}, cannot be read: {error}")
            return
        image[RESULTS] = str(results)
        if path.resolve() not in {each.resolve() for each in found.made_of}:
            message = "%r is not among the figures of %r; run: %s"
            warn(
                Mistake.STALE,
                message,
                self.arguments[0],
                results.name,
                found.command,
                location=self.get_location(),
            )

    def _warn(self, problem: str, name: str = "") -> None:
        message = "the figure %r cannot be used as it is: %s"
        shown = name or self.arguments[0]
        warn(Mistake.FIGURE, message, shown, problem, location=self.get_location())


def check_ids(app: Sphinx, document: nodes.document) -> None:
    """Handler of ``doctree-read``: pictures whose ids are in use stay images."""
    used: dict[str, str] = dict.fromkeys(document.ids, "the page itself")
    for image in document.findall(nodes.image):
        ids: tuple[str, ...] = image.get(IDS, ())
        clash = next((each for each in ids if each in used), None)
        if clash is not None:
            message = "the figure %r has the id %r, which %s has; show each once on a page"
            warn(Mistake.FIGURE, message, image["uri"], clash, used[clash], location=image)
            del image[IDS]
        else:
            used.update(dict.fromkeys(ids, repr(image["uri"])))


class InlineFigures(SphinxPostTransform):
    """Puts the pictures themselves into HTML pages."""

    # Before Sphinx collects the images to copy, and after it has taken away what `only` hides:
    # a picture may use the shapes of one before it.
    default_priority = 60
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        images: list[nodes.image] = list(self.document.findall(nodes.image))
        shapes: dict[str, str] = {}
        for image in images:
            if IDS not in image:
                continue
            path = Path(self.env.srcdir, image["uri"])
            frames = read_frames(path.with_suffix(".json")) if image[MOVES] else None
            picture = read_picture(path)
            share_shapes(picture, shapes, frames.moving if frames else ())
            classes = " ".join(["cv-figure", *image["classes"]])
            content = markup(picture, classes=classes, width=image.get("width", ""))
            made = nodes.raw("", content, format="html", classes=["cv-figure"])
            if frames:
                made["classes"].append("cv-moves")
                address = Path(image["uri"]).with_suffix(".js").as_posix()
                made += nodes.Text(frames.script(address))
                file = Path(self.env._app.outdir, "_static", address)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(frames.changes(), encoding="utf-8", newline="\n")
            image.replace_self(made)
