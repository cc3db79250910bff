"""An evidence store for tests: one database file a module, emptied for each use, and a log that is a list."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Collection, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import delete

from guardrail.errors import AuditUnavailable
from guardrail.record.database import Database, Place
from guardrail.record.entry import Entry, Event, Kind, kind_of, to_json
from guardrail.record.tables import metadata
from tests.support.postgres import fresh_database, url

T = TypeVar("T")
DAY = 86_400 * 1_000_000
NOW = 1_790_000_000 * 1_000_000


@dataclass
class Clock:
    """Microseconds that pass when a test says so."""

    now: int = NOW

    def __call__(self) -> int:
        return self.now


@dataclass(frozen=True)
class Line:
    """One entry, as the archive gives it."""

    writer: str
    seq: int
    at: int
    kind: Kind
    entry: Entry


@dataclass
class Log:
    """An audit log in memory. While `broken` it takes nothing."""

    clock: Clock = field(default_factory=Clock)
    lines: list[Line] = field(default_factory=list)
    broken: bool = False

    async def write(self, entry: Entry) -> None:
        if self.broken:
            raise AuditUnavailable("the audit log can't be written")
        self.add(entry)

    def add(self, entry: Entry) -> None:
        self.lines.append(Line("ab12cd34.0", len(self.lines), self.clock(), kind_of(entry), entry))

    @property
    def events(self) -> list[Event]:
        return [line.entry for line in self.lines if isinstance(line.entry, Event)]

    @property
    def whats(self) -> list[str]:
        return [str(event.what) for event in self.events]

    @property
    def bytes(self) -> bytes:
        """All bodies, as they would be stored."""
        return "\n".join(to_json(line.entry) for line in self.lines).encode()

    async def rows(
        self,
        *,
        since: int | None = None,
        until: int | None = None,
        kinds: Collection[Kind] = (),
        holding: Sequence[str] = (),
    ) -> AsyncIterator[Line]:
        for line in self.lines:
            late_enough = since is None or line.at >= since
            meant = (not kinds or line.kind in kinds) and all(each in to_json(line.entry) for each in holding)
            if late_enough and (until is None or line.at < until) and meant:
                yield line

    async def of_receipt(self, receipt: str) -> Sequence[Line]:
        return [line for line in self.lines if line.entry.receipt == receipt]


class Store:
    """A real database, and the loop that it belongs to."""

    def __init__(self, runner: asyncio.Runner, database: Database) -> None:
        self._runner, self.database = runner, database

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)

    def empty(self) -> None:
        async def wipe() -> None:
            async with self.database.writing() as connection:
                for table in metadata.sorted_tables:
                    await connection.execute(delete(table))

        self.run(wipe())

    @property
    def bytes(self) -> bytes:
        """Every file of it, with what waits in SQLite's journal."""
        return b"".join(file.read_bytes() for file in sorted(self.database.place.folder.iterdir()) if file.is_file())


@contextmanager
def opened_as(kind: str) -> Iterator[Store]:
    """In `sqlite`, or in a fresh database of `postgresql`."""
    if kind == "sqlite":
        with opened() as store:
            yield store
        return
    with fresh_database() as name, opened(url(name)) as store:
        yield store


@contextmanager
def opened(url: str = "") -> Iterator[Store]:
    """For a module's fixture: opening takes a moment. SQLite, or the PostgreSQL database at `url`."""
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        store = Store(runner, runner.run(Database.open(Place(Path(folder), url))))
        try:
            yield store
        finally:
            runner.run(store.database.close())
