"""WHO-51: who writes of taking their life reads where help is, whatever goes wrong with the model's answer."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.matrix.conftest import Told, head_of_stream, headers_of, streamed
from tests.siege.house import SPECIMENS, STREAMERS, Caller, House, Siege
from tests.siege.own import alone
from tests.specimens.base import Specimen
from tests.support.fake_upstream import Gate, chunk, raw

pytestmark = pytest.mark.timeout(300)

DANGER = "I want to kill myself tonight."
HELP = b"befrienders.org"
WORDS = "Please wait for a moment and breathe. It will pass soon, as it has before. " * 6


@pytest.fixture(scope="module")
def hurried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose checks and records may take a second only."""
    file: Path = tmp_path_factory.mktemp("hurried") / "policy.yaml"
    with alone(file, limits={"rail_deadline_seconds": 1.0}, audit={"deadline_seconds": 1.0}) as house:
        yield house


def meanwhile(s: Siege, specimen: Specimen, data: bytes, happens: Callable[[], None]) -> Told:
    """The answer to somebody in danger, if this happens after the provider was asked and before its first word."""
    assert specimen.stream_path and specimen.stream_question
    gate, told = Gate(), list[Told]()
    s.reply(raw(head_of_stream(specimen), gate, chunk(data), b"0\r\n\r\n"))
    path, body, headers = specimen.stream_path, specimen.stream_question(DANGER), headers_of(specimen)

    def ask() -> None:
        with Caller(s.proxy.port, 60) as caller:
            told.append(caller.ask(path, json.dumps(body).encode(), headers))

    asking = threading.Thread(target=ask)
    asking.start()
    assert gate.reached.wait(30)
    happens()
    gate.open()
    asking.join(60)
    return told[0]


def shown(s: Siege) -> list[str]:
    """What the record of the last exchange says that its reader was told."""
    return [each["kind"] for each in s.outcomes(1)[-1].get("shown", ())]


@pytest.mark.parametrize("name", STREAMERS)
def test_the_check_of_the_first_words_is_late(hurried: House, name: str) -> None:
    """The answer ends with the error of its dialect; before it stands the way to help, and the record says so."""
    specimen = SPECIMENS[name]
    assert specimen.stream and specimen.stream_fails
    stopped = hurried.proxy.analyzers()

    def stop() -> None:
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)

    with hurried.siege() as s:
        told = meanwhile(s, specimen, specimen.stream([WORDS, "There."]), stop)
        for pid in stopped:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        hurried.proxy.wait_ready()
        assert told.body.count(HELP) == (4 if name == "openai.responses" else 1), told.body  # which says it again
        assert specimen.stream_fails(told.body)
        assert b"Please wait" not in told.body
        assert "self_harm" in shown(s)


@pytest.mark.parametrize("name", STREAMERS)
def test_the_log_can_not_be_written_and_the_answer_comes_in_one_piece(hurried: House, name: str) -> None:
    """Nothing of the model's is given out; the way to help is."""
    specimen = SPECIMENS[name]
    assert specimen.stream and specimen.stream_fails
    with hurried.siege(without={"I2"}) as s, closing(sqlite3.connect(hurried.proxy.data / "audit.db")) as held:
        told = meanwhile(s, specimen, specimen.stream(["Please wait.", "There."]), lambda: lock(held))
        held.rollback()
        hurried.proxy.wait_ready()
        assert told.body.count(HELP) == (4 if name == "openai.responses" else 1), told.body  # which says it again
        assert specimen.stream_fails(told.body)
        assert b"Please wait" not in told.body


def lock(database: sqlite3.Connection) -> None:
    database.execute("begin exclusive")


def openai_piece(kind: str, choice: int, text: str, words: Mapping[str, Any]) -> Mapping[str, Any]:
    reason = "stop" if text.endswith("!") else None
    return {"id": "c", "object": kind, "created": 1, "model": "m", "choices": [
        {"index": choice, **words, "finish_reason": reason}]}  # fmt: skip


def chat_piece(choice: int, text: str) -> Mapping[str, Any]:
    return openai_piece("chat.completion.chunk", choice, text, {"delta": {"content": text}})


def completion_piece(choice: int, text: str) -> Mapping[str, Any]:
    return openai_piece("text_completion", choice, text, {"text": text})


def gemini_piece(choice: int, text: str) -> Mapping[str, Any]:
    last = {"finishReason": "STOP"} if text.endswith("!") else {}
    content = {"role": "model", "parts": [{"text": text}]}
    return {"candidates": [{"index": choice, "content": content, **last}], "modelVersion": "g"}


def heard(body: bytes) -> dict[int, str]:
    """By choice, its words."""
    out: dict[int, str] = {}
    for event in (json.loads(line[6:]) for line in body.splitlines() if line.startswith(b"data: {")):
        for each in event.get("choices") or event.get("candidates") or ():
            parts = (each.get("content") or {}).get("parts") or ()
            text = each.get("text") or (each.get("delta") or {}).get("content") or "".join(p["text"] for p in parts)
            out[each.get("index", 0)] = out.get(each.get("index", 0), "") + text
    return out


SEVERAL: Mapping[str, tuple[Callable[[int, str], Mapping[str, Any]], Mapping[str, Any]]] = {
    "openai.chat": (chat_piece, {"n": 2}),
    "openai.completions": (completion_piece, {"n": 2}),
    "gemini.generate": (gemini_piece, {"generationConfig": {"candidateCount": 2}}),
}


@pytest.mark.parametrize("question", [DANGER, "Which floor is radiology on?"], ids=["danger", "floor"])
@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("name", SEVERAL)
def test_whichever_of_two_answers_speaks_first(house: House, name: str, first: int, question: str) -> None:
    """Each of them is marked, and whoever is shown the first one reads where help is."""
    specimen = SPECIMENS[name]
    piece, more = SEVERAL[name]
    assert specimen.stream_question
    said = [piece(at, text) for text in ("Please rest. ", "All is well!") for at in (first, 1 - first)]
    data = b"".join(b"data: %s\n\n" % json.dumps(each).encode() for each in said)
    data += b"" if name.startswith("gemini") else b"data: [DONE]\n\n"
    with house.siege() as s:
        s.reply(streamed(specimen, data))
        told = s.ask(specimen, {**specimen.stream_question(question), **more}, stream=True)
        words = heard(told.body)
        assert words.keys() == {0, 1}
        assert all(each.count("generated by a machine") == 1 for each in words.values()), words
        assert question != DANGER or words[0].count(HELP.decode()) == 1, words
