"""One writer's place in the database: its lock, its rows, its signed head, over one connection of its own.

Every transaction leaves exactly the entries that the head in `meta` signs, no more and no fewer; so a row that somebody
adds, however well it is chained, is not covered by a signature. Knows no queue and no time: see record.ledger.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import insert, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from guardrail.record.chain import Chain, origin_of
from guardrail.record.database import Database, Line, StoreUnusable, held, lock_key
from guardrail.record.keys import Keys
from guardrail.record.note import BadNote, Checkpoint, Verifier, open_note
from guardrail.record.tables import checkpoints, entries, meta

T = TypeVar("T")

HEAD: Final = "head:"
OPEN: Final = "open:"
ROTATED: Final = "key:"
INSTALL: Final = "install"
"""Keys in the table `meta`; the first three with a name behind the colon."""


class Moved(OSError):
    """The database's file is not the one that was opened: gone, or another one is in its place (AUD-02)."""


class SlotTaken(StoreUnusable):
    """Another process on this machine writes as this writer."""


class TakenOver(Exception):
    """The log goes on otherwise than was left: another process writes it. Nothing more may be written."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction adds. `chain` is where the log stands after it, `head` its signed note."""

    chain: Chain
    head: str
    rows: Sequence[Mapping[str, Any]] = ()
    subjects: Sequence[Mapping[str, Any]] = ()
    checkpoint: bool = False
    open_from: int = 0
    """The first entry that may be an intent without outcome."""


class Journal:
    """Opened once, closed once. `writer` is INSTANCE.SLOT."""

    def __init__(self, database: Database, keys: Keys, writer: str) -> None:
        self.database, self.keys, self.writer = database, keys, writer
        self._locks = AsyncExitStack()
        self._line: Line | None = None
        self._backend: int | None = None
        self._file: os.stat_result | None = None
        self._wal: os.stat_result | None = None
        self._path = database.place.file
        self._wal_path = self._path and self._path.with_name(f"{self._path.name}-wal")
        """SQLite's write-ahead log: the same file for as long as we are connected."""

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self.database.place.folder

    # ── opening and closing ───────────────────────────────────────────────────────────────────────────────────

    async def open(self, patience: float) -> None:
        """Takes the writer's lock. Raises StoreUnusable: another process has it for so many seconds, a wrong secret."""
        slot = self.writer.rpartition(".")[2]
        lock = slot_lock(self.folder, self.writer)
        try:
            await self._locks.enter_async_context(held(lock, patience))
        except StoreUnusable:
            raise SlotTaken(f"another guardrail writes to the audit log (slot {slot}): {lock} is locked") from None
        try:
            await self.reconnect()
            await self._check_secret()
        except BaseException:
            await self.close()
            raise

    async def reconnect(self) -> None:
        """A new connection with the writer's lock; the old one is given up. Raises what a store may raise, or Moved."""
        self._check_main()  # what a file that is gone still holds is held by our connection only
        await self.disconnect()
        line = await self.database.line()
        try:
            if self.database.kind == "postgresql":
                await self._lock_remotely(line)
        except BaseException:
            await line.close()
            raise
        self._line = line
        if self._path and self._file is None:
            self._file = self._path.stat()

    async def _lock_remotely(self, line: Line) -> None:
        """A session's lock. One that our own lost session still holds is taken from it."""
        if not await line.run(self._try_lock):
            await asyncio.sleep(0.1)
            if not await line.run(self._try_lock):
                raise StoreUnusable(f"another guardrail writes to the audit log as {self.writer}")

    def _try_lock(self, connection: Connection) -> bool:
        if connection.execute(TRY_LOCK, {"key": lock_key(self.writer)}).scalar_one():
            self._backend = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            return True
        if self._backend is not None:
            connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": self._backend})
        return False

    async def disconnect(self) -> None:
        """Without a word to a server that may not listen."""
        line, self._line, self._wal = self._line, None, None
        if line is not None:
            await line.close()

    async def close(self) -> None:
        """Lets go of connection and lock."""
        await self.disconnect()
        await self._locks.aclose()

    async def _check_secret(self) -> None:
        """Tags under two secrets could never be brought together: a pseudonym's erasure would find half."""
        tag = self.keys.derive("check", 16).hex()

        def check(connection: Connection) -> bool:
            row = {"key": INSTALL, "value": tag}
            connection.execute(_FIRST_VALUE, row)
            return bool(connection.execute(_VALUE, {"key": INSTALL}).scalar_one() == tag)

        if not await self.run(check):
            raise StoreUnusable("the install secret is not the one that this audit log was made with")

    # ── the file ──────────────────────────────────────────────────────────────────────────────────────────────

    def check_file(self) -> None:
        """Raises Moved if what is written to would not be found again."""
        self._check_main()
        if self._wal is not None and self._wal_path:
            self._check(self._wal, self._wal_path)

    def _check_main(self) -> None:
        if self._file is not None and self._path:
            self._check(self._file, self._path)

    def _check(self, known: os.stat_result, path: Path) -> None:
        try:
            moved = not os.path.samestat(known, path.stat())
        except FileNotFoundError:
            moved = True
        if moved:
            raise Moved("the audit database is not in its place any more")

    # ── writing ───────────────────────────────────────────────────────────────────────────────────────────────

    async def run(self, work: Callable[[Connection], T]) -> T:
        """One transaction. Raises what a store may raise."""
        if self._line is None:
            raise ConnectionError("no connection")
        return await self._line.run(work)

    async def append(self, batch: Batch) -> None:
        """All of it or nothing, durable when this returns. Raises what a store may raise."""
        self.check_file()
        await self.run(lambda connection: self._put(connection, batch))
        if self._wal_path and self._wal is None:
            with suppress(FileNotFoundError):
                self._wal = self._wal_path.stat()
        self.check_file()

    def _put(self, connection: Connection, batch: Batch) -> None:
        if batch.rows:
            _insert(connection, batch.rows)
            _set(connection, HEAD + self.writer, batch.head)
        if batch.subjects:
            connection.execute(_INSERT_SUBJECT, batch.subjects)
        if batch.checkpoint:
            row = checkpoint_row(batch.chain, batch.head)
            connection.execute(_FORGET_CHECKPOINT, {"writer": self.writer, "size": batch.chain.size})
            connection.execute(_INSERT_CHECKPOINT, row)
            _set(connection, OPEN + self.writer, str(batch.open_from))

    async def stands_at(self) -> Checkpoint | None:
        """What the signed head in the database says. Raises TakenOver if we did not sign it."""
        key = {"key": HEAD + self.writer}
        note = await self.run(lambda connection: connection.execute(_VALUE, key).scalar_one_or_none())
        try:
            return None if note is None else open_head(note, self.writer, [self.keys.verifier])
        except BadNote:
            raise TakenOver from None


