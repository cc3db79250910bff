"""Where running text may be cut: at the ends of sentences and lines, and nowhere inside a word if it can be helped."""

from __future__ import annotations

import pytest

from guardrail.engine.holdback import Pace, Planner, Stretch
from guardrail.text import Span

PACE = Pace(min_gap=1, max_gap=80, context=64, max_hold=200)


def stretches(text: str, pace: Pace = PACE) -> list[Stretch]:
    planner = Planner(pace)
    return [*planner.push(text), *planner.finish()]


def new_words(text: str, pace: Pace = PACE) -> list[str]:
    return [text[each.begin : each.end] for each in stretches(text, pace)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Rest. Drink water.", ["Rest. ", "Drink water."]),
        ("Does it hurt? Yes! Then rest…  Now", ["Does it hurt? ", "Yes! ", "Then rest… ", " Now"]),
        ('She said "rest." Then she left.', ['She said "rest." ', "Then she left."]),
        ("It is **fine.** Rest.", ["It is **fine.** ", "Rest."]),
        ("Dr. Lopez and Mrs. J. Smith came.", ["Dr. Lopez and Mrs. J. Smith came."]),
        ("Take 1.5 mg, e.g. at 5 p.m. or later.", ["Take 1.5 mg, e.g. at 5 p.m. or later."]),
        ("See example.com. Then rest.", ["See example.com. ", "Then rest."]),
        ("1. Rest\n2. Drink", ["1. Rest\n", "2. Drink"]),
        ("He is 42. She is 40.", ["He is 42. ", "She is 40."]),
        ("Name: Maria\nAge: 40\r\nMRN", ["Name: Maria\n", "Age: 40\r\n", "MRN"]),
        ("Rest.\n\n\nDrink.", ["Rest.\n", "\n\nDrink."]),
        ("水を飲む。「はい。」薬", ["水を飲む。", "「はい。」", "薬"]),
        ("هل يؤلم؟ نعم", ["هل يؤلم؟ ", "نعم"]),
        ("", []),
    ],
)
def test_sentences_and_lines_end_where_a_reader_says(text: str, parts: list[str]) -> None:
    """An abbreviation, a dose or an address is not the end of a sentence."""
    found = new_words(text)
    assert [part for part in found if part] == parts


def test_a_long_sentence_is_cut_between_words() -> None:
    """A sentence without end doesn't keep the reader waiting; it is cut after a space, and marked as cut."""
    found = stretches("word " * 40)
    assert all(each.window.text.endswith(" ") for each in found)
    assert [each.soft for each in found] == [True, True, False]


def test_a_long_word_is_cut_hard() -> None:
    """Neither does a text without any space."""
    assert [len(part) for part in new_words("x" * 200)] == [80, 80, 40]


def test_a_window_shows_what_came_before() -> None:
    """A name is recognised by the words before it, also across a cut."""
    text = "The first sentence. The second sentence. The third."
    windows = [each.window for each in stretches(text, Pace(1, 80, 64, 200))]
    assert [window.text for window in windows] == [text[:20], text[:41], text]
    assert [window.final for window in windows] == [False, False, True]


def test_near_ends_are_passed_over() -> None:
    """A request is there as a whole: it is judged in few, large windows."""
    text = "One. Two. Three. Four. " * 10
    assert len(stretches(text, Pace(min_gap=100, max_gap=200, context=64, max_hold=1_000))) <= 3


def test_a_rewriter_sees_the_sentence_and_what_came_before() -> None:
    """What a rewriter may look at depends on the words alone."""
    planner = Planner(PACE)
    planner.push("First. I think it is fine. Third. ")
    assert planner.around(Span(7, 14)) == ("First. I think it is fine. ", 0)


@pytest.mark.parametrize("wrong", [(0, 80, 64, 200), (90, 80, 64, 200), (1, 80, 10, 200), (1, 80, 64, 144)])
def test_a_pace_that_can_not_be_kept_is_refused(wrong: tuple[int, int, int, int]) -> None:
    """A policy whose numbers contradict each other is refused at the door."""
    with pytest.raises(ValueError, match=r"pace|context|max_hold"):
        Pace(*wrong)


def test_what_was_said_long_ago_is_forgotten_but_for_its_surroundings() -> None:
    """Memory is bounded however long an answer is; what may still be asked for reads as before."""
    text = "Rest well. " * 60
    planner, kept = Planner(PACE), Planner(PACE)
    found = planner.push(text), kept.push(text)
    begin = found[0][-2].begin
    planner.forget(begin)
    assert planner.slice(0, begin - PACE.context) == ""
    assert planner.slice(begin - PACE.context, len(text)) == kept.slice(begin - PACE.context, len(text))
    span = Span(begin + 1, begin + 4)
    assert planner.around(span) == kept.around(span)
    assert planner.push("Go on. ") == kept.push("Go on. ")
    planner.forget(0)  # what is forgotten stays so
    assert planner.slice(0, 5) == ""
