"""Which family a model of InvokeModel belongs to: that says what its bodies are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Protocol
from urllib.parse import unquote

from guardrail.dialects.anthropic import replies as anthropic
from guardrail.dialects.anthropic.answer import MessagesAnswer
from guardrail.dialects.base import Ask, RequestDocument
from guardrail.dialects.bedrock import claude, prompted, replies
from guardrail.dialects.bedrock.answer import ConverseAnswer
from guardrail.dialects.bedrock.families import LLAMA, MISTRAL, TITAN, Prompted
from guardrail.dialects.bedrock.fields import NOVA_REQUEST
from guardrail.dialects.bedrock.request import ConverseRequest
from guardrail.dialects.bedrock.stream import NovaGrammar
from guardrail.dialects.codec import Grammar
from guardrail.dialects.document import AnswerBody, RequestBody, dump
from guardrail.dialects.settings import Settings
from guardrail.errors import UnreadablePayload

Chunk = Mapping[str, object]


class Family(Protocol):
    """What the bodies of some models are made of."""

    def request(self, body: bytes, settings: Settings, ask: Ask, *, stream: bool) -> RequestBody:
        """Raises UnreadablePayload or PayloadTooLarge."""
        ...

    def response(self, body: bytes, settings: Settings, request: RequestDocument) -> AnswerBody:
        """Raises UpstreamBroken."""
        ...

    def grammar(self, request: RequestDocument) -> Grammar:
        """For the chunks of a stream."""
        ...

    def whole(self, request: RequestDocument, text: str) -> bytes:
        """The body of a complete answer with this text."""
        ...

    def chunks(self, request: RequestDocument, text: str) -> Iterable[Chunk]:
        """The chunks of a complete stream with this text."""
        ...


class Claude:
    """Anthropic's Messages."""

    def request(self, body: bytes, settings: Settings, ask: Ask, *, stream: bool) -> RequestBody:
        """Messages without a model."""
        return claude.ClaudeRequest(body, settings, ask, stream=stream)

    def response(self, body: bytes, settings: Settings, request: RequestDocument) -> AnswerBody:
        """A message."""
        return MessagesAnswer(body, settings, request)

    def grammar(self, request: RequestDocument) -> Grammar:
        """Anthropic's events."""
        return claude.ClaudeGrammar(request)

    def whole(self, request: RequestDocument, text: str) -> bytes:
        """A message."""
        return anthropic.whole_answer(request.model, text, structured=request.structured).body

    def chunks(self, request: RequestDocument, text: str) -> Iterable[Chunk]:
        """Anthropic's events."""
        return claude.events(request.model, text, structured=request.structured)


class Nova:
    """Amazon's own, much like Converse."""

    def request(self, body: bytes, settings: Settings, ask: Ask, *, stream: bool) -> RequestBody:
        """Messages."""
        return ConverseRequest(body, settings, ask, NOVA_REQUEST, stream=stream)

    def response(self, body: bytes, settings: Settings, request: RequestDocument) -> AnswerBody:
        """As of Converse."""
        return ConverseAnswer(body, settings, request)

    def grammar(self, request: RequestDocument) -> Grammar:
        """Events that name themselves."""
        return NovaGrammar(request)

    def whole(self, request: RequestDocument, text: str) -> bytes:
        """As of Converse."""
        return replies.whole_answer(text).body

    def chunks(self, request: RequestDocument, text: str) -> Iterable[Chunk]:
        """Events that name themselves."""
        return tuple({str(name): body} for name, body in replies.events(text))


class Prompt:
    """A prompt that is gone on with."""

    def __init__(self, tables: Prompted) -> None:
        self._tables = tables

    def request(self, body: bytes, settings: Settings, ask: Ask, *, stream: bool) -> RequestBody:
        """A prompt."""
        return prompted.PromptRequest(body, settings, ask, self._tables, stream=stream)

    def response(self, body: bytes, settings: Settings, request: RequestDocument) -> AnswerBody:
        """How it goes on."""
        return prompted.PromptAnswer(body, settings, self._tables)

    def grammar(self, request: RequestDocument) -> Grammar:
        """Pieces of it."""
        return prompted.PromptGrammar(self._tables)

    def whole(self, request: RequestDocument, text: str) -> bytes:
        """How it goes on."""
        return dump(prompted.whole(self._tables, text))

    def chunks(self, request: RequestDocument, text: str) -> Iterable[Chunk]:
        """One with the words, one with the end."""
        return prompted.chunk(self._tables, text), prompted.chunk(self._tables, "", self._tables.finish)


_FAMILIES: tuple[tuple[re.Pattern[str], Family], ...] = (
    (re.compile(r"anthropic\.claude.*"), Claude()),
    (re.compile(r"amazon\.nova-(?!canvas|reel|sonic).*"), Nova()),
    (re.compile(r"amazon\.titan-(?:text|tg1)-.*"), Prompt(TITAN)),
    (re.compile(r"meta\.llama.*"), Prompt(LLAMA)),
    (re.compile(r"mistral\.(?:mistral|mixtral).*"), Prompt(MISTRAL)),
)
_REGION = re.compile(r"(?:us|us-gov|eu|apac|ap|au|jp|ca|sa|global)\.")


def family_of(model: str) -> Family:
    """By the model's id, or by the last part of the name of a resource of Amazon's.

    Raises UnreadablePayload (422) for all others: nobody knows what their bodies are made of.
    """
    name = unquote(model).rpartition("/")[2]
    name = _REGION.sub("", name, count=1) if _REGION.match(name) else name
    for pattern, family in _FAMILIES:
        if pattern.fullmatch(name):
            return family
    raise UnreadablePayload(
        "the bodies of this model can't be inspected, so they are not passed on; Converse takes all models",
        code="unknown_model",
        param="model",
        status=422,
    )
