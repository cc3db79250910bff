"""A network that breaks an answer at any byte (UPS-01, SSE-04): the whole right text, or an error in the API's shape.

Never a silent truncation, never bytes that are another answer's; and the audit log says how it was.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from guardrail.record.entry import End
from tests.campaign.client import Heard, Line
from tests.journeys.test_audit import outcome
from tests.matrix.catalogue import SPEAKING
from tests.matrix.conftest import headers_of, policy_of, streamed
from tests.specimens.base import Specimen
from tests.support.fake_upstream import CLOSE, HANG, RESET, Answer, FakeUpstream, answer
from tests.support.fault_proxy import NONE, Fault, FaultProxy
from tests.support.pool import lent
from tests.support.proxy import Proxy

QUESTION = "My record number is ZQ123456789012. Which floor is radiology on?"
STEP = int(os.environ.get("FAULTS_STEP", "7"))
"""Every so many bytes; 1 takes minutes (`make faults`)."""
PIECES = ["It is on ", "floor 3. ", "Ask there."]
INTRUDER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n" + b'{"a":"spy"}'
(CHAT,) = (each for each in SPEAKING if each.name == "openai.chat")


@dataclass
class Road:
    """A client, the proxy, a bad network, the upstream."""

    proxy: Proxy
    network: FaultProxy
    upstream: FakeUpstream

    def ask(self, specimen: Specimen, *, stream: bool, client: str = "sk-one") -> Heard:
        """One question over a connection of its own."""
        ask = specimen.stream_question if stream else specimen.question
        assert ask is not None
        body = json.dumps(ask(QUESTION)).encode()
        target = specimen.stream_path if stream else specimen.path
        headers = {**headers_of(specimen), "content-length": str(len(body))}
        if "authorization" in headers:
            headers["authorization"] = f"Bearer {client}"
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        raw = f"POST {target} HTTP/1.1\r\nhost: 127.0.0.1\r\n{lines}\r\n".encode() + body
        line = Line(self.proxy.port)

        async def told() -> Heard:
            heard = await line.ask(raw)
            line.hang_up()
            return heard

        return asyncio.run(told())

    def end_of(self, heard: Heard) -> End:
        """What the audit log says of it, now that the answer is over."""
        return outcome(self.proxy, heard.headers["x-guardrail-receipt"]).end


@pytest.fixture(scope="module")
def road() -> Iterator[Road]:
    with FakeUpstream() as upstream, FaultProxy(upstream.port) as network:
        timeouts = {"connect": 2.0, "first_byte": 1.0, "idle": 1.0, "total": 20.0}
        policy = policy_of(network.url)
        policy["upstreams"]["fake"]["timeouts"] = timeouts
        with lent(policy) as proxy:
            yield Road(proxy, network, upstream)


def size_of(reply: Answer) -> int:
    return sum(len(piece) for piece in reply.pieces if isinstance(piece, bytes))


def reply_of(specimen: Specimen, *, stream: bool) -> Answer:
    assert specimen.stream is not None
    return streamed(specimen, specimen.stream(PIECES)) if stream else answer(specimen.answer("".join(PIECES)))


def words_of(specimen: Specimen, heard: Heard, *, stream: bool) -> str:
    assert specimen.heard is not None
    return specimen.heard(heard.body) if stream else specimen.said(json.loads(heard.body))


def failed(specimen: Specimen, heard: Heard, *, stream: bool) -> bool:
    """True if the client is told in the API's own way that this is not the whole answer."""
    if heard.status != 200:
        return specimen.is_error(json.loads(heard.body))
    return stream and specimen.stream_fails is not None and specimen.stream_fails(heard.body)


