"""A soak: `python -m benchmarks.soak [--exchanges 100000] [--workers 2]`, or `make soak`.

Exchanges of all kinds through `guardrail serve --workers N` (whole, streamed, refused, broken off by either side), with
a new policy put in force, a client that hangs up and a worker that is killed from time to time. After each tenth it
takes the memory and the file descriptors of all processes, the metric series, and what is in flight. What is told in
the end is the line through these points after the first third, when caches are full: what grows, grows per exchange.

Exit status 1 if an exchange failed that nobody broke, or if something is still in flight at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import yaml

from tests.campaign.client import Heard, Line
from tests.campaign.run import policy
from tests.support.fake_upstream import CLOSE, Answer, FakeUpstream, Received, chat_answer, chat_stream, wait_until
from tests.support.proxy import Proxy

AT_ONCE: Final = 8
POINTS: Final = 10
_WORDS: Final = ("rest", "water", "ward", "ibuprofen", "potassium", "morning", "radiology", "floor", "visit", "sleep")


@dataclass(frozen=True, slots=True)
class Point:
    """How things stand after so many exchanges: KiB, counts. Sums over all processes; `widest` is of one process."""

    done: int
    rss: int
    widest: int
    descriptors: int
    series: int
    connections: int


@dataclass
class Soaked:
    """What happened, and how things stood meanwhile."""

    points: list[Point] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    reloads: int = 0
    kills: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def slope(self, what: str) -> float:
        """Per 1,000 exchanges, by least squares over the points after the first third."""
        rows = [(each.done / 1_000, float(getattr(each, what))) for each in self.points[len(self.points) // 3 :]]
        x, y = (sum(column) / len(rows) for column in zip(*rows, strict=True))
        spread = sum((done - x) ** 2 for done, _ in rows)
        return sum((done - x) * (value - y) for done, value in rows) / spread if spread else 0.0

    def lines(self) -> Iterator[str]:
        """For a person."""
        done = sum(self.statuses.values())
        told = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        yield f"{done} exchanges in {self.seconds:.0f} s; {self.reloads} reloads, {self.kills} workers killed; {told}"
        yield "exchanges | RSS, MiB | largest process, MiB | descriptors | series | upstream connections"
        for each in self.points:
            yield (
                f"{each.done} | {each.rss / 1024:.1f} | {each.widest / 1024:.1f} | {each.descriptors} | {each.series}"
                f" | {each.connections}"
            )
        for what, unit in (("rss", "KiB"), ("widest", "KiB"), ("descriptors", ""), ("series", ""), ("connections", "")):
            yield f"slope of {what}: {self.slope(what):+.2f} {unit} per 1,000 exchanges".replace("  ", " ")
        yield from self.wrong[:10]


class Soak:
    """One proxy with several workers, a fake upstream, and clients that behave and misbehave."""

    def __init__(self, proxy: Proxy, upstream: FakeUpstream, file: Path, exchanges: int, seed: int = 0) -> None:
        self._proxy, self._upstream, self._file = proxy, upstream, file
        self._exchanges = exchanges
        self._rng = random.Random(seed)
        self._told = Soaked()
        self._killed_at = 0.0

    def run(self, *, reloads: int = 20, kills: int = 4) -> Soaked:
        """All exchanges in ten parts, with so many reloads and kills spread over them."""
        began = time.monotonic()
        self._told.points.append(self._point(0))
        for part in range(1, POINTS + 1):
            self._disturb(reloads * part // POINTS - self._told.reloads, kills * part // POINTS - self._told.kills)
            asyncio.run(self._talk(self._exchanges // POINTS))
            self._settle()
            self._told.points.append(self._point(part * (self._exchanges // POINTS)))
        self._told.seconds = time.monotonic() - began
        return self._told

    def _settle(self) -> None:
        """Nobody is asked any more: nothing may be in flight."""
        wait_until(lambda: self._proxy.metric("guardrail_exchanges_in_flight") == 0, 30, "nothing is in flight")

    def _disturb(self, reloads: int, kills: int) -> None:
        for _ in range(reloads):
            write(self._file, self._upstream.url, self._rng.randrange(2, 1_000_000))
            self._proxy.process.send_signal(signal.SIGHUP)
            self._told.reloads += 1
        for _ in range(kills):
            workers = processes(self._proxy.process.pid)[1:]
            os.kill(self._worker(workers), signal.SIGKILL)
            self._told.kills += 1
            self._killed_at = time.monotonic()
            wait_until(partial(self._is_well, len(workers)), 60, "another worker serves")

    def _is_well(self, least: int) -> bool:
        """As many processes as before, and an answer at the door."""
        try:
            return len(processes(self._proxy.process.pid)) > least and self._proxy.get("/guardrail/ready")[0] == 200
        except OSError:
            return False

    def _worker(self, below: Sequence[int]) -> int:
        """One of the workers: a child of the supervisor that has a child itself (its analyzer)."""
        own = [pid for pid in children(self._proxy.process.pid) if children(pid)]
        return self._rng.choice(own or list(below))

    async def _talk(self, count: int) -> None:
        left = iter(range(count))
        await asyncio.gather(*(self._client(left) for _ in range(AT_ONCE)))

    async def _client(self, left: Iterator[int]) -> None:
        line = Line(self._proxy.port)
        for _ in left:
            kind = self._rng.choices(("whole", "stream", "refused", "left"), (45, 40, 10, 5))[0]
            raw = self._question(kind)
            if kind == "left":
                await self._leave(raw)
                self._told.statuses["left"] += 1
                continue
            heard = await line.ask(raw)
            self._told.statuses[str(heard.status)] += 1
            self._judge(kind, heard)
        line.hang_up()

    async def _leave(self, raw: bytes) -> None:
        """Ask, read a little or nothing, hang up."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._proxy.port)
        writer.write(raw)
        if self._rng.random() < 0.5:
            await reader.read(64)
        writer.close()

    def _question(self, kind: str) -> bytes:
        said = " ".join(self._rng.choices(_WORDS, k=12)) + f", record ZQ{self._rng.randrange(10**12):012d}"
        body = json.dumps(
            {
                "model": "m" if kind != "refused" else "ZQ123456789012@example.org",
                "stream": kind in ("stream", "left"),
                "messages": [{"role": "user", "content": said}],
            }
        ).encode()
        head = "POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
        group = self._rng.choice(("female", "male", f"x{self._rng.randrange(10**6)}"))
        return f"{head}x-guardrail-sex: {group}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body

    def _judge(self, kind: str, heard: Heard) -> None:
        near_a_kill = time.monotonic() - self._killed_at < 5
        broken = kind == "stream" and b'"error"' in heard.body  # the upstream's own breaks
        fine = heard.status in ((422, 400) if kind == "refused" else (200, 502))
        if not near_a_kill and not (fine and (heard.whole or broken)):
            self._told.wrong.append(f"{kind}: {heard.status} {heard.body[:100]!r}")

    def _point(self, done: int) -> Point:
        pids = processes(self._proxy.process.pid)
        memory = [rss(pid) for pid in pids]
        page = self._proxy.metrics()
        return Point(
            done=done,
            rss=sum(memory),
            widest=max(memory),
            descriptors=sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in pids),
            series=sum(1 for line in page.splitlines() if line and not line.startswith("#")),
            connections=self._upstream.open_connections,
        )


