"""The constants of the capacity model: `python -m benchmarks.scaling [--print] [--count N]`.

Measures them on this machine and writes them into docs/scaling.md, between its markers. CPU is counted, not time, so
that a busy machine blurs them less; memory is PSS and private memory. About three minutes on two free cores.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import processes, streams
from benchmarks.load import Job
from benchmarks.payload import SAME, WHOLE, Script
from benchmarks.processes import Load, Server

DOCUMENT = Path(__file__).parent.parent / "docs" / "scaling.md"
BEGIN, END = "<!-- written by `python -m benchmarks.scaling` from here on -->", "<!-- up to here -->"
_ROUNDS, _EACH = 3, 20

Row = tuple[str, str, object]
"""What, its letter in the formula, its value."""


def cpu_rows() -> list[Row]:
    """CPU of proxy and analyzer together for one whole exchange of the bench payload."""
    with processes.upstream() as model, processes.guardrail("baseline", model) as server, processes.load() as client:
        _cpu_ms(server, client, WHOLE, 900_000)
        fresh = [_cpu_ms(server, client, WHOLE, 1_000 * number) for number in range(1, _ROUNDS + 1)]
        _cpu_ms(server, client, SAME)
        again = [_cpu_ms(server, client, SAME) for _ in range(_ROUNDS)]
    return [
        ("CPU of one exchange, everything first seen, ms", "c_new", round(statistics.median(fresh), 2)),
        ("CPU of one exchange, all of it remembered, ms", "c_known", round(statistics.median(again), 2)),
    ]


def _cpu_ms(server: Server, client: Load, script: Script, first: int = 0) -> float:
    before = sum(server.cpu().values())
    client.run(Job(server.port, script.model, _EACH, what="same" if script is SAME else "fresh", first=first))
    return (sum(server.cpu().values()) - before) / _EACH * 1e3


def process_rows() -> list[Row]:
    """Memory and replacement."""
    told = streams.measure("processes")
    private = told["private_mib"]
    assert isinstance(private, dict)
    return [
        ("memory of all processes with two workers (PSS), MiB", "m_2", told["pss_all_mib"]),
        ("a worker's own memory at rest, MiB", "m_w", private["worker"]),
        ("an analyzer's own memory at rest, MiB", "m_a", private["analyzer"]),
        ("CPU of a start with two workers, s", "", told["ready_cpu_s"]),
        ("a killed worker is back after, s of CPU", "", told["worker_back_cpu_s"]),
        ("... by the clock, s", "", told["worker_back_s"]),
        ("a killed analyzer is back by the clock, s", "", told["analyzer_back_s"]),
    ]


def stream_rows(count: int) -> list[Row]:
    """Memory and CPU of streams that are open."""
    told = streams.measure("idle", count)
    return [
        (f"memory of one idle stream (of {count}), KiB", "m_s", told["kib_per_stream"]),
        ("CPU to open a stream with a short question, ms", "c_s", told["cpu_ms_to_open"]),
    ]


def table(rows: Sequence[Row]) -> str:
    """The table, with the machine and the date."""
    where = (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.machine()}, {len(processes.CORES)} cores, load average "
        f"{os.getloadavg()[0]:.1f}, Python {platform.python_version()}."
    )
    lines = ["| constant | letter | value |", "|---|---|---:|", *(f"| {a} | {b} | {c} |" for a, b, c in rows)]
    return "\n".join([where, "", *lines])


def write(text: str) -> None:
    """Between the markers. Raises ValueError if there are none."""
    before, begin, rest = DOCUMENT.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{DOCUMENT.name} has no markers to write between")
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}")


def main() -> None:
    """From the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling")
    parser.add_argument("--print", action="store_true", help="leave docs/scaling.md alone")
    parser.add_argument("--count", type=int, default=1_000, help="idle streams")
    options = parser.parse_args()
    text = table([*cpu_rows(), *process_rows(), *stream_rows(options.count)])
    print(text)
    if not options.print:
        write(text)


if __name__ == "__main__":
    main()
