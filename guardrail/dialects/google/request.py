"""A request to Gemini as addressed text, with the few facts that the exchange needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from guardrail.dialects.base import Ask
from guardrail.dialects.document import RequestBody, dump, refuse
from guardrail.dialects.google.fields import JSON_TYPES, PART_KINDS, REQUEST
from guardrail.dialects.google.spelling import each, refuse_twins, snake, spelled
from guardrail.dialects.seals import reads, text_in
from guardrail.dialects.settings import Settings
from guardrail.dialects.table import Field
from guardrail.errors import PayloadTooLarge
from guardrail.wire.jsondoc import JsonValue, step

NO_SIGNATURE = "skip_thought_signature_validator"
"""Google's own word for a call whose signature is gone; without any, newer models refuse the request."""

_STAND_INS = frozenset({NO_SIGNATURE, "context_engineering_is_the_way_to_go"})
_KINDS = PART_KINDS | {snake(kind) for kind in PART_KINDS}
_FROM_TOOL = ("functionResponse", "toolResponse", "codeExecutionResult")
_PART = re.compile(r"(.*?/parts(?:/[0-9]+)?)(?:/.*|~.*)?")
_SIGNATURES = ("thoughtSignature", snake("thoughtSignature"))


class GeminiRequest(RequestBody):
    """One request with `contents` and what belongs to them.

    Raises UnreadablePayload or PayloadTooLarge when it can't be read in full. `stream`: the path asks for one.
    A signature belongs to words as the model wrote them: it is taken off a part in which anything was replaced.
    """

    contents: tuple[str, ...] = ("contents", "systemInstruction")

    def __init__(
        self, body: bytes, settings: Settings, ask: Ask, table: Field = REQUEST, *, stream: bool = False
    ) -> None:
        self._table = table
        self._stream = stream
        self._changed: set[str] = set()
        super().__init__(body, ask, table, settings)

    @property
    def stream(self) -> bool:
        """True if the path asks for a stream."""
        return self._stream

    def check(self, settings: Settings) -> None:
        """Counts turns, and refuses fields in two spellings, parts that nobody knows, and signatures that are none."""
        turns = self.top.get("contents")
        if isinstance(turns, list) and len(turns) > settings.max_messages:
            limit = settings.max_messages
            raise PayloadTooLarge(f"more than {limit} contents", code="too_many_messages", param="contents")
        refuse_twins(self.top, self._table)
        check_seal(spelled(self.top, "continuationToken"), "/continuationToken")
        contents = list(self._contents())
        if not contents and "instances" not in self.top:
            refuse("missing_field", f"/{self.contents[0]}")
        for content, address in contents:
            for part, place in _parts(content, address):
                _check_part(part, place)

    def _contents(self) -> Iterator[tuple[JsonValue, str]]:
        for name in self.contents:
            for key in dict.fromkeys((name, snake(name))):
                yield from each(self.top.get(key), f"/{key}")

    @property
    def structured(self) -> bool:
        """True if the answer is for a program: JSON, or one word of a list."""
        config = spelled(self.top, "generationConfig")
        formats = (spelled(each_format, "text") for each_format, _ in each(spelled(config, "responseFormat"), ""))
        wanted = (spelled(config, "responseMimeType"), *(spelled(text, "mimeType") for text in formats))
        schemas = (spelled(config, name) for name in ("responseSchema", "responseJsonSchema", "_responseJsonSchema"))
        return not JSON_TYPES.isdisjoint(word for word in wanted if isinstance(word, str)) or any(
            schema is not None for schema in schemas
        )

    @property
    def turn(self) -> Sequence[str]:
        """Addresses of the words to be answered: the last run of the user's that no words of the model interrupt.

        Results of tools don't end the run.
        """
        return self.below(*_last_run(each(self.top.get("contents"), "/contents")))

    def replace(self, address: str, text: str) -> None:
        """Put `text` in place of the string at `address`. Raises KeyError for an unknown or FIXED address."""
        super().replace(address, text)
        spot = self._spots[address]
        match = _PART.fullmatch(spot.address)
        if match and spot.pointer:
            self._changed.add(match[1])

    def to_bytes(self) -> bytes:
        """The payload with the replacements made."""
        for address in self._changed:
            self._unsign(address)
        return super().to_bytes()

    def _unsign(self, address: str) -> None:
        try:
            part = self.json.value(address)
        except KeyError:
            return
        for name in _SIGNATURES:
            if isinstance(part, dict) and isinstance(part.get(name), str):
                call = spelled(part, "functionCall") is not None
                self.json.replace_raw(address + step(name), dump(NO_SIGNATURE if call else None))


def _parts(content: JsonValue, address: str) -> list[tuple[JsonValue, str]]:
    return each(content.get("parts"), f"{address}/parts") if isinstance(content, dict) else []


def _check_part(part: JsonValue, address: str) -> None:
    if not isinstance(part, dict):
        return  # the table refuses it
    if part and _KINDS.isdisjoint(part):
        refuse("unknown_part", address)
    check_seal(spelled(part, "thoughtSignature"), f"{address}/thoughtSignature")
    for child, place in _parts(spelled(part, "functionResponse"), f"{address}/functionResponse"):
        _check_part(child, place)


def _last_run(contents: list[tuple[JsonValue, str]]) -> list[str]:
    found: list[str] = []
    for content, address in reversed(contents):
        if not isinstance(content, dict):
            continue
        role = content.get("role") or "user"
        parts = [part for part, _ in _parts(content, address)]
        if role == "user" and not (parts and all(_is_result(part) for part in parts)):
            found.append(f"{address}/parts")
        elif found and role == "model":
            break
    return found[::-1]


def _is_result(part: JsonValue) -> bool:
    return any(spelled(part, name) is not None for name in _FROM_TOOL)


def check_seal(sealed: JsonValue, address: str) -> None:
    """Raises UnreadablePayload for words in the clothes of a seal."""
    if isinstance(sealed, str) and _STAND_INS.isdisjoint({sealed, text_in(sealed)}) and reads(sealed):
        refuse("invalid_value", address)
