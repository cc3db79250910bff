"""Audit stores for tests: each test gets its own data folder, and a SQLite file or a PostgreSQL database for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import text

from guardrail.record.archive import Archive, Row
from guardrail.record.audit import close_ledger, open_ledger
from guardrail.record.database import Database, Place
from guardrail.record.entry import Code, End, Entry, Event, Intent, Outcome, PolicyRef, Who
from guardrail.record.keys import KeyFiles, load_keys
from guardrail.record.ledger import Hooks, Ledger, Settings
from guardrail.record.verify import Report, verify
from guardrail.text import Action

STORES = ("sqlite", "postgresql")
POLICY = PolicyRef(Code("baseline"), 3, Code("c" * 64))
WHO = Who(client=Code("ward"), dialect=Code("openai.chat"), model=Code("gpt-4o"))
QUICK = Settings(patience=0.2)


def intent(receipt: str) -> Intent:
    return Intent(Code(receipt), WHO, POLICY)


def outcome(receipt: str) -> Outcome:
    return Outcome(Code(receipt), WHO, POLICY, End.ANSWERED, Action.ALLOW, 200)


def event(what: str = "snapshot", **facts: int) -> Event:
    return Event(Code(what), facts=dict(facts))


@asynccontextmanager
async def opened(
    place: Place, slot: str = "0", settings: Settings = QUICK, hooks: Hooks | None = None, files: KeyFiles | None = None
) -> AsyncIterator[Ledger]:
    ledger = await open_ledger(place, slot, settings=settings, hooks=hooks, files=files)
    try:
        yield ledger
    finally:
        await close_ledger(ledger, 1.0)


async def write(place: Place, entries: Iterable[Entry], slot: str = "0", *, groups: int = 1) -> str:
    """A whole run of a writer, so many entries in a transaction; its name."""
    async with opened(place, slot) as ledger:
        waiting: list[asyncio.Future[None]] = []
        for number, entry in enumerate(entries, 1):
            waiting.append(ledger.submit(entry))
            if number % groups == 0:
                await asyncio.gather(*waiting)
        await asyncio.gather(*waiting)
        return ledger.writer


async def rows_of(place: Place) -> Sequence[Row]:
    async with Archive.open(place) as archive:
        return [row async for row in archive.rows()]


async def verified(place: Place, outside: Sequence[str] = (), *, local: bool = True) -> Report:
    database = await Database.open(place, create=False)
    try:
        keys = load_keys(KeyFiles(place.folder), create=False)
        return await verify(database, [keys.verifier], outside=outside, local=local)
    finally:
        await database.close()


async def change(place: Place, statement: str, **values: object) -> int:
    """What somebody does to the tables behind the guardrail's back; how many rows it touched."""
    database = await Database.open(place, create=False)
    try:
        async with database.writing() as connection:
            return int((await connection.execute(text(statement), values)).rowcount)
    finally:
        await database.close()


def whats(rows: Iterable[Row]) -> list[str]:
    return [str(row.entry.what) for row in rows if isinstance(row.entry, Event)]


def folder(path: Path) -> Place:
    """A SQLite store in this folder."""
    return Place(path / "data")
