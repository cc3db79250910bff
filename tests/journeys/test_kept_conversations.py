"""Conversations that the provider keeps, over real processes: streams, replicas, an end, and what must not be mixed."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.test_routing import ask, client, lent, token
from tests.specimens.base import sse_bodies
from tests.specimens.openai_responses import heard, message, response, stream
from tests.support.fake_upstream import FakeUpstream, answer
from tests.support.proxy import Proxy, leaked
from tests.support.redis_server import need_redis

PATH = "/v1/responses"
MARIA, OTTO = "Maria Delgado", "Otto Brandt"
WARD = {"x-guardrail-token": token("ward")}


@pytest.fixture
def upstream() -> Iterator[FakeUpstream]:
    with FakeUpstream(answer({})) as one:
        yield one


def keeping(**state: Any) -> dict[str, Any]:
    return {
        "clients": [client("ward"), client("other")],
        "state": {"keep_at_provider": True, **state},
        "upstreams": {"one": {"dialects": ["openai.responses"]}},
    }


def turn(upstream: FakeUpstream, proxy: Proxy, says: str, name: str, words: str, **more: Any) -> tuple[int, Any]:
    """One request, answered by `says` under the id `name`."""
    upstream.reply(answer(response([{**message(says), "id": f"msg_{name}"}], id=name)))
    return ask(proxy, {"model": "gpt-5", "input": words, **more}, PATH, **WARD)


def said(reply: tuple[int, Any]) -> str:
    assert reply[0] == 200, reply
    return "".join(part["text"] for item in reply[1]["output"] for part in item["content"])


def code(reply: tuple[int, Any]) -> tuple[int, str]:
    return reply[0], reply[1]["error"]["code"]


def streamed(proxy: Proxy, body: Any) -> bytes:
    url = f"http://127.0.0.1:{proxy.port}{PATH}"
    request = urllib.request.Request(url, json.dumps(body).encode(), {"content-type": "application/json", **WARD})
    with urllib.request.urlopen(request, timeout=20) as reply:
        return bytes(reply.read())


def test_a_streamed_conversation_goes_on_with_its_people(upstream: FakeUpstream) -> None:
    """Three turns: nobody shares a number, short names are linked, a name that nobody would detect is known."""
    with lent(keeping(), upstream) as proxy:
        upstream.reply(answer(stream(["Noted, [PATIENT_1]."], id="resp_s1"), content_type="text/event-stream"))
        first = streamed(proxy, {"model": "gpt-5", "input": f"My name is {MARIA}.", "stream": True})
        assert MARIA in heard(first)
        assert sse_bodies(first)[0]["response"]["id"] == "resp_s1"
        told = upstream.requests[-1].json()["input"]
        assert MARIA not in told

        reply = turn(upstream, proxy, "Good.", "resp_s2", f"My husband is Mr. {OTTO}. delgado is tired.",
                     previous_response_id="resp_s1")  # fmt: skip
        sent = upstream.requests[-1].json()["input"]
        assert "delgado" not in sent.lower()
        assert "[PATIENT_1: surname] is tired" in sent
        number = sent.split("is Mr. ")[1].split("]")[0] + "]"
        reply = turn(upstream, proxy, f"{number} may come.", "resp_s3", "May he come?", previous_response_id="resp_s2")
        assert f"{OTTO} may come." in said(reply)
        assert not leaked(MARIA, upstream.received)
        assert not leaked(OTTO, upstream.received)
        assert not leaked(MARIA, proxy.log, proxy.written, proxy.metrics().encode())


def test_items_of_one_conversation_may_be_named_and_of_two_not(upstream: FakeUpstream) -> None:
    """In both, number 1 is somebody: mixed, one patient would be told for the other."""
    with lent(keeping(), upstream) as proxy:
        turn(upstream, proxy, "Good.", "resp_a1", f"My name is {MARIA}.")
        turn(upstream, proxy, "Good.", "resp_a2", "I slept.", previous_response_id="resp_a1")
        turn(upstream, proxy, "Good.", "resp_b1", f"My name is {OTTO}.")

        def with_item(name: str) -> tuple[int, Any]:
            items = [{"type": "item_reference", "id": name}, {"role": "user", "content": "And now?"}]
            body = {"model": "gpt-5", "input": items, "previous_response_id": "resp_a2"}
            upstream.reply(answer(response([message("[PATIENT_1] is well.")], id="resp_c")))
            return ask(proxy, body, PATH, **WARD)

        assert f"{MARIA} is well." in said(with_item("msg_resp_a1"))
        before = len(upstream.received)
        assert code(with_item("msg_resp_b1")) == (422, "conflicting_references")
        assert code(with_item("msg_nobody")) == (422, "unknown_reference")
        assert len(upstream.received) == before


def test_it_is_over_after_its_time(upstream: FakeUpstream) -> None:
    with lent(keeping(seconds=1.0), upstream) as proxy:
        assert turn(upstream, proxy, "Good.", "resp_t", f"My name is {MARIA}.")[0] == 200
        time.sleep(1.1)
        reply = turn(upstream, proxy, "Good.", "resp_u", "And now?", previous_response_id="resp_t")
        assert code(reply) == (422, "unknown_reference")
        assert reply[1]["error"]["param"] == "previous_response_id"
        assert len(upstream.requests) == 1


def in_redis(address: str) -> dict[str, str]:
    return {"store": "redis", "redis_url_env": address, "key_env": "STATE_KEY"}


def test_another_replica_goes_on_where_the_first_was(upstream: FakeUpstream) -> None:
    """Two processes, one Redis: the same client, the same people."""
    name = f"resp_{time.time_ns()}"
    need_redis()
    policy = keeping(seconds=60.0, **in_redis("STATE_REDIS"))
    with lent(policy, upstream) as first, lent(policy, upstream) as second:
        assert second.process.pid != first.process.pid
        assert turn(upstream, first, "Good.", name, f"My name is {MARIA}.")[0] == 200
        reply = turn(upstream, second, "[PATIENT_1] is well.", f"{name}b", "How is she?", previous_response_id=name)
        assert f"{MARIA} is well." in said(reply)


def test_if_redis_is_gone_nobody_goes_on_and_nothing_is_sent(upstream: FakeUpstream) -> None:
    """Fail closed. Somebody in danger reads where help is all the same."""
    with lent(keeping(**in_redis("NO_REDIS")), upstream) as proxy:
        reply = turn(upstream, proxy, "Good.", "resp_r", "And now?", previous_response_id="resp_q")
        assert code(reply) == (503, "state_unavailable")
        assert not upstream.requests
        assert code(turn(upstream, proxy, "Good.", "resp_r", "Hello.")) == (503, "state_unavailable")
        words = said(turn(upstream, proxy, "Good.", "resp_r", "I want to kill myself tonight."))
        assert "Good." not in words
        assert "emergency number" in words
