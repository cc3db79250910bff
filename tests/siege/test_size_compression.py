"""SIZ-*: how much, and what is folded into it."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Mapping

import pytest

from tests.matrix.conftest import streamed
from tests.siege.house import CHAT, SPECIMENS, House, housed
from tests.siege.test_charset_json import chat
from tests.siege.test_http_framing import assert_refused, body_of
from tests.support.fake_upstream import Piece, answer, chat_answer, raw
from tests.support.toy_process import request

LIMIT = 10 * 1024 * 1024
MOST_ANSWER = 4 * 1024 * 1024


@pytest.fixture(scope="module")
def siege_house() -> Iterator[House]:
    """It takes answers of 4 MiB."""
    with housed(limits={"max_answer_bytes": MOST_ANSWER}) as house:
        yield house


def test_siz_01_over_the_limit(house: House) -> None:
    """413 from the length alone, the body unread; in chunks at the byte that crosses, though more could come."""
    with house.siege() as s:
        assert_refused(s, request(b"", headers=(f"Content-Length: {LIMIT + 1}",)), 413)
        with s.connect() as sock:
            sock.sendall(request(b"", length=False, headers=("Transfer-Encoding: chunked",)))
            piece = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
            for _ in range(10):
                sock.sendall(piece)
            sock.sendall(b"2\r\n  ")
            talk = s.read(sock, patience=5)
        assert (talk.only.status, talk.closed, s.sent_bytes) == (413, True, b"")


def bomb() -> bytes:
    """10 MB of zeros in 10 KB; a gibibyte would be as well refused."""
    return gzip.compress(bytes(10_000_000))


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, gzip"])
def test_siz_02_bombs(house: House, coding: str) -> None:
    """Nothing is unpacked: 415."""
    with house.siege(most_mib=16) as s:
        packed = gzip.compress(bomb()) if coding == "gzip, gzip" else zlib.compress(bytes(10_000_000))
        for body in (bomb(), packed, bomb() + bomb()):
            assert_refused(s, request(body, headers=(f"Content-Encoding: {coding}",)), 415)


def test_siz_03_codings_that_nobody_knows(house: House) -> None:
    """415 on the way in, 502 on the way out: never scanned as it is and passed."""
    codings = ("zstd", "aes128gcm", "x", "identity, gzip", "gzip;q=0")
    with house.siege() as s:
        for coding in codings:
            assert_refused(s, request(body_of(s.canary), headers=(f"Content-Encoding: {coding}",)), 415)
        secret = "ZQ333333333333"
        for coding in codings:
            s.reply(answer(chat(f'"{secret}"'), headers={"Content-Encoding": coding}))
            told = s.post(CHAT, body_of(s.canary))
            assert (told.status, secret.encode() in told.body) == (502, False)


def test_siz_04_codings_that_are_not_true(house: House) -> None:
    """No gzip though it says so, cut off, rubbish behind it: an error, not an empty body."""
    packed = gzip.compress(chat('"hi"'))
    with house.siege() as s:
        for body in (chat('"hi"'), packed[:-9], packed + b"rubbish"):
            assert_refused(s, request(body, headers=("Content-Encoding: gzip",)), 415)
        for body in (chat('"hi"'), packed[:-9], packed + b"rubbish"):
            s.reply(answer(body, headers={"Content-Encoding": "gzip"}))
            assert s.post(CHAT, body_of(s.canary)).status == 502


def endless(kind: str, filling: bytes) -> list[Piece]:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    return [head, *[b"10000\r\n" + filling * (0x10000 // len(filling)) + b"\r\n"] * 3_200]


def test_siz_05_answers_without_end(house: House) -> None:
    """A bomb is not unpacked; zeros end at the limit, whole or streamed, in 200 MB or in one line of a stream."""
    with house.siege() as s:
        s.reply(answer(gzip.compress(bytes(200_000_000), 1), headers={"Content-Encoding": "gzip"}))
        assert s.post(CHAT, body_of(s.canary)).status == 502
        s.reply(raw(*endless("application/json", b" ")))
        told = s.post(CHAT, body_of(s.canary))
        assert (told.status, len(told.body) < 1_000) == (502, True)
        stream = body_of(s.canary).replace(b"{", b'{"stream":true,', 1)
        for filling in (b"\0", b": \n"):
            s.reply(raw(*endless("text/event-stream", filling)))
            told = s.post(CHAT, stream)
            assert told.status == 502 or b'"error"' in told.body
            assert b"[DONE]" not in told.body


def test_siz_06_nothing_at_all(house: House) -> None:
    """400 in the dialect's shape, in every dialect that is asked."""
    with house.siege() as s:
        for body in (b"", b"{}", b"null", b"[]", b'""', b"   ", b"\r\n", b"0", b"true"):
            for name in ("openai.chat", "anthropic.messages", "gemini.generate", "bedrock.converse", "ollama.chat"):
                assert s.ask(name, body).status in (400, 422), (name, body)
        empty = request(b"0\r\n\r\n", length=False, headers=("Transfer-Encoding: chunked",))
        assert s.raw(empty).only.status == 400
        assert_refused(s, request(b"0\r\n\r\n", headers=("Content-Length: 0", "Transfer-Encoding: chunked")), 400)


