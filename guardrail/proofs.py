"""Whether single entries are as they were written: for a receipt, which can't wait for the whole log (WHO-66).

From the signed checkpoint before an entry to the one behind it (or to the signed head) every entry is hashed again; if
the root is the one that was signed, the entry is in the log that was vouched for. `guardrail audit verify` reads all.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from guardrail.receipts import Proof, Row
from guardrail.record.chain import Chain, Stored
from guardrail.record.database import FAULTS, Database, StoreUnusable, why
from guardrail.record.journal import HEAD, open_head, page, rotations, value
from guardrail.record.keys import trusted
from guardrail.record.note import BadNote, Verifier
from guardrail.record.note import Checkpoint as Signed
from guardrail.record.tables import checkpoints

MOST: Final = 20_000
"""Entries between two checkpoints that are read for one receipt."""
_PAGE: Final = 2_000
_ELSEWHERE: Final = "run `guardrail audit verify`"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The last signed tree head of a writer: so many entries, the time of the last (microseconds), the signed note."""

    writer: str
    size: int
    at: int
    note: str


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Entries between what is signed: from the one that `begin` goes on with, to the size that `end` vouches for."""

    begin: Chain
    end: Signed


class _Unproven(Exception):
    """Nobody can say. The message tells why."""


class _Broken(Exception):
    """It is not as it was written. The message tells how it shows."""


async def prove(database: Database, keys: Iterable[Verifier], rows: Sequence[Row]) -> Sequence[Proof]:
    """One proof for each row. `keys` are those that are trusted. Raises StoreUnusable."""
    try:
        async with database.reading() as connection:
            known = list(trusted(keys, await rotations(connection)).values())
            return [await _prove(connection, known, row) for row in rows]
    except FAULTS as error:
        raise StoreUnusable(f"{database.name} can't be read: {why(error)}") from None


async def latest(database: Database) -> Sequence[Checkpoint]:
    """The last signed checkpoint of each writer, the latest first. Raises StoreUnusable."""
    newest = select(checkpoints.c.writer, func.max(checkpoints.c.size).label("size")).group_by(checkpoints.c.writer)
    last = newest.subquery()
    query = select(checkpoints.c.writer, checkpoints.c.size, checkpoints.c.at, checkpoints.c.note).join(
        last, (checkpoints.c.writer == last.c.writer) & (checkpoints.c.size == last.c.size)
    )
    try:
        async with database.reading() as connection:
            found = await connection.execute(query.order_by(checkpoints.c.at.desc(), checkpoints.c.writer))
            return [Checkpoint(*row) for row in found]
    except FAULTS as error:
        raise StoreUnusable(f"{database.name} can't be read: {why(error)}") from None


async def _prove(connection: AsyncConnection, keys: Sequence[Verifier], row: Row) -> Proof:
    stored = await page(connection, row.writer, row.seq, 1)
    digest = bytes(stored[0][-1]).hex() if stored and stored[0][0] == row.seq and stored[0][-1] is not None else ""
    proof = Proof(row.writer, row.seq, row.kind.value, digest)
    try:
        stretch = await _stretch(connection, keys, row)
        await _walk(connection, row, stretch)
    except _Unproven as reason:
        return _with(proof, verified=None, problem=str(reason))
    except _Broken as reason:
        return _with(proof, verified=False, problem=str(reason))
    return _with(proof, verified=True, covered=stretch.end.size)


def _with(proof: Proof, *, verified: bool | None, covered: int | None = None, problem: str = "") -> Proof:
    return Proof(proof.writer, proof.seq, proof.kind, proof.sha256, verified, covered, problem)


async def _stretch(connection: AsyncConnection, keys: Sequence[Verifier], row: Row) -> _Stretch:
    """What is signed before and behind the entry. Raises _Unproven or _Broken."""
    end = await _signed_behind(connection, keys, row)
    begin = await _chain_before(connection, keys, row)
    if end.size - begin.size > MOST:
        raise _Unproven(f"{end.size - begin.size:,} entries lie between two checkpoints there; {_ELSEWHERE}")
    return _Stretch(begin, end)


async def _signed_behind(connection: AsyncConnection, keys: Sequence[Verifier], row: Row) -> Signed:
    own = checkpoints.c.writer == row.writer
    behind = select(checkpoints.c.note).where(own, checkpoints.c.size > row.seq).order_by(checkpoints.c.size).limit(1)
    note = (await connection.execute(behind)).scalar_one_or_none() or await value(connection, HEAD + row.writer)
    if note is None:
        raise _Unproven("nothing of this log is signed yet")
    signed = _open(str(note), row.writer, keys)
    if signed.size <= row.seq:
        raise _Broken("no signed head covers it")
    return signed


async def _chain_before(connection: AsyncConnection, keys: Sequence[Verifier], row: Row) -> Chain:
    own = checkpoints.c.writer == row.writer
    columns = (checkpoints.c.size, checkpoints.c.at, checkpoints.c.note, checkpoints.c.frontier)
    before = select(*columns).where(own, checkpoints.c.size <= row.seq).order_by(checkpoints.c.size.desc()).limit(1)
    found = (await connection.execute(before)).first()
    if found is None:
        first = await page(connection, row.writer, 0, 1)
        if first and first[0][0] != 0:
            raise _Unproven(f"older entries were purged; {_ELSEWHERE}")
        return Chain(row.writer)
    signed = _open(str(found.note), row.writer, keys)
    try:
        chain = Chain.unpack(row.writer, found.size, found.at, bytes(found.frontier))
    except (ValueError, TypeError):
        raise _Broken("the checkpoint before it was changed") from None
    if (chain.size, chain.tree.root()) != (signed.size, signed.root):
        raise _Broken("the checkpoint before it was changed")
    return chain


def _open(note: str, writer: str, keys: Sequence[Verifier]) -> Signed:
    try:
        return open_head(note, writer, keys)
    except (BadNote, ValueError):
        raise _Broken("the signature over its log is none of ours") from None


async def _walk(connection: AsyncConnection, row: Row, stretch: _Stretch) -> None:
    """Hashes every entry of the stretch. Raises _Broken."""
    chain, end = stretch.begin, stretch.end
    while chain.size < end.size:
        found = await page(connection, row.writer, chain.size, min(_PAGE, end.size - chain.size))
        if not found:
            raise _Broken("entries beside it are missing")
        for each in found:
            _take(chain, each, row)
    if chain.tree.root() != end.root:
        raise _Broken("what was signed is something else")


def _take(chain: Chain, each: Sequence[Any], row: Row) -> None:
    if each[0] != chain.size:
        raise _Broken("entries beside it are missing")
    try:
        digest = chain.add(Stored(*each[:-1]))
    except (struct.error, AttributeError, TypeError, ValueError):
        digest = b""
    if digest != each[-1]:
        raise _Broken("it is not what was written" if each[0] == row.seq else f"entry {each[0]} beside it was changed")
