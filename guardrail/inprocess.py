"""What the guardrails inside a program have in common: a policy from wherever it is, and a service that runs."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

from guardrail.build import read_policy
from guardrail.edge import Edge
from guardrail.housekeeping import every
from guardrail.policy.load import Loaded
from guardrail.policy.store import POLL_SECONDS
from guardrail.service import Service

PolicySource = str | Path | Loaded | None
"""A policy file (read again when it changes), a loaded policy, or None for the shipped baseline."""


def read(policy: PolicySource) -> Loaded:
    """The policy as it is now. Raises PolicyError."""
    if isinstance(policy, Loaded):
        return policy
    return read_policy(None if policy is None else Path(policy))


class Running:
    """A started guardrail, in one event loop."""

    def __init__(self, service: Service, edge: Edge, watching: asyncio.Task[None]) -> None:
        self.service, self.edge = service, edge
        self.loop = asyncio.get_running_loop()
        self._watching = watching

    @classmethod
    async def begin(cls, service: Service, hosts: frozenset[str] = frozenset()) -> Running:
        """Raises PolicyError or RailError; then nothing is left behind. `hosts` as in `Edge`."""
        try:
            await service.start()
        except BaseException:
            await service.close()
            raise
        return cls(service, service.app(hosts), asyncio.create_task(every(POLL_SECONDS, service.store.watch)))

    async def end(self) -> None:
        """Takes no new work, and ends."""
        self.service.drain.begun.set()
        self._watching.cancel()
        with suppress(asyncio.CancelledError):
            await self._watching
        await self.service.close()
