"""From rulings to edits, and from edits to the words of each delta. Knows no rail, no rule and no frame."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from guardrail.text import Action, Edit, Finding, Ruling, Span, Verdict

_T = TypeVar("_T")

Ask = Callable[[Finding], str | None]
"""What stands in place of a finding; None leaves the words as they are."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """Words that may leave, for good, and what was concluded about them. Blocked words are ""."""

    text: str
    verdict: Verdict


CLEAR = Verdict()


@dataclass(frozen=True, slots=True)
class Settled:
    """Rulings and edits of one decided stretch, both in text order. The edits don't overlap."""

    rulings: tuple[Ruling, ...] = ()
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class _Bid:
    """One rail's claim on a stretch of text, and the rulings it was made from."""

    finding: Finding
    rank: int
    rulings: tuple[Ruling, ...]

    @property
    def span(self) -> Span:
        return self.finding.span

    def part(self, span: Span) -> Finding:
        """The finding, for one part of its stretch."""
        found = self.finding
        return found if span is found.span else Finding(span, found.rail, found.label, found.score)

    @property
    def precedence(self) -> tuple[int, int, int]:
        return self.rank, self.span.start - self.span.end, self.span.start


def settle(rulings: Sequence[Ruling], rank: Callable[[str], int], ask: Ask) -> Settled:
    """Turn the rulings of a decided stretch into edits that don't overlap.

    On overlap the rail with the lower rank wins, then the longer span; what of a loser sticks out is replaced
    too, so nothing of a patient's name survives because another rail wanted half of it. A ruling whose
    rewriter leaves the words as they are is reported as ALLOW.
    """
    rulings = sorted(rulings, key=lambda ruling: _place(ruling.finding.span))
    bids = sorted(_unite(rulings, rank), key=lambda bid: _place(bid.finding.span))
    edits: list[Edit] = []
    left: set[int] = set()
    for cluster in _clusters(bids):
        edits += _resolve(cluster, ask, left)
    edits += _insertions(rulings, rank, ask, edits)
    told = tuple(replace(ruling, action=Action.ALLOW) if id(ruling) in left else ruling for ruling in rulings)
    return Settled(told, tuple(sorted(edits, key=lambda edit: _place(edit.span))))


def _unite(rulings: Iterable[Ruling], rank: Callable[[str], int]) -> list[_Bid]:
    """One bid per stretch of overlapping findings of the same rail. `rulings` come in text order."""
    groups: dict[str, list[list[Ruling]]] = {}
    ends: dict[str, int] = {}
    for ruling in rulings:
        rail, span = ruling.finding.rail, ruling.finding.span
        if ruling.effective < Action.REPLACE or span.start == span.end:
            continue
        rows = groups.setdefault(rail, [])
        if span.start >= ends.get(rail, 0):
            rows.append([])
        rows[-1].append(ruling)
        ends[rail] = max(ends.get(rail, 0), span.end)
    return [_bid(row, rank(rail)) for rail, rows in groups.items() for row in rows]


def _bid(row: list[Ruling], rank: int) -> _Bid:
    """Over all of them, under the label of the longest."""
    best = max((each.finding for each in row), key=lambda f: (f.span.end - f.span.start, f.score, f.label))
    if len(row) == 1:
        return _Bid(best, rank, (row[0],))
    span = Span(row[0].finding.span.start, max(each.finding.span.end for each in row))
    return _Bid(replace(best, span=span), rank, tuple(row))


def _clusters(bids: Iterable[_Bid]) -> Iterable[list[_Bid]]:
    """Bids in text order, grouped so that only bids of one group overlap."""
    group: list[_Bid] = []
    end = 0
    for bid in bids:
        if group and bid.span.start >= end:
            yield group
            group = []
        group.append(bid)
        end = max(end, bid.span.end)
    if group:
        yield group


def _resolve(cluster: list[_Bid], ask: Ask, left: set[int]) -> list[Edit]:
    taken: list[Edit] = []
    for bid in sorted(cluster, key=lambda each: each.precedence):
        parts = _uncovered(bid.span, taken) if taken else [bid.span]
        answers = [(part, ask(bid.part(part))) for part in parts]
        edits = [Edit(part, text) for part, text in answers if text is not None]
        if parts and not edits:
            left.update(id(ruling) for ruling in bid.rulings)
        taken += edits
    return taken


