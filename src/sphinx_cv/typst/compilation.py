"""From Typst text to a PDF file, and from what Typst reports to the page it is about."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: PDF/UA-1 for readers who listen, PDF/A-2a for archives that keep.
_STANDARDS: tuple[Literal["ua-1"], Literal["a-2a"]] = ("ua-1", "a-2a")
_HERE = Path(__file__).parent
_MAIN, _THEME = "main.typ", "theme.typ"
#: The translator leaves the number of a place in the sources before each block.
_MARK = re.compile(r"/\*@(\d+)\*/")
#: The temporary folder is nobody's business.
_FOLDER = re.compile(r" \(searched at .*\)")
#: A character that no font has; one that means something else to each font.
_UNSHOWN = re.compile(r'the text `"(.+)"` could not be displayed|contains the codepoint `"(.+)"`')
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")
#: What it says of an argument that a function has no parameter for.
_UNEXPECTED = "unexpected argument"
#: Where a call, or another bracket, opens and closes; strings and what is escaped have none.
_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"|\\.|(?P<open>[\w-]*\(|[\[{])|(?P<close>[)\]}])', re.S)
_POSITION = re.compile(r"┌─ (?:.*[/\\])?(?P<file>[^/\\]+):(?P<line>\d+):(?P<column>\d+)")


@dataclass(frozen=True)
class Finding:
    """What Typst says about the text."""

    message: str
    #: The number of the last place before it; ``None`` where that is not known.
    place: int | None
    #: The line of the theme, where the mistake is there.
    theme_line: int | None = None

    @property
    def unshown(self) -> str:
        """The text that cannot be shown, where that is what is wrong."""
        match = _UNSHOWN.search(self.message)
        text = match[1] or match[2] if match else ""
        return _ESCAPE.sub(lambda code: chr(int(code[1], 16)), text)


class CompilationError(Exception):
    """Typst made no file."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(finding.message for finding in findings))
        self.findings = tuple(findings)


def theme_names() -> list[str]:
    """The themes that come with the engine."""
    return sorted(path.stem for path in (_HERE / "themes").glob("*.typ") if path.stem != "base")


def compile_pdf(
    body: str, *, theme: str | Path, images: Mapping[str, Path], timestamp: int
) -> tuple[bytes, list[Finding]]:
    """The file for *body*, and Typst's warnings. Raises CompilationError.

    *theme* is the name of one of the engine's themes or a file. Nothing but the bundled fonts
    is used, and nothing fetched.
    """
    # Only who wants a PDF waits for it to load.
    import typst

    main = f'#import "{_THEME}": *\n{body}'
    with TemporaryDirectory() as name:
        folder = Path(name)
        for path in (_HERE / "themes").glob("*.typ"):
            shutil.copy(path, folder)
        mathematics = resources.files("sphinx_cv.mathematics").joinpath("mathematics.typ")
        (folder / "mathematics.typ").write_bytes(mathematics.read_bytes())
        source = theme if isinstance(theme, Path) else folder / f"{theme}.typ"
        shutil.copy(source, folder / _THEME)
        for target, path in images.items():
            shutil.copy(path, folder / target)
        (folder / _MAIN).write_text(main, encoding="utf-8")
        compiler = typst.Compiler(
            str(folder / _MAIN),
            root=str(folder),
            font_paths=[str(_HERE / "fonts")],
            ignore_system_fonts=True,
        )
        try:
            made, warnings = compiler.compile_with_warnings(
                format="pdf", pdf_standards=[*_STANDARDS], timestamp=timestamp
            )
        except typst.TypstError as error:
            own = source.read_text(encoding="utf-8") if isinstance(theme, Path) else ""
            raise CompilationError(findings(error.diagnostic, main, own)) from None
    assert isinstance(made, bytes)  # a list comes for pictures only
    return made, [found for w in warnings for found in findings(w.diagnostic, main)]


def places_of(text: str, body: str) -> list[int]:
    """The numbers of all places before *text*."""
    _, *parts = _MARK.split(body)
    return [int(n) for n, part in zip(parts[::2], parts[1::2], strict=True) if text in part]


def called(before: str) -> str:
    """The function whose arguments the text after *before* is among."""
    names = [""]
    for match in _BRACKET.finditer(before):
        if match["open"]:
            names.append(match["open"])
        elif match["close"] and len(names) > 1:
            names.pop()
    return names[-1].rstrip("([{")


def findings(diagnostic: str, main: str, theme: str = "") -> list[Finding]:
    """What the report *diagnostic* on *main* says, and after which places.

    *theme* is the text of a theme of the project, which may define fewer parameters than the
    engine's functions have.
    """
    found = []
    lines = main.splitlines(keepends=True)
    for part in re.split(r"^(?=(?:error|warning): )", diagnostic, flags=re.MULTILINE):
        if not part.strip():
            continue
        message = part.partition("\n")[0].partition(": ")[2] or part.strip()
        message = _FOLDER.sub("", message)
        # What is wrong within the engine is traced back to its call from the text.
        positions = list(_POSITION.finditer(part))
        position = next((match for match in positions if match["file"] == _MAIN), None)
        if positions and positions[0]["file"] == _THEME:
            found.append(Finding(message, None, int(positions[0]["line"])))
            continue
        place = None
        if position is not None:
            line, column = int(position["line"]), int(position["column"])
            before = "".join(lines[: line - 1]) + lines[line - 1][:column]
            marks = _MARK.findall(before)
            place = int(marks[-1]) if marks else None
            if message.startswith(_UNEXPECTED):
                name = called(before)
                defined = re.search(rf"^#let {re.escape(name)}\(", theme, re.MULTILINE)
                if defined:
                    message += f"; let {name!r} end its parameters with '..rest'"
                    at = theme.count("\n", 0, defined.start()) + 1
                    found.append(Finding(message, None, at))
                    continue
        found.append(Finding(message, place))
    return found
