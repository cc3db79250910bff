"""Kills processes that write to an audit log, at random moments, and looks for what they had said was durable."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from guardrail.record.database import Place
from guardrail.record.entry import End, Intent, Outcome
from guardrail.record.verify import Report
from tests.support.stores import rows_of, verified


@dataclass
class Killed:
    """What was acknowledged over all processes so far."""

    place: Place
    slots: tuple[str, ...] = ("0",)
    dice: random.Random = field(default_factory=lambda: random.Random(5))
    kills: int = 0
    acknowledged: set[str] = field(default_factory=set)

    def once(self, least: float = 0.0, most: float = 0.25) -> None:
        """Starts a process for each slot, lets them write for a while, kills them all."""
        running = [self._start(slot) for slot in self.slots]
        try:
            ready = [process.stdout is not None and process.stdout.readline() == b"ready\n" for process in running]
            assert all(ready), "one did not start"
            time.sleep(self.dice.uniform(least, most))
        finally:
            for process in running:
                process.send_signal(signal.SIGKILL)
            told = [process.communicate(timeout=30)[0].decode() for process in running]
        for lines in told:
            self.acknowledged.update(lines.split("\n")[:-1])
        self.kills += len(running)

    def _start(self, slot: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.support.audit_writer", str(self.place.folder), slot, self.place.url]
        return subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0)  # what is read ahead would be lost

    async def lost(self) -> list[str]:
        """What was acknowledged and is not there exactly once."""
        found: Counter[str] = Counter()
        for row in await rows_of(self.place):
            if isinstance(row.entry, Intent):
                found[f"i {row.entry.receipt}"] += 1
            elif isinstance(row.entry, Outcome) and row.entry.end is End.ANSWERED:
                found[f"o {row.entry.receipt}"] += 1
        return sorted(told for told in self.acknowledged if found[told] != 1)

    async def report(self) -> Report:
        """As it is after the last kill, before anybody goes on with it."""
        return await verified(self.place)
