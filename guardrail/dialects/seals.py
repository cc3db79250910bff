"""What a provider sealed for itself, and what only wears the clothes of a seal. Knows no provider and no JSON.

A seal is random in base64: each of the 64 signs is as likely as any other, wherever it stands. Words and numbers are
not: letters of one case stand together, so do digits. What is refused here is so rare among random signs that a seal of
a million characters is refused by chance less than once in half a million (tests/dialects/test_seals.py counts it).
"""

from __future__ import annotations

import base64
from typing import Final

WINDOW: Final = 64
"""Signs that are looked at together; no seal is shorter."""
STEP: Final = 16
ALIKE: Final = 56
"""Of the 63 neighbours in a window, how many of one kind make words. Random signs have 26, give or take 4."""
RUN: Final = 40
"""So many signs without one change of kind are words in any case."""
SHAPES: Final = ("ddd-dd-dddd", "dddd-dd-dd", "dd-dd-dddd", "ddd-ddd-dddd", "dddd-dddd-dddd", "dddddddddddd")
"""Numbers of people and dates, between two signs that are neither letter nor digit (`-` stands for any of these)."""


def reads(sealed: str) -> bool:
    """True for base64 of a text, and for words or somebody's number in signs of base64: neither is a seal."""
    return text_in(sealed) is not None or _in_plain_sight(sealed)


def text_in(sealed: str) -> str | None:
    """What is said in base64; None if it is nothing to read."""
    try:
        return base64.urlsafe_b64decode(sealed.translate(_URL_SAFE) + "==").decode() or None
    except ValueError:  # no base64, or no UTF-8
        return None


def _in_plain_sight(sealed: str) -> bool:
    kinds = sealed.encode("ascii", "replace").translate(_KINDS).replace(_MARK + _UPPER, _MARK + _INITIAL)
    alike = _alike(kinds)
    return (
        b"\1" * (RUN - 1) in alike
        or any(alike.count(1, at, at + WINDOW - 1) >= ALIKE for at in range(0, len(alike), STEP))
        or any(shape in b"%b%b%b" % (_MARK, kinds, _MARK) for shape in _SHAPES)
    )


def _alike(kinds: bytes) -> bytes:
    """For each two neighbours 1 if they are of one kind, else 0; a mark goes with any. One step: seals are long."""
    both = int.from_bytes(kinds[1:]) & int.from_bytes(kinds[:-1])
    return both.to_bytes(max(0, len(kinds) - 1)).translate(_ANY)


_URL_SAFE: Final = str.maketrans("+/", "-_")
_LOWER, _UPPER, _INITIAL, _DIGIT, _MARK = b"\1", b"\2", b"\3", b"\4", b"\7"  # what goes together has a bit in common
_KINDS: Final = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=?",
    _UPPER * 26 + _LOWER * 26 + _DIGIT * 10 + _MARK * 4 + b"\0" * 2,
)
_ANY: Final = bytes([0, *[1] * 255])
_SHAPES: Final = tuple(f"-{shape}-".encode().translate(bytes.maketrans(b"d-", _DIGIT + _MARK)) for shape in SHAPES)
