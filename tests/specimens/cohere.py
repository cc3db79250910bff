"""Cohere's API, version 2: chat, vectors, and the order of texts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from guardrail.dialects.cohere import fields
from guardrail.dialects.cohere.dialect import CohereChat, CohereEmbed, CohereRerank
from tests.specimens.base import Body, Specimen, sse, sse_bodies

ID = "c14c80c3-18eb-4519-9460-6c92edd8cfb4"
USAGE: Body = {"billed_units": {"input_tokens": 5, "output_tokens": 8}, "tokens": {"input_tokens": 71}}


def question(text: str, **more: Any) -> Body:
    return {"model": "command-a-03-2025", "messages": [{"role": "user", "content": text}], "stream": False, **more}


def answer(message: Body, reason: str = "COMPLETE") -> Body:
    return {"id": ID, "finish_reason": reason, "message": {"role": "assistant", **message}, "usage": USAGE}


def text_answer(text: str) -> Body:
    return answer({"content": [{"type": "text", "text": text}]})


def event(kind: str, **members: Any) -> tuple[str, Body]:
    return kind, {"type": kind, **members}


def content(kind: str, index: int, **part: Any) -> tuple[str, Body]:
    return event(kind, index=index, delta={"message": {"content": part}})


def begun() -> tuple[str, Body]:
    message = {"role": "assistant", "content": [], "tool_plan": "", "tool_calls": [], "citations": []}
    return event("message-start", id=ID, delta={"message": message})


def ended(reason: str = "COMPLETE", **more: Any) -> tuple[str, Body]:
    return event("message-end", delta={"finish_reason": reason, "usage": USAGE, **more})


def block(index: int, pieces: Sequence[str]) -> list[tuple[str, Body]]:
    start = content("content-start", index, type="text", text="")
    return [
        start,
        *(content("content-delta", index, text=piece) for piece in pieces),
        event("content-end", index=index),
    ]


def stream(pieces: Sequence[str]) -> bytes:
    return sse(begun(), *block(0, pieces), ended())


def call(name: str, arguments: str, number: int = 1) -> Body:
    return {"id": f"{name}_{number}", "type": "function", "function": {"name": name, "arguments": arguments}}


def calling(index: int, name: str, arguments: Body) -> list[tuple[str, Body]]:
    text = json.dumps(arguments)
    pieces = [text[at : at + 7] for at in range(0, len(text), 7)]
    return [
        event("tool-call-start", index=index, delta={"message": {"tool_calls": call(name, "")}}),
        *(
            event("tool-call-delta", index=index, delta={"message": {"tool_calls": {"function": {"arguments": piece}}}})
            for piece in pieces
        ),
        event("tool-call-end", index=index),
    ]


def planned(text: str) -> tuple[str, Body]:
    return event("tool-plan-delta", delta={"message": {"tool_plan": text}})


def tool_stream(name: str, arguments: Body) -> bytes:
    return sse(begun(), planned("I will "), planned("look."), *calling(0, name, arguments), ended("TOOL_CALL"))


def _part(body: Body, *names: str) -> Any:
    here: Any = body
    for name in names:
        here = here.get(name) if isinstance(here, dict) else None
    return here


def heard(data: bytes) -> str:
    return "".join(_part(body, "delta", "message", "content", "text") or "" for body in sse_bodies(data))


def heard_calls(data: bytes) -> list[tuple[str, Any]]:
    calls: dict[int, list[str]] = {}
    for body in sse_bodies(data):
        function = _part(body, "delta", "message", "tool_calls", "function")
        if function:
            known = calls.setdefault(body["index"], ["", ""])
            known[0] += function.get("name") or ""
            known[1] += function.get("arguments") or ""
    return [(name, json.loads(arguments)) for name, arguments in calls.values()]


def tool_calls(body: Body) -> list[tuple[str, Any]]:
    calls = body["message"].get("tool_calls") or ()
    return [(each["function"]["name"], json.loads(each["function"]["arguments"])) for each in calls]


def tool_question(text: str, name: str) -> Body:
    function = {"name": name, "parameters": {"type": "object", "properties": {"patient": {"type": "string"}}}}
    return question(text, tools=[{"type": "function", "function": function}])


def frame(name: str, leaf: Any, words: str) -> bytes:
    told = leaf.put({"type": name, "index": 0}, words)
    middle: list[Any] = [(name, told)]
    if name.startswith("content"):
        middle = [*block(0, ["Hello "])[:2], *middle] if name != "content-start" else middle
    elif name in ("tool-call-delta", "tool-call-end"):
        middle = [calling(0, "find_bed", {})[0], *middle]
    elif name == "message-start":
        return sse((name, told), *block(0, ["Hello "]), ended())
    elif name == "message-end":
        return sse(begun(), *block(0, ["Hello "]), (name, told))
    return sse(begun(), *middle, ended())


def _is_error(body: Body) -> bool:
    return isinstance(body.get("message"), str)


COHERE_CHAT = Specimen(
    name="cohere.chat",
    make=CohereChat,
    path="/v2/chat",
    question=question,
    answer=text_answer,
    said=lambda body: "".join(part.get("text", "") for part in body["message"]["content"]),
    error=lambda text: {"id": ID, "message": text},
    is_error=_is_error,
    request_table=fields.REQUEST,
    answer_table=fields.ANSWER,
    stream_path="/v2/chat",
    stream_question=lambda text: question(text, stream=True),
    stream=stream,
    heard=heard,
    stream_fails=lambda data: _part(sse_bodies(data)[-1], "delta", "finish_reason") == "ERROR",
    tool_answer=lambda name, arguments: answer(
        {"tool_plan": "I will look.", "tool_calls": [call(name, json.dumps(arguments))]}, "TOOL_CALL"
    ),
    tool_stream=tool_stream,
    tool_calls=tool_calls,
    heard_calls=heard_calls,
    tool_question=tool_question,
    json_question=lambda text: question(text, response_format={"type": "json_object"}),
    frames=fields.EVENTS,
    frame=frame,
)

COHERE_EMBED = Specimen(
    name="cohere.embed",
    make=CohereEmbed,
    path="/v2/embed",
    question=lambda text: {"model": "embed-v4.0", "input_type": "search_query", "texts": [text]},
    answer=lambda text: {"id": ID, "response_type": "embeddings_by_type", "embeddings": {"float": [[0.01, -0.02]]},
                         "texts": [text], "meta": {"api_version": {"version": "2"}}},
    said=lambda body: "",
    error=lambda text: {"id": ID, "message": text},
    is_error=_is_error,
    request_table=fields.EMBED_REQUEST,
    answer_table=fields.EMBED_ANSWER,
)  # fmt: skip

COHERE_RERANK = Specimen(
    name="cohere.rerank",
    make=CohereRerank,
    path="/v2/rerank",
    question=lambda text: {"model": "rerank-v3.5", "query": text, "documents": ["Radiology is on floor 2."]},
    answer=lambda text: {"id": ID, "results": [{"index": 0, "relevance_score": 0.99}],
                         "meta": {"api_version": {"version": "2"}, "billed_units": {"search_units": 1}}},
    said=lambda body: "",
    error=lambda text: {"id": ID, "message": text},
    is_error=_is_error,
    request_table=fields.RERANK_REQUEST,
    answer_table=fields.RERANK_ANSWER,
)  # fmt: skip
