"""What part somebody plays, where the words beside the name say so plainly."""

import pytest

from guardrail.engine.roles import role_of


def role(marked: str, field: str = "") -> str:
    """The part of the name between angle brackets."""
    before, _, rest = marked.partition("<")
    name, _, after = rest.partition(">")
    return role_of(before + name + after, len(before), len(before) + len(name), field)


@pytest.mark.parametrize(
    "marked",
    [
        *("Dr. <Okafor> came", "dr <Okafor>", "<Smith>, MD", "<Smith> RN", "nurse <Kim>", "<Kim>, the attending nurse"),
        *("Attending: Dr. <Lee>", "seen by <Lee>", "Primary care provider: <Lee>", "<Reed>, her cardiologist,"),
    ],
)
def test_clinicians(marked: str) -> None:
    assert role(marked) == "CLINICIAN"


@pytest.mark.parametrize(
    "marked",
    [
        *("pt <Lopez> was", "Patient: <Lopez>", "patient Mrs. <Lopez>", "my name is <Ana Lopez>.", "me llamo <Ana>"),
        *("<Lopez>, 67M with", "<Lopez> 67 yo", "<Ana> is a 67-year-old", "<Lopez> (DOB 1", "<Ana> is my patient"),
    ],
)
def test_patients(marked: str) -> None:
    assert role(marked) == "PATIENT"


@pytest.mark.parametrize(
    "marked",
    [
        *("his daughter <Ana>", "my wife, <Ana>,", "<Ana>, his wife,", "<Ana> (daughter)", "<Ana>, mother of Tom"),
        *("The patient's son <Bo>", "patient Tom's daughter <Ana>", "next of kin: <Jo>", "su hija <Ana>"),
    ],
)
def test_relatives(marked: str) -> None:
    assert role(marked) == "RELATIVE"


@pytest.mark.parametrize(
    "marked",
    [
        "Mrs. <Lopez>",
        "<Lopez> has pain",
        "mother of <Tom>",
        "<Lopez> 5 mg",
        "MARIA <LOPEZ> DO NOT",
        "Dr. Kim and <Tom>",
    ],
)
def test_what_is_not_plain_is_not_guessed(marked: str) -> None:
    assert role(marked) == ""


def test_a_field_is_what_stands_before_its_value() -> None:
    assert role("<Ana Lopez>", "patient_name") == "PATIENT"
    assert role("<Ana Lopez>", "attending_physician") == "CLINICIAN"
    assert role("<Ana Lopez>", "name") == role("seen: <Ana Lopez>", "patient_name") == ""
