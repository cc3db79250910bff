"""The guardrail around an ASGI application of yours that speaks a known dialect: a FastAPI server of an in-house model.

    app = GuardrailMiddleware(app, "policy.yaml", pass_through=("/health",))

The same edge, exchange and checks as the proxy's; the application stands where the provider would. It sees requests
without patients' identity, and its answers are inspected on their way back, streamed or whole.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Final
from urllib.parse import quote

from guardrail.build import build_routes, dialects_of, in_process
from guardrail.dialects.base import Reply
from guardrail.dialects.catalog import Route
from guardrail.edge import openai_error
from guardrail.errors import ClientError, GuardrailError, PolicyError
from guardrail.inprocess import PolicySource, Running, read
from guardrail.policy.load import Loaded
from guardrail.policy.model import Upstream
from guardrail.record import log
from guardrail.service import Options, Service
from guardrail.wire.asgi import Application, Message, Receive, Send
from guardrail.wire.asgi_upstream import AsgiUpstream
from guardrail.wire.headers import check_target

NAME: Final = "in-process"
"""The upstream that the application is, in metrics and in the log."""


class GuardrailMiddleware:
    """An ASGI application around another.

    Requests at the paths of known dialects go through the guardrail; all others are refused, except those that
    `pass_through` names: they reach the application as they are, uninspected.
    """

    def __init__(
        self,
        app: Application,
        policy: PolicySource = None,
        *,
        pass_through: Sequence[str] = (),
        hosts: Sequence[str] = (),
        upstream: str = "",
    ) -> None:
        """Reads the policy; raises PolicyError, and ValueError for a path that can't be passed through.

        `pass_through`: exact paths, or beginnings that end with `/*`. `hosts`: the names under which clients may call
        (needed off loopback while the policy lists no clients). `upstream`: the one of the policy's upstreams that
        describes the application, with what is attested of it; its address and key are not used.
        """
        self._app = app
        self._policy = policy
        self._name = upstream
        self._hosts = frozenset(host.lower() for host in hosts)
        self._open = _Open(pass_through, build_routes(self._load().policy))
        self._state: Message | None = None
        self._running: Running | None = None
        self._starting = asyncio.Lock()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "lifespan":
            await self._lifespan(scope, receive, send)
        elif self._passes(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._inspected(scope, receive, send)
        else:
            await _refuse_socket(scope, receive, send)

    async def startup(self) -> None:
        """Ready when this returns. The server's lifespan calls it, else the first request. Raises PolicyError."""
        async with self._starting:
            loop = asyncio.get_running_loop()
            if self._running is None or self._running.loop is not loop:
                self._running = await Running.begin(self._service(), self._hosts)

    async def shutdown(self) -> None:
        """Ends the analyzer. The server's lifespan calls it."""
        running, self._running = self._running, None
        if running is not None:
            await running.end()

    def metrics(self, accept: str = "") -> tuple[str, bytes]:
        """The content type and the body of a metrics page, for a path of your own on a network of your own."""
        if self._running is None:
            return "text/plain", b""
        return self._running.service.render(accept)

    def _load(self) -> Loaded:
        loaded = read(self._policy)
        described = loaded.policy.upstreams.get(self._name) if self._name else None
        if self._name and described is None:
            raise PolicyError(f"the policy has no upstream {self._name!r}")
        own = {"base_url": "http://localhost", "api_key_env": None, "api_key_file": None}
        if described is None:
            stands_in = Upstream(base_url="http://localhost", dialects=dialects_of(loaded.policy))
            return in_process(loaded, {NAME: stands_in})
        return in_process(loaded, {self._name: described.model_copy(update=own)})

    def _service(self) -> Service:
        upstream = AsgiUpstream(self._app, lambda: self._state, _log_failure)
        return Service(Options(), load=self._load, upstream=upstream)

    def _passes(self, scope: Message) -> bool:
        """What a dialect serves is always inspected, even if the policy has learnt of it only now."""
        if scope["type"] not in ("http", "websocket") or not self._open.allows(scope):
            return False
        return self._running is None or not self._running.service.serves(scope["path"])

    async def _inspected(self, scope: Message, receive: Receive, send: Send) -> None:
        if "raw_path" not in scope or scope["raw_path"] is None:
            scope = {**scope, "raw_path": quote(scope["path"]).encode("ascii")}
        try:
            if self._running is None or self._running.loop is not asyncio.get_running_loop():
                await self.startup()
        except GuardrailError as error:
            log.event("guardrail_not_started", level=logging.ERROR, error=error.code)
            await _reply(send, openai_error(GuardrailError("The guardrail could not be started.", status=503)))
            return
        running = self._running
        assert running is not None  # just started
        await running.edge(scope, receive, send)

    async def _lifespan(self, scope: Message, receive: Receive, send: Send) -> None:
        """The application's own lifespan inside ours. One that has none is no failure."""
        self._state = scope.get("state")
        first = await receive()
        try:
            await self.startup()
        except GuardrailError as error:
            await send({"type": "lifespan.startup.failed", "message": error.message})
            return
        inner = _Lifespan(first, receive, send, self.shutdown)
        try:
            await self._app(scope, inner.receive, inner.send)
        except Exception as error:  # ASGI: an application without a lifespan raises, whatever it likes
            if inner.begun:
                await self.shutdown()
                raise
            log.event("app_has_no_lifespan", error=type(error).__name__)
        await inner.go_on_alone()


