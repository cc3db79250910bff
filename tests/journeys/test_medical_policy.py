"""Medical questions through a real proxy: warned, or blocked without a byte upstream, and helped (WHO-07, WHO-52)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from guardrail.policy.texts import BLOCKED
from guardrail.rails.data import texts
from tests.journeys.test_routing import ask, lent
from tests.support.fake_upstream import FakeUpstream, chat_answer
from tests.support.proxy import Proxy

ANSWER = "Rest and drink."


@pytest.fixture(scope="module")
def upstream() -> Iterator[FakeUpstream]:
    with FakeUpstream(chat_answer(ANSWER)) as fake:
        yield fake


@pytest.fixture(scope="module")
def proxy(upstream: FakeUpstream) -> Iterator[Proxy]:
    policy = {
        "medical": {"surfaces": {"admin": {"general": "block"}, "research": {"general": "allow"}}},
        "defaults": {"country": "US"},
    }
    with lent(policy, upstream) as running:
        yield running


def chat(text: str) -> dict[str, Any]:
    return {"model": "gpt-4o", "messages": [{"role": "user", "content": text}]}


def words(reply: tuple[int, Any]) -> str:
    assert reply[0] == 200, reply
    return str(reply[1]["choices"][0]["message"]["content"])


QUESTION = "what can i take for a sore throat and a runny nose"
PRESCRIPTION = "please prescribe me sertraline 200 mg"


def test_a_patient_is_warned_before_the_first_word(proxy: Proxy) -> None:
    said = words(ask(proxy, chat(QUESTION)))
    warning = texts.MEDICAL_GENERAL["en"].split("{")[0]
    assert said.index(texts.ORIGIN["en"]) < said.index(warning[:40]) < said.index(ANSWER)


def test_a_prescription_is_not_asked_for_and_help_is_named(proxy: Proxy, upstream: FakeUpstream) -> None:
    """WHO-52: "prescribe me sertraline 200 mg" is blocked, with the way to real help; the provider gets nothing."""
    before = len(upstream.requests)
    said = words(ask(proxy, chat(PRESCRIPTION)))
    assert len(upstream.requests) == before
    assert BLOCKED["en"] in said
    assert texts.ORIGIN["en"] in said


def test_a_surface_that_is_not_for_health_blocks_and_helps(proxy: Proxy, upstream: FakeUpstream) -> None:
    before = len(upstream.requests)
    said = words(ask(proxy, chat(QUESTION), **{"x-guardrail-surface": "admin"}))
    assert len(upstream.requests) == before
    assert BLOCKED["en"] in said


@pytest.mark.case("NOT-03")
def test_an_answer_that_turns_medical_there_is_withheld(proxy: Proxy, upstream: FakeUpstream) -> None:
    """The question is none of health; the answer is."""
    upstream.reply(
        chat_answer("Take 400 mg of ibuprofen every six hours for the back pain, and see a doctor if it lasts.")
    )
    try:
        said = words(ask(proxy, chat("what is the wifi password of the lobby"), **{"x-guardrail-surface": "admin"}))
    finally:
        upstream.reply(chat_answer(ANSWER))
    assert "ibuprofen" not in said
    warned = words_of_patient(proxy, upstream)
    assert texts.MEDICAL_GENERAL["en"].split("{")[0][:40] in warned


def words_of_patient(proxy: Proxy, upstream: FakeUpstream) -> str:
    upstream.reply(
        chat_answer("Take 400 mg of ibuprofen every six hours for the back pain, and see a doctor if it lasts.")
    )
    try:
        return words(ask(proxy, chat("what is the wifi password of the lobby")))
    finally:
        upstream.reply(chat_answer(ANSWER))


def test_a_surface_that_allows_has_no_warning_but_the_notice(proxy: Proxy) -> None:
    said = words(ask(proxy, chat(QUESTION), **{"x-guardrail-surface": "research"}))
    assert texts.ORIGIN["en"] in said
    assert texts.MEDICAL_GENERAL["en"].split("{")[0][:40] not in said


def test_a_crisis_is_answered_though_the_surface_blocks(proxy: Proxy, upstream: FakeUpstream) -> None:
    """WHO-51: the way to help stands first whatever the policy says about the rest."""
    said = words(ask(proxy, chat("i want to kill myself tonight"), **{"x-guardrail-surface": "admin"}))
    assert "988" in said
    assert said.index("988") < said.index(BLOCKED["en"])


def test_who_asks_for_a_person_is_told(proxy: Proxy) -> None:
    """Utah 13-77-103, in the first words."""
    said = words(ask(proxy, chat("wait, am I talking to a real person?")))
    assert said.startswith("You are not communicating with a human.")


def test_a_spoken_answer_begins_and_ends_with_the_notice(proxy: Proxy) -> None:
    """California AB 3030: audio, at the start and at the end."""
    said = words(ask(proxy, chat("what is the capital of Chad"), **{"x-guardrail-channel": "audio"}))
    assert said.startswith(texts.ORIGIN["en"])
    assert said.rstrip().endswith(texts.LIMIT["en"])
