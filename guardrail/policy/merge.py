"""Policies on top of each other: the strictest wins. Works on what was written, so that a default never overrules.

| part                          | two packs say different things                                       |
|-------------------------------|----------------------------------------------------------------------|
| rails: request, response      | the stronger action, also label by label                             |
| rails: shadow                 | in shadow only if every pack that has the rule says so               |
| rails: because                | both                                                                 |
| rails: settings               | key by key, the extending file's value (texts); of lists that a rail |
|                               | collects (phi: terms, patterns, recognizers) the entries of both     |
| limits                        | the smaller; how long and how much the machine works, the extending  |
|                               | file's (`_CAPACITY`)                                                 |
| on_failure, logprobs          | block; drop                                                          |
| placeholders                  | no roles; the operator that tells less, label by label               |
| restore.tools                 | only the tools that both name                                        |
| media, models, tools.release  | only what both let through, list by list; a list that one leaves out |
|                               | is the other's                                                       |
| tools.classes                 | both, on top of those that are shipped                               |
| demands, also of a client     | both; of the same thing what both take                               |
| state                         | kept at the provider only if both say so, for the shorter time       |
| gates                         | both gates; of the same one the surfaces of both, the higher age,    |
|                               | the shorter time, of a provider's uses those that both name; texts,  |
|                               | ways to people and an approval key by key, the extending file's      |
| crisis                        | withhold; what both say about detecting is off only if both say so;  |
|                               | else the extending file's                                            |
| clients: tasks                | those that both name                                                 |
| routes                        | both; the same name: the extending file's value                      |
| clients, upstreams            | both; the same name: key by key, the extending file's value; of a    |
|                               | client's upstreams those that both name                              |
| apis                          | both; the same name: the extending file's description, whole         |
| notices                       | the longer form, the shorter times, the channels and groups of both  |
| medical                       | cell by cell the stricter treatment                                  |
| audit                         | a database of its own; the longer retention, the shorter times; else |
|                               | the extending file's                                                 |
| admin                         | both tokens; the lower rate, the shorter sessions, metrics by token; |
|                               | the extending file's identity provider                               |
| disclosure                    | key by key; a model's card whole, the extending file's               |
| redress                       | the shorter times, the fewer graphic words; else the extending file's|
| footprint                     | on if either says so; the rows of both, the extending file's first   |
| telemetry                     | traces go on only if both say so                                     |
| defaults, cohorts, texts      | key by key, the extending file's value                               |
| because                       | part by part those of both                                           |
| name, version, description,   | the extending file's; `unsafe` has to be said again in the file      |
| unsafe, default_upstream      | that is loaded (default_upstream is inherited if left out)           |
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from guardrail.engine.operators import STRICTEST
from guardrail.policy.base import Model
from guardrail.policy.gates import AgeGate, ConsentGate, SettingGate, TrainingGate
from guardrail.policy.medical import TREATMENTS
from guardrail.policy.notices import FORMS
from guardrail.rails import catalog
from guardrail.text import Action

Raw = Mapping[str, Any]
"""A policy or a part of it as plain values, only what was written."""

_ON_FAILURE = ("warn", "block")
_CAPACITY = frozenset(
    {
        *("rail_deadline_seconds", "queue_deadline_seconds", "analysis_deadline_seconds", "drain_seconds"),
        *("max_in_flight", "remembered_segments"),
    }
)
"""Limits that say what the house's machines can do: whoever gives them more time or more room checks no less."""
_LOGPROBS = ("keep_unchanged", "drop")


def merge(base: Raw, own: Raw) -> dict[str, Any]:
    """What holds if `own` extends `base`."""
    merged = {key: value for key, value in base.items() if key not in _OF_THE_FILE}
    for key, value in own.items():
        join = _JOINS.get(key)
        merged[key] = join(merged[key], value) if join and key in merged else value
    return merged


def effective(rule: Raw, direction: str, label: str) -> Action | None:
    """What a rule as written does about a label: the exact label, the longest family, the rule's own action."""
    exceptions: Raw = rule.get("labels", {}).get(direction, {})
    if label in exceptions:
        return Action[exceptions[label].upper()]
    families = [key for key in exceptions if key.endswith(".*") and label.startswith(key[:-1])]
    if families:
        return Action[exceptions[max(families, key=len)].upper()]
    word = rule.get(direction)
    return None if word is None else Action[word.upper()]


def _strictest(order: tuple[str, ...]) -> Callable[[str, str], str]:
    return lambda base, own: max(base, own, key=order.index)


def _overlay(base: Any, own: Any) -> Any:
    if not (isinstance(base, Mapping) and isinstance(own, Mapping)):
        return own
    return {**base, **{key: _overlay(base[key], value) if key in base else value for key, value in own.items()}}


