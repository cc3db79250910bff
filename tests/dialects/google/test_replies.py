"""What the proxy says itself in Gemini's shapes, and what of a provider's error may pass."""

from __future__ import annotations

import json
from typing import Any

import pytest
from google.genai import types

from guardrail.dialects.base import Ask, Outgoing, Reply
from guardrail.dialects.google.dialect import GeminiGenerate
from guardrail.errors import ClientError, RailLate, Unauthorized, UnknownRoute, UnreadablePayload, UpstreamTimeout
from tests.specimens.base import sse_bodies
from tests.specimens.gemini import is_error

DIALECT = GeminiGenerate()
OUTGOING = Outgoing("POST", "http://127.0.0.1/v1beta/models/m:generateContent", {}, b"{}")
GOOGLE = "type.googleapis.com/google.rpc."


def error_of(reply: Reply) -> dict[str, Any]:
    body = json.loads(reply.body)
    assert is_error(body)
    assert next(iter(body)) == "error"
    return dict(body["error"])


@pytest.mark.parametrize(
    ("error", "status", "word"),
    [
        (UnreadablePayload("m", status=422, param="contents[0].parts[0].text"), 422, "INVALID_ARGUMENT"),
        (Unauthorized("m"), 401, "UNAUTHENTICATED"),
        (UnknownRoute("m"), 404, "NOT_FOUND"),
        (ClientError("m", status=429), 429, "RESOURCE_EXHAUSTED"),
        (RailLate("m"), 503, "UNAVAILABLE"),
        (UpstreamTimeout("m"), 504, "DEADLINE_EXCEEDED"),
    ],
)
def test_errors_of_ours_have_the_providers_shape(error: ClientError, status: int, word: str) -> None:
    """An application handles our errors like the provider's; a machine reads code and field."""
    reply = DIALECT.refuse(error)
    told = error_of(reply)

    assert (reply.status, told["code"], told["status"], told["message"]) == (status, status, word, "m")
    (info,) = told["details"]
    assert (info["reason"], info["domain"], info["metadata"].get("field")) == (error.code, "guardrail", error.param)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({"code": 429, "status": "RESOURCE_EXHAUSTED"}, (429, "RESOURCE_EXHAUSTED", None)),
        ({"code": 4821337, "status": "Garcia"}, (500, "INTERNAL", None)),
        ({"code": "Garcia"}, (500, "INTERNAL", None)),
        ("Maria Lopez", (500, "INTERNAL", None)),
        (
            {"details": [{"@type": f"{GOOGLE}DebugInfo", "detail": "Maria"}, "Maria", {"@type": 3}]},
            (500, "INTERNAL", None),
        ),
        (
            {"details": [{"@type": f"{GOOGLE}ErrorInfo", "reason": "API_KEY_INVALID", "metadata": {"who": "Maria"}}]},
            (
                500,
                "INTERNAL",
                [{"@type": f"{GOOGLE}ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.com"}],
            ),
        ),
        ({"details": [{"@type": f"{GOOGLE}ErrorInfo", "reason": "MARIA"}]}, (500, "INTERNAL", None)),
        (
            {"details": [{"@type": f"{GOOGLE}RetryInfo", "retryDelay": "34.5s"}]},
            (500, "INTERNAL", [{"@type": f"{GOOGLE}RetryInfo", "retryDelay": "34.5s"}]),
        ),
        ({"details": [{"@type": f"{GOOGLE}RetryInfo", "retryDelay": "Maria"}]}, (500, "INTERNAL", None)),
    ],
)
@pytest.mark.parametrize("wrap", [lambda body: body, lambda body: [body]], ids=["whole", "array"])
def test_a_providers_error_keeps_what_machines_read_and_loses_its_words(told: Any, kept: Any, wrap: Any) -> None:
    """Its words may echo the prompt (UPS-01). Of a stream that never began, it comes in a list."""
    if isinstance(told, dict):
        told = {"message": "invalid content: Maria Lopez", **told}
    reply = DIALECT.upstream_error(500, json.dumps(wrap({"error": told})).encode())
    error = error_of(reply)

    assert (error["code"], error["status"], error.get("details")) == kept
    assert b"Maria" not in reply.body


@pytest.mark.parametrize("body", [b"", b"<html>Maria</html>", b"[]", b'{"detail": "Maria"}', b"\xff\xfe", b'"Maria"'])
def test_an_unreadable_error_becomes_a_plain_one(body: bytes) -> None:
    """Whatever a provider answers with, the client gets an error object."""
    reply = DIALECT.upstream_error(400, body)

    assert error_of(reply)["status"] == "INVALID_ARGUMENT"
    assert b"Maria" not in reply.body


@pytest.mark.parametrize(("status", "shown"), [(399, 502), (400, 400), (429, 429), (599, 599), (600, 502), (302, 502)])
def test_a_providers_status_is_kept_if_it_is_an_error(status: int, shown: int) -> None:
    """A redirect is no answer."""
    assert DIALECT.upstream_error(status, b"").status == shown


def answered(dialect: GeminiGenerate, alt: str = "", **config: Any) -> Reply:
    body = {"contents": [{"parts": [{"text": "hello"}]}], "generationConfig": config}
    ask = Ask({"model": "gemini-2.5-flash"}, {"alt": alt} if alt else {})
    return dialect.answer(dialect.read_request(json.dumps(body).encode(), ask), 'Call "112".')


def test_an_answer_of_ours_is_whole_or_a_stream_as_it_was_asked_for() -> None:
    """The client's library reads it like any other, and can tell that it was stepped in for."""
    whole, events = answered(DIALECT), answered(GeminiGenerate(streams=True), "sse")
    array = answered(GeminiGenerate(streams=True))

    assert events.content_type.startswith("text/event-stream")
    assert (whole.content_type, array.content_type) == ("application/json", "application/json")
    for body in (json.loads(whole.body), *sse_bodies(events.body), *json.loads(array.body)):
        parsed = types.GenerateContentResponse.model_validate(body)
        assert parsed.text == 'Call "112".'
        assert parsed.model_version == "gemini-2.5-flash"
        assert parsed.candidates
        assert parsed.candidates[0].finish_reason is types.FinishReason.SAFETY


def test_where_json_was_asked_for_there_is_no_answer_but_a_reason() -> None:
    """A program must not read our words as its data."""
    parsed = types.GenerateContentResponse.model_validate(
        json.loads(answered(DIALECT, responseMimeType="application/json").body)
    )

    assert parsed.text is None
    assert parsed.prompt_feedback
    assert parsed.prompt_feedback.block_reason_message == 'Call "112".'


def test_where_the_providers_key_goes() -> None:
    """Without a key of the policy's, the client's own is passed on."""
    assert DIALECT.credentials("k", OUTGOING) == (("x-goog-api-key", "k"),)
    assert GeminiGenerate(bearer=True).credentials("k", OUTGOING) == (("authorization", "Bearer k"),)
    assert DIALECT.credentials("", OUTGOING) == ()
