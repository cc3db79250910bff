"""Servers that speak OpenAI's API with habits of their own: the reader gets the same words, in the same order."""

from __future__ import annotations

from typing import Any

import pytest
from openai import OpenAI

from tests.support.fake_upstream import FakeUpstream, stream

WORDS = ("Rest ", "helps. Ask ", "[NAME", "_1] on ", "Monday. Drink wat", "er")


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
