"""OpenAI's older Completions, Embeddings and Moderations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from guardrail.dialects.openai import embeddings, moderations
from guardrail.dialects.openai.completions import fields as completions
from guardrail.dialects.openai.completions.dialect import OpenAICompletions
from guardrail.dialects.openai.embeddings import OpenAIEmbeddings
from guardrail.dialects.openai.moderations import OpenAIModerations
from tests.specimens.base import Body, Specimen, sse, sse_bodies

USAGE = {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}


def error(text: str) -> Body:
    return {"error": {"message": text, "type": "invalid_request_error", "param": None, "code": "x"}}


def is_error(body: Body) -> bool:
    return {"message", "type", "param", "code"} <= set(body.get("error") or ())


def completion(text: str, reason: str | None = "stop", **more: Any) -> Body:
    choice = {"text": text, "index": 0, "logprobs": None, "finish_reason": reason}
    return {"id": "cmpl-1", "object": "text_completion", "created": 1790000000, "model": "gpt-3.5-turbo-instruct",
            "choices": [choice], **more}  # fmt: skip


def completion_stream(pieces: Sequence[str]) -> bytes:
    frames = [completion(piece, None) for piece in pieces]
    return sse(*frames, completion("", "stop")) + b"data: [DONE]\n\n"


def completion_heard(data: bytes) -> str:
    return "".join(choice["text"] for body in sse_bodies(data) for choice in body.get("choices", ()))


def completion_frame(name: str, leaf: Any, words: str) -> bytes:
    event = leaf.put({**completion("", None), "choices": []}, words)
    return sse(completion("Hello ", None), event, completion("", "stop")) + b"data: [DONE]\n\n"


OPENAI_COMPLETIONS = Specimen(
    name="openai.completions",
    make=OpenAICompletions,
    path="/v1/completions",
    question=lambda text: {"model": "gpt-3.5-turbo-instruct", "prompt": text},
    answer=lambda text: completion(text, usage=USAGE),
    said=lambda body: body["choices"][0]["text"],
    error=error,
    is_error=is_error,
    request_table=completions.REQUEST,
    answer_table=completions.ANSWER,
    stream_path="/v1/completions",
    stream_question=lambda text: {"model": "gpt-3.5-turbo-instruct", "prompt": [text], "stream": True},
    stream=completion_stream,
    heard=completion_heard,
    stream_fails=lambda data: "error" in sse_bodies(data)[-1] and not data.endswith(b"[DONE]\n\n"),
    frames={"frame": completions.FRAME},
    frame=completion_frame,
)

OPENAI_EMBEDDINGS = Specimen(
    name="openai.embeddings",
    make=OpenAIEmbeddings,
    path="/v1/embeddings",
    question=lambda text: {"model": "text-embedding-3-small", "input": [text]},
    answer=lambda text: {
        "object": "list",
        "data": [{"object": "embedding", "index": 0, "embedding": [0.25, -0.5, 1e-3]}],
        "model": "text-embedding-3-small",
        "usage": {"prompt_tokens": 8, "total_tokens": 8},
    },
    said=lambda body: "",
    error=error,
    is_error=is_error,
    request_table=embeddings.REQUEST,
    answer_table=embeddings.ANSWER,
)

OPENAI_MODERATIONS = Specimen(
    name="openai.moderations",
    make=OpenAIModerations,
    path="/v1/moderations",
    question=lambda text: {"model": "omni-moderation-latest", "input": [{"type": "text", "text": text}]},
    answer=lambda text: {
        "id": "modr-1",
        "model": "omni-moderation-latest",
        "results": [
            {
                "flagged": False,
                "categories": {"violence": False, "self-harm/intent": False},
                "category_scores": {"violence": 0.01, "self-harm/intent": 0.02},
                "category_applied_input_types": {"violence": ["text"], "self-harm/intent": ["text"]},
            }
        ],
    },
    said=lambda body: "",
    error=error,
    is_error=is_error,
    request_table=moderations.REQUEST,
    answer_table=moderations.ANSWER,
)
