# ruff: noqa: RUF001 - sentences in many scripts
"""Is it about health, how risky, and what the warning says."""

import re

import pytest

from guardrail.rails import medical
from guardrail.rails.base import About, Window
from guardrail.rails.crisis_data import shipped
from guardrail.rails.data import texts
from guardrail.text import Assessment, Direction, Finding, Kind, Risk, Role, Span

SETTINGS = medical.MedicalSettings()
RAIL = medical.build(SETTINGS)
HEAD = medical.build_head(SETTINGS)
WORDS = medical.rewriter(SETTINGS)
ASKED = About(Direction.REQUEST, Role.USER)
ANSWER = About(Direction.RESPONSE, Role.ASSISTANT)
ERRS = pytest.mark.xfail(strict=True, reason="known: the model errs")


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
    """Health, in plain and in clinical words, and where a wrong answer could harm (WHO-07)."""
    found = {each.partition(".")[0] for each in labels(text)} - {"about"}
    assert found == {"high"} if label.startswith("high") else found <= {"general", "high"} and found


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
    "text",
    [
        "Can I stop taking Brintavex after two weeks?",
        "my gran stopped taking Zobexil in March",
        "how do I come off my antidepressants",
        "I forgot to take my pill yesterday",
        "i skipped two doses of my blood thinner",
        "quit taking my meds cold turkey",
        "can I have wine with metronidazole?",
        "is it fine to take sudafed while on phenelzine",
        "pomelo and simvastatin",
        "kava with alprazolam?",
        "Na 118, K 2.1 - next step?",
        "65M, SpO2 87%, RR 30, discharge?",
        "INR is 6.2, hold warfarin?",
        "BP 210/120, what now?",
        "melaena and dizziness",
    ],
)
def test_where_a_wrong_answer_could_harm_the_risk_is_high(text: str) -> None:
    """Ending a treatment whatever its name, two things that may not go together, readings to act on, alarming signs."""
    assert any(label.startswith("high.") for label in labels(text))


@pytest.mark.parametrize(
    "text",
    [
        "stop taking photos of me",
        "how do I stop taking the bus",
        pytest.param("she quit taking calls at noon", marks=ERRS),
        "Press Alt 4 to close",
        "HR 101: how to hire",
        "Map 12 in the atlas",
        "The T 34 tank of 1940",
        "BP sold 1,240 barrels of oil",
        "plan B for the picnic",
        pytest.param("grapefruit with honey for breakfast", marks=ERRS),
    ],
)
def test_words_that_only_look_like_medicine_are_none(text: str) -> None:
    assert labels(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "lvef 25%",
        "NSTEMI yesterday, on DAPT",
        "NT-proBNP 3400",
        "Hb 71 today",
        "trop of 88",
        "AKI on CKD 3b",
        "GCS 9",
    ],
)
def test_a_clinicians_shorthand_is_medical(text: str) -> None:
    assert labels(text)


@pytest.mark.parametrize(
    "drug",
    [
        *("escitalopram", "Cymbalta", "clonazepam", "Zyprexa", "Vyvanse", "lacosamide", "rosuvastatin", "Crestor"),
        *("edoxaban", "Lixiana", "Entresto", "insulin glargine", "Tresiba", "Synthroid", "tapentadol", "Percocet"),
        *("cefalexin", "Macrobid", "Nexplanon", "Symbicort", "Sudafed", "pantoprazole", "Dupixent", "ticagrelor"),
        *("bictegravir", "erenumab", "sotorasib", "ashwagandha"),
    ],
)  # fmt: skip
def test_medicines_are_known_by_name_class_and_brand(drug: str) -> None:
    assert labels(f"What is {drug} for?")


@pytest.mark.parametrize(
    "text", ["Sore throat since yesterday. What can I take?", "runny nose for two days", "a cold sore for a week"]
)
def test_a_passing_complaint_is_of_general_risk(text: str) -> None:
    assert labels(text)
    assert not any(label.startswith("high.") for label in labels(text))


def test_weight_that_is_lost_beside_a_complaint_is_a_sign_and_no_diet() -> None:
    alarming = labels("haemoptysis and weight loss")
    assert alarming and all(label.startswith("high.") for label in alarming)
    assert "high.nutrition_wellness" not in alarming
    assert labels("which diet is best for weight loss") == {"general.nutrition_wellness"}


def warning(risk: Risk, surface: str = "patient", language: str = "en") -> str | None:
    about = About(
        Direction.RESPONSE, country="US", surface=surface, language=language, assessment=Assessment(True, (), risk)
    )
    return WORDS.rewrite(Finding(Span(0, 0), "medical", "high.question"), "", about)


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_below_a_crisis_text_there_is_one_calm_line_or_none(language: str) -> None:
    """The way to help was named above; "ask a pharmacist" below it would be wrong."""
    assert warning(Risk.EMERGENCY, language=language) == texts.MEDICAL_ACUTE[language] + "\n\n"
    assert warning(Risk.SELF_HARM, language=language) is None


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("risk", [Risk.GENERAL, Risk.HIGH, Risk.EMERGENCY, Risk.SELF_HARM])
def test_a_clinician_is_told_to_check_and_not_to_see_a_doctor(language: str, risk: Risk) -> None:
    """Surface "clinician": a side note for the one who decides (WHO-29)."""
    assert warning(risk, "clinician", language) == texts.MEDICAL_CLINICIAN[language] + "\n\n"


def test_other_surfaces_get_the_patients_warning() -> None:
    for surface in ("patient", "unspecified", "education"):
        assert warning(Risk.HIGH, surface) == texts.MEDICAL_HIGH["en"].format(emergency="911") + "\n\n"


def test_hidden_characters_do_not_move_a_finding_out_of_the_text() -> None:
    text = "BNP\u200b 1240 \u200b\u200band K 5.9"
    for finding in RAIL.inspect(Window(text), ASKED):
        assert 0 <= finding.span.start < finding.span.end <= len(text)


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


@pytest.mark.parametrize(
    "table", [texts.MEDICAL_GENERAL, texts.MEDICAL_HIGH, shipped().table("emergency"), texts.LIMIT]
)
def test_english_warnings_read_easily(table: dict[str, str]) -> None:
    """Flesch-Kincaid grade (WHO-08 asks for 8; "pharmacist" and "professional" are why it is 10 here)."""
    text = table["en"]
    words = re.findall(r"[A-Za-z']+", text.replace("{emergency}", "911"))
    sentences = len(re.findall(r"[.!?:]", text))
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", word.lower().removesuffix("e")))) for word in words)
    assert 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59 <= 10


@pytest.mark.parametrize(
    "unit", ["a ", "(", "chest pain ", "no ", "dose ", "痛", "K 5.9 ", "stop taking ", "aspirin with "]
)
def test_long_monotonous_text_is_no_stall(unit: str) -> None:
    list(RAIL.inspect(Window((unit * 100_000)[:100_000]), ASKED))
