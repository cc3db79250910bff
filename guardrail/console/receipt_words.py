"""A receipt in plain words, for a page or a terminal, and the paragraph of a letter (WHO-10, 13, 60, 74, 75).

Words only: what is told is decided in `guardrail.receipts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from guardrail.console.texts import INSERTS
from guardrail.errors import ClientError
from guardrail.gates import REFUSALS, UNSPECIFIED
from guardrail.policy.disclosure import NOT_DISCLOSED
from guardrail.policy.explain import in_words, what_was_done
from guardrail.rails import spoken
from guardrail.receipts import Check, Reason, Receipt, clock, gate_reasons, in_short
from guardrail.record.entry import NONE, Code, End, Event, Outcome, Place, Range
from guardrail.record.reasons import CODES
from guardrail.text import Direction, Risk


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; the first cell of a row is its heading."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a receipt in plain words."""

    title: str
    lines: tuple[str, ...] = ()
    table: Table | None = None
    quotes: tuple[tuple[str, str], ...] = ()
    """Words of ours with the code of their language."""


RISKS: Final[Mapping[Risk, str]] = {
    Risk.NONE: "It was not taken for a question about health.",
    Risk.GENERAL: "It was taken for a question about health in general.",
    Risk.HIGH: "It was taken for a question where a wrong answer could do harm.",
    Risk.EMERGENCY: "Signs of a medical emergency were seen in it.",
    Risk.SELF_HARM: "Thoughts of suicide or self-harm were seen in it.",
}
KINDS: Final[Mapping[str, str]] = {
    "notice": "the notice that a machine wrote the answer",
    "warning": "the warning on health questions",
    "emergency": "the way to help in an emergency",
    "self_harm": "the way to help with thoughts of suicide or self-harm",
    "incomplete": "the note that the answer is incomplete",
    "translation": "the note on the translation",
}
EVENTS: Final[Mapping[str, str]] = {
    "start": "The guardrail was started.",
    "stop": "The guardrail was stopped.",
    "recovered": "The log was completed after the process had died.",
    "clock_step": "The clock was set.",
    "policy_loaded": "A policy came into force.",
    "policy_reload_failed": "A policy could not be read; the old one stayed in force.",
    "suspended": "The use of AI was suspended.",
    "resumed": "A suspension was ended.",
    "suspension_expired": "A suspension came to its end.",
    "case_opened": "A case was opened.",
    "case_assigned": "A case was given to somebody.",
    "case_closed": "A case was closed.",
    "case_reopened": "A case was opened again.",
    "case_read": "The words of a case were read.",
    "case_exported": "A case was exported.",
    "cases_purged": "Old cases were deleted.",
    "incident_published": "An incident was published.",
    "incident_withdrawn": "An incident was withdrawn.",
    "subject_erased": "What was held about a patient was erased.",
    "subject_exported": "What was held about a patient was exported.",
    "purged": "Old entries were deleted.",
    "exported": "The log was exported.",
    "verified": "The log was verified.",
    "reported": "A report was made.",
    "receipt_read": "A receipt was read.",
    "login": "An administrator came in.",
    "logout": "An administrator went out.",
    "login_refused": "Somebody was not let in.",
    "admin_refused": "An administrator was refused something.",
    "key_rotated": "The signing key was changed.",
    "audit_unavailable": "The log could not be written in time; what it would have recorded was not given out.",
    "model_changed": "A model answered under another name than before.",
    "snapshot": "What is disclosed was recorded.",
}
"""Every event in words."""
_WAYS: Final[Mapping[Direction, str]] = {Direction.REQUEST: "question", Direction.RESPONSE: "answer"}


def in_plain_words(receipt: Receipt) -> tuple[Section, ...]:
    """The whole receipt, for people."""
    outcome = receipt.outcome
    sections = [
        Section("In short", tuple(in_short(receipt))),
        Section("Who asked whom", table=Table(("What", "Which"), tuple(_who(receipt)))),
        *([Section("What it was about", tuple(_about(outcome)))] if outcome else []),
        *([_what_checks_did(receipt)] if outcome else []),
        *([_shown(receipt)] if outcome and receipt.texts else []),
        *([_stops(receipt, outcome)] if outcome and _was_stopped(outcome) else []),
        _policy(receipt),
        *([_cost(outcome)] if outcome else []),
        Section("Who answers for it, and how to object", tuple(_parties(receipt))),
        *([_events(receipt)] if receipt.events else []),
        _proof(receipt),
    ]
    return tuple(sections)


