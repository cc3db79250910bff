"""UPS-*: providers that fail, lie, answer too much, too little, too slowly, or twice."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from guardrail.errors import PolicyError
from guardrail.policy.load import load_policy
from guardrail.wire.upstream import Timeouts, Upstream, UpstreamRequest
from tests.siege.house import CHAT, SPECIMENS, House, Siege
from tests.specimens.openai_chat import question
from tests.support.fake_upstream import (
    CLOSE,
    HANG,
    RESET,
    Answer,
    FakeUpstream,
    answer,
    chat_answer,
    chat_stream,
    chunk,
    raw,
)
from tests.wire.test_upstream import ask, client

OPENAI = SPECIMENS["openai.chat"]
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
SOME = json.dumps(OPENAI.answer("Hello [OTHER_ID_1]."), separators=(",", ":")).encode()


def code(s: Siege, status: int) -> str:
    """The code of the refusal that the siege's canary gets."""
    told = s.ask("openai.chat", f"I am {s.canary}.")
    assert told.status == status, told
    assert b"Hello" not in told.body
    return str(told.json()["error"]["code"])


def test_ups_01_ups_02_errors_of_every_kind(house: House) -> None:
    """Status and code at most; pages, other shapes, what is no JSON, 10 MB of it: never a word."""
    with house.siege() as s:
        for status in (400, 422, 429, 500, 503):
            s.reply(
                answer(
                    {"error": {"message": f"no {s.canary}", "type": "x", "param": s.canary, "code": s.canary}}, status
                )
            )
            code(s, status)
            s.reply(answer({"error": {"message": "no [OTHER_ID_1]"}}, status))
            told = s.ask("openai.chat", f"I am {s.canary}.")
            assert (told.status, OPENAI.is_error(told.json())) == (status, True)
        for body in (f"<html>{s.canary}</html>".encode(), b"{", b'{"a":1,"a":2}', b"[]", b"null", b"\xff\xfe", b""):
            for status in (200, 404, 502):
                s.reply(answer(body, status, content_type="text/html"))
                told = s.ask("openai.chat", f"I am {s.canary}.")
                assert told.status in (status, 502) and told.status != 200, (body, told)
        s.reply(answer({"type": "error", "error": {"type": "api_error", "message": s.canary}}))
        assert s.ask("openai.chat", f"I am {s.canary}.").status == 502
        s.reply(answer(b'{"error":{"message":"' + s.canary.encode() * 750_000 + b'"}}', 500))
        assert s.ask("openai.chat", f"I am {s.canary}.").status in (500, 502)


def test_ups_04_an_answer_that_breaks_off(house: House) -> None:
    """Whole: 502 and nothing of it. Streamed: an error at the end."""
    with house.siege() as s:
        cut = SOME[: len(SOME) // 2]
        for reply in (
            raw(OK + b"Content-Length: %d\r\n\r\n" % len(SOME) + cut, CLOSE),
            raw(OK + b"Content-Length: %d\r\n\r\n" % len(SOME) + cut, RESET),
            raw(OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(SOME), CLOSE),
            raw(OK + b"\r\n" + cut, CLOSE),
            raw(OK, CLOSE),
            raw(CLOSE),
            raw(RESET),
        ):
            s.reply(reply)
            code(s, 502)
        for end in (CLOSE, RESET):
            s.reply(chat_stream("Hello ", "[OTHER_ID_1]. ", end=end))
            told = s.ask("openai.chat", question(f"I am {s.canary}.", stream=True), stream=True)
            assert OPENAI.stream_fails
            assert OPENAI.stream_fails(told.body)


def test_ups_05_what_follows_an_answer_is_nobodys(house: House) -> None:
    """The next one, of another tenant or of the same, gets its own."""
    poison = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(SOME), SOME.replace(b"Hello", b"Poison"))
    with house.siege() as s:
        for key in ("sk-a", "sk-a", "sk-b"):
            s.reply(raw(OK + b"Content-Length: %d\r\n\r\n%s" % (len(SOME), SOME) + poison))
            told = s.post(CHAT, question(f"I am {s.canary}."), {"Authorization": f"Bearer {key}"})
            assert (told.status, b"Poison" in told.body) == (200, False)
            s.reply(chat_answer("Bed three is free."))
            assert b"Bed three is free." in s.post(CHAT, question("Hi."), {"Authorization": f"Bearer {key}"}).body


