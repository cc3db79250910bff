"""A process that writes to an audit log until it is killed, and says on its standard output what is durable.

Run as `python -m tests.support.audit_writer FOLDER SLOT [URL]`. A line is written after `commit` returned: whoever
reads `i r17` may count on the intent of r17, after `o r17` on its outcome. `-` says that an entry was refused.
"""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from itertools import count
from pathlib import Path

from guardrail.errors import AuditUnavailable
from guardrail.record.audit import open_ledger
from guardrail.record.database import Place
from guardrail.record.ledger import Ledger
from tests.support.stores import QUICK, intent, outcome

AT_ONCE = 20


async def main(folder: str, slot: str, url: str) -> None:
    settings = replace(QUICK, checkpoint_seconds=0.02, patience=10.0)
    ledger = await open_ledger(Place(Path(folder), url), slot, settings=settings)
    tell("ready")
    numbers = count()
    await asyncio.gather(*[exchange(ledger, numbers) for _ in range(AT_ONCE)])


async def exchange(ledger: Ledger, numbers: count[int]) -> None:
    prefix = f"{os.getpid()}-"
    for number in numbers:
        try:
            await ledger.commit(intent(f"{prefix}{number}"), subject=f"patient-{number % 7}")
            tell(f"i {prefix}{number}")
            await asyncio.sleep(0)
            await ledger.commit(outcome(f"{prefix}{number}"))
            tell(f"o {prefix}{number}")
        except AuditUnavailable:
            tell("-")
            await asyncio.sleep(0.05)


def tell(line: str) -> None:
    """One write for each line: the reader sees whole lines only."""
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else ""))
