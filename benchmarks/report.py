"""From measurements to tables: what was aimed at, what was measured, met or missed. Knows no process.

Writes docs/benchmarks.md between its markers; the words around them are written by people, the figures never.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.breakdown import UNCHANGED
from benchmarks.measure import Compared, FirstToken, Large, event_ratio
from benchmarks.payload import ANSWER, CHAT, CHUNKS, LARGE_CHARS, LONG_DELTAS, PHI_ITEMS
from benchmarks.processes import CORES

BEGIN, END = "<!-- written by `make bench` from here on -->", "<!-- up to here -->"
EMPTY, BASELINE = "guardrail, no rails", "guardrail, baseline"


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
        return (
            self.what,
            limit,
            f"{self.measured:.{self.digits}f} {self.unit}".rstrip(),
            "met" if self.met else "missed",
        )


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that one run gave."""

    whole: Compared
    streams: Compared
    first: Mapping[str, FirstToken]
    delta_us: Mapping[str, float]
    large: Large
    rates: Mapping[str, float]
    start_seconds: float
    memory: Mapping[str, Mapping[str, tuple[float, float]]]
    steps: Mapping[str, float]
    rails_us: Mapping[str, float]
    added_us: Mapping[str, float]
    took_seconds: float
    load_before: float


def targets(results: Results) -> list[Target]:
    """The lines of issue 2, each with what was measured."""
    whole, streams, first = results.whole, results.streams, results.first
    added = [a - b for a, b in zip(*(whole[name].percentiles_ms() for name in (BASELINE, "direct")), strict=True)]
    beginning = first[BASELINE].first_text - first["direct"].first_text
    pss = sum(pss for pss, _ in results.memory[BASELINE].values())
    return [
        Target("no rails: CPU added per whole request, of the bare pass-through's own", 1.0, _added(whole), "x", 2),
        Target("no rails: CPU added per streamed request, of the bare one's own", 1.0, _added(streams), "x", 2),
        Target("baseline: added to a whole answer, p50, on one core", 8.0, added[0], "ms"),
        Target("baseline: first text of a stream after the upstream's first byte", 2.0, beginning, "ms", 2),
        Target("no rails: CPU per delta, less the bare one's", 50.0, _own_delta(results, EMPTY), "µs"),
        Target("baseline: CPU of the proxy per delta, less the bare one's", 50.0, _own_delta(results, BASELINE), "µs"),
        Target("baseline: text events out for each in", 0.6, event_ratio(streams[BASELINE]), "", 2, least=True),
        Target("start to ready", 5.0, results.start_seconds, "s", 2),
        Target("memory of a worker with its analyzer (PSS)", 350.0, pss, "MiB", 0),
        Target("a message of 100 KB", 1.5, results.large.seconds, "s", 2),
        Target("an unchanged message of 1,500 characters", 50.0, results.steps[UNCHANGED], "µs"),
        Target("longest gap it adds to another client's stream", 50.0, _stall(results.large) * 1e3, "ms"),
    ]


def _added(series: Compared) -> float:
    own = series["bare"].cpu_us("server")
    return (series[EMPTY].cpu_us("server") - own) / own


def _own_delta(results: Results, name: str) -> float:
    return results.delta_us[name] - results.delta_us["bare"]


def _stall(large: Large) -> float:
    return max(0.0, large.disturbed_gap - large.quiet_gap)


def markdown(results: Results, command: str) -> str:
    """All tables, with the machine and the date."""
    parts = [
        _circumstances(results, command),
        "## Targets",
        _table(("what", "target", "measured", "verdict"), [target.cells() for target in targets(results)]),
        "## One whole answer at low load",
        _table(("", "p50 ms", "p95 ms", "p99 ms", "CPU server µs", "CPU analyzer µs"), _latency(results.whole)),
        "## One streamed answer, four at a time",
        _table(("", "CPU server µs", "CPU analyzer µs", "text events out / in"), _streamed(results.streams)),
        "## The beginning of a stream",
        _table(
            ("", "client to upstream ms", "first byte to first text ms", "first byte to the model's first word ms"),
            [(name, _f(t.request, 2), _f(t.first_text, 2), _f(t.first_word, 2)) for name, t in results.first.items()],
        ),
        f"## A long stream: {LONG_DELTAS} deltas without a sentence end",
        _table(("", "CPU server per delta µs"), [(name, _f(us)) for name, us in results.delta_us.items()]),
        "## Where the time of a whole exchange goes",
        _table(("step", "µs, median"), [(step, _f(us, 0)) for step, us in results.steps.items()]),
        _table(
            ("metric of the running proxy", "µs, mean"),
            [(f"`guardrail_rail_duration_seconds` {rail}", _f(us, 0)) for rail, us in results.rails_us.items()]
            + [(f"`guardrail_added_latency_seconds` {phase}", _f(us, 0)) for phase, us in results.added_us.items()],
        ),
        "## Load, memory, large messages",
        _table(("16 clients without pause", "answers per second"), [(n, _f(r, 0)) for n, r in results.rates.items()]),
        _table(("memory", "process", "PSS MiB", "RSS MiB"), _memory(results.memory)),
        _table(("a message of 100 KB and another client's stream", "ms"), _gaps(results.large)),
    ]
    return "\n\n".join(parts)


def _circumstances(results: Results, command: str) -> str:
    chars = sum(len(text) for _, text in CHAT)
    pinned = "the servers under test share one core, the upstream and the client another"
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, `{command}`, {results.took_seconds:.0f} s. {_cpu_model()}, "
        f"{len(CORES)} cores ({pinned if len(CORES) > 1 else 'all on one core'}), load average before it began "
        f"{results.load_before:.1f}; "
        f"{platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}. "
        f"Bench payload: {len(CHAT)} messages, {chars} characters, {len(PHI_ITEMS)} PHI items; answer of {len(ANSWER)} "
        f"characters, {CHUNKS} stream chunks; large message {LARGE_CHARS} characters."
    )


def _cpu_model() -> str:
    found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    return found[1] if found else platform.machine()


def _latency(series: Compared) -> list[tuple[str, ...]]:
    return [
        (
            name,
            *(_f(ms, 2) for ms in each.percentiles_ms()),
            _f(each.cpu_us("server"), 0),
            _f(each.cpu_us("analyzer"), 0),
        )
        for name, each in series.items()
    ]


def _streamed(series: Compared) -> list[tuple[str, ...]]:
    return [
        (name, _f(each.cpu_us("server"), 0), _f(each.cpu_us("analyzer"), 0), _f(event_ratio(each), 2))
        for name, each in series.items()
    ]


def _memory(memory: Mapping[str, Mapping[str, tuple[float, float]]]) -> list[tuple[str, ...]]:
    return [
        (name, process, _f(pss, 0), _f(rss, 0))
        for name, processes in memory.items()
        for process, (pss, rss) in processes.items()
    ]


def _gaps(large: Large) -> list[tuple[str, ...]]:
    return [
        ("the message itself", _f(large.seconds * 1e3, 0)),
        ("longest gap in the stream, asked directly", _f(large.direct_gap * 1e3)),
        ("... through the guardrail", _f(large.quiet_gap * 1e3)),
        ("... while the message is being checked", _f(large.disturbed_gap * 1e3)),
    ]


def _f(value: float, digits: int = 1) -> str:
    return f"{value:.{digits}f}"


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
