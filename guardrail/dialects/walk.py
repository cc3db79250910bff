"""From a JSON document and a table of fields to addressed segments, and back.

Every string leaf becomes a segment, is a word of a closed list, matches a strict pattern, or the payload is refused.
Knows no provider (that is the table) and no rail.

An address is a JSON pointer that never holds what somebody wrote: a key that no table knows is shown by its place
(`/metadata/*0`), an object key itself as `/metadata/*0:key`, and the inside of a JSON string behind `~json`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, NoReturn, Protocol

from guardrail.dialects.media import NO_MEDIA, MediaRules
from guardrail.dialects.quotes import Rewritten, compared
from guardrail.dialects.table import (
    FREE,
    SHORT,
    UNKNOWN,
    Bound,
    Call,
    Echo,
    Field,
    Free,
    Known,
    Link,
    Match,
    Media,
    Mirror,
    Number,
    OneOf,
    Piece,
    Plain,
    Quote,
    Reference,
    Refused,
    Switch,
    Text,
    Voice,
    Words,
    significant,
)
from guardrail.errors import PayloadTooLarge, UnreadablePayload
from guardrail.text import Edit, Kind, Role, Segment, cue, reads_like_a_sentence
from guardrail.wire.jsondoc import JsonDocument, JsonValue, Paths, quote, step

MANY_NUMBERS = 8
SPLIT_DIGITS = range(7, 17)
"""So many digits in a short list of numbers may be one number in groups: a phone number, a date, a card."""
MAX_LEVELS = 128
"""Of arrays and objects inside each other, all JSON inside strings counted in."""

_JSON_STARTS = {Kind.PROSE: ("{", "["), Kind.DATA: ("{", "[", '"')}
"""Quoted prose is still prose; a value in quotes is a JSON string in a string."""


class Refuse(Protocol):
    """Says whose fault a shape is: raises for `code` at `address`."""

    def __call__(self, code: str, address: str) -> NoReturn:
        """Never returns."""
        ...


class Spot(NamedTuple):
    """Where the walk stands: in which document, at which of its pointers, under which address, in whose voice.

    `tool` is the tool whose arguments these are, "?" if it has no name yet, "" outside of arguments.
    `hint` is the nearest key above that somebody else chose; a key of the table ends it.
    `encode` writes an inspected text back in the form that the string here has (base64).
    """

    document: JsonDocument
    pointer: str
    address: str
    role: Role
    tool: str = ""
    hint: str = ""
    encode: Callable[[str], str] | None = None

    def known(self, key: str) -> Spot:
        """One step down, to a key of the table."""
        return Spot(self.document, f"{self.pointer}/{key}", f"{self.address}/{key}", self.role, self.tool)

    def element(self, number: int) -> Spot:
        """One step down, to an element."""
        pointer, address = f"{self.pointer}/{number}", f"{self.address}/{number}"
        return Spot(self.document, pointer, address, self.role, self.tool, self.hint)

    def unknown(self, key: str, number: int) -> Spot:
        """One step down, to a key that somebody else chose."""
        pointer, address = self.pointer + step(key), f"{self.address}/*{number}"
        return Spot(self.document, pointer, address, self.role, self.tool, cue(key))

    def inside(self, document: JsonDocument) -> Spot:
        """At the root of the JSON that the string here holds."""
        return Spot(document, "", f"{self.address}~json", self.role, self.tool, self.hint)


class ToolCall(NamedTuple):
    """A call of a tool: where it stands, and the pointers of its name and of its arguments ("" if it has none)."""

    tool: str
    spot: Spot
    name: str
    arguments: str


class Walk:
    """One pass over one payload.

    Its result: `segments`, `spots` (where the replacement of an address goes), `pieces` and `mirrors` (of running
    texts), `echoes`, `calls` of tools, `references` to what the provider keeps, `quotes`, `released` media types.
    `media` says what becomes of files; without it every file is refused.
    `field_names`: outside of JSON strings, keys that match it are the provider's own field names and not inspected.
    `numbers`: numbers that may be somebody's (an age, a ZIP code, a record number) are segments too, where no table
    says what they are for.
    `exact`: a key that is the table's but for the case of its letters is refused. Servers written in Go read it as the
    table's (their `encoding/json` folds letters), and here it would be inspected as nothing in particular.
    """

    def __init__(
        self,
        refuse: Refuse,
        *,
        max_segments: int,
        numbers: bool = True,
        exact: bool = False,
        field_names: re.Pattern[str] | None = None,
        media: MediaRules = NO_MEDIA,
    ) -> None:
        self.segments: list[Segment] = []
        self.spots: dict[str, Spot] = {}
        self.pieces: list[tuple[Spot, Piece, str]] = []
        self.mirrors: list[tuple[Spot, Mirror, str]] = []
        self.echoes: list[Spot] = []
        self.calls: list[ToolCall] = []
        self.references: list[tuple[Spot, str, str]] = []
        self.quotes: list[tuple[Spot, Quote]] = []
        self.released: list[str] = []
        self._refuse = refuse
        self._media = media
        self._above: list[dict[str, JsonValue]] = []
        self._max_segments = max_segments
        self._numbers = numbers
        self._exact = exact
        self._field_names = field_names
        self._paths = Paths()
        self._levels = 0
        self._json_in_strings = 0

    def visit(self, value: JsonValue, field: Field, spot: Spot) -> None:
        """Read `value` as the table has it. Raises what `refuse` raises, or PayloadTooLarge."""
        self._paths.take(spot.pointer)
        if field.rule.__class__ is Echo:
            self.echoes.append(spot)
        elif value.__class__ is str:
            self._string(value, field, spot)
        elif isinstance(value, dict | list):
            self._container(value, field, spot)
        elif value is None:
            if field.required:
                self._refuse("missing_field", spot.address)
        else:
            self._scalar(value, field, spot)  # type: ignore[arg-type]

    def _container(self, value: dict[str, JsonValue] | list[JsonValue], field: Field, spot: Spot) -> None:
        self._levels += 1
        if self._levels > MAX_LEVELS:
            self._refuse("depth_limit", spot.address)
        if isinstance(value, dict):
            self._object(value, field, spot)
        else:
            self._array(value, field, spot)
        self._levels -= 1

    def _object(self, value: dict[str, JsonValue], field: Field, spot: Spot) -> None:
        rule = field.rule
        if isinstance(rule, Free):
            return self._free_object(value, field, spot)
        if isinstance(rule, OneOf):
            return self._object(value, self._variant(value, field, rule, spot), spot)
        if rule.__class__ is Refused or not (field.members or field.others):
            self._reject(field, spot)
        if isinstance(rule, Voice):
            spot = spot._replace(role=self._voice(value, rule, spot))
        elif isinstance(rule, Call):
            spot = self._call(value, rule, spot)
        elif isinstance(rule, Quote):
            self.quotes.append((spot, rule))
        self._above.append(value)
        for key in field.needs:
            if value.get(key) is None:
                self._refuse("missing_field", f"{spot.address}/{key}")
        for number, (key, child) in enumerate(value.items()):
            known = field.members.get(key)
            if known is not None:
                self.visit(child, known, spot.known(key))
            elif self._exact and (meant := _folded(field).get(key.casefold())):
                self._refuse("misspelt_field", f"{spot.address}/{meant}")
            else:
                self._unknown_member(key, child, field.others or UNKNOWN, spot.unknown(key, number))
        self._above.pop()
        return None

    def _variant(self, value: dict[str, JsonValue], field: Field, rule: OneOf, spot: Spot) -> Field:
        word = value.get(rule.member)
        tree = (rule.trees.get(word) or rule.other) if isinstance(word, str) else rule.default if word is None else ""
        if isinstance(word, str) and word in rule.refused:
            self._refuse("uninspected_part", f"{spot.address}/{rule.member}")
        if not tree:
            self._refuse(rule.code, f"{spot.address}/{rule.member}")
        return field.variants[tree]

    def _call(self, value: dict[str, JsonValue], rule: Call, spot: Spot) -> Spot:
        if not rule.name:
            return spot._replace(tool="?")
        tool = str(value.get(rule.name) or "?")
        if rule.name in value:
            pointer = spot.pointer + step(rule.arguments) if rule.arguments in value else ""
            self.calls.append(ToolCall(tool, spot, spot.pointer + step(rule.name), pointer))
        return spot._replace(tool=tool)

    def _free_object(self, value: dict[str, JsonValue], field: Field, spot: Spot) -> None:
        for number, (key, child) in enumerate(value.items()):
            self._unknown_member(key, child, field, spot.unknown(key, number))

    def _unknown_member(self, key: str, value: JsonValue, field: Field, spot: Spot) -> None:
        argument = bool(spot.tool)  # the model chose its name
        if isinstance(field.rule, Free) and field.rule.foreign:
            spot, argument = spot._replace(tool="?"), False
        if argument or self._json_in_strings or self._field_names is None or not self._field_names.fullmatch(key):
            self._add(Segment(f"{spot.address}:key", spot.role, key, Kind.FIXED, spot.tool))
        self.visit(value, field, spot)

    def _array(self, value: list[JsonValue], field: Field, spot: Spot) -> None:
        if isinstance(field.rule, Free) and field.rule.tokens and sum(map(_is_number, value)) >= MANY_NUMBERS:
            self._refuse("token_array", spot.address)
        if isinstance(field.rule, Free):
            self._add_number(split_number(value), spot)
        below = field if isinstance(field.rule, Free) else field.items
        if below is None or field.rule.__class__ is Refused:
            self._reject(field, spot)
        if below.rule.__class__ is Plain and all(map(_is_number, value)):
            return  # a vector
        for number, child in enumerate(value):
            self.visit(child, below, spot.element(number))

    def _string(self, text: str, field: Field, spot: Spot) -> None:
        rule = field.rule
        if isinstance(rule, Text):
            if rule.foreign or rule.role:
                spot = spot._replace(tool="?" if rule.foreign else spot.tool, role=rule.role or spot.role)
            self._text(text, rule.kind, rule.inside, spot, rule.opens)
        elif isinstance(rule, Words):
            self._word(text, rule, spot)
        elif isinstance(rule, Match):
            self._token(text, rule, spot)
        elif isinstance(rule, Free):
            self._free_text(text, field, spot)
        elif isinstance(rule, Piece):
            self.pieces.append((spot, rule, text))
        elif isinstance(rule, Mirror):
            self.mirrors.append((spot, rule, text))
        elif isinstance(rule, Media):
            self._file(text, self._declared(rule), spot)
        elif isinstance(rule, Link):
            self._link(text, spot)
        elif isinstance(rule, Reference):
            self._reference(text, rule, spot)
        elif not isinstance(rule, Known):
            self._reject(field, spot)
        elif text not in rule.words:
            self._text(text, Kind.DATA, FREE, spot)

    def _text(self, text: str, kind: Kind, inside: Field | None, spot: Spot, opens: bool = True) -> None:
        if kind is Kind.PROSE and spot.role is Role.TOOL:
            kind, inside = Kind.DATA, FREE  # what a program says is a value, not talk
        if inside and text.lstrip().startswith(_JSON_STARTS[kind]) and self._is_json(inside, spot):
            return
        if not text:
            return
        hint = spot.hint if kind is Kind.DATA else ""
        self._add(Segment(spot.address, spot.role, text, kind, spot.tool, opens, hint))
        if kind is not Kind.FIXED:
            self.spots[spot.address] = spot

    # ---- what is not text

    def _declared(self, rule: Media) -> str:
        if not rule.declared or rule.up >= len(self._above):
            return ""
        above = self._above[-1 - rule.up]
        told = above.get(rule.declared, above.get(rule.also))
        return told if isinstance(told, str) else ""

    def _file(self, text: str, declared: str, spot: Spot) -> None:
        """The words in a file become a segment; a file without words passes only if the policy releases its type."""
        try:
            file = self._media.open(text, declared)
        except UnreadablePayload as error:
            self._refuse(error.code, spot.address)
        if file.text is None:
            self.released.append(file.media_type)
        elif file.text:
            self._add(Segment(spot.address, spot.role, file.text, Kind.PROSE, spot.tool, opens=False))
            self.spots[spot.address] = spot._replace(encode=file.write)

    def _link(self, text: str, spot: Spot) -> None:
        if text[:5].lower() == "data:":
            self._file(text, "", spot)
            return
        host = self._media.host_of(text)
        if host is None:
            self._refuse("uninspected_part", spot.address)
        self.released.append("link")
        self._text(text, Kind.DATA, None, spot)

    def _reference(self, text: str, rule: Reference, spot: Spot) -> None:
        if not _REFERENCE.fullmatch(text):
            self._refuse("invalid_value", spot.address)
        self.references.append((spot, rule.kind, text))

    def _is_json(self, inside: Field, spot: Spot) -> bool:
        child = spot.document.nested(spot.pointer)
        if child is None:
            return False
        self._json_in_strings += 1
        self.visit(child.value(), inside, spot.inside(child))
        self._json_in_strings -= 1
        return True

    def _free_text(self, text: str, field: Field, spot: Spot) -> None:
        rule = field.rule
        if isinstance(rule, Free) and rule.foreign:
            spot = spot._replace(tool="?")
        if isinstance(rule, Free) and rule.piece and not _is_machines(text, spot.hint in rule.labels):
            self.pieces.append((spot, rule.piece, text))
            return
        spoken = isinstance(rule, Free) and rule.spoken
        kind = Kind.PROSE if spoken and reads_like_a_sentence(text) else Kind.DATA
        self._text(text, kind, field, spot, opens=False)

    def _word(self, text: str, rule: Words, spot: Spot) -> None:
        if text in rule.refused:
            self._refuse("uninspected_part", spot.address)
        if text not in rule.words:
            self._refuse(rule.code, spot.address)

    def _token(self, text: str, rule: Match, spot: Spot) -> None:
        if rule.pattern.fullmatch(text):
            return
        if rule.strict:
            self._refuse("invalid_value", spot.address)
        self._text(text, Kind.DATA, FREE, spot)

    def _scalar(self, value: float | bool, field: Field, spot: Spot) -> None:
        rule = field.rule
        if isinstance(rule, Free):
            self._add_number(telling_number(value), spot)
        elif isinstance(rule, Number | Bound):
            if not rule.takes(value):
                self._refuse("invalid_value", spot.address)
        elif not isinstance(rule, Plain) and not (isinstance(rule, Switch) and isinstance(value, bool)):
            self._reject(field, spot)

    def _add_number(self, text: str, spot: Spot) -> None:
        if self._numbers and text:
            self._add(Segment(spot.address, spot.role, text, Kind.DATA, spot.tool, opens=False, hint=spot.hint))
            self.spots[spot.address] = spot

    def _voice(self, value: dict[str, JsonValue], rule: Voice, spot: Spot) -> Role:
        word = value.get(rule.member)
        role = rule.roles.get(word) if isinstance(word, str) else rule.default if word is None else None
        if role is None:
            self._refuse(rule.code, f"{spot.address}/{rule.member}")
        return role

    def _reject(self, field: Field, spot: Spot) -> NoReturn:
        self._refuse(field.rule.code if isinstance(field.rule, Refused) else "invalid_type", spot.address)

    def _add(self, segment: Segment) -> None:
        self.segments.append(segment)
        if len(self.segments) > self._max_segments:
            raise PayloadTooLarge("too many strings in one payload", code="too_many_strings")


@lru_cache(maxsize=4096)
def _folded(field: Field) -> Mapping[str, str]:
    """The names of a field's members, by their letters whatever the case."""
    return {name.casefold(): name for name in field.members}


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def telling_number(value: float) -> str:
    """The number as people write it; "" for what can't be anybody's: one digit, or a short decimal (a lab value)."""
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.15g}" if len(significant(value)) > SHORT else ""
    return str(int(value)) if abs(value) >= 10 else ""


