"""Which provider gets a request: by route, client and model, among those that attest what is demanded.

Decided from the policy alone, before anything is sent. No message names an upstream or quotes what was asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from guardrail.errors import ClientError, Unauthorized, UnknownRoute
from guardrail.policy.model import Client, Policy

_NOBODY = Client(name="anonymous", token_sha256="0" * 64)
"""Who asks while the policy lists no clients."""


def upstreams_for(
    policy: Policy,
    dialect: str,
    *,
    route: str = "",
    client: str = "",
    model: str = "",
    others: Sequence[str] = (),
) -> Sequence[str]:
    """The upstream that a request goes to, and behind it those that are asked if it can't be reached.

    `others` are models that the provider itself may ask in the place of `model`: they have to be allowed, too.
    Raises UnknownRoute if nobody speaks the dialect there, ClientError (403) for a model that is not allowed and if
    nobody who does attests what is demanded, Unauthorized for a client that the policy no longer lists.
    """
    asker = _client(policy, client)
    allowed, named = policy.models.patterns, (*((model,) if model else ()), *others)
    if allowed and not all(_is_one_of(each, allowed) for each in named):
        raise ClientError("the policy does not allow this model", code="model_not_allowed", param="model", status=403)
    found = [
        name
        for name in _choices(policy, dialect, route, asker)
        if _may_use(asker, name) and _serves(policy, name, dialect, model)
    ]
    if not found:
        raise UnknownRoute("the policy names no provider for this endpoint", code="no_upstream")
    missing = {name: _unmet(policy, asker, name) for name in found}
    chosen = next((name for name in found if not missing[name]), None)
    if chosen is None:
        what = ", ".join(missing[found[0]])
        raise ClientError(
            f"no provider here attests what the policy demands: {what}", code="upstream_not_attested", status=403
        )
    fallback = (
        name
        for name in policy.upstreams[chosen].fallback
        if _may_use(asker, name) and _serves(policy, name, dialect, model) and not _unmet(policy, asker, name)
    )
    return tuple(dict.fromkeys((chosen, *fallback)))


def _client(policy: Policy, name: str) -> Client:
    if not policy.clients:
        return _NOBODY
    for client in policy.clients:
        if client.name == name:
            return client
    raise Unauthorized("A client token of this guardrail is needed.")  # struck off while its request was read


def _choices(policy: Policy, dialect: str, route: str, client: Client) -> Sequence[str]:
    """By route, by client, else the default upstream and those that name their models.

    Any other only if the default does not speak the dialect: nobody gets a question because he happens to be there.
    """
    upstreams, default = policy.upstreams, policy.default_upstream
    if route:
        if route not in policy.routes:
            raise UnknownRoute("the policy has no such route", code="unknown_route")
        return [policy.routes[route].upstream]
    if client.upstreams is not None:
        return client.upstreams
    names = sorted(upstreams, key=lambda name: name != default)
    if default is None or dialect not in upstreams[default].dialects:
        return names
    return [name for name in names if name == default or upstreams[name].models]


def _may_use(client: Client, name: str) -> bool:
    return client.upstreams is None or name in client.upstreams


def _serves(policy: Policy, name: str, dialect: str, model: str) -> bool:
    upstream = policy.upstreams.get(name)
    if upstream is None or dialect not in upstream.dialects:
        return False
    return not (model and upstream.models) or _is_one_of(model, upstream.models)


def _unmet(policy: Policy, client: Client, name: str) -> Sequence[str]:
    """The names of what is demanded for this client and not attested."""
    attests = policy.upstreams[name].attests
    demanded = ((demand, value) for wanted in (policy.demands, client.demands) for demand, value in wanted.items())
    return sorted({demand for demand, value in demanded if not meets(attests.get(demand), value)})


def meets(attested: object, wanted: object) -> bool:
    """True if what is attested is what is wanted, or one of several."""
    return attested is not None and (attested in wanted if isinstance(wanted, tuple) else attested == wanted)


def _is_one_of(model: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(model, pattern) for pattern in patterns)
