"""URL-*, HDR-*, SIZ-*, JSON-*: where a request goes, what goes along, and how much, as raw bytes to a real server."""

from __future__ import annotations

import gzip

import pytest

from tests.hostile.test_http_framing import assert_refused
from tests.support.toy_process import ToyProcess, read_answers, request
from tests.support.toy_server import CANARY, CHAT


@pytest.mark.parametrize("host", ["a/health?x=", "a b", "a,b", "a@b", "", "127.0.0.1:99999999"])
def test_url_01_bad_host(toy: ToyProcess, host: str) -> None:
    """The Host header decides nothing, and must be a host."""
    assert_refused(toy, request(target="/admin/keys", headers=(f"Host: {host}",)), 400)


def test_url_01_no_host(toy: ToyProcess) -> None:
    """A request without Host has no reading."""
    assert_refused(toy, request().replace(b"Host: 127.0.0.1\r\n", b""), 400)


@pytest.mark.parametrize("target", ["http://evil.test/v1/chat/completions", "http://127.0.0.1/v1/chat/completions"])
def test_url_02_absolute_targets(toy: ToyProcess, target: str) -> None:
    """A proxy request is not for us."""
    assert_refused(toy, request(target=target), 400)


@pytest.mark.parametrize(
    "target", ["@evil.test/v1", ".evil.test/v1", ":80@evil.test/", "//evil.test/v1", "/\\evil.test", "*", CHAT + "#x"]
)
def test_url_03_targets_that_move_the_host(toy: ToyProcess, target: str) -> None:
    """A target starts with one slash."""
    assert_refused(toy, request(target=target), 400)


@pytest.mark.parametrize(
    "target",
    [
        "/v1/../../admin", "/v1/%2e%2e/admin", "/v1/..%2f..%2fadmin", "/v1//chat/completions", "/v1/./x", CHAT + ".",
        CHAT + "%20", CHAT + ";", "/v1/%252e", CHAT + "%00", CHAT + "/", "/%761/chat/completions",
    ],
)  # fmt: skip
def test_url_04_targets_that_normalise(toy: ToyProcess, target: str) -> None:
    """What is checked is what is routed; nothing is decoded in between."""
    assert_refused(toy, request(target=target), 400, 404)


def test_url_06_routing_hints_are_ignored(toy: ToyProcess) -> None:
    """Neither body nor headers choose where a request goes (CVE-2024-6587)."""
    body = b'{"api_base":"http://169.254.169.254","base_url":"http://evil.test"}'
    hints = ("X-Forwarded-Host: evil.test", "X-Upstream: http://evil.test", "Forwarded: host=evil.test")
    seen = toy.exchange(request(body, headers=hints)).only.json()
    assert seen["path"] == CHAT
    assert "evil" not in str(seen["forward"])


@pytest.mark.parametrize(
    "target", ["/v1/files", "/v1/batches", "/v1/audio/speech", "/v1/realtime", "/api/pull", "/v1/fine_tuning/jobs"]
)
def test_url_12_endpoints_outside_the_table(toy: ToyProcess, target: str) -> None:
    """Closed, whatever the content type."""
    assert_refused(toy, request(target=target, headers=("Content-Type: multipart/form-data",)), 404)


def test_hdr_01_hop_by_hop(toy: ToyProcess) -> None:
    """A Connection list can't take our own decisions away, and hop-by-hop headers go no further."""
    hops = ("Connection: close, Authorization, X-Guardrail-Sex", "Keep-Alive: 5", "Proxy-Authorization: Basic x")
    kept = ("Authorization: Bearer k", "X-Guardrail-Sex: female", "TE: trailers")
    seen = toy.exchange(request(headers=(*hops, *kept))).only.json()
    assert (seen["forward"]["authorization"], seen["cohort"]["sex"]) == ("Bearer k", "female")
    assert not {"connection", "keep-alive", "te", "proxy-authorization", "x-guardrail-sex"} & set(seen["forward"])


