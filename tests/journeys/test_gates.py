"""Gates over real processes: on a refusal the recording provider gets nothing, and people get a way to people."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from guardrail.policy.gate_texts import TEXTS
from tests.journeys.test_routing import ask, client, lent, token
from tests.support.claims import claims, sign
from tests.support.fake_upstream import FakeUpstream, answer, chat_answer
from tests.support.proxy import Proxy, leaked

LANGUAGES = ("en", "es", "fr", "de", "pt", "it", "ar", "zh", "hi", "ru", "sw")
ROUTES = {language: f"desk {number}, call 555-01{number:02}" for number, language in enumerate(LANGUAGES)}
QUESTION = "How much water should I drink a day?"
EMERGENCY = "I have crushing chest pain and can't breathe."
CANARY = "Canary-40718263"
TODAY = datetime.now(UTC).date()

POLICY: dict[str, Any] = {
    "clients": [
        client("ward"),
        client("billing", tasks=["administration"], surface="admin"),
        client("signing", claims={"algorithm": "EdDSA", "key_env": "KEY_OF_SIGNING"}),
        client("sealing", claims={"algorithm": "HS256", "key_env": "KEY_OF_SEALING"}),
        client("clinic", surface="clinician"),
    ],
    "gates": {
        "consent": {"surfaces": ["patient"]},
        "age": {"surfaces": ["patient"]},
        "training": {"surfaces": ["clinician"], "help": "see https://ward.example/training"},
        "human_route": ROUTES,
    },
}


@pytest.fixture(scope="module")
def upstream() -> Iterator[FakeUpstream]:
    with FakeUpstream(chat_answer("Drink.")) as upstream:
        yield upstream


@pytest.fixture(scope="module")
def proxy(upstream: FakeUpstream) -> Iterator[Proxy]:
    upstreams = {"one": {"dialects": ["openai.chat", "openai.embeddings", "anthropic.messages"]}}
    with lent({**POLICY, "upstreams": upstreams}, upstream) as proxy:
        yield proxy


def chat(text: str = QUESTION, **more: Any) -> dict[str, Any]:
    return {"model": "gpt-4o", "messages": [{"role": "user", "content": text}], **more}


def said_by(who: str, **headers: str) -> dict[str, str]:
    """Headers of a client: `consent="granted"` is X-Guardrail-Consent."""
    stated = {f"x-guardrail-{name.replace('_', '-')}": value for name, value in headers.items()}
    return {"x-guardrail-token": token(who), **stated}


AGREED = {"consent": "granted", "age_band": "18-39"}


def words(reply: tuple[int, Any]) -> str:
    assert reply[0] == 200, reply
    return str(reply[1]["choices"][0]["message"]["content"])


def code(reply: tuple[int, Any]) -> tuple[int, str, str | None]:
    error = reply[1]["error"]
    return reply[0], error["code"], error.get("param")


class Silence:
    """The provider gets not a byte while this lasts."""

    def __init__(self, upstream: FakeUpstream) -> None:
        self._upstream = upstream

    def __enter__(self) -> None:
        self._before = len(self._upstream.received)

    def __exit__(self, *_: object) -> None:
        assert len(self._upstream.received) == self._before


def test_who_agreed_and_is_of_age_is_answered_by_the_model(proxy: Proxy, upstream: FakeUpstream) -> None:
    for consent in ("granted", "not_required", "emergency"):
        before = len(upstream.received)
        assert words(ask(proxy, chat(), **said_by("ward", consent=consent, age_band="18-39"))).endswith("Drink.")
        assert len(upstream.received) > before


@pytest.mark.parametrize("consent", ["declined", "withdrawn"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_who_withholds_consent_is_told_the_way_to_people_in_his_language(
    proxy: Proxy, upstream: FakeUpstream, consent: str, language: str
) -> None:
    """WHO-28: zero upstream calls."""
    with Silence(upstream):
        reply = words(ask(proxy, chat(), **said_by("ward", consent=consent, language=language)))
    assert TEXTS["declined"][language] in reply
    assert reply.endswith(ROUTES[language])
    assert "Drink." not in reply


def test_consent_that_is_withdrawn_midway_stops_the_next_call(proxy: Proxy, upstream: FakeUpstream) -> None:
    turns = [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": "Two litres."}]
    later = {"model": "gpt-4o", "messages": [*turns, {"role": "user", "content": "And at night?"}]}
    assert words(ask(proxy, later, **said_by("ward", **AGREED))).endswith("Drink.")
    with Silence(upstream):
        assert ROUTES["en"] in words(ask(proxy, later, **said_by("ward", consent="withdrawn", age_band="18-39")))


@pytest.mark.parametrize("consent", ["", "maybe", "GRANTED", "unspecified"])
def test_consent_that_is_not_told_is_the_applications_mistake(
    proxy: Proxy, upstream: FakeUpstream, consent: str
) -> None:
    """WHO-27: missing state, no upstream call, and the header is named."""
    with Silence(upstream):
        reply = ask(proxy, chat(), **said_by("ward", consent=consent, age_band="18-39"))
    assert code(reply) == (403, "consent_required", "x-guardrail-consent")


@pytest.mark.parametrize(
    ("supplied", "text"),
    [
        ({"age_band": "0-12", "guardian_consent": "yes"}, "too_young"),
        ({"age_band": "13-17"}, "guardian"),
        ({"age_band": "13-17", "guardian_consent": "no"}, "guardian"),
        ({}, "guardian"),
        ({"age_band": "40"}, "guardian"),
    ],
)
def test_children_get_the_way_to_people_and_the_model_gets_nothing(
    proxy: Proxy, upstream: FakeUpstream, supplied: dict[str, str], text: str
) -> None:
    """WHO-54, COPPA."""
    with Silence(upstream):
        reply = words(ask(proxy, chat(), **said_by("ward", consent="granted", **supplied)))
    assert TEXTS[text]["en"] in reply
    assert ROUTES["en"] in reply


def test_a_guardian_can_agree(proxy: Proxy) -> None:
    supplied = {"consent": "granted", "age_band": "13-17", "guardian_consent": "yes"}
    assert words(ask(proxy, chat(), **said_by("ward", **supplied))).endswith("Drink.")


def test_a_role_opens_nothing_and_another_surface_has_other_gates(proxy: Proxy, upstream: FakeUpstream) -> None:
    with Silence(upstream):
        assert code(ask(proxy, chat(), **said_by("ward", role="clinician")))[1] == "consent_required"
        assert code(ask(proxy, chat(), **said_by("ward", surface="Admin")))[1] == "consent_required"
    assert words(ask(proxy, chat(), **said_by("ward", surface="admin"))).endswith("Drink.")


@pytest.mark.parametrize(
    ("days", "why"),
    [(0, ""), (364, ""), (366, "training_expired"), (-2, "training_required"), (None, "training_required")],
)
def test_only_who_was_trained_in_the_last_year(
    proxy: Proxy, upstream: FakeUpstream, days: int | None, why: str
) -> None:
    """WHO-37."""
    trained = {} if days is None else {"training_date": (TODAY - timedelta(days)).isoformat()}
    if not why:
        assert words(ask(proxy, chat(), **said_by("clinic", **trained))).endswith("Drink.")
        return
    with Silence(upstream):
        reply = ask(proxy, chat(), **said_by("clinic", **trained))
    assert code(reply) == (403, why, "x-guardrail-training-date")
    assert "https://ward.example/training" in reply[1]["error"]["message"]


def test_a_billing_bot_refuses_what_is_medical(proxy: Proxy, upstream: FakeUpstream) -> None:
    """WHO-68."""
    with Silence(upstream):
        reply = words(ask(proxy, chat("Which antibiotic should I take for my pneumonia?"), **said_by("billing")))
    assert TEXTS["off_task"]["en"] in reply
    assert words(ask(proxy, chat("When is the office open?"), **said_by("billing"))).endswith("Drink.")


@pytest.mark.parametrize(
    "headers",
    [
        said_by("ward", consent="declined"),
        said_by("ward"),
        said_by("ward", consent="granted", age_band="0-12"),
        said_by("clinic"),
        said_by("signing"),
        said_by("billing"),
    ],
)
def test_who_is_in_danger_reads_first_where_help_is(
    proxy: Proxy, upstream: FakeUpstream, headers: dict[str, str]
) -> None:
    """WHO-51: also where the application made a mistake and would have got an error."""
    with Silence(upstream):
        reply = words(ask(proxy, chat(EMERGENCY), **headers))
    assert reply.index("emergency number") < reply.index(ROUTES["en"])


def streamed(proxy: Proxy, body: dict[str, Any], headers: dict[str, str]) -> tuple[str, str]:
    """The content type and the words of a stream that ended as it should."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{proxy.port}/v1/chat/completions",
        json.dumps({**body, "stream": True}).encode(),
        {"content-type": "application/json", **headers},
    )
    with urllib.request.urlopen(request, timeout=20) as reply:
        page = reply.read().decode()
        kind = reply.headers["content-type"]
    assert page.rstrip().endswith("data: [DONE]")
    events = [json.loads(line[6:]) for line in page.splitlines() if line.startswith("data: {")]
    return kind, "".join(choice["delta"].get("content") or "" for event in events for choice in event["choices"])