def _uncovered(span: Span, taken: Iterable[Edit]) -> list[Span]:
    parts: list[Span] = []
    at = span.start
    for edit in sorted(taken, key=lambda each: _place(each.span)):
        if not edit.span.overlaps(span):
            continue
        if at < edit.span.start:
            parts.append(Span(at, edit.span.start))
        at = max(at, edit.span.end)
    if at < span.end:
        parts.append(Span(at, span.end))
    return parts


def _insertions(
    rulings: Iterable[Ruling], rank: Callable[[str], int], ask: Ask, edits: Sequence[Edit]
) -> Iterable[Edit]:
    """Texts to insert; those of one place in the order of the rails, joined into one edit."""
    places: dict[int, str] = {}
    wanted = [r for r in rulings if r.effective >= Action.WARN and r.finding.span.start == r.finding.span.end]
    for ruling in sorted(wanted, key=lambda each: rank(each.finding.rail)):
        at = ruling.finding.span.start
        at = next((e.span.start for e in edits if e.span.start < at < e.span.end), at)
        places[at] = places.get(at, "") + (ask(ruling.finding) or "")
    return [Edit(Span(at, at), text) for at, text in places.items() if text]


def _place(span: Span) -> tuple[int, int]:
    return span.start, span.end


class Spreader:
    """Gives decided words back to the deltas that brought them: one `Cleared` per delta, in order.

    A replaced stretch that spans several deltas is written where it begins; the later ones keep only their own
    remaining words.
    """

    def __init__(self) -> None:
        self._ends: deque[int] = deque()
        self._length = 0
        self._at = 0
        self._parts: list[str] = []
        self._rulings: deque[Ruling] = deque()
        self._edits: deque[Edit] = deque()

    @property
    def held(self) -> int:
        """Code points that came and are not decided."""
        return self._length - self._at

    def expect(self, length: int) -> None:
        """A delta of `length` code points came."""
        self._length += length
        self._ends.append(self._length)

    def write(self, until: int, settled: Settled, words: Callable[[int, int], str]) -> list[Cleared]:
        """Everything up to `until` is decided: the deltas that are complete now."""
        self._rulings += settled.rulings
        self._edits += settled.edits
        out = self._passed()
        for edit in settled.edits:
            last = edit.span.start == self._length  # behind the last word: in the delta that brought it
            out += self._copy(edit.span.start, words, keep=last)
            self._parts.append(edit.text)
            self._at = edit.span.end
            out += self._passed()
        return out + self._copy(until, words)

    def block(self, verdict: Verdict) -> list[Cleared]:
        """Nothing more may leave: every waiting delta is empty."""
        out = [Cleared("", verdict) for _ in self._ends]
        self._ends.clear()
        self._parts.clear()
        self._at = self._length
        return out

    def _copy(self, until: int, words: Callable[[int, int], str], keep: bool = False) -> list[Cleared]:
        """The words up to `until`; `keep` holds the delta back that ends there: it gets more."""
        out: list[Cleared] = []
        while self._at < until:
            end = min(until, self._ends[0])
            self._parts.append(words(self._at, end))
            self._at = end
            if not (keep and end == until):
                out += self._passed()
        return out

    def _passed(self) -> list[Cleared]:
        """The deltas that end where we are, or before."""
        out: list[Cleared] = []
        while self._ends and self._ends[0] <= self._at:
            out.append(Cleared("".join(self._parts), self._verdict(self._ends.popleft())))
            self._parts.clear()
        return out

    def _verdict(self, end: int) -> Verdict:
        if not self._rulings and not self._edits:
            return CLEAR
        end += end == self._length  # what stands behind the last word is part of its delta
        rulings = _before(self._rulings, end, lambda ruling: ruling.finding.span)
        edits = _before(self._edits, end, lambda edit: edit.span)
        return verdict(rulings, edits)


def verdict(rulings: Sequence[Ruling], edits: Sequence[Edit] = ()) -> Verdict:
    """The strongest effective action, all rulings, all edits."""
    action = max((ruling.effective for ruling in rulings), default=Action.ALLOW)
    return Verdict(action, tuple(rulings), tuple(edits))


def _before(queue: deque[_T], end: int, span: Callable[[_T], Span]) -> list[_T]:
    out: list[_T] = []
    while queue and span(queue[0]).start < end:
        out.append(queue.popleft())
    return out
