"""The analyzer process by itself: it answers, and it never outlives the proxy or its alarm."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from guardrail.engine import messages
from guardrail.engine.analyzer import Analyzer
from guardrail.rails.base import About, Window
from tests.engine.toys import build

TOYS = f"{build.__module__}:{build.__name__}"


def asking(text: str) -> messages.Message:
    return messages.inspect([(Window(text), About(), ("trouble",))])


@contextmanager
def process(seconds: float) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "guardrail.engine.analyzer", TOYS, str(seconds)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        try:
            yield child
        finally:
            child.kill()


def say(child: subprocess.Popen[bytes], message: messages.Message) -> None:
    assert child.stdin is not None
    child.stdin.write(messages.write(message))
    child.stdin.flush()


def test_it_answers_with_the_number_of_the_question() -> None:
    """An answer can't be taken for the answer to another question."""
    analyzer = Analyzer(build)
    assert analyzer.answer(messages.load([("trouble", {})], 1.0) | {"serial": 1}) == {"serial": 1}
    found = analyzer.answer(asking("Maria") | {"serial": 2})
    assert (found["serial"], found["found"]) == (2, [[[0, 5, "trouble", "NAME", 0.9]]])


def test_a_rail_that_is_not_there_is_an_answer() -> None:
    """A check that can't be made is said to be failed, never left out."""
    assert Analyzer(build).answer(asking("Maria"))["code"] == "rail_missing"


def test_its_alarm_ends_it_inside_a_regular_expression() -> None:
    """A text that keeps it busy for ever ends it, even if the proxy is gone and nobody kills it."""
    with process(0.5) as child:
        say(child, messages.load([("trouble", {})], 30.0))
        say(child, asking("LOOP"))
        assert child.wait(30) == -signal.SIGALRM


def test_it_ends_when_the_proxy_is_gone() -> None:
    """A closed input is the end: no process stays behind with patients' words."""
    with process(5) as child:
        say(child, messages.load([("trouble", {})], 30.0))
        assert child.stdout is not None
        child.stdout.readline()
        assert child.stdin is not None
        child.stdin.close()
        assert child.wait(30) == 0
