"""A whole Messages answer as addressed text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from guardrail.dialects.anthropic.fields import ANSWER, COUNTED, STRUCTURED_ANSWER
from guardrail.dialects.base import RequestDocument
from guardrail.dialects.document import AnswerBody, dump
from guardrail.dialects.settings import Settings
from guardrail.dialects.usage import Places
from guardrail.wire.jsondoc import JsonValue

_SAID = re.compile(r"/content/[0-9]+/text")
_THOUGHT = re.compile(r"(/content/[0-9]+)/thinking")

COUNTS = Places(
    input=tuple(
        (f"/message/usage/{name}", f"/usage/{name}")
        for name in ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    ),
    output=(("/message/usage/output_tokens", "/usage/output_tokens"),),
    cached=(("/message/usage/cache_read_input_tokens", "/usage/cache_read_input_tokens"),),
    served=("/model", "/message/model"),
)
"""What a cache is asked for or told counts beside `input_tokens`, not in them."""


class MessagesAnswer(AnswerBody):
    """One whole answer. Raises UpstreamBroken when it can't be read in full."""

    reasons = ("/stop_reason",)
    counts = COUNTS

    def __init__(self, body: bytes, settings: Settings, request: RequestDocument) -> None:
        super().__init__(body, STRUCTURED_ANSWER if request.structured else ANSWER, settings, _opening)
        self._may_speak = not request.structured
        self.cited = request.cited

    def say(self, text: str) -> bool:
        """As a text block of our own, the first of all."""
        if self._may_speak:
            self.json.prepend("/content", dump({"type": "text", "text": text}))
        return self._may_speak

    def replace(self, address: str, text: str) -> None:
        """Put `text` in place of the string at `address`. Raises KeyError for an unknown or FIXED address.

        Thoughts that change lose their signature, which is no longer theirs.
        """
        super().replace(address, text)
        thought = _THOUGHT.fullmatch(address)
        if thought is not None and text != self.json.value(address):
            at = f"{thought[1]}/signature"
            if _value_of(self.json.value(thought[1]), "signature") is not None:
                self.json.replace(at, "")

    @property
    def keeps(self) -> Sequence[tuple[str, str]]:
        """The answer itself, its container, and the files that were made in it."""
        return tuple(kept(self.json.value()))


class TokenCount(AnswerBody):
    """The answer of `count_tokens`: a number."""

    def __init__(self, body: bytes, settings: Settings) -> None:
        super().__init__(body, COUNTED, settings)


def _opening(address: str) -> str:
    """Of the text blocks only the first opens the answer."""
    return "content" if _SAID.fullmatch(address) else ""


def _value_of(value: JsonValue, member: str) -> JsonValue:
    return value.get(member) if isinstance(value, dict) else None


def kept(message: JsonValue) -> Iterator[tuple[str, str]]:
    """What Anthropic keeps of a message: it may be named in a later request."""
    yield from _named("message", _value_of(message, "id"))
    yield from _named("container", _value_of(_value_of(message, "container"), "id"))
    blocks = _value_of(message, "content")
    for block in blocks if isinstance(blocks, list) else ():
        yield from kept_files(block)


def kept_files(block: JsonValue) -> Iterator[tuple[str, str]]:
    """The files that a block of an answer names."""
    yield from _named("file", _value_of(block, "file_id"))
    files = _value_of(_value_of(block, "content"), "content")
    for file in files if isinstance(files, list) else ():
        yield from _named("file", _value_of(file, "file_id"))


def _named(kind: str, name: JsonValue) -> Iterator[tuple[str, str]]:
    if isinstance(name, str) and name:
        yield kind, name
