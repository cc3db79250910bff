"""The running product: store, analyzer, exchanges and edges put together and served until it is told to stop.

Knows every part by its face and no part's inside. `serve` is what the command line calls; `Service` is what the
demonstration and the tests run in their own event loop.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from guardrail import __version__, server
from guardrail.build import build_analyzer, build_routes, build_state, build_store, read_policy
from guardrail.crisis_calls import CrisisCalls
from guardrail.dialects.base import Reply
from guardrail.dialects.catalog import Found, Route, lookup, speaker
from guardrail.edge import AdminEdge, Doors, Drain, Edge
from guardrail.errors import GuardrailError, PolicyError
from guardrail.exchange import Exchange
from guardrail.inbound import Inbound, Outbound, Services
from guardrail.policy.compile import Compiled
from guardrail.policy.load import Loaded
from guardrail.rails.base import About
from guardrail.record import log
from guardrail.record.metrics import Metrics
from guardrail.record.tally import Tally
from guardrail.state.store import StateStore
from guardrail.text import Direction, Role, Segment
from guardrail.wire.breaker import Breakers
from guardrail.wire.upstream import Connector, Upstream

ADMIN_HOSTS = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})
LAST_CALLS_SECONDS = 5.0
LIMITS = (
    "Names are found by two small trained models and by cues; some will be missed.",
    "Images, audio and files are refused, not inspected.",
    "Human-like language is rewritten in English first; other languages have the core phrases only.",
)


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says."""

    policy: Path | None = None
    upstream: str | None = None
    listen: server.Listen = field(default_factory=server.Listen)


class Service:
    """One proxy process: an analyzer, a policy store, two applications."""

    def __init__(
        self, options: Options, load: Callable[[], Loaded] | None = None, upstream: Connector | None = None
    ) -> None:
        """Reads the policy once to know the limits that hold from the start. Raises PolicyError.

        `load` reads the policy, `upstream` asks the provider, where that is not as the options say and by the network.
        """
        load = load or (lambda: read_policy(options.policy, options.upstream))
        policy = load().policy
        server.check_bind(options.listen.host, bool(policy.clients))
        listen = replace(
            options.listen,
            head_seconds=policy.limits.head_timeout_seconds,
            drain_seconds=policy.limits.drain_seconds,
        )
        self.options = replace(options, listen=listen)
        self.metrics = Metrics()
        self.analyzer = build_analyzer(policy.limits, self.metrics)
        self.store = build_store(load, self.analyzer, self.metrics)
        self.upstream: Connector = upstream or Upstream()
        self.drain = Drain()
        self._calls = CrisisCalls(Upstream, self.metrics.crisis_webhook)
        self._routes: tuple[str, Sequence[Route]] = ("", ())
        self._services = Services(
            self.store.current,
            self._lookup,
            self._refuse,
            self.upstream,
            self.metrics,
            self.drain.late,
            Breakers(time.monotonic),
            self._state,
            self._calls,
        )
        self._states: tuple[object, StateStore | None] = (None, None)
        self._stores: list[StateStore] = []

    async def start(self) -> None:
        """Ready to serve when this returns. Raises PolicyError or RailError: nothing is served then."""
        await self.store.start()
        self._state(self.store.current())
        await self._warm_up()

    async def _warm_up(self) -> None:
        """What is compiled at its first use (patterns, mostly) is used once before anybody waits for it."""
        about = About(Direction.RESPONSE, Role.ASSISTANT, language="en")
        segment = Segment("warm-up", Role.ASSISTANT, "I think it is harmless. I suggest rest.")
        await self.store.current().response.run(segment, about)

    def _state(self, compiled: Compiled) -> StateStore | None:
        """One store for as long as the policy describes the same one: a reload forgets nothing."""
        described = (compiled.policy.state, compiled.state)
        if self._states[0] != described:
            self._states = (described, build_state(compiled))
            self._stores += [store for store in self._states[1:] if store is not None]
        return self._states[1]

    async def close(self) -> None:
        """Ends the analyzer and closes every connection; what has to be told of people in danger is told before."""
        await self._calls.close(LAST_CALLS_SECONDS)
        for store in self._stores:
            await store.close()
        await self.upstream.close()
        await self.analyzer.close()

    @property
    def ready(self) -> bool:
        """True if an exchange could be handled now. `None` of the parts degrades silently."""
        return self.analyzer.alive and not self.drain.begun.is_set()

    def app(self, hosts: frozenset[str] = frozenset()) -> Edge:
        """The application on the client port. `hosts` as in `Edge`."""
        doors = Doors(
            handle=self._handle,
            refuse=self._refuse,
            admit=self._admit,
            policy=lambda: self.store.current().policy,
            refused=self._refused,
            ready=lambda: self.ready,
            disclosure=self._disclosure,
            claim_keys=lambda: self.store.current().claim_keys,
            unknown_value=self.metrics.unknown_header_value,
            expired=self._expired,
        )
        return Edge(doors, self.drain, hosts)

    def admin(self) -> AdminEdge:
        """The application on the admin port."""
        return AdminEdge(self.render, lambda: self.ready, ADMIN_HOSTS, self._expired)

    def _expired(self) -> Sequence[str]:
        return [f"{row.kind} {row.name}" for row in self.store.current().expired]

    async def _handle(self, inbound: Inbound, outbound: Outbound) -> None:
        await Exchange(self._services, inbound, outbound).run()

    def _lookup(self, method: str, path: str, compiled: Compiled) -> Found:
        return lookup(method, path, self._table(compiled))

    def _table(self, compiled: Compiled) -> Sequence[Route]:
        """Dialects are made anew for each policy version: the limits and the treatment of log probabilities are its."""
        if self._routes[0] != compiled.sha256:
            self._routes = (compiled.sha256, build_routes(compiled.policy))
        return self._routes[1]

    def _admit(self, method: str, path: str) -> Mapping[str, re.Pattern[str]]:
        return self._lookup(method, path, self.store.current()).route.query

    def _refuse(self, path: str, error: GuardrailError) -> Reply:
        return speaker(path, self._table(self.store.current())).refuse(error)

    def _refused(self, path: str, error: GuardrailError) -> None:
        """Counts what the edge turned away; it never became an exchange."""
        tally = Tally(self.metrics, client="none", groups={})
        tally.stage = "head"
        tally.refused(error)
        tally.close()

    def serves(self, path: str) -> bool:
        """True if a dialect is spoken at this path, whatever the method."""
        return any(route.match(path) is not None for route in self._table(self.store.current()))

    def render(self, accept: str) -> tuple[str, bytes]:
        """The metrics page: its content type and its body, for an Accept header."""
        self.metrics.analyzer_restarts(self.analyzer.restarts)
        return self.metrics.render(accept)

    def _disclosure(self) -> Mapping[str, object]:
        """What anybody may know about the machine that answers (WHO-13, WHO-14)."""
        compiled = self.store.current()
        about = About(Direction.RESPONSE, Role.ASSISTANT, language=compiled.policy.defaults.language)
        head = compiled.response.open(about).head()
        return {
            "product": "lmm-guardrail",
            "version": __version__,
            "what": "A proxy between an application and a large multi-modal model. Answers are written by a machine.",
            "policy": {"name": compiled.policy.name, "version": compiled.policy.version, "sha256": compiled.sha256},
            "notice": head.text.strip() if head else "",
            "stale": self.store.stale,
            "limits": list(LIMITS),
        }

    async def reload(self) -> None:
        """SIGHUP: whole or not at all."""
        result = await self.store.reload()
        log.event("policy_reload", reason=result)


