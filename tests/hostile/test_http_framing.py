"""HTTP-*: requests whose end or meaning two readers could see differently, as raw bytes to a real server.

Each is answered as the catalogue says and the server is alive afterwards. `calls` counts what reached an exchange.
"""

from __future__ import annotations

import socket

import pytest

from tests.support.toy_process import ToyProcess, read_answers, request

CHUNKS = b"2\r\n{}\r\n0\r\n\r\n"


def chunked(body: bytes, coding: str = "chunked", version: bytes = b"1.1") -> bytes:
    raw = request(body, length=False, headers=(f"Transfer-Encoding: {coding}",))
    return raw.replace(b"HTTP/1.1", b"HTTP/" + version)


def assert_refused(toy: ToyProcess, raw: bytes, *statuses: int) -> None:
    """Refused in JSON with one of these, connection closed, no exchange, and the next client is served."""
    before = toy.status()["calls"]
    talk = toy.exchange(raw)
    assert talk.only.status in statuses
    assert talk.closed
    assert talk.only.headers["content-type"] == "application/json"
    assert talk.only.code
    assert toy.status()["calls"] == before


def test_http_01_length_and_chunks(toy: ToyProcess) -> None:
    """CL.TE smuggling: the second request is never seen."""
    smuggled = b"0\r\n\r\nGET /guardrail/live HTTP/1.1\r\nHost: a\r\n\r\n"
    headers = (f"Content-Length: {len(smuggled)}", "Transfer-Encoding: chunked")
    assert_refused(toy, request(smuggled, headers=headers), 400)


@pytest.mark.parametrize("second", ["3", "2"])
def test_http_02_two_lengths(toy: ToyProcess, second: str) -> None:
    """Different or the same."""
    assert_refused(toy, request(headers=("Content-Length: 2", f"Content-Length: {second}")), 400)


@pytest.mark.parametrize("length", ["5, 5", "+2", "0x2", "-1", "18446744073709551617", "", "2 2", "2;"])
def test_http_02_odd_lengths(toy: ToyProcess, length: str) -> None:
    """A length is a number and nothing else."""
    assert_refused(toy, request(headers=(f"Content-Length: {length}",)), 400)


@pytest.mark.parametrize(
    "coding", ["gzip, chunked", "chunked, identity", "xchunked", "\x0bchunked", "identity", "chunked, chunked"]
)
def test_http_03_transfer_codings(toy: ToyProcess, coding: str) -> None:
    """A body that is still coded is never inspected as if it were plain."""
    assert_refused(toy, chunked(CHUNKS, coding), 400, 501)


def test_http_03_two_codings_and_old_version(toy: ToyProcess) -> None:
    """Two Transfer-Encoding lines; a transfer coding in HTTP/1.0."""
    two = request(CHUNKS, length=False, headers=("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"))
    assert_refused(toy, two, 400)
    assert_refused(toy, chunked(CHUNKS, version=b"1.0"), 400, 501)


@pytest.mark.parametrize(
    "body",
    [
        b"2\r\n{}XX0\r\n\r\n",
        b"2\n{}\n0\n\n",
        b"0x2\r\n{}\r\n0\r\n\r\n",
        b"-2\r\n{}\r\n0\r\n\r\n",
        b"F0000000000000002\r\n{}\r\n0\r\n\r\n",
        b"2;a=" + b"b" * 65536 + b"\r\n{}\r\n0\r\n\r\n",
        b"zz\r\n{}\r\n",
    ],
)
def test_http_04_chunks(toy: ToyProcess, body: bytes) -> None:
    """A broken chunk is a 400, not a 500 and not a short body."""
    assert_refused(toy, chunked(body), 400)


@pytest.mark.parametrize(
    "trailer", ["Authorization: Bearer forged", "X-Guardrail-Sex: male", "Content-Type: text/plain"]
)
def test_http_05_trailers(toy: ToyProcess, trailer: str) -> None:
    """What is said after the body decides nothing and goes nowhere."""
    talk = toy.exchange(chunked(f"2\r\n{{}}\r\n0\r\n{trailer}\r\n\r\n".encode()))
    seen = talk.only.json()
    assert talk.only.status == 200
    assert "authorization" not in seen["forward"]
    assert seen["cohort"]["sex"] == "unspecified"


@pytest.mark.parametrize("trailer", ["Host: evil", "Content-Length: 3"])
def test_http_05_framing_in_trailers(toy: ToyProcess, trailer: str) -> None:
    """Refused or without effect."""
    talk = toy.exchange(chunked(f"2\r\n{{}}\r\n0\r\n{trailer}\r\n\r\n".encode()))
    assert talk.only.status in (200, 400)


