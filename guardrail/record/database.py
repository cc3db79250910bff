"""Where evidence is kept: one SQLite file under GUARDRAIL_DATA_DIR, or PostgreSQL where several replicas share it.

Opening creates the folder (0700) and brings the tables to this version's form. What can't be opened as it should be is
refused with one clear line (`StoreUnusable`): nothing is overwritten, repaired or started over. No message shows an
address, which may hold a password, or what a driver said, which may quote a value.
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import sqlite3
import ssl
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Literal, TypeVar
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import Row, Select, create_engine, event, inspect, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from guardrail.errors import GuardrailError
from guardrail.record import migrations

T = TypeVar("T")

DATA_DIR_ENV: Final = "GUARDRAIL_DATA_DIR"
FILE: Final = "audit.db"
FAULTS: Final = (
    SQLAlchemyError,
    OSError,
    TimeoutError,
    sqlite3.Error,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
)
"""All that a store that does not work may raise."""

_MIGRATION_LOCK: Final = 0x6775617264  # any number of our own, for pg_advisory_lock
_MIGRATION_PATIENCE: Final = 60.0
_BUSY_MS: Final = 1_000
_SETTLE_SECONDS: Final = 5.0
_CONNECT_SECONDS: Final = 2.0
_CLOSE_SECONDS: Final = 1.0
_LEAST_FREE: Final = 0.1
_WAL_PAGES: Final = 4_000
"""16 MiB."""
_COMMAND_SECONDS: Final = 60.0
_READERS: Final = 4
_CHECKED: Final = ("verify-ca", "verify-full")
_TLS_MODES: Final = ("disable", "allow", "prefer", "require", *_CHECKED)


class StoreUnusable(GuardrailError):
    """The evidence store can't be used as it is. `message` says what is wrong, in one line."""

    default_code = "audit_store"


@dataclass(frozen=True, slots=True)
class Place:
    """`folder` holds keys, heads, locks and, unless `url` names a PostgreSQL database, the log itself."""

    folder: Path
    url: str = field(default="", repr=False)

    @property
    def file(self) -> Path | None:
        """The SQLite file, None for PostgreSQL."""
        return None if self.url else self.folder / FILE

    @property
    def is_nearly_full(self) -> bool:
        """True if less than a tenth of the disk that the log grows on is free (OPS-08). Of a PostgreSQL never."""
        if self.url:
            return False
        try:
            disk = os.statvfs(self.folder)
        except OSError:
            return True
        return disk.f_bavail < disk.f_blocks * _LEAST_FREE


def data_dir(environment: Mapping[str, str]) -> Path:
    """The folder for all state: GUARDRAIL_DATA_DIR, else `guardrail-data` where we are started."""
    return Path(environment.get(DATA_DIR_ENV, "").strip() or "guardrail-data")


