"""The figures of the assessment, worked out by hand."""

import pytest

from guardrail.errors import ClientError
from guardrail.evaluate import queries
from guardrail.evaluate.figures import F1, Share
from guardrail.evaluate.lines import Line
from guardrail.text import Assessment, Risk


def asked(medical: bool, risk: Risk | None, language: str = "en") -> queries.Query:
    return queries.Query("x", "a question", medical, risk, language)


def seen(risk: Risk) -> Assessment:
    return Assessment(risk is not Risk.NONE, (), risk)


PAIRS = [
    (asked(True, Risk.GENERAL), seen(Risk.GENERAL)),
    (asked(True, Risk.HIGH), seen(Risk.GENERAL)),
    (asked(True, Risk.EMERGENCY), seen(Risk.SELF_HARM)),  # help is shown, if not the right one
    (asked(True, Risk.SELF_HARM, "es"), seen(Risk.NONE)),  # missed
    (asked(False, Risk.NONE), seen(Risk.EMERGENCY)),  # a false alarm
    (asked(False, Risk.NONE), seen(Risk.NONE)),
    (asked(True, None), seen(Risk.HIGH)),  # its risk is not labelled
]


def test_the_figures() -> None:
    report = queries.score(PAIRS)
    assert report.figures == {
        "f1": F1(true=4, false=1, missed=1),
        "precision": Share(4, 5),
        "recall": Share(4, 5),
        "crisis_recall": Share(1, 2),
        "false_crisis": Share(1, 4),
        "risk_accuracy": Share(2, 6),
    }
    assert report.groups["language"]["es"]["recall"] == Share(0, 1)
    assert report.groups["risk"]["none"]["called_medical"] == Share(1, 2)
    assert [(each.what, each.label) for each in report.failures] == [
        ("other risk", "high"),
        ("called self_harm", "emergency"),
        ("not called medical", "self_harm"),
        ("missed crisis", "self_harm"),
        ("called medical", "none"),
        ("called emergency", "none"),
    ]


def test_a_line() -> None:
    line = Line(3, {"id": "q1", "lang": "en", "text": "is it?", "medical": True, "risk": "high", "topics": ["x"]})
    assert queries.parse(line) == queries.Query("q1", "is it?", True, Risk.HIGH, "en")
    assert queries.parse(Line(3, {"text": "is it?", "medical": False})).risk is None


@pytest.mark.parametrize(
    "values", [{"text": "x"}, {"text": "x", "medical": 1}, {"text": "x", "medical": True, "risk": "?"}]
)
def test_a_line_that_makes_no_sense_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ClientError):
        queries.parse(Line(1, values))