@pytest.mark.parametrize(
    "line", ["X-A: b\r\n c", "X-A: b\rc", "X-A: b\0c", ": b", "XA", "X-A : b", " X-A: b", "X\x01A: b", "X-A: b\x7f"]
)
def test_http_06_header_lines(toy: ToyProcess, line: str) -> None:
    """Folded, split, without name, without colon, with a blank before the colon."""
    assert_refused(toy, request(headers=(line,)), 400)


def test_http_07_bare_line_feeds(toy: ToyProcess) -> None:
    """A head must end its lines as the standard says."""
    assert_refused(toy, request().replace(b"\r\n", b"\n"), 400)


def test_http_08_pipelining(toy: ToyProcess) -> None:
    """Two requests at once are answered in order, each with its own words."""
    talk = toy.exchange(request(b'{"a":1}') + request(b'{"b":2}'), answers=2)
    assert [reply.json()["body"] for reply in talk.replies] == ['{"a":1}', '{"b":2}']
    assert talk.replies[0].headers["x-guardrail-receipt"] != talk.replies[1].headers["x-guardrail-receipt"]


def test_http_08_rubbish_behind_a_request(toy: ToyProcess) -> None:
    """The good request is answered, whole; what follows is not mixed into its answer."""
    for behind in (b"RUBBISH\r\n\r\n", request(target="//evil.test"), b"\x16\x03\x01"):
        talk = toy.exchange(request(b'{"a":1}') + behind, answers=2)
        assert talk.replies[0].json()["body"] == '{"a":1}'
        assert talk.closed


@pytest.mark.parametrize("upgrade", ["h2c", "websocket"])
def test_http_12_upgrades(toy: ToyProcess, upgrade: str) -> None:
    """No channel that nobody inspects."""
    assert_refused(toy, request(headers=("Connection: Upgrade", f"Upgrade: {upgrade}")), 426)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"CONNECT evil:443 HTTP/1.1\r\nHost: evil:443\r\n\r\n", 501),
        (request(b"", method="TRACE"), 501),
        (request(method="POST\t"), 400),
        (request(method="FOO"), 400),
        (request(method="PROPFIND"), 501),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"GET /\r\n\r\n", 505),
        (request().replace(b"HTTP/1.1", b"HTTP/2.0"), 505),
        (request().replace(b"HTTP/1.1", b"HTTP/9.9"), 400),
    ],
)
def test_http_12_methods_and_versions(toy: ToyProcess, raw: bytes, status: int) -> None:
    """Nothing is tunnelled; only HTTP/1.1 and 1.0 are spoken."""
    assert_refused(toy, raw, status)


@pytest.mark.parametrize(
    "headers", [tuple(f"X-{number}: a" for number in range(101)), ("X-A: " + "a" * 33_000,), ("X-A: " + "a" * 300_000,)]
)
def test_a_head_over_the_limit(toy: ToyProcess, headers: tuple[str, ...]) -> None:
    """431 while it is still arriving."""
    assert_refused(toy, request(headers=headers), 431)


def test_a_head_that_drips(toy: ToyProcess) -> None:
    """A client that never ends its head is sent away (slowloris)."""
    with toy.connect() as sock:
        sock.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\n")
        talk = read_answers(sock, 1)
    assert (talk.only.status, talk.closed) == (408, True)


def test_a_connection_that_says_nothing(toy: ToyProcess) -> None:
    """It is closed without a word."""
    with toy.connect() as sock:
        assert sock.recv(100) == b""


def test_expect_100_continue(toy: ToyProcess) -> None:
    """The body is asked for only if the head is acceptable."""
    with toy.connect() as sock:
        sock.sendall(request(b"", headers=("Expect: 100-continue", "Content-Length: 2")))
        assert sock.recv(100).startswith(b"HTTP/1.1 100 ")
        sock.sendall(b"{}")
        assert read_answers(sock, 1).only.status == 200
    with toy.connect() as sock:
        sock.sendall(request(b"", headers=("Expect: 100-continue", "Content-Length: 2", "Content-Type: text/plain")))
        assert read_answers(sock, 1).only.status == 415


def test_a_half_closed_client_is_gone(toy: ToyProcess) -> None:
    """A client that ends its side before the body is complete has asked nothing."""
    before = toy.status()["calls"]
    with toy.connect() as sock:
        sock.sendall(request(headers=("Content-Length: 100",)))
        sock.shutdown(socket.SHUT_WR)
        assert read_answers(sock, 1).replies == ()
    assert toy.status()["calls"] == before
