"""From chances to findings: the trained detector of the PHI rail. Knows the models and their labels; no pattern.

The word-level model reads everything. Where it is unsure, a stretch of words around the doubt goes to the sentence
model, up to a bound per window: what lies beyond the bound is judged by the word-level model alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from guardrail.rails.phi_features import Tokens, joined, tokens
from guardrail.rails.phi_model import Files, Floats, SentenceModel, WordModel, sentence_model
from guardrail.rails.phi_text import Hit

_SUREST: Final = 0.88  # below a shape that proves itself: its label and its ends are better known
_AROUND: Final = 12  # words of context on each side of a doubt
_STRETCH: Final = 110  # words that the sentence model reads at once
_PART: Final = 16_384  # code points that the word-level model reads at once
_MARGIN: Final = 256
_MARK: Final = 8  # the shape of a mark, see phi_features
_WORDY: Final = frozenset({"NAME", "LOCATION", "ORG_FACILITY", "DATE", "AGE_OVER_89"})
_WORD_PART: Final = re.compile(r"[^\W\d_]|[-'](?=[^\W\d_]{2})")
_CODE_PART: Final = re.compile(r"[A-Za-z0-9]|[-./:#@_+](?=[A-Za-z0-9])")
_LONGEST_CODE: Final = 80
_INSIDE_A_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9\u00c0-\u024f]")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """A word is found from `enter` on; a neighbour of a found word with the same label from `stay` on.

    The word-level model is unsure of a word if it gives it more than `low` and less than `high`.
    `weight` is the sentence model's part where both have read a word.
    """

    enter: float = 0.5
    stay: float = 0.25
    low: float = 0.02
    high: float = 0.95
    weight: float = 0.65


THRESHOLDS: Final = Thresholds()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the models think of one text, word by word."""

    text: str
    seen: Tokens
    chances: Floats
    labels: tuple[str, ...]
    thresholds: Thresholds

    def support(self, start: int, end: int) -> float:
        """The highest chance in a range of the text that a word there is somebody's."""
        first = int(np.searchsorted(self.seen.ends, start, side="right"))
        last = int(np.searchsorted(self.seen.starts, end, side="left"))
        return float(1.0 - self.chances[first:last, 0].min()) if first < last else 0.0

    def hits(self) -> Iterator[Hit]:
        """Spans with their labels; a score is the mean chance of its words."""
        score = 1.0 - self.chances[:, 0]
        best = self.chances[:, 1:].argmax(axis=1) + 1
        found = _spread(score, best, self.thresholds)
        scores: list[float] = score.tolist()
        count = len(self.seen)
        for at in np.flatnonzero(found & ~_goes_on(found, best)).tolist():
            end = at + 1
            while end < count and found[end] and best[end] == best[at]:
                end += 1
            first, last = _trimmed(self.seen, at, end)
            if first < last:
                label = self.labels[best[at]]
                start, stop = int(self.seen.starts[first]), int(self.seen.ends[last - 1])
                start, stop = _whole(self.text, start, stop, label)
                if start < stop:
                    yield Hit(start, stop, label, min(_SUREST, sum(scores[first:last]) / (last - first)))


