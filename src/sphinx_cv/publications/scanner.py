"""The scanner behind :mod:`sphinx_cv.publications.source`: recursive descent with recovery."""

import re
from bisect import bisect_left, bisect_right

from sphinx_cv.mistakes import Mistake
from sphinx_cv.nearest import meant
from sphinx_cv.publications.problems import Problem, excerpt
from sphinx_cv.publications.source import MONTHS, Block, Entry, Field

_NAME = r"[^\W\d][\w.:+/*'-]*"
_KEY = r"[^\s,{}=]+"

#: The start of a block. Without a brace it must fill its line, or it is only text with an @ in it.
_BLOCK = re.compile(
    rf"@[ \t]*([^\W\d][\w-]*)\s*([{{(])|^[ \t]*@[ \t]*([^\W\d]\w*)[ \t]+(?={_KEY}[ \t]*,[ \t]*$)",
    re.MULTILINE,
)
_FENCE = re.compile(
    r"^[ \t]*@[ \t]*(?:(?:string|comment|preamble)\s*[{(]|[^\W\d]\w*\s*[{(]"
    r"\s*(?:[^\s,{}()=\"#%\\]+\s*,|[^\s,{}()=\"#%\\]*[ \t]*,?[ \t]*$))",
    re.MULTILINE | re.IGNORECASE,
)
_SKIP = re.compile(r"(?:\s|%[^\n]*(?:\n|\Z))*")
_FIELD = re.compile(rf"{_NAME}\s*=")
_FIELD_NAME = re.compile(_NAME)
_ENTRY_KEY = re.compile(_KEY)
_BARE = re.compile(r"[^\s,{}()\"#=%]+")
_BRACES = re.compile(r"[{}]")
_QUOTE_OR_BRACES = re.compile(r"[\"{}]")
#: Where a value without an end must have ended: before the next field, or the entry's own brace.
_CUT = re.compile(
    rf"\n[ \t]*(?={_NAME}[ \t]*=\s*[{{\"\w])|,[ \t]*(?={_NAME}[ \t]*=\s*[{{\"])"
    rf"|\n[ \t]*(?=[)}}][ \t]*(?:\n|\Z))"
)
#: After a closing brace: the entry goes on, so the brace was one too many.
_GOES_ON = re.compile(rf"[ \t]*(?:,\s*)?(?:{_NAME}[ \t]*=\s*[{{\"\w])|[ \t]*,\s*[)}}]")
_STRAY_FIELD = re.compile(rf"{_NAME}\s*=\s*[{{\"\w]")
_HIDDEN_FIELD = re.compile(rf"%.*?\S.*?\s{_NAME}\s*=\s*[{{\"\w]")
_COMMENT_LINE = re.compile(r"\s*@comment\b", re.IGNORECASE)


