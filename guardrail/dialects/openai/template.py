"""The fast way through a stream: frames that equal an earlier one but for their words.

Most frames of a stream differ only in one string (and in random padding). Once such a frame has been read in full, the
bytes around its string are kept; a later frame that equals them outside of one JSON string token has the same structure
by construction, so nothing of it needs to be read again. Anything else takes the full way.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from guardrail.events import Delta
from guardrail.wire.jsondoc import JsonDocument, quote

# A JSON string token without escaped surrogates: half a pair is refused, and only the full way can tell.
_ESCAPE = r'\\(?:["\\/bfnrt]|u(?![dD][89a-fA-F])[0-9a-fA-F]{4})'
_TOKEN = re.compile(rf'"([^"\\\x00-\x1f]*+(?:{_ESCAPE}[^"\\\x00-\x1f]*+)*+)"')
_PADDING = re.compile(r'"[A-Za-z0-9]{0,64}+"')


@dataclass(frozen=True, slots=True)
class Template:
    """A frame with holes. `parts` is the text around them; the hole at `words` is the string, the other one padding."""

    delta: Delta
    lane: str | None
    parts: tuple[str, ...]
    words: int

    def read(self, text: str) -> tuple[str, tuple[str, ...]] | None:
        """The string in this frame and the tokens of its holes; None if the frame isn't of this form."""
        position, tokens, found = 0, [], ""
        for number, part in enumerate(self.parts[:-1]):
            if not text.startswith(part, position):
                return None
            match = (_TOKEN if number == self.words else _PADDING).match(text, position + len(part))
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


def learn(document: JsonDocument, pointer: str, delta: Delta, lane: str | None) -> Template:
    """The form of a frame whose only words are the string at `pointer`."""
    top = document.value()
    padding = ["/obfuscation"] if isinstance(top, dict) and isinstance(top.get("obfuscation"), str) else []
    holes = sorted((*document.span(at), at) for at in (pointer, *padding))
    parts, done = [], 0
    for start, end, _ in holes:
        parts.append(document.text[done:start])
        done = end
    parts.append(document.text[done:])
    return Template(delta, lane, tuple(parts), [at for _, _, at in holes].index(pointer))
