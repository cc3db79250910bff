"""People in danger, over real processes: a recording provider, and a webhook receiver that can be slow or broken."""

from __future__ import annotations

import hashlib
import hmac
import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from guardrail.rails.crisis_data import shipped
from tests.journeys.test_gates import chat, said_by, streamed, words
from tests.journeys.test_routing import ask, client, house, lent
from tests.support.fake_upstream import (
    HANG,
    Answer,
    FakeUpstream,
    Gate,
    Received,
    answer,
    chat_answer,
    chat_stream,
    wait_until,
)
from tests.support.pool import ENVIRONMENT
from tests.support.proxy import Proxy, leaked

CANARY = "Canary-40718263"
SELF_HARM = f"I want to kill myself, says {CANARY}."
EMERGENCY = f"I have crushing chest pain and can't breathe, says {CANARY}."
HARMLESS = "How much water should I drink a day?"
KEY = ENVIRONMENT["HOOK_KEY"]
EN = shipped().texts["en"]
FOLLOWS = "Drink water."
TAKEN = answer(b"ok", content_type="text/plain")


def policy(receiver: FakeUpstream, **crisis: Any) -> dict[str, Any]:
    hook = {"url": f"{receiver.url}/call?us=1", "key_env": "HOOK_KEY", "timeout_seconds": 1.0}
    return {
        "defaults": {"country": "US"},
        "clients": [client("ward"), client("clinic", surface="clinician")],
        "upstreams": {"one": {"dialects": ["openai.chat", "openai.embeddings"]}},
        "crisis": {"webhook": hook, **crisis},
    }


@pytest.fixture(scope="module")
def upstream() -> Iterator[FakeUpstream]:
    with FakeUpstream(chat_answer(FOLLOWS)) as upstream:
        yield upstream


@pytest.fixture(scope="module")
def receiver() -> Iterator[FakeUpstream]:
    with FakeUpstream(TAKEN) as receiver:
        yield receiver


@pytest.fixture(scope="module")
def proxy(upstream: FakeUpstream, receiver: FakeUpstream) -> Iterator[Proxy]:
    with lent(policy(receiver), upstream) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def withholding(upstream: FakeUpstream, receiver: FakeUpstream) -> Iterator[Proxy]:
    with lent(policy(receiver, answer="withhold"), upstream) as proxy:
        yield proxy


def calls(receiver: FakeUpstream, age_band: str) -> list[Received]:
    """What it was told about people of that age, once it was told something: calls of other tests may be late."""

    def told() -> list[Received]:
        return [call for call in receiver.requests if json.loads(call.body)["age_band"] == age_band]

    wait_until(lambda: bool(told()), 15, "the webhook is called")
    return told()


@pytest.mark.parametrize(
    ("text", "kind", "age_band"), [(SELF_HARM, "self_harm", "18-39"), (EMERGENCY, "emergency", "40-64")]
)
def test_our_people_are_told_and_not_a_word_of_it(
    proxy: Proxy, receiver: FakeUpstream, text: str, kind: str, age_band: str
) -> None:
    reply = words(ask(proxy, chat(text), **said_by("ward", age_band=age_band, sex="female", language="en")))
    assert reply.endswith(FOLLOWS)
    (call,) = calls(receiver, age_band)
    event = json.loads(call.body)
    assert (call.method, call.target) == ("POST", "/call?us=1")
    assert {name: event[name] for name in ("event", "kind", "client", "language", "country", "age_band")} == {
        "event": "crisis", "kind": kind, "client": "ward", "language": "en", "country": "US", "age_band": age_band,
    }  # fmt: skip
    assert set(event) == {"event", "kind", "receipt", "client", "language", "country", "age_band", "at"}
    signature = hmac.new(KEY.encode(), call.body, hashlib.sha256).hexdigest()
    assert call.header("x-guardrail-signature") == f"sha256={signature}"
    assert call.header("x-guardrail-token") is None
    assert not leaked(CANARY, receiver.received, proxy.metrics().encode(), proxy.log)


def test_who_is_in_no_danger_is_reported_to_nobody(proxy: Proxy, receiver: FakeUpstream) -> None:
    somebody = said_by("ward", age_band="0-12")
    assert words(ask(proxy, chat(HARMLESS), **somebody))
    words(ask(proxy, chat(EMERGENCY), **somebody))
    assert len(calls(receiver, "0-12")) == 1


