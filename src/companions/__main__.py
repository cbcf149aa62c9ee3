"""Compute what the write-ups show: ``nox -s research -- [page …] [--all | --check]``."""

from __future__ import annotations

import argparse
import ast
import hashlib
import importlib
import json
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from typing import Any

    from companions.study import Study

PACKAGE = Path(__file__).parent
#: How far, in points, a line of a figure may be drawn from where it was.
DRAWN_WITHIN = 0.5


def main() -> int:
    """Run the pages that are asked for; 1 if a check fails or a computation raises."""
    names = sorted(path.stem for path in (PACKAGE / "pages").glob("[!_]*.py"))
    pages = [name.replace("_", "-") for name in names]
    parser = argparse.ArgumentParser(prog="nox -s research --", description=__doc__)
    parser.add_argument("pages", nargs="*", metavar="page", help=", ".join(pages))
    parser.add_argument("--out", type=Path, default=PACKAGE.parents[1] / "docs" / "research")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--all", action="store_true", help="also what is not stale")
    what.add_argument("--check", action="store_true", help="compute again and compare")
    options = parser.parse_args()
    if unknown := set(options.pages) - set(pages):
        parser.error(f"no page {', '.join(sorted(unknown))}; there are {', '.join(pages)}")
    chosen = options.pages or pages
    if not (options.all or options.check):
        chosen = [page for page in chosen if stale(page, options.out)]
    began = time.monotonic()
    failed = 0
    # The processes share the cores: one thread each.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        run = check if options.check else compute
        running = {pool.submit(run, page, options.out): page for page in chosen}
        for done, future in enumerate(as_completed(running), 1):
            page = running[future]
            try:
                complaints, seconds = future.result()
            except Exception as error:
                complaints, seconds = [f"{type(error).__name__}: {error}"], 0.0
            failed += bool(complaints)
            print(f"[{done}/{len(chosen)}] {page}: {seconds:.1f} s", flush=True)
            for complaint in complaints:
                print(f"  {complaint}", file=sys.stderr, flush=True)
    verb = "checked" if options.check else "computed"
    fresh = "" if options.check else f", {len(options.pages or pages) - len(chosen)} fresh already"
    print(f"{len(chosen)} pages {verb}{fresh} in {time.monotonic() - began:.0f} s")
    return bool(failed)


def code(page: str) -> list[Path]:
    """The page's module and all modules of this package that it imports, directly or not."""
    found: list[Path] = []
    waiting = [PACKAGE / "pages" / f"{page.replace('-', '_')}.py", PACKAGE / "drawing.py"]
    while waiting:
        path = waiting.pop()
        if path in found or not path.exists():
            continue
        found.append(path)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("companions"):
                parts = (node.module or "").split(".")[1:]
                waiting.append(PACKAGE.joinpath(*parts).with_suffix(".py"))
                waiting += [PACKAGE.joinpath(*parts, f"{name.name}.py") for name in node.names]
    return sorted(found)


def digest(path: Path) -> str:
    """SHA-256 of a text file, the same whatever its line endings."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def recorded(page: str, out: Path) -> dict[str, Any]:
    """The results file of a page; empty if there is none that can be read."""
    try:
        content = (out / "results" / f"{page}.json").read_text(encoding="utf-8")
        return cast("dict[str, Any]", json.loads(content))
    except (OSError, ValueError):
        return {}


def stale(page: str, out: Path) -> bool:
    """Whether the code has changed since, or a figure is not as it was written."""
    record, folder = recorded(page, out), out / "results"
    if record.get("code") != _digests(code(page), folder):
        return True
    figures = [folder / name for name in record["figures"]]
    return not all(map(Path.exists, figures)) or record["figures"] != _digests(figures, folder)


def compute(page: str, out: Path) -> tuple[list[str], float]:
    """Write figures and results of a page; nothing to complain of, and the seconds it took."""
    results, files, seconds = _run(page)
    for folder in ("figures", "results"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    for name in recorded(page, out).get("figures", {}):
        (out / "results" / name).unlink(missing_ok=True)
    for name, text in files.items():
        (out / name).write_text(text, encoding="utf-8", newline="\n")
    record = {
        "command": f"nox -s research -- {page}",
        "code": _digests(code(page), out / "results"),
        "figures": _digests([out / name for name in files], out / "results"),
        "results": results,
    }
    text = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (out / "results" / f"{page}.json").write_text(text, encoding="utf-8", newline="\n")
    return [], seconds


def check(page: str, out: Path) -> tuple[list[str], float]:
    """Compare what is recorded with what is computed now: complaints, and the seconds it took."""
    from companions.drawing import difference

    complaints = []
    if stale(page, out):
        complaints.append(f"the code has changed since: run nox -s research -- {page}")
    results, files, seconds = _run(page)
    before = recorded(page, out).get("results", {})
    for name in sorted(set(before) | set(results)):
        if name not in before or name not in results:
            complaints.append(f"{name}: only {'recorded' if name in before else 'computed'}")
            continue
        old, new = before[name], results[name]
        if not abs(old["value"] - new["value"]) <= new["tolerance"]:
            complaints.append(
                f"{name}: {new['value']!r}, recorded {old['value']!r}, tolerance {new['tolerance']}"
            )
    for name, text in files.items():
        path = out / name
        moved = (
            difference(path.read_text(encoding="utf-8"), text) if path.exists() else float("inf")
        )
        if not moved <= DRAWN_WITHIN:
            complaints.append(f"{name}: drawn otherwise, by {moved:.2g} pt")
    return complaints, seconds


def _run(page: str) -> tuple[dict[str, dict[str, Any]], dict[str, str], float]:
    """Results and the text of figures by their path in the folder of the pages."""
    import matplotlib

    from companions import drawing
    from companions.study import pictures

    began = time.monotonic()
    module = importlib.import_module(f"companions.pages.{page.replace('-', '_')}")
    study = cast("Study", module)
    data = study.compute()
    results = {
        name: {"value": float(f"{r.value:.12g}"), "text": r.text, "tolerance": r.tolerance}
        for name, r in study.results(data).items()
    }
    files = {}
    with matplotlib.rc_context(drawing.STYLE):
        for name, picture in pictures(study).items():
            for ending, text in drawing.write(picture, data, f"{page}-{name}").items():
                files[f"figures/{page}-{name}.{ending}"] = text
    return results, files, time.monotonic() - began


def _digests(paths: list[Path], folder: Path) -> dict[str, str]:
    return {Path(os.path.relpath(path, folder)).as_posix(): digest(path) for path in paths}


if __name__ == "__main__":
    sys.exit(main())
