"""Amazon's binary event stream (application/vnd.amazon.eventstream): bytes to events and back. No I/O, no provider.

A message is: total length, headers' length, CRC of these two, headers, payload, CRC of all before. Headers are the name
(one byte of length), the type of the value, and the value. Of the headers only those that say what an event is are
passed on; any other could hold words that nobody inspects.
"""

from __future__ import annotations

import re
import struct
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from binascii import crc32
from collections.abc import Iterator, Mapping
from typing import NoReturn

from guardrail.errors import ClientError, UpstreamBroken
from guardrail.wire.framing import Event
from guardrail.wire.jsondoc import JsonDocument
from guardrail.wire.sse import UntilBroken

CONTENT_TYPE = "application/vnd.amazon.eventstream"

EXCEPTION = "!"
"""In front of an event's name: it is an exception of this type, and ends the stream."""

CHUNK = "chunk"
"""The event that holds a piece of another format, in base64."""

MAX_HEADERS = 4_096
_PRELUDE = struct.Struct("!III")
_CRC = struct.Struct("!I")
_SHORTEST = _PRELUDE.size + _CRC.size

_STRING, _BYTES = 7, 6
_SIZES = {0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16}
"""Bytes of the values of the types whose length is fixed."""

_NAME = re.compile(r"[A-Za-z][A-Za-z-]{0,63}")
_ABOUT = (":event-type", ":exception-type", ":error-code", ":message-type")


class EventStream:
    """Messages with a JSON payload; their `:event-type` is the event's name, `!` and the type for an exception.

    Raises UpstreamBroken (bad_crc, event_too_large, unreadable_answer, invalid_utf8): at once if no event came before
    in the same feed, else with the next call, so that no event gets lost.
    """

    content_type = CONTENT_TYPE

    def __init__(self, max_event: int) -> None:
        self._max_event = max_event
        self._buffer = bytearray()
        self._checked = False  # the prelude at the start of the buffer
        self._until_broken = UntilBroken()

    def feed(self, data: bytes) -> list[Event]:
        """The events that are complete with these bytes."""
        self._buffer += data
        return self._until_broken.take(self._events())

    def flush(self) -> list[Event]:
        """Nothing: a message that is not complete can't be checked. Raises UpstreamBroken if there is one."""
        self._until_broken.take(())
        if self._buffer:
            raise UpstreamBroken("the provider's answer broke off", code="truncated")
        return []

    def keep(self, event: Event, name: str | None) -> bytes:
        """The bytes as they came, for they are just what we write of a payload and a name."""
        return self.write(event.data, name)

    def write(self, data: bytes, name: str | None = None) -> bytes:
        """A message of ours."""
        return _message(data, name or "")

    def keepalive(self) -> bytes:
        """Nothing: the format has no such thing."""
        return b""

    def end(self) -> bytes:
        """Nothing: the connection's end."""
        return b""

    def _events(self) -> Iterator[Event]:
        while (size := self._size()) and len(self._buffer) >= size:
            raw = bytes(self._buffer[:size])
            del self._buffer[:size]
            self._checked = False
            yield self._read(raw)

    def _size(self) -> int:
        """The length of the next message, 0 if it hasn't been told yet."""
        if len(self._buffer) < _PRELUDE.size:
            return 0
        total, headers, checksum = _PRELUDE.unpack_from(self._buffer)
        if not self._checked:
            if crc32(self._buffer[:8]) != checksum:
                _bad_crc()
            if total > self._max_event:
                raise UpstreamBroken(f"a message of more than {self._max_event} bytes", code="event_too_large")
            if headers > MAX_HEADERS or total < _SHORTEST + headers:
                _unreadable()
            self._checked = True
        return int(total)

    def _read(self, raw: bytes) -> Event:
        total, size, _ = _PRELUDE.unpack_from(raw)
        if crc32(raw[:-4]) != _CRC.unpack_from(raw, total - 4)[0]:
            _bad_crc()
        told = _headers(raw[_PRELUDE.size : _PRELUDE.size + size])
        payload = raw[_PRELUDE.size + size : -4]
        name = _name(told)
        if name.startswith(EXCEPTION):
            payload = payload or b"{}"
        return self._event(raw, payload, name)

    def _event(self, raw: bytes, payload: bytes, name: str) -> Event:
        _check_utf8(payload)
        return Event(raw, payload, name, not payload.strip(), True)


