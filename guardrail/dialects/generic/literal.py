"""JSON that a policy writes out, with holes for our own words: `{output: {text: "{text}"}}`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from guardrail.wire.jsondoc import JsonValue, step

HOLE = re.compile(r"\{[a-z]+\}")


@dataclass(frozen=True, slots=True)
class Literal:
    """An object. A string that is nothing but a hole (`"{text}"`) stands for what is put there."""

    value: Mapping[str, JsonValue]

    def fill(self, **words: JsonValue) -> dict[str, JsonValue]:
        """The object with what belongs into its holes; one that nothing is known for becomes null."""
        filled = _fill(dict(self.value), words)
        assert isinstance(filled, dict)
        return filled

    def holes(self) -> dict[str, list[str]]:
        """The pointers of every hole, by its name."""
        found: dict[str, list[str]] = {}
        for pointer, name in _holes(dict(self.value), ""):
            found.setdefault(name, []).append(pointer)
        return found

    def pointer(self, hole: str) -> str:
        """Where the first hole of this name is. Raises KeyError if there is none."""
        return self.holes()[hole][0]


def _fill(value: JsonValue, words: Mapping[str, JsonValue]) -> JsonValue:
    if isinstance(value, dict):
        return {key: _fill(below, words) for key, below in value.items()}
    if isinstance(value, list | tuple):
        return [_fill(below, words) for below in value]
    if isinstance(value, str) and HOLE.fullmatch(value):
        return words.get(value[1:-1])
    return value


def _holes(value: JsonValue, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _holes(below, at + step(key))
    elif isinstance(value, list | tuple):
        for number, below in enumerate(value):
            yield from _holes(below, f"{at}/{number}")
    elif isinstance(value, str) and HOLE.fullmatch(value):
        yield at, value[1:-1]
