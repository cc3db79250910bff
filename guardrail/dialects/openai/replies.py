"""What the proxy itself says in OpenAI's shapes: errors, and answers that no model gave."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping

from guardrail.dialects.base import Reply
from guardrail.dialects.codec import Own
from guardrail.dialects.document import NOTES, dump
from guardrail.dialects.openai.fields import ERROR_WORDS, REQUEST
from guardrail.dialects.table import Field, names
from guardrail.errors import AnswerWithheld, ClientError, GuardrailError
from guardrail.wire.jsondoc import JsonDocument, JsonValue
from guardrail.wire.sse import make_event

DONE = b"data: [DONE]\n\n"
EVENT_STREAM = "text/event-stream; charset=utf-8"

HEAD = ("id", "object", "created", "model")
"""Of a frame: what all frames of a stream have in common."""

_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


def error_object(message: str, kind: str | None, param: str | None, code: str | int | None) -> Mapping[str, object]:
    """OpenAI's error object."""
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def own_error(error: GuardrailError) -> Mapping[str, object]:
    """The error object for an error of ours. Its message is safe to show."""
    return error_object(error.message, _type(error.http_status), error.param, error.code)


def refuse(error: GuardrailError) -> Reply:
    """The whole reply for an error of ours."""
    return Reply(error.http_status, dump(own_error(error)))


def upstream_error(status: int, body: bytes, table: Field = REQUEST) -> Reply:
    """The provider's error without its words: the status and what a machine can read of it. `table` has the fields."""
    status = status if 400 <= status <= 599 else 502
    return Reply(status, dump(provider_error(status, _error_of(body), table)))


def provider_error(status: int | None, told: JsonValue, table: Field = REQUEST) -> Mapping[str, object]:
    """The error object for what the provider told about its failure, `status` None inside a stream."""
    told = told if isinstance(told, dict) else {}
    message = "The provider broke off with an error." if status is None else f"The provider answered {status}."
    kind = _known(told.get("type")) or _type(status or 502)
    code = told.get("code")
    code = code if isinstance(code, int) and 0 <= code <= 999 else _known(code)
    return error_object(message, kind, _field(told.get("param"), table), code)


def _known(value: JsonValue) -> str | None:
    # a closed list: any single word could be a name, and the provider's words may echo the prompt (UPS-01)
    return value if isinstance(value, str) and value in ERROR_WORDS else None


def _field(value: JsonValue, table: Field) -> str | None:
    return value if isinstance(value, str) and names(table, value) else None


def whole_answer(model: str, text: str, *, structured: bool = False) -> Reply:
    """A complete answer with this text, as a refusal where the content would have to be JSON.

    `content_filter` is the API's own word for an answer that was withheld.
    """
    content, refusal = (None, text) if structured else (text, None)
    message = {"role": "assistant", "content": content, "refusal": refusal}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _finish(structured)}
    usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    return Reply(200, dump({**_envelope("chat.completion", model), "choices": [choice], "usage": usage}))


def streamed_answer(model: str, text: str, *, structured: bool = False) -> Reply:
    """The same as a complete stream."""
    envelope = _envelope("chat.completion.chunk", model)
    frames = (
        chunk(envelope, 0, {"role": "assistant", "content": None if structured else "", "refusal": None}),
        chunk(envelope, 0, {"refusal" if structured else "content": text}),
        chunk(envelope, 0, {}, _finish(structured)),
    )
    return Reply(200, b"".join(make_event(dump(body)) for _, body in frames) + DONE, EVENT_STREAM)


def _finish(structured: bool) -> str:
    return "stop" if structured else "content_filter"  # a refusal ends as OpenAI's own refusals do


def own_envelope(model: str, kind: str = "chat.completion.chunk") -> dict[str, JsonValue]:
    """The head of a frame of ours for a stream whose own head nobody has seen."""
    return _envelope(kind, model)


def chunk(
    envelope: dict[str, JsonValue],
    index: int,
    delta: dict[str, JsonValue],
    finish_reason: str | None = None,
    notes: Mapping[str, object] | None = None,
) -> Own:
    """One frame of a stream."""
    choice: JsonValue = {"index": index, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    return None, {**envelope, "choices": [choice], **({NOTES: notes} if notes else {})}


def no_words() -> Reply:
    """Instead of an answer of ours, where an answer has no words."""
    return refuse(AnswerWithheld("this request is withheld by the safety policy"))


def text_answer(model: str, text: str, *, stream: bool) -> Reply:
    """A complete answer of the older API with this text."""
    envelope = _envelope("text_completion", model)
    if stream:
        frames = (text_chunk(envelope, 0, text), text_chunk(envelope, 0, "", "content_filter"))
        return Reply(200, b"".join(make_event(dump(body)) for _, body in frames) + DONE, EVENT_STREAM)
    _, body = text_chunk(envelope, 0, text, "content_filter")
    usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    return Reply(200, dump({**body, "usage": usage}))


def text_chunk(
    envelope: dict[str, JsonValue],
    index: int,
    text: str,
    finish_reason: str | None = None,
    notes: Mapping[str, object] | None = None,
) -> Own:
    """One frame of a stream of the older API."""
    choice: JsonValue = {"text": text, "index": index, "logprobs": None, "finish_reason": finish_reason}
    return None, {**envelope, "choices": [choice], **({NOTES: notes} if notes else {})}


def _envelope(kind: str, model: str) -> dict[str, JsonValue]:
    own_id = f"chatcmpl-guardrail-{secrets.token_hex(12)}"
    return {"id": own_id, "object": kind, "created": int(time.time()), "model": model}


def _type(status: int) -> str:
    return _TYPES.get(status) or ("api_error" if status >= 500 else "invalid_request_error")


def _error_of(body: bytes) -> JsonValue:
    try:
        value = JsonDocument(body).value()
    except ClientError:
        return None
    return value.get("error") if isinstance(value, dict) else None