def test_a_stream_is_refused_as_a_stream(proxy: Proxy, upstream: FakeUpstream) -> None:
    with Silence(upstream):
        kind, text = streamed(proxy, chat(EMERGENCY), said_by("ward", consent="declined"))
        with pytest.raises(urllib.error.HTTPError) as caught:
            streamed(proxy, chat(), said_by("ward"))
    with caught.value as error:
        assert (error.code, json.loads(error.read())["error"]["code"]) == (403, "consent_required")
    assert kind.startswith("text/event-stream")
    assert text.index("emergency number") < text.index(TEXTS["declined"]["en"]) < text.index(ROUTES["en"])


def test_another_dialect_refuses_in_its_own_shape(proxy: Proxy, upstream: FakeUpstream) -> None:
    body = {"model": "claude", "max_tokens": 9, "messages": [{"role": "user", "content": QUESTION}]}
    with Silence(upstream):
        status, reply = ask(proxy, body, "/v1/messages", **said_by("ward", consent="declined"))
        wordless, refusal = ask(
            proxy, {"model": "m", "input": "water"}, "/v1/embeddings", **said_by("ward", consent="declined")
        )
    assert status == 200
    assert ROUTES["en"] in "".join(block["text"] for block in reply["content"])
    assert (wordless, refusal["error"]["code"]) == (403, "consent_withheld")


