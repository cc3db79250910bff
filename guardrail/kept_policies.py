"""Policies that have been in force, kept beside the log: a record can be explained by the one that decided (WHO-60).

In the table `meta`, under their fingerprint, which is the SHA-256 of what is kept: nobody can put another one there
unseen. A policy holds no secret.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Final

from pydantic import ValidationError
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from guardrail.build import reader_of
from guardrail.errors import PolicyError
from guardrail.policy.compile import Compiled
from guardrail.policy.load import Loaded, canonical
from guardrail.policy.model import Policy
from guardrail.receipts import Row
from guardrail.record import beside
from guardrail.record.database import Database
from guardrail.record.entry import Intent, Outcome
from guardrail.record.tables import meta

PREFIX: Final = "policy:"


async def keep(database: Database, policy: Policy, sha256: str) -> None:
    """Once for each version. Raises AuditUnavailable."""

    async def work(connection: AsyncConnection) -> None:
        key = PREFIX + sha256
        known = await connection.execute(select(meta.c.key).where(meta.c.key == key))
        if known.first() is None:
            await connection.execute(insert(meta).values(key=key, value=canonical(policy)))

    await beside.transaction(database, work)


async def highest(database: Database) -> int:
    """The highest version of any policy that has been in force, 0 if none was. Raises AuditUnavailable."""
    found = await beside.rows(database, select(meta.c.value).where(meta.c.key.startswith(PREFIX, autoescape=True)))
    return max((json.loads(row.value)["version"] for row in found), default=0)


async def deciding(database: Database, rows: Sequence[Row]) -> Compiled | None:
    """The policy that decided what these entries tell, to read by; None if it was not kept, or is no policy any more.

    Raises AuditUnavailable.
    """
    told = [row.entry.policy.sha256 for row in rows if isinstance(row.entry, Intent | Outcome)]
    if not told:
        return None
    found = await beside.rows(database, select(meta.c.value).where(meta.c.key == PREFIX + told[-1]))
    text = found[0].value if found else ""
    if hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest() != told[-1]:
        return None
    try:
        return reader_of(Loaded(Policy.model_validate_json(text), ()), told[-1])
    except (ValidationError, PolicyError):  # of another version of the guardrail
        return None