def test_ups_06_heads_that_can_be_read_in_two_ways(house: House) -> None:
    with house.siege() as s:
        size = b"Content-Length: %d\r\n" % len(SOME)
        for head in (
            OK + size + b"Transfer-Encoding: chunked\r\n",
            OK + size + b"Content-Length: 5\r\n",
            OK + size + b"X-A: b\r\n c\r\n",
            b"HTTP/1.1 999 Odd\r\n" + size,
            OK + size + b"X-A: " + b"b" * 200_000 + b"\r\n",
            OK + size + b"X-A: b\0c\r\n",
        ):
            s.reply(raw(head + b"\r\n" + SOME))
            code(s, 502)


def test_ups_07_nothing_is_asked_twice(house: House) -> None:
    """What a provider says of when to ask again is passed on; a body that was sent is not sent again."""
    with house.siege() as s:
        replies: list[tuple[Answer, int]] = [
            (answer({"error": {"message": "x"}}, 429, {"Retry-After": "86400"}), 429),
            (answer({"error": {"message": "x"}}, 503), 503),
            (answer({"error": {"message": "x"}}, 409), 409),
            (raw(RESET), 502),
        ]
        for number, (reply, status) in enumerate(replies, 1):
            s.reply(reply)
            told = s.ask("openai.chat", f"I am {s.canary}.")
            assert (told.status, len(s.sent)) == (status, number)
            if status == 429:
                assert told.headers["retry-after"] == "86400"


def test_ups_08_an_answer_that_comes_early(house: House) -> None:
    """Before the body was taken: it is the answer, and nobody waits."""
    with house.siege() as s:
        body = json.dumps({"error": {"message": "too large", "type": "x", "param": None, "code": None}}).encode()
        early = raw(b"HTTP/1.1 413 X\r\nContent-Type: application/json\r\nConnection: close\r\n"
                    b"Content-Length: %d\r\n\r\n%s" % (len(body), body), CLOSE)  # fmt: skip
        s.reply(early)
        told = s.ask("openai.chat", "How do I sort a list of numbers in a table? " * 300)
        assert told.status in (413, 502)


@pytest.mark.parametrize("key", ["verify", "verify_tls", "insecure"])
def test_ups_11_certificates_are_always_checked(tmp_path: Path, key: str) -> None:
    """No policy can turn it off: there is no such key."""
    upstream = {"base_url": "https://llm.ward.example", key: False}
    policy = {"name": "t", "version": 1, "extends": ["baseline"], "upstreams": {"one": upstream}}
    file = tmp_path / "policy.yaml"
    file.write_text(json.dumps(policy))
    with pytest.raises(PolicyError, match=f"{key}: unknown key"):
        load_policy(file)


def test_ups_10_many_streams_at_once() -> None:
    """Through one client; when all who asked are gone, so is every connection. 5,000: docs/decisions/http-client.md."""
    many = 300

    async def hold(upstream: Upstream, request: UpstreamRequest, begun: asyncio.Semaphore) -> None:
        async with upstream.open(request) as reply:
            async for _ in reply.chunks():
                begun.release()

    async def talk(fake: FakeUpstream) -> None:
        async with client() as upstream:
            begun = asyncio.Semaphore(0)
            request = ask(fake, timeouts=Timeouts(30.0, 30.0, 30.0, 60.0))
            streams = [asyncio.create_task(hold(upstream, request, begun)) for _ in range(many)]
            for _ in range(many):
                await begun.acquire()
            for each in streams:
                each.cancel()
            await asyncio.gather(*streams, return_exceptions=True)

    with FakeUpstream(raw(OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(b"a"), HANG)) as fake:
        asyncio.run(talk(fake))
        fake.wait_for_idle(5)
        assert fake.connections == many
