"""What the proxy itself says in the shapes of the Responses API: answers that no model gave, and events."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence

from guardrail.dialects.base import Reply
from guardrail.dialects.codec import Own
from guardrail.dialects.document import NOTES, dump
from guardrail.dialects.openai.fields import ERROR_WORDS
from guardrail.dialects.openai.replies import EVENT_STREAM, own_error, provider_error
from guardrail.errors import GuardrailError
from guardrail.wire.jsondoc import JsonValue
from guardrail.wire.sse import make_event

Body = Mapping[str, object]

_BROKE_OFF = "The provider broke off with an error."


def own_id(kind: str) -> str:
    """An id of ours, begun as OpenAI begins them."""
    return f"{kind}_guardrail_{secrets.token_hex(12)}"


def message(own: str, text: str, *, refused: bool = False) -> Body:
    """A message as an item."""
    return {"id": own, "type": "message", "status": "completed", "role": "assistant", "content": [part(text, refused)]}


def part(text: str, refused: bool = False) -> Body:
    """A text as a part of a message."""
    if refused:
        return {"type": "refusal", "refusal": text}
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def message_events(own: str, at: int, number: int, text: str, *, refused: bool = False) -> Iterator[Own]:
    """A message as the events of a stream, one after another. `number` is the sequence number of them all."""
    place = {"item_id": own, "output_index": at, "content_index": 0}
    kind, member = ("refusal", "refusal") if refused else ("output_text", "text")
    more: Body = {} if refused else {"logprobs": []}
    begun = {"id": own, "type": "message", "status": "in_progress", "role": "assistant", "content": []}
    done = message(own, text, refused=refused)
    events: Sequence[tuple[str, Body]] = (
        ("output_item.added", {"output_index": at, "item": begun}),
        ("content_part.added", {**place, "part": part("", refused)}),
        (f"{kind}.delta", {**place, "delta": text, **more}),
        (f"{kind}.done", {**place, member: text, **more}),
        ("content_part.done", {**place, "part": part(text, refused)}),
        ("output_item.done", {"output_index": at, "item": done}),
    )
    for name, body in events:
        yield event(f"response.{name}", number, body)


def event(name: str, number: int, body: Body) -> Own:
    """An event of a stream."""
    return name, {"type": name, "sequence_number": number, **body}


def delta(name: str, number: int, place: Body, text: str) -> Own:
    """A piece of a text."""
    more: Body = {"logprobs": []} if name == "response.output_text.delta" else {}
    return event(name, number, {**place, "delta": text, **more})


def note(number: int, notes: Body) -> Own:
    """Our notices beside the words."""
    return event("guardrail.notice", number, {NOTES: notes})


def error(number: int, problem: GuardrailError) -> Own:
    """The terminal event for an error of ours."""
    return _error(number, own_error(problem))


def provider_failure(number: int, told: JsonValue) -> Own:
    """The provider's error event without its words."""
    return _error(number, provider_error(None, told))


def _error(number: int, body: Body) -> Own:
    """As the API documents it, and as the API and its SDK have it: with `error`, else the SDK does not raise."""
    inner = body["error"]
    assert isinstance(inner, Mapping)
    flat = {name: inner.get(name) for name in ("code", "message", "param")}
    return event("error", number, {**flat, **body})


def failure(told: JsonValue) -> Body:
    """The `error` of a response that failed, without its words."""
    code = told.get("code") if isinstance(told, dict) else None
    known = code if isinstance(code, str) and code in ERROR_WORDS | FAILURES else "server_error"
    return {"code": known, "message": _BROKE_OFF}


FAILURES = frozenset(
    {"vector_store_timeout", "invalid_image", "invalid_image_format", "invalid_base64_image", "invalid_image_url"}
    | {"image_too_large", "image_too_small", "image_parse_error", "image_content_policy_violation"}
    | {"invalid_image_mode", "image_file_too_large", "unsupported_image_media_type", "empty_image_file"}
    | {"failed_to_download_image", "image_file_not_found"}
)
"""Codes that only this API has (the SDK's `ResponseError.code`)."""


def whole_answer(model: str, text: str, *, structured: bool = False) -> Reply:
    """A complete answer with this text, as a refusal where the text would have to be JSON."""
    output = [message(own_id("msg"), text, refused=structured)]
    return Reply(200, dump(_response(own_id("resp"), model, output)))


def streamed_answer(model: str, text: str, *, structured: bool = False) -> Reply:
    """The same as a complete stream."""
    own, item = own_id("resp"), own_id("msg")
    begun = _response(own, model, [], "in_progress")
    ended = _response(own, model, [message(item, text, refused=structured)])
    events = (
        event("response.created", 0, {"response": begun}),
        event("response.in_progress", 0, {"response": begun}),
        *message_events(item, 0, 0, text, refused=structured),
        event("response.completed", 0, {"response": ended}),
    )
    numbered = ((name, {**body, "sequence_number": number}) for number, (name, body) in enumerate(events))
    return Reply(200, b"".join(make_event(dump(body), name) for name, body in numbered), EVENT_STREAM)


def _response(own: str, model: str, output: Sequence[Body], status: str = "completed") -> Body:
    usage = {
        "input_tokens": 0,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": 0,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 0,
    }
    nothing = ("error", "incomplete_details", "instructions", "temperature", "top_p", "previous_response_id")
    return {
        "id": own,
        "object": "response",
        "created_at": int(time.time()),
        "status": status,
        "model": model,
        "output": output,
        **dict.fromkeys(nothing),
        "parallel_tool_calls": False,
        "tool_choice": "auto",
        "tools": [],
        "text": {"format": {"type": "text"}},
        "metadata": {},
        "store": False,
        "usage": usage if status == "completed" else None,
    }