def test_siz_07_counts(house: House) -> None:
    """More messages or parts than any conversation has: 413. A megabyte of tool schema: inspected or refused."""
    message, part = '{"role":"user","content":"x"}', '{"type":"text","text":"x"}'
    with house.siege() as s:
        for body in (
            f'{{"model":"m","messages":[{",".join([message] * 100_000)}]}}'.encode(),
            chat(f"[{','.join([part] * 100_000)}]"),
        ):
            assert s.post(CHAT, body).status in (413, 422)
        assert s.sent == []
        s.reply(chat_answer())
        fields = {f"f{n}": {"type": "string", "description": "d" * 200} for n in range(4_000)}
        fields["last"] = {"type": "string", "description": f"like {s.canary}"}
        tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": fields}}}
        told = s.post(CHAT, {"model": "m", "messages": [{"role": "user", "content": "Hi."}], "tools": [tool]})
        assert told.status in (200, 413, 422, 503)


SLOW: Mapping[str, tuple[str, int, str]] = {
    "no space": ("x", 200_000, "answered"),
    "a ": ("a ", 100_000, "answered"),
    "digits": ("1", 100_000, "own_answer"),
    "((((": ("(", 200_000, "answered"),
    "emoji": ("\N{WOMAN}\u200d", 50_000, "answered"),
}
"""What is repeated, how many code points of it are inspected to the end, and what comes of it: so many digits may spell
what somebody hides, and are not passed on."""


@pytest.mark.parametrize("kind", SLOW)
def test_siz_08_texts_that_slow_matchers_down(house: House, kind: str) -> None:
    """A million characters are refused at once; some of those that the policy takes are inspected to the end, also the
    last of them. How long each takes, and others meanwhile: benchmarks/hostile.py."""
    text, count, end = SLOW[kind]
    with house.siege() as s:
        s.reply(chat_answer())
        whole = text * (1_000_000 // len(text))
        assert s.post(CHAT, chat(json.dumps(whole, ensure_ascii=False))).status == 413
        assert s.sent == []
        told = s.post(CHAT, chat(json.dumps(f"{whole[:count]} {s.canary}", ensure_ascii=False)))
        assert (told.status, s.outcomes(2)[1]["end"]) == (200, end)
        sent = [each.json()["messages"][0]["content"] for each in s.sent]
        assert sent == ([f"{whole[:count]} [OTHER_ID_1]"] if end == "answered" else [])


def arguments(value: object) -> dict[str, object]:
    """A question about an earlier call of a tool."""
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": json.dumps(value)}}
    said = {"role": "assistant", "content": None, "tool_calls": [call]}
    asked, told = {"role": "user", "content": "Go on."}, {"role": "tool", "tool_call_id": "c", "content": "Done."}
    return {"model": "m", "messages": [asked, said, told]}


def content(value: object) -> dict[str, object]:
    """JSON in what somebody says."""
    return {"model": "m", "messages": [{"role": "user", "content": json.dumps(value)}]}


def schema(value: object) -> dict[str, object]:
    """What a tool takes."""
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "examples": [value]}}}
    return {"model": "m", "messages": [{"role": "user", "content": "Go on."}], "tools": [tool]}


def under_keys(length: int, levels: int, value: object) -> object:
    """A value under so many keys of this length."""
    for level in range(levels):
        value = {"word " * (length // 5) + str(level): value}
    return value


KEYS = {
    "one": under_keys(400_000, 1, ["a"] * 3_000),
    "many": under_keys(8_000, 55, ["a"] * 1_500),
    "numbers": under_keys(9_000_000, 1, [0] * 70_000),
}


@pytest.mark.parametrize("where", [arguments, content, schema])
@pytest.mark.parametrize("keys", KEYS)
def test_siz_08_keys_that_every_value_repeats(house: House, where: Callable[[object], object], keys: str) -> None:
    """A pointer to each of thousands of values spells the keys above it: half a megabyte asked for 1,400 MiB."""
    with house.siege() as s:
        s.reply(chat_answer())
        assert s.post(CHAT, json.dumps(where(KEYS[keys])).encode()).status == 413
        assert s.sent == []


@pytest.mark.parametrize("keys", ["one", "many"])
def test_siz_08_keys_that_every_value_of_an_answer_repeats(house: House, keys: str) -> None:
    """The same from a provider, whole and in pieces."""
    openai = SPECIMENS["openai.chat"]
    assert openai.tool_answer and openai.tool_stream and openai.tool_question
    body, value = openai.tool_question("Go on.", "send_mail"), {"mail": KEYS[keys]}
    with house.siege() as s:
        s.reply(answer(openai.tool_answer("send_mail", value)))
        assert s.ask("openai.chat", body).status == 502
        s.reply(streamed(openai, openai.tool_stream("send_mail", value)))
        assert b'"error"' in s.ask("openai.chat", {**body, "stream": True}, stream=True).body


def test_siz_09_more_than_a_million_characters(house: House) -> None:
    """Past every model's limit: refused; never passed on because it is long."""
    for count in (1_000_001, 9_900_000, 10_000_000):
        with house.siege() as s:  # the bound of memory is that of one request
            text = ("All quiet on the ward tonight. " * (count // 31 + 1))[: count - 15]
            assert s.post(CHAT, chat(json.dumps(f"{text} {s.canary}"))).status == 413
            assert s.sent == []
