"""What the events of a Messages stream mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from guardrail.dialects.anthropic import replies
from guardrail.dialects.anthropic.answer import COUNTS, kept, kept_files
from guardrail.dialects.anthropic.fields import EVENTS, STRUCTURED_EVENTS
from guardrail.dialects.base import RequestDocument
from guardrail.dialects.codec import Own, Top
from guardrail.dialects.document import refuse_answer
from guardrail.dialects.numbered import NumberedGrammar
from guardrail.dialects.quotes import Rewritten
from guardrail.dialects.table import Field, Piece
from guardrail.dialects.template import SECONDS, Hole
from guardrail.dialects.walk import Spot
from guardrail.errors import GuardrailError, UpstreamBroken
from guardrail.events import Delta, Frame
from guardrail.wire.jsondoc import JsonDocument, JsonValue

_OF_A_BLOCK = frozenset({"content_block_delta", "content_block_stop"})
_WORDS = {"text_delta": ("text",), "thinking_delta": ("thinking",), "input_json_delta": ("tool_use", "server_tool_use")}
_DELTAS = {**_WORDS, "signature_delta": ("thinking",), "citations_delta": ("text",)}
"""In which blocks which deltas may come: words in any other would be seen by some clients only."""


class MessagesGrammar(NumberedGrammar):
    """One streamed answer.

    Anthropic counts the blocks: a block of ours shifts all that begin after it. Thoughts that had to be changed lose
    their signature.
    """

    noted_at = ("", "/message")
    reasons = ("/delta/stop_reason",)
    counts = COUNTS
    holes: Mapping[str, Hole] = {"/delta/estimated_tokens": SECONDS}

    def __init__(self, request: RequestDocument) -> None:
        super().__init__()
        self._request = request
        self._tables = STRUCTURED_EVENTS if request.structured else EVENTS
        self._blocks: dict[int, str] = {}  # of what type each is
        self._begun = False
        self._altered: set[int] = set()  # blocks of thoughts that were changed

    # ---------------------------------------------------------------------------------------------- reading

    def table(self, top: Top) -> Field:
        """By type."""
        return self._tables[_type(top)]

    def name(self, top: Top) -> str | None:
        """Its type: the SDKs pass over events without a name."""
        return _type(top)

    def is_last(self, top: Top) -> bool:
        """`message_stop`."""
        return _type(top) == "message_stop"

    def is_idle(self, top: Top) -> bool:
        """`ping`."""
        return _type(top) == "ping"

    def skips(self, top: Top) -> bool:
        """Events of types that may come to be: clients have to do without."""
        return _type(top) not in self._tables

    def failure(self, top: Top) -> Own | None:
        """`error`."""
        return ("error", replies.provider_error(None, top)) if _type(top) == "error" else None

    def begin(self, top: Top) -> None:
        """Notes what begins. Raises UpstreamBroken for what comes out of its order."""
        kind = _type(top)
        if (kind == "message_start") is self._begun and kind != "ping":
            raise UpstreamBroken("the answer does not begin where it should", code="unexpected_event")
        if kind == "message_start":
            self._begun = True
            self.keeps += kept(top["message"])
        elif kind == "content_block_start":
            self._begin_block(_index(top), top["content_block"])
        elif kind in _OF_A_BLOCK:
            self._check_block(top)
        elif kind == "message_delta":
            self.keeps += kept(top.get("delta"))

    def _begin_block(self, index: int, block: JsonValue) -> None:
        assert isinstance(block, dict)  # the table insists on it
        kind = str(block["type"])
        if index in self._blocks:
            raise UpstreamBroken("a block begins twice", code="unexpected_event")
        self._blocks[index] = kind
        self._begins(index)
        if kind == "tool_use":
            self.texts.name_tool(_block(index), str(block.get("name") or "?"))
        self.keeps += kept_files(block)

    def _check_block(self, top: Top) -> None:
        kind = self._blocks.get(_index(top))
        delta = top.get("delta")
        allowed = _DELTAS.get(str(delta.get("type")), ()) if isinstance(delta, dict) else (kind,)
        if kind is None or kind not in allowed:
            raise UpstreamBroken("a piece of a block of another type", code="unexpected_event")

    def cited(self, number: int) -> Rewritten:
        """The text of the request's document of this number."""
        return self._request.cited(number)

    def lane(self, top: Top) -> str | None:
        """The block. Blocks begin in their order: clients put them behind each other as they come."""
        return _block(_index(top)) if _type(top) in _OF_A_BLOCK else None

    def delta(self, spot: Spot, piece: Piece, text: str) -> Delta:
        """By block, and by member."""
        return self._block_delta(_block(self._index_of(spot)), spot, piece, text)

    def _index_of(self, spot: Spot) -> int:
        top = spot.document.value()
        assert isinstance(top, dict)
        return _index(top)

    def closes(self, top: Top, deltas: Sequence[Delta]) -> tuple[str, ...]:
        """The texts of a block that stops."""
        if _type(top) != "content_block_stop":
            return ()
        block = _block(_index(top))
        self.forgotten.add(block)
        return self.texts.close(block)

    def is_silent(self, top: Top) -> bool:
        """Pieces of texts."""
        delta = top.get("delta")
        return _type(top) == "content_block_delta" and isinstance(delta, dict) and delta.get("type") in _WORDS

    # ---------------------------------------------------------------------------------------------- writing

    def altered(self, segment: str) -> None:
        """Thoughts are no longer what their signature says."""
        block, _, text = segment.rpartition("/")
        if text == "thinking":
            self._altered.add(int(block.rpartition("/")[2]))

    @property
    def adjusting(self) -> bool:
        """Until the first event has left, behind a block of ours, and until an altered block stops."""
        return not self._left or bool(self._own or self._altered)

    def adjust(self, document: JsonDocument, top: Top) -> None:
        """Count the blocks of ours, and take a signature from what it doesn't cover any more."""
        kind = _type(top)
        self._left = self._left or kind == "message_start"
        if kind in _OF_A_BLOCK or kind == "content_block_start":
            index = _index(top)
            if index in self._altered:
                self._unsign(document, top, index)
            if (shifted := self._shifted(index)) != index:
                document.replace_raw("/index", str(shifted).encode())

    def _unsign(self, document: JsonDocument, top: Top, index: int) -> None:
        delta = top.get("delta")
        if isinstance(delta, dict) and delta.get("type") == "signature_delta":
            document.replace("/delta/signature", "")
        elif _type(top) == "content_block_stop":
            self._altered.discard(index)

    def insert(self, like: Frame, segment: str, text: str) -> Iterable[Own]:
        """More words of the text; a block of ours before it if it has not begun. Raises KeyError for other texts."""
        _, index, member = segment.split("/", 2)
        if member != "text":
            raise KeyError(segment)
        if like.lane is None:
            return self._say_before(int(index), text)
        return (replies.text_delta(self._shifted(int(index)), text),)

    def _say_before(self, index: int, text: str) -> Iterable[Own]:
        block = replies.text_block(self._shifted(index), text)
        self._own.append(index)
        return block

    def say(self, text: str) -> Iterable[Own]:
        """A block of ours before all others. Asked at the beginning of the answer, or if it has none."""
        start = () if self._left else (replies.message_start(self._request.model),)
        self._left = True
        return (*start, *self._say_before(0, text))

    def close(self, text: str, choice: int) -> Iterable[Own]:
        """A block of ours behind all others."""
        return self._say_before(self._next, text)

    def note(self, notes: Mapping[str, object]) -> Iterable[Own]:
        """An event `guardrail`."""
        return (replies.notes(notes),)

    def error(self, error: GuardrailError) -> Own:
        """The terminal error event."""
        return "error", replies.own_error(error)


def _type(top: Top) -> str:
    kind = top.get("type")
    return kind if isinstance(kind, str) else ""


def _block(index: int) -> str:
    return f"content/{index}"


def _index(top: Top) -> int:
    value = top.get("index")
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        refuse_answer("invalid_type", "/index")
    return value
