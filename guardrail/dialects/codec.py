"""The stream codec that all dialects share: events to frames and back. What an event means, a `Grammar` tells.

The bytes of a frame stay as they came but for its texts. Most frames equal an earlier one but for their words: those
are read and written by a template (template.py), the rest in full.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from guardrail.dialects.document import dump, propose, read_json, walk_answer, without_notes
from guardrail.dialects.quotes import Rewritten, compared, joined
from guardrail.dialects.settings import Settings
from guardrail.dialects.stops import stops
from guardrail.dialects.table import FREE, Field, Mirror, Piece, Quote, Text
from guardrail.dialects.template import Hole, Template, learn
from guardrail.dialects.tools import NO_TOOLS, PROPOSAL, ToolRules
from guardrail.dialects.usage import NOWHERE, Meter, Places
from guardrail.dialects.walk import Spot, ToolCall, Walk, number_in, requote
from guardrail.errors import ClientError, GuardrailError, UpstreamBroken
from guardrail.events import Delta, Frame, Stop, Tokens
from guardrail.text import Edit, Kind, Segment, Span
from guardrail.wire.framing import Event, Framing
from guardrail.wire.jsondoc import JsonDocument, JsonValue

Top = dict[str, JsonValue]
Own = tuple[str | None, Mapping[str, object]]
"""An event of ours: its name in the framing, and its body."""

MAX_TEXTS = 256
"""Texts (choices, refusals, tool calls...) of one stream; an upstream that opens more is broken."""
MAX_TEMPLATES = 8
MAX_STRINGS = 1_000
MAX_KNOWN = 256
"""Letters of a string that is not judged again when it comes again in the same place: ids, names of models."""


class Grammar:
    """What the events of one stream mean. One object a stream, asked in the order of the events.

    A dialect overrides what its API has. Nothing here does I/O; whatever can't be understood raises UpstreamBroken.
    `holes` are the pointers of values that differ from frame to frame and say nothing, each with its pattern.
    `keeps` is what the provider said that it keeps. `reasons` are the places where an event says why an answer ends,
    `counts` those of the provider's counts. `noted_at` are the objects of an event, and of a whole answer in it, in
    which our notices may stand: none of the provider's own do.
    """

    noted_at: Sequence[str] = ("",)
    reasons: Sequence[str] = ()
    counts: Places = NOWHERE
    holes: Mapping[str, Hole] = {}
    repeats = False
    """True if texts that came in pieces come once more as a whole (`Mirror`)."""
    in_bytes = False
    """True if citations count bytes: the words have to be known for it."""
    said_in = ""
    """The text that `say` adds to; "" if that is one of its own."""
    max_strings = MAX_STRINGS
    """Of one event."""
    whole_calls = False
    """True if a call of a tool has all of its arguments with it: it has none then, if they are empty."""

    def __init__(self) -> None:
        self.keeps: list[tuple[str, str]] = []
        self.texts = Texts()
        self.forgotten: set[str | None] = set()

    # ---- reading

    def seen(self, name: str | None) -> None:
        """A new event, as the framing calls it: told before all else."""

    def table(self, top: Top) -> Field:
        """The table of this event."""
        raise NotImplementedError

    def name(self, top: Top) -> str | None:
        """The name of this event in the framing, as the provider's own clients expect it."""
        return None

    def is_end(self, data: bytes) -> bool:
        """True for the end of the stream where that is no JSON ("[DONE]")."""
        return False

    def is_last(self, top: Top) -> bool:
        """True if the provider says with this event that it is done."""
        return False

    def is_idle(self, top: Top) -> bool:
        """True for an event that says nothing (a ping): it may overtake others."""
        return False

    def skips(self, top: Top) -> bool:
        """True for an event that nobody knows and that clients can do without: a keep-alive is written instead."""
        return False

    def failure(self, top: Top) -> Own | None:
        """The provider's error without its words, if this event is one."""
        return None

    def begin(self, top: Top) -> None:
        """A new event, read before its words: note who speaks and which tools are called."""

    def lane(self, top: Top) -> str | None:
        """Frames of one lane keep their order; None belongs to all."""
        return None

    def delta(self, spot: Spot, piece: Piece, text: str) -> Delta:
        """Which text a piece belongs to."""
        raise NotImplementedError

    def mirror(self, spot: Spot, mirror: Mirror) -> str:
        """Which text a mirror repeats."""
        raise NotImplementedError

    def opening(self, shown: Sequence[str]) -> str:
        """Which of these texts, which the event that is being read shows as wholes, opens the answer; "" for none."""
        return shown[0]

    def quoted(self, spot: Spot) -> Sequence[str]:
        """The texts that the citation here counts through, as one."""
        return ()

    def cited(self, number: int) -> Rewritten:
        """The text of the request's document of this number."""
        return Rewritten()

    def is_clients(self, segment: Segment) -> bool:
        """True for words that the client itself sent, told again: they need no second look."""
        return False

    def closes(self, top: Top, deltas: Sequence[Delta]) -> tuple[str, ...]:
        """The texts that end with this event."""
        return ()

    def stops(self, top: Top) -> tuple[Stop, ...]:
        """The answers that end with this event, and why."""
        return stops(top, self.reasons, numbered=True)

    def is_silent(self, top: Top) -> bool:
        """True if nothing but words would be lost with this event."""
        return False

    def finished(self) -> bool:
        """True if the stream may end here although no event said so."""
        return False

    # ---- writing

    def altered(self, segment: str) -> None:
        """Words of this text leave otherwise than they came. Told before the frame that holds them is adjusted."""

    def adjust(self, document: JsonDocument, top: Top) -> None:
        """Make room for what was inserted before (indices). While there is something, `adjusting` is True."""

    @property
    def adjusting(self) -> bool:
        """True if every event from now on has to go through `adjust`."""
        return False

    def treat_echo(self, document: JsonDocument, pointer: str, unchanged: bool) -> None:
        """What spells the words again is left out."""
        document.replace_raw(pointer, b"null")

    def insert(self, like: Frame, segment: str, text: str) -> Iterable[Own]:
        """Events of ours that add `text` to the open text `segment`. Raises KeyError for one that can't be added to."""
        raise KeyError(segment)

    def joins(self, like: Frame) -> bool:
        """True if what is inserted at `like` becomes a part of the text, False if it is one of its own."""
        return True

    def say(self, text: str) -> Iterable[Own]:
        """Events of ours that add words to the answer's first choice, whatever it was made of so far."""
        raise NotImplementedError

    def is_first(self, segment: str) -> bool:
        """True if the text belongs to the choice that `say` speaks in."""
        return True

    def is_said(self, delta: Delta) -> bool:
        """True for words that a reader is shown as the answer."""
        return delta.opens

    def close(self, text: str, choice: int) -> Iterable[Own]:
        """Events of ours that add words behind the last ones of a choice. Asked before the event that ends it."""
        return self.say(text)

    def note(self, notes: Mapping[str, object]) -> Iterable[Own]:
        """Events of ours that carry our notices beside the words."""
        raise NotImplementedError

    def error(self, error: GuardrailError) -> Own:
        """The terminal error event."""
        raise NotImplementedError


