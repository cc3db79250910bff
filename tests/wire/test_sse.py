"""Server-sent events: each sample is fed whole, byte by byte, and in every two cuts; events and bytes are the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from guardrail.errors import UpstreamBroken
from guardrail.wire.sse import SseEvent, SseReader, make_event, replace_data

LIMIT = 1_000


def read(pieces: Sequence[bytes], limit: int = LIMIT) -> tuple[list[SseEvent], str | None]:
    """The events of a stream that came in these pieces, and the code of the error that ended it."""
    reader, events = SseReader(limit), []
    try:
        for piece in pieces:
            events += reader.feed(piece)
        events += reader.flush()
    except UpstreamBroken as error:
        return events, error.code
    return events, None


def every_cut(stream: bytes) -> Iterator[list[bytes]]:
    """The stream byte by byte, and in every two pieces and three."""
    yield [stream[at : at + 1] for at in range(len(stream))]
    for first in range(len(stream) + 1):
        for second in range(first, len(stream) + 1):
            yield [stream[:first], stream[first:second], stream[second:]]


SAMPLES: dict[bytes, list[tuple[str | None, bytes]]] = {
    b"": [],
    b'data: {"a":1}\n\ndata: [DONE]\n\n': [(None, b'{"a":1}'), (None, b"[DONE]")],
    b"data: a\r\n\r\ndata: b\r\n\r\n": [(None, b"a"), (None, b"b")],
    b"data: a\r\rdata: b\r\r": [(None, b"a"), (None, b"b")],
    b"data: a\r\n\ndata: b\n\r\ndata: c\r\r\ndata: d\n\r": [(None, b"a"), (None, b"b"), (None, b"c"), (None, b"d")],
    b"data: one\ndata:two\ndata:  three\n\n": [(None, b"one\ntwo\n three")],
    b"data\n\ndata:\n\ndata: \n\n": [(None, b""), (None, b""), (None, b"")],
    b"event: ping\nevent: delta\nid: 7\nretry: 3\nx-other: y\ndata: a: b\n\n": [("delta", b"a: b")],
    b"event:\ndata:x\n\n": [(None, b"x")],
    b"datax: no\n data: no\nDATA: no\ndata: yes\n\n": [(None, b"yes")],
    b"\n\n\r\n\rdata: a\n\n\n": [(None, b"a")],
    b": OPENROUTER PROCESSING\n\ndata: a\n\n:\n\n": [(None, b"a")],
    ": é\ndata: é😀\n\n".encode(): [(None, "é😀".encode())],
    "data: a\u2028b\u2029c\x85d\x0be\x0cf\x1cg\n\n".encode(): [(None, "a\u2028b\u2029c\x85d\x0be\x0cf\x1cg".encode())],
    b"\xef\xbb\xbfdata: a\n\n": [(None, b"a")],
    b"\xef\xbb\xbf\xef\xbb\xbfdata: a\n\ndata: b\n\n": [(None, b"b")],
    b"data: a\n\ndata: \xef\xbb\xbfb\n\n": [(None, b"a"), (None, b"\xef\xbb\xbfb")],
}


@pytest.mark.parametrize("stream", SAMPLES)
def test_events_are_read_as_the_standard_says_however_the_stream_is_cut(stream: bytes) -> None:
    """Network packets end anywhere, and the answer is the same."""
    events, error = read([stream])
    assert error is None
    assert [(event.event, event.data) for event in events if not event.keepalive] == SAMPLES[stream]
    assert all(event.complete for event in events)
    assert b"".join(event.raw for event in events) == stream.removeprefix(b"\xef\xbb\xbf")
    for pieces in every_cut(stream):
        assert read(pieces) == (events, None)


@pytest.mark.parametrize(
    ("stream", "last"),
    [
        (b"data: a\n\ndata: b", b"b"),
        (b"data: a\n\ndata: b\n", b"b"),
        (b"data: a\n\ndata: b\r\n", b"b"),
        (b"data: a\n\ndata: b\r", b"b"),
        (b"data: a\n\ndat", b""),
    ],
)
def test_what_the_stream_breaks_off_in_is_given_and_flagged(stream: bytes, last: bytes) -> None:
    """The end of a broken answer is not lost, and nobody takes it for a proper end."""
    for pieces in every_cut(stream):
        events, error = read(pieces)
        assert error is None
        assert [event.complete for event in events] == [True, False]
        assert events[-1].data == last
        assert b"".join(event.raw for event in events) == stream


def test_an_event_is_given_as_soon_as_its_blank_line_is_there() -> None:
    """The reader of an answer never waits for the next word to see this one."""
    reader = SseReader(LIMIT)
    assert reader.feed(b"data: a\n") == []
    assert [event.data for event in reader.feed(b"\n")] == [b"a"]
    assert [event.data for event in reader.feed(b"data: b\r\n\r\n")] == [b"b"]
    assert reader.feed(b"data: c\r\n\r") == []
    assert [event.raw for event in reader.feed(b"\n")] == [b"data: c\r\n\r\n"]


@pytest.mark.parametrize("stream", [b"data: a\n\ndata: " + b"x" * 95 + b"\n\ndata: c\n\n", b"data: a\n\n" + b":" * 200])
def test_an_event_over_the_limit_ends_the_stream_after_what_came_before(stream: bytes) -> None:
    """A provider can't fill our memory with one event, and what was good is delivered."""
    for pieces in every_cut(stream[:140]):
        events, error = read(pieces, limit=100)
        assert [event.data for event in events] == [b"a"]
        assert error == "event_too_large"


