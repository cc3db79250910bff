"""A case as a file to hand over: what was reported, what the log proves of the answer, what came of it (WHO-74).

For a victim, a lawyer or an authority: receipt, model, policy, texts shown, review and outcome, in one JSON and as a
text. Words are in it only if they were uncovered for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from guardrail import receipts
from guardrail.receipts import Receipt
from guardrail.redress import Case, Uncovered, case_json, day_and_time

SCHEMA: Final = 1
MASKED: Final = "not shown in this copy"


def to_json(case: Case, receipt: Receipt, words: Uncovered | None, now: int) -> dict[str, Any]:
    """The whole file; `words` is None if they stay covered."""
    return {
        "schema": SCHEMA,
        "exported": day_and_time(now),
        "case": {
            **case_json(case, now),
            "words": words.words if words else None,
            "note": words.note if words else None,
            "covered": words is None,
        },
        "answer": receipts.to_json(receipt),
    }


def to_text(case: Case, receipt: Receipt, words: Uncovered | None, now: int) -> str:
    """To be read and printed."""
    return "\n".join(_lines(case, receipt, words, now)) + "\n"


def _lines(case: Case, receipt: Receipt, words: Uncovered | None, now: int) -> Iterator[str]:
    yield f"Case {case.id}"
    yield ""
    yield from _table(
        {
            "reported": f"{case.kind}, {day_and_time(case.opened)}",
            "state": case.state.value,
            "due": f"{day_and_time(case.due)}{' (overdue)' if case.overdue(now) else ''}" if case.due else "never",
            "assigned to": case.assigned or "nobody",
            "decided": f"{case.decision}, {day_and_time(case.closed)}" if case.decision and case.closed else "not yet",
            "what was written": (words.words or "nothing") if words else MASKED if case.has_words else "nothing",
            "what was noted": (words.note or "nothing") if words else MASKED if case.has_note else "nothing",
        }
    )
    yield ""
    yield f"The answer that it is about: receipt {receipt.id}"
    yield ""
    yield from receipts.in_short(receipt)
    yield ""
    outcome = receipt.outcome
    shown = ", ".join(f"{' and '.join(text.kinds)} ({text.language})" for text in receipt.texts) or "none"
    yield from _table(
        {
            "application": str(receipt.who.client),
            "provider": str(receipt.who.upstream),
            "model asked for": str(receipt.who.model),
            "model that answered": str(outcome.served) if outcome else "not known",
            "policy": f"{receipt.ref.name} version {receipt.ref.version}, {receipt.ref.sha256}",
            "texts of ours shown": shown,
            "read by a professional first": "yes, says the application" if outcome and outcome.reviewed else "no",
            "found to be about": f"{outcome.asked.risk.value}" if outcome else "not known",
            "suspended by": str(outcome.suspension) if outcome else "none",
        }
    )
    if outcome and outcome.found:
        yield ""
        yield "What the checks found:"
        for each in outcome.found:
            shadow = ", counted only" if each.shadow else ""
            yield f"  {each.direction.value}: {each.rail} {each.label}, {each.count} times, {each.action.word}{shadow}"
    if receipt.events:
        yield ""
        yield "What was done about it:"
        for at, event in receipt.events:
            yield f"  {receipts.clock(at)}  {event.what} by {event.actor}"


def _table(rows: Mapping[str, str]) -> Iterator[str]:
    width = max(map(len, rows))
    for name, value in rows.items():
        yield f"  {name.ljust(width)}  {value}"
