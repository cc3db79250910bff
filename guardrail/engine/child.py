"""One analyzer child process, and the desk where callers wait for one.

Knows messages and processes; no rail and no policy. A child that is late or dead is never asked again.
"""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import count

from guardrail.engine import messages
from guardrail.engine.messages import Message
from guardrail.errors import RailFailed, RailLate

_LINE = 16 << 20


class Child:
    """One child process. The serial number ties an answer to its question."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._serial = 0

    @classmethod
    async def start(cls, factory: str, job_deadline: float) -> Child:
        """A child without rails. Its alarm is a last resort, well behind the deadline that we keep."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "guardrail.engine.analyzer", factory, str(2 * job_deadline + 5),
            stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=_environment(), limit=_LINE, start_new_session=True,
        )  # fmt: skip
        return cls(process)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """False once the process is gone."""
        return self._process.returncode is None

    async def ask(self, message: Message, deadline: float) -> Message:
        """The answer. RailLate past the deadline, RailFailed if the child died; then it must be killed."""
        self._serial += 1
        assert self._process.stdin is not None
        self._process.stdin.write(messages.write(message | {"serial": self._serial}))
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
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        await self._process.stdin.drain()
        return await self._process.stdout.readline()

    def kill(self) -> None:
        """At once, whatever it does."""
        with suppress(ProcessLookupError):
            self._process.kill()

    async def ended(self) -> None:
        """Wait until the process is gone."""
        await self._process.wait()

    async def end(self) -> None:
        """It ends when its input ends; if it is busy, it is killed."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            async with asyncio.timeout(1.0):
                await self._process.wait()
        except TimeoutError:
            self.kill()
            await self._process.wait()


@dataclass(order=True, slots=True)
class _Turn:
    """Somebody who waits; `left` is how much of their text is still to be inspected."""

    left: int
    number: int
    child: asyncio.Future[Child] = field(compare=False)


class Desk:
    """Hands out idle children: to who needs least, and of those first come first served.

    So a short question waits for one slice of somebody's long document and not for all of it (NLP-05). Who has to
    wait too long is refused: nobody waits for ever.
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
        turn = _Turn(left, next(self._numbers), asyncio.get_running_loop().create_future())
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


def _environment() -> dict[str, str]:
    """What a Python needs to find the same modules. Nothing else of ours, above all no keys."""
    return {
        "PATH": os.defpath,
        "PYTHONPATH": os.pathsep.join(os.path.abspath(entry) for entry in sys.path if entry),  # noqa: PTH100
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": os.environ.get("PYTHONDONTWRITEBYTECODE", ""),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
