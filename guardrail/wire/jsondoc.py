"""JSON as we insist on it, with every value addressed and every untouched byte kept. Knows no provider and no rail.

Strictly RFC 8259 in UTF-8, read once by one scanner in linear time; of a long string a window at a time, so that other
threads have their turn (SIZ-09). A replaced string is spliced into the original
text, so number spelling, key order, white space and escapes come back as they came: no parser of the field does that,
and what we inspected must be exactly what the provider will read. For the same reason two equal keys are refused:
parsers keep only the last, and identity could hide in the first.

Every refusal is an `UnreadablePayload` with a stable code: empty, invalid_utf8, unsupported_encoding, invalid_json,
trailing_garbage, control_character, lone_surrogate, duplicate_key, nan, number_range, depth_limit; or a
`PayloadTooLarge` with too_many_values or long_paths. Messages give a byte offset, never content.
"""

from __future__ import annotations

import json
import math
import re
import sys
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, NoReturn

from guardrail.errors import PayloadTooLarge, UnreadablePayload

JsonValue = dict[str, "JsonValue"] | list["JsonValue"] | str | int | float | bool | None

MAX_DEPTH = 64
MAX_NESTING = 8
MAX_DIGITS = 4_300
SHORT_POINTER = 200
"""Code points. A pointer that is longer, because of the keys above it, counts."""
MAX_POINTERS = 8 * 1024 * 1024
"""Bytes that long pointers may take together: each value repeats all the keys above it."""

_SPACE = r"[ \t\n\r]*+"
# What may stand between the quotes. Possessive throughout: nothing is looked at twice, so time is linear.
_INSIDE = r'[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+'
_NUMBER = r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+(?![\w.+-])"
_VALUE = rf'(?:"({_INSIDE})"|({_NUMBER})|([\[{{])|(true|false|null))'
_ITEM = re.compile(rf"{_SPACE}(){_VALUE}{_SPACE}")  # the empty group keeps the numbers of the groups the same
_MEMBER = re.compile(rf'{_SPACE}"({_INSIDE})"{_SPACE}:{_SPACE}{_VALUE}{_SPACE}')
_KEY, _STRING, _NUMBER_TOKEN, _OPEN = 1, 2, 3, 4

_SKIP = re.compile(_SPACE)
_SOME_INSIDE = re.compile(_INSIDE)
_OTHER_HALF = re.compile(r"\\u[dD][c-fC-F][0-9a-fA-F]{2}")  # of a pair that began before
_NOT_FINITE = re.compile(r"-?(?:NaN|Infinity)")
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_WINDOW = 1 << 16
"""Code points that one call of C reads or writes at most: no other thread runs meanwhile."""
_END = "\0"  # can't occur in JSON, so the scanner never runs over the edge
_unescape = json.JSONDecoder().decode  # only ever for tokens that we have checked ourselves
_escape = json.JSONEncoder(ensure_ascii=False).encode


class Allowance:
    """How many more values may be read, by a document and all that is nested in its strings together."""

    def __init__(self, values: int | None) -> None:
        self.values = values
        self.paths = Paths()
        self.left = sys.maxsize if values is None else values

    def spend(self, count: int) -> None:
        """Note that `count` more values were read."""
        self.left -= count


class Paths:
    """How much room is left for long pointers. A body of some hundred KB could ask for gigabytes of them."""

    def __init__(self) -> None:
        self._left = MAX_POINTERS

    def take(self, pointer: str) -> str:
        """The pointer. Raises PayloadTooLarge if there is no room for it."""
        if len(pointer) > SHORT_POINTER:
            self._left -= len(pointer) if pointer.isascii() else 4 * len(pointer)
            if self._left < 0:
                raise PayloadTooLarge("the keys of nested objects are too long, taken together", code="long_paths")
        return pointer


class JsonString(NamedTuple):
    """A string of a document. For an object key, `pointer` is that of its member.

    `under` is the nearest object key that a value stands under (elements of an array have their array's), "" for a key.
    """

    pointer: str
    text: str
    is_key: bool
    under: str = ""


