"""A soak: `python -m benchmarks.soak [--exchanges 100000] [--workers 2] [--kills N]`, or `make soak`.

Exchanges of all kinds through `guardrail serve --workers N` (whole, streamed, refused, broken off by either side), with
a new policy put in force, clients that hang up, and in the middle of the load processes that are killed: workers and
analyzers, and now and then what they are forked from. After each tenth it takes the memory and the file descriptors of
all processes, the metric series, and what is in flight. What is told in the end is the line through these points after
the first third, when caches are full: what grows, grows per exchange. After a kill there may be a process more or less
for a while, so the line of the memory says something only with `--kills 0`.

Exit status 1 if an exchange failed that nobody broke, if a canary reached the provider, if the last policy is not in
force, if something is still in flight at the end, or if the audit log is not sound.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import yaml

from benchmarks.processes import children, tree
from tests.campaign.client import Heard, Line
from tests.campaign.run import policy
from tests.support.fake_upstream import CLOSE, Answer, FakeUpstream, Received, chat_answer, chat_stream, wait_until
from tests.support.proxy import Proxy, is_nursery

AT_ONCE: Final = 8
POINTS: Final = 10
VICTIMS: Final = ("worker", "analyzer", "worker", "template", "worker", "analyzer", "worker", "nursery", "rail set")
"""Who is killed, one after the other, and from the beginning again."""
ENOUGH: Final = 20_000
"""Exchanges from which on a slope says something."""
FLAT: Final = {"rss": 1_024.0, "descriptors": 1.0, "series": 1.0, "connections": 1.0}
"""The steepest slopes over 1,000 exchanges that are no growth (`rss` in KiB: a page in four exchanges)."""
_WELL_SECONDS: Final = 60
_NEAR_SECONDS: Final = 5
"""What happens so soon after a kill may be its doing."""
_SUBREAPER: Final = 36
_CANARY: Final = re.compile(rb"ZQ\d{12}")
_WORDS: Final = ("rest", "water", "ward", "ibuprofen", "potassium", "morning", "radiology", "floor", "visit", "sleep")


@dataclass(frozen=True, slots=True)
class Point:
    """How things stand after so many exchanges: KiB, counts. Sums over all processes; `widest` is of one process."""

    done: int
    rss: int
    widest: int
    processes: int
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
    killed: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    log: str = ""
    seconds: float = 0.0

    def slope(self, what: str) -> float:
        """Per 1,000 exchanges, by least squares over the points after the first third."""
        rows = [(each.done / 1_000, float(getattr(each, what))) for each in self.points[len(self.points) // 3 :]]
        x, y = (sum(column) / len(rows) for column in zip(*rows, strict=True))
        spread = sum((done - x) ** 2 for done, _ in rows)
        return sum((done - x) * (value - y) for done, value in rows) / spread if spread else 0.0

    def judge(self, exchanges: int) -> None:
        """What grows with the number of exchanges is wrong; a short run says nothing about that."""
        if exchanges >= ENOUGH:
            steep = [what for what, most in FLAT.items() if self.slope(what) > most]
            self.wrong += [f"{what} grows: {self.slope(what):+.2f} per 1,000 exchanges" for what in steep]

    def lines(self) -> Iterator[str]:
        """For a person."""
        done = sum(self.statuses.values())
        told = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        killed = ", ".join(f"{victim}: {count}" for victim, count in self.killed.items())
        yield f"{done} exchanges in {self.seconds:.0f} s; {told}; {self.reloads} reloads; killed: {killed}"
        yield "exchanges | RSS, MiB | largest process, MiB | processes | descriptors | series | upstream connections"
        for each in self.points:
            rest = f"{each.processes} | {each.descriptors} | {each.series} | {each.connections}"
            yield f"{each.done} | {each.rss / 1024:.1f} | {each.widest / 1024:.1f} | {rest}"
        for what, unit in (("rss", "KiB"), ("widest", "KiB"), ("descriptors", ""), ("series", ""), ("connections", "")):
            yield f"slope of {what}: {self.slope(what):+.2f} {unit} per 1,000 exchanges".replace("  ", " ")
        yield f"the audit log: {self.log.strip()}"
        yield from self.wrong[:10]


class Soak:
    """One proxy with several workers, a fake upstream, and clients that behave and misbehave."""

    def __init__(self, proxy: Proxy, upstream: FakeUpstream, file: Path, exchanges: int, seed: int = 0) -> None:
        self._proxy, self._upstream, self._file = proxy, upstream, file
        self._exchanges = exchanges
        self._rng = random.Random(seed)
        self._told = Soaked()
        self._family = Family(proxy.process.pid, proxy.port)
        self._workers = len(self._family.pids("worker"))
        self._version = 1
        self._killed_at = 0.0

    def run(self, *, reloads: int = 20, kills: int = 4) -> Soaked:
        """All exchanges in ten parts, with so many reloads and kills spread over them."""
        began = time.monotonic()
        self._told.points.append(self._point(0))
        for part in range(1, POINTS + 1):
            reload, kill = reloads * part // POINTS - self._told.reloads, kills * part // POINTS - self._told.kills
            asyncio.run(self._part(self._exchanges // POINTS, reload, kill))
            self._settle()
            self._told.points.append(self._point(part * (self._exchanges // POINTS)))
        self._told.seconds = time.monotonic() - began
        return self._told

    def hear(self, _: int, data: bytes) -> None:
        """What reaches the provider."""
        if _CANARY.search(data):
            self._told.wrong.append("a canary reached the provider")

    async def _part(self, count: int, reloads: int, kills: int) -> None:
        """So many exchanges, and in their midst what disturbs them."""
        talk = asyncio.create_task(self._talk(count))
        await asyncio.to_thread(self._disturb, reloads, kills)
        await talk

    def _settle(self) -> None:
        """Nobody is asked any more: nothing may be in flight, and all work by the last policy."""
        wait_until(lambda: self._proxy.metric("guardrail_exchanges_in_flight") == 0, 30, "nothing is in flight")
        wait_until(self._obeys, 30, "the last policy is in force, and no other")

    def _obeys(self) -> bool:
        found = re.findall(r'^guardrail_policy_info\{.*version="(\d+)"', self._proxy.metrics(), re.MULTILINE)
        return set(found) == {str(self._version)}

    def _disturb(self, reloads: int, kills: int) -> None:
        for _ in range(reloads):
            self._version = self._rng.randrange(2, 1_000_000)
            write(self._file, self._upstream.url, self._version)
            self._proxy.process.send_signal(signal.SIGHUP)
            self._told.reloads += 1
        for _ in range(kills):
            self._kill(VICTIMS[self._told.kills % len(VICTIMS)])

    def _kill(self, victim: str) -> None:
        """One of them, and wait until as many workers serve as before.

        A lost template or nursery is started again only when a worker is lost: there may be none.
        """
        if found := self._family.pids(victim):
            os.kill(self._rng.choice(found), signal.SIGKILL)
        self._told.kills += 1
        self._told.killed[victim if found else f"{victim}, of which there was none"] += 1
        self._killed_at = time.monotonic()
        wait_until(self._is_well, _WELL_SECONDS, "as many workers serve as before")
        self._killed_at = time.monotonic()

    def _is_well(self) -> bool:
        """As many workers as before, and an answer at the door."""
        try:
            return len(self._family.pids("worker")) == self._workers and self._proxy.get("/guardrail/ready")[0] == 200
        except OSError:
            return False

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
        with suppress(OSError):  # whoever had it was killed meanwhile
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
        near_a_kill = time.monotonic() - self._killed_at < _NEAR_SECONDS
        broken = kind == "stream" and b'"error"' in heard.body  # the upstream's own breaks
        fine = heard.status in ((422, 400) if kind == "refused" else (200, 502))
        if not near_a_kill and not (fine and (heard.whole or broken)):
            self._told.wrong.append(f"{kind}: {heard.status} {heard.body[:100]!r}")

    def _point(self, done: int) -> Point:
        pids = self._family.alive()
        memory = [rss(pid) for pid in pids]
        page = self._proxy.metrics()
        return Point(
            done=done,
            rss=sum(memory),
            widest=max(memory),
            processes=len(pids),
            descriptors=sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in pids),
            series=sum(1 for line in page.splitlines() if line and not line.startswith("#")),
            connections=self._upstream.open_connections,
        )


class Family:
    """All processes of one proxy. Those whose parent was killed become ours: then they are still found."""

    def __init__(self, supervisor: int, port: int) -> None:
        self._supervisor = supervisor
        if ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl")
        self._listens = f"socket:[{_listening(port)}]"

    def alive(self) -> list[int]:
        """All of them."""
        mine = os.getpid()
        for pid in children(mine):
            if pid != self._supervisor:
                with suppress(ChildProcessError):
                    os.waitpid(pid, os.WNOHANG)  # one that became ours and has ended since
        return [pid for pid in tree(mine) if pid != mine and rss(pid)]

    def pids(self, role: str) -> list[int]:
        """Those of one role: a word of VICTIMS."""
        alive = self.alive()
        return [pid for pid in alive if pid != self._supervisor and self._role(pid, alive) == role]

    def _role(self, pid: int, alive: Sequence[int]) -> str:
        if not is_nursery(pid):
            return "worker" if self._listens in _open(pid) else "template"
        born = [child for child in children(pid) if child in alive]
        if not born:
            return "analyzer"
        return "nursery" if any(children(child) for child in born) else "rail set"


def _listening(port: int) -> str:
    """The number of the socket that listens on a port of this machine."""
    rows = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return next(row[9] for row in rows if row[3] == "0A" and int(row[1].rpartition(":")[2], 16) == port)


def _open(pid: int) -> set[str]:
    """What a process has open; nothing if it has gone."""
    found = set()
    with suppress(OSError):
        for each in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                found.add(str(each.readlink()))
    return found


def rss(pid: int) -> int:
    """KiB; shared pages count in each process that has them. 0 if it has ended."""
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)
    return 0


def reply(request: Received) -> Answer:
    """By the words of the question, so that it is always the same: mostly an answer, sometimes a break."""
    asked = json.loads(request.body)
    broken = len(asked["messages"][0]["content"]) % 20 == 0
    if asked.get("stream"):
        return chat_stream("Drink some ", "water. I think ", "you should rest.", end=CLOSE if broken else None)
    return chat_answer("Drink some water. I think you should rest.")


def write(file: Path, url: str, version: int) -> None:
    """The policy, in a version of its own, whole or not at all. What is remembered is full after the first tenth."""
    made = {"version": version, "extends": ["baseline"], **policy(url, {}), "limits": {"remembered_segments": 2_000}}
    coming = file.with_name("coming.yaml")
    coming.write_text(yaml.safe_dump(made), encoding="utf-8")
    coming.replace(file)


def soaked(exchanges: int, workers: int, *, reloads: int, kills: int) -> Soaked:
    """A whole run."""
    heard: list[Soak] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        FakeUpstream(reply, hear=lambda number, data: [each.hear(number, data) for each in heard]) as upstream,
    ):
        file, data = Path(folder) / "soak.yaml", {"GUARDRAIL_DATA_DIR": f"{folder}/data"}
        write(file, upstream.url, 1)
        arguments = ("--policy", str(file), "--workers", str(workers))
        with Proxy(*arguments, log_level="warning", environment=data) as proxy:
            urllib.request.urlopen(f"http://127.0.0.1:{proxy.port}/guardrail/live", timeout=10).close()
            soak = Soak(proxy, upstream, file, exchanges)
            heard.append(soak)
            told = soak.run(reloads=reloads, kills=kills)
        verify = [sys.executable, "-m", "guardrail", "audit", "verify", "--no-record"]
        told.log = subprocess.run(
            verify, env={**os.environ, **data}, capture_output=True, text=True, check=False
        ).stdout
        told.judge(exchanges)
        if not told.log.startswith("sound"):
            told.wrong.append("the audit log is not sound")
    return told


def main() -> int:
    """Exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak")
    parser.add_argument("--exchanges", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kills", type=int, help="how many processes (default: one in 5,000 exchanges, at least 9)")
    options = parser.parse_args()
    kills = max(len(VICTIMS), options.exchanges // 5_000) if options.kills is None else options.kills
    told = soaked(options.exchanges, options.workers, reloads=50, kills=kills)
    print("\n".join(told.lines()))
    return int(bool(told.wrong))


if __name__ == "__main__":
    sys.exit(main())
