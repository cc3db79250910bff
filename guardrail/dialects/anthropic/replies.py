"""What the proxy itself says in Anthropic's shapes: errors, and answers that no model gave."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping

from guardrail.dialects.anthropic.fields import ERROR_TYPES, REQUEST_ID
from guardrail.dialects.base import Reply
from guardrail.dialects.codec import Own
from guardrail.dialects.document import NOTES, dump
from guardrail.errors import ClientError, GuardrailError
from guardrail.wire.jsondoc import JsonDocument, JsonValue
from guardrail.wire.sse import make_event

EVENT_STREAM = "text/event-stream; charset=utf-8"

_TYPES = {
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}


def error_object(kind: str, message: str, **more: str | None) -> Mapping[str, object]:
    """Anthropic's error object; what is told in `more` goes beside type and message."""
    told = {name: value for name, value in more.items() if value is not None}
    return {"type": "error", "error": {"type": kind, "message": message, **told}}


def own_error(error: GuardrailError) -> Mapping[str, object]:
    """The error object for an error of ours. Its message is safe to show; `code` and `param` say which and where."""
    return error_object(_type(error.http_status), error.message, code=error.code, param=error.param)


def refuse(error: GuardrailError) -> Reply:
    """The whole reply for an error of ours."""
    return Reply(error.http_status, dump(own_error(error)))


def upstream_error(status: int, body: bytes) -> Reply:
    """The provider's error without its words: the status and what a machine can read of it."""
    status = status if 400 <= status <= 599 else 502
    return Reply(status, dump(provider_error(status, _read(body))))


def provider_error(status: int | None, told: JsonValue) -> Mapping[str, object]:
    """The error object for what the provider told about its failure, `status` None inside a stream."""
    told = told if isinstance(told, dict) else {}
    error = told.get("error")
    kind = error.get("type") if isinstance(error, dict) else None
    # a closed list: any single word could be a name, and the provider's words may echo the prompt (UPS-01)
    kind = kind if isinstance(kind, str) and kind in ERROR_TYPES else _type(status or 500)
    message = "The provider broke off with an error." if status is None else f"The provider answered {status}."
    request = told.get("request_id")
    known = isinstance(request, str) and REQUEST_ID.fullmatch(request)
    return {**error_object(kind, message), **({"request_id": request} if known else {})}


def _type(status: int) -> str:
    return _TYPES.get(status) or ("api_error" if status >= 500 else "invalid_request_error")


def _read(body: bytes) -> JsonValue:
    try:
        return JsonDocument(body).value()
    except ClientError:
        return None


# ---- answers


def whole_answer(model: str, text: str, *, structured: bool = False) -> Reply:
    """A complete answer with this text.

    Where the content would have to be JSON it ends as a `refusal`, the API's own word for an answer that does not keep
    to its schema; else as any answer does, since applications hide the words of a refusal and these must be read.
    """
    content = [{"type": "text", "text": text}]
    return Reply(200, dump({**message(model), "content": content, "stop_reason": _stop(structured)}))


def streamed_answer(model: str, text: str, *, structured: bool = False) -> Reply:
    """The same as a complete stream."""
    events = (
        message_start(model),
        *text_block(0, text),
        ("message_delta", {
            "type": "message_delta",
            "delta": {"stop_reason": _stop(structured), "stop_sequence": None},
            "usage": {"output_tokens": 0},
        }),
        ("message_stop", {"type": "message_stop"}),
    )  # fmt: skip
    return Reply(200, b"".join(make_event(dump(body), name) for name, body in events), EVENT_STREAM)


def _stop(structured: bool) -> str:
    return "refusal" if structured else "end_turn"


def message(model: str) -> dict[str, JsonValue]:
    """The head of an answer of ours."""
    return {
        "id": f"msg_guardrail_{secrets.token_hex(12)}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 0, "output_tokens": 0},
    }


def message_start(model: str) -> Own:
    """The first event of a stream of ours."""
    return "message_start", {"type": "message_start", "message": message(model)}


def text_delta(index: int, text: str) -> Own:
    """More words of a text block."""
    delta = {"type": "text_delta", "text": text}
    return "content_block_delta", {"type": "content_block_delta", "index": index, "delta": delta}


def text_block(index: int, text: str) -> Iterable[Own]:
    """A whole text block of ours."""
    begun = {"type": "text", "text": ""}
    return (
        ("content_block_start", {"type": "content_block_start", "index": index, "content_block": begun}),
        text_delta(index, text),
        ("content_block_stop", {"type": "content_block_stop", "index": index}),
    )


def notes(told: Mapping[str, object]) -> Own:
    """Our notices beside the words: an event of its own, since clients have to take events of types they don't know."""
    return NOTES, {"type": NOTES, NOTES: told}
