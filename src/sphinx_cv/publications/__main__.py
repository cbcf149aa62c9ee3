"""``python -m sphinx_cv.publications refs.bib``: check ``.bib`` files, for editors and hooks."""

import sys
from pathlib import Path

from sphinx_cv.publications.check import check_together
from sphinx_cv.publications.source import read_file


def main(arguments: list[str]) -> int:
    """Print ``file:line: message [kind]`` for each problem; 1 if there is any, 2 if no file."""
    if not arguments or any(argument.startswith("-") for argument in arguments):
        print("usage: python -m sphinx_cv.publications FILE.bib …", file=sys.stderr)
        return 2
    sources = {Path(name): read_file(Path(name)) for name in arguments}
    found = False
    for path, problems in check_together(sources).items():
        for problem in problems:
            found = True
            print(f"{path}:{problem.line}: {problem.message} [{problem.subtype}]")
    return int(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
