"""A whole chat answer of Cohere's as addressed text."""

from __future__ import annotations

from collections.abc import Sequence

from guardrail.dialects.cohere.fields import ANSWER, STRUCTURED_ANSWER
from guardrail.dialects.document import AnswerBody, dump
from guardrail.dialects.settings import Settings
from guardrail.dialects.usage import Places
from guardrail.dialects.walk import Spot, number_in


def _at(name: str, *places: str) -> tuple[tuple[str, ...], ...]:
    """What is billed, else what was counted."""
    return (tuple(f"{place}/{unit}/{name}" for place in places for unit in ("tokens", "billed_units")),)


COUNTS = Places(
    input=_at("input_tokens", "/meta", "/usage", "/delta/usage"),
    output=_at("output_tokens", "/meta", "/usage", "/delta/usage"),
    cached=(("/usage/cached_tokens", "/delta/usage/cached_tokens"),),
)
"""No answer of Cohere's names its model."""


class ChatAnswer(AnswerBody):
    """One whole answer. Raises UpstreamBroken when it can't be read in full."""

    reasons = ("/finish_reason",)
    counts = COUNTS

    def __init__(self, body: bytes, settings: Settings, *, structured: bool) -> None:
        super().__init__(body, STRUCTURED_ANSWER if structured else ANSWER, settings, _content)
        self._may_speak = not structured

    def quoted(self, spot: Spot) -> Sequence[str]:
        """The plan, or the part of the content that it names."""
        plan, part, member = cites(spot)
        return ("/message/tool_plan" if plan else f"/message/content/{part}/{member}",)

    def say(self, text: str) -> bool:
        """As a text before all others, where the answer need not be JSON."""
        message = self.json.value("/message")
        if not self._may_speak or not isinstance(message, dict):
            return False
        part = {"type": "text", "text": text}
        if "content" not in message:
            self.json.add("/message", "content", dump([part]))
        elif message["content"] is None:
            self.json.replace_raw("/message/content", dump([part]))
        else:
            self.json.prepend("/message/content", dump(part))
        return True


def cites(spot: Spot) -> tuple[bool, int, str]:
    """If a citation is about the plan, else about which part of the content, and which member of it."""
    value = spot.document.value(spot.pointer)
    kind = value.get("type") if isinstance(value, dict) else None
    return kind == "PLAN", number_in(spot, "content_index") or 0, "thinking" if kind == "THINKING_CONTENT" else "text"


def _content(address: str) -> str:
    """The content that a part belongs to: only the first text opens the answer."""
    content, part, _ = address.partition("/content/")
    return content if part else ""
