"""How long a report takes, and how much memory: `python -m benchmarks.audit_report [EXCHANGES]`.

Fills a log in a folder of its own with made-up exchanges (an intent and an outcome each, in a sound chain), then runs
`guardrail report` on it in a process of its own and prints its seconds, its processor seconds and its peak memory.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from guardrail.record.chain import Chain, Stored, origin_of
from guardrail.record.database import Database, Place
from guardrail.record.heads import HeadFile
from guardrail.record.journal import Batch, Journal
from guardrail.record.keys import KeyFiles, load_keys
from tests.report.records import many

PATTERNS = 5_000
"""Different exchanges; the others are the same ones with receipts and times of their own."""
BATCH = 20_000


def main() -> None:
    """Entry point."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with TemporaryDirectory() as folder:
        began = time.perf_counter()
        size = asyncio.run(fill(Path(folder), count))
        print(f"{size:,} entries of {count:,} exchanges written in {time.perf_counter() - began:.0f} s")
        print(f"the database has {(Path(folder) / 'audit.db').stat().st_size / 1e6:,.0f} MB")
        for options in (["--no-verify"], ["--verify"]):
            seconds, cpu, peak = run(Path(folder), options)
            print(f"report {' '.join(options)}: {seconds:.1f} s, {cpu:.1f} s of processor time, peak {peak:.0f} MB")


def run(folder: Path, options: Sequence[str]) -> tuple[float, float, float]:
    """Seconds, processor seconds, and the peak of resident memory in MB, of the command in a process of its own."""
    name = folder / f"report-{time.time_ns()}"
    command = [sys.executable, "-m", "guardrail", "report", "--from", "2026-09-01", "--to", "2026-11-23", *options]
    command += ["--out", f"{name}.html", "--json", f"{name}.json"]
    began = time.perf_counter()
    child = os.posix_spawn(sys.executable, command, {**os.environ, "GUARDRAIL_DATA_DIR": str(folder)})
    _, status, used = os.wait4(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0, "the report failed"
    seconds = time.perf_counter() - began
    return seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


async def fill(folder: Path, count: int) -> int:
    """A sound log of so many exchanges; how many entries it has."""
    database = await Database.open(Place(folder))
    keys = load_keys(KeyFiles(folder), create=True)
    journal = Journal(database, keys, f"{keys.instance}.0")
    await journal.open(1.0)
    chain, rows, file = Chain(journal.writer), many(count, PATTERNS), HeadFile(folder, journal.writer)
    try:
        while some := list(islice(rows, BATCH)):
            added: list[dict[str, Any]] = []
            for at, kind, receipt, body in some:
                row = Stored(chain.size, at, kind, receipt, body)
                added.append({"writer": journal.writer, **row._asdict(), "hash": chain.add(row)})
            head = keys.signer.sign(str(chain.checkpoint()), origin_of(journal.writer))
            await journal.append(Batch(chain.copy(), head, added, checkpoint=True, open_from=chain.size))
            file.write(head)
    finally:
        file.close()
        await journal.close()
        await database.close()
    return chain.size


if __name__ == "__main__":
    main()
