"""A streamed answer on its way: the provider's frames through the relay to the client, and its early end.

Knows frames and cleared texts; no provider's JSON and no rail.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final

from guardrail.answer import Head
from guardrail.closing import APART, NO_CLOSER, NOTHING, Closer, Closing, Listener
from guardrail.dialects.base import StreamCodec
from guardrail.engine.relay import Blocked, Insert, Out, Ready, Relay
from guardrail.errors import AnswerWithheld, AuditUnavailable, UpstreamBroken
from guardrail.events import Frame
from guardrail.inbound import Outbound
from guardrail.marks import marked_notes, media_notes
from guardrail.record.metrics import Metrics
from guardrail.record.tally import Tally
from guardrail.text import Action, Direction, Kind

Keep = Callable[[Sequence[tuple[str, str]]], Awaitable[None]]
"""Takes kinds and ids, as in `Reference`."""
Seal = Callable[[], Awaitable[None]]
Named = Callable[[str], None]
"""Hears which model the answer says it is of; raises if nothing of it may be given out."""

TURN: Final = 0.005
"""Seconds of work after which an answer that comes faster than it is read lets everybody else have their turn."""
PART: Final = 1024
"""Bytes that are read at one go: a few frames, or a hundred of the smallest."""


class Stream:
    """One streamed answer. `feed` it bytes, then `flush`; or `finish`, if the provider broke off.

    Our notices are the first words of the answer. Where no words of ours may stand (structured output, an answer
    of tool calls only) they go beside the words: first of all if `structured`, else before the last frame.
    What has to be said behind the last word is written before the frame that says that it was the last.
    """

    def __init__(
        self,
        codec: StreamCodec,
        relay: Relay,
        outbound: Outbound,
        tally: Tally,
        metrics: Metrics,
        head: Head,
        *,
        structured: bool,
        keep: Keep | None = None,
        closer: Closer = NO_CLOSER,
        seal: Seal | None = None,
        named: Named = lambda served: None,
    ) -> None:
        """`keep` is told what the provider says that it keeps, before the client reads of it; `named` which model it is
        that answers, before the client reads a word of it.

        `seal` is awaited before the end of the answer leaves; if it raises, the end does not.
        """
        self._codec = codec
        self._keep = keep
        self._kept = 0
        self._name, self._served = named, ""
        self._relay = relay
        self._outbound = outbound
        self._tally = tally
        self._metrics = metrics
        self._head = head
        self._structured = structured
        self._told = not head.text
        self._told_first = False  # in words of our own, before those of the first choice
        self._held = 0
        self._ended = False
        self._spoken = False
        self._closer = closer
        self._seal = seal
        self._closed: set[int] = set()  # choices behind whose last word something was said
        self._heard = Listener() if closer.listens else None
        self._ready: list[Out] = []  # what leaves with the end of this turn
        self._left = False
        self._turn = _Turn()

    @property
    def ended(self) -> bool:
        """True once the provider has said that it is done."""
        return self._ended

    async def feed(self, data: bytes) -> None:
        """Frames that arrive together leave together, as long as that takes no longer than a turn."""
        arrived, first = time.perf_counter(), not self._spoken
        self._turn.begin()
        left = await self._pass_on(self._codec.feed(data[at : at + PART]) for at in range(0, len(data), PART))
        if left and self._spoken:
            seconds = time.perf_counter() - arrived
            if first:
                self._metrics.added_latency("first_token", seconds, self._tally.receipt)
            else:
                self._metrics.added_latency("per_delta", seconds)

    async def flush(self) -> None:
        """The upstream closed. Raises UpstreamBroken unless it had said that it was done."""
        await self._pass_on([self._codec.flush()])
        await self.finish()
        if not self._ended:
            raise UpstreamBroken("the provider's answer broke off", code="truncated")

    async def finish(self) -> None:
        """What is held is final."""
        await self._write(await self._relay.finish())
        beside = self._beside()
        await self._settle(beside)
        if beside:
            await self._outbound.send(beside)

    async def help(self) -> None:
        """The answer ends in an error: who is in danger and was told nothing yet is told first (WHO-51)."""
        if self._first_aid and (ours := self._help()):
            await self._outbound.send(ours)

    async def cut(self, text: str) -> None:
        """The answer ends here with words of ours; who is in danger and was told nothing yet is told first (WHO-51)."""
        first, last = self._beside(), b""
        if not (self._structured or self._codec.calls_tools):
            last = self._codec.close(APART + text, 0)
        if not last:
            notes = marked_notes(self._closer.receipt, ("suspended",), self._closer.about.language, text)
            last = self._codec.note(notes)
        await self._outbound.send(first + last)

    async def _pass_on(self, read: Iterable[Sequence[Frame]]) -> bool:
        """True if something left. What came before a part that can't be read leaves before that is raised."""
        self._left = False
        try:
            for frames in read:
                await self._learn()
                for frame in frames:
                    self._ended = self._ended or frame.last or frame.failed
                    self._ready += await self._relay.feed(frame)
                    await self._share()
                await self._share()
        except UpstreamBroken:
            await self._leave()
            raise
        await self._leave()
        return self._left

    async def _learn(self) -> None:
        """What the frames that were read say of the model and of what is kept; told before a word of theirs is."""
        if self._codec.served != self._served:
            self._served = self._codec.served
            self._name(self._served)
        new = self._codec.keeps[self._kept :]
        if new and self._keep is not None:
            self._kept += len(new)
            await self._keep(new)

    async def _share(self) -> None:
        """After a turn what is ready leaves, and everybody else has theirs."""
        if self._turn.is_over():
            await self._leave()
            await asyncio.sleep(0)

    async def _leave(self) -> None:
        ready, self._ready = self._ready, []
        self._left = self._left or bool(ready)
        await self._write(ready)

    async def _write(self, out: Sequence[Out]) -> None:
        for segment, edits in self._relay.take_edits():
            self._codec.edited(segment, edits)
        held = self._relay.held
        if held != self._held:
            self._metrics.held(held - self._held)
            self._held = held
        told, pieces = self._told, list[bytes]()
        for each in out:
            pieces += await self._ending(each) if _ends(each) else self._bytes(each)
        self._count()
        self._spoken = self._spoken or any(isinstance(each, Insert) for each in out)
        if body := b"".join(pieces):
            try:
                await self._settle(body)
            except AuditUnavailable:
                if self._first_aid and not told:
                    await self._outbound.send(_as_far_as_ours(pieces))
                raise
            await self._outbound.send(body)
        if self._tally.action is Action.BLOCK:
            raise AnswerWithheld("the rest of this answer is withheld by the safety policy")

    def _count(self) -> None:
        """What was concluded about the words; what we said before them is counted by now."""
        taken = self._relay.take_verdicts()
        self._tally.verdicts(Direction.RESPONSE, [verdict for _, verdict in taken], [part for part, _ in taken])

    async def _settle(self, last: bytes) -> None:
        """Nothing more is counted of an answer that has come to its end."""
        if self._ended and self._seal is not None and self._tally.action is not Action.BLOCK:
            self._tally.ahead = len(last)
            await self._seal()

    async def _ending(self, out: Out) -> list[bytes]:
        """A frame with which an answer ends, and before it what has to be said behind the last word.

        Where it has words of its own, ours follow them: they are added to the last of them.
        """
        assert isinstance(out, Ready)
        self._hear(out)
        self._count()
        before, after = b"", b""
        for choice, closing in (await self._closings(out)).items():
            self._closed.add(choice)
            self._tally.verdicts(Direction.RESPONSE, closing.verdicts)
            if not closing.text:
                continue
            if self._structured or self._codec.calls_tools:
                before += self._codec.note(closing.notes(self._closer.about.language, self._closer.receipt))
            elif (at := self._last_words(out, choice)) is not None:
                out = Ready(out.frame, _longer(out.deltas, at, APART + closing.text), out.wholes)
            elif out.frame.last or not self._speaks(out):
                before += self._close(closing, choice)
            else:
                after += self._close(closing, choice)
        if out.frame.last and (media := media_notes(self._codec.released)):
            notes = marked_notes(self._closer.receipt, (), self._closer.about.language, "")
            before += self._codec.note({**notes, **media})
        return [before, *self._written(out), after]

    async def _closings(self, out: Ready) -> dict[int, Closing]:
        """By choice: what the provider says of its end, and of the first choice what a translation needs."""
        frame = out.frame
        stops = {stop.choice: stop for stop in frame.stops if stop.choice not in self._closed}
        closings = {choice: said for choice, stop in stops.items() if (said := self._closer.stopped(stop)).verdicts}
        over = frame.last or (0 in stops and not self._speaks(out))  # some servers send a reason with every frame
        if self._heard is not None and over:
            compared = await self._closer.compared(self._heard.words, whole=False)
            closings[0] = closings.get(0, NOTHING) + compared
            self._heard = None
        return closings

    def _speaks(self, out: Ready) -> bool:
        """True if the frame has words for a reader."""
        return any(text and self._codec.is_said(d) for d, text in zip(out.frame.deltas, out.deltas, strict=True))

    def _last_words(self, out: Ready, choice: int) -> int | None:
        """The place of the delta behind whose words ours may be put; None if the frame has none for this choice."""
        said = [
            at
            for at, (delta, text) in enumerate(zip(out.frame.deltas, out.deltas, strict=True))
            if text and self._codec.is_said(delta) and self._codec.is_first(delta.segment)
        ]
        return said[-1] if said and not choice else None

    def _close(self, closing: Closing, choice: int) -> bytes:
        """Frames of ours; the notices come with them if no words of the answer gave these a place."""
        if self._told or choice:
            return self._codec.close(APART + closing.text, choice)
        self._tell()
        self._told_first = True
        return self._codec.close(self._head.text + closing.text, choice)

    def _hear(self, out: Ready) -> None:
        if self._heard is None:
            return
        for delta, text in zip(out.frame.deltas, out.deltas, strict=True):
            if text and self._codec.is_said(delta) and self._codec.is_first(delta.segment):
                self._heard.hear(text)

    def _bytes(self, out: Out) -> list[bytes]:
        if isinstance(out, Insert):
            return [self._inserted(out)]
        if isinstance(out, Blocked):
            return []
        self._hear(out)
        return self._written(out)

    def _written(self, out: Ready) -> list[bytes]:
        frame = out.frame
        written = self._codec.write(frame, out.deltas, out.wholes)
        if frame.keepalive:
            return [written]
        ours = self._help() if self._first_aid else self._note(frame)
        speaks = frame.deltas or any(each.opens and each.kind is Kind.PROSE for each in frame.wholes)
        opens_the_answer = not (speaks or frame.last or frame.failed)  # "here comes the assistant": words follow
        return [written, ours] if opens_the_answer else [ours, written]

    def _inserted(self, out: Insert) -> bytes:
        if self._told_first and self._codec.is_first(out.segment):
            return b""
        self._told = True
        self._tally.verdicts(Direction.RESPONSE, [out.verdict])
        return _Ours(self._codec.insert(out.like, out.segment, out.text))

    @property
    def _first_aid(self) -> bool:
        """Somebody in danger reads it with the first frame, whatever the answer is made of (WHO-51)."""
        return self._head.is_crisis and not self._structured

    def _help(self) -> bytes:
        if self._told:
            return b""
        self._tell()
        self._told_first = True
        return _Ours(self._codec.say(self._head.text))

    def _note(self, frame: Frame) -> bytes:
        if self._told or not (self._structured or frame.last or frame.failed):
            return b""
        self._tell()
        return self._codec.note(self._head.notes)

    def _beside(self) -> bytes:
        """What nobody has been told by the end."""
        if self._told:
            return b""
        if self._first_aid:
            return self._help()
        self._tell()
        return self._codec.note(self._head.notes)

    def _tell(self) -> None:
        """Our words are written now, outside of the answer's own: counted at once, before the record is sealed."""
        self._told = True
        self._tally.verdicts(Direction.RESPONSE, self._head.verdicts)


