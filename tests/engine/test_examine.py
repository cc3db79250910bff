"""A rail is believed only as far as its findings make sense."""

from __future__ import annotations

import pytest

from guardrail.engine import messages
from guardrail.engine.examine import examine
from guardrail.errors import RailFailed
from guardrail.rails.base import About, Window
from guardrail.text import Assessment, Direction, Kind, Risk, Role
from tests.engine.toys import PHI

JOBS = [(Window("Maria"), About()), (Window("Lopez"), About())]


def test_what_is_sent_is_what_is_read() -> None:
    """Text and what is known about it reach the analyzer unchanged."""
    about = About(
        Direction.RESPONSE, Role.TOOL, Kind.DATA, "es", "patient", "US", Assessment(True, ("dose",), Risk.HIGH)
    )
    jobs = [(Window("\ud800\x00 Ärztin\u2028\n", 7, final=False), about), *JOBS]
    line = messages.write(messages.inspect(jobs, ["phi"]))
    assert line.count(b"\n") == 1
    assert messages.read_jobs(messages.read(line)) == jobs


@pytest.mark.parametrize(
    "reply",
    [
        {},
        {"found": []},
        {"found": [[[]]]},
        {"found": [[[], [[0, 6, "NAME", 0.9]]]]},
        {"found": [[[], [[-1, 2, "NAME", 0.9]]]]},
        {"found": [[[], [[3, 2, "NAME", 0.9]]]]},
        {"found": [[[], [[0, 1.5, "NAME", 0.9]]]]},
        {"found": [[[], [[0, True, "NAME", 0.9]]]]},
        {"found": [[[], [[0, 1, "NAME", 1.1]]]]},
        {"found": [[[], [[0, 1, "Maria Lopez", 0.9]]]]},
        {"found": [[[], [[0, 1, "NAME"]]]]},
        {"found": 7},
        {"failed": "the rail phi failed (ValueError)"},
    ],
)
def test_an_answer_that_makes_no_sense_is_a_failure(reply: messages.Message) -> None:
    """Whatever the analyzer says that can't be true means: not inspected."""
    with pytest.raises(RailFailed) as caught:
        messages.read_findings(reply, JOBS, ["phi"])
    assert "Maria" not in repr(caught.value)


@pytest.mark.parametrize("line", [b"", b"{}", b"not json\n", b"[]\n", b"\xff\n"])
def test_a_line_that_is_no_message_is_a_failure(line: bytes) -> None:
    """Half a line means that the analyzer died while it spoke."""
    with pytest.raises(RailFailed):
        messages.read(line)


def test_a_finding_survives_the_way() -> None:
    """What is found there is what is known here."""
    jobs = [(Window("call 555-1234"), About())]
    found = messages.read(messages.write(messages.found([examine(PHI, jobs)], [0.1])))
    assert messages.read_findings(found, jobs, ["phi"]) == examine(PHI, jobs)
