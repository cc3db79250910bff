"""Mistral's fields in OpenAI's tables, and its own endpoint, against the `mistralai` SDK's own types."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal, Required

import pytest
from mistralai.client import models as sdk

from guardrail.dialects.base import Dialect, StreamCodec
from guardrail.dialects.mistral import fim
from guardrail.dialects.mistral.fim import MistralFim
from guardrail.dialects.openai import fields
from guardrail.dialects.openai_chat import OpenAIChat
from guardrail.dialects.table import Field
from guardrail.errors import ClientError, UpstreamBroken
from guardrail.text import Role
from tests.dialects.checks import check_answers, check_frames, check_requests, refused_words, undeclared
from tests.dialects.sdk_types import planted
from tests.dialects.streams import opened
from tests.dialects.wire_types import Wire
from tests.specimens.base import sse, sse_bodies

WIRE = Wire(
    {
        "ChatCompletionRequest.tools": list[sdk.Tool],
        "ChatCompletionStreamRequest.tools": list[sdk.Tool],
        "ToolCall.type": Literal["function"],
        "ToolChoice.type": Literal["function"],
        "ResponseFormat.type": Required[sdk.ResponseFormats],
        "UserMessage.content": Required[sdk.UserMessageContent],
        "ToolMessage.content": Required[sdk.ToolMessageContent],
        "ChatCompletionResponse.object": Literal["chat.completion"],
        "FIMCompletionResponse.object": Literal["chat.completion"],
        "CompletionChunk.object": Literal["chat.completion.chunk"],
        "ChatCompletionChoice.message": Required[sdk.AssistantMessage],
    }
)
"""Tools that Mistral runs itself (`document_library`, `connector`, ...) are refused: nothing could look into them."""
CHAT, FIM = OpenAIChat(), MistralFim()
REQUESTS: list[tuple[Dialect, Any, Field]] = [
    (CHAT, WIRE.of(sdk.ChatCompletionRequest), fields.REQUEST),
    (CHAT, WIRE.of(sdk.ChatCompletionStreamRequest), fields.REQUEST),
    (FIM, WIRE.of(sdk.FIMCompletionRequest), fim.REQUEST),
    (FIM, WIRE.of(sdk.FIMCompletionStreamRequest), fim.REQUEST),
]
ANSWERS: list[tuple[Dialect, Any, Field]] = [
    (CHAT, WIRE.of(sdk.ChatCompletionResponse), fields.ANSWER),
    (FIM, WIRE.of(sdk.FIMCompletionResponse), fields.STRUCTURED_ANSWER),
]
OWN = {
    "id",
    "model",
    *(f"choices.[].{said}.tool_calls.[].{name}" for said in ("message", "delta") for name in ("id", "function.name")),
}
STRANGE = ("usage", "choices.[].messages", "choices.[].prompt_logprobs")
"""What no row names is inspected in full, and nothing is put back into it."""
REFUSED_PARTS = ("uri", "content", "metadata", "signature")
"""Of parts of content that are refused, or inspected as unknown fields."""


def names(cases: list[tuple[Dialect, Any, Field]]) -> list[str]:
    return [tp.__name__ for _, tp, _ in cases]


def plain(dialect: Dialect) -> Any:
    body = {"messages": [{"role": "user", "content": "Hi"}]} if dialect is CHAT else {"prompt": "Hi"}
    return dialect.read_request(json.dumps({"model": "m", **body}).encode())


@pytest.mark.parametrize(("dialect", "tp", "table"), REQUESTS, ids=names(REQUESTS))
def test_every_field_of_a_request_is_declared(dialect: Dialect, tp: Any, table: Field) -> None:
    parts = tuple(f"messages.[].content.[].{name}" for name in REFUSED_PARTS)
    assert [path for path in undeclared(tp, table) if not path.startswith(parts)] == []


@pytest.mark.parametrize(("dialect", "tp", "table"), ANSWERS, ids=names(ANSWERS))
def test_every_field_of_an_answer_is_declared(dialect: Dialect, tp: Any, table: Field) -> None:
    missing = [path for path in undeclared(tp, table) if not path.startswith(STRANGE)]
    assert [path for path in missing if ".content.[]." not in path] == ["choices.[].message.prefix"]


@pytest.mark.parametrize(("dialect", "tp", "table"), REQUESTS, ids=names(REQUESTS))
def test_an_identity_in_any_leaf_of_a_request_is_seen_or_refused(dialect: Dialect, tp: Any, table: Field) -> None:
    seen, refused = check_requests(dialect, tp)
    assert seen > (80 if dialect is CHAT else 8)
    assert refused > 5


@pytest.mark.parametrize(("dialect", "tp", "table"), REQUESTS, ids=names(REQUESTS))
def test_nothing_that_the_sdk_can_say_is_refused(dialect: Dialect, tp: Any, table: Field) -> None:
    """But for files, links and tools that the policy does not release, and resources of MCP servers."""
    assert refused_words(dialect, tp) <= {
        ("unknown_part", "messages[0].content[0].type"),
    }


@pytest.mark.parametrize(("dialect", "tp", "table"), ANSWERS, ids=names(ANSWERS))
def test_an_identity_in_any_leaf_of_an_answer_is_seen_or_refused(dialect: Dialect, tp: Any, table: Field) -> None:
    assert check_answers(dialect, plain(dialect), tp, OWN) > 3


@pytest.mark.parametrize("dialect", [CHAT, FIM], ids=lambda dialect: dialect.name)
def test_an_identity_in_any_leaf_of_a_frame_is_seen_or_refused(dialect: Dialect) -> None:
    def codecs() -> Iterator[StreamCodec]:
        while True:
            yield opened(dialect, plain(dialect))

    payloads = ((path, sse(payload)) for path, payload in planted(WIRE.of(sdk.CompletionChunk)))
    assert check_frames(codecs(), payloads, OWN) > 3


# ---------------------------------------------------------------------------------------------------- parts


def frame(content: Any, reason: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"role": "assistant", "content": content}, "finish_reason": reason}
    return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "magistral", "choices": [choice]}


def thought(text: str, **more: Any) -> list[Any]:
    return [{"type": "thinking", "thinking": [{"type": "text", "text": text}], **more}]


def test_thoughts_in_parts_end_where_words_begin() -> None:
    """And the words are one text, whether they come in parts or not."""
    codec = opened(CHAT, plain(CHAT))
    data = sse(
        frame(""),
        frame(thought("Hm, ")),
        frame(thought("well.", closed=True)),
        frame([{"type": "text", "text": "Hello "}, {"type": "reference", "reference_ids": [1, "2"]}]),
        frame("there."),
        frame("", "stop"),
    )
    frames = codec.feed(data)
    assert [(delta.segment, delta.text, delta.opens) for each in frames for delta in each.deltas] == [
        ("choices/0/thinking", "Hm, ", False),
        ("choices/0/thinking", "well.", False),
        ("choices/0/content", "Hello ", True),
        ("choices/0/content", "there.", True),
    ]
    assert frames[3].closes == ("choices/0/thinking",)
    written = b"".join(
        codec.write(each, [d.text for d in each.deltas], [w.text for w in each.wholes]) for each in frames
    )
    assert written == data


def test_what_stands_beside_words_is_not_lost_with_them() -> None:
    """The end of a thought, and a reference, though their words wait for others."""
    codec = opened(CHAT, plain(CHAT))
    data = sse(frame(thought("Hm")), frame(thought(".", closed=True)), frame(thought("x")))
    first, second, third = codec.feed(data)
    codec.write(first, ["Hm"], [])
    (left,) = sse_bodies(codec.write(second, [""], []))
    assert left["choices"][0]["delta"]["content"][0]["closed"] is True
    assert codec.write(third, [""], []) == b""


def test_a_whole_answer_in_parts() -> None:
    content = [*thought("Hm."), {"type": "text", "text": "One"}, {"type": "text", "text": "Two"}]
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}
    body = {"id": "1", "object": "chat.completion", "created": 1, "model": "magistral", "choices": [choice]}
    document = CHAT.read_response(json.dumps(body).encode(), plain(CHAT))
    assert {each.text: each.opens for each in document.segments()} == {"Hm.": False, "One": True, "Two": False}
    choice["message"] = {"role": "assistant", "content": thought("Hm.")}
    document = CHAT.read_response(json.dumps(body).encode(), plain(CHAT))
    assert document.say("Call 112.")
    told = json.loads(document.to_bytes())["choices"][0]["message"]["content"]
    assert told == [{"type": "text", "text": "Call 112."}, *thought("Hm.")]
    choice["message"] = {"content": [{"type": "image_url", "image_url": "https://a.b/c.png"}]}
    with pytest.raises(UpstreamBroken):
        CHAT.read_response(json.dumps(body).encode(), plain(CHAT))


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ({"type": "image_url", "image_url": "https://a.b/c.png"}, "uninspected_part"),
        ({"type": "image_url", "image_url": "data:image/png;base64,iVBORw0KGgo="}, "uninspected_part"),
        ({"type": "document_url", "document_url": "https://a.b/c.pdf"}, "uninspected_part"),
        ({"type": "input_audio", "input_audio": "SUQzBAA="}, "uninspected_part"),
        ({"type": "resource_link", "uri": "file:///chart"}, "unknown_part"),
    ],
)
def test_files_are_the_policys_to_release(part: dict[str, Any], code: str) -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": [part]}]}
    with pytest.raises(ClientError) as caught:
        CHAT.read_request(json.dumps(body).encode())
    assert caught.value.code == code


def test_arguments_may_be_an_object() -> None:
    """Mistral takes and gives both; what is in it goes to the tool."""
    function = {"name": "find", "arguments": {"who": "Ann Lee", "deep": [{"x": "y"}]}}
    message = {"role": "assistant", "content": "", "tool_calls": [{"id": "a", "function": function}]}
    request = CHAT.read_request(
        json.dumps({"model": "m", "messages": [message, {"role": "user", "content": "Hi"}]}).encode()
    )
    assert {each.tool for each in request.segments() if "arguments" in each.address} == {"find"}
    choice = {"index": 0, "finish_reason": "tool_calls", "message": message}
    body = {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    answer = CHAT.read_response(json.dumps(body).encode(), request)
    assert {each.tool for each in answer.segments() if "arguments" in each.address} == {"find"}
    assert [use.tool for use in answer.tool_uses] == ["find"]


def test_between_two_texts_nothing_is_inserted() -> None:
    """The texts around the gap are the user's; notices go beside what is put between them."""
    request = FIM.read_request(b'{"model":"codestral","prompt":"def f():","suffix":"return x","stream":true}')
    assert {each.role for each in request.segments() if each.address != "/model"} == {Role.USER}
    assert request.turn == ["/prompt"]
    assert (request.structured, request.stream) == (True, True)
    codec = opened(FIM, request)
    (first,) = codec.feed(sse(frame("x = 1")))
    assert (first.deltas[0].opens, first.deltas[0].json) == (False, False)
    assert b"x = 1" in FIM.answer(request, "x = 1").body
    assert (
        FIM.upstream_error(422, b'{"object":"error","message":"Ann Lee","type":"invalid_request_error"}').status == 422
    )
