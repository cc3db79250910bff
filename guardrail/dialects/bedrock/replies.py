"""What the proxy itself says in Bedrock's shapes: errors, and answers that no model gave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from guardrail.dialects.base import Reply
from guardrail.dialects.bedrock.answers import EXCEPTIONS
from guardrail.dialects.codec import Own
from guardrail.dialects.document import dump
from guardrail.errors import GuardrailError
from guardrail.wire.eventstream import CONTENT_TYPE, EXCEPTION, EventStream
from guardrail.wire.jsondoc import JsonValue

ERROR_TYPE = "x-amzn-errortype"
"""The header that tells Amazon's clients which of their exceptions an error is."""

_TYPES = {
    401: "AccessDeniedException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    408: "ModelTimeoutException",
    424: "ModelErrorException",
    429: "ThrottlingException",
    503: "ServiceUnavailableException",
    504: "ModelTimeoutException",
}
_REASON = "guardrail_intervened"
"""Bedrock's own word for an answer in whose place a guardrail has spoken."""


def refuse(error: GuardrailError) -> Reply:
    """The whole reply for an error of ours. Its message is safe to show; `code` and `param` say which and where."""
    told = {"message": error.message, "code": error.code, "param": error.param}
    body = {name: value for name, value in told.items() if value is not None}
    return Reply(error.http_status, dump(body), headers={ERROR_TYPE: _type(error.http_status)})


def upstream_error(status: int, body: bytes) -> Reply:
    """The provider's error without its words: the status. Its type is a header, and passes if it is a known word."""
    status = status if 400 <= status <= 599 else 502
    message = {"message": f"The provider answered {status}."}
    return Reply(status, dump(message), headers={ERROR_TYPE: _type(status)})


def _type(status: int) -> str:
    return _TYPES.get(status) or ("InternalServerException" if status >= 500 else "ValidationException")


def broke_off(name: str) -> Own:
    """The exception that ends a stream, without the provider's words; another one for a name that nobody knows."""
    kind = name.removeprefix(EXCEPTION)
    known = kind if kind in EXCEPTIONS else "internalServerException"
    return EXCEPTION + known, {"message": "The provider broke off with an error."}


def own_error(error: GuardrailError) -> Own:
    """The exception that ends a stream for an error of ours."""
    kinds = {status: kind for kind, status in EXCEPTIONS.items()}
    kind = kinds.get(error.http_status, "modelStreamErrorException" if error.http_status >= 500 else "")
    return EXCEPTION + (kind or "validationException"), {"message": error.message, "code": error.code}


# ---- answers


def whole_answer(text: str) -> Reply:
    """A complete answer with this text."""
    message = {"role": "assistant", "content": [{"text": text}]}
    return Reply(
        200, dump({"output": {"message": message}, "stopReason": _REASON, "usage": _USAGE, "metrics": {"latencyMs": 0}})
    )


def streamed_answer(text: str) -> Reply:
    """The same as a complete stream."""
    framing = EventStream(0)
    return Reply(200, b"".join(framing.write(dump(body), name) for name, body in events(text)), CONTENT_TYPE)


def events(text: str) -> Iterable[Own]:
    """A complete stream with this text."""
    return (
        message_start(),
        *text_block(0, text),
        ("messageStop", {"stopReason": _REASON}),
        ("metadata", {"usage": _USAGE, "metrics": {"latencyMs": 0}}),
    )


_USAGE: Mapping[str, JsonValue] = {"inputTokens": 0, "outputTokens": 0, "totalTokens": 0}


def message_start() -> Own:
    """The first event of a stream of ours."""
    return "messageStart", {"role": "assistant"}


def text_delta(index: int, text: str) -> Own:
    """More words of a text block."""
    return "contentBlockDelta", {"contentBlockIndex": index, "delta": {"text": text}}


def text_block(index: int, text: str) -> Iterable[Own]:
    """A whole text block of ours. Blocks of text begin without an event of their own."""
    return text_delta(index, text), ("contentBlockStop", {"contentBlockIndex": index})
