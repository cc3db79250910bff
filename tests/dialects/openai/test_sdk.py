"""The provider's own client library reads what the dialect writes. No network: the transport is a function."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import openai
import pytest

from guardrail.dialects.base import Reply
from guardrail.dialects.openai_chat import OpenAIChat
from guardrail.errors import AnswerWithheld, GuardrailError, RailFailed, UnreadablePayload
from tests.dialects.openai.recorded import ask, load, pass_on
from tests.dialects.streams import opened

DIALECT = OpenAIChat()


def client(reply: Reply) -> openai.OpenAI:
    """An application's client whose provider always gives this reply."""
    response = httpx2.Response(reply.status, content=reply.body, headers={"content-type": reply.content_type})
    transport = httpx2.MockTransport(lambda _: response)
    return openai.OpenAI(
        api_key="sk-test",
        base_url="http://localhost/v1",
        max_retries=0,
        http_client=httpx2.Client(transport=transport),
    )


def streamed(body: bytes) -> Iterator[str]:
    reply = Reply(200, body, "text/event-stream")
    with client(reply) as sdk:
        for chunk in sdk.chat.completions.create(model="m", messages=[{"role": "user", "content": "x"}], stream=True):
            yield from (choice.delta.content or "" for choice in chunk.choices)


def test_a_stream_with_an_insertion_and_a_changed_word() -> None:
    """A notice in front and a name put back read like one answer."""
    codec = opened(DIALECT, ask())
    frames = codec.feed(load("plain.sse"))
    body = codec.write(frames[0], [], []) + codec.insert(frames[1], "choices/0/content", "Notice. ")
    body += codec.write(frames[1], ['"Rest" é'], []) + pass_on(codec, frames[2:])

    assert "".join(streamed(body)) == 'Notice. "Rest" é helps, é\n"so"'


def test_a_terminal_error_is_raised_in_the_application() -> None:
    """An incomplete answer can't be taken for a complete one."""
    codec = opened(DIALECT, ask())
    body = pass_on(codec, codec.feed(load("plain.sse"))[:3]) + codec.error(AnswerWithheld("withheld"))
    words: list[str] = []
    with pytest.raises(openai.APIError, match="withheld"):
        words.extend(streamed(body))


def test_tool_calls_of_a_stream_come_together() -> None:
    """The client puts the pieces of arguments together as it always does."""
    codec = opened(DIALECT, ask())
    body = pass_on(codec, codec.feed(load("tools.sse")))
    sdk = client(Reply(200, body, "text/event-stream"))
    with sdk.chat.completions.stream(model="m", messages=[{"role": "user", "content": "x"}]) as stream:
        calls = stream.get_final_completion().choices[0].message.tool_calls or []

    assert [(call.function.name, call.function.arguments) for call in calls] == [
        ("find_patient", '{"name": "[NAME_1]"}'),
        ("weather", "{}"),
    ]


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (
            UnreadablePayload("m", code="unknown_role", param="messages[0].role", status=422),
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
        client(DIALECT.refuse(error)).chat.completions.create(model="m", messages=[{"role": "user", "content": "x"}])

    assert (caught.value.code, caught.value.param) == (error.code, error.param)


@pytest.mark.parametrize("stream", [False, True])
def test_answers_of_ours(stream: bool) -> None:
    """What the proxy says instead of the model is read like any answer."""
    reply = DIALECT.answer(ask(stream=stream), "Call 112.")
    if stream:
        assert "".join(streamed(reply.body)) == "Call 112."
    else:
        answer = client(reply).chat.completions.create(model="m", messages=[{"role": "user", "content": "x"}])
        assert answer.choices[0].message.content == "Call 112."
