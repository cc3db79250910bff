"""The upstream client against an upstream that misbehaves in every way it can (UPS-01..11)."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from guardrail.errors import ClientError, UpstreamBroken, UpstreamError, UpstreamTimeout, UpstreamUnreachable
from guardrail.wire.upstream import Origin, Timeouts, Upstream, UpstreamRequest
from guardrail.wire.watch import Watch
from tests.support.certificates import signed
from tests.support.fake_upstream import (
    CLOSE,
    HANG,
    RESET,
    Answer,
    FakeUpstream,
    Gate,
    Pause,
    answer,
    chat_stream,
    chunk,
    raw,
)

PATIENT = Timeouts(connect=10.0, first_byte=10.0, idle=10.0, total=20.0)
"""A busy machine may need its time; what is about time says SHORT."""
SHORT = Timeouts(connect=10.0, first_byte=0.3, idle=0.3, total=15.0)
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
POISON = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nPOISON"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def ask(fake: FakeUpstream, tenant: str = "a", **changes: Any) -> UpstreamRequest:
    settings: dict[str, Any] = {
        "base_url": fake.url,
        "path": "/v1/chat/completions",
        "query": "",
        "headers": [("Authorization", "Bearer k")],
        "body": b'{"a":1}',
        "tenant": tenant,
        "timeouts": PATIENT,
        **changes,
    }
    return UpstreamRequest(**settings)


@asynccontextmanager
async def client(ca_file: str | None = None) -> AsyncIterator[Upstream]:
    upstream = Upstream(ca_file)
    try:
        yield upstream
    finally:
        await upstream.close()
        await asyncio.sleep(0)  # aborted sockets close in the next turn of the loop


async def read(upstream: Upstream, request: UpstreamRequest) -> bytes:
    async with upstream.open(request) as reply:
        return await reply.read()


def failure(*script: Answer, **changes: Any) -> UpstreamError:
    """The error that one request meets."""

    async def meet() -> None:
        async with client() as upstream:
            await read(upstream, ask(fake, **changes))

    with FakeUpstream(*script) as fake, pytest.raises(UpstreamError) as caught:
        asyncio.run(meet())
    return caught.value


def answers(fake: FakeUpstream, *tenants: str, pause: float = 0.0) -> list[bytes]:
    """What each tenant reads, one after the other, through one client."""

    async def talk() -> list[bytes]:
        bodies = []
        async with client() as upstream:
            for tenant in tenants:
                bodies.append(await read(upstream, ask(fake, tenant)))
                await asyncio.sleep(pause)
        return bodies

    return asyncio.run(talk())


def test_sends_exactly_what_was_asked_for() -> None:
    """Method, target, headers and body arrive as given, and nothing else is added but the framing."""
    with FakeUpstream() as fake:
        asyncio.run(_send(fake, base_url=f"{fake.url}/openai/", query="api-version=1"))
        (received,) = fake.requests
    assert (received.method, received.target) == ("POST", "/openai/v1/chat/completions?api-version=1")
    assert received.body == b'{"a":1}'
    assert {name.lower() for name, _ in received.headers} == {
        "host", "accept-encoding", "content-length", "authorization",
    }  # fmt: skip
    assert received.header("host") == f"127.0.0.1:{fake.port}"
    assert received.header("accept-encoding") == "identity"


async def _send(fake: FakeUpstream, **changes: Any) -> None:
    async with client() as upstream:
        await read(upstream, ask(fake, **changes))


def test_the_environment_cannot_redirect_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy set in the environment is not used: patient text goes to the configured upstream only."""
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with FakeUpstream(answer(b"good")) as fake:
        assert answers(fake, "a") == [b"good"]


def test_only_harmless_answer_headers_are_handed_on() -> None:
    """Headers that could echo the prompt or set state at the client stay behind."""
    headers = {"Set-Cookie": "a=b", "X-Request-Id": "req_1", "X-Echo": "Jane Doe", "X-RateLimit-Remaining-Tokens": "12"}
    with FakeUpstream(answer(b"{}", headers={**headers, "Retry-After": "86400", "ETag": "x"})) as fake:

        async def talk() -> tuple[dict[str, str], str]:
            async with client() as upstream, upstream.open(ask(fake)) as reply:
                await reply.read()
                return dict(reply.headers), reply.content_type

        kept, content_type = asyncio.run(talk())
    assert kept == {"x-request-id": "req_1", "x-ratelimit-remaining-tokens": "12", "retry-after": "86400"}
    assert content_type == "application/json"


