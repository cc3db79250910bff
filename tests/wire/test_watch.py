"""The second opinion on its own: what it lets pass, and that the client's own parser (h11) then reads the same."""

from __future__ import annotations

import h11
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail.wire.watch import Watch

COUNTED = b"HTTP/1.1 200 OK\r\nX-A:  b \r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nT: r\r\n\r\n"
HINTED = b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + COUNTED
EMPTY = b"HTTP/1.1 204 No Content\r\n\r\n"
ANSWERS = (COUNTED, CHUNKED, HINTED, EMPTY)


def watched(*pieces: bytes) -> Watch:
    """The watch after these pieces."""
    watch = Watch()
    for piece in pieces:
        watch.feed(piece)
    return watch


def read_by_h11(data: bytes) -> tuple[bytes, bytes] | None:
    """Body and what is left behind it, as h11 reads them; None if it refuses or waits for more."""
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="POST", target="/", headers=[("Host", "h"), ("Content-Length", "0")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(data)
    body = b""
    try:
        while (event := connection.next_event()) not in (h11.NEED_DATA, h11.PAUSED):
            body += bytes(event.data) if isinstance(event, h11.Data) else b""
            if isinstance(event, h11.EndOfMessage):
                return body, connection.trailing_data[0]
    except h11.RemoteProtocolError:
        pass
    return None


@pytest.mark.parametrize("data", ANSWERS)
def test_every_cut_is_read_alike(data: bytes) -> None:
    """Where the network cuts an answer changes nothing, and no part of it counts as the whole."""
    whole = watched(data)
    assert whole.reusable
    for cut in range(1, len(data)):
        assert not watched(data[:cut]).complete
        parts = watched(data[:cut], data[cut:])
        assert (parts.head, parts.length, parts.reusable) == (whole.head, whole.length, True)


@pytest.mark.parametrize("data", ANSWERS)
@pytest.mark.parametrize("surplus", [b"x", b"\r\n", b"\n", b"\x00", COUNTED])
def test_every_cut_shows_what_follows_an_answer(data: bytes, surplus: bytes) -> None:
    """UPS-05: a single byte behind the answer is seen, whatever it is and wherever the network cuts."""
    for cut in range(1, len(data) + len(surplus)):
        watch = watched((data + surplus)[:cut], (data + surplus)[cut:])
        assert (watch.complete, watch.reusable) == (True, False)


@given(data=st.sampled_from(ANSWERS), at=st.integers(0, 200), gone=st.integers(0, 3), new=st.binary(max_size=4))
@settings(max_examples=500, deadline=None)
def test_what_the_watch_calls_clean_the_client_reads_alike(data: bytes, at: int, gone: int, new: bytes) -> None:
    """UPS-06: whatever happens to the bytes, a connection lives on only if both parsers saw the same answer end."""
    broken = data[:at] + new + data[at + gone :]
    watch = watched(broken)
    reading = read_by_h11(broken)
    if watch.reusable and reading is not None:
        assert (watch.length, b"") == (len(reading[0]), reading[1])


def test_an_answer_until_the_end_is_whole_only_if_the_end_is_in_order() -> None:
    """Without a length only a proper end tells that nothing is missing."""
    for end, complete in ((Watch.ended, True), (Watch.lost, False)):
        watch = watched(b"HTTP/1.1 200 OK\r\n\r\nhel", b"lo")
        end(watch)
        assert (watch.complete, watch.length, watch.reusable) == (complete, 5, False)
