"""A readable view of a text, and the way back. Knows no rail: it undoes writing tricks, it does not look for anything.

Zero-width characters, soft hyphens, tag characters and bidi marks vanish; full-width, mathematical, circled and
superscript characters become plain (NFKC), digits of any script become 0-9, exotic spaces and dashes become ASCII
(EVA-02, 03, 05, 06). Escapes that somebody wrote out, as in JSON or a log pasted as text (a backslash and "n", a
backslash and "u00e9"), become what they stand for, also where they were escaped twice.
Every view character remembers the original characters it came from, so a span found
in the view covers exactly the original characters, invisible ones inside it included.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from guardrail.text import Span

_INVISIBLE: Final = frozenset(
    [
        0xAD,
        0x34F,
        0x61C,
        0x115F,
        0x1160,
        0x17B4,
        0x17B5,
        0x180E,
        0x3164,
        0xFEFF,
        0xFFA0,
        *range(0x180B, 0x180E),
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFE00, 0xFE10),
        *range(0xFFF9, 0xFFFC),
        *range(0xE0100, 0xE01F0),
    ]
)
_TAGS: Final = range(0xE0000, 0xE0080)
_DASHES: Final = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d\u30fc")
_QUOTES: Final = {"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u201b": "'", "\u201c": '"', "\u201d": '"'}

# Letters that are plain text as they are; anything else above U+007F makes a view worth building.
_ODD: Final = re.compile(r"[^\x00-\x7f\u00c0-\u0240\u0370-\u05ff\u0620-\u065f\u0671-\u06ef\u4e00-\u9fff\uac00-\ud7a3]")

_SMUDGED_NUMBER: Final = re.compile(
    r"(?<![A-Za-z0-9])(?=[0-9OolI./-]{0,12}[OolI])[0-9OolI]+(?:[./-][0-9OolI]+)*(?![A-Za-z0-9])"
)
_SMUDGED_WORD: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:[DdOo]0[BbR]|[A-Za-z]{2,}[01][A-Za-z]{2,}|[A-Za-z]{2,}1l)(?![A-Za-z0-9])"
)
# The backslashes are bounded so that a long run of them costs no more than its length.
_ESCAPE: Final = re.compile(
    r"""\\{1,8}(?:u(?P<high>[Dd][89ABab][0-9A-Fa-f]{2})\\{1,8}u(?P<low>[Dd][C-Fc-f][0-9A-Fa-f]{2})"""
    r"""|(?:u(?P<four>[0-9A-Fa-f]{4})|U(?P<eight>[0-9A-Fa-f]{8})|x(?P<two>[0-9A-Fa-f]{2}))|(?P<one>[ntr"'/]))"""
)
_CONTROLS: Final = {"n": "\n", "t": "\t", "r": "\r"}
_UNREADABLE: Final = "\ufffd"
_A_DIGIT: Final = re.compile(r"\d")
_DIGITS: Final = str.maketrans("OolI", "0011")
_LETTERS: Final = str.maketrans("01", "ol")


@dataclass(frozen=True, slots=True)
class View:
    """`text` as it reads; its character i stands for the original `starts[i]` to `ends[i]` (None: unchanged)."""

    text: str
    starts: list[int] | None = None
    ends: list[int] | None = None

    def original(self, start: int, end: int) -> Span:
        """The original range of a non-empty range of the view."""
        if self.starts is None or self.ends is None:
            return Span(start, end)
        return Span(self.starts[start], self.ends[end - 1])

    def at(self, offset: int) -> int:
        """The view offset of the first view character that begins at or after an original offset."""
        if self.starts is None:
            return offset
        return next((at for at, start in enumerate(self.starts) if start >= offset), len(self.text))


def view(text: str) -> View:
    """The readable view of `text`; costs nothing for plain text."""
    if not _is_written_oddly(text):
        return View(text)
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for char, start, end in _characters(text):
        plain = char if char < "\x7f" else _plain(char)
        out.append(plain)
        starts.extend([start] * len(plain))
        ends.extend([end] * len(plain))
    return View("".join(out), starts, ends)


def _is_written_oddly(text: str) -> bool:
    if not text.isascii() and _ODD.search(text):
        return True
    return "\\" in text and bool(_ESCAPE.search(text))


def _characters(text: str) -> Iterator[tuple[str, int, int]]:
    """Each character and where it is written; a written-out escape is one character."""
    at = 0
    for match in _ESCAPE.finditer(text) if "\\" in text else ():
        yield from ((text[here], here, here + 1) for here in range(at, match.start()))
        yield _escaped(match), match.start(), match.end()
        at = match.end()
    yield from ((text[here], here, here + 1) for here in range(at, len(text)))


def _escaped(match: re.Match[str]) -> str:
    """What the escape stands for; half a pair and numbers beyond Unicode stand for nothing that can be read."""
    if match["one"]:
        return _CONTROLS.get(match["one"], match["one"])
    if match["high"]:
        return chr(0x10000 + ((int(match["high"], 16) & 0x3FF) << 10) + (int(match["low"], 16) & 0x3FF))
    code = int(match["four"] or match["eight"] or match["two"], 16)
    return _UNREADABLE if 0xD800 <= code < 0xE000 or code > 0x10FFFF else chr(code)


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    """One character as a reader takes it; "" if a reader can't see it. Depends on the character alone."""
    code = ord(char)
    if code in _INVISIBLE:
        return ""
    if code in _TAGS:  # tag characters mirror ASCII; a model reads them
        return chr(code - 0xE0000) if 0xE0020 <= code < 0xE007F else ""
    if char in _DASHES:
        return "-"
    if char in _QUOTES:
        return _QUOTES[char]
    if char.isspace():
        return "\n" if char in "\x85\u2028\u2029" else " "
    return "".join(_digit(part) for part in unicodedata.normalize("NFKC", char) if ord(part) not in _INVISIBLE)


def unsmudged(text: str) -> str:
    """The text with what scanners confuse put right, character for character: `O1/l2/l958`, `Pat1ent` (EVA-04)."""
    if not _A_DIGIT.search(text):
        return text
    text = _SMUDGED_NUMBER.sub(lambda match: _to_digits(match[0]), text)
    return _SMUDGED_WORD.sub(lambda match: match[0].translate(_LETTERS), text)


def _to_digits(token: str) -> str:
    """Only where real digits say that a number is meant: "O2" and "I/O" stay."""
    return token.translate(_DIGITS) if sum(char.isdigit() for char in token) >= 2 else token


def _digit(char: str) -> str:
    value = unicodedata.digit(char, None) if char > "\x7f" else None
    return char if value is None else str(value)
