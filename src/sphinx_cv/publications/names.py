"""Lists of persons as BibTeX and biblatex write them."""

import re
from dataclasses import dataclass

_AND = re.compile(r"[{}]|\s+and(?=\s)", re.IGNORECASE)
#: Marks of footnotes after a name: ``Doe*``, ``Doe$^{*}$``, ``Doe\textsuperscript{*}``, ``Doe†``.
_MARK = re.compile(
    r"\s*(?:\$\s*\^?\s*\{?\s*(?:\*|\\ast|\\star|\\dagger|\\ddagger|†|‡|\d)\s*\}?\s*\$"
    r"|\\textsuperscript\{[^{}]*\}|\\(?:thanks|footnote)\{[^{}]*\}"
    r"|\\(?:dag|ddag|textdagger|textasteriskcentered)(?:\{\})?(?![A-Za-z])|[*†‡§¶]+)"
)
_ET_AL = re.compile(r"et\.?\s*al\.?|u\.\s*a\.|others\.?", re.IGNORECASE)
_LINEAGE = re.compile(r"(?:Jr|Sr|Jnr|Snr)\.?|I{2,3}|IV", re.IGNORECASE)
_PART = re.compile(r"\s*(family|given|prefix|suffix|[a-z]+-i|useprefix|id|orcid)\s*=", re.I)


@dataclass(frozen=True, slots=True)
class Names:
    """A list of names, cut at its ``and``."""

    #: As written, in order, without the final ``others``; an empty one is an error of the text.
    names: tuple[str, ...]
    #: Whether the list ends in ``and others``.
    others: bool = False


def split_names(text: str) -> Names:
    """Cut *text* at each ``and`` outside of braces."""
    names: list[str] = []
    depth = start = 0
    # The spaces let an ``and`` at either end count, which leaves an empty name there.
    padded = f" {text} "
    for match in _AND.finditer(padded):
        token = match[0]
        if token == "{":
            depth += 1
        elif token == "}":
            depth -= 1
        elif depth == 0:
            names.append(padded[start : match.start()].strip())
            start = match.end()
    names.append(padded[start:].strip())
    if names[-1].lower() == "others":
        return Names(tuple(names[:-1]), others=True)
    return Names(tuple(names))


def unmark(name: str) -> str:
    """*name* without asterisks, daggers and the like."""
    return " ".join(_MARK.sub("", name).split()).replace(" ,", ",")


def is_corporate(name: str) -> bool:
    """Whether braces around *name* make it one word: an institution, not a person."""
    return name.startswith("{") and name.endswith("}") and _depths(name[1:-1])


def _depths(text: str) -> bool:
    depth = 0
    for char in text:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0


def commas(name: str) -> list[str]:
    """The parts of *name* between its commas outside of braces."""
    if "{" not in name:
        return [part.strip() for part in name.split(",")]
    parts, depth, start = [], 0, 0
    for i, char in enumerate(name):
        depth += (char == "{") - (char == "}")
        if char == "," and depth == 0:
            parts.append(name[start:i].strip())
            start = i + 1
    return [*parts, name[start:].strip()]


def in_order(pieces: list[str]) -> list[str]:
    """The *pieces* of a name with ``Jr`` second, where BibTeX wants it, not last."""
    if len(pieces) == 3 and _LINEAGE.fullmatch(pieces[2]):
        return [pieces[0], pieces[2], pieces[1]]
    return pieces


def name_parts(name: str) -> dict[str, str] | None:
    """biblatex's extended form ``given=Jean, prefix=de la, family=Fontaine``; None if it is not."""
    if not _PART.match(name):
        return None
    parts = (part.partition("=") for part in commas(name))
    return {label.strip().lower(): value.strip().strip('"') for label, _, value in parts}


def family(name: str) -> str:
    """The family name in *name*, with its particles: for comparing and for messages."""
    if parts := name_parts(name):
        return parts.get("family", "")
    if is_corporate(name):
        return name[1:-1]
    pieces = commas(name)
    if len(pieces) > 1:
        return pieces[0]
    return name.split()[-1] if name.split() else ""


def fault(name: str) -> str:
    """What is wrong with one *name*, and what would be right; empty if nothing is."""
    if not name.strip("{} "):
        return "an empty name; remove an 'and', or write the name"
    if _ET_AL.fullmatch(name):
        return f"{name!r} is not a name; end the list with 'and others'"
    if is_corporate(name) or name_parts(name):
        return ""
    if unmark(name) != " ".join(name.split()):
        return f"the mark in {name!r} is not part of a name; write author+an = {{1=equal}} for it"
    pieces = commas(name)
    if not pieces[0]:
        return f"{name!r} has no family name; write 'Family, Given'"
    if len(pieces) > 1 and not pieces[-1]:
        return f"{name!r} ends in a comma; write 'Family, Given', and 'and' between names"
    if in_order(pieces) != pieces:
        return f"{name!r} has its suffix last; write {', '.join(in_order(pieces))!r}"
    if len(pieces) > 3:
        return f"{name!r} has {len(pieces) - 1} commas; write 'and' between names"
    if ";" in name or " & " in name or " \\& " in name:
        return f"{name!r} looks like several names; write 'and' between names"
    return ""
