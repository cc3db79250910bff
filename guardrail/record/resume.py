"""What a writer finds at its start: where its log stands, verified; what processes that are gone left open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import and_, delete, exists, func, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from guardrail.record.chain import Chain, Stored
from guardrail.record.database import StoreUnusable, held, lock_key
from guardrail.record.entry import Intent, Kind, from_json
from guardrail.record.heads import read_head
from guardrail.record.journal import (
    HEAD,
    OPEN,
    TRY_LOCK,
    Journal,
    open_head,
    page,
    rotations,
    slot_lock,
    value,
    values,
)
from guardrail.record.keys import trusted
from guardrail.record.note import BadNote, Checkpoint, Verifier
from guardrail.record.tables import checkpoints, entries, meta
from guardrail.record.verify import stubs

_PAGE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Left:
    """What a process left behind. `orphans`: intents whose outcome nobody wrote, from entry `open_from` on."""

    chain: Chain
    open_from: int = 0
    orphans: Sequence[Intent] = field(default=())


async def resume(journal: Journal) -> Left:
    """Where the log stands, verified from its last checkpoint on. Raises StoreUnusable if it is not as it was left."""
    writer = journal.writer
    async with journal.database.reading() as connection:
        keys = list(trusted([journal.keys.verifier], await rotations(connection)).values())
        note = await value(connection, HEAD + writer)
        chain = await _replay(connection, writer, note, keys) if note else await _anew(connection, writer)
        open_from = int(await value(connection, OPEN + writer) or 0)
        _check_head_file(journal, chain, keys)
        return Left(chain, open_from, await _orphans(connection, writer, open_from))


async def _anew(connection: AsyncConnection, writer: str) -> Chain:
    if await page(connection, writer, 0, 1):
        raise _not_as_left(writer, 0, "there are entries, but no signed head")
    return Chain(writer)


async def _replay(connection: AsyncConnection, writer: str, note: str, keys: Sequence[Verifier]) -> Chain:
    try:
        head = open_head(note, writer, keys)
    except BadNote:
        raise StoreUnusable(
            f"the audit log of {writer} is not signed by the signing key of this installation; "
            "give it the key that it was signed with (nothing was changed)"
        ) from None
    chain = await _last_checkpoint(connection, writer, head.size, keys)
    while chain.size < head.size:
        rows = await page(connection, writer, chain.size, _PAGE)
        if not rows:
            raise _not_as_left(writer, chain.size, "an entry is missing")
        for row in rows:
            _take(chain, row)
    if chain.size != head.size or await page(connection, writer, chain.size, 1):
        raise _not_as_left(writer, head.size, "an entry is there that nobody signed")
    if chain.tree.root() != head.root:
        raise _not_as_left(writer, chain.size - 1, "the entries are not those that were signed")
    return chain


def _take(chain: Chain, row: Sequence[Any]) -> None:
    stored, found = Stored(*row[:5]), row[5]
    if stored.seq != chain.size:
        raise _not_as_left(chain.writer, chain.size, "an entry is missing")
    if chain.add(stored) != found:
        raise _not_as_left(chain.writer, stored.seq, "an entry was changed")


async def _last_checkpoint(connection: AsyncConnection, writer: str, size: int, keys: Sequence[Verifier]) -> Chain:
    until = and_(checkpoints.c.writer == writer, checkpoints.c.size <= size)
    newest = select(checkpoints).where(until).order_by(checkpoints.c.size.desc()).limit(1)
    row = (await connection.execute(newest)).first()
    if row is None:
        return Chain(writer)
    try:
        signed = open_head(row.note, writer, keys)
        chain = Chain.unpack(writer, row.size, row.at, row.frontier)
    except (ValueError, TypeError):
        raise _not_as_left(writer, row.size, "a checkpoint is forged") from None
    if signed != chain.checkpoint():
        raise _not_as_left(writer, row.size, "a checkpoint is forged")
    await _check_last(connection, chain)
    return chain


async def _check_last(connection: AsyncConnection, chain: Chain) -> None:
    """The entry that a checkpoint ends with is there, unless a purge took all up to it: nothing else may be gone."""
    writer, seq = chain.writer, chain.size - 1
    rows = await page(connection, writer, seq, 1)
    if not rows or rows[0][0] != seq:
        stub = (await stubs(connection)).get(writer)
        if stub is None or stub.size < chain.size:
            raise _not_as_left(writer, seq, "an entry is missing")
    elif rows[0][5] != chain.last:
        raise _not_as_left(writer, chain.size, "a checkpoint is forged")


def _check_head_file(journal: Journal, chain: Chain, keys: Sequence[Verifier]) -> None:
    """Entries that were acknowledged and are not there: cut off, or an older copy is in the database's place."""
    for note in read_head(journal.folder, journal.writer):
        try:
            head = open_head(note, journal.writer, keys)
        except BadNote:
            continue  # half written when the power went; `audit verify` tells of it
        if head.size > chain.size or (head.size == chain.size and head.root != chain.tree.root()):
            what = f"{head.size} entries were acknowledged, {chain.size} are there"
            raise _not_as_left(journal.writer, chain.size, what)


