"""What the assessment model reads of a text: hashed words, word pairs and letter groups. Pure and linear.

The same in training and at run time; a change here needs a new training (`make -C training assess`).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import numpy as np
from numpy.typing import NDArray

from guardrail.rails.fold import fold

Buckets = NDArray[np.int64]
_Hashes = NDArray[np.uint32]

BUCKETS: Final = 1 << 16
MAX_WORDS: Final = 320
"""Of one text: the first and the last words are read, where people say what they want."""

_MARKS: Final = re.compile("[\u0300-\u036f\u064b-\u0655]")
_WORD: Final = re.compile(
    r"[\u3400-\u9fff]{1,24}|[\u0900-\u097f]+|\d+(?:[.,:/]\d+)*|[^\W\d_\u3400-\u9fff]+(?:'[^\W\d_]+)*|[?!]"
)
_DIGITS: Final = re.compile(r"\d")
_ZEROS: Final = str.maketrans("123456789", "0" * 9)
_LONGEST: Final = 24
_GRAMS: Final = (3, 4, 5)
_OPEN, _CLOSE = ord("<"), ord(">")
_FIRST_HAN, _LAST_HAN = 0x3400, 0x9FFF

# A polynomial over code points, modulo 2**32. The base is odd, so that it can be divided by.
_BASE: Final = 0x01000193
_INVERSE: Final = pow(_BASE, -1, 1 << 32)
_WIDTH: Final = MAX_WORDS * (_LONGEST + 2)
with np.errstate(over="ignore"):
    _POWERS: Final = np.cumprod(np.r_[1, np.full(_WIDTH - 1, _BASE)].astype(np.uint32), dtype=np.uint32)
    _INVERSES: Final = np.cumprod(np.r_[1, np.full(_WIDTH - 1, _INVERSE)].astype(np.uint32), dtype=np.uint32)
    _SALT: Final = np.uint32(0x9E3779B1)
    _EDGE: Final = np.array([_SALT])
    _SALTS: Final = np.arange(1, 8, dtype=np.uint32) * _SALT


def words(text: str) -> list[str]:
    """The words that count: lower case, no accents, digits as 0, Chinese in runs; from the beginning and the end."""
    plain = fold(text).text
    if not plain.isascii():
        plain = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", plain)))
        found = [_DIGITS.sub("0", word)[:_LONGEST] for word in _WORD.findall(plain)]
    else:  # a digit more or less splits no word here: all at once
        found = [word[:_LONGEST] for word in _WORD.findall(plain.translate(_ZEROS))]
    if len(found) > MAX_WORDS:
        half = MAX_WORDS // 2
        found = [*found[:half], *found[-half:]]
    return found


def features(text: str) -> Buckets:
    """Bucket numbers, each as often as it occurs; empty for a text without words."""
    found = words(text)
    if not found:
        return np.zeros(0, np.int64)
    marked = np.frombuffer(f"<{'><'.join(found)}>".encode("utf-32-le"), np.uint32)
    edges = np.zeros(len(found) + 1, np.int64)
    np.cumsum([len(word) + 2 for word in found], out=edges[1:])
    whole = _whole(marked, edges[:-1], edges[1:])
    between = np.concatenate((_EDGE, whole, _EDGE))
    pairs = between[:-1] * _SALT + between[1:]
    parts = [whole, pairs, *(_grams(marked, size) for size in _GRAMS), *_han(marked)]
    salts = np.repeat(_SALTS, [len(part) for part in parts])
    return _bucket(np.concatenate(parts) + salts)


def _whole(marked: _Hashes, starts: Buckets, ends: Buckets) -> _Hashes:
    """A hash of each word, wherever it stands."""
    sums = np.zeros(len(marked) + 1, np.uint32)
    np.cumsum(marked * _POWERS[: len(marked)], dtype=np.uint32, out=sums[1:])
    hashes: _Hashes = (sums[ends] - sums[starts]) * _INVERSES[starts]
    return hashes


def _grams(marked: _Hashes, size: int) -> _Hashes:
    """Groups of letters within a word and its marks."""
    count = len(marked) - size + 1
    if count <= 0:
        return np.zeros(0, np.uint32)
    hashes = np.zeros(count, np.uint32)
    within = np.ones(count, bool)
    for at in range(size):
        letters = marked[at : at + count]
        hashes = hashes * np.uint32(_BASE) + letters
        within &= (letters != _CLOSE) if at < size - 1 else True
    return hashes[within]


def _han(marked: _Hashes) -> tuple[_Hashes, _Hashes]:
    """Chinese characters, alone and in pairs: there the words are that short."""
    here = (marked >= _FIRST_HAN) & (marked <= _LAST_HAN)
    both = here[:-1] & here[1:]
    return marked[here], (marked[:-1] * np.uint32(_BASE) + marked[1:])[both]


def _bucket(mixed: _Hashes) -> Buckets:
    """Murmur3's last step, so that the low bits depend on all."""
    mixed ^= mixed >> np.uint32(16)
    mixed *= np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    mixed *= np.uint32(0xC2B2AE35)
    mixed ^= mixed >> np.uint32(16)
    return (mixed % np.uint32(BUCKETS)).astype(np.int64)