def split_number(values: Sequence[JsonValue]) -> str:
    """A short list of whole numbers as one number in groups (`[202, 555, 1234]`); "" if it can be none."""
    if not 1 < len(values) < MANY_NUMBERS or any(type(value) is not int or value < 0 for value in values):
        return ""
    text = "-".join(map(str, values))
    return text if len(text) - len(values) + 1 in SPLIT_DIGITS else ""


def _is_machines(text: str, label: bool) -> bool:
    return bool(label and _LABEL.fullmatch(text)) or _BLOB.fullmatch(text) is not None


def number_in(spot: Spot, name: str) -> int | None:
    """The member `name` of the object here, if it is a whole number from 0."""
    holder = spot.document.value(spot.pointer)
    value = holder.get(name) if isinstance(holder, dict) else None
    return value if type(value) is int and value >= 0 else None


def requote(spot: Spot, rule: Quote, text: Rewritten) -> None:
    """Let the citation here name the places where its words are now."""
    first, end, point = (number_in(spot, name) for name in (rule.start, rule.end, rule.point))
    start = 0 if first is None and end is not None else first
    now: dict[str, int | None] = {rule.point: None if point is None else text.place(point)}
    if start is not None:
        now[rule.start], last = text.moved(start, start if end is None else end, in_bytes=rule.in_bytes)
        now[rule.end] = None if end is None else last
    for name, place in now.items():
        if place is None or place == (before := number_in(spot, name) or 0):
            continue
        if before or name != rule.start or first is not None:
            spot.document.replace_raw(spot.pointer + step(name), str(place).encode())
        else:
            spot.document.add(spot.pointer, name, str(place).encode())


