"""Sessions that were closed before their time, kept in the evidence store: a logout holds in every process and replica,
and after a restart.

Only the random number of a session and its end are kept, and no longer than the session would have lasted.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from guardrail.record import beside
from guardrail.record.database import Database
from guardrail.record.tables import meta

_KEY: Final = "closed-session:"


class ClosedSessions:
    """Those of one store. Times are seconds since 1970."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, session: str, until: int, now: int) -> None:
        """It holds nowhere from now on. Raises AuditUnavailable."""

        async def work(connection: AsyncConnection) -> None:
            kept = await connection.execute(select(meta.c.key, meta.c.value).where(meta.c.key.startswith(_KEY)))
            over = [key for key, end in kept if int(end) <= now or key == _KEY + session]
            await connection.execute(delete(meta).where(meta.c.key.in_(over)))
            await connection.execute(meta.insert().values(key=_KEY + session, value=str(until)))

        await beside.transaction(self._database, work)

    async def has(self, session: str) -> bool:
        """True if it was closed. Raises AuditUnavailable."""
        return bool(await beside.rows(self._database, select(meta.c.key).where(meta.c.key == _KEY + session)))
