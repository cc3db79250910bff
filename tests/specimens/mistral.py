"""Mistral's completion of code between two texts. Its chat is `openai_chat`, and has journeys of its own."""

from __future__ import annotations

from typing import Any

from guardrail.dialects.mistral import fim
from guardrail.dialects.mistral.fim import MistralFim
from guardrail.dialects.openai import fields
from tests.specimens import openai_chat
from tests.specimens.base import Body, Specimen, sse_bodies


def question(text: str, **more: Any) -> Body:
    return {"model": "codestral-2501", "prompt": text, "suffix": "return a", **more}


def _said_of(body: Body) -> str:
    """The words; of an answer that no words of ours may stand in, the notices beside them."""
    content = body["choices"][0]["message"]["content"] or ""
    return str(body.get("guardrail", {}).get("text", "")) + content


def _heard(data: bytes) -> str:
    notes = "".join(body.get("guardrail", {}).get("text", "") for body in sse_bodies(data))
    return notes + openai_chat.heard(data)


MISTRAL_FIM = Specimen(
    name="mistral.fim",
    make=MistralFim,
    path="/v1/fim/completions",
    question=question,
    answer=openai_chat.OPENAI_CHAT.answer,
    said=_said_of,
    error=lambda text: {"object": "error", "message": text, "type": "invalid_request_error", "code": 1000},
    is_error=openai_chat.OPENAI_CHAT.is_error,
    request_table=fim.REQUEST,
    answer_table=fields.STRUCTURED_ANSWER,
    stream_path="/v1/fim/completions",
    stream_question=lambda text: question(text, stream=True),
    stream=openai_chat.stream,
    heard=_heard,
    stream_fails=openai_chat.OPENAI_CHAT.stream_fails,
    json_question=question,
    frames={"chunk": fields.FILLED_FRAME},
    frame=openai_chat.frame,
)
