"""No question is dropped, and none is answered twice (WHO-77)."""

from __future__ import annotations

import pytest

from guardrail.report.verdicts import Outcome, Verdicts


def test_each_question_gets_its_place() -> None:
    verdicts = Verdicts(["a", "b", "c", "d"])
    verdicts.nothing("d", "looked at")
    verdicts.found("b", "differs")
    verdicts.failed("a", "missed")
    verdicts.not_computed("c", "too few")
    closed = verdicts.close()

    assert {outcome: [each.about for each in rows] for outcome, rows in closed.items()} == {
        Outcome.FOUND: ["b"],
        Outcome.FAILED: ["a", "c"],
        Outcome.NOTHING: ["d"],
    }
    assert [each.computed for each in closed[Outcome.FAILED]] == [True, False]


def test_a_question_without_an_answer_stops_the_report() -> None:
    verdicts = Verdicts(["a", "b"])
    verdicts.nothing("a", "looked at")
    with pytest.raises(ValueError, match="no verdict on 1 questions, the first is b"):
        verdicts.close()


def test_a_second_answer_is_refused_and_so_is_one_that_nobody_asked_for() -> None:
    verdicts = Verdicts(["a"])
    verdicts.failed("a", "missed")
    with pytest.raises(ValueError, match="second verdict"):
        verdicts.nothing("a", "all is well")
    with pytest.raises(ValueError, match="nobody asked"):
        verdicts.nothing("b", "all is well")
    with pytest.raises(ValueError, match="asked twice"):
        Verdicts(["a", "a"])
