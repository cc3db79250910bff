"""A receipt, opened: what was done in one exchange, by which rules and why (WHO-10, 60, 74, 75).

Pure: entries of the audit log and a policy in, values out. What the log does not know is not guessed, and what this
guardrail no longer knows (a policy that is not in force any more) is said to be unknown.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain, groupby, product
from typing import Final, Protocol

from guardrail.errors import ClientError
from guardrail.gates import REFUSALS
from guardrail.policy.compile import Compiled
from guardrail.policy.disclosure import NOT_DISCLOSED, Card
from guardrail.policy.explain import in_words, looks_for, what_was_done
from guardrail.policy.model import Policy
from guardrail.policy.notices import FORMS
from guardrail.policy.requirements import MEANINGS
from guardrail.rails.base import About, Manner
from guardrail.record.entry import NONE, Code, End, Entry, Event, Found, Intent, Kind, Outcome, PolicyRef, Range, Who
from guardrail.text import Action, Assessment, Direction, Finding, Role, Span

SCHEMA: Final = 1
"""Of `to_json`: a higher number is another shape."""
_ID: Final = re.compile(r"[0-9a-f]{32}")


class Row(Protocol):
    """One committed entry, as `record.archive` gives it."""

    @property
    def writer(self) -> str:
        """The process that wrote it."""
        ...

    @property
    def seq(self) -> int:
        """Its number in that writer's log, from 0."""
        ...

    @property
    def at(self) -> int:
        """Microseconds since 1970, UTC."""
        ...

    @property
    def kind(self) -> Kind:
        """What it tells."""
        ...

    @property
    def entry(self) -> Entry:
        """What is in it."""
        ...


@dataclass(frozen=True, slots=True)
class Proof:
    """Where an entry stands in the log, and whether it is as it was written; None: nobody could look.

    `covered` is the size of the signed checkpoint that vouches for it, None if there is none yet.
    """

    writer: str
    seq: int
    kind: str
    sha256: str = ""
    verified: bool | None = None
    covered: int | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """A requirement or a law, and what it asks for; `meaning` is "" for one that this guardrail does not know."""

    id: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Check:
    """What one rail found in one direction. `because` is None if the policy of that time is not here any more."""

    rail: str
    direction: Direction
    found: tuple[Found, ...]
    because: tuple[Reason, ...] | None


@dataclass(frozen=True, slots=True)
class OwnText:
    """Texts of ours that stood together in an answer; `text` is None if nobody can tell the words any more."""

    kinds: tuple[str, ...]
    language: str
    sha256: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Everything there is about one exchange. `policy` is the policy that decided, None if it is not here any more."""

    id: str
    who: Who
    ref: PolicyRef
    started: datetime
    ended: datetime | None
    outcome: Outcome | None
    intended: bool
    policy: Policy | None = None
    checks: tuple[Check, ...] = ()
    texts: tuple[OwnText, ...] = ()
    events: tuple[tuple[datetime, Event], ...] = ()
    proofs: tuple[Proof, ...] = ()
    card: Card | None = None
    deployer: str = ""
    contact: str = ""
    objection: str = ""
    route: str = ""


def read_id(text: str) -> str:
    """A receipt as it stands on an answer. Raises ClientError (400) for what can't be one; never quotes it."""
    bare = text.strip().lower()
    if not _ID.fullmatch(bare):
        raise ClientError("A receipt is 32 characters: digits and the letters a to f.", code="bad_receipt")
    return bare


def unknown() -> ClientError:
    """Nobody knows this receipt (404)."""
    return ClientError(
        "There is no record with this receipt: it may be older than records are kept, or of another guardrail.",
        code="unknown_receipt",
        status=404,
    )


