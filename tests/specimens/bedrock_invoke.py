"""Amazon Bedrock's InvokeModel, in the formats of some families of models."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from guardrail.dialects.anthropic import fields as anthropic
from guardrail.dialects.bedrock import answers, families
from guardrail.dialects.bedrock.dialect import BedrockEmbed, BedrockInvoke
from guardrail.dialects.bedrock.families import COHERE_EMBED, LLAMA, MISTRAL, TITAN, TITAN_EMBED
from guardrail.dialects.bedrock.fields import NOVA_REQUEST
from guardrail.wire.eventstream import CONTENT_TYPE, Chunks
from tests.specimens import anthropic_messages as claude
from tests.specimens import bedrock_converse as converse
from tests.specimens.base import Body, Specimen, sse
from tests.specimens.bedrock_converse import error, is_error, messages, stream_fails

HEADERS = {"authorization": "Bearer bedrock-api-key-of-the-hospital"}
METRICS = {"inputTokenCount": 9, "outputTokenCount": 9, "invocationLatency": 551, "firstByteLatency": 80}


def chunks(*bodies: Body) -> bytes:
    """Bodies as Amazon wraps them; the counts stand in the last."""
    framing = Chunks(1 << 24)
    told = [*bodies[:-1], {**bodies[-1], families.METRICS: METRICS}]
    return b"".join(framing.write(json.dumps(body, separators=(",", ":")).encode()) for body in told)


def unwrapped(data: bytes) -> list[dict[str, Any]]:
    """The bodies inside the chunks."""
    told = [body for headers, body in messages(data) if headers.get(":event-type") == "chunk"]
    return [json.loads(b64decode(body["bytes"])) for body in told]


def _without_model(body: Body) -> Body:
    return {
        "anthropic_version": "bedrock-2023-05-31",
        **{name: value for name, value in body.items() if name != "model"},
    }


def claude_events(*events: tuple[str, Body]) -> bytes:
    return chunks(*(body for name, body in events if name != "ping"))


def claude_sse(data: bytes) -> bytes:
    """As Anthropic's own stream."""
    return sse(*((body["type"], body) for body in unwrapped(data)))


CLAUDE = Specimen(
    name="bedrock.invoke",
    make=BedrockInvoke,
    path=f"/model/{converse.MODEL}/invoke",
    question=lambda text: _without_model(claude.question(text)),
    answer=claude.answer,
    said=claude.said,
    error=error,
    is_error=is_error,
    request_table=anthropic.HOSTED_REQUEST,
    answer_table=anthropic.ANSWER,
    stream_path=f"/model/{converse.MODEL}/invoke-with-response-stream",
    stream_question=lambda text: _without_model(claude.question(text)),
    stream=lambda pieces: claude_events(claude.begin(), *claude.text_block(0, *pieces), *claude.end()),
    stream_type=CONTENT_TYPE,
    heard=lambda data: claude.said(claude.heard_message(claude_sse(data))),
    stream_fails=stream_fails,
    tool_answer=lambda name, arguments: claude.message(
        {"type": "tool_use", "id": "toolu_0", "name": name, "input": arguments}, reason="tool_use"
    ),
    tool_stream=lambda name, arguments: claude_events(
        claude.begin(), *claude.tool_block(0, name, arguments), *claude.end("tool_use")
    ),
    tool_calls=claude.tool_calls,
    heard_calls=lambda data: claude.tool_calls(claude.heard_message(claude_sse(data))),
    tool_question=lambda text, name: _without_model(claude.tool_question(text, name)),
    json_question=lambda text: _without_model(claude.json_question(text)),
    frames=anthropic.EVENTS,
    headers=HEADERS,
)


def nova_events(*events: tuple[str, Body]) -> bytes:
    return chunks(*({name: body} for name, body in events))


def as_converse(data: bytes) -> bytes:
    """As the events of ConverseStream."""
    return converse.frames(*(next(iter(body.items())) for body in unwrapped(data)))


NOVA = Specimen(
    name="bedrock.invoke nova",
    make=BedrockInvoke,
    path="/model/us.amazon.nova-lite-v1%3A0/invoke",
    question=lambda text: {"schemaVersion": "messages-v1", **converse.question(text)},
    answer=lambda text: converse.answer({"text": text}),
    said=converse.said,
    error=error,
    is_error=is_error,
    request_table=NOVA_REQUEST,
    answer_table=answers.ANSWER,
    stream_path="/model/us.amazon.nova-lite-v1%3A0/invoke-with-response-stream",
    stream_question=converse.question,
    stream=lambda pieces: nova_events(converse.begin(), *converse.text_block(0, *pieces), *converse.end()),
    stream_type=CONTENT_TYPE,
    heard=lambda data: converse.heard(as_converse(data)),
    stream_fails=stream_fails,
    tool_answer=converse.BEDROCK_CONVERSE.tool_answer,
    tool_stream=lambda name, arguments: nova_events(
        converse.begin(), *converse.tool_block(0, name, arguments), *converse.end("tool_use")
    ),
    tool_calls=converse.tool_calls,
    heard_calls=lambda data: converse.heard_calls(as_converse(data)),
    tool_question=converse.tool_question,
    frames=answers.NOVA_EVENTS,
    headers=HEADERS,
)


