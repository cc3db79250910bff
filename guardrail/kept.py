"""What the provider keeps: who may refer to it, and the placeholders that come with it (design §6).

The map leaves the exchange only sealed, for what the provider keeps by id, and for the policy's time.
"""

from __future__ import annotations

from collections.abc import Sequence

from guardrail.dialects.base import RequestDocument
from guardrail.engine.vault import Vault
from guardrail.errors import UnreadablePayload
from guardrail.state.store import Name, StateStore


async def resume(document: RequestDocument, store: StateStore | None, vault: Vault, owner: str, api: str) -> None:
    """Let the vault know what was told in the exchanges that the request refers to.

    Raises UnreadablePayload for what this client did not have made through this guardrail, or not within the time;
    StateUnavailable if nobody can tell.
    """
    for reference in document.references:
        kept = await store.find(Name(owner, api, reference.kind, reference.name)) if store else None
        if kept is None:
            raise UnreadablePayload(
                "nothing of this id was made through this guardrail by this client; send the content itself",
                code="unknown_reference",
                param=document.field(reference.address),
                status=422,
            )
        vault.resume(kept)


async def keep(keeps: Sequence[tuple[str, str]], store: StateStore | None, vault: Vault, owner: str, api: str) -> None:
    """Remember the exchange under the ids that the provider gave. Raises StateUnavailable."""
    if store is None or not keeps:
        return
    values = vault.export()
    for kind, name in dict.fromkeys(keeps):
        await store.keep(Name(owner, api, kind, name), values)