@pytest.mark.parametrize(
    "name",
    [
        "X-Patient-Name", "X-MRN", "Referer", "User-Agent", "traceparent", "baggage", "Cookie", "X-Request-Id",
        "Idempotency-Key", "OpenAI-Organization", "OpenAI-Beta", "Accept", "Accept-Language", "X-Guardrail-Sex",
    ],
)  # fmt: skip
def test_hdr_02_patient_data_in_headers(toy: ToyProcess, name: str) -> None:
    """An identifier in any header stays here."""
    talk = toy.exchange(request(headers=(f"{name}: {CANARY}",)))
    assert talk.only.status == 200
    assert CANARY.encode() not in talk.only.body
    assert CANARY not in str(talk.only.headers)


@pytest.mark.parametrize("query", [f"patient={CANARY}", "patient=Jane+Doe", "a=1&a=2", "key=SECRET", "%70atient=x"])
def test_hdr_03_queries(toy: ToyProcess, query: str) -> None:
    """Nothing is passed on in a query."""
    assert_refused(toy, request(target=f"{CHAT}?{query}"), 400)


@pytest.mark.parametrize(
    "headers",
    [
        ("Authorization: Bearer a", "Authorization: Bearer b"),
        ("Authorization: Bearer a", "x-api-key: b"),
        ("Content-Type: application/json", "Content-Type: text/plain"),
        ("Host: a", "Host: b"),
        ("X-Guardrail-Sex: male", "X-Guardrail-Sex: female"),
    ],
)
def test_hdr_05_duplicates(toy: ToyProcess, headers: tuple[str, ...]) -> None:
    """Who counts, the first or the last? Nobody."""
    assert_refused(toy, request(headers=headers), 400)


def test_hdr_09_conditions_and_ranges(toy: ToyProcess) -> None:
    """A 206 or 304 could not be inspected, nor a coding of the client's choice."""
    asked = ("Accept-Encoding: zstd, br", "Range: bytes=0-9", "If-None-Match: x", "Accept: text/event-stream")
    seen = toy.exchange(request(headers=asked)).only.json()
    assert not {"accept-encoding", "range", "if-none-match"} & set(seen["forward"])


def test_hdr_12_signed_requests(toy: ToyProcess) -> None:
    """A signature over the body can't survive redaction."""
    assert_refused(toy, request(headers=("Authorization: AWS4-HMAC-SHA256 Credential=x/y",)), 400)


def test_siz_01_length_over_the_limit(toy: ToyProcess) -> None:
    """413 from the length alone, the body unread."""
    assert_refused(toy, request(b"", headers=("Content-Length: 200001",)), 413)


def test_siz_01_chunks_over_the_limit(toy: ToyProcess) -> None:
    """413 at the byte that crosses, though more could come."""
    with toy.connect() as sock:
        sock.sendall(request(b"", length=False, headers=("Transfer-Encoding: chunked",)))
        sock.sendall(b"186a0\r\n" + b"x" * 100_000 + b"\r\n")
        sock.sendall(b"186a1\r\n" + b"x" * 100_001)
        talk = read_answers(sock, 1)
    assert (talk.only.status, talk.closed) == (413, True)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, gzip", "aes128gcm", "x", "identity, gzip"])
def test_siz_02_siz_03_siz_04_coded_bodies(toy: ToyProcess, coding: str) -> None:
    """Bombs, unknown codings and broken ones alike: nothing is unpacked."""
    bomb = gzip.compress(bytes(1_000_000))
    assert_refused(toy, request(bomb, headers=(f"Content-Encoding: {coding}",)), 415)


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain", "application/x-ndjson", "multipart/form-data; boundary=x", "application/xml", "",
        "application/json; charset=utf-8; x", "application/json; charset=utf-7", "application/json; charset=utf-16",
        "application/json; charset=shift_jis",
    ],
)  # fmt: skip
def test_json_02_json_10_content_types(toy: ToyProcess, content_type: str) -> None:
    """Not "no JSON, so pass it through"."""
    assert_refused(toy, request(headers=(f"Content-Type: {content_type}",)), 415)


def test_a_body_that_stops(toy: ToyProcess) -> None:
    """408 after the body's time."""
    with toy.connect() as sock:
        sock.sendall(request(b'{"a":', headers=("Content-Length: 100",)))
        talk = read_answers(sock, 1)
    assert (talk.only.status, talk.only.code) == (408, "body_timeout")
