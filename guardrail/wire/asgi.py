"""One request to an ASGI application in this process: its head, and its body piece by piece as it is written.

A short queue between the two: an application that writes faster than its answer is read has to wait. Knows no
provider and no words; nothing it raises quotes what was sent or received.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, MutableMapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeAlias
from urllib.parse import unquote

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Application: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]
Headers: TypeAlias = Sequence[tuple[bytes, bytes]]

WAITING_PIECES = 8
"""Pieces of a body that may wait to be read."""
GRACE_SECONDS = 5.0
"""What an application may take to end after it was cancelled; then it is left to itself."""


class Broken(Exception):
    """The application did not answer as ASGI has it, or raised. `cause` is what it raised, for a log of codes only."""

    def __init__(self, cause: BaseException | None = None) -> None:
        super().__init__("the application did not answer")
        self.cause = cause


def request_scope(method: str, path: str, query: str, headers: Headers, *, state: Message | None = None) -> Message:
    """The scope of a request. `path` and `query` as they are sent, checked before (check_target, check_query)."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode("ascii"),
        "query_string": query.encode("ascii"),
        "root_path": "",
        "headers": list(headers),
        "client": None,
        "server": ("localhost", None),
        **({} if state is None else {"state": dict(state)}),
    }


class Call:
    """A request under way."""

    def __init__(self, app: Application, scope: Message, body: bytes) -> None:
        self._app, self._scope = app, scope
        self._body: bytes | None = body
        self._gone = asyncio.Event()
        self._head: asyncio.Future[tuple[int, Headers]] = asyncio.get_running_loop().create_future()
        self._pieces: asyncio.Queue[bytes | Broken | None] = asyncio.Queue(WAITING_PIECES)
        self._complete = False

    async def head(self) -> tuple[int, Headers]:
        """Status and headers. Raises Broken."""
        return await asyncio.shield(self._head)

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """The body. Ends only if it is complete; raises Broken."""
        while (piece := await self._pieces.get()) is not None:
            if isinstance(piece, Broken):
                raise piece
            yield piece

    async def run(self) -> None:
        """The application, from its start to its end."""
        try:
            await self._app(self._scope, self._receive, self._send)
            failure = None if self._complete else Broken()
        except Exception as error:  # noqa: BLE001 - whatever it is, its words go nowhere
            failure = None if self._complete else Broken(error)
        if failure is not None:
            if not self._head.done():
                self._head.set_exception(failure)
                self._head.exception()  # seen, should nobody ask for it
            await self._pieces.put(failure)

    def disconnect(self) -> None:
        """Nobody reads any more: the application is told, as a server would tell it."""
        self._gone.set()

    async def _receive(self) -> Message:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        kind = message["type"]
        if kind == "http.response.start" and not self._head.done():
            self._head.set_result((message["status"], tuple(message.get("headers", ()))))
        elif kind == "http.response.body" and self._head.done() and not self._complete:
            if body := bytes(message.get("body", b"")):
                await self._pieces.put(body)
            if not message.get("more_body", False):
                self._complete = True
                await self._pieces.put(None)
        else:
            raise Broken


@asynccontextmanager
async def call(app: Application, scope: Message, body: bytes) -> AsyncIterator[Call]:
    """Asks the application. Leaving the block cancels whatever it still does."""
    made = Call(app, scope, body)
    running = asyncio.create_task(made.run())
    try:
        yield made
    finally:
        made.disconnect()
        running.cancel()
        await asyncio.wait((running,), timeout=GRACE_SECONDS)
