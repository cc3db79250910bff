"""An ASGI application of this process as an upstream: same request, same checks of its answer, no network between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager

from guardrail.errors import UpstreamBroken, UpstreamTimeout
from guardrail.wire import asgi
from guardrail.wire.asgi import Application, Message
from guardrail.wire.headers import check_target
from guardrail.wire.upstream import UpstreamAnswer, UpstreamRequest, check_answer
from guardrail.wire.watch import Head

_OURS = frozenset({"host", "accept-encoding", "content-length", "transfer-encoding", "connection", "expect", "te"})


class AsgiUpstream:
    """Asks the application. See `Connector`; the request's base URL says nothing here."""

    def __init__(
        self,
        app: Application,
        state: Callable[[], Message | None] = lambda: None,
        failed: Callable[[BaseException], None] = lambda error: None,
    ) -> None:
        """`state` is what the application made of its lifespan. `failed` is told what it raised, for codes only."""
        self._app, self._state, self._failed = app, state, failed

    @asynccontextmanager
    async def open(self, request: UpstreamRequest) -> AsyncIterator[UpstreamAnswer]:
        """Runs the application; inside the block the answer's head is there. Leaving it early cancels the application.

        Raises UpstreamBroken if it raises or answers otherwise than ASGI has it, UpstreamTimeout.
        """
        check_target(request.path.encode())
        now = asyncio.get_running_loop().time()
        deadline = now + request.timeouts.total
        scope = asgi.request_scope(request.method, request.path, request.query, _headers(request), state=self._state())
        async with asgi.call(self._app, scope, request.body) as call:
            try:
                async with asyncio.timeout_at(min(now + request.timeouts.first_byte, deadline)):
                    status, headers = await call.head()
            except TimeoutError:
                raise UpstreamTimeout("The application did not begin to answer.", code="first_byte_timeout") from None
            except asgi.Broken as error:
                raise self._broken(error) from None
            head = Head(status, tuple((name.lower(), value) for name, value in headers))
            check_answer(head)
            answer = UpstreamAnswer(head, self._pieces(call), request, deadline, _nothing)
            try:
                yield answer
            finally:
                await answer.close()

    async def close(self) -> None:
        """Nothing waits here."""

    async def _pieces(self, call: asgi.Call) -> AsyncGenerator[bytes, None]:
        try:
            async for piece in call.pieces():
                yield piece
        except asgi.Broken as error:
            raise self._broken(error) from None

    def _broken(self, error: asgi.Broken) -> UpstreamBroken:
        if error.cause is not None:
            self._failed(error.cause)
        return UpstreamBroken("The application failed while it answered.", code="truncated")


def _headers(request: UpstreamRequest) -> list[tuple[bytes, bytes]]:
    given = {name.lower(): value for name, value in request.headers if name.lower() not in _OURS}
    ours = {"host": "localhost", "accept-encoding": "identity", "content-length": str(len(request.body))}
    return [(name.encode("ascii"), value.encode("latin-1")) for name, value in {**ours, **given}.items()]


async def _nothing() -> None:
    """There is no connection to close."""
