"""What the proxy itself says in the shapes that a policy describes: errors, and answers that no model gave."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from guardrail.dialects.base import Reply
from guardrail.dialects.document import dump
from guardrail.dialects.generic.description import JSON, NDJSON, SSE, AnswerShape, ErrorShape, StreamShape
from guardrail.dialects.settings import Settings
from guardrail.errors import ClientError, GuardrailError
from guardrail.wire.framing import Framing, JsonArray, JsonLines, Sse
from guardrail.wire.jsondoc import JsonDocument, JsonValue
from guardrail.wire.sse import make_event


def error_object(shape: ErrorShape, error: GuardrailError) -> Mapping[str, JsonValue]:
    """An error of ours. Its message is safe to show."""
    return shape.body.fill(message=error.message, code=error.code, param=error.param, status=error.http_status)


def refuse(shape: ErrorShape, error: GuardrailError) -> Reply:
    """The whole reply for an error of ours."""
    return Reply(error.http_status, dump(error_object(shape, error)))


def upstream_error(shape: ErrorShape, status: int, body: bytes) -> Reply:
    """The provider's error without its words: the status, and a code that the policy lists."""
    status = status if 400 <= status <= 599 else 502
    return Reply(status, dump(provider_error(shape, status, _read(body))))


def provider_error(shape: ErrorShape, status: int | None, told: JsonValue) -> Mapping[str, JsonValue]:
    """The error for what the provider told about its failure, `status` None inside a stream."""
    message = "The provider broke off with an error." if status is None else f"The provider answered {status}."
    code = shape.code.first(told) if shape.code else None
    known = code if isinstance(code, str) and code in shape.codes else "upstream_error"
    return shape.body.fill(message=message, code=known, param=None, status=status)


def _read(body: bytes) -> JsonValue:
    try:
        return JsonDocument(body).value()
    except ClientError:
        return None


def framing_of(shape: StreamShape, settings: Settings) -> Framing:
    """How this API cuts its streams."""
    return _FRAMINGS[shape.framing](settings.max_event)


_FRAMINGS: Mapping[str, Callable[[int], Framing]] = {SSE: Sse, NDJSON: JsonLines, JSON: JsonArray}


def end_of(shape: StreamShape) -> bytes | None:
    """The end of a stream where that is no JSON; None: the framing's."""
    if not shape.end_data:
        return None
    data = shape.end_data.encode()
    return make_event(data) if shape.framing == SSE else data + b"\n"


def event_name(shape: StreamShape, body: JsonValue) -> str | None:
    """The name that the framing gives an event: one of the policy's list, else none."""
    told = shape.event.first(body) if shape.event else None
    return told if isinstance(told, str) and told in shape.events else None


def whole_answer(shape: AnswerShape, model: str, text: str) -> Reply:
    """A complete answer with this text."""
    assert shape.body is not None  # asked of dialects that speak
    return Reply(200, dump(shape.body.fill(text=text, model=model)))


def streamed_answer(shape: StreamShape, model: str, text: str, settings: Settings) -> Reply:
    """The same as a complete stream."""
    framing = framing_of(shape, settings)
    bodies = [shape.frame.fill(text=text, model=model)]
    if shape.last is not None:
        bodies.append(shape.last.fill(model=model))
    frames = b"".join(framing.write(dump(body), event_name(shape, body)) for body in bodies)
    return Reply(200, frames + (end_of(shape) or framing.end()), framing.content_type)
