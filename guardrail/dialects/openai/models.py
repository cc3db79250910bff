"""OpenAI's Models API (`GET /v1/models`, `GET /v1/models/{model}`): shows the models that the policy lets be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import ClassVar

from guardrail.dialects.base import NO_CALL, Ask, Reply, RequestDocument
from guardrail.dialects.document import AnswerBody, NoBody
from guardrail.dialects.openai import replies
from guardrail.dialects.openai.base import OpenAI
from guardrail.dialects.openai.fields import LABEL, STRANGE, rows
from guardrail.dialects.settings import Settings
from guardrail.dialects.table import Field, Plain, adopt, compile_rows
from guardrail.dialects.tools import NO_TOOLS, ToolRules
from guardrail.errors import UnreadablePayload
from guardrail.wire.jsondoc import JsonDocument, JsonValue

_ONE = ("id", "object", "owned_by", "shutdown_date", "root", "parent", "status", "lifecycle_status")
ANSWER: Field = adopt(
    compile_rows(
        (
            *rows(LABEL, *_ONE, *(f"data[].{name}" for name in _ONE)),
            *rows(Plain(), "created", "data[].created", "has_more"),
            *rows(LABEL, "first_id", "last_id"),
        )
    ),
    STRANGE,
)
"""One table for a listing and for a model alone."""


class ModelsAnswer(AnswerBody):
    """A listing without the models that the policy does not name; or one model."""

    def __init__(self, body: bytes, settings: Settings) -> None:
        super().__init__(body, ANSWER, settings)
        self._patterns = settings.models

    def to_bytes(self) -> bytes:
        """The listing as it came, but for models that may not be used."""
        document = JsonDocument(super().to_bytes())
        found = document.value()
        listed = found.get("data") if isinstance(found, dict) else None
        if self._patterns and isinstance(listed, list):
            kept = [f"/data/{number}" for number, each in enumerate(listed) if is_named(_id(each), self._patterns)]
            spans = document.spans(kept)
            tokens = (document.text[start:end] for start, end in (spans[at] for at in kept))
            document.replace_raw("/data", f"[{','.join(tokens)}]".encode())
        return document.to_bytes()


def is_named(model: str, patterns: Sequence[str]) -> bool:
    """True if a policy that names these models lets this one be used."""
    return not patterns or any(fnmatchcase(model, pattern) for pattern in patterns)


def _id(model: JsonValue) -> str:
    own = model.get("id") if isinstance(model, dict) else None
    return own if isinstance(own, str) else ""


@dataclass(frozen=True, slots=True)
class OpenAIModels(OpenAI):
    """The dialect."""

    name: ClassVar[str] = "openai.models"
    speaks: ClassVar[bool] = False

    def read_request(self, body: bytes, ask: Ask = NO_CALL) -> NoBody:
        """Raises UnreadablePayload for a body, and for a model that the policy does not name (404)."""
        if body:
            raise UnreadablePayload("this request takes no body", code="invalid_value", status=400)
        request = NoBody(ask)
        if request.model and not is_named(request.model, self.settings.models):
            raise UnreadablePayload("there is no such model here", code="invalid_value", param="model", status=404)
        return request

    def read_response(self, body: bytes, request: RequestDocument) -> ModelsAnswer:
        """Raises UpstreamBroken if the provider's answer is not what this dialect knows."""
        return ModelsAnswer(body, self.settings)

    def open_stream(self, request: RequestDocument, content_type: str, tools: ToolRules = NO_TOOLS) -> None:
        """A listing comes as a whole."""

    def answer(self, request: RequestDocument, text: str) -> Reply:
        """There are no words in a listing."""
        return replies.no_words()
