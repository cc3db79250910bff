"""What is measured of all that are compared, in one run: they take turns, round by round. Knows no target and no table.

Ratios come from rounds that lie side by side; each figure is the median of its rounds, so that a neighbour's burst of
work on a shared machine spoils a round and not the figure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import mean, median, quantiles

from benchmarks.load import Job, Sample
from benchmarks.payload import BURST, CHUNKS, LONG, LONG_DELTAS, PHI_ITEMS, STREAM, WHOLE, Script
from benchmarks.processes import Load, Memory, Server, last_question, take_times

WARM_UP = 20
SATURATED_CONNECTIONS, OPEN_CONNECTIONS, STREAMS_AT_ONCE = 16, 64, 8
TURNS = 20
MOST_AT_ONCE = 4_000
"""Questions of one job that nobody has asked before: more than those who look at them can answer in its time."""
SIZES = (4_000, 150_000)


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is done: rounds of so many requests at most, and of so many seconds at most; so many hostile cases."""

    rounds: int = 5
    whole: int = 60
    first_tokens: int = 12
    conversations: int = 2
    notes: int = 3
    seconds: float = 2.0
    half_load_seconds: float = 5.0
    starts: int = 3
    hostile: int = 100


@dataclass(slots=True)
class Numbers:
    """So that no server is asked what it was asked before."""

    next: dict[str, int] = field(default_factory=dict)

    def take(self, server: str, count: int) -> int:
        """The first of `count` that this server has not seen."""
        first = self.next.get(server, 1)
        self.next[server] = first + count
        return first


@dataclass(frozen=True, slots=True)
class Bench:
    """The processes of a run. `direct` is the upstream itself; `servers` stand in front of it."""

    direct: Server
    servers: list[Server]
    load: Load
    second_load: Load
    effort: Effort
    numbers: Numbers = field(default_factory=Numbers)

    @property
    def all(self) -> Sequence[Server]:
        """All that can be asked."""
        return [self.direct, *self.servers]

    def ask(self, server: Server, script: Script, count: int = 1, **job: object) -> list[Sample]:
        """So many requests, which nobody has asked before where `what` says so; what fails is in the samples."""
        return self.load.run(self.job(server, script, count, **job))

    def job(self, server: Server, script: Script, count: int = 1, **job: object) -> Job:
        """As `ask` has it done."""
        first = self.numbers.take(server.name, min(count, MOST_AT_ONCE))
        plain = Job(server.port, script.model, count, first=first, lenient=True)
        return replace(plain, **job)  # type: ignore[arg-type]  # the caller names fields of Job

    def in_turns(self, work: Callable[[Server], None], servers: Sequence[Server] = (), rounds: int = 0) -> None:
        """Round by round; who begins changes."""
        servers = servers or self.all
        for number in range(rounds or self.effort.rounds):
            turn = number % len(servers)
            for server in (*servers[turn:], *servers[:turn]):
                work(server)


@dataclass(slots=True)
class Series:
    """What the rounds of one server gave.

    samples     every good answer; `failed` counts the others
    cpu         CPU microseconds per answer, per round: of the process that is asked, of all others together
    per_second  good answers per second, per round
    """

    samples: list[Sample] = field(default_factory=list)
    failed: int = 0
    cpu: dict[str, list[float]] = field(default_factory=dict)
    per_second: list[float] = field(default_factory=list)

    def add(self, samples: Sequence[Sample], before: Mapping[str, float], after: Mapping[str, float]) -> None:
        """One round."""
        good = [sample for sample in samples if sample.good]
        self.samples += good
        self.failed += len(samples) - len(good)
        for name, seconds in after.items():
            self.cpu.setdefault(name, []).append((seconds - before[name]) / max(1, len(good)) * 1e6)
        took = max(sample.end for sample in samples) - min(sample.begin for sample in samples)
        self.per_second.append(len(good) / took)

    def cpu_us(self, process: str) -> float:
        """CPU microseconds per answer."""
        return median(self.cpu[process])

    @property
    def all_cpu_us(self) -> float:
        """Of all processes."""
        return sum(self.cpu_us(name) for name in self.cpu)

    @property
    def rate(self) -> float:
        """Good answers per second."""
        return median(self.per_second)

    def percentiles_ms(self) -> tuple[float, float, float]:
        """p50, p95, p99 of the time to the complete answer; not numbers if there were fewer than two."""
        times = [sample.seconds * 1e3 for sample in self.samples]
        if len(times) < 2:
            return (float("nan"),) * 3
        cuts = quantiles(times, n=100, method="inclusive")
        return cuts[49], cuts[94], cuts[98]


Compared = dict[str, Series]


def compare(
    bench: Bench, servers: Sequence[Server], script: Script, count: int, rounds: int = 0, **job: object
) -> Compared:
    """All servers in turns."""
    series = {server.name: Series() for server in servers}

    def one(server: Server) -> None:
        before = server.cpu()
        samples = bench.ask(server, script, count, seconds=bench.effort.seconds, **job)
        series[server.name].add(samples, before, server.cpu())

    bench.in_turns(one, servers, rounds)
    return series


def reached(bench: Bench, server: Server) -> int:
    """Warms up; how many items of PHI the upstream got to read. Raises RuntimeError if it does not answer."""
    bench.ask(server, WHOLE, lenient=False)
    question = last_question(bench.direct).decode()
    bench.ask(server, STREAM, 2, lenient=False)
    bench.ask(server, WHOLE, WARM_UP, seconds=bench.effort.seconds)
    return sum(item in question for item in PHI_ITEMS)


