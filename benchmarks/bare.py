"""The yardstick: `python -m benchmarks.bare UPSTREAM`. A starlette application that passes everything on unread.

The same upstream client and the same server as the product, none of its engine, dialects, edge or rails: the request's
body is read and forwarded, the answer is passed on chunk by chunk. Prints its port.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from guardrail import server
from guardrail.edge import Drain
from guardrail.wire.upstream import Upstream, UpstreamAnswer, UpstreamRequest

PASSED_ON = ("authorization", "content-type", "accept")


def application(base_url: str) -> Starlette:
    """The pass-through in front of `base_url`."""
    return Starlette(routes=[Route("/v1/chat/completions", _handler(base_url, Upstream()), methods=["POST"])])


def _handler(base_url: str, upstream: Upstream) -> Callable[[Request], Awaitable[Response]]:
    async def pass_on(request: Request) -> Response:
        headers = [(name, request.headers[name]) for name in PASSED_ON if name in request.headers]
        asked = UpstreamRequest(base_url, request.url.path, "", headers, await request.body(), tenant="")
        stack = AsyncExitStack()
        answer = await stack.enter_async_context(upstream.open(asked))
        return StreamingResponse(
            _chunks(stack, answer), answer.status, dict(answer.headers), media_type=answer.content_type
        )

    return pass_on


async def _chunks(stack: AsyncExitStack, answer: UpstreamAnswer) -> AsyncIterator[bytes]:
    async with stack:
        async for piece in answer.chunks():
            yield piece


async def serve(base_url: str) -> None:
    """Until the process is told to stop; under the product's own server and its settings."""

    def announce(port: int, admin_port: int) -> None:
        print(port, admin_port, flush=True)

    listen = server.Listen(port=0, admin_port=0, drain_seconds=1.0)
    await server.run(application(base_url), Starlette(), listen, Drain(), on_ready=announce)


if __name__ == "__main__":
    server.run_forever(lambda: serve(sys.argv[1]))
