"""Where running text may be cut, so that it can be judged before all of it is there.

Cuts (checkpoints) are found from the words alone: never from chunks, findings or the clock. That is why any
cutting of a stream gives the same answer (design §5, law 1). Knows no rail, no frame and no action.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from guardrail.rails.base import Window
from guardrail.text import Span

SOFT_REACH = 64
"""At a cut inside a sentence at least this many code points wait for the words that follow."""

_CLOSERS = 8
_LOOKBACK = 16
_END = re.compile(
    rf"""[.!?…؟۔।]["'”’»)\]}}*_`]{{0,{_CLOSERS}}}+\s"""  # noqa: RUF001 - other people's full stops
    rf"""|[。！？｡]["'”’」』）】]{{0,{_CLOSERS}}}+(?=.)"""  # noqa: RUF001 - no space follows these
    r"|\n",
    re.DOTALL,
)
_DOTTED = re.compile(r"(?<!\w)(?:[^\W\d_]\.)*[^\W\d_]+\Z")
_MARKER = re.compile(r"(?:\A|\n)[ \t>*#-]*\d{1,3}\Z")  # "1." opens a list item, it ends nothing
_ABBREVIATION = re.compile(
    r"dr|mrs?|ms|mx|prof|st|sr|jr|nos?|vs|etc|approx|fig|dept|ext|tel|pt|[hdtr]x|wt|ht|max|min|temp"
    r"|m?c?g|ml|kg|tabs?|caps?|inj|ca|cf|bzw|ggf|sra|srta|dra|mme",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pace:
    """How far apart checkpoints stand, in code points.

    min_gap   a sentence or line end nearer than this to the last checkpoint is passed over
    max_gap   without a sentence end by then, the last white space is taken (a hard cut if there is none)
    context   how much decided text a window shows again before its new words
    max_hold  the most that may wait; the three above keep it, so that no answer depends on its chunks
    """

    min_gap: int = 1
    max_gap: int = 240
    context: int = 240
    max_hold: int = 2048

    def __post_init__(self) -> None:
        if not 1 <= self.min_gap <= self.max_gap:
            raise ValueError("a pace is 1 <= min_gap <= max_gap")
        if self.context < SOFT_REACH:
            raise ValueError(f"context must be {SOFT_REACH} or more")
        if self.max_hold <= self.context + self.max_gap:
            raise ValueError("max_hold must be more than context + max_gap")


@dataclass(frozen=True, slots=True)
class Stretch:
    """The words between two checkpoints, and the window in which they are judged. `soft`: cut inside a sentence."""

    window: Window
    begin: int
    end: int
    soft: bool = False


class Planner:
    """Takes the words of one segment in any pieces, and says which windows are to be inspected."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._text = ""
        self._base = 0  # where the remembered text begins in the segment
        self._searched = 0
        self._ends = [0]

    @property
    def length(self) -> int:
        """Code points taken so far."""
        return self._base + len(self._text)

    def push(self, text: str) -> list[Stretch]:
        """The stretches that are complete now."""
        self._text += text
        found: list[Stretch] = []
        while cut := self._next_cut():
            found.append(self._close(*cut))
        return found

    def finish(self) -> list[Stretch]:
        """The segment is over: its last stretch (maybe without new words). An empty segment has none."""
        if not self.length:
            return []
        return [self._close(self.length, soft=False, final=True)]

    def slice(self, start: int, end: int) -> str:
        """The words from `start` to `end`, as far as they are remembered."""
        return self._text[max(0, start - self._base) : end - self._base]

    def around(self, span: Span) -> tuple[str, int]:
        """What a rewriter may look at: the stretches that hold `span` and some text before, and where that begins.

        A function of the words and the span alone, so that streamed and whole text are rewritten alike.
        """
        begin = self._ends[max(0, bisect_right(self._ends, span.start) - 1)]
        last = min(bisect_left(self._ends, span.end), len(self._ends) - 1)
        start = max(0, begin - self._pace.context)
        return self.slice(start, self._ends[last]), start

    def forget(self, before: int) -> None:
        """Nothing before `before` will be asked for again, other than as context."""
        keep = max(0, bisect_right(self._ends, before) - 1)
        del self._ends[:keep]
        base = max(self._base, min(self._ends[0], before) - self._pace.context)
        self._text = self._text[base - self._base :]
        self._base = base

    def _close(self, end: int, soft: bool, final: bool = False) -> Stretch:
        begin = self._ends[-1]
        start = max(0, begin - self._pace.context)
        self._ends.append(end)
        self._searched = end
        return Stretch(Window(self.slice(start, end), start, final), begin, end, soft)

    def _next_cut(self) -> tuple[int, bool] | None:
        begin, length = self._ends[-1], self.length
        if length == begin:
            return None
        limit = begin + self._pace.max_gap
        end = self._sentence_end(begin, limit)
        if end is not None:
            return end, False
        # Strictly past the limit: a sentence end at the limit itself may need to see one character more.
        return (self._soft_cut(begin, limit), True) if length > limit else None

    def _sentence_end(self, begin: int, limit: int) -> int | None:
        text, base = self._text, self._base
        stop = min(len(text), limit + 1 - base)
        at = self._searched - base
        while match := _END.search(text, at, stop):
            end = match.end() + base
            if begin + self._pace.min_gap <= end <= limit and _ends_sentence(text, match, begin - base):
                return end
            at = match.start() + 1
        # What was not an end may become one with the next character: look at the last few again.
        self._searched = max(self._searched, begin, stop + base - _CLOSERS - 2)
        return None

    def _soft_cut(self, begin: int, limit: int) -> int:
        words = self.slice(begin, limit)
        cut = limit if words[-1].isspace() else limit - len(words.rsplit(None, 1)[-1])
        return cut if cut >= begin + self._pace.min_gap else limit


def _ends_sentence(text: str, match: re.Match[str], begin: int) -> bool:
    at = match.start()
    mark = text[at]
    if not text[begin : match.end()].strip():
        return False  # a stretch of white space alone is not worth a look
    if mark != ".":
        return True
    before = text[max(begin, at - _LOOKBACK) : at]
    return not (_MARKER.search(before) or _is_abbreviation(before))


def _is_abbreviation(before: str) -> bool:
    found = _DOTTED.search(before)
    if found is None:
        return False
    word = found.group()
    if "." in word:
        return True
    return bool(_ABBREVIATION.fullmatch(word)) or (len(word) == 1 and word.isupper() and word != "I")
