"""How a text is split into words and described: every cut is exact, and equal words look equal wherever they stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guardrail.rails.phi_features import joined, tokens

_TEXTS = st.text(alphabet=st.sampled_from("aZé3.-\n\t \u0916\u093f\u53f8\U0001f600'"), max_size=60)


def words(text: str) -> list[str]:
    seen = tokens(text)
    return [text[start:end] for start, end in zip(seen.starts, seen.ends, strict=True)]


def test_words_numbers_and_marks_are_apart() -> None:
    """A dash, an apostrophe and a bracket are words of their own; so is each ideograph; vowel signs stay."""
    expected = "Wei - Ling ( 44 F ) c . 4096 + 3 A > G"
    assert words("Wei-Ling (44F) c.4096+3A>G") == expected.split()
    assert words("司马 शर्मा O'Dowd") == ["司", "马", "शर्मा", "O", "'", "Dowd"]


@given(_TEXTS)
def test_nothing_but_space_is_left_out(text: str) -> None:
    assert "".join(words(text)) == "".join(char for char in text if not char.isspace())


@given(_TEXTS)
def test_every_token_has_all_its_features(text: str) -> None:
    seen = tokens(text)
    count = len(seen)
    for name in ("ends", "words", "prefixes", "suffixes", "shapes", "lengths", "gaps", "lines"):
        assert len(getattr(seen, name)) == count
    assert len(seen.gram_starts) == count + 1
    assert len(seen.grams) == seen.gram_starts[-1]
    assert all(end > start for start, end in zip(seen.gram_starts, seen.gram_starts[1:], strict=False))


def test_a_word_looks_the_same_wherever_it_stands_and_in_any_case() -> None:
    here, there = tokens("Okafor came"), tokens("so OKAFOR")
    for name in ("words", "prefixes", "suffixes"):
        assert getattr(here, name)[0] == getattr(there, name)[1]
    assert here.shapes[0] != there.shapes[1]


def test_parts_joined_are_the_whole() -> None:
    text = "one two three four"
    seen = tokens(text)
    again = joined([seen.part(0, 2, 0), seen.part(2, 4, 0)])
    assert again.starts.tolist() == seen.starts.tolist()
    assert again.words.tolist() == seen.words.tolist()


def test_an_empty_text_has_no_words() -> None:
    assert len(tokens("")) == len(tokens(" \n ")) == 0
