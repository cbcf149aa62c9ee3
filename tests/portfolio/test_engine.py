"""The engine knows nothing of whose portfolio it makes."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: What is the owner's own: all else can be kept by someone who starts from here.
OWN = ("docs/", "refs.bib", "src/companions/", "tests/companions/", "tests/portfolio/")
TRACES = re.compile(rb"benton|\bjoe\b|joe\.|redwood|deligiannidis|new inn hall|7964", re.IGNORECASE)


def test_nothing_else_names_the_owner() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("which files are the repository's is known to git alone")
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    names = [name for name in listed.split("\0") if name and not name.startswith(OWN)]
    assert len(names) > 100
    texts = [name for name in names if Path(name).suffix not in {".png", ".woff2", ".otf", ".ttf"}]
    found = {
        name: match[0]
        for name in texts
        if (path := ROOT / name).is_file() and (match := TRACES.search(path.read_bytes()))
    }
    assert found == {}
