"""Signed heads of the audit log, given to somebody who can't be reached from this machine's disk: a URL, or a file.

Who keeps one can tell later that entries were cut off or rewritten, even by who owns this machine (AUD-05).
In the background: no exchange waits for a witness. Of each writer the newest head matters; one that could not be given
away in time is replaced by the next.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from guardrail.errors import UpstreamError
from guardrail.record import log
from guardrail.record.database import StoreUnusable
from guardrail.record.heads import append
from guardrail.wire.upstream import Connector, Timeouts, UpstreamRequest

_TENANT: Final = "checkpoints"
_SECONDS: Final = 5.0
_ATTEMPTS: Final = 3
_PAUSE: Final = 2.0
_MAX_ANSWER_BYTES: Final = 64 * 1024


class Checkpoints:
    """Where the heads of one process go. Belongs to one event loop; connects to nobody before the first head."""

    def __init__(
        self,
        url: str | None,
        file: Path | None,
        connect: Callable[[], Connector],
        told: Callable[[bool], None] = lambda ok: None,
    ) -> None:
        """`told` hears of each head whether it was taken."""
        self._url, self._file, self._connect, self._told = url, file, connect, told
        self._connector: Connector | None = None
        self._waiting = ""
        self._wake, self._given = asyncio.Event(), asyncio.Event()
        self._worker: asyncio.Task[None] | None = None

    def put(self, note: str) -> None:
        """Takes the newest head and returns at once."""
        if self._url is None and self._file is None:
            return
        self._waiting = note
        self._given.clear()
        self._wake.set()
        if self._worker is None:
            self._worker = asyncio.create_task(self._work(), name="checkpoints")

    async def close(self, seconds: float) -> None:
        """Gives away the last head, if that takes no longer."""
        if self._worker is not None:
            try:
                async with asyncio.timeout(seconds):
                    await self._given.wait()
            except TimeoutError:
                log.event("checkpoint_not_exported", level=logging.ERROR)
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)
            self._worker = None
        if self._connector is not None:
            await self._connector.close()

    async def _work(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            note = self._waiting
            kept = await self._keep(note)
            if self._waiting == note:
                self._given.set()
            self._told(kept)
            if not kept:
                log.event("checkpoint_not_exported", level=logging.ERROR)

    async def _keep(self, note: str) -> bool:
        written = self._file is None or await asyncio.to_thread(self._write, self._file, note)
        return (self._url is None or await self._send(self._url, note)) and written

    @staticmethod
    def _write(file: Path, note: str) -> bool:
        """In a thread: it may be on another machine's disk."""
        try:
            append(file, note, limit=None)
        except (OSError, StoreUnusable):
            return False
        return True

    async def _send(self, url: str, note: str) -> bool:
        for attempt in range(_ATTEMPTS):
            if attempt:
                await asyncio.sleep(_PAUSE)
            if await self._once(url, note):
                return True
        return False

    async def _once(self, url: str, note: str) -> bool:
        self._connector = self._connector or self._connect()
        try:
            async with asyncio.timeout(_SECONDS), self._connector.open(_request(url, note)) as answer:
                await answer.read()
                return 200 <= answer.status < 300
        except (UpstreamError, TimeoutError):
            return False


def _request(url: str, note: str) -> UpstreamRequest:
    parts = urlsplit(url)
    return UpstreamRequest(
        base_url=f"{parts.scheme}://{parts.netloc}",
        path=parts.path or "/",
        query=parts.query,
        headers=(("content-type", "text/plain; charset=utf-8"),),
        body=note.encode(),
        tenant=_TENANT,
        timeouts=Timeouts(_SECONDS, _SECONDS, _SECONDS, _SECONDS),
        max_answer_bytes=_MAX_ANSWER_BYTES,
    )
