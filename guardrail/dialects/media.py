"""Finds images, sound and files that travel as text, where no rail can look inside. Knows no provider and no JSON."""

from __future__ import annotations

import re

BLOB = 1_024
"""Characters of base64 from which on a run is a file rather than a key or a signature."""

_DATA_URL = re.compile(r"data:[^\s,;]{0,127}+(?:;[^\s,;]{1,127}+){0,8}?;base64,\s{0,8}+[A-Za-z0-9+/_%-]", re.IGNORECASE)
_LINES = re.compile(r"(?<![A-Za-z0-9+/_-])(?:[A-Za-z0-9+/_-]{32,}+(?:(?:\\?[\r\n]|\\[rn])[ \t]*+){0,3}+)++")
_MIXED = tuple(re.compile(letters) for letters in ("[A-Z]", "[a-z]", "[0-9]"))


def holds_media(text: str) -> bool:
    """True for a `data:` address in base64, and for a long run of base64, in one line or in many."""
    if ";base64," in text.lower() and _DATA_URL.search(text):
        return True
    return len(text) >= BLOB and any(_is_blob(match[0]) for match in _LINES.finditer(text))


def _is_blob(run: str) -> bool:
    """Sequences of bases and words without spaces have no digits, or one case only."""
    return len(run) >= BLOB and all(letters.search(run) for letters in _MIXED)
