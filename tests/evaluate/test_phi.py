"""The figures of a redaction, worked out by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from guardrail.errors import ClientError
from guardrail.evaluate import phi
from guardrail.evaluate.figures import Report, Share
from guardrail.evaluate.lines import Line
from guardrail.evaluate.phi import Redacted
from guardrail.text import Span


def source(text: str, *marked: tuple[str, str], keep: tuple[str, ...] = (), **more: Any) -> phi.PhiText:
    values = [{"text": value, "label": label, "occurrence": 1} for value, label in marked]
    return phi.parse(Line(1, {"id": "x", "text": text, "phi": values, "must_keep": list(keep), **more}))


def redact(text: str, *values: str, by: str = "[X]") -> Redacted:
    """The first copy of each value is taken out."""
    spans = sorted(Span(text.find(value), text.find(value) + len(value)) for value in values)
    out, at = "", 0
    for span in spans:
        out, at = out + text[at : span.start] + by, span.end
    return Redacted(out + text[at:], tuple(spans))


def one(text: phi.PhiText, result: Redacted) -> Report:
    return phi.score([(text, result)])


NOTE = "Maria Lopez, MRN 48210933, takes 500 mg."
LABELLED = (("Maria Lopez", "NAME"), ("48210933", "MRN"))


def test_half_a_name_left_is_a_leak() -> None:
    """11 + 8 code points of PHI; "Maria" (5) is taken out, "Lopez" is read by the model."""
    report = one(source(NOTE, *LABELLED, keep=("500 mg",)), redact(NOTE, "Maria", "48210933"))
    assert report.figures == {
        "leak": Share(1, 2),
        "leak_full": Share(0, 2),
        "full_cover": Share(1, 2),
        "character_recall": Share(5 + 8, 11 + 8),
        "texts_leaking": Share(1, 1),
        "over_redaction": Share(0, 1),
        "clean_changed": Share(0, 0),
        "words_lost": Share(0, 4),
    }
    assert report.groups["label"]["NAME"]["leak"] == Share(1, 1)
    assert report.groups["label"]["MRN"]["leak"] == Share(0, 1)
    assert [(each.what, each.label, each.start, each.end) for each in report.failures] == [("leak", "NAME", 0, 11)]


def test_nothing_left_and_nothing_else_gone() -> None:
    report = one(source(NOTE, *LABELLED, keep=("500 mg",)), redact(NOTE, "Maria Lopez", "48210933"))
    values = {name: figure.value for name, figure in report.figures.items()}
    assert values == {
        "leak": 0, "leak_full": 0, "full_cover": 1, "character_recall": 1, "texts_leaking": 0, "over_redaction": 0,
        "clean_changed": None, "words_lost": 0,
    }  # fmt: skip
    assert report.failures == ()


def test_a_harmless_rest_is_not_covered_and_not_a_leak() -> None:
    """The year of a date may stay (Safe Harbor); it still shows in how much was covered."""
    text = "Seen 03/14/2024."
    report = one(source(text, ("03/14/2024", "DATE")), redact(text, "03/14/"))
    assert report.figures["leak"] == Share(0, 1)
    assert report.figures["character_recall"] == Share(6, 10)
    assert [each.what for each in report.failures] == ["not covered"]


def test_will_the_verb_is_no_leak_of_will_the_patient() -> None:
    text = "Will Ashe will come."
    assert one(source(text, ("Will Ashe", "NAME")), redact(text, "Will Ashe")).figures["leak"] == Share(0, 1)


def test_will_the_verb_hides_no_leak_of_will_the_patient() -> None:
    text = "Will Ashe will come."
    assert one(source(text, ("Will Ashe", "NAME")), redact(text, "Ashe")).figures["leak"] == Share(1, 1)


def test_one_copy_left_of_two_is_a_leak() -> None:
    text = "Lopez came. Ask Lopez."
    assert one(source(text, ("Lopez", "NAME")), Redacted("[X] came. Ask Lopez.", (Span(0, 5),))).figures[
        "leak"
    ] == Share(0, 1), "the second copy is not marked as PHI"
    both = phi.PhiText("x", text, tuple(phi.Identifier(Span(a, a + 5), "NAME") for a in (0, 16)))
    assert one(both, Redacted("[X] came. Ask Lopez.", (Span(0, 5),))).figures["leak"] == Share(2, 2)


def test_what_must_stay_and_does_not() -> None:
    report = one(source(NOTE, *LABELLED, keep=("500 mg",)), redact(NOTE, "Maria Lopez", "48210933", "500"))
    assert report.figures["over_redaction"] == Share(1, 1)
    assert report.figures["words_lost"] == Share(1, 4)
    assert [(each.what, each.start, each.end) for each in report.failures] == [("over-redaction", 33, 39)]


def test_white_space_alone_changes_no_clean_text() -> None:
    clean = source("Rest and  drink.")
    assert one(clean, Redacted("Rest and drink.\n", ())).figures["clean_changed"] == Share(0, 1)
    changed = one(clean, redact("Rest and  drink.", "Rest"))
    assert changed.figures["clean_changed"] == Share(1, 1)
    assert [(each.what, each.start, each.end) for each in changed.failures] == [("clean text changed", 0, 4)]


def test_by_language_and_register() -> None:
    texts = [source("Rest.", lang="en", register="sms"), source("Descanse.", lang="es", register="sms")]
    report = phi.score((text, Redacted(text.text, ())) for text in texts)
    assert set(report.groups["language"]) == {"en", "es"}
    assert report.groups["register"]["sms"]["clean_changed"] == Share(0, 2)


def test_the_public_format_says_the_same() -> None:
    spans = [{"start": 0, "end": 11, "label": "NAME"}, {"start": 17, "end": 25, "label": "MRN"}]
    public = phi.parse(Line(1, {"id": "x", "text": NOTE, "spans": spans}))
    assert public == source(NOTE, *LABELLED)


def test_the_second_copy_can_be_meant() -> None:
    values = [{"text": "Ann", "label": "NAME", "occurrence": 2}]
    parsed = phi.parse(Line(1, {"id": "x", "text": "Ann, not Ann.", "phi": values}))
    assert parsed.phi == (phi.Identifier(Span(9, 12), "NAME"),)


def test_only_some_labels_count() -> None:
    """What the product keeps on purpose is neither a leak nor makes a text clean."""
    spans = [{"start": 0, "end": 5, "label": "SEX"}]
    parsed = phi.parse(Line(1, {"text": "Woman here.", "spans": spans}), frozenset({"NAME"}))
    assert (parsed.phi, parsed.clean, parsed.id) == ((), False, "1")


@pytest.mark.parametrize(
    "values",
    [
        {"text": "x"},
        {"text": "x", "phi": [], "spans": []},
        {"text": "x", "spans": [{"start": 0, "end": 2, "label": "NAME"}]},
        {"text": "x", "spans": [{"start": 1, "end": 1, "label": "NAME"}]},
        {"text": "x", "spans": [{"start": True, "end": 1, "label": "NAME"}]},
        {"text": "x", "spans": [{"start": 0, "end": 1, "label": "Maria Lopez was here"}]},
        {"text": "x", "spans": ["NAME"]},
        {"text": "x", "phi": [{"text": "y", "label": "NAME", "occurrence": 1}]},
        {"text": "x", "phi": [{"text": "x", "label": "NAME", "occurrence": 2}]},
        {"text": "x", "phi": [{"text": "", "label": "NAME", "occurrence": 1}]},
        {"text": "x", "phi": [], "must_keep": ["y"]},
        {"text": "x", "phi": [], "must_keep": "x"},
        {"text": "x", "phi": [], "lang": "Maria Lopez was here"},
        {"text": 7, "phi": []},
        {"text": "\ud800", "phi": []},
        {"id": [1], "text": "x", "phi": []},
    ],
    ids=lambda values: json.dumps(values)[:60],
)
def test_a_line_that_makes_no_sense_is_refused_without_its_words(values: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as caught:
        phi.parse(Line(1, values))
    assert "Lopez" not in caught.value.message
