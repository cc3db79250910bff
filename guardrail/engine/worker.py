"""Who inspects windows: rails in this process, or rails in a child process that may be killed at any time.

The child takes the CPU-bound work off the event loop, and it alone imports the heavy libraries. A late or dead
child means "not inspected" for whoever waited (fail closed), and a fresh one is started (NLP-01, NLP-02, NLP-05).
Knows no concrete rail: the caller names the function that builds them.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from guardrail.engine import messages
from guardrail.engine.child import Child, Desk
from guardrail.engine.examine import Job, examine_all
from guardrail.engine.messages import Message, RailSpec
from guardrail.engine.nursery import Nursery, RailSet
from guardrail.errors import PolicyError, RailError, RailFailed
from guardrail.rails.base import Rail
from guardrail.text import Finding

__all__ = ["InlineInspector", "Inspector", "Job", "ProcessInspector", "RailSpec"]

_SLICE = 4_000  # code points that are asked about at once: what another stream waits for at most
_WINDOWS = 256  # and so many windows: a short one takes time too
_BACKOFF = (0.0, 0.1, 0.5, 1.0, 5.0)


class Inspector(Protocol):
    """Looks at windows, each with its own rails."""

    async def inspect(self, jobs: Sequence[Job]) -> list[list[Finding]]:
        """The findings in each window, in its coordinates. Raises RailFailed or RailLate: then nothing is known."""
        ...


class InlineInspector:
    """Rails in this process: for tests and for `guardrail try`. It has no deadline."""

    def __init__(self, rails: Mapping[str, Rail]) -> None:
        self._rails = dict(rails)

    async def inspect(self, jobs: Sequence[Job]) -> list[list[Finding]]:
        """See Inspector."""
        return examine_all(self._rails, jobs)[0]


@dataclass(frozen=True, slots=True)
class _Terms:
    """How the children of an inspector work. Times are seconds."""

    processes: int
    job_deadline: float
    queue_deadline: float
    load_deadline: float
    max_waiting: int
    observe: Callable[[str, float], None] | None


class ProcessInspector:
    """Child processes with rails in them, one job at a time each; who asks about least comes first.

    Every rail set has children of its own: loading another disturbs nobody, and unloading gives all memory back.
    """

    def __init__(
        self,
        factory: str = "guardrail.rails.catalog:build_rail",
        *,
        processes: int = 1,
        job_deadline: float = 2.0,
        queue_deadline: float = 5.0,
        load_deadline: float = 60.0,
        max_waiting: int = 256,
        observe: Callable[[str, float], None] | None = None,
        nursery: socket.socket | None = None,
    ) -> None:
        """`factory` is "module:function", called in the child as `function(name, settings)`. Times are seconds.

        `observe` is told the seconds that each rail took for each job. `nursery` is a connection to one that is shared
        with other proxies and has the same factory; without it one is started.
        """
        self._nursery = Nursery(factory, job_deadline, load_deadline, nursery)
        self._terms = _Terms(processes, job_deadline, queue_deadline, load_deadline, max_waiting, observe)
        self._pools: dict[str, _Pool] = {}
        self._changing = asyncio.Lock()
        self._past_restarts = 0

    @property
    def alive(self) -> bool:
        """True while every loaded rail set has a child to take work."""
        return bool(self._pools) and all(pool.alive for pool in self._pools.values())

    @property
    def restarts(self) -> int:
        """How many children were lost and replaced."""
        return self._past_restarts + sum(pool.restarts for pool in self._pools.values())

    @property
    def waiting(self) -> int:
        """How many jobs wait for a child."""
        return sum(pool.waiting for pool in self._pools.values())

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the children, for those who watch their memory."""
        return tuple(pid for pool in self._pools.values() for pid in pool.pids)

    async def load(self, key: str, spec: Sequence[RailSpec]) -> None:
        """Have `spec`'s rails ready under `key`, which names them for good. Raises PolicyError."""
        async with self._changing:
            if key not in self._pools:
                rails = RailSet(self._nursery, key, tuple(spec), self._terms.load_deadline)
                pool = _Pool(self._terms, rails)
                await pool.start()
                self._pools[key] = pool

    async def unload(self, key: str) -> None:
        """End the children of `key`. Whoever still asks them gets RailFailed."""
        async with self._changing:
            pool = self._pools.pop(key, None)
            if pool is not None:
                self._past_restarts += pool.restarts
                await pool.close()

    def bind(self, key: str) -> Inspector:
        """An inspector that asks the rails of `key`."""
        return _Bound(self._pools, key)

    async def close(self) -> None:
        """End all children."""
        for key in list(self._pools):
            await self.unload(key)
        await self._nursery.close()


