"""Requests to APIs that a policy describes: what is named is what it says, all the rest is inspected in full."""

from __future__ import annotations

import json
from typing import Any

import pytest

from guardrail.dialects.base import Ask
from guardrail.dialects.generic.request import GenericRequest
from guardrail.dialects.settings import DEFAULTS, Settings
from guardrail.errors import PayloadTooLarge, UnreadablePayload
from guardrail.text import Kind, Role
from tests.specimens.generic import GENERIC_LINES, GENERIC_LLM, HOUSE_LLM, dialect

ASK = Ask({"model": "house-1"})


def read(body: Any, settings: Settings = DEFAULTS) -> GenericRequest:
    request = GENERIC_LLM.make(settings).read_request(json.dumps(body).encode(), ASK)
    assert isinstance(request, GenericRequest)
    return request


def kinds(request: GenericRequest) -> dict[str, tuple[Kind, Role]]:
    return {segment.address: (segment.kind, segment.role) for segment in request.segments()}


TALK: dict[str, Any] = {
    "messages": [
        {"role": "rules", "content": "Be kind."},
        {"role": "human", "content": "My name is Ann."},
        {"role": "bot", "content": "Hello.", "calls": [{"name": "find_bed", "arguments": {"for": "Ann"}}]},
        {"role": "program", "content": '{"bed": "7"}'},
        {"role": "human", "content": "And now?", "attached": {"note": "a long note"}},
    ],
    "persona": "You are a nurse's helper.",
    "meta": {"ward": "4 B", "age": 94},
    "task": "chat",
    "user": "u-17",
    "strange": ["kept in mind"],
}


def test_each_string_has_the_kind_and_the_voice_that_the_policy_says() -> None:
    found = kinds(read(TALK))
    assert found["/messages/0/content"] == (Kind.PROSE, Role.SYSTEM)
    assert found["/messages/1/content"] == (Kind.PROSE, Role.USER)
    assert found["/messages/2/content"] == (Kind.PROSE, Role.ASSISTANT)
    assert found["/messages/2/calls/0/name"] == (Kind.FIXED, Role.ASSISTANT)
    assert found["/messages/2/calls/0/arguments/*0"] == (Kind.DATA, Role.ASSISTANT)
    assert found["/messages/3/content~json/*0"] == (Kind.DATA, Role.TOOL)
    assert found["/persona"] == (Kind.PROSE, Role.SYSTEM)
    assert found["/meta/*1"] == (Kind.DATA, Role.USER)
    assert found["/task"] == (Kind.FIXED, Role.USER)
    assert found["/user"] == (Kind.TOKEN, Role.USER)


def test_what_is_not_named_is_inspected_in_full() -> None:
    """A description that forgets something leaks nothing."""
    found = kinds(read(TALK))
    assert found["/messages/4/*2/*0"] == (Kind.DATA, Role.USER)
    assert found["/messages/4/*2:key"][0] is Kind.FIXED
    assert found["/*5/0"] == (Kind.DATA, Role.USER)


def test_the_model_may_stand_in_the_path_or_in_the_body() -> None:
    assert read(TALK).model == "house-1"
    request = GENERIC_LINES.make(DEFAULTS).read_request(b'{"text": "Hi", "model": "m1"}')
    assert (request.model, request.segments()[-1].kind) == ("m1", Kind.FIXED)


def test_the_turn_is_the_last_run_of_the_user() -> None:
    """And what the user says outside of messages, in a form perhaps."""
    assert set(read(TALK).turn) == {
        *("/messages/4/content", "/messages/4/*2/*0", "/meta/*0", "/meta/*1", "/user", "/*5/0")
    }


def test_the_policy_may_say_what_the_turn_is() -> None:
    request = GENERIC_LINES.make(DEFAULTS).read_request(b'{"text": "Now?", "note": "before", "said_before": ["Hm"]}')
    assert list(request.turn) == ["/text"]


def test_words_of_whoever_is_not_told_are_the_users() -> None:
    """So a cry for help is heard even where no role is described."""
    make = dialect("x", {"path": "/x", "request": {"prose": "$.q"}, "answer": {}})
    request = make(DEFAULTS).read_request(b'{"q": "Hi", "form": {"mood": "I want to die"}}')
    assert {segment.role for segment in request.segments()} == {Role.USER}
    assert list(request.turn) == ["/q", "/*1/*0"]


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"messages": [{"role": "narrator", "content": "x"}]}, "unknown_role", "messages[0].role"),
        ({"messages": [{"content": "x"}]}, "unknown_role", "messages[0].role"),
        ({"messages": [None]}, "missing_field", "messages[0]"),
        ({"messages": [{"role": "human", "content": {"text": "x"}}]}, "invalid_type", "messages[0].content"),
        ({"messages": [{"role": "human", "content": 7}]}, "invalid_type", "messages[0].content"),
        ({"prompt": "x", "ids": list(range(20))}, "token_array", "*"),
        ({"words": "x"}, "missing_field", "messages.content"),
        ({"messages": []}, "missing_field", "messages.content"),
        ({}, "missing_field", "messages.content"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_field(body: Any, code: str, field: str) -> None:
    """Where no words stand where the policy says that they do, it describes another API."""
    with pytest.raises(UnreadablePayload) as caught:
        read(body)
    assert (caught.value.code, caught.value.http_status) == (code, 422)
    assert (caught.value.param or "").startswith(field)


def test_too_many_messages_are_refused() -> None:
    with pytest.raises(PayloadTooLarge):
        read({"messages": [{"role": "human", "content": "x"}] * 3}, Settings(max_messages=2))


def test_a_reference_is_told() -> None:
    (reference,) = read({"prompt": "x", "session": "s-1"}).references
    assert (reference.kind, reference.name) == ("session", "s-1")


def test_what_the_policy_sets_is_sent() -> None:
    sent = json.loads(read({"prompt": "x", "log": True}).to_bytes())
    assert sent == {"prompt": "x", "log": False}


def test_structured_and_streamed_are_told_by_the_policy() -> None:
    assert read({"prompt": "x", "format": "json"}).structured
    assert not read({"prompt": "x", "format": "text"}).structured
    lines = GENERIC_LINES.make(DEFAULTS)
    assert lines.read_request(b'{"text": "x", "streaming": true}').stream
    assert not lines.read_request(b'{"text": "x", "streaming": false}').stream
    assert dialect("house-llm", HOUSE_LLM, streams=True)(DEFAULTS).read_request(b'{"prompt": "x"}').stream