class Texts:
    """The texts of a stream that are open, by their owner (a choice, a block), and the tools that its calls name."""

    def __init__(self) -> None:
        self._open: dict[str, list[str]] = {}
        self._ended: set[str] = set()
        self._tools: dict[str, str] = {}
        self._count = 0

    def open(self, owner: str, name: str) -> None:
        """Raises UpstreamBroken for words after the owner's end, and for too many texts."""
        if owner in self._ended:
            raise UpstreamBroken("words after the end of their part", code="text_after_finish")
        texts = self._open.setdefault(owner, [])
        if name not in texts:
            texts.append(name)
            self._count += 1
            if self._count > MAX_TEXTS:
                raise UpstreamBroken(f"more than {MAX_TEXTS} texts in one stream", code="too_many_texts")

    def close(self, owner: str) -> tuple[str, ...]:
        """The texts of an owner that has ended."""
        self._ended.add(owner)
        return tuple(self._open.pop(owner, ()))

    def close_all(self) -> tuple[str, ...]:
        """All that are open."""
        return tuple(name for owner in list(self._open) for name in self.close(owner))

    def name_tool(self, call: str, tool: str) -> None:
        """Raises UpstreamBroken for a call that changes its tool: it is not to be trusted."""
        if self._tools.setdefault(call, tool) != tool:
            raise UpstreamBroken("a tool call changes its name", code="tool_renamed")
        if len(self._tools) > MAX_TEXTS:
            raise UpstreamBroken(f"more than {MAX_TEXTS} tool calls in one stream", code="too_many_texts")

    def tool(self, call: str) -> str:
        """The tool of a call, "?" if it has not been named."""
        return self._tools.get(call, "?")


