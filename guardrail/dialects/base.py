"""The dialect protocol: a provider's API in both directions, without I/O.

A shape that a dialect does not know raises `UnreadablePayload`; it is not waved through.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from guardrail.dialects.quotes import Rewritten
from guardrail.dialects.tools import NO_TOOLS, ToolRules
from guardrail.errors import GuardrailError
from guardrail.events import Delta, Frame, Stop, Tokens
from guardrail.text import Edit, Segment


@dataclass(frozen=True, slots=True)
class Ask:
    """Which call of an API this is: the varying parts of its path, as they came, and its query, checked by the edge."""

    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


NO_CALL = Ask()


@dataclass(frozen=True, slots=True)
class Reference:
    """The id of something that the provider keeps, and the field that names it."""

    kind: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A call of a tool in a whole answer. `number` is the document's own business."""

    number: int
    tool: str
    address: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request as it goes to the provider, for dialects that sign it. `path` and `query` as they are sent."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that the proxy writes by itself: an error, a refusal, a crisis text. `headers` in small letters."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


class Document(Protocol):
    """A payload with addressed text. Every byte outside the replaced strings comes back as it came."""

    def segments(self) -> Sequence[Segment]:
        """Every string that must be inspected, in document order (object keys too, as Kind.FIXED)."""
        ...

    def replace(self, address: str, text: str) -> None:
        """Put `text` in place of the string at `address`. Raises KeyError for an unknown or FIXED address."""
        ...

    def edited(self, address: str, edits: Sequence[Edit]) -> None:
        """Which words of the text at `address` were replaced: citations that count through it follow."""
        ...

    def to_bytes(self) -> bytes:
        """The payload with the replacements made."""
        ...


class Words(Document, Protocol):
    """Somebody's words with a turn to be answered."""

    @property
    def turn(self) -> Sequence[str]:
        """Addresses of the segments that are the turn to be answered (the user's last words)."""
        ...

    def field(self, address: str) -> str:
        """The field as an error may name it: nothing in the name was chosen by the client ("messages[2].name")."""
        ...


class RequestDocument(Words, Protocol):
    """A request, and the few facts about it that the exchange needs."""

    @property
    def model(self) -> str:
        """The model asked for."""
        ...

    @property
    def others(self) -> Sequence[str]:
        """The models that the provider may ask in its place, as the request says; "" for one that can't be read."""
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
    def tools(self) -> bool:
        """True if the model may call tools."""
        ...

    @property
    def released(self) -> Sequence[str]:
        """Media types of the parts that pass uninspected, because the policy releases them."""
        ...

    @property
    def references(self) -> Sequence[Reference]:
        """What it refers to that the provider keeps."""
        ...

    def cited(self, number: int) -> Rewritten:
        """The text of its document of this number (from 0), from what the provider got to what the client sent."""
        ...

    def set_member(self, name: str, value: object) -> None:
        """Say `name: value` at the top of the body, whatever the client said there. Raises KeyError without a body."""
        ...


class AnswerDocument(Document, Protocol):
    """A whole answer."""

    def note(self, notes: Mapping[str, object]) -> None:
        """Carry our notices beside the answer, as the member `guardrail`: for answers that no words can be put into."""
        ...

    def say(self, text: str) -> bool:
        """Make `text` the words of an answer that has none. False if it can't have any."""
        ...

    @property
    def stops(self) -> Sequence[Stop]:
        """Why it ends, as the provider says; of several choices each."""
        ...

    def said(self, choice: int = 0) -> Sequence[str]:
        """Addresses of the words that a reader is shown as the answer, in their order; no reasoning, no tool's."""
        ...

    @property
    def released(self) -> Sequence[str]:
        """Media types of the parts that pass uninspected, because the policy releases them."""
        ...

    @property
    def usage(self) -> Tokens:
        """The tokens as the provider counted them."""
        ...

    @property
    def served(self) -> str:
        """The model that the answer names, "" if it names none."""
        ...

    @property
    def tool_uses(self) -> Sequence[ToolUse]:
        """The calls of tools that the model asks for."""
        ...

    def propose(self, use: ToolUse, name: str, explain: Callable[[object], object]) -> None:
        """Turn a call into one of `name`, with arguments that `explain` makes of its own (cleared before)."""
        ...

    @property
    def keeps(self) -> Sequence[tuple[str, str]]:
        """What the provider says that it keeps now: kind and id, as in `Reference`."""
        ...


