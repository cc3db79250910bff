"""Amazon Bedrock's Converse."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.eventstream import EventStreamBuffer

from guardrail.dialects.bedrock import answers, fields
from guardrail.dialects.bedrock.dialect import BedrockConverse
from guardrail.wire.eventstream import CONTENT_TYPE, EventStream
from tests.specimens.base import Body, Specimen

MODEL = "anthropic.claude-3-5-sonnet-20241022-v2%3A0"
ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
USAGE = {"inputTokens": 9, "outputTokens": 9, "totalTokens": 18}


def question(text: str, **more: Any) -> Body:
    return {"messages": [{"role": "user", "content": [{"text": text}]}], "inferenceConfig": {"maxTokens": 512}, **more}


def answer(*content: Body, reason: str = "end_turn") -> Body:
    message = {"role": "assistant", "content": list(content)}
    return {"output": {"message": message}, "stopReason": reason, "usage": USAGE, "metrics": {"latencyMs": 551}}


def said(body: Body) -> str:
    return "".join(each.get("text", "") for each in body["output"]["message"]["content"])


def event(name: str, **body: Any) -> tuple[str, Body]:
    return name, body


def frames(*events: tuple[str, Body]) -> bytes:
    """Events as Amazon writes them, with their padding."""
    framing = EventStream(1 << 24)
    bodies = ({**body, "p": ALPHABET[: at * 7 % 62 + 1]} for at, (_, body) in enumerate(events))
    texts = (json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode() for body in bodies)
    return b"".join(framing.write(text, name) for (name, _), text in zip(events, texts, strict=True))


def begin() -> tuple[str, Body]:
    return event("messageStart", role="assistant")


def block(index: int, *deltas: Body, start: Body | None = None) -> list[tuple[str, Body]]:
    """A block from its start to its stop; blocks of text have no start of their own."""
    return [
        *([event("contentBlockStart", contentBlockIndex=index, start=start)] if start is not None else []),
        *(event("contentBlockDelta", contentBlockIndex=index, delta=delta) for delta in deltas),
        event("contentBlockStop", contentBlockIndex=index),
    ]


def text_block(index: int, *pieces: str) -> list[tuple[str, Body]]:
    return block(index, *({"text": piece} for piece in pieces))


def reasoning_block(index: int, signature: str, *pieces: str) -> list[tuple[str, Body]]:
    thoughts = [{"reasoningContent": {"text": piece}} for piece in pieces]
    return block(index, *thoughts, {"reasoningContent": {"signature": signature}})


def tool_block(index: int, name: str, arguments: Body, **more: str) -> list[tuple[str, Body]]:
    text = json.dumps(arguments)
    pieces = [text[at : at + 7] for at in range(0, len(text), 7)]
    start = {"toolUse": {"toolUseId": f"tooluse_{index}", "name": name, **more}}
    return block(index, *({"toolUse": {"input": piece}} for piece in pieces), start=start)


def end(reason: str = "end_turn") -> list[tuple[str, Body]]:
    return [event("messageStop", stopReason=reason), event("metadata", usage=USAGE, metrics={"latencyMs": 551})]


def stream(pieces: Sequence[str]) -> bytes:
    return frames(begin(), *text_block(0, *pieces), *end())


def tool_stream(name: str, arguments: Body) -> bytes:
    return frames(begin(), *tool_block(0, name, arguments), *end("tool_use"))


def messages(data: bytes) -> list[tuple[Mapping[str, str], Any]]:
    """Headers and payloads, as botocore reads them."""
    buffer = EventStreamBuffer()
    buffer.add_data(data)
    return [(message.headers, json.loads(message.payload)) for message in buffer]


def heard_blocks(data: bytes) -> list[dict[str, Any]]:
    """The content that a client puts together, by the number of each block."""
    blocks: dict[int, dict[str, Any]] = {}
    for headers, body in messages(data):
        name = headers.get(":event-type")
        if name == "contentBlockStart":
            blocks[body["contentBlockIndex"]] = {"toolUse": {**body["start"]["toolUse"], "input": ""}}
        elif name == "contentBlockDelta":
            _add(blocks.setdefault(body["contentBlockIndex"], {}), body["delta"])
    assert list(blocks) == list(range(len(blocks)))
    return list(blocks.values())


def _add(to: dict[str, Any], delta: Body) -> None:
    if "text" in delta:
        to["text"] = to.get("text", "") + delta["text"]
    elif "toolUse" in delta:
        to["toolUse"]["input"] += delta["toolUse"]["input"]
    elif "reasoningContent" in delta:
        told = to.setdefault("reasoning", {"text": "", "signature": None})
        for name, value in delta["reasoningContent"].items():
            told[name] = (told.get(name) or "") + value


def heard(data: bytes) -> str:
    return "".join(each.get("text", "") for each in heard_blocks(data))


def stream_fails(data: bytes) -> bool:
    return messages(data)[-1][0][":message-type"] == "exception"


def tool_calls(body: Body) -> list[tuple[str, Any]]:
    content = body["output"]["message"]["content"]
    return [(each["toolUse"]["name"], each["toolUse"]["input"]) for each in content if "toolUse" in each]


def heard_calls(data: bytes) -> list[tuple[str, Any]]:
    calls = [each["toolUse"] for each in heard_blocks(data) if "toolUse" in each]
    return [(call["name"], json.loads(call["input"])) for call in calls]


def tool_question(text: str, name: str) -> Body:
    schema = {"type": "object", "properties": {"patient": {"type": "string"}}}
    return question(text, toolConfig={"tools": [{"toolSpec": {"name": name, "inputSchema": {"json": schema}}}]})


def frame(name: str, leaf: Any, words: str) -> bytes:
    """A stream with such an event in its middle."""
    bases: dict[str, Body] = {
        "messageStart": {"role": "assistant"},
        "contentBlockStart": {"contentBlockIndex": 1, "start": {}},
        "contentBlockDelta": {"contentBlockIndex": 0, "delta": {}},
        "contentBlockStop": {"contentBlockIndex": 0},
        "messageStop": {"stopReason": "end_turn"},
        "metadata": {"usage": USAGE},
    }
    told = event(name, **leaf.put(bases[name], words))
    if name == "messageStart":
        return frames(told, *text_block(0, "Hello"), *end())
    middle = {"messageStop": [], "metadata": [end()[0]]}.get(name, text_block(3, "Hello "))
    after = {"messageStop": [end()[1]], "metadata": []}.get(name, end())
    return frames(begin(), *middle, told, *after)


def error(text: str) -> Body:
    return {"message": text}


def is_error(body: Body) -> bool:
    return isinstance(body.get("message"), str) and "output" not in body


BEDROCK_CONVERSE = Specimen(
    name="bedrock.converse",
    make=BedrockConverse,
    path=f"/model/{MODEL}/converse",
    question=question,
    answer=lambda text: answer({"text": text}),
    said=said,
    error=error,
    is_error=is_error,
    request_table=fields.REQUEST,
    answer_table=answers.ANSWER,
    stream_path=f"/model/{MODEL}/converse-stream",
    stream_question=question,
    stream=stream,
    stream_type=CONTENT_TYPE,
    heard=heard,
    stream_fails=stream_fails,
    tool_answer=lambda name, arguments: answer(
        {"toolUse": {"toolUseId": "tooluse_0", "name": name, "input": arguments}}, reason="tool_use"
    ),
    tool_stream=tool_stream,
    tool_calls=tool_calls,
    heard_calls=heard_calls,
    tool_question=tool_question,
    json_question=lambda text: question(text, outputConfig={"textFormat": {"type": "json_schema"}}),
    frames=answers.EVENTS,
    frame=frame,
    headers={"authorization": "Bearer bedrock-api-key-of-the-hospital"},
)
