"""OpenAI's Moderations API (`POST /v1/moderations`): words or pictures in, marks out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from guardrail.dialects.base import NO_CALL, Ask, Reply, RequestDocument
from guardrail.dialects.document import AnswerBody, RequestBody
from guardrail.dialects.openai import replies
from guardrail.dialects.openai.base import OpenAI
from guardrail.dialects.openai.fields import FIXED, LABEL, NAME, PROSE, STRANGE, WORD, rows, words
from guardrail.dialects.openai.guided import refuse_tokens
from guardrail.dialects.settings import Settings
from guardrail.dialects.table import Field, Link, Plain, Row, Text, adopt, compile_rows
from guardrail.dialects.tools import NO_TOOLS, ToolRules
from guardrail.text import Kind, Role

_INPUT = Text(Kind.PROSE, inside=PROSE.inside, role=Role.USER)
REQUEST: Field = compile_rows(
    (
        Row("model", FIXED),
        Row("input", _INPUT, required=True),
        Row("input[]", _INPUT, required=True),
        Row("input[].type", words("text", "image_url", code="unknown_part")),
        Row("input[].text", _INPUT),
        Row("input[].image_url.url", Link(), required=True),
    )
)
ANSWER: Field = adopt(
    compile_rows(
        (
            Row("id", NAME),
            *rows(LABEL, "object", "model"),
            Row("results", required=True),
            *rows(Plain(), "results[].flagged", "results[].categories.*", "results[].category_scores.*"),
            Row("results[].category_applied_input_types.*[]", WORD),
        )
    ),
    STRANGE,
)


class ModerationRequest(RequestBody):
    """One request. Raises UnreadablePayload or PayloadTooLarge when it can't be read in full."""

    def __init__(self, body: bytes, settings: Settings, ask: Ask = NO_CALL) -> None:
        super().__init__(body, ask, REQUEST, settings)

    def check(self, settings: Settings) -> None:
        """Text in token numbers can't be inspected."""
        refuse_tokens(self.top.get("input"), "/input")

    @property
    def turn(self) -> Sequence[str]:
        """Nobody asks anything."""
        return ()


@dataclass(frozen=True, slots=True)
class OpenAIModerations(OpenAI):
    """The dialect."""

    name: ClassVar[str] = "openai.moderations"
    speaks: ClassVar[bool] = False

    def read_request(self, body: bytes, ask: Ask = NO_CALL) -> ModerationRequest:
        """Raises UnreadablePayload (400 not JSON, 422 a shape that can't be inspected) or PayloadTooLarge."""
        return ModerationRequest(body, self.settings, ask)

    def read_response(self, body: bytes, request: RequestDocument) -> AnswerBody:
        """Raises UpstreamBroken if the provider's answer is not what this dialect knows."""
        return AnswerBody(body, ANSWER, self.settings)

    def open_stream(self, request: RequestDocument, content_type: str, tools: ToolRules = NO_TOOLS) -> None:
        """Marks come as a whole."""

    def upstream_error(self, status: int, body: bytes) -> Reply:
        """The provider's error: its status and short machine-readable words, none of its prose."""
        return replies.upstream_error(status, body, REQUEST)

    def answer(self, request: RequestDocument, text: str) -> Reply:
        """There are no words in marks."""
        return replies.no_words()
