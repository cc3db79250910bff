"""A whole Chat Completions answer as addressed text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import NoReturn

from guardrail.dialects.openai.fields import ANSWER, FIELD_NAMES, STRUCTURED_ANSWER
from guardrail.dialects.openai.replies import NOTES
from guardrail.dialects.walk import AddressedDocument, Spot, Walk, field_name
from guardrail.errors import ClientError, UpstreamBroken
from guardrail.text import Kind, Role, Segment
from guardrail.wire.jsondoc import MAX_DEPTH, JsonDocument, JsonValue


class Logprobs(StrEnum):
    """What happens with log probabilities: they spell the answer a second time, token by token.

    DROP            always null
    KEEP_UNCHANGED  kept where not a word of that choice was changed, and without the alternatives (`top_logprobs`),
                    which nobody has inspected
    """

    DROP = "drop"
    KEEP_UNCHANGED = "keep_unchanged"


def refuse(code: str, address: str) -> NoReturn:
    """The provider sent a shape that can't be inspected (502)."""
    raise UpstreamBroken(f"the provider's answer can't be read at {field_name(address)}", code=code)


def read_json(body: bytes, max_depth: int) -> JsonDocument:
    """A document of the provider's. Raises UpstreamBroken (code unreadable_answer) if it is none, or no object.

    Values are not counted: log probabilities have hundreds a word, and the upstream client limits the bytes.
    """
    try:
        document = JsonDocument(body, max_depth=max_depth)
    except ClientError as error:
        raise UpstreamBroken(f"the provider's answer can't be read: {error.code}", code="unreadable_answer") from None
    if not isinstance(document.value(), dict):
        raise UpstreamBroken("the provider's answer is no JSON object", code="unreadable_answer")
    return document


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


class ChatAnswer(AddressedDocument):
    """One whole answer. Raises UpstreamBroken when it can't be read in full."""

    def __init__(
        self, body: bytes, *, structured: bool, logprobs: Logprobs, max_strings: int, max_depth: int = MAX_DEPTH
    ) -> None:
        document = read_json(body, max_depth)
        walk = Walk(refuse, max_segments=max_strings, numbers=False, field_names=FIELD_NAMES)
        table = STRUCTURED_ANSWER if structured else ANSWER
        try:
            walk.visit(document.value(), table, Spot(document, "", "", Role.ASSISTANT))
        except ClientError as error:
            raise UpstreamBroken(f"the provider's answer can't be read: {error.code}", code=error.code) from None
        walk.segments[:] = _opened_once(walk.segments)
        super().__init__(document, walk)
        self._echoes = tuple(spot.pointer for spot in walk.echoes if document.value(spot.pointer) is not None)
        self._kept = logprobs is Logprobs.KEEP_UNCHANGED
        self._before = {segment.address: segment.text for segment in walk.segments}
        self._changed: set[str] = set()
        self._notes = b""
        self._may_speak = not structured and bool(top_choices(document))

    def note(self, notes: Mapping[str, object]) -> None:
        """As the last member of the answer; nothing if the provider has one of that name."""
        top = self.json.value()
        if isinstance(top, dict) and NOTES not in top:
            self._notes = b"," + json.dumps({NOTES: notes}, ensure_ascii=False).encode()[1:-1]

    def say(self, text: str) -> bool:
        """As the content of the first choice, where that is null or empty and need not be JSON."""
        at = "/choices/0/message"
        message = self.json.value(at) if self._may_speak else None
        if not isinstance(message, dict) or message.get("content", "missing"):
            return False
        self.json.replace_raw(f"{at}/content", json.dumps(text, ensure_ascii=False).encode())
        return True

    def replace(self, address: str, text: str) -> None:
        """Put `text` in place of the string at `address`. Raises KeyError for an unknown or FIXED address."""
        super().replace(address, text)
        if text != self._before[address]:
            self._changed.add(_choice(address))

    def to_bytes(self) -> bytes:
        """The answer with the replacements made, and without log probabilities that would tell what was replaced."""
        for pointer in self._echoes:
            treat_echo(self.json, pointer, keep=self._kept and _choice(pointer) not in self._changed)
        body = super().to_bytes()
        end = body.rindex(b"}")
        return body[:end] + self._notes + body[end:] if self._notes else body


def top_choices(document: JsonDocument) -> list[JsonValue]:
    """The choices of an answer."""
    top = document.value()
    choices = top.get("choices") if isinstance(top, dict) else None
    return choices if isinstance(choices, list) else []


def _opened_once(segments: Iterable[Segment]) -> Iterator[Segment]:
    """Of content in parts only the first part opens the answer."""
    begun: set[str] = set()
    for segment in segments:
        content, part, _ = segment.address.partition("/content/")
        if part and segment.kind is Kind.PROSE:
            segment = replace(segment, opens=content not in begun)
            begun.add(content)
        yield segment


def _choice(address: str) -> str:
    """The first two steps: "/choices/0"."""
    return "/".join(address.split("/", 3)[:3])
