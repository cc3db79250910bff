"""Requests and whole answers that are JSON objects: read through a table, with what all dialects need to know of them.

A dialect's own documents extend these by the few facts that only it can tell. Knows no rail.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NoReturn
from urllib.parse import unquote

from guardrail.dialects.base import NO_CALL, Ask, Reference, ToolUse
from guardrail.dialects.media import holds_media
from guardrail.dialects.quotes import Rewritten, joined
from guardrail.dialects.settings import Settings
from guardrail.dialects.stops import stops
from guardrail.dialects.table import Field
from guardrail.dialects.usage import NOWHERE, Places, read
from guardrail.dialects.walk import AddressedDocument, Spot, ToolCall, Walk, field_name, number_in, requote
from guardrail.errors import ClientError, UnreadablePayload, UpstreamBroken
from guardrail.events import Stop, Tokens
from guardrail.text import Edit, Kind, Role, Segment
from guardrail.wire.jsondoc import JsonDocument, JsonValue

VALUES_PER_STRING = 4
"""Room for numbers, booleans and brackets beside the strings, before the scanner stops counting.

200,000 values with the defaults: with a body of 10 MiB less than 50 MiB, four bytes a letter not counted in."""

NOTES = "guardrail"
"""The member that carries our notices where no words of ours may stand."""

FIELD_NAMES = re.compile(r"[A-Za-z_$][A-Za-z0-9_.:/$-]{0,63}")
"""Keys that a provider may add to an answer; any other key is inspected."""

WHY = {
    "invalid_type": "a value of this type is not accepted here",
    "invalid_value": "this value is none of those known here, or out of range",
    "missing_field": "a value is required here",
    "duplicate_field": "this field is given twice, in two spellings",
    "misspelt_field": "this field is written in other letters than the API's, and some servers take it all the same",
    "depth_limit": "too many values inside each other",
    "token_array": "a list of token ids or bytes can't be inspected",
    "unknown_role": "a message has a role that is not known",
    "unknown_part": "a part is of a type that is not known, so it can't be inspected",
    "unknown_tool": "a tool is of a type that is not known",
    "uninspected_part": "this part is not text and can't be inspected, and the policy does not release it",
    "invalid_base64": "this is not base64",
    "phi_in_file": "this file holds what looks like a patient's data and can't be rewritten",
    "unknown_reference": "nothing of this id was made through this guardrail by this client; send the content itself",
}
_TOOLS = ("tools", "functions", "toolConfig", "tool_config")
"""Members under which APIs are told of tools."""
_PARAMETER = re.compile(r"[A-Za-z0-9._:@/+-]{1,512}")


def refuse(code: str, address: str) -> NoReturn:
    """The application sent a shape that can't be inspected (422). Names the field, never its value."""
    field = field_name(address)
    raise UnreadablePayload(f"{field}: {WHY[code]}", code=code, param=field if address else None, status=422)


def refuse_answer(code: str, address: str) -> NoReturn:
    """The provider sent a shape that can't be inspected (502)."""
    raise UpstreamBroken(f"the provider's answer can't be read at {field_name(address)}", code=code)


def read_json(body: bytes, max_depth: int) -> JsonDocument:
    """A document of the provider's. Raises UpstreamBroken (code unreadable_answer) if it is none, or no object.

    Values are not counted: log probabilities have hundreds a word, and the upstream client limits the bytes.
    """
    try:
        document = JsonDocument(body, max_depth=max_depth)
    except ClientError as error:
        raise UpstreamBroken(f"the provider's answer can't be read: {error.code}", code="unreadable_answer") from None
    if not isinstance(document.value(), dict):
        raise UpstreamBroken("the provider's answer is no JSON object", code="unreadable_answer")
    return document


def without_notes(document: JsonDocument, places: Iterable[str], max_depth: int) -> JsonDocument:
    """The provider's document without what it says under the name of our notices in the objects at these pointers.

    The name is ours alone: what a provider puts there would be read as the guardrail's word (WHO-01, WHO-51). Capital
    letters count as small ones, since clients written in Go read both. The same document if it has no such member.
    """
    for place in places:
        if names := _notes_in(document, place):
            document = JsonDocument(document.without(place, names), max_depth=max_depth)
    return document


