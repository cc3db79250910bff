"""What is measured, in one run: everything that is compared takes turns, round by round. Knows no target and no table.

Ratios come from rounds that lie side by side; each figure is the median of its rounds, so that a neighbour's burst of
work on a shared machine spoils a round and not the figure.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from benchmarks.load import Job, Sample
from benchmarks.payload import CHUNKS, LONG, LONG_DELTAS, STEADY, STREAM, WHOLE, Script
from benchmarks.processes import Load, Server, guardrail, memory_mib, run_pinned, take_times

WARM_UP = 40
SATURATED_CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is done. `rounds` of `whole` requests one after the other, and of `streams` over four connections."""

    rounds: int = 7
    whole: int = 50
    streams: int = 16
    first_tokens: int = 40
    starts: int = 3
    large: int = 3
    saturated_seconds: float = 4.0


@dataclass(frozen=True, slots=True)
class Bench:
    """The processes of a run. `direct` is the upstream itself; `servers` stand in front of it."""

    direct: Server
    servers: Mapping[str, Server]
    load: Load
    second_load: Load
    effort: Effort

    @property
    def all(self) -> Sequence[Server]:
        """All that can be asked."""
        return [self.direct, *self.servers.values()]

    def ask(self, server: Server, script: Script, count: int, connections: int = 1, first: int = 0) -> list[Sample]:
        """Plain requests."""
        return self.load.run(Job(server.port, script.model, count, connections, first=first))


@dataclass(slots=True)
class Series:
    """What the rounds of one server gave: every answer, and CPU microseconds per answer of each process, per round."""

    samples: list[Sample] = field(default_factory=list)
    cpu: dict[str, list[float]] = field(default_factory=dict)

    def add(self, samples: Sequence[Sample], before: Mapping[str, float], after: Mapping[str, float]) -> None:
        """One round."""
        self.samples += samples
        for name, seconds in after.items():
            self.cpu.setdefault(name, []).append((seconds - before[name]) / len(samples) * 1e6)

    def cpu_us(self, process: str) -> float:
        """CPU microseconds per answer, 0 for a process that this server doesn't have."""
        return median(self.cpu.get(process, [0.0]))

    def percentiles_ms(self) -> tuple[float, float, float]:
        """p50, p95, p99 of the time to the complete answer."""
        cuts = quantiles([sample.seconds * 1e3 for sample in self.samples], n=100, method="inclusive")
        return cuts[49], cuts[94], cuts[98]

    def median_ms(self, times: Iterable[float]) -> float:
        """The middle one of some seconds, in milliseconds."""
        return median(times) * 1e3


Compared = Mapping[str, Series]


def compare(bench: Bench, servers: Sequence[Server], script: Script, count: int, connections: int = 1) -> Compared:
    """All servers in turns; who begins changes from round to round."""
    series = {server.name: Series() for server in servers}
    for server in servers:
        bench.ask(server, script, min(WARM_UP, count), connections)
    for number in range(bench.effort.rounds):
        turn = number % len(servers)
        for server in (*servers[turn:], *servers[:turn]):
            before = server.cpu()
            samples = bench.ask(server, script, count, connections, first=(number + 1) * count)
            series[server.name].add(samples, before, server.cpu())
    return series


def whole(bench: Bench) -> Compared:
    """One answer after the other over one connection: latency at low load, and CPU per request."""
    for server in bench.all:
        bench.ask(server, WHOLE, WARM_UP)
    return compare(bench, bench.all, WHOLE, bench.effort.whole)


def streams(bench: Bench) -> Compared:
    """Streams of 120 chunks, four at a time."""
    return compare(bench, bench.all, STREAM, bench.effort.streams, connections=4)


def event_ratio(series: Series) -> float:
    """Text events that came out for each that went in."""
    return median(sample.texts for sample in series.samples) / CHUNKS


