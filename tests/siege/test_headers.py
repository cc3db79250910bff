"""HDR-*: what crosses beside the body, in either direction, and who is believed."""

from __future__ import annotations

import pytest

from tests.siege.house import CHAT, SPECIMENS, House
from tests.siege.oracles import AuditLog, hidden_in
from tests.siege.test_http_framing import assert_refused, body_of
from tests.support.fake_upstream import answer, chat_answer, chat_stream
from tests.support.toy_process import request

KEY = "Bearer sk-of-the-hospital"


def test_hdr_01_hop_by_hop(house: House) -> None:
    """A Connection list takes nothing away from our own decisions, and hop-by-hop headers go no further."""
    with house.siege() as s:
        s.reply(chat_answer())
        hops = ("Connection: close, Authorization, X-Guardrail-Claims, X-Policy", "Keep-Alive: 5", "TE: trailers")
        more = ("Proxy-Authorization: Basic x", "Proxy-Connection: close", "Trailer: X-A", f"Authorization: {KEY}")
        assert s.raw(request(body_of(s.canary), headers=(*hops, *more))).only.status == 200
        (sent,) = s.sent
        names = {name.lower() for name, _ in sent.headers}
        assert sent.header("authorization") == KEY
        assert not names & {"keep-alive", "te", "trailer", "upgrade", "transfer-encoding", "x-policy"}
        assert not {name for name in names if name.startswith("proxy-")}
        # what it lists still counts here: nobody agreed on claims with this client
        assert s.raw(request(headers=(*hops, "X-Guardrail-Claims: a.b.c"))).only.code == "bad_claims"


def test_hdr_02_patient_data_in_headers(house: House) -> None:
    """An identifier in any header stays here, and is in no log."""
    with house.siege() as s:
        s.reply(chat_answer())
        names = (
            "X-Patient-Name", "X-MRN", "Referer", "User-Agent", "traceparent", "tracestate", "baggage", "Cookie",
            "X-Request-Id", "Idempotency-Key", "OpenAI-Organization", "OpenAI-Project", "OpenAI-Beta", "Accept",
            "Accept-Language", "X-Guardrail-Sex", "X-Guardrail-Use", "From", "Via", "Origin", "anthropic-beta",
        )  # fmt: skip
        for name in names:
            talk = s.raw(request(body_of(s.another()), headers=(f"{name}: https://a.b/?mrn={s.canary}",)))
            assert talk.only.status in (200, 400)
            assert not hidden_in(s.canary, str(talk.only.headers).encode())
        assert len(s.sent) > len(names) / 2
        before = len(s.sent)
        for beta in ("maria-delgado-mrn-20417745-2025-01-01", "maria-delgado-2025-01-01", "skills-2025-10-02"):
            assert s.raw(request(body_of(s.another()), headers=(f"anthropic-beta: {beta}",))).only.status == 200
        assert [sent.header("anthropic-beta") for sent in s.sent[before:]] == [None, None, "skills-2025-10-02"]


def test_hdr_03_queries(house: House) -> None:
    """A query that may hold a name is refused; Google's key is moved to where keys belong, and logged nowhere."""
    with house.siege() as s:
        for query in (f"patient={s.canary}", "patient=Jane+Doe", "patient=Jane%20Doe", "a=1&a=2", "key=SECRET",
                      "%70atient=x"):  # fmt: skip
            assert_refused(s, request(body_of(s.another()), target=f"{CHAT}?{query}"), 400)
    with house.siege() as s:
        specimen, key = SPECIMENS["gemini.generate"], "AIzaSy-of-the-hospital-0000000"
        s.reply(answer(specimen.answer("Rest.")))
        path = specimen.path.partition("?")[0]
        talk = s.raw(request(b'{"contents":[{"parts":[{"text":"Hi"}]}]}', target=f"{path}?key={key}"))
        assert talk.only.status == 200
        (sent,) = s.sent
        assert (sent.header("x-goog-api-key"), key in sent.target) == (key, False)
        audit = AuditLog(s.proxy.data / "audit.db").words(0)
        assert not any(hidden_in(key, sink) for sink in (s.log, s.proxy.metrics().encode(), audit))


def test_hdr_04_no_splitting(house: House) -> None:
    """A request id that is none is not passed on; our own texts never become a header line."""
    with house.siege() as s:
        s.reply(answer(SPECIMENS["openai.chat"].answer("Hi."), headers={"X-Request-Id": "a\tb"}), chat_answer())
        for odd in ("a%0d%0aSet-Cookie: x", "a b", "a" * 65, "\xe9", "a;b", "a\tb"):
            talk = s.raw(request(body_of(s.canary), headers=(f"X-Request-Id: {odd}",)))
            assert talk.only.status == 200
            assert "set-cookie" not in talk.only.headers
            assert "x-request-id" not in talk.only.headers
        assert all(sent.header("x-request-id") is None for sent in s.sent)
        assert_refused_bytes = s.raw(request(headers=("X-Request-Id: a\r\n Set-Cookie: x",)))
        assert assert_refused_bytes.only.status == 400


def test_hdr_05_duplicates(house: House) -> None:
    """Who counts, the first or the last? Nobody."""
    with house.siege() as s:
        for headers in (
            ("Authorization: Bearer a", "Authorization: Bearer b"),
            ("Authorization: Bearer a", "x-api-key: b"),
            ("x-api-key: a", "x-goog-api-key: b"),
            ("Content-Type: application/json", "Content-Type: text/plain"),
            ("Host: 127.0.0.1", "Host: localhost"),
            ("X-Guardrail-Sex: male", "X-Guardrail-Sex: female"),
        ):
            assert_refused(s, request(body_of(s.canary), headers=headers), 400)