class Detector:
    """Finds what identifies a person by what the words mean where they stand."""

    def __init__(self, source: Files, thresholds: Thresholds, sentence_words: int) -> None:
        """`sentence_words`: how many words of a window may go to the sentence model; 0: it is not even loaded."""
        self._labels = source.labels
        self._words = WordModel(source)
        self._sentences = sentence_model() if sentence_words else None
        self._thresholds = thresholds
        self._most = sentence_words

    def read(self, text: str, english: Callable[[str], bool] = bool) -> Reading:
        """What both models think of `text`. Linear in its length.

        The sentence model is asked only where there is a doubt and `english` says that it can read the text.
        """
        parts = [self._part(text, at, english) for at in range(0, len(text), _PART)]
        seen = joined([seen for seen, _ in parts]) if parts else tokens("")
        none = np.zeros((0, len(self._labels)), dtype=np.float32)
        return Reading(
            text, seen, np.concatenate([none, *(chances for _, chances in parts)]), self._labels, self._thresholds
        )

    def _part(self, text: str, at: int, english: Callable[[str], bool]) -> tuple[Tokens, Floats]:
        """The words that begin in one part of a text, read with what stands around it."""
        start = max(0, at - _MARGIN)
        seen = tokens(text[start : at + _PART + _MARGIN])
        if not len(seen):
            return seen, np.zeros((0, len(self._labels)), dtype=np.float32)
        chances = self._words.chances(seen)
        if self._sentences and (doubts := self._doubts(seen, chances)) and english(text):
            self._ask_again(self._sentences, text[start : at + _PART + _MARGIN], seen, chances, doubts)
        first, last = np.searchsorted(seen.starts, (at - start, at - start + _PART)).tolist()
        return seen.part(first, last, start), chances[first:last]

    def _ask_again(
        self, model: SentenceModel, text: str, seen: Tokens, chances: Floats, doubts: Iterable[tuple[int, int]]
    ) -> None:
        left, weight = self._most, self._thresholds.weight
        for first, last in doubts:
            if last - first > left:
                return
            left -= last - first
            better = model.chances(text, seen, first, last)
            part = chances[first : first + len(better)]
            part[:] = (1.0 - weight) * part + weight * better

    def _doubts(self, seen: Tokens, chances: Floats) -> list[tuple[int, int]]:
        """Stretches of words around what the word-level model is unsure of, without overlaps."""
        score = 1.0 - chances[:, 0]
        unsure = np.flatnonzero((score > self._thresholds.low) & (score < self._thresholds.high)).tolist()
        out: list[tuple[int, int]] = []
        at = done = 0
        while at < len(unsure):
            first = max(done, unsure[at] - _AROUND)
            last = unsure[at]
            while at < len(unsure) and unsure[at] - last <= _AROUND and unsure[at] + _AROUND - first <= _STRETCH:
                last = unsure[at]
                at += 1
            done = min(len(seen), last + _AROUND + 1)
            out.append((first, done))
            while at < len(unsure) and unsure[at] < done:
                at += 1
        return out


def _goes_on(found: NDArray[np.bool_], best: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Words that continue the finding of the word before."""
    on = np.zeros_like(found)
    on[1:] = found[1:] & found[:-1] & (best[1:] == best[:-1])
    return on


def _spread(score: Floats, best: NDArray[np.int64], thresholds: Thresholds) -> NDArray[np.bool_]:
    """Found words, and from each of them outwards the neighbours of the same label that are likely enough."""
    found: NDArray[np.bool_] = score >= thresholds.enter
    may = score >= thresholds.stay
    for index in np.flatnonzero(found):
        for step in (-1, 1):
            at = index + step
            while 0 <= at < len(found) and not found[at] and may[at] and best[at] == best[index]:
                found[at] = True
                at += step
    return found


def _trimmed(seen: Tokens, first: int, last: int) -> tuple[int, int]:
    """Without marks at either end."""
    while first < last and seen.shapes[first] == _MARK:
        first += 1
    while first < last and seen.shapes[last - 1] == _MARK:
        last -= 1
    return first, last


def _whole(text: str, start: int, end: int, label: str) -> tuple[int, int]:
    """Out to the ends of the word or code that the span is a part of."""
    if label == "AGE_OVER_89":
        return start, end
    if label == "DATE":
        return start, _before_a_code(text, start, end)
    part = _WORD_PART if label in _WORDY else _CODE_PART
    floor, ceiling = max(0, start - _LONGEST_CODE), min(len(text), end + _LONGEST_CODE)
    if text[start].isalnum():
        while start > floor and text[start - 1].isalnum() and part.match(text, start - 1):
            start -= 1
    if text[end - 1].isalnum():
        while end < ceiling and part.match(text, end):
            end += 1
    return start, end


def _before_a_code(text: str, start: int, end: int) -> int:
    """Where a date ends that seems to end inside a word: before that word ("3 May 2026 12" of "3 May 2026 12ano")."""
    if not _INSIDE_A_WORD.match(text, end - 1):
        return end
    space = text.rfind(" ", start, end)
    return start if space < 0 else start + len(text[start:space].rstrip(" ,.;:-"))
