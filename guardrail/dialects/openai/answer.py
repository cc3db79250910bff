"""A whole Chat Completions answer as addressed text."""

from __future__ import annotations

from collections.abc import Sequence

from guardrail.dialects.document import AnswerBody, dump
from guardrail.dialects.openai.base import COUNTS
from guardrail.dialects.openai.fields import ANSWER, STRUCTURED_ANSWER
from guardrail.dialects.settings import Logprobs, Settings
from guardrail.dialects.walk import Spot
from guardrail.wire.jsondoc import JsonDocument, JsonValue


def treat_echo(document: JsonDocument, pointer: str, *, keep: bool) -> None:
    """Drop what spells the words again; if it may be `keep`t, empty at least the alternatives."""
    if keep and pointer.startswith("/choices/") and pointer.endswith("/logprobs"):
        _empty_alternatives(document, document.value(pointer), pointer)
    else:
        document.replace_raw(pointer, b"null")


def _empty_alternatives(document: JsonDocument, value: JsonValue, pointer: str) -> None:
    if isinstance(value, dict):
        for field in ("content", "refusal"):
            tokens = value.get(field)
            for number, token in enumerate(tokens if isinstance(tokens, list) else ()):
                if isinstance(token, dict) and token.get("top_logprobs"):
                    document.replace_raw(f"{pointer}/{field}/{number}/top_logprobs", b"[]")


class ChatAnswer(AnswerBody):
    """One whole answer. Raises UpstreamBroken when it can't be read in full."""

    reasons = ("/choices/*/finish_reason",)
    counts = COUNTS

    def __init__(self, body: bytes, settings: Settings, *, structured: bool) -> None:
        super().__init__(body, STRUCTURED_ANSWER if structured else ANSWER, settings, _content)
        self._kept = settings.logprobs is Logprobs.KEEP_UNCHANGED
        self._before = {segment.address: segment.text for segment in self.segments()}
        self._changed: set[str] = set()
        self._may_speak = not structured and bool(top_choices(self.json))

    def say(self, text: str) -> bool:
        """As the content of the first choice, where that has no words and need not be JSON."""
        at = "/choices/0/message"
        message = self.json.value(at) if self._may_speak else None
        if not isinstance(message, dict):
            return False
        if isinstance(message.get("content"), list):
            self.json.prepend(f"{at}/content", dump({"type": "text", "text": text}))
            return True
        if message.get("content", "missing"):
            return False
        self.json.replace_raw(f"{at}/content", dump(text))
        return True

    def replace(self, address: str, text: str) -> None:
        """Put `text` in place of the string at `address`. Raises KeyError for an unknown or FIXED address."""
        super().replace(address, text)
        if text != self._before[address]:
            self._changed.add(_choice(address))

    def quoted(self, spot: Spot) -> Sequence[str]:
        """The content of the message, whose parts count as one."""
        at = spot.pointer.partition("/annotations/")[0]
        message = self.json.value(at)
        parts = message.get("content") if isinstance(message, dict) else None
        if isinstance(parts, list):
            return [f"{at}/content/{number}/text" for number in range(len(parts))]
        return [f"{at}/content"]

    def treat_echo(self, pointer: str) -> None:
        """Log probabilities stay where the policy lets them and no word of their choice was changed."""
        treat_echo(self.json, pointer, keep=self._kept and _choice(pointer) not in self._changed)


def top_choices(document: JsonDocument) -> list[JsonValue]:
    """The choices of an answer."""
    top = document.value()
    choices = top.get("choices") if isinstance(top, dict) else None
    return choices if isinstance(choices, list) else []


def _content(address: str) -> str:
    """The content that a part belongs to: of content in parts only the first part opens the answer."""
    content, part, _ = address.partition("/content/")
    return content if part else ""


def _choice(address: str) -> str:
    """The first two steps: "/choices/0"."""
    return "/".join(address.split("/", 3)[:3])
