"""The upstream client: one request out, one bounded answer back, over HTTP/1.1.

Knows no provider, no policy and no words. Nothing it raises quotes what was sent or received.

Why not an HTTP library: docs/decisions/http-client.md. In short, the libraries hand bytes that follow a complete
answer to the next request. Here a connection is given back only if nothing followed the answer, and bytes that
arrive on a waiting connection close it. There are no redirects, no retries, no decompression, no cookies, and
nothing is read from the environment: what is not here can't be switched on.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from guardrail.errors import UpstreamBroken, UpstreamError, UpstreamTimeout, UpstreamUnreachable
from guardrail.wire.connection import Connection, Head
from guardrail.wire.headers import check_target, from_upstream, is_header, media_type

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
        if parts.scheme not in ("http", "https") or not parts.hostname:
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


class UpstreamAnswer:
    """A status, the headers that may go back to the client, and the body, to be read once, as a whole or in pieces."""

    def __init__(self, head: Head, connection: Connection, deadline: float, request: UpstreamRequest) -> None:
        self.status = head.status
        self.headers: Sequence[tuple[str, str]] = tuple(from_upstream(head.headers).items())
        self.content_type = media_type(head.one(b"content-type"))
        self._connection = connection
        self._deadline = deadline
        self._idle = request.timeouts.idle
        self._room = request.max_answer_bytes

    async def read(self) -> bytes:
        """The complete body. Raises UpstreamBroken (truncated, too_large) or UpstreamTimeout."""
        return b"".join([piece async for piece in self.chunks()])

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body's bytes as they arrive. Ends only if the body is complete; raises like `read`."""
        while piece := await self._piece():
            self._room -= len(piece)
            if self._room < 0:
                raise UpstreamBroken("The upstream's answer is over the limit.", code="too_large")
            yield piece

    async def _piece(self) -> bytes:
        until = min(asyncio.get_running_loop().time() + self._idle, self._deadline)
        try:
            return await self._connection.read(until)
        except TimeoutError:
            raise UpstreamTimeout("The upstream stopped sending.", code=self._lateness()) from None

    def _lateness(self) -> str:
        late = asyncio.get_running_loop().time() >= self._deadline
        return "total_timeout" if late else "idle_timeout"


class Upstream:
    """All connections to all upstreams of this process. Belongs to one event loop."""

    def __init__(self, ca_file: str | None = None) -> None:
        """`ca_file`: certificates to trust instead of the system's. Verification itself can't be turned off."""
        self._tls = _tls(ca_file)
        self._waiting = _Waiting()

    @asynccontextmanager
    async def open(self, request: UpstreamRequest) -> AsyncIterator[UpstreamAnswer]:
        """Sends the request; inside the block the answer's head is there and the body can be read.

        Raises UpstreamUnreachable, UpstreamTimeout, UpstreamBroken. Leaving the block before the body was read to
        its end, or by an exception or a cancellation, closes the connection at once.
        """
        origin = _origin(request)
        key = (request.tenant, origin)
        deadline = asyncio.get_running_loop().time() + request.timeouts.total
        connection = self._waiting.take(key) or await self._connect(origin, request.timeouts)
        try:
            head = await _exchange_heads(connection, origin, request)
            yield UpstreamAnswer(head, connection, deadline, request)
        except BaseException:
            connection.abort()
            raise
        if connection.reusable:
            self._waiting.put(key, connection)
        else:
            connection.abort()

    async def close(self) -> None:
        """Closes the connections that wait. Exchanges under way end by themselves."""
        self._waiting.clear()

    async def _connect(self, origin: Origin, timeouts: Timeouts) -> Connection:
        loop = asyncio.get_running_loop()
        tls = self._tls if origin.secure else None
        try:
            async with asyncio.timeout(timeouts.connect):
                _, connection = await loop.create_connection(Connection, origin.host, origin.port, ssl=tls)
        except (OSError, UnicodeError) as error:
            raise _why_not_connected(error) from None
        return connection


