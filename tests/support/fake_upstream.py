"""A scriptable upstream on loopback that records every byte it receives: the leak oracle of all journeys.

Runs in a thread with an event loop of its own, so that synchronous and asynchronous tests use it alike. Knows no
guardrail code. One reply is used per request, in order; when the script is used up, the last reply is repeated.

    with FakeUpstream(chat_answer("Rest and drink.")) as upstream:
        ... send something to upstream.url ...
        assert b"ZQ123456789012" not in upstream.received
"""

from __future__ import annotations

import asyncio
import json
import ssl
import struct
import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from socket import SO_LINGER, SOL_SOCKET, socket
from typing import Any, Literal, TypeAlias

from tests.support.looped import Looped

Fault: TypeAlias = Literal["close", "reset", "hang"]
CLOSE: Fault = "close"  # end the connection in good order (FIN)
RESET: Fault = "reset"  # end it with a RST
HANG: Fault = "hang"  # say nothing more until the peer goes away


@dataclass(frozen=True)
class Pause:
    """Wait so many seconds before the next piece."""

    seconds: float


class Gate:
    """Holds the reply back until the test opens it: a pause without a clock."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self.reached = threading.Event()

    def open(self) -> None:
        """Let the reply go on."""
        self._open.set()

    async def wait(self) -> None:
        """Used by the upstream: returns when the gate is open."""
        self.reached.set()
        while not self._open.is_set():  # noqa: ASYNC110 - the event belongs to another thread
            await asyncio.sleep(0.002)


Piece: TypeAlias = bytes | Pause | Gate | Fault


@dataclass(frozen=True)
class Answer:
    """What is sent for one request, piece by piece, each piece in a segment of its own."""

    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Received:
    """One request as it arrived."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    connection: int = 0

    def header(self, name: str) -> str | None:
        """The header's value; None if it is missing. Fails if it came twice."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(values) < 2, f"{name} came {len(values)} times"
        return values[0] if values else None

    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.body)


Script: TypeAlias = Answer | Callable[[Received], Answer]


def raw(*pieces: Piece) -> Answer:
    """Exactly these bytes and faults."""
    return Answer(pieces)


def answer(
    body: bytes | object = b"{}",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    content_type: str = "application/json",
) -> Answer:
    """A complete answer with a Content-Length. Anything but bytes is written as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    lines = {"Content-Type": content_type, "Content-Length": str(len(data)), **(headers or {})}
    return Answer((_head(status, lines) + data,))


def stream(
    *events: bytes | str | object,
    done: bool = True,
    end: Fault | None = None,
    headers: Mapping[str, str] | None = None,
    between: Pause | Gate | None = None,
) -> Answer:
    """Server-sent events, chunked, one event a segment. Pieces of bytes are sent as they are, the rest as `data:` JSON.

    `done` adds `data: [DONE]`; `end` breaks off instead of ending properly; `between` waits between events.
    """
    pieces: list[Piece] = [_head(200, {**_STREAM, **(headers or {})})]
    for event in events:
        if isinstance(event, Pause | Gate):
            pieces.append(event)
            continue
        pieces.append(chunk(_event(event)))
        if between:
            pieces.append(between)
    if done:
        pieces.append(chunk(b"data: [DONE]\n\n"))
    pieces.append(end if end else b"0\r\n\r\n")
    return Answer(tuple(pieces))


def chat_answer(text: str = "Drink water and rest.", **extra: Any) -> Answer:
    """A whole OpenAI chat completion with this text; `extra` is merged into the message."""
    message = {"role": "assistant", "content": text, **extra}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    usage = {"prompt_tokens": 9, "completion_tokens": 12, "total_tokens": 21}
    return answer({**_completion("chat.completion"), "choices": [choice], "usage": usage})


def chat_stream(*texts: str | Pause | Gate, end: Fault | None = None, between: Pause | Gate | None = None) -> Answer:
    """An OpenAI chat completion stream: a role event, one event per text, a finish event, [DONE]."""
    events: list[Any] = [_chunk_event({"role": "assistant", "content": ""}, None)]
    events += [_chunk_event({"content": text}, None) if isinstance(text, str) else text for text in texts]
    if end is None:
        events.append(_chunk_event({}, "stop"))
    return stream(*events, done=end is None, end=end, between=between)


def chunk(data: bytes) -> bytes:
    """One chunk of the chunked coding."""
    return b"%x\r\n%s\r\n" % (len(data), data)


_STREAM = {"Content-Type": "text/event-stream; charset=utf-8", "Transfer-Encoding": "chunked"}


def _completion(kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 1700000000, "model": "fake-1"}


def _chunk_event(delta: Mapping[str, Any], finish: str | None) -> dict[str, Any]:
    choice = {"index": 0, "delta": dict(delta), "logprobs": None, "finish_reason": finish}
    return {**_completion("chat.completion.chunk"), "choices": [choice]}


