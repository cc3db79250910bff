"""OpenAI's Embeddings API (`POST /v1/embeddings`): texts in, vectors out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from guardrail.dialects.base import NO_CALL, Ask, Reply, RequestDocument
from guardrail.dialects.document import AnswerBody, RequestBody
from guardrail.dialects.openai import replies
from guardrail.dialects.openai.base import OpenAI
from guardrail.dialects.openai.fields import FIXED, LABEL, PROSE, STRANGE, TOKEN, rows, words
from guardrail.dialects.openai.guided import refuse_tokens
from guardrail.dialects.settings import Settings
from guardrail.dialects.table import Field, Match, Number, Plain, Row, Text, adopt, compile_rows
from guardrail.dialects.tools import NO_TOOLS, ToolRules
from guardrail.text import Kind, Role

_INPUT = Text(Kind.PROSE, inside=PROSE.inside, role=Role.USER)
_REQUEST = (
    Row("input", _INPUT, required=True),
    Row("input[]", _INPUT, required=True),
    Row("encoding_format", words("float", "base64")),
    Row("dimensions", Number(1_000_000)),
    Row("user", TOKEN),
)
REQUEST: Field = compile_rows((*_REQUEST, Row("model", FIXED, required=True)))
DEPLOYED_REQUEST: Field = compile_rows((*_REQUEST, Row("model", FIXED)))
"""Azure: the path names a deployment."""

ANSWER: Field = adopt(
    compile_rows(
        (
            *rows(LABEL, "object", "model", "id", "data[].object"),
            Row("data", required=True),
            Row("data[].embedding", Match(re.compile(r"[A-Za-z0-9+/]*={0,2}"))),
            Row("data[].embedding[]", Plain()),
            *rows(Plain(), "data[].index", "created", "usage.prompt_tokens", "usage.total_tokens"),
        )
    ),
    STRANGE,
)


class EmbeddingRequest(RequestBody):
    """One request. Raises UnreadablePayload or PayloadTooLarge when it can't be read in full."""

    def __init__(self, body: bytes, settings: Settings, ask: Ask = NO_CALL) -> None:
        super().__init__(body, ask, DEPLOYED_REQUEST if "model" in ask.path else REQUEST, settings)

    def check(self, settings: Settings) -> None:
        """Text in token numbers can't be inspected."""
        refuse_tokens(self.top.get("input"), "/input")

    @property
    def turn(self) -> Sequence[str]:
        """Nobody asks anything."""
        return ()


@dataclass(frozen=True, slots=True)
class OpenAIEmbeddings(OpenAI):
    """The dialect."""

    name: ClassVar[str] = "openai.embeddings"
    speaks: ClassVar[bool] = False

    def read_request(self, body: bytes, ask: Ask = NO_CALL) -> EmbeddingRequest:
        """Raises UnreadablePayload (400 not JSON, 422 a shape that can't be inspected) or PayloadTooLarge."""
        return EmbeddingRequest(body, self.settings, ask)

    def read_response(self, body: bytes, request: RequestDocument) -> AnswerBody:
        """Raises UpstreamBroken if the provider's answer is not what this dialect knows."""
        return AnswerBody(body, ANSWER, self.settings)

    def open_stream(self, request: RequestDocument, content_type: str, tools: ToolRules = NO_TOOLS) -> None:
        """Vectors come as a whole."""

    def upstream_error(self, status: int, body: bytes) -> Reply:
        """The provider's error: its status and short machine-readable words, none of its prose."""
        return replies.upstream_error(status, body, REQUEST)

    def answer(self, request: RequestDocument, text: str) -> Reply:
        """There are no words in vectors."""
        return replies.no_words()
