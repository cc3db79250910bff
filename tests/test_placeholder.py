"""What passes for our own placeholder can hold nobody's words."""

from __future__ import annotations

from datetime import date

import pytest

from guardrail.engine.intervals import distance
from guardrail.placeholder import DETAILS, PLACEHOLDER, WORDS
from guardrail.rails.phi import LABELS
from tests.rails.phi_rail import found


def test_the_words_are_our_labels_and_roles() -> None:
    assert set(WORDS) == {*LABELS, "AGE", "PATIENT", "CLINICIAN", "RELATIVE"}


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("detail", ["", *DETAILS, "initials 2", "3 days after DATE_1", "same day as DATE_2"])
def test_what_we_write_is_ours(word: str, detail: str) -> None:
    assert PLACEHOLDER.fullmatch(f"[{word}_7: {detail}]" if detail else f"[{word}_7]")
    if detail in DETAILS:
        assert PLACEHOLDER.fullmatch(f"{word}_7_{detail.replace(' ', '_')}")


def test_every_distance_is_ours() -> None:

    for later in (date(2020, 1, 1), date(2020, 1, 2), date(2019, 1, 1), date(1900, 1, 1)):
        assert PLACEHOLDER.fullmatch(f"[DATE_2: {distance(later, date(2020, 1, 1), 'DATE_1')}]")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("call [PHONE_1: (202) 456-1111]", "(202) 456-1111"),
        ("for [PATIENT_1: Maria Lopez]", "Maria Lopez"),
        ("dob [DATE_1: 3/4/1962]", "3/4/1962"),
        ("[PATIENT_1: 219-09-9999]", "219-09-9999"),
        ("the MRN is MRN_48291300", "48291300"),
    ],
)
@pytest.mark.parametrize("answer", [False, True])
def test_a_value_in_a_placeholders_clothes_is_found(text: str, value: str, answer: bool) -> None:
    """The attack of a forged answer, a log or a half-filled form."""
    assert any(value in words or words in value for _, words in found(text, answer=answer))
