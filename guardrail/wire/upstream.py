"""The upstream client: one request out, one bounded answer back, over HTTP/1.1, by httpx2.

Knows no provider, no policy and no words. Nothing it raises quotes what was sent or received.

httpx2 sends, httpcore2 and h11 speak HTTP, wire/connection.py holds the sockets and has every byte of an answer read a
second time, by llhttp (docs/decisions/http-client.md). This module says who shares a connection with whom, and within
which limits. There are no redirects, retries, decompression, cookies, HTTP/2 or settings from the environment: httpx2
is not shown the answer's headers, so there is nothing for it to act on.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Protocol
from urllib.parse import urlsplit

import httpcore2
import httpx2

from guardrail.errors import UpstreamBroken, UpstreamTimeout, UpstreamUnreachable
from guardrail.wire.connection import WatchedBackend, WatchedStream
from guardrail.wire.headers import check_target, from_upstream, is_header, media_type
from guardrail.wire.watch import Head, Watch, broken

KEEP_ALIVE_SECONDS = 20.0
"""How long a connection waits for its next request. Shorter than common servers wait (60 s), so that we close first."""

MAX_IDLE_CONNECTIONS = 256
"""How many connections wait at most, over all tenants; the one that waited longest is closed first."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds for each phase of an exchange with the upstream.

    connect     name resolution, TCP and TLS
    first_byte  from the request being handed over to the end of the answer's head
    idle        between two pieces of the answer
    total       the whole exchange
    """

    connect: float = 5.0
    first_byte: float = 120.0
    idle: float = 60.0
    total: float = 600.0


@dataclass(frozen=True, slots=True)
class UpstreamRequest:
    """What is sent, and within which limits.

    `base_url` comes from the policy; its host is the only one ever spoken to, its path is kept as a prefix.
    `path` starts with "/" and `query` has no "?"; both are sent as they are. `headers` must come from an allow-list;
    of two with one name the last is sent. Requests of different `tenant`s never share a connection.
    """

    base_url: str
    path: str
    query: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    tenant: str
    timeouts: Timeouts = Timeouts()
    max_answer_bytes: int = 16 * 1024 * 1024
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port of a base URL, and the path in front of every request path."""

    secure: bool
    host: str
    port: int
    prefix: str

    @classmethod
    def of(cls, base_url: str) -> Origin:
        """Raises ValueError for anything but `http(s)://host[:port][/prefix]`."""
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or not parts.hostname.isascii():
            raise ValueError("a base URL is http(s)://host[:port][/path]")
        if parts.username is not None or parts.query or parts.fragment:
            raise ValueError("a base URL has no user, query or fragment")
        secure = parts.scheme == "https"
        return cls(secure, parts.hostname, parts.port or (443 if secure else 80), parts.path.rstrip("/"))

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"

    @property
    def scheme(self) -> str:
        """http or https."""
        return "https" if self.secure else "http"


class UpstreamAnswer:
    """A status, the headers that may go back to the client, and the body, to be read once, as a whole or in pieces."""

    def __init__(
        self,
        head: Head,
        pieces: AsyncGenerator[bytes, None],
        request: UpstreamRequest,
        deadline: float,
        close: Callable[[], Awaitable[None]],
    ) -> None:
        """`pieces` end only if the body is complete, and raise UpstreamError else. `deadline` is the loop's time."""
        self.status = head.status
        self.headers: Sequence[tuple[str, str]] = tuple(from_upstream(head.headers).items())
        self.content_type = media_type(head.one(b"content-type"))
        self._pieces = pieces
        self._close = close
        self._deadline = deadline
        self._idle = request.timeouts.idle
        self._room = request.max_answer_bytes

    async def read(self) -> bytes:
        """The complete body. Raises UpstreamBroken (truncated, too_large) or UpstreamTimeout."""
        return b"".join([piece async for piece in self.chunks()])

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body's bytes as they arrive. Ends only if the body is complete; raises like `read`."""
        while (piece := await self._piece()) is not None:
            self._room -= len(piece)
            if self._room < 0:
                raise UpstreamBroken("The upstream's answer is over the limit.", code="too_large")
            yield piece

    async def close(self) -> None:
        """Ends the reading, wherever it stands."""
        await self._pieces.aclose()
        await self._close()

    async def _piece(self) -> bytes | None:
        until = min(asyncio.get_running_loop().time() + self._idle, self._deadline)
        try:
            async with asyncio.timeout_at(until):
                return await anext(self._pieces, None)
        except TimeoutError:
            raise UpstreamTimeout("The upstream stopped sending.", code=self._lateness()) from None

    def _lateness(self) -> str:
        late = asyncio.get_running_loop().time() >= self._deadline
        return "total_timeout" if late else "idle_timeout"


