"""Laws of the event stream: the same events however it is cut, the same bytes, and what the standard says."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from guardrail.errors import UpstreamBroken
from guardrail.wire.sse import SseEvent, SseReader, make_event, replace_data

PIECES = [b"\r", b"\n", b"\r\n", b"\n\n", b"data", b"data:", b"data: ", b"event: ", b"id:7", b":", b" ", b"x", b"{}"]
PIECES += [b"\xef\xbb\xbf", b"\x0b", b"\x0c", b"\x1c", *(letter.encode() for letter in ("é", "😀", "\u2028", "\x85"))]
STREAMS = st.lists(st.sampled_from(PIECES), max_size=25).map(b"".join)
BROKEN_STREAMS = st.lists(st.sampled_from([*PIECES, b"\xff", b"\xc3", b"long" * 8]), max_size=25).map(b"".join)
CUTS = st.lists(st.integers(0, 120), max_size=6)
LAW = settings(max_examples=1_000, deadline=None, database=None)


def read(*pieces: bytes, limit: int = 10_000) -> tuple[list[SseEvent], str | None]:
    """The events of a stream that came in these pieces, and the code of the error that ended it."""
    reader, events = SseReader(limit), []
    try:
        for piece in pieces:
            events += reader.feed(piece)
        events += reader.flush()
    except UpstreamBroken as error:
        return events, error.code
    return events, None


def cut(stream: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(min(at, len(stream)) for at in cuts), len(stream)]
    return [stream[start:end] for start, end in pairwise(edges)]


@LAW
@given(BROKEN_STREAMS, CUTS)
def test_the_same_events_however_the_stream_is_cut(stream: bytes, cuts: list[int]) -> None:
    """How the network cuts an answer into packets never changes what the reader gets, not even when it breaks."""
    whole = read(stream, limit=30)
    assert read(*cut(stream, cuts), limit=30) == whole
    assert read(*(stream[at : at + 1] for at in range(len(stream))), limit=30) == whole


@LAW
@example(b"\r\n\r")
@given(STREAMS)
def test_the_bytes_of_all_events_are_the_stream(stream: bytes) -> None:
    """What isn't changed is passed on as it came."""
    events, error = read(stream)
    assert error is None
    assert b"".join(event.raw for event in events) == stream.removeprefix(b"\xef\xbb\xbf")


@LAW
@given(STREAMS)
@pytest.mark.case("SSE-02", "SSE-03")
def test_the_events_are_those_of_the_standard(stream: bytes) -> None:
    """We see the events that a browser would see (WHATWG HTML §9.2.6)."""
    events, _ = read(stream)
    seen = [(event.event, event.data.decode()) for event in events if event.complete and not event.keepalive]
    assert seen == by_the_standard(stream.decode())


@LAW
@example(b"data\rdata\n\n", "x")
@given(STREAMS, st.text("ab\n\r{", max_size=8))
def test_other_data_changes_only_the_data(stream: bytes, text: str) -> None:
    """A rewritten event says the new words and is in all else the event that it was."""
    for event in read(stream)[0]:
        if not event.keepalive:
            [_, after] = read(b"\n", replace_data(event, text.encode()))[0]
            assert after.data.decode() == re.sub("\r\n?", "\n", text)
            assert (after.event, after.complete) == (event.event, True)
            assert other_lines(after.raw) == other_lines(event.raw)


@LAW
@given(st.text("ab\n{é", max_size=8), st.sampled_from([None, "error", "ping"]))
def test_an_event_of_our_own_reads_back(text: str, kind: str | None) -> None:
    """What we put into a stream is read as we meant it."""
    [event] = read(make_event(text.encode(), kind))[0]
    assert (event.data.decode(), event.event, event.complete) == (text, kind, True)


def by_the_standard(stream: str) -> list[tuple[str | None, str]]:
    """The specification's algorithm, line by line. What has no blank line after it is not dispatched."""
    dispatched: list[tuple[str | None, str]] = []
    data, kind = "", ""
    for line in re.split("\r\n|\r|\n", stream.removeprefix("\ufeff"))[:-1]:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            dispatched += [(kind or None, data.removesuffix("\n"))] if data else []
            data, kind = "", ""
        elif name == "data":
            data += value + "\n"
        elif name == "event":
            kind = value
    return dispatched


def other_lines(raw: bytes) -> list[bytes]:
    return [line for line in raw.splitlines() if line and line.partition(b":")[0] != b"data"]
