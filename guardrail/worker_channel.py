"""What a worker process and the process that looks after it tell each other: JSON lines over a socket pair.

The end of the channel is news too: neither outlives the other for long. Knows no policy and no request; what is
told of an exchange is counts.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from guardrail.record.metrics import Snapshot

_MAX_LINE: Final = 16 << 20
_CLOSE_SECONDS: Final = 2.0

Message: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """How a worker is. `expired` as in `edge.Doors`."""

    ready: bool
    metrics: Snapshot
    expired: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seat:
    """What a worker is given at its start.

    slot      its number, 0 to `workers` - 1; one that replaces it has the same
    given     the options, as JSON knows them
    front     the listening socket, which all workers share
    began     to be called once it serves, with how to ask it for a report
    nursery   where its analyzers come from, which all workers share (engine.nursery)
    """

    slot: int
    workers: int
    given: Mapping[str, Any]
    front: socket.socket
    began: Callable[[Callable[[], Report]], None]
    nursery: socket.socket | None = None


Work: TypeAlias = Callable[[Seat], Coroutine[Any, Any, None]]
"""What a worker does from its start to its end. Raises GuardrailError or RailError if it can't begin."""


class Channel:
    """One end."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def over(cls, sock: socket.socket) -> Channel:
        """Takes the socket over."""
        return cls(*await asyncio.open_connection(sock=sock, limit=_MAX_LINE))

    @property
    def idle(self) -> bool:
        """True if the other side has taken everything that was sent."""
        return self._writer.transport.get_write_buffer_size() == 0

    def send(self, message: Message) -> None:
        """Leaves at once, or as soon as the other side reads. Nothing happens if it is gone."""
        if not self._writer.is_closing():
            self._writer.write(json.dumps(message, separators=(",", ":")).encode() + b"\n")

    async def receive(self) -> Message | None:
        """The next message; None once the other side is gone or talks nonsense."""
        try:
            message = json.loads(await self._reader.readline())
        except (OSError, ValueError):  # also half a line, and one that is too long
            return None
        return message if isinstance(message, dict) else None

    async def close(self) -> None:
        """Once everything has left; a reader that takes nothing is not waited for long."""
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._writer.drain()
                self._writer.close()
                await self._writer.wait_closed()
