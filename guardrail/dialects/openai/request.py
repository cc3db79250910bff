"""A Chat Completions request as addressed text, with the few facts that the exchange needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NoReturn

from guardrail.dialects.media import holds_media
from guardrail.dialects.openai.fields import REQUEST
from guardrail.dialects.walk import AddressedDocument, Spot, Walk, field_name
from guardrail.errors import PayloadTooLarge, UnreadablePayload
from guardrail.text import Kind, Role
from guardrail.wire.jsondoc import MAX_DEPTH, JsonDocument, JsonValue

VALUES_PER_STRING = 4
"""Room for numbers, booleans and brackets beside the strings, before the scanner stops counting.

200,000 values with the defaults: with a body of 10 MiB less than 50 MiB, four bytes a letter not counted in."""

_JSON_FORMATS = frozenset({"json_schema", "json_object"})
_MAY_BE_SILENT = frozenset({"assistant", "function"})
_WHY = {
    "invalid_type": "a value of this type is not accepted here",
    "invalid_value": "this value is none of those known here, or out of range",
    "missing_field": "a value is required here",
    "depth_limit": "too many values inside each other",
    "token_array": "a list of token ids or bytes can't be inspected",
    "unknown_role": "a message has a role that is not known",
    "unknown_part": "a content part is of a type that is not known, so it can't be inspected",
    "unknown_tool": "a tool is of a type that is not known",
    "uninspected_part": "images, audio and files can't be inspected yet, so they are not passed on",
}


def refuse(code: str, address: str) -> NoReturn:
    """The application sent a shape that can't be inspected (422). Names the field, never its value."""
    field = field_name(address)
    raise UnreadablePayload(f"{field}: {_WHY[code]}", code=code, param=field if address else None, status=422)


class ChatRequest(AddressedDocument):
    """One request. Raises UnreadablePayload or PayloadTooLarge when it can't be read in full."""

    def __init__(self, body: bytes, *, max_messages: int, max_strings: int, max_depth: int = MAX_DEPTH) -> None:
        document = JsonDocument(body, max_depth=max_depth, max_values=VALUES_PER_STRING * max_strings)
        self._top = _object(document.value())
        messages = self._top.get("messages")
        if isinstance(messages, list) and len(messages) > max_messages:
            raise PayloadTooLarge(f"more than {max_messages} messages", code="too_many_messages", param="messages")
        walk = Walk(refuse, max_segments=max_strings)
        walk.visit(self._top, REQUEST, Spot(document, "", "", Role.SYSTEM))
        for segment in walk.segments:
            if holds_media(segment.text):
                refuse("uninspected_part", segment.address)
        super().__init__(document, walk)
        self._messages = _checked(messages)

    @property
    def model(self) -> str:
        """The model asked for."""
        return str(self._top["model"])

    @property
    def stream(self) -> bool:
        """True if the client wants a stream."""
        return self._top.get("stream") is True

    @property
    def structured(self) -> bool:
        """True if the answer's content has to be JSON: nothing may be inserted into it."""
        wanted = self._top.get("response_format")
        return isinstance(wanted, dict) and wanted.get("type") in _JSON_FORMATS

    @property
    def turn(self) -> Sequence[str]:
        """Addresses of the words to be answered: the last run of user messages that no assistant interrupts.

        Results of tools and an assistant's message after them (a call, a prefilled beginning) don't end the run.
        """
        at = tuple(f"/messages/{number}/content" for number in _last_run(self._messages))
        return [
            segment.address
            for segment in self.segments()
            if segment.kind is not Kind.FIXED and _below(segment.address, at)
        ]


def _below(address: str, tops: tuple[str, ...]) -> bool:
    return any(address == top or address.startswith((f"{top}/", f"{top}~")) for top in tops)


def _object(value: JsonValue) -> dict[str, JsonValue]:
    if not isinstance(value, dict):
        refuse("invalid_type", "")
    return value


def _checked(messages: JsonValue) -> list[dict[str, JsonValue]]:
    """The messages, whose shape the table has confirmed; those who speak must say something."""
    found = [message for message in messages if isinstance(message, dict)] if isinstance(messages, list) else []
    for number, message in enumerate(found):
        if message.get("content") is None and message["role"] not in _MAY_BE_SILENT:
            refuse("missing_field", f"/messages/{number}/content")
    return found


def _last_run(messages: list[dict[str, JsonValue]]) -> list[int]:
    return sorted(_backwards(messages))


def _backwards(messages: list[dict[str, JsonValue]]) -> Iterator[int]:
    found = False
    for number in range(len(messages) - 1, -1, -1):
        role = messages[number]["role"]
        if role == "user":
            found = True
            yield number
        elif found and role == "assistant":
            return
