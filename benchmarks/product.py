"""What is measured of the guardrail alone: what it remembers, its workers, its start, large and hostile requests."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median

from benchmarks.hostile import BODIES, LONG, SECONDS
from benchmarks.load import Job
from benchmarks.measure import WARM_UP, Bench, Compared, half_load, saturation
from benchmarks.measure import compare as in_turns
from benchmarks.payload import SAME, STEADY, WHOLE, Script
from benchmarks.processes import EVERY_CORE, Server, forget_peak, guardrail, memory, peak_mib, run_pinned

PROBES_PER_SECOND = 500.0
LARGE = 100 * 1024

STATES: Mapping[str, tuple[Script, str]] = {
    "all first seen": (WHOLE, "fresh"),
    "history remembered, last message new": (WHOLE, "last"),
    "all remembered": (SAME, "same"),
}
"""What is known already of the bench payload. The answers are new, too, but for the last state."""


@dataclass(frozen=True, slots=True)
class State:
    """One state: the guardrail at low load and the same of the upstream itself, saturated, and at half of that."""

    low: Compared
    full: Compared
    half: Compared


def states(bench: Bench, server: Server) -> dict[str, State]:
    """Each state of the payload."""
    return {name: _state(bench, server, script, what) for name, (script, what) in STATES.items()}


def _state(bench: Bench, server: Server, script: Script, what: str) -> State:
    low = in_turns(bench, [bench.direct, server], script, bench.effort.whole, what=what)
    full = saturation(bench, [server], script, what)
    return State(low, full, half_load(bench, {server.name: full[server.name].rate}, [server], script, what))


@dataclass(frozen=True, slots=True)
class Workers:
    """So many worker processes on every core, together with the client and the upstream."""

    per_second: float
    pss: float
    processes: int


def workers(bench: Bench, counts: tuple[int, ...] = (1, 2)) -> dict[int, Workers]:
    """Saturation and memory by the number of workers."""
    return {count: _workers(bench, count) for count in counts}


def _workers(bench: Bench, count: int) -> Workers:
    with guardrail(f"{count}", bench.direct, workers=count, cores=EVERY_CORE) as server:
        bench.ask(server, WHOLE, 40 * count, connections=8)
        full = saturation(bench, [server])
        sizes = server.memory()
        return Workers(full[server.name].rate, sum(each.pss for each in sizes), len(sizes))


def start_seconds(bench: Bench) -> float:
    """From the command to the first "ready"."""
    return median(_start(bench.direct) for _ in range(bench.effort.starts))


def _start(behind: Server) -> float:
    began = time.monotonic()
    with guardrail("start", behind):
        return time.monotonic() - began


@dataclass(frozen=True, slots=True)
class Large:
    """A message of 100 KB: how long it takes, and the longest gap in another client's stream without and with it.

    `direct_gap`: in a stream that comes straight from the upstream.
    """

    seconds: float
    direct_gap: float
    quiet_gap: float
    disturbed_gap: float


def large(bench: Bench, server: Server) -> Large:
    """Two clients. The stream is a sentence every 40 ms, longer than the large message takes."""
    quiet, disturbed, seconds = [], [], []
    for _ in range(bench.effort.notes):
        quiet.append(bench.ask(server, STEADY, lenient=False)[0].gap)
        bench.second_load.begin(bench.job(server, STEADY))
        time.sleep(0.5)
        seconds.append(bench.ask(server, WHOLE, what="note", size=LARGE)[0].seconds)
        disturbed.append(bench.second_load.result()[0].gap)
    direct = bench.ask(bench.direct, STEADY)[0].gap
    return Large(median(seconds), direct, median(quiet), median(disturbed))


@dataclass(frozen=True, slots=True)
class Hostile:
    """One hostile request.

    seconds     until it was answered with that status
    growth      MiB, the highest that its processes' memory went above what it was, all together
    stall       seconds, p99.9 of the answers to another client that asks 500 times a second for /guardrail/live
    """

    status: int
    seconds: float
    growth: float
    stall: float


def hostile(bench: Bench) -> dict[str, Hostile]:
    """Each in a guardrail of its own that has seen plain requests only."""
    found = {}
    for name in islice(BODIES, bench.effort.hostile):
        with guardrail("hostile", bench.direct) as server:
            bench.ask(server, WHOLE, WARM_UP)
            found[name] = _hostile(bench, server, name)
    return found


def _hostile(bench: Bench, server: Server, name: str) -> Hostile:
    pids = server.pids()
    before = {pid: memory(pid).rss for pid in pids}
    for pid in pids:
        forget_peak(pid)
    seconds = LONG.get(name, SECONDS)
    probe = Job(server.port, "", 1_000_000, 8, seconds=seconds, what="probe", rate=PROBES_PER_SECOND)
    bench.second_load.begin(probe)
    time.sleep(0.2)
    answer = bench.ask(server, WHOLE, what=name)[0]
    waits = sorted(sample.seconds for sample in bench.second_load.result())
    growth = sum(max(0.0, peak_mib(pid) - before[pid]) for pid in pids)
    return Hostile(answer.status, answer.seconds, growth, waits[int(len(waits) * 0.999) - 1])


FAMILIES = ("guardrail_rail_duration_seconds", "guardrail_audit_commit_seconds", "guardrail_added_latency_seconds")


def means_us(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """What the product itself counted between two looks at its metrics: the mean of each series with a sum, in µs."""
    means: dict[str, float] = {}
    for name in after:
        family, summed, labels = name.partition("_sum")
        count = f"{family}_count{labels}"
        if summed and family in FAMILIES and (times := after[count] - before.get(count, 0.0)):
            means[f"{family}{labels}"] = (after[name] - before.get(name, 0.0)) / times * 1e6
    return means


def breakdown() -> dict[str, float]:
    """Median microseconds of every step of one exchange; see benchmarks/breakdown.py."""
    steps = run_pinned("benchmarks.breakdown")
    assert isinstance(steps, dict)
    return steps


EMPTY_POLICY = """\
name: empty
version: 1
unsafe: true
upstreams: {openai: {base_url: "http://127.0.0.1:1"}}
default_upstream: openai
"""


def write_empty_policy(folder: Path) -> Path:
    """A policy without any rail: what is left is the edge, the dialect and the engine's own way."""
    path = folder / "empty.yaml"
    path.write_text(EMPTY_POLICY)
    return path
