"""What to do about the mistakes that sphinxcontrib-bibtex reports without saying so."""

import logging
from typing import Any

#: Subtype of a warning -> what would be right.
ADVICE = {
    "duplicate_citation": "list it once, or give one of the lists a ':keyprefix:'",
    "duplicate_local_citation": "list it once, or give one of the lists a ':keyprefix:'",
    "duplicate_label": "give one of the lists a ':labelprefix:'",
    "list_type_error": "write citation, enumerated or bullet",
    "bibfile_error": "name it in bibtex_bibfiles",
}


class Advising(logging.Filter):
    """Adds the advice to the message."""

    def filter(self, record: Any) -> bool:
        advice = ADVICE.get(getattr(record, "subtype", ""))
        if advice and getattr(record, "type", "") == "bibtex":
            record.msg = f"{str(record.msg).rstrip('.')}; {advice}"
        return True


_ADVISING = Advising()


def setup_advice() -> None:
    """Advise from now on; the loggers are the same for all projects of a process."""
    for module in ("domain", "directives", "bibfile"):
        logging.getLogger(f"sphinx.sphinxcontrib.bibtex.{module}").addFilter(_ADVISING)
