"""Bytes to server-sent events and back (WHATWG HTML §9.2.6). Does no I/O and knows no provider.

Each event keeps the bytes it came in, so that what isn't changed is passed on as it was. The bytes of all events, put
together, are the stream (but for a byte order mark at its start, which would be harmful anywhere else). Events are the
same however the stream is cut. One thing is given up for that: a CR at the end of a chunk waits for the next byte,
which may be the LF that belongs to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from guardrail.errors import UpstreamBroken

_BOM = b"\xef\xbb\xbf"


def _ends(cr: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """A blank line at the beginning of a block, and the end of a block: a line end right after another one."""
    return re.compile(rb"\n|" + cr), re.compile(rb"[\r\n](?:(?<=\n)\n|" + cr + b")")


# A CR ends a line by itself only if no LF follows it. While the stream goes on, what follows must have been seen.
_ENDS = {False: _ends(rb"\r(?:\n|(?=[^\n]))"), True: _ends(rb"\r\n?+")}
_LONGEST_WAIT = 2  # bytes of a block's end that were seen without knowing yet that it is one: LF CR
_LINE_END = re.compile(rb"\r\n|\r|\n")


class SseEvent(NamedTuple):
    """One block of the stream.

    raw        the bytes as they came, with the blank line that ends them
    data       the data lines, joined by LF
    event      the type, None if not given
    keepalive  there is no data line: a comment, a stray blank line, an id alone
    complete   False for what the stream broke off in
    """

    raw: bytes
    data: bytes
    event: str | None = None
    keepalive: bool = False
    complete: bool = True


class UntilBroken:
    """Events up to what can't be read: that raises at once if no event came before it in the same feed, else with the
    next call, so that no event gets lost however the stream is cut.
    """

    def __init__(self) -> None:
        self._broken: UpstreamBroken | None = None

    def take(self, events: Iterable[SseEvent]) -> list[SseEvent]:
        """All of them that come before the break. Raises UpstreamBroken."""
        if self._broken is not None:
            raise self._broken
        taken: list[SseEvent] = []
        try:
            for event in events:
                taken.append(event)  # not extend(): what came before an error has to be there
        except UpstreamBroken as error:
            self._broken = error
            if not taken:
                raise
        return taken


class SseReader:
    """Cuts a byte stream into events, in time linear to the bytes however they drip in.

    Invalid UTF-8 (code invalid_utf8) and a block of more than `max_event` bytes (event_too_large) raise UpstreamBroken:
    at once if no event came before them in the same feed, else with the next call, so that no event gets lost.
    """

    def __init__(self, max_event: int) -> None:
        self._max_event = max_event
        self._buffer = bytearray()
        self._searched = 0  # nothing before this ends the block: a dripping stream isn't searched twice
        self._at_start = True
        self._until_broken = UntilBroken()

    def feed(self, data: bytes) -> list[SseEvent]:
        """The events that are complete with these bytes."""
        self._buffer += data
        if self._at_start:
            self._skip_bom()
        return self._until_broken.take(self._events(final=False))

    def flush(self) -> list[SseEvent]:
        """The stream has ended: what is left of it, flagged as incomplete if it is."""
        events = self._until_broken.take(self._events(final=True))
        if self._buffer:
            events.append(_parse(bytes(self._buffer), complete=False))
            self._buffer.clear()
        return events

    def _skip_bom(self) -> None:
        self._at_start = _BOM.startswith(self._buffer) and len(self._buffer) < len(_BOM)
        if self._buffer.startswith(_BOM):
            del self._buffer[: len(_BOM)]

    def _events(self, final: bool) -> Iterator[SseEvent]:
        while end := self._block_end(final):
            block = bytes(self._buffer[:end])
            del self._buffer[:end]
            yield _parse(block)

    def _block_end(self, final: bool) -> int:
        """The length of the next block, 0 if its end hasn't come yet."""
        buffer = self._buffer
        if not buffer:
            return 0
        blank_line, block_end = _ENDS[final]
        found = blank_line.match(buffer) if buffer[0] in b"\r\n" else None
        found = found or block_end.search(buffer, self._searched)
        end = found.end() if found else 0
        if (end or len(buffer)) > self._max_event:
            raise UpstreamBroken(f"an event of more than {self._max_event} bytes", code="event_too_large")
        self._searched = 0 if end else max(0, len(buffer) - _LONGEST_WAIT)
        return end


def replace_data(event: SseEvent, data: bytes) -> bytes:
    """The event with other data; its other lines and its kind of line end stay. An incomplete event is completed.

    All lines get the line end of the first: of mixed ones, a CR and an LF could meet and become one.
    """
    fresh, lines = _data_lines(data), []
    for line in event.raw.splitlines():
        if _field(line)[0] == b"data":
            lines += fresh
            fresh = []
        else:
            lines.append(line)
    if not event.complete:
        lines.append(b"")
    eol = _eol(event.raw)
    return b"".join(line + eol for line in lines)


def make_event(data: bytes, event: str | None = None) -> bytes:
    """An event of our own, in the form that all providers use."""
    head = [] if event is None else [b"event: " + event.encode()]
    return b"".join(line + b"\n" for line in (*head, *_data_lines(data), b""))


def _data_lines(data: bytes) -> list[bytes]:
    return [b"data: " + line for line in _LINE_END.split(data)]


def _eol(raw: bytes) -> bytes:
    found = _LINE_END.search(raw)
    return found[0] if found else b"\n"


def _field(line: bytes) -> tuple[bytes, bytes]:
    """Name and value of a line; a comment's name is empty."""
    name, _, value = line.partition(b":")
    return name, value.removeprefix(b" ")


def _parse(raw: bytes, complete: bool = True) -> SseEvent:
    if not raw.isascii():
        _check_utf8(raw)
    data: list[bytes] = []
    event = None
    for line in raw.splitlines():  # of bytes: CR, LF and CRLF only, unlike str's
        name, value = _field(line)
        if name == b"data":
            data.append(value)
        elif name == b"event":
            event = value.decode() or None
    return SseEvent(raw, b"\n".join(data), event, not data, complete)


def _check_utf8(raw: bytes) -> None:
    try:
        raw.decode()
    except UnicodeDecodeError:
        raise UpstreamBroken("invalid UTF-8 in the stream", code="invalid_utf8") from None
