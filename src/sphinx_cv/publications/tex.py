"""TeX's accents, special letters and single quotation marks as Unicode; the rest is left alone."""

import re
import unicodedata

_COMBINING = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "d": "\u0323",
    "c": "\u0327",
    "k": "\u0328",
    "b": "\u0331",
}
_LETTERS = {
    "aa": "å",
    "AA": "Å",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
    "ss": "ß",
    "i": "ı",
    "j": "ȷ",
    "dh": "ð",
    "DH": "Ð",
    "dj": "đ",
    "DJ": "Đ",
    "th": "þ",
    "TH": "Þ",
    "ng": "ŋ",
    "NG": "Ŋ",
}
_LETTER = "|".join(sorted(_LETTERS, key=len, reverse=True))
_BASE = r"(?:\\([ij])(?![A-Za-z])\s*|([^\W\d_]))"
#: ``\'e``, ``\'{e}``, ``{\'e}``, ``{\'{e}}``, ``\v{s}``, ``\v s``, ``{\'\i}``; ``\o``, ``{\o}``.
_ACCENT = re.compile(
    rf"""(?<!\\)(?P<open>\{{)?\\(?:
        (?P<mark>[`'^~=."]) \s* (?:\{{\s*{_BASE}\s*\}} | {_BASE})
      | (?P<word>[uvHcdbkr]) (?:\s*\{{\s*{_BASE}\s*\}} | \s+{_BASE})
      | (?P<letter>{_LETTER})(?![A-Za-z]) (?:\{{\}}|[ \t]+(?=\w))?
    )(?(open)\}})""",
    re.VERBOSE,
)
#: One alone, which nothing after this knows; and the mark that closes what it opens.
_QUOTED = re.compile(r"(?<![\\`])`(?!`)(?:([^`]*?)(?<!')'(?![\w']))?")
_MATH = re.compile(r"((?<!\\)\$(?:[^$\\]|\\.)*\$|\\\(.*?\\\))", re.DOTALL)
#: A command that acts on what follows it in braces; others, such as Greek letters, say something.
_COMMAND = re.compile(r"\\[A-Za-z]+\*?\s*(?=\{)|\\(?:em|it|bf|sc|sl|rm)(?![A-Za-z])|[{}$\\]")


def accents(text: str) -> str:
    """*text* with the accents, letters and single quotes that it writes in TeX as characters."""
    if "\\" not in text and "`" not in text:
        return text
    parts = _MATH.split(text)
    # Twice, for letters with two accents: the inner one first.
    parts[::2] = [_ACCENT.sub(_character, _ACCENT.sub(_character, p)) for p in parts[::2]]
    parts[::2] = [_QUOTED.sub(_quoted, p) for p in parts[::2]]
    return "".join(parts)


def _quoted(match: re.Match[str]) -> str:
    return "‘" if match[1] is None else f"‘{match[1]}’"


def _character(match: re.Match[str]) -> str:
    if letter := match["letter"]:
        return _LETTERS[letter]
    mark = _COMBINING[match["mark"] or match["word"]]
    base = next(filter(None, match.group(3, 4, 5, 6, 8, 9, 10, 11)))
    return unicodedata.normalize("NFC", base + mark)


def plain(text: str) -> str:
    """*text* without braces and commands: for comparing, not for showing."""
    return " ".join(_COMMAND.sub("", accents(text)).replace("~", " ").split())


def folded(text: str) -> str:
    """*text* reduced to its letters and digits, without accents and case: for comparing."""
    bare = unicodedata.normalize("NFKD", plain(text)).casefold()
    return "".join(c for c in bare if c.isalnum())


def has_open_math(text: str) -> bool:
    """Whether a dollar in *text* has no partner."""
    return "$" in text and len(re.findall(r"(?<!\\)\$", text)) % 2 == 1


def balanced(value: str) -> str:
    """*value* with as many braces closed as opened, so that it cannot end its field."""
    kept: list[str] = []
    opened: list[int] = []
    for character in value:
        if character == "}":
            if not opened:
                continue
            opened.pop()
        elif character == "{":
            opened.append(len(kept))
        kept.append(character)
    for place in reversed(opened):
        del kept[place]
    return "".join(kept)