def checkpoint_row(chain: Chain, note: str) -> dict[str, Any]:
    """A row of `checkpoints`."""
    return {
        "writer": chain.writer,
        "size": chain.size,
        "root": chain.tree.root(),
        "note": note,
        "frontier": chain.pack(),
        "at": chain.at,
    }


def open_head(note: str, writer: str, keys: Sequence[Verifier]) -> Checkpoint:
    """What a note says of a writer's log. Raises BadNote unless one of the keys signed it and it is of this log."""
    origin = origin_of(writer)
    checkpoint = Checkpoint.parse(open_note(note, [key.named(origin) for key in keys]).text)
    if checkpoint.origin != origin:
        raise BadNote("another log's")
    return checkpoint


def slot_lock(folder: Path, writer: str) -> Path:
    """The file whose lock a writer of this folder holds while it runs."""
    return folder / f"audit-{writer.rpartition('.')[2]}.lock"


_INSERT: Final = insert(entries)
_COLUMNS: Final = tuple(entries.c.keys())
_INSERT_SUBJECT: Final = text(
    "INSERT INTO subjects (receipt, tag, salt) VALUES (:receipt, :tag, :salt) ON CONFLICT (receipt) DO NOTHING"
)
_INSERT_CHECKPOINT: Final = insert(checkpoints)
_FORGET_CHECKPOINT: Final = text("DELETE FROM checkpoints WHERE writer = :writer AND size = :size")
_VALUE: Final = text("SELECT value FROM meta WHERE key = :key")
_NEW_VALUE: Final = text("INSERT INTO meta (key, value) VALUES (:key, :value)")
_FIRST_VALUE: Final = text("INSERT INTO meta (key, value) VALUES (:key, :value) ON CONFLICT (key) DO NOTHING")
_CHANGED_VALUE: Final = text("UPDATE meta SET value = :value WHERE key = :key")
TRY_LOCK: Final = text("SELECT pg_try_advisory_lock(:key)")
_PAGE_OF: Final = text(
    "SELECT seq, at, kind, receipt, body, hash FROM entries"
    " WHERE writer = :writer AND seq >= :start ORDER BY seq LIMIT :limit"
)


def _insert(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """SQLite in one statement: each gives the interpreter's lock away, and waits to have it back (5 ms at worst)."""
    if connection.dialect.name != "sqlite":
        connection.execute(_INSERT, rows)
        return
    places = ", ".join([f"({', '.join('?' * len(_COLUMNS))})"] * len(rows))
    statement = f"INSERT INTO entries ({', '.join(_COLUMNS)}) VALUES {places}"  # noqa: S608 - names of ours
    connection.exec_driver_sql(statement, tuple(row[name] for row in rows for name in _COLUMNS))


def _set(connection: Connection, key: str, value: str) -> None:
    row = {"key": key, "value": value}
    if connection.execute(_CHANGED_VALUE, row).rowcount == 0:
        connection.execute(_NEW_VALUE, row)


async def page(connection: AsyncConnection, writer: str, start: int, limit: int) -> Sequence[Sequence[Any]]:
    """Rows of a writer from an entry on: seq, at, kind, receipt, body, hash. As they are, whatever type they have."""
    found = await connection.execute(_PAGE_OF, {"writer": writer, "start": start, "limit": limit})
    return found.fetchall()


async def rotations(connection: AsyncConnection) -> list[str]:
    """The notes by which signing keys took each other's place."""
    return list((await values(connection, ROTATED)).values())


async def any_head(connection: AsyncConnection) -> bool:
    """True if something was ever signed here."""
    return bool(await values(connection, HEAD))


async def value(connection: AsyncConnection, key: str) -> str | None:
    """A value of `meta`."""
    found: str | None = (await connection.execute(_VALUE, {"key": key})).scalar_one_or_none()
    return found


async def values(connection: AsyncConnection, prefix: str) -> Mapping[str, str]:
    """The values of `meta` whose keys begin so, by the rest of their keys."""
    found = await connection.execute(select(meta.c.key, meta.c.value).where(meta.c.key.startswith(prefix)))
    return {key.removeprefix(prefix): each for key, each in sorted(tuple(row) for row in found)}
