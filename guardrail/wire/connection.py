# ruff: noqa: ASYNC109 - httpcore2's interface has `timeout` arguments
"""The sockets under the HTTP client: httpcore2's network backend over asyncio, with a watch on every byte that comes.

Knows TCP and TLS, and no HTTP beyond asking the watch. Why not the library's own backend: it reads only when the client
asks, so what arrives on a waiting connection stays unseen in a buffer until it is taken for the next answer. Here
every byte is seen when it arrives. Nobody asked for it: the connection is closed. It can be read in two ways: it is not
handed on.
"""

from __future__ import annotations

import asyncio
import ipaddress
import select
import ssl
from collections.abc import Callable, Iterable
from typing import Any, cast

import httpcore2

from guardrail.errors import UpstreamError, UpstreamTimeout, UpstreamUnreachable
from guardrail.wire.watch import Watch, broken

HIGH_WATER = 65536
"""At twice so many bytes that wait to be read, the upstream is asked to pause."""


class WatchedStream(httpcore2.AsyncNetworkStream, asyncio.Protocol):
    """One connection: asyncio writes into it as `Protocol`, httpcore2 reads from it as `AsyncNetworkStream`.

    Asleep (`watch` is None) any byte is an intruder. The first write of a request wakes it up. Time limits are set
    around whole phases by wire/upstream.py, so the `timeout` arguments have nothing to do.
    """

    def __init__(self) -> None:
        self.watch: Watch | None = None
        self._reader = asyncio.StreamReader(HIGH_WATER)
        self._transport: asyncio.Transport | None = None
        self._forget: Callable[[], None] | None = None
        self._bedtime: asyncio.TimerHandle | None = None

    def sleep(self, seconds: float, forget: Callable[[], None]) -> None:
        """Waits for the next request at most so long. `forget` is called if the connection is no longer any good."""
        self.watch = None
        self._forget = forget
        self._bedtime = asyncio.get_running_loop().call_later(seconds, self.abort)

    def wake(self) -> None:
        """Ends the sleep. Whether the connection is still good tells `get_extra_info("is_readable")`."""
        self._forget = None
        if self._bedtime is not None:
            self._bedtime.cancel()

    def abort(self) -> None:
        """Closes at once; what is buffered is dropped."""
        if self._transport is not None:
            self._transport.abort()
        self._be_forgotten()

    def _be_forgotten(self) -> None:
        forget = self._forget
        self.wake()
        if forget is not None:
            forget()

    # httpcore2.AsyncNetworkStream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next bytes that passed the watch, b"" at the answer's proper end. Raises UpstreamBroken."""
        if data := await self._reader.read(max_bytes):
            return data
        error = self.watch.error if self.watch is not None else broken("connection_lost")
        if error is not None:
            raise error
        return b""

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Never waits: the request is in memory anyway, and an early answer must be read meanwhile (UPS-08)."""
        if self.watch is None:
            self.watch = Watch()
        if buffer and self._transport is not None and not self._transport.is_closing():
            self._transport.write(buffer)

    async def aclose(self) -> None:
        """Closes at once: httpcore2 closes what is broken, cancelled or not wanted any more."""
        self.abort()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> WatchedStream:
        """The stream within the TLS connection. Raises UpstreamUnreachable (tls_error); then nothing was sent."""
        assert self._transport is not None, "made by create_connection"
        inner = WatchedStream()
        try:
            loop = asyncio.get_running_loop()
            transport = await loop.start_tls(self._transport, inner, ssl_context, server_hostname=server_hostname)
            if transport is None:
                raise ConnectionAbortedError
            inner.connection_made(transport)
        except OSError as error:
            raise _why_not_connected(error) from None
        finally:
            if inner._transport is None:
                self.abort()
        return inner

    def get_extra_info(self, info: str) -> Any:
        """`is_readable` is how httpcore2 asks whether an idle connection is spoilt: then it is never used again."""
        if info == "is_readable":
            return self._is_spoilt()
        return self._transport and self._transport.get_extra_info(info)

    def _is_spoilt(self) -> bool:
        transport = self._transport
        if transport is None or transport.is_closing() or (self.watch is not None and not self.watch.reusable):
            return True
        return transport.get_write_buffer_size() > 0 or _has_bytes(transport)

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own does not inherit from it
        self._reader.set_transport(transport)

    def data_received(self, data: bytes) -> None:
        """Called by the loop. What the watch does not let pass ends the connection (UPS-05, UPS-06)."""
        if self.watch is not None and self.watch.feed(data):
            self._reader.feed_data(data)
        else:
            self._reader.feed_eof()
            self.abort()

    def eof_received(self) -> None:
        """Called by the loop; the transport then closes by itself."""
        if self.watch is not None:
            self.watch.ended()
        self._reader.feed_eof()

    def connection_lost(self, error: Exception | None) -> None:
        """Called by the loop. What came before can still be read; then the watch tells what is missing."""
        if self.watch is not None:
            self.watch.lost()
        self._reader.feed_eof()
        self._be_forgotten()


class WatchedBackend(httpcore2.AsyncNetworkBackend):
    """Makes watched connections over TCP, and no others."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> WatchedStream:
        """Raises UpstreamUnreachable."""
        try:
            _, stream = await asyncio.get_running_loop().create_connection(WatchedStream, host, port)
        except (OSError, UnicodeError) as error:
            raise _why_not_connected(error) from None
        peer = stream.get_extra_info("peername")
        if peer is None:  # gone already
            stream.abort()
            raise UpstreamUnreachable("The upstream could not be reached.")
        if _strayed(host, peer[0]):
            stream.abort()
            raise UpstreamUnreachable("The upstream's name leads to this machine or link.", code="forbidden_address")
        return stream


def _strayed(host: str, address: str) -> bool:
    """True if a name led to an address that only its own spelling may lead to (URL-08): that of the connection, so that
    nobody can change the name's meaning after the check. Names of this machine are `localhost`."""
    if host.strip("[]") == address or host == "localhost":
        return False
    found = ipaddress.ip_address(address.partition("%")[0])
    found = getattr(found, "ipv4_mapped", None) or found
    return found.is_loopback or found.is_link_local or found.is_unspecified or found.is_multicast


def _has_bytes(transport: asyncio.Transport) -> bool:
    """True if bytes wait in the kernel that the loop has not read yet, or if that can't be told."""
    connected = transport.get_extra_info("socket")
    if connected is None or not hasattr(select, "poll"):
        return True
    poll = select.poll()
    poll.register(connected.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _why_not_connected(error: OSError | UnicodeError) -> UpstreamError:
    """The table of what can go wrong before the first byte (UPS-03, UPS-11)."""
    if isinstance(error, TimeoutError):
        return UpstreamTimeout("The upstream could not be connected in time.", code="connect_timeout")
    if isinstance(error, ssl.SSLError):
        return UpstreamUnreachable("The upstream's certificate or TLS is not acceptable.", code="tls_error")
    return UpstreamUnreachable("The upstream could not be reached.")
