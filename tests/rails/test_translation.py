# ruff: noqa: E501, RUF001 - sentences in many scripts: one entry stays one line
"""Translations beside their sources: what is the same is left alone, what differs in a number, a "not" or a side is told."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from guardrail.rails import translation
from guardrail.rails.data.texts import LANGUAGES
from guardrail.rails.translation import SIMPLER, asks_for_translation, compare

SOURCE = "Take 500 mg of paracetamol every 6 hours. Do not take more than 4 g in 24 hours. The left knee was injected on 4 March 2024."
FAITHFUL = {
    "es": "Tome 500 mg de paracetamol cada 6 horas. No tome más de 4 g en 24 horas. La rodilla izquierda fue inyectada el 4 de marzo de 2024.",
    "fr": "Prenez 500 mg de paracétamol toutes les 6 heures. Ne prenez pas plus de 4 g en 24 heures. Le genou gauche a été injecté le 4 mars 2024.",
    "de": "Nehmen Sie alle 6 Stunden 500 mg Paracetamol. Nehmen Sie nicht mehr als 4 g in 24 Stunden. Das linke Knie wurde am 4. März 2024 gespritzt.",
    "pt": "Tome 500 mg de paracetamol a cada 6 horas. Não tome mais de 4 g em 24 horas. O joelho esquerdo foi injetado em 4 de março de 2024.",
    "it": "Prenda 500 mg di paracetamolo ogni 6 ore. Non prenda più di 4 g in 24 ore. Il ginocchio sinistro è stato iniettato il 4 marzo 2024.",
    "ar": "تناول ٥٠٠ ملغ من الباراسيتامول كل ٦ ساعات. لا تتناول أكثر من ٤ غ خلال ٢٤ ساعة. تم حقن الركبة اليسرى في ٤ مارس ٢٠٢٤.",
    "zh": "每6小时服用500毫克对乙酰氨基酚。24小时内不要超过4克。2024年3月4日对左膝进行了注射。",
    "hi": "हर ६ घंटे में ५०० मिग्रा पैरासिटामोल लें। २४ घंटे में ४ ग्राम से अधिक न लें। बाएँ घुटने में ४ मार्च २०२४ को इंजेक्शन दिया गया।",
    "ru": "Принимайте 500 мг парацетамола каждые 6 часов. Не принимайте более 4 г за 24 часа. В левое колено сделали укол 4 марта 2024 года.",
    "sw": "Tumia mg 500 za paracetamol kila baada ya saa 6. Usitumie zaidi ya g 4 kwa saa 24. Goti la kushoto lilidungwa sindano tarehe 4 Machi 2024.",
    "id": "Minum 500 mg parasetamol setiap 6 jam. Jangan minum lebih dari 4 g dalam 24 jam. Lutut kiri disuntik pada 4 Maret 2024.",
}


@pytest.mark.parametrize("language", sorted(FAITHFUL))
def test_a_faithful_translation_is_left_alone(language: str) -> None:
    assert compare(SOURCE, FAITHFUL[language], ("en", language)) == frozenset()


@pytest.mark.parametrize("language", sorted(FAITHFUL))
def test_and_so_is_the_way_back(language: str) -> None:
    assert compare(FAITHFUL[language], SOURCE, (language, "en")) == frozenset()


@pytest.mark.parametrize("language", sorted(FAITHFUL))
@pytest.mark.parametrize(("right", "wrong"), [("500", "50"), ("24", "42"), ("2024", "2023")])
def test_a_changed_number_is_found(language: str, right: str, wrong: str) -> None:
    text = FAITHFUL[language]
    other = text.replace(right, wrong)
    if other == text:  # in that language's own digits
        base = ord("٠") if language == "ar" else ord("०")
        to = {ord(str(d)): chr(base + d) for d in range(10)}
        other = text.replace(right.translate(to), wrong.translate(to))
    assert other != text
    assert "number" in compare(SOURCE, other, ("en", language))


DENIED = {
    "es": ("No tome", "Tome"), "fr": ("Ne prenez pas plus", "Prenez plus"), "de": ("nicht mehr als", "mehr als"),
    "pt": ("Não tome", "Tome"), "it": ("Non prenda", "Prenda"), "ar": ("لا تتناول", "تناول"), "zh": ("不要超过", "要超过"),
    "hi": ("अधिक न लें", "अधिक लें"), "ru": ("Не принимайте", "Принимайте"), "sw": ("Usitumie", "Tumia"),
    "id": ("Jangan minum", "Minum"),
}  # fmt: skip
OTHER_SIDE = {
    "es": ("izquierda", "derecha"), "fr": ("gauche", "droit"), "de": ("linke", "rechte"), "pt": ("esquerdo", "direito"),
    "it": ("sinistro", "destro"), "ar": ("اليسرى", "اليمنى"), "zh": ("左", "右"), "hi": ("बाएँ", "दाएँ"),
    "ru": ("левое", "правое"), "sw": ("kushoto", "kulia"), "id": ("kiri", "kanan"),
}  # fmt: skip


@pytest.mark.parametrize("language", sorted(DENIED))
def test_a_lost_not_is_found_and_nothing_else(language: str) -> None:
    before, after = DENIED[language]
    assert before in FAITHFUL[language]
    assert compare(SOURCE, FAITHFUL[language].replace(before, after), ("en", language)) == {"negation"}


@pytest.mark.parametrize("language", sorted(OTHER_SIDE))
def test_the_other_side_and_a_lost_side_are_found(language: str) -> None:
    before, after = OTHER_SIDE[language]
    assert before in FAITHFUL[language]
    assert compare(SOURCE, FAITHFUL[language].replace(before, after), ("en", language)) == {"laterality"}
    assert compare(SOURCE, FAITHFUL[language].replace(before, ""), ("en", language)) == {"laterality"}


SAME_NUMBERS = [
    ("0.5 mg", "0,5 mg", "en", "de"),
    ("1,500 mg", "1.500 mg", "en", "de"),
    ("1,500 steps", "1 500 pas", "en", "fr"),
    ("1,500 steps", "1 500 шагов", "en", "ru"),
    ("1,500 steps", "1500 步", "en", "zh"),
    ("1,50,000 cells", "150.000 Zellen", "en", "de"),
    ("2.50 mg", "2,5 mg", "en", "it"),
    ("5 to 10 days", "5-10 días", "en", "es"),
    ("5–10 %", "5 à 10 %", "en", "fr"),
    ("2 tablets", "zwei Tabletten", "en", "de"),
    ("two tablets twice daily", "2 Tabletten zweimal täglich", "en", "de"),
    ("two tablets", "2片", "en", "zh"),
    ("two tablets", "两片", "en", "zh"),
    ("2 tablets", "حبتين", "en", "ar"),
    ("three times a day", "3 раза в день", "en", "ru"),
    ("½ tablet", "media tableta", "en", "es"),
    ("1/2 tablet", "½ Tablette", "en", "de"),
    ("at 2:30 pm", "um 14:30 Uhr", "en", "de"),
    ("at 14:00", "at 2 pm", "de", "en"),
    ("at 08:00", "à 8 h", "en", "fr"),
    ("03/04/2024", "03.04.2024", "en", "de"),
    ("4 March 2024", "2024年3月4日", "en", "zh"),
    ("2024-03-04", "4 de marzo de 2024", "en", "es"),
    ("38.5 °C", "٣٨٫٥ درجة", "en", "ar"),
    ("100 mcg", "100 мкг", "en", "ru"),
    ("100 mcg", "100 Mikrogramm", "en", "de"),
    ("10 IU", "10 UI", "en", "fr"),
    ("a power of -2.5", "eine Stärke von minus 2,5", "en", "de"),
    ("2.5 million", "2,5 Millionen", "en", "de"),
    ("30,000 people", "3万人", "en", "zh"),
    ("1. Rest.\n2. Drink.", "Descansar y beber.", "en", "es"),
    ("May cause sleep. March on.", "Kann müde machen. Weiter.", "en", "de"),
    ("We three agree at six.", "Wir drei stimmen um sechs überein.", "en", "de"),
]


@pytest.mark.parametrize(("source", "target", "spoken", "told"), SAME_NUMBERS)
def test_the_same_number_may_be_written_in_another_way(source: str, target: str, spoken: str, told: str) -> None:
    assert "number" not in compare(source, target, (spoken, told))


OTHER_NUMBERS = [
    ("0.5 mg", "5 mg", "en", "es"),
    ("0.5 mg", "0,05 mg", "en", "de"),
    ("1,500 mg", "1,5 mg", "en", "de"),
    ("1,500 mg", "1,500 mg of it", "en", "de"),
    ("5 mg", "5 mcg", "en", "es"),
    ("5 mg", "5 g", "en", "fr"),
    ("5 mg", "5 毫升", "en", "zh"),
    ("5 ml", "5 мг", "en", "ru"),
    ("5 mg twice, 5 mg at night", "5 mg zweimal, 50 mg nachts", "en", "de"),
    ("5 to 10 days", "5 a 100 días", "en", "es"),
    ("5 to 10 days", "5 días", "en", "es"),
    ("two tablets", "drei Tabletten", "en", "de"),
    ("twice daily", "einmal täglich", "en", "de"),
    ("two tablets of 2 mg", "tres tabletas de 2 mg", "en", "es"),
    ("at 2:30 pm", "um 15:30 Uhr", "en", "de"),
    ("at 14:00", "at 14:01", "en", "en"),
    ("4 March 2024", "4 de mayo de 2024", "en", "es"),
    ("4 March 2024", "2024年4月4日", "en", "zh"),
    ("every 6 hours", "cada 6 días", "en", "es"),
    ("20 %", "२ %", "en", "hi"),
    ("a power of -2.5", "eine Stärke von 2,5", "en", "de"),
    ("½ tablet", "2 tabletas", "en", "es"),
    ("Call 911", "Llame al 912", "en", "es"),
]


@pytest.mark.parametrize(("source", "target", "spoken", "told"), OTHER_NUMBERS)
def test_another_number_or_unit_is_found(source: str, target: str, spoken: str, told: str) -> None:
    assert "number" in compare(source, target, (spoken, told))


@pytest.mark.parametrize(
    ("source", "target", "languages"),
    [
        ("Do not drive.", "Evite conducir.", ("en", "es")),
        ("Nicht ohne Rezept.", "Only with a prescription, never without.", ("de", "en")),
        ("It is not unusual. Rest.", "Das ist nicht ungewöhnlich. Ruhen.", ("en", "de")),
        ("No fever. No cough.", "Ni fiebre ni tos.", ("en", "es")),
        ("Rest well.", "No descanse.", ("en", "es")),
        ("Do not drive.", "Oui.", ("en", "")),
        ("Jangan minum alkohol.", "Do not drink alcohol.", ("id", "en")),
        ("Usinywe pombe.", "Do not drink alcohol.", ("sw", "en")),
        ("不要喝酒。", "Avoid alcohol.", ("zh", "en")),
    ],
)
def test_a_negation_that_is_kept_in_other_words_is_left_alone(
    source: str, target: str, languages: tuple[str, str]
) -> None:
    assert "negation" not in compare(source, target, languages)


@pytest.mark.parametrize(
    ("source", "target", "languages"),
    [
        ("The patient left the hospital. That is right.", "Le patient a quitté l'hôpital. C'est exact.", ("en", "fr")),
        ("Call right away if two tablets are left.", "Llame de inmediato si le quedan dos tabletas.", ("en", "es")),
        ("The left and the right eye.", "L'œil droit et l'œil gauche.", ("en", "fr")),
        ("El derecho a la salud.", "The entitlement to health.", ("es", "en")),
        ("大约三天左右。", "About three days.", ("zh", "en")),
        ("Правильно принимать важно.", "It is important to take it properly.", ("ru", "en")),
    ],
)
def test_words_that_are_no_side_are_left_alone(source: str, target: str, languages: tuple[str, str]) -> None:
    assert "laterality" not in compare(source, target, languages)


def test_sides_that_change_places_between_sentences_are_found() -> None:
    source = "The left hip hurts. The right hip is fine."
    assert "laterality" in compare(source, "La cadera derecha duele. La cadera izquierda está bien.", ("en", "es"))
    assert "laterality" not in compare(source, "La cadera izquierda duele. La cadera derecha está bien.", ("en", "es"))


def test_a_text_in_plainer_words_is_compared_by_its_numbers_only() -> None:
    source = "Administer 500 mg q6h. Do not exceed 4 g. Repeat 500 mg if needed in the left arm."
    assert compare(source, "Take 500 mg every 6 hours, at most 4 g.", ("en", SIMPLER)) == frozenset()
    assert compare(source, "Take 500 mg every 6 hours, at most 8 g.", ("en", SIMPLER)) == {"number"}


def test_what_the_target_adds_is_not_looked_at() -> None:
    assert compare("Take 5 mg.", "Here are 2 versions:\n\nTome 5 mg.", ("en", "es")) == frozenset()


languages = st.sampled_from([*LANGUAGES, ""])
prose = st.lists(
    st.sampled_from(
        ["take", "5", "12", "0.5", "1,500", "10:30", "mg", "ml", "not", "left", "right", "arm", ".", "\n", "500", "%", "-2", "two", "no",
         "½", "2024-03-04", "7/8", "左", "不", "三", "nicht", "links", "٥٠", "1 000", "March"]
    ),
    max_size=20,
).map(" ".join)  # fmt: skip


@given(text=prose | st.text(max_size=80), spoken=languages, told=languages)
@settings(max_examples=300, deadline=None)
def test_identical_text_never_differs(text: str, spoken: str, told: str) -> None:
    assert compare(text, text, (spoken, told)) == frozenset()


@given(text=prose, language=st.sampled_from(LANGUAGES))
@settings(max_examples=300, deadline=None)
def test_the_same_words_in_other_white_space_never_differ(text: str, language: str) -> None:
    assert compare(text, text + " ", (language, language)) == frozenset()


LISTED = translation._LIST_MARKER


@given(text=prose, data=st.data(), language=languages)
@settings(max_examples=400, deadline=None)
def test_any_changed_digit_is_found(text: str, data: st.DataObject, language: str) -> None:
    """Wherever it stands, but for the numbers of a list."""
    places = [i for i, c in enumerate(text) if c in "0123456789"]
    assume(places)
    at = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != text[at]]))
    assume(not LISTED.search(text))
    changed = text[:at] + other + text[at + 1 :]
    assert "number" in compare(text, changed, (language, language)), (text, changed)


@given(st.text(max_size=200), st.text(max_size=200), languages, languages)
@settings(max_examples=200, deadline=None)
def test_any_two_texts_can_be_compared(source: str, target: str, spoken: str, told: str) -> None:
    assert compare(source, target, (spoken, told)) <= set(translation.LABELS)


# --- what is asked for ---

ASKED = [
    ("Translate into Spanish: Take 5 mg at night.", "Take 5 mg at night.", "es"),
    (
        "Please translate the following discharge note to German:\n\nRest for 3 days.\nNo driving.",
        "Rest for 3 days.\nNo driving.",
        "de",
    ),
    ('How do you say "take with food" in French?', "take with food", "fr"),
    ("Take 5 mg at night.\n\nTranslate this into Chinese please.", "Take 5 mg at night.", "zh"),
    ("Translate from English into Swahili: Do not drive.", "Do not drive.", "sw"),
    ("Translate to Vietnamese: Do not drive.", "Do not drive.", ""),
    ("Traduce al inglés: Tome 5 mg por la noche.", "Tome 5 mg por la noche.", "en"),
    ("Traduisez en anglais : Prenez 5 mg le soir.", "Prenez 5 mg le soir.", "en"),
    ("Übersetze ins Spanische: Nehmen Sie abends 5 mg.", "Nehmen Sie abends 5 mg.", "es"),
    ("Bitte übersetzen Sie das auf Englisch: Nicht fahren.", "Nicht fahren.", "en"),
    ("Traduza para o inglês: Tome 5 mg à noite.", "Tome 5 mg à noite.", "en"),
    ("Traduci in inglese: Prenda 5 mg la sera.", "Prenda 5 mg la sera.", "en"),
    ("ترجم إلى الإنجليزية: تناول 5 ملغ ليلاً.", "تناول 5 ملغ ليلاً.", "en"),
    ("请翻译成英语：每晚服用5毫克。", "每晚服用5毫克。", "en"),
    ("把下面的话翻译成西班牙语：不要开车。", "不要开车。", "es"),
    ("अंग्रेज़ी में अनुवाद करें: रात को 5 मिग्रा लें।", "रात को 5 मिग्रा लें।", "en"),
    ("Переведите на английский: Принимайте 5 мг на ночь.", "Принимайте 5 мг на ночь.", "en"),
    ("Tafsiri kwa Kiingereza: Tumia mg 5 usiku.", "Tumia mg 5 usiku.", "en"),
    ("Terjemahkan ke bahasa Inggris: Minum 5 mg malam hari.", "Minum 5 mg malam hari.", "en"),
    ("Explain in plain words: Administer 5 mg nocte.", "Administer 5 mg nocte.", SIMPLER),
    ("Please simplify this letter:\n5 mg nocte.", "5 mg nocte.", SIMPLER),
    ("Erklären Sie in einfachen Worten: 5 mg zur Nacht.", "5 mg zur Nacht.", SIMPLER),
    ("Explícalo en palabras sencillas: 5 mg por la noche.", "5 mg por la noche.", SIMPLER),
    ("Expliquez en termes simples : 5 mg le soir.", "5 mg le soir.", SIMPLER),
    ("Explique em linguagem simples: 5 mg à noite.", "5 mg à noite.", SIMPLER),
    ("Spiega in parole semplici: 5 mg la sera.", "5 mg la sera.", SIMPLER),
    ("اشرح بكلمات بسيطة: 5 ملغ ليلاً.", "5 ملغ ليلاً.", SIMPLER),
    ("用简单的话解释：每晚5毫克。", "每晚5毫克。", SIMPLER),
    ("सरल शब्दों में समझाएँ: रात को 5 मिग्रा।", "रात को 5 मिग्रा।", SIMPLER),
    ("Объясните простыми словами: 5 мг на ночь.", "5 мг на ночь.", SIMPLER),
    ("Eleza kwa maneno rahisi: mg 5 usiku.", "mg 5 usiku.", SIMPLER),
    ("Jelaskan dengan kata-kata sederhana: 5 mg malam hari.", "5 mg malam hari.", SIMPLER),
]


@pytest.mark.parametrize(("question", "text", "target"), ASKED)
def test_the_text_and_the_language_that_are_asked_for(question: str, text: str, target: str) -> None:
    assert asks_for_translation(question) == (text, target)


@pytest.mark.parametrize(
    "question",
    [
        "What does 5 mg mean?",
        "I am Spanish. Can I take 5 mg?",
        "Explain diabetes in plain words.",
        "Translate that into Spanish.",
        "How does gene translation work?",
        "My French doctor said: take 5 mg.",
        "",
        "Ich bin Deutsche und nehme 5 mg.",
        "No hablo inglés: ¿qué tomo?",
    ],
)
def test_other_questions_ask_for_none(question: str) -> None:
    assert asks_for_translation(question) is None


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_question_can_be_read(question: str) -> None:
    asked = asks_for_translation(question)
    assert asked is None or asked[0].strip()


# --- settings ---


def test_each_label_has_a_text_in_each_language() -> None:
    made = translation.TranslationSettings()
    for label in translation.LABELS:
        assert len({made.text(label, language) for language in LANGUAGES}) == len(LANGUAGES)
        assert made.text(label, "xx") == made.text(label, "en")


def test_a_missing_language_is_refused() -> None:
    with pytest.raises(ValidationError, match="no text for"):
        translation.TranslationSettings(number={"en": "Numbers differ."})
