"""One HTTP/1.1 connection to an upstream: writes a request, parses the answer with llhttp (httptools), strictly.

Knows nothing of pools, tenants or time. A state machine over bytes: asleep (nobody reads, so any byte is an
intruder) or busy with exactly one answer. What comes after the answer's last byte condemns the connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import cast

import httptools

from guardrail.errors import UpstreamBroken

MAX_HEAD_BYTES = 65536
MAX_HEADERS = 200
MAX_INFORMATIONAL = 8
HIGH_WATER = 65536
"""Bytes of an answer that wait to be read before the upstream is asked to pause."""


@dataclass(frozen=True, slots=True)
class Head:
    """Status and headers (lower-case names) of an answer, checked for one meaning only."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]

    def all(self, name: bytes) -> list[bytes]:
        """Every value of this header."""
        return [value for key, value in self.headers if key == name]

    def one(self, name: bytes, default: bytes = b"") -> bytes:
        """The header's only value. Raises UpstreamBroken if there are several."""
        values = self.all(name)
        if len(values) > 1:
            raise _broken("ambiguous_head")
        return values[0] if values else default


class Framing(Enum):
    """What tells that the answer is complete."""

    COUNTED = auto()
    CHUNKED = auto()
    UNTIL_CLOSE = auto()


class Connection(asyncio.Protocol):
    """Made by `loop.create_connection`. One exchange at a time: `send`, then `read` until it gives b""."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: _Answer | None = None
        self._forget: Callable[[Connection], None] | None = None
        self._bedtime: asyncio.TimerHandle | None = None

    @property
    def reusable(self) -> bool:
        """True after a complete answer that nothing followed, if both sides want to go on."""
        transport, answer = self._transport, self._answer
        if transport is None or transport.is_closing() or answer is None:
            return False
        return answer.clean and transport.get_write_buffer_size() == 0

    async def send(self, head: bytes, body: bytes, until: float) -> Head:
        """Writes the request and gives the answer's head. Raises like `read`. Never writes twice."""
        if self._transport is None or self._transport.is_closing():
            raise _broken("connection_lost")
        self._answer = _Answer(self._transport)
        self._transport.write(head + body)
        return await self._answer.head(until)

    async def read(self, until: float) -> bytes:
        """The next bytes of the body, b"" at its end. Raises UpstreamBroken, and TimeoutError at loop time `until`."""
        assert self._answer is not None, "send comes first"
        return await self._answer.read(until)

    def sleep(self, seconds: float, forget: Callable[[Connection], None]) -> None:
        """Waits for the next exchange at most so long. `forget` is called when the connection is no longer any good."""
        self._answer = None
        self._forget = forget
        self._bedtime = asyncio.get_running_loop().call_later(seconds, self.abort)

    def wake(self) -> bool:
        """True if the connection can be used for another exchange."""
        self._forget = None
        if self._bedtime is not None:
            self._bedtime.cancel()
        return self._transport is not None and not self._transport.is_closing()

    def abort(self) -> None:
        """Closes at once; what is buffered is dropped."""
        if self._bedtime is not None:
            self._bedtime.cancel()
        if self._transport is not None:
            self._transport.abort()
        if self._forget is not None:
            self._forget(self)

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own does not inherit from it

    def data_received(self, data: bytes) -> None:
        """Called by the loop. Bytes that nobody asked for close the connection (UPS-05)."""
        if self._answer is None:
            self.abort()
        else:
            self._answer.feed(data)

    def eof_received(self) -> None:
        """Called by the loop; the transport then closes by itself."""
        if self._answer is not None:
            self._answer.feed_eof()

    def connection_lost(self, error: Exception | None) -> None:
        """Called by the loop."""
        if self._answer is not None:
            self._answer.lost()
        if self._forget is not None:
            self._forget(self)


