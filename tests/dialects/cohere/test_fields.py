"""The tables against the `cohere` SDK's own types: a field that it gains and nobody thought of fails a test."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from cohere.types import EmbedByTypeResponse
from cohere.v2.raw_client import RawV2Client
from cohere.v2.types import V2ChatResponse, V2ChatStreamResponse, V2RerankResponse

from guardrail.dialects.base import Dialect, StreamCodec
from guardrail.dialects.cohere import fields
from guardrail.dialects.cohere.dialect import CohereChat, CohereEmbed, CohereRerank
from guardrail.dialects.table import Field
from guardrail.errors import ClientError
from tests.dialects.checks import check_answers, check_frames, check_requests, refused_words, undeclared
from tests.dialects.sdk_types import bare, fields_of, options, planted
from tests.dialects.streams import opened
from tests.dialects.wire_types import Wire
from tests.specimens.base import sse
from tests.specimens.cohere import begun, calling

WIRE = Wire({})
CHAT, EMBED, RERANK = CohereChat(), CohereEmbed(), CohereRerank()
REQUESTS: list[tuple[Dialect, Any, Field]] = [
    (CHAT, WIRE.call(RawV2Client.chat, "chat"), fields.REQUEST),
    (CHAT, WIRE.call(RawV2Client.chat_stream, "chat_stream"), fields.REQUEST),
    (EMBED, WIRE.call(RawV2Client.embed, "embed"), fields.EMBED_REQUEST),
    (RERANK, WIRE.call(RawV2Client.rerank, "rerank"), fields.RERANK_REQUEST),
]
ANSWERS: list[tuple[Dialect, Any, Field]] = [
    (CHAT, WIRE.of(V2ChatResponse), fields.ANSWER),
    (EMBED, WIRE.of(EmbedByTypeResponse), fields.EMBED_ANSWER),
    (RERANK, WIRE.of(V2RerankResponse), fields.RERANK_ANSWER),
]
EVENTS = {
    kind: tp for tp in options(WIRE.of(V2ChatStreamResponse)) for kind in get_args(bare(fields_of(tp)["type"][0]))
}
OWN = {
    "id",
    "finish_reason",
    "response_type",
    "meta.api_version.version",
    "message.role",
    "message.tool_calls.[].id",
    "message.tool_calls.[].function.name",
    "message.citations.[].type",
    "delta.finish_reason",
    "delta.message.role",
    "delta.message.citations.type",
    "delta.message.tool_calls.id",
    "delta.message.tool_calls.function.name",
    "embeddings.base64.[]",
    "images.[].format",
}
"""What Cohere says about itself: held to a strict pattern instead of being inspected."""

COUNTED = ("usage", "meta", "delta.usage", "images", "results.[].relevant_spans")
"""Numbers without words of the conversation; a string there is inspected as in unknown fields."""
ASKED: dict[Any, dict[str, Any]] = {
    CHAT: {"messages": [{"role": "user", "content": "Hi"}]},
    EMBED: {"input_type": "search_query", "texts": ["Hi"]},
    RERANK: {"query": "Hi", "documents": ["Ho"]},
}


def plain(dialect: Dialect) -> Any:
    return dialect.read_request(json.dumps({"model": "m", **ASKED[dialect]}).encode())


def names(cases: list[tuple[Dialect, Any, Field]]) -> list[str]:
    return [tp.__name__ for _, tp, _ in cases]


@pytest.mark.parametrize(("dialect", "tp", "table"), [*REQUESTS, *ANSWERS], ids=names([*REQUESTS, *ANSWERS]))
def test_every_field_that_the_sdk_knows_is_declared(dialect: Dialect, tp: Any, table: Field) -> None:
    assert [path for path in undeclared(tp, table) if not path.startswith(COUNTED)] == []


def test_every_event_that_the_sdk_knows_is_declared() -> None:
    assert EVENTS.keys() == fields.EVENTS.keys()
    missing = {kind: undeclared(tp, fields.EVENTS[kind]) for kind, tp in EVENTS.items()}
    told = {kind: [path for path in paths if not path.startswith(COUNTED)] for kind, paths in missing.items()}
    assert {kind: paths for kind, paths in told.items() if paths} == {}


@pytest.mark.parametrize(("dialect", "tp", "table"), REQUESTS, ids=names(REQUESTS))
def test_an_identity_in_any_leaf_of_a_request_is_seen_or_refused(dialect: Dialect, tp: Any, table: Field) -> None:
    seen, refused = check_requests(dialect, tp)
    assert seen > (30 if dialect is CHAT else 2)
    assert refused > (30 if dialect is CHAT else 5)


@pytest.mark.parametrize(("dialect", "tp", "table"), REQUESTS, ids=names(REQUESTS))
def test_nothing_that_the_sdk_can_say_is_refused(dialect: Dialect, tp: Any, table: Field) -> None:
    """But for files, which are the policy's to release."""
    assert refused_words(dialect, tp) == set()


@pytest.mark.parametrize(("dialect", "tp", "table"), ANSWERS, ids=names(ANSWERS))
def test_an_identity_in_any_leaf_of_an_answer_is_seen_or_refused(dialect: Dialect, tp: Any, table: Field) -> None:
    assert check_answers(dialect, plain(dialect), tp, OWN) >= (8 if dialect is CHAT else 1)


def codecs(kind: str) -> Iterator[StreamCodec]:
    while True:
        codec = opened(CHAT, plain(CHAT))
        codec.feed(sse(begun()))
        if kind.startswith("tool-call") and kind != "tool-call-start":
            codec.feed(sse(calling(0, "find", {})[0]))
        yield codec


@pytest.mark.parametrize("kind", sorted(EVENTS))
def test_an_identity_in_any_leaf_of_an_event_is_seen_or_refused(kind: str) -> None:
    payloads = ((path, sse((kind, {**payload, "type": kind}))) for path, payload in planted(EVENTS[kind]))
    seen = check_frames(codecs(kind), payloads, OWN)
    assert seen or not kind.endswith("delta")


@pytest.mark.parametrize(
    ("dialect", "more", "code", "param"),
    [
        (CHAT, {"messages": [{"role": "nurse", "content": "Hi"}]}, "unknown_role", "messages[0].role"),
        (
            CHAT,
            {"messages": [{"role": "user", "content": [{"type": "video", "video": "x"}]}]},
            "unknown_part",
            "messages[0].content[0].type",
        ),
        (
            CHAT,
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://a.b/c"}}]}]},
            "uninspected_part",
            "messages[0].content[0].image_url.url",
        ),
        (CHAT, {"tools": [{"type": "search"}]}, "unknown_tool", "tools[0].type"),
        (CHAT, {"tool_choice": "Ann"}, "invalid_value", "tool_choice"),
        (EMBED, {"texts": [[1, 2]]}, "invalid_type", "texts[0]"),
        (EMBED, {"images": ["data:image/png;base64,iVBORw0KGgo="]}, "uninspected_part", "images[0]"),
        (RERANK, {"documents": [{"text": "x"}]}, "invalid_type", "documents[0]"),
    ],
)
def test_what_is_refused(dialect: Dialect, more: dict[str, Any], code: str, param: str) -> None:
    """By its own code, and by the name of the field."""
    with pytest.raises(ClientError) as caught:
        dialect.read_request(json.dumps({"model": "m", **ASKED[dialect], **more}).encode())
    assert (caught.value.code, caught.value.param, caught.value.http_status) == (code, param, 422)
