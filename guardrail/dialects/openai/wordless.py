"""What Embeddings and Moderations share: an `input` goes in, and what comes back are numbers, no words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from guardrail.dialects.base import NO_CALL, Ask, Reply, RequestDocument
from guardrail.dialects.document import AnswerBody, RequestBody
from guardrail.dialects.openai import replies
from guardrail.dialects.openai.base import COUNTS, OpenAI
from guardrail.dialects.openai.guided import refuse_tokens
from guardrail.dialects.settings import Settings
from guardrail.dialects.table import Field
from guardrail.dialects.tools import NO_TOOLS, ToolRules


class InputRequest(RequestBody):
    """One request, whose words are its `input`. Raises UnreadablePayload or PayloadTooLarge when it can't be read."""

    def check(self, settings: Settings) -> None:
        """Text in token numbers can't be inspected."""
        refuse_tokens(self.top.get("input"), "/input")


@dataclass(frozen=True, slots=True)
class Wordless(OpenAI):
    """An endpoint whose answers hold no words. `deployed` reads requests whose path names the model (Azure)."""

    speaks: ClassVar[bool] = False
    requests: ClassVar[Field]
    deployed: ClassVar[Field]
    answers: ClassVar[Field]

    def read_request(self, body: bytes, ask: Ask = NO_CALL) -> InputRequest:
        """Raises UnreadablePayload (400 not JSON, 422 a shape that can't be inspected) or PayloadTooLarge."""
        return InputRequest(body, ask, self.deployed if "model" in ask.path else self.requests, self.settings)

    def read_response(self, body: bytes, request: RequestDocument) -> AnswerBody:
        """Raises UpstreamBroken if the provider's answer is not what this dialect knows."""
        return AnswerBody(body, self.answers, self.settings, counts=COUNTS)

    def open_stream(self, request: RequestDocument, content_type: str, tools: ToolRules = NO_TOOLS) -> None:
        """Numbers come as a whole."""

    def upstream_error(self, status: int, body: bytes) -> Reply:
        """The provider's error: its status and short machine-readable words, none of its prose."""
        return replies.upstream_error(status, body, self.requests)

    def answer(self, request: RequestDocument, text: str) -> Reply:
        """There are no words in numbers."""
        return replies.no_words()
