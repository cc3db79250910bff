"""The stream codec: server-sent events to frames, and back.

The bytes of a frame stay as they came but for its texts. Comments, ids and event names are not passed on: nobody can
inspect them, and no client of this API reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from guardrail.dialects.openai import replies
from guardrail.dialects.openai.answer import Logprobs, read_json, refuse, treat_echo
from guardrail.dialects.openai.fields import FIELD_NAMES, FRAME, STRUCTURED_FRAME
from guardrail.dialects.openai.template import Template, learn
from guardrail.dialects.table import Field, Piece
from guardrail.dialects.walk import Spot, Walk
from guardrail.errors import ClientError, GuardrailError, UpstreamBroken
from guardrail.events import Delta, Frame
from guardrail.text import Role
from guardrail.wire.jsondoc import MAX_DEPTH, JsonDocument, JsonValue
from guardrail.wire.sse import SseEvent, SseReader, make_event

MAX_TEXTS = 256
"""Texts (choices, refusals, tool calls...) of one stream; an upstream that opens more is broken."""
MAX_TURNS = 16
"""How often the thoughts of one choice may end before words that are shown; further ones end with the choice."""
MAX_TEMPLATES = 8
MAX_STRINGS = 1_000

KEEPALIVE = b": keep-alive\n\n"
_ABOUT = ("id", "object", "created", "model")
_INSERTABLE = frozenset({"content", "refusal", "reasoning_content", "reasoning"})


@dataclass(frozen=True, slots=True)
class _Learned:
    """A frame that a template read."""

    raw: bytes
    template: Template
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A frame that was read in full. `only_text`: without its words there is nothing to say in it."""

    raw: bytes
    document: JsonDocument
    pointers: tuple[str, ...]
    wholes: tuple[Spot | None, ...]
    echoes: tuple[str, ...]
    only_text: bool


@dataclass(frozen=True, slots=True)
class _Failure:
    """What the provider told about its failure, without its words."""

    body: bytes