def open_receipt(
    rows: Sequence[Row],
    compiled: Compiled | None = None,
    proofs: Sequence[Proof] = (),
    deciding: Compiled | None = None,
) -> Receipt:
    """What the entries about one exchange tell. Raises ClientError (404) if there are none of it.

    `compiled` is the policy in force now: it explains what it decided itself, and says whom to ask in any case.
    `deciding` is the one that decided, if that was kept.
    """
    intent = next((row for row in rows if isinstance(row.entry, Intent)), None)
    ending = next((row for row in rows if isinstance(row.entry, Outcome)), None)
    first = intent or ending
    if first is None or not isinstance(first.entry, Intent | Outcome):
        raise unknown()
    outcome = ending.entry if ending is not None and isinstance(ending.entry, Outcome) else None
    said = outcome or first.entry
    known = next((each for each in (compiled, deciding) if each and each.sha256 == said.policy.sha256), None)
    now = compiled.policy.disclosure if compiled is not None else None
    language = outcome.language if outcome is not None and outcome.language != NONE else "en"
    return Receipt(
        id=str(said.receipt),
        who=said.who,
        ref=said.policy,
        started=_moment(intent.at) if intent else _began(first.at, outcome),
        ended=_moment(ending.at) if ending else None,
        outcome=outcome,
        intended=intent is not None,
        policy=known.policy if known else None,
        checks=_checks(outcome, known.policy if known else None) if outcome else (),
        texts=_texts(outcome, known) if outcome else (),
        events=tuple((_moment(row.at), row.entry) for row in rows if isinstance(row.entry, Event)),
        proofs=tuple(proofs),
        card=now.card(*_models(said.who, outcome)) if now else None,
        deployer=(now.deployer if now else None) or "",
        contact=(now.contact if now else None) or "",
        objection=(now.objection or now.contact if now else None) or "",
        route=compiled.policy.gates.way(language) if compiled is not None else "",
    )


def _models(who: Who, outcome: Outcome | None) -> list[str]:
    served = outcome.served if outcome is not None else NONE
    return [str(name) for name in (served, who.model) if name != NONE]


def _moment(at: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)


def _began(at: int, outcome: Outcome | None) -> datetime:
    return _moment(at - (outcome.timings.total if outcome else 0))


# ── the checks, and why ───────────────────────────────────────────────────────────────────────────────────────────


def _checks(outcome: Outcome, policy: Policy | None) -> tuple[Check, ...]:
    def place(found: Found) -> tuple[Direction, str]:
        return found.direction, found.rail

    ordered = sorted(outcome.found, key=lambda found: (found.direction is Direction.RESPONSE, found.rail, found.label))
    return tuple(
        Check(str(rail), direction, tuple(group), reasons(rail, policy))
        for (direction, rail), group in groupby(ordered, place)
    )


_PARTS: Final[Mapping[str, str]] = {"notice": "notices", "restore": "restore"}
"""The part of a policy that a rail's words come from, if it is not named like the rail."""


def reasons(rail: str, policy: Policy | None) -> tuple[Reason, ...] | None:
    """Why a check is made under this policy; None without a policy."""
    if policy is None:
        return None
    rule = policy.rule(rail)
    ids = (*(rule.because if rule else ()), *policy.because.get(_PARTS.get(rail, rail), ()))
    return _reasons(ids)


def _reasons(ids: Iterable[str]) -> tuple[Reason, ...]:
    return tuple(Reason(each, MEANINGS.get(each, "")) for each in dict.fromkeys(ids))


def gate_reasons(outcome: Outcome, policy: Policy | None) -> tuple[Reason, ...] | None:
    """Why the condition stands that was not met; None without a policy, or without such a condition."""
    if policy is None or outcome.gate not in REFUSALS:
        return None
    gate = getattr(policy.gates, REFUSALS[outcome.gate].gate, None)
    return _reasons(getattr(gate, "because", ()))


# ── the words that were shown ─────────────────────────────────────────────────────────────────────────────────────


def _texts(outcome: Outcome, compiled: Compiled | None) -> tuple[OwnText, ...]:
    kinds: dict[tuple[str, str], list[str]] = {}
    for shown in outcome.shown:
        kinds.setdefault((str(shown.language), str(shown.sha256)), []).append(str(shown.kind))
    known = _said_again(outcome, compiled, {sha256 for _, sha256 in kinds}) if compiled is not None else {}
    return tuple(
        OwnText(tuple(dict.fromkeys(each)), language, sha256, known.get(sha256))
        for (language, sha256), each in kinds.items()
    )


def _said_again(outcome: Outcome, compiled: Compiled, wanted: set[str]) -> Mapping[str, str]:
    """The words with these fingerprints, as far as this policy would say them in such an exchange."""
    found: dict[str, str] = {}
    candidates = chain(_closings(outcome, compiled), _heads(outcome, compiled)) if wanted - {NONE} else ()
    for words in candidates:
        digest = hashlib.sha256(words.encode()).hexdigest()
        if digest in wanted:
            found[digest] = words.strip()
            if found.keys() >= wanted - {NONE}:
                break
    return found


