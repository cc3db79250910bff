"""What the proxy itself says in Ollama's shapes: errors, and answers that no model gave."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from guardrail.dialects.base import Reply
from guardrail.dialects.codec import Own
from guardrail.dialects.document import NOTES, dump
from guardrail.errors import AnswerWithheld, GuardrailError
from guardrail.wire.jsondoc import JsonValue

LINES = "application/x-ndjson"

HEAD = ("model", "remote_model", "remote_host", "created_at")
"""Of a frame: what all frames of a stream have in common."""

Head = dict[str, JsonValue]
Said = Callable[[Head, str], Head]
"""Puts words into a frame or a whole answer that begins like this."""


def own_error(error: GuardrailError) -> Mapping[str, object]:
    """The error object for an error of ours. Its message is safe to show; `code` and `param` say which and where."""
    return {"error": error.message, "code": error.code, "param": error.param}


def refuse(error: GuardrailError) -> Reply:
    """The whole reply for an error of ours."""
    return Reply(error.http_status, dump(own_error(error)))


def upstream_error(status: int) -> Reply:
    """The provider's error without its words, which are all that Ollama tells: the status is kept."""
    status = status if 400 <= status <= 599 else 502
    return Reply(status, dump({"error": f"The provider answered {status}."}))


BROKEN_OFF: Mapping[str, object] = {"error": "The provider broke off with an error."}
"""The error object for an error inside a stream."""


def no_words() -> Reply:
    """Instead of an answer of ours, where an answer has no words."""
    return refuse(AnswerWithheld("this request is withheld by the safety policy"))


def own_head(model: str) -> Head:
    """The head of an answer of ours, or of a frame for a stream whose own head nobody has seen."""
    return {"model": model, "created_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")}


def chat(head: Head, text: str) -> Head:
    """Words as `/api/chat` says them."""
    return {**head, "message": {"role": "assistant", "content": text}}


def generated(head: Head, text: str) -> Head:
    """Words as `/api/generate` says them."""
    return {**head, "response": text}


def frame(said: Head, notes: Mapping[str, object] | None = None) -> Own:
    """One line of a stream that goes on."""
    return None, {**said, "done": False, **({NOTES: notes} if notes else {})}


def answer(say: Said, model: str, text: str, *, stream: bool) -> Reply:
    """A complete answer with this text."""
    end = {"done": True, "done_reason": "stop", **_COUNTS}
    if not stream:
        return Reply(200, dump({**say(own_head(model), text), **end}))
    _, first = frame(say(own_head(model), text))
    last = {**say(own_head(model), ""), **end}
    return Reply(200, dump(first) + b"\n" + dump(last) + b"\n", LINES)


_COUNTS = dict.fromkeys(
    ("total_duration", "load_duration", "prompt_eval_count", "prompt_eval_duration", "eval_count", "eval_duration"), 0
)