def _smaller(base: Raw, own: Raw) -> dict[str, Any]:
    return {**base, **{key: min(base.get(key, value), value) for key, value in own.items()}}


def _limits(base: Raw, own: Raw) -> dict[str, Any]:
    return _smaller(base, own) | {key: value for key, value in own.items() if key in _CAPACITY}


def _by_name(key: str, join: Callable[[Raw, Raw], Raw]) -> Callable[[Iterable[Raw], Iterable[Raw]], list[Raw]]:
    def joined(base: Iterable[Raw], own: Iterable[Raw]) -> list[Raw]:
        rows = {row[key]: row for row in base}
        for row in own:
            rows[row[key]] = join(rows[row[key]], row) if row[key] in rows else row
        return list(rows.values())

    return joined


def _rules(base: Raw, own: Raw) -> dict[str, Any]:
    merged: dict[str, Any] = {**base, **own}
    labels: dict[str, dict[str, str]] = {}
    for direction in ("request", "response"):
        action = _stronger(_action(base, direction), _action(own, direction))
        merged[direction] = None if action is None else action.word
        exceptions = _exceptions(base, own, direction)
        if exceptions:
            labels[direction] = exceptions
    merged["labels"] = labels
    merged["shadow"] = base.get("shadow", False) and own.get("shadow", False)
    merged["because"] = list(dict.fromkeys([*base.get("because", ()), *own.get("because", ())]))
    merged["settings"] = _settings(own.get("rail", ""), base.get("settings", {}), own.get("settings", {}))
    return merged


def _settings(rail: str, base: Raw, own: Raw) -> dict[str, Any]:
    collected = catalog.RAILS[rail].collects if rail in catalog.RAILS else frozenset()
    merged: dict[str, Any] = _overlay(base, own)
    return merged | {key: _both(base[key], own[key]) for key in collected if key in base and key in own}


def _both(base: Any, own: Any) -> Any:
    """The entries of two lists, each once; of two mappings key by key."""
    if isinstance(base, list) and isinstance(own, list):
        return list({json.dumps(entry, sort_keys=True): entry for entry in (*base, *own)}.values())
    if isinstance(base, Mapping) and isinstance(own, Mapping):
        return {**base, **{key: _both(base[key], value) if key in base else value for key, value in own.items()}}
    return own


def _exceptions(base: Raw, own: Raw, direction: str) -> dict[str, str]:
    names = [name for rule in (base, own) for name in rule.get("labels", {}).get(direction, {})]
    found: dict[str, str] = {}
    for name in dict.fromkeys(names):
        action = _stronger(effective(base, direction, name), effective(own, direction, name))
        if action is not None:
            found[name] = action.word
    return found


def _action(rule: Raw, direction: str) -> Action | None:
    word = rule.get(direction)
    return None if word is None else Action[word.upper()]


def _stronger(one: Action | None, other: Action | None) -> Action | None:
    if one is None or other is None:
        return one if other is None else other
    return max(one, other)


def _placeholders(base: Raw, own: Raw) -> dict[str, Any]:
    operators: dict[str, str] = dict(base.get("operators", {}))
    for label, word in own.get("operators", {}).items():
        operators[label] = max(operators.get(label, word), word, key=STRICTEST.index)
    roles = base.get("roles", True) and own.get("roles", True)
    return {"roles": roles, "operators": operators}


def _restore(base: Raw, own: Raw) -> dict[str, Any]:
    if "tools" not in base or "tools" not in own:
        return {**base, **own}
    return {"tools": [tool for tool in base["tools"] if tool in own["tools"]]}


def _demands(base: Raw, own: Raw) -> dict[str, Any]:
    """What either demands, of the same thing both: `true` is met by `true` only, a code or a list by one of its codes.

    What no provider can attest at once (`eu` and `us`) becomes an empty list, which nothing meets.
    """
    return {**base, **{name: _demand(base[name], value) if name in base else value for name, value in own.items()}}


def _demand(base: Any, own: Any) -> Any:
    if base == own:
        return own
    one, other = (each if isinstance(each, list) else [each] for each in (base, own))
    return [each for each in one if each in other]


def _client(base: Raw, own: Raw) -> dict[str, Any]:
    merged: dict[str, Any] = _overlay(base, own)
    for key in ("upstreams", "tasks"):
        if base.get(key) is not None and own.get(key) is not None:
            merged[key] = [each for each in own[key] if each in base[key]]
        elif key in merged:
            merged[key] = base.get(key) if own.get(key) is None else own[key]
    if "demands" in base and "demands" in own:
        merged["demands"] = _demands(base["demands"], own["demands"])
    return merged


def _covered(base: Raw, own: Raw) -> dict[str, Any]:
    """Of each list of patterns that both write, what both let through."""
    return {**base, **{key: _common(base[key], value) if key in base else value for key, value in own.items()}}


