"""One writer's place in the database: its lock, and the head that says where it stands."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from guardrail.record.audit import open_ledger
from guardrail.record.chain import Chain, origin_of
from guardrail.record.database import Database, Place, StoreUnusable
from guardrail.record.journal import Journal, open_head
from guardrail.record.keys import KeyFiles, load_keys, new_signer
from guardrail.record.note import BadNote
from tests.support import postgres
from tests.support.stores import QUICK, event, opened, verified, write


@asynccontextmanager
async def journal_of(place: Place) -> AsyncIterator[Journal]:
    """Open."""
    database = await Database.open(place)
    keys = load_keys(KeyFiles(place.folder), create=True)
    journal = Journal(database, keys, f"{keys.instance}.0")
    try:
        await journal.open(0.2)
        yield journal
    finally:
        await journal.close()
        await database.close()


def test_a_copy_of_a_folder_does_not_write_beside_the_original(postgres_name: str, tmp_path: Path) -> None:
    """Both have locks of their own in their folders: the database's tells that they are the same writer."""

    async def run() -> None:
        await postgres.empty(postgres_name)
        place = Place(tmp_path / "data", postgres.url(postgres_name))
        await write(place, [event()])
        shutil.copytree(tmp_path / "data", tmp_path / "copy")
        copy = Place(tmp_path / "copy", postgres.url(postgres_name))
        async with opened(place) as ledger:
            with pytest.raises(StoreUnusable, match=f"^another guardrail writes to the audit log as {ledger.writer}$"):
                await open_ledger(copy, settings=QUICK)
            await ledger.commit(event())
        async with opened(copy):
            pass
        assert (await verified(copy)).sound

    asyncio.run(run())


def test_the_lock_of_a_session_that_was_lost_is_taken_from_it(postgres_name: str, tmp_path: Path) -> None:
    """The server knows nothing of it: a network in between dropped the connection."""

    async def run() -> None:
        await postgres.empty(postgres_name)
        async with journal_of(Place(tmp_path / "data", postgres.url(postgres_name))) as journal:
            lost, journal._line = journal._line, None
            await journal.reconnect()
            assert await journal.stands_at() is None
            assert lost is not None
            await lost.close()

    asyncio.run(run())


def test_nothing_is_written_without_a_connection(place: Place) -> None:
    async def run() -> None:
        async with journal_of(place) as journal:
            await journal.disconnect()
            with pytest.raises(ConnectionError):
                await journal.stands_at()
            await journal.reconnect()
            assert await journal.stands_at() is None

    asyncio.run(run())


def test_a_head_counts_for_the_log_that_it_names_and_the_key_that_signed_it() -> None:
    signer, chain = new_signer("ab12cd34"), Chain("ab12cd34.0")
    key, other = signer.verifier, new_signer("ab12cd34").verifier
    text, origin = str(chain.checkpoint()), origin_of(chain.writer)
    assert open_head(signer.sign(text, origin), chain.writer, [other, key]) == chain.checkpoint()
    another = str(Chain("ab12cd34.1").checkpoint())
    for note, keys in (
        (signer.sign(text, origin), [other]),
        (signer.sign(another, origin), [key]),
        (signer.sign(another, origin_of("ab12cd34.1")), [key]),
        ("", [key]),
    ):
        with pytest.raises(BadNote):
            open_head(note, chain.writer, keys)
