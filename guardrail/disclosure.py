"""What anybody may know about what answers here: the "nutrition label" (WHO-13, 14, 62, 63, 70, 84), as values.

Pure: a policy, the running product's own facts, published incidents and counts in; a label out, the same for the page
and for machines. Nothing is left away: what nobody said is "not disclosed by developer". Counts are public, so small
ones are not told (WHO-26).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final, Protocol

from guardrail.console import pages
from guardrail.console.receipt_words import Table
from guardrail.dialects.base import Reply
from guardrail.incidents import SMALL, public_count
from guardrail.policy.disclosure import NOT_DISCLOSED, Card, EvidenceKind, Status
from guardrail.policy.explain import looks_for, what_was_done
from guardrail.policy.model import Policy, RailRule
from guardrail.policy.requirements import MEANINGS
from guardrail.record.entry import Range
from guardrail.text import Direction

SCHEMA: Final = 1
_FEW: Final = f"fewer than {SMALL}, or too few to tell"
"""In the place of a small count, and of what would give one away (CMS cell size policy)."""
LAW: Final = (
    "A notice or a disclaimer changes nothing about what the law asks of developers, providers and deployers, "
    "nor about anybody's rights."
)
REVIEWS: Final[Mapping[EvidenceKind, str]] = {
    "none": "no evidence given",
    "internal": "the developer's own tests, not reviewed",
    "external": "tested by others, not peer reviewed",
    "peer_reviewed": "peer reviewed",
    "prospective_trial": "prospective trial",
}
STATUSES: Final[Mapping[Status, str]] = {
    "not_disclosed": NOT_DISCLOSED,
    "no_device": "said to be no medical device",
    "not_registered": "in no authority's register of medical devices",
    "under_investigation": "in a trial; in no authority's register of medical devices",
    "registered": "registered",
}


class Incident(Protocol):
    """A published failure, as `guardrail.incidents` gives it. Times in microseconds since 1970."""

    @property
    def id(self) -> str:
        """Its own number."""
        ...

    @property
    def published(self) -> int:
        """When."""
        ...

    @property
    def title(self) -> str:
        """In a few words."""
        ...

    @property
    def words(self) -> str:
        """What happened; "" once it is withdrawn."""
        ...

    @property
    def model(self) -> str:
        """Which model, "" for any."""
        ...

    @property
    def receipts(self) -> int:
        """How many exchanges it is about."""
        ...

    @property
    def withdrawn(self) -> int | None:
        """When it was taken back, None while it stands."""
        ...


@dataclass(frozen=True, slots=True)
class Figures:
    """What all processes have counted since `since` (guardrail.totals). None: nobody counts it."""

    since: datetime | None = None
    exchanges: int | None = None
    redactions: int | None = None
    medical: int | None = None
    crisis: int | None = None
    blocked: int | None = None
    energy_wh: Range | None = None
    co2e_g: Range | None = None
    water_ml: Range | None = None
    method: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim with what stands behind it."""

    claim: str
    kind: EvidenceKind
    review: str
    reference: str | None


@dataclass(frozen=True, slots=True)
class ModelLabel:
    """What is said about one model: the same facts for every model, in the same order."""

    name: str
    facts: tuple[tuple[str, tuple[str, ...]], ...]
    evidence: tuple[Claim, ...]

    @property
    def nothing(self) -> bool:
        """True if nobody said anything about it."""
        return not self.evidence and all(values == (NOT_DISCLOSED,) for _, values in self.facts)


@dataclass(frozen=True, slots=True)
class Told:
    """An incident as the page tells it; days."""

    id: str
    title: str
    words: str
    model: str
    receipts: int | None
    """How many exchanges it concerns; None: fewer than SMALL."""
    published: str
    withdrawn: str | None


