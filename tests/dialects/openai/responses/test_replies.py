"""What the proxy says by itself, read by OpenAI's own library. No network: the transport is a function."""

from __future__ import annotations

from typing import Any

import httpx2
import openai
import pytest

from guardrail.dialects.base import Reply
from guardrail.errors import GuardrailError, RailFailed, UnreadablePayload
from tests.dialects.openai.responses.talk import DIALECT, read

JSON_ASKED: dict[str, Any] = {"text": {"format": {"type": "json_object"}}}


def client(reply: Reply) -> openai.OpenAI:
    """An application's client whose provider always gives this reply."""
    response = httpx2.Response(reply.status, content=reply.body, headers={"content-type": reply.content_type})
    transport = httpx2.MockTransport(lambda _: response)
    http = httpx2.Client(transport=transport)
    return openai.OpenAI(api_key="sk-test", base_url="http://localhost/v1", max_retries=0, http_client=http)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("asked", [{}, JSON_ASKED], ids=["text", "structured"])
def test_answers_of_ours(stream: bool, asked: Any) -> None:
    """They are read like any answer; where JSON is due, they are a refusal."""
    sdk = client(DIALECT.answer(read(stream=stream, **asked), "Call 112."))
    if stream:
        with sdk.responses.stream(model="m", input="x") as told:
            got: Any = told.get_final_response()
    else:
        got = sdk.responses.create(model="m", input="x")
    (part,) = got.output[0].content
    assert (part.type, got.status, got.model) == ("refusal" if asked else "output_text", "completed", "gpt-5")
    assert (part.refusal if asked else part.text) == "Call 112."


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (
            UnreadablePayload("m", code="unknown_role", param="input[0].role", status=422),
            openai.UnprocessableEntityError,
        ),
        (RailFailed("m"), openai.InternalServerError),
    ],
)
def test_errors_are_the_ones_that_an_application_knows(
    error: GuardrailError, raised: type[openai.APIStatusError]
) -> None:
    """Existing error handling works, with code and field."""
    with pytest.raises(raised) as caught:
        client(DIALECT.refuse(error)).responses.create(model="m", input="x")
    assert (caught.value.code, caught.value.param) == (error.code, error.param)


def test_the_providers_error_names_fields_of_this_api_only() -> None:
    """A field is passed on if a row leads to it; anything else could be a name."""
    for param, passed in (("input[0].content", True), ("text.format.schema", True), ("jane.roe", False)):
        body = b'{"error":{"message":"Jane Roe","type":"invalid_request_error","param":"%s","code":"Jane"}}'
        reply = DIALECT.upstream_error(400, body % param.encode())
        assert (param.encode() in reply.body) is passed
        assert b"Jane" not in reply.body