class JsonDocument:
    """A JSON text whose strings can be replaced one by one.

    Pointers are RFC 6901 ("" is the whole document, "/messages/0/content"). Values are always those of the document
    as it came, whatever was replaced since; they are to be read, not changed.
    `max_depth` counts arrays and objects inside each other, `max_values` all values, those of JSON inside strings
    counted in, `max_nesting` JSON inside strings.
    """

    def __init__(
        self,
        body: bytes | str,
        *,
        max_depth: int = MAX_DEPTH,
        max_values: int | Allowance | None = None,
        max_nesting: int = MAX_NESTING,
    ) -> None:
        allowance = max_values if isinstance(max_values, Allowance) else Allowance(max_values)
        self._source = _decode(body, _END) if isinstance(body, bytes) else _whole(body) + _END
        scanner = _Scanner(self._source, max_depth, allowance)
        self._root = scanner.read()
        allowance.spend(len(scanner.starts))
        self._starts, self._ends = scanner.starts, scanner.ends
        self._max_depth, self._allowance, self._max_nesting = max_depth, allowance, max_nesting
        self._tokens: dict[str, str] = {}
        self._first: dict[str, str] = {}
        self._last: dict[str, str] = {}
        self._nested: dict[str, JsonDocument | None] = {}

    @property
    def text(self) -> str:
        """The document as it came."""
        return self._source[: -len(_END)]

    def value(self, pointer: str = "") -> JsonValue:
        """The plain Python value at `pointer`, strings decoded. Raises KeyError if there is none."""
        return _resolve(self._root, pointer)

    def strings(self) -> Iterator[JsonString]:
        """Every string, object keys too, in the order of the document. Raises PayloadTooLarge for endless pointers."""
        return _strings(self._root, self._allowance.paths)

    def span(self, pointer: str) -> tuple[int, int]:
        """Where the value at `pointer` stands in `text`, in code points. Raises KeyError if there is none."""
        return self._spans([pointer])[pointer]

    def spans(self, pointers: Collection[str]) -> dict[str, tuple[int, int]]:
        """As `span`, of many values in one pass."""
        return self._spans(pointers) if pointers else {}

    def replace(self, pointer: str, text: str) -> None:
        """Put `text` in place of the string at `pointer`. Raises KeyError if there is no string (a key is none)."""
        self._string(pointer)
        self._put(pointer, quote(text))

    def replace_raw(self, pointer: str, token: bytes) -> None:
        """Put a JSON text in place of the whole value at `pointer`. Raises UnreadablePayload if it isn't one."""
        self.value(pointer)
        self._put(pointer, JsonDocument(token).text)

    def prepend(self, pointer: str, token: bytes) -> None:
        """Put a JSON text before the first element of the array at `pointer`. Raises KeyError if there is no array."""
        if not isinstance(self.value(pointer), list):
            raise KeyError(pointer)
        self._first[pointer] = JsonDocument(token).text

    def append(self, pointer: str, token: bytes) -> None:
        """Put a JSON text behind the last element of the array at `pointer`. Raises KeyError if there is no array."""
        if not isinstance(self.value(pointer), list):
            raise KeyError(pointer)
        self._last[pointer] = JsonDocument(token).text

    def add(self, pointer: str, name: str, token: bytes) -> None:
        """Say `name: token` first of all in the object at `pointer`. Raises KeyError if there is none, or `name` is."""
        value = self.value(pointer)
        if not isinstance(value, dict) or name in value:
            raise KeyError(pointer)
        self._first[pointer] = f"{quote(name)}:{JsonDocument(token).text}"

    def without(self, pointer: str, names: Collection[str]) -> str:
        """The document as it came but for these members of the object at `pointer`, which are gone with their commas.

        Raises KeyError if there is no object.
        """
        members = self.value(pointer)
        if not isinstance(members, dict):
            raise KeyError(pointer)
        places = {name: pointer + step(name) for name in members}
        spans = self._spans([pointer, *places.values()])
        start, end = spans[pointer]
        begin, kept = start + 1, []
        for name, place in places.items():
            comma = _skip(self._source, spans[place][1])  # or the closing bracket
            if name not in names:
                kept.append(self._source[begin:comma])
            begin = comma + 1
        return self._source[: start + 1] + ",".join(kept) + self._source[end - 1 : -len(_END)]

    def nested(self, pointer: str) -> JsonDocument | None:
        """The string at `pointer` read as JSON itself (object, array or string); None if it isn't JSON.

        What is replaced in it finds its way into `to_bytes()` of this document. JSON that is well-formed and yet can't
        be trusted (two equal keys, too deep, half a character) raises UnreadablePayload: inspected as plain text, its
        escapes could hide what they spell. Raises KeyError if there is no string at `pointer`.
        """
        if pointer not in self._nested:
            self._nested[pointer] = self._read_nested(self._string(pointer))
        return self._nested[pointer]

    @property
    def changed(self) -> bool:
        """True if anything was replaced, here or in a nested document."""
        inside = (child for child in self._nested.values() if child is not None)
        return bool(self._tokens or self._first or self._last) or any(child.changed for child in inside)

    def to_bytes(self) -> bytes:
        """The document with the replacements made, as UTF-8."""
        return self.to_text().encode()

    def to_text(self) -> str:
        """The document with the replacements made."""
        tokens = self._tokens | self._nested_tokens()
        if not tokens and not self._first and not self._last:
            return self.text
        spans = self._spans({**tokens, **self._first, **self._last})
        end = len(self._source)
        edits = sorted(
            [
                *((*spans[at], token) for at, token in tokens.items()),
                *((spans[at][0] + 1, spans[at][0] + 1, self._led(at)) for at in self._first),
                *((spans[at][1] - 1, spans[at][1] - 1, self._followed(at)) for at in self._last),
            ],
            key=lambda edit: edit[:2],
        )
        return _splice(self._source, [*edits, (end - len(_END), end, "")])

    def _led(self, pointer: str) -> str:
        return self._first[pointer] + ("," if self.value(pointer) else "")

    def _followed(self, pointer: str) -> str:
        return ("," if self.value(pointer) or pointer in self._first else "") + self._last[pointer]

    def _spans(self, wanted: Collection[str]) -> dict[str, tuple[int, int]]:
        # Looked for anew each time: pointers that are kept would outweigh all the rest of a document of small values.
        spans: dict[str, tuple[int, int]] = {}
        self._find(self._root, _tree(wanted), 0, spans)
        if len(spans) < len(set(wanted)):
            raise KeyError("there is no such value")
        return spans

    def _find(self, value: JsonValue, wanted: _Wanted, number: int, spans: dict[str, tuple[int, int]]) -> None:
        """`number` counts the values in the order in which they begin."""
        for pointer in wanted.pointers:
            spans[pointer] = self._starts[number], self._ends[number]
        if not wanted.below or not isinstance(value, dict | list):
            return
        number += 1
        for name, child in value.items() if isinstance(value, dict) else enumerate(value):
            below = wanted.below.get(str(name))
            if below is not None:
                self._find(child, below, number, spans)
            # What follows begins behind the end of this one and of all that it holds.
            number = bisect_left(self._starts, self._ends[number]) if isinstance(child, dict | list) else number + 1

    def _string(self, pointer: str) -> str:
        value = self.value(pointer)
        if not isinstance(value, str):
            raise KeyError(pointer)
        return value

    def _put(self, pointer: str, token: str) -> None:
        self._nested[pointer] = None  # the string that was read as JSON is gone
        self._tokens[pointer] = token

    def _nested_tokens(self) -> dict[str, str]:
        return {at: quote(child.to_text()) for at, child in self._nested.items() if child is not None and child.changed}

    def _read_nested(self, text: str) -> JsonDocument | None:
        if not text.lstrip(" \t\n\r").startswith(("{", "[", '"')):
            return None
        if not self._max_nesting:
            raise UnreadablePayload("JSON inside JSON is nested too deep", code="depth_limit")
        try:
            return JsonDocument(
                text, max_depth=self._max_depth, max_values=self._allowance, max_nesting=self._max_nesting - 1
            )
        except UnreadablePayload as error:
            if error.code in _NOT_JSON:
                return None
            raise