@dataclass(frozen=True, slots=True)
class Label:
    """Everything that is disclosed. `facts` are the product's own: product, version, what, policy, notice, limits."""

    facts: Mapping[str, object]
    deployer: str | None
    contact: str | None
    objection: str
    people: tuple[tuple[str, str], ...]
    models: tuple[ModelLabel, ...]
    checks: Table
    warnings: tuple[str, ...]
    measured: Table
    counts: Table
    counts_note: str
    incidents: tuple[Told, ...] = ()
    law: str = field(default=LAW)


# Measured over labelled texts and written down in docs/benchmarks.md; a test holds the two together.
MEASURED: Final = (
    (
        "Identifiers of patients that get through",
        "2.4% (1.3-4.3) of 421",
        "our own texts in ten languages (development set)",
    ),
    ("Identifiers of patients that get through", "3.6% (3.1-4.2) of 4,376", "Spanish clinical cases (MEDDOCAN)"),
    ("Emergencies and thoughts of self-harm that are seen", "100.0% (83.2-100.0) of 19", "our own questions"),
    ("Other questions that are taken for those", "6.1% (2.6-13.5) of 82", "our own questions"),
    ("Phrases by which a machine passes for a person that get through", "0.0% (0.0-7.3) of 49", "our own answers"),
)


def label(
    policy: Policy,
    facts: Mapping[str, object],
    incidents: Iterable[Incident] = (),
    figures: Figures | None = None,
    today: date | None = None,
) -> Label:
    """What this policy and this process have to disclose. `facts` as in `Label`; other members are kept as they are."""
    said, day = policy.disclosure, today or datetime.now(UTC).date()
    objection = "POST /guardrail/feedback with the receipt that stands on the answer"
    where = said.objection or said.contact
    return Label(
        facts=facts,
        deployer=said.deployer,
        contact=said.contact,
        objection=f"{objection}, or {where}" if where else objection,
        people=tuple((language, policy.gates.way(language)) for language in policy.gates.human_route),
        models=tuple(_model(name, card, day) for name, card in _models(policy)),
        checks=Table(
            ("Check", "Looks for", "In the question", "In the answer", "Because of"), tuple(map(_check, policy.rails))
        ),
        warnings=tuple(_warnings(policy)),
        measured=Table(
            ("What", "How many", "On which texts"),
            MEASURED,
            "In brackets Wilson's 95 % interval. More, and how it was measured: docs/benchmarks.md",
        ),
        counts=Table(("What", "How many"), tuple(_counts(figures or Figures()))),
        counts_note=_since(figures or Figures()),
        incidents=tuple(map(_told, incidents)),
    )


def _models(policy: Policy) -> Iterator[tuple[str, Card]]:
    """Every model that something is said about, and every one that may be asked for; nothing of them is hidden."""
    cards = dict(policy.disclosure.models)
    allowed = [name for name in policy.models.allow or () if policy.disclosure.card(name) is None]
    yield from cards.items()
    yield from ((name, Card()) for name in allowed)
    if not cards and not allowed:
        yield "every model", Card()
    elif policy.models.allow is None and "*" not in cards:
        yield "every other model", Card()


def _model(name: str, card: Card, day: date) -> ModelLabel:
    claims = tuple(Claim(each.claim, each.kind, REVIEWS[each.kind], each.reference) for each in card.evidence)
    return ModelLabel(name, tuple((title, values or (NOT_DISCLOSED,)) for title, values in _facts(card, day)), claims)


def _facts(card: Card, day: date) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "Developer", _one(card.developer)
    yield "Provider", _one(card.provider)
    yield "Version", _one(card.version)
    yield "Intended use", card.intended_use
    yield "Not for", card.not_for
    yield "Ages", _one(card.age_range)
    yield "Languages", (", ".join(card.languages),) if card.languages else ()
    yield "Training data", _one(card.training_data)
    yield "Changed since", _tuned(card)
    yield "Known risks", card.risks
    yield "Footprint", _one(card.footprint)
    yield "As a medical device", _status(card)
    yield "End of life", _end(card.end_of_life, day)


def _one(value: str | None) -> tuple[str, ...]:
    return () if value is None else (value,)


