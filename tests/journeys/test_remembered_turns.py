"""A conversation over several turns: each sends all of it again, and only what is new is inspected."""

from __future__ import annotations

from openai import OpenAI

from tests.support.fake_upstream import FakeUpstream
from tests.support.proxy import Proxy, leaked

FIRST = "My MRN is 73310288 and I take propranolol 40 mg."
SECOND = "Thanks. Can I take ibuprofen with it?"


def counted(proxy: Proxy, result: str) -> float:
    return proxy.metric(f'guardrail_remembered_segments_total{{result="{result}"}}')


def ask(client: OpenAI, upstream: FakeUpstream, *turns: str) -> list[str]:
    """The messages as the model saw them."""
    client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": turn} for turn in turns])
    return [str(message["content"]) for message in upstream.requests[-1].json()["messages"]]


def test_a_turn_that_comes_again_is_redacted_as_before(proxy: Proxy, client: OpenAI, upstream: FakeUpstream) -> None:
    """The number is taken out of the remembered turn as the first time, and so is its repetition in a new one."""
    (before,) = ask(client, upstream, FIRST)
    hits, misses = counted(proxy, "hit"), counted(proxy, "miss")
    again = ask(client, upstream, FIRST, SECOND)
    assert again[0] == before
    assert "73310288" not in before
    assert counted(proxy, "hit") > hits
    assert counted(proxy, "miss") == misses + 2, "nothing but the new turn, and the seam between the two"
    assert "73310288" not in ask(client, upstream, FIRST, SECOND, "Once more: 73310288.")[2]
    assert not leaked("73310288", upstream.requests[-1].body, proxy.written)


def test_another_clients_turn_is_inspected(proxy: Proxy, client: OpenAI, upstream: FakeUpstream) -> None:
    """With another key the same words are new."""
    ask(client, upstream, FIRST)
    misses = counted(proxy, "miss")
    with OpenAI(base_url=proxy.url, api_key="sk-of-another-house", max_retries=0, timeout=30) as other:
        ask(other, upstream, FIRST)
    assert counted(proxy, "miss") > misses