class Chunks(EventStream):
    """Messages whose events are wrapped: the payload of `chunk` holds the JSON of a model in base64.

    What is written without a name is wrapped again, what has one is a message of its own.
    """

    def keep(self, event: Event, name: str | None) -> bytes:
        """The bytes as they came, if they hold the wrapped JSON and padding."""
        if name is None and _PLAIN_CHUNK.fullmatch(event.raw):
            return event.raw
        return self.write(event.data, name)

    def write(self, data: bytes, name: str | None = None) -> bytes:
        """A chunk, or a message with this name."""
        if name is not None:
            return _message(data, name)
        return _message(b'{"bytes":"' + b64encode(data) + b'"}', CHUNK)

    def _event(self, raw: bytes, payload: bytes, name: str) -> Event:
        if name != CHUNK:
            return super()._event(raw, payload, name)
        return super()._event(raw, _unwrapped(payload), name)


def _unwrapped(payload: bytes) -> bytes:
    """The JSON in the wrapper. Of its other members (padding) nothing is kept."""
    try:
        top = JsonDocument(payload).value()
        wrapped = top.get("bytes") if isinstance(top, dict) else None
        return b64decode(wrapped, validate=True) if isinstance(wrapped, str) else _unreadable()
    except (ClientError, Base64Error, ValueError):
        _unreadable()


def _message(data: bytes, name: str) -> bytes:
    headers = _told(name)
    lengths = struct.pack("!II", _SHORTEST + len(headers) + len(data), len(headers))
    head = lengths + _CRC.pack(crc32(lengths)) + headers
    return head + data + _CRC.pack(crc32(head + data))


def _told(name: str) -> bytes:
    """The headers that say what an event is."""
    failed = name.startswith(EXCEPTION)
    told = (
        (":exception-type" if failed else ":event-type", name.removeprefix(EXCEPTION)),
        (":content-type", "application/json"),
        (":message-type", "exception" if failed else "event"),
    )
    return b"".join(
        struct.pack("!B", len(key)) + key.encode() + struct.pack("!BH", _STRING, len(value)) + value.encode()
        for key, value in told
    )


_PLAIN_CHUNK = re.compile(
    rb"[\x00-\xff]{12}"
    + re.escape(_told(CHUNK))
    + rb'\{"bytes":"[A-Za-z0-9+/]*={0,2}"(?:,"p":"[A-Za-z0-9]{0,64}")?\}[\x00-\xff]{4}'
)


def _headers(data: bytes) -> Mapping[str, str]:
    """Those that say what an event is. Raises UpstreamBroken for a header that can't be read, or comes twice."""
    found: dict[str, str] = {}
    at = 0
    try:
        while at < len(data):
            name, at = _slice(data, at + 1, data[at])
            kind = data[at]
            size = struct.unpack_from("!H", data, at + 1)[0] if kind in (_STRING, _BYTES) else _SIZES[kind]
            value, at = _slice(data, at + (3 if kind in (_STRING, _BYTES) else 1), size)
            key = name.decode()
            if key in found:
                _unreadable()
            found[key] = value.decode() if kind == _STRING else ""
    except (IndexError, KeyError, struct.error, UnicodeDecodeError):
        _unreadable()
    return {key: found[key] for key in _ABOUT if key in found}


def _slice(data: bytes, at: int, size: int) -> tuple[bytes, int]:
    if at + size > len(data):
        _unreadable()
    return data[at : at + size], at + size


def _name(told: Mapping[str, str]) -> str:
    """The event's name. What is no name at all is left out: nobody would know it."""
    if told.get(":message-type", "event") == "event":
        name, sign = told.get(":event-type", ""), ""
    else:
        name, sign = told.get(":exception-type") or told.get(":error-code", ""), EXCEPTION
    return sign + (name if _NAME.fullmatch(name) else "")


def _check_utf8(payload: bytes) -> None:
    try:
        payload.decode()
    except UnicodeDecodeError:
        raise UpstreamBroken("invalid UTF-8 in the stream", code="invalid_utf8") from None


def _bad_crc() -> NoReturn:
    raise UpstreamBroken("a checksum of the stream is wrong", code="bad_crc")


def _unreadable() -> NoReturn:
    raise UpstreamBroken("the stream is no Amazon event stream", code="unreadable_answer")
