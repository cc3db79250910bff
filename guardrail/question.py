"""The words of a request: inspect them all, assess what is asked, then take the patient's identity out.

Assessed before anything is redacted, because age and date cues matter to triage (WHO-51). Knows segments and
chains; no provider, no HTTP.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from guardrail.dialects.base import Words
from guardrail.engine.chain import Chain
from guardrail.engine.offload import off_loop
from guardrail.engine.vault import Redactor, Vault
from guardrail.errors import ClientError, PayloadTooLarge
from guardrail.rails.assess import assess
from guardrail.rails.base import About, Window
from guardrail.seams import across_seams
from guardrail.text import Action, Assessment, Finding, Kind, Role, Ruling, Segment, Verdict

PHI = "phi"
SPOKEN = frozenset({Kind.PROSE, Kind.DATA})
"""What a user says, also in the fields of a form that is sent as JSON."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is known of a request once its words are cleared."""

    assessment: Assessment
    action: Action
    verdicts: tuple[Verdict, ...]
    turn: int = 1
    """Which turn of the conversation is to be answered, from 1: one more than there are answers in it."""


class PhiInFixedField(ClientError):
    """A string that can't be rewritten (model, object key, function name) holds PHI."""

    status = 422
    default_code = "phi_in_fixed_field"


async def clear_question(
    document: Words,
    chain: Chain,
    about: About,
    vault: Vault,
    max_chars: int = 1_000_000,
    tenant: str | None = None,
) -> Question:
    """Inspect every segment of `document` and write the cleared words back into it.

    Segments that are remembered from an earlier request of the same `tenant` are not inspected again.

    Raises PayloadTooLarge over `max_chars`, RailError if the words could not be inspected, and PhiInFixedField
    if they could not be rewritten; in all these cases, and if `action` is BLOCK, nothing of the document may leave.
    """
    segments = document.segments()
    size = sum(len(segment.text) for segment in segments)
    if size > max_chars:
        raise PayloadTooLarge("there is more text in this request than can be inspected", code="too_much_text")
    pairs = await off_loop(size, lambda: [(segment, _about(about, segment)) for segment in segments])
    rulings = await across_seams(chain, pairs, await chain.inspect(pairs, tenant=tenant), tenant)
    return await off_loop(size, lambda: _conclude(document, chain, pairs, rulings, vault))


def _conclude(
    document: Words,
    chain: Chain,
    pairs: Sequence[tuple[Segment, About]],
    rulings: Sequence[Sequence[Ruling]],
    vault: Vault,
) -> Question:
    segments = [segment for segment, _ in pairs]
    # The arguments of earlier tool calls are the model's: a placeholder that stayed in them is this conversation's.
    vault.reserve(each.text for each in segments if not (each.role is Role.ASSISTANT and each.tool))
    assessment = _assess(document, segments, rulings)
    found = _learn(pairs, rulings, vault)
    verdicts = tuple(_clear(document, chain, *each) for each in found)
    action = max((verdict.action for verdict in verdicts), default=Action.ALLOW)
    return Question(assessment, action, verdicts, _turn(segments))


def _turn(segments: Iterable[Segment]) -> int:
    """One more than there are answers: words of the assistant behind words of somebody else."""
    roles = [segment.role for segment in segments if segment.role in (Role.USER, Role.ASSISTANT) and not segment.tool]
    return 1 + sum(now is Role.ASSISTANT and before is not now for before, now in pairwise([None, *roles]))


def _about(about: About, segment: Segment) -> About:
    return replace(about, role=segment.role, kind=segment.kind, hint=segment.hint)


def _assess(document: Words, segments: Sequence[Segment], rulings: Sequence[Sequence[Ruling]]) -> Assessment:
    turn = frozenset(document.turn)
    asked: list[tuple[str, list[Finding]]] = []
    earlier: list[tuple[str, list[Finding]]] = []
    for segment, found in zip(segments, rulings, strict=True):
        if segment.role is Role.USER and segment.kind in SPOKEN:
            part = (segment.text, [ruling.finding for ruling in found])
            (asked if segment.address in turn else earlier).append(part)
    return assess(asked, earlier)


_Learned = tuple[tuple[Segment, About], Sequence[Ruling], Redactor]


def _learn(pairs: Sequence[tuple[Segment, About]], rulings: Sequence[Sequence[Ruling]], vault: Vault) -> list[_Learned]:
    """The rulings, those for every other place where a value that was found stands again, and who writes there."""
    for (segment, _), found in zip(pairs, rulings, strict=True):
        vault.own((segment.text,))
        vault.hear(_redacted(found), segment.text)
    vault.begin(next((s.text for s, _ in pairs if s.role is Role.USER and s.kind is Kind.PROSE), None))
    learned: dict[int, _Learned] = {}
    answering = False
    for at in _as_spoken(pairs):
        (segment, about), sure = pairs[at], _redacted(rulings[at])
        if segment.role is Role.ASSISTANT and not answering:
            vault.answered()
        answering = segment.role is Role.ASSISTANT
        again = list(_echoes(vault, segment.text, about, sure))
        vault.learn(sure, segment.text, segment.hint, [ruling.finding for ruling in again])
        learned[at] = (pairs[at], (*rulings[at], *again), vault.redactor)
    return [learned[at] for at in range(len(pairs))]


def _as_spoken(pairs: Sequence[tuple[Segment, About]]) -> list[int]:
    """The order of the conversation. What stands behind it (tools, metadata) is there from the beginning."""
    end = len(pairs)
    while end and pairs[end - 1][0].role is Role.SYSTEM:
        end -= 1
    return [*range(end, len(pairs)), *range(end)]


def _echoes(vault: Vault, text: str, about: About, known: Sequence[Finding]) -> Iterator[Ruling]:
    """Those that no detector saw."""
    seen = sorted(finding.span for finding in known)
    for again in vault.echo().inspect(Window(text), about):
        at = bisect_right(seen, again.span.end, key=lambda span: span.start)
        if not any(again.span.overlaps(span) for span in seen[max(0, at - 2) : at]):
            yield Ruling(again, Action.REPLACE)


def _redacted(rulings: Iterable[Ruling]) -> list[Finding]:
    return [r.finding for r in rulings if r.finding.rail == PHI and r.effective is Action.REPLACE]


def _clear(
    document: Words, chain: Chain, pair: tuple[Segment, About], found: Sequence[Ruling], redactor: Redactor
) -> Verdict:
    segment, about = pair
    cleared = chain.settle(segment, about, found, {PHI: redactor})
    if cleared.text != segment.text and cleared.verdict.action is not Action.BLOCK:
        if segment.kind is Kind.FIXED:
            raise PhiInFixedField(
                "this field holds what looks like a patient's data and can't be rewritten; nothing was sent",
                param=document.field(segment.address),
            )
        document.replace(segment.address, cleared.text)
        document.edited(segment.address, cleared.verdict.edits)
    return cleared.verdict
