"""`guardrail serve`: the proxy as one process, or as several workers and one that looks after them.

Knows which errors end the command, and how. Knows no part of the running product; that is `service`.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from guardrail import server, workers
from guardrail.build import build_routes, read_policy
from guardrail.console.wiring import for_workers
from guardrail.engine import nursery
from guardrail.engine.worker import InlineInspector
from guardrail.errors import GuardrailError, PolicyError
from guardrail.policy.compile import compile_policy
from guardrail.policy.load import Loaded
from guardrail.policy.seal import Seals, public_key
from guardrail.rails.catalog import FACTORY
from guardrail.record import log
from guardrail.service import Options, Service, check_listening, serve_until_stopped
from guardrail.worker_channel import Report, Seat


@dataclass(frozen=True, slots=True)
class Command:
    """What the command line says."""

    policy: Path | None = None
    upstream: str | None = None
    policy_key: str | None = None
    """As in `service.Options`."""
    listen: server.Listen = field(default_factory=server.Listen)
    workers: int = 1
    analyzers: nursery.Started | None = None
    """Where analyzers come from, if that was started already: it loads while the proxy does."""


def serve(command: Command) -> int:
    """Exit status: 0 after an orderly end, 1 if it can't listen or keep its records, 2 for a bad policy."""
    log.configure(logging.DEBUG if os.environ.get("GUARDRAIL_LOG_LEVEL", "").lower() == "debug" else logging.INFO)
    try:
        _one(command) if command.workers == 1 else _several(command)
    except PolicyError as error:
        return _fail(error.message, 2)
    except (server.PortInUse, workers.NotStarted, GuardrailError) as error:
        return _fail(str(error), 1)
    finally:
        if command.analyzers is not None:
            command.analyzers.kill()
    return 0


def _one(command: Command) -> None:
    sock = command.analyzers.sock if command.analyzers else None
    options = Options(command.policy, command.upstream, command.listen, "0", sock, command.policy_key)
    service = Service(options)
    server.run_forever(lambda: serve_until_stopped(service, _announce(command)))
    if command.analyzers:
        command.analyzers.bury()


def _several(command: Command) -> None:
    load = partial(read_for_several, command.policy, command.upstream)
    seals = Seals(command.policy, public_key(command.policy_key)) if command.policy_key is not None else None
    sealed = partial(seals.read, load) if seals else load
    policy = sealed().policy
    check_listening(policy, command.listen)
    limits = policy.limits
    listen = replace(command.listen, head_seconds=limits.head_timeout_seconds, drain_seconds=limits.drain_seconds)
    given = {
        "policy": str(command.policy) if command.policy else None,
        "upstream": command.upstream,
        "host": listen.host,
        "policy_key": command.policy_key,
    }
    plan = workers.Plan("guardrail.serving:work", command.workers, given, FACTORY)
    admin = partial(for_workers, load=sealed, seals=seals, host=listen.admin_host, environment=os.environ)
    analyzers = command.analyzers or nursery.start(FACTORY)
    template = workers.forked_template(plan, analyzers.sock)
    server.run_forever(lambda: workers.run(plan, listen, admin, _announce(command), template, analyzers))


def prepare(given: Mapping[str, Any]) -> None:
    """What is compiled, read or imported at its first use is there before a worker is forked. Raises PolicyError."""
    policy = Path(given["policy"]) if given["policy"] else None
    build_routes(compile_policy(read_for_several(policy, given["upstream"]), lambda _: InlineInspector({})).policy)


async def work(seat: Seat) -> None:
    """One of several workers (`worker_channel.Work`); its slot is its name in the audit log."""
    policy = Path(seat.given["policy"]) if seat.given["policy"] else None
    upstream, listen = seat.given["upstream"], server.Listen(host=seat.given["host"])
    service = Service(
        Options(policy, upstream, listen, str(seat.slot), seat.nursery, seat.given["policy_key"]),
        load=lambda: read_for_several(policy, upstream),
    )

    def report() -> Report:
        service.metrics.analyzer_restarts(service.analyzer.restarts)
        expired = tuple(f"{row.kind} {row.name}" for row in service.store.current().expired)
        return Report(service.ready, service.metrics.snapshot(), expired)

    await serve_until_stopped(service, lambda *_: seat.began(report), front=seat.front)


def read_for_several(policy: Path | None, upstream: str | None) -> Loaded:
    """As `read_policy`; raises PolicyError also for what only one process can hold."""
    loaded = read_policy(policy, upstream)
    state = loaded.policy.state
    if state.keep_at_provider and state.store == "memory":
        raise PolicyError("state.store: several workers can't share the memory of one; use redis, or one worker")
    return loaded


def _announce(command: Command) -> Callable[[int, int], None]:
    host = f"[{command.listen.host}]" if ":" in command.listen.host else command.listen.host
    several = f", {command.workers} workers" if command.workers > 1 else ""

    def announce(client: int, admin: int) -> None:
        where = f"http://{host}:{client}, metrics on http://{command.listen.admin_host}:{admin}"
        sys.stdout.write(f"guardrail is ready on {where}{several}\n")
        sys.stdout.flush()

    return announce


def _fail(message: str, status: int) -> int:
    sys.stderr.write(message + "\n")
    return status
