"""Nothing is sent twice and no key goes astray: one proxy, providers that fail in every way, each behind a route."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.test_routing import CHAT, ask, client, lent, said, token
from tests.support.fake_upstream import CLOSE, HANG, RESET, Answer, FakeUpstream, answer, chat_answer, raw
from tests.support.proxy import Proxy

GONE = "http://127.0.0.1:1"
HEADERS = {"x-guardrail-token": token("ward"), "authorization": "Bearer sk-of-the-client"}


@pytest.fixture(scope="module")
def spare() -> Iterator[FakeUpstream]:
    with FakeUpstream(chat_answer("spare")) as one:
        yield one


@pytest.fixture(scope="module")
def failing() -> Iterator[FakeUpstream]:
    with FakeUpstream(chat_answer("failing")) as one:
        yield one


@pytest.fixture(scope="module")
def proxy(failing: FakeUpstream, spare: FakeUpstream) -> Iterator[Proxy]:
    def breaker(failures: int) -> dict[str, Any]:
        return {"breaker": {"failures": failures, "seconds": 60.0}}

    policy: dict[str, Any] = {
        "upstreams": {
            "one": {"fallback": ["two"], "timeouts": {"first_byte": 0.5}, **breaker(1000)},
            "two": {"set": {"store": False, "user": "house"}},
            "gone": {"base_url": GONE, "fallback": ["two"], "set": {"store": False}, **breaker(1000)},
            "alone": {"base_url": GONE, **breaker(2)},
            "away": {"base_url": GONE, **breaker(2)},
            "broken": {"base_url": failing.url, **breaker(2)},
        },
        "routes": {name: {"upstream": name} for name in ("gone", "alone", "away", "broken", "two")},
        "clients": [client("ward"), client("bound", upstreams=["gone"])],
    }
    with lent(policy, failing, spare) as one:
        yield one


def path(route: str) -> str:
    return f"/r/{route}/v1/chat/completions"


def test_one_that_can_not_be_reached_is_replaced_and_the_client_key_stays_here(
    proxy: Proxy, spare: FakeUpstream
) -> None:
    """The key was meant for the first provider. What the second is always told, it is told now too."""
    assert said(ask(proxy, CHAT, path("gone"), **HEADERS)) == "spare"
    request = spare.requests[-1]
    assert (request.json()["store"], request.json()["user"]) == (False, "house")
    assert request.header("authorization") is None
    assert said(ask(proxy, CHAT, path("two"), **HEADERS)) == "spare"
    assert spare.requests[-1].header("authorization") == "Bearer sk-of-the-client"
    assert b"token-of" not in spare.received


@pytest.mark.parametrize("how", [raw(CLOSE), raw(RESET), raw(HANG)], ids=["close", "reset", "hang"])
def test_once_a_byte_was_sent_nobody_is_asked_again(
    proxy: Proxy, failing: FakeUpstream, spare: FakeUpstream, how: Answer
) -> None:
    """The provider may have had it: an order would be given twice, a patient's question be in two houses."""
    failing.reply(how)
    before = len(failing.requests), len(spare.requests)
    status, body = ask(proxy, **HEADERS)
    assert status in (502, 504)
    assert body["error"]["code"] in ("connection_lost", "truncated", "first_byte_timeout")
    assert (len(failing.requests), len(spare.requests)) == (before[0] + 1, before[1])


def test_a_connection_that_waited_and_died_is_not_a_reason_to_send_again(
    proxy: Proxy, failing: FakeUpstream, spare: FakeUpstream
) -> None:
    failing.reply(chat_answer("failing"), raw(RESET))
    assert said(ask(proxy, **HEADERS)) == "failing"
    before = len(failing.requests), len(spare.requests)
    assert ask(proxy, **HEADERS)[0] == 502
    assert (len(failing.requests), len(spare.requests)) == (before[0] + 1, before[1])


def test_a_client_is_not_sent_where_it_may_not_go(proxy: Proxy, spare: FakeUpstream) -> None:
    """Not by a route, and not because its own provider is down."""
    before = len(spare.requests)
    bound = {"x-guardrail-token": token("bound")}
    assert ask(proxy, CHAT, path("two"), **bound)[1]["error"]["code"] == "no_upstream"
    assert ask(proxy, CHAT, path("gone"), **bound)[1]["error"]["code"] == "upstream_unreachable"
    assert len(spare.requests) == before


def test_an_open_circuit_says_when_to_come_back(proxy: Proxy, failing: FakeUpstream) -> None:
    failing.reply(answer({"error": {}}, 503))
    for route in ("alone", "broken"):
        assert [ask(proxy, CHAT, path(route), **HEADERS)[0] for _ in range(2)] == [502 if route == "alone" else 503] * 2
        request = urllib.request.Request(
            f"http://127.0.0.1:{proxy.port}{path(route)}",
            json.dumps(CHAT).encode(),
            {"content-type": "application/json", **HEADERS},
        )
        with pytest.raises(urllib.error.HTTPError) as caught, urllib.request.urlopen(request, timeout=20):
            pass
        with caught.value as reply:
            assert json.loads(reply.read())["error"]["code"] == "circuit_open"
            assert 50 <= int(reply.headers["retry-after"]) <= 60
    assert proxy.metric('guardrail_failures_total{reason="circuit_open",stage="upstream"}') >= 2


def test_somebody_in_danger_is_helped_though_the_circuit_is_open(proxy: Proxy) -> None:
    """WHO-51."""
    body = {**CHAT, "messages": [{"role": "user", "content": "I want to kill myself tonight."}]}
    for _ in range(3):
        reply = ask(proxy, body, path("away"), **HEADERS)
        assert reply[0] == 200
        assert "emergency number" in reply[1]["choices"][0]["message"]["content"]
