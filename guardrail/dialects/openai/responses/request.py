"""A Responses request as addressed text, with the few facts that the exchange needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from guardrail.dialects.base import NO_CALL, Ask
from guardrail.dialects.document import RequestBody, refuse
from guardrail.dialects.openai.responses.fields import REQUEST
from guardrail.dialects.seals import reads
from guardrail.dialects.settings import Settings
from guardrail.errors import PayloadTooLarge
from guardrail.text import Kind
from guardrail.wire.jsondoc import JsonValue

_JSON_FORMATS = frozenset({"json_schema", "json_object"})
_OWN_WORDS = ("instructions", "metadata", "prompt", "tools", "text")
"""What a provider tells again in its answer."""

Item = dict[str, JsonValue]


class ResponsesRequest(RequestBody):
    """One request. Raises UnreadablePayload or PayloadTooLarge when it can't be read in full."""

    def __init__(self, body: bytes, settings: Settings, ask: Ask = NO_CALL) -> None:
        super().__init__(body, ask, REQUEST, settings)
        self._items = _items(self.top.get("input"))
        self._fix_what_is_signed()
        self._own: frozenset[str] | None = None

    def check(self, settings: Settings) -> None:
        """Counts items; a stored prompt may name the model. Pictures are made only where they may be passed on."""
        if self.top.get("model") is None and self.top.get("prompt") is None:
            refuse("missing_field", "/model")
        items = self.top.get("input")
        if isinstance(items, list) and len(items) > settings.max_messages:
            limit = settings.max_messages
            raise PayloadTooLarge(f"more than {limit} items", code="too_many_messages", param="input")
        for number, tool in enumerate(_items(self.top.get("tools"))):
            if tool.get("type") == "image_generation" and not _releases_images(settings):
                refuse("uninspected_part", f"/tools/{number}/type")

    def _fix_what_is_signed(self) -> None:
        """Reasoning that comes with its encrypted self must be what the provider wrote: it is passed on or refused."""
        signed = [f"/input/{number}" for number, item in enumerate(self._items) if item.get("encrypted_content")]
        for at in signed:
            if reads(str(self.json.value(f"{at}/encrypted_content"))):
                refuse("invalid_value", f"{at}/encrypted_content")
        words = set(self.below(*(f"{at}/{part}" for at in signed for part in ("summary", "content"))))
        if words:
            self._segments = tuple(
                replace(each, kind=Kind.FIXED) if each.address in words else each for each in self._segments
            )
            self._spots = {address: spot for address, spot in self._spots.items() if address not in words}

    @property
    def structured(self) -> bool:
        """True if the answer has to be JSON: nothing may be inserted into it."""
        text = self.top.get("text")
        wanted = text.get("format") if isinstance(text, dict) else None
        return isinstance(wanted, dict) and wanted.get("type") in _JSON_FORMATS

    @property
    def turn(self) -> Sequence[str]:
        """Addresses of the words to be answered: the last run of user messages that no assistant interrupts.

        Results of tools, and what the model did after these messages, don't end the run.
        """
        if isinstance(self.top.get("input"), str):
            return self.below("/input")
        return self.below(*(f"/input/{number}/content" for number in sorted(_backwards(self._items))))

    def is_own(self, text: str) -> bool:
        """True for a string that the client wrote where providers tell it again."""
        if self._own is None:
            self._own = frozenset(text for name in _OWN_WORDS for text in _strings(self.top.get(name)))
        return text in self._own


def _strings(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for child in value.values() if isinstance(value, dict) else value:
            yield from _strings(child)


def _items(value: JsonValue) -> list[Item]:
    """Objects only: the table has refused all else, but for what it is not asked about."""
    return [each if isinstance(each, dict) else {} for each in value] if isinstance(value, list) else []


def _backwards(items: list[Item]) -> Iterator[int]:
    found = False
    for number in range(len(items) - 1, -1, -1):
        speaker = _speaker(items[number])
        if speaker == "user":
            found = True
            yield number
        elif found and speaker == "assistant":
            return


def _speaker(item: Item) -> str:
    """The role; what a model did (reasoning, a call) is the assistant's."""
    role = item.get("role")
    if isinstance(role, str):
        return role
    return "tool" if str(item.get("type")).endswith("_output") else "assistant"


def _releases_images(settings: Settings) -> bool:
    return any(kind.startswith("image/") for kind in settings.media.released)