def _common(base: Sequence[str], own: Sequence[str]) -> list[str]:
    """The patterns of either side that the other side covers: `gpt-4*` is in `gpt-*`."""
    kept = [*(each for each in base if _is_within(each, own)), *(each for each in own if _is_within(each, base))]
    return list(dict.fromkeys(kept))


def _is_within(pattern: str, wider: Sequence[str]) -> bool:
    """Stars only: a `?` would match the star of another pattern, which stands for more than one letter."""
    return any(pattern == each or ("?" not in each and fnmatchcase(pattern, each)) for each in wider)


def _tools(base: Raw, own: Raw) -> dict[str, Any]:
    merged: dict[str, Any] = {**base, **own}
    if "classes" in base and "classes" in own:
        merged["classes"] = _both(base["classes"], own["classes"])
    if "release" in base and "release" in own:
        merged["release"] = [each for each in base["release"] if each in own["release"]]
    return merged


def _state(base: Raw, own: Raw) -> dict[str, Any]:
    merged: dict[str, Any] = {**base, **own}
    for key, strictest in _STATE.items():
        if key in base and key in own:
            merged[key] = strictest(base[key], own[key])
    return merged


def _gates(base: Raw, own: Raw) -> dict[str, Any]:
    merged: dict[str, Any] = _overlay(base, own)
    for name, (model, joins) in _GATES.items():
        if base.get(name) is not None and own.get(name) is not None:
            merged[name] = {**base[name], **own[name], **_joined_keys(model, joins, base[name], own[name])}
        elif name in merged:
            merged[name] = base.get(name) if own.get(name) is None else own[name]
    if "claims_required" in merged:
        merged["claims_required"] = base.get("claims_required", True) or own.get("claims_required", True)
    return merged


def _joined_keys(
    model: type[Model], joins: Mapping[str, Callable[[Any, Any], Any]], base: Raw, own: Raw
) -> dict[str, Any]:
    """What a gate leaves out it says all the same, by its default: a narrower one can't take its place."""
    written = [key for key in joins if key in base or key in own]
    defaults = {key: model.model_fields[key].get_default(call_default_factory=True) for key in written}
    return {key: joins[key](base.get(key, defaults[key]), own.get(key, defaults[key])) for key in written}


def _uses(base: Raw, own: Raw) -> dict[str, Any]:
    """What both let a provider be used for."""
    shared = {name: [use for use in own[name] if use in base[name]] for name in base if name in own}
    return {**base, **own, **shared}


def _approval(base: Raw | None, own: Raw | None) -> Raw | None:
    """An id is the deployer's to give, and takes the place of another; the earlier end and a shadow stay."""
    if base is None or own is None:
        return own if base is None else base
    kept = {key: value for key, value in base.items() if key not in _IDS or not _IDS & own.keys()}
    ends = [end for end in (base.get("valid_until"), own.get("valid_until")) if end]
    until = {"valid_until": min(ends)} if ends else {}
    return {**kept, **own, **until, "shadow": base.get("shadow", False) or own.get("shadow", False)}


def _joined(base: Sequence[Any], own: Sequence[Any]) -> list[Any]:
    return list(dict.fromkeys([*base, *own]))


def _crisis(base: Raw, own: Raw) -> dict[str, Any]:
    merged: dict[str, Any] = {**base, **own}
    joins: Mapping[str, Callable[[Any, Any], Any]] = {
        "answer": _strictest(_CRISIS_ANSWER),
        "detect": _detected,
        "off_codes": lambda one, other: [code for code in one if code in other],
    }
    return {**merged, **{key: join(base[key], own[key]) for key, join in joins.items() if key in base and key in own}}


def _detected(base: Raw, own: Raw) -> dict[str, Any]:
    """Switched off only if both say so."""
    return {**base, **own, **{key: base[key] or own[key] for key in base.keys() & own.keys()}}


_CRISIS_ANSWER = ("follow", "withhold")
_IDS = frozenset({"approval_id", "trial_id", "sandbox_id"})
_AGE_UNKNOWN = ("minor", "refuse")
_GATES: Mapping[str, tuple[type[Model], Mapping[str, Callable[[Any, Any], Any]]]] = {
    "consent": (ConsentGate, {"surfaces": _joined, "because": _joined}),
    "age": (
        AgeGate,
        {
            "surfaces": _joined,
            "minimum": max,
            "guardian_below": max,
            "unknown": _strictest(_AGE_UNKNOWN),
            "because": _joined,
        },
    ),
    "training": (TrainingGate, {"surfaces": _joined, "within_days": min, "because": _joined}),
    "setting": (SettingGate, {"uses": _uses, "decision_support": _approval, "because": _joined}),
}


