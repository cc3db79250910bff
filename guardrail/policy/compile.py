"""From a policy to running chains: the only place where policy meets rails.

`compile_policy` is pure but for building rails and reading the providers' keys; it starts nothing and loads nothing
into the analyzer.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from pydantic import SecretStr

from guardrail.dialects.tools import NO_TOOLS, ToolRules
from guardrail.engine.chain import Chain, Rule
from guardrail.engine.holdback import Pace
from guardrail.engine.memory import Memory
from guardrail.engine.vault import RESTORE, Vault
from guardrail.engine.worker import Inspector
from guardrail.policy.accounts import Accounts
from guardrail.policy.expiry import Expired, crisis_settings, expired
from guardrail.policy.load import Loaded
from guardrail.policy.model import COHORT_DIMENSIONS, Breaker, Policy, RailRule, Timeouts
from guardrail.policy.routing import upstreams_for
from guardrail.policy.secrets import Hook, StateSecrets, claim_keys, crisis_hook, provider_keys, state_secrets
from guardrail.rails import catalog
from guardrail.rails.base import SENTENCE, Reach
from guardrail.record.entry import PolicyRef, code
from guardrail.record.metrics import Vocabulary
from guardrail.text import Action, Direction
from guardrail.wire.jws import Key

ANONYMOUS = "anonymous"
"""The client's name in the record while the policy lists none."""

CRISIS = "crisis"
"""The rail whose findings the policy's key `crisis` is about."""

RailSpec = tuple[str, Mapping[str, Any]]

# A request is there as a whole: large windows, few jobs. An answer is being read while it is written: small ones.
_REQUEST_PACE = Pace(min_gap=1_500, max_gap=2_500, context=600, max_hold=1_000_000)
# Short sentences are looked at together, with some of what was before.
_RESPONSE_GAP, _RESPONSE_SENTENCE, _RESPONSE_CONTEXT = 240, 80, 160


NO_TROUBLE = Breaker()


@dataclass(frozen=True, slots=True)
class Target:
    """A provider as an exchange needs it. `api_key` is None if the client's own key is passed on."""

    name: str
    base_url: str
    timeouts: Timeouts
    api_key: str | None = field(default=None, repr=False)
    members: Mapping[str, bool | int | str] = field(default_factory=dict)
    breaker: Breaker = NO_TROUBLE


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Compiled:
    """A policy in force. An exchange takes one and keeps it from start to end."""

    policy: Policy
    sha256: str
    day: date
    request: Chain
    response: Chain
    request_rules: tuple[Rule, ...]
    response_rules: tuple[Rule, ...]
    words: Vocabulary = field(repr=False)
    keys: Mapping[str, SecretStr] = field(repr=False)
    state: StateSecrets = field(repr=False)
    tools: ToolRules = NO_TOOLS
    closing: Mapping[str, Rule] = field(default_factory=dict)
    """By rail, what is said behind the last word of an answer; each rule has a rewriter."""
    claim_keys: Mapping[str, Key] = field(default_factory=dict, repr=False)
    expired: tuple[Expired, ...] = ()
    """Crisis texts and services that could be shown and should have been checked again by now."""

    accounts: Accounts = field(kw_only=True, repr=False)
    """Works out what an exchange cost."""

    hook: Hook | None = field(default=None, repr=False)
    """Who is told that somebody may be in danger; nobody while the check for it runs in shadow."""

    @property
    def ref(self) -> PolicyRef:
        """What the record says of it."""
        return PolicyRef(code(self.policy.name), self.policy.version, code(self.sha256), self.policy.unsafe)

    @property
    def withholds(self) -> bool:
        """True if the model is not asked what to say to people in danger."""
        rule = self.policy.rule(CRISIS)
        return self.policy.crisis.answer == "withhold" and rule is not None and not rule.shadow

    def stay_in(self, language: str) -> str:
        """What stands behind the crisis text if the model was not asked."""
        settings = crisis_settings(self.policy, self.day)
        return settings.shows("stay", language) if settings else ""

    def open_vault(self) -> Vault:
        """The vault of one exchange."""
        policy = self.policy
        rule = policy.rule("phi")
        return Vault(
            policy.defaults.date_order,
            policy.placeholders.operators,
            roles=policy.placeholders.roles,
            this_year=(rule.settings.get("this_year") if rule else None) or self.day.year,
        )

    def targets(
        self, dialect: str, *, route: str = "", client: str = "", model: str = "", others: Sequence[str] = ()
    ) -> Sequence[Target]:
        """Where a request goes, and behind it who is asked if that one can't be reached. Raises as `upstreams_for`."""
        names = upstreams_for(self.policy, dialect, route=route, client=client, model=model, others=others)
        return [self._target(name) for name in names]

    def _target(self, name: str) -> Target:
        upstream, secret = self.policy.upstreams[name], self.keys.get(name)
        key = secret.get_secret_value() if secret else None
        return Target(name, upstream.base_url, upstream.timeouts, key, upstream.set, upstream.breaker)


def remote_spec(policy: Policy) -> list[RailSpec]:
    """What the analyzer has to build for this policy: rails and their settings, in order."""
    off = {"off": list(policy.crisis.off)} if policy.crisis.off else {}
    return [
        (rule.rail, {**rule.settings, **(off if rule.rail == CRISIS else {})})
        for rule in policy.rails
        if catalog.row(rule.rail).remote
    ]


def spec_key(policy: Policy) -> str:
    """Names the rail set of a policy: versions that differ in other things share it."""
    return hashlib.sha256(json.dumps(remote_spec(policy), sort_keys=True).encode()).hexdigest()