def _tuned(card: Card) -> tuple[str, ...]:
    tuned = card.fine_tuned
    if tuned is None:
        return ()
    number = f" ({tuned.id})" if tuned.id else ""
    what = (f"{tuned.base}, changed by {tuned.by}{number}", "it is no longer the model that was assessed")
    return (*what, *_one(tuned.changes))


def _status(card: Card) -> tuple[str, ...]:
    entry = card.registration
    if entry is None:
        return (STATUSES[card.regulatory_status],)
    link = f", {entry.link}" if entry.link else ""
    return (f"registered at {entry.authority} under {entry.number} for: {entry.use}{link}",)


def _end(end: date | None, day: date) -> tuple[str, ...]:
    if end is None:
        return ()
    return (f"{end}: over, its provider no longer looks after it" if end < day else str(end),)


def _check(rule: RailRule) -> tuple[str, ...]:
    done = [_done(rule, direction) for direction in Direction]
    shadow = " (in shadow: counted only)" if rule.shadow else ""
    because = "; ".join(f"{each}: {MEANINGS[each]}" if each in MEANINGS else each for each in rule.because)
    return (rule.rail + shadow, looks_for(rule.rail) or "not told", *done, because or "not stated")


def _done(rule: RailRule, direction: Direction) -> str:
    action = rule.action(direction)
    return "not looked at" if action is None else what_was_done(rule.rail, direction, action)


def _warnings(policy: Policy) -> Iterator[str]:
    """What a reader would want to know first."""
    if policy.unsafe:
        yield "This policy switches protections off that the product is for (`unsafe: true`)."
    if policy.on_failure == "warn":
        yield "If a check fails or is late, the text passes without it, and is counted."
    if policy.media.release:
        yield f"These kinds of file pass without anybody looking into them: {', '.join(policy.media.release)}."
    if policy.crisis.off_because:
        yield f"Some signs of an emergency are not looked for. Because of: {policy.crisis.off_because}."


def _counts(figures: Figures) -> Iterator[tuple[str, str]]:
    told = public_counts(figures)
    for name, title in _COUNTED.items():
        value = told[name]
        yield title, "not counted" if value is None else value
    for title, bounds, unit in (
        ("Energy of the models, modelled, not measured", figures.energy_wh, "Wh"),
        ("CO2 equivalent, modelled, not measured", figures.co2e_g, "g"),
        ("Water, modelled, not measured", figures.water_ml, "ml"),
    ):
        yield title, _amount(bounds, figures.exchanges, unit) if bounds else "not known"
    if figures.method:
        yield "Method of the models of energy, CO2 and water", figures.method


def _amount(bounds: Range, exchanges: int | None, unit: str) -> str:
    """Of as many exchanges as are told, and with one digit: an amount must not tell how many they were."""
    if exchanges is None or 0 < exchanges < SMALL:
        return _FEW
    part = exchanges // 10 * 10 / exchanges if exchanges else 1
    low, high = (f"{float(f'{amount * part:.1g}'):,.12g}" for amount in (bounds.low, bounds.high))
    return f"about {low} to {high} {unit}"


_COUNTED: Final = {
    "exchanges": "Questions, answered or not",
    "redactions": "Identifiers of patients that were replaced or taken out",
    "medical": "Questions about health",
    "crisis": "Answers that began with the way to help in a crisis",
    "blocked": "Questions or answers that were stopped",
}
_OF_ALL: Final = ("medical", "crisis", "blocked")
"""Those that count exchanges, so that the rest of all exchanges follows from them."""


