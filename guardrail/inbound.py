"""What stands between the edge and an exchange: a request as values, a way out for its answer, what all share."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from guardrail.crisis_calls import CrisisCalls
from guardrail.dialects.base import Reply
from guardrail.dialects.catalog import Found
from guardrail.errors import GuardrailError
from guardrail.gates import NOTHING_SAID, Supplied
from guardrail.policy.compile import Compiled
from guardrail.record.entry import Entry, Outcome
from guardrail.record.metrics import Metrics
from guardrail.state.store import StateStore
from guardrail.suspension import Suspensions
from guardrail.wire.breaker import Breakers
from guardrail.wire.upstream import Connector

Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks. `tenant` keys what is never shared between clients: connections to the provider, and
    what is remembered of earlier requests. `owner` is the same client in every process, for what is kept."""

    name: str = "anonymous"
    tenant: str = ""
    owner: str = ""
    surface: str = ""
    country: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Inbound:
    """A request as the edge hands it over. `forward` holds the headers that may go to the provider.

    `path` is the provider's own, without our prefix `/r/{route}`; `query` holds allowed parameters only.
    """

    method: str
    path: str
    body: bytes
    query: Mapping[str, str] = field(default_factory=dict)
    route: str = ""
    client: Client = Client()
    forward: Sequence[tuple[str, str]] = ()
    cohort: Mapping[str, str] = field(default_factory=dict)
    supplied: Supplied = NOTHING_SAID
    """What the application says of its user and of the request, for the gates; never sent on, never logged."""
    receipt: str = ""
    trace: str = ""
    """The client's `traceparent`, if the policy lets traces go on."""


class Recorder(Protocol):
    """The audit log. Entries are written in the order of the calls, and none is lost that was taken."""

    def submit(self, entry: Entry, *, subject: str = "") -> Awaitable[None]:
        """Taken at once; durable once it is awaited, which raises AuditUnavailable. Nobody has to await it.

        `subject` is a pseudonym, kept apart.
        """
        ...


class Outbound(Protocol):
    """Where the answer goes. The edge ends the response when the exchange's `run` returns."""

    async def start(self, status: int, headers: Headers) -> None:
        """Once, before any byte."""
        ...

    async def send(self, body: bytes) -> None:
        """Waits while the client is slow (backpressure)."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """What all exchanges share. `drained` is set when streams that are still open have to end.

    lookup  the dialect of a method and path under a policy; raises UnknownRoute
    refuse  an error in the shape of the dialect that a path belongs to
    state   where placeholders of what the provider keeps are found; None if it keeps nothing
    crisis  tells the deployer's people of somebody in danger
    recorder  the audit log
    suspensions  what may not be used for now
    ended   told of every outcome, and of the trace that it belongs to
    """

    policy: Callable[[], Compiled]
    lookup: Callable[[str, str, Compiled], Found]
    refuse: Callable[[str, GuardrailError], Reply]
    upstream: Connector
    metrics: Metrics
    drained: asyncio.Event
    breakers: Breakers
    state: Callable[[Compiled], StateStore | None]
    crisis: CrisisCalls
    recorder: Recorder
    suspensions: Suspensions
    ended: Callable[[Outcome, str], None]
