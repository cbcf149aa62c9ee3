"""``python -m sphinx_cv.publications refs.bib``: check ``.bib`` files, for editors and hooks."""

import sys
from pathlib import Path

from sphinx_cv.publications.check import check
from sphinx_cv.publications.source import read_file


def main(arguments: list[str]) -> int:
    """Print ``file:line: message [kind]`` for each problem; 1 if there is any, 2 if no file."""
    if not arguments or any(argument.startswith("-") for argument in arguments):
        print("usage: python -m sphinx_cv.publications FILE.bib …", file=sys.stderr)
        return 2
    found = False
    for name in arguments:
        for problem in check(read_file(Path(name))):
            found = True
            print(f"{name}:{problem.line}: {problem.message} [{problem.subtype}]")
    return int(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
