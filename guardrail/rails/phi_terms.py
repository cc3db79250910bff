"""A hospital's own words: what is always somebody's, and what never is. Knows no policy file and no detector.

Words are looked up, not searched for: every word of a text is asked of a table, whatever the number of terms, so the
work is linear in the text. Compared are whole words, in any case, with or without accents, with up to three other
characters between them ("blue_bird", "Blue-Bird"); scripts without spaces are compared character by character.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, Generic, TypeVar

from guardrail.placeholder import PLACEHOLDER
from guardrail.rails.normalise import unsmudged, view
from guardrail.rails.phi_patterns import Pattern, find_patterns, fold
from guardrail.rails.phi_text import Hit
from guardrail.rails.phi_words import GIVEN_NAMES

T = TypeVar("T")
Range = tuple[int, int]

MOST_WORDS: Final = 12
"""Of one term."""

_WORD: Final = re.compile(r"[^\W\d_]+|\d+")
_UNSPACED: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_WIDEST_GAP: Final = 3
_LEAST_LETTERS: Final = 2
_LEAST_DIGITS: Final = 4
_LEAST_JOINED: Final = 7


def check_term(term: str) -> None:
    """Raise ValueError, without the term, for one that would be found everywhere, or nowhere."""
    words = _WORD.findall(view(term).text)
    letters = sum(len(word) for word in words if word[0].isalpha())
    if letters < _LEAST_LETTERS and sum(map(len, words)) < _LEAST_DIGITS:
        raise ValueError("is too short: use two letters or four digits at least")
    if len(words) > MOST_WORDS:
        raise ValueError(f"has more than {MOST_WORDS} words")


def key(term: str) -> tuple[str, ...]:
    """What two spellings of one term have in common."""
    return tuple(fold(word) for word in _WORD.findall(view(term).text))


def is_only_given_names(term: str) -> bool:
    """True for "Maria": as an allow term it would let every patient of that name through."""
    words = key(term)
    return bool(words) and GIVEN_NAMES.issuperset(words)


class Terms:
    """Allow terms, deny terms and patterns of one policy."""

    def __init__(
        self,
        allow: Iterable[str] = (),
        deny: Mapping[str, Iterable[str]] | None = None,
        patterns: Iterable[Pattern] = (),
    ) -> None:
        self._allowed = Dictionary((term, "") for term in allow)
        self._denied = Dictionary(
            (spelled, label)
            for label, terms in (deny or {}).items()
            for term in terms
            for spelled in (term, _joined(term))
        )
        self._patterns = tuple(patterns)

    def settled(self, text: str, hits: Sequence[Hit]) -> list[Hit]:
        """`hits` of others in a view, less what is allowed, and what the patterns and deny terms find.

        A deny term wins over an allow term. Raises RailFailed if a pattern takes too long.
        """
        own = self._by_pattern(text)
        return [*self.without_allowed(text, [*hits, *own]), *self._by_term(text)]

    def find(self, text: str) -> list[Hit]:
        """What the deny terms and the patterns find by themselves."""
        return [*self._by_term(text), *self._by_pattern(text)]

    def without_allowed(self, text: str, hits: Sequence[Hit]) -> list[Hit]:
        """The hits that are more than allowed terms: of "Grace Ward" also the "Grace" alone is none."""
        if not self._allowed or not hits:
            return list(hits)
        ranges = _united((start, end) for spelled in _spellings(text) for start, end, _ in self._allowed.find(spelled))
        return [hit for hit in hits if not _is_within(hit, ranges, text)] if ranges else list(hits)

    def allows(self, text: str, hit: Hit) -> bool:
        """True if a hit is nothing but allowed terms. For many hits ask `without_allowed`."""
        return not self.without_allowed(text, [hit])

    def _by_term(self, text: str) -> list[Hit]:
        if not self._denied:
            return []
        found = {
            Hit(start, end, label, 1.0, hard=True)
            for spelled in _spellings(text)
            for start, end, label in self._denied.find(spelled)
        }
        return _outside_placeholders(found, text)

    def _by_pattern(self, text: str) -> list[Hit]:
        if not self._patterns:
            return []
        found = {hit for spelled in _spellings(text) for hit in find_patterns(self._patterns, spelled)}
        return _outside_placeholders(found, text)


class Dictionary(Generic[T]):
    """Terms and what each stands for. The first of two spellings of one term counts."""

    def __init__(self, terms: Iterable[tuple[str, T]]) -> None:
        self._terms: dict[tuple[str, ...], T] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        self._unspaced: dict[str, T] = {}
        self._openings: dict[str, tuple[int, ...]] = {}
        for term, value in terms:
            for spelled in _spellings(view(term).text):
                self._add(spelled, value)

    def __bool__(self) -> bool:
        return bool(self._terms or self._unspaced)

    def find(self, text: str) -> Iterator[tuple[int, int, T]]:
        """At each word, and at each character of an unspaced script, the longest term that begins there."""
        if self._terms:
            yield from self._words(text)
        if self._unspaced and _UNSPACED.search(text):
            yield from self._run_together(text)

    def _add(self, term: str, value: T) -> None:
        if _UNSPACED.search(term):
            run = term.strip().lower()
            self._unspaced.setdefault(run, value)
            _note(self._openings, run[0], len(run))
        elif words := key(term):
            self._terms.setdefault(words, value)
            _note(self._lengths, words[0], len(words))

    def _words(self, text: str) -> Iterator[tuple[int, int, T]]:
        words = list(_WORD.finditer(text))
        keys = [fold(word[0]) for word in words]
        for at, first in enumerate(keys):
            for length in self._lengths.get(first, ()):
                value = self._terms.get(tuple(keys[at : at + length]))
                if value is not None and _is_together(words[at : at + length]):
                    yield words[at].start(), words[at + length - 1].end(), value
                    break

    def _run_together(self, text: str) -> Iterator[tuple[int, int, T]]:
        for at, char in enumerate(text):
            for length in self._openings.get(char.lower(), ()):
                value = self._unspaced.get(text[at : at + length].lower())
                if value is not None:
                    yield at, at + length, value
                    break


def _joined(term: str) -> str:
    """`bluebird` for "Blue Bird", so that running words together hides nothing; short ones would be other words."""
    words = key(term)
    run = "".join(words)
    return run if len(run) >= _LEAST_JOINED and all(len(word) > 1 for word in words) else term


def _note(lengths: dict[str, tuple[int, ...]], first: str, length: int) -> None:
    known = lengths.get(first, ())
    if length not in known:
        lengths[first] = tuple(sorted((*known, length), reverse=True))


def _is_together(words: Sequence[re.Match[str]]) -> bool:
    return all(after.start() - word.end() <= _WIDEST_GAP for word, after in pairwise(words))


def _spellings(text: str) -> tuple[str, ...]:
    """As written, and with what scanners confuse put right: character for character, so that places are the same."""
    right = unsmudged(text)
    return (text,) if right == text else (text, right)


def _united(ranges: Iterable[Range]) -> list[Range]:
    """In order, without overlaps."""
    out: list[Range] = []
    for start, end in sorted(ranges):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def _is_within(hit: Hit, ranges: Sequence[Range], text: str) -> bool:
    """True if every letter and digit of the hit lies in one of the ranges."""
    at = hit.start
    for index in range(max(0, bisect_right(ranges, (hit.start, len(text))) - 1), len(ranges)):
        start, end = ranges[index]
        if start >= hit.end:
            break
        if end <= at:
            continue
        if _says_something(text[at:start]):
            return False
        at = max(at, end)
    return not _says_something(text[at : hit.end])


def _says_something(text: str) -> bool:
    return any(char.isalnum() for char in text)


def _outside_placeholders(hits: Iterable[Hit], text: str) -> list[Hit]:
    """In order. What stands in one of our own placeholders is nobody's, whatever a policy calls PHI."""
    ordered = sorted(hits, key=lambda hit: (hit.start, hit.end))
    if not ordered:
        return []
    ours = [match.span() for match in PLACEHOLDER.finditer(text)]
    return [hit for hit in ordered if not _touches(hit, ours)] if ours else ordered


def _touches(hit: Hit, ranges: Sequence[Range]) -> bool:
    at = bisect_right(ranges, hit.start, key=lambda each: each[1])
    return at < len(ranges) and ranges[at][0] < hit.end