class Connector(Protocol):
    """Whoever can ask an upstream: over the network, or in this process."""

    def open(self, request: UpstreamRequest) -> AbstractAsyncContextManager[UpstreamAnswer]:
        """Sends the request; inside the block the answer's head is there and the body can be read.

        Raises UpstreamUnreachable, UpstreamTimeout, UpstreamBroken. Leaving the block early ends the asking at once.
        """
        ...

    async def close(self) -> None:
        """Lets go of what waits for further requests."""
        ...


class Upstream:
    """All connections to all upstreams of this process. Belongs to one event loop."""

    def __init__(self, ca_file: str | None = None) -> None:
        """`ca_file`: certificates to trust instead of the system's. Verification itself can't be turned off."""
        # No time limits of the client's own: they hold for single reads, ours for whole phases.
        transport = _Transport(_tls(ca_file))
        self._client = httpx2.AsyncClient(transport=transport, trust_env=False, follow_redirects=False, timeout=None)

    @asynccontextmanager
    async def open(self, request: UpstreamRequest) -> AsyncIterator[UpstreamAnswer]:
        """Sends the request; inside the block the answer's head is there and the body can be read.

        Raises UpstreamUnreachable, UpstreamTimeout, UpstreamBroken. Leaving the block before the body was read to
        its end, or by an exception or a cancellation, closes the connection at once.
        """
        clock = _Clock(request.timeouts)
        outgoing = _outgoing(request, clock)
        try:
            async with clock.timer:
                response = await self._client.send(outgoing, stream=True)
        except TimeoutError:
            raise clock.error from None
        head, pieces = response.extensions["head"], response.aiter_raw()
        answer = UpstreamAnswer(head, pieces, request, clock.deadline, response.aclose)
        try:
            yield answer
        finally:
            await answer.close()

    async def close(self) -> None:
        """Closes the connections that wait. Exchanges under way end by themselves."""
        await self._client.aclose()


class _Clock:
    """The time until the answer's head: the connection has its limit; once it stands, the first byte has its own."""

    def __init__(self, timeouts: Timeouts) -> None:
        now = asyncio.get_running_loop().time()
        self.deadline = now + timeouts.total
        self.timer = asyncio.timeout_at(min(now + timeouts.connect, self.deadline))
        self.error = UpstreamTimeout("The upstream could not be connected in time.", code="connect_timeout")
        self._first_byte = timeouts.first_byte

    def connected(self) -> None:
        """The request is being handed over."""
        now = asyncio.get_running_loop().time()
        self.timer.reschedule(min(now + self._first_byte, self.deadline))
        self.error = UpstreamTimeout("The upstream did not begin to answer.", code="first_byte_timeout")


@dataclass(frozen=True, slots=True)
class _Key:
    """Who may share a connection: requests of one tenant to one origin."""

    tenant: str
    origin: Origin


class _Question(httpx2.AsyncByteStream):
    """The request's body. Nobody asks for it before the connection stands: that starts the clock of the first byte."""

    def __init__(self, body: bytes, connected: Callable[[], None]) -> None:
        self._body = body
        self._connected = connected

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self._connected()
        yield self._body


