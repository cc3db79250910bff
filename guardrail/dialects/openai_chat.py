"""OpenAI's Chat Completions API (`POST /v1/chat/completions`), which many other servers speak too.

The fields are declared in `openai/fields.py`; what no row names is inspected in full, what can't be is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from guardrail.dialects.base import NO_CALL, Ask, Reply, RequestDocument
from guardrail.dialects.codec import Codec
from guardrail.dialects.openai import replies
from guardrail.dialects.openai.answer import ChatAnswer
from guardrail.dialects.openai.base import OpenAI, framing_of
from guardrail.dialects.openai.request import ChatRequest
from guardrail.dialects.openai.stream import ChatGrammar
from guardrail.dialects.tools import NO_TOOLS, ToolRules
from guardrail.wire.framing import JsonLines


@dataclass(frozen=True, slots=True)
class OpenAIChat(OpenAI):
    """The dialect."""

    name: ClassVar[str] = "openai.chat"
    speaks: ClassVar[bool] = True

    def read_request(self, body: bytes, ask: Ask = NO_CALL) -> ChatRequest:
        """Raises UnreadablePayload (400 not JSON, 422 a shape that can't be inspected) or PayloadTooLarge."""
        request = ChatRequest(body, self.settings, ask)
        if not self.settings.keep_at_provider and request.top.get("store"):
            request.set_member("store", False)
        return request

    def read_response(self, body: bytes, request: RequestDocument) -> ChatAnswer:
        """Raises UpstreamBroken if the provider's answer is not what this dialect knows."""
        return ChatAnswer(body, self.settings, structured=request.structured)

    def open_stream(self, request: RequestDocument, content_type: str, tools: ToolRules = NO_TOOLS) -> Codec | None:
        """A codec for the answer to this request."""
        framing = framing_of(content_type, self.settings.max_event)
        if framing is None:
            return None
        lines = isinstance(framing, JsonLines)
        grammar = ChatGrammar(request.model, self.settings, structured=request.structured, silent_end=lines)
        return Codec(framing, grammar, self.settings, tools)

    def answer(self, request: RequestDocument, text: str) -> Reply:
        """A complete answer with this text, streamed if the request asks for it."""
        make = replies.streamed_answer if request.stream else replies.whole_answer
        return make(request.model, text, structured=request.structured)