@dataclass(frozen=True, slots=True)
class _Learned:
    """A frame that a template read."""

    event: Event
    template: Template
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A frame that was read in full. `silent`: without its words there is nothing to say in it.

    `quotes` are its citations, with the texts that these count through; `repeated` has of strings by their address the
    text that they should repeat, and that nobody has seen in pieces.
    """

    event: Event
    name: str | None
    document: JsonDocument
    pointers: tuple[str, ...]
    wholes: tuple[Spot | None, ...]
    mirrors: tuple[tuple[Spot, str], ...]
    calls: tuple[ToolCall, ...]
    echoes: tuple[str, ...]
    quotes: tuple[tuple[Spot, Quote, Sequence[str]], ...]
    repeated: Mapping[str, str]
    silent: bool


@dataclass(frozen=True, slots=True)
class _Own:
    """What is written instead of the provider's event: made in its turn, for a framing may count what left before."""

    make: Callable[[], bytes]


class Codec:
    """One streamed answer. Raises UpstreamBroken for what it can't read; after that it is not to be used."""

    def __init__(self, framing: Framing, grammar: Grammar, settings: Settings, tools: ToolRules = NO_TOOLS) -> None:
        self._framing = framing
        self._grammar = grammar
        self._settings = settings
        self._tools = tools
        self._templates: list[Template] = []
        self._raw: dict[str, list[str]] = {}  # of each text, what came ...
        self._written: dict[str, list[str]] = {}  # ... and what left
        self._edits: dict[str, list[Edit]] = {}  # of each text, what was replaced in it
        self._clean: set[Segment] = set()  # strings that were judged in this stream, and left as they came
        self._over = False
        self._meter = Meter(grammar.counts)
        self._unread: _Learned | None = None  # the last frame, if its counts were not read
        self.released: list[str] = []
        self.calls_tools = False

    @property
    def content_type(self) -> str:
        """Of the stream that is written."""
        return self._framing.content_type

    @property
    def keeps(self) -> Sequence[tuple[str, str]]:
        """What the provider said so far that it keeps."""
        return self._grammar.keeps

    @property
    def usage(self) -> Tokens:
        """The tokens as the provider counted them so far."""
        unread, self._unread = self._unread, None
        if unread is not None:
            self._meter.tell(zip(unread.template.pointers, unread.tokens, strict=True))
        return self._meter.usage

    @property
    def served(self) -> str:
        """The model that the answer names, "" if it named none so far."""
        return self._meter.served

    # ---------------------------------------------------------------------------------------------- reading

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that are complete now."""
        return self._frames(self._framing.feed(data))

    def flush(self) -> list[Frame]:
        """The upstream has ended: a last event that lacks only its end is still a frame."""
        try:
            frames = self._frames(self._framing.flush())
        except UpstreamBroken as error:
            if error.code != "truncated":
                raise
            return []  # without the proper end: what is held is judged, then the stream ends with an error
        if not self._over and self._grammar.finished():
            self._over = True
            frames.append(Frame(last=True, payload=_Own(self._framing.end)))
        return frames

    def _frames(self, events: Iterable[Event]) -> list[Frame]:
        frames = []
        for event in events:
            if self._over or (not event.complete and not self._is_whole(event.data)):
                break
            frames.append(self._frame(event))
        return frames

    def _is_whole(self, data: bytes) -> bool:
        """True if what a stream broke off in can be read all the same."""
        try:
            JsonDocument(data)
        except ClientError:
            return self._grammar.is_end(data)
        return True

    def _frame(self, event: Event) -> Frame:
        if event.keepalive or not event.data.strip():
            return Frame(keepalive=True)
        self._grammar.seen(event.event)
        text = event.data.decode()
        for template in self._templates:
            read = template.read(text) if template.came == event.event else None
            if read is not None:
                return self._learned(event, template, *read)
        if self._grammar.is_end(event.data):
            self._over = True
            return Frame(last=True, payload=_Own(lambda: self._framing.write(event.data.strip())))
        return self._parse(event)

    def _learned(self, event: Event, template: Template, words: str, tokens: tuple[str, ...]) -> Frame:
        delta = (_with_text(template.delta, words),) if words else ()
        if delta:
            self._came(template.delta.segment, words)
        self._unread = _Learned(event, template, tokens)
        return Frame(template.lane, delta, payload=self._unread)

    def _parse(self, event: Event) -> Frame:
        grammar = self._grammar
        came = read_json(event.data, self._settings.max_depth)
        document = without_notes(came, grammar.noted_at, self._settings.max_depth)
        if document is not came:
            event = event._replace(data=document.text.encode(), raw=b"")  # nothing is passed on as it came
        top = document.value()
        assert isinstance(top, dict)  # read_json insists on it
        failure = grammar.failure(top)
        if failure is not None:
            self._over = True
            return Frame(failed=True, payload=_Own(lambda: self._write(failure) + self._framing.end()))
        if grammar.skips(top):
            return Frame(keepalive=True)
        self._unread = None
        self._meter.read(top)
        walk = walk_answer(document, grammar.table(top), self._settings, grammar.max_strings)
        self.released += walk.released
        self.calls_tools = self.calls_tools or bool(walk.calls)
        grammar.begin(top)
        pieces = [(spot.pointer, grammar.delta(spot, piece, text)) for spot, piece, text in walk.pieces if text]
        deltas = tuple(delta for _, delta in pieces)
        for delta in deltas:
            self._came(delta.segment, delta.text)
        repeated: dict[str, str] = {}
        opening = self._opening(walk)
        mirrors = [m for m in (self._mirror(walk, repeated, opening, *each) for each in walk.mirrors) if m is not None]
        wholes = tuple(each for each in walk.segments if not grammar.is_clients(each) and each not in self._clean)
        last = grammar.is_last(top)
        self._over = self._over or last
        name = grammar.name(top)
        frame = Frame(
            lane=grammar.lane(top),
            deltas=deltas,
            wholes=wholes,
            closes=(*grammar.closes(top, deltas), *(segment for _, segment in mirrors)),
            keepalive=grammar.is_idle(top) and not deltas and not wholes,
            last=last,
            stops=grammar.stops(top),
        )
        parsed = _Parsed(
            event,
            name,
            document,
            tuple(at for at, _ in pieces),
            wholes=tuple(walk.spots.get(segment.address) for segment in wholes),
            mirrors=tuple(mirrors),
            calls=tuple(walk.calls),
            echoes=tuple(spot.pointer for spot in walk.echoes if document.value(spot.pointer) not in (None, [])),
            quotes=tuple(self._quotes(walk)),
            repeated=repeated,
            silent=grammar.is_silent(top) and not (frame.wholes or walk.mirrors or walk.quotes or last),
        )
        self._learn(frame, parsed)
        return replace(frame, payload=parsed)

    def _came(self, segment: str, text: str) -> None:
        if self._grammar.repeats or self._grammar.in_bytes:
            self._raw.setdefault(segment, []).append(text)

    def _quotes(self, walk: Walk) -> Iterator[tuple[Spot, Quote, Sequence[str]]]:
        """Those that count through texts of the answer. What they cite of the request has its places already."""
        for spot, rule in walk.quotes:
            if not rule.document:
                yield spot, rule, self._grammar.quoted(spot)
            elif (number := number_in(spot, rule.document)) is not None:
                requote(spot, rule, self._grammar.cited(number))

    def _opening(self, walk: Walk) -> str:
        shown = [self._grammar.mirror(spot, mirror) for spot, mirror, text in walk.mirrors if text and mirror.opens]
        return self._grammar.opening(shown) if shown else ""

    def _mirror(
        self, walk: Walk, repeated: dict[str, str], opening: str, spot: Spot, mirror: Mirror, text: str
    ) -> tuple[Spot, str] | None:
        """Whose words these repeat; what came in no pieces is a text of its own."""
        segment = self._grammar.mirror(spot, mirror)
        came = self._raw.get(segment)
        if came is not None and "".join(came) == text:
            return spot, segment
        if came is not None and mirror.json and spot.tool:
            raise UpstreamBroken("the answer's whole is not the sum of its parts", code="mirror_differs")
        repeated[spot.address] = segment
        inside = FREE if mirror.json else None
        rule = Text(mirror.kind, inside, mirror.opens and segment == opening, mirror.foreign)
        walk.visit(text, Field(rule=rule), spot)
        return None

    def _learn(self, frame: Frame, parsed: _Parsed) -> None:
        if self._grammar.forgotten:
            gone, self._grammar.forgotten = self._grammar.forgotten, set()
            self._templates = [template for template in self._templates if template.lane not in gone]
        if self._grammar.adjusting:
            self._templates = []
            return
        plain = len(frame.deltas) == 1 and parsed.silent and not parsed.echoes and not parsed.calls
        if plain and not frame.closes and frame.lane is not None:
            template = learn(
                parsed.document, parsed.pointers[0], frame.deltas[0], frame.lane, parsed.name, self._grammar.holes
            )
            template = replace(template, came=parsed.event.event)
            self._templates = [template, *self._templates[: MAX_TEMPLATES - 1]]

    # ---------------------------------------------------------------------------------------------- writing

    def write(self, frame: Frame, deltas: Sequence[str], wholes: Sequence[str]) -> bytes:
        """The frame with its texts in place; b"" if nothing is left to say in it."""
        payload = frame.payload
        if isinstance(payload, _Learned):
            return self._write_learned(payload, frame, deltas)
        if isinstance(payload, _Parsed):
            return self._write_parsed(payload, frame, deltas, wholes)
        return payload.make() if isinstance(payload, _Own) else self._framing.keepalive()

    def _left(self, segment: str, text: str) -> None:
        if self._grammar.repeats:
            self._written.setdefault(segment, []).append(text)

    def _write_learned(self, payload: _Learned, frame: Frame, deltas: Sequence[str]) -> bytes:
        if not frame.deltas:
            return self._framing.keep(payload.event, payload.template.name)
        text = deltas[0]
        self._left(frame.deltas[0].segment, text)
        if text == frame.deltas[0].text and not self._grammar.adjusting:
            return self._framing.keep(payload.event, payload.template.name)
        if text != frame.deltas[0].text:
            self._grammar.altered(frame.deltas[0].segment)
        if not text:
            return b""
        data = payload.template.write(payload.tokens, text)
        if self._grammar.adjusting:
            data = self._adjusted(JsonDocument(data))
        return self._framing.write(data, payload.template.name)

    def _adjusted(self, document: JsonDocument) -> bytes:
        top = document.value()
        assert isinstance(top, dict)
        self._grammar.adjust(document, top)
        return document.to_bytes()

    def _write_parsed(self, parsed: _Parsed, frame: Frame, deltas: Sequence[str], wholes: Sequence[str]) -> bytes:
        for delta, text in zip(frame.deltas, deltas, strict=True):
            self._left(delta.segment, text)
            if text != delta.text:
                self._grammar.altered(delta.segment)
        if parsed.silent and frame.deltas and not any(deltas):
            return b""
        document = parsed.document
        for pointer, delta, text in zip(parsed.pointers, frame.deltas, deltas, strict=True):
            if text != delta.text:
                document.replace(pointer, text)
        for spot, segment, text in zip(parsed.wholes, frame.wholes, wholes, strict=True):
            if text != segment.text:
                _put(spot, text)
                if segment.address in parsed.repeated:
                    self._edits[parsed.repeated[segment.address]] = list(compared(segment.text, text).edits)
            elif len(text) <= MAX_KNOWN and len(self._clean) < MAX_STRINGS:
                self._clean.add(segment)
        for spot, name in parsed.mirrors:
            _put(spot, "".join(self._written.get(name, ())), only_new=True)
        for call in parsed.calls:
            if self._tools.refuses(call.tool):
                self._propose(call, {*parsed.pointers, *(spot.pointer for spot, _ in parsed.mirrors)})
        unchanged = not document.changed
        for spot, rule, names in parsed.quotes:
            requote(spot, rule, joined(map(self._rewritten, names)))
        for pointer in parsed.echoes:
            self._grammar.treat_echo(document, pointer, unchanged)
        if self._grammar.adjusting and isinstance(top := document.value(), dict):
            self._grammar.adjust(document, top)
        if document.changed:
            return self._framing.write(document.to_bytes(), parsed.name)
        return self._framing.keep(parsed.event, parsed.name)

    def edited(self, segment: str, edits: Sequence[Edit]) -> None:
        """Which words of a text were replaced: citations that count through it follow."""
        self._edits.setdefault(segment, []).extend(edits)

    def _begins_with(self, segment: str, text: str) -> None:
        self._edits.setdefault(segment, []).insert(0, Edit(Span(0, 0), text))

    def _rewritten(self, segment: str) -> Rewritten:
        return Rewritten("".join(self._raw.get(segment, ())), self._edits.get(segment, ()))

    def _propose(self, call: ToolCall, held: Collection[str]) -> None:
        """Arguments that come in pieces, or repeat these (`held`), are turned where they are judged as a whole."""
        now = call.spot.document.value(call.arguments) if call.arguments else None
        whole = bool(now or (call.arguments and self._grammar.whole_calls)) and call.arguments not in held
        propose(
            call if whole else call._replace(arguments=""),
            PROPOSAL,
            lambda own: self._tools.proposal(call.tool, own),
        )

    def _write(self, own: Own) -> bytes:
        name, body = own
        return self._framing.write(dump(body), name)

    def _write_all(self, events: Iterable[Own]) -> bytes:
        return b"".join(self._write(event) for event in events)

    def insert(self, like: Frame, segment: str, text: str) -> bytes:
        """A frame of our own that adds `text` to `segment`. Raises KeyError for a text that can't be added to."""
        written = self._write_all(self._grammar.insert(like, segment, text))
        self._left(segment, text)
        if self._grammar.joins(like):
            self._begins_with(segment, text)
        return written

    def say(self, text: str) -> bytes:
        """A frame of our own that adds words to the answer's first choice."""
        if self._grammar.said_in:
            self._begins_with(self._grammar.said_in, text)
        return self._write_all(self._grammar.say(text))

    def is_first(self, segment: str) -> bool:
        """True if the segment belongs to the choice that `say` speaks in."""
        return self._grammar.is_first(segment)

    def is_said(self, delta: Delta) -> bool:
        """True for words that a reader is shown as the answer."""
        return delta.kind is Kind.PROSE and not delta.json and not delta.tool and self._grammar.is_said(delta)

    def close(self, text: str, choice: int = 0) -> bytes:
        """A frame of our own that adds words behind the last ones of a choice; b"" where none may stand."""
        return b"" if self.calls_tools else self._write_all(self._grammar.close(text, choice))

    def note(self, notes: Mapping[str, object]) -> bytes:
        """A frame without words that carries our notices."""
        return self._write_all(self._grammar.note(notes))

    def error(self, error: GuardrailError) -> bytes:
        """The terminal error event; nothing follows."""
        return self._write(self._grammar.error(error)) + self._framing.end()


def _with_text(like: Delta, text: str) -> Delta:
    """`replace(like, text=text)`, a third of its cost: this runs for every token."""
    return Delta(like.segment, like.role, text, like.kind, like.json, like.tool, like.opens, like.thread)


def _put(spot: Spot | None, text: str, only_new: bool = False) -> None:
    if spot is None:
        raise KeyError("an object key can't be replaced")
    if only_new and spot.document.value(spot.pointer) == text:
        return
    if spot.encode is not None:
        text = spot.encode(text)
    if isinstance(spot.document.value(spot.pointer), str):
        spot.document.replace(spot.pointer, text)
    else:
        spot.document.replace_raw(spot.pointer, dump(text))