def test_an_error_of_the_provider_is_an_answer() -> None:
    """Status 429 and 500 are handed on with their bodies; they are not retried (UPS-07)."""
    with FakeUpstream(answer(b'{"error":1}', status=429)) as fake:

        async def talk() -> tuple[int, bytes]:
            async with client() as upstream, upstream.open(ask(fake)) as reply:
                return reply.status, await reply.read()

        assert asyncio.run(talk()) == (429, b'{"error":1}')
        assert len(fake.requests) == 1


def test_an_informational_answer_is_passed_over() -> None:
    """103 Early Hints is not the answer."""
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
    with FakeUpstream(raw(hints + hints, OK + b"Content-Length: 2\r\n\r\nok")) as fake:
        assert answers(fake, "a") == [b"ok"]


def test_stream_pieces_arrive_as_they_are_sent() -> None:
    """A piece is there before the next one is sent: nothing is collected."""
    gate = Gate()
    with FakeUpstream(raw(CHUNKED, chunk(b"one"), gate, chunk(b"two"), b"0\r\n\r\n")) as fake:

        async def talk() -> list[bytes]:
            pieces = []
            async with client() as upstream, upstream.open(ask(fake, timeouts=Timeouts())) as reply:
                async for piece in reply.chunks():
                    pieces.append(piece)
                    gate.open()
            return pieces

        assert asyncio.run(talk()) == [b"one", b"two"]


@pytest.mark.case("SSE-14")
def test_a_slow_reader_holds_the_upstream_back() -> None:
    """While nobody reads, the upstream can't send more than the sockets hold (SSE-14)."""
    size = 64 * 1024 * 1024
    sent = raw(OK + b"Content-Length: %d\r\n\r\n" % size, *[bytes(1024 * 1024)] * 64)
    with FakeUpstream(sent) as fake:

        async def talk() -> int:
            async with (
                client() as upstream,
                upstream.open(ask(fake, max_answer_bytes=size, timeouts=Timeouts())) as reply,
            ):
                await asyncio.sleep(0.3)
                return max([len(piece) async for piece in reply.chunks()])

        assert asyncio.run(talk()) < 1024 * 1024


# ── who shares a connection with whom ───────────────────────────────────────────────────────────────────────────


def test_a_connection_is_used_again_by_the_same_tenant_only() -> None:
    """Two requests of one tenant share a connection, another tenant gets its own."""
    with FakeUpstream(answer(b"x")) as fake:
        answers(fake, "a", "a", "b", "a", "b")
        assert [request.connection for request in fake.requests] == [1, 1, 2, 1, 2]


@pytest.mark.parametrize("surplus", [POISON, b"garbage", b"HTTP/1.1 200", b"x", b"\r\n"])
@pytest.mark.case("UPS-05")
def test_bytes_after_an_answer_never_become_the_next_one(surplus: bytes) -> None:
    """UPS-05: what follows a complete answer in the same segment condemns the connection."""
    with FakeUpstream(raw(OK + b"Content-Length: 2\r\n\r\nok" + surplus), answer(b"good")) as fake:
        assert answers(fake, "a", "a") == [b"ok", b"good"]
        assert fake.connections == 2


@pytest.mark.parametrize("surplus", [POISON, b"garbage", b"\r\n"])
@pytest.mark.case("UPS-05")
def test_bytes_on_a_waiting_connection_close_it(surplus: bytes) -> None:
    """UPS-05: what comes later, while nobody waits for an answer, closes the connection."""
    gate = Gate()
    poisoned = raw(OK + b"Content-Length: 2\r\n\r\nok", gate, surplus)

    async def talk(fake: FakeUpstream) -> list[bytes]:
        async with client() as upstream:
            first = await read(upstream, ask(fake))
            gate.open()
            await asyncio.to_thread(fake.wait_for_idle)
            return [first, await read(upstream, ask(fake))]

    with FakeUpstream(poisoned, answer(b"good")) as fake:
        assert asyncio.run(talk(fake)) == [b"ok", b"good"]


