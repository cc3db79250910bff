"""The word search: exact words, stems, endings, phrases, Chinese; denials and idioms."""

import pytest

from guardrail.rails.lexicon import Lexicon, compile_table

TABLE = {
    "NOT": "no, without, 没有",
    "IDIOM": "killing me",
    "PAIN": "pain, ache*, 痛",
    "DRUG": "*pril",
    "FLAG": "chest pain",
    "KILL": "killing",
    "DOOR": "باب",
}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return compile_table(TABLE)


def concepts(lexicon: Lexicon, text: str, *, denied: bool = False) -> list[str]:
    return [hit.concept for hit in lexicon.scan(text) if hit.denied is denied and hit.concept != "NOT"]


def test_words_stems_endings_and_phrases(lexicon: Lexicon) -> None:
    assert concepts(lexicon, "chest pain, aches, ramipril") == ["PAIN", "PAIN", "DRUG"] or set(
        concepts(lexicon, "chest pain, aches, ramipril")
    ) == {"FLAG", "PAIN", "DRUG"}
    assert concepts(lexicon, "april, painting") == []


def test_chinese_needs_no_spaces_and_arabic_drops_its_article(lexicon: Lexicon) -> None:
    assert concepts(lexicon, "我头痛") == ["PAIN"]
    assert concepts(lexicon, "والباب") == ["DOOR"]


def test_a_denial_reaches_to_the_end_of_the_clause(lexicon: Lexicon) -> None:
    assert concepts(lexicon, "no chest pain", denied=True) == ["FLAG", "PAIN"]
    assert concepts(lexicon, "no, but pain") == ["PAIN"]


def test_an_idiom_hides_its_words(lexicon: Lexicon) -> None:
    assert concepts(lexicon, "this bug is killing me") == ["IDIOM"]
    assert concepts(lexicon, "killing") == ["KILL"]


def test_a_stem_that_would_match_everything_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter than"):
        compile_table({"X": "ab*"})