class _Waiting:
    """The connections that wait for their next request, oldest first. A connection waits for one tenant only."""

    def __init__(self) -> None:
        self._connections: OrderedDict[Connection, tuple[str, Origin]] = OrderedDict()
        self._of: dict[tuple[str, Origin], list[Connection]] = {}

    def take(self, key: tuple[str, Origin]) -> Connection | None:
        """The connection that was used last by this tenant and is still good."""
        while connections := self._of.get(key):
            connection = connections[-1]
            self._forget(connection)
            if connection.wake():
                return connection
        return None

    def put(self, key: tuple[str, Origin], connection: Connection) -> None:
        self._connections[connection] = key
        self._of.setdefault(key, []).append(connection)
        connection.sleep(KEEP_ALIVE_SECONDS, self._forget)
        if len(self._connections) > MAX_IDLE_CONNECTIONS:
            next(iter(self._connections)).abort()

    def clear(self) -> None:
        for connection in list(self._connections):
            connection.abort()

    def _forget(self, connection: Connection) -> None:
        key = self._connections.pop(connection, None)
        if key is None:
            return
        self._of[key].remove(connection)
        if not self._of[key]:
            del self._of[key]


async def _exchange_heads(connection: Connection, origin: Origin, request: UpstreamRequest) -> Head:
    until = asyncio.get_running_loop().time() + min(request.timeouts.first_byte, request.timeouts.total)
    try:
        head = await connection.send(_head(origin, request), request.body, until)
    except TimeoutError:
        raise UpstreamTimeout("The upstream did not begin to answer.", code="first_byte_timeout") from None
    _check(head)
    return head


def _check(head: Head) -> None:
    """Only what can be inspected is an answer: no redirect, no part of a body, nothing coded (URL-07, SIZ-03)."""
    if 300 <= head.status < 400:
        raise UpstreamBroken("The upstream redirected; redirects are not followed.", code="upstream_redirect")
    if head.status in (101, 206) or not 200 <= head.status < 600:
        raise UpstreamBroken("The upstream answered with a status that can't be passed on.", code="upstream_status")
    if head.one(b"content-encoding", b"identity").strip().lower() != b"identity":
        raise UpstreamBroken("The upstream coded its answer although asked not to.", code="content_encoding")


def _origin(request: UpstreamRequest) -> Origin:
    try:
        origin = Origin.of(request.base_url)
    except ValueError:
        raise UpstreamUnreachable("The upstream's base URL is not usable.", code="upstream_url") from None
    # Checked again here, next to the socket: what was checked is what is sent (URL-03, URL-04).
    check_target(f"{origin.prefix}{request.path}".encode())
    return origin


def _head(origin: Origin, request: UpstreamRequest) -> bytes:
    target = f"{origin.prefix}{request.path}" + (f"?{request.query}" if request.query else "")
    fixed = [
        ("Host", origin.authority),
        ("Accept-Encoding", "identity"),
        ("Content-Length", str(len(request.body))),
    ]
    given = {name.lower(): value for name, value in request.headers if name.lower() not in _OURS}
    headers = [*fixed, *given.items()]
    if not all(is_header(name, value) for name, value in headers):
        raise UpstreamBroken("A header for the upstream is not well formed.", code="header_injection")
    lines = [f"{request.method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("ascii")


_OURS = frozenset({"host", "accept-encoding", "content-length", "transfer-encoding", "connection", "expect", "te"})


def _why_not_connected(error: OSError | UnicodeError) -> UpstreamError:
    """The table of what can go wrong before the first byte (UPS-03, UPS-11)."""
    if isinstance(error, TimeoutError):
        return UpstreamTimeout("The upstream could not be connected in time.", code="connect_timeout")
    if isinstance(error, ssl.SSLError):
        return UpstreamUnreachable("The upstream's certificate or TLS is not acceptable.", code="tls_error")
    return UpstreamUnreachable("The upstream could not be reached.")


def _tls(ca_file: str | None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context
