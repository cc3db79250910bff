"""What the provider keeps: who may refer to it, and the placeholders that come with it (design §6).

The map leaves the exchange only sealed, for what the provider keeps by id, and for the policy's time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

from guardrail.dialects.base import Reference, RequestDocument
from guardrail.engine.vault import Vault, is_part_of
from guardrail.errors import UnreadablePayload
from guardrail.policy.compile import Target
from guardrail.state.store import Name, StateStore

_Map = Mapping[str, Any]


async def resume(
    document: RequestDocument, store: StateStore | None, vault: Vault, owner: str, targets: Sequence[Target]
) -> Sequence[Target]:
    """Let the vault know what was told in the exchanges that the request refers to; gives who is to be asked.

    That is the one provider that keeps it. Raises UnreadablePayload for what this client did not have made through this
    guardrail, or not within the time; StateUnavailable if nobody can tell.
    """
    if not document.references:
        return targets
    unknown: list[Reference] = []
    for target in targets:
        found = [await _find(each, store, owner, target.name) for each in document.references]
        unknown += [each for each, kept in zip(document.references, found, strict=True) if kept is None]
        if None not in found:
            vault.resume(_widest(document, [kept for kept in found if kept is not None]))
            return (target,)
    return _refuse(document, unknown[0], "unknown_reference")


async def keep(
    keeps: Iterable[tuple[str, str]], store: StateStore | None, vault: Vault, owner: str, upstream: str
) -> None:
    """Remember the exchange under the ids that the provider gave. Raises StateUnavailable."""
    names = [Name(owner, upstream, kind, name) for kind, name in dict.fromkeys(keeps)]
    if store is not None and names:
        await store.keep(names, vault.export())


async def _find(reference: Reference, store: StateStore | None, owner: str, upstream: str) -> _Map | None:
    return await store.find(Name(owner, upstream, reference.kind, reference.name)) if store is not None else None


def _widest(document: RequestDocument, found: Sequence[_Map]) -> _Map:
    """The map that holds all others. Of two conversations one number can mean two people: they can't be mixed."""
    widest = max(found, key=lambda each: (len(each["known"]), each["turn"]))
    for reference, each in zip(document.references, found, strict=True):
        if not is_part_of(each, widest):
            _refuse(document, reference, "conflicting_references")
    return widest


def _refuse(document: RequestDocument, reference: Reference, code: str) -> NoReturn:
    raise UnreadablePayload(_WHY[code], code=code, param=document.field(reference.address), status=422)


_WHY = {
    "unknown_reference": "nothing of this id was made through this guardrail by this client, or it is too long ago; "
    "send the content itself",
    "conflicting_references": "this belongs to another conversation than the rest of what the request refers to, and "
    "placeholders would mean two things; send the content itself",
}
