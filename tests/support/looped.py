"""What listens on loopback in a thread with an event loop of its own, while a `with` block runs."""

from __future__ import annotations

import asyncio
import threading
from abc import ABC, abstractmethod
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Self


class Looped(ABC):
    """`port` is known inside the block."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._ready = threading.Event()
        self._stop: asyncio.Event | None = None
        self.port = 0

    @abstractmethod
    def serving(self) -> AbstractAsyncContextManager[asyncio.Server]:
        """Listens, and at the end of the block lets go of all connections."""

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(5), f"the {self._thread.name} did not start"
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._stop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(5)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        async with self.serving() as server:
            self.port = server.sockets[0].getsockname()[1]
            self._ready.set()
            await self._stop.wait()
            server.close()
