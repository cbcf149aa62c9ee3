"""The commands of the project: `nox -l` lists them.

Without nox, `python noxfile.py` does the same as `nox`: it brings nox along.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

try:
    import nox
except ModuleNotFoundError:
    import venv

    _home = Path(__file__).resolve().parent / ".nox" / "bootstrap"
    _python = _home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not _python.exists():
        venv.create(_home)
    # pip of the running Python installs into the new environment: Debian's venv has none.
    _pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(_python)]
    subprocess.run([*_pip, "install", "--quiet", "nox>=2025.2"], check=True)
    sys.exit(subprocess.run([str(_python), __file__, *sys.argv[1:]]).returncode)

nox.needs_version = ">=2025.2"
nox.options.sessions = ["html", "pdf"]
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.error_on_missing_interpreters = False

ROOT = Path(__file__).parent
BUILD = ROOT / "docs" / "_build"
PROJECT = nox.project.load_toml("pyproject.toml")
OWN = f"{sys.version_info.major}.{sys.version_info.minor}"
OLDEST, *_, NEWEST = nox.project.python_versions(PROJECT)


def install(session: nox.Session, group: str) -> None:
    """Install the project and a dependency group, unless that is done already."""
    # Byte code is made of what is run, the first time, which takes less than to make it of
    # all that is installed; some machines forbid it, so that it would be made each time.
    session.env.update({"PIP_COMPILE": "0", "PYTHONDONTWRITEBYTECODE": ""})
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = Path(session.virtualenv.location) / "installed"
    if not stamp.exists() or stamp.read_text() != wanted:
        session.install("-e", ".", *nox.project.dependency_groups(PROJECT, group))
        stamp.write_text(wanted)


def sphinx(
    session: nox.Session, builder: str, *args: str, folder: str = "", strict: bool = True
) -> Path:
    """Build with warnings as errors: the one definition of building the portfolio."""
    out = BUILD / (folder or builder)
    session.run(
        "python", "-m", "sphinx", "-b", builder, "-d", str(BUILD / "doctrees"),
        *["-W", "--keep-going"] * strict, "-n", "-q", *args, "docs", str(out),
    )  # fmt: skip
    return out


@nox.session
def html(session: nox.Session) -> None:
    """Build the site into docs/_build/html, with the PDFs that it links to."""
    install(session, "docs")
    sphinx(session, "typst", folder="pdf")
    out = sphinx(session, "html", *session.posargs)
    session.log(f"The site is at {(out / 'index.html').as_uri()}")


@nox.session
def pdf(session: nox.Session) -> None:
    """Build the PDFs into docs/_build/pdf, and the CV with what is private beside it."""
    install(session, "docs")
    public = sphinx(session, "typst", *session.posargs, folder="pdf")
    # Where a value is kept elsewhere, on a host for instance, the CV is made without it.
    private = sphinx(session, "typst-private", *session.posargs, folder="private", strict=False)
    for path in sorted([*public.glob("*.pdf"), *private.glob("*.pdf")]):
        session.log(f"The PDF is at {path.as_uri()}")


@nox.session(python=list(dict.fromkeys([OWN, OLDEST, NEWEST])))
def tests(session: nox.Session) -> None:
    """Run the tests on nox's Python, and some on the oldest and the newest that is there."""
    install(session, "tests")
    fewer = [] if session.python == OWN else ["-m", "not once", "--ignore", "tests/companions"]
    args = session.posargs or ["-n", "auto", "--dist", "worksteal", *fewer]
    # One thread each: the tests already share the cores.
    session.run("pytest", *args, env={"OPENBLAS_NUM_THREADS": "1"})


@nox.session
def lint(session: nox.Session) -> None:
    """Check the code's style and types, and the hosting files."""
    install(session, "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")
    workflows = [str(path) for path in sorted(Path(".github/workflows").glob("*.yml"))]
    session.run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows)
    session.run("check-jsonschema", "--builtin-schema", "vendor.readthedocs", ".readthedocs.yaml")
    session.run("zizmor", "--offline", "--persona", "pedantic", ".github/workflows")


@nox.session
def research(session: nox.Session) -> None:
    """Compute figures and numbers of the write-ups that are stale; --all, or --check them."""
    install(session, "research")
    session.run("python", "-m", "companions", *session.posargs)


@nox.session
def live(session: nox.Session) -> None:
    """Serve the site and build it again at each change."""
    install(session, "live")
    session.run(
        "sphinx-autobuild", "-d", str(BUILD / "doctrees"), "-n", "--watch", "refs.bib",
        "--watch", "src/sphinx_cv", *session.posargs, "docs", str(BUILD / "live"),
    )  # fmt: skip


@nox.session
def linkcheck(session: nox.Session) -> None:
    """Check that the addresses in the pages answer."""
    install(session, "docs")
    sphinx(session, "linkcheck", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure the speed of builds: all, or one of the benchmarks with what it takes."""
    install(session, "docs")
    session.install("pypdf>=5")
    name, *args = session.posargs or ["*"]
    for path in sorted((ROOT / "tests" / "benchmarks").glob(f"{name}.py")):
        session.run("python", str(path), *args)


if __name__ == "__main__":
    nox.main()
