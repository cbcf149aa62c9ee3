"""The README and the hosting files say what is so."""

import ast
import itertools
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from sphinx_cv.entries import DIRECTIVE_KINDS
from sphinx_cv.mistakes import Mistake

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
#: What runs the portfolio's commands, wherever they are named.
COMMAND = re.compile(r"(?:python3?(?: -m)? (?:noxfile\.py|nox)|\bnox) -s ([\w ]+)")


def sessions() -> set[str]:
    """The sessions of the noxfile, without running it."""
    tree = ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8"))
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any("session" in ast.unparse(decorator) for decorator in node.decorator_list)
    }


def table(heading: str) -> list[list[str]]:
    """The first table after a heading of the README, without its head."""
    text = README.split(f"## {heading}\n", 1)[1]
    rows = re.findall(r"^\|(.+)\|$", text.split("\n\n## ")[0], re.MULTILINE)
    return [[cell.strip() for cell in row.split("|")] for row in rows[2:]]


def test_every_mistake_is_documented() -> None:
    assert table("Mistakes") == [[f"`cv.{mistake}`", mistake.meaning] for mistake in Mistake]


def test_every_field_is_documented() -> None:
    def names(fields):
        return ", ".join(f"`{name}`" for name in fields)

    documented = {row[0]: row[1:] for row in table("Writing entries")}
    assert documented == {
        f"`cv:{kind.name}`": [names(kind.required), names(kind.optional)]
        for kind in DIRECTIVE_KINDS
    }


def steps(name: str) -> list[dict]:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text())
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def commands() -> dict[str, list[str]]:
    """File -> the shell commands that hosts run from it."""
    docs = yaml.safe_load((ROOT / ".readthedocs.yaml").read_text())["build"]["jobs"]
    return {
        "tests.yml": [step["run"] for step in steps("tests.yml") if "run" in step],
        "pages.yml": [step["run"] for step in steps("pages.yml") if "run" in step],
        ".readthedocs.yaml": docs["install"] + docs["build"]["html"],
    }


def test_hosts_run_the_sessions_that_are_there() -> None:
    assert commands()["tests.yml"] == ["bash .ci/run"]
    texts = [README, (ROOT / ".ci" / "run").read_text(), *itertools.chain(*commands().values())]
    named = {name for text in texts for group in COMMAND.findall(text) for name in group.split()}
    assert {"html", "tests", "lint"} <= named <= sessions()


def test_what_hosts_publish_is_what_the_session_builds() -> None:
    uploads = [
        step["with"]["path"] for step in steps("pages.yml") if "upload" in str(step.get("uses"))
    ]
    assert uploads == ["docs/_build/html"]
    assert 'cp -r docs/_build/html "$READTHEDOCS_OUTPUT/html"' in commands()[".readthedocs.yaml"]


def test_nothing_keeps_or_publishes_private_values() -> None:
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert {"/docs/_build/", "/docs/private.env"} <= set(ignored)
    hosts = [ROOT / ".readthedocs.yaml", *(ROOT / ".github" / "workflows").iterdir()]
    assert not [path.name for path in hosts if "private" in path.read_text()]
    published = [command for file in commands().values() for command in file if "cp " in command]
    assert published == ['cp -r docs/_build/html "$READTHEDOCS_OUTPUT/html"']


def test_actions_are_pinned_and_permissions_least() -> None:
    for name in ("tests.yml", "pages.yml"):
        workflow = yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text())
        assert workflow["permissions"] == {}
        for step in steps(name):
            if "uses" in step:
                assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", step["uses"])


