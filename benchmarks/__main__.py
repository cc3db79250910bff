"""The benchmarks: `make bench`, or `.venv/bin/python -m benchmarks [--quick] [--print]`.

Measures, in one run on this machine and over loopback only, what the guardrail adds to a chat: CPU, time to the first
and to the last word, memory. Four things are asked the same questions in turns:

    direct               the scripted upstream itself (a process of its own, answers made beforehand)
    bare                 a starlette pass-through with the product's own upstream client and server: the yardstick
    guardrail, no rails  edge, dialect and engine with an empty chain
    guardrail, baseline  the policy that holds when no other is named

The client is a process of its own, too. With two cores or more the servers under test share one of them ("one core"),
the client and the upstream have another. CPU time is that of the server process, and separately of its analyzer.

Prints the tables and writes them into docs/benchmarks.md, between its markers; `--print` leaves the document alone,
`--quick` does a fifth of the work (for trying the benchmarks out, its figures are rough and are not written).
The exit status is 0 whether targets are met or missed: a benchmark tells, it does not judge. A question that is not
answered as it should be ends the run with an error.

Modules: payload (what is asked), upstream, bare and load (the processes), processes (how they run and what they took),
measure (the measurements), breakdown (the steps of one exchange), report (tables and targets).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

from benchmarks import measure, processes, report
from benchmarks.measure import Bench, Effort
from benchmarks.report import BASELINE, EMPTY, Results

T = TypeVar("T")

DOCUMENT = Path(__file__).parent.parent / "docs" / "benchmarks.md"
QUICK = Effort(rounds=2, whole=30, streams=8, first_tokens=10, starts=1, large=1, saturated_seconds=1.0)


def main() -> int:
    """Exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="What the guardrail adds to a chat.")
    parser.add_argument("--quick", action="store_true", help="a fifth of the work, nothing written")
    parser.add_argument("--print", action="store_true", help="leave docs/benchmarks.md alone")
    options = parser.parse_args()
    results = run(QUICK if options.quick else Effort())
    tables = report.markdown(results, "make bench")
    print(tables)
    if not (options.quick or options.print):
        report.write(DOCUMENT, tables)
    return 0


def run(effort: Effort) -> Results:
    """Everything, in one run."""
    began, load_before = time.monotonic(), os.getloadavg()[0]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        direct = stack.enter_context(processes.upstream())
        servers = (
            processes.bare(direct),
            processes.guardrail(EMPTY, direct, measure.write_empty_policy(folder)),
            processes.guardrail(BASELINE, direct),
        )
        started = [stack.enter_context(server) for server in servers]
        clients = stack.enter_context(processes.load()), stack.enter_context(processes.load())
        bench = Bench(direct, {server.name: server for server in started}, *clients, effort)
        return _measure_all(bench, began, load_before)


def _measure_all(bench: Bench, began: float, load_before: float) -> Results:
    product = bench.servers[BASELINE]
    before = _step("whole answers", product.metrics)
    whole = measure.whole(bench)
    after = product.metrics()
    return Results(
        whole=whole,
        rails_us=measure.rail_times_us(before, after),
        added_us=measure.added_us(before, after),
        streams=_step("streams", lambda: measure.streams(bench)),
        first=_step("first tokens", lambda: measure.first_tokens(bench)),
        delta_us=_step("a long stream", lambda: measure.per_delta_us(bench)),
        rates=_step("saturation", lambda: measure.saturation(bench)),
        large=_step("a large message", lambda: measure.large(bench, product)),
        memory={name: measure.memory(server) for name, server in bench.servers.items()},
        start_seconds=_step("start to ready", lambda: measure.start_seconds(bench)),
        steps=_step("the steps of one exchange", measure.breakdown),
        took_seconds=time.monotonic() - began,
        load_before=load_before,
    )


def _step(what: str, work: Callable[[], T]) -> T:
    print(f"measuring {what} ...", file=sys.stderr, flush=True)
    return work()


if __name__ == "__main__":
    sys.exit(main())
