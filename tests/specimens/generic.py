"""Three APIs that nobody knows but the policy: one with server-sent events, one with JSON lines, one with an array."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from guardrail.dialects.base import Dialect
from guardrail.dialects.generic.dialect import generic_routes
from guardrail.dialects.generic.fields import answer_table, frame_table, request_table
from guardrail.dialects.settings import Settings
from guardrail.dialects.table import Field
from guardrail.policy.apis import Api
from tests.specimens.base import Body, Specimen, sse, sse_bodies

HOUSE_LLM: Body = {
    "path": "/infer/v2/{model}:run",
    "stream_path": "/infer/v2/{model}:stream",
    "query": {"version": ["1", "2"]},
    "request": {
        "prose": ["$.messages[*].content", "$.prompt"],
        "system": "$.persona",
        "data": ["$.meta"],
        "token": "$.user",
        "fixed": "$.task",
        "roles": {"at": "$.messages[*]", "user": "human", "assistant": "bot", "system": "rules", "tool": "program"},
        "calls": {"at": "$.messages[*].calls[*]"},
        "references": {"$.session": "session"},
        "json_when": {"$.format": "json"},
        "set": {"log": False},
    },
    "answer": {
        "prose": "$.output.text",
        "thoughts": "$.output.reasoning",
        "data": "$.sources",
        "calls": {"at": "$.calls[*]"},
        "keeps": {"$.session": "session"},
        "body": {"output": {"text": "{text}"}, "model": "{model}", "calls": []},
    },
    "stream": {
        "framing": "sse",
        "text": "$.delta",
        "thoughts": "$.reasoning",
        "data": "$.sources",
        "calls": {"at": "$.call"},
        "end": {"data": "[DONE]", "when": "$.done"},
        "error": "$.error",
        "frame": {"delta": "{text}"},
    },
    "error": {"code": "$.error.code", "codes": ["overloaded"]},
}

HOUSE_LINES: Body = {
    "path": "/lines/generate",
    "key_header": "x-api-key",
    "request": {"prose": "$.text", "assistant": "$.said_before[*]", "turn": "$.text"},
    "answer": {
        "prose": "$.answers[*].text",
        "choices": "$.answers[*]",
        "body": {"answers": [{"text": "{text}"}]},
    },
    "stream": {
        "framing": "ndjson",
        "when": "$.streaming",
        "text": "$.token.text",
        "key": "$.answer",
        "event": {"at": "$.kind", "names": ["token", "end"]},
        "end": {"when": {"$.kind": "end"}},
        "error": "$.failure",
        "frame": {"kind": "token", "answer": 0, "token": {"text": "{text}"}},
        "last": {"kind": "end"},
    },
    "error": {"body": {"failure": {"why": "{message}", "code": "{code}", "field": "{param}", "status": "{status}"}}},
}

HOUSE_ARRAY: Body = {
    "path": "/array",
    "request": {"prose": "$.q"},
    "answer": {"prose": "$.a", "body": {"a": "{text}"}},
    "stream": {"framing": "json", "when": "$.s", "text": "$.a", "error": "$.error", "frame": {"a": "{text}"}},
}


def dialect(name: str, api: Body, *, streams: bool = False) -> Callable[[Settings], Dialect]:
    """The dialect that a policy with this description has."""
    served = Api.model_validate(api).served(name)
    return lambda settings: list(generic_routes([served], settings))[-1 if streams else 0].dialect


def tables(api: Body) -> tuple[Field, Field, Mapping[str, Field]]:
    """Of requests, answers and frames."""
    described = Api.model_validate(api).served("x").described
    assert described.stream is not None
    return (
        request_table(described.request),
        answer_table(described.answer, structured=False),
        {"frame": frame_table(described.stream, structured=False)},
    )


# ---- house-llm


def question(text: str, **more: Any) -> Body:
    return {"messages": [{"role": "human", "content": text}], **more}


def answer(text: str, **more: Any) -> Body:
    return {"output": {"text": text}, "model": "house-1", "spent": {"tokens": 12}, **more}


def stream(pieces: Sequence[str]) -> bytes:
    frames: list[Body] = [{"delta": piece, "n": number} for number, piece in enumerate(pieces)]
    return sse({"id": "run-1", "model": "house-1"}, *frames, {"done": True, "tokens": 12}) + b"data: [DONE]\n\n"


def tool_stream(name: str, arguments: Body) -> bytes:
    text = json.dumps(arguments)
    pieces = [{"call": {"arguments": text[at : at + 7]}} for at in range(0, len(text), 7)]
    return sse({"call": {"name": name, "arguments": ""}}, *pieces, {"done": True}) + b"data: [DONE]\n\n"


def heard_calls(data: bytes) -> list[tuple[str, Any]]:
    calls: list[list[str]] = []
    for body in sse_bodies(data):
        call = body.get("call") or {}
        if call.get("name"):
            calls.append([call["name"], ""])
        if call.get("arguments"):
            calls[-1][1] += call["arguments"]
    return [(name, json.loads(arguments)) for name, arguments in calls]


def _frame(name: str, leaf: Any, words: str) -> bytes:
    return sse({"delta": "Hello "}, leaf.put({}, words), {"done": True}) + b"data: [DONE]\n\n"


_request, _answer, _frames = tables(HOUSE_LLM)

GENERIC_LLM = Specimen(
    name="generic.house-llm",
    make=dialect("house-llm", HOUSE_LLM),
    path="/infer/v2/house-1:run?version=1",
    question=question,
    answer=answer,
    said=lambda body: body["output"].get("text") or "",
    error=lambda text: {"error": {"message": text, "code": "overloaded"}},
    is_error=lambda body: {"message", "code", "param"} == set(body.get("error") or ()),
    request_table=_request,
    answer_table=_answer,
    stream_path="/infer/v2/house-1:stream",
    stream_question=question,
    stream=stream,
    heard=lambda data: "".join(body.get("delta") or "" for body in sse_bodies(data)),
    stream_fails=lambda data: "error" in sse_bodies(data)[-1] and not data.endswith(b"[DONE]\n\n"),
    tool_answer=lambda name, arguments: answer("", calls=[{"name": name, "arguments": arguments}]),
    tool_stream=tool_stream,
    tool_calls=lambda body: [(call["name"], call["arguments"]) for call in body.get("calls") or ()],
    heard_calls=heard_calls,
    tool_question=lambda text, name: question(text, tools=[name]),
    json_question=lambda text: question(text, format="json"),
    frames=_frames,
    frame=_frame,
    api=HOUSE_LLM,
)

# ---- house-lines


def _lines(*bodies: Body) -> bytes:
    return b"".join(json.dumps(body).encode() + b"\n" for body in bodies)


def _read_lines(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.splitlines() if line.strip()]


def token(text: str, answer: int = 0, **more: Any) -> Body:
    return {"kind": "token", "answer": answer, "token": {"text": text, "id": 17}, **more}


def lines(pieces: Sequence[str]) -> bytes:
    return _lines(*(token(piece) for piece in pieces), {"kind": "end", "used": 3})


_request, _answer, _frames = tables(HOUSE_LINES)

GENERIC_LINES = Specimen(
    name="generic.house-lines",
    make=dialect("house-lines", HOUSE_LINES),
    path="/lines/generate",
    question=lambda text: {"text": text, "said_before": ["Hello."]},
    answer=lambda text: {"answers": [{"text": text, "score": 0.75}]},
    said=lambda body: "".join(each["text"] for each in body["answers"]),
    error=lambda text: {"failure": {"why": text}},
    is_error=lambda body: {"why", "code", "field", "status"} == set(body.get("failure") or ()),
    request_table=_request,
    answer_table=_answer,
    stream_path="/lines/generate",
    stream_question=lambda text: {"text": text, "streaming": True},
    stream=lines,
    stream_type="application/x-ndjson",
    heard=lambda data: "".join(body.get("token", {}).get("text") or "" for body in _read_lines(data)),
    stream_fails=lambda data: "failure" in _read_lines(data)[-1],
    frames=_frames,
    frame=lambda name, leaf, words: _lines(token("Hello "), leaf.put({"kind": "token"}, words), {"kind": "end"}),
    headers={"x-api-key": "key-of-the-hospital"},
    api=HOUSE_LINES,
)

# ---- house-array


_request, _answer, _frames = tables(HOUSE_ARRAY)


def array(pieces: Sequence[str]) -> bytes:
    return json.dumps([{"a": piece} for piece in pieces]).encode()


def _heard_array(data: bytes) -> str:
    return "".join(body.get("a") or "" for body in json.loads(data if data.endswith(b"]") else data + b"]"))


GENERIC_ARRAY = Specimen(
    name="generic.house-array",
    make=dialect("house-array", HOUSE_ARRAY),
    path="/array",
    question=lambda text: {"q": text},
    answer=lambda text: {"a": text},
    said=lambda body: body["a"] or "",
    error=lambda text: {"error": {"message": text}},
    is_error=lambda body: {"message", "code", "param"} == set(body.get("error") or ()),
    request_table=_request,
    answer_table=_answer,
    stream_path="/array",
    stream_question=lambda text: {"q": text, "s": True},
    stream=array,
    stream_type="application/json",
    heard=_heard_array,
    stream_fails=lambda data: "error" in json.loads(data)[-1],
    frames=_frames,
    frame=lambda name, leaf, words: json.dumps([{"a": "Hello "}, leaf.put({}, words)]).encode(),
    api=HOUSE_ARRAY,
)
