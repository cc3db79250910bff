"""Doing away with old entries, so that the rest can still be verified: `guardrail audit purge` (45 CFR 164.316(b)(2)).

Of each chain a verified beginning goes. What stays is the signed checkpoint of what it was, with the edge of the tree
that later entries need, and an event `purged` in our own chain. The event comes first: a purge that is interrupted
leaves entries too many, which the next one takes away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from guardrail.record.chain import Chain, Stored, origin_of
from guardrail.record.database import Database
from guardrail.record.entry import SYSTEM, Code, Event
from guardrail.record.journal import checkpoint_row, page
from guardrail.record.ledger import Ledger
from guardrail.record.tables import checkpoints
from guardrail.record.verify import Problem, Wrong, stubs, verify

_PAGE: Final = 4_000


@dataclass(frozen=True, slots=True)
class Purged:
    """What is gone of one writer's chain: `entries` now, everything before entry `size` by now."""

    writer: str
    entries: int
    size: int


class NotSound(Exception):
    """The log is not as it was written: nothing is deleted of what has to be looked into."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("the audit log is not sound")
        self.problems = problems


async def purge(ledger: Ledger, before: int, actor: Code = SYSTEM) -> list[Purged]:
    """Deletes what is older than `before` (microseconds). Raises NotSound with nothing deleted, or AuditUnavailable."""
    database = ledger.database
    report = await verify(database, [ledger.keys.verifier])
    if wrong := [problem for problem in report.problems if problem.what != Wrong.PURGED]:
        raise NotSound(wrong)
    done: list[Purged] = []
    for writer in await _writers(database):
        chain = await _beginning(database, writer, before)
        if chain is None:
            continue
        await _leave(ledger, chain, actor)
        done.append(Purged(writer, await _delete(database, chain), chain.size))
    await database.settle()
    return done


async def _writers(database: Database) -> list[str]:
    async with database.reading() as connection:
        return sorted((await connection.execute(_WRITERS)).scalars())


async def _beginning(database: Database, writer: str, before: int) -> Chain | None:
    """The chain as it was before the first entry that stays; None if nothing ever went and nothing goes now."""
    async with database.reading() as connection:
        chain = await _stub(connection, writer)
        while rows := await page(connection, writer, chain.size, _PAGE):
            for row in rows:
                if row[1] >= before:
                    return chain if chain.size else None
                chain.add(Stored(*row[:5]))
    return chain if chain.size else None


async def _stub(connection: AsyncConnection, writer: str) -> Chain:
    """Where the chain begins now. The log was verified just before: what the checkpoint says is true."""
    stub = (await stubs(connection)).get(writer)
    if stub is None:
        return Chain(writer)
    row = (await connection.execute(_CHECKPOINT, {"writer": writer, "size": stub.size})).one()
    return Chain.unpack(writer, row.size, row.at, bytes(row.frontier))


async def _leave(ledger: Ledger, chain: Chain, actor: Code) -> None:
    """Said anew each time, also of what went long ago: the event must not be older than the entries that stay."""
    note = ledger.keys.signer.sign(str(chain.checkpoint()), origin_of(chain.writer))
    async with ledger.database.writing() as connection:
        await connection.execute(_FORGET, {"writer": chain.writer, "size": chain.size})
        await connection.execute(checkpoints.insert().values(checkpoint_row(chain, note)))
    facts: dict[str, Code | int | bool] = {
        "writer": Code(chain.writer),
        "size": chain.size,
        "root": Code(chain.tree.root().hex()),
        "last": Code(chain.last.hex()),
    }
    await ledger.commit(Event(Code("purged"), actor, facts=facts))


async def _delete(database: Database, chain: Chain) -> int:
    gone = 0
    while True:
        async with database.writing() as connection:
            bounds = {"writer": chain.writer, "size": chain.size, "limit": _PAGE}
            until = (await connection.execute(_NEXT, bounds)).scalar_one_or_none()
            if until is None:
                await connection.execute(_OLDER_CHECKPOINTS, {"writer": chain.writer, "size": chain.size})
                return gone
            await connection.execute(_LINKS, {"writer": chain.writer, "until": until})
            gone += (await connection.execute(_ENTRIES, {"writer": chain.writer, "until": until})).rowcount


_WRITERS: Final = text("SELECT writer FROM entries UNION SELECT writer FROM checkpoints")
_CHECKPOINT: Final = text("SELECT size, frontier, at FROM checkpoints WHERE writer = :writer AND size = :size")
_FORGET: Final = text("DELETE FROM checkpoints WHERE writer = :writer AND size = :size")
_NEXT: Final = text(
    "SELECT MAX(seq) FROM"
    " (SELECT seq FROM entries WHERE writer = :writer AND seq < :size ORDER BY seq LIMIT :limit) AS next"
)
_LINKS: Final = text(
    "DELETE FROM subjects WHERE receipt IN"
    " (SELECT receipt FROM entries WHERE writer = :writer AND seq <= :until AND receipt IS NOT NULL)"
)
_ENTRIES: Final = text("DELETE FROM entries WHERE writer = :writer AND seq <= :until")
_OLDER_CHECKPOINTS: Final = text("DELETE FROM checkpoints WHERE writer = :writer AND size < :size")
