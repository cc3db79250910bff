"""Tells the deployer's own people that somebody may be in danger (WHO-51), in the background and without a word of it.

No answer waits for a call and none is harmed by one that fails; every call is counted: sent, failed, lost.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from guardrail.errors import UpstreamError
from guardrail.policy.secrets import Hook
from guardrail.record import log
from guardrail.wire.upstream import Connector, Timeouts, UpstreamRequest

SIGNATURE: Final = "x-guardrail-signature"
QUEUE: Final = 1_000
_AT_ONCE: Final = 4
_ATTEMPTS: Final = 2
_MAX_ANSWER_BYTES: Final = 64 * 1024
_TENANT: Final = "crisis-webhook"


@dataclass(frozen=True, slots=True)
class _Call:
    hook: Hook
    body: bytes
    receipt: str


class CrisisCalls:
    """The calls of one process. Belongs to one event loop; connects to nobody before the first call."""

    def __init__(self, connect: Callable[[], Connector], count: Callable[[str], None]) -> None:
        """`count` is told the result of each call."""
        self._connect, self._count = connect, count
        self._connector: Connector | None = None
        self._queue: asyncio.Queue[_Call] = asyncio.Queue(QUEUE)
        self._workers: set[asyncio.Task[None]] = set()
        self._open = 0

    def put(self, hook: Hook, event: Mapping[str, str]) -> None:
        """Takes a call and returns at once. If too many are waiting it is counted as lost."""
        call = _Call(hook, json.dumps(event).encode(), event.get("receipt", ""))
        try:
            self._queue.put_nowait(call)
        except asyncio.QueueFull:
            self._lose(call)
            return
        self._open += 1
        if len(self._workers) < min(_AT_ONCE, self._open):
            self._workers.add(asyncio.create_task(self._work()))

    async def close(self, seconds: float) -> None:
        """Sends what is waiting for so long; what is still waiting then is counted as lost."""
        try:
            async with asyncio.timeout(seconds):
                await self._queue.join()
        except TimeoutError:
            pass  # counted below
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        self._workers.clear()
        for _ in range(self._open):
            self._count("lost")
        self._open = 0
        if self._connector is not None:
            await self._connector.close()

    async def _work(self) -> None:
        while True:
            call = await self._queue.get()
            sent = await self._send(call)
            self._open -= 1
            self._queue.task_done()
            self._count("sent" if sent else "failed")
            if not sent:
                log.event("crisis_webhook_failed", level=logging.ERROR, receipt=call.receipt)

    async def _send(self, call: _Call) -> bool:
        for _ in range(_ATTEMPTS):
            if await self._once(call):
                return True
        return False

    async def _once(self, call: _Call) -> bool:
        self._connector = self._connector or self._connect()
        try:
            async with (
                asyncio.timeout(call.hook.seconds),
                self._connector.open(_request(call)) as answer,
            ):
                await answer.read()
                return 200 <= answer.status < 300
        except (UpstreamError, TimeoutError):
            return False

    def _lose(self, call: _Call) -> None:
        self._count("lost")
        log.event("crisis_webhook_lost", level=logging.ERROR, receipt=call.receipt)


def _request(call: _Call) -> UpstreamRequest:
    hook = call.hook
    signed = {SIGNATURE: f"sha256={hmac.new(hook.key, call.body, 'sha256').hexdigest()}"} if hook.key else {}
    headers = {"content-type": "application/json", **signed}
    each = hook.seconds
    return UpstreamRequest(
        base_url=hook.base_url,
        path=hook.path,
        query=hook.query,
        headers=tuple(headers.items()),
        body=call.body,
        tenant=_TENANT,
        timeouts=Timeouts(each, each, each, each),
        max_answer_bytes=_MAX_ANSWER_BYTES,
    )
