"""Whose turn it is at the analyzer's desk."""

from __future__ import annotations

import asyncio
from typing import cast

from guardrail.engine.child import Child, Desk


class Free:
    """Stands for a child that has nothing to do."""


async def served(*wanted: tuple[float, int]) -> list[int]:
    """How much each caller needs, in the order in which they get the one child; each comes after so many seconds."""
    desk, child, order = Desk(10), cast(Child, Free()), list[int]()

    async def caller(left: int) -> None:
        taken = await desk.take(5.0, left)
        order.append(left)
        desk.give(taken)

    callers = []
    for seconds, left in wanted:
        await asyncio.sleep(seconds)
        callers.append(asyncio.create_task(caller(left)))
    await asyncio.sleep(0)
    desk.give(child)
    await asyncio.gather(*callers)
    return order


def test_a_short_text_passes_a_long_one() -> None:
    """Somebody's document holds up nobody's question."""
    assert asyncio.run(served((0, 500_000), (0.01, 100), (0.01, 50))) == [100, 50, 500_000]


def test_a_flood_of_short_texts_keeps_no_longer_one_out() -> None:
    """It gives way for a moment only."""
    assert asyncio.run(served((0, 400), (0.1, 50), (0.01, 60))) == [400, 50, 60]
