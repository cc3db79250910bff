"""Google Gemini."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from guardrail.dialects.google import answers, fields
from guardrail.dialects.google.dialect import GeminiCountTokens, GeminiEmbed, GeminiGenerate
from tests.specimens.base import Body, Specimen, sse, sse_bodies

BASE = "/v1beta/models/gemini-2.5-flash-001"
HEADERS = {"x-goog-api-key": "AIzaOfTheHospital0123456789"}


def content(*parts: Body, role: str = "model") -> Body:
    return {"parts": list(parts), "role": role}


def question(text: str, **more: Any) -> Body:
    return {"contents": [content({"text": text}, role="user")], **more}


def answer(*parts: Body, reason: str | None = "STOP", index: int = 0, **more: Any) -> Body:
    """A whole answer, or a chunk of one."""
    end = {"finishReason": reason} if reason else {}
    usage = {"promptTokenCount": 9, "candidatesTokenCount": 9, "totalTokenCount": 18}
    return {"candidates": [{"content": content(*parts), **end, "index": index}], "usageMetadata": usage,
            "modelVersion": "gemini-2.5-flash-001", "responseId": "mAitaLmkHPPlz7IPvtfUqQ4", **more}  # fmt: skip


def chunks(pieces: Sequence[str]) -> list[Body]:
    """A stream as Gemini makes it: the last words come with the reason for the end."""
    *first, last = pieces
    return [*(answer({"text": piece}, reason=None) for piece in first), answer({"text": last})]


def error(text: str) -> Body:
    return {"error": {"code": 400, "message": text, "status": "INVALID_ARGUMENT",
                      "details": [{"@type": "type.googleapis.com/google.rpc.DebugInfo", "detail": text}]}}  # fmt: skip


def is_error(body: Any) -> bool:
    return isinstance(body, dict) and {"code", "message", "status"} <= set(body.get("error") or ())


def parts_of(bodies: Sequence[Body]) -> list[Any]:
    candidates = [each for body in bodies for each in body.get("candidates") or ()]
    return [part for each in candidates for part in (each.get("content") or {}).get("parts") or ()]


def words(bodies: Sequence[Body]) -> str:
    return "".join(part.get("text") or "" for part in parts_of(bodies) if not part.get("thought"))


def calls(bodies: Sequence[Body]) -> list[tuple[str, Any]]:
    found = [part["functionCall"] for part in parts_of(bodies) if "functionCall" in part]
    return [(call["name"], call.get("args")) for call in found]


def tool_question(text: str, name: str) -> Body:
    schema = {"type": "OBJECT", "properties": {"patient": {"type": "STRING"}}}
    return question(text, tools=[{"functionDeclarations": [{"name": name, "parameters": schema}]}])


def _call(name: str, arguments: Body) -> Body:
    return {"functionCall": {"name": name, "args": arguments}}


def _frame(_: str, leaf: Any, text: str) -> bytes:
    first, last = chunks(["Hello ", "there."])
    return sse(first, leaf.put(answer({"text": "dear "}, reason=None), text), last)


def _array(bodies: Sequence[Body]) -> bytes:
    return b"[" + b"\n,\r\n".join(json.dumps(body, indent=2).encode() for body in bodies) + b"\n]\n"


def array_bodies(data: bytes) -> list[Any]:
    """The elements of an array; of one that broke off, none of its last."""
    try:
        return list(json.loads(data))
    except ValueError:
        return []


GEMINI = Specimen(
    name="gemini.generate",
    make=GeminiGenerate,
    path=f"{BASE}:generateContent",
    question=question,
    answer=lambda text: answer({"text": text}),
    said=lambda body: words([body]),
    error=error,
    is_error=is_error,
    request_table=fields.REQUEST,
    answer_table=answers.ANSWER,
    stream_path=f"{BASE}:streamGenerateContent?alt=sse",
    stream_question=question,
    stream=lambda pieces: sse(*chunks(pieces)),
    heard=lambda data: words(sse_bodies(data)),
    stream_fails=lambda data: "error" in sse_bodies(data)[-1],
    tool_answer=lambda name, arguments: answer(_call(name, arguments)),
    tool_stream=lambda name, arguments: sse(answer(_call(name, arguments), reason=None), answer({"text": ""})),
    tool_calls=lambda body: calls([body]),
    heard_calls=lambda data: calls(sse_bodies(data)),
    tool_question=tool_question,
    json_question=lambda text: question(text, generationConfig={"responseMimeType": "application/json"}),
    frames={"chunk": answers.CHUNK},
    frame=_frame,
    headers=HEADERS,
)

COUNT_TOKENS = Specimen(
    name="gemini.count_tokens",
    make=GeminiCountTokens,
    path=f"{BASE}:countTokens",
    question=question,
    answer=lambda text: {"totalTokens": 9},
    said=lambda body: "",
    error=error,
    is_error=is_error,
    request_table=fields.COUNT_REQUEST,
    answer_table=answers.COUNT_ANSWER,
    headers=HEADERS,
)

EMBED = Specimen(
    name="gemini.embed",
    make=GeminiEmbed,
    path="/v1beta/models/gemini-embedding-001:embedContent",
    question=lambda text: {"content": content({"text": text}, role="user")},
    answer=lambda text: {"embedding": {"values": [0.25, -0.5]}},
    said=lambda body: "",
    error=error,
    is_error=is_error,
    request_table=fields.EMBED_REQUEST,
    answer_table=answers.EMBED_ANSWER,
    headers=HEADERS,
)
