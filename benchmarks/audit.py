"""What the audit log bears: `python -m benchmarks.audit kills|tampering|cost|rate|full|locked|verify|all [--quick]`.

    kills      `kill -9` under load: how much of what was acknowledged is lost, how many logs don't verify
    tampering  one deed at a time on a sound log: how many are found, and told where
    cost       at 500 exchanges a second (an intent and an outcome each): how long one waits for its record
    rate       entries a second, as many as there are
    full       a disk of 1 MiB (tmpfs; needs root): how soon the log is closed, how soon it is back
    locked     another process holds the file for a minute: the same
    verify     a million entries: seconds and memory

Writes nothing; the tables in docs/audit.md are what it printed. Figures that depend on the disk say which one.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import quantiles

from guardrail.errors import AuditUnavailable
from guardrail.record.audit import close_ledger, open_ledger, writing
from guardrail.record.database import FILE, Database, Place
from guardrail.record.entry import Code, Entry
from guardrail.record.keys import KeyFiles, load_keys
from guardrail.record.ledger import Hooks, Ledger, Settings
from guardrail.record.verify import verify
from tests.record.test_entry import WHOLE
from tests.support import postgres
from tests.support.killing import Killed
from tests.support.stores import POLICY, WHO, event, intent, outcome, verified
from tests.support.tamper import DEEDS, read

EXCHANGES_PER_SECOND = 500


def typical(receipt: str) -> tuple[Entry, Entry]:
    """An intent and an outcome of the size that they have in a clinic."""
    began, ended = intent(receipt), replace(WHOLE, receipt=Code(receipt), who=WHO, policy=POLICY)
    return began, ended


def say(*cells: object) -> None:
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


# ── kills ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def kills(quick: bool) -> None:
    """Four processes of one folder at a time; the log is verified after each round, before anybody goes on with it."""
    for name, place, rounds in stores(5 if quick else 125):
        killed, unverifiable, lost = Killed(place, slots=("0", "1", "2", "3")), 0, set[str]()
        for done in range(1, rounds + 1):
            killed.once(0.0, 0.4)
            unverifiable += not asyncio.run(killed.report()).sound
            if done % 25 == 0 or done == rounds:
                lost |= set(asyncio.run(killed.lost()))
        acknowledged = f"{len(killed.acknowledged):,}"
        say("kill -9", name, f"{killed.kills:,} kills", f"{acknowledged} acknowledged", f"{len(lost)} lost",
            f"{unverifiable} of {rounds} logs unverifiable")  # fmt: skip


# ── tampering ─────────────────────────────────────────────────────────────────────────────────────────────────────


def tampering(quick: bool) -> None:
    count, began = 200 if quick else 10_000, time.monotonic()
    with folder() as path:
        original = Place(path / "original")
        asyncio.run(_sound_log(original))
        pristine = (original.folder / FILE).read_bytes()
        copy = Place(Path(shutil.copytree(original.folder, path / "copy")))
        found = located = 0
        kinds: dict[str, list[int]] = {}
        for seed in range(count):
            (copy.folder / FILE).write_bytes(pristine)
            with closing(sqlite3.connect(copy.folder / FILE)) as database, database:
                deed = DEEDS[seed % len(DEEDS)](database, read(database), random.Random(seed))
            report = asyncio.run(verified(copy))
            told = [range(p.seq, max(p.until, p.seq + 1)) for p in report.problems if p.writer == deed.writer]
            named = any(seq in span for span in told for seq in deed.seqs)
            found, located = found + (not report.sound), located + named
            kinds.setdefault(deed.what.split()[0], []).append(named)
        for what, results in sorted(kinds.items()):
            say("tampering", what, f"{len(results):,}", f"{sum(results):,} located")
        say("tampering", "all", f"{count:,}", f"{found:,} found", f"{located:,} located",
            f"{time.monotonic() - began:.0f} s")  # fmt: skip


async def _sound_log(place: Place) -> None:
    for slot, often in (("0", 0.0), ("1", 60.0), ("0", 60.0)):
        ledger = await open_ledger(place, slot, settings=Settings(checkpoint_seconds=often))
        for number in range(15):
            await asyncio.gather(ledger.submit(intent(f"{slot}{number}")), ledger.submit(outcome(f"{slot}{number}")))
        await close_ledger(ledger)
    async with writing(place) as ledger:
        await ledger.commit(event())


# ── cost and rate ─────────────────────────────────────────────────────────────────────────────────────────────────


def cost(quick: bool) -> None:
    """Open loop: an exchange begins every 2 ms, whatever the others do. What it waits for is added to it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 1_000)  # as the product does at its start
    for name, place, _ in stores(1):
        waits = asyncio.run(_cost(place, 5.0 if quick else 60.0))
        for what, times in waits.items():
            cuts = quantiles([each * 1e3 for each in times], n=1000, method="inclusive")
            say("cost", name, what, f"{len(times):,}", f"p50 {cuts[499]:.2f} ms", f"p99 {cuts[989]:.2f} ms",
                f"p99.9 {cuts[998]:.2f} ms", f"max {max(times) * 1e3:.1f} ms")  # fmt: skip


