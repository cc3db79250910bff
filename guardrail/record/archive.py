"""Reading the audit log: in the order of time, in bounded memory, whoever wrote it and is still writing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, select, tuple_

from guardrail.record.database import FAULTS, Database, Place, StoreUnusable, why
from guardrail.record.entry import Entry, Kind, from_json
from guardrail.record.tables import EVENTS_ONLY, entries

_COLUMNS: Final = tuple(entries.c[name] for name in ("writer", "seq", "at", "kind", "receipt", "body", "hash"))
_TURN: Final = 100
"""After so many lines others have their turn: who reads what is in them takes 10 ms of a core for that."""


@dataclass(frozen=True, slots=True)
class Row:
    """One committed entry. `seq` counts from 0 without a gap per writer; `at` is the writer's clock, microseconds."""

    writer: str
    seq: int
    at: int
    kind: Kind
    entry: Entry


class Line(NamedTuple):
    """A row of the table `entries` as it is there: `body` is JSON, not read yet."""

    writer: str
    seq: int
    at: int
    kind: str
    receipt: str | None
    body: str
    hash: bytes

    def read(self) -> Row:
        """Raises StoreUnusable for what this version can't read."""
        try:
            kind = Kind(self.kind)
            return Row(self.writer, self.seq, self.at, kind, from_json(kind, self.body))
        except ValueError:
            what = f"entry {self.seq} of {self.writer} can't be read; see `guardrail audit verify`"
            raise StoreUnusable(what) from None


class Archive:
    """The log of a database that is open."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @classmethod
    @asynccontextmanager
    async def open(cls, place: Place | Database) -> AsyncIterator[Archive]:
        """The log at a place, or of a database that the caller closes. Raises StoreUnusable if there is none."""
        if isinstance(place, Database):
            yield cls(place)
            return
        database = await Database.open(place, create=False)
        try:
            yield cls(database)
        finally:
            await database.close()

    async def rows(
        self,
        *,
        since: int | None = None,
        until: int | None = None,
        kinds: Collection[Kind] = (),
        holding: Sequence[str] = (),
        batch: int = 2_000,
    ) -> AsyncIterator[Row]:
        """Ordered by time, writer and number; `since` is in, `until` is not. No lock is held between two batches.

        With `holding` only entries in whose JSON all of these texts stand: the database leaves the others out.
        Raises StoreUnusable for an entry that can't be read.
        """
        async for line in self.lines(since=since, until=until, kinds=kinds, holding=holding, batch=batch):
            yield line.read()

    async def lines(
        self,
        *,
        since: int | None = None,
        until: int | None = None,
        kinds: Collection[Kind] = (),
        holding: Sequence[str] = (),
        batch: int = 2_000,
    ) -> AsyncIterator[Line]:
        """As `rows`, without reading what is in them: a tenth of the time."""
        after: Line | None = None
        while True:
            found = await self._fetch(_page(since, until, kinds, after, holding).limit(batch))
            for number, line in enumerate(found):
                if number % _TURN == 0:
                    await asyncio.sleep(0)
                yield line
            if len(found) < batch:
                return
            after = found[-1]

    async def of_receipt(self, receipt: str) -> Sequence[Row]:
        """The intent, the outcome and all events about one exchange; none for a receipt that is not known."""
        wanted = select(*_COLUMNS).where(entries.c.receipt == receipt)
        found = await self._fetch(wanted.order_by(entries.c.at, entries.c.writer, entries.c.seq))
        return [line.read() for line in found]

    async def size_of(self, writer: str) -> int:
        """The number that this writer's next entry will have. Raises StoreUnusable."""
        newest = select(*_COLUMNS).where(entries.c.writer == writer).order_by(entries.c.seq.desc()).limit(1)
        return next((line.seq + 1 for line in await self._fetch(newest)), 0)

    async def of_writer(self, writer: str, start: int, limit: int) -> Sequence[Line]:
        """Entries of one writer from a number on. Raises StoreUnusable."""
        mine = select(*_COLUMNS).where(entries.c.writer == writer, entries.c.seq >= start)
        return await self._fetch(mine.order_by(entries.c.seq).limit(limit))

    async def latest(self, limit: int, kinds: Collection[Kind] = ()) -> Sequence[Row]:
        """The newest first. Raises StoreUnusable for an entry that can't be read."""
        return [line.read() for line in await self.latest_lines(limit, kinds)]

    async def latest_lines(self, limit: int, kinds: Collection[Kind] = ()) -> Sequence[Line]:
        """As `latest`, without reading what is in them."""
        order = (entries.c.at.desc(), entries.c.writer.desc(), entries.c.seq.desc())
        return await self._fetch(select(*_COLUMNS).where(*_of(kinds)).order_by(*order).limit(limit))

    async def _fetch(self, query: Select[Any]) -> Sequence[Line]:
        """Raises StoreUnusable."""
        try:
            async with self.database.reading() as connection:
                return [Line(*row) for row in await connection.execute(query)]
        except FAULTS as error:
            raise StoreUnusable(f"{self.database.name} can't be read: {why(error)}") from None


def _page(
    since: int | None, until: int | None, kinds: Collection[Kind], after: Line | None, holding: Sequence[str]
) -> Select[Any]:
    wanted: list[ColumnElement[bool]] = [
        *_of(kinds),
        *(entries.c.body.contains(each, autoescape=True) for each in holding),
    ]
    if since is not None:
        wanted.append(entries.c.at >= since)
    if until is not None:
        wanted.append(entries.c.at < until)
    if after is not None:
        wanted.append(tuple_(entries.c.at, entries.c.writer, entries.c.seq) > tuple_(after.at, after.writer, after.seq))
    order = (entries.c.at, entries.c.writer, entries.c.seq)
    return select(*_COLUMNS).where(and_(True, *wanted)).order_by(*order)


def _of(kinds: Collection[Kind]) -> Sequence[ColumnElement[bool]]:
    if set(kinds) == {Kind.EVENT}:
        return [EVENTS_ONLY]
    return [entries.c.kind.in_(sorted(kind.value for kind in kinds))] if kinds else []
