"""The audit log put together: database, keys and ledger of one process, begun and ended as one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import insert

from guardrail.record.database import Database, Place
from guardrail.record.entry import SYSTEM, Code, Event
from guardrail.record.journal import ROTATED, any_head
from guardrail.record.keys import SIGNING_KEY, KeyFiles, load_keys, new_signer, replace_file, rotation
from guardrail.record.ledger import Hooks, Ledger, Settings
from guardrail.record.note import Signer
from guardrail.record.tables import meta

CLI_SLOT = "cli"
"""The writer of commands: one at a time, beside the proxy's processes."""


async def open_ledger(
    place: Place,
    slot: str = "0",
    *,
    files: KeyFiles | None = None,
    settings: Settings | None = None,
    hooks: Hooks | None = None,
) -> Ledger:
    """The log, begun. `close_ledger` ends it. Raises StoreUnusable or AuditUnavailable."""
    database = await Database.open(place)
    try:
        async with database.reading() as connection:
            fresh = not await any_head(connection)
        keys = load_keys(files or KeyFiles(place.folder), create=True, fresh=fresh)
        ledger = Ledger(database, keys, slot, settings or Settings(), hooks or Hooks())
        await ledger.start()
    except BaseException:
        await database.close()
        raise
    return ledger


async def close_ledger(ledger: Ledger, seconds: float = 5.0) -> None:
    """Writes what waits, and lets go of the database."""
    await ledger.close(seconds)
    await ledger.database.close()


@asynccontextmanager
async def writing(place: Place, slot: str = CLI_SLOT, *, files: KeyFiles | None = None) -> AsyncIterator[Ledger]:
    """The log for a short while, as commands use it."""
    ledger = await open_ledger(place, slot, files=files)
    try:
        yield ledger
    finally:
        await close_ledger(ledger)


async def rotate(ledger: Ledger, files: KeyFiles, actor: Code = SYSTEM) -> Signer:
    """Puts a new signing key in the old one's place. The log says so, signed by the old one; both sign the change.

    Raises StoreUnusable if the file can't be written. Processes that run go on with the old key until they are started
    anew. If it is interrupted, the old key is still the one that counts.
    """
    old, new = ledger.keys.signer, new_signer(ledger.keys.instance)
    identity = new.verifier.public.hex()
    async with ledger.database.writing() as connection:
        await connection.execute(insert(meta).values(key=ROTATED + identity, value=rotation(old, new)))
    facts: dict[str, Code | int | bool] = {"old": Code(old.verifier.public.hex()), "new": Code(identity)}
    await ledger.commit(Event(Code("key_rotated"), actor, facts=facts))
    replace_file(files.signing_key or files.folder / SIGNING_KEY, new.secret_line() + "\n")
    return new
