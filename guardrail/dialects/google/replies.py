"""What the proxy itself says in Gemini's shapes: errors, and answers that no model gave."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping

from guardrail.dialects.base import Reply
from guardrail.dialects.codec import Own
from guardrail.dialects.document import NOTES, dump
from guardrail.dialects.google.answers import ERROR_REASONS, ERROR_WORDS, STATUSES
from guardrail.errors import ClientError, GuardrailError
from guardrail.wire.jsondoc import JsonDocument, JsonValue
from guardrail.wire.sse import make_event

EVENT_STREAM = "text/event-stream; charset=utf-8"

_TYPE = "type.googleapis.com/google.rpc."
_DELAY = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,9})?s")


def error_object(code: int, message: str, status: str, details: list[object]) -> Mapping[str, object]:
    """Google's error object. `error` comes first: the SDK looks for it there."""
    told: dict[str, object] = {"code": code, "message": message, "status": status}
    return {"error": {**told, "details": details} if details else told}


def own_error(error: GuardrailError) -> Mapping[str, object]:
    """The error object for an error of ours. Its message is safe to show."""
    metadata = {"field": error.param} if error.param else {}
    info = {"@type": f"{_TYPE}ErrorInfo", "reason": error.code, "domain": "guardrail", "metadata": metadata}
    return error_object(error.http_status, error.message, _status(error.http_status), [info])


def refuse(error: GuardrailError) -> Reply:
    """The whole reply for an error of ours."""
    return Reply(error.http_status, dump(own_error(error)))


def upstream_error(status: int, body: bytes) -> Reply:
    """The provider's error without its words: the status and what a machine can read of it."""
    status = status if 400 <= status <= 599 else 502
    return Reply(status, dump(provider_error(status, _error_of(body))))


def provider_error(status: int | None, told: JsonValue) -> Mapping[str, object]:
    """The error object for what the provider told about its failure, `status` None inside a stream."""
    told = told if isinstance(told, dict) else {}
    message = "The provider broke off with an error." if status is None else f"The provider answered {status}."
    code = told.get("code")
    code = code if type(code) is int and 400 <= code <= 599 else status or 502
    word = told.get("status")
    word = word if isinstance(word, str) and word in ERROR_WORDS else _status(code)
    details = told.get("details")
    return error_object(code, message, word, list(_known_details(details if isinstance(details, list) else [])))


def _known_details(details: list[JsonValue]) -> Iterator[object]:
    """Why, from a closed list, and when to try again. All else may echo what was asked."""
    for each in details:
        kind = each.get("@type") if isinstance(each, dict) else None
        if not isinstance(each, dict) or not isinstance(kind, str):
            continue
        reason, delay = each.get("reason"), each.get("retryDelay")
        if kind == f"{_TYPE}ErrorInfo" and isinstance(reason, str) and reason in ERROR_REASONS:
            yield {"@type": kind, "reason": reason, "domain": "googleapis.com"}
        elif kind == f"{_TYPE}RetryInfo" and isinstance(delay, str) and _DELAY.fullmatch(delay):
            yield {"@type": kind, "retryDelay": delay}


def _status(code: int) -> str:
    return STATUSES.get(code) or ("INTERNAL" if code >= 500 else "INVALID_ARGUMENT")


def _error_of(body: bytes) -> JsonValue:
    """The error of a body; a stream that never began has it in a list of one."""
    try:
        value = JsonDocument(body).value()
    except ClientError:
        return None
    value = value[0] if isinstance(value, list) and len(value) == 1 else value
    return value.get("error") if isinstance(value, dict) else None


def whole_answer(model: str, text: str, *, structured: bool = False) -> Reply:
    """A complete answer with this text; where it would have to be JSON, a prompt that was not answered.

    `SAFETY` is the API's own word for an answer that was withheld.
    """
    return Reply(200, dump(_whole(model, text, structured=structured)))


def streamed_answer(model: str, text: str, *, sse: bool, structured: bool = False) -> Reply:
    """The same as a complete stream of one chunk."""
    body = dump(_whole(model, text, structured=structured))
    return Reply(200, make_event(body), EVENT_STREAM) if sse else Reply(200, b"[" + body + b"]")


def _whole(model: str, text: str, *, structured: bool) -> Mapping[str, object]:
    usage = {"usageMetadata": {"promptTokenCount": 0, "candidatesTokenCount": 0, "totalTokenCount": 0}}
    if structured:
        return {"promptFeedback": {"blockReason": "SAFETY", "blockReasonMessage": text}, **usage, **own_head(model)}
    content = {"parts": [{"text": text}], "role": "model"}
    return {"candidates": [{"content": content, "finishReason": "SAFETY", "index": 0}], **usage, **own_head(model)}


def own_head(model: str) -> dict[str, JsonValue]:
    """What stands beside the candidates in an answer of ours, or in a stream whose own head nobody has seen."""
    return {"modelVersion": model, "responseId": f"guardrail-{secrets.token_hex(12)}"}


def chunk(
    head: dict[str, JsonValue],
    index: int,
    text: str,
    *,
    thought: bool = False,
    notes: Mapping[str, object] | None = None,
) -> Own:
    """One chunk of a stream."""
    part: dict[str, JsonValue] = {"text": text, "thought": True} if thought else {"text": text}
    candidate: JsonValue = {"content": {"parts": [part], "role": "model"}, "index": index}
    return None, {"candidates": [candidate], **head, **({NOTES: notes} if notes else {})}
