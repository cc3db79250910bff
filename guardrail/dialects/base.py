"""The dialect protocol: a provider's API in both directions, without I/O.

A shape that a dialect does not know raises `UnreadablePayload`; it is not waved through.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from guardrail.errors import GuardrailError
from guardrail.events import Frame
from guardrail.text import Segment


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that the proxy writes by itself: an error, a refusal, a crisis text."""

    status: int
    body: bytes
    content_type: str = "application/json"


class Document(Protocol):
    """A payload with addressed text. Every byte outside the replaced strings comes back as it came."""

    def segments(self) -> Sequence[Segment]:
        """Every string that must be inspected, in document order (object keys too, as Kind.FIXED)."""
        ...

    def replace(self, address: str, text: str) -> None:
        """Put `text` in place of the string at `address`. Raises KeyError for an unknown or FIXED address."""
        ...

    def to_bytes(self) -> bytes:
        """The payload with the replacements made."""
        ...


class RequestDocument(Document, Protocol):
    """A request, and the few facts about it that the exchange needs."""

    @property
    def model(self) -> str:
        """The model asked for."""
        ...

    @property
    def stream(self) -> bool:
        """True if the client wants a stream."""
        ...

    @property
    def structured(self) -> bool:
        """True if the answer has to be JSON: no words of ours may be written into it."""
        ...

    @property
    def turn(self) -> Sequence[str]:
        """Addresses of the segments that are the turn to be answered (the user's last words)."""
        ...

    def field(self, address: str) -> str:
        """The field as an error may name it: nothing in the name was chosen by the client ("messages[2].name")."""
        ...


class AnswerDocument(Document, Protocol):
    """A whole answer."""

    def note(self, notes: Mapping[str, object]) -> None:
        """Carry our notices beside the answer, as the member `guardrail`: for answers that no words can be put into."""
        ...

    def say(self, text: str) -> bool:
        """Make `text` the words of an answer that has none. False if it can't have any."""
        ...


class StreamCodec(Protocol):
    """Bytes to frames and back, for one streamed answer."""

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that are complete now. Raises UpstreamBroken for what can't be read."""
        ...

    def flush(self) -> list[Frame]:
        """The upstream has ended: what was incomplete but readable. Without the proper end there is no `last` frame."""
        ...

    def write(self, frame: Frame, deltas: Sequence[str], wholes: Sequence[str]) -> bytes:
        """The frame with its texts in place; b"" if nothing is left to say in it."""
        ...

    def insert(self, like: Frame, segment: str, text: str) -> bytes:
        """A frame of our own that adds `text` to `segment`, shaped like `like`."""
        ...

    def say(self, text: str) -> bytes:
        """A frame of our own that adds words to the answer's first choice, whatever it was made of so far."""
        ...

    def is_first(self, segment: str) -> bool:
        """True if the segment belongs to the choice that `say` speaks in."""
        ...

    def note(self, notes: Mapping[str, object]) -> bytes:
        """A frame of our own that carries our notices beside the words, as the member `guardrail`."""
        ...

    def error(self, error: GuardrailError) -> bytes:
        """The terminal error event. Nothing is written after it."""
        ...


class Dialect(Protocol):
    """One provider API."""

    @property
    def name(self) -> str:
        """E.g. "openai.chat": the value of the metric label."""
        ...

    def read_request(self, body: bytes) -> RequestDocument:
        """Raises UnreadablePayload or PayloadTooLarge, naming the field."""
        ...

    def read_response(self, body: bytes, request: RequestDocument) -> AnswerDocument:
        """Raises UpstreamBroken if the provider's answer is not what this dialect knows."""
        ...

    def open_stream(self, request: RequestDocument) -> StreamCodec:
        """A codec for the answer to this request."""
        ...

    def credentials(self, key: str) -> Sequence[tuple[str, str]]:
        """The headers that carry the provider's key; empty for an empty key (the client's own is passed on then)."""
        ...

    def refuse(self, error: GuardrailError) -> Reply:
        """The error in the provider's own shape."""
        ...

    def upstream_error(self, status: int, body: bytes) -> Reply:
        """The provider's error: status and machine-readable code are kept, its words (they may echo the prompt) not."""
        ...

    def answer(self, request: RequestDocument, text: str) -> Reply:
        """A complete answer with this text, as if the model had given it (stream or whole as the request asks)."""
        ...
