"""The server: two listeners in one event loop, a stricter HTTP parser than the server's own, and an orderly end.

Knows sockets, signals and framing. Knows no route, no policy rule and no words. What the ASGI application can't see
any more (absolute targets, folded headers, trailers, slow heads) is refused here, in JSON, before a task is started.
"""

from __future__ import annotations

import asyncio
import functools
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

import httptools
import uvicorn
import uvloop
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from guardrail.edge import REFUSED, Doors, Drain, openai_error, split_route
from guardrail.engine.dumps import forbid_dumps
from guardrail.errors import AuditUnavailable, ClientError, GuardrailError, PolicyError
from guardrail.policy.model import is_loopback
from guardrail.record import log
from guardrail.signals import Signals
from guardrail.wire.headers import MAX_HEAD_BYTES, MAX_HEADERS, check_target

_T = TypeVar("_T")

KEEP_ALIVE_SECONDS = 30
LEAVE_SECONDS = KEEP_ALIVE_SECONDS + 1.0
"""By then a connection on which nobody asks has ended by itself, as it would have anyhow."""
SLICE_BYTES = 4096
MAX_SILENT_BYTES = 16 * 1024
"""Chunk extensions and trailers are dropped by the parser, however long: so many in a row end the request (HTTP-04)."""
AFTER_DRAIN_SECONDS = 2.0
"""What streams have for their terminal error event once the time to drain is over."""


@dataclass(frozen=True, slots=True)
class Listen:
    """Where to listen (port 0: any free one) and how long to be patient."""

    host: str = "127.0.0.1"
    port: int = 8080
    admin_host: str = "127.0.0.1"
    admin_port: int = 9090
    head_seconds: float = 10.0
    drain_seconds: float = 20.0


class PortInUse(Exception):
    """A port can't be listened on. The message names it."""