def children(pid: int) -> list[int]:
    """Of one process; none if it has gone."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def processes(pid: int) -> list[int]:
    """The process and all below it."""
    return [pid, *(each for child in children(pid) for each in processes(child))]


def rss(pid: int) -> int:
    """KiB; shared pages count in each process that has them."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


def reply(request: Received) -> Answer:
    """By the words of the question, so that it is always the same: mostly an answer, sometimes a break."""
    asked = json.loads(request.body)
    broken = len(asked["messages"][0]["content"]) % 20 == 0
    if asked.get("stream"):
        return chat_stream("Drink some ", "water. I think ", "you should rest.", end=CLOSE if broken else None)
    return chat_answer("Drink some water. I think you should rest.")


def write(file: Path, url: str, version: int) -> None:
    """The policy, in a version of its own, whole or not at all."""
    made = {"version": version, "extends": ["baseline"], **policy(url, {})}
    coming = file.with_name("coming.yaml")
    coming.write_text(yaml.safe_dump(made), encoding="utf-8")
    coming.replace(file)


def soaked(exchanges: int, workers: int, *, reloads: int, kills: int) -> Soaked:
    """A whole run."""
    with tempfile.TemporaryDirectory() as folder, FakeUpstream(reply, hear=lambda number, data: None) as upstream:
        file = Path(folder) / "soak.yaml"
        write(file, upstream.url, 1)
        with Proxy("--policy", str(file), "--workers", str(workers), log_level="warning") as proxy:
            urllib.request.urlopen(f"http://127.0.0.1:{proxy.port}/guardrail/live", timeout=10).close()
            return Soak(proxy, upstream, file, exchanges).run(reloads=reloads, kills=kills)


def main() -> int:
    """Exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak")
    parser.add_argument("--exchanges", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    kills = max(4, options.exchanges // 10_000)
    told = soaked(options.exchanges, options.workers, reloads=5 * kills, kills=kills)
    print("\n".join(told.lines()))
    return int(bool(told.wrong))


if __name__ == "__main__":
    sys.exit(main())
