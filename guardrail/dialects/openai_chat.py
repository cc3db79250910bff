"""OpenAI's Chat Completions API (`POST /v1/chat/completions`), which many other servers speak too.

The fields are declared in `openai/fields.py`; what no row names is inspected in full, what can't be is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from guardrail.dialects.base import Reply, RequestDocument
from guardrail.dialects.openai import replies
from guardrail.dialects.openai.answer import ChatAnswer, Logprobs
from guardrail.dialects.openai.request import ChatRequest
from guardrail.dialects.openai.stream import ChatStream
from guardrail.errors import GuardrailError
from guardrail.wire.jsondoc import MAX_DEPTH


@dataclass(frozen=True, slots=True)
class OpenAIChat:
    """The dialect. Limits are counts, `max_event` bytes, `max_depth` arrays and objects inside each other.

    `logprobs` says what happens with log probabilities.
    """

    logprobs: Logprobs = Logprobs.DROP
    max_messages: int = 2_000
    max_strings: int = 50_000
    max_depth: int = MAX_DEPTH
    max_event: int = 1 << 20

    name: ClassVar[str] = "openai.chat"

    def read_request(self, body: bytes) -> ChatRequest:
        """Raises UnreadablePayload (400 not JSON, 422 a shape that can't be inspected) or PayloadTooLarge."""
        return ChatRequest(body, max_messages=self.max_messages, max_strings=self.max_strings, max_depth=self.max_depth)

    def read_response(self, body: bytes, request: RequestDocument) -> ChatAnswer:
        """Raises UpstreamBroken if the provider's answer is not what this dialect knows."""
        return ChatAnswer(
            body,
            structured=request.structured,
            logprobs=self.logprobs,
            max_strings=self.max_strings,
            max_depth=self.max_depth,
        )

    def open_stream(self, request: RequestDocument) -> ChatStream:
        """A codec for the answer to this request."""
        return ChatStream(
            request.model,
            structured=request.structured,
            logprobs=self.logprobs,
            max_event=self.max_event,
            max_depth=self.max_depth,
        )

    def credentials(self, key: str) -> Sequence[tuple[str, str]]:
        """The bearer token; empty for an empty key."""
        return (("authorization", f"Bearer {key}"),) if key else ()

    def refuse(self, error: GuardrailError) -> Reply:
        """The error as OpenAI's error object."""
        return replies.refuse(error)

    def upstream_error(self, status: int, body: bytes) -> Reply:
        """The provider's error: its status and short machine-readable words, none of its prose."""
        return replies.upstream_error(status, body)

    def answer(self, request: RequestDocument, text: str) -> Reply:
        """A complete answer with this text, streamed if the request asks for it."""
        make = replies.streamed_answer if request.stream else replies.whole_answer
        return make(request.model, text, structured=request.structured)
