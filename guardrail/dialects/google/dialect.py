"""Google's Gemini API (`generateContent`, `countTokens`, `embedContent`, ...), which Vertex AI speaks too.

The fields are declared in `fields.py` and `answers.py`; what no row names is inspected in full, or refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from guardrail.dialects.base import NO_CALL, Ask, Outgoing, Reply, RequestDocument
from guardrail.dialects.codec import Codec
from guardrail.dialects.document import AnswerBody, RequestBody
from guardrail.dialects.google import replies
from guardrail.dialects.google.answer import COUNTS, GeminiAnswer, Numbers
from guardrail.dialects.google.answers import COUNT_ANSWER, EMBED_ANSWER
from guardrail.dialects.google.fields import COUNT_REQUEST, EMBED_REQUEST, PREDICT_REQUEST, REQUEST
from guardrail.dialects.google.request import GeminiRequest, check_seal
from guardrail.dialects.google.spelling import each, spelled
from guardrail.dialects.google.stream import GeminiGrammar
from guardrail.dialects.settings import DEFAULTS, Settings
from guardrail.dialects.tools import NO_TOOLS, ToolRules
from guardrail.errors import GuardrailError
from guardrail.wire.framing import JsonArray, Sse
from guardrail.wire.jsondoc import JsonValue


@dataclass(frozen=True, slots=True)
class _Google:
    """What all endpoints share. `bearer`: the key is an access token, as for the projects of Vertex AI."""

    settings: Settings = DEFAULTS
    bearer: bool = False

    def credentials(self, key: str, outgoing: Outgoing) -> Sequence[tuple[str, str]]:
        """`x-goog-api-key`, or the bearer token; empty for an empty key."""
        if not key:
            return ()
        return (("authorization", f"Bearer {key}"),) if self.bearer else (("x-goog-api-key", key),)

    def refuse(self, error: GuardrailError) -> Reply:
        """The error as Google's error object."""
        return replies.refuse(error)

    def upstream_error(self, status: int, body: bytes) -> Reply:
        """The provider's error: its status and short machine-readable words, none of its prose."""
        return replies.upstream_error(status, body)


@dataclass(frozen=True, slots=True)
class GeminiGenerate(_Google):
    """`generateContent`, and with `streams` `streamGenerateContent`."""

    streams: bool = False

    name: ClassVar[str] = "gemini.generate"
    speaks: ClassVar[bool] = True

    def read_request(self, body: bytes, ask: Ask = NO_CALL) -> GeminiRequest:
        """Raises UnreadablePayload (400 not JSON, 422 a shape that can't be inspected) or PayloadTooLarge."""
        request = GeminiRequest(body, self.settings, ask, REQUEST, stream=self.streams)
        if not self.settings.keep_at_provider and request.top.get("store"):
            request.set_member("store", False)
        return request

    def read_response(self, body: bytes, request: RequestDocument) -> GeminiAnswer:
        """Raises UpstreamBroken if the provider's answer is not what this dialect knows."""
        return GeminiAnswer(body, self.settings, structured=request.structured)

    def open_stream(self, request: RequestDocument, content_type: str, tools: ToolRules = NO_TOOLS) -> Codec | None:
        """A codec for the answer to this request: events, or the elements of one long array."""
        sse = content_type == "text/event-stream"
        if not sse and not (self.streams and content_type == "application/json"):
            return None
        framing = (Sse if sse else JsonArray)(self.settings.max_event)
        grammar = GeminiGrammar(request.model, self.settings, structured=request.structured)
        return Codec(framing, grammar, self.settings, tools)

    def answer(self, request: RequestDocument, text: str) -> Reply:
        """A complete answer with this text, streamed if the request asks for it."""
        if not request.stream:
            return replies.whole_answer(request.model, text, structured=request.structured)
        sse = isinstance(request, GeminiRequest) and request.ask.query.get("alt") == "sse"
        return replies.streamed_answer(request.model, text, sse=sse, structured=request.structured)


class _CountRequest(GeminiRequest):
    """What is to be counted: contents, or a whole request."""

    def check(self, settings: Settings) -> None:
        """The same of a whole request."""
        super().check(settings)
        token = spelled(spelled(self.top, "generateContentRequest"), "continuationToken")
        check_seal(token, "/generateContentRequest/continuationToken")

    def _contents(self) -> Iterator[tuple[JsonValue, str]]:
        yield from super()._contents()
        inner = spelled(self.top, "generateContentRequest")
        for name in self.contents:
            yield from each(spelled(inner, name), f"/generateContentRequest/{name}")


class _EmbedRequest(GeminiRequest):
    """What is to be turned into vectors: one content, or many requests with one each."""

    contents = ("content",)

    def _contents(self) -> Iterator[tuple[JsonValue, str]]:
        yield from super()._contents()
        for request, address in each(self.top.get("requests"), "/requests"):
            yield from each(spelled(request, "content"), f"{address}/content")


@dataclass(frozen=True, slots=True)
class _Numbers(_Google):
    """An endpoint whose answers are no words."""

    speaks: ClassVar[bool] = False

    def open_stream(self, request: RequestDocument, content_type: str, tools: ToolRules = NO_TOOLS) -> None:
        """Never a stream."""

    def answer(self, request: RequestDocument, text: str) -> Reply:
        """Not asked of an endpoint that doesn't speak."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class GeminiCountTokens(_Numbers):
    """`countTokens`."""

    name: ClassVar[str] = "gemini.count_tokens"

    def read_request(self, body: bytes, ask: Ask = NO_CALL) -> GeminiRequest:
        """Raises UnreadablePayload or PayloadTooLarge."""
        return _CountRequest(body, self.settings, ask, COUNT_REQUEST)

    def read_response(self, body: bytes, request: RequestDocument) -> AnswerBody:
        """Raises UpstreamBroken if the provider's answer is not what this dialect knows."""
        return Numbers(body, COUNT_ANSWER, self.settings)


@dataclass(frozen=True, slots=True)
class GeminiEmbed(_Numbers):
    """`embedContent` and `batchEmbedContents`, and with `predict` the method that Vertex's older models have."""

    predict: bool = False

    name: ClassVar[str] = "gemini.embed"

    def read_request(self, body: bytes, ask: Ask = NO_CALL) -> RequestBody:
        """Raises UnreadablePayload or PayloadTooLarge."""
        table = PREDICT_REQUEST if self.predict else EMBED_REQUEST
        return _EmbedRequest(body, self.settings, ask, table)

    def read_response(self, body: bytes, request: RequestDocument) -> AnswerBody:
        """Raises UpstreamBroken if the provider's answer is not what this dialect knows."""
        return Numbers(body, EMBED_ANSWER, self.settings, counts=COUNTS)
