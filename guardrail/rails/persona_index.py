"""Which rows of a language can begin at a place: by their first two characters, so that few are tried at each.

A text has hundreds of places and a language hundreds of rows; one pattern of all of them took half a second for a long
answer. Knows patterns, no language and no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, Final

ANY: Final = "\0"
"""In a beginning: whatever stands there."""
_LOOKED_AT: Final = 2
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_MOST: Final = 80
"""A class of more characters than this counts as any, and so do that many beginnings of a row."""
_MOST_KEYS: Final = 4_000
_NOTHING: Final = frozenset({op.AT, op.ASSERT, op.ASSERT_NOT})
_REPEATS: Final = frozenset({op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT})

Beginnings = frozenset[str]
"""Of at most `_LOOKED_AT` characters; after a shorter one anything may follow, or nothing."""


def beginnings(pattern: str, length: int = _LOOKED_AT) -> Beginnings:
    """How a match can begin: its first characters, `length` of them or fewer.

    May hold too many, never too few. Raises re.error for what is no pattern.
    """
    return _sequence(list(_parser.parse(pattern)), length)


def fits(beginning: str, text: str) -> bool:
    """True if a match that begins so can begin with `text`."""
    return all(letter in (ANY, at) for letter, at in zip(beginning, text, strict=False))


def _sequence(items: Sequence[Any], need: int) -> Beginnings:
    done: set[str] = set()
    heads = {""}
    for item in items:
        longer = {head + more for head in heads for more in _item(item[0], item[1], need - len(head))}
        done |= {head for head in longer if len(head) >= need}
        heads = longer - done
        if not heads:
            break
    return frozenset(done | heads)


def _item(kind: Any, value: Any, need: int) -> Beginnings:
    if kind in _NOTHING:
        return frozenset({""})
    if kind is op.LITERAL:
        return frozenset(chr(value))
    if kind is op.IN:
        return _of_class(value)
    if kind is op.SUBPATTERN:
        return _sequence(list(value[-1]), need)
    if kind is op.ATOMIC_GROUP:
        return _sequence(list(value), need)
    if kind in _REPEATS:
        return _of_repeat(value[0], value[1], value[2], need)
    if kind is op.BRANCH:
        return frozenset().union(*(_sequence(list(branch), need) for branch in value[1]))
    return frozenset({ANY})


def _of_repeat(least: int, most: Any, items: Any, need: int) -> Beginnings:
    once = _sequence(list(items), need)
    # once more, or what comes after it: anything
    again = frozenset(each + ANY * (need - len(each)) for each in once if len(each) < need) if most > 1 else frozenset()
    return once | again | (frozenset({""}) if least == 0 else frozenset())


def _of_class(members: Iterable[Any]) -> Beginnings:
    letters: set[str] = set()
    for kind, value in members:
        if kind is op.LITERAL:
            letters.add(chr(value))
        elif kind is op.RANGE and value[1] - value[0] <= _MOST:
            letters.update(map(chr, range(value[0], value[1] + 1)))
        else:
            return frozenset({ANY})
    return frozenset(letters)


@dataclass
class RowIndex:
    """The rows of one language, each compiled when it is first tried. `matches` as `finditer` of all of them would."""

    patterns: Sequence[str]
    _begin: tuple[Beginnings, ...] = field(init=False)
    _places: re.Pattern[str] = field(init=False)
    _compiled: dict[int, re.Pattern[str]] = field(init=False, default_factory=dict)
    _keys: dict[str, tuple[int, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._begin = tuple(beginnings(pattern) for pattern in self.patterns)
        self._places = self._where({each[:1] for every in self._begin for each in every})

    def _where(self, first: set[str]) -> re.Pattern[str]:
        """Where a row can begin: where a word does; in scripts that set no words apart, at any of the letters."""
        letters = first - {"", ANY}
        words = {letter for letter in letters if letter.isalnum() and not _HAN.match(letter)}
        others = letters - words
        kinds = [rf"(?<![\w\u0900-\u097f])[{_class(words)}]"] if words else []
        kinds += [f"[{_class(others)}]"] if others else []
        kinds += [r"(?<!\w)(?=\S)"] if len(letters) < len(first) else []
        return re.compile("|".join(kinds) or r"(?!)")

    def matches(self, text: str, start: int, end: int) -> Iterator[tuple[int, re.Match[str]]]:
        """Row numbers and their matches from left to right, none overlapping; at one place the earlier row wins."""
        at = start
        while place := self._places.search(text, at, end):
            found = self._at(text, place.start(), end)
            if found is not None:
                yield found
            at = max(found[1].end() if found else 0, place.start() + 1)

    def _at(self, text: str, place: int, end: int) -> tuple[int, re.Match[str]] | None:
        for number in self._rows(text[place : place + _LOOKED_AT]):
            match = self._row(number).match(text, place, end)
            if match is not None:
                return number, match
        return None

    def _rows(self, key: str) -> tuple[int, ...]:
        """The rows that can begin so. Two characters are remembered, no more of any text."""
        rows = self._keys.get(key)
        if rows is None:
            rows = tuple(n for n, begin in enumerate(self._begin) if any(fits(each, key) for each in begin))
            if len(self._keys) < _MOST_KEYS:
                self._keys[key] = rows
        return rows

    def _row(self, number: int) -> re.Pattern[str]:
        pattern = self._compiled.get(number)
        if pattern is None:
            pattern = self._compiled[number] = re.compile(self.patterns[number])
        return pattern


def _class(letters: Iterable[str]) -> str:
    return "".join(map(re.escape, sorted(letters)))
