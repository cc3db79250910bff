"""Reads the frames of a stream, which by the hundred differ in a few strings and numbers only. Knows no provider.

A frame of a new shape is read in full. From it a template is kept: the text between its string values and numbers,
word for word, keys included. A later frame that fits a template letter by letter is the same document with other
strings, so nothing that the full reader refuses can be in it: no other keys, no other depth, no NaN. What a template
can't decide by itself (half a surrogate pair, numbers of any size) is never fitted but read in full.
It is a matter of speed alone: a frame reads the same with and without a template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from guardrail.wire.jsondoc import (
    INSIDE,
    MAX_DEPTH,
    MAX_NESTING,
    JsonDocument,
    JsonString,
    JsonValue,
    decode,
    resolve,
    unescape,
)

MAX_SHAPES = 16
MAX_LEAVES = 64
MAX_LENGTH = 8_192

_Match = Callable[[str, int], re.Match[str] | None]
_INSIDE: _Match = re.compile(INSIDE).match
_SMALL_NUMBER: _Match = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,20})?+").match
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """All that two frames of a kind have in common: may be used as a key for what was learnt about one of them.

    steps    what stands before each leaf, and how the leaf reads
    tail     what stands after the last one
    leaves   the number of the leaf at a pointer
    strings  pointer and, if it is a key, text of every string in order
    """

    steps: tuple[tuple[str, int, _Match], ...]
    tail: str
    leaves: Mapping[str, int]
    strings: tuple[tuple[str, str | None], ...]

    def fit(self, text: str) -> list[tuple[int, int]] | None:
        """Where each leaf stands in `text` (strings without their quotes); None if `text` has another shape."""
        pos, spans = 0, []
        for literal, length, match in self.steps:
            if not text.startswith(literal, pos):
                return None
            found = match(text, pos + length)
            if found is None:
                return None
            spans.append(found.span())
            pos = found.end()
        return spans if text[pos:] == self.tail else None

    def is_string(self, leaf: int) -> bool:
        """True for a string, False for a number."""
        return self.steps[leaf][2] is _INSIDE


class ShapedDocument(JsonDocument):
    """A document that fits a known shape. Reads and writes like any other."""

    def __init__(self, text: str, shape: Shape, spans: list[tuple[int, int]], max_depth: int = MAX_DEPTH) -> None:
        self._begin(text, max_depth, None, MAX_NESTING)
        self.shape: Shape = shape
        self._spans = spans
        self._tree: JsonValue = None

    def value(self, pointer: str = "") -> JsonValue:
        """The plain Python value at `pointer`, strings decoded. Raises KeyError if there is none."""
        leaf = self.shape.leaves.get(pointer)
        if leaf is not None:
            return self._leaf(leaf)
        self._tree = self._tree or unescape(self.text)
        return resolve(self._tree, pointer)

    def strings(self, pointer: str = "") -> Iterator[JsonString]:
        """Every string at and below `pointer`, object keys too, in the order of the document."""
        if pointer:
            yield from super().strings(pointer)
            return
        for at, key in self.shape.strings:
            yield JsonString(at, str(self.value(at)), False) if key is None else JsonString(at, key, True)

    def span(self, pointer: str) -> tuple[int, int]:
        """Where the value at `pointer` stands in `text`, in code points. Raises KeyError if there is none."""
        leaf = self.shape.leaves.get(pointer)
        if leaf is None:
            return JsonDocument(self.text, max_depth=self._max_depth).span(pointer)
        start, end = self._spans[leaf]
        return (start - 1, end + 1) if self.shape.is_string(leaf) else (start, end)

    def _leaf(self, leaf: int) -> JsonValue:
        start, end = self._spans[leaf]
        token = self.text[start:end]
        if not self.shape.is_string(leaf):
            number: int | float = unescape(token)
            return number
        if "\\" not in token:
            return token
        return str(unescape(f'"{token}"'))


class ShapeReader:
    """Reads one frame after the other, remembering their shapes (keys and structure, no strings)."""

    def __init__(self, *, max_depth: int = MAX_DEPTH) -> None:
        self._max_depth = max_depth
        self._shapes: list[Shape] = []

    def read(self, body: bytes) -> JsonDocument:
        """The frame as a document. Raises what `JsonDocument` raises."""
        text = decode(body)
        if len(text) > MAX_LENGTH or _SURROGATE_ESCAPE.search(text):
            return self._read_in_full(text)
        for number, shape in enumerate(self._shapes):
            spans = shape.fit(text)
            if spans is not None:
                if number:
                    self._shapes.insert(0, self._shapes.pop(number))
                return ShapedDocument(text, shape, spans, self._max_depth)
        document = self._read_in_full(text)
        self._learn(document)
        return document

    def _read_in_full(self, text: str) -> JsonDocument:
        return JsonDocument(text, max_depth=self._max_depth)

    def _learn(self, document: JsonDocument) -> None:
        if len(self._shapes) < MAX_SHAPES:
            shape = _shape_of(document)
            if len(shape.steps) <= MAX_LEAVES and shape.fit(document.text) is not None:
                self._shapes.insert(0, shape)


def _shape_of(document: JsonDocument) -> Shape:
    text, done = document.text, 0
    steps: list[tuple[str, int, _Match]] = []
    leaves: dict[str, int] = {}
    for pointer in document.pointers():
        value = document.value(pointer)
        if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            quoted = isinstance(value, str)
            start, end = document.span(pointer)
            literal = text[done : start + quoted]
            leaves[pointer] = len(steps)
            steps.append((literal, len(literal), _INSIDE if quoted else _SMALL_NUMBER))
            done = end - quoted
    strings = tuple((at, key if is_key else None) for at, key, is_key in document.strings())
    return Shape(tuple(steps), text[done:], leaves, strings)
