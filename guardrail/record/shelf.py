"""Single values by name, beside the log (the table `meta`): small things that processes share and that outlive them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from guardrail.record import beside
from guardrail.record.database import Database
from guardrail.record.tables import meta


async def found(database: Database, prefix: str) -> Mapping[str, str]:
    """The values whose names begin so, by the rest of their names. Raises AuditUnavailable."""
    rows = await beside.rows(database, select(meta.c.key, meta.c.value).where(meta.c.key.startswith(prefix)))
    return {row.key.removeprefix(prefix): row.value for row in rows}


async def put(database: Database, name: str, value: str, gone: Collection[str] = ()) -> None:
    """In place of what stood there, and of the values that are `gone`. Raises AuditUnavailable."""

    async def work(connection: AsyncConnection) -> None:
        await connection.execute(delete(meta).where(meta.c.key.in_([name, *gone])))
        await connection.execute(meta.insert().values(key=name, value=value))

    await beside.transaction(database, work)