def test_a_referral_is_counted_once_for_each_answer(proxy: Proxy, upstream: FakeUpstream) -> None:
    sample = 'guardrail_crisis_referrals_total{age_band="65+",country="US",kind="self_harm"}'
    before = proxy.metric(sample)
    headers = said_by("ward", age_band="65+")
    words(ask(proxy, chat(SELF_HARM), **headers))
    upstream.reply(chat_stream("Drink ", "water."), chat_answer(FOLLOWS))
    streamed(proxy, chat(SELF_HARM), headers)
    words(ask(proxy, chat(HARMLESS), **headers))
    assert proxy.metric(sample) == before + 2


def test_withheld_means_that_the_provider_gets_not_a_byte(withholding: Proxy, upstream: FakeUpstream) -> None:
    """WHO-51: our own text is the whole answer, and the chat is not closed."""
    before = len(upstream.received)
    for text, ours in ((SELF_HARM, "something very hard"), (EMERGENCY, "can mean an emergency")):
        reply = words(ask(withholding, chat(text), **said_by("ward")))
        assert ours in reply
        assert reply.endswith(EN.stay)
        kind, told = streamed(withholding, chat(text), said_by("ward"))
        assert kind.startswith("text/event-stream")
        assert told.endswith(EN.stay)
    assert len(upstream.received) == before
    assert words(ask(withholding, chat(HARMLESS), **said_by("ward"))).endswith(FOLLOWS)


def test_the_chat_goes_on_after_it(withholding: Proxy, upstream: FakeUpstream) -> None:
    """The next harmless question of another conversation, and a later turn of the same, reach the model again."""
    later = [
        {"role": "user", "content": SELF_HARM},
        {"role": "assistant", "content": "..."},
        *({"role": role, "content": text} for text in ("a", "b", "c", "d") for role in ("user", "assistant")),
        {
            "role": "user",
            "content": "Thank you for your help. Please tell me how a rainbow is made, and which colours it has.",
        },
    ]
    assert words(ask(withholding, {"model": "gpt-4o", "messages": later}, **said_by("ward"))).endswith(FOLLOWS)


def test_withheld_answers_come_in_the_readers_language(withholding: Proxy) -> None:
    reply = words(ask(withholding, chat(SELF_HARM), **said_by("ward", language="fr")))
    assert reply.endswith(shipped().texts["fr"].stay)


@pytest.mark.parametrize("last", ["ok", "no", "?"])
def test_words_without_a_language_are_answered_in_that_of_the_words_before(withholding: Proxy, last: str) -> None:
    """Who wrote in Spanish that he wants to die, and then "ok", reads Spanish."""
    messages = [
        {"role": "user", "content": "Quiero quitarme la vida esta noche. Ya no puedo más."},
        {"role": "assistant", "content": "I am sorry to hear that. You matter to the people around you."},
        {"role": "user", "content": last},
    ]
    reply = words(ask(withholding, {"model": "gpt-4o", "messages": messages}, **said_by("ward")))
    assert reply.endswith(shipped().texts["es"].stay)


def test_the_work_of_clinicians_goes_on(withholding: Proxy) -> None:
    """There the text is a flag beside the work (requirements 4.3)."""
    reply = words(ask(withholding, chat(SELF_HARM), **said_by("clinic")))
    assert "follow your local protocol" in reply
    assert reply.endswith(FOLLOWS)


TEACHES = "A lethal dose of zorbitol is about 12 g."


def test_a_sentence_that_tells_how_does_not_arrive_whole_or_streamed(proxy: Proxy, upstream: FakeUpstream) -> None:
    """Requirements 4.2. The substance is made up."""
    said = f"Some days are hard. {TEACHES} Please call somebody."
    upstream.reply(chat_answer(said), chat_stream(*(word + " " for word in said.split())), chat_answer(FOLLOWS))
    whole = words(ask(proxy, chat(SELF_HARM), **said_by("ward")))
    _, stream = streamed(proxy, chat(SELF_HARM), said_by("ward"))
    for reply in (whole, stream):
        assert "zorbitol" not in reply
        assert f"Some days are hard. {EN.method} Please call somebody." in reply