def whole(bench: Bench) -> Compared:
    """One answer after the other over one connection: latency at low load, and CPU per request."""
    return compare(bench, bench.all, WHOLE, bench.effort.whole)


def saturation(bench: Bench, servers: Sequence[Server], script: Script = WHOLE, what: str = "fresh") -> Compared:
    """Sixteen clients that never pause."""
    job = {"connections": SATURATED_CONNECTIONS, "what": what}
    return compare(bench, servers, script, 1_000_000, rounds=min(3, bench.effort.rounds), **job)


def half_load(
    bench: Bench, rates: Mapping[str, float], servers: Sequence[Server], script: Script = WHOLE, what: str = "fresh"
) -> Compared:
    """Half as many as it can answer, begun by the clock."""
    series = {server.name: Series() for server in servers}
    for server in servers:
        rate, seconds = max(1.0, rates[server.name] / 2), bench.effort.half_load_seconds
        connections = min(OPEN_CONNECTIONS, 1 + int(rate))
        job = {"connections": connections, "rate": rate, "what": what}
        before = server.cpu()
        samples = bench.ask(server, script, int(rate * seconds), **job)
        series[server.name].add(samples, before, server.cpu())
    return series


def streams(bench: Bench) -> Compared:
    """Streams of 120 chunks, eight at a time, as fast as they come."""
    job = {"connections": STREAMS_AT_ONCE}
    return compare(bench, bench.all, BURST, 1_000_000, rounds=min(3, bench.effort.rounds), **job)


def event_ratio(series: Series) -> float:
    """Text events that came out for each that went in."""
    return median([sample.texts for sample in series.samples] or [0]) / CHUNKS


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
    samples, times = bench.ask(server, STREAM, bench.effort.first_tokens), take_times(bench.direct)
    if len(samples) != len(times):  # asked twice for one answer: nobody can tell which time belongs to which
        times = []
    rows = [row for row in zip(samples, times, strict=False) if row[0].good]
    return FirstToken(
        request=middle_ms(arrived - sample.begin for sample, (arrived, _) in rows),
        first_text=middle_ms(sample.first_text - wrote for sample, (_, wrote) in rows),
        first_word=middle_ms(sample.first_word - wrote for sample, (_, wrote) in rows),
    )


def per_delta_us(bench: Bench) -> dict[str, tuple[float, float]]:
    """CPU microseconds for each delta of a stream without a sentence end: the process that is asked, and all."""
    series = compare(bench, bench.servers, LONG, 1, rounds=min(2, bench.effort.rounds))
    return {name: (each.cpu_us("server") / LONG_DELTAS, each.all_cpu_us / LONG_DELTAS) for name, each in series.items()}


@dataclass(frozen=True, slots=True)
class Conversation:
    """CPU milliseconds of a conversation of 20 turns, medians.

    second, last    those turns, when all before them had been asked
    all             the whole conversation
    again           the whole conversation, held once more word for word
    cold            the last turn of a conversation that the server knows nothing of
    """

    second: float
    last: float
    all: float
    again: float
    cold: float


def conversations(bench: Bench) -> dict[str, Conversation]:
    """In turns, one conversation each."""
    found: dict[str, list[Conversation]] = {server.name: [] for server in bench.servers}
    bench.in_turns(
        lambda server: found[server.name].append(_conversation(bench, server)),
        bench.servers,
        bench.effort.conversations,
    )
    return {name: _middle(each) for name, each in found.items()}


def _middle(rows: Sequence[Conversation]) -> Conversation:
    return Conversation(*(median(column) for column in zip(*map(_columns, rows), strict=True)))


def _columns(row: Conversation) -> tuple[float, ...]:
    return row.second, row.last, row.all, row.again, row.cold


def _conversation(bench: Bench, server: Server) -> Conversation:
    number = bench.numbers.take(server.name, 2)
    held = [_turn_ms(bench, server, number, turn) for turn in range(1, TURNS + 1)]
    again = [_turn_ms(bench, server, number, turn) for turn in range(1, TURNS + 1)]
    cold = _turn_ms(bench, server, number + 1, TURNS)
    # a turn is some milliseconds: its neighbours' times make the figure steady
    return Conversation(mean(held[1:4]), mean(held[-3:]), sum(held), sum(again), cold)


def _turn_ms(bench: Bench, server: Server, number: int, turn: int) -> float:
    before = server.cpu()
    bench.ask(server, WHOLE, what="turn", size=turn, first=number)
    return sum(server.cpu().values()) * 1e3 - sum(before.values()) * 1e3


def notes(bench: Bench) -> dict[str, dict[int, float]]:
    """Milliseconds for one message of each size, which nobody has seen, at low load."""
    return {server.name: {size: _note_ms(bench, server, size) for size in SIZES} for server in bench.all}


def _note_ms(bench: Bench, server: Server, size: int) -> float:
    samples = bench.ask(server, WHOLE, bench.effort.notes, what="note", size=size)
    return middle_ms(sample.seconds for sample in samples if sample.good)


def middle_ms(seconds: Iterable[float]) -> float:
    """The middle one in milliseconds; not a number if there is none."""
    return median([*seconds] or [float("nan")]) * 1e3


def memory(servers: Iterable[Server]) -> dict[str, list[Memory]]:
    """Of each process of each server, now."""
    return {server.name: server.memory() for server in servers}