class StrictProtocol(HttpToolsProtocol):
    """uvicorn's httptools protocol with its gaps closed (measured in tests/siege): see `docs/deployment.md`."""

    def __init__(
        self,
        *args: Any,
        head_seconds: float = 10.0,
        doors: Doors | None = None,
        leaving: asyncio.Event | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._doors = doors
        self._leaving = leaving or asyncio.Event()
        self.url = b""
        # A parser of our own: uvicorn lets data follow "Connection: close"; here that ends the connection.
        self.parser = httptools.HttpRequestParser(self)
        self._head_seconds = head_seconds
        self._head_timer: asyncio.TimerHandle | None = None
        self._in_head = True
        self._head_bytes = 0
        self._anything = False
        self._rejected = False
        self._refused_next: ClientError | None = None
        self._running: RequestResponseCycle | None = None
        self._silent_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Called by the loop. The first head must come in time, too."""
        super().connection_made(transport)
        self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the loop."""
        self._disarm()
        super().connection_lost(exc)

    def eof_received(self) -> None:
        """Called by the loop: nothing more will come. A request that is not whole then was none (HTTP-09)."""
        if self._running is not None and self._running is self.cycle and self._running.more_body:
            self._reject(ClientError("The request broke off.", code="incomplete_request"))

    def data_received(self, data: bytes) -> None:
        """Called by the loop."""
        if self._rejected:
            return
        self._anything = True
        self._unset_keepalive_if_required()
        try:
            for start in range(0, len(data), SLICE_BYTES):
                self._feed(data[start : start + SLICE_BYTES])
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._reject(error.__context__ if isinstance(error.__context__, ClientError) else _malformed())
        except ClientError as error:
            self._reject(error)

    def _feed(self, data: bytes) -> None:
        """The parser says little about where it is, so it gets little at once: limits hold to within a slice."""
        if self._in_head:
            self._arm()
            self._head_bytes += len(data)
        else:
            self._silent_bytes += len(data)
        self.parser.feed_data(data)
        if self._in_head and self._head_bytes > MAX_HEAD_BYTES:
            raise _too_large()
        if not self._in_head and self._silent_bytes > MAX_SILENT_BYTES:
            raise _malformed()

    # httptools callbacks

    def on_header(self, name: bytes, value: bytes) -> None:
        """Trailers are dropped: httptools would add them to the headers that the application has (HTTP-05)."""
        if self._in_head:
            super().on_header(name, value)
            if len(self.headers) > MAX_HEADERS:
                raise _too_large()

    def on_headers_complete(self) -> None:
        """Refuses what the application would not see any more."""
        self._disarm()
        self._in_head = False
        self._head_bytes = 0
        self._silent_bytes = 0
        if self.parser.get_http_version() not in ("1.0", "1.1"):
            raise ClientError("Only HTTP/1.1 is spoken here.", code="http_version", status=505)
        if self.parser.get_method() in (b"CONNECT", b"TRACE"):
            raise ClientError("This method is not implemented.", code="method_not_implemented", status=501)
        if self.parser.should_upgrade():
            raise ClientError("Upgrades are not offered here.", code="upgrade_refused", status=426)
        check_target(self.url.partition(b"?")[0])
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        self._silent_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The next bytes are another head."""
        self._in_head = True
        self._head_bytes = 0
        super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._running = cycle
        if self._leaving.is_set():
            self.leave()
        super()._start_asgi_task(cycle, app)

    def leave(self) -> None:
        """The next answer that has not begun is the last one here, and says so: `Connection: close`.

        An answer that is under way has said that others may follow it, so one more does.
        """
        running = self._running
        if running is not None and not running.response_started and not self.pipeline:
            running.keep_alive = False

    # limits

    def _arm(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self._head_seconds, self._too_slow)

    def _disarm(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _too_slow(self) -> None:
        self._head_timer = None
        if self._anything:
            self._reject(ClientError("The request's head did not arrive in time.", code="head_timeout", status=408))
        else:
            self.transport.close()

    def _reject(self, error: ClientError) -> None:
        """Answers once and closes. An answer that is being written to an earlier request is finished first."""
        if self._rejected:
            return
        self._rejected = True
        self._disarm()
        self.pipeline.clear()
        self.flow.pause_reading()
        running = self._running
        if running is None or running.response_complete:
            self._refuse(error)
        elif running is self.cycle and running.more_body:
            running.scope["state"][REFUSED] = error  # the application has begun to read it, and counts it
            running.disconnected = True
            running.message_event.set()
            if running.response_started:
                self.transport.close()
            else:
                self._write(error)
        else:
            self._refused_next = error

    def on_response_complete(self) -> None:
        """What came behind an answered request and is none is refused now (HTTP-10)."""
        super().on_response_complete()
        if self._refused_next is not None and not self.transport.is_closing():
            self._refuse(self._refused_next)

    def _refuse(self, error: ClientError) -> None:
        """Once it is on record (HTTP-01)."""
        if self._doors is None:
            self._write(error)
            return
        task = self.loop.create_task(self._refuse_on_record(error, self._doors, secrets.token_hex(16)))
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)

    async def _refuse_on_record(self, error: GuardrailError, doors: Doors, receipt: str) -> None:
        try:
            await doors.refused(error, receipt)
        except AuditUnavailable as unrecorded:
            error = unrecorded
        self._write(error, {"x-guardrail-receipt": receipt})

    def _write(self, error: GuardrailError, more: Mapping[str, str] = MappingProxyType({})) -> None:
        log.event("request_refused", reason=error.code, status=error.http_status)
        if self.transport.is_closing():
            return
        path = split_route(self.url.partition(b"?")[0].decode("latin-1"))[1]
        reply = self._doors.refuse(path, error) if self._doors is not None else openai_error(error)
        headers = {
            "content-type": reply.content_type,
            "content-length": str(len(reply.body)),
            "connection": "close",
            "cache-control": "no-store",
            **reply.headers,
            **more,
        }
        head = STATUS_LINE[reply.status] + "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()
        self.transport.write(head + b"\r\n" + reply.body)
        self.transport.close()


class Server(uvicorn.Server):
    """uvicorn's server without its signal handling: ours covers both listeners."""

    def __init__(self, config: uvicorn.Config, leaving: asyncio.Event) -> None:
        super().__init__(config)
        self._leaving = leaving

    async def leave(self, seconds: float) -> None:
        """Takes no more connections and closes none: each is ended by an answer, or by its own time without any.

        Returns when none is left, or after so many seconds.
        """
        self._leaving.set()
        for listener in self.servers:
            listener.close()
        for connection in list(self.server_state.connections):
            if isinstance(connection, StrictProtocol):
                connection.leave()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.server_state.connections:  # noqa: ASYNC110 - uvicorn has no event for it
                    await asyncio.sleep(0.05)

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        """As in uvicorn."""
        return nullcontext()


async def run(
    app: Any,
    admin: Any,
    listen: Listen,
    drain: Drain,
    *,
    on_ready: Callable[[int, int], None] = lambda port, admin_port: None,
    reload: Callable[[], Awaitable[None]] | None = None,
    front: socket.socket | None = None,
    doors: Doors | None = None,
) -> None:
    """Listens until SIGTERM or SIGINT, then drains. Raises PortInUse before anything is started.

    `on_ready` is told both ports as soon as both listen. SIGHUP calls `reload`. `doors` are those of `app`: what never
    becomes a request is recorded by them, and told in the shape of its dialect.

    A worker of several is given `front`, the listening socket that they share, and has no `admin` application: None,
    and port 0. SIGTERM then is for it alone (OPS-03): it leaves what comes to the others, answers whoever is connected,
    and drains when nobody is, or after LEAVE_SECONDS. SIGINT, or a second SIGTERM, drains at once.

    From then on the process ignores these signals: what it still has to put away (the log), no second one cuts off.
    """
    sockets = [front or bind(listen.host, listen.port)]
    if admin is not None:
        sockets.append(bind(listen.admin_host, listen.admin_port))
    ports = [sock.getsockname()[1] for sock in sockets]
    serving = make_server(app, listen, listen.drain_seconds + AFTER_DRAIN_SECONDS, doors)
    with _Signals(drain, listen.drain_seconds, serving, reload, alone=front is None):
        async with AsyncExitStack() as beside:
            if admin is not None:
                await beside.enter_async_context(listening(make_server(admin, listen, 1.0), sockets[1]))
            async with listening(serving, sockets[0], until_told=True):
                on_ready(ports[0], ports[1] if admin is not None else 0)


@asynccontextmanager
async def listening(serving: Server, sock: socket.socket, *, until_told: bool = False) -> AsyncIterator[None]:
    """The server listens while the block runs; or, `until_told`, until somebody sets its `should_exit`."""
    async with asyncio.TaskGroup() as group:
        group.create_task(serving.serve(sockets=[sock]))
        while not serving.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        yield
        serving.should_exit = serving.should_exit or not until_told


def run_forever(main: Callable[[], Awaitable[_T]]) -> _T:
    """Runs `main` on a uvloop event loop of its own, and gives what it gives. From here on memory stays memory."""

    async def started() -> _T:
        return await main()

    forbid_dumps()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(started())


def check_bind(host: str, has_clients: bool) -> None:
    """Raises PolicyError if anybody on the network could use the proxy without a token."""
    if not has_clients and not is_loopback(host):
        raise PolicyError("listening beyond loopback needs client tokens in the policy (clients: token_sha256)")


class _Signals(Signals):
    """SIGTERM and SIGINT begin the drain, a second one ends it, SIGHUP reloads the policy.

    Unless the process is `alone`, the first SIGTERM comes before that: others serve on.
    """

    def __init__(
        self,
        drain: Drain,
        seconds: float,
        front: Server,
        reload: Callable[[], Awaitable[None]] | None,
        *,
        alone: bool,
    ) -> None:
        self._alone = alone
        self._leaving: asyncio.Task[None] | None = None
        self._drain = drain
        self._seconds = seconds
        self._front = front
        self._reload = reload
        self._reloading: asyncio.Task[None] | None = None
        ends = functools.partial(self._end, signal.SIGINT)
        super().__init__({signal.SIGTERM: self._term, signal.SIGINT: ends, signal.SIGHUP: self._hangup})

    def _term(self) -> None:
        if self._alone or self._leaving is not None or self._drain.begun.is_set() or not self._front.started:
            self._end(signal.SIGTERM)
        else:
            log.event("worker_leaves", signal="SIGTERM", seconds=LEAVE_SECONDS)
            self._leaving = self._loop.create_task(self._leave())

    async def _leave(self) -> None:
        await self._front.leave(LEAVE_SECONDS)
        if not self._drain.begun.is_set():
            self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        log.event("shutting_down", signal=number.name, seconds=self._seconds)
        if self._drain.begun.is_set():
            self._drain.late.set()
            return
        self._drain.begun.set()
        self._front.should_exit = True
        self._loop.call_later(self._seconds, self._drain.late.set)

    def _hangup(self) -> None:
        if self._reload is not None and (self._reloading is None or self._reloading.done()):
            self._reloading = self._loop.create_task(_awaited(self._reload))


async def _awaited(call: Callable[[], Awaitable[None]]) -> None:
    await call()


def make_server(app: Any, listen: Listen, patience: float, doors: Doors | None = None) -> Server:
    """Not listening yet. Once told to end it waits so many seconds for what is still running."""
    leaving = asyncio.Event()
    protocol: Any = functools.partial(StrictProtocol, head_seconds=listen.head_seconds, doors=doors, leaving=leaving)
    config = uvicorn.Config(
        app,
        http=protocol,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=int(patience) or 1,
    )
    return Server(config, leaving)


def bind(host: str, port: int) -> socket.socket:
    """A listening socket. Raises PortInUse."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        raise PortInUse(f"can't listen on {host} port {port}: {error.strerror}") from None


def _malformed() -> ClientError:
    return ClientError("The request is malformed.", code="malformed_request")


def _too_large() -> ClientError:
    return ClientError("The request's head is too large.", code="head_too_large", status=431)
