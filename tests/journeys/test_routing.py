"""Which provider gets a question, and what a provider may keep: over real processes, with recording upstreams."""

from __future__ import annotations

import hashlib
import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.specimens.openai_responses import OPENAI_RESPONSES
from tests.support import pool
from tests.support.fake_upstream import FakeUpstream, answer, chat_answer
from tests.support.proxy import Proxy
from tests.support.redis_server import need_redis

CHAT = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Maria Delgado, MRN 40718263, is well."}]}


def token(name: str) -> str:
    return f"token-of-{name}"


def client(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "token_sha256": hashlib.sha256(token(name).encode()).hexdigest(), **more}


def _whole(policy: dict[str, Any], upstreams: Sequence[FakeUpstream]) -> dict[str, Any]:
    """With upstreams `one`, `two`... on top of what the policy says of them."""
    for name, upstream in zip(("one", "two", "three"), upstreams, strict=False):
        row = policy.setdefault("upstreams", {}).setdefault(name, {})
        policy["upstreams"][name] = {"base_url": upstream.url, **row}
    return {"name": "t", "version": 1, "extends": ["baseline"], "default_upstream": "one", **policy}


@contextmanager
def house(folder: Path, policy: dict[str, Any], *upstreams: FakeUpstream) -> Iterator[Proxy]:
    """A proxy of one's own, with these upstreams."""
    file = folder / "policy.yaml"
    file.write_text(yaml.safe_dump(_whole(policy, upstreams)))
    with Proxy("--policy", str(file), environment=pool.ENVIRONMENT) as proxy:
        yield proxy


@contextmanager
def lent(policy: dict[str, Any], *upstreams: FakeUpstream) -> Iterator[Proxy]:
    """One that has served others and will serve others, with these upstreams. See `tests.support.pool`."""
    with pool.lent(_whole(policy, upstreams)) as proxy:
        yield proxy


