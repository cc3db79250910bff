"""A patient's right to be told and to be forgotten, in a log that can't be changed (WHO-21, GDPR 15 and 17).

An application names whom an exchange is about by a pseudonym. Of that the log keeps a commitment: a hash of a random
salt and of a tag, which is the pseudonym's HMAC. Salt and tag stand in the table `subjects`: with them every exchange
of a pseudonym is found; without them no commitment can be told from chance, not even by who knows the pseudonym and
all keys. So erasing is deleting rows, and the log stays as it was signed.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from guardrail.record.database import Database
from guardrail.record.entry import Code
from guardrail.record.keys import Keys
from guardrail.record.tables import subjects

SALT_BYTES: Final = 32
_PURPOSE: Final = "subject tag"


@dataclass(frozen=True, slots=True)
class Link:
    """`commitment` goes into the log, `row` into the table `subjects`."""

    commitment: Code
    row: Mapping[str, Any]


def tag(keys: Keys, pseudonym: str) -> bytes:
    """What a pseudonym is known by: nothing to who has no secret of ours (AUD-07)."""
    return hmac.digest(keys.derive(_PURPOSE), pseudonym.encode(), "sha256")


def link(keys: Keys, receipt: str, pseudonym: str) -> Link:
    """Ties one exchange to a pseudonym, with a salt of its own."""
    mark, salt = tag(keys, pseudonym), os.urandom(SALT_BYTES)
    return Link(commitment(mark, salt), {"receipt": receipt, "tag": mark, "salt": salt})


def commitment(mark: bytes, salt: bytes) -> Code:
    """As `Who.subject` has it."""
    return Code(sha256(b"guardrail subject 1\n" + salt + mark).hexdigest())


async def receipts_of(connection: AsyncConnection, keys: Keys, pseudonym: str) -> Mapping[str, Code]:
    """The exchanges of a pseudonym, and the commitment that their entries must have."""
    found = await connection.execute(select(subjects).where(subjects.c.tag == tag(keys, pseudonym)))
    return {row.receipt: commitment(row.tag, row.salt) for row in found}


async def erase(database: Database, keys: Keys, pseudonym: str) -> Sequence[str]:
    """Breaks the link of every exchange to this pseudonym, for good; gives their receipts. Nothing is left on the disk.

    The caller writes the event `subject_erased`, with the number of receipts and nothing else.
    """
    mark = tag(keys, pseudonym)
    async with database.writing() as connection:
        found = await connection.execute(select(subjects.c.receipt).where(subjects.c.tag == mark))
        receipts = list(found.scalars())
        await connection.execute(delete(subjects).where(subjects.c.tag == mark))
    if database.kind == "sqlite":
        await database.settle()
    return receipts


async def forget_before(connection: AsyncConnection, receipts: Sequence[str]) -> None:
    """Of exchanges whose entries are purged."""
    await connection.execute(text("DELETE FROM subjects WHERE receipt = :receipt"), [{"receipt": r} for r in receipts])
