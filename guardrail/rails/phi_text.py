"""How the PHI rail's own finders look at a text: cue words first, then patterns only there. Knows no identifier.

A text is split into words once; each word is looked up in a table, and only the rules of that word are tried, anchored
there. So a hundred rules cost a dictionary look-up per word, and no pattern ever runs over a whole text without need.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Final, TypeVar

from guardrail.rails.gate import Gated

T = TypeVar("T")

WORD: Final = re.compile(r"[^\W\d_]+")
_DIGITS: Final = re.compile(r"\d+")
_LONGEST_PREFIX: Final = 20

ANY_DIGIT: Final = re.compile(r"\d")
"""Most texts have none: what needs one is not even tried."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Offsets in the view. `hard`: true by shape alone, so it also counts in strings that can't be rewritten."""

    start: int
    end: int
    label: str
    score: float
    hard: bool = False


class At(Enum):
    """Where a shape may begin: what lets a pattern be tried in a few places and not everywhere."""

    ANYWHERE = 0
    NUMBER = 1
    CAPITAL = 2
    EITHER = 3


@dataclass(frozen=True, slots=True)
class Words:
    """A text and its words, split once for all finders. `places`: the words of each lower-case spelling."""

    text: str
    words: list[re.Match[str]] = field(repr=False)
    places: Mapping[str, list[re.Match[str]]] = field(repr=False)
    starts: Mapping[At, Sequence[int]] = field(repr=False)

    @classmethod
    def of(cls, text: str) -> Words:
        """Split `text`."""
        words = list(WORD.finditer(text))
        places: dict[str, list[re.Match[str]]] = {}
        for word in words:
            places.setdefault(word[0].lower(), []).append(word)
        numbers = _numbers(text)
        capitals = [word.start() for word in words if not word[0][0].islower()]
        either = sorted({*numbers, *capitals})
        return cls(text, words, places, {At.NUMBER: numbers, At.CAPITAL: capitals, At.EITHER: either})

    def among(self, table: Mapping[str, T]) -> list[tuple[re.Match[str], T]]:
        """The words that are keys of `table`, in order, with what stands there."""
        known = self.places.keys() & table.keys()
        found = [(word, table[key]) for key in known for word in self.places[key]]
        found.sort(key=lambda pair: pair[0].start())
        return found


def _numbers(text: str) -> list[int]:
    """Where a number or a code with a digit may begin: at its digits, the letters before them, a sign before either."""
    starts: set[int] = set()
    for run in _DIGITS.finditer(text):
        first = at = run.start()
        while at and first - at < _LONGEST_PREFIX and text[at - 1].isalnum():
            at -= 1
        starts.update((first, at))
        while at and text[at - 1] in "+(-":
            at -= 1
            starts.add(at)
            if first - at > _LONGEST_PREFIX:
                break
    return sorted(starts)


Finder = Callable[[Words], Iterable[Hit]]
Check = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class CueRule:
    """After one of the words in `cues`, `pattern` (anchored at the cue) finds the value in its group `v`."""

    cues: str
    label: str
    pattern: re.Pattern[str]
    score: float = 0.9
    check: Check | None = None
    hard: bool = False


def table_of(rules: Iterable[CueRule]) -> Mapping[str, tuple[CueRule, ...]]:
    """The rules by cue word."""
    table: dict[str, list[CueRule]] = defaultdict(list)
    for rule in rules:
        for cue in rule.cues.split():
            table[cue].append(rule)
    return {cue: tuple(found) for cue, found in table.items()}


def by_cues(table: Mapping[str, tuple[CueRule, ...]], words: Words) -> Iterator[Hit]:
    """Every value that follows one of its cues."""
    for word, rules in words.among(table):
        for rule in rules:
            match = rule.pattern.match(words.text, word.start())
            if match and (rule.check is None or rule.check(match["v"])):
                yield Hit(match.start("v"), match.end("v"), rule.label, rule.score, rule.hard)


@dataclass(frozen=True)
class ShapeRule:
    """A value that shows itself: group `v` if there is one, else the whole match."""

    label: str
    pattern: re.Pattern[str]
    score: float = 0.9
    check: Check | None = None
    hard: bool = False
    at: At = At.ANYWHERE

    @cached_property
    def gate(self) -> Gated:
        """The pattern, for a look at a whole text."""
        return Gated(self.pattern)


def by_shape(rules: Iterable[ShapeRule], words: Words) -> Iterator[Hit]:
    """Every value with one of the shapes."""
    for rule in rules:
        group = "v" if "v" in rule.pattern.groupindex else 0
        for match in matches(rule.gate if rule.at is At.ANYWHERE else rule.pattern, words, rule.at):
            if rule.check is None or rule.check(match[group]):
                yield Hit(match.start(group), match.end(group), rule.label, rule.score, rule.hard)


def matches(pattern: re.Pattern[str] | Gated, words: Words, at: At) -> Iterator[re.Match[str]]:
    """Where `pattern` matches, without overlaps, tried only where `at` says."""
    if isinstance(pattern, Gated) or at is At.ANYWHERE:
        yield from pattern.finditer(words.text)
        return
    text, end, match_at = words.text, 0, pattern.match
    for start in words.starts[at]:
        if start >= end and (match := match_at(text, start)):
            yield match
            end = match.end()


def digits(text: str) -> str:
    """The digits alone."""
    return "".join(char for char in text if char.isdigit())
