"""Anthropic's Messages API (`POST /v1/messages`) and its count of tokens (`POST /v1/messages/count_tokens`).

The fields are declared in `fields.py` and `blocks.py`; what no row names is inspected in full, what can't be is
refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from guardrail.dialects.anthropic import replies
from guardrail.dialects.anthropic.answer import MessagesAnswer, TokenCount
from guardrail.dialects.anthropic.fields import COUNT_REQUEST
from guardrail.dialects.anthropic.request import MessagesRequest
from guardrail.dialects.anthropic.stream import MessagesGrammar
from guardrail.dialects.base import NO_CALL, Ask, Outgoing, Reply, RequestDocument
from guardrail.dialects.codec import Codec
from guardrail.dialects.settings import DEFAULTS, Settings
from guardrail.dialects.tools import NO_TOOLS, ToolRules
from guardrail.errors import GuardrailError
from guardrail.wire.framing import Sse


@dataclass(frozen=True, slots=True)
class Anthropic:
    """The part that does not depend on the endpoint."""

    settings: Settings = DEFAULTS

    def credentials(self, key: str, outgoing: Outgoing) -> Sequence[tuple[str, str]]:
        """`x-api-key`; empty for an empty key."""
        return (("x-api-key", key),) if key else ()

    def refuse(self, error: GuardrailError) -> Reply:
        """The error as Anthropic's error object."""
        return replies.refuse(error)

    def upstream_error(self, status: int, body: bytes) -> Reply:
        """The provider's error: its status, type and request id, none of its prose."""
        return replies.upstream_error(status, body)


@dataclass(frozen=True, slots=True)
class AnthropicMessages(Anthropic):
    """The conversation."""

    name: ClassVar[str] = "anthropic.messages"
    speaks: ClassVar[bool] = True

    def read_request(self, body: bytes, ask: Ask = NO_CALL) -> MessagesRequest:
        """Raises UnreadablePayload (400 not JSON, 422 a shape that can't be inspected) or PayloadTooLarge."""
        return MessagesRequest(body, self.settings, ask)

    def read_response(self, body: bytes, request: RequestDocument) -> MessagesAnswer:
        """Raises UpstreamBroken if the provider's answer is not what this dialect knows."""
        return MessagesAnswer(body, self.settings, request)

    def open_stream(self, request: RequestDocument, content_type: str, tools: ToolRules = NO_TOOLS) -> Codec | None:
        """A codec for the answer to this request."""
        if content_type != "text/event-stream":
            return None
        return Codec(Sse(self.settings.max_event), MessagesGrammar(request), self.settings, tools)

    def answer(self, request: RequestDocument, text: str) -> Reply:
        """A complete answer with this text, streamed if the request asks for it."""
        make = replies.streamed_answer if request.stream else replies.whole_answer
        return make(request.model, text, structured=request.structured)


@dataclass(frozen=True, slots=True)
class AnthropicTokens(Anthropic):
    """How many tokens a conversation has."""

    name: ClassVar[str] = "anthropic.count_tokens"
    speaks: ClassVar[bool] = False

    def read_request(self, body: bytes, ask: Ask = NO_CALL) -> MessagesRequest:
        """Raises UnreadablePayload (400 not JSON, 422 a shape that can't be inspected) or PayloadTooLarge."""
        return MessagesRequest(body, self.settings, ask, COUNT_REQUEST)

    def read_response(self, body: bytes, request: RequestDocument) -> TokenCount:
        """Raises UpstreamBroken if the provider's answer is no count."""
        return TokenCount(body, self.settings)

    def open_stream(self, request: RequestDocument, content_type: str, tools: ToolRules = NO_TOOLS) -> None:
        """Never a stream."""
        return

    def answer(self, request: RequestDocument, text: str) -> Reply:
        """Nothing is said here."""
        raise NotImplementedError
