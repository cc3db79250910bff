"""From measurements to tables: what was aimed at, what was measured, met or missed. Knows no process.

Writes docs/benchmarks.md between its markers; the words around them are written by people, the figures never.
"""

from __future__ import annotations

import math
import platform
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.breakdown import UNCHANGED
from benchmarks.measure import SIZES, TURNS, Compared, Conversation, FirstToken, Series, event_ratio
from benchmarks.payload import ANSWER, CHUNKS, LONG_DELTAS, PHI_ITEMS, chat, fill
from benchmarks.processes import CORES, Memory
from benchmarks.product import LARGE, STATES, Hostile, Large, State, Workers

BEGIN, END = "<!-- written by `make bench` from here on -->", "<!-- up to here -->"
EMPTY, BASELINE = "guardrail, no rails", "guardrail, baseline"
FIRST_SEEN, LAST_NEW, REMEMBERED = STATES


@dataclass(frozen=True, slots=True)
class Target:
    """One line of the verdict. `least`: the measured value must be at least the limit instead of at most."""

    what: str
    limit: float
    measured: float
    unit: str = ""
    digits: int = 1
    least: bool = False

    @property
    def met(self) -> bool:
        """True if the limit is kept."""
        return self.measured >= self.limit if self.least else self.measured <= self.limit

    def cells(self) -> tuple[str, ...]:
        """A row of the table."""
        sign = "≥" if self.least else "≤"
        limit = f"{sign} {self.limit:g} {self.unit}".rstrip()
        measured = f"{self.measured:.{self.digits}f} {self.unit}".rstrip()
        return self.what, limit, measured, "met" if self.met else "missed"


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that one run gave. `left_out`: who was not measured, and why."""

    left_out: Mapping[str, str]
    reached: Mapping[str, int]
    whole: Compared
    full: Compared
    half: Compared
    streams: Compared
    first: Mapping[str, FirstToken]
    delta_us: Mapping[str, tuple[float, float]]
    conversations: Mapping[str, Conversation]
    notes: Mapping[str, Mapping[int, float]]
    memory: Mapping[str, Sequence[Memory]]
    states: Mapping[str, State]
    workers: Mapping[int, Workers]
    large: Large
    hostile: Mapping[str, Hostile]
    start_seconds: float
    steps: Mapping[str, float]
    metrics_us: Mapping[str, float]
    took_seconds: float
    load_before: float


def targets(results: Results) -> list[Target]:
    """The figures to reach, each with what was measured."""
    return [*_rates(results), *_streaming(results), *_sizes(results), *_own_work(results), *_attack(results)]


def _rates(results: Results) -> list[Target]:
    states = results.states
    per_second = {FIRST_SEEN: 100.0, LAST_NEW: 300.0, REMEMBERED: 1000.0}
    p50 = {FIRST_SEEN: 10.0, LAST_NEW: 3.0, REMEMBERED: 1.0}
    return [
        *(Target(f"{name}: answers per second and core", limit, states[name].full[BASELINE].rate, "", 0, least=True)
          for name, limit in per_second.items()),
        *(Target(f"{name}: added to a whole answer, p50", limit, _added(states[name].low, 0), "ms", 2)
          for name, limit in p50.items()),
        *(Target(f"{name}: p99 at half load, of its p50", 3.0, _spread(state.half[BASELINE]), "x", 2)
          for name, state in states.items()),
    ]  # fmt: skip


def _streaming(results: Results) -> list[Target]:
    streams, first = results.streams[BASELINE], results.first
    beginning = first[BASELINE].first_text - first["direct"].first_text
    return [
        Target("streams of 120 events, 8 at a time: per second and core", 100.0, streams.rate, "", 0, least=True),
        Target("first text of a stream beyond the request's analysis", 1.0, beginning, "ms", 2),
        Target("text events out for each in", 0.6, event_ratio(streams), "", 2, least=True),
        Target("no rails: CPU per delta, less the bare one's", 50.0, _own_delta(results, EMPTY), "µs"),
        Target("CPU of the proxy per delta, less the bare one's", 50.0, _own_delta(results, BASELINE), "µs"),
    ]


def _sizes(results: Results) -> list[Target]:
    held, notes = results.conversations[BASELINE], results.notes
    small, large = (notes[BASELINE][size] - notes["direct"][size] for size in SIZES)
    return [
        Target(f"the last of {TURNS} turns, of the second", 1.5, held.last / held.second, "x", 2),
        Target(f"a message of {SIZES[0]:,} characters", 30.0, small, "ms"),
        Target(f"a message of {SIZES[1]:,} characters, for each character of those", 1.2,
               large / small * SIZES[0] / SIZES[1], "x", 2),
        Target("an unchanged message of 1,500 characters", 50.0, results.steps[UNCHANGED], "µs"),
    ]  # fmt: skip


def _own_work(results: Results) -> list[Target]:
    one, two = results.workers[1], results.workers[2]
    rss = sum(each.rss for each in results.memory[BASELINE])
    return [
        Target("no rails: CPU added per whole request, of the bare one's", 1.0, _added_cpu(results.whole), "x", 2),
        Target("no rails: CPU added per streamed request, of the bare one's", 1.0, _added_cpu(results.streams), "x", 2),
        Target("memory of the first worker with all it needs (RSS)", 350.0, rss, "MiB", 0),
        Target("memory that a second worker adds (PSS)", 120.0, two.pss - one.pss, "MiB", 0),
        Target("start to ready", 3.0, results.start_seconds, "s", 2),
    ]


def _attack(results: Results) -> list[Target]:
    hostile = results.hostile.values()
    return [
        Target("the worst hostile request: memory it takes", 64.0, max(h.growth for h in hostile), "MiB", 0),
        Target("the worst hostile request: stall of others, p99.9", 50.0, max(h.stall for h in hostile) * 1e3, "ms"),
        Target("longest gap that 100 KB add to another client's stream", 50.0, _stall(results.large) * 1e3, "ms"),
    ]  # fmt: skip


def _added(series: Compared, place: int) -> float:
    return series[BASELINE].percentiles_ms()[place] - series["direct"].percentiles_ms()[place]


def _spread(series: Series) -> float:
    p50, _, p99 = series.percentiles_ms()
    return p99 / p50


def _added_cpu(series: Compared) -> float:
    own = series["bare"].all_cpu_us
    return (series[EMPTY].all_cpu_us - own) / own


def _own_delta(results: Results, name: str) -> float:
    return results.delta_us[name][0] - results.delta_us["bare"][0]


def _stall(large: Large) -> float:
    return max(0.0, large.disturbed_gap - large.quiet_gap)


def markdown(results: Results, command: str) -> str:
    """All tables, with the machine and the date."""
    return "\n\n".join((_circumstances(results, command), *_verdict(results), *_compared(results), *_alone(results)))


def _verdict(results: Results) -> list[str]:
    return [
        "### Targets",
        "The guardrail with the baseline policy where nothing else is said.",
        _table(("what", "target", "measured", "verdict"), [target.cells() for target in targets(results)]),
    ]


def _compared(results: Results) -> list[str]:
    names = list(results.whole)
    return [
        "### Side by side: whole answers",
        "Everything first seen. \"Reached\": of the 8 items of PHI, those that the model got to read.",
        _table(
            ("", "answers/s", "p50 ms", "p95 ms", "p99 ms", "at half load: p50", "p95", "p99", "CPU ms", "reached"),
            [(name, _f(results.full[name].rate, 0 if results.full[name].rate > 100 else 1),
              *_ms(results.whole[name]), *_ms(results.half[name]),
              _f(results.whole[name].all_cpu_us / 1e3, 2), f"{results.reached[name]} of {len(PHI_ITEMS)}")
             for name in names],
        ),
        _failures(results),
        "### Side by side: streams of 120 events, 8 at a time",
        _table(
            ("", "streams/s", "CPU ms", "text events out / in", "to upstream ms", "first byte to first text ms",
             "first byte to the model's first word ms"),
            [(name, _f(results.streams[name].rate), _f(results.streams[name].all_cpu_us / 1e3, 2),
              _f(event_ratio(results.streams[name]), 2), _f(first.request, 2), _f(first.first_text, 2),
              _f(first.first_word, 2)) for name, first in results.first.items()],
        ),
        f"### Side by side: a long stream, {LONG_DELTAS} deltas without a sentence end",
        _table(
            ("CPU per delta, µs", "process that is asked", "all processes"),
            [(name, _f(own), _f(every)) for name, (own, every) in results.delta_us.items()],
        ),
        f"### Side by side: a conversation of {TURNS} turns, CPU ms",
        _table(
            ("", "second turn", "last turn", "last / second", "all turns", "all again", "last turn, nothing known"),
            [(name, _f(c.second), _f(c.last), _f(c.last / c.second, 2), _f(c.all, 0), _f(c.again, 0), _f(c.cold))
             for name, c in results.conversations.items()],
        ),
        "### Side by side: large messages and memory",
        _table(
            ("", *(f"{size:,} characters, ms" for size in SIZES), "processes", "PSS MiB", "RSS MiB"),
            [(name, *(_f(ms) for ms in results.notes[name].values()), *_memory(results.memory.get(name, ())))
             for name in names],
        ),
    ]  # fmt: skip


def _failures(results: Results) -> str:
    failed = {
        name: sum(series[name].failed for series in (results.whole, results.full, results.half, results.streams))
        for name in results.whole
    }
    rows = [f"{name}: {count}" for name, count in failed.items() if count]
    lines = [f"Answers that failed: {', '.join(rows) or 'none'}."]
    lines += [f"Left out: {name} ({why})." for name, why in results.left_out.items()]
    return " ".join(lines)


def _alone(results: Results) -> list[str]:
    return [
        "### The guardrail alone",
        _table(
            ("bench payload", "answers/s", "added p50 ms", "p95", "p99", "half load: p50 ms", "p95", "p99"),
            [(name, _f(state.full[BASELINE].rate, 0), *(_f(_added(state.low, place), 2) for place in range(3)),
              *_ms(state.half[BASELINE])) for name, state in results.states.items()],
        ),
        _table(
            ("workers, on every core", "answers/s", "processes", "PSS MiB"),
            [(f"{count}", _f(w.per_second, 0), f"{w.processes}", _f(w.pss, 0)) for count, w in results.workers.items()],
        ),
        _table(
            ("one hostile request or answer", "status", "answered after ms", "memory MiB", "stall of others p99.9 ms"),
            [(name, f"{h.status}", _f(h.seconds * 1e3, 0), _f(h.growth), _f(h.stall * 1e3))
             for name, h in results.hostile.items()],
        ),
        _table((f"a message of {LARGE // 1024} KB and another client's stream", "ms"), _gaps(results.large)),
        _table(("where the time of a whole exchange goes", "µs, median"),
               [(step, _f(us, 0)) for step, us in results.steps.items()]),
        _table(
            ("metric of the running proxy", "µs, mean"),
            [(f"`{series}`", _f(us, 0)) for series, us in results.metrics_us.items()],
        ),
    ]  # fmt: skip


def _circumstances(results: Results, command: str) -> str:
    chars = sum(len(text) for _, text in chat(0))
    pinned = "the servers under test share one core, the upstream and the client another"
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, `{command}`, {results.took_seconds:.0f} s. {_cpu_model()}, "
        f"{len(CORES)} cores ({pinned if len(CORES) > 1 else 'all on one core'}), load average before it began "
        f"{results.load_before:.1f}; "
        f"{platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}. "
        f"Bench payload: {len(chat(0))} messages, {chars} characters, {len(PHI_ITEMS)} PHI items; answer of "
        f"{len(fill(ANSWER, 0))} characters, {CHUNKS} stream chunks. Client and upstream together reach "
        f"{results.full['direct'].rate:.0f} whole answers and {results.streams['direct'].rate:.0f} streams a second "
        "(the row `direct`): figures near these are theirs."
    )


def _cpu_model() -> str:
    found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    return found[1] if found else platform.machine()


def _ms(series: Series) -> tuple[str, ...]:
    return tuple(_f(ms, 2) for ms in series.percentiles_ms())


def _memory(processes: Sequence[Memory]) -> tuple[str, ...]:
    if not processes:
        return "-", "-", "-"
    return f"{len(processes)}", _f(sum(m.pss for m in processes), 0), _f(sum(m.rss for m in processes), 0)


def _gaps(large: Large) -> list[tuple[str, ...]]:
    return [
        ("the message itself", _f(large.seconds * 1e3, 0)),
        ("longest gap in the stream, asked directly", _f(large.direct_gap * 1e3)),
        ("... through the guardrail", _f(large.quiet_gap * 1e3)),
        ("... while the message is being checked", _f(large.disturbed_gap * 1e3)),
    ]


def _f(value: float, digits: int = 1) -> str:
    return "-" if math.isnan(value) else f"{value:.{digits}f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    rule = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))


def write(path: Path, tables: str) -> None:
    """Put the tables between the markers of the document. Raises ValueError if it has none."""
    before, begin, rest = path.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{path.name} has no markers to write between")
    path.write_text(f"{before}{BEGIN}\n\n{tables}\n\n{END}{after}")
