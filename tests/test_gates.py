"""Who may ask a model: every combination of what an application can say, and nothing guessed (WHO-27, 28, 54...)."""

from __future__ import annotations

import string
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from guardrail.gates import OPEN, REFUSALS, UNSPECIFIED, Supplied, approves, decide, task_of
from guardrail.policy.gate_texts import ROUTE, TEXTS
from guardrail.policy.gates import USES, Gates, ages
from guardrail.record.metrics_words import GATES
from guardrail.record.reasons import CODES, GATE_REASONS
from guardrail.text import Assessment, Risk

TODAY = date(2026, 6, 1)
LANGUAGES = {"en", "es", "fr", "de", "pt", "it", "ar", "zh", "hi", "ru", "sw", "id"}

CONSENT = {
    "granted": "",
    "not_required": "",
    "emergency": "",
    "declined": "declined",
    "withdrawn": "withdrawn",
    UNSPECIFIED: "consent_missing",
    "perhaps": "consent_missing",
}
"""By state, on a surface that needs consent: why not."""

AGE = {
    ("0-12", "yes"): "too_young",
    ("0-12", "no"): "too_young",
    ("0-12", UNSPECIFIED): "too_young",
    ("13-17", "yes"): "",
    ("13-17", "no"): "guardian_missing",
    ("13-17", UNSPECIFIED): "guardian_missing",
    ("18-39", "yes"): "",
    ("18-39", "no"): "",
    ("18-39", UNSPECIFIED): "",
    ("65+", "yes"): "",
    ("65+", "no"): "",
    ("65+", UNSPECIFIED): "",
    (UNSPECIFIED, "yes"): "",
    (UNSPECIFIED, "no"): "unknown_minor",
    (UNSPECIFIED, UNSPECIFIED): "unknown_minor",
    ("child", "yes"): "",
    ("child", "no"): "unknown_minor",
    ("child", UNSPECIFIED): "unknown_minor",
}
"""By age band and guardian's consent, on a surface with an age gate: why not."""

ROLES = ("patient", "caregiver", "clinician", "student", "admin", UNSPECIFIED)
SURFACES = ("patient", "clinician", "admin", "research", "education", UNSPECIFIED)


def gates(**parts: Any) -> Gates:
    return Gates.model_validate(parts)


BOTH = gates(consent={"surfaces": ["patient", "education"]}, age={"surfaces": ["patient", "research"]})


def reason(policy: Gates, upstream: str = "openai", task: str = "", tasks: Any = None, **supplied: Any) -> str:
    return decide(policy, Supplied(**supplied), upstream=upstream, today=TODAY, task=task, tasks=tasks).reason


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("consent", CONSENT)
@pytest.mark.parametrize(("age", "guardian"), AGE)
def test_every_cell_of_consent_surface_guardian_age_and_role(
    surface: str, consent: str, age: str, guardian: str
) -> None:
    """Consent is looked at first. No role opens or shuts anything, and a surface that is not told opens nothing."""
    withheld = CONSENT[consent] if surface in ("patient", "education", UNSPECIFIED) else ""
    too_young = AGE[age, guardian] if surface in ("patient", "research", UNSPECIFIED) else ""
    given = {"surface": surface, "consent": consent, "age_band": age, "guardian_consent": guardian}
    assert {reason(BOTH, role=role, **given) for role in ROLES} == {withheld or too_young}


def test_without_gates_everybody_passes() -> None:
    for surface, consent, age in product(SURFACES, CONSENT, ("0-12", UNSPECIFIED)):
        assert decide(Gates(), Supplied(surface, consent, age_band=age), upstream="x", today=TODAY) is OPEN


@pytest.mark.parametrize(("age", "why"), [("10-15", "too_young"), ("16-19", "guardian_missing"), ("18+", "")])
def test_a_band_counts_as_its_youngest(age: str, why: str) -> None:
    assert reason(gates(age={}), surface="patient", age_band=age) == why


