"""An admin port with metrics and health and nothing else, for servers under test."""

from __future__ import annotations

import json
from collections.abc import Callable, MutableMapping, Sequence
from typing import Any


class ToyAdmin:
    """An ASGI application. `render` gives the metrics for an Accept header."""

    def __init__(
        self,
        render: Callable[[str], tuple[str, bytes]],
        ready: Callable[[], bool],
        expired: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        self._render, self._ready, self._expired = render, ready, expired

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        status, kind, body = self._page(scope)
        headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _page(self, scope: MutableMapping[str, Any]) -> tuple[int, str, bytes]:
        if scope["path"] == "/metrics":
            accept = dict(scope["headers"]).get(b"accept", b"").decode()
            return 200, *self._render(accept)
        ready = scope["path"] != "/guardrail/ready" or self._ready()
        return (200 if ready else 503), "application/json", json.dumps(list(self._expired())).encode()