def test_an_event_of_just_the_limit_is_read() -> None:
    """The limit is the number of bytes of a whole block, its blank line included."""
    block = b"data: " + b"x" * 92 + b"\n\n"
    for pieces in every_cut(block):
        assert read(pieces, limit=100)[1] is None
        assert read(pieces, limit=99)[1] == "event_too_large"


def test_invalid_utf8_ends_the_stream_after_what_came_before() -> None:
    """What can't be read can't be inspected, so it isn't passed on."""
    for bad in (b"\xff", b"\xc0\xaf", b"\xed\xa0\x80"):
        for pieces in every_cut(b"data: a\n\ndata: " + bad + b"\n\ndata: c\n\n"):
            events, error = read(pieces)
            assert [event.data for event in events] == [b"a"]
            assert error == "invalid_utf8"
    assert read([b"data: a\n\ndata: \xc3"])[1] == "invalid_utf8"


def test_a_broken_stream_stays_broken() -> None:
    """After an error nothing more is read from the stream."""
    reader = SseReader(LIMIT)
    with pytest.raises(UpstreamBroken):
        reader.feed(b"data: \xff\n\n")
    with pytest.raises(UpstreamBroken):
        reader.feed(b"data: a\n\n")
    with pytest.raises(UpstreamBroken):
        reader.flush()


def test_a_dripping_stream_is_read_in_linear_time() -> None:
    """Half a million single bytes in one event are no more work than one piece (the suite's time limit holds)."""
    body = b"data: " + b"x" * 500_000 + b"\n\n"
    reader, events = SseReader(len(body)), []
    for at in range(len(body)):
        events += reader.feed(body[at : at + 1])
    assert [event.raw for event in events] == [body]


def test_a_piece_of_many_events_is_read_in_linear_time() -> None:
    """A hundred thousand events in one packet are no more work than one by one (the suite's time limit holds)."""
    events = SseReader(LIMIT).feed(b"data: {}\n\n" * 100_000)
    assert len(events) == 100_000


# ------------------------------------------------------------------------------------------------------ writing


def only(stream: bytes) -> SseEvent:
    [event], _ = read([stream])
    return event


@pytest.mark.parametrize(
    ("before", "data", "after"),
    [
        (b"data: a\n\n", b"b", b"data: b\n\n"),
        (b": hm\r\nevent: x\r\ndata:a\r\nid: 1\r\n\r\n", b"b", b": hm\r\nevent: x\r\ndata: b\r\nid: 1\r\n\r\n"),
        (b"data: a\rdata: b\rid: 1\r\r", b"c", b"data: c\rid: 1\r\r"),
        (b"data: a\r\n\r\n", b"b\nc\r\nd\re", b"data: b\r\ndata: c\r\ndata: d\r\ndata: e\r\n\r\n"),
        (b"data\n\n", b"", b"data: \n\n"),
        (b"data: a", b"b", b"data: b\n\n"),
        (b"data: a\r\n", b"b", b"data: b\r\n\r\n"),
        (b"id: 1\ndata: a", b"b", b"id: 1\ndata: b\n\n"),
        (b"data: a\nid: 1", b"b", b"data: b\nid: 1\n\n"),
        (b": only a comment\n\n", b"b", b": only a comment\n\n"),
    ],
)
def test_other_data_in_an_event_leaves_its_other_lines(before: bytes, data: bytes, after: bytes) -> None:
    """Only the words change: comments, ids, types and line ends go on as they came."""
    assert replace_data(only(before), data) == after


@pytest.mark.parametrize(
    ("data", "event", "written"),
    [
        (b"{}", None, b"data: {}\n\n"),
        (b"{}", "error", b"event: error\ndata: {}\n\n"),
        (b"a\nb\r\nc", None, b"data: a\ndata: b\ndata: c\n\n"),
    ],
)
def test_events_of_our_own_can_be_read_back(data: bytes, event: str | None, written: bytes) -> None:
    """A notice that we put into a stream is an event like any other."""
    assert make_event(data, event) == written
    assert only(written) == SseEvent(written, data.replace(b"\r\n", b"\n"), event)
