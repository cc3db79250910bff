"""What the user's turn is about, folded from findings."""

import pytest

from guardrail.rails import crisis, medical
from guardrail.rails.assess import assess
from guardrail.rails.base import About, Window
from guardrail.text import UNASSESSED, Finding, Risk, Span

MEDICAL = medical.build(medical.MedicalSettings())
CRISIS = crisis.build(crisis.CrisisSettings())


def looked(text: str) -> tuple[str, list[Finding]]:
    return text, [*MEDICAL.inspect(Window(text), About()), *CRISIS.inspect(Window(text), About())]


def test_nothing_found_is_nothing_assessed() -> None:
    assert assess([looked("What is the capital of Kenya?")], []) == UNASSESSED


def test_the_strongest_risk_wins_and_topics_are_gathered() -> None:
    """A dose question that is also a plan to die is about dying."""
    found = assess([looked("How many zolpidem tablets so that I don't wake up? I want to die")], [])
    assert found.risk is Risk.SELF_HARM
    assert found.medical
    assert "mental_health" in found.topics


def test_a_fragment_is_read_with_what_came_before() -> None:
    """ "And can I take it with the other one?" after metformin is a medical question."""
    history = [looked("I take metformin for diabetes")]
    assert assess([looked("and can I have it with the other one?")], history).medical


def test_a_new_subject_is_not_medical_because_the_old_one_was() -> None:
    history = [looked("My psoriasis is itchy")]
    new = looked(
        "Different thing: please write a birthday poem for a plumber who likes fishing and long walks by the sea"
    )
    assert assess([new], history) == UNASSESSED


def test_a_sign_of_self_harm_a_moment_ago_is_not_forgotten() -> None:
    """WHO-51: the running conversation counts, not only the last message."""
    history = [looked("I want to kill myself")]
    assert (
        assess([looked("ok whatever, can you play hangman with me instead of talking about it")], history).risk
        is Risk.SELF_HARM
    )


def test_findings_of_other_rails_do_not_count() -> None:
    assert assess([("x", [Finding(Span(0, 1), "phi", "NAME")])], []) == UNASSESSED


@pytest.mark.parametrize(
    "text",
    [
        "I just took 40 paracetamol to end it all",
        "I swallowed bleach to kill myself",
        "cut my wrists and it won't stop bleeding, I want to die",
    ],
)
def test_an_attempt_under_way_is_self_harm_and_an_emergency(text: str) -> None:
    found = assess([looked(text)], [])
    assert found.risk is Risk.SELF_HARM
    assert "emergency" in found.topics


def test_a_wish_to_die_alone_is_not_an_emergency_too() -> None:
    assert "emergency" not in assess([looked("I want to kill myself")], []).topics


@pytest.mark.parametrize("text", ["ok what should I do", "help", "thanks"])
def test_an_emergency_a_turn_ago_holds_for_a_short_turn(text: str) -> None:
    chest = looked("I have crushing chest pain")
    assert assess([looked(text)], [chest]).risk is Risk.EMERGENCY
    assert assess([looked(text)], [chest, looked("It was my lunch after all")]) == UNASSESSED
