"""Sessions that were closed before their time, kept in the evidence store: a logout holds in every process and replica,
and after a restart.

Only the random number of a session and its end are kept, and no longer than the session would have lasted.
"""

from __future__ import annotations

from typing import Final

from guardrail.record import shelf
from guardrail.record.database import Database

_KEY: Final = "closed-session:"


class ClosedSessions:
    """Those of one store. Times are seconds since 1970."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, session: str, until: int, now: int) -> None:
        """It holds nowhere from now on. Raises AuditUnavailable."""
        kept = await shelf.found(self._database, _KEY)
        over = [_KEY + name for name, end in kept.items() if int(end) <= now]
        await shelf.put(self._database, _KEY + session, str(until), over)

    async def has(self, session: str) -> bool:
        """True if it was closed. Raises AuditUnavailable."""
        return "" in await shelf.found(self._database, _KEY + session)