_NOT_JSON = frozenset({"invalid_json", "trailing_garbage", "control_character", "nan"})


def quote(text: str) -> str:
    """A JSON string token with as few escapes as JSON allows. Half a surrogate pair is escaped, never written raw."""
    if len(text) <= _WINDOW:
        return _quote(text)
    return f'"{"".join(_quote(text[at : at + _WINDOW])[1:-1] for at in range(0, len(text), _WINDOW))}"'


def _quote(text: str) -> str:
    token = _escape(text)
    if token.isascii() or not _SURROGATE.search(token):
        return token
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", token)


def step(key: str | int) -> str:
    """One step of a JSON pointer, with its slash, escaped as RFC 6901 has it."""
    if isinstance(key, int):
        return f"/{key}"
    if "~" in key or "/" in key:
        key = key.replace("~", "~0").replace("/", "~1")
    return "/" + key


def _resolve(value: JsonValue, pointer: str) -> JsonValue:
    """The value at an RFC 6901 pointer. Raises KeyError if there is none."""
    for name in _steps(pointer):
        if isinstance(value, dict):
            value = value[name]
        elif isinstance(value, list) and _ORDINAL.fullmatch(name) and int(name) < len(value):
            value = value[int(name)]
        else:
            raise KeyError(pointer)
    return value


