"""The leak oracle: a canary in every field of a request, and after it not a trace of it in any sink."""

from __future__ import annotations

import json
import os
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from openai.types.chat.completion_create_params import (
    CompletionCreateParamsNonStreaming,
    CompletionCreateParamsStreaming,
)

from tests.dialects.sdk_types import CANARY, planted
from tests.support.fake_upstream import FakeUpstream, Received, answer, chat_answer, chat_stream, stream, wait_until
from tests.support.pool import lent
from tests.support.proxy import Proxy, leaked, spellings

CHAT = {"model": "gpt-4o", "messages": [{"role": "user", "content": f"My number is {CANARY}."}]}


def post(proxy: Proxy, body: object, **headers: str) -> tuple[int, bytes, bytes]:
    """Status, head and body of the answer."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(
        f"{proxy.url}/chat/completions", data, {"Content-Type": "application/json", **headers}
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply.status, bytes(reply.headers), reply.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, bytes(error.headers), error.read()


@pytest.fixture(scope="module")
def every_field() -> list[tuple[str, Any]]:
    """One request for each place of OpenAI's request where a string could stand, with the canary there."""
    kinds = (CompletionCreateParamsNonStreaming, CompletionCreateParamsStreaming)
    return [(".".join(path), body) for kind in kinds for path, body in planted(kind)]


@pytest.mark.case("SEC-06")
def test_a_canary_in_any_field_reaches_no_sink(
    proxy: Proxy, upstream: FakeUpstream, every_field: list[tuple[str, Any]]
) -> None:
    """Upstream bytes, logs at DEBUG, metrics, files and refusals: nothing in six spellings."""
    upstream.reply(lambda request: chat_stream("Yes.") if request.json().get("stream") else chat_answer("Yes."))
    told = b""

    for path, body in every_field:
        status, _, reply = post(proxy, body)
        assert status in (200, 400, 422), path
        if status != 200:
            told += reply
        assert not leaked(CANARY, upstream.received[-100_000:]), path

    assert len(every_field) > 200
    assert not leaked(CANARY, upstream.received, proxy.log, proxy.metrics().encode(), proxy.written, told)


def test_spellings_would_be_noticed() -> None:
    """The oracle itself: each spelling of the canary is a leak."""
    assert all(leaked(CANARY, b"x" + spelling + b"y") for spelling in spellings(CANARY))
    assert not leaked(CANARY, b"ZQ12345678901")


HEADERS = ("X-Patient-Name", "X-MRN", "Referer", "User-Agent", "Traceparent", "Baggage", "Cookie", "X-Request-Id",
           "Idempotency-Key", "OpenAI-Organization", "X-Guardrail-Role", "Accept-Language")  # fmt: skip


@pytest.mark.parametrize("name", HEADERS)
def test_a_canary_in_a_header_reaches_no_sink(proxy: Proxy, upstream: FakeUpstream, name: str) -> None:
    """HDR-02: only an allow-list of headers goes on, in shapes that no name fits into."""
    post(proxy, {**CHAT, "messages": [{"role": "user", "content": "hi"}]}, **{name: f"Jane {CANARY}"})

    assert not leaked(CANARY, upstream.received, proxy.log, proxy.metrics().encode())


def test_a_canary_in_the_query_or_path_reaches_no_sink(proxy: Proxy, upstream: FakeUpstream) -> None:
    """HDR-03: this API takes no query; a path that is not in the table is told to nobody."""
    for path in (f"/v1/chat/completions?patient={CANARY}", f"/v1/{CANARY}", f"/v1/chat/completions/{CANARY}"):
        status, body = proxy.get(path)
        assert status in (400, 404, 405)
        assert not leaked(CANARY, body)

    assert not leaked(CANARY, upstream.received, proxy.log, proxy.metrics().encode())


