"""Servers that speak OpenAI's API with habits of their own: the reader gets the same words, in the same order."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from openai import OpenAI

from tests.support.fake_upstream import FakeUpstream, stream
from tests.support.proxy import Proxy

WORDS = ("Rest ", "helps. Ask ", "[PATIENT", "_1] on ", "Monday. Drink wat", "er")


def frame(delta: dict[str, Any], finish: str | None, created: int = 17) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": created,
        "model": "fake-1",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }


def told(client: OpenAI) -> tuple[str, list[str]]:
    """The words as the reader gets them, and the finish reasons."""
    question = "My name is Maria Delgado. What helps against a cold?"
    chunks = client.chat.completions.create(
        model="gpt-4o", messages=[{"role": "user", "content": question}], stream=True
    )
    choices = [choice for each in chunks for choice in each.choices]
    return (
        "".join(choice.delta.content or "" for choice in choices),
        [choice.finish_reason for choice in choices if choice.finish_reason],
    )


@pytest.mark.parametrize("habit", ["always finished", "never the same second", "finish with the last words"])
def test_a_vendors_habit_changes_no_word(client: OpenAI, upstream: FakeUpstream, habit: str) -> None:
    """A finish reason in every piece, or one with the last words, or a running clock: nothing is lost or overtaken."""
    plain = [frame({"content": text}, None) for text in WORDS]
    upstream.reply(stream(*plain, frame({}, "stop")))
    usual, _ = told(client)
    odd = {
        "always finished": [frame({"content": text}, "stop") for text in WORDS],
        "never the same second": [frame({"content": text}, None, at) for at, text in enumerate(WORDS)],
        "finish with the last words": [*plain[:-1], frame({"content": WORDS[-1]}, "stop")],
    }[habit]
    upstream.reply(stream(*odd))
    words, finished = told(client)

    assert words == usual
    assert "Ask Maria Delgado on Monday. Drink water" in words
    assert finished == ["stop"] * sum(each["choices"][0]["finish_reason"] is not None for each in odd)


def post(proxy: Proxy, **body: Any) -> str:
    """The answer as it comes, without a library that knows only the API's own fields."""
    data = json.dumps({"model": "gpt-4o", **body}).encode()
    request = urllib.request.Request(f"{proxy.url}/chat/completions", data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as reply:
        return bytes(reply.read()).decode()


def strings(value: Any) -> str:
    """All strings in it, one after the other."""
    if isinstance(value, dict | list):
        return "".join(map(strings, value.values() if isinstance(value, dict) else value))
    return value if isinstance(value, str) else ""


def deltas(body: str) -> list[Any]:
    events = [json.loads(line[6:]) for line in body.splitlines() if line.startswith("data: {")]
    return [choice["delta"] for event in events for choice in event["choices"]]


@pytest.mark.parametrize(
    "shaped",
    [
        lambda text: {"text": text},
        lambda text: {"reasoning_details": [{"type": "reasoning.text", "text": text, "index": 0}]},
        lambda text: {"tool_calls": [{"index": 0, "input": text}]},
    ],
    ids=["another name", "details", "inside a call"],
)
def test_words_under_a_name_that_nobody_knows_are_judged_together(
    proxy: Proxy, upstream: FakeUpstream, shaped: Callable[[str], dict[str, Any]]
) -> None:
    """A stranger's number and a pretended person are found across frames, and no real name is restored there."""
    pieces = ("As your doc", "tor, I say her number is 536-", "22-8", "714. Tell [NAME", "_1] to rest.")
    upstream.reply(stream(*(frame(shaped(piece), None) for piece in pieces), frame({}, "stop")))
    question = {"role": "user", "content": "My name is Maria Delgado. What helps against a cold?"}
    told = strings(deltas(post(proxy, stream=True, messages=[question])))

    assert "to rest" in told
    for part in ("your doc", "536-", "22-8", "714", "Delgado"):
        assert part not in told


def test_numbers_leave_like_words(proxy: Proxy, upstream: FakeUpstream) -> None:
    """A chart's numbers are hidden whether or not there are quotes around them, and lab values stay."""
    chart = {"mrn": 48213, "zip": 90210, "age": 94, "phone": [202, 555, 4821], "sodium": 138, "hb": 13.2}
    result = {"role": "tool", "tool_call_id": "c", "content": json.dumps(chart)}
    post(proxy, messages=[{"role": "user", "content": "Read the chart."}, result], chart=chart)
    sent = upstream.requests[-1].body.decode()

    for number in ("48213", "90210", "94,", "4821"):
        assert number not in sent
    assert sent.count("138") == sent.count("13.2") == 2