async def serve_until_stopped(service: Service, on_ready: Callable[[int, int], None]) -> None:
    """Start, listen on both ports, drain, close. Raises PolicyError, RailError or server.PortInUse."""
    try:
        await service.start()
        _settle_memory()
        watching = asyncio.create_task(service.store.watch())
        try:
            await server.run(
                service.app(), service.admin(), service.options.listen, service.drain,
                on_ready=on_ready, reload=service.reload,
            )  # fmt: skip
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
    finally:
        await service.close()


def _settle_memory() -> None:
    """What is loaded stays: the collector need not look at it again, and looks less often at the rest.

    With Python's own thresholds a large request makes it stop every stream for up to 165 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 1_000)


def serve(policy: Path | None, upstream: str | None, host: str, port: int, admin_port: int) -> int:
    """`guardrail serve`. Exit status: 0 after an orderly end, 1 if it can't listen, 2 for a bad policy."""
    log.configure(logging.DEBUG if os.environ.get("GUARDRAIL_LOG_LEVEL", "").lower() == "debug" else logging.INFO)

    def announce(client: int, admin: int) -> None:
        print(f"guardrail is ready on http://{_shown(host)}:{client}, metrics on http://127.0.0.1:{admin}", flush=True)

    try:
        service = Service(Options(policy, upstream, server.Listen(host=host, port=port, admin_port=admin_port)))
        server.run_forever(lambda: serve_until_stopped(service, announce))
    except PolicyError as error:
        return _fail(error.message, 2)
    except (server.PortInUse, GuardrailError) as error:
        return _fail(str(error), 1)
    return 0


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _fail(message: str, status: int) -> int:
    print(message, file=sys.stderr)
    return status
