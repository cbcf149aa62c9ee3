"""What is wrong with the links and identifiers of an entry, and what would be right."""

import re
from collections.abc import Iterator, Mapping

from sphinx_cv.mistakes import Mistake
from sphinx_cv.nearest import nearest
from sphinx_cv.publications import identifiers as ids
from sphinx_cv.publications import vocabulary
from sphinx_cv.publications.duplicates import arxiv_of
from sphinx_cv.publications.problems import excerpt
from sphinx_cv.publications.source import Entry

#: The line of a mistake, what kind it is of, and a sentence.
Found = Iterator[tuple[int, Mistake, str]]

_ARCHIVES = re.compile(
    r"ar[xχ]iv|bio-?rxiv|rxiv|ssrn|\bhal\b|hal\.science|\bosf\b|zenodo|openreview|research ?square|"
    r"preprints\.org|iacr|cryptology|philsci|repec|\bnber\b|\biza\b|\bcepr\b|pubmed|\bpmc|figshare|"
    r"authorea|econstor|cogprints|optimization[- ]online|eccc|cds\.cern|inspire",
    re.IGNORECASE,
)
_PREPRINT = re.compile(r"\bpre-?print\b|^ar[xχ]iv$|^corr$", re.IGNORECASE)


def links(entry: Entry) -> Found:
    """DOI, link, eprint and further addresses, each by itself and beside the others."""
    doi, url, eprint = entry.get("doi"), entry.get("url"), entry.get("eprint")
    cleaned = ids.clean_doi(doi)
    if doi and not ids.is_doi(cleaned):
        message = f"{excerpt(doi)} is not a DOI, which is '10.', digits, '/' and a name; "
        yield entry.line_of("doi"), Mistake.BIB_IDENTIFIER, message + "such as 10.1000/xyz123"
    elif doi and doi != cleaned:
        message = f"write the DOI by itself: doi = {{{cleaned}}}, without address or backslash"
        yield entry.line_of("doi"), Mistake.BIB_IDENTIFIER, message
    if url:
        line = entry.line_of("url")
        bare = ids.unescape(url)
        if bare != url:
            yield line, Mistake.BIB_IDENTIFIER, f"a link needs no backslash: write url = {{{bare}}}"
        if not re.match(r"[a-z][a-z0-9+.-]*://\S+$", bare, re.IGNORECASE):
            message = f"{excerpt(bare)} is not a link; it begins with https:// and has no spaces"
            yield line, Mistake.BIB_IDENTIFIER, message
        elif linked := ids.doi_in_url(bare):
            if not doi:
                message = f"the link leads to a DOI: write doi = {{{linked}}} in its place"
                yield line, Mistake.BIB_LINK, message
            elif "doi.org/" in bare and linked.lower() == cleaned.lower():
                yield (
                    line,
                    Mistake.BIB_LINK,
                    "the link only repeats the DOI; remove the field 'url'",
                )
        if doi and bare.lower().startswith("http://") and "doi.org/" not in bare:
            message = "an insecure link beside a DOI that leads there; remove it, or use https://"
            yield line, Mistake.BIB_LINK, message
    for name in vocabulary.LINKS:
        address = ids.unescape(entry.get(name))
        if address and not re.match(r"https?://\S+$", address):
            message = f"{excerpt(address)} in {name!r} is not a web address; begin with https://"
            yield entry.line_of(name), Mistake.BIB_IDENTIFIER, message
    if eprint:
        yield from _eprint(entry, eprint)
    if (text := entry.get("arxiv")) and not ids.is_arxiv(ids.clean_arxiv(text)):
        yield entry.line_of("arxiv"), Mistake.BIB_IDENTIFIER, _no_arxiv(text)


def _no_arxiv(text: str) -> str:
    return f"{excerpt(text)} is not an arXiv identifier, such as 2305.16860 or math.PR/0309136"


def _eprint(entry: Entry, eprint: str) -> Found:
    line = entry.line_of("eprint")
    archive = entry.get("eprinttype") or entry.get("archiveprefix")
    cleaned = ids.clean_arxiv(eprint)
    if archive.lower() == "arxiv":
        if not ids.is_arxiv(cleaned):
            yield line, Mistake.BIB_IDENTIFIER, _no_arxiv(eprint)
        elif cleaned != eprint:
            yield (
                line,
                Mistake.BIB_IDENTIFIER,
                f"write the identifier alone: eprint = {{{cleaned}}}",
            )
        other = ids.arxiv_in(entry.get("doi"))
        if other and ids.without_version(cleaned) != other.lower():
            message = f"eprint {eprint} and DOI {entry.get('doi')} are two arXiv papers"
            yield line, Mistake.BIB_IDENTIFIER, message
    elif archive:
        if nearest(archive, ["arXiv"]):
            yield (
                entry.line_of("eprinttype", "archiveprefix"),
                Mistake.BIB_IDENTIFIER,
                f"unknown archive {archive!r}; did you mean 'arXiv'?",
            )
    elif not ids.is_arxiv(cleaned):
        message = f"eprint {excerpt(eprint)} names no archive; add eprinttype = {{…}}, or mend it"
        yield line, Mistake.BIB_PREPRINT, message


def preprint(entry: Entry, fields: Mapping[str, str]) -> Found:
    """Whether what says that it is a preprint can be found."""
    archive = next((name for name in ("eprinttype", "archiveprefix") if fields.get(name)), None)
    if archive and not fields.get("eprint"):
        message = f"the archive {fields[archive]!r} without an identifier; add eprint = {{…}}"
        yield entry.line_of(archive), Mistake.BIB_PREPRINT, message
        return
    if fields.get("eprint") and not (fields.get("year") or fields.get("date")):
        message = f"this @{entry.type} has an eprint but no year; add the field 'year' or 'date'"
        yield entry.line, Mistake.BIB_MISSING_FIELD, message
    said = [
        (name, fields[name])
        for name in ("pubstate", "type", "entrysubtype", "journal", "journaltitle", "howpublished",
                     "note", "publisher")
        if name in fields and (_PREPRINT.search(fields[name]) or fields[name] == "prepublished")
    ]  # fmt: skip
    if not said or fields.get("eprint") or fields.get("doi") or arxiv_of(fields):
        return
    text = " ".join(value for name, value in fields.items() if name not in {"title", "abstract"})
    line = entry.line_of(said[0][0])
    if re.search(r"ar[xχ]iv|^corr$", said[0][1], re.IGNORECASE):
        message = (
            "a preprint on arXiv without its identifier; add eprint = {…}, eprinttype = {arXiv}"
        )
        yield line, Mistake.BIB_PREPRINT, message
    elif not _ARCHIVES.search(text):
        message = "a preprint that names no archive; add eprint and eprinttype, a DOI, or change it"
        yield line, Mistake.BIB_PREPRINT, message
