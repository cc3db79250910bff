"""The second opinion: llhttp (httptools) reads along what the HTTP client reads, and is stricter about it.

Knows no socket, no pool and no client: bytes go in, and it says what they were. A `Watch` reads exactly one answer.
What can be read in two ways is an error; what follows the answer's last byte is surplus. Why a second parser:
docs/decisions/http-client.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

import httptools

from guardrail.errors import UpstreamBroken

MAX_HEAD_BYTES = 65536
MAX_HEADERS = 200
MAX_INFORMATIONAL = 8


@dataclass(frozen=True, slots=True)
class Head:
    """Status and headers (lower-case names) of an answer, checked for one meaning only."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]

    def all(self, name: bytes) -> list[bytes]:
        """Every value of this header."""
        return [value for key, value in self.headers if key == name]

    def one(self, name: bytes, default: bytes = b"") -> bytes:
        """The header's only value. Raises UpstreamBroken if there are several."""
        values = self.all(name)
        if len(values) > 1:
            raise broken("ambiguous_head")
        return values[0] if values else default


class Framing(Enum):
    """What tells that the answer is complete."""

    COUNTED = auto()
    CHUNKED = auto()
    UNTIL_CLOSE = auto()


class Watch:
    """What is known of one answer. `head`: as soon as it is complete. `length`: bytes of body so far."""

    def __init__(self) -> None:
        self.head: Head | None = None
        self.length = 0
        self.complete = False
        self.error: UpstreamBroken | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._headers: list[tuple[bytes, bytes]] = []
        self._head_room = MAX_HEAD_BYTES
        self._informational = 0
        self._framing = Framing.COUNTED
        self._keep_alive = False
        self._surplus = False

    @property
    def reusable(self) -> bool:
        """Complete, kept alive by the upstream, and followed by nothing (UPS-05)."""
        return self.complete and self._keep_alive and not self._surplus and self.error is None

    def feed(self, data: bytes) -> bool:
        """True if these bytes may be read: they are part of an answer that has one meaning so far (UPS-06)."""
        if self.complete or self.error:
            self._surplus = True
            return False
        if self.head is None:
            self._head_room -= len(data)
        # The last byte on its own: if the answer was complete before it, then something follows the answer. The
        # parser by itself is silent about line ends between two answers.
        self._parse(data[:-1])
        self._parse(data[-1:])
        if self.head is None and self._head_room < 0:
            self._fail("head_too_large")
        return self.error is None

    def lost(self) -> None:
        """The connection is gone without a proper end."""
        self._keep_alive = False
        if not self.complete:
            self._fail("truncated" if self.head else "connection_lost")

    def ended(self) -> None:
        """The upstream ended the connection in good order."""
        if self.head is not None and self._framing is Framing.UNTIL_CLOSE and self.error is None:
            self.complete = True
        self.lost()

    # httptools callbacks

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header or, after the head, a trailer: nobody reads those."""
        if self.head is not None:
            return
        self._headers.append((name.lower(), value.strip(b" \t")))
        if len(self._headers) > MAX_HEADERS:
            raise broken("head_too_large")

    def on_headers_complete(self) -> None:
        """Of the answer, or of an informational one before it."""
        status = self._parser.get_status_code()
        if status == 101:
            raise broken("upstream_status")
        if self.head is not None or 100 <= status < 200:
            return
        head = Head(status, tuple(self._headers))
        self._framing = _framing(head)
        self._keep_alive = self._parser.should_keep_alive() and self._framing is not Framing.UNTIL_CLOSE
        self.head = head

    def on_body(self, data: bytes) -> None:
        """A part of the body, or of something that nobody asked for."""
        if not self.complete:
            self.length += len(data)

    def on_message_complete(self) -> None:
        """Of the answer, or of an informational one before it."""
        if self.head is not None:
            self.complete = True
            return
        self._headers.clear()
        self._informational += 1
        if self._informational > MAX_INFORMATIONAL:
            raise broken("head_too_large")

    def _parse(self, data: bytes) -> None:
        if self.error or not data:
            return
        self._surplus = self.complete
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            # What the parser says may quote the answer: only our own code goes on.
            self._fail(error.__context__.code if isinstance(error.__context__, UpstreamBroken) else "malformed")

    def _fail(self, code: str) -> None:
        if self.complete:
            self._surplus = True  # the answer itself was good; the connection is not
        elif self.error is None:
            self.error = broken(code)


def broken(code: str) -> UpstreamBroken:
    """The one thing to say of an answer that can't be used; the code tells why."""
    return UpstreamBroken("The upstream's answer broke off or can't be read.", code=code)


def _framing(head: Head) -> Framing:
    """Raises UpstreamBroken if the answer could be read in two ways (RFC 9112 6.3, UPS-06)."""
    codings = [value.lower() for value in head.all(b"transfer-encoding")]
    length = head.one(b"content-length")
    head.one(b"content-type")
    if codings and (codings != [b"chunked"] or head.all(b"content-length")):
        raise broken("ambiguous_head")
    if head.all(b"content-length") and not length.isdigit():
        raise broken("ambiguous_head")
    if head.status in (204, 304) or length:
        return Framing.COUNTED
    return Framing.CHUNKED if codings else Framing.UNTIL_CLOSE
