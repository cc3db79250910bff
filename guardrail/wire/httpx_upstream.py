"""A transport of an httpx-like library as an upstream, for programs that bring their own way to the provider.

The library itself is given (`httpx` or `httpx2`: they have the same names), so that nothing of it is imported here.
Unlike `wire/upstream.py` there is one parser only, the transport's own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

from guardrail.errors import UpstreamBroken, UpstreamError, UpstreamTimeout, UpstreamUnreachable
from guardrail.wire.headers import check_target, is_header
from guardrail.wire.upstream import Origin, UpstreamAnswer, UpstreamRequest, check_answer
from guardrail.wire.watch import Head

_OURS = frozenset({"host", "accept-encoding", "content-length", "transfer-encoding", "connection", "expect", "te"})


class HttpxUpstream:
    """Sends through the transport. See `Connector`."""

    def __init__(self, library: Any, transport: Any) -> None:
        self._library, self._transport = library, transport

    @asynccontextmanager
    async def open(self, request: UpstreamRequest) -> AsyncIterator[UpstreamAnswer]:
        """Sends the request; inside the block the answer's head is there and the body can be read.

        Raises UpstreamUnreachable, UpstreamTimeout, UpstreamBroken.
        """
        now = asyncio.get_running_loop().time()
        deadline = now + request.timeouts.total
        outgoing = self._outgoing(request)
        try:
            async with asyncio.timeout_at(min(now + request.timeouts.first_byte, deadline)):
                response = await self._transport.handle_async_request(outgoing)
        except TimeoutError:
            raise UpstreamTimeout("The upstream did not begin to answer.", code="first_byte_timeout") from None
        except (self._library.TransportError, OSError) as error:
            raise self._error(error) from None
        try:
            head = Head(response.status_code, tuple((name.lower(), value) for name, value in response.headers.raw))
            check_answer(head)
            pieces = self._pieces(response)
            async with aclosing(pieces):
                yield UpstreamAnswer(head, pieces, request, deadline, response.aclose)
        finally:
            await response.aclose()

    async def close(self) -> None:
        """Closes the transport."""
        await self._transport.aclose()

    async def _pieces(self, response: Any) -> AsyncGenerator[bytes, None]:
        try:
            async for piece in response.stream:
                yield piece
        except (self._library.TransportError, OSError) as error:
            raise self._error(error) from None

    def _error(self, error: Exception) -> UpstreamError:
        """In our words: what the library says may quote the bytes."""
        if isinstance(error, self._library.ConnectTimeout | self._library.PoolTimeout):
            return UpstreamTimeout("The upstream could not be connected in time.", code="connect_timeout")
        if isinstance(error, self._library.TimeoutException):
            return UpstreamTimeout("The upstream stopped sending.", code="idle_timeout")
        if isinstance(error, self._library.ConnectError | self._library.UnsupportedProtocol | self._library.ProxyError):
            return UpstreamUnreachable("The upstream can't be reached.")
        return UpstreamBroken("The upstream's answer broke off.", code="truncated")

    def _outgoing(self, request: UpstreamRequest) -> Any:
        try:
            origin = Origin.of(request.base_url)
        except ValueError:
            raise UpstreamUnreachable("The upstream's base URL is not usable.", code="upstream_url") from None
        target = f"{origin.prefix}{request.path}"
        check_target(target.encode())
        headers = [
            ("Host", origin.authority),
            ("Accept-Encoding", "identity"),
            *((name, value) for name, value in request.headers if name.lower() not in _OURS),
        ]
        target += f"?{request.query}" if request.query else ""
        if not all(is_header(name, value) for name, value in (("Target", target), *headers)):
            raise UpstreamBroken("A header for the upstream is not well formed.", code="header_injection")
        limits = {"connect": request.timeouts.connect, "read": None, "write": None, "pool": request.timeouts.connect}
        return self._library.Request(
            request.method,
            f"{origin.scheme}://{origin.authority}{target}",
            headers=dict(headers),
            content=request.body,
            extensions={"timeout": limits, "target": target.encode("ascii")},
        )