class Scanner:
    """Reads one text; afterwards :attr:`entries`, :attr:`blocks`, :attr:`problems` are its sum."""

    def __init__(self, text: str) -> None:
        self.text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        self.entries: list[Entry] = []
        self.blocks: list[Block] = []
        self.strings = dict(MONTHS)
        self.problems: list[Problem] = []
        self._newlines = [m.start() for m in re.finditer("\n", self.text)]
        self._fences = [m.start() for m in _FENCE.finditer(self.text)]
        self._key = ""
        self._close = "}"
        self._limit = len(self.text)
        self._cut = False

    def run(self) -> None:
        text = self.text
        pos = search = 0
        while match := _BLOCK.search(text, search):
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            line_start = max(pos, text.rfind("\n", 0, start) + 1)
            if "%" in text[line_start:start]:
                search = self._line_end(start)
                continue
            self._stray(pos, start)
            pos = search = self._block(match, start)
        self._stray(pos, len(text))

    # Blocks

    def _block(self, match: re.Match[str], start: int) -> int:
        kind = (match[1] or match[3]).lower()
        after = match.end()
        self._key = ""
        self._close = ")" if match[2] == "(" else "}"
        fence = bisect_left(self._fences, after)
        self._limit = self._fences[fence] if fence < len(self._fences) else len(self.text)
        if kind == "comment":
            return self._comment(start, after)
        if not match[2]:
            self._report(start, Mistake.BIB_SYNTAX, f"'{{' is missing after '@{kind}'")
        if kind == "string":
            fields, end = self._fields(after, f"@{kind}")
            for each in fields:
                self._define(each)
        elif kind == "preamble":
            _, end = self._value(after, "@preamble")
            end = self._skip(end)
            if self.text[end : end + 1] == self._close:
                end += 1
            else:
                self._report(
                    start, Mistake.BIB_SYNTAX, f"@preamble is not closed; add {self._close!r}"
                )
                end = self._limit
        else:
            return self._entry(kind, start, after)
        self.blocks.append(Block(kind, self._line(start), self._line(end), self.text[start:end]))
        return end

    def _comment(self, start: int, after: int) -> int:
        # All of it up to the matching brace, entries too: that is how entries are commented out.
        end = self._braced(after - 1, len(self.text)) if self._close == "}" else -1
        if end < 0 and self._close == ")":
            end = self.text.find(")", after, self._limit) + 1 or -1
        if end < 0:
            end = self._limit
            self._report(start, Mistake.BIB_SYNTAX, f"@comment is not closed; add {self._close!r}")
        self.blocks.append(Block("comment", self._line(start), self._line(end), ""))
        return end

    def _define(self, each: Field) -> None:
        name = each.name
        if name in self.strings and name not in MONTHS:
            message = f"@string {name!r} is defined twice; the later one is used from here on"
            self.problems.append(Problem(each.line, "", Mistake.BIB_DUPLICATE_KEY, message))
        self.strings[name] = each.value

    def _entry(self, kind: str, start: int, after: int) -> int:
        pos = self._skip(after)
        if pos < self._limit and _FIELD.match(self.text, pos, self._limit):
            self._report(start, Mistake.BIB_SYNTAX, f"the entry has no key; write '@{kind}{{key,'")
        elif key := _ENTRY_KEY.match(self.text, pos, self._limit):
            self._key = key[0]
            pos = self._skip(key.end())
            if self.text[pos : pos + 1] == ",":
                pos += 1
            elif pos < self._limit and self.text[pos] != self._close:
                pos = self._after_key(key.end(), pos)
        else:
            self._report(start, Mistake.BIB_SYNTAX, f"the entry has no key; write '@{kind}{{key,'")
            pos += self.text[pos : pos + 1] == ","
        fields, end = self._fields(pos, f"the entry {self._key!r}")
        last = start + len(self.text[start:end].rstrip()) - 1
        self.entries.append(
            Entry(
                kind,
                self._key,
                self._line(start),
                self._line(last),
                self._without_duplicates(fields),
            )
        )
        return end

    def _after_key(self, end: int, pos: int) -> int:
        """Go on after a key that no comma follows."""
        if _FIELD.match(self.text, pos, self._limit):
            self._report(end, Mistake.BIB_SYNTAX, f"a comma is missing after the key {self._key!r}")
            return pos
        line_end = self._line_end(end)
        comma = self.text.find(",", end, min(line_end, self._limit))
        found = excerpt(self.text[end : comma if comma >= 0 else line_end])
        self._report(
            end,
            Mistake.BIB_SYNTAX,
            f"{found} after the key {self._key!r}; a key is one word, followed by a comma",
        )
        return comma + 1 if comma >= 0 else self._recover(end)

    def _without_duplicates(self, fields: list[Field]) -> tuple[Field, ...]:
        kept: dict[str, Field] = {}
        for each in fields:
            first = kept.setdefault(each.name, each)
            if first is not each:
                message = (
                    f"the field {each.name!r} is given twice, first on line {first.line}; "
                    "the first is used: remove one"
                )
                kind = Mistake.BIB_DUPLICATE_FIELD
                self.problems.append(Problem(each.line, self._key, kind, message))
        return tuple(kept.values())

    # Fields and values

    def _fields(self, pos: int, owner: str) -> tuple[list[Field], int]:
        text, limit = self.text, self._limit
        fields: list[Field] = []
        start = pos
        while True:
            pos = self._skip(pos)
            if pos >= limit:
                where = f"before line {self._line(limit)}" if limit < len(text) else "at its end"
                message = f"{owner} is not closed; add {self._close!r} {where}"
                self._report(start, Mistake.BIB_SYNTAX, message)
                return fields, limit
            char = text[pos]
            if char == self._close:
                if not _GOES_ON.match(text, pos + 1, limit):
                    return fields, pos + 1
                self._report(
                    pos, Mistake.BIB_SYNTAX, f"{char!r} closes {owner} too early; remove it"
                )
                pos = self._skip(pos + 1)
                pos += text[pos : pos + 1] == ","
                continue
            if char == ",":
                self._report(pos, Mistake.BIB_SYNTAX, "a comma too many; remove it")
                pos += 1
                continue
            name = _FIELD_NAME.match(text, pos, limit)
            if not name:
                pos = self._junk(pos, "here")
                continue
            equals = self._skip(name.end())
            given = text[equals : min(equals + 1, limit)]
            self._cut = False
            if given == "=":
                value, end = self._value(equals + 1, name[0])
            elif given and given in '{"':
                self._report(pos, Mistake.BIB_SYNTAX, f"'=' is missing after the field {name[0]!r}")
                value, end = self._value(equals, name[0])
            else:
                pos = self._junk(pos, "where a field should be; write 'name = {value},'")
                continue
            if value is not None:
                line = self._line(pos)
                fields.append(Field(name[0].lower(), value, line, self._line(max(pos, end - 1))))
            pos = self._skip(end)
            if pos >= limit or text[pos] == self._close:
                continue
            if text[pos] == ",":
                pos += 1
            elif _FIELD.match(text, pos, limit):
                if not self._cut:
                    message = f"a comma is missing after the field {name[0]!r}"
                    self._report(end - 1, Mistake.BIB_SYNTAX, message)
            else:
                pos = self._junk(pos, f"after the value of {name[0]!r}")

    def _junk(self, pos: int, where: str) -> int:
        end = self._recover(pos)
        what = excerpt(self.text[pos:end])
        self._report(pos, Mistake.BIB_SYNTAX, f"{what} makes no sense {where}; it is left out")
        return end

    def _value(self, pos: int, name: str) -> tuple[str | None, int]:
        text, limit = self.text, self._limit
        first = pos
        parts: list[str] = []
        while True:
            pos = self._skip(pos)
            char = text[pos] if pos < limit else ""
            if char == "{" or char == '"':
                part, pos = self._delimited(pos, name)
                parts.append(part)
            elif bare := _BARE.match(text, pos, limit):
                if not self._plausible(bare.end()):
                    return self._undelimited(bare.start(), name)
                parts.append(self._string(bare[0], pos, name))
                pos = bare.end()
            else:
                self._report(
                    first if first < limit else limit - 1,
                    Mistake.BIB_SYNTAX,
                    f"the field {name!r} has no value; write '{name} = {{…}}' or remove it",
                )
                return ("".join(parts) or None), (pos if char != "=" else pos + 1)
            after = self._skip(pos)
            if after >= limit or text[after] != "#":
                return " ".join("".join(parts).split()), pos
            pos = after + 1

    def _delimited(self, pos: int, name: str) -> tuple[str, int]:
        opening = self.text[pos]
        end = self._braced(pos, self._limit) if opening == "{" else self._quoted(pos)
        if end >= 0 and self._plausible(end):
            return self.text[pos + 1 : end - 1], end
        stop = end if end >= 0 else self._limit
        closing = "}" if opening == "{" else '"'
        cut = _CUT.search(self.text, pos + 1, stop)
        if not cut and end >= 0:
            return self.text[pos + 1 : end - 1], end
        self._report(
            pos,
            Mistake.BIB_SYNTAX,
            f"the value of {name!r} is not closed; add {closing!r} at its end",
        )
        end = cut.start() if cut else stop
        self._cut = True
        # The comma after the value belongs to the entry.
        value = self.text[pos + 1 : end].rstrip().rstrip(",").rstrip(" " + opening.strip("{"))
        return _balanced(value), end

    def _undelimited(self, pos: int, name: str) -> tuple[str, int]:
        cut = _CUT.search(self.text, pos, self._limit)
        end = cut.start() if cut else self._line_end(pos)
        end = min(end, self._limit)
        self._cut = True
        value = self.text[pos:end].rstrip().rstrip(",").rstrip('" ')
        self._report(
            pos,
            Mistake.BIB_SYNTAX,
            f"the value of {name!r} is not enclosed; write '{name} = {{…}}'",
        )
        return " ".join(_balanced(value).split()), end

    def _string(self, word: str, pos: int, name: str) -> str:
        if word.isdecimal():
            return word
        value = self.strings.get(word.lower())
        if value is not None:
            return value
        self._report(
            pos,
            Mistake.BIB_UNKNOWN_STRING,
            f"no @string {word!r} for the field {name!r} is defined above"
            + (meant(word, self.strings) or f"; define it, or write {{{word}}}"),
        )
        return word

    # Ends

    def _plausible(self, pos: int) -> bool:
        """Whether what follows a value at *pos* is what may follow one."""
        pos = self._skip(pos)
        if pos >= self._limit:
            return False
        char = self.text[pos]
        if char in ",#" or char == self._close:
            return True
        return bool(_FIELD.match(self.text, pos, self._limit))

    def _braced(self, pos: int, limit: int) -> int:
        """The position after the brace that closes the one at *pos*, or -1."""
        depth = 0
        for brace in _BRACES.finditer(self.text, pos, limit):
            depth += 1 if brace[0] == "{" else -1
            if depth == 0:
                return brace.end()
        return -1

    def _quoted(self, pos: int) -> int:
        """The position after the quote that closes the one at *pos*, or -1."""
        depth = 0
        for mark in _QUOTE_OR_BRACES.finditer(self.text, pos + 1, self._limit):
            if mark[0] == "{":
                depth += 1
            elif mark[0] == "}":
                depth -= 1
                if depth < 0:
                    return -1
            elif depth == 0:
                return mark.end()
        return -1

    def _recover(self, pos: int) -> int:
        """Where the next field begins, or the entry may end."""
        cut = _CUT.search(self.text, pos, self._limit)
        if cut:
            return cut.end()
        line_end = min(self._line_end(pos), self._limit)
        closing = self.text.rfind(self._close, pos, line_end)
        return closing if closing > pos else max(line_end, pos + 1)

    # Between blocks

    def _stray(self, start: int, end: int) -> None:
        lines = self.text[start:end].split("\n")
        first = self._line(start)
        kept = [
            (first + i, bare)
            for i, line in enumerate(lines)
            if not _COMMENT_LINE.match(line) and (bare := line.split("%", 1)[0].strip())
        ]
        if not kept:
            return
        text = " ".join(bare for _, bare in kept)
        line, last = kept[0][0], kept[-1][0]
        self.blocks.append(Block("text", line, last, text))
        span = f" (to line {last})" if last > line else ""
        if _STRAY_FIELD.search(text):
            message = (
                f"{excerpt(text)}{span} belongs to no entry and is ignored; "
                "write '@type{key,' before it"
            )
        elif not text.strip("{}() "):
            message = f"{text!r} matches nothing{span}; remove it"
        else:
            message = (
                f"{excerpt(text)}{span} is outside of any entry and is ignored; "
                "begin a comment with %"
            )
        self.problems.append(Problem(line, "", Mistake.BIB_STRAY_TEXT, message))

    def _skip(self, pos: int) -> int:
        if pos < self._limit and "%" < self.text[pos] < "\x7f":
            return pos
        match = _SKIP.match(self.text, pos, self._limit)
        end = match.end() if match else pos
        if "%" in self.text[pos:end]:
            for comment in _HIDDEN_FIELD.finditer(self.text, pos, end):
                message = "a field is hidden in a comment; begin it on a new line"
                problem = Problem(
                    self._line(comment.start()), self._key, Mistake.BIB_SYNTAX, message
                )
                if problem not in self.problems[-3:]:
                    self.problems.append(problem)
        return end

    def _line(self, pos: int) -> int:
        return bisect_right(self._newlines, pos - 1) + 1 if pos > 0 else 1

    def _line_end(self, pos: int) -> int:
        end = self.text.find("\n", pos)
        return end if end >= 0 else len(self.text)

    def _report(self, pos: int, kind: Mistake, message: str) -> None:
        self.problems.append(Problem(self._line(pos), self._key, kind, message))


def _balanced(value: str) -> str:
    """*value* without the braces that have no partner."""
    lonely: list[int] = []
    for brace in _BRACES.finditer(value):
        if brace[0] == "}" and lonely and value[lonely[-1]] == "{":
            lonely.pop()
        else:
            lonely.append(brace.start())
    drop = set(lonely)
    return "".join(c for i, c in enumerate(value) if i not in drop) if drop else value
