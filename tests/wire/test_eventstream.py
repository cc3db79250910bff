"""Amazon's event stream against botocore's own parser: round trips, every cut, and what is broken."""

from __future__ import annotations

import json
import struct
from base64 import b64encode
from binascii import crc32

import pytest
from botocore.eventstream import EventStreamBuffer
from hypothesis import given
from hypothesis import strategies as st

from guardrail.errors import UpstreamBroken
from guardrail.wire.eventstream import Chunks, EventStream
from guardrail.wire.framing import Event

NAMES = st.from_regex(r"!?[A-Za-z][A-Za-z-]{0,40}", fullmatch=True)
BODIES = st.dictionaries(st.text(max_size=5), st.text(max_size=30), max_size=4)
MAX = 1 << 16


def message(headers: bytes, payload: bytes = b"{}") -> bytes:
    lengths = struct.pack("!II", 16 + len(headers) + len(payload), len(headers))
    head = lengths + struct.pack("!I", crc32(lengths)) + headers
    return head + payload + struct.pack("!I", crc32(head + payload))


def header(name: str, value: str) -> bytes:
    return bytes([len(name)]) + name.encode() + b"\x07" + struct.pack("!H", len(value)) + value.encode()


EVENT = header(":event-type", "metadata") + header(":message-type", "event")


def read(data: bytes, framing: EventStream | None = None) -> list[Event]:
    framing = framing or EventStream(MAX)
    return framing.feed(data) + framing.flush()


def broken(data: bytes, framing: EventStream | None = None) -> str:
    with pytest.raises(UpstreamBroken) as caught:
        read(data, framing)
    assert "Jane" not in caught.value.message
    return caught.value.code


@given(st.lists(st.tuples(NAMES, BODIES), min_size=1, max_size=4), st.data())
def test_botocore_reads_what_we_write_and_so_do_we(told: list[tuple[str, dict[str, str]]], data: st.DataObject) -> None:
    """A round trip through both readers, at any cut."""
    framing = EventStream(MAX)
    written = b"".join(framing.write(json.dumps(body).encode(), name) for name, body in told)
    theirs = EventStreamBuffer()
    theirs.add_data(written)
    messages = list(theirs)
    cut = data.draw(st.integers(0, len(written)))
    ours = EventStream(MAX)
    events = ours.feed(written[:cut]) + ours.feed(written[cut:]) + ours.flush()

    for (name, body), got, event in zip(told, messages, events, strict=True):
        assert json.loads(got.payload) == json.loads(event.data) == body
        assert event.event == name
        failed = name.startswith("!")
        kind = ":exception-type" if failed else ":event-type"
        assert got.headers == {
            kind: name.lstrip("!"),
            ":content-type": "application/json",
            ":message-type": "exception" if failed else "event",
        }
        assert framing.keep(event, name) == event.raw


def test_byte_by_byte() -> None:
    """However it drips in."""
    data = b"".join(EventStream(MAX).write(b'{"a":"%d"}' % n, "metadata") for n in range(3))
    framing = EventStream(MAX)
    events = [event for at in range(len(data)) for event in framing.feed(data[at : at + 1])]
    assert events == read(data)
    assert b"".join(event.raw for event in events) == data


@pytest.mark.parametrize("at", range(len(message(EVENT))))
def test_a_changed_byte_is_noticed(at: int) -> None:
    """Whatever is changed, a checksum is wrong."""
    data = bytearray(message(EVENT))
    data[at] ^= 1
    assert broken(bytes(data)) == "bad_crc"


def test_events_before_what_is_broken_are_not_lost() -> None:
    """The error comes with the next call."""
    good = EventStream(MAX).write(b"{}", "metadata")
    framing = EventStream(MAX)
    assert len(framing.feed(good + b"\0" * 12)) == 1
    with pytest.raises(UpstreamBroken):
        framing.feed(b"")
    with pytest.raises(UpstreamBroken):
        framing.flush()


def test_what_breaks_off_is_truncated() -> None:
    """Half a message is none."""
    data = message(EVENT)
    assert {broken(data[:at]) for at in range(1, len(data))} == {"truncated"}


def test_sizes_are_bounded_before_the_bytes_come() -> None:
    """A length is an announcement, and is judged as one."""
    for total, headers, code in ((MAX + 1, 0, "event_too_large"), (15, 0, "unreadable_answer"),
                                 (9_000, 8_000, "unreadable_answer"), (20, 5, "unreadable_answer")):  # fmt: skip
        lengths = struct.pack("!II", total, headers)
        assert broken(lengths + struct.pack("!I", crc32(lengths))) == code


