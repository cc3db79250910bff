"""What is done about a medical question, by surface, risk, function and vulnerability (WHO-07, WHO-52, WHO-53)."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.policy.medical import FUNCTIONS, TREATMENTS, Medical, Surface, Vulnerable
from guardrail.policy.merge import merge
from guardrail.policy.texts import BLOCKED
from guardrail.rails.data import texts
from guardrail.text import Assessment, Risk

SURFACES = ("patient", "clinician", "admin", "research", "education")
BASELINE = Medical()


def question(risk: Risk, *flags: str) -> Assessment:
    return Assessment(medical=risk is not Risk.NONE, risk=risk, flags=flags)


@pytest.mark.parametrize(
    ("surface", "assessment", "cohort", "treatment"),
    [
        ("patient", question(Risk.NONE), {}, "allow"),
        ("patient", question(Risk.GENERAL), {}, "warn_and_refer"),
        ("patient", question(Risk.HIGH), {}, "warn_and_refer"),
        ("patient", question(Risk.EMERGENCY), {}, "warn_and_refer"),
        ("patient", question(Risk.HIGH, "dosing"), {}, "warn_and_refer"),
        ("patient", question(Risk.HIGH, "prescribing"), {}, "block"),
        ("patient", question(Risk.HIGH, "severe_depression"), {}, "block"),
        ("patient", question(Risk.HIGH, "dosing", "paediatric"), {}, "block"),
        ("patient", question(Risk.HIGH, "dosing", "pregnancy"), {}, "block"),
        ("patient", question(Risk.HIGH, "dosing"), {"age_band": "13-17"}, "block"),
        ("patient", question(Risk.HIGH, "dosing"), {"age_band": "40-64"}, "warn_and_refer"),
        ("clinician", question(Risk.HIGH, "dosing", "paediatric"), {}, "warn_and_refer"),
        ("clinician", question(Risk.HIGH, "prescribing"), {}, "warn_and_refer"),
        ("education", question(Risk.HIGH, "prescribing"), {}, "warn_and_refer"),
        ("unspecified", question(Risk.GENERAL), {}, "warn_and_refer"),
    ],
)
def test_the_shipped_table(surface: str, assessment: Assessment, cohort: dict[str, str], treatment: str) -> None:
    assert BASELINE.asked(surface, assessment, cohort) == treatment


def test_a_prescription_is_stricter_than_a_question() -> None:
    """WHO-52: functions of high risk are never treated more mildly than the question alone."""
    for surface, function in product(SURFACES, FUNCTIONS):
        plain = TREATMENTS.index(BASELINE.asked(surface, question(Risk.HIGH), {}))
        assert TREATMENTS.index(BASELINE.asked(surface, question(Risk.HIGH, function), {})) >= plain


def test_the_vulnerable_are_never_treated_more_mildly() -> None:
    """WHO-53: same prompt, stricter or equal action under the flag."""
    rules = Medical(vulnerable=Vulnerable(disability=True, row=Surface(general="warn_and_refer", high="block")))
    for risk, band in product((Risk.GENERAL, Risk.HIGH), ("0-12", "13-17")):
        plain = rules.asked("patient", question(risk), {"age_band": "40-64"})
        assert TREATMENTS.index(rules.asked("patient", question(risk), {"age_band": band})) >= TREATMENTS.index(plain)
    assert rules.asked("patient", question(Risk.HIGH), {"disability": "yes"}) == "block"
    assert rules.asked("patient", question(Risk.HIGH), {"disability": "no"}) == "warn_and_refer"


def test_an_answer_that_turns_medical_is_treated_as_the_surface_says() -> None:
    """WHO-07: applies when only the answer is medical."""
    rules = Medical(surfaces={"admin": Surface(general="block"), "research": Surface(general="allow")})
    assert [rules.told(surface) for surface in ("admin", "research", "patient")] == ["block", "allow", "warn_and_refer"]


def test_what_is_blocked_still_helps_in_every_language() -> None:
    """WHO-07: block and direct to services; the text is short, and there is one for each language of the notice."""
    assert set(BLOCKED) >= set(texts.LANGUAGES)
    for language in texts.LANGUAGES:
        assert len(BASELINE.blocked_in(language).split()) <= 60
    assert Medical(blocked={"en": "Call the clinic at the front desk."}).blocked_in("en").startswith("Call the clinic")


CELLS = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(TREATMENTS) for name in ("general", "high", *FUNCTIONS)}
)
PARTS = st.fixed_dictionaries(
    {},
    optional={
        "surfaces": st.dictionaries(st.sampled_from(SURFACES), CELLS, max_size=3),
        "otherwise": CELLS,
    },
)


@given(PARTS, PARTS)
def test_two_packs_together_are_at_least_as_strict_as_each_cell_that_they_write(base: Any, own: Any) -> None:
    """WHO-81: strictest wins, whichever comes first."""
    merged = merge({"medical": base}, {"medical": own})["medical"]
    other = merge({"medical": own}, {"medical": base})["medical"]
    assert Medical(**merged) == Medical(**other)
    for part in (base, own):
        for surface, row in part.get("surfaces", {}).items():
            for cell, treatment in row.items():
                got = merged["surfaces"][surface][cell]
                assert TREATMENTS.index(got) >= TREATMENTS.index(treatment)