def _closings(outcome: Outcome, compiled: Compiled) -> Iterator[str]:
    """What can have stood behind the last word."""
    about = _about(outcome)
    for each in outcome.found:
        rule = compiled.closing.get(str(each.rail))
        if rule is not None and rule.rewriter is not None:
            yield rule.rewriter.rewrite(Finding(Span(0, 0), rule.rail, str(each.label)), "", about) or ""


def _heads(outcome: Outcome, compiled: Compiled) -> Iterator[str]:
    """What can have stood before the first word, the likeliest first."""
    policy, language, surface = compiled.policy, str(outcome.language), str(outcome.who.surface)
    client = next((each for each in policy.clients if each.name == outcome.who.client), None)
    countries = dict.fromkeys(((client.country if client else None) or policy.defaults.country, "", *policy.countries))
    routes = dict.fromkeys((policy.gates.way(language) if policy.notices.human_route else "", ""))
    about = _about(outcome)
    cohort = {name: str(group) for name, group in outcome.who.cohort.items()}
    manner = Manner(asked=policy.medical.asked(surface, about.assessment, cohort), told=policy.medical.told(surface))
    for country, human, reminder, form, route in product(
        countries, (False, True), (False, True), dict.fromkeys((policy.notices.form, *FORMS)), routes
    ):
        own = replace(manner, notice=form, reminder=reminder, human=human, route=route)
        head = compiled.response.open(replace(about, country=country, manner=own)).head()
        if head is not None and head.text:
            yield head.text


def _about(outcome: Outcome) -> About:
    asked = outcome.asked
    return About(
        Direction.RESPONSE,
        Role.ASSISTANT,
        language=str(outcome.language),
        surface=str(outcome.who.surface),
        assessment=Assessment(asked.medical, tuple(asked.topics), asked.risk, tuple(asked.flags)),
    )


# ── in short ──────────────────────────────────────────────────────────────────────────────────────────────────────────

ENDS: Final[Mapping[End, str]] = {
    End.ANSWERED: "The model answered. Its answer was checked before it was passed on.",
    End.OWN_ANSWER: "Nothing that a model wrote was shown. The guardrail answered in words of its own.",
    End.REFUSED: "The request was refused.",
    End.FAILED: "No answer was given because something failed. Nothing unchecked was passed on.",
    End.TRUNCATED: "The answer broke off in its middle. What had been shown until then was checked.",
    End.CLIENT_GONE: "The application closed the connection before the answer was complete.",
    End.SUSPENDED: "The use of AI was suspended. The reader was told so, and how to reach people.",
    End.RECOVERED: "The guardrail's process died during the exchange. Nobody knows how much of the answer was shown.",
}
ACTIONS: Final[Mapping[Action, str]] = {
    Action.ALLOW: "The checks changed nothing.",
    Action.WARN: "The checks noted something, or put words of ours before the answer. They took nothing away.",
    Action.REPLACE: "The checks replaced some of the words.",
    Action.BLOCK: "The checks stopped the request or the answer.",
}


CHANGED: Final = "This record is not as it was written: do not rely on anything that stands here."


def is_changed(receipt: Receipt) -> bool:
    """True if somebody has changed the record, or what stands beside it."""
    return any(proof.verified is False for proof in receipt.proofs)


def in_short(receipt: Receipt) -> Iterator[str]:
    """What happened, in a few sentences."""
    who, outcome = receipt.who, receipt.outcome
    if is_changed(receipt):
        yield CHANGED
    model = f"the model {who.model}" if who.model != NONE else "a model"
    yield f"At {clock(receipt.started)} the application {who.client} asked for {model}."
    if outcome is None:
        yield "There is no record of how it ended: it is still under way, or the guardrail's process died."
        return
    yield ENDS[outcome.end]
    if not receipt.intended:
        yield "Nothing was sent to a model."
    yield ACTIONS[outcome.action]


def clock(moment: datetime) -> str:
    """A time for people."""
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC")


# ── for machines ──────────────────────────────────────────────────────────────────────────────────────────────────


