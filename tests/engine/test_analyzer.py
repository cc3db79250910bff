"""The analyzer by itself: it answers, and it never outlives the proxy or its alarm."""

from __future__ import annotations

import multiprocessing
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from guardrail.engine import messages
from guardrail.engine.analyzer import Analyzer, Late, serve
from guardrail.rails.base import About, Window
from tests.engine.toys import build

TOYS = f"{build.__module__}:{build.__name__}"


def analyzer() -> Analyzer:
    made = Analyzer(Late(TOYS))
    made.load([("trouble", {})])
    return made


def asking(text: str) -> messages.Message:
    return messages.inspect([(Window(text), About(), ("trouble",))])


def work(line: socket.socket, seconds: float) -> None:
    serve(analyzer(), line, seconds)


@contextmanager
def process(seconds: float) -> Iterator[tuple[multiprocessing.process.BaseProcess, socket.socket]]:
    ours, theirs = socket.socketpair()
    child = multiprocessing.get_context("spawn").Process(target=work, args=(theirs, seconds))
    child.start()
    theirs.close()
    with ours:
        try:
            with ours.makefile("rb") as told:
                assert messages.read(told.readline()) == {"serial": 0}
            yield child, ours
        finally:
            child.kill()
            child.join()


def test_it_answers_with_the_number_of_the_question() -> None:
    """An answer can't be taken for the answer to another question."""
    found = analyzer().answer(asking("Maria") | {"serial": 2})
    assert (found["serial"], found["found"]) == (2, [[[0, 5, "trouble", "NAME", 0.9]]])


def test_a_rail_that_is_not_there_is_an_answer() -> None:
    """A check that can't be made is said to be failed, never left out."""
    assert Analyzer(build).answer(asking("Maria"))["code"] == "rail_missing"


def test_its_alarm_ends_it_inside_a_regular_expression() -> None:
    """A text that keeps it busy for ever ends it, even if the proxy is gone and nobody kills it."""
    with process(0.5) as (child, line):
        line.sendall(messages.write(asking("LOOP")))
        child.join(30)
        assert child.exitcode == -signal.SIGALRM


def test_it_ends_when_the_proxy_is_gone() -> None:
    """A closed input is the end: no process stays behind with patients' words."""
    with process(5) as (child, line):
        line.close()
        child.join(30)
        assert child.exitcode == 0
