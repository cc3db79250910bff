"""Cohere's API, version 2: `POST /v2/chat`, `/v2/embed`, `/v2/rerank`.

The fields are declared in `fields.py`; what no row names is inspected in full, what can't be is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from guardrail.dialects.base import NO_CALL, Ask, Outgoing, Reply, RequestDocument
from guardrail.dialects.codec import Codec
from guardrail.dialects.cohere import replies
from guardrail.dialects.cohere.answer import COUNTS, ChatAnswer
from guardrail.dialects.cohere.fields import EMBED_ANSWER, EMBED_REQUEST, RERANK_ANSWER, RERANK_REQUEST
from guardrail.dialects.cohere.request import ChatRequest
from guardrail.dialects.cohere.stream import ChatGrammar
from guardrail.dialects.document import AnswerBody, RequestBody
from guardrail.dialects.settings import DEFAULTS, Settings
from guardrail.dialects.tools import NO_TOOLS, ToolRules
from guardrail.errors import GuardrailError
from guardrail.wire.framing import Sse


@dataclass(frozen=True, slots=True)
class _Cohere:
    """The part that does not depend on the endpoint."""

    settings: Settings = DEFAULTS

    def credentials(self, key: str, outgoing: Outgoing) -> Sequence[tuple[str, str]]:
        """The bearer token; empty for an empty key."""
        return (("authorization", f"Bearer {key}"),) if key else ()

    def refuse(self, error: GuardrailError) -> Reply:
        """The error as Cohere's error object."""
        return replies.refuse(error)

    def upstream_error(self, status: int, body: bytes) -> Reply:
        """The provider's error: its status and id, none of its prose."""
        return replies.upstream_error(status, body)


@dataclass(frozen=True, slots=True)
class CohereChat(_Cohere):
    """The conversation."""

    name: ClassVar[str] = "cohere.chat"
    speaks: ClassVar[bool] = True

    def read_request(self, body: bytes, ask: Ask = NO_CALL) -> ChatRequest:
        """Raises UnreadablePayload (400 not JSON, 422 a shape that can't be inspected) or PayloadTooLarge."""
        return ChatRequest(body, self.settings, ask)

    def read_response(self, body: bytes, request: RequestDocument) -> ChatAnswer:
        """Raises UpstreamBroken if the provider's answer is not what this dialect knows."""
        return ChatAnswer(body, self.settings, structured=request.structured)

    def open_stream(self, request: RequestDocument, content_type: str, tools: ToolRules = NO_TOOLS) -> Codec | None:
        """A codec for the answer to this request."""
        if content_type != "text/event-stream":
            return None
        grammar = ChatGrammar(structured=request.structured)
        return Codec(Sse(self.settings.max_event), grammar, self.settings, tools)

    def answer(self, request: RequestDocument, text: str) -> Reply:
        """A complete answer with this text, streamed if the request asks for it."""
        make = replies.streamed_answer if request.stream else replies.whole_answer
        return make(text, structured=request.structured)


@dataclass(frozen=True, slots=True)
class _Numbers(_Cohere):
    """An endpoint whose answers are no words."""

    speaks: ClassVar[bool] = False

    def open_stream(self, request: RequestDocument, content_type: str, tools: ToolRules = NO_TOOLS) -> None:
        """Never a stream."""

    def answer(self, request: RequestDocument, text: str) -> Reply:
        """There are no words in numbers."""
        return replies.no_words()


@dataclass(frozen=True, slots=True)
class CohereEmbed(_Numbers):
    """Texts in, vectors out."""

    name: ClassVar[str] = "cohere.embed"

    def read_request(self, body: bytes, ask: Ask = NO_CALL) -> RequestBody:
        """Raises UnreadablePayload (400 not JSON, 422 a shape that can't be inspected) or PayloadTooLarge."""
        return RequestBody(body, ask, EMBED_REQUEST, self.settings)

    def read_response(self, body: bytes, request: RequestDocument) -> AnswerBody:
        """Raises UpstreamBroken if the provider's answer is not what this dialect knows."""
        return AnswerBody(body, EMBED_ANSWER, self.settings, counts=COUNTS)


@dataclass(frozen=True, slots=True)
class CohereRerank(_Numbers):
    """A question and texts in, the order of the texts out."""

    name: ClassVar[str] = "cohere.rerank"

    def read_request(self, body: bytes, ask: Ask = NO_CALL) -> RequestBody:
        """Raises UnreadablePayload (400 not JSON, 422 a shape that can't be inspected) or PayloadTooLarge."""
        return RequestBody(body, ask, RERANK_REQUEST, self.settings)

    def read_response(self, body: bytes, request: RequestDocument) -> AnswerBody:
        """Raises UpstreamBroken if the provider's answer is not what this dialect knows."""
        return AnswerBody(body, RERANK_ANSWER, self.settings, counts=COUNTS)