@pytest.mark.parametrize(
    "headers",
    [b"\xff", b"\x01a", b"\x01a\x07\x00\x09Jane", b"\x01a\x0a", b"\x02\xff\xfe\x00", header("a", "b") * 2,
     b"\x01a\x07\x00\x01\xff"],
)  # fmt: skip
def test_headers_that_nobody_can_read_break_the_stream(headers: bytes) -> None:
    """Lengths over the end, unknown types, no UTF-8, twins."""
    assert broken(message(headers)) == "unreadable_answer"


def test_headers_of_all_types_are_read_and_none_is_passed_on() -> None:
    """Only what says which event it is counts."""
    values = {0: b"", 1: b"", 2: b"x", 3: b"xx", 4: b"xxxx", 5: b"x" * 8, 6: b"\0\4Jane", 8: b"x" * 8, 9: b"x" * 16}
    strange = b"".join(b"\x01" + bytes([65 + kind, kind]) + value for kind, value in values.items())
    data = message(strange + header("name", "Jane Roe") + EVENT)
    (event,) = read(data)
    assert event.event == "metadata"
    assert b"Jane" not in EventStream(MAX).keep(event, "metadata")
    theirs = EventStreamBuffer()
    theirs.add_data(data)
    assert next(theirs).headers[":event-type"] == "metadata"


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({":message-type": "exception", ":exception-type": "throttlingException"}, "!throttlingException"),
        ({":message-type": "error", ":error-code": "Boom", ":error-message": "Jane Roe"}, "!Boom"),
        ({":message-type": "error", ":error-code": "Jane Roe"}, "!"),
        ({":message-type": "odd", ":event-type": "metadata"}, "!"),
        ({":event-type": "metadata"}, "metadata"),
        ({":event-type": "Jane Roe"}, ""),
        ({}, ""),
    ],
)
def test_what_an_event_is_called(told: dict[str, str], name: str) -> None:
    """Exceptions are told apart; what is no name is none."""
    (event,) = read(message(b"".join(header(*pair) for pair in told.items()), b""))
    assert event.event == name
    assert event.keepalive != name.startswith("!")


def test_the_payload_is_text() -> None:
    """Nothing else could be inspected."""
    assert broken(message(EVENT, b"\xff\xfe")) == "invalid_utf8"


def wrapped(data: bytes, **more: str) -> bytes:
    body = json.dumps({"bytes": b64encode(data).decode(), **more}, separators=(",", ":")).encode()
    return EventStream(MAX).write(body, "chunk")


def test_chunks_are_unwrapped_and_wrapped_again() -> None:
    """The JSON inside is the event; untouched it stays as it came, with its padding."""
    framing, data = Chunks(MAX), wrapped(b'{"a": "\xc3\xa9"}', p="abcd")
    (event,) = read(data, Chunks(MAX))
    assert (event.event, event.data) == ("chunk", b'{"a": "\xc3\xa9"}')
    assert framing.keep(event, None) == data
    assert framing.write(b"{}") == wrapped(b"{}")
    assert framing.write(b"{}", "!throttlingException") == EventStream(MAX).write(b"{}", "!throttlingException")


def test_what_stands_beside_a_chunk_is_left_out() -> None:
    """Only padding may."""
    data = wrapped(b"{}", name="Jane Roe")
    (event,) = read(data, Chunks(MAX))
    assert Chunks(MAX).keep(event, None) == wrapped(b"{}")


BAD = [
    "{}",
    "[]",
    "{",
    '{"bytes":1}',
    '{"bytes":"*"}',
    '{"bytes":"e30","bytes":"e30"}',
    '{"bytes":"e3"}',
    '{"bytes":"é"}',
]


@pytest.mark.parametrize("body", BAD)
def test_a_chunk_that_holds_no_base64_breaks_the_stream(body: str) -> None:
    """It can't be inspected."""
    assert broken(EventStream(MAX).write(body.encode(), "chunk"), Chunks(MAX)) == "unreadable_answer"


@pytest.mark.parametrize("framing", [EventStream, Chunks])
def test_the_format_has_neither_keep_alives_nor_an_end(framing: type[EventStream]) -> None:
    assert framing(MAX).keepalive() + framing(MAX).end() == b""


def test_what_is_no_chunk_among_chunks_is_read_as_it_is() -> None:
    """An exception of the provider's is not wrapped."""
    told = header(":exception-type", "throttlingException") + header(":message-type", "exception")
    (event,) = read(message(told, b'{"message":"slow down"}'), Chunks(MAX))
    assert (event.event, event.data) == ("!throttlingException", b'{"message":"slow down"}')
