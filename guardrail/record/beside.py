"""The tables beside the log (suspensions, cases, incidents): read, and changed in transactions, with one error.

What a driver says is shown to nobody: it may quote a value.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Delete, Insert, Row, Select, Update
from sqlalchemy.ext.asyncio import AsyncConnection

from guardrail.errors import AuditUnavailable
from guardrail.record.database import FAULTS, Database, why

T = TypeVar("T")
_ATTEMPTS: Final = 3
"""Another writer may hold the store for a moment: SQLite's own waiting is not fair."""

Change = Insert | Update | Delete


async def rows(database: Database, query: Select[Any]) -> Sequence[Row[Any]]:
    """All rows of the answer. Raises AuditUnavailable."""
    try:
        return await database.rows(query)
    except FAULTS as error:
        raise _unavailable(error) from None


def raw(result: Any) -> Sequence[Any]:
    """Rows as the driver gives them: a third of the time for a million."""
    found: Sequence[Any] = result.cursor.fetchall()
    result.close()
    return found


async def transaction(database: Database, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    """All of the work or nothing. It may be done again from its beginning. Raises AuditUnavailable."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            async with database.writing() as connection:
                return await work(connection)
        except FAULTS as error:
            if attempt == _ATTEMPTS or "locked" not in why(error):
                raise _unavailable(error) from None
    raise AssertionError("unreachable")


async def change(database: Database, statement: Change) -> int:
    """One statement; how many rows it touched. Raises AuditUnavailable."""

    async def work(connection: AsyncConnection) -> int:
        return int((await connection.execute(statement)).rowcount)

    return await transaction(database, work)


class Shared(Generic[T]):
    """A reading that anybody may ask for: who asks while one is under way gets the same.

    So a thousand who ask at once need one connection, and leave the others to what has to go on.
    """

    def __init__(self, read: Callable[[], Coroutine[Any, Any, T]]) -> None:
        self._read = read
        self._reading: asyncio.Task[T] | None = None

    async def __call__(self) -> T:
        """Raises what the reading raises."""
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read())
        return await asyncio.shield(self._reading)


def _unavailable(error: BaseException) -> AuditUnavailable:
    return AuditUnavailable(f"the evidence store can't be used: {why(error)}")
