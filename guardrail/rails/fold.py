# ruff: noqa: RUF001 - the letters of other scripts are the point
"""One spelling for words that can be written in many: case, quotes, look-alikes, hidden characters, markdown.

A rail searches the folded text and reports spans of the original; `Folded` keeps the way back.
Knows no rail and no language.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from guardrail.text import Span

# Characters that look like a Latin letter and are used to slip past word lists (UTS 39 confusables, the common part).
_LOOKALIKES = dict(zip("АВЕЅІЈКМНОРСТХУаеѕіјорсхуΑΒΕΙΚΜΝΟΡΤΧ", "ABESIJKMHOPCTXYaesijopcxyABEIKMNOPTX", strict=True))
_QUOTES = dict.fromkeys("‘’‚‛ʼ′`´", "'") | dict.fromkeys("“”„‟″", '"')
_SPACES = dict.fromkeys(
    "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t", " "
)
_FULLWIDTH = {chr(0xFF01 + i): chr(0x21 + i) for i in range(94) if chr(0xFF01 + i) not in "，：；！？（）"}
_PLAIN: Final = MappingProxyType(str.maketrans(_QUOTES | _SPACES | _FULLWIDTH | {"İ": "i", "‑": "-", "‐": "-"}))
_LATIN: Final = MappingProxyType(str.maketrans(_LOOKALIKES))

# Written but not seen, or seen as markup only: left out of the folded text.
_HIDDEN = (
    "\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\u034f\u061c\u180e\ufe00-\ufe0f\u0640"
    "\U000e0000-\U000e007f"
)
_DROPPED: Final = re.compile(
    rf"[{_HIDDEN}]+|(?<!\w)[*_]{{1,3}}(?=[^\s*_])|(?<=[^\s*_])[*_]{{1,3}}(?!\w)|</?(?:b|i|em|strong|u|span)>"
)
_NBSP: Final = re.compile(r"&nbsp;|&#160;|&#xa0;", re.IGNORECASE)
_MIXED: Final = re.compile(r"[А-Яа-яІіЅѕЈјΑ-Ω]")
_NATIVE: Final = re.compile(r"[А-Яа-яІіЅѕЈјΑ-Ωα-ω]{2}")


@dataclass(frozen=True, slots=True)
class Folded:
    """The folded text and, piece by piece, where each piece was in the original."""

    text: str
    starts: tuple[int, ...] = ()  # where pieces begin in the folded text
    shifts: tuple[int, ...] = ()  # what to add there to come back to the original

    def at(self, index: int) -> int:
        """The original position of the folded code point at `index`."""
        return index + self.shifts[bisect_right(self.starts, index) - 1] if self.starts else index

    def span(self, start: int, end: int) -> Span:
        """The original range of the folded range; hidden characters inside belong to it."""
        return Span(self.at(start), self.at(end - 1) + 1) if end > start else Span(self.at(start), self.at(start))


def fold(text: str) -> Folded:
    """Lower case, straight quotes, plain spaces, look-alikes as Latin, markup and hidden characters gone. Linear."""
    plain = text if text.isascii() else _plain(text)
    kept = _keep(plain)
    return Folded(plain.lower()) if kept is None else kept


def _plain(text: str) -> str:
    """Same length, other characters. A letter is taken for a Latin look-alike only where it stands alone among "
    "Latin ones."""
    text = text.translate(_PLAIN)
    if _MIXED.search(text) and (text.count(" ") == 0 or not _NATIVE.search(text)):
        return text.translate(_LATIN)
    return _LONE.sub(lambda m: m[0].translate(_LATIN), text) if _MIXED.search(text) else text


# one look-alike inside or beside Latin letters, or a lone Cyrillic or Greek "I" before a Latin word
_LONE: Final = re.compile(r"(?<=[A-Za-z])[А-Яа-яІіЅѕЈјΑ-Ω]|[А-Яа-яІіЅѕЈјΑ-Ω](?=[A-Za-z])|\b[ІΙі](?=[' ]+[A-Za-z])")


def _keep(plain: str) -> Folded | None:
    """The text without what `_DROPPED` matches, or None if nothing is dropped (the usual case)."""
    if "&" in plain:
        # an entity is one space; its other characters are dropped
        plain = _NBSP.sub(lambda m: " " + "\u200b" * (len(m[0]) - 1), plain)
    if plain.isascii() and not any(mark in plain for mark in "*_<"):
        return None
    pieces, starts, shifts, done, length = [], [], [], 0, 0
    for match in _DROPPED.finditer(plain):
        starts.append(length)
        shifts.append(done - length)
        pieces.append(plain[done : match.start()])
        length += match.start() - done
        done = match.end()
    if not done:
        return None
    pieces.append(plain[done:])
    return Folded("".join(pieces).lower(), (*starts, length), (*shifts, done - length))
