"""What the proxy says itself, read by the provider's own SDK; and what of a provider's error may pass."""

from __future__ import annotations

import json
from typing import Any

import pytest
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from guardrail.dialects.base import Outgoing
from guardrail.dialects.openai_chat import OpenAIChat
from guardrail.errors import ClientError, RailLate, Unauthorized, UnknownRoute, UnreadablePayload, UpstreamTimeout
from tests.dialects.openai.recorded import ask

DIALECT = OpenAIChat()
OUTGOING = Outgoing("POST", "http://127.0.0.1/v1/chat/completions", {}, b"{}")


def error_of(body: bytes) -> dict[str, Any]:
    told = json.loads(body)["error"]
    assert set(told) == {"message", "type", "param", "code"}
    return dict(told)


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (UnreadablePayload("m", status=422, param="messages[0].role"), 422, "invalid_request_error"),
        (Unauthorized("m"), 401, "authentication_error"),
        (UnknownRoute("m"), 404, "invalid_request_error"),
        (ClientError("m", status=429), 429, "rate_limit_error"),
        (RailLate("m"), 503, "api_error"),
        (UpstreamTimeout("m"), 504, "api_error"),
    ],
)
def test_errors_of_ours_have_the_providers_shape(error: ClientError, status: int, kind: str) -> None:
    """An application handles our errors like the provider's."""
    reply = DIALECT.refuse(error)

    assert (reply.status, reply.content_type) == (status, "application/json")
    assert error_of(reply.body) == {"message": "m", "type": kind, "param": error.param, "code": error.code}


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({"type": "invalid_request_error", "code": "context_length_exceeded", "param": "messages.[0].content"},
         ("invalid_request_error", "context_length_exceeded", "messages.[0].content")),
        ({"type": "Maria Lopez", "code": "MRN-4821337", "param": "born 1941-02-03"}, ("api_error", None, None)),
        ({"type": None, "code": 429, "param": 3}, ("api_error", 429, None)),
        ({"code": 4821337}, ("api_error", None, None)),
        ({"code": "a" * 65}, ("api_error", None, None)),
        ({"type": "Garcia", "code": "garcia", "param": "Garcia"}, ("api_error", None, None)),
        ({"param": "garcia"}, ("api_error", None, None)),
        ({"param": "messages[0].garcia"}, ("api_error", None, None)),
        ({"param": "messages[4821337].content"}, ("api_error", None, None)),
        ({"param": "metadata.garcia"}, ("api_error", None, None)),
        ({"param": ""}, ("api_error", None, None)),
        ({"type": "BadRequestError", "code": 400, "param": "max_tokens"}, ("BadRequestError", 400, "max_tokens")),
        ({"type": "insufficient_quota", "code": "insufficient_quota", "param": "tools[1].function.parameters"},
         ("insufficient_quota", "insufficient_quota", "tools[1].function.parameters")),
        ("Maria Lopez", ("api_error", None, None)),
    ],
)  # fmt: skip
def test_a_providers_error_keeps_what_machines_read_and_loses_its_words(told: Any, kept: tuple[Any, ...]) -> None:
    """ "invalid content: Maria Lopez..." must not come back."""
    if isinstance(told, dict):
        told = {"message": "invalid content: Maria Lopez", "internal": "Maria", **told}
    reply = DIALECT.upstream_error(500, json.dumps({"error": told}).encode())
    error = error_of(reply.body)

    assert (error["type"], error["code"], error["param"]) == kept
    assert b"Maria" not in reply.body
    assert "500" in error["message"]


@pytest.mark.parametrize("body", [b"", b"<html>Maria</html>", b"[]", b'{"detail": "Maria"}', b"\xff\xfe", b'"Maria"'])
def test_an_unreadable_error_becomes_a_plain_one(body: bytes) -> None:
    """Whatever a provider answers with, the client gets an error object."""
    reply = DIALECT.upstream_error(400, body)

    assert reply.status == 400
    assert error_of(reply.body)["type"] == "invalid_request_error"
    assert b"Maria" not in reply.body


@pytest.mark.parametrize(("status", "shown"), [(399, 502), (400, 400), (429, 429), (599, 599), (600, 502), (302, 502)])
def test_a_providers_status_is_kept_if_it_is_an_error(status: int, shown: int) -> None:
    """A redirect is no answer."""
    assert DIALECT.upstream_error(status, b"").status == shown


def test_an_answer_of_ours_is_a_whole_answer() -> None:
    """The client's library reads it like any other, and can tell that it was stepped in for."""
    reply = DIALECT.answer(ask(), 'Call "112".')
    parsed = ChatCompletion.model_validate(json.loads(reply.body))

    assert (reply.status, reply.content_type) == (200, "application/json")
    assert parsed.choices[0].message.content == 'Call "112".'
    assert parsed.choices[0].finish_reason == "content_filter"
    assert parsed.model == "gpt-4o"
    assert parsed.id.startswith("chatcmpl-guardrail-")


def test_an_answer_of_ours_is_a_stream_if_a_stream_was_asked_for() -> None:
    """The same as events, ended properly."""
    reply = DIALECT.answer(ask(stream=True), "Call 112.")
    *events, done, rest = reply.body.split(b"\n\n")
    chunks = [ChatCompletionChunk.model_validate(json.loads(event.removeprefix(b"data: "))) for event in events]

    assert reply.content_type.startswith("text/event-stream")
    assert (done, rest) == (b"data: [DONE]", b"")
    assert "".join(each.choices[0].delta.content or "" for each in chunks) == "Call 112."
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-1].choices[0].finish_reason == "content_filter"


def test_the_providers_key_goes_into_the_bearer_header() -> None:
    """Without a key of the policy's, the client's own is passed on."""
    assert DIALECT.credentials("sk-1", OUTGOING) == (("authorization", "Bearer sk-1"),)
    assert DIALECT.credentials("", OUTGOING) == ()
