"""The guardrail inside a Python program, as a transport of its HTTP client: no proxy, the same guarantees.

    client = AsyncOpenAI(http_client=httpx2.AsyncClient(transport=GuardrailTransport("policy.yaml")))

For clients of `httpx2` and of the older `httpx`, whichever the SDK uses. Requests may go to the base URLs of the
policy's upstreams, and to those that the program names as `origins`; the URL says to which of them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import httpx2

from guardrail.inprocess import PolicySource
from guardrail.transport import Answer, Guarded, Late, LoopThread, NotStarted, Question
from guardrail.wire import asgi
from guardrail.wire.httpx_upstream import HttpxUpstream
from guardrail.wire.upstream import Connector, Origin

try:
    import httpx as older
    from httpx import AsyncBaseTransport as _OlderAsyncTransport
    from httpx import AsyncByteStream as _OlderAsyncStream
    from httpx import BaseTransport as _OlderTransport
    from httpx import SyncByteStream as _OlderStream
except ImportError:  # not installed: nobody can hand us its requests
    older = httpx2  # type: ignore[misc]

    class _OlderAsyncTransport:  # type: ignore[no-redef]
        pass

    class _OlderTransport:  # type: ignore[no-redef]
        pass

    class _OlderAsyncStream:  # type: ignore[no-redef]
        pass

    class _OlderStream:  # type: ignore[no-redef]
        pass


class GuardrailTransport(httpx2.AsyncBaseTransport, _OlderAsyncTransport):
    """For `httpx2.AsyncClient(transport=...)` and `httpx.AsyncClient(transport=...)`."""

    def __init__(self, policy: PolicySource = None, transport: Any = None, *, origins: Sequence[str] = ()) -> None:
        """Reads the policy; raises PolicyError, and ValueError for an origin that can't be used.

        `transport` sends what was inspected (an AsyncBaseTransport of either library); None: the guardrail's own
        client, which reads every answer with two parsers. `origins`: base URLs besides those of the policy's
        upstreams. Nothing is attested of them, so a policy that demands something refuses to send there.
        """
        self._transport = transport
        self._guarded = Guarded(policy, _connect(transport), origins)

    async def handle_async_request(self, request: Any) -> Any:
        """The answer of the provider or of the guardrail. Raises what the client's own library would raise."""
        library = _library(request)
        body = await request.aread()
        with _in_their_words(library):
            answer = await self._guarded.ask(_question(request, body))
        stream = _Stream(library, answer)
        return library.Response(answer.status, headers=list(answer.headers), stream=stream)

    async def aclose(self) -> None:
        """Ends the guardrail, and closes the transport that was given."""
        await self._guarded.close()
        if self._transport is not None:
            await self._transport.aclose()


class GuardrailSyncTransport(httpx2.BaseTransport, _OlderTransport):
    """For `httpx2.Client(transport=...)` and `httpx.Client(transport=...)`. Has a thread with an event loop."""

    def __init__(self, policy: PolicySource = None, transport: Any = None, *, origins: Sequence[str] = ()) -> None:
        """As `GuardrailTransport`; `transport` is an asynchronous one here, too."""
        self._loop = LoopThread()
        self._transport = transport
        self._guarded = Guarded(policy, _connect(transport), origins)

    def handle_request(self, request: Any) -> Any:
        """The answer of the provider or of the guardrail. Raises what the client's own library would raise."""
        library = _library(request)
        body = request.read()
        with _in_their_words(library):
            answer = self._loop.run(self._guarded.ask(_question(request, body)))
        stream = _SyncStream(library, answer, self._loop)
        return library.Response(answer.status, headers=list(answer.headers), stream=stream)

    def close(self) -> None:
        """Ends the guardrail and its thread, and closes the transport that was given."""
        self._loop.run(self._guarded.close())
        if self._transport is not None:
            self._loop.run(self._transport.aclose())
        self._loop.close()


class _Stream(httpx2.AsyncByteStream, _OlderAsyncStream):
    """The body of an answer."""

    def __init__(self, library: ModuleType, answer: Answer) -> None:
        self._library, self._answer = library, answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _in_their_words(self._library):
            async for piece in self._answer.pieces():
                yield piece

    async def aclose(self) -> None:
        await self._answer.close()


class _SyncStream(httpx2.SyncByteStream, _OlderStream):
    """The body of an answer, for programs without an event loop."""

    def __init__(self, library: ModuleType, answer: Answer, loop: LoopThread) -> None:
        self._library, self._answer, self._loop = library, answer, loop

    def __iter__(self) -> Iterator[bytes]:
        pieces = self._answer.pieces()
        with _in_their_words(self._library):
            while (piece := self._loop.run(self._answer.next_piece(pieces))) is not None:
                yield piece

    def close(self) -> None:
        self._loop.run(self._answer.close())


def _library(thing: Any) -> ModuleType:
    """The library that made this. Raises TypeError for any other."""
    for library in (httpx2, older):
        if isinstance(thing, library.Request | library.AsyncBaseTransport):
            return library
    raise TypeError("a request, or an asynchronous transport, of httpx2 or httpx")


def _connect(transport: Any) -> Any:
    if transport is None:
        return lambda: None
    library = _library(transport)

    def connect() -> Connector:
        return HttpxUpstream(library, transport)

    return connect


def _question(request: Any, body: bytes) -> Question:
    url = request.url
    secure = url.scheme == "https"
    origin = Origin(secure, url.raw_host.decode("ascii").lower(), url.port or (443 if secure else 80), "")
    patience = (request.extensions.get("timeout") or {}).get("read")
    return Question(request.method, origin, url.raw_path, request.headers.raw, body, patience)


@contextmanager
def _in_their_words(library: Any) -> Iterator[None]:
    """What an SDK knows how to treat, without a word of what was sent."""
    try:
        yield
    except NotStarted as error:
        raise library.ConnectError(str(error)) from None
    except asgi.Broken:
        raise library.RemoteProtocolError("The guardrail broke off.") from None
    except Late:
        raise library.ReadTimeout("The answer did not come in time.") from None