def test_bytes_that_the_loop_has_not_read_yet_spoil_the_connection() -> None:
    """UPS-05: what lies in the kernel when the next request is about to be written is seen in time."""
    gate, sent = Gate(), Gate()
    poisoned = raw(OK + b"Content-Length: 2\r\n\r\nok", gate, POISON, sent)

    async def talk(fake: FakeUpstream) -> list[bytes]:
        async with client() as upstream:
            first = await read(upstream, ask(fake))
            gate.open()
            assert sent.reached.wait(5)  # blocks the loop on purpose: it must not read meanwhile
            return [first, await read(upstream, ask(fake))]

    with FakeUpstream(poisoned, answer(b"good")) as fake:
        assert asyncio.run(talk(fake)) == [b"ok", b"good"]
        assert fake.connections == 2


def test_a_waiting_connection_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's connection stays open for ever: it ends when its time is over, without a next request."""
    monkeypatch.setattr("guardrail.wire.upstream.KEEP_ALIVE_SECONDS", 0.01)

    async def talk(fake: FakeUpstream) -> None:
        async with client() as upstream:
            await read(upstream, ask(fake))
            await asyncio.to_thread(fake.wait_for_idle)

    with FakeUpstream() as fake:
        asyncio.run(talk(fake))


def test_waiting_connections_are_counted_over_all_tenants(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many tenants can't hold many idle connections: the one that waited longest makes room."""
    monkeypatch.setattr("guardrail.wire.upstream.MAX_IDLE_CONNECTIONS", 2)
    with FakeUpstream(answer(b"x")) as fake:
        answers(fake, "a", "b", "c", "b", "c", "a")
        assert [request.connection for request in fake.requests] == [1, 2, 3, 2, 3, 4]


def test_after_closing_no_connection_waits() -> None:
    """An exchange that ends after the client was closed leaves no connection behind."""
    gate = Gate()

    async def talk(fake: FakeUpstream) -> bytes:
        async with client() as upstream, upstream.open(ask(fake, timeouts=Timeouts())) as reply:
            await upstream.close()
            gate.open()
            return await reply.read()

    with FakeUpstream(raw(OK + b"Content-Length: 4\r\n\r\nla", gate, b"st")) as fake:
        assert asyncio.run(talk(fake)) == b"last"
        fake.wait_for_idle()


def test_a_cookie_is_not_kept() -> None:
    """What an upstream wants to be remembered by is forgotten: two patients' requests have nothing in common."""
    with FakeUpstream(answer(b"x", headers={"Set-Cookie": "id=1; Path=/"})) as fake:
        answers(fake, "a", "a")
        assert [request.header("cookie") for request in fake.requests] == [None, None]


def test_chunked_answers_followed_by_bytes_are_not_reused() -> None:
    """UPS-05 for the chunked coding."""
    with FakeUpstream(raw(CHUNKED + chunk(b"ok") + b"0\r\n\r\n" + POISON), answer(b"good")) as fake:
        assert answers(fake, "a", "a") == [b"ok", b"good"]


@pytest.mark.case("UPS-08")
def test_an_early_answer_ends_the_connection() -> None:
    """UPS-08: an answer that comes before the body was taken is handed on; the connection is not used again."""
    early = OK + b"Content-Length: 4\r\nConnection: close\r\n\r\nfull"

    async def impatient(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(early)
        await writer.drain()
        with suppress(ConnectionError):
            while await reader.read(65536):
                pass
        writer.close()
        gone.set()

    gone = asyncio.Event()

    async def talk() -> bytes:
        server = await asyncio.start_server(impatient, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server, client() as upstream:
            request = UpstreamRequest(url, "/v1", "", (), bytes(8 * 1024 * 1024), "a", PATIENT)
            body = await read(upstream, request)
            await gone.wait()
            return body

    assert asyncio.run(talk()) == b"full"


def test_leaving_early_closes_the_connection() -> None:
    """An answer that nobody reads to its end does not stay open."""
    with FakeUpstream(chat_stream("a", between=Gate())) as fake:

        async def talk() -> None:
            async with client() as upstream:
                async with upstream.open(ask(fake)):
                    pass
                await asyncio.to_thread(fake.wait_for_idle)

        asyncio.run(talk())


@pytest.mark.case("UPS-09")
def test_cancelled_requests_leave_nothing_behind() -> None:
    """UPS-09: 20 times 30 cancelled requests, before and in the answer, and the next request is served."""
    with FakeUpstream(lambda request: raw(OK, HANG) if request.body == b"hang" else answer(b"good")) as fake:

        async def storm() -> bytes:
            async with client() as upstream:
                for turn in range(20):
                    tasks = [asyncio.create_task(read(upstream, ask(fake, body=b"hang"))) for _ in range(30)]
                    for step in range(turn % 7):
                        await asyncio.sleep(0 if step < 4 else 0.01)
                    for task in tasks:
                        task.cancel()
                    await asyncio.gather(*tasks, return_exceptions=True)
                good = await read(upstream, ask(fake))
                await upstream.close()
                await asyncio.to_thread(fake.wait_for_idle)
                return good

        assert asyncio.run(storm()) == b"good"


# ── answers that are none ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [301, 302, 303, 304, 307, 308])
def test_redirects_are_not_followed(status: int) -> None:
    """URL-07: another host never learns the key or the prompt, and the client never learns the Location."""
    error = failure(answer(b"", status=status, headers={"Location": "http://169.254.169.254/secret"}))
    assert (error.code, error.http_status) == ("upstream_redirect", 502)
    assert "169" not in error.message


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "aes128gcm", "identity, gzip", "x"])
def test_coded_answers_are_refused(coding: str) -> None:
    """SIZ-03, SIZ-05: a body that can't be inspected as it is does not pass, and no bomb is unpacked."""
    assert failure(answer(b"\x1f\x8b", headers={"Content-Encoding": coding})).code == "content_encoding"


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n", None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n", None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n", None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\n", None),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "ambiguous_head"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Type: c/d\r\nContent-Length: 2\r\n\r\n", "ambiguous_head"),
        (b"HTTP/1.1 200 OK\r\nX-A: b\r\n folded\r\nContent-Length: 2\r\n\r\n", None),
        (b"HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\n", "upstream_status"),
        (b"HTTP/1.1 206 Part\r\nContent-Length: 2\r\n\r\n", "upstream_status"),
        (b"HTTP/1.1 101 Switch\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", "upstream_status"),
        (b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 200_000 + b"\r\nContent-Length: 2\r\n\r\n", "head_too_large"),
        (b"HTTP/1.1 200 OK\r\n" + b"X-A: a\r\n" * 201 + b"Content-Length: 2\r\n\r\n", "head_too_large"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 20, "head_too_large"),
        (b"HTTP/1.1 200 OK\r\nX-A: a\x00b\r\nContent-Length: 2\r\n\r\n", None),
        (b"SSH-2.0-x\r\n", "malformed"),
        (b"<html>", "malformed"),
    ],
)  # fmt: skip
@pytest.mark.case("UPS-06")
def test_heads_with_two_readings_are_refused(head: bytes, code: str | None) -> None:
    """UPS-06: if another parser could read it differently, nobody gets it."""
    error = failure(raw(head + b"ok", CLOSE))
    assert isinstance(error, UpstreamBroken)
    assert code in (None, error.code)