class _Bound:
    def __init__(self, pools: Mapping[str, _Pool], key: str) -> None:
        self._pools = pools
        self._key = key

    async def inspect(self, jobs: Sequence[Job]) -> list[list[Finding]]:
        pool = self._pools.get(self._key)
        if pool is None:
            raise RailFailed("these rails are not loaded", code="rail_missing")
        return await pool.inspect(jobs)


class _Pool:
    """The children of one rail set."""

    def __init__(self, terms: _Terms, rails: RailSet) -> None:
        self._terms = terms
        self._rails = rails
        self._desk = Desk(terms.max_waiting)
        self._working: set[Child] = set()
        self._started: set[Child] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        self.restarts = 0

    @property
    def alive(self) -> bool:
        return any(child.running for child in self._working)

    @property
    def waiting(self) -> int:
        return self._desk.waiting

    @property
    def pids(self) -> tuple[int, ...]:
        return tuple(child.pid for child in self._working)

    async def start(self) -> None:
        """Raises PolicyError; then no child is left behind."""
        try:
            for _ in range(self._terms.processes):
                await self._spawn()
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        self._closed = True
        self._desk.close()
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*(self._end(child) for child in tuple(self._started)))
        self._rails.close()

    async def inspect(self, jobs: Sequence[Job]) -> list[list[Finding]]:
        """Slice by slice: between two of them others get their turn."""
        out: list[list[Finding]] = []
        left = _size(jobs)
        for part in _slices(jobs):
            reply = await self._turn(messages.inspect(part), left)
            left -= _size(part)
            out += messages.read_findings(reply, part)
            self._tell_times(reply, part)
        return out

    def _tell_times(self, reply: Message, jobs: Sequence[Job]) -> None:
        if self._terms.observe is not None:
            for rail, seconds in messages.read_times(reply, jobs):
                self._terms.observe(rail, seconds)

    async def _turn(self, message: Message, left: int) -> Message:
        child = await self._desk.take(self._terms.queue_deadline, left)
        try:
            reply = await child.ask(message, self._terms.job_deadline)
        except asyncio.CancelledError:
            self._background(self._absorb(child))
            raise
        except RailError:
            self._lose(child)
            raise
        self._return(child)
        return reply

    async def _absorb(self, child: Child) -> None:
        """The caller is gone and its job still runs: its answer is nobody's."""
        try:
            await child.answer(self._terms.job_deadline)
        except RailError:
            self._lose(child)
        else:
            self._return(child)

    def _return(self, child: Child) -> None:
        if child.running:
            self._desk.give(child)
        else:
            self._lose(child)

    def _lose(self, child: Child) -> None:
        """Kill it and start another."""
        child.kill()
        self._working.discard(child)
        if not self._closed:
            self.restarts += 1
            self._background(self._respawn())

    async def _respawn(self) -> None:
        for attempt in range(sys.maxsize):
            await asyncio.sleep(_BACKOFF[min(attempt, len(_BACKOFF) - 1)])
            with suppress(PolicyError, RailError, OSError):
                await self._spawn()
                return

    async def _spawn(self) -> None:
        """Raises PolicyError, or RailError if it died at once."""
        child = await self._rails.child()
        self._started.add(child)
        self._working.add(child)
        self._background(self._watch(child))
        self._desk.give(child)

    async def _watch(self, child: Child) -> None:
        """One that dies while idle is noticed at once, not by its next caller."""
        await child.ended()
        self._started.discard(child)
        if self._desk.withdraw(child):
            self._lose(child)

    async def _end(self, child: Child) -> None:
        await child.end()
        self._started.discard(child)
        self._working.discard(child)

    def _background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _size(jobs: Sequence[Job]) -> int:
    return sum(len(window.text) for window, _, _ in jobs)


def _slices(jobs: Sequence[Job]) -> Iterator[list[Job]]:
    part: list[Job] = []
    size = 0
    for job in jobs:
        length = len(job[0].text)
        if part and (size + length > _SLICE or len(part) == _WINDOWS):
            yield part
            part, size = [], 0
        part.append(job)
        size += length
    if part:
        yield part
