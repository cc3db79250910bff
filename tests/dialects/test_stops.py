"""Why an answer ends, in the words of all providers (WHO-41)."""

from __future__ import annotations

from typing import Any

import pytest

from guardrail.dialects.stops import kind_of, stops
from guardrail.events import CUT, FILTERED, Stop

CHOICES = ("/choices/*/finish_reason",)


@pytest.mark.parametrize(
    "reason",
    [
        *("length", "max_tokens", "MAX_TOKENS", "max_output_tokens", "model_length", "LENGTH", "TIMEOUT"),
        "model_context_window_exceeded",
    ],
)
def test_an_answer_that_was_cut_off(reason: str) -> None:
    assert kind_of(reason) == CUT


@pytest.mark.parametrize(
    "reason",
    [
        *("content_filter", "SAFETY", "RECITATION", "content_filtered", "refusal", "guardrail_intervened"),
        *("PROHIBITED_CONTENT", "CONTENT_FILTERED", "SPII"),
    ],
)
def test_an_answer_of_which_a_part_was_withheld(reason: str) -> None:
    assert kind_of(reason) == FILTERED


@pytest.mark.parametrize(
    "reason", ["stop", "end_turn", "STOP", "tool_calls", "COMPLETE", "FINISHED", "pause_turn", "a word of tomorrow"]
)
def test_an_end_in_good_order_and_words_that_nobody_knows(reason: str) -> None:
    """A note under every answer of a new provider would soon be read by nobody."""
    assert kind_of(reason) == ""


def test_each_choice_ends_for_itself() -> None:
    """By its own number in a stream, where a frame has some of them only; by its place in a whole answer."""
    top: Any = {"choices": [{"index": 2, "finish_reason": "length"}, {"index": 0, "finish_reason": None}, "odd"]}
    assert stops(top, CHOICES, numbered=True) == (Stop(CUT, 2),)
    assert stops(top, CHOICES) == (Stop(CUT, 0),)


@pytest.mark.parametrize("top", [{}, {"choices": None}, {"choices": {}}, {"choices": [{"finish_reason": 7}]}, [], None])
def test_without_a_reason_nothing_has_ended(top: Any) -> None:
    assert stops(top, CHOICES) == ()
