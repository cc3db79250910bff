"""The fast way through a stream: frames that equal an earlier one but for their words.

Most frames of a stream differ only in one string (and in random padding, a count, or the second they were made in).
Once such a frame has been read in full, the bytes around these holes are kept; a later frame that equals them outside
of one JSON token a hole has the same structure by construction, so nothing of it needs to be read again.
Anything else takes the full way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from guardrail.events import Delta
from guardrail.wire.jsondoc import JsonDocument, quote

# A JSON string token without escaped surrogates: half a pair is refused, and only the full way can tell.
_ESCAPE = r'\\(?:["\\/bfnrt]|u(?![dD][89a-fA-F])[0-9a-fA-F]{4})'
_TOKEN = re.compile(rf'"([^"\\\x00-\x1f]*+(?:{_ESCAPE}[^"\\\x00-\x1f]*+)*+)"')
PADDING = re.compile(r'"[A-Za-z0-9]{0,64}+"')
SECONDS = re.compile(r"(?:0|[1-9][0-9]{0,11})(?![0-9.eE])")
"""Also any other count: a sequence number."""
TIMESTAMP = re.compile(r'"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,20}(?:Z|[+-][0-9]{2}:[0-9]{2})"')

Hole = re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Template:
    """A frame with holes. `parts` is the text around them, `holes` what fits in; the hole at `words` is the string.

    `pointers` says where each hole is.
    `came` is the name that the framing gave it, `name` the one that it is written with.
    """

    delta: Delta
    lane: str | None
    parts: tuple[str, ...]
    holes: tuple[Hole, ...]
    words: int
    pointers: tuple[str, ...]
    name: str | None = None
    came: str | None = None

    def read(self, text: str) -> tuple[str, tuple[str, ...]] | None:
        """The string in this frame and the tokens of its holes; None if the frame isn't of this form."""
        position, tokens, found = 0, [], ""
        for number, (part, hole) in enumerate(zip(self.parts, self.holes, strict=False)):
            if not text.startswith(part, position):
                return None
            match = hole.match(text, position + len(part))
            if match is None:
                return None
            if number == self.words:
                found = match[1]
            tokens.append(match[0])
            position = match.end()
        if text[position:] != self.parts[-1]:
            return None
        return (json.loads(tokens[self.words]) if "\\" in found else found), tuple(tokens)

    def write(self, tokens: tuple[str, ...], text: str) -> bytes:
        """The frame with another string in it."""
        pieces = [self.parts[0]]
        for number, (token, part) in enumerate(zip(tokens, self.parts[1:], strict=True)):
            pieces += [quote(text) if number == self.words else token, part]
        return "".join(pieces).encode()


def learn(
    document: JsonDocument,
    pointer: str,
    delta: Delta,
    lane: str | None,
    name: str | None = None,
    others: Mapping[str, Hole] | None = None,
) -> Template:
    """The form of a frame whose only words are the string at `pointer`. `others` may differ too, if they are there."""
    found = ((pointer, _TOKEN), *_present(document, others or {}))
    holes = sorted((*document.span(at), at, hole) for at, hole in found)
    parts, done = [], 0
    for start, end, _, _ in holes:
        parts.append(document.text[done:start])
        done = end
    parts.append(document.text[done:])
    pointers = tuple(at for _, _, at, _ in holes)
    fits = tuple(hole for _, _, _, hole in holes)
    return Template(delta, lane, tuple(parts), fits, pointers.index(pointer), pointers, name)


def _present(document: JsonDocument, others: Mapping[str, Hole]) -> Iterator[tuple[str, Hole]]:
    for pointer, hole in others.items():
        try:
            span = document.span(pointer)
        except KeyError:
            continue
        if hole.fullmatch(document.text, *span):
            yield pointer, hole
