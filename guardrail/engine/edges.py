"""Up to where the words of a segment are decided, and which rulings belong there.

A window shows more than it decides: what lies within reach of words that are still to come waits, and so does a
finding that may go on in them. Knows rulings and cuts; no rail, no rewriter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from guardrail.engine.holdback import SOFT_REACH, Stretch
from guardrail.rails.base import Window
from guardrail.text import Action, Finding, Ruling, Span


class Edges:
    """The edge between decided and waiting words of one segment; it only moves forward (law 2)."""

    def __init__(self, reach: int, context: int, inserting: frozenset[str]) -> None:
        """`inserting` names the rails that answer a WARN finding with words of their own, once per segment."""
        self._reach = reach
        self._context = context
        self._inserting = inserting
        self._inserted: set[str] = set()
        self._waiting: list[Ruling] = []  # insertions whose place is not decided yet
        self._told: set[tuple[str, str, int]] = set()
        self._open_end: Ruling | None = None
        self.at = 0

    def opened(self, opening: Iterable[Ruling]) -> None:
        """These rails spoke before the first word: they don't insert again."""
        self._inserted |= {ruling.finding.rail for ruling in opening if ruling.effective >= Action.WARN}

    def decide(self, stretch: Stretch, rulings: Iterable[Ruling]) -> tuple[int, list[Ruling]]:
        """The new edge and the rulings before it, in segment coordinates. None that changes words crosses the edge."""
        live = [clipped for ruling in rulings if (clipped := self._clip(ruling)) is not None]
        live += self._continued(stretch)
        inserts = self._waiting + self._insertions(stretch, live)
        firm = [ruling for ruling in live if ruling.effective >= Action.REPLACE and not _is_insertion(ruling)]
        edge = self._edge(stretch, [ruling.finding.span for ruling in firm])
        # What is to be stopped is stopped when it is seen, not when its place is decided.
        seen = dict.fromkeys((*live, *inserts))
        # Words that a rail puts behind the last word of all belong to that word: nothing comes after it.
        past = edge + 1 if stretch.window.final else edge
        decided = [r for r in seen if r.finding.span.start < past or r.effective is Action.BLOCK]
        self._open_end = self._left_open(stretch, firm, edge)
        self._waiting = [ruling for ruling in inserts if ruling.finding.span.start >= past]
        self._told |= {_key(ruling.finding) for ruling in decided if ruling.finding.span.end > edge}
        self.at = edge
        return edge, decided

    def _clip(self, ruling: Ruling) -> Ruling | None:
        """The ruling as far as it concerns words that are not decided."""
        span = ruling.finding.span
        if span.start >= self.at:
            return ruling
        if span.end <= self.at or (ruling.effective < Action.REPLACE and _key(ruling.finding) in self._told):
            return None
        return replace(ruling, finding=replace(ruling.finding, span=Span(self.at, span.end)))

    def _insertions(self, stretch: Stretch, live: Sequence[Ruling]) -> list[Ruling]:
        """The first WARN finding of a rail that has words to insert asks for them where the window's new words begin.

        That is a checkpoint, so a warning never stands inside a sentence, and it comes before the words it is about.
        """
        place = stretch.begin if stretch.begin < stretch.end else self.at
        out: list[Ruling] = []
        for ruling in live:
            rail = ruling.finding.rail
            if ruling.effective is Action.WARN and not _is_insertion(ruling) and self._may_insert(rail):
                self._inserted.add(rail)
                out.append(replace(ruling, finding=replace(ruling.finding, span=Span(place, place))))
        return out

    def _may_insert(self, rail: str) -> bool:
        return rail in self._inserting and rail not in self._inserted

    def _edge(self, stretch: Stretch, firm: Sequence[Span]) -> int:
        if stretch.window.final:
            return stretch.end
        floor = max(self.at, stretch.end - self._context)  # the next window shows no more than this again
        reach = max(self._reach, SOFT_REACH if stretch.soft else 0)
        edge = _word_start(stretch.window, max(floor, stretch.end - reach), floor)
        edge = _step_back(edge, stretch.window, firm)
        # A finding too long to wait for is taken as far as it is seen now; `_left_open` sees to its rest.
        return edge if edge >= floor else stretch.end

    def _left_open(self, stretch: Stretch, firm: Sequence[Ruling], edge: int) -> Ruling | None:
        """The decided finding that reaches the end of the known words and may go on, if there is one."""
        if edge == self.at:
            return self._open_end
        cut = [r for r in firm if r.finding.span.start < edge and r.finding.span.end == stretch.end]
        return min(cut, key=lambda r: (r.finding.span.start, r.finding.rail), default=None)

    def _continued(self, stretch: Stretch) -> list[Ruling]:
        """The rest of a finding that was cut: everything up to the next white space."""
        ahead = stretch.window.text[self.at - stretch.window.start :]
        if self._open_end is None or not ahead or ahead[0].isspace():
            return []
        end = self.at + len(ahead.split(None, 1)[0])
        return [replace(self._open_end, finding=replace(self._open_end.finding, span=Span(self.at, end)))]


def _step_back(edge: int, window: Window, firm: Sequence[Span]) -> int:
    """Before every finding that straddles the edge, or that ends where the known words end."""
    known = window.start + len(window.text.rstrip())
    for span in sorted(firm, key=lambda each: each.end, reverse=True):
        if span.start < edge and (span.end > edge or span.end >= known):
            edge = span.start
    return edge


def _word_start(window: Window, edge: int, floor: int) -> int:
    """The edge, or the start of the word that it would cut in two."""
    before = window.text[floor - window.start : edge - window.start]
    if edge == window.start + len(window.text) or not before.strip() or before[-1].isspace():
        return edge
    word = len(before.rsplit(None, 1)[-1])
    return edge - word if word < len(before) else edge


def _is_insertion(ruling: Ruling) -> bool:
    return ruling.finding.span.start == ruling.finding.span.end


def _key(finding: Finding) -> tuple[str, str, int]:
    return finding.rail, finding.label, finding.span.start