def _notes_in(document: JsonDocument, place: str) -> Sequence[str]:
    try:
        members = document.value(place)
    except KeyError:
        return ()
    return [name for name in members if name.lower() == NOTES] if isinstance(members, dict) else ()


def walk_answer(document: JsonDocument, table: Field, settings: Settings, max_strings: int) -> Walk:
    """One pass over an answer or a frame of one. Raises UpstreamBroken for what can't be inspected."""
    walk = Walk(refuse_answer, max_segments=max_strings, numbers=False, field_names=FIELD_NAMES, media=settings.media)
    try:
        walk.visit(document.value(), table, Spot(document, "", "", Role.ASSISTANT))
    except ClientError as error:
        raise UpstreamBroken(f"the provider's answer can't be read: {error.code}", code=error.code) from None
    return walk


def dump(value: object) -> bytes:
    """JSON as we write it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


class RequestBody(AddressedDocument):
    """A request whose body is a JSON object. Raises UnreadablePayload or PayloadTooLarge if it can't be read."""

    def __init__(self, body: bytes, ask: Ask, table: Field, settings: Settings) -> None:
        document = JsonDocument(body, max_depth=settings.max_depth, max_values=VALUES_PER_STRING * settings.max_strings)
        self.top = _object(document.value())
        self.ask = ask
        self.check(settings)
        walk = Walk(refuse, max_segments=settings.max_strings, media=settings.media, exact=True)
        walk.segments += _parameters(ask)
        walk.visit(self.top, table, Spot(document, "", "", Role.SYSTEM))
        files = {address for address, spot in walk.spots.items() if spot.encode is not None}
        for segment in walk.segments:
            if segment.address not in files and holds_media(segment.text):
                refuse("uninspected_part", segment.address)
        super().__init__(document, walk)
        for spot in walk.echoes:  # what spells an earlier answer again: nobody has read it
            now = spot.document.value(spot.pointer)
            if now not in (None, []):
                spot.document.replace_raw(spot.pointer, b"[]" if isinstance(now, list) else b"null")
        self._members: dict[str, object] = {}
        self.released: Sequence[str] = tuple(walk.released)
        self.references: Sequence[Reference] = tuple(
            Reference(kind, name, spot.address) for spot, kind, name in walk.references
        )

    def check(self, settings: Settings) -> None:
        """What is cheap to see and better refused before anything is walked (counts). Raises PayloadTooLarge."""

    @property
    def model(self) -> str:
        """The model asked for: the path's, else the body's."""
        named = unquote(self.ask.path.get("model", "")) or self.top.get("model")
        return named if isinstance(named, str) else ""

    @property
    def others(self) -> Sequence[str]:
        """The models that the provider may ask in its place or beside it; "" for one that can't be read."""
        listed = [name for member in _OTHERS for name in _names(self.top.get(member))]
        named = [_bare(each.text) for each in self.segments() if each.address.endswith(_NAMED)]
        return tuple(dict.fromkeys(name for name in (*listed, *named) if not name or name != self.model))

    @property
    def stream(self) -> bool:
        """True if the client wants a stream."""
        return self.top.get("stream") is True

    @property
    def tools(self) -> bool:
        """True if the model may call tools."""
        return any(self.top.get(name) for name in _TOOLS)

    @property
    def structured(self) -> bool:
        """True if the answer has to be JSON: no words of ours may be written into it."""
        return False

    @property
    def turn(self) -> Sequence[str]:
        """Addresses of the segments that are the turn to be answered."""
        return ()

    def below(self, *tops: str) -> list[str]:
        """The addresses of all words at or below these addresses, for `turn`."""
        wanted = frozenset(tops)
        return [
            segment.address
            for segment in self.segments()
            if segment.kind is not Kind.FIXED and _is_below(segment.address, wanted)
        ]

    def documents(self) -> Sequence[str]:
        """The addresses of the texts that an answer may cite by their number; "" for a document that is no text."""
        return ()

    def _document(self, number: int) -> Rewritten:
        address = "".join(self.documents()[number : number + 1])
        return joined(self.rewritten([address] if address else []))

    def cited(self, number: int) -> Rewritten:
        """The text of its document of this number, from what the provider got to what the client sent."""
        return self._document(number).undone()

    def set_member(self, name: str, value: object) -> None:
        """Say `name: value` at the top of the body, whatever the client said there."""
        if name in self.top:
            self.json.replace_raw(f"/{name}", dump(value))
        else:
            self._members[name] = value

    def to_bytes(self) -> bytes:
        """The payload with the replacements made."""
        for spot, rule in self._quotes:  # of earlier answers: the client counts through what it sent
            if (number := number_in(spot, rule.document)) is not None:
                requote(spot, rule, self._document(number))
        return _with_members(super().to_bytes(), self._members)