def test_an_age_that_is_not_told_can_be_refused() -> None:
    refusing = gates(age={"unknown": "refuse"})
    for guardian in ("yes", "no", UNSPECIFIED):
        assert reason(refusing, surface="patient", guardian_consent=guardian) == "age_required"
    assert reason(refusing, surface="patient", age_band="18-39") == ""


def test_the_ages_of_a_band() -> None:
    assert [ages(band) for band in ("0-12", "65+", "17-13", "child", "", "1-2-3", "-5")] == [
        *((0, 12), (65, None)),
        *([None] * 5),
    ]


@pytest.mark.parametrize(
    ("days", "why"),
    [(-1, "training_missing"), (0, ""), (30, ""), (31, "training_expired"), (4_000, "training_expired")],
)
def test_training_counts_for_some_days_from_the_day_on(days: int, why: str) -> None:
    policy = gates(training={"within_days": 30})
    assert reason(policy, surface="clinician", trained=TODAY - timedelta(days)) == why
    assert reason(policy, surface="patient", trained=TODAY - timedelta(days)) == ""


@pytest.mark.parametrize(("days", "why"), [(-1, "training_expired"), (0, ""), (30, ""), (31, "training_missing")])
def test_a_signed_last_day_does_not_reach_further_than_the_policys_days(days: int, why: str) -> None:
    until = TODAY + timedelta(days)
    assert reason(gates(training={"within_days": 30}), surface="clinician", trained_until=until) == why


def test_training_that_is_not_told_is_none_and_the_refusal_says_where_to_get_it() -> None:
    policy = gates(training={"help": "see https://ward.example/training"})
    gate = decide(policy, Supplied("clinician"), upstream="x", today=TODAY)
    assert (gate.reason, gate.field) == ("training_missing", "x-guardrail-training-date")
    assert "https://ward.example/training" in gate.error().message


APPROVED = {"approval_id": "K-1", "site": "ward 3", "valid_until": TODAY}
USES_TABLE = {"openai": ["general_information", "decision_support"], "house": ["administration"]}


@pytest.mark.parametrize("use", [*USES, UNSPECIFIED])
@pytest.mark.parametrize("upstream", ["openai", "house", "unlisted"])
def test_a_provider_is_asked_for_its_approved_uses_only(use: str, upstream: str) -> None:
    policy = gates(setting={"uses": USES_TABLE, "decision_support": APPROVED})
    approved = use in USES_TABLE.get(upstream, ())
    why = "use_missing" if use == UNSPECIFIED else "" if approved else "use_not_approved"
    assert reason(policy, upstream, use=use) == why
    assert approves(policy, Supplied(use=use), "", upstream) is approved


@pytest.mark.parametrize(
    ("approval", "why"),
    [
        (None, "approval_missing"),
        (APPROVED, ""),
        ({**APPROVED, "valid_until": TODAY - timedelta(1)}, "approval_expired"),
        ({"trial_id": "NCT01", "site": "ward 3", "valid_until": TODAY + timedelta(1)}, ""),
        ({"sandbox_id": "S-1", "site": "ward 3", "valid_until": TODAY + timedelta(1)}, ""),
        ({"shadow": True}, "shadow"),
        ({**APPROVED, "shadow": True}, "shadow"),
    ],
)
def test_decision_support_needs_an_approval_that_is_not_over(approval: Any, why: str) -> None:
    """WHO-71; the last day counts. A shadow is asked and shown to nobody."""
    policy = gates(setting={"decision_support": approval} if approval else {})
    assert reason(policy, use="decision_support") == why
    assert reason(policy, use="administration") == ""
    assert reason(policy, use="administration", task="decision_support") == why


def test_a_milder_use_does_not_open_what_is_decision_support() -> None:
    policy = gates(setting={"uses": {"openai": ["administration"]}, "decision_support": APPROVED})
    assert reason(policy, use="administration", task="decision_support") == "use_not_approved"
    assert not approves(policy, Supplied(use="administration"), "decision_support", "openai")


