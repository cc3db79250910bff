"""How a streamed answer is cut into events: server-sent events, JSON lines, or one long JSON array. No I/O.

A framing reads the provider's bytes and writes the client's. `wire/eventstream.py` has Amazon's binary one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from guardrail.errors import UpstreamBroken
from guardrail.wire.sse import SseEvent, SseReader, UntilBroken, make_event

Event = SseEvent
"""One event, in whatever framing: `data` is its payload, `event` the name that the framing gives it, or None."""


class Framing(Protocol):
    """Bytes to events and back, for one stream."""

    @property
    def content_type(self) -> str:
        """Of the stream that is written."""
        ...

    def feed(self, data: bytes) -> list[Event]:
        """The events that are complete with these bytes. Raises UpstreamBroken for what can't be read."""
        ...

    def flush(self) -> list[Event]:
        """The stream has ended: what is left of it, flagged as incomplete if it is."""
        ...

    def keep(self, event: Event, name: str | None) -> bytes:
        """The event as it came if it holds nothing but its data and this name, else written anew with them."""
        ...

    def write(self, data: bytes, name: str | None = None) -> bytes:
        """An event of ours. `data` is one JSON text."""
        ...

    def keepalive(self) -> bytes:
        """Something that says nothing."""
        ...

    def end(self) -> bytes:
        """What ends a stream that the provider ended in good order and whose frames don't say so themselves."""
        ...


class Sse:
    """Server-sent events. Comments, ids and retry times are not passed on: nobody can inspect them."""

    content_type = "text/event-stream; charset=utf-8"

    def __init__(self, max_event: int) -> None:
        self._reader = SseReader(max_event)

    def feed(self, data: bytes) -> list[Event]:
        """The events that are complete with these bytes."""
        return self._reader.feed(data)

    def flush(self) -> list[Event]:
        """What is left."""
        return self._reader.flush()

    def keep(self, event: Event, name: str | None) -> bytes:
        """The bytes as they came, if they are the name, one line of data and nothing else."""
        head = b"" if name is None else b"event: " + name.encode() + b"\n"
        if event.complete:
            for begin in (b"data: ", b"data:"):
                if event.raw == head + begin + event.data + b"\n\n":
                    return event.raw
                if event.raw == head.replace(b"\n", b"\r\n") + begin + event.data + b"\r\n\r\n":
                    return event.raw
        return make_event(event.data, name)

    def write(self, data: bytes, name: str | None = None) -> bytes:
        """`event:` if it has a name, `data:`, blank line."""
        return make_event(data, name)

    def keepalive(self) -> bytes:
        """A comment."""
        return b": keep-alive\n\n"

    def end(self) -> bytes:
        """Nothing: the connection's end."""
        return b""


class JsonLines:
    """One JSON text a line (NDJSON).

    Server-sent events that go by this name (`data:` before each text) are read too, and written as such.
    """

    content_type = "application/x-ndjson"

    def __init__(self, max_event: int) -> None:
        self._max_event = max_event
        self._buffer = bytearray()
        self._searched = 0
        self._sse = False
        self._until_broken = UntilBroken()

    def feed(self, data: bytes) -> list[Event]:
        """The lines that are complete with these bytes. Raises UpstreamBroken (event_too_large, invalid_utf8)."""
        self._buffer += data
        return self._until_broken.take(self._lines())

    def _lines(self) -> Iterator[Event]:
        while (end := self._buffer.find(b"\n", self._searched)) >= 0:
            self._check(end)
            line = bytes(self._buffer[: end + 1])
            del self._buffer[: end + 1]
            self._searched = 0
            yield self._event(line, complete=True)
        self._searched = len(self._buffer)
        self._check(self._searched)

    def flush(self) -> list[Event]:
        """A last line without its line end."""
        self._until_broken.take(())
        rest, self._buffer = bytes(self._buffer), bytearray()
        return [self._event(rest, complete=False)] if rest.strip() else []

    def keep(self, event: Event, name: str | None) -> bytes:
        """The line as it came."""
        return event.raw if event.complete and event.raw == event.data + b"\n" else self.write(event.data)

    def write(self, data: bytes, name: str | None = None) -> bytes:
        """The text and a line end. A line break in `data` can only be white space between tokens."""
        if self._sse:
            return make_event(data)
        return _BREAKS.sub(b" ", data) + b"\n"

    def keepalive(self) -> bytes:
        """An empty line."""
        return b"\n"

    def end(self) -> bytes:
        """Nothing."""
        return b""

    def _event(self, raw: bytes, complete: bool) -> Event:
        line = _line(raw, complete)
        if not line.data.startswith(FIELDS):
            return line
        self._sse = True
        data = line.data[5:].strip() if line.data.startswith(b"data:") else b""
        return line._replace(data=data, keepalive=not data)

    def _check(self, size: int) -> None:
        if size > self._max_event:
            raise UpstreamBroken(f"a line of more than {self._max_event} bytes", code="event_too_large")