class OtherBody(Watch):
    """Sees one byte less of each piece than there is."""

    def on_body(self, data: bytes) -> None:
        super().on_body(data[1:])


class OtherHead(Watch):
    """Sees a header that is not there."""

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value + b"!")


@pytest.mark.parametrize("second_opinion", [OtherBody, OtherHead])
def test_two_parsers_must_agree(second_opinion: type[Watch], monkeypatch: pytest.MonkeyPatch) -> None:
    """UPS-06: an answer that two parsers read differently is handed to nobody, and its connection ends."""
    monkeypatch.setattr("guardrail.wire.connection.Watch", second_opinion)

    async def talk(fake: FakeUpstream) -> str:
        async with client() as upstream:
            with pytest.raises(UpstreamBroken) as caught:
                await read(upstream, ask(fake))
            await asyncio.to_thread(fake.wait_for_idle)
            return caught.value.code

    with FakeUpstream(
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n2\r\nok\r\n0\r\n\r\n")
    ) as fake:
        assert asyncio.run(talk(fake)) in ("malformed", "ambiguous_head")


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (raw(OK + b"Content-Length: 20\r\n\r\nshort", CLOSE), "truncated"),
        (raw(OK + b"Content-Length: 20\r\n\r\nshort", RESET), "truncated"),
        (raw(CHUNKED + chunk(b"short"), CLOSE), "truncated"),
        (raw(CHUNKED + chunk(b"short"), RESET), "truncated"),
        (raw(CHUNKED + b"zz\r\nshort\r\n", CLOSE), "malformed"),
        (raw(OK, CLOSE), "connection_lost"),
        (raw(CLOSE), "connection_lost"),
        (raw(RESET), "connection_lost"),
    ],
)
@pytest.mark.case("UPS-04")
def test_a_broken_answer_is_never_a_complete_one(reply: Answer, code: str) -> None:
    """UPS-04: cut by count, by chunk, by reset or before the head."""
    assert failure(reply).code == code


