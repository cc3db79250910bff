"""Finds canaries in bytes, however they are spelled. Knows the shape of a canary and nothing of the product.

Wider than what the product promises to undo: it looks at the bytes as they are and at six decodings of them, each
without what can't be seen and without separators.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import unicodedata
import urllib.parse
from collections.abc import Iterator
from typing import Final

_CANARY: Final = re.compile(r"zq[^a-z0-9]{0,12}((?:[0-9][^a-z0-9]{0,3}){11}[0-9])", re.IGNORECASE)
_QUICK: Final = re.compile(rb"[0-9]{4}|[^\x00-\x7f]|\\u|%|&#|[A-Za-z0-9+/_-]{16}")
_ESCAPE: Final = re.compile(r"\\+u([0-9a-fA-F]{4})")
_RUN: Final = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX: Final = re.compile(r"(?:[0-9a-fA-F]{2}){14,}")
_ALIKE: Final = str.maketrans("\u0396\u03b6", "Zz")


def canaries(data: bytes) -> set[str]:
    """Every canary in any reading of the data, in plain spelling."""
    if not _QUICK.search(data):
        return set()
    text = data.decode("utf-8", "replace")
    return {f"ZQ{re.sub('[^0-9]', '', match[1])}" for view in _views(text) for match in _CANARY.finditer(view)}


def _views(text: str) -> Iterator[str]:
    yield _plain(text)
    for decode in (_unescaped, urllib.parse.unquote, html.unescape):
        if (view := decode(text)) != text:
            yield _plain(view)
    for run in _RUN.findall(text):
        yield from (_plain(view) for view in _from_base64(run))
    for run in _HEX.findall(text):
        yield bytes.fromhex(run).decode("latin-1")


def _plain(text: str) -> str:
    if text.isascii():
        return text
    kept = (char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) not in ("Cf", "Mn"))
    return "".join(
        str(unicodedata.digit(char)) if char.isdigit() and not char.isascii() else char for char in kept
    ).translate(_ALIKE)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _from_base64(run: str) -> Iterator[str]:
    plain = run.rstrip("=").replace("-", "+").replace("_", "/")
    for shift in range(4):
        part = plain[shift:]
        part = part[:-1] if len(part) % 4 == 1 else part
        try:
            yield base64.b64decode(part + "=" * (-len(part) % 4)).decode("latin-1")
        except binascii.Error:
            continue


class Listener:
    """Hears a stream of bytes in pieces and keeps only what a canary that straddles two pieces needs."""

    _TAIL: Final = 512

    def __init__(self) -> None:
        self._tail = b""
        self._found: set[str] = set()

    def hear(self, piece: bytes) -> set[str]:
        """One more piece; the canaries that were heard for the first time."""
        heard = self._tail + piece
        new = canaries(heard) - self._found
        self._found |= new
        self._tail = heard[-self._TAIL :]
        return new