class _Lifespan:
    """Stands between the server and the application while they speak of starting and stopping.

    The guardrail has started before the application does, and ends behind it.
    """

    def __init__(self, first: Message, receive: Receive, send: Send, shutdown: Callable[[], Awaitable[None]]) -> None:
        self._first: Message | None = first
        self._receive, self._send, self._shutdown = receive, send, shutdown
        self._stopping = self._over = False
        self.begun = False
        """True once the application has said whether it could start."""

    async def receive(self) -> Message:
        """What the server says."""
        first, self._first = self._first, None
        message = first or await self._receive()
        self._stopping = self._stopping or message["type"] == "lifespan.shutdown"
        return message

    async def send(self, message: Message) -> None:
        """What the application says."""
        self.begun = True
        if message["type"] != "lifespan.startup.complete":
            self._over = True
            await self._shutdown()
        await self._send(message)

    async def go_on_alone(self) -> None:
        """The application has said no more than it wanted to: the rest of the conversation is ours."""
        if self._over:
            return
        if not self.begun:
            await self._send({"type": "lifespan.startup.complete"})
        while not self._stopping:
            self._first = None
            await self.receive()
        await self._shutdown()
        await self._send({"type": "lifespan.shutdown.complete"})


class _Open:
    """The paths that reach the application uninspected."""

    def __init__(self, paths: Sequence[str], routes: Sequence[Route]) -> None:
        for path in paths:
            check_path(path)
            if any(route.match(path) is not None for route in routes):
                raise ValueError("a path that a dialect serves can't be passed through uninspected")
        self._exact = frozenset(path for path in paths if not path.endswith("/*"))
        self._beginnings = tuple(path.removesuffix("*") for path in paths if path.endswith("/*"))
        self._routes = routes

    def allows(self, scope: Message) -> bool:
        """True for a plain path that is named; an encoded one could mean another."""
        path, raw = scope["path"], scope.get("raw_path")
        if raw is not None and raw != path.encode():
            return False
        if path in self._exact:
            return True
        below = path.startswith(self._beginnings) and _is_plain(path)
        return below and not any(route.match(path) is not None for route in self._routes)


def check_path(path: str) -> None:
    """Raises ValueError unless this is a plain path, or the beginning of some."""
    if path == "/*" or not re.fullmatch(r"/[A-Za-z0-9._~/@-]*(/\*)?", path) or not _is_plain(path.removesuffix("*")):
        raise ValueError("pass through plain paths only (/health), or what begins with one (/static/*)")


def _is_plain(path: str) -> bool:
    try:
        check_target(path.encode())
    except ClientError:
        return False
    return True


def _log_failure(error: BaseException) -> None:
    log.unexpected(error, "app_failed")


async def _refuse_socket(scope: Message, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})


async def _reply(send: Send, reply: Reply) -> None:
    headers = [(b"content-type", reply.content_type.encode()), (b"content-length", str(len(reply.body)).encode())]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})
