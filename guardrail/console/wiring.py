"""The console with everything behind it: beside one proxy in its process, or in the process that looks after several.

Knows the parts by their faces; what a page shows is `console.views`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any, Protocol

from guardrail.build import build_check
from guardrail.console.app import Console
from guardrail.console.closed import ClosedSessions
from guardrail.console.ports import Ports, Status
from guardrail.engine.worker import InlineInspector, Inspector
from guardrail.evidence import Commands, Evidence, open_evidence
from guardrail.feedback import identifiers
from guardrail.housekeeping import every
from guardrail.kept_policies import deciding, highest
from guardrail.policy.compile import Compiled, RailSpec
from guardrail.policy.load import Loaded
from guardrail.policy.seal import Seals
from guardrail.policy.store import POLL_SECONDS, PolicyStore
from guardrail.proofs import latest, prove
from guardrail.question import PHI
from guardrail.record.metrics import Metrics
from guardrail.wire.upstream import Connector, Upstream

SLOT = "admin"
"""The writer of this process's own events, beside those of the workers."""
COUNT_SECONDS = 30.0
COOKIES = "console"
"""The purpose under which the key that signs cookies is derived."""


def connect(
    evidence: Evidence,
    *,
    host: str,
    policy: Callable[[], Compiled],
    ready: Callable[[], bool],
    stale: Callable[[], bool],
    expired: Callable[[], Sequence[str]],
    render: Callable[[str], tuple[str, bytes]],
    count: Callable[[str], None],
    identifiers: Callable[[str], Awaitable[Sequence[str]]],
    connector: Connector,
    environment: Mapping[str, str],
) -> Ports:
    """The console's ports on an open store. `host` is where the admin port listens."""
    keys, database = evidence.ledger.keys, evidence.database

    def status() -> Status:
        full = database.place.is_nearly_full
        return Status(ready(), audit=not evidence.ledger.stalled, stale=stale(), expired=expired(), disk_low=full)

    return Ports(
        host=host,
        policy=policy,
        status=status,
        metrics=render,
        archive=evidence.archive,
        commit=evidence.ledger.commit,
        suspensions=evidence.suspensions,
        cases=evidence.desk,
        incidents=evidence.incidents,
        closed=ClosedSessions(database),
        identifiers=identifiers,
        connector=connector,
        secret=keys.derive(COOKIES),
        environment=environment,
        deciding=partial(deciding, database),
        prove=partial(prove, database, [keys.verifier]),
        checkpoints=partial(latest, database),
        count=count,
    )


class Workers(Protocol):
    """What is seen of several workers (`workers.View`)."""

    metrics: Metrics

    @property
    def ready(self) -> bool:
        """True if every worker could handle an exchange now."""
        ...

    def render(self, accept: str) -> tuple[str, bytes]:
        """The metrics of all workers."""
        ...

    def expired(self) -> Sequence[str]:
        """What should have been checked again."""
        ...


@asynccontextmanager
async def for_workers(
    workers: Workers,
    *,
    load: Callable[[], Loaded],
    host: str,
    environment: Mapping[str, str],
    seals: Seals | None = None,
) -> AsyncIterator[Console]:
    """The console where no proxy is: it reads the policy by itself, and again when it changes, and writes as `admin`.

    `seals` are those that `load` heeds, if it does. Raises PolicyError, StoreUnusable or AuditUnavailable with nothing
    left open.
    """

    def reloaded(*_: object) -> None:
        if seals is not None:
            seals.remember(store.current().ref.version)

    store = PolicyStore(load, _NoAnalyzer(), Metrics(), reloaded)  # metrics of its own: the workers tell theirs
    await store.start()
    reloaded()
    connector: Connector = Upstream()
    evidence = await open_evidence(
        store.current().policy,
        environment,
        workers.metrics,
        slot=SLOT,
        rules=lambda: store.current().policy.redress,
    )
    commands = Commands(evidence, workers.metrics)
    watching = asyncio.gather(every(POLL_SECONDS, store.watch), every(COUNT_SECONDS, commands.count))
    try:
        if seals is not None:
            seals.remember(await highest(evidence.database))
        yield Console(
            connect(
                evidence,
                host=host,
                policy=store.current,
                ready=lambda: workers.ready,
                stale=lambda: store.stale,
                expired=workers.expired,
                render=workers.render,
                count=workers.metrics.admin_request,
                identifiers=partial(_identifiers, load),
                connector=connector,
                environment=environment,
            )
        )
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        await connector.close()
        await evidence.close()


async def _identifiers(load: Callable[[], Loaded], words: str) -> Sequence[str]:
    """Here no rails are loaded: they are for this one time, in a thread, which takes seconds."""

    def look() -> Sequence[str]:
        return asyncio.run(identifiers(build_check(load(), [PHI]), words))

    return await asyncio.to_thread(look)


class _NoAnalyzer:
    """Policies are compiled here to be read, and nothing is inspected."""

    async def load(self, key: str, spec: Sequence[RailSpec]) -> None:
        """Nothing to build."""

    async def unload(self, key: str) -> None:
        """Nothing was built."""

    def bind(self, key: str) -> Inspector:
        """Never asked: the console sends no text through a chain."""
        empty: dict[str, Any] = {}
        return InlineInspector(empty)
