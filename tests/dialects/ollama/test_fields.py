"""The tables against the `ollama` SDK's own types: a field that it gains and nobody thought of fails a test."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from ollama import _types as sdk

from guardrail.dialects.base import Dialect, StreamCodec
from guardrail.dialects.ollama import fields
from guardrail.dialects.ollama.dialect import OllamaChat, OllamaEmbed, OllamaGenerate, OllamaTags
from guardrail.dialects.table import Field
from guardrail.errors import ClientError
from tests.dialects.checks import check_answers, check_frames, check_requests, refused_words, undeclared
from tests.dialects.sdk_types import planted
from tests.dialects.streams import opened
from tests.dialects.wire_types import Wire

WIRE = Wire(
    {
        "Message.role": Literal["system", "user", "assistant", "tool"],
        "Message.images": list[str],
        "ChatRequest.messages": list[sdk.Message],
        "ChatRequest.options": sdk.Options,
        "GenerateRequest.options": sdk.Options,
        "GenerateRequest.images": list[str],
        "EmbedRequest.options": sdk.Options,
        "EmbeddingsRequest.options": sdk.Options,
        "Tool.type": Literal["function"],
        "Tool.Function.Parameters.$defs": dict[str, Any],
        "Tool.Function.Parameters.items": dict[str, Any],
        "Tool.Function.Parameters.Property.items": dict[str, Any],
        "Tool.Function.Parameters.Property.type": Literal["string"],
    }
)
CHAT, GENERATE, EMBED = OllamaChat(), OllamaGenerate(), OllamaEmbed()
REQUESTS: list[tuple[Dialect, Any, Field]] = [
    (CHAT, WIRE.of(sdk.ChatRequest), fields.CHAT_REQUEST),
    (GENERATE, WIRE.of(sdk.GenerateRequest), fields.GENERATE_REQUEST),
    (EMBED, WIRE.of(sdk.EmbedRequest), fields.EMBED_REQUEST),
    (EMBED, WIRE.of(sdk.EmbeddingsRequest), fields.EMBED_REQUEST),
]
ANSWERS: list[tuple[Dialect, Any, Field]] = [
    (CHAT, WIRE.of(sdk.ChatResponse), fields.CHAT_ANSWER),
    (GENERATE, WIRE.of(sdk.GenerateResponse), fields.GENERATE_ANSWER),
    (EMBED, WIRE.of(sdk.EmbedResponse), fields.EMBED_ANSWER),
    (EMBED, WIRE.of(sdk.EmbeddingsResponse), fields.EMBED_ANSWER),
]
OWN = {"model", "done_reason", "message.role", "message.tool_name", "message.tool_calls.[].function.name"}
"""What a server says about itself: held to a strict pattern instead of being inspected."""


def plain(dialect: Dialect) -> Any:
    body = {"model": "m", "messages": []} if dialect is CHAT else {"model": "m", "prompt": "Hi", "input": "Hi"}
    return dialect.read_request(json.dumps(body).encode())


def names(cases: list[tuple[Dialect, Any, Field]]) -> list[str]:
    return [tp.__name__ for _, tp, _ in cases]


@pytest.mark.parametrize(("dialect", "tp", "table"), [*REQUESTS, *ANSWERS], ids=names([*REQUESTS, *ANSWERS]))
def test_every_field_that_the_sdk_knows_is_declared(dialect: Dialect, tp: Any, table: Field) -> None:
    assert undeclared(tp, table) == []


@pytest.mark.parametrize(("dialect", "tp", "table"), REQUESTS, ids=names(REQUESTS))
def test_an_identity_in_any_leaf_of_a_request_is_seen_or_refused(dialect: Dialect, tp: Any, table: Field) -> None:
    seen, refused = check_requests(dialect, tp)
    assert seen > 4
    assert refused > 15


@pytest.mark.parametrize(("dialect", "tp", "table"), REQUESTS, ids=names(REQUESTS))
def test_nothing_that_the_sdk_can_say_is_refused(dialect: Dialect, tp: Any, table: Field) -> None:
    """But for files, which are the policy's to release, and tokens. ("hello" is no format, so that one is.)"""
    assert refused_words(dialect, tp) <= {("invalid_value", "format")}


@pytest.mark.parametrize(("dialect", "tp", "table"), ANSWERS, ids=names(ANSWERS))
def test_an_identity_in_any_leaf_of_an_answer_is_seen_or_refused(dialect: Dialect, tp: Any, table: Field) -> None:
    seen = check_answers(dialect, plain(dialect), tp, OWN)
    assert seen >= (2 if dialect is not EMBED else 0)


@pytest.mark.parametrize("dialect", [CHAT, GENERATE], ids=lambda dialect: dialect.name)
def test_an_identity_in_any_leaf_of_a_line_is_seen_or_refused(dialect: Dialect) -> None:
    tp = WIRE.of(sdk.ChatResponse if dialect is CHAT else sdk.GenerateResponse)

    def codecs() -> Iterator[StreamCodec]:
        while True:
            yield opened(dialect, plain(dialect), "application/x-ndjson")

    payloads = ((path, json.dumps(payload).encode() + b"\n") for path, payload in planted(tp))
    assert check_frames(codecs(), payloads, OWN) > 2


def test_every_field_of_a_listing_is_declared() -> None:
    assert undeclared(WIRE.of(sdk.ListResponse), fields.TAGS) == []
    assert OllamaTags().read_request(b"").to_bytes() == b""


@pytest.mark.parametrize(
    ("dialect", "more", "code", "param"),
    [
        (GENERATE, {"context": [1, 2, 3]}, "token_array", "context"),
        (GENERATE, {"images": ["iVBORw0KGgo="]}, "uninspected_part", "images[0]"),
        (
            CHAT,
            {"messages": [{"role": "user", "images": ["iVBORw0KGgo="]}]},
            "uninspected_part",
            "messages[0].images[0]",
        ),
        (CHAT, {"messages": [{"role": "nurse", "content": "Hi"}]}, "unknown_role", "messages[0].role"),
        (CHAT, {"tools": [{"type": "retriever"}]}, "unknown_tool", "tools[0].type"),
        (CHAT, {"format": "yaml"}, "invalid_value", "format"),
        (CHAT, {"messages": [{"role": "user", "content": ["Hi"]}]}, "invalid_type", "messages[0].content"),
        (EMBED, {"input": [[1, 2, 3]]}, "invalid_type", "input[0]"),
        (EMBED, {"input": [1, 2, 3]}, "invalid_type", "input[0]"),
    ],
)
def test_what_is_refused(dialect: Dialect, more: dict[str, Any], code: str, param: str) -> None:
    """By its own code, and by the name of the field."""
    with pytest.raises(ClientError) as caught:
        dialect.read_request(json.dumps({"model": "m", **more}).encode())
    assert (caught.value.code, caught.value.param, caught.value.http_status) == (code, param, 422)