_ORDINAL = re.compile("0|[1-9][0-9]{0,9}")


def _steps(pointer: str) -> list[str]:
    if not pointer:
        return []
    if pointer[0] != "/":
        raise KeyError(pointer)
    names = pointer[1:].split("/")
    return [name.replace("~1", "/").replace("~0", "~") for name in names] if "~" in pointer else names


@dataclass(slots=True)
class _Wanted:
    """Pointers that lead here, and further down by the next step."""

    pointers: list[str] = field(default_factory=list)
    below: dict[str, _Wanted] = field(default_factory=dict)


def _tree(pointers: Iterable[str]) -> _Wanted:
    root = _Wanted()
    for pointer in pointers:
        place = root
        for name in _steps(pointer):
            place = place.below.setdefault(name, _Wanted())
        place.pointers.append(pointer)
    return root


def _strings(value: JsonValue, paths: Paths, pointer: str = "", under: str = "") -> Iterator[JsonString]:
    """Every string in `value`, object keys before their values, in order."""
    if isinstance(value, str):
        yield JsonString(pointer, value, False, under)
    elif isinstance(value, dict):
        for key, child in value.items():
            at = paths.take(pointer + step(key))
            yield JsonString(at, key, True)
            yield from _strings(child, paths, at, key)
    elif isinstance(value, list):
        for number, child in enumerate(value):
            yield from _strings(child, paths, paths.take(f"{pointer}/{number}"), under)


def _splice(text: str, edits: list[tuple[int, int, str]]) -> str:
    """`text` with each (start, end, new) put in; what lies inside an earlier, wider edit is gone."""
    pieces: list[str] = []
    done = 0
    for start, end, new in edits:
        if start < done:
            continue
        pieces += [text[done:start], new]
        done = end
    return "".join([*pieces, text[done:]])


def _decode(body: bytes, end: str) -> str:
    """The body and `end` as text, if it is UTF-8 without a byte order mark (RFC 8259 §8.1). Raises UnreadablePayload.

    Put together as bytes: as text, a body with a single emoji has four times its size, and would have it twice.
    """
    if body.startswith(b"\xef\xbb\xbf"):
        raise UnreadablePayload("the body begins with a byte order mark", code="unsupported_encoding")
    if body.startswith((b"\xff\xfe", b"\xfe\xff")) or 0 in body[:2]:
        raise UnreadablePayload("the body is not in UTF-8", code="unsupported_encoding", status=415)
    try:
        return (body + end.encode()).decode()
    except UnicodeDecodeError as error:
        raise UnreadablePayload(f"invalid UTF-8 at byte {error.start}", code="invalid_utf8") from None