def _not_as_left(writer: str, seq: int, what: str) -> StoreUnusable:
    return StoreUnusable(
        f"the audit log is not as it was left: {writer}, entry {seq}: {what}; see `guardrail audit verify`. "
        "To go on with new chains beside it: `guardrail audit new-chains`"
    )


# ── others ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def orphans_of_the_dead(journal: Journal, stack: AsyncExitStack) -> Sequence[Intent]:
    """Intents without outcome of writers whose lock nobody holds: their process is gone for good, or for now.

    Their locks are ours until the stack is left: nobody else may close the same intents meanwhile.
    """
    async with journal.database.reading() as connection:
        others = [writer for writer in await values(connection, HEAD) if writer != journal.writer]
    near = [writer for writer in others if writer.startswith(f"{journal.keys.instance}.")]
    dead = [writer for writer in near if await _locks(journal, writer, stack)]
    dead += await _lock_far(journal, [writer for writer in others if writer not in near], stack)
    found: list[Intent] = []
    done: dict[str, int] = {}
    async with journal.database.reading() as connection:  # what they had written when their locks were taken
        for writer in dead:
            start, size = int(await value(connection, OPEN + writer) or 0), await _size(connection, writer)
            orphans = await _orphans(connection, writer, start) if start < size else ()
            found += orphans
            if not orphans and start < size:
                done[writer] = size
    if done:
        await journal.run(lambda connection: _looked_through(connection, done))
    return found


async def _size(connection: AsyncConnection, writer: str) -> int:
    last = (await connection.execute(select(func.max(entries.c.seq)).where(entries.c.writer == writer))).scalar_one()
    return 0 if last is None else int(last) + 1


def _looked_through(connection: Connection, sizes: Mapping[str, int]) -> None:
    """Nothing is open there: the next start need not look again, which for a million entries takes two seconds."""
    connection.execute(delete(meta).where(meta.c.key.in_([OPEN + writer for writer in sizes])))
    connection.execute(insert(meta), [{"key": OPEN + name, "value": str(size)} for name, size in sizes.items()])


async def heads_of_others(journal: Journal) -> Mapping[str, Checkpoint]:
    """What other writers have signed, as far as it is signed by a key of ours."""
    found: dict[str, Checkpoint] = {}
    async with journal.database.reading() as connection:
        keys = list(trusted([journal.keys.verifier], await rotations(connection)).values())
        for writer, note in (await values(connection, HEAD)).items():
            with suppress(BadNote):
                found[writer] = open_head(note, writer, keys)
    found.pop(journal.writer, None)
    return found


async def _orphans(connection: AsyncConnection, writer: str, start: int) -> Sequence[Intent]:
    other = entries.alias()
    answered = exists().where(and_(other.c.receipt == entries.c.receipt, other.c.kind == Kind.OUTCOME.value))
    mine = and_(entries.c.writer == writer, entries.c.seq >= start, entries.c.kind == Kind.INTENT.value)
    found = await connection.execute(select(entries.c.body).where(mine, ~answered).order_by(entries.c.seq))
    return [each for body in found.scalars() if isinstance(each := from_json(Kind.INTENT, body), Intent)]


async def _locks(journal: Journal, writer: str, stack: AsyncExitStack) -> bool:
    """True if the lock of a writer of this folder was free; now it is ours."""
    with suppress(StoreUnusable):
        await stack.enter_async_context(held(slot_lock(journal.folder, writer), 0))
        return True
    return False


async def _lock_far(journal: Journal, writers: Sequence[str], stack: AsyncExitStack) -> Sequence[str]:
    """Those of other folders whose lock was free. In SQLite: of earlier installations here, whose slots are ours."""
    if not writers or journal.database.kind == "sqlite":
        return writers
    line = await journal.database.line()  # the locks go with its session
    stack.push_async_callback(line.close)

    def free(connection: Connection) -> Sequence[str]:
        return [each for each in writers if connection.execute(TRY_LOCK, {"key": lock_key(each)}).scalar_one()]

    return await line.run(free)
