"""The store itself: its tables, its place, and what is refused."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection

from guardrail.record import migrations
from guardrail.record.database import CAUSES, FILE, Database, Place, StoreUnusable, cause, data_dir, held, why
from guardrail.record.tables import metadata
from tests.support import postgres


def test_the_migrations_make_the_tables_that_the_code_knows(place: Place) -> None:
    def differences(connection: Connection) -> list[object]:
        found: list[object] = compare_metadata(MigrationContext.configure(connection), metadata)
        return [each for each in found if "alembic_version" not in str(each)]

    async def run() -> list[object]:
        database = await Database.open(place)
        try:
            async with database.reading() as connection:
                return await connection.run_sync(differences)
        finally:
            await database.close()

    assert asyncio.run(run()) == []


def test_the_newest_migration_is_the_one_that_is_asked_for() -> None:
    script = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert script.get_current_head() == migrations.HEAD
    assert {revision.revision for revision in script.walk_revisions()} == migrations.KNOWN


def test_processes_that_start_together_make_the_tables_once(place: Place) -> None:
    async def run() -> None:
        opened = await asyncio.gather(*[Database.open(place) for _ in range(4)])
        for database in opened:
            await database.close()

    asyncio.run(run())


def test_a_database_of_a_newer_version_is_not_touched(place: Place) -> None:
    async def run() -> None:
        database = await Database.open(place)
        try:
            async with database.writing() as connection:
                await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
            with pytest.raises(StoreUnusable, match="is of a newer version of the guardrail"):
                await Database.open(place)
        finally:
            async with database.writing() as connection:
                await connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": migrations.HEAD})
            await database.close()

    asyncio.run(run())


def test_a_transaction_is_whole_or_not_at_all_and_a_reading_does_not_change(place: Place) -> None:
    async def run() -> None:
        database = await Database.open(place)
        count = text("SELECT COUNT(*) FROM meta")
        try:
            async with database.reading() as before:
                assert (await before.execute(count)).scalar_one() == 0
                async with database.writing() as connection:
                    await connection.execute(text("INSERT INTO meta VALUES ('a', '1')"))
                assert (await before.execute(count)).scalar_one() == 0, "one unchanging view"
            with suppress(RuntimeError):
                async with database.writing() as connection:
                    await connection.execute(text("INSERT INTO meta VALUES ('b', '1')"))
                    raise RuntimeError
            async with database.reading() as after:
                assert (await after.execute(count)).scalar_one() == 1
        finally:
            await database.close()

    asyncio.run(run())


def test_nothing_is_taken_for_written_that_nobody_will_find(tmp_path: Path) -> None:
    """SQLite goes on with a file that was deleted; who was told "it is kept" would have been lied to."""

    async def run() -> None:
        database, place = await Database.open(Place(tmp_path)), Place(tmp_path)
        assert place.file is not None
        try:
            place.file.rename(place.folder / "away")
            with pytest.raises(OSError, match="No such file"):
                async with database.writing() as connection:
                    await connection.execute(text("INSERT INTO meta VALUES ('a', '1')"))
            place.file.touch()
            with pytest.raises(OSError, match="another file"):
                async with database.writing() as connection:
                    await connection.execute(text("INSERT INTO meta VALUES ('b', '1')"))
            (place.folder / "away").rename(place.file)
            async with database.writing() as connection:
                await connection.execute(text("INSERT INTO meta VALUES ('c', '1')"))
        finally:
            await database.close()

    asyncio.run(run())


def test_what_was_deleted_is_gone_from_the_disk_or_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """WHO-21: a reader keeps the write-ahead log, and in it what a person wants to be forgotten."""
    monkeypatch.setattr("guardrail.record.database._SETTLE_SECONDS", 0)

    def on_disk() -> bool:
        return any(b"canary Qz7Lumio" in file.read_bytes() for file in tmp_path.iterdir())

    async def run() -> None:
        database = await Database.open(Place(tmp_path))
        try:
            async with database.writing() as connection:
                await connection.execute(text("INSERT INTO meta VALUES ('a', 'canary Qz7Lumio')"))
            async with database.reading() as reader:
                await reader.execute(text("SELECT * FROM meta"))
                async with database.writing() as connection:
                    await connection.execute(text("DELETE FROM meta"))
                with pytest.raises(StoreUnusable, match="can still be read"):
                    await database.settle()
                assert on_disk()
            await database.settle()
            assert not on_disk()
        finally:
            await database.close()

    asyncio.run(run())


def test_to_look_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="does not exist"):
        asyncio.run(Database.open(Place(tmp_path / "data"), create=False))
    assert not (tmp_path / "data").exists()
    (tmp_path / FILE).touch()
    with pytest.raises(StoreUnusable, match="there is no audit log of this version"):
        asyncio.run(Database.open(Place(tmp_path), create=False))


def _no_database(folder: Path) -> None:
    (folder / FILE).write_bytes(b"not a database" * 1000)


def _a_directory(folder: Path) -> None:
    (folder / FILE).mkdir()


@pytest.mark.parametrize(
    ("fault", "said"), [(_no_database, "it is damaged, or no database"), (_a_directory, "can't be opened")]
)
def test_what_is_no_database_is_refused_in_one_line(tmp_path: Path, fault: object, said: str) -> None:
    assert callable(fault)
    fault(tmp_path)
    with pytest.raises(StoreUnusable, match=said) as refused:
        asyncio.run(Database.open(Place(tmp_path)))
    assert "\n" not in refused.value.message


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://secret:hunter2@127.0.0.1:1/none", "no connection"),
        ("mysql://secret:hunter2@127.0.0.1/none", "is not postgresql://"),
        ("postgresql://secret:hunter2@127.0.0.1:99999/none", "is not postgresql://"),
        ("postgresql://secret:hunter2@127.0.0.1", "is not postgresql://"),
        ("postgresql://secret:hunter2@127.0.0.1/none?sslmode=maybe", "has an option that is not known"),
        ("postgresql://secret:hunter2@127.0.0.1/none?statement_cache_size=0", "has an option that is not known"),
        ("postgresql://secret:hunter2@127.0.0.1/none?sslmode=verify-ca&sslrootcert=/nowhere", "can't be read"),
        ("postgresql://secret:hunter2@127.0.0.1/none?&&", "is not postgresql://"),
    ],
)
def test_an_address_is_never_shown(tmp_path: Path, url: str, said: str) -> None:
    with pytest.raises(StoreUnusable, match=said) as refused:
        asyncio.run(Database.open(Place(tmp_path, url)))
    assert "hunter2" not in str(refused.value)
    assert "hunter2" not in repr(Place(tmp_path, url))


def test_the_database_that_is_not_there_is_said_so(postgres_name: str, tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="there is no such database"):
        asyncio.run(Database.open(Place(tmp_path, postgres.url(f"{postgres_name}_not"))))


def test_a_server_without_tls_is_not_spoken_to_if_tls_is_asked_for(postgres_name: str, tmp_path: Path) -> None:
    for mode in ("require", "verify-ca", "verify-full"):
        with pytest.raises(StoreUnusable, match="can't be opened"):
            asyncio.run(Database.open(Place(tmp_path, f"{postgres.url(postgres_name)}?sslmode={mode}")))
    for mode in ("disable", "prefer"):

        async def run(url: str) -> None:
            await (await Database.open(Place(tmp_path, url))).close()

        asyncio.run(run(f"{postgres.url(postgres_name)}?sslmode={mode}"))


@pytest.mark.case("AUD-04")
def test_every_commit_is_on_the_disk(tmp_path: Path) -> None:
    """AUD-04: with less than FULL the last commits would not survive a power cut."""

    async def run() -> list[tuple[str, int]]:
        database = await Database.open(Place(tmp_path / "data"))
        found: list[tuple[str, int]] = []

        def modes(connection: Connection) -> tuple[str, int]:
            read = [connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in ("journal_mode", "synchronous")]
            return str(read[0]), int(read[1])

        try:
            line = await database.line()
            found.append(await line.run(modes))
            await line.close()
            async with database.writing() as connection:
                found.append(await connection.run_sync(modes))
        finally:
            await database.close()
        return found

    assert asyncio.run(run()) == [("wal", 2)] * 2


def test_the_data_folder_is_that_of_the_environment() -> None:
    assert data_dir({"GUARDRAIL_DATA_DIR": "/srv/x"}) == Path("/srv/x")
    assert data_dir({"GUARDRAIL_DATA_DIR": " "}) == data_dir({}) == Path("guardrail-data")


def test_a_lock_is_held_by_one(tmp_path: Path) -> None:
    async def run() -> None:
        async with held(tmp_path / "lock", 0):
            with pytest.raises(StoreUnusable, match="another process holds"):
                async with held(tmp_path / "lock", 0.05):
                    pass
        async with held(tmp_path / "lock", 0):
            pass

    asyncio.run(run())


def test_what_a_driver_says_is_told_in_our_own_words() -> None:
    with closing(sqlite3.connect(":memory:")) as connection, pytest.raises(sqlite3.Error) as failed:
        connection.execute("SELECT 'Jane Doe' FROM nowhere")
    assert why(failed.value) in CAUSES.values()
    assert "Jane" not in why(failed.value)
    errors = (TimeoutError(), OSError(28, "x"), ConnectionResetError(), ValueError("Jane"))
    assert [cause(error) for error in errors] == ["slow", "disk_full", "unreachable", "failed"]