class _Transport(httpx2.AsyncBaseTransport):
    """httpx2's way to the network: a connection of the same tenant that waits, or a new one of httpcore2's.

    Not httpcore2's pool, which knows no tenants and walks over all its connections for each request. Here a connection
    in use belongs to its exchange alone, so there is no place in a pool that a cancelled request could keep.
    """

    def __init__(self, tls: ssl.SSLContext) -> None:
        self._tls = tls
        self._waiting = _Waiting()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The answer's head, checked, and its body to come. Raises UpstreamError; then the connection is closed."""
        key: _Key = request.extensions["key"]
        connection = self._waiting.take(key) or self._connection(key.origin)
        try:
            with _in_our_words():
                answer = await connection.handle_async_request(_core_request(key.origin, request))
            body = _Body(answer, _Line(connection, _stream(answer)), partial(self._waiting.put, key))
        except BaseException:
            await connection.aclose()
            raise
        return httpx2.Response(body.head.status, stream=body, extensions={"head": body.head})

    async def aclose(self) -> None:
        """Closes the connections that wait; from now on none waits any more."""
        self._waiting.close()

    def _connection(self, origin: Origin) -> httpcore2.AsyncHTTPConnection:
        core = httpcore2.Origin(origin.scheme.encode(), origin.host.encode("ascii"), origin.port)
        return httpcore2.AsyncHTTPConnection(core, self._tls, network_backend=WatchedBackend())


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """A connection that has had an answer: as httpcore2 sees it, and the socket below it."""

    connection: httpcore2.AsyncHTTPConnection
    stream: WatchedStream

    @property
    def usable(self) -> bool:
        """True if both parsers saw one whole answer, and nothing has come after it (UPS-05)."""
        return self.connection.is_idle() and not self.connection.has_expired()


class _Body(httpx2.AsyncByteStream):
    """The answer's body as httpcore2 reads it, as far as the watch agrees."""

    def __init__(self, answer: httpcore2.Response, line: _Line, keep: Callable[[_Line], None]) -> None:
        self._answer = answer
        self._line = line
        self._keep = keep
        self._watch = _watch(line.stream)
        self.head = _head(answer, self._watch)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        length = 0
        with _in_our_words():
            async with aclosing(self._answer.aiter_stream()) as pieces:
                async for piece in pieces:
                    length += len(piece)
                    self._agree(length <= self._watch.length)
                    yield piece
        self._agree(self._watch.complete and length == self._watch.length)

    async def aclose(self) -> None:
        """The connection waits for the next request, or is closed if it is not as it should be."""
        await self._answer.aclose()
        if self._line.usable:
            self._keep(self._line)
        else:
            await self._line.connection.aclose()

    def _agree(self, agreed: bool) -> None:
        if not agreed:
            self._line.stream.abort()
            raise broken("malformed")


class _Waiting:
    """The connections that wait for their next request, oldest first. A connection waits for one tenant only."""

    def __init__(self) -> None:
        self._lines: OrderedDict[_Line, _Key] = OrderedDict()
        self._of: dict[_Key, list[_Line]] = {}
        self._closed = False

    def take(self, key: _Key) -> httpcore2.AsyncHTTPConnection | None:
        """The connection that was used last by this tenant and is still good."""
        while lines := self._of.get(key):
            line = lines[-1]
            self._forget(line)
            line.stream.wake()
            if line.usable:
                return line.connection
            line.stream.abort()
        return None

    def put(self, key: _Key, line: _Line) -> None:
        """From now on the connection waits."""
        self._lines[line] = key
        self._of.setdefault(key, []).append(line)
        line.stream.sleep(KEEP_ALIVE_SECONDS, partial(self._forget, line))
        if self._closed or len(self._lines) > MAX_IDLE_CONNECTIONS:
            next(iter(self._lines)).stream.abort()

    def close(self) -> None:
        """Closes them all."""
        self._closed = True
        for line in list(self._lines):
            line.stream.abort()

    def _forget(self, line: _Line) -> None:
        key = self._lines.pop(line, None)
        if key is None:
            return
        self._of[key].remove(line)
        if not self._of[key]:
            del self._of[key]


