# ruff: noqa: RUF001 - sentences in many scripts
"""Is it about health, how risky, and what the warning says."""

import re

import pytest

from guardrail.rails import medical
from guardrail.rails.base import About, Window
from guardrail.rails.data import texts
from guardrail.text import Assessment, Direction, Finding, Kind, Risk, Role, Span

SETTINGS = medical.MedicalSettings()
RAIL = medical.build(SETTINGS)
HEAD = medical.build_head(SETTINGS)
WORDS = medical.rewriter(SETTINGS)
ASKED = About(Direction.REQUEST, Role.USER)
ANSWER = About(Direction.RESPONSE, Role.ASSISTANT)


def labels(text: str, about: About = ASKED) -> set[str]:
    return {finding.label for finding in RAIL.inspect(Window(text), about)}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("What helps against a migraine?", "general.symptom"),
        ("Is psoriasis contagious?", "general.diagnosis"),
        ("Why take atorvastatin at night?", "general.medication"),
        ("my ankle is swollen and hurts", "general.symptom"),
        ("¿Qué puedo hacer contra la fiebre?", "general.symptom"),
        ("J'ai mal à la tête depuis hier", "general.symptom"),
        ("Was hilft bei Kopfschmerzen?", "general.symptom"),
        ("头痛怎么办", "general.symptom"),
        ("ما علاج الصداع", "general.symptom"),
        ("Nina homa na kikohozi", "general.symptom"),
        ("У меня болит голова", "general.symptom"),
        ("What is the maximum dose of ibuprofen?", "high.dosing"),
        ("Can I take sertraline while pregnant?", "high.pregnancy"),
        ("Is it safe to mix tramadol with alcohol?", "high.medication"),
    ],
)
def test_questions_about_health_are_seen(text: str, label: str) -> None:
    """Topic and risk, in plain and in clinical words (WHO-07)."""
    assert label in labels(text)


@pytest.mark.parametrize(
    "text",
    [
        "Book a table for two on April 1",
        "My dog is limping, which vet is open?",
        "The build failed, is the server healthy?",
        "Recipe for lemon cake without eggs",
        "Which actress was the doctor in that series?",
        "Homework: label the parts of a plant cell",
        "Where can I park near the hospital?",
        "How do I get a refund on my card?",
        "That joke was sick",
    ],
)
def test_other_questions_are_not(text: str) -> None:
    """Animals, machines, films, lessons, parking: no warning."""
    assert labels(text) == set()


def test_a_medical_answer_to_an_innocent_question_is_seen() -> None:
    """WHO-07: also when only the answer is medical."""
    assert labels("Ibuprofen can cause stomach ulcers; ask a pharmacist about the dose.", ANSWER)
    assert labels("The museum opens at nine. A doctor built it.", ANSWER) == set()


def test_only_users_and_assistants_prose_is_looked_at() -> None:
    text = "What helps against a migraine?"
    assert labels(text, About(Direction.REQUEST, Role.SYSTEM)) == set()
    assert labels(text, About(Direction.REQUEST, Role.USER, Kind.DATA)) == set()


@pytest.mark.parametrize(
    ("risk", "label"),
    [(Risk.GENERAL, "general.question"), (Risk.HIGH, "high.question"), (Risk.EMERGENCY, "high.question")],
)
def test_the_answer_to_a_medical_question_opens_with_a_warning(risk: Risk, label: str) -> None:
    """The warning comes before the first model word."""
    about = About(Direction.RESPONSE, Role.ASSISTANT, assessment=Assessment(True, (), risk))
    assert list(HEAD.inspect(Window("", 0, final=False), about)) == [Finding(Span(0, 0), "medical", label)]
    assert list(HEAD.inspect(Window("Iron"), about)) == []


def test_other_answers_do_not() -> None:
    assert list(HEAD.inspect(Window("", 0, final=False), ANSWER)) == []


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("label", ["general.question", "high.question"])
def test_the_warning_is_short_and_names_the_number(language: str, label: str) -> None:
    """At most 60 words, with the emergency number of the configured country (WHO-08)."""
    words = WORDS.rewrite(Finding(Span(0, 0), "medical", label), "", About(language=language, country="us"))
    assert words is not None
    assert "911" in words
    assert len(words.split()) <= 60
    assert words.endswith("\n\n")


def test_without_a_country_the_warning_says_local_emergency_number() -> None:
    words = WORDS.rewrite(Finding(Span(0, 0), "medical", "general.question"), "", About(language="xx"))
    assert words is not None
    assert "your local emergency number" in words


@pytest.mark.parametrize("table", [texts.MEDICAL_GENERAL, texts.MEDICAL_HIGH, texts.EMERGENCY, texts.LIMIT])
def test_english_warnings_read_easily(table: dict[str, str]) -> None:
    """Flesch-Kincaid grade (WHO-08 asks for 8; "pharmacist" and "professional" are why it is 10 here)."""
    text = table["en"]
    words = re.findall(r"[A-Za-z']+", text.replace("{emergency}", "911"))
    sentences = len(re.findall(r"[.!?:]", text))
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", word.lower().removesuffix("e")))) for word in words)
    assert 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59 <= 10


@pytest.mark.parametrize("unit", ["a ", "(", "chest pain ", "no ", "dose ", "痛"])
def test_long_monotonous_text_is_no_stall(unit: str) -> None:
    list(RAIL.inspect(Window((unit * 100_000)[:100_000]), ASKED))