def _who(receipt: Receipt) -> Iterator[tuple[str, str]]:
    who, outcome = receipt.who, receipt.outcome
    yield "Time", clock(receipt.started) + (f" to {clock(receipt.ended)}" if receipt.ended else "")
    yield "Application", str(who.client)
    yield "API", str(who.dialect)
    yield "Provider asked", str(who.upstream)
    yield "Model asked for", "not known" if who.model == NONE else str(who.model)
    served = outcome.served if outcome else NONE
    yield "Model that answered", "the answer named none" if served == NONE else str(served)
    if NONE not in (served, who.model) and served != who.model:
        yield "Note", "the answer names another model than the one that was asked for"
    yield "Reader, as the application stated it", _stated(who.surface)
    if who.use != NONE:
        yield "Use, as the application stated it", _stated(who.use)
    for dimension, group in who.cohort.items():
        yield f"Group, as the application stated it: {dimension.replace('_', ' ')}", str(group)
    if outcome is not None:
        yield "Language", "not known" if outcome.language == NONE else str(outcome.language)
        yield "Read by a professional first", _READ[outcome.reviewed]


def _stated(value: Code) -> str:
    return "not stated" if value in (NONE, UNSPECIFIED) else _plain(value)


_READ: Final = {True: "the application states so, with its signature", False: "nobody stated so"}


def _about(outcome: Outcome) -> Iterator[str]:
    asked = outcome.asked
    medical = asked.medical or asked.risk is not Risk.NONE
    yield RISKS[asked.risk] if asked.risk is not Risk.NONE or not medical else RISKS[Risk.GENERAL]
    if asked.topics:
        yield f"Topics: {_list(asked.topics)}."
    if asked.flags:
        yield f"Noted: {_list(asked.flags)}."
    if asked.task != NONE:
        yield f"Task: {_plain(asked.task)}."
    yield "This was worked out by a small model and by rules from the words of the question, which were not kept."


def _what_checks_did(receipt: Receipt) -> Section:
    outcome = receipt.outcome
    assert outcome is not None
    if not receipt.checks:
        return Section("What the checks found and did", ("They found nothing.",))
    rows = [row for check in receipt.checks for row in _check_rows(check)]
    lines = [] if receipt.policy else [_FORGOTTEN]
    if outcome.places:
        lines.append(f"Where: {'; '.join(_place(each) for each in outcome.places)}.")
        lines.append("A place is the number of the text and the characters from and to; the words were not kept.")
    head = ("Check", "In the", "Found", "How often", "What was done", "Why")
    return Section("What the checks found and did", tuple(lines), Table(head, tuple(rows)))


_FORGOTTEN: Final = (
    "The policy that decided is not in force here any more, so the reasons of its rules can't be told from here; "
    "`guardrail receipt ID --policy FILE` tells them from its file."
)


def _check_rows(check: Check) -> Iterator[tuple[str, ...]]:
    for found in check.found:
        done = "counted only (in shadow)" if found.shadow else what_was_done(check.rail, check.direction, found.action)
        why = "not known any more" if check.because is None else "; ".join(map(_reason, check.because)) or "not stated"
        yield (check.rail, _WAYS[check.direction], in_words(found.label), str(found.count), done, why)


def _reason(reason: Reason) -> str:
    return f"{reason.id}: {reason.meaning}" if reason.meaning else reason.id


def _place(place: Place) -> str:
    return f"{_WAYS[place.direction]} {place.part + 1}, {place.start} to {place.end}"


def _shown(receipt: Receipt) -> Section:
    rows, quotes = [], []
    for text in receipt.texts:
        kinds = "; ".join(KINDS.get(kind, kind) for kind in text.kinds)
        told = "below" if text.text is not None else "not kept"
        rows.append((kinds, text.language, told, text.sha256))
        if text.text is not None:
            quotes.append((text.text, text.language))
    head = ("Text", "Language", "The words", "SHA-256")
    return Section("What the guardrail itself said", (), Table(head, tuple(rows)), tuple(quotes))


