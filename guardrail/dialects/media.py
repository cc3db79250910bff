"""Files inside payloads: images, sound, documents. Knows no provider and no JSON.

What is text in them is read and inspected; the rest passes only if the policy releases its media type, and is counted.
Redacting pixels is the next step: it would take the place of `Opened.text` is None.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import unquote_to_bytes, urlsplit

from guardrail.errors import UnreadablePayload

BLOB = 1_024
"""Characters of base64 from which on a run is a file rather than a key or a signature."""

_DATA_URL = re.compile(r"data:[^\s,;]{0,127}+(?:;[^\s,;]{1,127}+){0,8}?;base64,\s{0,8}+[A-Za-z0-9+/_%-]", re.IGNORECASE)
_LONGEST_DATA_URL = 2_048
"""More than what `_DATA_URL` matches."""
_LINE = 32
_LINE_BEGINS = re.compile(rf"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{{{_LINE}}}")
_LINES = re.compile(rf"(?:[A-Za-z0-9+/_-]{{{_LINE},}}+(?:(?:\\?[\r\n]|\\[rn])[ \t]*+){{0,3}}+)++")
_MIXED = tuple(re.compile(letters) for letters in ("[A-Z]", "[a-z]", "[0-9]"))


_WINDOW = 65_536
"""Code points that one search looks through at most: nobody else has a turn meanwhile (SIZ-09)."""


def holds_media(text: str) -> bool:
    """True for a `data:` address in base64, and for a long run of base64, in one line or in many."""
    if ";base64," in text.lower() and _found(_DATA_URL, text, 0, _LONGEST_DATA_URL):
        return True
    return len(text) >= BLOB and any(_is_blob(run) for run in _runs(text))


def _runs(text: str) -> Iterator[str]:
    """Lines of base64, and what follows each of them without anything in between."""
    begin = _found(_LINE_BEGINS, text, 0, _LINE)
    while begin:
        run = _LINES.match(text, begin.start())
        assert run is not None
        yield run[0]
        begin = _found(_LINE_BEGINS, text, run.end(), _LINE)


def _found(pattern: re.Pattern[str], text: str, start: int, longest: int) -> re.Match[str] | None:
    """The first match from `start` on, of a pattern that matches `longest` code points at most."""
    windows = range(start, len(text), _WINDOW)
    return next(filter(None, (pattern.search(text, at, at + _WINDOW + longest) for at in windows)), None)


def _is_blob(run: str) -> bool:
    """Sequences of bases and words without spaces have no digits, or one case only."""
    return len(run) >= BLOB and all(letters.search(run) for letters in _MIXED)


TEXT_TYPES = frozenset(
    {"text/plain", "text/csv", "text/html", "text/markdown", "text/xml", "text/tab-separated-values", "text/x-markdown"}
    | {"application/json", "application/xml", "application/x-ndjson", "application/yaml", "application/fhir+json"}
)
"""Media types whose bytes are text in UTF-8."""

_FORMATS = {
    "txt": "text/plain",
    "md": "text/markdown",
    "csv": "text/csv",
    "html": "text/html",
    "json": "application/json",
    "xml": "text/xml",
    "pdf": "application/pdf",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
}
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"PK\x03\x04", "application/zip"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
)
_KNOWN_BY_BYTES = frozenset({kind for _, kind in _MAGIC} | {"image/webp", "audio/wav", "video/mp4"})
_ADDRESS = re.compile(r"data:(?P<type>[^\s,;]{0,127})(?P<rest>(?:;[^\s,;]{1,127}){0,8}),", re.IGNORECASE)
_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,80}")


def _refuse(code: str) -> NoReturn:
    raise UnreadablePayload("this part can't be inspected, so it is not passed on", code=code, status=422)


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was looked into. `text` is what it says, None if nothing in it is text and the policy releases it.

    `write` puts a text in its place, in the form that it came in; it raises UnreadablePayload (phi_in_file) for files
    that can't be rewritten.
    """

    media_type: str
    text: str | None
    write: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class MediaRules:
    """What the policy says of parts that are not text.

    `released` media types pass uninspected ("image/png", "image/*"), `hosts` may be linked to, `read_pdf` gives the
    text of a PDF file and raises UnreadablePayload for one that holds more than text.
    """

    released: Sequence[str] = ()
    hosts: Sequence[str] = ()
    read_pdf: Callable[[bytes], str] | None = None

    def open(self, text: str, declared: str) -> Opened:
        """Look into a file in base64 or in a `data:` address.

        Raises UnreadablePayload (uninspected_part, invalid_base64).
        """
        address = _ADDRESS.match(text)
        told, data, prefix = declared, b"", ""
        if address is not None:
            told, prefix = address["type"] or declared, text[: address.end()]
            in_base64 = address["rest"].lower().endswith(";base64")
            data = _decode(text[address.end() :]) if in_base64 else unquote_to_bytes(text[address.end() :])
            prefix = prefix if in_base64 else f"{prefix[:-1]};base64,"
        else:
            data = _decode(text)
        media_type = _media_type(told, data)
        if media_type in TEXT_TYPES:
            return Opened(media_type, _utf8(data), lambda new: prefix + base64.b64encode(new.encode()).decode())
        if self._is_released(media_type):
            return Opened(media_type, None, _cant_write)
        if media_type == "application/pdf" and self.read_pdf is not None:
            return Opened(media_type, self.read_pdf(data), _cant_write)
        _refuse("uninspected_part")

    def host_of(self, url: str) -> str | None:
        """The host of an address that may be passed on; None for any other."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return None
        host = parts.hostname or ""
        plain = parts.scheme == "https" and not parts.username and port in (None, 443) and _PLAIN.fullmatch(url)
        return host if plain and any(_matches(host, pattern) for pattern in self.hosts) else None

    def _is_released(self, media_type: str) -> bool:
        family = media_type.partition("/")[0] + "/*"
        return media_type in self.released or family in self.released


NO_MEDIA = MediaRules()

_PLAIN = re.compile(r"[!-~]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def _matches(host: str, pattern: str) -> bool:
    """An exact host, or `*.example.org` for those below it."""
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern


def _cant_write(_: str) -> str:
    _refuse("phi_in_file")


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        _refuse("invalid_base64")


def _utf8(data: bytes) -> str:
    """The text. Raw control characters are none: ASCII in UTF-16 without a mark would read as UTF-8 full of NULs."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        _refuse("uninspected_part")
    if _CONTROLS.search(text):
        _refuse("uninspected_part")
    return text


def _media_type(told: str, data: bytes) -> str:
    """What the file is. The bytes overrule what it is called, so that no picture passes as text or as another type."""
    name = told.strip().lower().partition(";")[0]
    name = _FORMATS.get(name, name)
    seen = next((kind for magic, kind in _MAGIC if data.startswith(magic)), "")
    if data[:4] == b"RIFF":
        seen = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(data[8:12], "application/octet-stream")
    if data[4:8] == b"ftyp":
        seen = "video/mp4" if not name.startswith(("audio/", "video/", "image/")) else name
    if seen or name in _KNOWN_BY_BYTES:
        return seen or "application/octet-stream"
    return name if _TYPE.fullmatch(name) else "application/octet-stream"
