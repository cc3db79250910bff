"""Worker processes, and the one that they are forked from. Started by guardrail.workers only.

`breed` is the process that has everything loaded and forks a worker whenever it is told to; also
`python -m guardrail.worker_process SOCKET`. A worker whose channel is closed at the other end has nobody any more who
looks after it: it drains and ends.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any, Final

from guardrail import server
from guardrail.engine import forking
from guardrail.engine.settled import begin_loading, settle
from guardrail.errors import GuardrailError, PolicyError
from guardrail.record import log
from guardrail.worker_channel import Channel, Report, Seat, Work

REPORT_SECONDS: Final = 1.0
"""What a worker had counted in its last second is lost if it is killed."""


def main(number: str) -> None:
    """Entry point of a process that has nothing loaded yet; what it is for stands in the first message."""
    sock = socket.socket(fileno=int(number))
    first = forking.receive(sock)
    if first is not None:
        log.configure(logging.DEBUG if os.environ.get("GUARDRAIL_LOG_LEVEL", "").lower() == "debug" else logging.INFO)
        factory, given = first[0]["factory"], first[0]["given"]
        begin_loading()
        prepare(factory, given)
        breed(sock, factory, given)


def prepare(factory: str, given: Mapping[str, Any]) -> None:
    """Loads what every worker of this kind needs (`prepare` of the factory's module, if it has one), for good."""
    module = import_module(factory.partition(":")[0])
    with suppress(GuardrailError):  # a worker that can't begin says why
        getattr(module, "prepare", dict)(given)
    settle()


def breed(sock: socket.socket, factory: str, given: Mapping[str, Any]) -> None:
    """Forks workers until the other end of the socket is closed, then waits for them."""
    forking.at_ease()
    module, _, name = factory.partition(":")
    work: Work = getattr(import_module(module), name)
    parent = forking.Server()

    def order(asked: socket.socket, message: forking.Message, descriptors: list[int]) -> None:
        """{"slot", "workers"}: on these descriptors (channel, listening socket, and a nursery if there is one)."""
        parent.fork(lambda: _be(work, message, given, descriptors), asked=asked)
        for descriptor in descriptors:
            os.close(descriptor)

    parent.add(sock, order)
    parent.run()


def _be(work: Work, message: forking.Message, given: Mapping[str, Any], descriptors: Sequence[int]) -> int:
    """A worker, from its start to its end."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    channel, front, *more = (socket.socket(fileno=descriptor) for descriptor in descriptors)
    nursery = more[0] if more else None

    def seat(began: Callable[[Callable[[], Report]], None]) -> Seat:
        return Seat(message["slot"], message["workers"], given, front, began, nursery)

    return server.run_forever(lambda: _run(work, channel, seat))


async def _run(
    work: Work, channel_socket: socket.socket, seat: Callable[[Callable[[Callable[[], Report]], None]], Seat]
) -> int:
    channel = await Channel.over(channel_socket)
    reporter = _Reporter(channel)
    try:
        await work(seat(reporter.begin))
        return 0
    except GuardrailError as error:
        channel.send({"failed": error.message, "bad_policy": isinstance(error, PolicyError)})
        return 1
    except Exception as error:  # noqa: BLE001 - the last wall: a traceback could quote a patient
        log.unexpected(error, "worker_failed")
        return 1
    finally:
        await reporter.end()
        await channel.close()


class _Reporter:
    """Tells how the worker is: once a second, whenever it is asked, and at its end."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._report: Callable[[], Report] | None = None
        self._tasks: tuple[asyncio.Task[None], ...] = ()

    def begin(self, report: Callable[[], Report]) -> None:
        self._report = report
        self._tell(began=True)
        self._tasks = (asyncio.create_task(self._regularly()), asyncio.create_task(self._when_asked()))

    async def end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tell()

    def _tell(self, **more: object) -> None:
        if self._report is None:
            return
        now = self._report()
        told = {"ready": now.ready, "expired": list(now.expired), "metrics": list(now.metrics)}
        self._channel.send({"report": told, **more})

    async def _regularly(self) -> None:
        while True:
            await asyncio.sleep(REPORT_SECONDS)
            if self._channel.idle:
                self._tell()

    async def _when_asked(self) -> None:
        while (order := await self._channel.receive()) is not None:
            self._tell(answer=order["ask"])
        log.event("supervisor_lost", level=logging.ERROR)
        signal.raise_signal(signal.SIGINT)


if __name__ == "__main__":
    main(*sys.argv[1:])