def _prompted(
    family: families.Prompted,
    name: str,
    model: str,
    answer: Callable[[str], Body],
    frame: Callable[[str, str | None], Body],
) -> Specimen:
    said, heard = partial(_at, family.said), partial(_at, family.heard)
    return Specimen(
        name=f"bedrock.invoke {name}",
        make=BedrockInvoke,
        path=f"/model/{model}/invoke",
        question=lambda text: {family.prompt: text},
        answer=answer,
        said=said,
        error=error,
        is_error=lambda body: is_error(body) and family.said.split("/")[1] not in body,
        request_table=family.request,
        answer_table=family.answer,
        stream_path=f"/model/{model}/invoke-with-response-stream",
        stream_question=lambda text: {family.prompt: text},
        stream=lambda pieces: _stream(frame, pieces),
        stream_type=CONTENT_TYPE,
        heard=lambda data: "".join(heard(body) for body in unwrapped(data)),
        stream_fails=stream_fails,
        frames={"chunk": family.frame},
        frame=lambda _, leaf, words: chunks(frame("Hello ", None), leaf.put(frame("", None), words), frame("", "stop")),
        headers=HEADERS,
    )


def _at(pointer: str, body: Any) -> str:
    for step in pointer.split("/")[1:]:
        body = body[int(step)] if isinstance(body, list) else body[step]
    return str(body)


def _stream(frame: Callable[[str, str | None], Body], pieces: Sequence[str]) -> bytes:
    return chunks(*(frame(piece, None) for piece in pieces), frame("", "stop"))


BEDROCK_TITAN = _prompted(
    TITAN,
    "titan",
    "amazon.titan-text-express-v1",
    lambda text: {
        "inputTextTokenCount": 5,
        "results": [{"tokenCount": 9, "outputText": text, "completionReason": "FINISH"}],
    },
    lambda text, stop: {
        "outputText": text,
        "index": 0,
        "totalOutputTextTokenCount": 9 if stop else None,
        "completionReason": "FINISH" if stop else None,
        "inputTextTokenCount": 5,
    },
)
BEDROCK_LLAMA = _prompted(
    LLAMA,
    "llama",
    "meta.llama3-1-70b-instruct-v1%3A0",
    lambda text: {"generation": text, "prompt_token_count": 5, "generation_token_count": 9, "stop_reason": "stop"},
    lambda text, stop: {
        "generation": text,
        "prompt_token_count": None,
        "generation_token_count": 9,
        "stop_reason": stop,
    },
)
BEDROCK_MISTRAL = _prompted(
    MISTRAL,
    "mistral",
    "mistral.mistral-7b-instruct-v0%3A2",
    lambda text: {"outputs": [{"text": text, "stop_reason": "stop"}]},
    lambda text, stop: {"outputs": [{"text": text, "stop_reason": stop}]},
)


def _vectors(family: families.Vectors, name: str, model: str, ask: Callable[[str], Body], told: Body) -> Specimen:
    return Specimen(
        name=f"bedrock.embed{name}",
        make=lambda settings: BedrockEmbed(settings, family=family),
        path=f"/model/{model}/invoke",
        question=ask,
        answer=lambda text: told,
        said=lambda body: "",
        error=error,
        is_error=is_error,
        request_table=family.request,
        answer_table=family.answer,
        headers=HEADERS,
    )


VECTOR: Mapping[str, Any] = {"embedding": [0.12345678, -0.5, 0.25], "inputTextTokenCount": 5}
BEDROCK_TITAN_EMBED = _vectors(
    TITAN_EMBED, "", "amazon.titan-embed-text-v2%3A0", lambda text: {"inputText": text}, VECTOR
)
BEDROCK_COHERE_EMBED = _vectors(
    COHERE_EMBED,
    " cohere",
    "us.cohere.embed-v4%3A0",
    lambda text: {"texts": [text], "input_type": "search_document"},
    {"id": "a1", "texts": ["Hi"], "embeddings": {"float": [[0.1, 0.2]]}, "response_type": "embeddings_by_type"},
)