def public_counts(figures: Figures) -> Mapping[str, str | None]:
    """The counts as anybody may see them: none under SMALL but zero, and none from which such a one would follow.

    In whole tens: who looks before and after somebody's question learns nothing of it.
    """
    counts: dict[str, int | None] = {name: getattr(figures, name) for name in _COUNTED}
    hidden = {name for name, count in counts.items() if count is not None and 0 < count < SMALL}
    total = counts["exchanges"]
    for name in _OF_ALL:
        count = counts[name]
        if total is not None and count is not None and 0 < total - count < SMALL:
            hidden.add(name)
    medical, crisis = counts["medical"], counts["crisis"]
    if medical is not None and crisis is not None and 0 < abs(medical - crisis) < SMALL:
        hidden.add("crisis")
    return {name: None if count is None else _FEW if name in hidden else _tens(count) for name, count in counts.items()}


def _tens(count: int) -> str:
    return f"{count // 10 * 10:,} or more" if count else "0"


def _since(figures: Figures) -> str:
    if figures.since is None:
        return "Nothing is counted here."
    return f"Counted by this installation since {figures.since:%Y-%m-%d} (UTC), for all applications together."


def _told(incident: Incident) -> Told:
    return Told(
        id=incident.id,
        title=incident.title if incident.withdrawn is None else "Withdrawn",
        words="" if incident.withdrawn else incident.words,
        model=incident.model,
        receipts=public_count(incident.receipts),
        published=_day(incident.published),
        withdrawn=None if incident.withdrawn is None else _day(incident.withdrawn),
    )


def _day(at: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)).date().isoformat()


def to_json(made: Label) -> dict[str, object]:
    """For machines. The product's own members stay at the top, as they always were; others are only ever added."""
    return {
        **made.facts,
        "schema": SCHEMA,
        "law": made.law,
        "deployer": made.deployer,
        "contact": made.contact,
        "objection": made.objection,
        "people": dict(made.people),
        "models": {
            model.name: {
                **{_member(title): list(values) for title, values in model.facts},
                "evidence": [asdict(claim) for claim in model.evidence] or NOT_DISCLOSED,
            }
            for model in made.models
        },
        "checks": [dict(zip(map(_member, made.checks.head), row, strict=True)) for row in made.checks.rows],
        "warnings": list(made.warnings),
        "measured": [dict(zip(map(_member, made.measured.head), row, strict=True)) for row in made.measured.rows],
        "counts": {row[0]: row[1] for row in made.counts.rows},
        "counts_since": made.counts_note,
        "incidents": [asdict(incident) for incident in made.incidents],
    }


def _member(title: str) -> str:
    return title.lower().replace(" ", "_").replace("-", "_")


def to_html(made: Label) -> str:
    """For people: no script, nothing loaded."""
    facts = {key: made.facts.get(key, "") for key in ("product", "version", "what", "notice")}
    policy = made.facts.get("policy")
    named: Mapping[str, object] = policy if isinstance(policy, Mapping) else {}
    line = (
        f"Policy {named.get('name', '?')}, version {named.get('version', '?')}, fingerprint {named.get('sha256', '?')}."
    )
    stale = " A newer version of it could not be read; this one stays in force." if made.facts.get("stale") else ""
    limits = made.facts.get("limits")
    values: dict[str, object] = {key: getattr(made, key) for key in made.__dataclass_fields__ if key != "facts"}
    values |= {**facts, "policy_line": line + stale, "limits": limits if isinstance(limits, Sequence) else ()}
    return pages.render("disclosure", label=values, unknown=NOT_DISCLOSED)


def fingerprint(made: Label) -> str:
    """SHA-256 of what is disclosed, but for the counts: what the audit log keeps of it (WHO-64)."""
    lasting = {name: value for name, value in to_json(made).items() if name not in ("counts", "counts_since")}
    return hashlib.sha256(json.dumps(lasting, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def reply(made: Label, accept: str = "") -> Reply:
    """The answer of `GET /guardrail/disclosure`: a page for browsers, JSON for everybody else."""
    if pages.wants_page(accept):
        return Reply(200, to_html(made).encode(), pages.HTML, {**pages.headers(), "vary": "accept"})
    return Reply(200, json.dumps(to_json(made), ensure_ascii=False).encode(), headers={"vary": "accept"})
