"""OpenAI's older Completions API (`POST /v1/completions`), which servers of open models still offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from guardrail.dialects.base import NO_CALL, Ask, Reply, RequestDocument
from guardrail.dialects.codec import Codec
from guardrail.dialects.openai import replies
from guardrail.dialects.openai.base import OpenAI, framing_of
from guardrail.dialects.openai.completions.answer import CompletionAnswer, CompletionRequest
from guardrail.dialects.openai.completions.fields import REQUEST
from guardrail.dialects.openai.completions.stream import CompletionGrammar
from guardrail.dialects.tools import NO_TOOLS, ToolRules


@dataclass(frozen=True, slots=True)
class OpenAICompletions(OpenAI):
    """The dialect."""

    name: ClassVar[str] = "openai.completions"
    speaks: ClassVar[bool] = True

    def read_request(self, body: bytes, ask: Ask = NO_CALL) -> CompletionRequest:
        """Raises UnreadablePayload (400 not JSON, 422 a shape that can't be inspected) or PayloadTooLarge."""
        return CompletionRequest(body, self.settings, ask)

    def read_response(self, body: bytes, request: RequestDocument) -> CompletionAnswer:
        """Raises UpstreamBroken if the provider's answer is not what this dialect knows."""
        return CompletionAnswer(body, self.settings, structured=request.structured)

    def open_stream(self, request: RequestDocument, content_type: str, tools: ToolRules = NO_TOOLS) -> Codec | None:
        """A codec for the answer to this request."""
        framing = framing_of(content_type, self.settings.max_event)
        if framing is None:
            return None
        grammar = CompletionGrammar(request.model, structured=request.structured)
        return Codec(framing, grammar, self.settings, tools)

    def upstream_error(self, status: int, body: bytes) -> Reply:
        """The provider's error: its status and short machine-readable words, none of its prose."""
        return replies.upstream_error(status, body, REQUEST)

    def answer(self, request: RequestDocument, text: str) -> Reply:
        """A complete answer with this text, streamed if the request asks for it."""
        return replies.text_answer(request.model, text, stream=request.stream)