def _event(event: bytes | str | object) -> bytes:
    if isinstance(event, bytes):
        return event
    text = event if isinstance(event, str) else json.dumps(event, ensure_ascii=False)
    return f"data: {text}\n\n".encode()


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} Scripted", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class FakeUpstream(Looped):
    """Listens on loopback while the `with` block runs. See the module's opening for use."""

    def __init__(
        self, *script: Script, tls: ssl.SSLContext | None = None, hear: Callable[[int, bytes], None] | None = None
    ) -> None:
        """`hear` is told each connection's number and bytes as they come; then nothing is kept (for long runs)."""
        super().__init__("fake upstream")
        self._script: list[Script] = list(script) or [answer()]
        self._tls = tls
        self._log = _Log(lambda: self.first_byte(), hear)
        self.first_byte: Callable[[], None] = lambda: None
        """Called, in the upstream's own thread, when the first byte of a request has come. May be set at any time."""
        self._talks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    @property
    def url(self) -> str:
        """The base URL to put in a policy or in `--upstream`."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def received(self) -> bytes:
        """Every byte received so far, over all connections."""
        return self._log.bytes()

    @property
    def requests(self) -> list[Received]:
        """Every request that arrived whole, in order."""
        return list(self._log.requests)

    @property
    def connections(self) -> int:
        """How many connections were ever made."""
        return self._log.opened

    @property
    def open_connections(self) -> int:
        """How many connections are open now."""
        return self._log.opened - self._log.closed

    def reply(self, *script: Script) -> None:
        """A new script, for the requests that come from now on."""
        self._script = list(script)

    def wait_for_requests(self, count: int, seconds: float = 5.0) -> list[Received]:
        """Returns as soon as so many requests have arrived; fails after `seconds`."""
        wait_until(lambda: len(self._log.requests) >= count, seconds, f"{count} requests upstream")
        return self.requests

    def wait_for_idle(self, seconds: float = 5.0) -> None:
        """Returns as soon as no connection is open; fails after `seconds`."""
        wait_until(lambda: self.open_connections == 0, seconds, "all connections closed")

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[asyncio.Server]:
        """See Looped."""
        yield await asyncio.start_server(self._accepted, "127.0.0.1", 0, ssl=self._tls, limit=2**26)
        for task, writer in self._talks.items():
            task.cancel()
            writer.transport.abort()
        await asyncio.gather(*self._talks, return_exceptions=True)
        await asyncio.sleep(0.01)  # aborted transports close in the next turns of the loop

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Not a coroutine function: a connection that is cancelled before its task starts must be closed, too.
        self._talks[self._loop.create_task(self._connection(reader, writer))] = writer

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = _Peer(reader, writer, self._log, self._log.open())
        try:
            while (request := await peer.read_request()) is not None:
                if not await peer.play(self._next(request)):
                    return
        except (ConnectionError, asyncio.CancelledError, ssl.SSLError):
            writer.transport.abort()
        finally:
            self._log.closed += 1
            writer.close()

    def _next(self, request: Received) -> Answer:
        # In order of arrival, whatever the connection.
        script = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        return script(request) if callable(script) else script


def wait_until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Polls until the condition holds; fails with `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain: {what}"
        time.sleep(0.005)


@dataclass
class _Log:
    first_byte: Callable[[], None]
    told: Callable[[int, bytes], None] | None = None
    chunks: list[bytes] = field(default_factory=list)
    requests: list[Received] = field(default_factory=list)
    opened: int = 0
    closed: int = 0

    def open(self) -> int:
        self.opened += 1
        return self.opened

    def hear(self, connection: int, data: bytes) -> None:
        if self.told is None:
            self.chunks.append(data)
        else:
            self.told(connection, data)

    def take(self, request: Received) -> None:
        if self.told is None:
            self.requests.append(request)

    def bytes(self) -> bytes:
        return b"".join(self.chunks)


@dataclass
class _Peer:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    log: _Log
    number: int
    buffer: bytearray = field(default_factory=bytearray)

    async def read_request(self) -> Received | None:
        while not self.buffer:
            if not await self._more():
                return None
        self.log.first_byte()
        head = await self._until(b"\r\n\r\n")
        if head is None:
            return None
        start, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = start.split(" ", 2)
        headers = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
        request = Received(method, target, headers, await self._body(headers), self.number)
        self.log.take(request)
        return request

    async def _body(self, headers: Sequence[tuple[str, str]]) -> bytes:
        fields = {name.lower(): value for name, value in headers}
        if "chunked" in fields.get("transfer-encoding", ""):
            return await self._chunked()
        return await self._exactly(int(fields.get("content-length", 0)))

    async def _chunked(self) -> bytes:
        body = b""
        while size := int((await self._until(b"\r\n") or b"0").split(b";")[0], 16):
            body += await self._exactly(size)
            await self._exactly(2)
        await self._until(b"\r\n")
        return body

    async def play(self, reply: Answer) -> bool:
        """True if the connection stays open for another request."""
        for piece in reply.pieces:
            if isinstance(piece, Pause):
                await asyncio.sleep(piece.seconds)
            elif isinstance(piece, Gate):
                await self._unless_gone(piece.wait())
            elif isinstance(piece, bytes):
                self.writer.write(piece)
                await self.writer.drain()
                await asyncio.sleep(0)
            else:
                await self._fault(piece)
                return False
        return True

    async def _fault(self, fault: Fault) -> None:
        if fault == "hang":
            await self._gone()
        elif fault == "reset":
            linger(self.writer.get_extra_info("socket"))
            self.writer.transport.abort()

    async def _unless_gone(self, waiting: Any) -> None:
        tasks = [asyncio.ensure_future(waiting), asyncio.ensure_future(self._gone())]
        _, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in rest:
            task.cancel()
        if not tasks[0].done():
            raise ConnectionResetError

    async def _gone(self) -> None:
        while await self._more():
            pass

    async def _more(self) -> bool:
        data = await self.reader.read(65536)
        self.log.hear(self.number, data)
        self.buffer += data
        return bool(data)

    async def _until(self, mark: bytes) -> bytes | None:
        while mark not in self.buffer:
            if not await self._more():
                return None
        data, _, rest = bytes(self.buffer).partition(mark)
        self.buffer = bytearray(rest)
        return data

    async def _exactly(self, count: int) -> bytes:
        while len(self.buffer) < count:
            if not await self._more():
                raise ConnectionResetError
        data = bytes(self.buffer[:count])
        del self.buffer[:count]
        return data


def linger(sock: socket) -> None:
    """The next close of the socket is a RST."""
    sock.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