@pytest.fixture
def clone(tmp_path) -> Path:
    """A clone of the project, with a Python that is that of the tests."""
    clone, tools = tmp_path / "clone", tmp_path / "bin"
    subprocess.run(["git", "-c", "safe.directory=*", "clone", "-q", ROOT, clone], check=True)
    tools.mkdir()
    for name in ("python", "python3"):
        # Not a link: it would not be of the tests' environment.
        (tools / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        (tools / name).chmod(0o755)
    return clone


@pytest.mark.once
@pytest.mark.long
def test_the_commands_of_the_hosts_build_the_site(clone) -> None:
    for file in ("pages.yml", ".readthedocs.yaml"):
        host(file, clone)


def host(file: str, clone: Path) -> None:
    """Run in the clone, by the interpreter of the tests, exactly what the host would."""
    # Both read the same sources in the same way, so that what was read may stay.
    for made in ("html", "pdf"):
        shutil.rmtree(clone / "docs" / "_build" / made, ignore_errors=True)
    output = clone.parent / "output"
    environment = {
        "PATH": f"{clone.parent / 'bin'}:{Path(shutil.which('git')).parent}:/usr/bin:/bin",
        "HOME": str(clone.parent),
        "READTHEDOCS_OUTPUT": str(output),
        "SITE_URL": "https://ada.example.org/cv/",
    }
    script = "set -e\n" + "\n".join(commands()[file])
    # The tests' own environment serves as the host's; it is not to be installed into.
    script = script.replace('python -m pip install "nox>=2025.2"', "python -c 'import nox'")
    subprocess.run(["bash", "-c", script], cwd=clone, env=environment, check=True)
    site = output / "html" if file == ".readthedocs.yaml" else clone / "docs/_build/html"
    page = (site / "index.html").read_text(encoding="utf-8")
    assert 'rel="canonical" href="https://ada.example.org/cv/index.html"' in page
    assert "https://ada.example.org/cv/index.html" in (site / "sitemap.xml").read_text()
    offered = set(re.findall(r'href="([\w-]+\.pdf)"', page))
    assert "cv.pdf" in offered
    assert all((site / name).read_bytes().startswith(b"%PDF") for name in offered)
    assert not (clone / "docs" / "_build" / "private").exists()


#: The portfolio of someone who has followed the README and kept the engine.
ADAS = {
    "docs/index.md": """---
myst:
  html_meta:
    description: Curriculum vitae of Ada Lovelace.
---

# Ada Lovelace

:::{cv:person} Ada Lovelace
:email: ada@example.net
:::

:::{toctree}
:caption: Curriculum vitae

cv/jobs
cv/papers
:::
""",
    "docs/cv/jobs.md": """# Jobs

:::{cv:work} Analyst
:organization: Analytical Engine Society
:dates: 1842 – 1843

Wrote {cv:ref}`notes1843`.
:::
""",
    "docs/cv/papers.md": "# Papers\n\n:::{cv:publications}\n:::\n",
    "refs.bib": """@article{notes1843,
  author = {Lovelace, Ada}, title = {Notes}, journal = {Memoirs}, volume = {3}, year = {1843},
}
""",
}


@pytest.mark.once
def test_someone_else_can_keep_the_engine(tmp_path) -> None:
    """With warnings as errors, after what the README says of making it yours."""
    subprocess.run(["git", "-c", "safe.directory=*", "clone", "-q", ROOT, tmp_path], check=True)
    conf = tmp_path / "docs" / "conf.py"
    text = conf.read_text(encoding="utf-8")
    conf.write_text(re.sub('project = author = ".*"', 'project = author = "Ada Lovelace"', text))
    for folder in ("docs/cv", "docs/research", "src/companions"):
        shutil.rmtree(tmp_path / folder, ignore_errors=True)
    for name, text in ADAS.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "src")}
    for builder, out in (("typst", "docs/_build/pdf"), ("html", "html")):
        command = [sys.executable, "-m", "sphinx", "-b", builder, "-d", "doctrees", "-nqW"]
        subprocess.run([*command, "docs", out], cwd=tmp_path, env=environment, check=True)
    page = (tmp_path / "html" / "index.html").read_text(encoding="utf-8")
    assert set(re.findall(r'href="([\w-]+\.pdf)"', page)) == {"cv.pdf"}
    assert (tmp_path / "html" / "publications" / "notes1843.html").is_file()
