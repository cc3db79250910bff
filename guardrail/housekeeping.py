"""What goes on for as long as the process does, whatever one round of it meets. Knows no work that is done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from guardrail.record import log


async def every(seconds: float, work: Callable[[], Awaitable[object]]) -> None:
    """Does the work again and again, with so many seconds between, until it is cancelled."""
    while True:
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - nobody waits for it: what ends here would be missed by nobody
            log.unexpected(error, "housekeeping_failed")
        await asyncio.sleep(seconds)
