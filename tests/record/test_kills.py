"""`kill -9` under load (AUD-03, G5): what was acknowledged is there, and the log verifies before and after going on."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from guardrail.record.database import Place
from guardrail.record.entry import Intent, Outcome
from tests.support.killing import Killed
from tests.support.stores import opened, rows_of, verified

ROUNDS = 3


@pytest.mark.case("AUD-03")
def test_nothing_acknowledged_is_lost_and_every_log_verifies(place: Place) -> None:
    killed = Killed(place, slots=("0", "1"))

    async def look() -> None:
        assert await killed.lost() == []
        assert (await killed.report()).problems == []

    for _ in range(ROUNDS):
        killed.once()
        asyncio.run(look())
    assert len(killed.acknowledged) > 20 * ROUNDS

    async def go_on() -> None:
        for slot in ("0", "1"):
            async with opened(place, slot):
                pass
        rows = await rows_of(place)
        intents = Counter(row.entry.receipt for row in rows if isinstance(row.entry, Intent))
        outcomes = Counter(row.entry.receipt for row in rows if isinstance(row.entry, Outcome))
        assert intents == outcomes, "each exchange has one end"
        assert (await verified(place)).problems == []

    asyncio.run(go_on())
