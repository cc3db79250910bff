"""Splits a text into words and describes each of them by numbers: what the word-level model of the PHI rail reads.

Everything is one pass of array arithmetic over the code points: no dictionary of words, no cache, nothing that outlives
the call. The same function feeds the training, so that what was learnt is what is asked. Knows no model and no label.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

WORD_BUCKETS: Final = 1 << 16
AFFIX_BUCKETS: Final = 1 << 14
GRAM_BUCKETS: Final = 1 << 15
SHAPES: Final = 12
LENGTHS: Final = 16
GAPS: Final = 4
LINES: Final = 4
LONGEST: Final = 65_536  # code points in one call: the powers of the rolling hash are made for so many

_SPACE, _LETTER, _DIGIT, _MARK, _IDEOGRAPH = range(5)
_LINE_FEED: Final = 10
_BASE: Final = 0x9E3779B97F4A7C15 | 1
_MASK: Final = (1 << 64) - 1
_LAST: Final = 0xFFFF


@dataclass(frozen=True, slots=True)
class Tokens:
    """Words, numbers and marks of one text, `[starts[i], ends[i])` in code points, and their features.

    `words`, `prefixes`, `suffixes` are bucket numbers, one a token; the n-grams of token i are
    `grams[gram_starts[i] : gram_starts[i + 1]]` (at least one). The others are small categories.
    """

    starts: Ints
    ends: Ints
    words: Ints
    prefixes: Ints
    suffixes: Ints
    grams: Ints
    gram_starts: Ints
    shapes: Ints
    lengths: Ints
    gaps: Ints
    lines: Ints

    def __len__(self) -> int:
        return len(self.starts)

    def part(self, first: int, last: int, by: int) -> Tokens:
        """The tokens from `first` up to `last` in a text that begins `by` code points earlier; no n-grams."""
        cut = {name: getattr(self, name)[first:last] for name in _PER_TOKEN}
        cut["starts"], cut["ends"] = cut["starts"] + by, cut["ends"] + by
        return Tokens(**cut, grams=_NONE, gram_starts=_NONE)


_PER_TOKEN: Final = ("starts", "ends", "words", "prefixes", "suffixes", "shapes", "lengths", "gaps", "lines")
_NONE: Final[Ints] = np.zeros(0, dtype=np.int64)


def joined(parts: Sequence[Tokens]) -> Tokens:
    """Parts of one text, one after the other; without n-grams."""
    if len(parts) == 1:
        return parts[0]
    whole = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _PER_TOKEN}
    return Tokens(**whole, grams=_NONE, gram_starts=_NONE)


def tokens(text: str) -> Tokens:
    """Split and describe `text` (at most LONGEST code points). Linear in its length."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)
    tables = _tables()
    small = np.minimum(codes, _LAST)
    kinds = tables.kinds[small]
    starts, ends = _split(kinds)
    if len(starts) == 0:
        none = np.zeros(0, dtype=np.int64)
        return Tokens(none, none, none, none, none, none, np.zeros(1, dtype=np.int64), none, none, none, none)
    lower = np.where(codes <= _LAST, tables.lower[small], codes).astype(np.uint64)
    upper = tables.upper[small]
    lengths = ends - starts
    sums = _Rolling(lower)
    long_number = (kinds[starts] == _DIGIT) & (lengths > 4)
    whole = np.where(long_number, lengths.astype(np.uint64) * np.uint64(_BASE), sums.over(starts, ends))
    first = sums.over(starts, np.minimum(starts + 3, ends))
    last = sums.over(np.maximum(ends - 3, starts), ends)
    grams, gram_starts = _grams(sums, starts, ends, lengths)
    return Tokens(
        starts=starts,
        ends=ends,
        words=_bucket(whole, WORD_BUCKETS),
        prefixes=_bucket(first, AFFIX_BUCKETS // 2),
        suffixes=_bucket(last, AFFIX_BUCKETS // 2) + AFFIX_BUCKETS // 2,
        grams=grams,
        gram_starts=gram_starts,
        shapes=_shapes(kinds, upper, starts, ends),
        lengths=np.minimum(lengths, LENGTHS - 1),
        gaps=_gaps(codes, starts, ends),
        lines=_lines(codes, kinds, upper, starts),
    )


@dataclass(frozen=True, slots=True)
class _Tables:
    kinds: NDArray[np.int8]
    lower: Ints
    upper: NDArray[np.bool_]


@cache
def _tables() -> _Tables:
    kinds = np.full(_LAST + 1, _MARK, dtype=np.int8)
    lower = np.arange(_LAST + 1, dtype=np.int64)
    upper = np.zeros(_LAST + 1, dtype=np.bool_)
    for code in range(_LAST):
        char = chr(code)
        category = unicodedata.category(char)
        if char.isspace():
            kinds[code] = _SPACE
        elif 0x3040 <= code <= 0x30FF or 0x3400 <= code <= 0x9FFF:
            kinds[code] = _IDEOGRAPH
        elif category[0] in "LM":
            kinds[code] = _LETTER
        elif category == "Nd":
            kinds[code] = _DIGIT
        if category == "Lu":
            upper[code] = True
            lower[code] = ord(char.lower()[0])
    kinds[_LAST] = _MARK  # stands for everything beyond the basic plane too
    return _Tables(kinds, lower, upper)


def _split(kinds: NDArray[np.int8]) -> tuple[Ints, Ints]:
    """Runs of letters, runs of digits, single marks and ideographs."""
    if len(kinds) == 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    alone = kinds >= np.int8(_MARK)
    begins = np.empty(len(kinds), dtype=np.bool_)
    begins[0] = True
    begins[1:] = (kinds[1:] != kinds[:-1]) | alone[1:]
    edges = np.flatnonzero(begins)
    ends = np.append(edges[1:], len(kinds))
    real = kinds[edges] != _SPACE
    return edges[real], ends[real]


class _Rolling:
    """The polynomial hash of any range in two look-ups, modulo 2**64."""

    def __init__(self, codes: NDArray[np.uint64]) -> None:
        powers, self._inverse = _powers()
        with np.errstate(over="ignore"):
            sums = np.cumsum((codes + np.uint64(1)) * powers[: len(codes)], dtype=np.uint64)
        self._sums = np.concatenate((np.zeros(1, dtype=np.uint64), sums))

    def over(self, starts: Ints, ends: Ints) -> NDArray[np.uint64]:
        """The hash of each range."""
        with np.errstate(over="ignore"):
            return (self._sums[ends] - self._sums[starts]) * self._inverse[starts]


@cache
def _powers() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    inverse = pow(_BASE, -1, 1 << 64)
    out: list[NDArray[np.uint64]] = []
    for base in (_BASE, inverse):
        steps = np.full(LONGEST + 1, base, dtype=np.uint64)
        steps[0] = 1
        with np.errstate(over="ignore"):
            out.append(np.cumprod(steps, dtype=np.uint64))
    return out[0], out[1]


def _bucket(hashes: NDArray[np.uint64], size: int) -> Ints:
    """A well-mixed part of each hash."""
    with np.errstate(over="ignore"):
        mixed = (hashes ^ (hashes >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9 & _MASK)
        mixed ^= mixed >> np.uint64(32)
    return (mixed % np.uint64(size)).astype(np.int64)


def _grams(sums: _Rolling, starts: Ints, ends: Ints, lengths: Ints) -> tuple[Ints, Ints]:
    """Runs of three characters, also over the word's two ends (shorter there); a token of one or two has one run."""
    counts = np.maximum(lengths - 2, 1)
    gram_starts = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(counts)))
    inside = np.arange(gram_starts[-1]) - np.repeat(gram_starts[:-1], counts)
    begin = np.repeat(starts, counts) + inside
    end = np.minimum(begin + 3, np.repeat(ends, counts))
    return _bucket(sums.over(begin, end), GRAM_BUCKETS), gram_starts


def _shapes(kinds: NDArray[np.int8], upper: NDArray[np.bool_], starts: Ints, ends: Ints) -> Ints:
    kind = kinds[starts]
    capitals = _running(upper)
    count = capitals[ends] - capitals[starts]
    length = ends - starts
    shape = np.full(len(starts), 0, dtype=np.int64)  # lower case
    shape[(count == 1) & upper[starts] & (length > 1)] = 1  # Capital
    shape[(count == length) & (length > 1)] = 2  # CAPITALS
    shape[(count == length) & (length == 1)] = 3  # one capital
    shape[(count > 1) & (count < length)] = 4  # McCoy
    shape[(count == 1) & ~upper[starts]] = 5  # iPhone
    shape[(kind == _LETTER) & (length == 1) & (count == 0)] = 6
    shape[kind == _DIGIT] = 7
    shape[kind == _MARK] = 8
    shape[kind == _IDEOGRAPH] = 9
    return shape


def _gaps(codes: Ints, starts: Ints, ends: Ints) -> Ints:
    """What stands before each token: 0 nothing, 1 a space, 2 more or a tab, 3 a line end (or the beginning)."""
    before = np.concatenate((np.zeros(1, dtype=np.int64), ends[:-1]))
    width = starts - before
    gaps: Ints = np.minimum(width, 2)
    breaks = _running(codes == _LINE_FEED)
    gaps[breaks[starts] > breaks[before]] = 3
    gaps[0] = 3
    return gaps


def _lines(codes: Ints, kinds: NDArray[np.int8], upper: NDArray[np.bool_], starts: Ints) -> Ints:
    """How the token's line is written: 0 both cases, 1 no capitals, 2 no small letters, 3 neither."""
    number = _running(codes == _LINE_FEED)[:-1]
    lines = int(number[-1]) + 1
    capitals = np.bincount(number[upper], minlength=lines) > 0
    small = np.bincount(number[(kinds == _LETTER) & ~upper], minlength=lines) > 0
    of_line: Ints = np.where(capitals & small, 0, np.where(small, 1, np.where(capitals, 2, 3)))
    out: Ints = of_line[number[starts]]
    return out


def _running(marks: NDArray[np.bool_]) -> Ints:
    """How many of `marks` are set before each place; one more than there are marks."""
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(marks, dtype=np.int64)))