_REFERENCE = re.compile(r"[A-Za-z0-9_.:/-]{1,512}")
"""The id of something that a provider keeps. It is looked up, not inspected: an id nobody knows is refused."""
_LABEL = re.compile(r"[A-Za-z_][A-Za-z0-9_.:/-]{0,63}")
_BLOB = re.compile(r"[A-Za-z0-9+/_-]{64,}={0,2}")

_STEP = re.compile(r"/([0-9]+)|/(\*)[0-9]+|/([^/~:]+)|~json|(:key)")


def field_name(address: str) -> str:
    """The address as people write it: `messages[2].content`, `metadata.*`. Nothing in it was chosen by a client."""
    return _STEP.sub(_spell, address).removeprefix(".") or "the whole body"


def _spell(match: re.Match[str]) -> str:
    number, unknown, key, is_key = match.groups()
    if number:
        return f"[{number}]"
    return f".{unknown or key}" if unknown or key else " (a key)" if is_key else ""


class AddressedDocument:
    """A JSON document read through a table: `Document` of the dialect protocol."""

    def __init__(self, document: JsonDocument, walk: Walk) -> None:
        self.json = document
        self._segments: Sequence[Segment] = tuple(walk.segments)
        self._spots: Mapping[str, Spot] = walk.spots
        self._quotes: Sequence[tuple[Spot, Quote]] = tuple(walk.quotes)
        self._edits: dict[str, Sequence[Edit]] = {}

    def segments(self) -> Sequence[Segment]:
        """Every string that must be inspected, in document order."""
        return self._segments

    def replace(self, address: str, text: str) -> None:
        """Put `text` in place of the string at `address`. Raises KeyError for an unknown or FIXED address."""
        spot = self._spots[address]
        document, pointer = spot.document, spot.pointer
        if spot.encode is not None:
            text = spot.encode(text)
        if isinstance(document.value(pointer), str):
            document.replace(pointer, text)
        else:
            document.replace_raw(pointer, quote(text).encode())

    def edited(self, address: str, edits: Sequence[Edit]) -> None:
        """Which words of the text at `address` were replaced: citations that count through it follow."""
        self._edits[address] = edits

    def rewritten(self, addresses: Iterable[str]) -> Iterator[Rewritten]:
        """Texts as they came, and what was changed in them; nothing of addresses that have no text."""
        for address in addresses:
            spot = self._spots.get(address) or Spot(self.json, address, address, Role.SYSTEM)
            try:
                text = spot.document.value(spot.pointer)
            except KeyError:
                continue
            if not isinstance(text, str):
                continue
            inside = any(each.startswith(f"{address}~json") for each in self._edits)
            inner = spot.document.nested(spot.pointer) if inside else None
            yield compared(text, inner.to_text()) if inner else Rewritten(text, self._edits.get(address, ()))

    def field(self, address: str) -> str:
        """The field as an error may name it."""
        return field_name(address)

    def to_bytes(self) -> bytes:
        """The payload with the replacements made."""
        return self.json.to_bytes()