async def _cost(place: Place, seconds: float) -> Mapping[str, list[float]]:
    ledger = await open_ledger(place)
    waits: dict[str, list[float]] = {"intent": [], "outcome": []}

    async def wait(what: str, entry: Entry) -> None:
        began = time.perf_counter()
        await ledger.commit(entry)
        waits[what].append(time.perf_counter() - began)

    async def exchange(number: int) -> None:
        began, ended = typical(f"c{number}")
        await wait("intent", began)
        await asyncio.sleep(0.3)  # the provider
        await wait("outcome", ended)

    running, clock = set[asyncio.Task[None]](), asyncio.get_running_loop()
    start = clock.time()
    for number in range(int(seconds * EXCHANGES_PER_SECOND)):
        await asyncio.sleep(max(0.0, start + number / EXCHANGES_PER_SECOND - clock.time()))
        task = asyncio.create_task(exchange(number))
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)
    await close_ledger(ledger)
    return waits


def rate(quick: bool) -> None:
    for name, place, _ in stores(1):
        seconds, count = asyncio.run(_rate(place, 3.0 if quick else 30.0))
        say("rate", name, f"{count:,} entries", f"{count / seconds:,.0f} a second", f"{seconds:.1f} s")


async def _rate(place: Place, seconds: float) -> tuple[float, int]:
    ledger = await open_ledger(place)
    began, count = time.perf_counter(), 0

    async def caller(name: int) -> None:
        nonlocal count
        number = 0
        while time.perf_counter() - began < seconds:
            for entry in typical(f"w{name}-{number}"):
                await ledger.commit(entry)
                count += 1
            number += 1

    await asyncio.gather(*[caller(name) for name in range(256)])
    took = time.perf_counter() - began
    await close_ledger(ledger)
    return took, count


# ── faults ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Watched:
    """Asks for a record every 5 ms and keeps when it was told what."""

    ledger: Ledger
    written: int = 0
    last_written: float = 0.0
    first_refused: float = 0.0
    longest: float = 0.0
    """Seconds that anybody waited for an answer."""

    async def run(self, until: Callable[[], bool]) -> None:
        number, asking = 0, set[asyncio.Task[None]]()
        while not until():
            task = asyncio.create_task(self._ask(f"{id(self)}-{number}"))
            asking.add(task)
            task.add_done_callback(asking.discard)
            number += 1
            await asyncio.sleep(0.005)
        await asyncio.gather(*asking)

    async def _ask(self, receipt: str) -> None:
        began = time.monotonic()
        try:
            await self.ledger.commit(typical(receipt)[0])
            self.written, self.last_written = self.written + 1, time.monotonic()
            with suppress(AuditUnavailable):
                await self.ledger.commit(typical(receipt)[1])
        except AuditUnavailable:
            self.first_refused = self.first_refused or time.monotonic()
        self.longest = max(self.longest, time.monotonic() - began)


def full(quick: bool) -> None:
    """Entries until nothing more fits, then a file beside the log goes away."""
    with folder() as path:
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", path], check=False).returncode:
            say("disk full", "can't mount a tmpfs here: not measured")
            return
        try:
            (path / "ballast").write_bytes(b"x" * 400_000)
            asyncio.run(_full(Place(path / "data"), path / "ballast"))
        finally:
            subprocess.run(["umount", path], check=True)