@contextmanager
def _in_our_words() -> Iterator[None]:
    """What h11 says may quote the bytes: only our own words go on."""
    try:
        yield
    except httpcore2.LocalProtocolError:
        raise UpstreamBroken("A header for the upstream is not well formed.", code="header_injection") from None
    except httpcore2.RemoteProtocolError:
        raise broken("malformed") from None


def _stream(answer: httpcore2.Response) -> WatchedStream:
    stream = answer.extensions.get("network_stream")
    if not isinstance(stream, WatchedStream):
        raise broken("malformed")
    return stream


def _watch(stream: WatchedStream) -> Watch:
    if stream.watch is None:
        raise broken("malformed")
    return stream.watch


def _head(answer: httpcore2.Response, watch: Watch) -> Head:
    """The head as both parsers read it. Two readings: nobody gets the answer (UPS-06)."""
    read = Head(answer.status, tuple((name.lower(), value) for name, value in answer.headers))
    if read != watch.head:
        raise broken("ambiguous_head")
    check_answer(read)
    return read


def check_answer(head: Head) -> None:
    """Only what can be inspected is an answer: no redirect, no part of a body, nothing coded (URL-07, SIZ-03)."""
    if 300 <= head.status < 400:
        raise UpstreamBroken("The upstream redirected; redirects are not followed.", code="upstream_redirect")
    if head.status == 206 or not 200 <= head.status < 600:
        raise UpstreamBroken("The upstream answered with a status that can't be passed on.", code="upstream_status")
    if head.one(b"content-encoding", b"identity").strip().lower() != b"identity":
        raise UpstreamBroken("The upstream coded its answer although asked not to.", code="content_encoding")


def _outgoing(request: UpstreamRequest, clock: _Clock) -> httpx2.Request:
    """The request as it goes out. What the client wrote travels as bytes beside the URL, and is never parsed as one."""
    origin = _origin(request)
    target = f"{origin.prefix}{request.path}" + (f"?{request.query}" if request.query else "")
    headers = _headers(origin, request)
    if not all(is_header(name, value) for name, value in (("Target", target), *headers)):
        raise UpstreamBroken("A header for the upstream is not well formed.", code="header_injection")
    return httpx2.Request(
        request.method,
        f"{origin.scheme}://{origin.authority}",
        headers=headers,
        stream=_Question(request.body, clock.connected),
        extensions={"key": _Key(request.tenant, origin), "target": target.encode("ascii")},
    )


def _origin(request: UpstreamRequest) -> Origin:
    try:
        origin = Origin.of(request.base_url)
    except ValueError:
        raise UpstreamUnreachable("The upstream's base URL is not usable.", code="upstream_url") from None
    # Checked again here, next to the socket: what was checked is what is sent (URL-03, URL-04).
    check_target(f"{origin.prefix}{request.path}".encode())
    return origin


def _headers(origin: Origin, request: UpstreamRequest) -> list[tuple[str, str]]:
    given = {name.lower(): value for name, value in request.headers if name.lower() not in _OURS}
    return [
        ("Host", origin.authority),
        ("Accept-Encoding", "identity"),
        ("Content-Length", str(len(request.body))),
        *given.items(),
    ]


_OURS = frozenset({"host", "accept-encoding", "content-length", "transfer-encoding", "connection", "expect", "te"})


def _core_request(origin: Origin, request: httpx2.Request) -> httpcore2.Request:
    target = request.extensions["target"]
    url = httpcore2.URL(scheme=origin.scheme, host=origin.host, port=origin.port, target=target)
    return httpcore2.Request(request.method, url, headers=request.headers.raw, content=request.stream)


def _tls(ca_file: str | None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
