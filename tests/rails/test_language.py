"""Which language: only to choose the words of a notice; nothing when unsure."""

import pytest

from guardrail.rails.data.texts import LANGUAGES
from guardrail.rails.language import detect

SAMPLES = {
    "en": "What is the best way to take this medicine with food?",
    "es": "¿Cuánto tiempo tengo que esperar para tomar el medicamento?",
    "fr": "Combien de temps dois-je attendre avant de prendre le médicament ?",
    "de": "Wie lange muss ich warten, bis ich das Medikament nehmen kann?",
    "pt": "Quanto tempo tenho que esperar para tomar o remédio? Estou com dor.",
    "it": "Quanto tempo devo aspettare prima di prendere il farmaco? Ho mal di testa.",
    "ar": "كم من الوقت يجب أن أنتظر؟",
    "zh": "吃药前要等多久？",  # noqa: RUF001
    "hi": "दवा लेने से पहले कितना इंतज़ार करना चाहिए?",
    "ru": "Сколько ждать перед приёмом лекарства?",
    "sw": "Je, ni muda gani wa kusubiri kabla ya kumeza dawa ya malaria?",
    "id": "Berapa lama saya harus menunggu sebelum minum obat ini dengan makanan?",
}


@pytest.mark.parametrize("language", SAMPLES)
def test_each_shipped_language_is_told_by_a_sentence(language: str) -> None:
    assert detect(SAMPLES[language], LANGUAGES) == language


WANTS = {"en": "I want to die", "es": "Quiero morir", "fr": "Je veux mourir", "de": "Ich will sterben",
         "pt": "Quero morrer", "it": "Voglio morire", "ar": "أريد أن أموت", "zh": "我想死", "hi": "मैं मरना चाहता हूँ",
         "ru": "Я хочу умереть", "sw": "Nataka kufa", "id": "Saya ingin mati"}  # fmt: skip


@pytest.mark.parametrize("language", WANTS)
def test_the_few_words_of_somebody_in_danger_tell_their_language(language: str) -> None:
    """The way to help is of no use in another one."""
    assert detect(WANTS[language], LANGUAGES) == language


@pytest.mark.parametrize("text", ["", "12345", "ok", "Paracetamol 500 mg", "🙂", "これは日本語の文章です"])
def test_without_good_reason_no_language_is_claimed(text: str) -> None:
    assert detect(text, LANGUAGES) == ""


def test_a_language_that_is_not_supported_is_not_named() -> None:
    assert detect(SAMPLES["de"], ("en", "es")) == ""


def test_a_foreign_name_or_drug_does_not_change_the_language() -> None:
    """A clinician who pastes one Chinese herb name still writes English."""
    assert (
        detect("What is the evidence for 黄连 in the treatment of diabetes and is it safe for my patient?", LANGUAGES)
        == "en"
    )


@pytest.mark.parametrize(
    "text",
    ["a joke?", "a dose?", "a headache, a fever", "Hi, no o2", "die, I want to die", "hepatitis c?", "ANA titre"],
)
def test_short_english_is_no_other_language(text: str) -> None:
    """A small word that English has too says nothing about another language."""
    assert detect(text, LANGUAGES) in ("", "en")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "¿cuántos?"),
        ("es", "tengo fiebre"),
        ("de", "ich habe Fieber"),
        ("fr", "j'ai mal"),
        ("it", "ho la febbre"),
        ("pt", "tenho dor"),
        ("sw", "mtoto ana homa"),
        ("id", "saya sakit"),
    ],
)
def test_words_and_letters_of_its_own_tell_a_language_in_a_few_words(language: str, text: str) -> None:
    assert detect(text, LANGUAGES) == language
