"""Anthropic's Messages in the bodies of InvokeModel: their own format, wrapped in Amazon's chunks when streamed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from guardrail.dialects.anthropic import replies as anthropic
from guardrail.dialects.anthropic.fields import HOSTED_REQUEST
from guardrail.dialects.anthropic.request import MessagesRequest
from guardrail.dialects.anthropic.stream import MessagesGrammar
from guardrail.dialects.base import Ask
from guardrail.dialects.bedrock import replies
from guardrail.dialects.codec import Own, Top
from guardrail.dialects.document import NOTES
from guardrail.dialects.settings import Settings
from guardrail.errors import GuardrailError
from guardrail.events import Frame
from guardrail.wire.eventstream import CHUNK, EXCEPTION


class ClaudeRequest(MessagesRequest):
    """One request. The path says which model, and whether a stream is wanted."""

    def __init__(self, body: bytes, settings: Settings, ask: Ask, *, stream: bool) -> None:
        super().__init__(body, settings, ask, HOSTED_REQUEST)
        self._stream = stream

    @property
    def stream(self) -> bool:
        """True at the paths of streams."""
        return self._stream


class ClaudeGrammar(MessagesGrammar):
    """One streamed answer. Errors are Amazon's exceptions, beside the chunks."""

    _name = ""

    def seen(self, name: str | None) -> None:
        """What it is."""
        self._name = name or ""

    def name(self, top: Top) -> None:
        """A chunk."""

    def skips(self, top: Top) -> bool:
        """Events that nobody knows, of Amazon's and of Anthropic's."""
        return self._name != CHUNK or super().skips(top)

    def failure(self, top: Top) -> Own | None:
        """An exception, or an error inside a chunk."""
        failed = self._name.startswith(EXCEPTION) or super().failure(top) is not None
        return replies.broke_off(self._name) if failed else None

    def insert(self, like: Frame, segment: str, text: str) -> Iterable[Own]:
        """As chunks."""
        return _chunks(super().insert(like, segment, text))

    def say(self, text: str) -> Iterable[Own]:
        """As chunks."""
        return _chunks(super().say(text))

    def close(self, text: str, choice: int) -> Iterable[Own]:
        """As chunks."""
        return _chunks(super().close(text, choice))

    def note(self, notes: Mapping[str, object]) -> Iterable[Own]:
        """An event `guardrail`: clients pass over events that they don't know."""
        return ((NOTES, {NOTES: notes}),)

    def error(self, error: GuardrailError) -> Own:
        """The terminal exception."""
        return replies.own_error(error)


def _chunks(events: Iterable[Own]) -> Iterable[Own]:
    return tuple((None, body) for _, body in events)


def events(model: str, text: str, *, structured: bool) -> Iterable[Mapping[str, object]]:
    """A complete stream of ours."""
    delta = {"stop_reason": "refusal" if structured else "end_turn", "stop_sequence": None}
    told = (anthropic.message_start(model), *anthropic.text_block(0, text))
    return (
        *(body for _, body in told),
        {"type": "message_delta", "delta": delta, "usage": {"output_tokens": 0}},
        {"type": "message_stop"},
    )
