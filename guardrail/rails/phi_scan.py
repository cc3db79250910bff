"""Many shapes, one look: rules that begin at the same places are tried only where one of them can match at all.

Knows no identifier. A gate, all patterns of the rules in one, is asked once for each place; a dose or a laboratory
value fails there, at the price of one call and not of one for each rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from guardrail.rails.phi_text import At, Hit, ShapeRule, Words, by_shape

_NAMED: Final = re.compile(r"\(\?P<\w+>")
_FLAGS: Final = re.compile(r"\A\(\?[a-z]+\)")
_AGAIN: Final = re.compile(r"\\[1-9]")


def _gate(rules: Iterable[ShapeRule], first: str) -> re.Pattern[str]:
    """Matches wherever one of the rules does, and seldom elsewhere: what a rule wants repeated may be any sign here."""
    return re.compile(f"{first}(?:{'|'.join(_within_others(rule.pattern) for rule in rules)})")


def _within_others(pattern: re.Pattern[str]) -> str:
    source = _AGAIN.sub(r"\\W?", _NAMED.sub("(?:", _FLAGS.sub("", pattern.pattern)))
    flags = "".join(letter for letter, flag in (("i", re.IGNORECASE), ("m", re.MULTILINE)) if pattern.flags & flag)
    return f"(?{flags}:{source})"


class Scanner:
    """What `by_shape` finds, for rules that say where they begin. No state: one instance serves every text."""

    def __init__(self, rules: Iterable[ShapeRule], first: str = "") -> None:
        """`first`: a look-ahead that all rules have in common, to fail sooner.

        Raises ValueError for a rule that may begin anywhere: it needs a pass of its own.
        """
        self.rules: Final = tuple(rules)
        if any(rule.at is At.ANYWHERE for rule in self.rules):
            raise ValueError("a rule of a scanner says where it begins")
        self._by_place: Final[Mapping[At, tuple[re.Pattern[str], tuple[ShapeRule, ...]]]] = {
            at: (_gate(group, first), group)
            for at in At
            if (group := tuple(rule for rule in self.rules if rule.at is at))
        }

    def gates(self) -> Iterator[tuple[re.Pattern[str], tuple[ShapeRule, ...]]]:
        """Each gate with the rules behind it."""
        yield from self._by_place.values()

    def find(self, words: Words) -> Iterator[Hit]:
        """Every value with one of the shapes."""
        for at, (gate, rules) in self._by_place.items():
            may = gate.match
            text = words.text
            if places := [start for start in words.starts[at] if may(text, start)]:
                yield from by_shape(rules, Words(text, words.words, words.places, {at: places}))