def test_nobody_is_asked_in_shadow_if_anything_else_is_wrong() -> None:
    policy = gates(setting={"decision_support": {"shadow": True}}, consent={})
    given = {"use": "decision_support", "surface": "patient"}
    assert reason(policy, **given) == "consent_missing"
    assert reason(policy, consent="granted", tasks=["other"], task="decision_support", **given) == "off_task"
    assert reason(policy, consent="granted", **given) == "shadow"


@pytest.mark.parametrize(
    ("tasks", "task", "why"),
    [
        (None, "health_information", ""),
        (("administration",), "health_information", "off_task"),
        (("administration",), "administration", ""),
        ((), "other", "off_task"),
        (("administration",), "", ""),
    ],
)
def test_a_client_asks_about_its_tasks_only(tasks: Any, task: str, why: str) -> None:
    """WHO-68: a billing bot refuses a diagnosis. What nobody judged can't be refused."""
    assert reason(Gates(), tasks=tasks, task=task) == why


def test_a_medical_question_is_one_whatever_its_application_states() -> None:
    medical = Assessment(medical=True, risk=Risk.GENERAL)
    assert task_of(medical, "administration") == "health_information"
    assert task_of(medical, UNSPECIFIED) == "health_information"
    assert task_of(medical, "decision_support") == "decision_support"
    assert task_of(Assessment(), "administration") == ""
    assert task_of(Assessment(flags=("administrative",)), UNSPECIFIED) == "administration"


def test_a_refusal_names_the_header_to_send_or_the_claims_if_only_they_count() -> None:
    plain = decide(BOTH, Supplied("patient"), upstream="x", today=TODAY)
    signed = decide(BOTH, Supplied("patient", signed_only=True), upstream="x", today=TODAY)
    assert (plain.field, signed.field) == ("x-guardrail-consent", "x-guardrail-claims")
    assert (plain.error().http_status, plain.error().code) == (403, "consent_required")
    assert plain.error().param == "x-guardrail-consent"


def test_whose_mistake_it_is() -> None:
    """Who withholds consent, is too young or asks something else gets words; a mistake of the application an error."""
    answered = {name for name, refusal in REFUSALS.items() if refusal.text}
    people = {"declined", "withdrawn", "too_young", "unknown_minor", "guardian_missing", "off_task", "shadow"}
    assert answered == people


def test_every_reason_has_a_code_that_is_documented_and_a_text_that_there_is() -> None:
    assert {refusal.code for refusal in REFUSALS.values()} <= set(CODES)
    assert set(REFUSALS) == GATE_REASONS
    assert {refusal.gate for refusal in REFUSALS.values()} == GATES
    assert {refusal.text for refusal in REFUSALS.values()} - {""} <= set(TEXTS)


@pytest.mark.parametrize("texts", [*TEXTS.values(), ROUTE], ids=[*TEXTS, "route"])
def test_every_text_is_there_in_every_shipped_language_and_is_nobodys_english(texts: Any) -> None:
    """WHO-88."""
    assert set(texts) == LANGUAGES
    assert len(set(texts.values())) == len(LANGUAGES)


def test_the_words_end_with_the_way_to_people_in_the_readers_language() -> None:
    policy = gates(consent={}, human_route={"en": "call 555-0100", "es": "llame al 555-0100"})
    assert policy.words("declined", "es-MX").endswith("sin ninguna IA: llame al 555-0100")
    assert policy.words("declined", "en").endswith("here: call 555-0100")
    assert "{" not in "".join(policy.words(name, language) for name in TEXTS for language in LANGUAGES)
    assert {field for text in ROUTE.values() for _, field, _, _ in string.Formatter().parse(text) if field} == {"route"}


def test_own_texts_come_first() -> None:
    policy = gates(texts={"declined": {"en": "We respect your choice, truly."}})
    assert policy.words("declined", "en") == "We respect your choice, truly."
    assert policy.speaks("declined", "en-GB")
    assert not policy.speaks("declined", "ja")