@dataclass(frozen=True, slots=True)
class FirstToken:
    """Milliseconds at the beginning of a stream, medians.

    request      from the client's request to the upstream's receipt of it
    first_text   from the upstream's first byte to the client's first event with text
    first_word   from the upstream's first byte to the client's first event with the model's own words
    """

    request: float
    first_text: float
    first_word: float


def first_tokens(bench: Bench) -> dict[str, FirstToken]:
    """One stream after the other, so that each answer can be told from the upstream's own times."""
    return {server.name: _first_token(bench, server) for server in bench.all}


def _first_token(bench: Bench, server: Server) -> FirstToken:
    take_times(bench.direct)
    samples = bench.ask(server, STREAM, bench.effort.first_tokens)
    rows = list(zip(samples, take_times(bench.direct), strict=True))
    return FirstToken(
        request=median(arrived - sample.begin for sample, (arrived, _) in rows) * 1e3,
        first_text=median(sample.first_text - wrote for sample, (_, wrote) in rows) * 1e3,
        first_word=median(sample.first_word - wrote for sample, (_, wrote) in rows) * 1e3,
    )


def per_delta_us(bench: Bench) -> dict[str, float]:
    """CPU microseconds of the server process for each delta of a stream without a sentence end."""
    servers = list(bench.servers.values())
    series = compare(_short(bench), servers, LONG, 1)
    return {name: each.cpu_us("server") / LONG_DELTAS for name, each in series.items()}


def _short(bench: Bench) -> Bench:
    effort = Effort(rounds=3)
    return Bench(bench.direct, bench.servers, bench.load, bench.second_load, effort)


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
    message = Job(server.port, WHOLE.model, 1, large=True)
    bench.load.run(message)
    quiet, disturbed, seconds = [], [], []
    for _ in range(bench.effort.large):
        quiet.append(bench.ask(server, STEADY, 1)[0].gap)
        bench.second_load.begin(Job(server.port, STEADY.model, 1))
        time.sleep(0.5)
        seconds.append(bench.load.run(message)[0].seconds)
        disturbed.append(bench.second_load.result()[0].gap)
    direct = bench.ask(bench.direct, STEADY, 1)[0].gap
    return Large(median(seconds), direct, median(quiet), median(disturbed))


def saturation(bench: Bench) -> dict[str, float]:
    """Whole answers per second with sixteen clients that never pause."""
    return {server.name: _rate(bench, server) for server in bench.all}


def _rate(bench: Bench, server: Server) -> float:
    seconds = bench.effort.saturated_seconds
    samples = bench.load.run(Job(server.port, WHOLE.model, 1_000_000, SATURATED_CONNECTIONS, seconds))
    return len(samples) / (max(sample.end for sample in samples) - min(sample.begin for sample in samples))


def start_seconds(bench: Bench) -> float:
    """From the command to the first "ready"."""
    return median(_start(bench.direct) for _ in range(bench.effort.starts))


def _start(behind: Server) -> float:
    began = time.monotonic()
    with guardrail("start", behind):
        return time.monotonic() - began


def memory(server: Server) -> dict[str, tuple[float, float]]:
    """PSS and RSS in MiB of each process of a server."""
    return {name: memory_mib(pid) for name, pid in server.pids.items()}


def rail_times_us(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """The mean time of one inspection by each rail, from `guardrail_rail_duration_seconds`."""
    return _means(before, after, "guardrail_rail_duration_seconds", "rail")


def added_us(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """The mean of `guardrail_added_latency_seconds` by phase."""
    return _means(before, after, "guardrail_added_latency_seconds", "phase")


def _means(before: Mapping[str, float], after: Mapping[str, float], family: str, label: str) -> dict[str, float]:
    start = f'{family}_sum{{{label}="'
    means: dict[str, float] = {}
    for name in after:
        if name.startswith(start):
            count = name.replace("_sum{", "_count{")
            times = after[count] - before.get(count, 0.0)
            if times:
                means[name[len(start) : -2]] = (after[name] - before.get(name, 0.0)) / times * 1e6
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
