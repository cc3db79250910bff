"""What the frames of a stream mean, as the policy describes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from guardrail.dialects.codec import MAX_TEXTS, Grammar, Own, Top
from guardrail.dialects.document import NOTES, refuse_answer
from guardrail.dialects.generic import replies
from guardrail.dialects.generic.address import Address
from guardrail.dialects.generic.description import JSON, Description, StreamShape
from guardrail.dialects.generic.fields import ARGUMENTS, TEXT
from guardrail.dialects.table import Field, Piece
from guardrail.dialects.template import SECONDS, Hole
from guardrail.dialects.walk import Spot
from guardrail.errors import GuardrailError, UpstreamBroken
from guardrail.events import Delta, Frame, Stop
from guardrail.text import Role
from guardrail.wire.jsondoc import JsonValue, step

LANE = "stream"
MAX_TURNS = 16
"""How often thoughts may end before words that are shown; further ones end with the stream."""
MAX_FORMS = 64
"""Forms of frames that are remembered."""


class GenericGrammar(Grammar):
    """One streamed answer. Frames keep their order."""

    def __init__(self, described: Description, shape: StreamShape, table: Field, model: str) -> None:
        super().__init__()
        self.holes: Mapping[str, Hole] = {}
        self.reasons = (shape.finish.place,) if shape.finish else ()
        self.counts = shape.counts
        self._described, self._shape, self._table, self._model = described, shape, table, model
        self._at = shape.frame.pointer("text")
        self._key = 0  # of the frame that is being read
        self._pointers: list[str] = []  # of the running words in it
        self._open: dict[str, int] = {}  # texts that are open, and the key of each
        self._said: dict[str, int] = {}  # ... those that are shown as the answer
        self._thoughts: set[str] = set()  # ... those that are not
        self._turns: dict[int, int] = {}  # how often the thoughts of a key have ended
        self._calls: dict[str, int] = {}  # how many calls of tools began at a place
        self._ended: list[str] = []  # texts that ended before this frame's words
        self._forms: set[str] = set()
        self._count = 0
        own = shape.key.first(shape.frame.fill()) if shape.key else 0
        self._own_key = own if isinstance(own, int) else 0

    # ---------------------------------------------------------------------------------------------- reading

    def table(self, top: Top) -> Field:
        """One for all frames."""
        return self._table

    def name(self, top: Top) -> str | None:
        """What the frame itself calls it, if the policy lists that."""
        return replies.event_name(self._shape, top)

    def is_end(self, data: bytes) -> bool:
        """The policy's word for it."""
        return bool(self._shape.end_data) and data.strip() == self._shape.end_data.encode()

    def end(self) -> bytes | None:
        """The policy's word for it."""
        return replies.end_of(self._shape)

    def is_last(self, top: Top) -> bool:
        """Unless another end has to come."""
        return not self._shape.end_data and self._is_done(top)

    def _is_done(self, top: Top) -> bool:
        return self._shape.end_when is not None and self._shape.end_when.holds(top)

    def finished(self) -> bool:
        """Where the policy says that the connection's end is the stream's, and behind an array's bracket."""
        return self._shape.end_eof or self._shape.framing == JSON

    def failure(self, top: Top) -> Own | None:
        """What the policy calls one."""
        if self._shape.error is None or not self._shape.error.first(top):
            return None
        body = replies.provider_error(self._described.error, None, top)
        return replies.event_name(self._shape, dict(body)), body

    def begin(self, top: Top) -> None:
        """Notes whose frame this is, the tools that are called in it, and the numbers that only count."""
        self._pointers, self._ended = [], []
        self._key = _number(self._shape.key, top)
        self.holes = {pointer: SECONDS for pointer in _counts(top) if not self._decides(pointer)}
        for pointer, call in self._calls_in(top):
            if call:
                self._begin_call(pointer, call)

    def _decides(self, pointer: str) -> bool:
        """True for a number that says what the frame means."""
        shape = self._shape
        conditions = list(shape.end_when.values) if shape.end_when else []
        known = [*conditions, *(each for each in (shape.key, shape.error, shape.event) if each)]
        return any(each.steps[0] == pointer.split("/")[1] for each in known)

    def _calls_in(self, top: Top) -> Iterator[tuple[str, str]]:
        """The place of each call in this frame, and the tool that it names."""
        calls = self._shape.calls
        if calls is not None:
            for pointer, value in _placed(top, calls.at.steps, ""):
                name = value.get(calls.name) if isinstance(value, dict) else None
                yield pointer, name if isinstance(name, str) else ""

    def _begin_call(self, pointer: str, tool: str) -> None:
        before = self._call(pointer)
        self._calls[f"{self._key}{pointer}"] = self._calls.get(f"{self._key}{pointer}", 0) + 1
        self.texts.name_tool(self._call(pointer), tool)
        self._ended += [name for name in self._open if name.startswith(f"{before}/{ARGUMENTS}")]

    def _call(self, pointer: str) -> str:
        return f"{self._key}/call{pointer}#{self._calls.get(f'{self._key}{pointer}', 0)}"

    def lane(self, top: Top) -> str | None:
        """One for all."""
        return LANE

    def delta(self, spot: Spot, piece: Piece, text: str) -> Delta:
        """By key and by place."""
        tool = ""
        if piece.name == ARGUMENTS:
            call = self._call(spot.pointer.rpartition("/")[0])
            name, tool = f"{call}/{ARGUMENTS}", self.texts.tool(call)
        else:
            name = f"{self._key}/{piece.name or '+'}{spot.pointer}"
            tool = "" if piece.name else "?"  # nobody knows who reads it
        thread = "" if piece.opens else name
        if thread:
            name = self._thought(name)
        elif piece.name == TEXT:
            self._said[name] = self._key
        self._note(name)
        self._pointers.append(spot.pointer)
        opens = piece.opens and spot.pointer == self._at
        return Delta(name, Role.ASSISTANT, text, piece.kind, piece.json, tool, opens, thread)

    def _thought(self, name: str) -> str:
        """The name of a thought: a new one if those before it have ended."""
        name = f"{name}#{self._turns.get(self._key, 0)}"
        if name not in self._thoughts:
            self._thoughts.add(name)
            self.forgotten.add(LANE)  # the next words that are shown must be read in full, so that they end the thought
        return name

    def _note(self, name: str) -> None:
        if name not in self._open:
            self._open[name] = self._key
            self._count += 1
            if self._count > MAX_TEXTS:
                raise UpstreamBroken(f"more than {MAX_TEXTS} texts in one stream", code="too_many_texts")

    def closes(self, top: Top, deltas: Sequence[Delta]) -> tuple[str, ...]:
        """All with the last words; thoughts as soon as words of the answer follow, arguments with the next call."""
        if self._is_done(top):
            ended, self._open = list(self._open), {}
            self.forgotten.add(LANE)
            return tuple(ended)
        ended = [*self._ended, *self._ended_thoughts({delta.segment for delta in deltas})]
        for name in ended:
            self._open.pop(name, None)
        if ended:
            self.forgotten.add(LANE)
        return tuple(ended)

    def _ended_thoughts(self, spoken: set[str]) -> list[str]:
        if not any(name in self._said for name in spoken) or self._turns.get(self._key, 0) >= MAX_TURNS:
            return []
        ours = [name for name, key in self._open.items() if key == self._key and name in self._thoughts]
        if not ours or not spoken.isdisjoint(ours):
            return []
        self._turns[self._key] = self._turns.get(self._key, 0) + 1
        return ours

    def stops(self, top: Top) -> tuple[Stop, ...]:
        """Why the answer of this key ends."""
        return tuple(Stop(stop.kind, self._key) for stop in super().stops(top))

    def is_silent(self, top: Top) -> bool:
        """True if a frame that was the same but for its words and counts has left before."""
        form = repr(_form(top, "", frozenset((*self._pointers, *self.holes))))
        known = form in self._forms
        if not known and len(self._forms) < MAX_FORMS:
            self._forms.add(form)
        return known and bool(self._pointers) and not self._is_done(top)

    # ---------------------------------------------------------------------------------------------- writing

    def insert(self, like: Frame, segment: str, text: str) -> Iterable[Own]:
        """A frame of ours for the answer of that key. Raises KeyError for a text that can't be added to."""
        return (self._frame(text, self._said[segment]),)

    def say(self, text: str) -> Iterable[Own]:
        """A frame of ours."""
        return (self._frame(text, self._own_key),)

    def is_first(self, segment: str) -> bool:
        """The text that `say` adds to."""
        return segment == f"{self._own_key}/{TEXT}{self._at}"

    def is_said(self, delta: Delta) -> bool:
        """The running words."""
        return delta.segment in self._said

    def close(self, text: str, choice: int) -> Iterable[Own]:
        """A frame of ours for the answer of that key."""
        return (self._frame(text, choice or self._own_key),)

    def note(self, notes: Mapping[str, object]) -> Iterable[Own]:
        """A frame of ours without words."""
        name, body = self._frame("", self._own_key)
        return ((name, {**body, NOTES: notes}),)

    def error(self, error: GuardrailError) -> Own:
        """The terminal error event."""
        body = replies.error_object(self._described.error, error)
        return replies.event_name(self._shape, dict(body)), body

    def _frame(self, text: str, key: int) -> Own:
        body = self._shape.frame.fill(text=text, model=self._model)
        if self._shape.key is not None:
            _put(body, self._shape.key.steps, key)
        return replies.event_name(self._shape, body), body


