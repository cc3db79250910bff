"""Folding: however a word is disguised, the search sees the plain word and the span covers what was written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail.rails.fold import fold


@pytest.mark.parametrize(
    "written",
    [
        "I think",
        "I THINK",
        "I\u00a0think",
        "I&nbsp;think",
        "I **think**",
        "**I think**",
        "I\u200b thi\u200dnk",
        "\u0406 think",  # Cyrillic I
        "I th\u0456nk",  # Cyrillic i
        "\uff29 think",  # full width
        "<b>I</b> think",
    ],
)
def test_every_disguise_of_a_phrase_reads_alike(written: str) -> None:
    assert fold(written).text == "i think"


def test_words_of_other_scripts_stay_as_they_are() -> None:
    """Russian text is not turned into Latin letters."""
    assert fold("Мне кажется, это вирус").text == "мне кажется, это вирус"


def test_the_span_comes_back_to_the_original_characters() -> None:
    written = "So I\u200b **think** it is"
    start = fold(written).text.index("i think")
    span = fold(written).span(start, start + len("i think"))
    assert written[span.start : span.end] == "I\u200b **think"


@settings(max_examples=200)
@given(st.text(alphabet="aI *_\u200b\u0456\u00a0&nbsp;<b>éжİ\n", max_size=40))
def test_every_folded_character_has_a_place_in_the_original_in_order(text: str) -> None:
    folded = fold(text)
    places = [folded.at(i) for i in range(len(folded.text))]
    assert places == sorted(places)
    assert all(0 <= place < len(text) for place in places) or not places
