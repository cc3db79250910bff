"""What the events of a chat stream of Cohere's mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from guardrail.dialects.codec import Own, Top
from guardrail.dialects.cohere import replies
from guardrail.dialects.cohere.answer import COUNTS, cites
from guardrail.dialects.cohere.fields import EVENTS, STRUCTURED_EVENTS
from guardrail.dialects.document import refuse_answer
from guardrail.dialects.numbered import NumberedGrammar
from guardrail.dialects.table import Field, Piece
from guardrail.dialects.walk import Spot
from guardrail.errors import GuardrailError, UpstreamBroken
from guardrail.events import Delta, Frame
from guardrail.text import Role
from guardrail.wire.jsondoc import JsonDocument

_CONTENT = frozenset({"content-start", "content-delta", "content-end"})
_RUNNING = frozenset({"content-delta", "tool-plan-delta", "tool-call-delta"})
_PLAN = "plan"
_BROKEN_OFF = "The provider broke off with an error."


class ChatGrammar(NumberedGrammar):
    """One streamed answer. Content blocks of ours shift those of the provider; `content_index` of citations too."""

    reasons = ("/delta/finish_reason",)
    counts = COUNTS

    def __init__(self, *, structured: bool) -> None:
        super().__init__()
        self._events: Mapping[str, Field] = STRUCTURED_EVENTS if structured else EVENTS
        self._cited: dict[int, str] = {}  # the lane of each citation
        self._plans = False  # a plan has begun, and not ended

    # ---------------------------------------------------------------------------------------------- reading

    def table(self, top: Top) -> Field:
        """By the type of the event."""
        table = self._events.get(_type(top))
        if table is None:
            raise UpstreamBroken("an event without a type", code="unexpected_event")
        return table

    def name(self, top: Top) -> str | None:
        """The type."""
        return _type(top)

    def is_last(self, top: Top) -> bool:
        """`message-end`; a `[DONE]` behind it says nothing more."""
        return _type(top) == "message-end"

    def skips(self, top: Top) -> bool:
        """Events of types that nobody knows."""
        return bool(_type(top)) and _type(top) not in self._events

    def failure(self, top: Top) -> Own | None:
        """A message that ends with an error, and an error in the place of an event."""
        kind, delta = _type(top), top.get("delta")
        ends = kind == "message-end" and isinstance(delta, dict)
        if ends and isinstance(delta, dict) and (delta.get("error") or delta.get("finish_reason") == "ERROR"):
            return replies.failed(_BROKEN_OFF)
        if kind == "error" or (not kind and ("message" in top or "error" in top)):
            return replies.failed(_BROKEN_OFF)
        return None

    def begin(self, top: Top) -> None:
        """Notes which tools are called, and how many blocks there are."""
        if _type(top) == "content-start":
            self._begins(_index(top))
        if _type(top) == "tool-call-start":
            function = _below(top, "delta", "message", "tool_calls", "function")
            self.texts.name_tool(_call(_index(top)), str(function.get("name") or "?"))

    def lane(self, top: Top) -> str | None:
        """The block; citations go with the block that they cite. Whatever begins waits for what has begun before."""
        kind = _type(top)
        if kind in ("content-delta", "content-end"):
            return _block(_index(top))
        if kind in ("tool-call-delta", "tool-call-end"):
            return _call(_index(top))
        if kind == "tool-plan-delta":
            return _PLAN
        return self._cites(top) if kind in ("citation-start", "citation-end") else None

    def _cites(self, top: Top) -> str:
        number = _index(top)
        if _type(top) == "citation-end":
            return self._cited.get(number, _block(0))
        citation = _below(top, "delta", "message", "citations")
        of = citation.get("content_index")
        lane = _PLAN if citation.get("type") == "PLAN" else _block(of if type(of) is int and of >= 0 else 0)
        self._cited[number] = lane
        return lane

    def delta(self, spot: Spot, piece: Piece, text: str) -> Delta:
        """By block, by call, and by member."""
        top = spot.document.value()
        assert isinstance(top, dict)  # the codec insists on it
        if piece.name == "plan":
            owner, tool, self._plans = _PLAN, "", True
        elif piece.name == "arguments":
            owner = _call(_index(top))
            tool = self.texts.tool(owner)
        else:
            owner, tool = _block(_index(top)), "" if piece.name else "?"
        name = f"{owner}/{piece.name or '+' + spot.pointer}"
        self.texts.open(owner, name)
        if piece.name == "text" and self._first is None:
            self._first = name
        return Delta(name, Role.ASSISTANT, text, piece.kind, piece.json, tool, piece.opens and name == self._first)

    def quoted(self, spot: Spot) -> Sequence[str]:
        """The plan, or the text of the block that it names."""
        plan, part, member = cites(spot)
        return (f"{_PLAN}/plan" if plan else f"{_block(part)}/{member}",)

    def closes(self, top: Top, deltas: Sequence[Delta]) -> tuple[str, ...]:
        """The texts of a block or a call that ends; the plan, when something else begins."""
        kind = _type(top)
        if kind == "message-end":
            return self.texts.close_all()
        if kind == "content-end":
            return self._close(_block(_index(top)))
        if kind == "tool-call-end":
            return self._close(_call(_index(top)))
        if self._plans and kind in ("tool-call-start", "content-start"):
            self._plans = False
            return self._close(_PLAN)
        return ()

    def _close(self, owner: str) -> tuple[str, ...]:
        self.forgotten.add(owner)
        return self.texts.close(owner)

    def is_silent(self, top: Top) -> bool:
        """Pieces of texts."""
        return _type(top) in _RUNNING

    # ---------------------------------------------------------------------------------------------- writing

    @property
    def adjusting(self) -> bool:
        """Until the first event has left, and behind a block of ours."""
        return not self._left or bool(self._own)

    def adjust(self, document: JsonDocument, top: Top) -> None:
        """Count the blocks of ours."""
        self._left = True
        if _type(top) in _CONTENT:
            self._shift(document, top, "/index")
        elif _type(top) == "citation-start":
            self._shift(
                document, _below(top, "delta", "message", "citations"), "/delta/message/citations/content_index"
            )

    def _shift(self, document: JsonDocument, holder: Top, pointer: str) -> None:
        before = holder.get(pointer.rpartition("/")[2])
        if type(before) is int and (shifted := self._shifted(before)) != before:
            document.replace_raw(pointer, str(shifted).encode())

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
        start = () if self._left else (replies.message_start(),)
        self._left = True
        return (*start, *self._say_before(0, text))

    def close(self, text: str, choice: int) -> Iterable[Own]:
        """A block of ours behind all others."""
        return self._say_before(self._next, text)

    def note(self, notes: Mapping[str, object]) -> Iterable[Own]:
        """A `debug` event."""
        return (replies.notes(notes),)

    def error(self, error: GuardrailError) -> Own:
        """The terminal error."""
        return replies.failed(error.message, code=error.code, param=error.param)


def _type(top: Top) -> str:
    kind = top.get("type")
    return kind if isinstance(kind, str) else ""


def _block(index: int) -> str:
    return f"content/{index}"


def _call(index: int) -> str:
    return f"call/{index}"


def _index(top: Top) -> int:
    """Of the block, the call or the citation; the first if nobody says."""
    value = top.get("index", 0)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        refuse_answer("invalid_type", "/index")
    return value


def _below(top: Top, *names: str) -> Top:
    here = top
    for name in names:
        value = here.get(name)
        here = value if isinstance(value, dict) else {}
    return here