def _number(address: Address | None, top: Top) -> int:
    """What tells parallel answers apart: a number, 0 where none is told."""
    value = address.first(top) if address else None
    if value is None:
        return 0
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        refuse_answer("invalid_type", "")
    return value


def _counts(top: Top) -> Iterator[str]:
    """The pointers of whole numbers, two levels deep: they differ from frame to frame and nobody inspects them."""
    for key, value in top.items():
        yield from _count(step(key), value)
        if isinstance(value, dict):
            for inner, below in value.items():
                yield from _count(step(key) + step(inner), below)


def _count(pointer: str, value: JsonValue) -> Iterator[str]:
    if isinstance(value, int) and not isinstance(value, bool):
        yield pointer


def _placed(value: JsonValue, steps: Sequence[str], at: str) -> Iterator[tuple[str, JsonValue]]:
    """Everything at an address, with its pointer."""
    if not steps:
        yield at, value
        return
    below: Iterable[tuple[str | int, JsonValue]] = ()
    if steps[0] == "[*]" and isinstance(value, list):
        below = enumerate(value)
    elif isinstance(value, dict):
        below = value.items() if steps[0] == "*" else [(steps[0], value[steps[0]])] if steps[0] in value else ()
    for key, each in below:
        yield from _placed(each, steps[1:], at + step(key))


def _form(value: JsonValue, at: str, holes: frozenset[str]) -> object:
    """The value without what stands in the holes."""
    if at in holes:
        return ...
    if isinstance(value, dict):
        return [(key, _form(below, at + step(key), holes)) for key, below in value.items()]
    if isinstance(value, list):
        return [_form(below, f"{at}/{number}", holes) for number, below in enumerate(value)]
    return value


def _put(body: dict[str, JsonValue], steps: Sequence[str], value: int) -> None:
    *way, last = steps
    for name in way:
        below = body.get(name)
        assert isinstance(below, dict)  # the policy's frame has a number here
        body = below
    body[last] = value
