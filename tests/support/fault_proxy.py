"""A bad network between the proxy and its upstream: bytes go to and fro, and what comes back meets a fault.

    with FakeUpstream(chat_answer()) as upstream, FaultProxy(upstream.port) as network:
        network.fault = Fault(at=120, then=RESET)
        ... ask through a proxy whose upstream is network.url ...

Knows TCP only. An answer is what comes back after bytes of a request: its first byte is number 0. A fault that is set
counts for answers that begin later.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.support.fake_upstream import Fault as Ending
from tests.support.fake_upstream import linger
from tests.support.looped import Looped


@dataclass(frozen=True)
class Fault:
    """After `at` bytes of an answer comes `then`: an end of the connection, silence, or bytes that nobody asked for.

    The bytes before come in slices of `slice` (0: as they are), each `latency` seconds late.
    """

    at: int | None = None
    then: Ending | bytes = b""
    slice: int = 0
    latency: float = 0.0


NONE = Fault()


class FaultProxy(Looped):
    """Listens on loopback while the `with` block runs, in a thread of its own."""

    def __init__(self, upstream_port: int) -> None:
        super().__init__("fault proxy")
        self.fault = NONE
        self._upstream = upstream_port
        self._links: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """The base URL of the upstream, by way of this network."""
        return f"http://127.0.0.1:{self.port}"

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[asyncio.Server]:
        """See Looped."""
        yield await asyncio.start_server(self._accepted, "127.0.0.1", 0)
        for link in self._links:
            link.cancel()
        await asyncio.gather(*self._links, return_exceptions=True)

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = self._loop.create_task(self._link(reader, writer))
        self._links.add(link)
        link.add_done_callback(self._links.discard)

    async def _link(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._upstream)
        back = _Back(self, far_reader, writer)
        try:
            async with asyncio.TaskGroup() as both:
                forth = both.create_task(back.forth(reader, far_writer))
                await back.run()
                forth.cancel()
        except* OSError:
            pass
        finally:
            far_writer.close()
            writer.close()


class _Back:
    """The way back of one connection."""

    def __init__(self, network: FaultProxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._network, self._reader, self._writer = network, reader, writer
        self._fault, self._told = network.fault, 0

    async def forth(self, reader: asyncio.StreamReader, far: asyncio.StreamWriter) -> None:
        """Passes requests on; each begins a new answer."""
        while data := await reader.read(65536):
            self._fault, self._told = self._network.fault, 0
            far.write(data)
        far.close()

    async def run(self) -> None:
        """Until the answers end, or the fault ends them."""
        while data := await self._reader.read(65536):
            if not await self._pass_on(data):
                return

    async def _pass_on(self, data: bytes) -> bool:
        fault, begin = self._fault, self._told
        self._told += len(data)
        if fault.at is None or not begin <= fault.at <= self._told:
            await self._write(data, fault)
            return True
        await self._write(data[: fault.at - begin], fault)
        if not isinstance(fault.then, bytes):
            return await self._end(fault.then)
        self._writer.write(fault.then)
        await self._write(data[fault.at - begin :], fault)
        return True

    async def _write(self, data: bytes, fault: Fault) -> None:
        size = fault.slice or len(data) or 1
        for at in range(0, len(data), size):
            await asyncio.sleep(fault.latency)
            self._writer.write(data[at : at + size])
            await self._writer.drain()

    async def _end(self, how: Ending) -> bool:
        if how == "hang":
            await asyncio.Event().wait()
        if how == "reset":
            linger(self._writer.get_extra_info("socket"))
            self._writer.transport.abort()
        return False
