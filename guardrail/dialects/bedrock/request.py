"""A Converse request (or one in Nova's own format) as addressed text, with the few facts that the exchange needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import unquote

from guardrail.dialects.base import NO_CALL, Ask
from guardrail.dialects.bedrock.blocks import SEALED
from guardrail.dialects.bedrock.fields import REQUEST
from guardrail.dialects.document import RequestBody, refuse
from guardrail.dialects.seals import reads, text_in
from guardrail.dialects.settings import Settings
from guardrail.dialects.table import Field
from guardrail.errors import PayloadTooLarge
from guardrail.text import Kind, Segment
from guardrail.wire.jsondoc import JsonDocument, JsonValue

_BROUGHT = frozenset({"toolResult", "searchResult", "cachePoint"})
"""Blocks of a user's message that are no words of the user."""

_THOUGHT = re.compile(r"/messages/([0-9]+)/content/([0-9]+)/reasoningContent/reasoningText/text")
_SAID = re.compile(r"/messages/([0-9]+)/content/([0-9]+)/text")
_DOCUMENT = re.compile(r"/messages/[0-9]+/content/[0-9]+/(?:toolResult/content/[0-9]+/)?document/name")

Block = Mapping[str, JsonValue]


class ConverseRequest(RequestBody):
    """One request. Raises UnreadablePayload or PayloadTooLarge when it can't be read in full.

    Reasoning that is signed passes only as it is. What Bedrock would refuse is left out of the history: reasoning
    whose signature we took away (because words in it had to be changed), and what was nothing but a text of ours.
    """

    def __init__(
        self,
        body: bytes,
        settings: Settings,
        ask: Ask = NO_CALL,
        table: Field = REQUEST,
        *,
        stream: bool = False,
    ) -> None:
        super().__init__(body, ask, table, settings)
        self._stream = stream
        self._max_depth = settings.max_depth
        self._messages = [each for each in _list(self.top.get("messages")) if isinstance(each, dict)]
        if not self._messages and ":prompt/" not in unquote(self.model):  # else the prompt is kept at Amazon
            refuse("missing_field", "/messages")
        _check_seals(self._messages)
        self._gone = set(_unsigned(self._messages))
        self._segments = tuple(self._signed(self._segments))

    def check(self, settings: Settings) -> None:
        """Counts messages."""
        if len(_list(self.top.get("messages"))) > settings.max_messages:
            limit = settings.max_messages
            raise PayloadTooLarge(f"more than {limit} messages", code="too_many_messages", param="messages")

    @property
    def stream(self) -> bool:
        """True at the paths of streams: nothing in the body says so."""
        return self._stream

    @property
    def structured(self) -> bool:
        """True if the answer has to be JSON: nothing may be inserted into it."""
        config = self.top.get("outputConfig")
        return isinstance(config, dict) and config.get("textFormat") is not None

    @property
    def turn(self) -> Sequence[str]:
        """Addresses of the words to be answered: the last run of a user's words that no assistant interrupts.

        Results of tools, and an assistant's message after the words (a call, a prefilled beginning), don't end the run.
        Without messages a prompt that is kept at Amazon speaks, with the words that are filled into it.
        """
        said = list(_last_words(self._messages))
        return self.below(*(said or ("/promptVariables",)))

    def documents(self) -> Sequence[str]:
        """Those that are one text; of others Amazon counts pages and chunks."""
        return tuple(_documents(self._messages))

    def replace(self, address: str, text: str) -> None:
        """Put `text` in place of the string at `address`. Raises KeyError for an unknown or FIXED address."""
        # Bedrock takes no underscores in the names of documents.
        super().replace(address, text.replace("_", "-") if _DOCUMENT.fullmatch(address) else text)
        own = _SAID.fullmatch(address)
        if own is not None and self._messages[int(own[1])].get("role") == "assistant":
            (self._gone.discard if text.strip() else self._gone.add)((int(own[1]), int(own[2])))

    def to_bytes(self) -> bytes:
        """The payload with the replacements made."""
        body = super().to_bytes()
        return without(JsonDocument(body, max_depth=self._max_depth), self._gone) if self._gone else body

    def _signed(self, segments: Sequence[Segment]) -> Iterator[Segment]:
        """Without the reasoning that is left out; what is signed can't be rewritten."""
        for segment in segments:
            thought = _THOUGHT.fullmatch(segment.address)
            at = (int(thought[1]), int(thought[2])) if thought else None
            if at is None:
                yield segment
            elif at not in self._gone:
                signed = bool(_reasoning(_content(self._messages[at[0]])[at[1]]).get("signature"))
                yield replace(segment, kind=Kind.FIXED) if signed else segment


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _content(message: Block) -> list[Block]:
    return [block if isinstance(block, dict) else {} for block in _list(message.get("content"))]


