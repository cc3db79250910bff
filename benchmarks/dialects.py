"""What a dialect costs: `.venv/bin/python -m benchmarks.dialects [--print]`.

Every dialect that speaks holds the same conversation (the bench payload in one message, its answer whole and in 120
pieces) through one proxy with the baseline's rails; counted is the CPU time of the proxy and its analyzer per exchange,
on one core, and that time against Chat Completions'. Then 200 streams at once on that core: how long after the delta
that released it a word reached its client.

Prints the tables and writes them into docs/benchmarks.md between its markers; `--print` leaves the document alone.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks import payload, processes
from benchmarks.processes import Server
from tests.matrix.catalogue import SPEAKING
from tests.matrix.conftest import headers_of, policy_of, streamed
from tests.specimens.base import Body, Specimen
from tests.support.fake_upstream import FakeUpstream, answer

DOCUMENT = Path(__file__).parent.parent / "docs" / "benchmarks.md"
BEGIN = "<!-- written by `python -m benchmarks.dialects` from here on -->"
END = "<!-- up to here: dialects -->"
ROUNDS, WARM = 40, 6
STREAMS, DELTAS, INTERVAL = 200, 60, 0.25
FIRST = "openai.chat"


@dataclass(frozen=True)
class Cost:
    """Milliseconds of CPU per exchange, all processes of the proxy, the middle of the rounds."""

    name: str
    whole: float
    stream: float


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dialects")
    parser.add_argument("--print", action="store_true", help="leave docs/benchmarks.md alone")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, FakeUpstream(answer({})) as upstream:
        policy = Path(folder) / "policy.yaml"
        policy.write_text(json.dumps(policy_of(upstream, extends=["baseline"], version=1)))  # JSON is YAML
        behind = Server("upstream", upstream.port)
        with processes.guardrail("guardrail", behind, policy) as server:
            costs = [cost(server, upstream, specimen) for specimen in SPEAKING]
    text = table(costs) + "\n\n" + asyncio.run(many_streams())
    print(text)
    if not options.print:
        page = DOCUMENT.read_text(encoding="utf-8")
        start, end = page.index(BEGIN) + len(BEGIN), page.index(END)
        DOCUMENT.write_text(f"{page[:start]}\n\n{text}\n\n{page[end:]}", encoding="utf-8")


def questions(numbers: Iterator[int] = count(101)) -> Iterator[str]:  # noqa: B008 - one count for all: nothing is remembered
    for number in numbers:
        yield "\n\n".join(text for _, text in payload.chat(number))


def cost(server: Server, upstream: FakeUpstream, specimen: Specimen) -> Cost:
    assert specimen.stream and specimen.stream_question and specimen.stream_path
    text = payload.fill(payload.ANSWER, 0)
    words = text.split(" ")
    size = -(-len(words) // payload.CHUNKS)
    pieces = [" ".join(words[at : at + size]) + " " for at in range(0, len(words), size)]
    upstream.reply(answer(specimen.answer(text)))
    whole = per_exchange(server, specimen, specimen.path, specimen.question)
    upstream.reply(streamed(specimen, specimen.stream(pieces)))
    stream = per_exchange(server, specimen, specimen.stream_path, specimen.stream_question)
    return Cost(specimen.name, whole, stream)


def per_exchange(server: Server, specimen: Specimen, path: str, ask: Callable[[str], Body]) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = headers_of(specimen)
    took, texts = [], questions()
    for _ in range(WARM + ROUNDS):
        before = sum(server.cpu().values())
        connection.request("POST", path, json.dumps(ask(next(texts))), headers)
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"{specimen.name}: {response.status} {body[:300]!r}")
        took.append((sum(server.cpu().values()) - before) * 1_000)
    connection.close()
    return statistics.median(took[WARM:])


def table(costs: list[Cost]) -> str:
    yard = next(cost for cost in costs if cost.name == FIRST)
    rows = [
        f"| {each.name} | {each.whole:.1f} | {each.whole / yard.whole:.2f} | {each.stream:.1f} "
        f"| {each.stream / yard.stream:.2f} |"
        for each in costs
    ]
    head = "| Dialect | whole answer, ms | x chat | stream of 120, ms | x chat |\n|---|---:|---:|---:|---:|"
    return "\n".join((head, *rows))


# ------------------------------------------------------------------------------------------------ 200 streams at once


async def many_streams() -> str:
    """Each word carries its number; it may leave once the sentence that it stands in has ended."""
    sent: dict[tuple[int, int], float] = {}
    server = await asyncio.start_server(lambda r, w: _speak(r, w, sent), "127.0.0.1", 0, limit=2**20)
    port = server.sockets[0].getsockname()[1]
    lags: list[float] = []
    with processes.guardrail("guardrail", Server("upstream", port)) as proxy:
        for many in (1, STREAMS):
            sent.clear()
            found = await asyncio.gather(*(_listen(proxy.port, number, many, sent) for number in range(many)))
            lags = sorted(lag for each in found for lag in each)
            if many == 1:
                alone = lags
    server.close()

    def ms(values: list[float], part: float) -> str:
        return f"{values[min(len(values) - 1, int(len(values) * part))] * 1_000:.1f}"

    rows = [
        f"| {name} | {ms(values, 0.5)} | {ms(values, 0.95)} | {ms(values, 0.99)} | {values[-1] * 1_000:.1f} |"
        for name, values in ((f"1 stream, {1 / INTERVAL:.0f} deltas/s", alone), (f"{STREAMS} streams", lags))
    ]
    return "\n".join(
        (
            f"{STREAMS} streams at once, {STREAMS / INTERVAL:.0f} deltas a second in all, on one core: ms from the "
            "moment the provider sent the end of a sentence to the moment its client had that sentence.",
            "",
            "| | p50 | p95 | p99 | longest |",
            "|---|---:|---:|---:|---:|",
            *rows,
        )
    )


async def _speak(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: dict[tuple[int, int], float]
) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.splitlines() if line.lower().startswith(b"content-length"))
    body = json.loads(await reader.readexactly(length))
    number, count = map(int, body["model"].removeprefix("m-").split("-"))
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
    await asyncio.sleep(INTERVAL * number / count)
    for at in range(DELTAS):
        text = f"Sip {at}. " if at % 4 == 3 else f"water {at} "
        _chunk(writer, {"content": text})
        sent[number, at] = time.perf_counter()
        await asyncio.sleep(INTERVAL)
    _chunk(writer, {}, "stop")
    done = b"data: [DONE]\n\n"
    writer.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(done), done))
    await writer.drain()
    writer.close()


def _chunk(writer: asyncio.StreamWriter, delta: Any, reason: str | None = None) -> None:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    event = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    data = b"data: " + json.dumps(event).encode() + b"\n\n"
    writer.write(b"%x\r\n%s\r\n" % (len(data), data))


async def _listen(port: int, number: int, count: int, sent: dict[tuple[int, int], float]) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    message = {"role": "user", "content": "Which floor is radiology on?"}
    body = json.dumps({"model": f"m-{number}-{count}", "stream": True, "messages": [message]}).encode()
    head = (
        "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    lags, told = [], ""
    while data := await reader.read(65536):
        now = time.perf_counter()
        told += data.decode()
        for at in range(3, DELTAS, 4):
            if (number, at) in sent and f"Sip {at}. " in told:
                lags.append(now - sent.pop((number, at)))
        if "[DONE]" in told:
            break
    writer.close()
    return lags


if __name__ == "__main__":
    main()
