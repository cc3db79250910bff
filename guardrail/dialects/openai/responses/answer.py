"""A whole Responses answer as addressed text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from guardrail.dialects.document import AnswerBody, dump
from guardrail.dialects.openai.responses import replies
from guardrail.dialects.openai.responses.fields import ANSWER, STRUCTURED_ANSWER
from guardrail.dialects.openai.responses.request import ResponsesRequest
from guardrail.dialects.settings import Logprobs, Settings
from guardrail.dialects.usage import Places
from guardrail.dialects.walk import Spot
from guardrail.text import Segment
from guardrail.wire.jsondoc import JsonDocument, JsonValue

_TOLD = re.compile(r"(?:/response)?/(?:instructions|metadata|prompt|tools|text)(?:[/~]|$)")
_PART = re.compile(r"(/output/[0-9]+/content/[0-9]+)/")

COUNTS = Places(
    input=(("/usage/input_tokens", "/response/usage/input_tokens"),),
    output=(("/usage/output_tokens", "/response/usage/output_tokens"),),
    cached=(
        (
            "/usage/input_tokens_details/cached_tokens",
            "/response/usage/input_tokens_details/cached_tokens",
        ),
    ),
    reasoning=(
        (
            "/usage/output_tokens_details/reasoning_tokens",
            "/response/usage/output_tokens_details/reasoning_tokens",
        ),
    ),
    served=("/model", "/response/model"),
)


class ResponsesAnswer(AnswerBody):
    """One whole answer. Raises UpstreamBroken when it can't be read in full."""

    reasons = ("/incomplete_details/reason",)
    counts = COUNTS

    def __init__(self, body: bytes, settings: Settings, request: ResponsesRequest) -> None:
        table = STRUCTURED_ANSWER if request.structured else ANSWER
        super().__init__(body, table, settings, lambda _: "answer")
        self._segments = tuple(each for each in self._segments if not is_told(each, request))
        self._settings = settings
        self._speaks = not request.structured
        self._before = {segment.address: segment.text for segment in self._segments}
        self._changed: set[str] = set()

    def say(self, text: str) -> bool:
        """As a message before all that there is."""
        if self._speaks:
            self.json.prepend("/output", dump(replies.message(replies.own_id("msg"), text)))
        return self._speaks

    @property
    def keeps(self) -> Sequence[tuple[str, str]]:
        """The answer and its items, where the provider is let keep them."""
        return tuple(kept(self.top)) if self._settings.keep_at_provider else ()

    def replace(self, address: str, text: str) -> None:
        """Put `text` in place of the string at `address`. Raises KeyError for an unknown or FIXED address."""
        super().replace(address, text)
        part = _PART.match(address)
        if part and text != self._before[address]:
            self._changed.add(part[1])

    def quoted(self, spot: Spot) -> Sequence[str]:
        """The text of the part."""
        return (f"{spot.pointer.partition('/annotations/')[0]}/text",)

    def treat_echo(self, pointer: str) -> None:
        """The provider's words about its failure go; log probabilities where the words were changed."""
        part = _PART.match(pointer)
        kept = self._settings.logprobs is Logprobs.KEEP_UNCHANGED and part is not None and part[1] not in self._changed
        treat_echo(self.json, pointer, keep=kept)


def is_told(segment: Segment, request: ResponsesRequest) -> bool:
    """True for the client's own words where the provider tells again what it was asked."""
    return _TOLD.match(segment.address) is not None and request.is_own(segment.text)


def treat_echo(document: JsonDocument, pointer: str, *, keep: bool) -> None:
    """Drop what spells the words again; if it may be `keep`t, empty at least the alternatives."""
    if pointer.endswith("/error"):
        document.replace_raw(pointer, dump(replies.failure(document.value(pointer))))
    elif keep:
        tokens = document.value(pointer)
        for number, token in enumerate(tokens if isinstance(tokens, list) else ()):
            if isinstance(token, dict) and token.get("top_logprobs"):
                document.replace_raw(f"{pointer}/{number}/top_logprobs", b"[]")
    else:
        document.replace_raw(pointer, b"[]")


def kept(response: JsonValue) -> Iterator[tuple[str, str]]:
    """What can be referred to by its id: the answer, and its items."""
    if not isinstance(response, Mapping):
        return
    named = [("response", response), *(("item", item) for item in _list(response.get("output")))]
    for kind, what in named:
        own = what.get("id") if isinstance(what, dict) else None
        if isinstance(own, str) and own:
            yield kind, own


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []
