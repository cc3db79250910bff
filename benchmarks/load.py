"""The client: `python -m benchmarks.load FILE`. A process of its own that sends prepared requests and notes the times.

One JSON job per line in; its JSON result is in the file when a line comes out (a pipe would be full, and the client
stand still, until somebody reads it). Answers are read after the job. All times are CLOCK_MONOTONIC in seconds, which
the scripted upstream uses too.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import httptools
import uvloop

from benchmarks.hostile import BODIES
from benchmarks.payload import FIRST_WORD, SCRIPTS, Ask, request_body

ENOUGH_SECONDS = 60.0
"""No single answer takes longer; a benchmark that hangs is worth less than one that fails."""


@dataclass(frozen=True, slots=True)
class Job:
    """`count` requests over `connections`, each of them one after the other, to the port; ends early after `seconds`.

    what, size  what is asked (`payload.Ask`), or "probe" for `GET /guardrail/live`, or one of `hostile.BODIES`
    first       numbers the first request: those with other numbers have other words
    rate        requests per second that are begun whatever becomes of those before; 0: as fast as answers come
    lenient     an answer that is not as it should be is noted and does not end the job
    """

    port: int
    model: str
    count: int
    connections: int = 1
    seconds: float = 60.0
    what: str = "fresh"
    size: int = 0
    first: int = 0
    rate: float = 0.0
    lenient: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """One answer.

    begin, end    request written (with a rate, and answers late: when it was due), answer complete
    good          status 200 and the model's words in it
    first_text    the first event with text of whoever; `first_word` the first one with a word of the model's
    texts         how many events had text
    gap           the longest time between two of them
    """

    begin: float
    end: float
    status: int
    good: bool = True
    first_text: float = 0.0
    first_word: float = 0.0
    texts: int = 0
    gap: float = 0.0

    @property
    def seconds(self) -> float:
        """From the request to the end of the answer."""
        return self.end - self.begin


Pieces = list[tuple[float, bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came, not yet read."""

    begin: float
    end: float
    status: int
    pieces: Pieces


class Client(asyncio.Protocol):
    """One connection. `ask` one at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._pieces: Pieces = []
        self._done: asyncio.Future[float] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # uvloop's own does not inherit from asyncio's

    def connection_lost(self, error: Exception | None) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_exception(ConnectionError("the server closed the connection"))

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, data: bytes) -> None:
        self._pieces.append((time.monotonic(), data))

    def on_message_complete(self) -> None:
        assert self._done is not None
        self._done.set_result(time.monotonic())

    async def ask(self, request: bytes, due: float = 0.0) -> Answer:
        """Send and wait for the whole answer."""
        assert self._transport is not None
        self._parser = httptools.HttpResponseParser(self)
        self._pieces = []
        self._done = asyncio.get_running_loop().create_future()
        begin = due or time.monotonic()
        self._transport.write(request)
        end = await self._done
        return Answer(begin, end, self._parser.get_status_code(), self._pieces)

    def close(self) -> None:
        """At once."""
        if self._transport is not None:
            self._transport.abort()


def read(job: Job, answer: Answer) -> Sample:
    """Raises RuntimeError for an answer that is not as it should be, unless the job is lenient."""
    body = b"".join(data for _, data in answer.pieces)
    stream = job.model in SCRIPTS and SCRIPTS[job.model].pace > 0
    texts = list(_texts(answer.pieces)) if stream else []
    words = [at for at, text in texts if text.lstrip().startswith(FIRST_WORD[:4])]
    said = texts and b'"error"' not in body if stream else FIRST_WORD.encode() in body or job.what == "probe"
    good = answer.status == 200 and bool(said)
    if not good and not job.lenient:
        raise RuntimeError(f"{job.what} of {job.model}: status {answer.status}: {body[-300:]!r}")
    times = [at for at, _ in texts]
    return Sample(
        answer.begin, answer.end, answer.status, good,
        first_text=times[0] if times else 0.0,
        first_word=words[0] if words else 0.0,
        texts=len(times),
        gap=max((later - earlier for earlier, later in pairwise(times)), default=0.0),
    )  # fmt: skip


def _texts(pieces: Sequence[tuple[float, bytes]]) -> Iterator[tuple[float, str]]:
    """Each event that has text, when its last byte came. None for an answer that is no stream."""
    rest = b""
    for at, data in pieces:
        *events, rest = (rest + data).split(b"\n\n")
        for event in events:
            if text := _text(event):
                yield at, text


def _text(event: bytes) -> str:
    if not event.startswith(b"data: {"):
        return ""
    choices = json.loads(event[6:]).get("choices")
    return str(choices[0]["delta"].get("content") or "") if choices else ""


async def run(job: Job) -> list[Sample]:
    """All samples of a job, in the order of their end."""
    loop = asyncio.get_running_loop()
    clients = [(await loop.create_connection(Client, "127.0.0.1", job.port))[1] for _ in range(job.connections)]
    turns, begin = iter(range(job.count)), time.monotonic()
    answers: list[Answer] = []

    async def work(client: Client) -> None:
        while time.monotonic() < begin + job.seconds and (turn := next(turns, None)) is not None:
            due = begin + turn / job.rate if job.rate else 0.0
            if (early := due - time.monotonic()) > 0:
                await asyncio.sleep(early)
                due = 0.0  # the clock of the loop is late by up to 1 ms: that is not the server's time
            try:
                async with asyncio.timeout(ENOUGH_SECONDS):
                    answers.append(await client.ask(_request(job, turn), due))
            except (ConnectionError, TimeoutError):
                if not job.lenient:
                    raise
                answers.append(Answer(due or begin, time.monotonic(), 0, []))
                return  # this connection is of no use any more

    try:
        await asyncio.gather(*(work(client) for client in clients))
    finally:
        for client in clients:
            client.close()
    return [read(job, answer) for answer in answers]


def _request(job: Job, turn: int) -> bytes:
    if job.what == "probe":
        return b"GET /guardrail/live HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"
    if job.what in BODIES:
        body = BODIES[job.what]()
    else:
        body = request_body(SCRIPTS[job.model], job.first + turn, Ask(job.what, job.size))
    head = (
        f"POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:{job.port}\r\nauthorization: Bearer sk-bench\r\n"
        f"content-type: application/json\r\naccept: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def main() -> None:
    """Job after job until the input ends."""
    results = Path(sys.argv[1])
    for line in sys.stdin:
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                samples = runner.run(run(Job(**json.loads(line))))
            answer: object = [asdict(sample) for sample in samples]
        except (RuntimeError, OSError, TimeoutError) as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        results.write_text(json.dumps(answer))
        print("done", flush=True)


if __name__ == "__main__":
    main()
