"""HTTP-*: requests whose end or meaning two readers could see differently, as raw bytes to the real product."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.siege.house import CHAT, SPECIMENS, House, Siege, housed
from tests.support.fake_upstream import CLOSE, Pause, Received, Script, chat_answer, chat_stream, raw, wait_until
from tests.support.toy_process import Talk, ToyProcess, read_answers, request

CHUNKS = b"2\r\n{}\r\n0\r\n\r\n"


@pytest.fixture(scope="module")
def siege_house() -> Iterator[House]:
    """It does not wait long for a body."""
    with housed(limits={"body_timeout_seconds": 2.0}) as house:
        yield house


def body_of(canary: str) -> bytes:
    return b'{"model":"m","messages":[{"role":"user","content":"My number is %s."}]}' % canary.encode()


def chunked(body: bytes, coding: str = "chunked", version: bytes = b"1.1") -> bytes:
    data = request(body, length=False, headers=(f"Transfer-Encoding: {coding}",))
    return data.replace(b"HTTP/1.1", b"HTTP/" + version)


def assert_refused(s: Siege, data: bytes, *statuses: int) -> None:
    """Refused in JSON with one of these, connection closed, nothing sent upstream, on record."""
    talk = s.raw(data)
    assert talk.only.status in statuses, (data[:200], talk.only)
    assert talk.closed, data[:200]
    assert talk.only.headers["content-type"] == "application/json"
    assert talk.only.code
    assert s.sent_bytes == b""


def test_http_01_length_and_chunks(house: House) -> None:
    """CL.TE smuggling: the second request is never seen, and the attempt is on record."""
    with house.siege() as s:
        smuggled = b"0\r\n\r\nGET /guardrail/live HTTP/1.1\r\nHost: a\r\nX-A: %s\r\n\r\n" % s.canary.encode()
        for order in (1, -1):
            headers = (f"Content-Length: {len(smuggled)}", "Transfer-Encoding: chunked")[::order]
            before = s.refusals("malformed_request")
            assert_refused(s, request(smuggled, headers=headers), 400)
            assert s.refusals("malformed_request") == before + 1
    with house.siege() as s:  # told in the shape of each API: I5 looks
        for specimen in SPECIMENS.values():
            talk = s.raw(request(target=specimen.path, headers=("Content-Length: 2", "Transfer-Encoding: chunked")))
            assert (talk.only.status, talk.closed) == (400, True)


def test_http_02_lengths(house: House) -> None:
    """A length is one number and nothing else."""
    with house.siege() as s:
        for second in ("3", "2"):
            assert_refused(s, request(headers=("Content-Length: 2", f"Content-Length: {second}")), 400)
        for length in ("5, 5", "+5", "+2", "0x5", "0x2", "-1", "18446744073709551617", "", "2 2", "2;"):
            assert_refused(s, request(headers=(f"Content-Length: {length}",)), 400)


def test_http_03_transfer_codings(house: House) -> None:
    """A body that is still coded is never inspected as if it were plain."""
    with house.siege() as s:
        for coding in ("gzip, chunked", "chunked, identity", "xchunked", "\x0bchunked", "identity", "chunked, chunked"):
            assert_refused(s, chunked(CHUNKS, coding), 400, 501)
        two = ("Transfer-Encoding: chunked", "Transfer-Encoding: chunked")
        assert_refused(s, request(CHUNKS, length=False, headers=two), 400)
        assert_refused(s, chunked(CHUNKS, version=b"1.0"), 400, 501)


def test_http_04_chunks(house: House) -> None:
    """A broken chunk is a 400, not a 500 and not a short body; on record as what it is."""
    with house.siege() as s:
        whole = body_of(s.canary)
        size = b"%x" % len(whole)
        for body in (
            size + b"\r\n" + whole + b"XX0\r\n\r\n",
            size + b"\n" + whole + b"\n0\n\n",
            b"0x" + size + b"\r\n" + whole + b"\r\n0\r\n\r\n",
            b"-2\r\n{}\r\n0\r\n\r\n",
            b"F0000000000000002\r\n{}\r\n0\r\n\r\n",
            size + b";a=" + b"b" * 65536 + b"\r\n" + whole + b"\r\n0\r\n\r\n",
            b"zz\r\n{}\r\n",
        ):
            before = s.refusals("malformed_request")
            assert_refused(s, chunked(body), 400)
            s.wait_for_refusals("malformed_request", before + 1)


@pytest.mark.parametrize(
    "trailer",
    ["Authorization: Bearer forged", "X-Tenant: victim", "X-Guardrail-Sex: male", "Content-Type: text/plain",
     "Host: evil.test", "Content-Length: 3"],
)  # fmt: skip
def test_http_05_trailers(house: House, trailer: str) -> None:
    """What is said after the body decides nothing and goes nowhere."""
    with house.siege() as s:
        s.reply(chat_answer())
        whole = body_of(s.canary)
        talk = s.raw(chunked(b"%x\r\n%s\r\n0\r\n%s\r\n\r\n" % (len(whole), whole, trailer.encode())))
        name, _, value = trailer.partition(": ")
        assert (talk.only.status == 200 and len(s.sent) == 1) or (talk.only.status == 400 and not s.sent)
        for sent in s.sent:
            assert value not in [told for header, told in sent.headers if header.lower() == name.lower()]
            assert sent.header("host") == s.upstream.url.partition("//")[2]
            assert sent.header("authorization") is None


def test_http_06_header_lines(house: House) -> None:
    """Folded, split, without name, without colon, with a blank before the colon."""
    with house.siege() as s:
        for line in ("X-A: b\r\n c", "X-A: b\rc", "X-A: b\0c", ": b", "XA", "X-A : b", " X-A: b", "X\x01A: b",
                     "X-A: b\x7f"):  # fmt: skip
            assert_refused(s, request(headers=(line,)), 400)


def test_http_07_bare_line_feeds(house: House) -> None:
    """A head must end its lines as the standard says."""
    with house.siege() as s:
        assert_refused(s, request().replace(b"\r\n", b"\n"), 400)
        assert_refused(s, request().replace(b"\r\nContent-Type", b"\nContent-Type"), 400)


def said_again(got: Received) -> Script:
    return chat_answer(f"You said: {got.json()['messages'][-1]['content']}")


def test_http_08_pipelining(house: House) -> None:
    """Two requests at once are answered in order, each with its own words and its own record."""
    with house.siege() as s:
        s.reply(lambda got: said_again(got))  # type: ignore[arg-type,return-value]
        other = s.another()
        talk = s.raw(request(body_of(s.canary)) + request(body_of(other)), answers=2)
        first, second = (reply.body.decode() for reply in talk.replies)
        assert (s.canary in first, other in first, s.canary in second, other in second) == (True, False, False, True)
        assert len({reply.headers["x-guardrail-receipt"] for reply in talk.replies}) == 2


def test_http_10_more_than_the_length_says(house: House) -> None:
    """The good request is answered, whole; what follows is read as the next one, and refused."""
    with house.siege() as s:
        s.reply(chat_answer())
        whole = body_of(s.canary)
        for behind in (b"RUBBISH\r\n\r\n", request(target="//evil.test"), b"\x16\x03\x01", whole):
            sent = len(s.sent)
            talk = s.raw(request(whole) + behind, answers=2)
            assert talk.statuses == [200, 400]
            assert talk.closed
            assert [len(each.body) for each in s.sent[sent:]] == [len(s.sent[0].body)]


def test_http_09_a_body_that_ends_too_early(house: House) -> None:
    """Half closed: 400; silent: 408; on record as incomplete, and nobody is asked."""
    with house.siege() as s:
        whole = body_of(s.canary)
        with s.connect() as sock:
            sock.sendall(request(whole, headers=(f"Content-Length: {len(whole) + 10}",)))
            sock.shutdown(socket.SHUT_WR)
            talk = s.read(sock)
        assert (talk.only.status, talk.only.code, talk.closed) == (400, "incomplete_request", True)
        s.wait_for_refusals("incomplete_request", 1)
        with s.connect() as sock:
            sock.sendall(request(b"", headers=("Expect: 100-continue", "Content-Length: 200")))
            assert sock.recv(100).startswith(b"HTTP/1.1 100 ")
            talk = s.read(sock)
        assert (talk.only.status, talk.only.code, talk.closed) == (408, "body_timeout", True)
        s.wait_for_refusals("body_timeout", 1)
        assert s.sent_bytes == b""


def test_expect_100_continue(house: House) -> None:
    """The body is asked for only if the head is acceptable."""
    with house.siege() as s:
        s.reply(chat_answer())
        whole = body_of(s.canary)
        with s.connect() as sock:
            sock.sendall(request(b"", headers=("Expect: 100-continue", f"Content-Length: {len(whole)}")))
            assert sock.recv(100).startswith(b"HTTP/1.1 100 ")
            sock.sendall(whole)
            assert s.read(sock).only.status == 200
        bad = ("Expect: 100-continue", "Content-Length: 2", "Content-Type: text/plain")
        assert s.raw(request(b"", headers=bad)).only.status == 415


def test_http_11_http_13_versions(house: House) -> None:
    """HTTP/1.0 gets no chunks; nothing else than 1.0 and 1.1 is spoken, HTTP/2 neither (it ends at the front)."""
    with house.siege() as s:
        s.reply(chat_answer(), chat_stream("Rest ", "and drink."))
        old = request(body_of(s.canary)).replace(b"HTTP/1.1", b"HTTP/1.0")
        talk = s.raw(old)
        assert (talk.only.status, talk.closed, "transfer-encoding" in talk.only.headers) == (200, True, False)
        streamed = request(body_of(s.canary).replace(b"{", b'{"stream":true,', 1)).replace(b"HTTP/1.1", b"HTTP/1.0")
        talk = s.raw(streamed)
        assert (talk.only.status, talk.closed, "transfer-encoding" in talk.only.headers) == (200, True, False)
        assert talk.only.body.endswith(b"data: [DONE]\n\n")
    with house.siege() as s:
        for version in (b"1.2", b"9.9", b"2.0", b"0.9"):
            assert_refused(s, request().replace(b"HTTP/1.1", b"HTTP/" + version), 400, 505)
        assert_refused(s, request().replace(b"HTTP/1.1", b"http/1.1"), 400)
        assert_refused(s, b"GET /\r\n\r\n", 400, 505)
        assert_refused(s, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0", 400, 505)


def test_http_12_no_tunnels(house: House) -> None:
    """No channel that nobody inspects: no upgrade, no CONNECT."""
    with house.siege() as s:
        connections = s.upstream.connections
        for upgrade in ("h2c", "websocket"):
            for target in (CHAT, "/v1/realtime"):
                headers = ("Connection: Upgrade", f"Upgrade: {upgrade}")
                assert_refused(s, request(target=target, headers=headers), 426)
        for data, status in (
            (b"CONNECT evil:443 HTTP/1.1\r\nHost: evil:443\r\n\r\n", 501),
            (request(b"", method="TRACE"), 501),
            (request(method="POST\t"), 400),
            (request(method="FOO"), 400),
            (request(method="PROPFIND"), 501),
        ):
            assert_refused(s, data, status)
        assert s.upstream.connections == connections


@pytest.fixture(scope="module")
def toy() -> Iterator[ToyProcess]:
    """The real server and edge with little patience: half a second for a head, a second for anything else."""
    with ToyProcess(("--keep-alive", "1")) as process:
        yield process


def test_http_14_slow_heads_and_bodies(toy: ToyProcess) -> None:
    """Two hundred clients that drip (2,000 are a matter of open files): all sent away in time, others served."""
    before = toy.status()["calls"]
    dripping = [toy.connect() for _ in range(200)]
    stop = threading.Event()

    def drip() -> None:
        while not stop.wait(0.1):
            for sock in dripping:
                try:
                    sock.sendall(b"X")
                except OSError:
                    continue

    for number, sock in enumerate(dripping):
        sock.sendall(
            request(b"{", headers=("Content-Length: 5000",)) if number % 2 else b"POST /v1/chat HTTP/1.1\r\nX: "
        )
    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    try:
        benign = [toy.exchange(request()).only.status for _ in range(10)]
        statuses = {read_answers(sock, 1).only.status for sock in dripping}
    finally:
        stop.set()
        thread.join(5)
        for sock in dripping:
            sock.close()
    assert benign == [200] * 10
    assert statuses == {408}
    assert toy.status()["calls"] == before + 10


def test_a_connection_that_says_nothing(toy: ToyProcess) -> None:
    """It is closed without a word."""
    with toy.connect() as sock:
        assert sock.recv(100) == b""


def test_http_15_the_moment_an_idle_connection_is_closed(toy: ToyProcess) -> None:
    """The next request comes as the server closes: a whole answer or a clean end, and what is answered ran once."""
    before, answered = toy.status()["calls"], 0
    socks = [toy.connect() for _ in range(20)]
    began = time.monotonic()
    for sock in socks:
        sock.sendall(request())
        answered += len(read_answers(sock, 1, patience=0.001).replies)
    for number, sock in enumerate(socks):
        sock.settimeout(10)
        time.sleep(max(0.0, began + 0.9 + number * 0.01 - time.monotonic()))
        answered += len(_second(sock).replies)
        sock.close()
    assert toy.status()["calls"] == before + answered


def _second(sock: socket.socket) -> Talk:
    try:
        sock.sendall(request())
        return read_answers(sock, 1, patience=0.001)
    except ConnectionError:
        return Talk((), closed=True)


def test_http_15_the_moment_the_provider_closes(house: House) -> None:
    """It closes after its answer, now and a little later: no request reaches it twice, none gets half an answer."""
    with house.siege() as s:
        whole = chat_answer().pieces
        s.reply(*[raw(*whole, Pause(number * 0.005), CLOSE) for number in range(12)], chat_answer())
        told = [s.post(CHAT, body_of(s.another())) for _ in range(12)]
        assert all(each.whole and each.status in (200, 502) for each in told)
        wait_until(lambda: len(s.sent) >= sum(each.status == 200 for each in told), 5, "all were heard")
        assert len(s.sent) <= 12


def test_a_head_over_the_limit_while_it_arrives(house: House) -> None:
    """431 before its end."""
    with house.siege() as s, s.connect() as sock:
        sock.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nX-A: " + b"a" * 40_000)
        assert s.read(sock).only.status == 431