def make_folder(folder: Path) -> None:
    """Creates it for its owner only. Raises StoreUnusable."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnusable(f"the data folder {folder} can't be created: {error.strerror}") from None
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise StoreUnusable(f"the data folder {folder} can't be written to")


class Database:
    """An open store. Belongs to one event loop; close it."""

    def __init__(self, place: Place, engine: AsyncEngine) -> None:
        """Use `open`."""
        self.place, self._engine = place, engine
        self._readers = _SqliteReaders(_address(place.file)) if place.file else None
        self._file: os.stat_result | None = None
        self.kind: Literal["sqlite", "postgresql"] = "sqlite" if place.file else "postgresql"

    @classmethod
    async def open(cls, place: Place, *, create: bool = True) -> Database:
        """With the tables of this version. Raises StoreUnusable; without `create` also where there is no log yet."""
        if create:
            make_folder(place.folder)
        database = cls(place, _engine(place, create=create))
        try:
            await database._prepare(create=create)
        except FAULTS as error:
            await database.close()
            raise StoreUnusable(f"{database.name} can't be opened: {why(error)}") from None
        except BaseException:
            await database.close()
            raise
        return database

    @property
    def name(self) -> str:
        """As people are told of it."""
        return f"the audit database {self.place.file}" if self.place.file else "the audit database (PostgreSQL)"

    async def line(self) -> Line:
        """A connection of one's own; close it."""
        if self.place.file:
            return await _SqliteLine.open(_address(self.place.file))
        connection = await self._engine.connect()
        return _PostgresqlLine(await connection.execution_options(guardrail_writes=True))

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction, committed at the end of the block."""
        async with self._engine.connect() as connection:
            await connection.execution_options(guardrail_writes=True)
            async with connection.begin():
                yield connection
        self._check_file()

    def _check_file(self) -> None:
        """Raises OSError if nobody will find what was written: SQLite goes on with a file that is gone."""
        if self.place.file and self._file and not os.path.samestat(self._file, self.place.file.stat()):
            raise OSError(errno.ESTALE, "another file is in its place")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """One unchanging view of everything, for as long as the block lasts."""
        async with self._engine.connect() as connection:
            if self.kind == "postgresql":
                await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            async with connection.begin():
                yield connection

    async def rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        """All rows of one query. Raises what the store raises."""
        if self._readers is not None:
            return await self._readers.rows(query)
        async with self.reading() as connection:
            found: Sequence[Row[Any]] = (await connection.execute(query)).all()
            return found

    async def settle(self) -> None:
        """What was deleted is deleted on the disk as well: SQLite's write-ahead log goes into the file and is emptied.

        Readers that are under way keep it. Raises StoreUnusable if one does for some seconds: it has to be done again.
        """
        until = time.monotonic() + _SETTLE_SECONDS
        while self.kind == "sqlite" and not await self._emptied():
            if time.monotonic() >= until:
                raise StoreUnusable(
                    f"what was deleted can still be read in {self.place.file}-wal; something (a report, an export) "
                    "is reading the database: do it again when that has ended"
                )

    async def _emptied(self) -> bool:
        """True if nothing is left in the write-ahead log. SQLite itself waits for a second."""
        async with self._engine.connect() as connection:
            raw = await connection.get_raw_connection()
            assert raw.driver_connection is not None
            async with raw.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)") as cursor:
                busy, *_ = await cursor.fetchone()
        return not busy

    async def close(self) -> None:
        """Lets go of all connections."""
        if self._readers is not None:
            self._readers.close()
        await self._engine.dispose()

    async def _prepare(self, *, create: bool) -> None:
        if create and self.place.file:
            os.close(os.open(self.place.file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
            # The first connection of all begins the write-ahead log, and SQLite waits for nobody while doing so.
            async with self._alone(), self.reading():
                pass
        if await self._version() != migrations.HEAD:
            if not create:
                raise StoreUnusable(f"there is no audit log of this version in {self.name}")
            async with self._migrating() as connection:
                await connection.run_sync(self._upgrade)
        if self.place.file:
            await self._check_durability()
            self._file = self.place.file.stat()

    async def _version(self) -> str | None:
        async with self.reading() as connection:
            return await connection.run_sync(self._version_of)

    def _version_of(self, connection: Connection) -> str | None:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
        if found is not None and found not in migrations.KNOWN:
            raise StoreUnusable(f"{self.name} is of a newer version of the guardrail; use that one")
        return None if found is None else str(found)

    def _alone(self) -> AbstractAsyncContextManager[None]:
        """No other process prepares this folder's file meanwhile."""
        return held(self.place.folder / "audit-migrate.lock", _MIGRATION_PATIENCE)

    @asynccontextmanager
    async def _migrating(self) -> AsyncIterator[AsyncConnection]:
        """One process at a time changes tables."""
        if self.kind == "sqlite":
            async with self._alone(), self.writing() as connection:
                yield connection
            return
        async with self.writing() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            yield connection

    def _upgrade(self, connection: Connection) -> None:
        if self._version_of(connection) == migrations.HEAD:
            return  # another process was quicker
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    async def _check_durability(self) -> None:
        """What was acknowledged has to survive a power cut: with less than FULL the last commits would not."""
        async with self.reading() as connection:
            mode = (await connection.execute(text("PRAGMA journal_mode"))).scalar_one()
            synchronous = (await connection.execute(text("PRAGMA synchronous"))).scalar_one()
        if (mode, synchronous) != ("wal", 2):
            raise StoreUnusable(f"{self.name} can't be written durably: journal {mode}, synchronous {synchronous}")


def _engine(place: Place, *, create: bool) -> AsyncEngine:
    if place.file is None:
        return _postgresql(place.url)
    if not create and not place.file.is_file():
        raise StoreUnusable(f"there is no audit log: {place.file} does not exist")
    address = f"sqlite+aiosqlite://{_address(place.file)}"
    engine = create_async_engine(address, pool_size=4, max_overflow=8, hide_parameters=True)
    _configured(engine.sync_engine)
    return engine


