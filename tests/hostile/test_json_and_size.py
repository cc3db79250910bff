"""JSON-*, SIZ-*: bodies that parsers disagree about, and large ones, through the whole product.

The fake upstream is the oracle: what is refused has not been sent, what is passed on is what was inspected.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.support.fake_upstream import FakeUpstream, answer, chat_answer
from tests.support.pool import lent
from tests.support.proxy import Proxy
from tests.support.toy_process import Reply, exchange, request

CANARY = "ZQ123456789012"


@pytest.fixture(scope="module")
def upstream() -> Iterator[FakeUpstream]:
    """The recording upstream."""
    with FakeUpstream(chat_answer()) as fake:
        yield fake


@pytest.fixture(scope="module")
def proxy(upstream: FakeUpstream) -> Iterator[Proxy]:
    """The product in front of it."""
    with lent({"upstreams": {"one": {"base_url": upstream.url}}, "default_upstream": "one"}) as process:
        yield process


def chat(content: str, more: str = "") -> bytes:
    """A chat with this JSON text as content."""
    return f'{{"model":"m","messages":[{{"role":"user","content":{content}}}]{more}}}'.encode()


def post(proxy: Proxy, body: bytes, *headers: str) -> Reply:
    return exchange(proxy.port, request(body, headers=headers), seconds=60, patience=0.001).only


def refused(proxy: Proxy, upstream: FakeUpstream, body: bytes) -> tuple[int, str]:
    """Status and code; fails if the upstream heard of it or the answer quotes the request."""
    before = len(upstream.requests)
    reply = post(proxy, body)
    assert len(upstream.requests) == before
    assert CANARY.encode() not in reply.body
    return reply.status, reply.code


@pytest.mark.parametrize(
    "body",
    [
        chat(f'"{CANARY}","content":"ok"'),
        chat(f'"{CANARY}","\\u0063ontent":"ok"'),
        chat('"ok"', ',"metadata":{"a":"' + CANARY + '","a":"ok"}'),
        chat('"ok"', ',"model":"m"'),
    ],
)
def test_json_01_duplicate_keys(proxy: Proxy, upstream: FakeUpstream, body: bytes) -> None:
    """The first of two equal keys is no hiding place."""
    assert refused(proxy, upstream, body) == (400, "duplicate_key")


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_json_02_other_encodings(proxy: Proxy, upstream: FakeUpstream, coding: str) -> None:
    """UTF-8 without a mark is the only encoding."""
    assert refused(proxy, upstream, chat(f'"{CANARY}"').decode().encode(coding))[0] in (400, 415)


@pytest.mark.parametrize("junk", [b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80"])
def test_json_03_invalid_utf8(proxy: Proxy, upstream: FakeUpstream, junk: bytes) -> None:
    """Never replaced and forwarded."""
    assert refused(proxy, upstream, chat('"a?b"').replace(b"?", junk))[0] == 400


@pytest.mark.parametrize("content", ['"a\x00b"', '"a\tb"', '"a\nb"'])
def test_json_04_raw_controls(proxy: Proxy, upstream: FakeUpstream, content: str) -> None:
    """A raw control character is not JSON."""
    assert refused(proxy, upstream, chat(content))[0] == 400


@pytest.mark.parametrize("content", ['"a\\ud800b"', '"a\\udc00\\ud800b"', '"a\\u0000b"'])
def test_json_04_escapes(proxy: Proxy, upstream: FakeUpstream, content: str) -> None:
    """Lone surrogates and NUL: refused, or passed on byte for byte."""
    before = len(upstream.requests)
    reply = post(proxy, chat(content))
    sent = upstream.requests[before:]
    assert reply.status in (200, 400)
    assert [content.encode() in each.body for each in sent] == ([True] if reply.status == 200 else [])


@pytest.mark.parametrize("number", ["9007199254740993", "18446744073709551616", "1" * 30, "1.10", "1E2", "-0.0"])
def test_json_05_numbers(proxy: Proxy, upstream: FakeUpstream, number: str) -> None:
    """Spelt as they came."""
    before = len(upstream.requests)
    post(proxy, chat('"hi"', f',"seed":{number}'))
    assert all(f'"seed":{number}'.encode() in each.body for each in upstream.requests[before:])
    assert len(upstream.requests) == before + 1


def test_json_05_a_number_without_end(proxy: Proxy, upstream: FakeUpstream) -> None:
    """5,000 digits are a 400, not a 500."""
    assert refused(proxy, upstream, chat('"hi"', f',"seed":{"1" * 5000}'))[0] == 400


@pytest.mark.parametrize("depth", [1_000, 100_000])
@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_json_07_depth(proxy: Proxy, upstream: FakeUpstream, depth: int, opening: str) -> None:
    """No recursion error."""
    assert refused(proxy, upstream, chat('"hi"', f',"metadata":{opening * depth}')) == (400, "depth_limit")


def test_json_07_ten_megabytes_of_brackets(proxy: Proxy, upstream: FakeUpstream) -> None:
    """Refused without reading to the end of it."""
    assert refused(proxy, upstream, b"[" * 10_000_000)[0] == 400


def test_json_09_bytes_outside_the_replaced_words(proxy: Proxy, upstream: FakeUpstream) -> None:
    """Unknown fields, order, white space and escapes come through as they were."""
    before = len(upstream.requests)
    message = b'{"content":"a\\/b \\u00e9","role":"user"}'
    body = b'{ "messages" : [' + message + b'],\r\n\t"x_vendor":{"k" : [1,2.50, null]} ,"model":"m"}'
    post(proxy, body)
    assert [each.body for each in upstream.requests[before:]] == [body]


@pytest.mark.parametrize(
    "body",
    [
        chat('[{"type":"quantum_scan","data":"x"}]'),
        chat("1"),
        chat("true"),
        chat('{"a":"b"}'),
        chat('"hi"').replace(b'"user"', b'"wizard"'),
        b"[]",
        b'"hi"',
        b"{}",
        b"",
        b"null",
        chat('"hi"') + b"{}",
        chat("NaN"),
    ],
)
def test_json_11_shapes_that_nobody_knows(proxy: Proxy, upstream: FakeUpstream, body: bytes) -> None:
    """Refused, never passed on uninspected."""
    assert refused(proxy, upstream, body)[0] in (400, 422)


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_json_12_json_within_strings(proxy: Proxy, upstream: FakeUpstream, depth: int) -> None:
    """Tool arguments are inspected however often they are wrapped, and stay JSON."""
    arguments = json.dumps({"id": CANARY})
    for _ in range(depth):
        arguments = json.dumps({"inner": arguments})
    call = {"id": "call_1", "type": "function", "function": {"name": "look_up", "arguments": arguments}}
    messages = [
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": "done"},
    ]
    before = len(upstream.requests)
    assert post(proxy, json.dumps({"model": "m", "messages": messages}).encode()).status == 200
    (sent,) = upstream.requests[before:]
    assert CANARY.encode() not in sent.body
    json.loads(sent.json()["messages"][1]["tool_calls"][0]["function"]["arguments"])


@pytest.mark.parametrize(
    "text", ["x" * 200_000, "a " * 50_000, "1" * 100_000, "(" * 200_000, "\N{WOMAN}\u200d" * 50_000]
)
def test_siz_08_texts_that_slow_matchers_down(proxy: Proxy, upstream: FakeUpstream, text: str) -> None:
    """Inspected to the end, where the canary is, or refused; the other clients are served meanwhile."""
    before = len(upstream.requests)
    body = chat(json.dumps(f"{text} {CANARY}"))
    assert post(proxy, body).status in (200, 413, 422, 503)
    assert all(CANARY.encode() not in each.body for each in upstream.requests[before:])


def test_siz_09_more_than_a_million_characters(proxy: Proxy, upstream: FakeUpstream) -> None:
    """Inspected to the last word or refused; never passed on because it is long."""
    before = len(upstream.requests)
    text = "All quiet on the ward tonight. " * 32_300
    assert post(proxy, chat(json.dumps(f"{text}{CANARY}"))).status in (200, 413, 422, 503)
    assert all(CANARY.encode() not in each.body for each in upstream.requests[before:])


def test_url_07_a_redirecting_provider(proxy: Proxy, upstream: FakeUpstream) -> None:
    """502 with a code of its own; the Location goes nowhere."""
    upstream.reply(answer(b"", status=307, headers={"Location": "http://169.254.169.254/"}), chat_answer())
    reply = post(proxy, chat('"hi"'))
    assert (reply.status, reply.code) == (502, "upstream_redirect")
    assert "location" not in reply.headers
    assert b"169.254" not in reply.body


def test_hdr_11_headers_that_describe_the_old_body(proxy: Proxy, upstream: FakeUpstream) -> None:
    """Length, digest and signature are ours or absent."""
    message = {"role": "assistant", "content": "Rest."}
    whole = {"id": "c", "object": "chat.completion", "created": 1, "model": "m"}
    body = {**whole, "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    stale = {"ETag": '"x"', "Content-MD5": "x", "Digest": "x", "X-Amz-Signature": "x", "Set-Cookie": "a=b"}
    upstream.reply(answer(body, headers=stale), chat_answer())
    reply = post(proxy, chat('"hi"'))
    assert int(reply.headers["content-length"]) == len(reply.body)
    assert not {name.lower() for name in stale} & set(reply.headers)


def test_the_server_lives_on(proxy: Proxy, upstream: FakeUpstream) -> None:
    """After all of it a plain chat is answered."""
    assert post(proxy, chat('"hello"')).status == 200