# ----------------------------------------------------------------------------------------------------- signed claims

SIGNERS = {"signing": "EdDSA", "sealing": "HS256"}


@pytest.mark.parametrize(("who", "algorithm"), SIGNERS.items())
def test_of_a_client_that_signs_only_signed_claims_open_a_gate(
    proxy: Proxy, upstream: FakeUpstream, who: str, algorithm: str
) -> None:
    with Silence(upstream):
        assert code(ask(proxy, chat(), **said_by(who, **AGREED))) == (403, "consent_required", "x-guardrail-claims")
        signed = claims(algorithm, consent="withdrawn", age_band="18-39")
        assert ROUTES["en"] in words(ask(proxy, chat(), **said_by(who, **AGREED, claims=signed)))
    signed = claims(algorithm, consent="granted", age_band="18-39", jti=CANARY, consent_version="v1")
    assert words(ask(proxy, chat(), **said_by(who, claims=signed))).endswith("Drink.")


@pytest.mark.parametrize(
    ("status", "bad"),
    [
        (401, claims("HS256", b"x" * 32, consent="granted", jti=CANARY)),
        (401, claims("EdDSA", consent="granted", jti=CANARY)),
        (401, sign({"iat": 1, "exp": 1_000, "consent": "granted", "jti": CANARY})),
        (401, sign({"consent": "granted", "jti": CANARY}, head={"alg": "none"})),
        (401, CANARY),
        (401, ""),
        (400, claims(consent=CANARY)),
        (400, claims(name=CANARY)),
    ],
    ids=[
        "another key",
        "another algorithm",
        "over",
        "unsigned",
        "no token",
        "empty",
        "a wrong value",
        "a wrong member",
    ],
)
def test_bad_claims_stay_at_the_door_and_are_not_quoted(
    proxy: Proxy, upstream: FakeUpstream, status: int, bad: str
) -> None:
    with Silence(upstream):
        reply = ask(proxy, chat(), **said_by("sealing", **AGREED, claims=bad))
    assert code(reply) == (status, "bad_claims", "x-guardrail-claims")
    assert not leaked(CANARY, json.dumps(reply[1]).encode())


def test_claims_of_a_client_without_a_key_are_refused_and_not_overlooked(proxy: Proxy, upstream: FakeUpstream) -> None:
    with Silence(upstream):
        reply = ask(proxy, chat(), **said_by("ward", **AGREED, claims=claims(consent="declined")))
    assert code(reply) == (400, "bad_claims", "x-guardrail-claims")


def test_nothing_of_a_claim_is_sent_logged_or_counted(proxy: Proxy, upstream: FakeUpstream) -> None:
    signed = claims(consent="granted", age_band="18-39", jti=CANARY, channel=CANARY)
    before = len(upstream.received)
    assert words(ask(proxy, chat(), **said_by("sealing", claims=signed))).endswith("Drink.")
    assert words(ask(proxy, chat(), **said_by("sealing", claims=claims(consent="declined", jti=CANARY))))
    ask(proxy, chat(), **said_by("ward", consent=CANARY, use=CANARY, training_date=CANARY))
    sent = upstream.received[before:]
    assert b"/v1/chat/completions" in sent
    assert not leaked(CANARY, upstream.received, proxy.log, proxy.written, proxy.metrics().encode())
    assert signed.split(".")[1].encode() not in upstream.received + proxy.log
    assert b"x-guardrail" not in upstream.received.lower()