def to_json(receipt: Receipt) -> dict[str, object]:
    """The same for machines. Members are only ever added; another shape has another `schema`."""
    outcome, card = receipt.outcome, receipt.card
    return {
        "schema": SCHEMA,
        "receipt": receipt.id,
        "started": receipt.started.isoformat(),
        "ended": receipt.ended.isoformat() if receipt.ended else None,
        "in_short": list(in_short(receipt)),
        "who": _who_json(receipt.who, outcome),
        "policy": {
            "name": receipt.ref.name,
            "version": receipt.ref.version,
            "sha256": receipt.ref.sha256,
            "in_force": receipt.policy is not None,
        },
        "sent_to_a_model": None if receipt.intended else False,
        "outcome": _outcome_json(receipt, outcome) if outcome else None,
        "parties": {
            "developer": (card.developer if card else None) or NOT_DISCLOSED,
            "provider": (card.provider if card else None) or NOT_DISCLOSED,
            "deployer": receipt.deployer or None,
            "contact": receipt.contact or None,
        },
        "objection": {
            "method": "POST",
            "path": "/guardrail/feedback",
            "receipt": receipt.id,
            "contact": receipt.objection or None,
            "people": receipt.route or None,
        },
        "events": [
            {"at": at.isoformat(), "what": event.what, "actor": event.actor, "facts": dict(event.facts)}
            for at, event in receipt.events
        ],
        "proof": [
            {
                "entry": proof.kind,
                "writer": proof.writer,
                "seq": proof.seq,
                "sha256": proof.sha256 or None,
                "verified": proof.verified,
                "checkpoint": proof.covered,
                "problem": proof.problem or None,
            }
            for proof in receipt.proofs
        ],
    }


def _who_json(who: Who, outcome: Outcome | None) -> dict[str, object]:
    return {
        "client": who.client,
        "dialect": who.dialect,
        "upstream": who.upstream,
        "model": _or_null(who.model),
        "served": _or_null(outcome.served) if outcome else None,
        "surface": who.surface,
        "use": _or_null(who.use),
        "cohort": dict(who.cohort),
    }


def _or_null(code: Code) -> str | None:
    return None if code == NONE else code


def _outcome_json(receipt: Receipt, outcome: Outcome) -> dict[str, object]:
    usage, times, print_ = outcome.usage, outcome.timings, outcome.footprint
    return {
        "end": outcome.end,
        "action": outcome.action.word,
        "status": outcome.status,
        "stage": _or_null(outcome.stage),
        "failure": _or_null(outcome.failure),
        "gate": _or_null(outcome.gate),
        "suspension": _or_null(outcome.suspension),
        "streamed": outcome.streamed,
        "reviewed": outcome.reviewed,
        "language": _or_null(outcome.language),
        "request": {
            "medical": outcome.asked.medical,
            "risk": outcome.asked.risk,
            "topics": list(outcome.asked.topics),
            "flags": list(outcome.asked.flags),
            "task": _or_null(outcome.asked.task),
        },
        "checks": [_check_json(check) for check in receipt.checks],
        "places": [
            {
                "direction": place.direction,
                "part": place.part,
                "start": place.start,
                "end": place.end,
                "rail": place.rail,
                "label": place.label,
                "action": place.action.word,
            }
            for place in outcome.places
        ],
        "texts": [
            {"kinds": list(text.kinds), "language": text.language, "sha256": text.sha256, "text": text.text}
            for text in receipt.texts
        ],
        "uninspected": list(outcome.uninspected),
        "microseconds": {
            "added": times.added,
            "first": times.first,
            "upstream": times.upstream,
            "total": times.total,
        },
        "request_bytes": outcome.request_bytes,
        "answer_bytes": outcome.answer_bytes,
        "tokens": {
            "input": usage.input,
            "output": usage.output,
            "cached": usage.cached,
            "reasoning": usage.reasoning,
        },
        "cost": None if outcome.cost is None else {"amount": outcome.cost, "currency": outcome.currency},
        "footprint": None
        if print_ is None
        else {
            "modelled": True,
            "method": print_.method,
            "energy_wh": _bounds(print_.energy_wh),
            "co2e_g": _bounds(print_.co2e_g),
            "water_ml": _bounds(print_.water_ml) if print_.water_ml else None,
        },
    }


def _bounds(estimate: Range) -> list[float]:
    return [estimate.low, estimate.high]


def _check_json(check: Check) -> dict[str, object]:
    because = check.because
    return {
        "rail": check.rail,
        "looks_for": looks_for(check.rail) or None,
        "direction": check.direction,
        "because": None if because is None else [{"id": each.id, "meaning": each.meaning} for each in because],
        "found": [
            {
                "label": found.label,
                "in_words": in_words(found.label),
                "count": found.count,
                "action": found.action.word,
                "shadow": found.shadow,
                "done": what_was_done(check.rail, check.direction, found.action),
            }
            for found in check.found
        ],
    }
