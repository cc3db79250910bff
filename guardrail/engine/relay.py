"""Frames in, the same frames with cleared texts out, in order (design §5, laws 4 to 7).

About one frame out for one frame in: a frame leaves when all its words are decided and every earlier frame of its
lane has left. Knows no wire format, no rail and no policy.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from guardrail.engine.chain import Cleared, Filter
from guardrail.engine.rewrite import Settled, Spreader
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
    """Words of our own, to be read before the first words of `segment`."""

    like: Frame
    segment: str
    text: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """The policy ends the answer here. Nothing comes after it."""

    verdict: Verdict


Out = Ready | Insert | Blocked


@dataclass(frozen=True, slots=True)
class Limits:
    """What one stream may have us hold: code points of JSON, segments, and frames that wait."""

    held_json: int = 1 << 20
    segments: int = 128
    frames: int = 16_384


@dataclass(slots=True)
class _Waiting:
    """A frame, or words of ours, in the queue. `texts` has None for each delta that may not leave (yet)."""

    lane: str | None
    frame: Frame
    texts: list[str | None] = field(default_factory=list)
    wholes: tuple[str, ...] = ()
    insert: Insert | None = None
    stopped: bool = False

    @property
    def ready(self) -> bool:
        return not self.stopped and None not in self.texts

    def out(self) -> Out:
        if self.insert is not None:
            return self.insert
        return Ready(self.frame, tuple(text or "" for text in self.texts), self.wholes)


class _Text:
    """A segment of running text: its filter, and where its decided words go."""

    def __init__(self, first: Delta, opened: Filter) -> None:
        self._filter = opened
        self._places: deque[tuple[_Waiting, int]] = deque()
        self.name = first.segment
        self.head = opened.head()

    @property
    def held(self) -> int:
        return self._filter.held

    async def feed(self, text: str, entry: _Waiting, place: int) -> list[Verdict]:
        self._places.append((entry, place))
        return self._fill(await self._filter.feed(text))

    async def close(self) -> list[Verdict]:
        return self._fill(await self._filter.flush())

    def _fill(self, cleared: Iterable[Cleared]) -> list[Verdict]:
        verdicts: list[Verdict] = []
        for each in cleared:
            entry, place = self._places.popleft()
            if each.verdict.action is not Action.BLOCK:
                entry.texts[place] = each.text
            verdicts.append(each.verdict)
        return verdicts


class _Json:
    """A JSON document that comes in pieces: held until it is whole, then given back piece by piece."""

    def __init__(self, first: Delta, clear: Callable[[Segment], Awaitable[Cleared]], limit: int) -> None:
        self._first = first
        self._clear = clear
        self._limit = limit
        self._parts: list[str] = []
        self._places: list[tuple[_Waiting, int]] = []
        self.name = first.segment
        self.head: Cleared | None = None
        self.held = 0

    async def feed(self, text: str, entry: _Waiting, place: int) -> list[Verdict]:
        self.held += len(text)
        if self.held > self._limit:
            raise RailFailed("a JSON text in the answer is too long to be inspected", code="hold_limit")
        self._parts.append(text)
        self._places.append((entry, place))
        return []

    async def close(self) -> list[Verdict]:
        raw, self.held = "".join(self._parts), 0
        if not self._places:
            return []
        first = self._first
        cleared = await self._clear(Segment(first.segment, first.role, raw, first.kind, first.tool))
        if cleared.verdict.action is Action.BLOCK:
            return [cleared.verdict]
        for (entry, place), text in zip(self._places, _pieces(self._parts, raw, cleared), strict=True):
            entry.texts[place] = text
        self._parts, self._places = [], []
        return [cleared.verdict]


def _pieces(parts: list[str], raw: str, cleared: Cleared) -> list[str]:
    """The cleared text, cut like the raw one by its edits, else all in the first piece."""
    for edits in (cleared.verdict.edits, (Edit(Span(0, len(raw)), cleared.text),)):
        spreader = Spreader()
        for part in parts:
            spreader.expect(len(part))
        texts = [each.text for each in spreader.write(len(raw), Settled((), edits), lambda a, b: raw[a:b])]
        if "".join(texts) == cleared.text:
            break
    return texts


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
        self._spoken: set[str] = set()
        self._queue: deque[_Waiting] = deque()
        self._verdicts: list[Verdict] = []
        self._blocked: Verdict | None = None
        self._over = False

    @property
    def held(self) -> int:
        """Code points that came and have not left."""
        return sum(segment.held for segment in self._open.values())

    def take_verdicts(self) -> tuple[Verdict, ...]:
        """What was concluded since the last call; each verdict once, those without rulings not at all."""
        taken = tuple(self._verdicts)
        self._verdicts.clear()
        return taken

    async def feed(self, frame: Frame) -> list[Out]:
        """What may leave now. After `Blocked`, or a frame that is `last` or `failed`, nothing comes."""
        if self._over:
            return []
        if frame.keepalive and not frame.deltas and not frame.wholes:
            return [Ready(frame)]
        moved = await self._take(frame)
        return self._drain() if moved else []

    async def finish(self) -> list[Out]:
        """The upstream is silent for good: what is held is judged as final."""
        if self._over:
            return []
        await self._close(list(self._open))
        out = self._drain()
        self._over = True
        return out

    async def _take(self, frame: Frame) -> bool:
        """True if something may be ready to leave."""
        entry = _Waiting(frame.lane, frame, [None] * len(frame.deltas))
        moved = not frame.deltas and self._is_free(frame.lane)
        for place, delta in enumerate(frame.deltas):
            moved |= await self._take_delta(delta, entry, place)
        entry.wholes = tuple([await self._whole(segment, entry) for segment in frame.wholes])
        self._append(entry)
        ends = frame.last or frame.failed
        await self._close(list(self._open) if ends else frame.closes)
        return moved or bool(frame.closes) or ends or self._blocked is not None

    async def _take_delta(self, delta: Delta, entry: _Waiting, place: int) -> bool:
        segment = self._segment(delta)
        if segment is None:
            entry.texts[place] = ""
            return True
        spoke = bool(delta.text) and self._speak(segment, entry.frame)
        verdicts = await segment.feed(delta.text, entry, place)
        self._note(verdicts)
        return spoke or bool(verdicts)

    def _segment(self, delta: Delta) -> _Text | _Json | None:
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
        return segment

    def _opened(self, delta: Delta) -> _Text | _Json:
        if delta.json:
            return _Json(delta, self._clear_json, self._limits.held_json)
        return _Text(delta, self._open_filter(delta))

    def _speak(self, segment: _Text | _Json, like: Frame) -> bool:
        """Our words before the first of theirs."""
        if segment.head is None or segment.name in self._spoken:
            return False
        self._spoken.add(segment.name)
        self._note([segment.head.verdict])
        if segment.head.text:
            self._append(_Waiting(like.lane, like, insert=Insert(like, segment.name, segment.head.text)))
        return True

    async def _whole(self, segment: Segment, entry: _Waiting) -> str:
        cleared = await self._clear_whole(segment)
        self._note([cleared.verdict])
        entry.stopped |= cleared.verdict.action is Action.BLOCK
        return cleared.text

    async def _close(self, names: Iterable[str]) -> None:
        for name in names:
            segment = self._open.pop(name, None)
            if segment is not None:
                self._note(await segment.close())

    def _note(self, verdicts: Iterable[Verdict]) -> None:
        for verdict in verdicts:
            if verdict.action is Action.BLOCK and self._blocked is None:
                self._blocked = verdict
            if verdict.rulings:
                self._verdicts.append(verdict)

    def _append(self, entry: _Waiting) -> None:
        if len(self._queue) >= self._limits.frames:
            raise UpstreamBroken("too many frames wait for words to be decided", code="too_many_frames")
        self._queue.append(entry)

    def _is_free(self, lane: str | None) -> bool:
        return not self._queue or (lane is not None and all(each.lane not in (lane, None) for each in self._queue))

    def _drain(self) -> list[Out]:
        """What is ready and has nothing of its lane before it, in order."""
        out: list[Out] = []
        kept: deque[_Waiting] = deque()
        stuck: set[str] = set()
        while self._queue:
            entry = self._queue.popleft()
            if entry.lane is None and kept:
                kept.append(entry)
                break
            if entry.lane in stuck or not entry.ready:
                kept.append(entry)
                if entry.lane is None:
                    break
                stuck.add(entry.lane)
            else:
                out.append(entry.out())
                self._over |= entry.insert is None and (entry.frame.last or entry.frame.failed)
        self._queue = kept + self._queue
        return out + self._end()

    def _end(self) -> list[Out]:
        if self._blocked is None:
            return []
        self._over = True
        self._queue.clear()
        return [Blocked(self._blocked)]
