"""The one place that knows the concrete classes, and where the defaults live."""

from __future__ import annotations

import socket
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from guardrail.dialects.catalog import ROUTES, Route, routes
from guardrail.dialects.generic.dialect import generic_routes
from guardrail.dialects.media import MediaRules
from guardrail.dialects.settings import Logprobs, Settings
from guardrail.engine.worker import InlineInspector, Inspector, ProcessInspector
from guardrail.errors import PolicyError
from guardrail.policy.compile import Compiled, compile_policy, remote_spec
from guardrail.policy.load import Loaded, baseline, load_policy
from guardrail.policy.model import Limits, Policy, State, Upstream
from guardrail.policy.store import PolicyStore
from guardrail.rails import catalog
from guardrail.record.metrics import Metrics
from guardrail.state.store import MemoryShelf, Shelf, StateStore
from guardrail.wire.pdf import read_pdf

DIALECTS = frozenset(route.dialect.name for route in ROUTES)
"""The provider APIs that a policy may name."""


def read_policy(path: Path | None = None, upstream: str | None = None) -> Loaded:
    """The policy in a file (None: the shipped baseline), as every command reads it. Raises PolicyError.

    `upstream` replaces the default upstream's address.
    """
    return load_policy(path or baseline(), upstream, DIALECTS)


def build_analyzer(limits: Limits, metrics: Metrics, nursery: socket.socket | None = None) -> ProcessInspector:
    """The analyzer process, not started yet. Deadlines are those of the policy at the start. `nursery` as there."""
    return ProcessInspector(
        catalog.FACTORY,
        job_deadline=limits.rail_deadline_seconds,
        queue_deadline=limits.queue_deadline_seconds,
        observe=metrics.rail_seconds,
        nursery=nursery,
    )


def build_store(
    load: Callable[[], Loaded],
    analyzer: ProcessInspector,
    metrics: Metrics,
    tell: Callable[[str, Mapping[str, str | int]], None],
) -> PolicyStore:
    """The policy store, not started yet. `load` reads the policy anew; raises PolicyError. `tell` as in the store."""
    return PolicyStore(load, analyzer, metrics, tell)


def in_process(loaded: Loaded, upstreams: Mapping[str, Upstream]) -> Loaded:
    """The policy for a guardrail inside a program, where the program has decided where requests go.

    Only `upstreams` are there to be asked; the first is the default.
    """
    chosen: dict[str, object] = {"upstreams": dict(upstreams), "default_upstream": next(iter(upstreams)), "routes": {}}
    chosen["clients"] = tuple(each.model_copy(update={"upstreams": None}) for each in loaded.policy.clients)
    return Loaded(loaded.policy.model_copy(update=chosen), loaded.sources)


def dialects_of(policy: Policy) -> tuple[str, ...]:
    """Every dialect that is known under this policy."""
    return tuple(dict.fromkeys(route.dialect.name for route in build_routes(policy)))


def build_routes(policy: Policy) -> Sequence[Route]:
    """The provider APIs as this policy wants them spoken."""
    limits = policy.limits
    media = MediaRules(policy.media.release, policy.media.hosts, read_pdf)
    settings = Settings(
        logprobs=Logprobs(policy.logprobs),
        max_messages=limits.max_messages,
        max_strings=limits.max_strings,
        max_depth=limits.max_depth,
        media=media,
        models=policy.models.patterns,
        keep_at_provider=policy.state.keep_at_provider,
    )
    described = [api.served(name) for name, api in policy.apis.items()]
    return (*routes(settings), *generic_routes(described, settings))


def build_state(compiled: Compiled) -> StateStore | None:
    """Where placeholders of what the provider keeps are found; None if it keeps nothing."""
    state, secrets = compiled.policy.state, compiled.state
    if not state.keep_at_provider:
        return None
    shelf = _redis(secrets.redis_url) if state.store == "redis" else MemoryShelf(state.max_entries)
    return StateStore(shelf, state.seconds, secrets.key or None)


def _redis(url: str) -> Shelf:
    from guardrail.state.redis_shelf import RedisShelf  # 15 MB with all that it imports, and few policies need it

    return RedisShelf(url)


def build_inspector(policy: Policy) -> Inspector:
    """The analyzer's rails in this process: for `guardrail try`, evaluation and tests."""
    return InlineInspector({name: catalog.build_rail(name, settings) for name, settings in remote_spec(policy)})


def build_try(policy_path: Path | None = None, rails: Collection[str] = ()) -> Compiled:
    """A policy ready to try texts on in this process, no provider's key asked for. Raises PolicyError.

    `rails` keeps only these checks (all if empty).
    """
    return build_check(read_policy(policy_path), rails)


def build_check(loaded: Loaded, rails: Collection[str] = ()) -> Compiled:
    """As `build_try`, for a policy that has been read. Raises PolicyError."""
    policy = _without_keys(_only(loaded.policy, rails))
    return compile_policy(Loaded(policy, loaded.sources), lambda _: build_inspector(policy))


def build_reader(policy_path: Path | None = None, upstream: str | None = None) -> Compiled:
    """A policy for those who read its records: no key is asked for, nothing can be inspected. Raises PolicyError.

    Its fingerprint is that of the policy as it is served, so that its own records know it.
    """
    loaded = read_policy(policy_path, upstream)
    return reader_of(loaded, loaded.sha256)


def reader_of(loaded: Loaded, sha256: str) -> Compiled:
    """As `build_reader`, for a policy that has been read. Raises PolicyError."""
    bare = _without_keys(loaded.policy)
    unsigned = tuple(client.model_copy(update={"claims": None}) for client in bare.clients)
    made = Loaded(bare.model_copy(update={"clients": unsigned}), loaded.sources)
    return replace(compile_policy(made, lambda _: InlineInspector({})), policy=loaded.policy, sha256=sha256)


def _only(policy: Policy, rails: Collection[str]) -> Policy:
    missing = [name for name in rails if policy.rule(name) is None]
    if missing:
        known = ", ".join(rule.rail for rule in policy.rails)
        raise PolicyError(f"the policy has no rail {', '.join(missing)}; it has {known}")
    kept = tuple(rule for rule in policy.rails if not rails or rule.rail in rails)
    return policy.model_copy(update={"rails": kept})


def _without_keys(policy: Policy) -> Policy:
    no_key = {"api_key_env": None, "api_key_file": None}
    untold = policy.crisis.model_copy(update={"webhook": None})
    upstreams = {name: upstream.model_copy(update=no_key) for name, upstream in policy.upstreams.items()}
    return policy.model_copy(update={"upstreams": upstreams, "state": State(), "crisis": untold})
