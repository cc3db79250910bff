"""The reader of word pieces: one small network for all languages.

Its pieces lie close to each other where they mean the same, in whatever language: where they lie comes from Google's
multilingual sentence encoder (docs/assessment-model.md), so a word that no training line held is read by its
neighbours. Pure; opens no socket, keeps no text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from guardrail.rails.data.devanagari import CONSONANTS, FOLLOWED, MARKS, VOWELS

Floats = NDArray[np.float32]
Codes = NDArray[np.int64]

READ: Final = 480
"""Code points of a text: half from its beginning, half from its end."""
MOST: Final = 160
_SPACE: Final = "\u2581"
_UNKNOWN: Final = 0
_MARK: Final = re.compile("[\u0640\u064b-\u0655\u200b-\u200f]")
_DEVANAGARI: Final = re.compile("[\u0900-\u097f]")


def plain(text: str) -> str:
    """As the pieces are written: compatible forms made one, lower case, Devanagari in Latin letters as it is typed."""
    if len(text) > READ:
        text = f"{text[: READ // 2]} {text[-READ // 2 :]}"
    if text.isascii():
        return text.lower()
    text = _MARK.sub("", unicodedata.normalize("NFKC", text)).lower()
    return _romanised(text) if _DEVANAGARI.search(text) else text


def _romanised(text: str) -> str:
    """The inherent vowel is written within a word and silent at its end."""
    out = []
    for at, letter in enumerate(text):
        if letter in CONSONANTS:
            out.append(CONSONANTS[letter])
            if text[at + 1 : at + 2] in FOLLOWED:
                out.append("a")
        else:
            out.append(VOWELS.get(letter) or MARKS.get(letter, letter))
    return "".join(out)


class Pieces:
    """The vocabulary. A word is a piece, or the longest pieces from its left."""

    def __init__(self, names: Sequence[str]) -> None:
        self._known: Mapping[str, int] = {name: number for number, name in enumerate(names, 1)}
        self._longest: dict[str, int] = {}
        for name in names:
            self._longest[name[0]] = max(len(name), self._longest.get(name[0], 1))

    def numbers(self, text: str) -> list[int]:
        """At most `MOST` numbers from 1, 0 for a letter that is in no piece; never empty."""
        found: list[int] = []
        for word in plain(text).split():
            whole = self._known.get(_SPACE + word)
            found += self._split(_SPACE + word) if whole is None else [whole]
            if len(found) >= MOST:
                break
        return found[:MOST] or [_UNKNOWN]

    def _split(self, word: str) -> list[int]:
        found, at = [], 0
        while at < len(word):
            number, length = self._next(word, at)
            found.append(number)
            at += length
        return found

    def _next(self, word: str, at: int) -> tuple[int, int]:
        for end in range(min(len(word), at + self._longest.get(word[at], 1)), at, -1):
            number = self._known.get(word[at:end])
            if number is not None:
                return number, end - at
        return _UNKNOWN, 1


class Reader:
    """Two convolutions over the pieces, what they say pooled, and the concepts that the tables of words see."""

    def __init__(self, arrays: Mapping[str, Any]) -> None:
        self._pieces = Pieces(bytes(arrays["pieces"]).decode("utf-8").split("\n"))
        self._rows, self._scales = nibbles(arrays["rows"]), arrays["rows_scale"].astype(np.float32)
        named = [name.removesuffix("_scale") for name in arrays if name.endswith("_scale") and name != "rows_scale"]
        self._of: dict[str, Floats] = {
            name: arrays[name] * arrays[f"{name}_scale"].astype(np.float32)[:, None] for name in named
        }
        self._add: dict[str, Floats] = {
            name: arrays[name].astype(np.float32) for name in arrays if name.endswith(("_b", "_g"))
        }

    def scores(self, text: str, concepts: Iterable[int]) -> Floats:
        """What stands before the chances: one number an output. `concepts`: their numbers."""
        numbers = np.array(self._pieces.numbers(text), np.int64)
        x = self._rows[numbers] * self._scales[numbers, None]
        x = self._norm(self._through("into", x), "into")
        for name in ("near", "far"):
            x = self._norm(x + np.maximum(self._through(name, _windows(x)), 0), name)
        weights = self._through("look", x)
        weights = np.exp(weights - weights.max(axis=0))
        weights /= weights.sum(axis=0)
        pooled = np.concatenate([(weights.T @ x).ravel(), x.mean(axis=0), x.max(axis=0)])
        hidden = self._through("hidden", pooled) + self._of["concepts"][list(concepts)].sum(axis=0)
        return self._through("out", np.maximum(hidden, 0))

    def _through(self, name: str, x: Floats) -> Floats:
        result: Floats = x @ self._of[name].T + self._add[f"{name}_b"]
        return result

    def _norm(self, x: Floats, name: str) -> Floats:
        x = x - x.mean(axis=1, keepdims=True)
        x /= np.sqrt((x * x).mean(axis=1, keepdims=True) + 1e-5)
        return x * self._add[f"{name}_norm_g"] + self._add[f"{name}_norm_b"]


def _windows(x: Floats) -> Floats:
    """Each row with the one before and the one after it."""
    padded = np.pad(x, ((1, 1), (0, 0)))
    return np.concatenate([padded[:-2], padded[1:-1], padded[2:]], axis=1)


def nibbles(packed: NDArray[np.uint8]) -> NDArray[np.int8]:
    """Rows of two numbers a byte, from -7 to 7."""
    rows = np.stack([packed & 15, packed >> 4], axis=-1).astype(np.int8) - 8
    return rows.reshape(len(packed), -1)
