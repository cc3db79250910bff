"""A Messages request as addressed text, with the few facts that the exchange needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set

from guardrail.dialects.anthropic.blocks import SEALS
from guardrail.dialects.anthropic.fields import REQUEST
from guardrail.dialects.base import NO_CALL, Ask
from guardrail.dialects.document import RequestBody, refuse
from guardrail.dialects.seals import reads
from guardrail.dialects.settings import Settings
from guardrail.dialects.table import Field
from guardrail.errors import PayloadTooLarge
from guardrail.wire.jsondoc import JsonDocument, JsonValue, step

Block = dict[str, JsonValue]
_BROUGHT = frozenset({"tool_result", "search_result"})
"""Blocks of a user's message that are no words of the user."""
_OWN_TEXT = re.compile(r"/messages/([0-9]+)/content(?:/([0-9]+)/text)?")


class MessagesRequest(RequestBody):
    """One request. Raises UnreadablePayload or PayloadTooLarge when it can't be read in full.

    What Anthropic would refuse is left out of the history: thinking without a signature (we take it away from thoughts
    that had to be changed), and what was nothing but a text of ours.
    """

    def __init__(self, body: bytes, settings: Settings, ask: Ask = NO_CALL, table: Field = REQUEST) -> None:
        super().__init__(body, ask, table, settings)
        self._max_depth = settings.max_depth
        self._messages = [each for each in _list(self.top.get("messages")) if isinstance(each, dict)]
        _check_seals({"/system": _list(self.top.get("system")), **_contents(self._messages)})
        self._gone: set[tuple[int, int | None]] = set(_unsigned(self._messages))
        unsent = {f"/messages/{message}/content/{block}/thinking" for message, block in self._gone}
        self._segments = tuple(segment for segment in self._segments if segment.address not in unsent)

    def check(self, settings: Settings) -> None:
        """Counts messages."""
        if len(_list(self.top.get("messages"))) > settings.max_messages:
            limit = settings.max_messages
            raise PayloadTooLarge(f"more than {limit} messages", code="too_many_messages", param="messages")

    @property
    def structured(self) -> bool:
        """True if the answer has to be JSON: nothing may be inserted into it."""
        config = self.top.get("output_config")
        wanted = config.get("format") if isinstance(config, dict) else None
        return wanted is not None or self.top.get("output_format") is not None

    @property
    def turn(self) -> Sequence[str]:
        """Addresses of the words to be answered: the last run of a user's words that no assistant interrupts.

        Results of tools, and an assistant's message after the words (a call, a prefilled beginning), don't end the run.
        """
        return self.below(*_last_words(self._messages))

    def documents(self) -> Sequence[str]:
        """The plain texts among them; Anthropic counts through no other's letters."""
        return tuple(_documents(self._messages))

    def replace(self, address: str, text: str) -> None:
        """Put `text` in place of the string at `address`. Raises KeyError for an unknown or FIXED address."""
        super().replace(address, text)
        own = _OWN_TEXT.fullmatch(address)
        if own is not None and self._messages[int(own[1])].get("role") == "assistant":
            at = int(own[1]), None if own[2] is None else int(own[2])
            (self._gone.discard if text.strip() else self._gone.add)(at)

    def to_bytes(self) -> bytes:
        """The payload with the replacements made."""
        body = super().to_bytes()
        if not self._gone:
            return body
        return _without(JsonDocument(body, max_depth=self._max_depth), self._messages, self._gone)


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _blocks(message: Block) -> list[Block]:
    return [block for block in _list(message.get("content")) if isinstance(block, dict)]


def _documents(messages: Sequence[Block]) -> Iterator[str]:
    for number, message in enumerate(messages):
        for at, block in enumerate(_blocks(message)):
            place = f"/messages/{number}/content/{at}"
            for below, each in (("", block), *((f"/content/{inner}", b) for inner, b in enumerate(_blocks(block)))):
                if each.get("type") == "document":
                    source = each.get("source")
                    plain = isinstance(source, dict) and source.get("type") == "text"
                    yield f"{place}{below}/source/data" if plain else ""


