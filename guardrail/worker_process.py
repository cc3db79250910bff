"""One worker process: `python -m guardrail.worker_process FACTORY CHANNEL FRONT`. Started by guardrail.workers only.

FACTORY is "module:function" (a `Work`), the others are file descriptors: of the channel, of the listening socket.
If the other end of the channel is closed, nobody looks after this process any more: it drains and ends.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Final

from guardrail import server
from guardrail.edge import place_of
from guardrail.errors import GuardrailError, PolicyError
from guardrail.record import log
from guardrail.worker_channel import Channel, Report, Seat, Work

REPORT_SECONDS: Final = 1.0
"""What a worker had counted in its last second is lost if it is killed."""


def main() -> None:
    """Entry point of the process."""
    factory, channel, front = sys.argv[1:4]
    log.configure(logging.DEBUG if os.environ.get("GUARDRAIL_LOG_LEVEL", "").lower() == "debug" else logging.INFO)
    module, _, name = factory.partition(":")
    work: Work = getattr(import_module(module), name)
    sockets = socket.socket(fileno=int(channel)), socket.socket(fileno=int(front))
    for each in sockets:
        each.set_inheritable(False)  # a child of ours that held the port would keep it open when we have closed it
    sys.exit(server.run_forever(lambda: _run(work, *sockets)))


async def _run(work: Work, channel_socket: socket.socket, front: socket.socket) -> int:
    channel = await Channel.over(channel_socket)
    orders = await channel.receive()
    if orders is None:
        return 1
    reporter = _Reporter(channel)
    try:
        await work(Seat(orders["slot"], orders["workers"], orders["given"], front, reporter.begin))
        return 0
    except GuardrailError as error:
        channel.send({"failed": error.message, "bad_policy": isinstance(error, PolicyError)})
        return 1
    except Exception as error:  # noqa: BLE001 - the last wall: a traceback could quote a patient
        log.event("worker_failed", level=logging.ERROR, error=type(error).__name__, reason=place_of(error))
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
        signal.raise_signal(signal.SIGTERM)


if __name__ == "__main__":
    main()