def test_what_came_before_the_break_can_be_read() -> None:
    """A stream gives the pieces that arrived, then says that it broke."""
    with FakeUpstream(chat_stream("a", "b", end=RESET)) as fake:

        async def talk() -> bytes:
            seen = b""
            async with client() as upstream, upstream.open(ask(fake)) as reply:
                with suppress(UpstreamBroken):
                    async for piece in reply.chunks():
                        seen += piece
            return seen

        assert b'"content": "a"' in asyncio.run(talk())


def test_an_answer_without_length_ends_with_the_connection() -> None:
    """HTTP/1.0 style: complete when the upstream closes in good order."""
    with FakeUpstream(raw(OK + b"\r\nall", CLOSE)) as fake:
        assert answers(fake, "a") == [b"all"]


@pytest.mark.parametrize("coding", ["length", "chunks"])
def test_an_answer_over_the_limit_is_cut_off(coding: str) -> None:
    """SIZ-05: endless zeros end at the limit."""
    zeros = [bytes(50_000)] * 4
    counted = raw(OK + b"Content-Length: 200000\r\n\r\n", *zeros)
    chunked = raw(CHUNKED, *(chunk(zero) for zero in zeros), HANG)
    error = failure(counted if coding == "length" else chunked, max_answer_bytes=100_000)
    assert error.code == "too_large"


@pytest.mark.parametrize(
    ("reply", "timeouts", "code"),
    [
        (raw(HANG), SHORT, "first_byte_timeout"),
        (raw(b"HTTP/1.1 200 OK\r\n", HANG), SHORT, "first_byte_timeout"),
        (raw(OK + b"Content-Length: 5\r\n\r\nab", HANG), SHORT, "idle_timeout"),
        (raw(CHUNKED, *(chunk(b"x"), Pause(0.1)) * 20), Timeouts(10.0, 10.0, 10.0, 0.5), "total_timeout"),
    ],
)
@pytest.mark.case("UPS-03")
def test_each_phase_has_its_own_limit(reply: Answer, timeouts: Timeouts, code: str) -> None:
    """UPS-03: silence before the answer, silence within it, and an answer that drips for ever."""
    error = failure(reply, timeouts=timeouts)
    assert isinstance(error, UpstreamTimeout)
    assert (error.code, error.http_status) == (code, 504)


# ── no connection at all ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://no-such-host.invalid"])
@pytest.mark.case("UPS-03")
def test_an_upstream_that_is_not_there(url: str) -> None:
    """UPS-03: refused and unknown names are the same to the client."""

    async def talk() -> None:
        async with client() as upstream:
            await read(upstream, UpstreamRequest(url, "/v1", "", (), b"", "a", PATIENT))

    with pytest.raises(UpstreamUnreachable) as caught:
        asyncio.run(talk())
    assert (caught.value.code, caught.value.http_status) == ("upstream_unreachable", 502)
    assert "invalid" not in caught.value.message


@pytest.mark.case("UPS-03")
def test_a_connect_that_hangs_is_given_up() -> None:
    """UPS-03: a TLS handshake that nobody answers ends within the connect limit."""
    with FakeUpstream() as fake:

        async def talk() -> None:
            async with client() as upstream:
                url = fake.url.replace("http:", "https:")
                await read(upstream, ask(fake, base_url=url, timeouts=Timeouts(connect=0.5)))

        with pytest.raises(UpstreamTimeout) as caught:
            asyncio.run(talk())
    assert caught.value.code == "connect_timeout"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for 127.0.0.1, with its key, in one PEM file."""
    return signed(tmp_path_factory.mktemp("tls") / "pem", days=1)


@pytest.fixture(scope="module")
def expired(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, but of last week."""
    return signed(tmp_path_factory.mktemp("tls") / "pem", days=-6)


def tls_upstream(certificate: Path, *script: Answer, newest: ssl.TLSVersion | None = None) -> FakeUpstream:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    if newest is not None:  # OpenSSL speaks what is so old only if it is told that security does not matter
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = newest
    return FakeUpstream(*(script or [answer(b"secret")]), tls=context)


def test_a_trusted_certificate_is_accepted(certificate: Path) -> None:
    """An operator can name the certificates to trust."""
    with tls_upstream(certificate) as fake:

        async def talk() -> bytes:
            async with client(str(certificate)) as upstream:
                return await read(upstream, ask(fake))

        assert asyncio.run(talk()) == b"secret"


