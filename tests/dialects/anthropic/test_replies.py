"""What the proxy says itself, read by the provider's own SDK; and what of a provider's error may pass."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import anthropic
import httpx2
import pytest
from anthropic.types import Message

from guardrail.dialects.anthropic import replies
from guardrail.dialects.base import Outgoing, Reply
from guardrail.dialects.catalog import lookup
from guardrail.errors import (
    ClientError,
    GuardrailError,
    PayloadTooLarge,
    RailLate,
    Unauthorized,
    UnknownRoute,
    UnreadablePayload,
    UpstreamTimeout,
)
from guardrail.wire.headers import check_query
from tests.dialects.anthropic.talk import DIALECT, ask

OUTGOING = Outgoing("POST", "http://127.0.0.1/v1/messages", {}, b"{}")
SCHEMA: Any = {"format": {"type": "json_schema", "schema": {"type": "object"}}}


def client(reply: Reply) -> anthropic.Anthropic:
    """An application's client whose provider always gives this reply."""
    response = httpx2.Response(reply.status, content=reply.body, headers={"content-type": reply.content_type})
    http = httpx2.Client(transport=httpx2.MockTransport(lambda _: response))
    return anthropic.Anthropic(api_key="sk", base_url="http://localhost", max_retries=0, http_client=http)


def create(reply: Reply) -> Message:
    return client(reply).messages.create(model="m", max_tokens=9, messages=[{"role": "user", "content": "x"}])


def stream(reply: Reply) -> Message:
    sdk = client(reply)
    with sdk.messages.stream(model="m", max_tokens=9, messages=[{"role": "user", "content": "x"}]) as events:
        return events.get_final_message()


@pytest.mark.parametrize(("read", "streamed"), [(create, False), (stream, True)], ids=["whole", "stream"])
@pytest.mark.parametrize(("more", "reason"), [({}, "end_turn"), ({"output_config": SCHEMA}, "refusal")])
def test_answers_of_ours(read: Callable[[Reply], Message], streamed: bool, more: Any, reason: str) -> None:
    """What the proxy says instead of the model is read like any answer, and is known by its id."""
    answered = read(DIALECT.answer(ask(stream=streamed, **more), 'Call "112".'))

    assert [(block.type, getattr(block, "text", "")) for block in answered.content] == [("text", 'Call "112".')]
    assert answered.stop_reason == reason
    assert answered.id.startswith("msg_guardrail_")
    assert answered.model == "claude-x"


@pytest.mark.parametrize(
    ("error", "status", "kind", "raised"),
    [
        (UnreadablePayload("m", status=422, param="messages[0].role"), 422, "invalid_request_error",
         anthropic.UnprocessableEntityError),
        (Unauthorized("m"), 401, "authentication_error", anthropic.AuthenticationError),
        (ClientError("m", status=403), 403, "permission_error", anthropic.PermissionDeniedError),
        (UnknownRoute("m"), 404, "not_found_error", anthropic.NotFoundError),
        (PayloadTooLarge("m"), 413, "request_too_large", anthropic.APIStatusError),
        (ClientError("m", status=429), 429, "rate_limit_error", anthropic.RateLimitError),
        (RailLate("m"), 503, "api_error", anthropic.InternalServerError),
        (UpstreamTimeout("m"), 504, "timeout_error", anthropic.InternalServerError),
    ],
)  # fmt: skip
def test_errors_of_ours_have_the_providers_shape(
    error: GuardrailError, status: int, kind: str, raised: type[anthropic.APIStatusError]
) -> None:
    """An application handles our errors like the provider's, and reads which field it was."""
    with pytest.raises(raised) as caught:
        create(DIALECT.refuse(error))

    told: Any = caught.value.body
    assert caught.value.status_code == status
    assert (told["type"], told["error"]["type"], told["error"]["message"]) == ("error", kind, "m")
    assert (told["error"]["code"], told["error"].get("param")) == (error.code, error.param)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({"type": "error", "error": {"type": "overloaded_error", "message": "Ann"}}, ("overloaded_error", None)),
        ({"error": {"type": "Ann"}, "request_id": "Ann Lee"}, ("api_error", None)),
        ({"error": "Ann", "request_id": "req_011CSHoEeqs5C35K2UUqR7Fy"}, ("api_error", "req_011CSHoEeqs5C35K2UUqR7Fy")),
        ({"error": {"type": 7, "details": {"a": "Ann"}}}, ("api_error", None)),
        (["Ann"], ("api_error", None)),
    ],
)
def test_a_providers_error_keeps_what_machines_read_and_loses_its_words(told: Any, kept: tuple[Any, ...]) -> None:
    """ "invalid content: Maria Lopez..." must not come back."""
    reply = DIALECT.upstream_error(500, json.dumps(told).encode())
    error = json.loads(reply.body)

    assert (error["error"]["type"], error.get("request_id")) == kept
    assert b"Ann" not in reply.body
    assert "500" in error["error"]["message"]


@pytest.mark.parametrize("body", [b"", b"<html>Ann</html>", b"[]", b"\xff\xfe", b'"Ann"'])
def test_an_unreadable_error_becomes_a_plain_one(body: bytes) -> None:
    """Whatever a provider answers with, the client gets an error object."""
    reply = DIALECT.upstream_error(400, body)

    assert json.loads(reply.body) == replies.error_object("invalid_request_error", "The provider answered 400.")


@pytest.mark.parametrize(("status", "shown"), [(399, 502), (400, 400), (529, 529), (600, 502), (302, 502)])
def test_a_providers_status_is_kept_if_it_is_an_error(status: int, shown: int) -> None:
    """A redirect is no answer."""
    assert DIALECT.upstream_error(status, b"").status == shown


def test_the_key_goes_into_its_header() -> None:
    """And an empty key nowhere."""
    assert DIALECT.credentials("sk-1", OUTGOING) == (("x-api-key", "sk-1"),)
    assert DIALECT.credentials("", OUTGOING) == ()


@pytest.mark.parametrize(
    ("path", "name"), [("/v1/messages", "messages"), ("/v1/messages/count_tokens", "count_tokens")]
)
def test_the_paths_that_are_served(path: str, name: str) -> None:
    """On the provider's own paths; older clients of its betas say so in the query."""
    found = lookup("POST", path)

    assert found.dialect.name == f"anthropic.{name}"
    assert check_query(b"beta=true", found.route.query) == {"beta": "true"}
    for query in (b"beta=Ann", b"name=Ann", b"beta=true&beta=true"):
        with pytest.raises(ClientError):
            check_query(query, found.route.query)
    for other in ("/v1/messages/batches", "/v1/files", "/v1/complete"):
        with pytest.raises(UnknownRoute):
            lookup("POST", other)
