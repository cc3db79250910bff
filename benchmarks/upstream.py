"""The scripted model: `python -m benchmarks.upstream`. A process of its own that answers with bytes.

Knows HTTP just well enough for our own clients. Prints its port. `GET /times` tells when each request had arrived and
when its first byte was written (CLOCK_MONOTONIC, the same for all processes of the machine), and forgets them;
`GET /last` is the body of the latest question.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

import uvloop

from benchmarks.hostile import FLOODS
from benchmarks.payload import SAME, SCRIPTS, WHOLE, Script, answer_events, answer_json, value

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_MODEL = re.compile(rb'"model": ?"(bench-[a-z]+)"')
_STREAM_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


@dataclass(slots=True)
class Book:
    """What is noted about the requests, and the number of the next answer.

    rows    when each had arrived and when its first byte was written
    last    the body of the latest one
    """

    rows: list[tuple[float, float]] = field(default_factory=list)
    last: bytes = b""
    numbers: Iterator[int] = field(default_factory=count)

    def take(self) -> bytes:
        """All times as JSON; they are forgotten."""
        rows, self.rows = self.rows, []
        return json.dumps(rows).encode()


class Answers:
    """The script's answers as HTTP, each with other values in it. Whole ones were made beforehand, but for those."""

    def __init__(self) -> None:
        self._whole = {script.model: _whole(answer_json(script)).split(value(0).encode()) for script in (WHOLE, SAME)}

    def pieces(self, script: Script, number: int) -> list[bytes]:
        """Each is written by itself, `pace` seconds apart."""
        number = 0 if script.same else number
        if not script.pace:
            return [value(number).encode().join(self._whole[script.model])]
        first, *events = [b"%x\r\n%s\r\n" % (len(event), event) for event in answer_events(script, number)]
        events[-1] += b"0\r\n\r\n"
        return [_STREAM_HEAD + first, *events]


def _whole(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)


def _flood(model: str) -> bytes:
    body = FLOODS[model]()
    return b"%s%x\r\n%s\r\n0\r\n\r\n" % (_STREAM_HEAD, len(body), body)


class Connection(asyncio.Protocol):
    """One client. Requests come one after the other."""

    def __init__(self, answers: Answers, book: Book) -> None:
        self._answers = answers
        self._book = book
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # uvloop's own does not inherit from asyncio's

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
        if not head.startswith(b"POST "):
            self._write(_whole(self._told(head.split(b" ", 2)[1])))
            return
        arrived = time.monotonic()
        model = _MODEL.search(body)
        name = model[1].decode() if model else WHOLE.model
        script = WHOLE if name in FLOODS else SCRIPTS[name]
        pieces = [_flood(name)] if name in FLOODS else self._answers.pieces(script, next(self._book.numbers))
        self._book.last = body
        self._book.rows.append((arrived, time.monotonic()))
        self._write(pieces[0])
        if len(pieces) > 1:
            self._later(pieces, script.pace, 1, asyncio.get_running_loop().time() + script.pace)

    def _told(self, path: bytes) -> bytes:
        """LiteLLM asks for /v1/models now and then; nobody but us asks for the others."""
        if path == b"/times":
            return self._book.take()
        return self._book.last if path == b"/last" else b"{}"

    def _later(self, pieces: list[bytes], pace: float, number: int, at: float) -> None:
        """By the clock and not by pauses: a late piece does not delay those behind it."""
        asyncio.get_running_loop().call_at(at, self._next, pieces, pace, number, at)

    def _next(self, pieces: list[bytes], pace: float, number: int, at: float) -> None:
        self._write(pieces[number])
        if number + 1 < len(pieces) and self._transport is not None:
            self._later(pieces, pace, number + 1, at + pace)

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)


async def serve() -> None:
    """Until the process is ended."""
    answers, book = Answers(), Book()
    server = await asyncio.get_running_loop().create_server(lambda: Connection(answers, book), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        sys.exit(runner.run(serve()))
