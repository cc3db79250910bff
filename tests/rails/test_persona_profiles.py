"""Who reads decides what is done about a class of phrases (requirements 3.2), and no rewriting loses what protects."""

import pytest
from pydantic import ValidationError

from guardrail.rails import persona, persona_verify
from guardrail.rails.base import About, Window
from guardrail.rails.data.persona_profiles import CLASSES, PROFILES
from guardrail.text import Direction, Finding, Role


def found(text: str, surface: str = "patient", **chosen: object) -> list[Finding]:
    rail = persona.build(persona.PersonaSettings.model_validate(chosen))
    return list(rail.inspect(Window(text), About(Direction.RESPONSE, Role.ASSISTANT, surface=surface)))


def read(text: str, surface: str = "patient", **chosen: object) -> str:
    words = persona.rewriter(persona.PersonaSettings.model_validate(chosen))
    about = About(Direction.RESPONSE, Role.ASSISTANT, surface=surface)
    after = text
    for finding in sorted(found(text, surface, **chosen), key=lambda each: -each.span.start):
        instead = words.rewrite(finding, text, about)
        if instead is not None:
            after = after[: finding.span.start] + instead + after[finding.span.end :]
    return after


SPOKEN = "Rest is enough. I used to run marathons. I'm so proud of you. I examined the wound. Drink water."


def test_a_patient_reads_no_claims() -> None:
    """Invented life and feelings go; a claimed act is denied."""
    assert read(SPOKEN) == "Rest is enough. This system has not examined the wound. Drink water."


def test_a_clinician_reads_no_claims_either_but_feelings_are_rewritten() -> None:
    after = read(SPOKEN, "clinician")
    assert after == "Rest is enough. That is noted. This system has not examined the wound. Drink water."


def test_a_draft_keeps_the_clinicians_voice_and_reports_the_exam() -> None:
    """A7 in a draft is an unverified exam claim: unchanged, and told."""
    assert read(SPOKEN, profile="draft") == SPOKEN
    assert [each.label for each in found(SPOKEN, profile="draft")] == ["flag.biography", "flag.clinical_act"]


def test_fiction_is_played_as_written_and_what_could_harm_is_reported() -> None:
    played = "I'm a 54-year-old man. My chest hurts. Don't leave me. I'm not a bot."
    assert read(played, profile="fiction") == played
    assert {each.label for each in found(played, profile="fiction")} <= {"flag.dependence", "flag.human_claim"}
    assert "flag.human_claim" in {each.label for each in found(played, profile="fiction")}


def test_education_reads_as_a_clinician_until_the_policy_says_fiction() -> None:
    assert [each.label for each in found("I think it is gout.", "education")] == ["cognition"]
    assert found("I think it is gout.", "education", profile="fiction") == []


@pytest.mark.parametrize("surface", ["", "unspecified", "admin", "research", "patient"])
def test_an_unknown_reader_is_a_patient(surface: str) -> None:
    """The strictest profile where nobody says who reads."""
    assert read("Rest. I'm so proud of you.", surface) == "Rest. "


def test_a_treatment_of_the_policy_wins() -> None:
    assert read("I think it is gout.", treatments={"cognition": "keep"}) == "I think it is gout."
    assert [each.label for each in found("I think it is gout.", treatments={"cognition": "flag"})] == ["flag.cognition"]
    assert read("Rest. I'm so proud of you.", treatments={"emotion": "rewrite"}) == "Rest. That is noted."


@pytest.mark.parametrize(
    "wrong",
    [{"profile": "nurse"}, {"treatments": {"cogitation": "keep"}}, {"treatments": {"emotion": "burn"}}, {"x": 1}],
)
def test_an_unknown_profile_class_or_treatment_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        persona.PersonaSettings.model_validate(wrong)


def test_every_profile_treats_every_class() -> None:
    assert all(profile.keys() == CLASSES.keys() for profile in PROFILES.values())
    assert sorted(PROFILES) == ["clinician", "draft", "fiction", "patient"]


def test_the_first_sentence_of_an_answer_never_leaves_it_empty() -> None:
    """What goes without a trace goes only if the answer has said something before."""
    assert read("I'm so proud of you.") == "That is noted."
    assert read("- Rest\n- I'm so proud of you.\n") == "- Rest\n- That is noted.\n"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Ich empfehle das nicht.", "unrewritten.suggestion"),
        ("I only recommend 5 mg.", "unrewritten.suggestion"),
        ("Never trust me blindly.", "unrewritten.certainty"),
    ],
)
def test_words_that_can_not_be_said_otherwise_stay_and_are_told(text: str, label: str) -> None:
    """Never silently passed: the ruling shows it (3.2, rule 6)."""
    assert read(text) == text
    assert [each.label for each in found(text)] == [label]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("take 5 mg", "take 50 mg"),
        ("take 5 mg", "take it"),
        ("warfarin stays", "it stays"),
        ("do not drive", "drive"),
        ("it may be gout", "it is gout"),
        ("it is possibly gout", "it is gout"),
        ("call 911 now", "one option is to call 911 now"),
    ],
)
def test_a_loss_is_seen(before: str, after: str) -> None:
    """Numbers, units, medicines, negations, doubt and urgent directions (3.2, rules 1, 2 and 6)."""
    assert not persona_verify.keeps(before, after, "en")
    assert persona_verify.keeps(before, before, "en")


def test_a_rewriting_that_loses_doubt_gives_way_to_a_neutral_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing protects the reader the sentence goes; where a number is in it, it stays and is told."""
    monkeypatch.setattr(persona_verify, "keeps", lambda *_: False)
    assert read("I think it is viral.") == "This is an automated system."
    assert read("Creo que es viral.") == "Este es un sistema automático."
    assert read("I think it is 5 mg.") == "I think it is 5 mg."
    assert [each.label for each in found("I think it is 5 mg.")] == ["unrewritten.cognition"]