def _was_stopped(outcome: Outcome) -> bool:
    return bool({outcome.gate, outcome.suspension, outcome.failure} - {NONE} or outcome.uninspected)


def _stops(receipt: Receipt, outcome: Outcome) -> Section:
    lines: list[str] = []
    if outcome.gate != NONE:
        refusal = REFUSALS.get(outcome.gate)
        lines.append(f"A condition was not met: {refusal.message if refusal else outcome.gate}.")
        lines += [f"Because of {_reason(each)}." for each in gate_reasons(outcome, receipt.policy) or ()]
    if outcome.suspension != NONE:
        lines.append(f"It was stopped by the suspension {outcome.suspension}.")
    if outcome.failure != NONE:
        meaning = CODES.get(outcome.failure, "")
        lines.append(f"Error {outcome.failure}{f': {meaning}' if meaning else ''} (at the step {outcome.stage}).")
    if outcome.uninspected:
        lines.append(f"Nobody could look into: {_list(outcome.uninspected)}.")
    return Section("What stood in the way", tuple(lines))


def _policy(receipt: Receipt) -> Section:
    ref = receipt.ref
    lines = [f"Policy {ref.name}, version {ref.version}, fingerprint {ref.sha256}."]
    lines.append("It is in force here now." if receipt.policy else "It is not in force here any more.")
    return Section("The rules that decided", tuple(lines))


def _cost(outcome: Outcome) -> Section:
    rows = [(name, f"{value / 1000:,.1f} ms") for name, value in _times(outcome)]
    rows += [("Request", f"{outcome.request_bytes:,} bytes"), ("Answer", f"{outcome.answer_bytes:,} bytes")]
    usage = outcome.usage
    tokens = {"in": usage.input, "out": usage.output, "cached": usage.cached, "reasoning": usage.reasoning}
    told = [f"{count:,} {name}" for name, count in tokens.items() if count is not None]
    rows.append(("Tokens, as the provider counted them", ", ".join(told) or "the provider told none"))
    if outcome.cost is not None:
        rows.append(("Cost, by the prices of the policy", f"{outcome.cost:g} {outcome.currency}"))
    print_ = outcome.footprint
    if print_ is None:
        rows.append(("Energy, CO2 and water", "not known"))
    else:
        rows.append(("Energy, modelled, not measured", f"{_range(print_.energy_wh)} Wh"))
        rows.append(("CO2 equivalent, modelled, not measured", f"{_range(print_.co2e_g)} g"))
        water = f"{_range(print_.water_ml)} ml" if print_.water_ml else "not known"
        rows.append(("Water, modelled, not measured", water))
        rows.append(("Method", str(print_.method)))
    return Section("Time, size and footprint", (), Table(("What", "How much"), tuple(rows)))


def _times(outcome: Outcome) -> Iterator[tuple[str, int]]:
    times = outcome.timings
    yield "The guardrail's own work before the model was asked", times.added
    yield "Until the first byte of the answer", times.first
    yield "The provider", times.upstream
    yield "Altogether", times.total


def _range(estimate: Range) -> str:
    return f"{estimate.low:.3g} to {estimate.high:.3g}"


def _parties(receipt: Receipt) -> Iterator[str]:
    card = receipt.card
    yield f"Developer of the model: {(card.developer if card else None) or NOT_DISCLOSED}."
    yield f"Provider of the model: {(card.provider if card else None) or NOT_DISCLOSED} ({receipt.who.upstream} here)."
    yield f"Deployer: {receipt.deployer or 'not stated in the policy (disclosure: deployer)'}."
    yield f"Whom to ask: {receipt.contact or 'not stated in the policy (disclosure: contact)'}."
    where = f", or by {receipt.objection}" if receipt.objection else ""
    yield f"To object, or to report an error or harm: POST /guardrail/feedback with this receipt{where}."
    if receipt.route:
        yield receipt.route


