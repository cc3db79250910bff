"""Whole answers of APIs that a policy describes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from guardrail.dialects.base import Outgoing
from guardrail.dialects.generic.answer import GenericAnswer
from guardrail.dialects.settings import DEFAULTS
from guardrail.errors import ClientError, UpstreamBroken
from guardrail.text import Kind
from tests.specimens.generic import GENERIC_LINES, GENERIC_LLM, dialect


def read(body: Any, **question: Any) -> GenericAnswer:
    made = GENERIC_LLM.make(DEFAULTS)
    request = made.read_request(json.dumps({"prompt": "Hi", **question}).encode())
    answer = made.read_response(json.dumps(body).encode(), request)
    assert isinstance(answer, GenericAnswer)
    return answer


def test_what_is_named_is_restored_and_the_rest_is_not() -> None:
    answer = read(
        {"output": {"text": "Rest.", "reasoning": "Hm."}, "sources": ["x y"], "more": "Take a good rest now."}
    )
    found = {segment.address: (segment.kind, segment.tool, segment.opens) for segment in answer.segments()}
    assert found == {
        "/output/text": (Kind.PROSE, "", True),
        "/output/reasoning": (Kind.PROSE, "", False),
        "/sources/0": (Kind.DATA, "", False),
        "/*2": (Kind.PROSE, "?", False),
    }


def test_alternatives_have_a_notice_each() -> None:
    made = GENERIC_LINES.make(DEFAULTS)
    request = made.read_request(b'{"text": "Hi"}')
    answer = made.read_response(json.dumps({"answers": [{"text": "A"}, {"text": "B"}]}).encode(), request)
    assert [segment.opens for segment in answer.segments()] == [True, True]


def test_parts_have_one_notice() -> None:
    made = dialect("x", {"path": "/x", "answer": {"prose": "$.parts[*]", "body": {"parts": ["{text}"]}}})(DEFAULTS)
    answer = made.read_response(b'{"parts": ["A", "B"]}', made.read_request(b"{}"))
    assert [segment.opens for segment in answer.segments()] == [True, False]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"output": {"text": None}}, True),
        ({"output": {"text": ""}}, True),
        ({"output": {"text": "Rest."}}, False),
        ({"output": {}}, False),
        ({"output": None}, False),
        ({}, False),
    ],
)
def test_an_answer_without_words_can_be_given_some(body: Any, said: bool) -> None:
    answer = read(body)
    assert answer.say("Call 112.") is said
    if said:
        assert json.loads(answer.to_bytes())["output"]["text"] == "Call 112."


def test_a_call_is_told_with_its_tool() -> None:
    (use,) = read({"output": {"text": ""}, "calls": [{"name": "prescribe", "arguments": {"drug": "x"}}]}).tool_uses
    assert use.tool == "prescribe"


def test_structured_words_are_read_as_json() -> None:
    answer = read({"output": {"text": '{"name": "Ann", "advice": "Take a good rest now."}'}}, format="json")
    assert [segment.kind for segment in answer.segments() if not segment.address.endswith(":key")] == [
        Kind.DATA,
        Kind.PROSE,
    ]


def test_what_the_provider_keeps_is_told() -> None:
    assert read({"output": {"text": "x"}, "session": "s-1"}).keeps == [("session", "s-1")]


@pytest.mark.parametrize("text", [7, True, ["x"], {"a": "x"}])
def test_words_of_another_type_break_the_answer(text: object) -> None:
    with pytest.raises(UpstreamBroken):
        read({"output": {"text": text}})


def test_an_api_that_gives_no_words_answers_with_an_error() -> None:
    """Vectors, scores: nothing could be said in them."""
    made = dialect("scores", {"path": "/score", "request": {"data": "$.rows"}, "answer": {}})(DEFAULTS)
    assert not made.speaks
    reply = made.answer(made.read_request(b'{"rows": ["a b"]}'), "This answer is withheld.")
    assert reply.status == 403
    assert json.loads(reply.body)["error"]["message"] == "This answer is withheld."
    answer = made.read_response(b'{"scores": [0.25, 0.5, 1, 2, 3, 4, 5]}', made.read_request(b'{"rows": ["a"]}'))
    assert answer.segments() == ()


def test_errors_have_the_shape_of_the_policy() -> None:
    error = ClientError("Too long.", code="too_long", param="text")
    assert json.loads(GENERIC_LLM.make(DEFAULTS).refuse(error).body) == {
        "error": {"message": "Too long.", "code": "too_long", "param": "text"}
    }
    reply = GENERIC_LINES.make(DEFAULTS).upstream_error(429, b'{"failure": {"why": "Jane Roe", "code": "Jane"}}')
    assert reply.status == 429
    assert json.loads(reply.body)["failure"] == {
        "why": "The provider answered 429.",
        "code": "upstream_error",
        "field": None,
        "status": 429,
    }


def test_the_key_goes_where_the_policy_says() -> None:
    outgoing = Outgoing("POST", "http://x", {}, b"")
    assert GENERIC_LLM.make(DEFAULTS).credentials("k", outgoing) == (("authorization", "Bearer k"),)
    assert GENERIC_LINES.make(DEFAULTS).credentials("k", outgoing) == (("x-api-key", "k"),)
    assert GENERIC_LINES.make(DEFAULTS).credentials("", outgoing) == ()
