"""A whole Converse answer as addressed text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from guardrail.dialects.base import RequestDocument
from guardrail.dialects.bedrock.answers import ANSWER, STRUCTURED_ANSWER
from guardrail.dialects.document import NOTES, AnswerBody, dump
from guardrail.dialects.settings import Settings
from guardrail.dialects.usage import Places

_SAID = re.compile(r"/output/message/content/[0-9]+/(?:text|citationsContent/content/[0-9]+/text)")
_THOUGHT = re.compile(r"(/output/message/content/[0-9]+/reasoningContent/reasoningText)/text")
_CONTENT = "/output/message/content"
MORE = "additionalModelResponseFields"
"""The model's own members."""


def _at(*names: str) -> tuple[tuple[str, ...], ...]:
    """In an answer or its event, and in Nova's own event."""
    return tuple((f"/usage/{name}", f"/metadata/usage/{name}") for name in names)


COUNTS = Places(
    input=_at("inputTokens", "cacheReadInputTokens", "cacheWriteInputTokens"),
    output=_at("outputTokens"),
    cached=_at("cacheReadInputTokens"),
    served=("/trace/promptRouter/invokedModelId", "/metadata/trace/promptRouter/invokedModelId"),
)
"""What a cache is asked for or told counts beside `inputTokens`. Only a router says which model it chose."""


class ConverseAnswer(AnswerBody):
    """One whole answer. Raises UpstreamBroken when it can't be read in full."""

    noted_at = ("", f"/{MORE}")
    reasons = ("/stopReason",)
    counts = COUNTS

    def __init__(self, body: bytes, settings: Settings, request: RequestDocument) -> None:
        super().__init__(body, STRUCTURED_ANSWER if request.structured else ANSWER, settings, _opening)
        self._may_speak = not request.structured
        self.cited = request.cited

    def say(self, text: str) -> bool:
        """As a text block of our own, the first of all."""
        if self._may_speak:
            self.json.prepend(_CONTENT, dump({"text": text}))
        return self._may_speak

    def note(self, notes: Mapping[str, object]) -> None:
        """Where Amazon's own clients look: they drop every member of the answer that they don't know.

        What stands there and is no object gives way: a reader has to be shown the notice.
        """
        top = self.json.value()
        if not isinstance(top, dict) or MORE not in top:
            self._members[MORE] = {NOTES: notes}
        elif isinstance(top[MORE], dict):
            self.json.add(f"/{MORE}", NOTES, dump(notes))
        else:
            self.json.replace_raw(f"/{MORE}", dump({NOTES: notes}))

    def replace(self, address: str, text: str) -> None:
        """Put `text` in place of the string at `address`. Raises KeyError for an unknown or FIXED address.

        Reasoning that changes loses its signature, which is no longer its own.
        """
        super().replace(address, text)
        thought = _THOUGHT.fullmatch(address)
        if thought is None or text == self.json.value(address):
            return
        told = self.json.value(thought[1])
        if isinstance(told, dict) and told.get("signature") is not None:
            self.json.replace(f"{thought[1]}/signature", "")


def _opening(address: str) -> str:
    """Of the text blocks only the first opens the answer."""
    return "content" if _SAID.fullmatch(address) else ""
