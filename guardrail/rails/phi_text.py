"""How the PHI rail's own finders look at a text: cue words first, then patterns only there. Knows no identifier.

A text is split into words once; each word is looked up in a table, and only the rules of that word are tried, anchored
there. So a hundred rules cost a dictionary look-up per word, and no pattern ever runs over a whole text without need.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Hit:
    """Offsets in the view. `hard`: true by shape alone, so it also counts in strings that can't be rewritten."""

    start: int
    end: int
    label: str
    score: float
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A text and its words, split once for all finders."""

    text: str
    words: list[re.Match[str]] = field(repr=False)

    @classmethod
    def of(cls, text: str) -> Words:
        """Split `text`."""
        return cls(text, list(WORD.finditer(text)))


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
    for word in words.words:
        for rule in table.get(word[0].lower(), ()):
            match = rule.pattern.match(words.text, word.start())
            if match and (rule.check is None or rule.check(match["v"])):
                yield Hit(match.start("v"), match.end("v"), rule.label, rule.score, rule.hard)


@dataclass(frozen=True, slots=True)
class ShapeRule:
    """A value that shows itself: group `v` if there is one, else the whole match."""

    label: str
    pattern: re.Pattern[str]
    score: float = 0.9
    check: Check | None = None
    hard: bool = False


def by_shape(rules: Iterable[ShapeRule], text: str) -> Iterator[Hit]:
    """Every value with one of the shapes."""
    for rule in rules:
        group = "v" if "v" in rule.pattern.groupindex else 0
        for match in rule.pattern.finditer(text):
            if rule.check is None or rule.check(match[group]):
                yield Hit(match.start(group), match.end(group), rule.label, rule.score, rule.hard)


def digits(text: str) -> str:
    """The digits alone."""
    return "".join(char for char in text if char.isdigit())