def ask(proxy: Proxy, body: Any = CHAT, path: str = "/v1/chat/completions", **headers: str) -> tuple[int, Any]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{proxy.port}{path}",
        json.dumps(body).encode(),
        {"content-type": "application/json", **headers},
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:
            return reply.status, json.loads(reply.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


@pytest.fixture
def two() -> Iterator[tuple[FakeUpstream, FakeUpstream]]:
    with FakeUpstream(chat_answer("one")) as first, FakeUpstream(chat_answer("two")) as second:
        yield first, second


def said(reply: tuple[int, Any]) -> str:
    assert reply[0] == 200, reply
    return str(reply[1]["choices"][0]["message"]["content"]).split()[-1]


def test_by_default_by_route_and_by_model(two: tuple[FakeUpstream, FakeUpstream]) -> None:
    policy = {
        "routes": {"ward": {"upstream": "two"}},
        "upstreams": {"one": {"models": ["gpt-*"]}, "two": {"models": ["llama*", "gpt-4o"]}},
    }
    with lent(policy, *two) as proxy:
        assert said(ask(proxy)) == "one"
        assert said(ask(proxy, path="/r/ward/v1/chat/completions")) == "two"
        assert said(ask(proxy, {**CHAT, "model": "llama-3"})) == "two"
        assert ask(proxy, {**CHAT, "model": "other"})[1]["error"]["code"] == "no_upstream"
        status, body = ask(proxy, path="/r/nowhere/v1/chat/completions")
        assert (status, body["error"]["code"]) == (404, "unknown_route")
    assert all(request.target == "/v1/chat/completions" for request in two[1].requests)


def test_by_client(two: tuple[FakeUpstream, FakeUpstream]) -> None:
    policy = {"clients": [client("ward", upstreams=["two"]), client("lab")]}
    with lent(policy, *two) as proxy:
        assert said(ask(proxy, **{"x-guardrail-token": token("ward")})) == "two"
        assert said(ask(proxy, **{"x-guardrail-token": token("lab")})) == "one"


def test_a_provider_that_does_not_attest_what_is_demanded_gets_nothing(two: tuple[FakeUpstream, FakeUpstream]) -> None:
    """WHO-20, WHO-23: 403, zero bytes; one that does takes its place."""
    policy: dict[str, Any] = {
        "demands": {"baa": True, "region": ["eu", "ch"]},
        "upstreams": {
            "one": {"models": ["*"], "attests": {"baa": True, "region": "us"}},
            "two": {"models": ["*"], "attests": {"baa": True, "region": "eu"}},
        },
        "clients": [client("ward"), client("strict", demands={"no_training": True})],
    }
    with lent(policy, *two) as proxy:
        assert said(ask(proxy, **{"x-guardrail-token": token("ward")})) == "two"
        before = len(two[1].received)
        status, body = ask(proxy, **{"x-guardrail-token": token("strict")})
        assert (status, body["error"]["code"]) == (403, "upstream_not_attested")
        assert "no_training" in body["error"]["message"]
        assert len(two[1].received) == before
    assert two[0].received == b""


def test_models_that_are_not_allowed(two: tuple[FakeUpstream, FakeUpstream]) -> None:
    with lent({"models": {"allow": ["gpt-4o*"]}}, *two) as proxy:
        assert said(ask(proxy)) == "one"
        status, body = ask(proxy, {**CHAT, "model": "gpt-3"})
        assert (status, body["error"]["code"], body["error"]["param"]) == (403, "model_not_allowed", "model")
        for others in ({"models": ["gpt-4o-mini", "gpt-3"]}, {"fallbacks": ["gpt-3"]}):
            assert ask(proxy, {**CHAT, **others})[0] == 403, "nor by a way round"
        assert said(ask(proxy, {**CHAT, "models": ["gpt-4o-mini"]})) == "one"


def test_a_client_key_goes_only_where_the_policy_has_none(
    two: tuple[FakeUpstream, FakeUpstream],
) -> None:
    """A key is for one provider; members that the policy sets are in every request to it."""
    policy = {
        "upstreams": {"two": {"api_key_env": "KEY_OF_TWO", "set": {"store": False, "user": "hospital"}}},
        "routes": {"two": {"upstream": "two"}},
        "clients": [client("ward")],
    }
    headers = {"x-guardrail-token": token("ward"), "authorization": "Bearer sk-client"}
    with lent(policy, *two) as proxy:
        ask(proxy, **headers)
        ask(proxy, path="/r/two/v1/chat/completions", **headers)
    assert two[0].requests[0].header("authorization") == "Bearer sk-client"
    assert two[1].requests[0].header("authorization") == "Bearer sk-two"
    assert (two[1].requests[0].json()["store"], two[1].requests[0].json()["user"]) == (False, "hospital")
    assert b"token-of" not in two[0].received + two[1].received


def test_one_that_can_not_be_reached_is_left_out(two: tuple[FakeUpstream, FakeUpstream]) -> None:
    """The next is asked, since nothing was sent; after some failures the first is not even tried."""
    policy = {"upstreams": {"lost": {"base_url": "http://127.0.0.1:1", "breaker": {"failures": 2, "seconds": 60.0},
                              "fallback": ["one"]}},
              "default_upstream": "lost"}  # fmt: skip
    with lent(policy, *two) as proxy:
        assert [said(ask(proxy)) for _ in range(4)] == ["one"] * 4


def test_an_open_circuit_is_told(two: tuple[FakeUpstream, FakeUpstream]) -> None:
    two[0].reply(answer({"error": {}}, 500))
    policy: dict[str, Any] = {"upstreams": {"one": {"breaker": {"failures": 2, "seconds": 60.0}}}}
    with lent(policy, two[0]) as proxy:
        codes = [ask(proxy)[1]["error"]["code"] for _ in range(4)]
    assert codes[2:] == ["circuit_open"] * 2
    assert len(two[0].requests) == 2


def test_a_provider_that_has_moved_is_asked_at_once(two: tuple[FakeUpstream, FakeUpstream]) -> None:
    """An open circuit is about an address: who corrects it in the policy does not wait."""
    two[0].reply(answer({"error": {}}, 500))
    policy: dict[str, Any] = {"upstreams": {"one": {"breaker": {"failures": 1, "seconds": 60.0}}}}
    with lent(policy, two[0]) as proxy:
        assert [ask(proxy)[0] for _ in range(2)] == [500, 503]
    with lent({}, two[1]) as same:
        assert same is proxy
        assert said(ask(same)) == "two"


# ---------------------------------------------------------------------------------------------------- what is kept


def response(text: str, name: str) -> Any:
    return {**OPENAI_RESPONSES.answer(text), "id": name}


@pytest.mark.parametrize("store", ["memory", "redis"])
def test_a_conversation_goes_on_by_its_id(store: str) -> None:
    """By the client that began it, for as long as the policy says; the placeholders go on, the values come back."""
    if store == "redis":
        need_redis()
    redis = {"redis_url_env": "STATE_REDIS", "key_env": "STATE_KEY"} if store == "redis" else {}
    policy = {
        "clients": [client("ward"), client("other")],
        "state": {"keep_at_provider": True, "store": store, "seconds": 600.0, **redis},
        "upstreams": {"one": {"dialects": ["openai.responses"]}},
    }
    mine, other = ({"x-guardrail-token": token(name)} for name in ("ward", "other"))
    path, name = "/v1/responses", f"resp_{store}_1"
    with FakeUpstream(answer({})) as upstream, lent(policy, upstream) as proxy:
        upstream.reply(answer(response("Hello [NAME_1].", name)))
        first = {"model": "gpt-4o", "input": "My name is Maria Delgado.", "store": True}
        status, body = ask(proxy, first, path, **mine)
        assert status == 200
        sent = upstream.requests[-1].json()
        assert sent["store"] is True
        placeholder = sent["input"].split("is ")[1].rstrip(".")

        second = {
            "model": "gpt-4o",
            "input": "And I am Jon Silva. What is my wife called?",
            "previous_response_id": name,
        }
        upstream.reply(answer(response(f"She is called {placeholder}.", f"{name}_b")))
        status, body = ask(proxy, second, path, **mine)
        assert status == 200, body
        assert "Maria Delgado" in OPENAI_RESPONSES.said(body)
        assert placeholder not in upstream.requests[-1].json()["input"]

        before = len(upstream.received)
        for who, what in ((other, second), (mine, {**second, "previous_response_id": "resp_unknown"})):
            status, body = ask(proxy, what, path, **who)
            assert (status, body["error"]["code"]) == (422, "unknown_reference")
        assert len(upstream.received) == before
        assert b"Maria" not in upstream.received


def test_by_default_nothing_is_kept() -> None:
    """`store: false` in every request, and the way out in the error."""
    with FakeUpstream(answer(response("Hello.", "resp_1"))) as upstream:
        policy = {"upstreams": {"one": {"dialects": ["openai.responses"]}}}
        with lent(policy, upstream) as proxy:
            assert ask(proxy, {"model": "m", "input": "Hi", "store": True}, "/v1/responses")[0] == 200
            assert upstream.requests[-1].json()["store"] is False
            status, body = ask(proxy, {"model": "m", "input": "Hi", "previous_response_id": "resp_1"}, "/v1/responses")
            assert (status, body["error"]["code"]) == (422, "unknown_reference")
            assert "send the content itself" in body["error"]["message"]
