"""JSON texts of every spelling, made from a seed, each together with what is known about it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from guardrail.errors import UnreadablePayload
from guardrail.wire.jsondoc import JsonDocument, JsonValue, step

LETTERS = [*'abc "\\/\n\t\0\x1f\x7f{}[]:,', "é", "ß", "\u2028", "\u2029", "中", "😀", "\ufeff", "\ue000", "\uffff"]
NUMBERS = [
    "0",
    "-0",
    "7",
    "-0.0",
    "1.10",
    "1E5",
    "2e-7",
    "1e-400",
    "9007199254740993",
    "1" * 30,
    "0.1000000000000000055",
]
WORDS = ["true", "false", "null"]
SPACES = ["", "", "", " ", "\n", "\t", "\r\n  "]
SHORT = {'"': '\\"', "\\": "\\\\", "/": "\\/", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass
class Made:
    """A document as the pieces it was written in. `strings` says which piece is the string at a pointer."""

    pieces: list[str] = field(default_factory=list)
    strings: dict[str, int] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        return "".join(self.pieces).encode()

    def having(self, tokens: dict[int, str]) -> bytes:
        """The same document with other tokens in some of its pieces."""
        return "".join(tokens.get(number, piece) for number, piece in enumerate(self.pieces)).encode()


class Writer:
    """Writes one document of about `size` values. With `twin`, one object in it gets two equal keys."""

    def __init__(self, seed: int, size: int, twin: bool = False) -> None:
        self.random = random.Random(seed)
        self.left = size
        self.twin = twin
        self.made = Made()

    def document(self) -> Made:
        self.space()
        self.object("", 0) if self.twin else self.value("", 0)
        self.space()
        return self.made

    def value(self, at: str, depth: int) -> None:
        self.left -= 1
        kind = self.random.random()
        if depth < 6 and self.left > 0 and (kind < 0.4 or depth == 0):
            self.random.choice([self.object, self.array])(at, depth)
        elif kind < 0.75:
            self.made.strings[at] = len(self.made.pieces)
            self.write(self.spell(self.words()))
        elif kind < 0.9:
            self.write(self.random.choice(NUMBERS))
        else:
            self.write(self.random.choice(WORDS))

    def object(self, at: str, depth: int) -> None:
        keys = list({self.words(): None for _ in range(self.random.randint(0, 4))})
        if self.twin and (depth == 3 or self.random.random() < 0.4):
            self.twin = False
            keys = keys or ["content"]
            keys.insert(self.random.randint(0, len(keys)), self.random.choice(keys))
        elif self.twin:
            keys = keys or ["messages"]
        self.write("{")
        for number, key in enumerate(keys):
            self.write("," if number else "")
            self.space()
            self.write(self.spell(key))
            self.space()
            self.write(":")
            self.space()
            inside = at + "/" + key.replace("~", "~0").replace("/", "~1")
            if self.twin and number == len(keys) - 1:
                self.object(inside, depth + 1)
            else:
                self.value(inside, depth + 1)
            self.space()
        self.space()
        self.write("}")

    def array(self, at: str, depth: int) -> None:
        self.write("[")
        for number in range(self.random.randint(0, 4)):
            self.write("," if number else "")
            self.space()
            self.value(f"{at}/{number}", depth + 1)
            self.space()
        self.space()
        self.write("]")

    def words(self) -> str:
        return "".join(self.random.choices(LETTERS, k=self.random.randint(0, 6)))

    def spell(self, text: str) -> str:
        """A JSON string for `text`, each character in one of the ways that JSON has for it."""
        return '"' + "".join(self.letter(letter) for letter in text) + '"'

    def letter(self, letter: str) -> str:
        ways = [escaped(letter)]
        if letter not in '"\\' and letter >= " ":
            ways += [letter, letter]
        if letter in SHORT:
            ways += [SHORT[letter]]
        return self.random.choice(ways)

    def space(self) -> None:
        self.write(self.random.choice(SPACES))

    def write(self, piece: str) -> None:
        self.made.pieces.append(piece)


def escaped(letter: str) -> str:
    """One character as `\\uXXXX`, or as a pair of them."""
    units = letter.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02X}" for at in range(0, len(units), 2))


SPOILERS = [
    "",
    '"',
    "\\",
    ",",
    ":",
    "{",
    "}",
    "[",
    "]",
    "0",
    "-",
    ".",
    "e9",
    "1e999",
    "NaN",
    "-Infinity",
    "tru",
    "\0",
    "\n",
]
SPOILERS += [
    "\\u",
    "\\ud800",
    "\\udc00\\ud800",
    "\\ud83d\\ude00",
    '"a":1,',
    "//",
    "'",
    "\ufeff",
    "\u00a0",
    "\x0b",
    "é",
    "+1",
    "01",
]


def spoiled(body: bytes, seed: int) -> bytes:
    """The body with a few letters of its text taken out or put in: perhaps still JSON, perhaps not."""
    chance = random.Random(seed)
    text = body.decode()
    for _ in range(chance.randint(1, 2)):
        at = chance.randint(0, len(text))
        text = text[:at] + chance.choice(SPOILERS) + text[at + chance.choice([0, 0, 1, 2]) :]
    raw = text.encode()
    at = chance.randint(0, len(raw))
    return (
        raw if chance.random() < 0.9 else raw[:at] + chance.choice([b"\xff", b"\xc0\xaf", b"\xed\xa0\x80"]) + raw[at:]
    )


def read(reader: Callable[[bytes], JsonDocument], body: bytes) -> tuple[object, ...]:
    """All that can be known of a body: its value (`repr` tells 1 from 1.0 and True), or how it is refused."""
    try:
        document = reader(body)
    except UnreadablePayload as error:
        return None, error.code, error.message
    spans = [(at, document.span(at)) for at in pointers(document.value())]
    assert document.spans([at for at, _ in spans]) == dict(spans)
    values = [repr(document.value(at)) for at, _ in spans]
    assert document.to_bytes() == body
    return repr(document.value()), values, list(document.strings()), spans


def pointers(value: JsonValue, pointer: str = "") -> Iterator[str]:
    """The pointer of every value, a container before what it holds."""
    yield pointer
    if isinstance(value, dict):
        for key, child in value.items():
            yield from pointers(child, pointer + step(key))
    elif isinstance(value, list):
        for number, child in enumerate(value):
            yield from pointers(child, f"{pointer}/{number}")