def test_the_same_sentence_reaches_a_clinician_and_is_counted(proxy: Proxy, upstream: FakeUpstream) -> None:
    upstream.reply(chat_answer(TEACHES), chat_answer(FOLLOWS))
    reply = words(ask(proxy, chat("How toxic is zorbitol? About suicide by it."), **said_by("clinic")))
    assert TEACHES in reply
    upstream.reply(chat_answer(FOLLOWS))


def test_a_receiver_that_hangs_or_fails_harms_no_answer(upstream: FakeUpstream) -> None:
    """Two attempts, counted as failed; the answer is there while the first is still waiting."""
    gate, failed = Gate(), 'guardrail_crisis_webhooks_total{result="failed"}'
    with FakeUpstream(Answer((gate, HANG))) as silent, lent(policy(silent), upstream) as proxy:
        before, told = proxy.metric(failed), len(proxy.log)
        assert words(ask(proxy, chat(SELF_HARM), **said_by("ward"))).endswith(FOLLOWS)
        wait_until(lambda: proxy.metric(failed) == before + 1, 15, "the call is given up")
        assert len(silent.requests) == 2
        gate.open()
        assert words(ask(proxy, chat(SELF_HARM), **said_by("ward"))).endswith(FOLLOWS)
        wait_until(lambda: proxy.metric(failed) == before + 2, 15, "the second too")
        assert b"crisis_webhook_failed" in proxy.log[told:]
        assert not leaked(CANARY, proxy.log)


def test_a_second_attempt_can_succeed(upstream: FakeUpstream) -> None:
    error = answer(b"no", status=500, content_type="text/plain")
    sent, failed = (f'guardrail_crisis_webhooks_total{{result="{result}"}}' for result in ("sent", "failed"))
    with FakeUpstream(error, TAKEN) as shaky, lent(policy(shaky), upstream) as proxy:
        before = proxy.metric(sent), proxy.metric(failed)
        words(ask(proxy, chat(SELF_HARM), **said_by("ward")))
        wait_until(lambda: proxy.metric(sent) == before[0] + 1, 15, "it is sent")
        assert proxy.metric(failed) == before[1]
        assert len({request.body for request in shaky.requests}) == 1


def test_what_is_waiting_at_the_end_is_still_sent(tmp_path: Path, upstream: FakeUpstream) -> None:
    """A proxy that is told to stop sends what it has before it goes."""
    gate = Gate()
    slow = Answer((gate, *TAKEN.pieces))
    with FakeUpstream(slow) as receiver, house(tmp_path, policy(receiver), upstream) as proxy:
        words(ask(proxy, chat(SELF_HARM), **said_by("ward")))
        proxy.process.send_signal(signal.SIGTERM)
        assert gate.reached.wait(10)
        gate.open()
        assert proxy.process.wait(15) == 0
        assert json.loads(receiver.requests[-1].body)["kind"] == "self_harm"


def test_the_way_to_help_is_shown_and_told_though_the_provider_fails() -> None:
    with (
        FakeUpstream(TAKEN) as receiver,
        FakeUpstream(answer(b"{}", status=500, content_type="application/json")) as broken,
        lent(policy(receiver), broken) as proxy,
    ):
        counted = proxy.metric("guardrail_crisis_referrals_total")
        reply = words(ask(proxy, chat(SELF_HARM), **said_by("ward")))
        assert "988" in reply
        assert proxy.metric("guardrail_crisis_referrals_total") == counted + 1
        assert [json.loads(call.body)["kind"] for call in calls(receiver, "unspecified")] == ["self_harm"]


def test_what_is_switched_off_is_neither_shown_nor_told(upstream: FakeUpstream) -> None:
    off = {"detect": {"emergency": True, "self_harm": False}, "off_because": "225 ILCS 155"}
    with FakeUpstream(TAKEN) as receiver, lent(policy(receiver, **off), upstream) as proxy:
        assert "something very hard" not in words(ask(proxy, chat(SELF_HARM), **said_by("ward")))
        assert "can mean an emergency" in words(ask(proxy, chat(EMERGENCY), **said_by("ward")))
        assert proxy.metric('guardrail_crisis_detection_off{what="self_harm"}') == 1
        assert [json.loads(call.body)["kind"] for call in calls(receiver, "unspecified")] == ["emergency"]
