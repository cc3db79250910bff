"""One analyzer child process, and the desk where callers wait for one.

Knows messages and processes; no rail and no policy. A child that is late or dead is never asked again.
"""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Final

from guardrail.engine import messages
from guardrail.engine.forking import Forked, Forks
from guardrail.engine.messages import Message
from guardrail.errors import RailFailed, RailLate

_LINE = 16 << 20


class Child:
    """One child process. The serial number ties an answer to its question."""

    def __init__(self, process: Forked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer
        self._serial = 0

    @classmethod
    async def start(cls, forks: Forks, deadline: float) -> Child:
        """One that has said that it is ready. Raises RailError."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                process = await forks.fork({}, [theirs.fileno()])
        except BaseException:
            ours.close()
            raise
        child = cls(process, *await asyncio.open_connection(sock=ours, limit=_LINE))
        try:
            await child.answer(deadline)
        except BaseException:
            child.kill()
            child.close()
            raise
        return child

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """False once the process is gone."""
        return self._process.running

    async def ask(self, message: Message, deadline: float) -> Message:
        """The answer. RailLate past the deadline, RailFailed if the child died; then it must be killed."""
        self._serial += 1
        self._writer.write(messages.write(message | {"serial": self._serial}))
        return await self.answer(deadline)

    async def answer(self, deadline: float) -> Message:
        """The answer to the last question."""
        try:
            async with asyncio.timeout(deadline):
                reply = messages.read(await self._line())
        except TimeoutError:
            raise RailLate("the text could not be inspected in time", code="job_deadline") from None
        except (OSError, ValueError):
            raise RailFailed("the analyzer can't be reached", code="analyzer_died") from None
        if reply.get("serial") != self._serial:
            raise RailFailed("the analyzer answered another question", code="rail_nonsense")
        return reply

    async def _line(self) -> bytes:
        await self._writer.drain()
        return await self._reader.readline()

    def kill(self) -> None:
        """At once, whatever it does."""
        self._process.kill()

    def close(self) -> None:
        """Nothing more is asked, and no answer is waited for."""
        self._writer.close()

    async def ended(self) -> None:
        """Wait until the process is gone."""
        await asyncio.shield(self._process.ended)
        self.close()

    async def end(self) -> None:
        """It ends when its input ends, after the text in its hands; if that takes too long, it is killed."""
        if not self._writer.is_closing():
            self._writer.write_eof()
        try:
            async with asyncio.timeout(1.0):
                await self.ended()
        except TimeoutError:
            self.kill()
            await self.ended()


_YIELDS: Final = 50_000
"""Code points that make a caller give way for a second."""


@dataclass(order=True, slots=True)
class _Turn:
    """Somebody who waits; the one whose turn is `due` first comes next."""

    due: float
    number: int
    child: asyncio.Future[Child] = field(compare=False)


class Desk:
    """Hands out idle children: first come first served, but who needs much gives way to others for a while.

    So a short question waits for one slice of somebody's long document and not for all of it (NLP-05), and a flood of
    short questions passes a longer one by for a moment only. Who has to wait too long is refused.
    """

    def __init__(self, max_waiting: int) -> None:
        self._max_waiting = max_waiting
        self._idle: deque[Child] = deque()
        self._queue: list[_Turn] = []
        self._numbers = count()
        self._closed = False

    @property
    def waiting(self) -> int:
        """How many callers wait."""
        return len(self._queue)

    async def take(self, deadline: float, left: int = 0) -> Child:
        """An idle child. Raises RailLate if too many wait already, or if it takes too long.

        `left` is how much the caller still has to ask about, this time included.
        """
        if self._closed:
            raise _closed()
        if self._idle:
            return self._idle.popleft()
        if len(self._queue) >= self._max_waiting:
            raise RailLate("too much work is waiting to be inspected", code="overloaded")
        loop = asyncio.get_running_loop()
        turn = _Turn(loop.time() + left / _YIELDS, next(self._numbers), loop.create_future())
        heappush(self._queue, turn)
        try:
            async with asyncio.timeout(deadline):
                return await turn.child
        except TimeoutError:
            self._leave(turn)
            raise RailLate("the text waited too long to be inspected", code="queue_deadline") from None
        except asyncio.CancelledError:
            self._leave(turn)
            raise

    def give(self, child: Child) -> None:
        """The child is free: to whose turn it is, else it is idle."""
        while self._queue:
            turn = heappop(self._queue).child
            if not turn.done():
                turn.set_result(child)
                return
        self._idle.append(child)

    def withdraw(self, child: Child) -> bool:
        """Take this child out; False if it was not idle."""
        if child not in self._idle:
            return False
        self._idle.remove(child)
        return True

    def close(self) -> None:
        """Nobody will be served."""
        self._closed = True
        while self._queue:
            turn = self._queue.pop().child
            if not turn.done():
                turn.set_exception(_closed())

    def _leave(self, turn: _Turn) -> None:
        given = turn.child
        if turn in self._queue:
            self._queue.remove(turn)
            heapify(self._queue)
        elif given.done() and not given.cancelled() and given.exception() is None:
            self.give(given.result())  # it was given a child in the moment it left


def _closed() -> RailFailed:
    return RailFailed("the analyzer is closed", code="analyzer_closed")
