"""Which known word was meant: slips of the finger are one edit apart, or two in a long word."""

from collections.abc import Iterable


def edits(a: str, b: str, limit: int) -> int:
    """Optimal string alignment distance of *a* and *b*, or *limit* + 1 if it is greater."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before, last = last, row
    return min(last[-1], limit + 1)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The word of *known* that *word* is most likely a slip for, if there is one."""
    folded = word.casefold()
    limit = 1 if len(folded) < 7 else 2
    best: tuple[int, str] | None = None
    for candidate in known:
        distance = edits(folded, candidate.casefold(), limit)
        if distance <= limit and (best is None or (distance, candidate) < best):
            best = (distance, candidate)
    return best[1] if best else None


def meant(word: str, known: Iterable[str]) -> str:
    """The end of a message, ``; did you mean 'x'?``, or nothing."""
    found = nearest(word, known)
    return f"; did you mean {found!r}?" if found else ""