def _whole(text: str) -> str:
    if not text.isascii() and any(_SURROGATE.search(text, at, at + _WINDOW) for at in range(0, len(text), _WINDOW)):
        raise UnreadablePayload("half of a surrogate pair in the text", code="lone_surrogate")
    return text


class _Scanner:
    """Reads a JSON text once: its value, and where each value in it begins and ends.

    Values are counted as they begin, so a container comes before what it holds. One match of an expression takes
    a whole member or item; a list of open containers stands in for recursion.
    """

    def __init__(self, source: str, max_depth: int, allowance: Allowance) -> None:
        if _skip(source, 0) == len(source) - len(_END):
            raise UnreadablePayload("the body is empty", code="empty")
        self.source = source
        self.starts, self.ends = array("Q"), array("Q")
        self._above: list[tuple[Any, int]] = []
        self._max_depth = max_depth
        self._allowance, self._left = allowance, allowance.left

    def read(self) -> JsonValue:
        """The whole value. Raises UnreadablePayload or PayloadTooLarge."""
        root: list[JsonValue] = []
        here: Any = root
        source, pos = self.source, 0
        while True:
            in_object = here.__class__ is dict
            match: re.Match[str] | _LongMatch | None
            match = (_MEMBER if in_object else _ITEM).match(source, pos, pos + _WINDOW)
            if match is None or match.end() >= pos + _WINDOW:  # there may be more of it
                match = _by_windows(source, pos, in_object)
            if match is None:
                _refuse_value(source, pos, in_object)
            value = self._value(match)
            if in_object:
                here[self._key(match, here)] = value
            else:
                here.append(value)
            pos = match.end()
            if match.lastindex == _OPEN:
                here = self._enter(here, value, pos)
                if source[pos] not in "]}":
                    continue
            while self._above and source[pos] == ("}" if here.__class__ is dict else "]"):
                here, pos = self._leave(pos + 1)
            if not self._above or source[pos] != ",":
                self._finish(pos)
                return root[0]
            pos += 1

    def _value(self, match: re.Match[str] | _LongMatch) -> JsonValue:
        what = match.lastindex or 0
        start, end = match.span(what)
        if what == _STRING:
            start, end = start - 1, end + 1
        self.starts.append(start)
        self.ends.append(end)
        if len(self.starts) > self._left:
            raise PayloadTooLarge(f"more than {self._allowance.values} values in one body", code="too_many_values")
        if what == _STRING:
            return self._string(start + 1, end - 1)
        if what == _NUMBER_TOKEN:
            return _number(self.source, start, end)
        if what == _OPEN:
            return [] if self.source[start] == "[" else {}
        return _WORDS[self.source[start:end]]

    def _string(self, start: int, end: int) -> str:
        """What stands between two quotes, decoded."""
        if end - start <= _WINDOW or self.source.find("\\", start, end) < 0:
            return self._decoded(start, end, start)
        return "".join(self._decoded(*window, start) for window in _windows(self.source, start, end))

    def _decoded(self, start: int, end: int, begin: int) -> str:
        """A part of the string that begins at `begin`."""
        inside = self.source[start:end]
        if "\\" not in inside:
            return inside
        text: str = _unescape(f'"{inside}"')
        if "\\u" in inside and _SURROGATE.search(text):
            _refuse(self.source, begin - 1, "lone_surrogate", "half of a surrogate pair in a string")
        return text

    def _key(self, match: re.Match[str] | _LongMatch, here: dict[str, JsonValue]) -> str:
        start, end = match.span(_KEY)
        key = self._string(start, end)
        if key in here:
            _refuse(self.source, start, "duplicate_key", "two equal keys in one object")
        return key

    def _enter(self, here: Any, value: JsonValue, pos: int) -> Any:
        self._above.append((here, len(self.starts) - 1))
        if len(self._above) > self._max_depth:
            _refuse(self.source, pos, "depth_limit", f"more than {self._max_depth} levels")
        return value

    def _leave(self, pos: int) -> tuple[Any, int]:
        here, number = self._above.pop()
        self.ends[number] = pos
        return here, _skip(self.source, pos) if self.source[pos] in " \t\n\r" else pos

    def _finish(self, pos: int) -> None:
        if self._above:
            _refuse(self.source, pos, "invalid_json", "a comma or a closing bracket is expected")
        if pos < len(self.source) - 1:
            _refuse(self.source, pos, "trailing_garbage", "something follows the document")


