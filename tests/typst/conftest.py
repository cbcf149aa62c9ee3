"""Judging files by the standards they claim."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_STREAM = re.compile(rb"/Length (\d+)\b(?:(?!endobj).)*?>>\s*stream\r?\n", re.DOTALL)


def lengths_are_right(data: bytes) -> bool:
    """Whether each stream is as long as it says."""
    found = list(_STREAM.finditer(data))
    ends = [match.end() + int(match[1]) for match in found]
    return bool(found) and all(data[end:].lstrip(b"\r\n")[:9] == b"endstream" for end in ends)


@pytest.fixture(scope="session")
def validate() -> Callable[[Path], None]:
    """Fails where a file is not PDF/UA-1 and PDF/A-2a at once, or not well made."""
    page = pytest.importorskip("page")

    def check(path: Path) -> None:
        for profile in (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_2A):
            report = page.validate_pdf(str(path), profile=profile)
            rules = {failure.rule_id: failure.message for failure in report.failures}
            # It takes the last byte of a stream that ends in a carriage return for an end of line.
            if "PDFA2A-STREAM-LENGTH-001" in rules and lengths_are_right(path.read_bytes()):
                del rules["PDFA2A-STREAM-LENGTH-001"]
            assert not rules
        if shutil.which("qpdf"):
            subprocess.run(["qpdf", "--check", str(path)], check=True, capture_output=True)

    return check