FIELDS = (b"data:", b"event:", b"id:", b"retry:", b":")
"""How a line of server-sent events begins, and no JSON text."""
_BREAKS = re.compile(rb"[\r\n]+")


def _line(raw: bytes, complete: bool) -> Event:
    try:
        raw.decode()
    except UnicodeDecodeError:
        raise UpstreamBroken("invalid UTF-8 in the stream", code="invalid_utf8") from None
    data = raw.strip()
    return Event(raw, data, None, not data, complete)


class JsonArray:
    """One JSON array whose elements are the events, written as they come."""

    content_type = "application/json; charset=utf-8"

    def __init__(self, max_event: int) -> None:
        self._max_event = max_event
        self._buffer = bytearray()
        self._at = 0  # how far the buffer has been read
        self._depth = 0  # of brackets inside the element
        self._in_string = False
        self._state = "before"
        self._written = False
        self._until_broken = UntilBroken()

    def feed(self, data: bytes) -> list[Event]:
        """The elements that are complete with these bytes. Raises UpstreamBroken for what is no array of objects."""
        self._buffer += data
        return self._until_broken.take(self._elements())

    def _elements(self) -> Iterator[Event]:
        while (event := self._element()) is not None:
            yield event
        self._check(len(self._buffer))

    def _check(self, size: int) -> None:
        if size > self._max_event:
            raise UpstreamBroken(f"an element of more than {self._max_event} bytes", code="event_too_large")

    def flush(self) -> list[Event]:
        """Nothing: an element that is not complete can't be read. Raises UpstreamBroken if the array didn't end."""
        self._until_broken.take(())
        if self._state != "after":
            raise UpstreamBroken("the provider's answer broke off", code="truncated")
        return []

    def keep(self, event: Event, name: str | None) -> bytes:
        """The element, behind a comma of ours."""
        return self.write(event.data)

    def write(self, data: bytes, name: str | None = None) -> bytes:
        """The next element."""
        before, self._written = (b",\r\n" if self._written else b"["), True
        return before + data

    def keepalive(self) -> bytes:
        """White space, which may stand between elements only."""
        return b"\n" if self._written else b""

    def end(self) -> bytes:
        """The closing bracket."""
        return b"]" if self._written else b"[]"

    def _element(self) -> Event | None:
        while self._state != "inside":
            if not self._between():
                return None
        end = self._end_of_element()
        self._check(end)
        return self._take(end) if end else None

    def _end_of_element(self) -> int:
        """Where the element ends, 0 if its end hasn't come yet."""
        for match in _STRUCTURE.finditer(self._buffer, self._at):
            token = match[0]
            if self._in_string:
                self._in_string = token != b'"'
            elif token == b'"':
                self._in_string = True
            elif token in b"{[":
                self._depth += 1
            elif token in b"}]":
                self._depth -= 1
                if not self._depth:
                    return match.end()
            self._at = match.end()
        self._settle()
        return 0

    def _settle(self) -> None:
        """What was looked at need not be looked at again; a lone backslash at the end waits for what it escapes."""
        if not self._buffer.endswith(b"\\", self._at):
            self._at = len(self._buffer)

    def _take(self, end: int) -> Event:
        element = bytes(self._buffer[:end])
        del self._buffer[:end]
        self._at, self._state = 0, "behind"
        return _line(element, complete=True)

    def _between(self) -> bool:
        """One sign between elements; False if nothing has come yet."""
        while self._buffer and self._buffer[0] in b" \t\r\n":
            del self._buffer[0]
        if not self._buffer:
            return False
        sign = self._buffer[:1].decode("latin-1")
        following = _SIGNS.get((self._state, sign))
        if following is None:
            raise UpstreamBroken("the stream is no JSON array of objects", code="unreadable_answer")
        self._state = following
        if following == "inside":
            self._at, self._depth, self._in_string = 0, 0, False
        else:
            del self._buffer[0]
        return True


_SIGNS = {
    ("before", "["): "first",
    ("first", "{"): "inside",
    ("first", "]"): "after",
    ("behind", ","): "next",
    ("behind", "]"): "after",
    ("next", "{"): "inside",
}
_STRUCTURE = re.compile(rb'\\[\x00-\xff]|["{}\[\]]')
