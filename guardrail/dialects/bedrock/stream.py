"""What the events of a ConverseStream mean, and those of Nova's own stream, which are much the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from guardrail.dialects.base import RequestDocument
from guardrail.dialects.bedrock import replies
from guardrail.dialects.bedrock.answer import COUNTS, MORE
from guardrail.dialects.bedrock.answers import EVENTS, NOVA_EVENTS, STRUCTURED_EVENTS
from guardrail.dialects.bedrock.blocks import SERVER_TOOL
from guardrail.dialects.codec import Own, Top
from guardrail.dialects.document import NOTES, refuse_answer
from guardrail.dialects.numbered import NumberedGrammar
from guardrail.dialects.quotes import Rewritten
from guardrail.dialects.table import Field, Piece
from guardrail.dialects.template import PADDING, Hole
from guardrail.dialects.walk import Spot
from guardrail.errors import GuardrailError, UpstreamBroken
from guardrail.events import Delta, Frame
from guardrail.wire.eventstream import CHUNK, EXCEPTION
from guardrail.wire.jsondoc import JsonDocument, JsonValue

_OF_A_BLOCK = frozenset({"contentBlockDelta", "contentBlockStop"})
_KINDS = {
    "text": "text",
    "citation": "text",
    "toolUse": "toolUse",
    "toolResult": "toolResult",
    "reasoningContent": "reasoningContent",
    "image": "image",
}
"""Of which type a block is, by what its deltas hold: words in a block of another type would be seen by some clients
only."""
_WORDS = frozenset({"text", "toolUse", "reasoningContent"})


class ConverseGrammar(NumberedGrammar):
    """One streamed answer.

    Blocks are counted: a block of ours shifts all that begin after it. Reasoning that had to be changed loses its
    signature. The event's name stands in the framing; the model's padding says nothing.
    """

    noted_at: Sequence[str] = ("", f"/{MORE}")
    reasons = ("/stopReason",)
    counts = COUNTS
    holes: Mapping[str, Hole] = {"/p": PADDING}

    def __init__(self, request: RequestDocument) -> None:
        super().__init__()
        self._request = request
        self._tables: Mapping[str, Field] = STRUCTURED_EVENTS if request.structured else EVENTS
        self._name = ""  # of the event that is being read
        self._kinds: dict[int, str] = {}  # of what type each block is, "" if nobody knows yet
        self._fresh = False  # a block begins with the event that is being read
        self._begun = False
        self._done = False
        self._altered: set[int] = set()  # blocks of reasoning that were changed

    # ---------------------------------------------------------------------------------------------- reading

    def seen(self, name: str | None) -> None:
        """What it is."""
        self._name = name or ""

    def event(self, top: Top) -> tuple[str, Top]:
        """The name of an event of the model's, and its body."""
        return self._name, top

    def table(self, top: Top) -> Field:
        """By name."""
        return self._tables[self.event(top)[0]]

    def name(self, top: Top) -> str | None:
        """As it came."""
        return self._name

    def is_last(self, top: Top) -> bool:
        """The metadata behind the end of the message. A stream may end without them."""
        return self._done and self.event(top)[0] == "metadata"

    def finished(self) -> bool:
        """The message has ended."""
        return self._done

    def skips(self, top: Top) -> bool:
        """Events that nobody knows: clients pass over them."""
        return self.event(top)[0] not in self._tables

    def failure(self, top: Top) -> Own | None:
        """An exception."""
        return replies.broke_off(self._name) if self._name.startswith(EXCEPTION) else None

    def begin(self, top: Top) -> None:
        """Notes what begins. Raises UpstreamBroken for what comes out of its order."""
        name, body = self.event(top)
        self._fresh = False
        if (name == "messageStart") is self._begun or (self._done and name != "metadata"):
            raise UpstreamBroken("an event of the answer comes out of its order", code="unexpected_event")
        self._begun = True
        if name in ("contentBlockStart", "contentBlockDelta"):
            self._begins(_index(body))
        if name == "contentBlockStart":
            self._begin_block(_index(body), body.get("start"))
        elif name == "contentBlockDelta":
            self._check_block(_index(body), body.get("delta"))
        self._done = self._done or name == "messageStop"

    def _begin_block(self, index: int, start: JsonValue) -> None:
        if index in self._kinds:
            raise UpstreamBroken("a block begins twice", code="unexpected_event")
        told = start if isinstance(start, dict) else {}
        self._kinds[index] = next((kind for kind in _KINDS if kind in told), "")
        call = told.get("toolUse")
        if isinstance(call, dict):
            runs_there = call.get("type") == SERVER_TOOL
            self.texts.name_tool(_block(index), "?" if runs_there else str(call.get("name") or "?"))

    def _check_block(self, index: int, delta: JsonValue) -> None:
        told = delta if isinstance(delta, dict) else {}
        kinds = {kind for name, kind in _KINDS.items() if told.get(name) is not None}
        self._fresh = index not in self._kinds
        known = self._kinds.get(index) or next(iter(kinds), "")
        if kinds - {known} or (self._fresh and known in ("toolUse", "toolResult")):
            raise UpstreamBroken("a piece of a block of another type", code="unexpected_event")
        self._kinds[index] = known

    def cited(self, number: int) -> Rewritten:
        """The text of the request's document of this number."""
        return self._request.cited(number)

    def lane(self, top: Top) -> str | None:
        """The block. Blocks begin in their order: clients put them behind each other as they come."""
        name, body = self.event(top)
        return _block(_index(body)) if name in _OF_A_BLOCK and not self._fresh else None

    def delta(self, spot: Spot, piece: Piece, text: str) -> Delta:
        """By block, and by member."""
        return self._block_delta(_block(self._index_of(spot)), spot, piece, text)

    def _index_of(self, spot: Spot) -> int:
        top = spot.document.value()
        assert isinstance(top, dict)
        return _index(self.event(top)[1])

    def closes(self, top: Top, deltas: Sequence[Delta]) -> tuple[str, ...]:
        """The texts of a block that stops; all with the message."""
        name, body = self.event(top)
        if name == "messageStop":
            return self.texts.close_all()
        if name != "contentBlockStop":
            return ()
        block = _block(_index(body))
        self.forgotten.add(block)
        return self.texts.close(block)

    def is_silent(self, top: Top) -> bool:
        """Pieces of texts."""
        name, body = self.event(top)
        delta = body.get("delta")
        told = delta if isinstance(delta, dict) else {}
        thought = told.get("reasoningContent")
        signed = isinstance(thought, dict) and thought.keys() != {"text"}
        return name == "contentBlockDelta" and _WORDS.issuperset(told) and not signed

    # ---------------------------------------------------------------------------------------------- writing

    def own(self, events: Iterable[Own]) -> Iterable[Own]:
        """Events of ours as the stream's framing takes them."""
        return events

    def altered(self, segment: str) -> None:
        """Reasoning is no longer what its signature says."""
        block, _, text = segment.rpartition("/")
        if text == "reasoning":
            self._altered.add(int(block.rpartition("/")[2]))

    @property
    def adjusting(self) -> bool:
        """Until the first event has left, behind a block of ours, and until an altered block stops."""
        return not self._left or bool(self._own or self._altered)

    def adjust(self, document: JsonDocument, top: Top) -> None:
        """Count the blocks of ours, and take a signature from what it doesn't cover any more."""
        self._left = True
        at, body = self.place(top)
        if "contentBlockIndex" not in body:
            return
        index = _index(body)
        if index in self._altered:
            self._unsign(document, f"{at}/delta", body, index)
        if (shifted := self._shifted(index)) != index:
            document.replace_raw(f"{at}/contentBlockIndex", str(shifted).encode())

    def place(self, top: Top) -> tuple[str, Top]:
        """Where the body of an event stands in its document, long after it was read."""
        return "", top

    def _unsign(self, document: JsonDocument, at: str, body: Top, index: int) -> None:
        delta = body.get("delta")
        told = delta.get("reasoningContent") if isinstance(delta, dict) else None
        if isinstance(told, dict) and told.get("signature") is not None:
            document.replace(f"{at}/reasoningContent/signature", "")
        elif delta is None:
            self._altered.discard(index)

    def insert(self, like: Frame, segment: str, text: str) -> Iterable[Own]:
        """More words of the text. Raises KeyError for other texts."""
        _, index, member = segment.split("/", 2)
        if member != "text":
            raise KeyError(segment)
        return self.own((replies.text_delta(self._shifted(int(index)), text),))

    def say(self, text: str) -> Iterable[Own]:
        """A block of ours before all others. Asked at the beginning of the answer, or if it has none."""
        start = () if self._left else (replies.message_start(),)
        self._left = True
        return self.own((*start, *self._say_before(0, text)))

    def close(self, text: str, choice: int) -> Iterable[Own]:
        """A block of ours behind all others."""
        return self.own(self._say_before(self._next, text))

    def _say_before(self, index: int, text: str) -> Iterable[Own]:
        block = replies.text_block(self._shifted(index), text)
        self._own.append(index)
        return block

    def note(self, notes: Mapping[str, object]) -> Iterable[Own]:
        """An event `guardrail`: clients pass over events that they don't know."""
        return ((NOTES, {NOTES: notes}),)

    def error(self, error: GuardrailError) -> Own:
        """The terminal exception."""
        return replies.own_error(error)