class ChatStream:
    """One streamed answer. Raises UpstreamBroken for what it can't read; after that it is not to be used."""

    def __init__(
        self, model: str, *, structured: bool, logprobs: Logprobs, max_event: int, max_depth: int = MAX_DEPTH
    ) -> None:
        self._reader = SseReader(max_event)
        self._max_depth = max_depth
        self._table: Field = STRUCTURED_FRAME if structured else FRAME
        self._keep_logprobs = logprobs is Logprobs.KEEP_UNCHANGED
        self._envelope = replies.own_envelope(model)
        self._templates: list[Template] = []
        self._texts: dict[int, list[str]] = {}  # of each choice, those still open
        self._finished: set[int] = set()
        self._unreliable: set[int] = set()  # choices whose finish reason doesn't mean the end
        self._began: set[int] = set()
        self._tools: dict[str, str] = {}  # by the name of a call, the tool it calls
        self._turns: dict[int, int] = {}  # of each choice, how often its thoughts have ended
        self._thoughts: dict[int, set[str]] = {}  # of each choice, those open that are not shown as the answer
        self._count = 0
        self._over = False

    # ---------------------------------------------------------------------------------------------- reading

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that are complete now."""
        return self._frames(self._reader.feed(data))

    def flush(self) -> list[Frame]:
        """The upstream has ended: a last event that lacks only its blank line is still a frame."""
        return self._frames(self._reader.flush())

    def _frames(self, events: Iterable[SseEvent]) -> list[Frame]:
        frames = []
        for event in events:
            if self._over or (not event.complete and not _is_whole(event.data)):
                break
            frames.append(self._frame(event))
        return frames

    def _frame(self, event: SseEvent) -> Frame:
        if event.keepalive or not event.data.strip():
            return Frame(keepalive=True)
        text = event.data.decode()
        for template in self._templates:
            read = template.read(text)
            if read is not None:
                delta = (_with_text(template.delta, read[0]),) if read[0] else ()
                return Frame(template.lane, delta, payload=_Learned(_raw(event), template, read[1]))
        if event.data.strip() == b"[DONE]":
            self._over = True
            return Frame(last=True)
        return self._parse(event)

    def _parse(self, event: SseEvent) -> Frame:
        document = read_json(event.data, self._max_depth)
        top = document.value()
        assert isinstance(top, dict)  # read_json insists on it
        if top.get("error") is not None:
            self._over = True
            return Frame(failed=True, payload=_Failure(replies.provider_error(None, top["error"])))
        walk = self._walk(document)
        self._envelope = {key: top[key] for key in _ABOUT if key in top} or self._envelope
        choices = [_Choice(value, at) for at, value in enumerate(_items(top.get("choices")))]
        self._name_tools(choices)
        pieces = [(spot.pointer, self._delta(choices, spot, piece, text)) for spot, piece, text in walk.pieces if text]
        frame = Frame(
            lane=choices[0].name if len(choices) == 1 else None,
            deltas=tuple(delta for _, delta in pieces),
            wholes=tuple(walk.segments),
            closes=self._closes(choices, [delta for _, delta in pieces]),
        )
        only_text = self._only_text(top, choices) and not frame.wholes
        parsed = _parsed(_raw(event), document, walk, tuple(at for at, _ in pieces), only_text)
        self._learn(frame, parsed)
        return replace(frame, payload=parsed)

    def _walk(self, document: JsonDocument) -> Walk:
        walk = Walk(refuse, max_segments=MAX_STRINGS, numbers=False, field_names=FIELD_NAMES)
        try:
            walk.visit(document.value(), self._table, Spot(document, "", "", Role.ASSISTANT))
        except ClientError as error:
            raise UpstreamBroken(f"the provider's answer can't be read: {error.code}", code=error.code) from None
        return walk

    def _delta(self, choices: Sequence[_Choice], spot: Spot, piece: Piece, text: str) -> Delta:
        steps = spot.address.split("/")  # "", "choices", n, "delta", ...
        choice = choices[int(steps[2])]
        strange = not piece.name
        of = choice.call_name(int(steps[5])) if steps[4] == "tool_calls" and not strange else choice.name
        name = f"{of}/{piece.name}" if not strange else f"{of}/+{choice.place(spot.pointer)}"
        owner = name.rpartition("/")[0]
        if not piece.opens:
            name = self._thought(choice, name)
        self._open(choice, name)
        tool = "?" if strange else "" if owner == choice.name else self._tools.get(owner, "?")
        return Delta(name, Role.ASSISTANT, text, piece.kind, piece.json, tool, piece.opens)

    def _name_tools(self, choices: Sequence[_Choice]) -> None:
        """Only a call's first frame has the name of its tool. One that changes it later is not to be trusted."""
        for call, tool in (named for choice in choices for named in choice.named_calls()):
            if self._tools.setdefault(call, tool) != tool:
                raise UpstreamBroken("a tool call changes its name", code="tool_renamed")
        if len(self._tools) > MAX_TEXTS:
            raise UpstreamBroken(f"more than {MAX_TEXTS} tool calls in one stream", code="too_many_texts")

    def _open(self, choice: _Choice, name: str) -> None:
        if choice.index in self._finished:
            raise UpstreamBroken("words after the end of a choice", code="text_after_finish")
        texts = self._texts.setdefault(choice.index, [])
        if name not in texts:
            texts.append(name)
            self._count += 1
            if self._count > MAX_TEXTS:
                raise UpstreamBroken(f"more than {MAX_TEXTS} texts in one stream", code="too_many_texts")

    def _thought(self, choice: _Choice, name: str) -> str:
        """The name of a thought: a new one if those before it have ended."""
        turn = self._turns.get(choice.index, 0)
        name = f"{name}#{turn}" if turn else name
        thoughts = self._thoughts.setdefault(choice.index, set())
        if name not in thoughts:
            thoughts.add(name)
            self._forget(choice)  # the next words that are shown must be read in full, so that they end the thought
        return name

    def _ended_thoughts(self, choices: Sequence[_Choice], spoken: Set[str]) -> Iterator[str]:
        """The thoughts before words that are shown: they'd hold up these until the choice ends."""
        for choice in choices:
            texts = self._texts.get(choice.index, [])
            thoughts = self._thoughts.get(choice.index, set())
            if not thoughts or not thoughts.isdisjoint(spoken) or spoken.isdisjoint(texts):
                continue
            turn = self._turns.get(choice.index, 0) + 1
            if turn <= MAX_TURNS:
                yield from (name for name in texts if name in thoughts)
                self._texts[choice.index] = [name for name in texts if name not in thoughts]
                self._turns[choice.index] = turn
                self._thoughts[choice.index] = set()
                self._forget(choice)

    def _forget(self, choice: _Choice) -> None:
        self._templates = [template for template in self._templates if template.lane != choice.name]

    def _closes(self, choices: Sequence[_Choice], deltas: Sequence[Delta]) -> tuple[str, ...]:
        """The texts that end with this frame, which adds `deltas` to some.

        A finish reason that comes together with words says nothing of later words: some servers send one with every
        frame. Such a choice ends with the stream; its last words are held until then.
        """
        spoken = {delta.segment for delta in deltas}
        ends = [choice for choice in choices if choice.finish]
        self._unreliable |= {each.index for each in ends if not spoken.isdisjoint(self._texts.get(each.index, ()))}
        closed = [name for each in ends if each.index not in self._unreliable for name in self._close(each)]
        return (*closed, *self._ended_thoughts(choices, spoken))

    def _close(self, choice: _Choice) -> list[str]:
        if choice.index not in self._texts:
            return []  # nothing has begun, so words after this are no words after an end
        self._finished.add(choice.index)
        self._forget(choice)
        return self._texts.pop(choice.index)

    def _only_text(self, top: dict[str, JsonValue], choices: Sequence[_Choice]) -> bool:
        """True if nothing but words would be lost with this frame. Notes which choices have said their role."""
        silent = bool(choices) and top.get("usage") is None
        for choice in choices:
            if choice.delta.get("role") and choice.index not in self._began:
                self._began.add(choice.index)
                silent = False
            silent = silent and not choice.finish and not choice.begins_call
        return silent

    def _learn(self, frame: Frame, parsed: _Parsed) -> None:
        if len(frame.deltas) == 1 and parsed.only_text and not parsed.echoes and frame.lane is not None:
            template = learn(parsed.document, parsed.pointers[0], frame.deltas[0], frame.lane)
            self._templates = [template, *self._templates[: MAX_TEMPLATES - 1]]

    # ---------------------------------------------------------------------------------------------- writing

    def write(self, frame: Frame, deltas: Sequence[str], wholes: Sequence[str]) -> bytes:
        """The frame with its texts in place; b"" if nothing is left to say in it."""
        payload = frame.payload
        if isinstance(payload, _Learned):
            return _write_learned(payload, frame, deltas)
        if isinstance(payload, _Parsed):
            return self._write_parsed(payload, frame, deltas, wholes)
        if isinstance(payload, _Failure):
            return make_event(payload.body)
        return replies.DONE if frame.last else KEEPALIVE

    def _write_parsed(self, parsed: _Parsed, frame: Frame, deltas: Sequence[str], wholes: Sequence[str]) -> bytes:
        if parsed.only_text and frame.deltas and not any(deltas):
            return b""
        document = parsed.document
        for pointer, delta, text in zip(parsed.pointers, frame.deltas, deltas, strict=True):
            if text != delta.text:
                document.replace(pointer, text)
        for spot, segment, text in zip(parsed.wholes, frame.wholes, wholes, strict=True):
            if text != segment.text:
                _put(spot, text)
        unchanged = not document.changed
        for pointer in parsed.echoes:
            treat_echo(document, pointer, keep=self._keep_logprobs and unchanged)
        return make_event(document.to_bytes()) if document.changed else parsed.raw

    def insert(self, like: Frame, segment: str, text: str) -> bytes:
        """A frame of our own that adds `text` to `segment`. Raises KeyError for a text that can't be added to."""
        _, index, field = segment.split("/", 2)
        if field not in _INSERTABLE:
            raise KeyError(segment)
        return replies.chunk(self._envelope, int(index), {field: text})

    def say(self, text: str) -> bytes:
        """Added to the first choice's content."""
        return replies.chunk(self._envelope, 0, {"content": text})

    def is_first(self, segment: str) -> bool:
        """Choice 0."""
        return segment.startswith("choices/0/")

    def note(self, notes: Mapping[str, object]) -> bytes:
        """A frame without words, since a client may read the first choice of every frame."""
        return replies.chunk(self._envelope, 0, {}, notes=notes)

    def error(self, error: GuardrailError) -> bytes:
        """The terminal error event; no [DONE] follows."""
        return make_event(replies.own_error(error))