ECHOES = {
    "an error": answer({"error": {"message": f"no {CANARY}", "code": CANARY, "type": CANARY, "param": CANARY}}, 400),
    "a page": answer(f"<html>{CANARY}</html>".encode(), 502, content_type="text/html"),
    "a header": answer({"error": {}}, 500, {"X-Echo-Prompt": CANARY, "Set-Cookie": CANARY, "Server": CANARY}),
    "not JSON": answer(f'{{"oops": "{CANARY}'.encode()),
    "an error in a stream": stream({"error": {"message": CANARY, "code": CANARY, "type": CANARY}}, done=False),
    "a broken frame": stream(f'{{"choices": [{CANARY}', done=False),
}


@pytest.mark.parametrize("kind", ECHOES)
def test_what_the_provider_echoes_is_not_passed_on_unread(proxy: Proxy, upstream: FakeUpstream, kind: str) -> None:
    """UPS-01: errors that quote the prompt reach neither the application nor a log."""
    upstream.reply(ECHOES[kind])

    _, head, reply = post(proxy, CHAT)

    assert not leaked(CANARY, head, reply, proxy.log, proxy.metrics().encode())


@pytest.fixture
def own_proxy(upstream: FakeUpstream) -> Iterator[Proxy]:
    """A proxy whose analyzer may be ill-treated."""
    with lent({"upstreams": {"one": {"base_url": upstream.url}}, "default_upstream": "one"}) as proxy:
        yield proxy
        proxy.wait_ready()


@pytest.mark.case("NLP-01")
def test_nothing_leaves_while_the_analyzer_is_stuck(own_proxy: Proxy, upstream: FakeUpstream) -> None:
    """Asleep past its deadline: 503 in the provider's shape, zero bytes upstream."""
    before = len(upstream.received)
    victims = own_proxy.analyzers()
    for victim in victims:
        os.kill(victim, signal.SIGSTOP)

    status, _, reply = post(own_proxy, CHAT)

    for victim in victims:  # the one that was asked is gone; any other would keep the proxy's next tenant waiting
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGCONT)
    assert status == 503
    assert json.loads(reply)["error"]["code"] == "job_deadline"
    assert len(upstream.received) == before


@pytest.mark.case("NLP-01", "OPS-08")
def test_a_killed_analyzer_is_replaced_and_nothing_leaves_meanwhile(own_proxy: Proxy, upstream: FakeUpstream) -> None:
    """Refused or answered by the new one, never sent unread; it recovers by itself."""
    before = own_proxy.metric("guardrail_analyzer_restarts")
    for victim in own_proxy.analyzers():
        os.kill(victim, signal.SIGKILL)

    wait_until(lambda: post(own_proxy, CHAT)[0] == 200, 20, "the new analyzer answers")

    assert not leaked(CANARY, upstream.received)
    assert upstream.requests[-1].json()["messages"][0]["content"] == "My number is [OTHER_ID_1]."
    assert own_proxy.metric("guardrail_analyzer_restarts") > before


def test_two_requests_at_once_never_mix(proxy: Proxy, upstream: FakeUpstream) -> None:
    """TOK-05 in small: 60 interleaved requests, each with its own value, each gets its own back."""
    from concurrent.futures import ThreadPoolExecutor

    def echo(request: Received) -> Any:
        text = request.json()["messages"][-1]["content"]
        return chat_stream("You said: ", *[text[i : i + 3] for i in range(0, len(text), 3)])

    upstream.reply(echo)

    def ask(number: int) -> bool:
        mine = f"ZQ{number:012d}"
        body = {**CHAT, "stream": True, "messages": [{"role": "user", "content": f"My number is {mine}."}]}
        status, _, reply = post(proxy, body)
        others = {f"ZQ{other:012d}".encode() for other in range(60)} - {mine.encode()}
        return status == 200 and mine.encode() in reply and not any(other in reply for other in others)

    with ThreadPoolExecutor(12) as pool:
        assert all(pool.map(ask, range(60)))
