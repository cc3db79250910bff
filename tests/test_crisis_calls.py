"""Calls that tell of somebody in danger: bounded, counted, and never in anybody's way."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from guardrail.crisis_calls import QUEUE, CrisisCalls
from guardrail.errors import UpstreamUnreachable
from guardrail.policy.secrets import Hook
from guardrail.wire.upstream import UpstreamRequest

HOOK = Hook("https://a.example", "/call", key=b"a key that is long enough", seconds=5.0)
EVENT = {"event": "crisis", "kind": "self_harm", "receipt": "r1"}


class Receiver:
    """Answers with the statuses in turn (the last one again and again), once its door is open."""

    def __init__(self, *statuses: int) -> None:
        self._statuses = list(statuses)
        self.requests: list[UpstreamRequest] = []
        self.door = asyncio.Event()
        self.closed = False

    @asynccontextmanager
    async def open(self, request: UpstreamRequest) -> AsyncIterator[Any]:
        await self.door.wait()
        self.requests.append(request)
        self.status = self._statuses.pop(0) if len(self._statuses) > 1 else self._statuses[0]
        if not self.status:
            raise UpstreamUnreachable("nobody there")
        yield self

    async def read(self) -> bytes:
        return b""

    async def close(self) -> None:
        self.closed = True


async def results(
    *statuses: int, calls: int = 1, opened: bool = True, patience: float = 5.0
) -> tuple[Receiver, Counter[str]]:
    counted: Counter[str] = Counter()
    receiver = Receiver(*statuses)
    if opened:
        receiver.door.set()
    at_work = CrisisCalls(lambda: receiver, lambda result: counted.update([result]))
    for _ in range(calls):
        at_work.put(HOOK, EVENT)
    await at_work.close(patience)
    return receiver, counted


def test_every_call_is_sent_once_if_it_is_taken() -> None:
    receiver, counted = asyncio.run(results(204, calls=20))
    assert counted == {"sent": 20}
    assert [json.loads(each.body) for each in receiver.requests] == [EVENT] * 20
    assert receiver.closed


def test_a_call_is_tried_twice_and_no_more() -> None:
    for statuses, times, result in (
        ((500, 200), 2, "sent"),
        ((0, 202), 2, "sent"),
        ((500,), 2, "failed"),
        ((0,), 2, "failed"),
    ):
        receiver, counted = asyncio.run(results(*statuses))
        assert len(receiver.requests) == times
        assert counted == {result: 1}


def test_too_many_are_lost_and_counted_and_nobody_waits() -> None:
    """`put` returns at once whatever happens: it is called in the middle of an exchange."""
    _, counted = asyncio.run(results(200, calls=QUEUE + 7, opened=False, patience=0.01))
    assert counted == {"lost": QUEUE + 7}


def test_what_can_not_be_sent_before_the_end_is_lost_and_counted() -> None:
    receiver, counted = asyncio.run(results(200, calls=3, opened=False, patience=0.01))
    assert counted == {"lost": 3}
    assert receiver.requests == []


def test_nobody_is_connected_to_while_there_is_nothing_to_tell() -> None:
    async def idle() -> None:
        calls = CrisisCalls(lambda: 1 / 0, lambda result: None)  # type: ignore[arg-type, return-value]
        await calls.close(1.0)

    asyncio.run(idle())
