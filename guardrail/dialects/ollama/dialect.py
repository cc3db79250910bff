"""Ollama's own API: `POST /api/chat`, `/api/generate`, `/api/embed` (and the older `/api/embeddings`), `GET /api/tags`.

The fields are declared in `fields.py`; what no row names is inspected in full, what can't be is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from guardrail.dialects.base import NO_CALL, Ask, Outgoing, Reply, RequestDocument
from guardrail.dialects.codec import Codec
from guardrail.dialects.document import AnswerBody, NoBody
from guardrail.dialects.ollama import fields, replies
from guardrail.dialects.ollama.answer import COUNTS, SaidAnswer, TagsAnswer
from guardrail.dialects.ollama.request import ChatRequest, EmbedRequest, GenerateRequest
from guardrail.dialects.ollama.stream import LineGrammar, Lines
from guardrail.dialects.settings import DEFAULTS, Settings
from guardrail.dialects.table import Field
from guardrail.dialects.tools import NO_TOOLS, ToolRules
from guardrail.errors import GuardrailError, UnreadablePayload

_LINES = frozenset(f"application/{name}" for name in ("x-ndjson", "ndjson", "jsonl", "x-jsonlines"))


@dataclass(frozen=True, slots=True)
class _Ollama:
    """The part that does not depend on the endpoint."""

    settings: Settings = DEFAULTS

    def credentials(self, key: str, outgoing: Outgoing) -> Sequence[tuple[str, str]]:
        """The bearer token of Ollama's cloud, or of a proxy before a server; empty for an empty key."""
        return (("authorization", f"Bearer {key}"),) if key else ()

    def refuse(self, error: GuardrailError) -> Reply:
        """The error as Ollama's error object."""
        return replies.refuse(error)

    def upstream_error(self, status: int, body: bytes) -> Reply:
        """The provider's error: its status, none of its prose."""
        return replies.upstream_error(status)


@dataclass(frozen=True, slots=True)
class OllamaChat(_Ollama):
    """The conversation."""

    name: ClassVar[str] = "ollama.chat"
    speaks: ClassVar[bool] = True

    def read_request(self, body: bytes, ask: Ask = NO_CALL) -> ChatRequest:
        """Raises UnreadablePayload (400 not JSON, 422 a shape that can't be inspected) or PayloadTooLarge."""
        return ChatRequest(body, self.settings, ask)

    def read_response(self, body: bytes, request: RequestDocument) -> SaidAnswer:
        """Raises UpstreamBroken if the provider's answer is not what this dialect knows."""
        table = fields.STRUCTURED_CHAT_ANSWER if request.structured else fields.CHAT_ANSWER
        return SaidAnswer(body, table, self.settings, "/message/content", may_speak=not request.structured)

    def open_stream(self, request: RequestDocument, content_type: str, tools: ToolRules = NO_TOOLS) -> Codec | None:
        """A codec for the answer to this request."""
        if content_type not in _LINES:
            return None
        table = fields.STRUCTURED_CHAT_FRAME if request.structured else fields.CHAT_FRAME
        grammar = LineGrammar(request.model, table, replies.chat)
        return Codec(Lines(self.settings.max_event), grammar, self.settings, tools)

    def answer(self, request: RequestDocument, text: str) -> Reply:
        """A complete answer with this text, streamed if the request asks for it."""
        return replies.answer(replies.chat, request.model, text, stream=request.stream)


@dataclass(frozen=True, slots=True)
class OllamaGenerate(_Ollama):
    """A prompt and its continuation."""

    name: ClassVar[str] = "ollama.generate"
    speaks: ClassVar[bool] = True

    def read_request(self, body: bytes, ask: Ask = NO_CALL) -> GenerateRequest:
        """Raises UnreadablePayload (400 not JSON, 422 a shape that can't be inspected) or PayloadTooLarge."""
        return GenerateRequest(body, self.settings, ask)

    def read_response(self, body: bytes, request: RequestDocument) -> SaidAnswer:
        """Raises UpstreamBroken if the provider's answer is not what this dialect knows."""
        table = _table(request, fields.GENERATE_ANSWER, fields.STRUCTURED_GENERATE_ANSWER, fields.FILLED_ANSWER)
        return SaidAnswer(body, table, self.settings, "/response", may_speak=not request.structured)

    def open_stream(self, request: RequestDocument, content_type: str, tools: ToolRules = NO_TOOLS) -> Codec | None:
        """A codec for the answer to this request."""
        if content_type not in _LINES:
            return None
        table = _table(request, fields.GENERATE_FRAME, fields.STRUCTURED_GENERATE_FRAME, fields.FILLED_FRAME)
        grammar = LineGrammar(request.model, table, replies.generated)
        return Codec(Lines(self.settings.max_event), grammar, self.settings, tools)

    def answer(self, request: RequestDocument, text: str) -> Reply:
        """A complete answer with this text, streamed if the request asks for it."""
        return replies.answer(replies.generated, request.model, text, stream=request.stream)


def _table(request: RequestDocument, plain: Field, structured: Field, filled: Field) -> Field:
    if isinstance(request, GenerateRequest) and request.fills and not request.top.get("format"):
        return filled
    return structured if request.structured else plain


@dataclass(frozen=True, slots=True)
class OllamaEmbed(_Ollama):
    """Texts in, vectors out."""

    name: ClassVar[str] = "ollama.embed"
    speaks: ClassVar[bool] = False

    def read_request(self, body: bytes, ask: Ask = NO_CALL) -> EmbedRequest:
        """Raises UnreadablePayload (400 not JSON, 422 a shape that can't be inspected) or PayloadTooLarge."""
        return EmbedRequest(body, self.settings, ask)

    def read_response(self, body: bytes, request: RequestDocument) -> AnswerBody:
        """Raises UpstreamBroken if the provider's answer is not what this dialect knows."""
        return AnswerBody(body, fields.EMBED_ANSWER, self.settings, counts=COUNTS)

    def open_stream(self, request: RequestDocument, content_type: str, tools: ToolRules = NO_TOOLS) -> None:
        """Vectors come as a whole."""

    def answer(self, request: RequestDocument, text: str) -> Reply:
        """There are no words in vectors."""
        return replies.no_words()


@dataclass(frozen=True, slots=True)
class OllamaTags(_Ollama):
    """The models that there are, and that the policy lets be used."""

    name: ClassVar[str] = "ollama.tags"
    speaks: ClassVar[bool] = False

    def read_request(self, body: bytes, ask: Ask = NO_CALL) -> NoBody:
        """Raises UnreadablePayload for a body."""
        if body:
            raise UnreadablePayload("this request takes no body", code="invalid_value", status=400)
        return NoBody(ask)

    def read_response(self, body: bytes, request: RequestDocument) -> TagsAnswer:
        """Raises UpstreamBroken if the provider's answer is not what this dialect knows."""
        return TagsAnswer(body, self.settings)

    def open_stream(self, request: RequestDocument, content_type: str, tools: ToolRules = NO_TOOLS) -> None:
        """A listing comes as a whole."""

    def answer(self, request: RequestDocument, text: str) -> Reply:
        """There are no words in a listing."""
        return replies.no_words()