async def _full(place: Place, ballast: Path) -> None:
    stalls: list[tuple[bool, float]] = []
    hooks = Hooks(stalled=lambda stalled: stalls.append((stalled, time.monotonic())))
    ledger = await open_ledger(place, hooks=hooks)
    watched = Watched(ledger)
    freed = 0.0

    def over() -> bool:
        nonlocal freed
        if watched.first_refused and not freed and time.monotonic() > watched.first_refused + 5:
            ballast.unlink()
            freed = time.monotonic()
        return bool(freed) and (not ledger.stalled or time.monotonic() > freed + 20)

    await watched.run(over)
    back = time.monotonic() - freed
    await close_ledger(ledger)
    report = await verified(place)
    say("disk full", f"{watched.written} written before and after", f"longest wait {watched.longest:.2f} s",
        f"closed {watched.first_refused - stalls[0][1]:.2f} s after the fault was seen",
        f"back {back:.2f} s after space was there", f"verifies: {report.sound}")  # fmt: skip


def locked(quick: bool) -> None:
    seconds = 5.0 if quick else 60.0
    with folder() as path:
        asyncio.run(_locked(Place(path / "data"), seconds))


async def _locked(place: Place, seconds: float) -> None:
    ledger = await open_ledger(place)
    watched, gaps = Watched(ledger), list[float]()
    await ledger.commit(event())
    with closing(sqlite3.connect(place.folder / FILE, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        end = began + seconds
        ticking = asyncio.create_task(_tick(gaps))
        await watched.run(lambda: time.monotonic() >= end)
        other.execute("ROLLBACK")
        freed = time.monotonic()
    while ledger.stalled and time.monotonic() < freed + 20:  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    back = time.monotonic() - freed
    ticking.cancel()
    await close_ledger(ledger)
    report = await verified(place)
    say(f"locked for {seconds:.0f} s", f"longest wait {watched.longest:.2f} s",
        f"first refusal after {watched.first_refused - began:.2f} s", f"back after {back:.2f} s",
        f"longest stop of the event loop {max(gaps) * 1e3:.0f} ms", f"verifies: {report.sound}")  # fmt: skip


async def _tick(gaps: list[float]) -> None:
    last = time.perf_counter()
    while True:
        await asyncio.sleep(0.001)
        now = time.perf_counter()
        gaps.append(now - last - 0.001)
        last = now


# ── verify ────────────────────────────────────────────────────────────────────────────────────────────────────────


def verify_all(quick: bool) -> None:
    count = 20_000 if quick else 1_000_000
    with folder() as path:
        place = Place(path / "data")
        asyncio.run(_fill(place, count))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        began = time.perf_counter()
        entries, sound = asyncio.run(_verify(place))
        took = time.perf_counter() - began
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        size = sum(file.stat().st_size for file in place.folder.rglob("*")) / 1e6
        say("verify", f"{entries:,} entries", f"{size:,.0f} MB", f"{took:.1f} s", f"peak {after:.0f} MiB",
            f"(was {before:.0f} MiB)", f"sound: {sound}")  # fmt: skip


async def _fill(place: Place, count: int) -> None:
    # Nobody waits for these: on a slow machine five hundred at once may take longer than an exchange would wait.
    ledger = await open_ledger(place, settings=Settings(deadline=60.0))
    pairs = count // 2
    for first in range(0, pairs, 500):
        entries = [entry for number in range(first, min(first + 500, pairs)) for entry in typical(f"v{number}")]
        await asyncio.gather(*[ledger.submit(entry) for entry in entries])
    await close_ledger(ledger)


async def _verify(place: Place) -> tuple[int, bool]:
    database = await Database.open(place, create=False)
    report = await verify(database, [load_keys(KeyFiles(place.folder), create=False).verifier])
    await database.close()
    return report.entries, report.sound


# ── where ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def folder() -> Iterator[Path]:
    """On the disk of the working directory: /tmp may be memory."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("AUDIT_BENCH_DIR", "."), prefix=".bench-") as name:
        yield Path(name)


def stores(rounds: int) -> Iterator[tuple[str, Place, int]]:
    with folder() as path:
        yield "SQLite", Place(path / "data"), rounds
    with folder() as path, postgres.fresh_database() as name:
        yield "PostgreSQL", Place(path / "data", postgres.url(name)), rounds


BENCHES: Mapping[str, Callable[[bool], None]] = {
    "kills": kills,
    "tampering": tampering,
    "cost": cost,
    "rate": rate,
    "full": full,
    "locked": locked,
    "verify": verify_all,
}


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.audit", description="What the audit log bears.")
    parser.add_argument("what", choices=[*BENCHES, "all"], nargs="+")
    parser.add_argument("--quick", action="store_true", help="a small part of the work")
    options = parser.parse_args(arguments)
    for name in BENCHES if "all" in options.what else options.what:
        BENCHES[name](options.quick)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