def _last_words(messages: Sequence[Block]) -> Iterator[str]:
    found = False
    for number in range(len(messages) - 1, -1, -1):
        role = messages[number].get("role")
        if role == "assistant" and found:
            return
        if role == "user":
            said = [at for at, block in enumerate(_content(messages[number])) if _BROUGHT.isdisjoint(block)]
            found = found or bool(said)
            yield from (f"/messages/{number}/content/{at}" for at in said)


def _documents(messages: Sequence[Block]) -> Iterator[str]:
    for number, message in enumerate(messages):
        for at, block in enumerate(_content(message)):
            result = block.get("toolResult")
            inside = _content(result) if isinstance(result, dict) else ()
            below = [("", block), *((f"/toolResult/content/{inner}", each) for inner, each in enumerate(inside))]
            for place, each in below:
                if isinstance(document := each.get("document"), dict):
                    source = document.get("source")
                    told = next((name for name in ("text", "bytes") if isinstance(source, dict) and name in source), "")
                    yield f"/messages/{number}/content/{at}{place}/document/source/{told}" if told else ""


# ---- reasoning


def _reasoning(block: Block) -> Block:
    content = block.get("reasoningContent")
    told = content.get("reasoningText") if isinstance(content, dict) else None
    return told if isinstance(told, dict) else {}


def _blocks(messages: Sequence[Block]) -> Iterator[tuple[tuple[int, int], Block]]:
    for number, message in enumerate(messages):
        for at, block in enumerate(_content(message)):
            yield (number, at), block


def _unsigned(messages: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """Reasoning with an empty signature: ours. Models that don't sign leave it out."""
    return (at for at, block in _blocks(messages) if _reasoning(block).get("signature") == "")


def _check_seals(messages: Sequence[Block]) -> None:
    """Raises UnreadablePayload for words in the clothes of a seal."""
    for (number, at), block in _blocks(messages):
        content = block.get("reasoningContent")
        redacted = content.get("redactedContent") if isinstance(content, dict) else None
        seals = {"reasoningText/signature": _reasoning(block).get("signature"), "redactedContent": redacted}
        for field, sealed in seals.items():
            if isinstance(sealed, str) and reads(_inner(sealed)):
                refuse("invalid_value", f"/messages/{number}/content/{at}/reasoningContent/{field}")


def _inner(sealed: str) -> str:
    """The seal itself: it may be in base64 once more (a blob of Bedrock's)."""
    text = text_in(sealed)
    return text if text is not None and SEALED.pattern.fullmatch(text) else sealed


# ---- what doesn't leave


def without(document: JsonDocument, gone: set[tuple[int, int]]) -> bytes:
    """The body without these blocks, and without the messages that have no other."""
    empty = set()
    for message in {message for message, _ in gone}:
        at = f"/messages/{message}/content"
        kept = [number for number in range(len(_list(document.value(at)))) if (message, number) not in gone]
        if kept:
            document.replace_raw(at, _array(document, [f"{at}/{number}" for number in kept]))
        else:
            empty.add(message)
    if not empty:
        return document.to_bytes()
    rest = JsonDocument(document.to_bytes())
    count = len(_list(rest.value("/messages")))
    rest.replace_raw(
        "/messages", _array(rest, [f"/messages/{number}" for number in range(count) if number not in empty])
    )
    return rest.to_bytes()


def _array(document: JsonDocument, elements: Sequence[str]) -> bytes:
    spans = document.spans(elements)
    return f"[{','.join(document.text[slice(*spans[at])] for at in elements)}]".encode()
