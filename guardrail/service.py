"""The running product: store, analyzer, exchanges and edges put together and served until it is told to stop.

Knows every part by its face and no part's inside. `serving` is what the command line calls; `Service` is what it, the
demonstration and the tests run in their own event loop.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import re
import socket
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from guardrail import __version__, disclosure, server, telemetry
from guardrail.build import build_analyzer, build_routes, build_state, build_store, read_policy
from guardrail.checkpoints import Checkpoints
from guardrail.console.app import Console
from guardrail.console.wiring import connect
from guardrail.crisis_calls import CrisisCalls
from guardrail.dialects.base import Reply
from guardrail.dialects.catalog import Found, Route, lookup, speaker
from guardrail.edge import Doors, Drain, Edge, warnings
from guardrail.engine.settled import settle
from guardrail.errors import AuditUnavailable, Draining, GuardrailError, RailLate
from guardrail.evidence import Commands, Evidence, count_cases, open_evidence
from guardrail.exchange import Exchange
from guardrail.feedback import Intake, finder, identifiers
from guardrail.housekeeping import every
from guardrail.inbound import Client, Inbound, Outbound, Services
from guardrail.incidents import FEED_PATH, FEED_TYPE
from guardrail.kept_policies import highest, keep
from guardrail.policy.admin import check_admin
from guardrail.policy.compile import Compiled
from guardrail.policy.load import Loaded
from guardrail.policy.model import Policy
from guardrail.policy.seal import Seals, public_key
from guardrail.policy.store import POLL_SECONDS
from guardrail.rails.base import About
from guardrail.record import log
from guardrail.record.entry import NONE, Code, Event, Outcome, code
from guardrail.record.metrics import Metrics
from guardrail.record.tally import CLIENT_GONE, Known, Tally
from guardrail.redress import Case
from guardrail.state.store import StateStore
from guardrail.text import Direction, Risk, Role, Segment
from guardrail.totals import Totals
from guardrail.wire.breaker import Breakers
from guardrail.wire.upstream import Connector, Upstream

DISCLOSURE = "/guardrail/disclosure"
Handle = Callable[[Inbound, Outbound], Awaitable[None]]

WARM_UPS = 5
LAST_CALLS_SECONDS = 5.0
COUNT_SECONDS = 30.0
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
    slot: str | None = None
    """Names this process among those that share a data folder; None: the first name that is free."""
    nursery: socket.socket | None = None
    """Where its analyzers come from (engine.nursery); None: one of its own."""
    policy_key: str | None = None
    """A public key: only a policy that it has sealed takes force (policy.seal); None: any policy does."""


async def unhurried(work: Callable[[], Awaitable[object]]) -> None:
    """Tries some times while rails are late: a machine on which much starts at once is slow, and nobody waits here yet.

    Raises RailLate after the last, and what `work` raises besides at once.
    """
    for _ in range(WARM_UPS - 1):
        with suppress(RailLate):
            await work()
            return
    await work()


class Service:
    """One proxy process: an analyzer, a policy store, two applications."""

    def __init__(
        self, options: Options, load: Callable[[], Loaded] | None = None, upstream: Connector | None = None
    ) -> None:
        """Reads the policy once to know the limits that hold from the start. Raises PolicyError.

        `load` reads the policy, `upstream` asks the provider, where that is not as the options say and by the network.
        """
        read = load or (lambda: read_policy(options.policy, options.upstream))
        self._seals = Seals(options.policy, public_key(options.policy_key)) if options.policy_key is not None else None
        load = partial(self._seals.read, read) if self._seals else read
        policy = load().policy
        check_listening(policy, options.listen)
        listen = replace(
            options.listen,
            head_seconds=policy.limits.head_timeout_seconds,
            drain_seconds=policy.limits.drain_seconds,
        )
        self.options = replace(options, listen=listen)
        self.metrics = Metrics()
        self.analyzer = build_analyzer(policy.limits, self.metrics, options.nursery)
        self.store = build_store(load, self.analyzer, self.metrics, self._reloaded)
        self.upstream: Connector = upstream or Upstream()
        self.drain = Drain()
        self._calls = CrisisCalls(Upstream, self.metrics.crisis_webhook)
        self._routes: tuple[str, Sequence[Route]] = ("", ())
        self._policy = policy
        self._evidence: Evidence | None = None
        self._telemetry = telemetry.from_environment(os.environ)
        audit = policy.audit
        file = Path(audit.checkpoint_file) if audit.checkpoint_file else None
        self._checkpoints = Checkpoints(audit.checkpoint_url, file, Upstream)
        self._handle: Handle = _not_started
        self._intake: Intake | None = None
        self._totals: Totals | None = None
        self._commands: Commands | None = None
        self._chores: set[asyncio.Task[None]] = set()
        self._states: tuple[object, StateStore | None] = (None, None)
        self._stores: list[StateStore] = []

    async def start(self) -> None:
        """Ready to serve when this returns. Raises PolicyError, RailError, StoreUnusable or AuditUnavailable: nothing
        is served then."""
        evidence = await self._open_evidence()
        if self._seals is not None:
            self._seals.remember(await highest(evidence.database))
        await self.store.start()
        self._state(self.store.current())
        services = Services(
            self.store.current,
            self._lookup,
            self._refuse,
            self.upstream,
            self.metrics,
            self.drain.late,
            Breakers(time.monotonic),
            self._state,
            self._calls,
            evidence.ledger,
            evidence.suspensions,
            self._ended,
        )
        self._handle = lambda inbound, outbound: Exchange(services, inbound, outbound).run()
        self._totals = Totals(evidence.database, evidence.ledger.writer)
        await self._totals.start()
        find = finder(evidence.database)
        self._intake = Intake(evidence.desk, find, self.store.current, alarm=self._alarm)
        self._remember()
        await self._note_policy()
        await self._warm_up()

    async def _open_evidence(self) -> Evidence:
        """The log comes first: what can't be recorded is not served. Where it is, a reload does not change."""
        self._evidence = await open_evidence(
            self._policy,
            os.environ,
            self.metrics,
            slot=self.options.slot,
            rules=lambda: self.store.current().policy.redress,
            checkpoint=self._checkpointed,
        )
        return self._evidence

    def _checkpointed(self, note: str) -> None:
        self.metrics.audit_checkpoint(time.time())
        self._checkpoints.put(note)

    @property
    def evidence(self) -> Evidence:
        """The log and what is beside it, once it has been started."""
        assert self._evidence is not None
        return self._evidence

    async def _warm_up(self) -> None:
        """The way to the analyzer and back is tried before anybody waits for it. The rails there are warm by then."""
        about = About(Direction.RESPONSE, Role.ASSISTANT, language="en")
        segment = Segment("warm-up", Role.ASSISTANT, "I think it is harmless. I suggest rest.")
        await unhurried(lambda: self.store.current().response.run(segment, about))

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
        if self._telemetry is not None:
            await self._telemetry.close()
        if self._totals is not None:
            await self._totals.save()
        if self._evidence is not None:
            await self._evidence.close()
        await self._checkpoints.close(LAST_CALLS_SECONDS)

    @property
    def ready(self) -> bool:
        """True if an exchange could be handled now. `None` of the parts degrades silently."""
        written = self._evidence is not None and not self._evidence.ledger.stalled
        return written and self.analyzer.alive and not self.drain.begun.is_set()

    def app(self, hosts: frozenset[str] = frozenset()) -> Edge:
        """The application on the client port. `hosts` as in `Edge`."""
        return Edge(self.doors(), self.drain, hosts)

    def doors(self) -> Doors:
        """What the edge, and the server before it, are connected to."""
        return Doors(
            handle=lambda inbound, outbound: self._handle(inbound, outbound),
            refuse=self._refuse,
            admit=self._admit,
            policy=lambda: self.store.current().policy,
            refused=self._refused,
            ready=lambda: self.ready,
            pages={DISCLOSURE: self._disclosure, FEED_PATH: self._feed},
            feedback=self._feedback,
            claim_keys=lambda: self.store.current().claim_keys,
            unknown_value=self.metrics.unknown_header_value,
            expired=self._expired,
            warnings=self._warnings,
        )

    def admin(self) -> Console:
        """The application on the admin port; the process that has it counts what commands do, too."""
        self._commands = Commands(self.evidence, self.metrics)
        return Console(
            connect(
                self.evidence,
                host=self.options.listen.admin_host,
                policy=self.store.current,
                ready=lambda: self.ready,
                stale=lambda: self.store.stale,
                expired=self._expired,
                render=self.render,
                count=self.metrics.admin_request,
                identifiers=lambda words: identifiers(self.store.current(), words),
                connector=self.upstream,
                environment=os.environ,
            )
        )

    def _warnings(self) -> Sequence[str]:
        return warnings(stale=self.store.stale, nearly_full=self.evidence.database.place.is_nearly_full)

    def _expired(self) -> Sequence[str]:
        return [f"{row.kind} {row.name}" for row in self.store.current().expired]

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

    async def _refused(self, error: GuardrailError, receipt: str) -> None:
        """Counts what the edge or the server turned away; it never became an exchange. Raises AuditUnavailable."""
        compiled = self.store.current()
        counted = Tally(self.metrics, Known(receipt=receipt, policy=compiled.ref))
        counted.stage = "head"
        counted.refused(error)
        if counted.status == CLIENT_GONE:
            counted.gone()
        counted.close()
        outcome = counted.outcome()
        self._ended(outcome, "")
        await self.evidence.ledger.submit(outcome)

    def _ended(self, outcome: Outcome, trace: str) -> None:
        """What else hears of an outcome: counts of models, and traces (if anybody asked for them)."""
        metrics, model = self.metrics, outcome.who.model
        if 200 <= outcome.status < 300:  # names of models are learnt here
            metrics.tokens(model, outcome.usage)
        if outcome.cost is not None:
            metrics.cost(model, outcome.currency, outcome.cost)
        if outcome.footprint is not None:
            metrics.footprint(model, outcome.footprint)
        served = 200 <= outcome.status < 300 and outcome.served != NONE
        if served and metrics.model_served(outcome.who.upstream, model, outcome.served):  # WHO-44
            facts = {"upstream": outcome.who.upstream, "asked": model, "served": outcome.served}
            self.evidence.ledger.submit(Event(Code("model_changed"), receipt=outcome.receipt, facts=facts))
        if self._totals is not None:
            self._totals.count(outcome)
        if self._telemetry is not None:
            now = time.time_ns()
            self._telemetry.exchange_ended(outcome, now - outcome.timings.total * 1_000, now, trace)

    def serves(self, path: str) -> bool:
        """True if a dialect is spoken at this path, whatever the method."""
        return any(route.match(path) is not None for route in self._table(self.store.current()))

    def render(self, accept: str) -> tuple[str, bytes]:
        """The metrics page: its content type and its body, for an Accept header."""
        self.metrics.analyzer_restarts(self.analyzer.restarts)
        return self.metrics.render(accept)

    async def _disclosure(self, accept: str) -> Reply:
        """What anybody may know about the machine that answers (WHO-13, WHO-14, WHO-62)."""
        assert self._totals is not None
        published, figures = await self.evidence.incidents.published(), await self._totals.all()
        shown = disclosure.label(self.store.current().policy, self._facts(), published, figures)
        return disclosure.reply(shown, accept)

    def _facts(self) -> Mapping[str, object]:
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

    async def _feed(self, accept: str) -> Reply:
        """Published incidents, for programs (WHO-10)."""
        title = self.store.current().policy.disclosure.deployer or "Incidents"
        feed = await self.evidence.incidents.feed(title)
        return Reply(200, json.dumps(feed, ensure_ascii=False).encode(), FEED_TYPE)

    async def _feedback(self, body: bytes, client: Client) -> Reply:
        """Somebody reports an error, or harm (WHO-61)."""
        assert self._intake is not None
        return await self._intake.take(body, client)

    def _alarm(self, case: Case, risk: Risk, about: About) -> None:
        """Who reports something may be in danger: the deployer's people hear of it as of any other."""
        hook = self.store.current().hook
        if hook is not None:
            told = {"event": "crisis", "kind": risk.value, "receipt": case.receipt, "case": case.id}
            now = datetime.now(UTC).isoformat(timespec="seconds")
            self._calls.put(hook, {**told, "language": about.language, "country": about.country, "at": now})

    async def reload(self) -> None:
        """SIGHUP: whole or not at all."""
        result = await self.store.reload()
        log.event("policy_reload", reason=result)

    def _reloaded(self, result: str, where: Mapping[str, str | int]) -> None:
        """What the audit log keeps of a policy: that it is in force from now on, or why it could not be read."""
        if result == "failed":
            facts = {name: told if isinstance(told, int) else code(told) for name, told in where.items()}
            self.evidence.ledger.submit(Event(Code("policy_reload_failed"), facts=facts))
        elif result == "ok":
            self._remember()
            chore = asyncio.create_task(self._note_policy_if_it_can_be())
            self._chores.add(chore)
            chore.add_done_callback(self._chores.discard)

    def _remember(self) -> None:
        if self._seals is not None:
            self._seals.remember(self.store.current().ref.version)

    async def _note_policy_if_it_can_be(self) -> None:
        with suppress(AuditUnavailable):  # the event is taken; what is late was counted
            await self._note_policy()

    async def _note_policy(self) -> None:
        """From now on it decides; kept, so that what it decided can be explained later. Raises AuditUnavailable."""
        compiled = self.store.current()
        ref = compiled.ref
        facts: dict[str, Code | int | bool] = {"name": ref.name, "version": ref.version, "sha256": ref.sha256}
        facts |= {"unsafe": True} if ref.unsafe else {}
        await self.evidence.ledger.commit(Event(Code("policy_loaded"), facts=facts))
        await keep(self.evidence.database, compiled.policy, compiled.sha256)
        shown = disclosure.label(compiled.policy, self._facts())
        digest = Code(disclosure.fingerprint(shown))
        await self.evidence.ledger.commit(Event(Code("snapshot"), facts={"sha256": digest}))  # WHO-64

    async def keep_house(self) -> None:
        """Until it is cancelled: reads the policy again when it changes, keeps totals, counts the cases that wait.

        What one part meets ends neither it nor another.
        """
        parts = (self._save_totals, self._count_commands, self._count_cases, self._tell_idle)
        async with asyncio.TaskGroup() as group:
            group.create_task(every(POLL_SECONDS, self.store.watch))
            for part in parts:
                group.create_task(every(COUNT_SECONDS, part))

    async def _save_totals(self) -> None:
        if self._totals is not None:
            await self._totals.save()

    async def _count_commands(self) -> None:
        if self._commands is not None:
            await self._commands.count()

    async def _count_cases(self) -> None:
        await count_cases(self.evidence.desk, self.metrics)

    async def _tell_idle(self) -> None:
        if self.evidence.ledger.is_signed:
            self.metrics.audit_checkpoint(time.time())  # an idle log is no old one


def check_listening(policy: Policy, listen: server.Listen) -> None:
    """Raises PolicyError if anybody on the network could use the proxy, or administer it, without a token."""
    server.check_bind(listen.host, bool(policy.clients))
    tokens = {client.name: client.token_sha256 for client in policy.clients}
    check_admin(policy.admin, tokens, listen.admin_host, os.environ)


async def _not_started(inbound: Inbound, outbound: Outbound) -> None:
    raise Draining("The guardrail is still starting; try again.")


async def serve_until_stopped(
    service: Service, on_ready: Callable[[int, int], None], front: socket.socket | None = None
) -> None:
    """Start, listen on both ports, drain, close. Raises PolicyError, RailError or server.PortInUse.

    `front` is the listening socket that the workers of one command share; then there is no admin port here.
    """
    try:
        await service.start()
        _settle_memory()
        watching = asyncio.create_task(service.keep_house())
        try:
            await server.run(
                service.app(), None if front else service.admin(), service.options.listen, service.drain,
                on_ready=on_ready, reload=service.reload, front=front, doors=service.doors(),
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
    settle()
    gc.set_threshold(10_000, 10, 1_000)
