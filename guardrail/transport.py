"""The guardrail between a program's HTTP client and the network. Knows no HTTP library.

Each place that requests may go to has a guardrail of its own, started with the first of them.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, TypeVar

from guardrail.build import dialects_of, in_process
from guardrail.dialects.base import Reply
from guardrail.edge import openai_error
from guardrail.errors import GuardrailError, UnknownRoute
from guardrail.inprocess import PolicySource, Running, read
from guardrail.policy.load import Loaded
from guardrail.policy.model import Upstream
from guardrail.service import Options, Service
from guardrail.wire import asgi
from guardrail.wire.upstream import Connector, Origin

T = TypeVar("T")

_NOT_OURS = frozenset(
    {b"host", b"accept-encoding", b"content-length", b"transfer-encoding", b"connection", b"expect", b"te"}
)


class NotStarted(Exception):
    """The guardrail could not be started: nothing was sent. The message is safe to show."""


class Late(Exception):
    """The client's own patience is over."""


@dataclass(frozen=True, slots=True)
class Question:
    """A request as a client's library has it. `target` is path and query; `patience` seconds between two pieces."""

    method: str
    origin: Origin
    target: bytes
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes
    patience: float | None = None


class Answer:
    """A status, headers, and a body to be read once. It has to be closed."""

    def __init__(
        self, status: int, headers: asgi.Headers, call: asgi.Call, stack: AsyncExitStack, patience: float | None
    ) -> None:
        self.status, self.headers = status, headers
        self._call, self._stack, self._patience = call, stack, patience

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """The body as it comes. Ends only if it is complete; raises asgi.Broken, or Late."""
        pieces = self._call.pieces()
        while (piece := await _within(self._patience, anext(pieces, None))) is not None:
            yield piece

    async def next_piece(self, pieces: AsyncGenerator[bytes, None]) -> bytes | None:
        """One more of `pieces`, None at the end."""
        return await anext(pieces, None)

    async def close(self) -> None:
        """Ends the request, wherever it stands."""
        await self._stack.aclose()


class Guarded:
    """All requests of one client."""

    def __init__(
        self, policy: PolicySource, connect: Callable[[], Connector | None], origins: Sequence[str] = ()
    ) -> None:
        """Reads the policy; raises PolicyError, and ValueError for an origin that is no base URL.

        Requests may go to the base URLs of the policy's upstreams, and to `origins`. `connect` makes what sends them.
        """
        self._policy = policy
        self._connect = connect
        self._origins = tuple(origins)
        self._bases = {Origin.of(base): base for base in self._upstreams(read(policy))}
        self._running: dict[str, Running] = {}
        self._starting: tuple[asyncio.AbstractEventLoop, asyncio.Lock] | None = None

    async def ask(self, question: Question) -> Answer:
        """Raises NotStarted, asgi.Broken or Late. A refusal is an answer, in the dialect's own error shape."""
        found = self._base(question)
        if found is None:
            return await self._answer(_refuse, question, question.target)
        base, target = found
        running = await self._start(base)
        return await self._answer(running.edge, question, target)

    async def close(self) -> None:
        """Ends every guardrail."""
        running, self._running = self._running, {}
        for each in running.values():
            await each.end()

    def _upstreams(self, loaded: Loaded) -> Mapping[str, Mapping[str, Upstream]]:
        """By base URL the upstreams that are meant, the policy's default first."""
        policy = loaded.policy
        found: dict[str, dict[str, Upstream]] = {}
        for name in sorted(policy.upstreams, key=lambda name: name != policy.default_upstream):
            found.setdefault(policy.upstreams[name].base_url, {})[name] = policy.upstreams[name]
        for number, origin in enumerate(self._origins, 1):
            own = Upstream(base_url=origin, dialects=dialects_of(policy))
            if own.base_url.endswith("/v1"):
                raise ValueError("leave out /v1: the path that the client asks for has it already")
            if own.base_url.startswith("http:") and not own.is_local and not policy.unsafe:
                raise ValueError("http beyond this machine can be read by others")
            found.setdefault(own.base_url, {f"origin-{number}": own})
        return found

    def _base(self, question: Question) -> tuple[str, bytes] | None:
        """The base URL that a request is meant for, and the target behind it."""
        for origin, base in sorted(self._bases.items(), key=lambda each: -len(each[0].prefix)):
            same = (origin.secure, origin.host, origin.port) == (
                question.origin.secure,
                question.origin.host.lower(),
                question.origin.port,
            )
            prefix = origin.prefix.encode()
            if same and question.target.startswith(prefix + b"/"):
                return base, question.target[len(prefix) :]
        return None

    async def _start(self, base: str) -> Running:
        loop = asyncio.get_running_loop()
        running = self._running.get(base)
        if running is not None and running.loop is loop:
            return running
        if self._starting is None or self._starting[0] is not loop:
            self._starting = (loop, asyncio.Lock())
        async with self._starting[1]:
            running = self._running.get(base)
            if running is None or running.loop is not loop:
                running = self._running[base] = await self._begin(base)
        return running

    async def _begin(self, base: str) -> Running:
        def load() -> Loaded:
            loaded = read(self._policy)
            upstreams = self._upstreams(loaded).get(base)
            if upstreams is None:
                raise UnknownRoute("the policy names no upstream at this address any more", code="no_upstream")
            return in_process(loaded, upstreams)

        try:
            return await Running.begin(Service(Options(), load=load, upstream=self._connect()))
        except GuardrailError as error:
            raise NotStarted(f"The guardrail could not be started: {error.message}") from None

    async def _answer(self, app: asgi.Application, question: Question, target: bytes) -> Answer:
        path, _, query = target.decode("ascii").partition("?")
        headers = [
            (b"host", b"localhost"),
            *((name.lower(), value) for name, value in question.headers if name.lower() not in _NOT_OURS),
            (b"content-length", str(len(question.body)).encode()),
        ]
        scope = asgi.request_scope(question.method, path, query, headers)
        async with AsyncExitStack() as stack:
            call = await stack.enter_async_context(asgi.call(app, scope, question.body))
            status, told = await _within(question.patience, call.head())
            return Answer(status, told, call, stack.pop_all(), question.patience)
        raise AssertionError("not reached")


async def _within(seconds: float | None, work: Awaitable[T]) -> T:
    try:
        async with asyncio.timeout(seconds):
            return await work
    except TimeoutError:
        raise Late from None


async def _refuse(scope: asgi.Message, receive: asgi.Receive, send: asgi.Send) -> None:
    """Requests that the policy knows no place for: nothing is sent."""
    error = UnknownRoute(
        "requests may not go to this address: it is none of the policy's upstreams", code="no_upstream"
    )
    reply: Reply = openai_error(error)
    headers = [(b"content-type", reply.content_type.encode()), (b"content-length", str(len(reply.body)).encode())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})


class LoopThread:
    """An event loop in a thread of its own, for programs that have none. Started when it is first used."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Waits for the work to be done in the loop; cancels it if the wait is interrupted."""
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="guardrail", daemon=True)
                self._thread.start()
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def close(self) -> None:
        """Ends the loop. It may be used again."""
        with self._starting:
            loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()
