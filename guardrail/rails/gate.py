"""Patterns that are only tried where they can match: a text without any of the words that a pattern needs is passed by.

Most patterns of the rails look for something that most texts don't have, and `re` tries each of them at every place of
a text. What a pattern can't do without ("translat" or "traduc"; "every second " and " letter") is read off the pattern
itself, so a gate can't be forgotten when the pattern changes; looking for those pieces takes a hundredth of the time.
Where nothing can be told the pattern is always tried: a gate never hides a match (tests/laws/test_gate_laws.py).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from re import _casefix as casefix  # type: ignore[attr-defined]  # the standard library's own reading of a pattern
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

_MOST: Final = 96
"""Pieces that are worth looking for: beyond it the pattern itself is as quick."""
_VARIANTS: Final = 8
_WAYS: Final = 32
"""Ways to match that are told apart."""
_SETS: Final = 3
"""Pieces that are looked for on each of them, one after the other."""
_DOTTED_I: Final = "\u0130"
_AHEAD: Final = 1

_Items = Sequence[tuple[Any, Any]]
_Needs = frozenset[str]
_Way = tuple[tuple[str, ...], ...]


class Gated:
    """A compiled pattern behind its gate. The methods are those of `re.Pattern`."""

    __slots__ = ("_folds", "_rivals", "pattern", "ways")

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        tree = list(parser.parse(pattern.pattern, pattern.flags))
        self._folds = bool(pattern.flags & re.IGNORECASE) or _folds(tree)
        ways = [_needs(way) for way in _ways(tree, _WAYS)]
        self.ways: tuple[_Way, ...] = tuple(dict.fromkeys(map(self._spelled, ways))) if all(ways) else ()
        """Every text that matches has, for one of these ways, a piece out of each of its rows; none: not known."""
        self._rivals = _rivals(piece for way in self.ways for row in way for piece in row) if self._folds else ()

    def may(self, text: str) -> bool:
        """False if `text` can't match anywhere."""
        if not self.ways:
            return True
        if self._folds:
            if not text.isascii() and any(letter in text for letter in self._rivals):
                return True
            text = text.lower()
        for way in self.ways:  # loops, not generators: this is what it is all for
            for row in way:
                for piece in row:
                    if piece in text:
                        break
                else:
                    break
            else:
                return True
        return False

    def search(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> re.Match[str] | None:
        """As of `re.Pattern`."""
        return self.pattern.search(text, pos, endpos) if self.may(_part(text, pos, endpos)) else None

    def finditer(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """As of `re.Pattern`."""
        return self.pattern.finditer(text, pos, endpos) if self.may(_part(text, pos, endpos)) else iter(())

    def findall(self, text: str) -> list[Any]:
        """As of `re.Pattern`."""
        return self.pattern.findall(text) if self.may(text) else []

    def sub(self, new: str | Callable[[re.Match[str]], str], text: str) -> str:
        """As of `re.Pattern`."""
        return self.pattern.sub(new, text) if self.may(text) else text

    def _spelled(self, needs: Sequence[_Needs]) -> _Way:
        """In lower case, if case does not count; what tells most first."""
        rows = (sorted({each.lower() if self._folds else each for each in row}) for row in needs)
        return tuple(map(tuple, rows))


def _part(text: str, pos: int, endpos: int) -> str:
    return text if pos <= 0 and endpos >= len(text) else text[max(pos, 0) : max(endpos, 0)]


def gated(pattern: str, flags: int = 0) -> Gated:
    """Compile `pattern` and read off what it needs. For patterns that are looked for anywhere in a text."""
    return Gated(re.compile(pattern, flags))


def _rivals(needs: Iterable[str]) -> tuple[str, ...]:
    """Letters that `re` takes for one of these where case does not count, and `str.lower` does not (the long s)."""
    letters = {letter for piece in needs for letter in piece}
    rivals = {chr(code) for letter in letters for code in casefix._EXTRA_CASES.get(ord(letter), ())}
    return tuple(sorted(rivals | ({_DOTTED_I} if "i" in letters else set())))


def _folds(items: _Items) -> bool:
    """True if case does not count somewhere in the pattern."""
    for kind, value in items:
        if kind is op.SUBPATTERN and (value[1] & re.IGNORECASE or _folds(value[3])):
            return True
        if kind is op.BRANCH and any(map(_folds, value[1])):
            return True
        if kind in _REPEATS and _folds(value[2]):
            return True
        if kind is op.ATOMIC_GROUP and _folds(value):
            return True
    return False


_REPEATS: Final = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)


def _ways(items: _Items, most: int) -> Iterator[_Items]:
    """The rows of a pattern in which its first alternatives are told apart, at most so many."""
    for at, (kind, value) in enumerate(items):
        before, after = items[:at], items[at + 1 :]
        if kind is op.SUBPATTERN or kind is op.ATOMIC_GROUP:
            inner = value[3] if kind is op.SUBPATTERN else value
            yield from _ways([*before, *inner, *after], most)
            return
        if kind is op.BRANCH and len(value[1]) <= most:
            for branch in value[1]:
                yield from _ways([*before, *branch, *after], most // len(value[1]))
            return
    yield items


def _needs(items: _Items) -> Sequence[_Needs]:
    """Sets of pieces: every match of this row has one out of each. The most telling first; none if it has none."""
    return sorted(filter(_tells, dict.fromkeys(_pieces(items))), key=_rank, reverse=True)[:_SETS]


def _best(items: _Items) -> _Needs | None:
    return next(iter(_needs(items)), None)


def _pieces(items: _Items) -> Iterator[_Needs]:
    runs, lead = [""], list[tuple[Any, Any]]()
    for kind, value in items:
        letters = _letters(kind, value)
        if letters and len(runs) * len(letters) <= _VARIANTS:
            runs = [run + letter for run, letter in product(runs, letters)]
            lead.append((kind, value))
            continue
        if kind in (op.AT, op.ASSERT, op.ASSERT_NOT):  # takes no place: what is on both sides of it stands together
            if kind is op.ASSERT and value[0] == _AHEAD and (ahead := _best([*lead, *value[1]])) is not None:
                yield ahead
            continue
        yield frozenset(runs)
        if (inner := _inner(lead, kind, value)) is not None:
            yield inner
        runs, lead = (list(letters), [(kind, value)]) if letters else ([""], [])
    yield frozenset(runs)


def _letters(kind: Any, value: Any) -> list[str]:
    """The few characters that an item stands for; none if it is not one character or may be many."""
    if kind is op.LITERAL:
        return [chr(value)]
    if kind is op.IN and len(value) <= _VARIANTS and all(each is op.LITERAL for each, _ in value):
        return [chr(code) for _, code in value]
    return []


def _inner(lead: _Items, kind: Any, value: Any) -> _Needs | None:
    """What a part of a pattern needs that has parts itself; `lead` stands right before it."""
    if kind is op.SUBPATTERN:
        return _best([*lead, *value[3]])
    if kind is op.ATOMIC_GROUP:
        return _best([*lead, *value])
    if kind in _REPEATS and value[0] > 0:
        return _best([*lead, *value[2]])
    if kind is op.BRANCH:
        return _any(_best([*lead, *branch]) for branch in value[1])
    return None


def _any(branches: Iterable[_Needs | None]) -> _Needs | None:
    out: set[str] = set()
    for each in branches:
        if each is None:
            return None
        out |= each
    return frozenset(out) if len(out) <= _MOST else None


def _tells(needs: _Needs) -> bool:
    """False for pieces that nearly every text has: nothing at all, a single letter, digit or common mark."""
    return all(len(each) > 1 or (each and _rare(each)) for each in needs)


def _rare(letter: str) -> bool:
    """A character of another script, or a mark that most texts do without."""
    return not letter.isascii() or not (letter.isalnum() or letter in " .,-'\n")


def _rank(needs: _Needs) -> tuple[int, int]:
    return min(map(len, needs)), -len(needs)
