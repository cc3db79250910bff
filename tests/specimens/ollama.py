"""Ollama's own API: chat, generate, and vectors."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from guardrail.dialects.ollama import fields
from guardrail.dialects.ollama.dialect import OllamaChat, OllamaEmbed, OllamaGenerate
from tests.specimens.base import Body, Specimen

HEAD: Body = {"model": "llama3.2:3b", "created_at": "2026-05-03T10:00:00.123456789Z"}
COUNTS: Body = {"total_duration": 4883583458, "load_duration": 1334875, "prompt_eval_count": 26,
                "prompt_eval_duration": 342546000, "eval_count": 282, "eval_duration": 4535599000}  # fmt: skip


def lines(*bodies: Body) -> bytes:
    """A stream as the server writes it."""
    return b"".join(json.dumps(body).encode() + b"\n" for body in bodies)


def read(data: bytes) -> list[dict[str, Any]]:
    """The lines of a stream; an SDK takes no empty one."""
    return [json.loads(line) for line in data.split(b"\n")[:-1]]


def end(**said: Any) -> Body:
    return {**HEAD, **said, "done": True, "done_reason": "stop", **COUNTS}


# ---------------------------------------------------------------------------------------------------- chat


def message(text: str = "", **more: Any) -> Body:
    return {"message": {"role": "assistant", "content": text, **more}}


def chat_question(text: str, **more: Any) -> Body:
    asked = {"model": "llama3.2:3b", "messages": [{"role": "user", "content": text}], "stream": False}
    return {**asked, **more}


def chat_line(text: str = "", **more: Any) -> Body:
    return {**HEAD, **message(text, **more), "done": False}


def chat_answer(text: str = "", **more: Any) -> Body:
    return end(**message(text, **more))


def chat_stream(pieces: Sequence[str]) -> bytes:
    return lines(*(chat_line(piece) for piece in pieces), chat_answer())


def _call(name: str, arguments: Body) -> list[Body]:
    return [{"id": "call_1", "function": {"index": 0, "name": name, "arguments": arguments}}]


def tool_calls(body: Body) -> list[tuple[str, Any]]:
    calls = body["message"].get("tool_calls") or ()
    return [(call["function"]["name"], call["function"]["arguments"]) for call in calls]


def tool_question(text: str, name: str) -> Body:
    function = {"name": name, "parameters": {"type": "object", "properties": {"patient": {"type": "string"}}}}
    return chat_question(text, tools=[{"type": "function", "function": function}])


def _is_error(body: Body) -> bool:
    return isinstance(body.get("error"), str)


OLLAMA_CHAT = Specimen(
    name="ollama.chat",
    make=OllamaChat,
    path="/api/chat",
    question=chat_question,
    answer=chat_answer,
    said=lambda body: body["message"]["content"],
    error=lambda text: {"error": text},
    is_error=_is_error,
    request_table=fields.CHAT_REQUEST,
    answer_table=fields.CHAT_ANSWER,
    stream_path="/api/chat",
    stream_question=lambda text: chat_question(text, stream=True),
    stream=chat_stream,
    stream_type="application/x-ndjson",
    heard=lambda data: "".join(body["message"]["content"] for body in read(data) if "message" in body),
    stream_fails=lambda data: "error" in read(data)[-1],
    tool_answer=lambda name, arguments: chat_answer(tool_calls=_call(name, arguments)),
    tool_stream=lambda name, arguments: lines(chat_line(tool_calls=_call(name, arguments)), chat_answer()),
    tool_calls=tool_calls,
    heard_calls=lambda data: [call for body in read(data) for call in tool_calls(body)],
    tool_question=tool_question,
    json_question=lambda text: chat_question(text, format="json"),
    frames={"line": fields.CHAT_FRAME},
    frame=lambda name, leaf, words: lines(chat_line("Hello "), leaf.put(chat_line(), words), chat_answer()),
)

# ---------------------------------------------------------------------------------------------------- generate


def generate_question(text: str, **more: Any) -> Body:
    return {"model": "llama3.2:3b", "prompt": text, "stream": False, **more}


def generate_line(text: str = "", **more: Any) -> Body:
    return {**HEAD, "response": text, **more, "done": False}


def generate_answer(text: str = "", **more: Any) -> Body:
    return {**end(response=text, **more), "context": [1, 2, 3]}


def generate_stream(pieces: Sequence[str]) -> bytes:
    return lines(*(generate_line(piece) for piece in pieces), generate_answer())


OLLAMA_GENERATE = Specimen(
    name="ollama.generate",
    make=OllamaGenerate,
    path="/api/generate",
    question=generate_question,
    answer=generate_answer,
    said=lambda body: body["response"],
    error=lambda text: {"error": text},
    is_error=_is_error,
    request_table=fields.GENERATE_REQUEST,
    answer_table=fields.GENERATE_ANSWER,
    stream_path="/api/generate",
    stream_question=lambda text: {"model": "llama3.2:3b", "prompt": text},
    stream=generate_stream,
    stream_type="application/x-ndjson",
    heard=lambda data: "".join(body.get("response", "") for body in read(data)),
    stream_fails=lambda data: "error" in read(data)[-1],
    json_question=lambda text: generate_question(text, format="json"),
    frames={"line": fields.GENERATE_FRAME},
    frame=lambda name, leaf, words: lines(generate_line("Hello "), leaf.put(generate_line(), words), generate_answer()),
)

# ---------------------------------------------------------------------------------------------------- vectors

OLLAMA_EMBED = Specimen(
    name="ollama.embed",
    make=OllamaEmbed,
    path="/api/embed",
    question=lambda text: {"model": "all-minilm", "input": text},
    answer=lambda text: {"model": "all-minilm", "embeddings": [[0.01, -0.02]], "total_duration": 14143917,
                         "load_duration": 1019500, "prompt_eval_count": 8},
    said=lambda body: "",
    error=lambda text: {"error": text},
    is_error=_is_error,
    request_table=fields.EMBED_REQUEST,
    answer_table=fields.EMBED_ANSWER,
)  # fmt: skip