@pytest.mark.parametrize("surplus", [b"", POISON])
def test_a_secure_connection_is_watched_as_well(certificate: Path, surplus: bytes) -> None:
    """UPS-05 within TLS: a clean connection is used again, one with bytes behind the answer is not."""
    first = raw(OK + b"Content-Length: 2\r\n\r\nok" + surplus)
    with tls_upstream(certificate, first, answer(b"good")) as fake:

        async def talk() -> list[bytes]:
            async with client(str(certificate)) as upstream:
                return [await read(upstream, ask(fake)) for _ in range(2)]

        assert asyncio.run(talk()) == [b"ok", b"good"]
        assert fake.connections == (2 if surplus else 1)


@pytest.mark.parametrize("case", ["unknown issuer", "wrong host"])
@pytest.mark.case("UPS-11")
def test_a_certificate_that_is_not_right_is_refused(certificate: Path, case: str) -> None:
    """UPS-11: self-signed, or for another host; not one byte of the request is sent."""
    with tls_upstream(certificate) as fake:
        ca_file = None if case == "unknown issuer" else str(certificate)
        url = fake.url if case == "unknown issuer" else fake.url.replace("127.0.0.1", "localhost")

        async def talk() -> None:
            async with client(ca_file) as upstream:
                await read(upstream, ask(fake, base_url=url))

        with pytest.raises(UpstreamUnreachable) as caught:
            asyncio.run(talk())
        assert fake.received == b""
    assert caught.value.code == "tls_error"


@pytest.mark.case("UPS-11")
def test_a_certificate_of_last_week_is_refused(expired: Path) -> None:
    """UPS-11: although its issuer is trusted."""
    with tls_upstream(expired) as fake:
        assert refused_tls(fake, expired) == "tls_error"


@pytest.mark.case("UPS-11")
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_a_provider_that_speaks_an_old_tls_only_is_refused(certificate: Path, newest: ssl.TLSVersion) -> None:
    """UPS-11: TLS 1.2 is the least; a client that takes less finds one who answers."""
    with tls_upstream(certificate, newest=newest) as fake:
        refused_tls(fake, certificate)
        lax = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        lax.load_verify_locations(certificate)
        lax.set_ciphers("ALL:@SECLEVEL=0")
        lax.minimum_version = newest
        plain = socket.create_connection(("127.0.0.1", fake.port))
        with plain, lax.wrap_socket(plain, server_hostname="127.0.0.1") as line:
            assert line.version() in ("TLSv1", "TLSv1.1")


def refused_tls(fake: FakeUpstream, certificate: Path) -> str:
    """Why; not one byte of the request was sent."""

    async def talk() -> None:
        async with client(str(certificate)) as upstream:
            await read(upstream, ask(fake))

    with pytest.raises(UpstreamUnreachable) as caught:
        asyncio.run(talk())
    assert fake.received == b""
    return caught.value.code


# ── the address ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "path", ["@evil.test/v1", ".evil.test/v1", ":80@evil.test/", "//evil.test/v1", "/\\evil.test", "/v1/../admin", ""]
)
def test_a_path_cannot_move_the_host(path: str) -> None:
    """URL-03: checked again next to the socket, whatever was checked before."""
    with FakeUpstream() as fake, pytest.raises(ClientError):
        asyncio.run(_send(fake, path=path))


@pytest.mark.parametrize("header", [("X-A", "b\r\nX-C: d"), ("X-A\r\nX-C", "d"), ("X-A", "\x00"), ("X A", "b")])
def test_a_header_cannot_become_two(header: tuple[str, str]) -> None:
    """HDR-04: no header splitting towards the upstream."""
    assert failure(answer(), headers=[header]).code == "header_injection"


@pytest.mark.parametrize(
    "url",
    ["ftp://h", "https://", "https://u:p@h", "https://u@h", "https://h?a=b", "https://h#f", "h", "//h", "http://é"],
)
def test_odd_base_urls_are_refused(url: str) -> None:
    """A base URL is scheme, host, port and prefix."""
    with pytest.raises(ValueError):
        Origin.of(url)


def test_origin_keeps_the_prefix_and_names_the_host() -> None:
    """https://host/openai serves /openai/v1/...; the default port is not spelt out."""
    assert Origin.of("https://Api.example/openai/") == Origin(True, "api.example", 443, "/openai")
    assert Origin.of("https://h").authority == "h"
    assert Origin.of("http://[::1]:81").authority == "[::1]:81"
