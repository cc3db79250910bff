"""Mistral's completion of code between two texts (`POST /v1/fim/completions`). Its chat is OpenAI's dialect.

The answer is put between the client's texts, so that no words of ours may stand in it: notices go beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from guardrail.dialects.base import NO_CALL, Ask, Reply, RequestDocument
from guardrail.dialects.codec import Codec, Top
from guardrail.dialects.document import RequestBody
from guardrail.dialects.openai import replies
from guardrail.dialects.openai.answer import ChatAnswer
from guardrail.dialects.openai.base import OpenAI
from guardrail.dialects.openai.fields import DATA, FILLED_FRAME, FIXED, PROSE, TOKEN, rows
from guardrail.dialects.openai.stream import ChatGrammar
from guardrail.dialects.settings import Settings
from guardrail.dialects.table import Field, Free, Number, Plain, Row, Switch, Text, compile_rows
from guardrail.dialects.tools import NO_TOOLS, ToolRules
from guardrail.text import Kind, Role
from guardrail.wire.framing import Sse

_ASKED = Text(Kind.PROSE, inside=PROSE.inside, role=Role.USER)

REQUEST: Field = compile_rows(
    (
        Row("model", FIXED, required=True),
        Row("prompt", _ASKED, required=True),
        Row("suffix", _ASKED),
        *rows(DATA, "stop", "stop[]"),
        *rows(Number(10), "temperature", "top_p"),
        *rows(Number(10_000_000), "max_tokens", "min_tokens"),
        Row("random_seed", Plain()),
        Row("stream", Switch()),
        Row("metadata.*", Free()),
        Row("prompt_cache_key", TOKEN),
    )
)


class FimRequest(RequestBody):
    """One request. Raises UnreadablePayload or PayloadTooLarge when it can't be read in full."""

    structured = True
    """The answer has a form of its own: nothing may be inserted into it."""

    def __init__(self, body: bytes, settings: Settings, ask: Ask = NO_CALL) -> None:
        super().__init__(body, ask, REQUEST, settings)

    @property
    def turn(self) -> Sequence[str]:
        """The text before the gap."""
        return self.below("/prompt")


class FimGrammar(ChatGrammar):
    """One streamed answer: a chat's, but that its words are text between two others."""

    def table(self, top: Top) -> Field:
        """One for all frames."""
        return FILLED_FRAME


@dataclass(frozen=True, slots=True)
class MistralFim(OpenAI):
    """The dialect."""

    name: ClassVar[str] = "mistral.fim"
    speaks: ClassVar[bool] = True

    def read_request(self, body: bytes, ask: Ask = NO_CALL) -> FimRequest:
        """Raises UnreadablePayload (400 not JSON, 422 a shape that can't be inspected) or PayloadTooLarge."""
        return FimRequest(body, self.settings, ask)

    def read_response(self, body: bytes, request: RequestDocument) -> ChatAnswer:
        """Raises UpstreamBroken if the provider's answer is not what this dialect knows."""
        return ChatAnswer(body, self.settings, structured=True)

    def open_stream(self, request: RequestDocument, content_type: str, tools: ToolRules = NO_TOOLS) -> Codec | None:
        """A codec for the answer to this request."""
        if content_type != "text/event-stream":
            return None
        grammar = FimGrammar(request.model, self.settings, structured=True)
        return Codec(Sse(self.settings.max_event), grammar, self.settings, tools)

    def upstream_error(self, status: int, body: bytes) -> Reply:
        """The provider's error: its status and short machine-readable words, none of its prose."""
        return replies.upstream_error(status, body, REQUEST)

    def answer(self, request: RequestDocument, text: str) -> Reply:
        """A complete answer with this text, streamed if the request asks for it."""
        make = replies.streamed_answer if request.stream else replies.whole_answer
        return make(request.model, text)