class NovaGrammar(ConverseGrammar):
    """Nova's own events in the chunks of InvokeModel: each is an object with one member that names it."""

    noted_at = ("", f"/messageStop/{MORE}")
    reasons = ("/messageStop/stopReason",)
    holes: Mapping[str, Hole] = {}

    def __init__(self, request: RequestDocument) -> None:
        super().__init__(request)
        self._tables = NOVA_EVENTS

    def event(self, top: Top) -> tuple[str, Top]:
        """The member that names it."""
        return _only(top) if self._name == CHUNK else ("", {})

    def name(self, top: Top) -> None:
        """A chunk."""

    def own(self, events: Iterable[Own]) -> Iterable[Own]:
        """Each in an object of one member."""
        return tuple((None, {str(name): body}) for name, body in events)

    def place(self, top: Top) -> tuple[str, Top]:
        """Below the member that names it."""
        name, body = _only(top)
        return f"/{name}", body


def _only(top: Top) -> tuple[str, Top]:
    """The one member that is an event; of two a client might read either."""
    found = [(name, body) for name in NOVA_EVENTS if isinstance(body := top.get(name), dict)]
    return found[0] if len(found) == 1 else ("", {})


def _block(index: int) -> str:
    return f"content/{index}"


def _index(body: Top) -> int:
    value = body.get("contentBlockIndex")
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        refuse_answer("invalid_type", "/contentBlockIndex")
    return value
