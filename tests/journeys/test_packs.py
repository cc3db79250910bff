"""Packs over a real process: what a deployer's few lines do to a request, and what the provider gets of it."""

from __future__ import annotations

from typing import Any

import pytest

from guardrail.policy.texts import BLOCKED
from tests.journeys.test_routing import ask, lent
from tests.support.fake_upstream import FakeUpstream, chat_answer

ROUTE = {"en": "the desk on the ground floor", "es": "la recepción de la planta baja"}
OWN: dict[str, Any] = {"cohorts": {"language": ["en", "es"]}, "gates": {"human_route": ROUTE}}
AGREED = {"x-guardrail-consent": "granted", "x-guardrail-age-band": "40-64"}


def chat(text: str) -> dict[str, Any]:
    return {"model": "m", "messages": [{"role": "user", "content": text}]}


def words(reply: tuple[int, Any]) -> str:
    assert reply[0] == 200, reply
    return str(reply[1]["choices"][0]["message"]["content"])


def test_a_patient_portal_in_illinois_and_california() -> None:
    """Mood: no model is asked. Water: it is, and the notice says how people are reached. Clinicians are answered."""
    policy = {**OWN, "extends": ["patient-portal", "us-il", "us-ca"]}
    policy["upstreams"] = {"one": {"attests": {"no_training": True}}}
    with FakeUpstream(chat_answer("Drink.")) as upstream, lent(policy, upstream) as proxy:
        mood = words(ask(proxy, chat("I feel depressed, which therapy would help me?"), **AGREED))
        assert BLOCKED["en"] in mood
        assert not upstream.requests
        water = words(ask(proxy, chat("How much water should I drink a day?"), **AGREED))
        assert ROUTE["en"] in water.partition("Drink.")[0]
        ask(proxy, chat("Which therapy is first line in depression?"), **AGREED, **{"x-guardrail-surface": "clinician"})
        assert len(upstream.requests) == 2


@pytest.mark.parametrize("attested", [{}, {"no_training": True}, {"no_training": True, "region": "us"}])
def test_europe_sends_nothing_to_a_provider_that_attests_less(attested: dict[str, Any]) -> None:
    policy = {**OWN, "extends": ["eu"], "upstreams": {"one": {"attests": attested}}}
    with FakeUpstream(chat_answer("Drink.")) as upstream, lent(policy, upstream) as proxy:
        status, error = ask(proxy, chat("How much water?"), **AGREED)
        assert (status, error["error"]["code"]) == (403, "upstream_not_attested")
        assert not upstream.requests


def test_teaching_refuses_who_could_be_a_real_patient() -> None:
    with (
        FakeUpstream(chat_answer("It hurts.")) as upstream,
        lent({**OWN, "extends": ["education"]}, upstream) as proxy,
    ):
        words(ask(proxy, chat("My patient Maria Delgado, MRN 40718263, has a cough. Play her.")))
        assert not upstream.requests
        played = words(ask(proxy, chat("Play a 54-year-old man with a cough.")))
        assert played.startswith("Simulated for teaching.")
        assert len(upstream.requests) == 1