def _events(receipt: Receipt) -> Section:
    rows = tuple((clock(at), _event(event), str(event.actor)) for at, event in receipt.events)
    return Section("What has happened since", (), Table(("When", "What", "By"), rows))


def _event(event: Event) -> str:
    said = EVENTS.get(event.what, _plain(event.what))
    outcome = event.facts.get("outcome")
    return f"{said} Outcome: {_plain(str(outcome))}." if isinstance(outcome, str) else said


def _proof(receipt: Receipt) -> Section:
    if not receipt.proofs:
        return Section("Is this record as it was written?", ("Not checked: run `guardrail audit verify`.",))
    rows = tuple(
        (
            str(proof.kind),
            f"{proof.writer}, number {proof.seq}",
            _VERIFIED[proof.verified] + (f": {proof.problem}" if proof.problem else ""),
            "not yet" if proof.covered is None else f"of {proof.covered:,} entries",
            proof.sha256,
        )
        for proof in receipt.proofs
    )
    head = ("Entry", "Place in the log", "As it was written", "Signed checkpoint", "SHA-256")
    return Section("Is this record as it was written?", (), Table(head, rows))


_VERIFIED: Final[Mapping[bool | None, str]] = {True: "yes", False: "NO", None: "not checked"}


def _plain(code: str) -> str:
    return code.replace("_", " ")


def _list(codes: Iterable[str]) -> str:
    return ", ".join(map(_plain, codes))


def to_text(receipt: Receipt) -> str:
    """For a terminal."""
    parts = [f"Receipt {receipt.id}"]
    for section in in_plain_words(receipt):
        lines = [section.title, *(f"  {line}" for line in section.lines)]
        if section.table:
            lines += _text_rows(section.table)
        lines += [f'  "{" ".join(words.split())}"' for words, _ in section.quotes]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _text_rows(table: Table) -> Iterator[str]:
    if len(table.head) == 2:
        yield from (f"  {name}: {value}" for name, value in table.rows)
        return
    for row in table.rows:
        named = zip(table.head[1:], row[1:], strict=True)
        yield f"  {row[0]}"
        yield from (f"    {name.lower()}: {value}" for name, value in named)


# ── the insert ────────────────────────────────────────────────────────────────────────────────────────────────────

LANGUAGES: Final = tuple(INSERTS)


@dataclass(frozen=True, slots=True)
class Letter:
    """A paragraph for a letter: "AI was used in your care" (WHO-13)."""

    language: str
    title: str
    lines: tuple[str, ...]


def insert(receipt: Receipt, language: str = "en", read_by: str = "") -> Letter:
    """What a patient is told: model, date, purpose, who read it, the risk, and how to object.

    `read_by` is the professional's name, for the letter only. Raises ClientError for a language that there is not.
    """
    if not spoken.has(dict.fromkeys(INSERTS, "x"), language):
        raise ClientError(
            f"There is no such letter; there is one in {', '.join(INSERTS)}.", code="invalid_value", param="language"
        )
    chosen = spoken.pick(dict.fromkeys(INSERTS, "x"), language, "en")
    text, outcome = INSERTS[chosen], receipt.outcome
    served = outcome.served if outcome is not None else NONE
    model = served if served != NONE else receipt.who.model
    task = outcome.asked.task if outcome is not None else NONE
    said = {
        "date": receipt.started.date().isoformat(),
        "model": str(model) if model != NONE else "?",
        "purpose": text.purposes.get(task, text.purposes["other"]),
    }
    shown = outcome is None or outcome.end in (End.ANSWERED, End.TRUNCATED, End.CLIENT_GONE, End.RECOVERED)
    read = text.read_by.format(who=read_by) if read_by else None
    return Letter(
        chosen,
        text.title,
        (
            (text.used if shown else text.not_used).format(**said),
            *([read or (text.to_be_read if outcome and outcome.reviewed else text.unread)] if shown else []),
            *([text.risk] if shown else []),
            text.rights.format(contact=receipt.objection or receipt.contact or text.nobody),
            " ".join(filter(None, (text.number.format(receipt=receipt.id), receipt.deployer))),
        ),
    )