def test_refusals_and_unknown_values_are_counted(proxy: Proxy) -> None:
    def count(sample: str) -> float:
        return proxy.metric(sample)

    refused = 'guardrail_gate_refusals_total{gate="consent",reason="declined"}'
    unknown = 'guardrail_unknown_header_values_total{header="x-guardrail-consent"}'
    before = count(refused), count(unknown)
    ask(proxy, chat(), **said_by("ward", consent="declined"))
    ask(proxy, chat(), **said_by("ward", consent="yes please"))
    assert (count(refused), count(unknown)) == (before[0] + 1, before[1] + 1)


# ------------------------------------------------------------------------------------------------------- the setting


def approved(**more: Any) -> dict[str, Any]:
    return {"trial_id": "NCT1", "site": "ward 3", "valid_until": TODAY.isoformat(), **more}


def setting(**parts: Any) -> dict[str, Any]:
    return {"gates": {"setting": parts}}


def test_a_provider_is_asked_for_approved_uses_only_and_so_is_its_fallback() -> None:
    """WHO-46."""
    policy = {
        **setting(uses={"down": ["administration", "education"], "one": ["administration"]}),
        "upstreams": {"down": {"base_url": "http://127.0.0.1:1", "fallback": ["one"]}},
        "default_upstream": "down",
    }
    with FakeUpstream(chat_answer("Drink.")) as one, lent(policy, one) as proxy:
        with Silence(one):
            assert code(ask(proxy, chat())) == (403, "use_required", "x-guardrail-use")
            for use in ("general_information", "billing"):
                status, why, _ = code(ask(proxy, chat(), **{"x-guardrail-use": use}))
                assert (status, why) == (403, "use_required" if use == "billing" else "use_not_approved")
            assert ask(proxy, chat(), **{"x-guardrail-use": "education"})[0] == 502
        assert words(ask(proxy, chat(), **{"x-guardrail-use": "administration"})).endswith("Drink.")


@pytest.mark.parametrize(
    ("approval", "why"),
    [
        (None, "approval_missing"),
        (approved(valid_until=(TODAY - timedelta(2)).isoformat()), "approval_missing"),
        (approved(valid_until=(TODAY + timedelta(2)).isoformat()), ""),
    ],
)
def test_decision_support_needs_an_approval(approval: Any, why: str) -> None:
    """WHO-71."""
    policy = setting(decision_support=approval) if approval else setting(uses={"one": ["decision_support"]})
    with FakeUpstream(chat_answer("Drink.")) as one, lent(policy, one) as proxy:
        reply = ask(proxy, chat(), **{"x-guardrail-use": "decision_support"})
        if not why:
            assert words(reply).endswith("Drink.")
        else:
            assert code(reply) == (403, why, "x-guardrail-use")
            assert one.received == b""


def test_in_shadow_the_model_is_asked_and_nobody_sees_its_answer() -> None:
    """WHO-71: no display, also of a stream, also if the provider fails, and nothing that is blocked is asked."""
    policy: dict[str, Any] = setting(decision_support={"shadow": True})
    policy["rails"] = [{"rail": "medical", "request": "warn", "labels": {"request": {"high.*": "block"}}}]
    use = {"x-guardrail-use": "decision_support"}
    with FakeUpstream(chat_answer("Drink.")) as one, lent(policy, one) as proxy:
        reply = words(ask(proxy, chat("Maria Delgado, MRN 40718263, asks where to park."), **use))
        assert TEXTS["shadow"]["en"] in reply
        assert "Drink." not in reply
        assert len(one.requests) == 1
        assert b"Delgado" not in one.received
        assert "Drink." not in streamed(proxy, chat(), use)[1]
        assert len(one.requests) == 2
        one.reply(answer({"error": {}}, 500))
        assert TEXTS["shadow"]["en"] in words(ask(proxy, chat(), **use))
        with Silence(one):
            ask(proxy, chat("How many milligrams of warfarin can I take?"), **use)


def test_a_notice_in_full_says_how_people_are_reached(upstream: FakeUpstream) -> None:
    """California HSC 1339.75, in the reader's language."""
    gates = {"human_route": ROUTES}
    policy = {"clients": [client("ward")], "gates": gates, "notices": {"human_route": True}, "upstreams": {"one": {}}}
    with lent(policy, upstream) as proxy:
        english = words(ask(proxy, chat(), **said_by("ward")))
        assert ROUTES["en"] in english.partition("Drink.")[0]
        spanish = words(ask(proxy, chat(), **said_by("ward", language="es")))
        assert ROUTES["es"] in spanish.partition("Drink.")[0]