def check(road: Road, specimen: Specimen, fault: Fault, whole: str, *, stream: bool) -> bool:
    """The law for one fault. True if the whole text came."""
    road.network.fault = fault
    heard = road.ask(specimen, stream=stream)
    road.network.fault = NONE
    assert heard.whole, (fault, "broke off without a word")
    end = road.end_of(heard)
    if failed(specimen, heard, stream=stream):
        assert end is (End.TRUNCATED if heard.status == 200 else End.FAILED), (fault, end)
        return False
    assert heard.status == 200
    assert words_of(specimen, heard, stream=stream) == whole, fault
    assert end is End.ANSWERED, (fault, end)
    return True


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_cut_at_any_byte(road: Road, stream: bool) -> None:
    """Of the head, of the chunk sizes and of the body: by a proper end and by a reset in turns."""
    reply = reply_of(CHAT, stream=stream)
    road.upstream.reply(reply)
    whole = words_of(CHAT, road.ask(CHAT, stream=stream), stream=stream)
    size = size_of(reply)
    cuts = sorted({*range(0, size, STEP), *range(size - 30, size + 1)})
    came = [check(road, CHAT, Fault(at=at, then=(CLOSE, RESET)[at % 2]), whole, stream=stream) for at in cuts]
    # The API's own last event may be there before HTTP's: then nothing of the text is missing.
    assert cuts[came.index(True)] >= size - len(b"\r\n0\r\n\r\n"), "what broke off was taken for the whole"
    assert came[-1]


@pytest.mark.parametrize("specimen", SPEAKING, ids=str)
def test_cut_anywhere_in_every_dialect(road: Road, specimen: Specimen) -> None:
    """The same at some bytes of each API's stream, and of its whole answers."""
    for stream in (True, False):
        reply = reply_of(specimen, stream=stream)
        road.upstream.reply(reply)
        whole = words_of(specimen, road.ask(specimen, stream=stream), stream=stream)
        size = size_of(reply)
        for at in {0, 40, size // 2, size - 1 - size % 7 * 3, size - 6, size}:
            check(road, specimen, Fault(at=at, then=RESET if at % 2 else CLOSE), whole, stream=stream)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("fault", [Fault(slice=1), Fault(slice=7, latency=0.001), Fault(latency=0.2)], ids=str)
def test_slow_and_in_slices_is_the_same_answer(road: Road, fault: Fault, stream: bool) -> None:
    """UPS-09: how the network cuts the bytes is nobody's business."""
    road.upstream.reply(reply_of(CHAT, stream=stream))
    whole = words_of(CHAT, road.ask(CHAT, stream=stream), stream=stream)
    assert check(road, CHAT, fault, whole, stream=stream)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_silence_is_ended_with_an_error(road: Road, stream: bool) -> None:
    """UPS-04: in the head and in the body."""
    reply = reply_of(CHAT, stream=stream)
    road.upstream.reply(reply)
    for at in (0, 30, size_of(reply) - 20):
        assert not check(road, CHAT, Fault(at=at, then=HANG), "", stream=stream)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_bytes_behind_an_answer_are_nobodys_answer(road: Road, stream: bool) -> None:
    """UPS-05: neither the same client's next answer nor another's; the connection is not used again."""
    reply = reply_of(CHAT, stream=stream)
    road.upstream.reply(reply)
    whole = words_of(CHAT, road.ask(CHAT, stream=stream), stream=stream)
    road.network.fault = Fault(at=size_of(reply), then=INTRUDER)
    first = road.ask(CHAT, stream=stream)
    road.network.fault = NONE
    for client in ("sk-one", "sk-two", "sk-one"):
        heard = road.ask(CHAT, stream=stream, client=client)
        assert words_of(CHAT, heard, stream=stream) == whole
        assert b"spy" not in heard.body
    assert b"spy" not in first.body
    assert failed(CHAT, first, stream=stream) or words_of(CHAT, first, stream=stream) == whole


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_bytes_inside_an_answer_never_pass_as_the_models(road: Road, stream: bool) -> None:
    """Put in anywhere: an answer that can be read in one way only, or an error."""
    reply = reply_of(CHAT, stream=stream)
    road.upstream.reply(reply)
    whole = words_of(CHAT, road.ask(CHAT, stream=stream), stream=stream)
    for at in range(0, size_of(reply), 4 * STEP):
        road.network.fault = Fault(at=at, then=b"\r\n\r\nspy")
        heard = road.ask(CHAT, stream=stream)
        assert heard.whole
        if not failed(CHAT, heard, stream=stream):
            assert words_of(CHAT, heard, stream=stream) == whole, at
    road.network.fault = NONE