_OTHERS: Final = ("models", "fallbacks")
"""Lists of models in the place of the one asked for: OpenRouter's; Anthropic's and LiteLLM's."""


_NAMED: Final = ("/model", "/modelName")
"""Where a field that the table knows names a model: an adviser's, a judge's, one for each of several questions."""


def _bare(model: str) -> str:
    """Google's name of a model without the place in which it is kept."""
    return model.rpartition("models/")[2]


def _names(listed: JsonValue) -> Iterator[str]:
    for each in listed if isinstance(listed, list) else () if listed is None else (listed,):
        name = each.get("model") if isinstance(each, dict) else each
        yield name if isinstance(name, str) else ""


class NoBody:
    """A request without a body: a listing. Its parameters are inspected like any other string."""

    stream = structured = tools = False
    turn: Sequence[str] = ()
    others: Sequence[str] = ()
    released: Sequence[str] = ()

    def __init__(self, ask: Ask = NO_CALL, references: Sequence[Reference] = ()) -> None:
        self.ask = ask
        self.model = unquote(ask.path.get("model", ""))
        self.references = references
        self._segments = tuple(_parameters(ask))

    def segments(self) -> Sequence[Segment]:
        """The parameters of the path."""
        return self._segments

    def replace(self, address: str, text: str) -> None:
        """There is nothing that can be replaced."""
        raise KeyError(address)

    def edited(self, address: str, edits: Sequence[Edit]) -> None:
        """There is nothing that can be replaced."""
        raise KeyError(address)

    def cited(self, number: int) -> Rewritten:
        """It has no documents."""
        return Rewritten()

    def set_member(self, name: str, value: object) -> None:
        """There is no body."""
        raise KeyError(name)

    def field(self, address: str) -> str:
        """As an error may name it."""
        return field_name(address)

    def to_bytes(self) -> bytes:
        """Nothing."""
        return b""


def _parameters(ask: Ask) -> Iterator[Segment]:
    """What the client wrote into the path. Raises UnreadablePayload for anything but an identifier."""
    for name, value in ask.path.items():
        if not _PARAMETER.fullmatch(unquote(value)):
            refuse("invalid_value", f"/{name}")
        yield Segment(f"/{name} (path)", Role.SYSTEM, unquote(value), Kind.FIXED)


def _object(value: JsonValue) -> dict[str, JsonValue]:
    if not isinstance(value, dict):
        refuse("invalid_type", "")
    return value


def _is_below(address: str, tops: frozenset[str]) -> bool:
    """One look-up for each step of the address, however many tops there are (4,000 parts took 10 s)."""
    ends = [at for at, sign in enumerate(address) if sign in "/~" and at]
    return address in tops or any(address[:at] in tops for at in ends)


def _with_members(body: bytes, members: Mapping[str, object]) -> bytes:
    """The object with these members at its end."""
    if not members:
        return body
    end = body.rindex(b"}")
    comma = b"" if body[:end].rstrip().endswith(b"{") else b","
    return body[:end] + comma + dump(members)[1:-1] + body[end:]


