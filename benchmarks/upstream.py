"""The scripted model: `python -m benchmarks.upstream`. A process of its own that answers with bytes made beforehand.

Knows HTTP just well enough for our own clients. Prints its port. `GET /times` tells when each request had arrived and
when its first byte was written (CLOCK_MONOTONIC, the same for all processes of the machine), and forgets them.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.payload import SCRIPTS, Script, answer_events, answer_json

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_MODEL = re.compile(rb'"model": ?"(bench-[a-z]+)"')


@dataclass(frozen=True, slots=True)
class Reply:
    """The pieces of an answer, each written by itself, `pace` seconds apart."""

    pieces: Sequence[bytes]
    pace: float


@dataclass(slots=True)
class Times:
    """When requests arrived and when their first byte was written."""

    rows: list[tuple[float, float]] = field(default_factory=list)

    def take(self) -> bytes:
        """All of them as JSON; they are forgotten."""
        rows, self.rows = self.rows, []
        return json.dumps(rows).encode()


def reply_of(script: Script) -> Reply:
    """The script as HTTP."""
    if not script.pace:
        return Reply([_whole(answer_json(script))], 0.0)
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    first, *events = [b"%x\r\n%s\r\n" % (len(event), event) for event in answer_events(script)]
    events[-1] += b"0\r\n\r\n"
    return Reply([head + first, *events], script.pace)


def _whole(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)


class Connection(asyncio.Protocol):
    """One client. Requests come one after the other."""

    def __init__(self, replies: dict[bytes, Reply], times: Times) -> None:
        self._replies = replies
        self._times = times
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, blank, body = self._buffer.partition(b"\r\n\r\n")
        if not blank:
            return
        length = _LENGTH.search(head)
        if len(body) >= (int(length[1]) if length else 0):
            self._buffer = b""
            self._answer(head, body)

    def _answer(self, head: bytes, body: bytes) -> None:
        if head.startswith(b"GET /times"):
            self._write(_whole(self._times.take()))
            return
        arrived = time.monotonic()
        model = _MODEL.search(body)
        reply = self._replies[model[1] if model else b"bench-whole"]
        self._times.rows.append((arrived, time.monotonic()))
        self._write(reply.pieces[0])
        if len(reply.pieces) > 1:
            self._later(reply, 1, asyncio.get_running_loop().time() + reply.pace)

    def _later(self, reply: Reply, number: int, at: float) -> None:
        """By the clock and not by pauses: a late piece does not delay those behind it."""
        asyncio.get_running_loop().call_at(at, self._next, reply, number, at)

    def _next(self, reply: Reply, number: int, at: float) -> None:
        self._write(reply.pieces[number])
        if number + 1 < len(reply.pieces) and self._transport is not None:
            self._later(reply, number + 1, at + reply.pace)

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)


async def serve() -> None:
    """Until the process is ended."""
    replies = {model.encode(): reply_of(script) for model, script in SCRIPTS.items()}
    times = Times()
    server = await asyncio.get_running_loop().create_server(lambda: Connection(replies, times), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    sys.exit(asyncio.run(serve()))
