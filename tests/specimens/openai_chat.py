"""OpenAI Chat Completions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from guardrail.dialects.openai import fields
from guardrail.dialects.openai_chat import OpenAIChat
from tests.specimens.base import Body, Specimen, sse, sse_bodies


def question(text: str, **more: Any) -> Body:
    return {"model": "gpt-4o", "messages": [{"role": "user", "content": text}], **more}


def _answer(message: Body, reason: str = "stop") -> Body:
    choice = {"index": 0, "message": {"role": "assistant", "refusal": None, **message}, "finish_reason": reason}
    usage = {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}
    return {"id": "chatcmpl-1", "object": "chat.completion", "created": 1790000000, "model": "gpt-4o-2026",
            "choices": [choice], "usage": usage}  # fmt: skip


def _frame(delta: Body, reason: str | None = None) -> Body:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1790000000, "model": "gpt-4o-2026",
            "choices": [choice]}  # fmt: skip


def stream(pieces: Sequence[str]) -> bytes:
    said = [_frame({"content": piece}) for piece in pieces]
    return sse(_frame({"role": "assistant", "content": ""}), *said, _frame({}, "stop")) + b"data: [DONE]\n\n"


def _call(name: str, arguments: str) -> Body:
    return {"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}


def tool_stream(name: str, arguments: Body) -> bytes:
    text = json.dumps(arguments)
    pieces = [text[at : at + 7] for at in range(0, len(text), 7)]
    frames = [
        _frame({"role": "assistant", "content": None, "tool_calls": [{"index": 0, **_call(name, "")}]}),
        *(_frame({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}) for piece in pieces),
        _frame({}, "tool_calls"),
    ]
    return sse(*frames) + b"data: [DONE]\n\n"


def heard(data: bytes) -> str:
    choices = [choice for body in sse_bodies(data) for choice in body.get("choices", ())]
    return "".join(choice["delta"].get("content") or "" for choice in choices)


def heard_calls(data: bytes) -> list[tuple[str, Any]]:
    calls: dict[int, list[str]] = {}
    for body in sse_bodies(data):
        for choice in body.get("choices", ()):
            for call in choice["delta"].get("tool_calls") or ():
                function = call["function"]
                known = calls.setdefault(call["index"], ["", ""])
                known[0] += function.get("name") or ""
                known[1] += function.get("arguments") or ""
    return [(name, json.loads(arguments)) for name, arguments in calls.values()]


def tool_calls(body: Body) -> list[tuple[str, Any]]:
    calls = body["choices"][0]["message"].get("tool_calls") or ()
    return [(call["function"]["name"], json.loads(call["function"]["arguments"])) for call in calls]


def tool_question(text: str, name: str) -> Body:
    function = {"name": name, "parameters": {"type": "object", "properties": {"patient": {"type": "string"}}}}
    return question(text, tools=[{"type": "function", "function": function}])


def frame(name: str, leaf: Any, words: str) -> bytes:
    event = leaf.put(_frame({}), words)
    return sse(_frame({"content": "Hello "}), event, _frame({}, "stop")) + b"data: [DONE]\n\n"


OPENAI_CHAT = Specimen(
    name="openai.chat",
    make=OpenAIChat,
    path="/v1/chat/completions",
    question=question,
    answer=lambda text: _answer({"content": text}),
    said=lambda body: body["choices"][0]["message"]["content"] or "",
    error=lambda text: {"error": {"message": text, "type": "invalid_request_error", "param": None, "code": "x"}},
    is_error=lambda body: {"message", "type", "param", "code"} <= set(body.get("error") or ()),
    request_table=fields.REQUEST,
    answer_table=fields.ANSWER,
    stream_path="/v1/chat/completions",
    stream_question=lambda text: question(text, stream=True),
    stream=stream,
    heard=heard,
    stream_fails=lambda data: "error" in sse_bodies(data)[-1] and not data.endswith(b"[DONE]\n\n"),
    tool_answer=lambda name, arguments: _answer(
        {"content": None, "tool_calls": [_call(name, json.dumps(arguments))]}, "tool_calls"
    ),
    tool_stream=tool_stream,
    tool_calls=tool_calls,
    heard_calls=heard_calls,
    tool_question=tool_question,
    json_question=lambda text: question(text, response_format={"type": "json_object"}),
    frames={"chunk": fields.FRAME},
    frame=frame,
)
