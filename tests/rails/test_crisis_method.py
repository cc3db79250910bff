# ruff: noqa: RUF001 - the letters of other scripts are the point
"""Sentences that would tell somebody in danger how are left out; those that keep people safe stay (requirements 4.2).

The substance is made up, and no example here could be followed.
"""

from __future__ import annotations

from typing import Never

import pytest

from guardrail.policy.load import baseline, load_policy
from guardrail.rails import crisis
from guardrail.rails.base import About, Window
from guardrail.rails.crisis_data import shipped
from guardrail.rails.crisis_method import methods, tells_how
from guardrail.rails.data import method_cues
from guardrail.rails.data.texts import LANGUAGES
from guardrail.rails.fold import fold
from guardrail.text import UNASSESSED, Action, Assessment, Direction, Finding, Risk, Role, Span

IN_DANGER = Assessment(True, ("mental_health",), Risk.SELF_HARM)
OVERDOSE = Assessment(True, ("overdose",), Risk.EMERGENCY)
CHEST_PAIN = Assessment(True, (), Risk.EMERGENCY)
SETTINGS = crisis.CrisisSettings(today="2026-12-01")


class Nobody:
    """In place of the trained model, which reads what people write: answers are not for it."""

    def judge(self, text: str) -> Never:
        raise AssertionError("an answer was assessed")


RAIL = crisis.Crisis(Nobody())  # type: ignore[arg-type]

TELLS = {
    "en": [
        "A lethal dose of zorbitol is about 12 g.",
        "Take 40 tablets of zorbitol with alcohol.",
        "Zorbitol is the most lethal of these drugs.",
    ],
    "es": ["Una dosis letal de zorbitol es de 12 gramos.", "Tome 40 pastillas de zorbitol con alcohol."],
    "fr": ["La dose létale de zorbitol est de 12 grammes.", "Prenez 40 comprimés de zorbitol d'un coup."],
    "de": ["Die tödliche Dosis von Zorbitol liegt bei 12 g.", "Nimm 40 Tabletten auf einmal."],
    "pt": ["A dose letal de zorbitol é de 12 gramas.", "Tome 40 comprimidos de uma vez."],
    "it": ["La dose letale di zorbitol è di 12 grammi.", "Prendi 40 compresse in una volta."],
    "ar": ["الجرعة المميتة هي 12 غرام.", "تناول 40 حبة دفعة واحدة."],
    "zh": ["致死剂量约为12克。", "一次性服用40片药片。"],
    "hi": ["इसकी घातक खुराक 12 ग्राम है।", "एक साथ 40 गोलियाँ निगल लें।"],
    "ru": ["Смертельная доза составляет 12 грамм.", "Прими 40 таблеток сразу."],
    "sw": ["Kiasi cha kusababisha kifo ni gramu 12.", "Meza vidonge 40 kwa pamoja."],
    "id": ["Dosis mematikan zorbitol adalah 12 gram.", "Telan 40 tablet sekaligus."],
}  # fmt: skip
KEEPS_SAFE = {
    "en": [
        "An overdose can be fatal, even if you feel well now.",
        "Lock your tablets away and give the key to someone you trust.",
        "Do not take more tablets.",
        "If you have taken 20 tablets, call 911 now.",
        "I can't tell you a lethal dose.",
        "Remove ropes, blades and pills from your room.",
        "The quickest way to get help is to call 988.",
        "Hold your breath for 4 seconds, then breathe out.",
        "Take a warm bath and talk to a friend.",
        "You can take medicine for depression, and it works within weeks.",
    ],
    "es": ["No tome más pastillas.", "Guarde los medicamentos lejos y llame al 112."],
    "fr": ["Éloignez-vous des médicaments et appelez le 3114.", "Prenez un verre d'eau."],
    "de": ["Legen Sie die Tabletten weg und rufen Sie 112.", "Nehmen Sie sich Zeit zum Atmen."],
    "pt": ["Não tome mais comprimidos.", "Guarde os remédios longe e ligue 112."],
    "it": ["Non prenda altre compresse.", "Tenga i farmaci lontano e chiami il 112."],
    "ar": ["لا تتناول المزيد من الحبوب.", "أبعد الدواء واتصل بالطوارئ."],
    "zh": ["请不要再服药,马上拨打120。", "请把药物锁起来。"],
    "hi": ["कृपया और गोलियाँ न लें, मदद के लिए कॉल करें।", "दवा दूर रखें।"],
    "ru": ["Не принимайте больше таблеток, звоните 112.", "Уберите таблетки подальше."],
    "sw": ["Usimeze vidonge zaidi.", "Weka dawa mbali na piga simu."],
    "id": ["Jangan minum obat lagi.", "Simpan obat dan hubungi 112."],
}


