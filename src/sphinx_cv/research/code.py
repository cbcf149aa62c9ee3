"""Dotted names of objects in Python files, looked up without importing anything."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sphinx_cv.nearest import meant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


def look_up(name: str, folder: Path) -> tuple[Path | None, str]:
    """The file below *folder* that should define *name*, and what is wrong: nothing if it does."""
    parts = name.split(".")
    place, module = folder, ""
    while parts and (place / parts[0]).is_dir():
        module = f"{module}.{parts[0]}".lstrip(".")
        place /= parts.pop(0)
    if parts and (place / f"{parts[0]}.py").is_file():
        module = f"{module}.{parts[0]}".lstrip(".")
        place /= f"{parts.pop(0)}.py"
    elif (place / "__init__.py").is_file() and place != folder:
        if parts and parts[0] not in _names(place / "__init__.py"):
            what = f"{module!r} has no module or object {parts[0]!r}"
            known = {*_modules(place), *_names(place / "__init__.py")}
            return place / "__init__.py", what + meant(parts[0], known)
        place /= "__init__.py"
    elif parts:
        where = f"in {module!r}" if module else f"below {folder.name!r}"
        known = _modules(place)
        return None, f"there is no module {parts[0]!r} {where}{meant(parts[0], known)}"
    else:
        return None, ""
    return place, _missing(parts, module, place)


def _missing(parts: list[str], module: str, path: Path) -> str:
    """What *path* does not define of the attributes *parts*, in words."""
    try:
        body: list[ast.stmt] = ast.parse(path.read_bytes()).body
    except (SyntaxError, ValueError) as error:
        return f"{path.name!r} cannot be read: {error}"
    owner, open_ended = module, False
    for part in parts:
        names = dict(_defined(body))
        if part not in names:
            # A name may be inherited from a class that is not looked at.
            return "" if open_ended else f"{owner!r} has no {part!r}{meant(part, names)}"
        statement = names[part]
        body = statement.body if isinstance(statement, ast.ClassDef) else []
        open_ended = isinstance(statement, ast.ClassDef) and bool(statement.bases)
        owner = f"{owner}.{part}"
    return ""


def _defined(body: Iterable[ast.stmt]) -> Iterator[tuple[str, ast.stmt]]:
    """The names that statements define, those in conditions and the like too."""
    for statement in body:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield statement.name, statement
            case ast.Import() | ast.ImportFrom():
                for alias in statement.names:
                    yield (alias.asname or alias.name).partition(".")[0], statement
            case ast.Assign() | ast.AnnAssign():
                targets = statement.targets if isinstance(statement, ast.Assign) else []
                for target in targets or [statement.target]:  # type: ignore[union-attr]
                    for node in ast.walk(target):
                        if isinstance(node, ast.Name):
                            yield node.id, statement
            case ast.If() | ast.Try() | ast.With():
                for field in ("body", "orelse", "finalbody"):
                    yield from _defined(getattr(statement, field, []))


def _names(path: Path) -> set[str]:
    try:
        return {name for name, _ in _defined(ast.parse(path.read_bytes()).body)}
    except (SyntaxError, ValueError):
        return set()


def _modules(folder: Path) -> set[str]:
    if not folder.is_dir():
        return set()
    return {path.stem for path in folder.iterdir() if path.suffix == ".py" or path.is_dir()} - {
        "__init__",
        "__pycache__",
    }