class StreamCodec(Protocol):
    """Bytes to frames and back, for one streamed answer."""

    @property
    def content_type(self) -> str:
        """Of the stream that is written."""
        ...

    @property
    def keeps(self) -> Sequence[tuple[str, str]]:
        """What the provider said so far that it keeps: kind and id, as in `Reference`."""
        ...

    @property
    def released(self) -> Sequence[str]:
        """Media types of the parts that passed uninspected so far, because the policy releases them."""
        ...

    @property
    def usage(self) -> Tokens:
        """The tokens as the provider counted them so far."""
        ...

    @property
    def served(self) -> str:
        """The model that the answer names, "" if it named none so far."""
        ...

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that are complete now. Raises UpstreamBroken for what can't be read."""
        ...

    def flush(self) -> list[Frame]:
        """The upstream has ended: what was incomplete but readable. Without the proper end there is no `last` frame."""
        ...

    def write(self, frame: Frame, deltas: Sequence[str], wholes: Sequence[str]) -> bytes:
        """The frame with its texts in place; b"" if nothing is left to say in it."""
        ...

    def edited(self, segment: str, edits: Sequence[Edit]) -> None:
        """Which words of a text were replaced, in their order: citations that count through it follow.

        Told before the frame is written that holds them.
        """
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

    def is_said(self, delta: Delta) -> bool:
        """True for words that a reader is shown as the answer: no reasoning, no JSON, no tool's."""
        ...

    @property
    def calls_tools(self) -> bool:
        """True if the answer asked for a call of a tool so far: no words of ours may follow it."""
        ...

    def close(self, text: str, choice: int = 0) -> bytes:
        """A frame of our own that adds words behind the last ones of a choice. Written before the frame that ends it.

        b"" if no words of ours may stand there.
        """
        ...

    def note(self, notes: Mapping[str, object]) -> bytes:
        """A frame of our own that carries our notices beside the words, as the member `guardrail`."""
        ...

    def error(self, error: GuardrailError) -> bytes:
        """The terminal error event. Nothing is written after it."""
        ...


class Dialect(Protocol):
    """One provider API, or one of its endpoints."""

    @property
    def name(self) -> str:
        """E.g. "openai.chat": the value of the metric label."""
        ...

    @property
    def speaks(self) -> bool:
        """True if its answers are words for a reader, who is told that a machine wrote them. Not so for vectors."""
        ...

    def read_request(self, body: bytes, ask: Ask = NO_CALL) -> RequestDocument:
        """Raises UnreadablePayload or PayloadTooLarge, naming the field."""
        ...

    def read_response(self, body: bytes, request: RequestDocument) -> AnswerDocument:
        """Raises UpstreamBroken if the provider's answer is not what this dialect knows."""
        ...

    def open_stream(
        self, request: RequestDocument, content_type: str, tools: ToolRules = NO_TOOLS
    ) -> StreamCodec | None:
        """A codec for the answer to this request; None if an answer of this media type is a whole one.

        Calls of tools that `tools` refuses become proposals.
        """
        ...

    def credentials(self, key: str, outgoing: Outgoing) -> Sequence[tuple[str, str]]:
        """The headers that carry the provider's key (or sign with it); empty for an empty key.

        The client's own key is passed on then.
        """
        ...

    def refuse(self, error: GuardrailError) -> Reply:
        """The error in the provider's own shape."""
        ...

    def upstream_error(self, status: int, body: bytes) -> Reply:
        """The provider's error: status and machine-readable code are kept, its words (they may echo the prompt) not."""
        ...

    def answer(self, request: RequestDocument, text: str) -> Reply:
        """A complete answer with this text, as if the model had given it (stream or whole as the request asks).

        Only asked of a dialect that `speaks`.
        """
        ...
