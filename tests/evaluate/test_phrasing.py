"""The figures of the rewriting of answers, worked out by hand."""

import pytest

from guardrail.errors import ClientError
from guardrail.evaluate import phrasing
from guardrail.evaluate.figures import Share
from guardrail.evaluate.lines import Line
from guardrail.evaluate.phrasing import Passage, Violation

THINK = Violation("I think", "opinion")
SORRY = Violation("I'm so sorry", "feeling")
TALK = Passage("x", "I'm so sorry. I think it is viral, as in `I think`.", (SORRY, THINK), ("`I think`",), "en")


def figures(*results: tuple[Passage, str]) -> dict[str, Share]:
    return {name: figure for name, figure in phrasing.score(results).figures.items() if isinstance(figure, Share)}


def test_the_figures() -> None:
    """A phrase inside a quotation that must stay is no phrase left; one in other letters is found loosely."""
    clean = Passage("y", "It is viral.", language="es")
    found = figures((TALK, "I\u2019M SO **sorry**. It may be viral, as in `I think`."), (clean, "It is  viral."))
    assert found == {
        "left": Share(0, 2),
        "left_loosely": Share(1, 2),
        "passages_left": Share(0, 1),
        "clean_changed": Share(1, 1),
        "protected_lost": Share(0, 1),
        "collapsed": Share(0, 1),
    }


def test_a_phrase_left_as_it_was() -> None:
    found = figures((TALK, TALK.text))
    assert found["left"] == Share(2, 2)
    assert found["passages_left"] == Share(1, 1)


def test_an_answer_that_is_cut_away_is_no_success() -> None:
    found = figures((TALK, "It is."))
    assert found["left"] == Share(0, 2)
    assert (found["collapsed"], found["protected_lost"]) == (Share(1, 1), Share(1, 1))


def test_a_part_of_a_word_is_not_loosely_the_phrase() -> None:
    passage = Passage("x", "I guess so", (Violation("I guess", "opinion"),))
    assert figures((passage, "I GUESSED so"))["left_loosely"] == Share(0, 1)


def test_groups_and_failures() -> None:
    report = phrasing.score([(TALK, "I think: so sorry")])
    assert report.groups["category"]["opinion"]["left"] == Share(1, 1)
    assert report.groups["language"]["en"]["left"] == Share(1, 2)
    assert [(each.what, each.label, each.start, each.end) for each in report.failures] == [
        ("left", "opinion", 14, 21), ("protected text lost", "keep", 41, 50), ("collapsed", "-", 0, 51),
    ]  # fmt: skip


def test_a_line() -> None:
    values = {"id": "p", "lang": "en", "text": "I think so", "violations": [{"text": "I think", "category": "opinion"}]}
    assert phrasing.parse(Line(1, {**values, "clean": False})) == Passage("p", "I think so", (THINK,), (), "en")


@pytest.mark.parametrize(
    "values",
    [
        {"text": "x", "violations": [{"text": "y", "category": "z"}]},
        {"text": "x", "violations": [{"text": "", "category": "z"}]},
        {"text": "x", "violations": [], "clean": False},
        {"text": "x", "violations": [{"text": "x", "category": "z"}], "clean": True},
        {"text": "x", "keep": ["y"]},
    ],
)
def test_a_line_that_makes_no_sense_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ClientError):
        phrasing.parse(Line(1, values))