class AnswerBody(AddressedDocument):
    """A whole answer that is a JSON object. Raises UpstreamBroken if it can't be read in full.

    `opening` gives of an address the text that it is a part of, for answers whose words come in parts: of the PROSE
    parts with the same opening only the first opens the answer. `reasons` are the places where an answer says why it
    ends; before the `*` of one stands the list of choices. `counts` are the places of the provider's counts.
    `noted_at` are the objects in which our notices may stand: none of the provider's own do.
    """

    noted_at: Sequence[str] = ("",)
    reasons: Sequence[str] = ()
    counts: Places = NOWHERE
    cited: Callable[[int], Rewritten] | None = None
    """The texts of the request's documents, where an answer cites these."""

    def __init__(
        self,
        body: bytes,
        table: Field,
        settings: Settings,
        opening: Callable[[str], str] | None = None,
        *,
        counts: Places | None = None,
    ) -> None:
        document = without_notes(read_json(body, settings.max_depth), self.noted_at, settings.max_depth)
        walk = walk_answer(document, table, settings, settings.max_strings)
        self._said = tuple(map(_address, filter(_is_said, walk.segments)))
        if opening is not None:
            walk.segments[:] = _opened_once(walk.segments, opening)
        super().__init__(document, walk)
        self.top = document.value()
        self._meter = read(self.top, self.counts if counts is None else counts)
        self.released: Sequence[str] = tuple(walk.released)
        self._calls: Sequence[ToolCall] = tuple(walk.calls)
        self._echoes = tuple(spot.pointer for spot in walk.echoes if document.value(spot.pointer) is not None)
        self._members: dict[str, object] = {}

    def note(self, notes: Mapping[str, object]) -> None:
        """As the last member of the answer."""
        self._members[NOTES] = notes

    def say(self, text: str) -> bool:
        """Make `text` the words of an answer that has none. False if it can't have any."""
        return False

    @property
    def stops(self) -> Sequence[Stop]:
        """Why it ends, as the provider says; of several choices each."""
        return stops(self.top, self.reasons)

    @property
    def usage(self) -> Tokens:
        """The tokens as the provider counted them."""
        return self._meter.usage

    @property
    def served(self) -> str:
        """The model that the answer names, "" if it names none."""
        return self._meter.served

    def said(self, choice: int = 0) -> Sequence[str]:
        """Addresses of the words that a reader is shown as the answer, in their order."""
        lists = {place.partition("/*")[0] for place in self.reasons if "/*" in place}
        if not lists:
            return () if choice else self._said
        return [each for each in self._said if any(each.startswith(f"{above}/{choice}/") for above in lists)]

    @property
    def tool_uses(self) -> Sequence[ToolUse]:
        """The calls of tools that the model asks for, outside of JSON in strings."""
        return [ToolUse(number, call.tool, call.spot.address) for number, call in enumerate(self._calls)]

    @property
    def keeps(self) -> Sequence[tuple[str, str]]:
        """What the provider says that it keeps now."""
        return ()

    def propose(self, use: ToolUse, name: str, explain: Callable[[object], object]) -> None:
        """Turn a call into one of `name`, whose arguments are what `explain` makes of its own (already cleared)."""
        propose(self._calls[use.number], name, explain)

    def quoted(self, spot: Spot) -> Sequence[str]:
        """The addresses of the texts that the citation here counts through, as one."""
        return ()

    def _requote(self) -> None:
        for spot, rule in self._quotes:
            if not rule.document:
                requote(spot, rule, joined(self.rewritten(self.quoted(spot))))
            elif self.cited is not None and (number := number_in(spot, rule.document)) is not None:
                requote(spot, rule, self.cited(number))

    def treat_echo(self, pointer: str) -> None:
        """What spells the words again is left out."""
        self.json.replace_raw(pointer, b"null")

    def to_bytes(self) -> bytes:
        """The answer with the replacements made, and without what spells its words again."""
        self._requote()
        for pointer in self._echoes:
            self.treat_echo(pointer)
        return _with_members(super().to_bytes(), self._members)


def _is_said(segment: Segment) -> bool:
    return segment.kind is Kind.PROSE and segment.role is Role.ASSISTANT and segment.opens and not segment.tool


def _address(segment: Segment) -> str:
    return segment.address


def propose(call: ToolCall, name: str, explain: Callable[[object], object]) -> None:
    """Turn a call into one of `name`, whose arguments are what `explain` makes of those that stand there by now."""
    document = call.spot.document
    document.replace(call.name, name)
    if not call.arguments:
        return
    now = JsonDocument(document.to_text()).value(call.arguments)
    if isinstance(now, str):
        document.replace(call.arguments, dump(explain(_parsed(now))).decode())
    else:
        document.replace_raw(call.arguments, dump(explain(now)))


def _parsed(text: str) -> JsonValue:
    try:
        return JsonDocument(text).value()
    except ClientError:
        return text


def _opened_once(segments: Iterable[Segment], opening: Callable[[str], str]) -> Iterator[Segment]:
    begun: set[str] = set()
    for segment in segments:
        of = opening(segment.address) if segment.kind is Kind.PROSE and segment.opens else ""
        if of:
            segment = replace(segment, opens=of not in begun)
            begun.add(of)
        yield segment
