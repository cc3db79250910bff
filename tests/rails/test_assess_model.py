"""The trained assessment: its files, what it reads of a text, and that it keeps none of it (WHO-07, WHO-51)."""

from __future__ import annotations

import gc
import json
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from guardrail.errors import RailFailed
from guardrail.rails import phi_model
from guardrail.rails.assess_features import BUCKETS, MAX_WORDS, features, words
from guardrail.rails.assess_labels import FLAGS, RISKS, TOPICS
from guardrail.rails.assess_model import Assessor, assessor, is_latin
from guardrail.rails.assess_pieces import MOST, READ, Pieces, plain
from guardrail.rails.signs import names, read

MODEL = assessor()
CANARY = "Zyxquorble Vantharion"


@pytest.mark.case("NLP-03")
def test_a_model_of_another_version_is_refused() -> None:
    """Tables and model belong together: names in another order would be read as other concepts."""
    source = phi_model.artefact()
    known = json.loads(source.content["assess.json"])
    for name in ("concepts", "risks", "topics", "flags"):
        changed = json.dumps({**known, name: list(reversed(known[name]))}).encode()
        other = replace(source, content={**source.content, "assess.json": changed})
        with pytest.raises(RailFailed) as failed:
            Assessor(other)
        assert failed.value.code == "model_corrupt"


@given(st.text(max_size=300))
def test_any_text_gets_a_judgement(text: str) -> None:
    """Risks are chances that sum to 1; topics and flags come from the closed lists."""
    seen = MODEL.judge(text)
    assert len(seen.risks) == len(RISKS)
    assert sum(seen.risks) == pytest.approx(1, abs=1e-3)
    assert set(seen.topics) <= set(TOPICS)
    assert set(seen.flags) <= set(FLAGS)


@pytest.mark.parametrize("text", ["", "   ", "\n", "...", "\ud800"])
def test_a_text_without_words_is_about_nothing(text: str) -> None:
    assert MODEL.judge(text).medical == 0


@given(st.text(max_size=400))
def test_the_features_are_those_of_the_words(text: str) -> None:
    """The same words give the same buckets, whatever stands between them; none is out of range."""
    found, plainer = features(text).tolist(), " ".join(words(text))
    assert all(0 <= bucket < BUCKETS for bucket in found)
    assume(words(plainer) == words(text))  # U+040E alone loses its accent first, then looks like a Latin letter
    assert found == features(plainer).tolist()


def test_of_a_long_text_the_beginning_and_the_end_are_read() -> None:
    text = " ".join(f"word{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}" for n in range(2 * MAX_WORDS))
    assert len(words(text)) == MAX_WORDS
    assert words(text)[0] == text.split()[0]
    assert words(text)[-1] == text.split()[-1]


@pytest.mark.parametrize(
    ("text", "latin"), [("chest pain", True), ("Fièvre à 39", True), ("胸口痛", False), ("боль", False), ("ألم", False)]
)
def test_the_reader_of_sentences_reads_latin_letters(text: str, latin: bool) -> None:
    assert is_latin(text) is latin


@given(st.text(max_size=2 * READ))
def test_of_any_text_some_pieces_are_read(text: str) -> None:
    """Numbers of the vocabulary or 0, at least one and not too many."""
    found = Pieces(["\u2581a", "a", "aa", "\u75bc"]).numbers(text)
    assert 1 <= len(found) <= MOST
    assert set(found) <= set(range(5))


@pytest.mark.parametrize(
    ("text", "read"), [("\u0926\u0930\u094d\u0926 \u0939\u0948\u0964", "dard hai."), ("\uff22\uff30 120", "bp 120")]
)
def test_letters_are_read_as_people_type_them(text: str, read: str) -> None:
    """Devanagari is read as Hindi in Latin letters is, wide letters as plain ones."""
    assert plain(text) == read


def test_a_cry_for_help_does_not_drown_in_a_letter() -> None:
    """One sentence in a thousand characters about a garden."""
    garden = "The tomatoes did well this year and the beans even better. "
    calm = MODEL.judge(garden * 16)
    cry = MODEL.judge(garden * 8 + "I want to end my life tonight, I have the pills here. " + garden * 8)
    assert calm.crisis < 0.1
    assert cry.crisis > 0.5


def test_nothing_of_a_text_is_kept() -> None:
    """Between two questions the model remembers a keyed hash and chances, no word."""
    MODEL.judge(f"my name is {CANARY} and my chest hurts")
    gc.collect()
    held = gc.get_referents(MODEL, MODEL.__dict__, *MODEL.__dict__.values())
    assert not any(isinstance(each, str) and "vantharion" in each.lower() for each in held)
    assert "Vantharion" not in repr(MODEL.__dict__.get("_last"))


def test_what_is_asked_twice_is_judged_once_and_alike() -> None:
    """Two rails ask about the same words."""
    first = MODEL.judge("can i take ibuprofen with lisinopril")
    assert MODEL.judge("can i take ibuprofen with lisinopril") is first
    MODEL.judge("something else")
    assert MODEL.judge("can i take ibuprofen with lisinopril") == first


def test_signs_tell_names_from_the_closed_list() -> None:
    seen = read("crushing chest pain, took 2 aspirin, BNP 1,240")
    assert seen.concepts <= set(names())
    assert "emergency.rf1" in seen.concepts
    assert [flag.label for flag in seen.raised] == ["emergency.rf1"]
    assert seen.between(0, 9) < seen.concepts
