"""What the events of a Responses stream mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from guardrail.dialects.codec import Grammar, Own, Top
from guardrail.dialects.document import dump, refuse_answer
from guardrail.dialects.openai.responses import replies
from guardrail.dialects.openai.responses.answer import COUNTS, is_told, kept, treat_echo
from guardrail.dialects.openai.responses.fields import EVENTS, STRUCTURED_EVENTS
from guardrail.dialects.openai.responses.request import ResponsesRequest
from guardrail.dialects.settings import Logprobs, Settings
from guardrail.dialects.table import Field, Mirror, Piece
from guardrail.dialects.template import PADDING, SECONDS, Hole
from guardrail.dialects.walk import Spot
from guardrail.errors import GuardrailError
from guardrail.events import Delta, Frame
from guardrail.text import Role, Segment
from guardrail.wire.jsondoc import JsonDocument, JsonValue

_NUMBERED = {"summary": "summary_index", "command": "command_index", "stdout": "command_index"}
_NUMBERED |= {"stderr": "command_index", "text": "content_index", "refusal": "content_index"}
_NUMBERED |= {"reasoning": "content_index"}
"""Texts of which an item may have several, and by what they are told apart."""

_ENDS = frozenset({"response.completed", "response.incomplete", "response.failed"})
_SPOKEN = {"text": "response.output_text.delta", "refusal": "response.refusal.delta"}
_LANE = "output"
_CALLS = frozenset({"function_call", "custom_tool_call"})


class ResponsesGrammar(Grammar):
    """One streamed answer.

    All words come three times more: when a text is done, when its part and its item are, and when the answer is.
    Events are numbered and come one item after another, so they share one lane.
    """

    noted_at = ("", "/response")
    reasons = ("/response/incomplete_details/reason",)
    counts = COUNTS
    holes: Mapping[str, Hole] = {"/sequence_number": SECONDS, "/obfuscation": PADDING}
    repeats = True
    max_strings = 10_000  # `response` tells the tools again

    def __init__(self, request: ResponsesRequest, settings: Settings) -> None:
        super().__init__()
        self._request = request
        self._events = STRUCTURED_EVENTS if request.structured else EVENTS
        self._settings = settings
        self._top: Top = {}  # the event that is being read
        self._number = 0
        self._places: dict[str, int] = {}  # of each item by its id
        self._first: str | None = None  # the text that opens the answer
        self._where: dict[str, Mapping[str, object]] = {}  # of each text, what its events say of it
        self._own: tuple[str, str] | None = None  # the id of our item and what it says
        self._closing: tuple[str, str] | None = None  # the same of an item behind all others
        self._items = 0

    # ---------------------------------------------------------------------------------------------- reading

    def table(self, top: Top) -> Field:
        """By type."""
        return self._events[_type(top)]

    def name(self, top: Top) -> str | None:
        """Its type."""
        return _type(top)

    def skips(self, top: Top) -> bool:
        """Events of types that may come to be, and keep-alive events: clients have to do without."""
        return _type(top) not in self._events

    def is_last(self, top: Top) -> bool:
        """`response.completed` and the like."""
        return _type(top) in _ENDS

    def failure(self, top: Top) -> Own | None:
        """`error`, flat or nested, with a type or without."""
        told = top.get("error")
        if told is None and _type(top) != "error":
            return None
        return replies.provider_failure(self._number, top if told is None else told)

    def begin(self, top: Top) -> None:
        """Notes where items stand, which tools they call, and what is kept."""
        self._top = top
        number = top.get("sequence_number")
        self._number = number if isinstance(number, int) else self._number
        item = top.get("item")
        if isinstance(item, dict):
            self._begin_item(item)
        if self._settings.keep_at_provider and "response" in top:
            self.keeps += (each for each in kept(top["response"]) if each not in self.keeps)

    def _begin_item(self, item: dict[str, JsonValue]) -> None:
        at = _index(self._top, "output_index")
        self._items = max(self._items, at + 1)
        self._places[str(item.get("id"))] = at
        if item.get("type") in _CALLS:
            self.texts.name_tool(_item(at), str(item.get("name") or "?"))

    def lane(self, top: Top) -> str | None:
        """One for all, but those that show the whole answer."""
        return None if "response" in top else _LANE

    def delta(self, spot: Spot, piece: Piece, text: str) -> Delta:
        """By item, by text, and by its number."""
        at = _index(self._top, "output_index")
        if not piece.name:
            name = f"{_item(at)}/+{_type(self._top)}{spot.pointer}"
        else:
            name = _text(at, piece.name, self._number_of(piece.name))
        self.texts.open(_item(at), name)
        tool, opens = "?", False
        if piece.name in _SPOKEN:
            tool, self._first = "", self._first or name
            opens = name == self._first
            self._where.setdefault(name, self._place())
        elif piece.name in ("arguments", "input"):
            tool = self.texts.tool(_item(at))
        elif piece.name in ("stdout", "stderr"):
            tool = ""
        return Delta(name, Role.ASSISTANT, text, piece.kind, piece.json, tool, opens)

    def _place(self) -> Mapping[str, object]:
        names = ("item_id", "output_index", "content_index", "sequence_number")
        return {name: self._top[name] for name in names if name in self._top}

    def _number_of(self, name: str) -> int | None:
        return _index(self._top, _NUMBERED[name]) if name in _NUMBERED else None

    def mirror(self, spot: Spot, mirror: Mirror) -> str:
        """The text whose item, part or end shows it once more."""
        return self._text_at(spot, mirror.name)

    def opening(self, shown: Sequence[str]) -> str:
        """The first text that was said; where the whole answer is shown without it, the first that is."""
        self._first = self._first or shown[0]
        return self._first if self._first in shown or "response" not in self._top else shown[0]

    def quoted(self, spot: Spot) -> Sequence[str]:
        """The text whose part the citation stands in, or is told of."""
        return (self._text_at(spot, "text"),)

    def _text_at(self, spot: Spot, name: str) -> str:
        steps = spot.pointer.split("/")[1:]
        if steps[0] == "response":  # response/output/2/content/0/text
            return _text(self._output_index(int(steps[2])), name, _number_in(steps[3:], name))
        at = _index(self._top, "output_index")
        if steps[0] == "item":
            return _text(at, name, _number_in(steps[1:], name))
        return _text(at, name, self._number_of(name))

    def _output_index(self, position: int) -> int:
        response = self._top["response"]
        output = response.get("output") if isinstance(response, dict) else None
        item = output[position] if isinstance(output, list) else None
        own = item.get("id") if isinstance(item, dict) else None
        return self._places.get(str(own), position)

    def is_clients(self, segment: Segment) -> bool:
        """Instructions, tools and the like, as the client sent them."""
        return is_told(segment, self._request)

    def closes(self, top: Top, deltas: Sequence[Delta]) -> tuple[str, ...]:
        """The texts of an item that is done."""
        if _type(top) != "response.output_item.done":
            return ()
        return self.texts.close(_item(_index(top, "output_index")))

    def is_silent(self, top: Top) -> bool:
        """Pieces of texts."""
        return _type(top).endswith(".delta")

    # ---------------------------------------------------------------------------------------------- writing

    @property
    def adjusting(self) -> bool:
        """After words of our own: they are an item."""
        return self._own is not None or self._closing is not None

    def adjust(self, document: JsonDocument, top: Top) -> None:
        """Behind an item of ours all come one later, and in the end ours are among them."""
        if self._own is not None and "output_index" in top:
            document.replace_raw("/output_index", dump(_index(top, "output_index") + 1))
        if self._own is not None and _type(top) in _ENDS:
            document.prepend("/response/output", dump(replies.message(*self._own)))
        if self._closing is not None and _type(top) in _ENDS:
            document.append("/response/output", dump(replies.message(*self._closing)))

    def treat_echo(self, document: JsonDocument, pointer: str, unchanged: bool) -> None:
        """Log probabilities stay where the policy lets them and no word was changed."""
        treat_echo(document, pointer, keep=unchanged and self._settings.logprobs is Logprobs.KEEP_UNCHANGED)

    def insert(self, like: Frame, segment: str, text: str) -> Iterable[Own]:
        """A piece of the text before its first one, under the same number."""
        place = dict(self._where[segment])
        if self._own is not None and isinstance(place.get("output_index"), int):
            place["output_index"] += 1  # type: ignore[operator]
        number = place.pop("sequence_number", self._number)
        name = _SPOKEN[segment.split("/")[2]]
        return (replies.delta(name, number if isinstance(number, int) else self._number, place, text),)

    def say(self, text: str) -> Iterable[Own]:
        """A message of our own before all items."""
        own = replies.own_id("msg")
        self._own = (own, text)
        return replies.message_events(own, 0, self._number, text)

    def is_said(self, delta: Delta) -> bool:
        """The text of a message, whichever it is."""
        return delta.segment.split("/")[2] in _SPOKEN

    def close(self, text: str, choice: int) -> Iterable[Own]:
        """A message of our own behind all items."""
        own = replies.own_id("msg")
        self._closing = (own, text)
        at = self._items + (self._own is not None)
        return replies.message_events(own, at, self._number, text)

    def note(self, notes: Mapping[str, object]) -> Iterable[Own]:
        """An event of our own: clients pass over types that they don't know."""
        return (replies.note(self._number, notes),)

    def error(self, error: GuardrailError) -> Own:
        """`error`."""
        return replies.error(self._number, error)


def _type(top: Top) -> str:
    return str(top.get("type", ""))


def _index(top: Top, name: str) -> int:
    value = top.get(name, 0)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        refuse_answer("invalid_type", f"/{name}")
    return value


def _item(at: int) -> str:
    return f"output/{at}"


def _text(at: int, name: str, number: int | None) -> str:
    return f"{_item(at)}/{name}" if number is None else f"{_item(at)}/{name}/{number}"


def _number_in(steps: Sequence[str], name: str) -> int | None:
    """Which of several: `content/1/text`, `action/commands/0`."""
    numbers = [step for step in steps if step.isdigit()]
    return int(numbers[0]) if name in _NUMBERED and numbers else None