class _Turn:
    """The work of this thread since the event loop went round: so long has nobody else had their turn."""

    def __init__(self) -> None:
        self._began = 0.0
        self._goes_on = False

    def begin(self) -> None:
        """Another one, if the loop went round since the last began."""
        if not self._goes_on:
            self._goes_on, self._began = True, time.thread_time()
            asyncio.get_running_loop().call_soon(self._end)

    def is_over(self) -> bool:
        """True after `TURN`."""
        self.begin()
        return time.thread_time() - self._began > TURN

    def _end(self) -> None:
        self._goes_on = False


class _Ours(bytes):
    """Words of ours that are said before those of the answer."""


def _as_far_as_ours(pieces: Sequence[bytes]) -> bytes:
    """What opens the answer, and our first words: no word of the model's stands before them."""
    ours = next((at for at, piece in enumerate(pieces) if isinstance(piece, _Ours)), -1)
    return b"".join(pieces[: ours + 1])


def _ends(out: Out) -> bool:
    return isinstance(out, Ready) and (out.frame.last or bool(out.frame.stops))


def _longer(texts: tuple[str, ...], at: int, more: str) -> tuple[str, ...]:
    return (*texts[:at], texts[at] + more, *texts[at + 1 :])


class Interrupt:
    """Cancels the exchange when the proxy's time to drain is over, and tells that apart from a client that left."""

    def __init__(self, drained: asyncio.Event) -> None:
        self._drained = drained
        self._fired = False

    def __enter__(self) -> Interrupt:
        self._task = asyncio.current_task()
        self._watch = asyncio.create_task(self._wait())
        return self

    def __exit__(self, *_: object) -> None:
        self._watch.cancel()
        del self._watch  # it knows us, and its end would wait for the garbage collector

    async def _wait(self) -> None:
        await self._drained.wait()
        if self._task is not None:
            self._fired = True
            self._task.cancel()

    def done(self) -> None:
        """The end of the answer is at hand: there is nothing left to cancel."""
        self._watch.cancel()

    def forgiven(self) -> bool:
        """True if the cancellation was ours; it is then taken back."""
        if self._fired and self._task is not None:
            self._task.uncancel()
        return self._fired