def _with_text(like: Delta, text: str) -> Delta:
    """`replace(like, text=text)`, a third of its cost: this runs for every token."""
    return Delta(like.segment, like.role, text, like.kind, like.json, like.tool, like.opens)


class _Choice:
    """One element of a frame's `choices`, whose shape the table has confirmed."""

    def __init__(self, value: JsonValue, position: int) -> None:
        choice = value if isinstance(value, dict) else {}
        self.index = _index(choice.get("index", position), f"/choices/{position}/index")
        self.name = f"choices/{self.index}"
        self.finish = choice.get("finish_reason")
        delta = choice.get("delta")
        self.delta = delta if isinstance(delta, dict) else {}
        self._calls = [call for call in _items(self.delta.get("tool_calls")) if isinstance(call, dict)]

    @property
    def begins_call(self) -> bool:
        """True if a call of a tool begins here: its id and name must not get lost."""
        return any(call.get("id") or call.get("type") for call in self._calls) or any(self.named_calls())

    def call_name(self, position: int) -> str:
        """The name of a tool call: by its own index, not its place in the frame."""
        address = f"/choices/*0/delta/tool_calls/{position}/index"
        return f"{self.name}/tool/{_index(self._calls[position].get('index', position), address)}"

    def place(self, pointer: str) -> str:
        """Where in the delta a text stands: by keys, and in lists by the element's own index, if it has one."""
        here: JsonValue = self.delta
        names = []
        for name in pointer.split("/")[4:]:
            if isinstance(here, list):
                here = here[int(name)]
                own = here.get("index") if isinstance(here, dict) else None
                name = str(own) if type(own) is int else name
            elif isinstance(here, dict):
                here = here[name.replace("~1", "/").replace("~0", "~")]
            names.append(name)
        return "/".join(names)

    def named_calls(self) -> Iterator[tuple[str, str]]:
        """The calls that say here which tool they call."""
        for position, call in enumerate(self._calls):
            for of in (call.get("function"), call.get("custom")):
                if isinstance(of, dict) and of.get("name"):
                    yield self.call_name(position), str(of["name"])
        function = self.delta.get("function_call")
        if isinstance(function, dict) and function.get("name"):
            yield f"{self.name}/function_call", str(function["name"])


