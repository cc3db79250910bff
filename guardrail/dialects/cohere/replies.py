"""What the proxy itself says in Cohere's shapes: errors, and answers that no model gave."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from guardrail.dialects.base import Reply
from guardrail.dialects.codec import Own
from guardrail.dialects.cohere.fields import REQUEST_ID
from guardrail.dialects.document import NOTES, dump
from guardrail.errors import AnswerWithheld, ClientError, GuardrailError
from guardrail.wire.jsondoc import JsonDocument, JsonValue
from guardrail.wire.sse import make_event

EVENT_STREAM = "text/event-stream; charset=utf-8"


def refuse(error: GuardrailError) -> Reply:
    """The whole reply for an error of ours. Its message is safe to show; `code` and `param` say which and where."""
    return Reply(error.http_status, dump({"message": error.message, "code": error.code, "param": error.param}))


def upstream_error(status: int, body: bytes) -> Reply:
    """The provider's error without its words: the status, and the id that its support asks for."""
    status = status if 400 <= status <= 599 else 502
    told = _read(body)
    own = told.get("id") if isinstance(told, dict) else None
    known = isinstance(own, str) and REQUEST_ID.fullmatch(own)
    return Reply(status, dump({**({"id": own} if known else {}), "message": f"The provider answered {status}."}))


def _read(body: bytes) -> JsonValue:
    try:
        return JsonDocument(body).value()
    except ClientError:
        return None


def no_words() -> Reply:
    """Instead of an answer of ours, where an answer has no words."""
    return refuse(AnswerWithheld("this request is withheld by the safety policy"))


# ---- answers


def whole_answer(text: str, *, structured: bool = False) -> Reply:
    """A complete answer with this text. Where it would have to be JSON it ends as an error does."""
    message = {"role": "assistant", "content": [{"type": "text", "text": text}]}
    return Reply(200, dump({"id": _id(), "finish_reason": _finish(structured), "message": message, "usage": _USAGE}))


def streamed_answer(text: str, *, structured: bool = False) -> Reply:
    """The same as a complete stream."""
    end = {"type": "message-end", "delta": {"finish_reason": _finish(structured), "usage": _USAGE}}
    events = (message_start(), *text_block(0, text), ("message-end", end))
    return Reply(200, b"".join(make_event(dump(body), name) for name, body in events), EVENT_STREAM)


_USAGE = {
    "billed_units": {"input_tokens": 0, "output_tokens": 0},
    "tokens": {"input_tokens": 0, "output_tokens": 0},
}


def _finish(structured: bool) -> str:
    return "ERROR" if structured else "COMPLETE"


def _id() -> str:
    return str(uuid.uuid4())


# ---- events


def message_start() -> Own:
    """The first event of a stream of ours."""
    message = {"role": "assistant", "content": [], "tool_plan": "", "tool_calls": [], "citations": []}
    return "message-start", {"id": _id(), "type": "message-start", "delta": {"message": message}}


def text_delta(index: int, text: str) -> Own:
    """More words of a text."""
    delta = {"message": {"content": {"text": text}}}
    return "content-delta", {"type": "content-delta", "index": index, "delta": delta}


def text_block(index: int, text: str) -> Iterable[Own]:
    """A whole text of ours."""
    begun = {"message": {"content": {"type": "text", "text": ""}}}
    return (
        ("content-start", {"type": "content-start", "index": index, "delta": begun}),
        text_delta(index, text),
        ("content-end", {"type": "content-end", "index": index}),
    )


def notes(told: Mapping[str, object]) -> Own:
    """Our notices beside the words: a `debug` event, which clients know and show to nobody."""
    return "debug", {"type": "debug", NOTES: told}


def failed(message: str, **more: str | None) -> Own:
    """The terminal error. Cohere has no event for errors: the message ends with one."""
    told = {name: value for name, value in more.items() if value is not None}
    return "message-end", {"type": "message-end", "delta": {"finish_reason": "ERROR", "error": message, **told}}