class _LongMatch(NamedTuple):
    """A member or an item that is longer than a window, as `re.Match` tells of it."""

    lastindex: int
    value: tuple[int, int]
    key: tuple[int, int]
    after: int

    def span(self, group: int) -> tuple[int, int]:
        """Of the key, or of the value."""
        return self.key if group == _KEY else self.value

    def end(self) -> int:
        """Where the next one may begin."""
        return self.after


def _by_windows(source: str, pos: int, in_object: bool) -> _LongMatch | None:
    """The member or item that begins at `pos`; None if none does."""
    key, pos = (pos, pos), _skip(source, pos)
    if in_object:
        key = pos + 1, _inside_end(source, pos)
        colon = _skip(source, key[1] + 1)
        if source[pos] != '"' or source[key[1]] != '"' or source[colon] != ":":
            return None
        pos = _skip(source, colon + 1)
    if source[pos] != '"':
        match = _ITEM.match(source, pos)
        return match and _LongMatch(match.lastindex or 0, match.span(match.lastindex or 0), key, match.end())
    end = _inside_end(source, pos)
    return _LongMatch(_STRING, (pos + 1, end), key, _skip(source, end + 1)) if source[end] == '"' else None


def _inside_end(source: str, quote: int) -> int:
    """The first place behind a quote that is not inside of the string: another quote, unless it is broken."""
    end = quote + 1
    while (match := _SOME_INSIDE.match(source, end, end + _WINDOW)) and match.end() > end:
        end = match.end()
    return end


def _windows(source: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """What stands between two quotes in pieces, no escape and no pair of escapes cut in two."""
    while end - start > _WINDOW:
        match = _SOME_INSIDE.match(source, start, start + _WINDOW)
        stop = match.end() if match else end
        if half := _OTHER_HALF.match(source, stop, end):
            stop = half.end()
        yield start, stop
        start = stop
    yield start, end


def _number(source: str, start: int, end: int) -> int | float:
    token = source[start:end]
    if end - start > MAX_DIGITS:
        _refuse(source, start, "number_range", f"a number of more than {MAX_DIGITS} characters")
    if token.isdigit() or token[1:].isdigit():
        return int(token)
    value = float(token)
    if math.isinf(value):
        _refuse(source, start, "number_range", "a number that is too large")
    return value


def _refuse(source: str, pos: int, code: str, what: str) -> NoReturn:
    offset = len(source[:pos].encode(errors="replace"))
    raise UnreadablePayload(f"invalid JSON at byte {offset}: {what}", code=code)


def _refuse_value(source: str, pos: int, in_object: bool) -> NoReturn:
    """Find out why no value (or no member) begins at `pos`."""
    pos = _skip(source, pos)
    if in_object:
        if source[pos] != '"':
            _refuse(source, pos, "invalid_json", "a key in double quotes is expected")
        pos = _skip(source, _check_string(source, pos))
        if source[pos] != ":":
            _refuse(source, pos, "invalid_json", "a colon is expected")
        pos = _skip(source, pos + 1)
    if source[pos] == '"':
        _check_string(source, pos)
    if _NOT_FINITE.match(source, pos):
        _refuse(source, pos, "nan", "NaN and Infinity are not JSON")
    _refuse(source, pos, "invalid_json", "a value is expected")


def _check_string(source: str, pos: int) -> int:
    """The end of the string that begins at `pos`, or the reason why it has none."""
    stop = _inside_end(source, pos)
    if source[stop] == '"':
        return stop + 1
    if stop == len(source) - 1:
        _refuse(source, stop, "invalid_json", "a string does not end")
    if source[stop] == "\\":
        _refuse(source, stop, "invalid_json", "an escape that JSON doesn't know")
    _refuse(source, stop, "control_character", "a raw control character in a string")


def _skip(source: str, pos: int) -> int:
    match = _SKIP.match(source, pos)
    return match.end() if match else pos
