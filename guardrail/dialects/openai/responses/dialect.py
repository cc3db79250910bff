"""OpenAI's Responses API (`POST /v1/responses`).

The fields are declared in `fields.py`, `items.py` and `tools.py`; what no row names is inspected in full, what can't be
is refused. The provider stores every answer unless it is told not to: it is told, in each request.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from guardrail.dialects.base import NO_CALL, Ask, Reply, RequestDocument
from guardrail.dialects.codec import Codec
from guardrail.dialects.openai import replies as openai_replies
from guardrail.dialects.openai.base import OpenAI
from guardrail.dialects.openai.responses import replies
from guardrail.dialects.openai.responses.answer import ResponsesAnswer
from guardrail.dialects.openai.responses.fields import REQUEST
from guardrail.dialects.openai.responses.request import ResponsesRequest
from guardrail.dialects.openai.responses.stream import ResponsesGrammar
from guardrail.dialects.tools import NO_TOOLS, ToolRules
from guardrail.wire.framing import Sse


@dataclass(frozen=True, slots=True)
class OpenAIResponses(OpenAI):
    """The dialect."""

    name: ClassVar[str] = "openai.responses"
    speaks: ClassVar[bool] = True

    def read_request(self, body: bytes, ask: Ask = NO_CALL) -> ResponsesRequest:
        """Raises UnreadablePayload (400 not JSON, 422 a shape that can't be inspected) or PayloadTooLarge."""
        request = ResponsesRequest(body, self.settings, ask)
        if not self.settings.keep_at_provider and request.top.get("store") is not False:
            request.set_member("store", False)
        return request

    def read_response(self, body: bytes, request: RequestDocument) -> ResponsesAnswer:
        """Raises UpstreamBroken if the provider's answer is not what this dialect knows."""
        assert isinstance(request, ResponsesRequest)
        return ResponsesAnswer(body, self.settings, request)

    def open_stream(self, request: RequestDocument, content_type: str, tools: ToolRules = NO_TOOLS) -> Codec | None:
        """A codec for the answer to this request."""
        if content_type != "text/event-stream":
            return None
        assert isinstance(request, ResponsesRequest)
        return Codec(Sse(self.settings.max_event), ResponsesGrammar(request, self.settings), self.settings, tools)

    def upstream_error(self, status: int, body: bytes) -> Reply:
        """The provider's error: its status and short machine-readable words, none of its prose."""
        return openai_replies.upstream_error(status, body, REQUEST)

    def answer(self, request: RequestDocument, text: str) -> Reply:
        """A complete answer with this text, streamed if the request asks for it."""
        make = replies.streamed_answer if request.stream else replies.whole_answer
        return make(request.model, text, structured=request.structured)
