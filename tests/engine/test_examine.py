"""A rail is believed only as far as its findings make sense."""

from __future__ import annotations

import pytest

from guardrail.engine import messages
from guardrail.engine.examine import examine, examine_all
from guardrail.errors import RailFailed
from guardrail.rails.base import About, Window
from guardrail.text import Assessment, Direction, Kind, Risk, Role
from tests.engine.toys import PHI, VOICE

JOBS = [(Window("Maria"), About(), ("phi",)), (Window("Lopez"), About(), ("phi",))]


def test_what_is_sent_is_what_is_read() -> None:
    """Text and what is known about it reach the analyzer unchanged."""
    about = About(
        Direction.RESPONSE, Role.TOOL, Kind.DATA, "es", "patient", "US", Assessment(True, ("dose",), Risk.HIGH)
    )
    jobs = [(Window("\ud800\x00 Ärztin\u2028\n", 7, final=False), about, ("phi", "persona")), *JOBS]
    line = messages.write(messages.inspect(jobs))
    assert line.count(b"\n") == 1
    assert messages.read_jobs(messages.read(line)) == jobs


@pytest.mark.parametrize(
    "reply",
    [
        {},
        {"found": []},
        {"found": [[]]},
        {"found": [[], [[0, 1, "persona", "NAME", 0.9]]]},
        {"found": [[], [[0, 6, "phi", "NAME", 0.9]]]},
        {"found": [[], [[-1, 2, "phi", "NAME", 0.9]]]},
        {"found": [[], [[3, 2, "phi", "NAME", 0.9]]]},
        {"found": [[], [[0, 1.5, "phi", "NAME", 0.9]]]},
        {"found": [[], [[0, True, "phi", "NAME", 0.9]]]},
        {"found": [[], [[0, 1, "phi", "NAME", 1.1]]]},
        {"found": [[], [[0, 1, "phi", "Maria Lopez", 0.9]]]},
        {"found": [[], [[0, 1, "phi", "NAME"]]]},
        {"found": 7},
        {"failed": "the rail phi failed (ValueError)"},
    ],
)
def test_an_answer_that_makes_no_sense_is_a_failure(reply: messages.Message) -> None:
    """Whatever the analyzer says that can't be true means: not inspected."""
    with pytest.raises(RailFailed) as caught:
        messages.read_findings(reply, JOBS)
    assert "Maria" not in repr(caught.value)


@pytest.mark.parametrize("line", [b"", b"{}", b"not json\n", b"[]\n", b"\xff\n"])
def test_a_line_that_is_no_message_is_a_failure(line: bytes) -> None:
    """Half a line means that the analyzer died while it spoke."""
    with pytest.raises(RailFailed):
        messages.read(line)


def test_a_finding_survives_the_way() -> None:
    """What is found there is what is known here."""
    window = Window("call 555-1234")
    found = messages.read(messages.write(messages.found([examine(PHI, window, About())], {"phi": 0.1})))
    jobs = [(window, About(), ("phi",))]
    assert messages.read_findings(found, jobs) == [examine(PHI, window, About())]
    assert messages.read_times(found, jobs) == [("phi", 0.1)]


def test_every_window_is_seen_by_its_own_rails() -> None:
    """What a user says is looked at more closely than a date of birth in a form; both go in one message."""
    rails = {"phi": PHI, "persona": VOICE}
    text = Window("I think that Maria called.")
    found, took = examine_all(rails, [(text, About(), ("phi", "persona")), (text, About(), ("persona",))])
    assert [[each.label for each in one] for one in found] == [["NAME", "opinion"], ["opinion"]]
    assert set(took) == set(rails)


def test_a_rail_that_is_missing_fails_the_whole_look() -> None:
    """A check that can't be made is never left out."""
    with pytest.raises(RailFailed):
        examine_all({"phi": PHI}, [*JOBS, (Window("Maria"), About(), ("phi", "absent"))])


@pytest.mark.parametrize("took", [None, [], {}, {"phi": "long"}, {"phi": None}])
def test_times_that_make_no_sense_are_a_failure(took: object) -> None:
    """An analyzer that lies about its work is not believed about its findings."""
    with pytest.raises(RailFailed):
        messages.read_times({"found": [[], []], "took": took}, JOBS)