def test_hdr_06_underscores(house: House) -> None:
    """A twin with an underscore is nobody."""
    with house.siege() as s:
        s.reply(chat_answer())
        twins = ("x_guardrail_claims: a.b.c", "content_length: 3", "x_api_key: other", "transfer_encoding: chunked")
        assert s.raw(request(body_of(s.canary), headers=(*twins, f"Authorization: {KEY}"))).only.status == 200
        (sent,) = s.sent
        assert not [name for name, _ in sent.headers if "_" in name]
        assert (sent.header("authorization"), sent.header("x-api-key")) == (KEY, None)


def test_hdr_07_forged_addresses(house: House) -> None:
    """Nobody is believed about an address, and it is kept nowhere: the record has none."""
    with house.siege() as s:
        s.reply(chat_answer())
        hops = ", ".join(["203.0.113.77"] * 1_000)
        for line in (f"X-Forwarded-For: {hops}", f"Forwarded: for={s.canary}", "X-Real-IP: 203.0.113.77",
                     "X-Forwarded-Proto: https", "True-Client-IP: 203.0.113.77"):  # fmt: skip
            assert s.raw(request(body_of(s.canary), headers=(line,))).only.status == 200
        assert b"203.0.113.77" not in s.sent_bytes + s.log + s.proxy.written


def test_hdr_08_large_heads(house: House) -> None:
    """431 while it is still arriving: 100 headers, 32 KiB."""
    with house.siege(most_mib=8) as s:
        for headers in (
            tuple(f"X-{number}: a" for number in range(101)),
            tuple(f"X-{number}: a" for number in range(1_000)),
            ("X-A: " + "a" * 33_000,),
            ("X-A: " + "a" * 70_000,),
            ("X-A: " + "a" * 300_000,),
            ("X" * 40_000 + ": a",),
            ("Cookie: " + "a=b; " * 13_000,),
        ):
            assert_refused(s, request(headers=headers), 431)
        s.reply(chat_answer())
        assert s.raw(request(body_of(s.canary), headers=("X" * 10_000 + ": a",))).only.status in (200, 431)


def test_hdr_09_conditions_codings_and_ranges(house: House) -> None:
    """A 206 or 304 could not be inspected, nor a coding of the client's choice; Accept decides nothing."""
    with house.siege() as s:
        s.reply(chat_answer())
        asked = ("Accept-Encoding: zstd, br", "Range: bytes=0-9", "If-None-Match: x", "If-Range: x",
                 "If-Modified-Since: Sat, 28 Nov 2026 00:00:00 GMT", "Accept: text/event-stream")  # fmt: skip
        talk = s.raw(request(body_of(s.canary), headers=asked))
        assert (talk.only.status, talk.only.headers["content-type"]) == (200, "application/json")
        (sent,) = s.sent
        assert sent.header("accept-encoding") == "identity"
        assert not {"range", "if-none-match", "if-range", "if-modified-since"} & {n.lower() for n, _ in sent.headers}
        for status in (206, 304):
            s.reply(answer(b"", status=status, headers={"Content-Range": "bytes 0-9/100"}))
            assert s.post(CHAT, body_of(s.canary)).status == 502


def test_hdr_10_headers_of_the_provider(house: House) -> None:
    """Only what is listed comes back, in its own shape."""
    with house.siege() as s:
        secret = "ZQ222222222222"
        told = {
            "X-Echo-Prompt": secret, "Set-Cookie": f"a={secret}", "Server": secret, "X-Request-Id": f"Jane {secret}",
            "OpenAI-Organization": secret, "X-RateLimit-Remaining": "7", "OpenAI-Processing-Ms": "12", "Via": secret,
        }  # fmt: skip
        whole = SPECIMENS["openai.chat"].answer("Rest.")
        s.reply(answer(whole, headers=told), answer({"error": {}}, 500, headers=told))
        for status in (200, 500):
            reply = s.post(CHAT, body_of(s.canary))
            assert (reply.status, hidden_in(secret, str(reply.headers).encode())) == (status, False)
            assert reply.headers.get("openai-processing-ms", "12") == "12"


@pytest.mark.parametrize("stream", [False, True])
def test_hdr_11_headers_that_describe_the_old_body(house: House, stream: bool) -> None:
    """Length, digest and signature are ours or absent."""
    with house.siege() as s:
        stale = {"ETag": '"x"', "Content-MD5": "x", "Digest": "x", "Content-Digest": "x", "X-Amz-Signature": "x",
                 "Content-Language": "de", "Last-Modified": "x"}  # fmt: skip
        whole = answer(SPECIMENS["openai.chat"].answer("Rest."), headers=stale)
        s.reply(chat_stream("Rest.") if stream else whole)
        body = body_of(s.canary)
        reply = s.post(CHAT, body.replace(b"{", b'{"stream":true,', 1) if stream else body)
        assert reply.status == 200
        assert not {name.lower() for name in stale} & set(reply.headers)
        if not stream:
            assert int(reply.headers["content-length"]) == len(reply.body)


def test_hdr_12_signed_requests(house: House) -> None:
    """A signature over the body can't survive redaction: refused, for every API of Amazon's."""
    with house.siege() as s:
        signed = "Authorization: AWS4-HMAC-SHA256 Credential=AKIA/x/us-east-1/bedrock/aws4_request, Signature=0"
        for path in (CHAT, SPECIMENS["bedrock.converse"].path, SPECIMENS["bedrock.invoke"].path):
            talk = s.raw(request(body_of(s.canary), target=path, headers=(signed, "X-Amz-Content-Sha256: 0")))
            assert (talk.only.status, b"client_signed" in talk.only.body) == (400, True)
        assert s.sent_bytes == b""