def _address(file: Path) -> str:
    """mode=rw: a file that is gone is not made anew behind our back."""
    return f"/file:{quote(str(file.resolve()))}?mode=rw&uri=true"


def _configured(engine: Engine) -> Engine:
    """Each of its connections as ours are to SQLite."""
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: Any, _record: object) -> None:
    """Transactions are begun by us; every commit is on the disk before it returns."""
    connection.isolation_level = None
    # What somebody wrote into the file may be no UTF-8: it has to be found, not to stop the search.
    getattr(connection, "driver_connection", connection).text_factory = _text
    cursor = connection.cursor()
    for pragma in (
        *("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_BUSY_MS}"),
        *("secure_delete=ON", "journal_size_limit=67108864", "trusted_schema=OFF"),
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("guardrail_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(url: str) -> AsyncEngine:
    try:
        parts = urlsplit(url)
        known = parts.scheme.partition("+")[0] in ("postgresql", "postgres")
        if not known or not parts.path.strip("/") or parts.port == 0:  # `port` raises for one that is none
            raise ValueError
        options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
        address = urlunsplit(("postgresql+asyncpg", parts.netloc, parts.path, "", ""))
        return create_async_engine(
            address,
            pool_size=4,
            max_overflow=8,
            hide_parameters=True,
            connect_args={
                "ssl": _tls(options.pop("sslmode", "prefer"), options.pop("sslrootcert", None), options),
                "timeout": _CONNECT_SECONDS,
                "command_timeout": _COMMAND_SECONDS,
                "server_settings": {"synchronous_commit": "on", "application_name": "guardrail"},
            },
        )
    except (ValueError, SQLAlchemyError):
        raise StoreUnusable("the address of the audit database is not postgresql://USER@HOST/DATABASE") from None


def _tls(mode: str, root: str | None, others: Mapping[str, str]) -> str | ssl.SSLContext:
    """As libpq understands `sslmode`; certificates are checked against `sslrootcert`, else against the system's."""
    if others or mode not in _TLS_MODES or (root is not None and mode not in _CHECKED):
        raise StoreUnusable(
            "the address of the audit database has an option that is not known; there are "
            f"sslmode ({', '.join(_TLS_MODES)}) and with {' or '.join(_CHECKED)} sslrootcert"
        )
    if mode not in _CHECKED:
        return mode
    try:
        context = ssl.create_default_context(cafile=root)
    except OSError as error:
        raise StoreUnusable(f"the certificates in {root} (sslrootcert) can't be read: {why(error)}") from None
    context.check_hostname = mode == "verify-full"
    return context


class Line(ABC):
    """A connection for short transactions of a writer, one after the other, without the way through the pool."""

    @abstractmethod
    async def run(self, work: Callable[[Connection], T]) -> T:
        """One transaction, committed when this returns. Raises what the work or the store raises."""

    @abstractmethod
    async def close(self) -> None:
        """Gives it up, without a word to a server that may not listen. Raises nothing."""


class _SqliteLine(Line):
    """A thread of its own: a transaction is one trip there and back, not one for each statement."""

    def __init__(self, thread: ThreadPoolExecutor, connection: Connection) -> None:
        self._thread, self._connection = thread, connection

    @classmethod
    async def open(cls, address: str) -> _SqliteLine:
        engine = _configured(create_engine(f"sqlite://{address}", poolclass=NullPool, hide_parameters=True))
        event.listen(engine, "connect", _checkpoint_seldom)
        thread = ThreadPoolExecutor(1, thread_name_prefix="audit")
        try:
            connection = await asyncio.get_running_loop().run_in_executor(thread, engine.connect)
        except BaseException:
            thread.shutdown(wait=False)
            raise
        return cls(thread, connection.execution_options(guardrail_writes=True))

    async def run(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, work)

    def _run(self, work: Callable[[Connection], T]) -> T:
        with self._connection.begin():
            return work(self._connection)

    async def close(self) -> None:
        closing = asyncio.get_running_loop().run_in_executor(self._thread, self._connection.close)
        with suppress(*FAULTS):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await closing
        self._thread.shutdown(wait=False)


class _SqliteReaders:
    """Threads that read: a query is one trip there and back. As a dozen of trips, one for each step, it would wait a
    dozen times for its turn while the event loop is busy, and be late (the suspensions are to be read in time).
    """

    def __init__(self, address: str) -> None:
        self._engine = _configured(
            create_engine(f"sqlite://{address}", pool_size=_READERS, max_overflow=0, hide_parameters=True)
        )
        self._threads = ThreadPoolExecutor(_READERS, thread_name_prefix="reader")

    async def rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._rows, query)

    def _rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        with self._engine.connect() as connection:
            return connection.execute(query).all()

    def close(self) -> None:
        """What is being read is read to its end, by nobody."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._engine.dispose()


def _checkpoint_seldom(connection: Any, _record: object) -> None:
    """The commit that brings the write-ahead log into the file waits for it: one in some thousands, not in hundreds.

    Pages that change again and again are written once. From a thread of its own it was slower: the disk is one.
    """
    connection.execute(f"PRAGMA wal_autocheckpoint={_WAL_PAGES}").close()


class _PostgresqlLine(Line):
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def run(self, work: Callable[[Connection], T]) -> T:
        async with self._connection.begin():
            return await self._connection.run_sync(work)

    async def close(self) -> None:
        with suppress(*FAULTS):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._connection.invalidate()
        with suppress(*FAULTS):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._connection.close()


@asynccontextmanager
async def held(file: Path, patience: float) -> AsyncIterator[None]:
    """The lock of a file, for this process alone. Raises StoreUnusable if another one holds it for so many seconds."""
    with _opened(file) as descriptor:
        until = time.monotonic() + patience
        while not _locked(descriptor):
            if time.monotonic() >= until:
                raise StoreUnusable(f"another process holds {file}")
            await asyncio.sleep(0.02)
        yield


@contextmanager
def _opened(file: Path) -> Iterator[int]:
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreUnusable(f"{file} can't be opened: {why(error)}") from None
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def lock_key(name: str) -> int:
    """The number of an advisory lock of PostgreSQL's."""
    return int.from_bytes(sha256(f"guardrail {name}".encode()).digest()[:8], "big", signed=True)


CAUSES: Final = {
    "disk_full": "the disk is full",
    "locked": "another process has locked it",
    "damaged": "it is damaged, or no database",
    "read_only": "it is read-only, or may not be opened",
    "disk_error": "the disk does not work",
    "unreachable": "no connection",
    "login_refused": "the login was refused",
    "no_database": "there is no such database",
    "no_resources": "it is out of space, memory or connections",
    "slow": "it does not answer in time",
    "failed": "it does not work",
}
"""What can be wrong with a store, as a code and in words."""
_SQLITE: Final = {
    "SQLITE_FULL": "disk_full",
    "SQLITE_BUSY": "locked",
    "SQLITE_LOCKED": "locked",
    "SQLITE_CORRUPT": "damaged",
    "SQLITE_NOTADB": "damaged",
    "SQLITE_READONLY": "read_only",
    "SQLITE_PERM": "read_only",
    "SQLITE_CANTOPEN": "read_only",
    "SQLITE_IOERR": "disk_error",
}
_POSTGRESQL: Final = {
    "08": "unreachable",
    "57": "unreachable",
    "28": "login_refused",
    "3D": "no_database",
    "53100": "disk_full",
    "53": "no_resources",
    "42501": "read_only",
    "25006": "read_only",
    "55P03": "locked",
    "XX": "damaged",
}
_ERRNO: Final = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EROFS: "read_only",
    errno.EACCES: "read_only",
    errno.EPERM: "read_only",
    errno.EIO: "disk_error",
}


def why(error: BaseException) -> str:
    """What went wrong with a store, in our own words only."""
    return CAUSES[cause(error)]


def cause(error: BaseException) -> str:
    """What went wrong with a store: one of CAUSES."""
    for each in _causes(error):
        name, state = getattr(each, "sqlite_errorname", None), getattr(each, "sqlstate", None)
        if isinstance(name, str):
            return _starting(_SQLITE, name)
        if isinstance(state, str):
            return _starting(_POSTGRESQL, state)
        if isinstance(each, TimeoutError):
            return "slow"
        if isinstance(each, OSError):
            return "unreachable" if each.errno is None else _ERRNO.get(each.errno, "unreachable")
        if isinstance(each, asyncpg.InterfaceError):
            return "unreachable"
    return "failed"


def _starting(table: Mapping[str, str], name: str) -> str:
    return next((found for code, found in table.items() if name.startswith(code)), "failed")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield getattr(error, "orig", None) or error
        error = error.__cause__ or error.__context__