def compile_policy(
    loaded: Loaded,
    inspector_for_key: Callable[[str], Inspector],
    environment: Mapping[str, str] | None = None,
    day: date | None = None,
    remembered: Callable[[str, int], None] | None = None,
) -> Compiled:
    """Chains out of a policy. Raises PolicyError if a key is missing or a rail can't be built.

    `day` is what rails with a calendar go by (a crisis line that was verified too long ago is no longer shown); the
    store compiles again when a new day has begun. `remembered` is told how many texts of requests were a "hit" or a
    "miss" in the memory of what was found.
    """
    policy, environment = loaded.policy, os.environ if environment is None else environment
    day = day or datetime.now(UTC).date()
    inspector = inspector_for_key(spec_key(policy))
    request, response = (tuple(_rules(policy, direction, day)) for direction in Direction)
    on_failure = Action[policy.on_failure.upper()]
    return Compiled(
        policy=policy,
        sha256=loaded.sha256,
        day=day,
        request=Chain(request, inspector, _REQUEST_PACE, on_failure, _memory(policy, remembered)),
        response=Chain(response, inspector, _response_pace(policy, response), on_failure, _memory(policy, None)),
        request_rules=request,
        response_rules=response,
        words=vocabulary(policy),
        tools=ToolRules(policy.tools.classes, frozenset(policy.tools.release)),
        closing=_closing_rules(policy, day),
        keys=provider_keys(loaded, environment),
        state=state_secrets(loaded, environment),
        claim_keys=claim_keys(loaded, environment),
        expired=expired(policy, day),
        hook=_hook(loaded, environment),
        accounts=Accounts(policy.footprint),
    )


def _memory(policy: Policy, remembered: Callable[[str, int], None] | None) -> Memory | None:
    size = policy.limits.remembered_segments
    return Memory(size, remembered) if size else None


def _hook(loaded: Loaded, environment: Mapping[str, str]) -> Hook | None:
    hook, rule = crisis_hook(loaded, environment), loaded.policy.rule(CRISIS)
    return None if rule is None or rule.shadow else hook


def dated(rule: RailRule, day: date, language: str) -> Mapping[str, Any]:
    """The settings with today's date for a rail that has a calendar (`today`), with the default `language` for one
    that speaks, where it is not told others."""
    known = catalog.settings_model(rule.rail).model_fields
    given = {"today": day.isoformat(), "language": language}
    return {**{key: value for key, value in given.items() if key in known}, **rule.settings}


def vocabulary(policy: Policy) -> Vocabulary:
    """The label values that metrics may use under this policy."""
    return Vocabulary(
        clients=frozenset({ANONYMOUS, *(client.name for client in policy.clients)}),
        upstreams=frozenset(policy.upstreams),
        dialects=frozenset(name for upstream in policy.upstreams.values() for name in upstream.dialects),
        languages=frozenset(policy.cohorts.language),
        findings={RESTORE: catalog.labels("phi")} | {rule.rail: catalog.labels(rule.rail) for rule in policy.rails},
        countries=frozenset(policy.countries),
        cohorts={name: frozenset(policy.cohorts.values(name)) for name in COHORT_DIMENSIONS},
        models=frozenset(_named_models(policy)),
    )


def _named_models(policy: Policy) -> Iterator[str]:
    """Models that the policy names in full: no patterns."""
    footprint = policy.footprint
    rows = (*(each.model for each in footprint.prices), *(each.model for each in footprint.models))
    for name in (*policy.disclosure.models, *rows):
        if not {"*", "?"} & set(name):
            yield name


def _response_pace(policy: Policy, rules: Sequence[Rule]) -> Pace:
    context = max(_RESPONSE_CONTEXT, *(rule.reach.chars for rule in rules), 0)
    return Pace(_RESPONSE_SENTENCE, _RESPONSE_GAP, context, policy.limits.max_hold_chars)


def _rules(policy: Policy, direction: Direction, day: date) -> Sequence[Rule]:
    return [made for rule in policy.rails for made in _rail_rules(rule, direction, day, policy.default_language)]


def _rail_rules(rule: RailRule, direction: Direction, day: date, language: str) -> list[Rule]:
    """One rule for each part of the rail: the local one (it speaks before the first word), then the analyzer's."""
    row, action = catalog.row(rule.rail), rule.action(direction)
    if action is None or direction not in row.scopes:
        return []
    scope = row.scopes[direction]
    settings = dated(rule, day, language)
    local = catalog.build_local(rule.rail, settings)
    rewriter = catalog.build_rewriter(rule.rail, settings) if scope.rewrites else None
    parts = [*([local] if local else []), *([None] if row.remote else [])]
    return [
        Rule(
            rail=rule.rail,
            action=action,
            reach=_reach(rule, direction) if part is None else part.reach,
            labels={**row.fixed, **rule.label_actions(direction)},
            shadow=rule.shadow,
            rewriter=rewriter,
            roles=scope.roles,
            kinds=scope.kinds,
            local=part,
        )
        for part in parts
    ]


def _closing_rules(policy: Policy, day: date) -> Mapping[str, Rule]:
    found: dict[str, Rule] = {}
    for rule in policy.rails:
        writer = catalog.build_closing(rule.rail, dated(rule, day, policy.default_language))
        if writer is not None and rule.response is not None:
            labels = rule.label_actions(Direction.RESPONSE)
            found[rule.rail] = Rule(
                rail=rule.rail, action=rule.response, labels=labels, shadow=rule.shadow, rewriter=writer
            )
    return found


def _reach(rule: RailRule, direction: Direction) -> Reach:
    """A request is there as a whole, so looking further costs nothing; an answer is decided sentence by sentence."""
    return catalog.reach(rule.rail, rule.settings) if direction is Direction.REQUEST else SENTENCE
