"""What the console is connected to. It decides who may; what is done is done by these."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from guardrail.console.closed import ClosedSessions
from guardrail.incidents import Incidents
from guardrail.policy.compile import Compiled
from guardrail.proofs import Checkpoint
from guardrail.receipts import Proof, Row
from guardrail.record.archive import Line
from guardrail.record.entry import Event, Kind
from guardrail.redress import Desk
from guardrail.suspension import Suspensions
from guardrail.wire.upstream import Connector


class Archive(Protocol):
    """The log, as `record.archive` reads it."""

    async def of_receipt(self, receipt: str) -> Sequence[Row]:
        """All entries about one exchange."""
        ...

    async def latest_lines(self, limit: int, kinds: Collection[Kind] = ()) -> Sequence[Line]:
        """The last ones, the newest first, as they are there: one that can't be read hides no other."""
        ...


@dataclass(frozen=True, slots=True)
class Status:
    """How this guardrail is. None: nobody could tell. `expired` names texts that should have been checked again."""

    ready: bool
    audit: bool | None = None
    """True if the log can be written."""
    stale: bool = False
    """True if a newer policy could not be read."""
    expired: Sequence[str] = ()
    disk_low: bool = False
    """True if the disk of the log is nearly full."""


async def _no_proof(rows: Sequence[Row]) -> Sequence[Proof]:
    return [Proof(row.writer, row.seq, row.kind.value) for row in rows]


async def _not_kept(rows: Sequence[Row]) -> Compiled | None:
    return None


async def _no_checkpoints() -> Sequence[Checkpoint]:
    return ()


@dataclass(frozen=True, slots=True)
class Ports:
    """`host` is where the admin port listens. `secret` (32 bytes) signs cookies: of one installation the same.

    commit       writes an event to the audit log, durable when it returns; raises AuditUnavailable
    metrics      the metrics page for an Accept header: its content type and its body
    deciding     the policy that decided what entries tell, if that was kept
    prove        whether entries are as they were written
    closed       sessions that somebody logged out of, in whatever process
    identifiers  the labels of what may be a person's data in words that are meant for everybody; raises RailError
    connector    asks the provider of identities
    environment  where secrets are that the policy names
    count        told of every request: ok, unauthorized, forbidden, limited
    clock        seconds since 1970;  ticks: seconds, never going back
    """

    host: str
    policy: Callable[[], Compiled]
    status: Callable[[], Status]
    metrics: Callable[[str], tuple[str, bytes]]
    archive: Archive
    commit: Callable[[Event], Awaitable[None]]
    suspensions: Suspensions
    cases: Desk
    incidents: Incidents
    closed: ClosedSessions
    identifiers: Callable[[str], Awaitable[Sequence[str]]]
    connector: Connector
    secret: bytes = field(repr=False)
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    deciding: Callable[[Sequence[Row]], Awaitable[Compiled | None]] = _not_kept
    prove: Callable[[Sequence[Row]], Awaitable[Sequence[Proof]]] = _no_proof
    checkpoints: Callable[[], Awaitable[Sequence[Checkpoint]]] = _no_checkpoints
    count: Callable[[str], None] = lambda result: None
    clock: Callable[[], float] = time.time
    ticks: Callable[[], float] = time.monotonic