def _last_words(messages: Sequence[Block]) -> Iterator[str]:
    found = False
    for number in range(len(messages) - 1, -1, -1):
        role, at = messages[number].get("role"), f"/messages/{number}/content"
        if role == "assistant" and found:
            return
        if role == "user" and isinstance(messages[number].get("content"), str):
            found = True
            yield at
        elif role == "user":
            said = [at_ for at_, block in enumerate(_blocks(messages[number])) if block.get("type") not in _BROUGHT]
            found = found or bool(said)
            yield from (f"{at}/{block}" for block in said)


# ---- what is sealed


def _contents(messages: Sequence[Block]) -> Mapping[str, Sequence[Block]]:
    return {f"/messages/{number}/content": _blocks(message) for number, message in enumerate(messages)}


def _check_seals(contents: Mapping[str, Sequence[JsonValue]]) -> None:
    """Raises UnreadablePayload for words in the clothes of a seal, in any of these blocks (by where they stand)."""
    for place, blocks in contents.items():
        for field, sealed in _seals(blocks, place):
            if reads(sealed):
                refuse("invalid_value", field)


def _seals(value: JsonValue | Sequence[JsonValue], at: str) -> Iterator[tuple[str, str]]:
    """What is sealed in a block, and where: not what a tool is called with, which is inspected."""
    if isinstance(value, list):
        for number, child in enumerate(value):
            yield from _seals(child, f"{at}/{number}")
    elif isinstance(value, dict):
        for key, child in value.items():
            if isinstance(child, str):
                if key in SEALS or (key == "data" and value.get("type") == "redacted_thinking"):
                    yield f"{at}/{key}", child
            elif key != "input":
                yield from _seals(child, f"{at}{step(key)}")


def _unsigned(messages: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """Thinking that nobody has signed."""
    for number, message in enumerate(messages):
        for at, block in enumerate(_blocks(message)):
            if block.get("type") == "thinking" and not block.get("signature"):
                yield number, at


# ---- what doesn't leave


def _without(document: JsonDocument, messages: Sequence[Block], gone: Set[tuple[int, int | None]]) -> bytes:
    """The body without these blocks, and without the messages that have no other."""
    blocks: dict[int, set[int | None]] = {}
    for message, block in gone:
        blocks.setdefault(message, set()).add(block)
    empty: set[int | None] = {message for message, those in blocks.items() if _is_empty(messages[message], those)}
    arrays: list[tuple[str, int, Set[int | None]]] = [("/messages", len(messages), empty)]
    for message in blocks.keys() - empty:
        arrays.append((f"/messages/{message}/content", len(_list(messages[message]["content"])), blocks[message]))
    spans = document.spans([f"{at}/{number}" for at, size, those in arrays if those for number in range(size)])
    cuts = [cut for at, size, those in arrays for cut in _cuts(spans, at, size, those)]
    text, done, pieces = document.text, 0, []
    for start, end in sorted(cuts):
        if start >= done:  # else it lies in a message that is gone
            pieces.append(text[done:start])
            done = end
    return "".join([*pieces, text[done:]]).encode()


def _is_empty(message: Block, gone: Set[int | None]) -> bool:
    return None in gone or len(gone) == len(_list(message.get("content")))


def _cuts(
    spans: Mapping[str, tuple[int, int]], array: str, size: int, gone: Set[int | None]
) -> Iterator[tuple[int, int]]:
    """What of the text has to go so that these elements of an array are gone, each with one of its commas."""
    kept_before = False
    for number in range(size):
        if number not in gone:
            kept_before = True
            continue
        start, end = spans[f"{array}/{number}"]
        if kept_before:
            yield spans[f"{array}/{number - 1}"][1], end
        else:
            yield start, spans[f"{array}/{number + 1}"][0] if number + 1 < size else end
