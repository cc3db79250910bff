"""Frames in, the same frames with cleared texts out, in order (design §5, laws 4 to 7).

About one frame out for one frame in: a frame leaves when all its words are decided and every earlier frame of its
lane has left. Knows no wire format, no rail and no policy.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from io import StringIO

from guardrail.engine.chain import Cleared, Filter
from guardrail.engine.lanes import Entry, Lanes
from guardrail.engine.rewrite import Settled, Spreader, verdict
from guardrail.errors import RailFailed, UpstreamBroken
from guardrail.events import Delta, Frame
from guardrail.text import Action, Edit, Segment, Span, Verdict


@dataclass(frozen=True, slots=True)
class Ready:
    """A frame that may leave, with the text of each delta and of each whole string."""

    frame: Frame
    deltas: tuple[str, ...] = ()
    wholes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Insert:
    """Words of our own, to be read before the first words of `segment`, and what was concluded to need them.

    Nobody has counted that yet: it counts once they are said.
    """

    like: Frame
    segment: str
    text: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Blocked:
    """The policy ends the answer here. Nothing comes after it."""

    verdict: Verdict


Out = Ready | Insert | Blocked


@dataclass(frozen=True, slots=True)
class Limits:
    """What one stream may have us hold: code points of JSON, segments, and frames that wait.

    Once half of the frames wait, those that only go on with a JSON text are folded into the one before them: however
    small its pieces are, `held_json` is what limits it, and what waits costs no more.
    """

    held_json: int = 1 << 20
    segments: int = 128
    frames: int = 8_192

    @property
    def folded(self) -> int:
        """Code points of JSON in a folded frame: a text of `held_json` has room in the other half of the frames."""
        return self.held_json * 4 // self.frames + 1


@dataclass(slots=True, eq=False, kw_only=True)
class _Waiting(Entry):
    """A frame, or words of ours. `texts` has None for each delta that may not leave (yet)."""

    frame: Frame
    texts: list[str | None] = field(default_factory=list)
    wholes: tuple[str, ...] = ()
    insert: Insert | None = None

    def out(self) -> Out:
        if self.insert is not None:
            return self.insert
        return Ready(self.frame, tuple(text or "" for text in self.texts), self.wholes)


_Put = Callable[[str], None]
"""Gives one delta its cleared text."""
_TAIL = 512
"""Code points of a text that has ended which are read again before the next one of its thread."""


class _Text:
    """A segment of running text: its filter, and where its decided words go.

    One that goes on from another is judged with the end of that before it, which has left: what stands across the
    two is taken out of the second.
    """

    def __init__(self, first: Delta, opened: Filter) -> None:
        self._filter = opened
        self._puts: deque[_Put] = deque()
        self._ahead = 0  # code points that belong to the text before
        self.name = first.segment
        self.thread = first.thread
        self.tail = ""
        self.head = opened.head()

    async def go_on_from(self, tail: str) -> list[Verdict]:
        """Before anything else."""
        self._ahead = len(tail)
        return await self.feed(tail, _nowhere)

    @property
    def held(self) -> int:
        return self._filter.held

    async def feed(self, text: str, put: _Put) -> list[Verdict]:
        self._puts.append(put)
        if self.thread:
            self.tail = (self.tail + text)[-_TAIL:]
        return self._fill(await self._filter.feed(text))

    async def close(self) -> list[Verdict]:
        return self._fill(await self._filter.flush())

    def _fill(self, cleared: Iterable[Cleared]) -> list[Verdict]:
        verdicts: list[Verdict] = []
        for each in cleared:
            put = self._puts.popleft()
            if each.verdict.action is not Action.BLOCK:
                put(each.text)
            verdicts.append(_behind(self._ahead, each.verdict) if self._ahead else each.verdict)
        return verdicts


def _nowhere(text: str) -> None:
    """Where words go that have left before."""


def _behind(ahead: int, both: Verdict) -> Verdict:
    """The verdict as the second text has it: nothing that lies in the first one, but a block is one of both."""
    rulings = [each for each in both.rulings if each.finding.span.end > ahead]
    edits = [_moved(each, -ahead) for each in both.edits if each.span.end > ahead]
    second = verdict(rulings, edits)
    return replace(second, action=Action.BLOCK) if both.action is Action.BLOCK else second


def _moved(edit: Edit, by: int) -> Edit:
    """An edit that begins in the text before only takes away: its words stand there."""
    start = edit.span.start + by
    return Edit(Span(max(0, start), edit.span.end + by), edit.text if start >= 0 else "")


class _Json:
    """A JSON document that comes in pieces: held until it is whole, then given back piece by piece."""

    def __init__(self, first: Delta, clear: Callable[[Segment], Awaitable[Cleared]], limit: int) -> None:
        self._first = first
        self._clear = clear
        self._limit = limit
        self._raw = StringIO()
        self._sizes: list[int] = []
        self._puts: list[_Put] = []
        self.name = first.segment
        self.head: Cleared | None = None
        self.held = 0

    async def feed(self, text: str, put: _Put) -> list[Verdict]:
        self._hold(text)
        self._sizes.append(len(text))
        self._puts.append(put)
        return []

    def fold(self, text: str, most: int) -> bool:
        """Make the text a part of the piece before it, if there is one and it has `most` code points then at most."""
        if not self._sizes or self._sizes[-1] + len(text) > most:
            return False
        self._hold(text)
        self._sizes[-1] += len(text)
        return True

    def _hold(self, text: str) -> None:
        self.held += len(text)
        if self.held > self._limit:
            raise RailFailed("a JSON text in the answer is too long to be inspected", code="hold_limit")
        self._raw.write(text)

    async def close(self) -> list[Verdict]:
        raw, self.held = self._raw.getvalue(), 0
        if not self._puts:
            return []
        first = self._first
        cleared = await self._clear(Segment(first.segment, first.role, raw, first.kind, first.tool))
        if cleared.verdict.action is Action.BLOCK:
            return [cleared.verdict]
        for put, text in zip(self._puts, _pieces(self._sizes, raw, cleared), strict=True):
            put(text)
        self._sizes, self._puts = [], []
        return [cleared.verdict]


def _pieces(sizes: list[int], raw: str, cleared: Cleared) -> list[str]:
    """The cleared text, cut like the raw one by its edits, else all in the first piece."""
    for edits in (cleared.verdict.edits, (Edit(Span(0, len(raw)), cleared.text),)):
        spreader = Spreader()
        for size in sizes:
            spreader.expect(size)
        texts = [each.text for each in spreader.write(len(raw), Settled((), edits), lambda a, b: raw[a:b])]
        if "".join(texts) == cleared.text:
            break
    return texts


def _goes_on(before: Frame, frame: Frame) -> bool:
    """True if the frame is a piece of the text that the other one ends with, and nothing else."""
    if len(frame.deltas) != 1 or not before.deltas or frame.deltas[0].segment != before.deltas[-1].segment:
        return False
    return not (frame.wholes or frame.closes or frame.stops or frame.last or frame.failed or before.closes)


class Relay:
    """One streamed answer. Feed it frames; send what it gives back. Raises RailError or UpstreamBroken: then stop."""

    def __init__(
        self,
        open_filter: Callable[[Delta], Filter],
        clear_whole: Callable[[Segment], Awaitable[Cleared]],
        clear_json: Callable[[Segment], Awaitable[Cleared]],
        limits: Limits = Limits(),
    ) -> None:
        """`clear_json` judges a JSON text; the edits of its verdict are edits of the raw text."""
        self._open_filter = open_filter
        self._clear_whole = clear_whole
        self._clear_json = clear_json
        self._limits = limits
        self._open: dict[str, _Text | _Json] = {}
        self._begun: set[str] = set()
        self._tails: dict[str, str] = {}  # of each thread, the end of its last text
        self._spoken: set[str] = set()
        self._queue: Lanes[_Waiting] = Lanes()
        self._newest: dict[str | None, Frame] = {}  # of each lane, the last frame, if it ends with JSON
        self._verdicts: list[tuple[int, Verdict]] = []
        self._edits: list[tuple[str, tuple[Edit, ...]]] = []
        self._numbers: dict[str, int] = {}
        self._blocked: Verdict | None = None
        self._over = False

    @property
    def held(self) -> int:
        """Code points that came and have not left."""
        return sum(segment.held for segment in self._open.values())

    def take_verdicts(self) -> tuple[tuple[int, Verdict], ...]:
        """What was concluded since the last call, each with the number of its segment (in the order of their first
        words); each verdict once, those without rulings and those of inserts not at all."""
        taken = tuple(self._verdicts)
        self._verdicts.clear()
        return taken

    def take_edits(self) -> tuple[tuple[str, tuple[Edit, ...]], ...]:
        """What was changed in which text since the last call, in its order; our words before it are not told."""
        taken = tuple(self._edits)
        self._edits.clear()
        return taken

    async def feed(self, frame: Frame) -> list[Out]:
        """What may leave now. After `Blocked`, or a frame that is `last` or `failed`, nothing comes."""
        if self._over:
            return []
        if frame.keepalive and not frame.deltas and not frame.wholes:
            return [Ready(frame)]
        if self._fold(frame):
            return []
        await self._take(frame)
        return self._drain()

    async def finish(self) -> list[Out]:
        """The upstream is silent for good: what is held is judged as final."""
        if self._over:
            return []
        await self._close(list(self._open))
        out = self._drain()
        self._over = True
        return out

    def _fold(self, frame: Frame) -> bool:
        """True if all that the frame says is now in the one before it, which waits for the same JSON text."""
        before = self._newest.get(frame.lane)
        if before is None or len(self._queue) < self._limits.frames // 2 or not _goes_on(before, frame):
            return False
        segment = self._open.get(frame.deltas[0].segment)
        return isinstance(segment, _Json) and segment.fold(frame.deltas[0].text, self._limits.folded)

    async def _take(self, frame: Frame) -> None:
        count = len(frame.deltas)
        entry = _Waiting(lane=frame.lane, frame=frame, texts=[None] * count, undecided=count)
        for place, delta in enumerate(frame.deltas):
            await self._take_delta(delta, entry, place)
        entry.wholes = tuple([await self._whole(segment, entry) for segment in frame.wholes])
        self._append(entry)
        self._remember(frame)
        await self._close(list(self._open) if frame.last or frame.failed else frame.closes)

    def _remember(self, frame: Frame) -> None:
        """A frame that ends with a piece of JSON: the next may become a part of it. Never more than there are texts."""
        if frame.lane is None:
            self._newest.clear()
        if frame.deltas and isinstance(self._open.get(frame.deltas[-1].segment), _Json):
            self._newest[frame.lane] = frame
        else:
            self._newest.pop(frame.lane, None)

    async def _take_delta(self, delta: Delta, entry: _Waiting, place: int) -> None:
        segment = await self._segment(delta)
        if segment is None:
            self._put(entry, place, "")
            return
        if delta.text:
            self._speak(segment, entry.frame)
        self._rewritten(segment.name, await segment.feed(delta.text, partial(self._put, entry, place)))

    def _put(self, entry: _Waiting, place: int, text: str) -> None:
        entry.texts[place] = text
        self._queue.decided(entry)

    async def _segment(self, delta: Delta) -> _Text | _Json | None:
        """The open segment of a delta; None if it is closed and the delta says nothing."""
        segment = self._open.get(delta.segment)
        if segment is not None or (delta.segment in self._begun and not delta.text):
            return segment
        if delta.segment in self._begun:
            raise UpstreamBroken("the answer goes on after its end", code="text_after_end")
        if len(self._begun) >= self._limits.segments:
            raise UpstreamBroken("the answer has too many parts", code="too_many_segments")
        self._begun.add(delta.segment)
        segment = self._opened(delta)
        self._open[delta.segment] = segment
        if isinstance(segment, _Text) and (tail := self._tails.get(segment.thread)):
            self._rewritten(segment.name, await segment.go_on_from(tail))
        return segment

    def _opened(self, delta: Delta) -> _Text | _Json:
        if delta.json:
            return _Json(delta, self._clear_json, self._limits.held_json)
        return _Text(delta, self._open_filter(delta))

    def _speak(self, segment: _Text | _Json, like: Frame) -> None:
        """Our words before the first of theirs."""
        head = segment.head
        if head is None or segment.name in self._spoken:
            return
        self._spoken.add(segment.name)
        if head.text:
            insert = Insert(like, segment.name, head.text, head.verdict)
            self._append(_Waiting(lane=like.lane, frame=like, insert=insert))
        else:
            self._note(segment.name, [head.verdict])

    async def _whole(self, segment: Segment, entry: _Waiting) -> str:
        cleared = await self._clear_whole(segment)
        self._note(segment.address, [cleared.verdict])
        entry.undecided += cleared.verdict.action is Action.BLOCK  # and never decided
        return cleared.text

    async def _close(self, names: Iterable[str]) -> None:
        for name in names:
            segment = self._open.pop(name, None)
            if segment is None:
                continue
            self._rewritten(name, await segment.close())
            if isinstance(segment, _Text) and segment.thread:
                self._tails[segment.thread] = segment.tail

    def _rewritten(self, name: str, verdicts: Sequence[Verdict]) -> None:
        self._note(name, verdicts)
        self._edits += [(name, verdict.edits) for verdict in verdicts if verdict.edits]

    def _note(self, name: str, verdicts: Iterable[Verdict]) -> None:
        part = self._numbers.setdefault(name, len(self._numbers))
        for each in verdicts:
            if each.action is Action.BLOCK and self._blocked is None:
                self._blocked = each
            if each.rulings:
                self._verdicts.append((part, each))

    def _append(self, entry: _Waiting) -> None:
        if len(self._queue) >= self._limits.frames:
            raise UpstreamBroken("too many frames wait for words to be decided", code="too_many_frames")
        self._queue.append(entry)

    def _drain(self) -> list[Out]:
        """What is decided and has nothing of its lane before it, in order."""
        taken = self._queue.take()
        self._over |= any(each.insert is None and (each.frame.last or each.frame.failed) for each in taken)
        return [each.out() for each in taken] + self._end()

    def _end(self) -> list[Out]:
        if self._blocked is None:
            return []
        self._over = True
        self._queue.clear()
        return [Blocked(self._blocked)]