def _medical(base: Raw, own: Raw) -> dict[str, Any]:
    """Cell by cell the stricter treatment; a surface that only one names is that one's."""
    merged: dict[str, Any] = {**base, **own}
    for key, join in (("surfaces", _by_surface), ("otherwise", _cells), ("vulnerable", _vulnerable)):
        if key in base and key in own:
            merged[key] = join(base[key], own[key])
    return merged


def _notices(base: Raw, own: Raw) -> dict[str, Any]:
    """The longer form, the shorter times, all channels and groups of both."""
    merged: dict[str, Any] = {**base, **own}
    for key in base.keys() & own.keys():
        if key in ("form", "reviewed"):
            merged[key] = max(base[key], own[key], key=FORMS.index)
        elif isinstance(base[key], list):
            merged[key] = _joined(base[key], own[key])
        elif key == "human_route":
            merged[key] = base[key] or own[key]
        else:  # turns, minutes, hours: null is never
            merged[key] = min((each for each in (base[key], own[key]) if each is not None), default=None)
    return merged


def _by_surface(base: Raw, own: Raw) -> dict[str, Any]:
    return {**base, **{name: _cells(base[name], row) if name in base else row for name, row in own.items()}}


def _cells(base: Raw, own: Raw) -> dict[str, Any]:
    strict = {key: max(base[key], own[key], key=TREATMENTS.index) for key in base.keys() & own.keys()}
    return {**base, **own, **strict}


def _vulnerable(base: Raw, own: Raw) -> dict[str, Any]:
    merged: dict[str, Any] = {**base, **own}
    for key in ("age_bands", "flags"):
        if key in base and key in own:
            merged[key] = list(dict.fromkeys([*base[key], *own[key]]))
    if "disability" in base:
        merged["disability"] = base["disability"] or own.get("disability", False)
    if "row" in base and "row" in own:
        merged["row"] = _cells(base["row"], own["row"])
    return merged


def _by_key(joins: Mapping[str, Callable[[Any, Any], Any]]) -> Callable[[Raw, Raw], dict[str, Any]]:
    """Keys that both write are joined as told; of all others the extending file's value counts."""

    def joined(base: Raw, own: Raw) -> dict[str, Any]:
        both = {key: joins[key](base[key], own[key]) for key in joins if key in base and key in own}
        return {**base, **own, **both}

    return joined


def _first_own(base: Sequence[Any], own: Sequence[Any]) -> list[Any]:
    """Of rows the first one that fits counts."""
    return [*own, *base]


def _fewer(base: int | None, own: int | None) -> int | None:
    """None is any number."""
    return min((each for each in (base, own) if each is not None), default=None)


_AUDIT_STORE = ("sqlite", "postgresql")
_METRICS_DOOR = ("open", "token")
_audit = _by_key(
    {
        "store": _strictest(_AUDIT_STORE),
        "retention_days": max,
        "legal_hold": lambda base, own: base or own,
        "deadline_seconds": min,
        "checkpoint_seconds": min,
    }
)
_admin = _by_key(
    {
        "tokens": _by_name("name", _overlay),
        "rate_limit": _smaller,
        "session_minutes": min,
        "metrics": _strictest(_METRICS_DOOR),
        "hosts": _joined,
    }
)
_disclosure = _by_key({"models": lambda base, own: {**base, **own}})
_redress = _by_key({"due_days": _smaller, "graphic_per_day": _fewer, "texts": _overlay})
_footprint = _by_key({"on": lambda base, own: base or own, "prices": _first_own, "models": _first_own})
_telemetry = _by_key({"continue_traces": lambda base, own: base and own})
_STATE: Mapping[str, Callable[[Any, Any], Any]] = {"keep_at_provider": min, "seconds": min, "max_entries": min}
_OF_THE_FILE = frozenset({"name", "version", "description", "extends", "unsafe"})
_JOINS: Mapping[str, Callable[[Any, Any], Any]] = {
    "rails": _by_name("rail", _rules),
    "clients": _by_name("name", _client),
    "upstreams": _overlay,
    "apis": lambda base, own: {**base, **own},
    "routes": _overlay,
    "demands": _demands,
    "models": _covered,
    "media": _covered,
    "tools": _tools,
    "state": _state,
    "defaults": _overlay,
    "cohorts": _overlay,
    "limits": _limits,
    "on_failure": _strictest(_ON_FAILURE),
    "logprobs": _strictest(_LOGPROBS),
    "placeholders": _placeholders,
    "restore": _restore,
    "texts": _overlay,
    "medical": _medical,
    "notices": _notices,
    "because": lambda base, own: {**base, **{key: _joined(base.get(key, ()), own[key]) for key in own}},
    "gates": _gates,
    "crisis": _crisis,
    "audit": _audit,
    "admin": _admin,
    "disclosure": _disclosure,
    "redress": _redress,
    "footprint": _footprint,
    "telemetry": _telemetry,
}