class _Answer:
    """The parser's callbacks for one answer, and the buffer between the parser and the reader."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._parser = httptools.HttpResponseParser(self)
        self._headers: list[tuple[bytes, bytes]] = []
        self._head_room = MAX_HEAD_BYTES
        self._informational = 0
        self._head: Head | None = None
        self._framing = Framing.COUNTED
        self._pieces: list[bytes] = []
        self._buffered = 0
        self._complete = False
        self._keep_alive = False
        self._surplus = False
        self._error: UpstreamBroken | None = None
        self._waiter: asyncio.Future[None] | None = None

    @property
    def clean(self) -> bool:
        """Complete, read to the end, kept alive by the upstream, and followed by nothing."""
        return self._complete and self._keep_alive and not self._surplus and not self._pieces and not self._error

    async def head(self, until: float) -> Head:
        while self._head is None:
            self._raise_error()
            await self._wait(until)
        return self._head

    async def read(self, until: float) -> bytes:
        while not self._pieces:
            if self._complete:
                return b""
            self._raise_error()
            await self._wait(until)
        data = b"".join(self._pieces)
        self._pieces.clear()
        if self._buffered > HIGH_WATER:
            self._transport.resume_reading()
        self._buffered = 0
        return data

    def feed(self, data: bytes) -> None:
        if self._complete or self._error:
            self._surplus = True
            return
        if self._head is None:
            self._head_room -= len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._fail("upstream_status")
        except httptools.HttpParserError as error:
            # What the parser says may quote the answer: only our own code goes on.
            self._fail(error.__context__.code if isinstance(error.__context__, UpstreamBroken) else "malformed")
        if self._head is None and self._head_room < 0:
            self._fail("head_too_large")
        self._tell()

    def feed_eof(self) -> None:
        if self._head is not None and self._framing is Framing.UNTIL_CLOSE:
            self._complete = True
        self.lost()

    def lost(self) -> None:
        self._keep_alive = False
        if not self._complete:
            self._fail("truncated" if self._head else "connection_lost")
        self._tell()

    # httptools callbacks

    def on_message_begin(self) -> None:
        self._surplus = self._complete

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._head is not None:
            return  # a trailer, or part of something that nobody asked for
        self._headers.append((name.lower(), value))
        if len(self._headers) > MAX_HEADERS:
            raise _broken("head_too_large")

    def on_headers_complete(self) -> None:
        if self._head is not None:
            return
        status = self._parser.get_status_code()
        if 100 <= status < 200 and status != 101:
            return
        head = Head(status, tuple(self._headers))
        self._framing = _framing(head)
        self._keep_alive = self._parser.should_keep_alive() and self._framing is not Framing.UNTIL_CLOSE
        self._head = head

    def on_body(self, data: bytes) -> None:
        if self._complete:
            return
        self._pieces.append(data)
        self._buffered += len(data)
        if self._buffered > HIGH_WATER:
            self._transport.pause_reading()

    def on_message_complete(self) -> None:
        if self._head is not None:
            self._complete = True
            return
        self._headers.clear()
        self._informational += 1
        if self._informational > MAX_INFORMATIONAL:
            raise _broken("head_too_large")

    def _fail(self, code: str) -> None:
        if self._complete:
            self._surplus = True  # the answer itself was good; the connection is not
        elif self._error is None:
            self._error = _broken(code)

    def _raise_error(self) -> None:
        if self._error is not None:
            raise self._error

    async def _wait(self, until: float) -> None:
        """Until there is news. A timer and a future of our own: asyncio.timeout costs more than the rest of a read."""
        loop = asyncio.get_running_loop()
        self._waiter = loop.create_future()
        timer = loop.call_at(until, _expire, self._waiter)
        try:
            await self._waiter
        finally:
            timer.cancel()

    def _tell(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


def _expire(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_exception(TimeoutError())


def _framing(head: Head) -> Framing:
    """Raises UpstreamBroken if the answer could be read in two ways (RFC 9112 6.3, UPS-06)."""
    codings = [value.strip().lower() for value in head.all(b"transfer-encoding")]
    length = head.one(b"content-length")
    head.one(b"content-type")
    if codings and (codings != [b"chunked"] or head.all(b"content-length")):
        raise _broken("ambiguous_head")
    if head.all(b"content-length") and not length.isdigit():
        raise _broken("ambiguous_head")
    if head.status in (204, 304) or length:
        return Framing.COUNTED
    return Framing.CHUNKED if codings else Framing.UNTIL_CLOSE


def _broken(code: str) -> UpstreamBroken:
    return UpstreamBroken("The upstream's answer broke off or can't be read.", code=code)
