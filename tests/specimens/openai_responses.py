"""OpenAI Responses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from guardrail.dialects.openai.responses import fields
from guardrail.dialects.openai.responses.dialect import OpenAIResponses
from tests.specimens.base import Body, Specimen, sse, sse_bodies

PLACE = {"item_id": "msg_1", "output_index": 0, "content_index": 0}


def question(text: str, **more: Any) -> Body:
    return {"model": "gpt-5", "input": [{"role": "user", "content": [{"type": "input_text", "text": text}]}], **more}


def response(output: Sequence[Body], status: str = "completed", **more: Any) -> Body:
    usage = {"input_tokens": 9, "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
             "output_tokens": 9, "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 18}  # fmt: skip
    return {"id": "resp_1", "object": "response", "created_at": 1790000000, "status": status, "error": None,
            "incomplete_details": None, "instructions": None, "max_output_tokens": None, "model": "gpt-5-2026",
            "output": list(output), "parallel_tool_calls": True, "previous_response_id": None,
            "reasoning": {"effort": None, "summary": None}, "store": False, "temperature": 1.0,
            "text": {"format": {"type": "text"}}, "tool_choice": "auto", "tools": [], "top_p": 1.0,
            "truncation": "disabled", "usage": usage if status == "completed" else None, "user": None,
            "metadata": {}, **more}  # fmt: skip


def part(text: str) -> Body:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def message(text: str, status: str = "completed") -> Body:
    content = [part(text)] if status == "completed" else []
    return {"id": "msg_1", "type": "message", "status": status, "role": "assistant", "content": content}


def call(name: str, arguments: str, status: str = "completed") -> Body:
    return {"id": "fc_1", "type": "function_call", "status": status, "call_id": "call_1", "name": name,
            "arguments": arguments}  # fmt: skip


def said_events(pieces: Sequence[str]) -> Iterator[tuple[str, Body]]:
    """A message, as the API sends it: its words in pieces, then three times as a whole."""
    text = "".join(pieces)
    yield "response.output_item.added", {"output_index": 0, "item": message("", "in_progress")}
    yield "response.content_part.added", {**PLACE, "part": part("")}
    for piece in pieces:
        yield "response.output_text.delta", {**PLACE, "delta": piece, "logprobs": [], "obfuscation": "x7Zp"}
    yield "response.output_text.done", {**PLACE, "text": text, "logprobs": []}
    yield "response.content_part.done", {**PLACE, "part": part(text)}
    yield "response.output_item.done", {"output_index": 0, "item": message(text)}


def called_events(name: str, arguments: str) -> Iterator[tuple[str, Body]]:
    place = {"item_id": "fc_1", "output_index": 0}
    yield "response.output_item.added", {"output_index": 0, "item": call(name, "", "in_progress")}
    for at in range(0, len(arguments), 7):
        yield "response.function_call_arguments.delta", {**place, "delta": arguments[at : at + 7]}
    yield "response.function_call_arguments.done", {**place, "arguments": arguments}
    yield "response.output_item.done", {"output_index": 0, "item": call(name, arguments)}


def events(middle: Sequence[tuple[str, Body]], output: Sequence[Body], **more: Any) -> bytes:
    begun = response([], "in_progress", **more)
    all_events = [
        ("response.created", {"response": begun}),
        ("response.in_progress", {"response": begun}),
        *middle,
        ("response.completed", {"response": response(output, **more)}),
    ]
    return sse(*((name, {"type": name, **body, "sequence_number": at}) for at, (name, body) in enumerate(all_events)))


def stream(pieces: Sequence[str], **more: Any) -> bytes:
    return events(list(said_events(pieces)), [message("".join(pieces))], **more)


def tool_stream(name: str, arguments: Body) -> bytes:
    text = json.dumps(arguments)
    return events(list(called_events(name, text)), [call(name, text)])


def said(body: Body) -> str:
    parts = [part for item in body["output"] if item["type"] == "message" for part in item["content"]]
    return "".join(part.get("text") or part.get("refusal") or "" for part in parts)


def heard(data: bytes) -> str:
    words = ("response.output_text.delta", "response.refusal.delta")
    return "".join(body["delta"] for body in sse_bodies(data) if body["type"] in words)


def tool_calls(body: Body) -> list[tuple[str, Any]]:
    calls = [item for item in body["output"] if item["type"] == "function_call"]
    return [(item["name"], json.loads(item["arguments"])) for item in calls]


def heard_calls(data: bytes) -> list[tuple[str, Any]]:
    """As a client that reads the events alone has them; the answer's own account must be the same."""
    names: dict[int, str] = {}
    texts: dict[int, str] = {}
    final: list[tuple[str, Any]] = []
    for body in sse_bodies(data):
        if body["type"] == "response.output_item.added" and body["item"]["type"] == "function_call":
            names[body["output_index"]] = body["item"]["name"]
        elif body["type"] == "response.function_call_arguments.delta":
            texts[body["output_index"]] = texts.get(body["output_index"], "") + body["delta"]
        elif body["type"] == "response.completed":
            final = tool_calls(body["response"])
    told = [(name, json.loads(texts[at])) for at, name in names.items()]
    assert told == final
    return told


def tool_question(text: str, name: str) -> Body:
    parameters = {"type": "object", "properties": {"patient": {"type": "string"}}}
    return question(text, tools=[{"type": "function", "name": name, "parameters": parameters, "strict": False}])


BASES: dict[str, Body] = {
    "response.output_item.added": {"output_index": 1, "item": {"type": "message", "id": "msg_2"}},
    "response.output_item.done": {"output_index": 1, "item": {"type": "message", "id": "msg_2"}},
}


def frame(name: str, leaf: Any, words: str) -> bytes:
    if name.endswith((".created", ".queued", ".in_progress", ".completed", ".incomplete", ".failed")):
        base: Body = {"response": response([])} if name.count(".") == 1 else {}
    else:
        base = {"output_index": 1, "item_id": "msg_2"}
    event = {"type": name, "sequence_number": 5, **leaf.put(base, words)}
    event["type"] = name if leaf.path != "type" else event["type"]
    middle = list(said_events(["Hello ", "there. "]))
    if name in ("response.completed", "response.incomplete", "response.failed"):
        return sse(*((kind, {"type": kind, **body, "sequence_number": 1}) for kind, body in middle), (name, event))
    return events([*middle, (name, event)], [message("Hello there. ")])


OPENAI_RESPONSES = Specimen(
    name="openai.responses",
    make=OpenAIResponses,
    path="/v1/responses",
    question=question,
    answer=lambda text: response([message(text)]),
    said=said,
    error=lambda text: {"error": {"message": text, "type": "invalid_request_error", "param": None, "code": "x"}},
    is_error=lambda body: {"message", "type", "param", "code"} <= set(body.get("error") or ()),
    request_table=fields.REQUEST,
    answer_table=fields.ANSWER,
    stream_path="/v1/responses",
    stream_question=lambda text: question(text, stream=True),
    stream=stream,
    heard=heard,
    stream_fails=lambda data: sse_bodies(data)[-1]["type"] == "error",
    tool_answer=lambda name, arguments: response([call(name, json.dumps(arguments))]),
    tool_stream=tool_stream,
    tool_calls=tool_calls,
    heard_calls=heard_calls,
    tool_question=tool_question,
    json_question=lambda text: {**question(text), "text": {"format": {"type": "json_object"}}},
    frames=fields.EVENTS,
    frame=frame,
)