def _index(value: JsonValue, address: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        refuse("invalid_type", address)
    return value


def _items(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _parsed(raw: bytes, document: JsonDocument, walk: Walk, pointers: tuple[str, ...], only_text: bool) -> _Parsed:
    return _Parsed(
        raw,
        document,
        pointers,
        wholes=tuple(walk.spots.get(segment.address) for segment in walk.segments),
        echoes=tuple(spot.pointer for spot in walk.echoes if document.value(spot.pointer) is not None),
        only_text=only_text,
    )


def _put(spot: Spot | None, text: str) -> None:
    if spot is None:
        raise KeyError("an object key can't be replaced")
    spot.document.replace(spot.pointer, text)


def _write_learned(payload: _Learned, frame: Frame, deltas: Sequence[str]) -> bytes:
    if not frame.deltas or deltas[0] == frame.deltas[0].text:
        return payload.raw
    if not deltas[0]:
        return b""
    return b"data: " + payload.template.write(payload.tokens, deltas[0]) + b"\n\n"


def _raw(event: SseEvent) -> bytes:
    """The event as it came, if it is one line of data and nothing else."""
    if event.complete and any(event.raw == begin + event.data + end for begin, end in _FRAMINGS):
        return event.raw
    return make_event(event.data)


_FRAMINGS = tuple((begin, end) for end in (b"\n\n", b"\r\n\r\n") for begin in (b"data: ", b"data:"))


def _is_whole(data: bytes) -> bool:
    """True if what a stream broke off in can be read all the same."""
    try:
        JsonDocument(data)
    except ClientError:
        return data.strip() == b"[DONE]"
    return True
