"""Made-up exchanges of a made-up hospital, as its log would hold them. Nobody in them exists; the seed says it all."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from guardrail.record.entry import (
    NONE,
    Asked,
    Code,
    End,
    Entry,
    Event,
    Footprint,
    Found,
    Intent,
    Outcome,
    Place,
    PolicyRef,
    Range,
    Shown,
    Timings,
    Usage,
    Who,
    kind_of,
    to_json,
)
from guardrail.text import Action, Direction, Risk

START = datetime(2026, 9, 1, tzinfo=UTC)
DAY = 86_400 * 1_000_000
OLD = PolicyRef(Code("baseline"), 3, Code("1f" * 32))
NEW = PolicyRef(Code("baseline"), 4, Code("2e" * 32))
_DIGEST = Code("ab" * 32)

GROUPS: Mapping[str, Sequence[tuple[str | None, float]]] = {
    "age_band": (("0-12", 2), ("13-17", 3), ("18-39", 26), ("40-64", 34), ("65+", 25), (None, 10)),
    "sex": (("female", 50), ("male", 38), ("other", 0.2), (None, 11.8)),
    "ethnicity": (("a", 44), ("b", 12), ("c", 9), ("d", 4), (None, 31)),
    "disability": (("no", 60), ("yes", 9), (None, 31)),
    "language": (("en", 62), ("es", 21), ("zh", 5), ("ar", 3), ("fr", 2), ("ru", 0.3), (None, 6.7)),
    "role": (("patient", 60), ("caregiver", 9), ("clinician", 22), ("admin", 4), (None, 5)),
}
KINDS = (("NAME", 40), ("DATE", 25), ("MRN", 12), ("PHONE", 8), ("ADDRESS", 6), ("EMAIL", 3), ("SSN", 0.3))


def exchanges(count: int, days: int = 84, seed: int = 1, start: datetime = START) -> Iterator[tuple[int, Entry]]:
    """So many intents and outcomes with their times (microseconds), and the events of a quiet quarter, in order."""
    chance = random.Random(seed)
    first = round(start.timestamp()) * 1_000_000
    changed = first + days * DAY * 3 // 5
    yield first, Event(Code("start"))
    yield first + 1, Event(Code("policy_loaded"), facts=_facts(OLD))
    told = False
    for at in sorted(int(first + chance.random() * days * DAY) for _ in range(count)):
        if at >= changed and not told:
            told = True
            yield changed, Event(Code("policy_loaded"), facts=_facts(NEW))
        outcome = exchange(chance, late=at >= changed)
        if outcome.end is not End.REFUSED:
            yield at, intent_of(outcome)
        yield at + 900_000, outcome


def intent_of(outcome: Outcome) -> Intent:
    """What was written before a provider was asked."""
    return Intent(outcome.receipt, replace(outcome.who, model=NONE), outcome.policy)


Row = tuple[int, str, str | None, str]
"""As it is in the table `entries`: at, kind, receipt, body."""


def row(at: int, entry: Entry) -> Row:
    """As the ledger writes it."""
    receipt = getattr(entry, "receipt", NONE)
    return at, kind_of(entry).value, None if receipt == NONE else str(receipt), to_json(entry)


def many(count: int, patterns: int = 3_000, days: int = 84, start: datetime = START) -> Iterator[Row]:
    """Rows of so many exchanges, quickly: a few different ones, again and again, each with its receipt and time."""
    chance = random.Random(7)
    pairs = {late: [_pair(exchange(chance, late=late)) for _ in range(patterns // 2)] for late in (False, True)}
    first, span = round(start.timestamp()) * 1_000_000, days * DAY
    for number in range(count):
        at = first + span * number // count
        old, intent, outcome = chance.choice(pairs[at >= first + span * 3 // 5])
        receipt = f"{chance.getrandbits(128):032x}"
        if intent:
            yield at, "intent", receipt, intent.replace(old, receipt)
        yield at + 1, "outcome", receipt, outcome.replace(old, receipt)


def _pair(outcome: Outcome) -> tuple[str, str, str]:
    intent = "" if outcome.end is End.REFUSED else to_json(intent_of(outcome))
    return str(outcome.receipt), intent, to_json(outcome)


def _facts(policy: PolicyRef) -> Mapping[str, Code | int | bool]:
    return {"name": policy.name, "version": policy.version, "sha256": policy.sha256}


def _one(chance: random.Random, choices: Sequence[tuple[str | None, float]]) -> str | None:
    return chance.choices([name for name, _ in choices], [weight for _, weight in choices])[0]


def exchange(chance: random.Random, *, late: bool = False) -> Outcome:
    """One outcome. Spanish speakers get more withheld answers, the old miss more warnings: for the report to find."""
    cohort = {name: Code(code) for name, choices in GROUPS.items() if (code := _one(chance, choices))}
    client = _one(chance, (("portal", 60), ("ward-notes", 25), ("triage", 15))) or ""
    surface = "clinician" if cohort.get("role") == "clinician" else "patient"
    medical = chance.random() < (0.61 if late else 0.55)
    crisis = medical and chance.random() < 0.015
    risk = Risk.NONE if not medical else Risk.GENERAL
    risk = chance.choice((Risk.EMERGENCY, Risk.SELF_HARM)) if crisis else risk
    withheld = chance.random() < (0.10 if cohort.get("language") == "es" else 0.045)
    end = End.OWN_ANSWER if withheld else chance.choices(
        (End.ANSWERED, End.REFUSED, End.FAILED, End.TRUNCATED, End.CLIENT_GONE), (960, 15, 9, 4, 12)
    )[0]  # fmt: skip
    found = [
        Found(Code("phi"), Code(kind), Direction.REQUEST, Action.REPLACE, chance.randint(1, 3))
        for kind, weight in KINDS
        if chance.random() < weight / 100
    ]
    if chance.random() < 0.002:
        found.append(Found(Code("phi"), Code("NAME"), Direction.RESPONSE, Action.REPLACE, 1))
    if chance.random() < 0.2:
        found.append(Found(Code("persona"), Code("first_person"), Direction.RESPONSE, Action.REPLACE, 2))
    language = Code(cohort.get("language", Code("en")))
    answered = end in (End.ANSWERED, End.OWN_ANSWER)
    shown = [Shown(Code("notice"), language, _DIGEST)] if answered and chance.random() < 0.9995 else []
    missed = 0.06 if cohort.get("age_band") == "65+" else 0.02
    if answered and medical and surface == "patient" and chance.random() > missed:
        shown.append(Shown(Code(risk.value if crisis else "warning"), language, _DIGEST))
    served = ("gpt-a-2026-08" if late else "gpt-a-2026-05") if client != "triage" else "med-b-7"
    tokens = Usage(chance.randint(80, 900), chance.randint(40, 700)) if end is End.ANSWERED else Usage()
    action = Action.BLOCK if end in (End.OWN_ANSWER, End.REFUSED) else Action.REPLACE if found else Action.ALLOW
    status = {End.REFUSED: 400, End.FAILED: 502, End.CLIENT_GONE: 499}.get(end, 200)
    modelled = end is End.ANSWERED
    return Outcome(
        receipt=Code(f"{chance.getrandbits(128):032x}"),
        who=Who(
            client=Code(client), dialect=Code("openai.chat"), model=Code("med-b" if client == "triage" else "gpt-a"),
            upstream=Code("main"), surface=Code(surface), use=Code("health_information"), cohort=cohort,
        ),
        policy=NEW if late else OLD,
        end=end,
        action=action,
        status=status,
        stage=Code("upstream") if end is End.FAILED else NONE,
        failure=Code("upstream_timeout") if end is End.FAILED else NONE,
        gate=Code("consent_missing") if withheld and chance.random() < 0.2 else NONE,
        served=Code(served) if modelled else NONE,
        language=language,
        asked=Asked(medical, risk),
        found=tuple(found),
        places=tuple(Place(each.direction, 0, 40, 52, each.rail, each.label, each.action) for each in found),
        shown=tuple(shown),
        timings=Timings(chance.randint(8_000, 90_000), 400_000, 380_000, 900_000),
        usage=tokens,
        cost=(tokens.output or 0) * 1e-5 if modelled else None,
        currency=Code("USD") if modelled else NONE,
        footprint=Footprint(
            Code("ecologits-0.8"), Range(0.2, 1.4), Range(0.1, 0.7), Range(0.4, 3.1)
        ) if modelled else None,
    )  # fmt: skip
