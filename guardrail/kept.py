"""What the provider keeps: who may refer to it, and the placeholders that come with it (design §6).

The map leaves the exchange only sealed, for what the provider keeps by id, and for the policy's time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from guardrail.dialects.base import RequestDocument
from guardrail.engine.vault import Vault
from guardrail.errors import UnreadablePayload
from guardrail.state.store import Name, StateStore


async def resume(document: RequestDocument, store: StateStore | None, vault: Vault, owner: str, api: str) -> None:
    """Let the vault know what was told in the exchanges that the request refers to.

    Raises UnreadablePayload for what this client did not have made through this guardrail, or not within the time;
    StateUnavailable if nobody can tell.
    """
    found: list[Mapping[str, Any]] = []
    for reference in document.references:
        kept = await store.find(Name(owner, api, reference.kind, reference.name)) if store else None
        if kept is None or not (latest := _latest([*found, kept])):
            raise UnreadablePayload(
                "nothing of this id was made through this guardrail by this client, or in another conversation than "
                "the other ids here; send the content itself",
                code="unknown_reference",
                param=document.field(reference.address),
                status=422,
            )
        found = [latest]
    for kept in found:
        vault.resume(kept)


def _latest(found: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The last exchange of one conversation; None if they are of several, whose placeholders would mean two things."""
    latest = max(found, key=lambda kept: int(kept["turn"]))
    told = {tuple(row) for row in latest["values"]}
    return latest if all(tuple(row) in told for kept in found for row in kept["values"]) else None


async def keep(keeps: Sequence[tuple[str, str]], store: StateStore | None, vault: Vault, owner: str, api: str) -> None:
    """Remember the exchange under the ids that the provider gave. Raises StateUnavailable."""
    if store is None or not keeps:
        return
    values = vault.export()
    for kind, name in dict.fromkeys(keeps):
        await store.keep(Name(owner, api, kind, name), values)
