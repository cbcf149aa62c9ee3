"""DOI, arXiv identifiers and ORCID: found, cleaned, and judged."""

import re

_DOI_PREFIX = re.compile(r"^\s*(?:https?://(?:dx\.|www\.)?doi\.org/|doi:?\s*(?=10\.))", re.I)
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s{}|\\^`]+")
_ARXIV_NEW = re.compile(r"(\d\d)(\d\d)\.(\d{4,5})(v\d+)?")
_ARXIV_OLD = re.compile(r"[a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2})?/(\d\d)(\d\d)\d{3}(v\d+)?")
_ARXIV_PREFIX = re.compile(r"^\s*(?:https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/|arxiv:\s*)", re.I)
_ID = r"(\d{4}\.\d{4,5}|[a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?"
_ARXIV_IN_TEXT = re.compile(
    rf"(?:arxiv[.:]\s*|arxiv\.org/(?:abs|pdf)/|\babs/|10\.48550/arxiv\.){_ID}", re.IGNORECASE
)
_DOI_IN_URL = re.compile(
    r"^https?://(?:(?:dx\.|www\.)?doi\.org/|[^/]+/doi/(?:abs/|full/|pdf/|epdf/|book/)?)"
    r"(10\.\d{4,9}(?:\.\d+)*/[^\s?#]+)",
    re.IGNORECASE,
)
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")
_ORCID_PREFIX = re.compile(r"^\s*(?:https?://(?:www\.)?orcid\.org/|orcid:\s*)", re.I)
#: What TeX needs in front of a character and an address must not have.
_ESCAPE = re.compile(r"\\([_%&#~$^{}])|\{\\([_%&#~$])\}|\\(?:textunderscore|_)(?:\{\}|\s)?")
_TILDE = re.compile(r"\{\\textasciitilde\}|\\(?:textasciitilde|string~|~\{\})(?:\{\})?")
_URL_COMMAND = re.compile(r"^\\url\{(.*)\}$")


def unescape(address: str) -> str:
    """A DOI or URL without the backslashes that TeX wanted."""
    if "\\" not in address:
        return address
    if command := _URL_COMMAND.match(address.strip()):
        address = command[1]
    address = _TILDE.sub("~", address)
    address = _ESCAPE.sub(lambda m: m[1] or m[2] or "_", address)
    return address.replace("\\", "")


def link_in(text: str) -> str:
    """The address in *text* if it is nothing but ``\\url{…}``; else empty."""
    command = _URL_COMMAND.match(text.strip())
    return unescape(command[1]) if command else ""


def clean_doi(text: str) -> str:
    """The DOI in *text* without resolver, prefix and TeX; it need not be well formed."""
    return _DOI_PREFIX.sub("", unescape(text)).strip()


def is_doi(doi: str) -> bool:
    """Whether *doi* is ``10.prefix/suffix`` and does not end in punctuation."""
    return bool(_DOI.fullmatch(doi)) and doi[-1] not in ".,;:"


def doi_in_url(url: str) -> str:
    """The DOI that *url* leads to, if it says so; else empty."""
    found = _DOI_IN_URL.match(unescape(url))
    return found[1].rstrip(".,;/") if found else ""


def clean_arxiv(text: str) -> str:
    """The arXiv identifier in *text* without address and prefix; it need not be well formed."""
    return _ARXIV_PREFIX.sub("", unescape(text)).strip().removesuffix(".pdf")


def is_arxiv(identifier: str) -> bool:
    """Whether *identifier* is one of arXiv, of the scheme of its month."""
    if new := _ARXIV_NEW.fullmatch(identifier):
        year, month, number = int(new[1]), int(new[2]), new[3]
        # Five digits since January 2015; the scheme itself began in April 2007.
        digits = 5 if year >= 15 else 4
        return 1 <= month <= 12 and (year, month) >= (7, 4) and len(number) == digits
    old = _ARXIV_OLD.fullmatch(identifier)
    return bool(old) and 1 <= int(old[2]) <= 12 if old else False


def arxiv_in(text: str) -> str:
    """The arXiv identifier that *text* (a journal, a note, a URL, a DOI) names; else empty."""
    found = _ARXIV_IN_TEXT.search(unescape(text))
    return found[1] if found else ""


def without_version(identifier: str) -> str:
    """The work that an arXiv identifier names, whichever version."""
    return re.sub(r"v\d+$", "", identifier).lower()


def clean_orcid(text: str) -> str:
    """The ORCID in *text* without address and prefix."""
    return _ORCID_PREFIX.sub("", text).strip().upper().rstrip("/")


def is_orcid(orcid: str) -> bool:
    """Whether *orcid* has the form and the check digit (ISO 7064 MOD 11-2) of one."""
    if not _ORCID.fullmatch(orcid):
        return False
    total = 0
    for digit in orcid.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return orcid[-1] == ("X" if check == 10 else str(check))
