"""Re-cases and roughens filled templates, labels kept in place: lower case, capitals, typos, scanner errors, dressing."""

from __future__ import annotations

import random
import re
import string

from training.synth.slots import Filled

_CHAT = frozenset({"patient_chat", "sms", "transcript", "portal_message", "messages", "code_mixed"})
_NO_CASE = frozenset({"hl7_or_csv", "ehr_json", "structured", "hl7"})
_SCAN = {
    "l": "1",
    "1": "l",
    "0": "O",
    "O": "0",
    "o": "0",
    "I": "l",
    "S": "5",
    "5": "S",
    "B": "8",
    "m": "rn",
    "e": "c",
    "i": "1",
}
_WORD = re.compile(r"[a-z]{4,}")


def roughen(pieces: list[Filled], lang: str, register: str, raw: bool, rng: random.Random) -> list[Filled]:
    """The same text as somebody else would have typed it."""
    pieces = _cased(pieces, lang, register, raw, rng)
    roll = rng.random()
    if not raw and register in _CHAT and roll < 0.3:
        pieces = [(words if label else _typos(words, rng), label) for words, label in pieces]
    if not raw and register in _CHAT and rng.random() < 0.12:
        pieces = [(words if label else re.sub(r"[,.'?!]", "", words), label) for words, label in pieces]
    if ("ocr" in register and roll < 0.7) or roll > 0.985:
        pieces = [(_scanned(words, rng), label) for words, label in pieces]
    if rng.random() < 0.03 and not raw:
        pieces = [(words.replace("\n", " "), label) for words, label in pieces]
    return [(words, label) for words, label in pieces if words]


def _cased(pieces: list[Filled], lang: str, register: str, raw: bool, rng: random.Random) -> list[Filled]:
    if raw or register in _NO_CASE or lang in ("zh", "ar", "hi"):
        return pieces
    lower = 0.42 if register in _CHAT else 0.13
    roll = rng.random()
    if roll < lower:
        return [(words.lower(), label) for words, label in pieces]
    if roll < lower + 0.05:
        return [(words.upper(), label) for words, label in pieces]
    if roll < lower + 0.11:
        return [
            (words.lower() if label in ("NAME", "LOCATION", "ORG_FACILITY", "ADDRESS") else words, label)
            for words, label in pieces
        ]
    if roll < lower + 0.16:
        return [(words.upper() if label == "NAME" else words, label) for words, label in pieces]
    if roll < lower + 0.18:
        return [(words if label else words.lower(), label) for words, label in pieces]
    return pieces


def _typos(words: str, rng: random.Random) -> str:
    def spoil(match: re.Match[str]) -> str:
        word = match[0]
        if rng.random() > 0.08:
            return word
        at = rng.randrange(1, len(word) - 1)
        return rng.choice(
            (
                word[:at] + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                word[:at] + word[at] + word[at:],
                word[:at] + rng.choice(string.ascii_lowercase) + word[at + 1 :],
            )
        )

    return _WORD.sub(spoil, words)


def _scanned(words: str, rng: random.Random) -> str:
    out = [(_SCAN[char] if char in _SCAN and rng.random() < 0.06 else char) for char in words]
    return "".join("" if char == " " and rng.random() < 0.01 else char for char in out)