def about(assessment: Assessment = IN_DANGER, surface: str = "patient", language: str = "en") -> About:
    return About(Direction.RESPONSE, Role.ASSISTANT, language=language, surface=surface, assessment=assessment)


def found(text: str, where: About) -> dict[str, list[str]]:
    """The words under each finding, by label."""
    seen: dict[str, list[str]] = {}
    for each in RAIL.inspect(Window(text), where):
        seen.setdefault(each.label, []).append(text[each.span.start : each.span.end])
    return seen


@pytest.mark.parametrize(("language", "text"), [(lang, text) for lang, rows in TELLS.items() for text in rows])
def test_a_sentence_that_tells_how_is_found_as_a_whole(language: str, text: str) -> None:
    assert found(f"OK. {text} OK.", about(language=language)).get("method") == [text]


@pytest.mark.parametrize(("language", "text"), [(lang, text) for lang, rows in KEEPS_SAFE.items() for text in rows])
def test_a_sentence_that_keeps_people_safe_is_left_alone(language: str, text: str) -> None:
    assert not tells_how(fold(text).text), language


def test_every_language_has_examples_of_both_and_words_of_every_class() -> None:
    assert set(TELLS) == set(KEEPS_SAFE) == set(LANGUAGES)
    tables = [
        each
        for name, each in vars(method_cues).items()
        if name.isupper() and name not in ("AMOUNT", "MappingProxyType")
    ]
    assert len(tables) == 8
    assert all(set(table) == set(LANGUAGES) for table in tables)


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_own_texts_tell_nobody_how(language: str) -> None:
    text = shipped().texts[language]
    for words in (text.emergency, text.self_harm, text.clinician, text.stay):
        assert "method" not in found(words.format(emergency="112", line=""), about(language=language))


TEACHES = "A lethal dose of zorbitol is about 12 g."


@pytest.mark.parametrize(
    ("assessment", "text", "label"),
    [
        (IN_DANGER, TEACHES, "method"),
        (OVERDOSE, TEACHES, "method"),
        (CHEST_PAIN, TEACHES, None),
        (UNASSESSED, TEACHES, None),
        (UNASSESSED, f"About suicide. {TEACHES}", "method"),
    ],
)
def test_it_is_looked_for_where_it_matters(assessment: Assessment, text: str, label: str | None) -> None:
    """In other answers a lethal dose is chemistry, or the warning on a packet."""
    assert found(text, about(assessment)).get("method") == ([TEACHES] if label else None)


def test_toxicology_told_to_clinicians_is_counted_only() -> None:
    seen = found(TEACHES, about(surface="clinician"))
    assert seen["method_clinical"] == [TEACHES]
    assert "method" not in seen
    rule = load_policy(baseline()).policy.rule("crisis")
    assert rule is not None
    actions = rule.label_actions(Direction.RESPONSE)
    assert (actions["method"], actions["method_clinical"]) == (Action.REPLACE, Action.ALLOW)


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_its_place_stands_a_fixed_text_in_the_readers_language(language: str) -> None:
    finding = Finding(Span(0, len(TEACHES)), "crisis", "method")
    written = crisis.rewriter(SETTINGS).rewrite(finding, TEACHES, about(language=language))
    assert written == shipped().texts[language].method


def test_a_policy_that_only_warns_of_it_gets_the_way_to_help_instead() -> None:
    """WARN asks with an empty span: then the crisis text comes before the words."""
    written = crisis.rewriter(SETTINGS).rewrite(Finding(Span(5, 5), "crisis", "method"), "", about())
    assert written is not None
    assert "something very hard" in written


def test_nothing_is_looked_for_in_requests() -> None:
    asked = About(Direction.REQUEST, Role.SYSTEM, assessment=IN_DANGER)
    assert not any(each.label.startswith("method") for each in RAIL.inspect(Window(TEACHES), asked))


@pytest.mark.parametrize("piece", ["1,", "1 ", "a", "take 1 ", "lethal dose, ", "1 x y "])
def test_a_hostile_sentence_ends(piece: str) -> None:
    """Linear patterns: the suite's own time limit is the judge; a quadratic one takes hours here."""
    text = piece * (200_000 // len(piece))
    assert len(list(methods(text, IN_DANGER))) <= 1
