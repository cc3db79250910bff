"""Anthropic Messages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from guardrail.dialects.anthropic import fields
from guardrail.dialects.anthropic.messages import AnthropicMessages, AnthropicTokens
from tests.specimens.base import Body, Specimen, sse, sse_bodies


def question(text: str, **more: Any) -> Body:
    return {"model": "claude-x", "max_tokens": 512, "messages": [{"role": "user", "content": text}], **more}


def message(*content: Body, reason: str | None = "end_turn") -> Body:
    usage = {"input_tokens": 9, "output_tokens": 9}
    return {"id": "msg_01XFDUDYJgAACzvnptvVoYEL", "type": "message", "role": "assistant", "model": "claude-x-2026",
            "content": list(content), "stop_reason": reason, "stop_sequence": None, "usage": usage}  # fmt: skip


def answer(text: str) -> Body:
    return message({"type": "text", "text": text})


def event(kind: str, **more: Any) -> tuple[str, Body]:
    return kind, {"type": kind, **more}


def begin() -> tuple[str, Body]:
    return event("message_start", message=message(reason=None))


def block(index: int, block: Body, *deltas: Body) -> list[tuple[str, Body]]:
    """A block from its start to its stop."""
    return [
        event("content_block_start", index=index, content_block=block),
        *(event("content_block_delta", index=index, delta=delta) for delta in deltas),
        event("content_block_stop", index=index),
    ]


def text_block(index: int, *pieces: str) -> list[tuple[str, Body]]:
    return block(index, {"type": "text", "text": ""}, *({"type": "text_delta", "text": piece} for piece in pieces))


def thinking_block(index: int, signature: str, *pieces: str) -> list[tuple[str, Body]]:
    thoughts = [{"type": "thinking_delta", "thinking": piece} for piece in pieces]
    begun = {"type": "thinking", "thinking": "", "signature": ""}
    return block(index, begun, *thoughts, {"type": "signature_delta", "signature": signature})


def tool_block(index: int, name: str, arguments: Body, kind: str = "tool_use") -> list[tuple[str, Body]]:
    text = json.dumps(arguments)
    pieces = ["", *(text[at : at + 7] for at in range(0, len(text), 7))]
    begun = {"type": kind, "id": f"toolu_{index}", "name": name, "input": {}}
    return block(index, begun, *({"type": "input_json_delta", "partial_json": piece} for piece in pieces))


def end(reason: str = "end_turn") -> list[tuple[str, Body]]:
    delta = {"stop_reason": reason, "stop_sequence": None}
    return [event("message_delta", delta=delta, usage={"output_tokens": 9}), event("message_stop")]


def stream(pieces: Sequence[str]) -> bytes:
    return sse(begin(), event("ping"), *text_block(0, *pieces), *end())


def tool_stream(name: str, arguments: Body) -> bytes:
    return sse(begin(), *tool_block(0, name, arguments), *end("tool_use"))


def heard_message(data: bytes) -> dict[str, Any]:
    """What Anthropic's own client puts together, in few words."""
    told: dict[str, Any] = {}
    for body in sse_bodies(data):
        if body["type"] == "message_start":
            told = {**body["message"], "content": []}
        elif body["type"] == "content_block_start":
            assert body["index"] == len(told["content"])
            told["content"].append({**body["content_block"]})
        elif body["type"] == "content_block_delta":
            _add(told["content"][body["index"]], body["delta"])
        elif body["type"] == "message_delta":
            told.update(body["delta"])
    for each in told.get("content", ()):
        if "json" in each:
            each["input"] = json.loads(each.pop("json") or "{}")
    return told


def _add(to: dict[str, Any], delta: Body) -> None:
    kind = delta["type"]
    if kind == "text_delta":
        to["text"] += delta["text"]
    elif kind == "thinking_delta":
        to["thinking"] += delta["thinking"]
    elif kind == "signature_delta":
        to["signature"] = delta["signature"]
    elif kind == "input_json_delta":
        to["json"] = to.get("json", "") + delta["partial_json"]


_BEGUN: dict[str, Body] = {
    "input_json_delta": {"type": "tool_use", "id": "toolu_0", "name": "find_bed", "input": {}},
    "thinking_delta": {"type": "thinking", "thinking": "", "signature": ""},
    "signature_delta": {"type": "thinking", "thinking": "", "signature": ""},
}


def frame(name: str, leaf: Any, words: str) -> bytes:
    """A stream with an event of this type in its middle."""
    bases: dict[str, Body] = {"message_start": {"message": message(reason=None)}, "message_delta": {"delta": {}}}
    middle = name, leaf.put({"type": name, **bases.get(name, {"index": 0} if "block" in name else {})}, words)
    if name == "message_start":
        return sse(middle, *text_block(0, "Hello."), *end())
    if name == "content_block_delta":
        begun = _BEGUN.get(middle[1].get("delta", {}).get("type"), {"type": "text", "text": ""})
        start, stop = block(0, begun)
        return sse(begin(), start, middle, stop, *end())
    return sse(begin(), *([text_block(0, "Hello.")[0]] if name == "content_block_stop" else []), middle, *end())


def said(body: Body) -> str:
    return "".join(each["text"] for each in body.get("content", ()) if each["type"] == "text")


def tool_calls(body: Body) -> list[tuple[str, Any]]:
    return [(each["name"], each["input"]) for each in body.get("content", ()) if each["type"] == "tool_use"]


def tool_question(text: str, name: str) -> Body:
    schema = {"type": "object", "properties": {"patient": {"type": "string"}}}
    return question(text, tools=[{"name": name, "input_schema": schema}])


def json_question(text: str) -> Body:
    return question(text, output_config={"format": {"type": "json_schema", "schema": {"type": "object"}}})


def error(text: str) -> Body:
    return {"type": "error", "error": {"type": "invalid_request_error", "message": text}, "request_id": "req_011CSHoEe"}


def is_error(body: Body) -> bool:
    return body.get("type") == "error" and {"type", "message"} <= set(body.get("error") or ())


ANTHROPIC_MESSAGES = Specimen(
    name="anthropic.messages",
    make=AnthropicMessages,
    path="/v1/messages",
    question=question,
    answer=answer,
    said=said,
    error=error,
    is_error=is_error,
    request_table=fields.REQUEST,
    answer_table=fields.ANSWER,
    stream_path="/v1/messages?beta=true",
    stream_question=lambda text: question(text, stream=True),
    stream=stream,
    heard=lambda data: said(heard_message(data)),
    stream_fails=lambda data: is_error(sse_bodies(data)[-1]),
    tool_answer=lambda name, arguments: message(
        {"type": "tool_use", "id": "toolu_0", "name": name, "input": arguments}, reason="tool_use"
    ),
    tool_stream=tool_stream,
    tool_calls=tool_calls,
    heard_calls=lambda data: tool_calls(heard_message(data)),
    tool_question=tool_question,
    json_question=json_question,
    frames=fields.EVENTS,
    frame=frame,
    headers={"x-api-key": "sk-ant-of-the-hospital", "anthropic-version": "2023-06-01"},
)

ANTHROPIC_TOKENS = Specimen(
    name="anthropic.count_tokens",
    make=AnthropicTokens,
    path="/v1/messages/count_tokens",
    question=lambda text: {"model": "claude-x", "messages": [{"role": "user", "content": text}]},
    answer=lambda text: {"input_tokens": 12},
    said=lambda body: "",
    error=error,
    is_error=is_error,
    request_table=fields.COUNT_REQUEST,
    answer_table=fields.COUNTED,
    headers={"x-api-key": "sk-ant-of-the-hospital", "anthropic-version": "2023-06-01"},
)
