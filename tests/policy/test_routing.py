"""Which provider gets a request; every way round is tried, and what is not allowed reaches nobody."""

from typing import Any

import pytest

from guardrail.errors import ClientError, GuardrailError, Unauthorized, UnknownRoute
from guardrail.policy.model import Policy
from guardrail.policy.routing import upstreams_for

TOKENS = ("0" * 64, "1" * 64, "2" * 64)


def policy(upstreams: dict[str, dict[str, Any]], **more: Any) -> Policy:
    rows = {name: {"base_url": f"https://{name}.example.org", **row} for name, row in upstreams.items()}
    first = next(iter(rows))
    return Policy.model_validate(
        {"name": "t", "version": 1, "upstreams": rows, "default_upstream": first, "routes": {}, **more}
    )


def client(number: int, **more: Any) -> dict[str, Any]:
    return {"name": f"c{number}", "token_sha256": TOKENS[number], **more}


def code(made: Policy, **asked: str) -> str:
    with pytest.raises(GuardrailError) as caught:
        upstreams_for(made, "openai.chat", **asked)
    return caught.value.code


def test_the_default_comes_first_and_nobody_is_asked_because_he_happens_to_be_there() -> None:
    made = policy({"a": {}, "b": {}, "c": {"models": ["llama*"]}})
    assert upstreams_for(made, "openai.chat", model="gpt-4o") == ("a",)
    made = policy({"a": {"models": ["gpt-*"]}, "b": {}, "c": {"models": ["llama*"]}})
    assert upstreams_for(made, "openai.chat", model="llama-3") == ("c",)
    assert code(made, model="other") == "no_upstream"


def test_another_speaks_what_the_default_does_not() -> None:
    made = policy({"a": {}, "b": {"dialects": ["anthropic.messages"]}})
    assert upstreams_for(made, "anthropic.messages") == ("b",)
    with pytest.raises(UnknownRoute):
        upstreams_for(made, "ollama.chat")


def test_a_route_names_one() -> None:
    made = policy({"a": {}, "b": {}}, routes={"ward": {"upstream": "b"}})
    assert upstreams_for(made, "openai.chat", route="ward") == ("b",)
    assert code(made, route="other") == "unknown_route"


def test_a_client_uses_its_own_in_its_order_and_no_others_by_whatever_way() -> None:
    """A route and a fallback are no ways around what a client may use."""
    made = policy(
        {"a": {"fallback": ["b"]}, "b": {"fallback": ["a", "c"]}, "c": {}},
        routes={"a": {"upstream": "a"}, "c": {"upstream": "c"}},
        clients=[client(0, upstreams=["b", "c"]), client(1), client(2, upstreams=[])],
    )
    assert upstreams_for(made, "openai.chat", client="c0") == ("b", "c")
    assert upstreams_for(made, "openai.chat", client="c0", route="c") == ("c",)
    assert code(made, client="c0", route="a") == "no_upstream"
    assert upstreams_for(made, "openai.chat", client="c1") == ("a", "b")
    assert code(made, client="c2") == "no_upstream"


def test_a_client_that_was_struck_off_meanwhile_gets_nothing() -> None:
    with pytest.raises(Unauthorized):
        upstreams_for(policy({"a": {}}, clients=[client(0)]), "openai.chat", client="gone")


def test_what_is_demanded_is_attested_or_nothing_is_sent() -> None:
    """WHO-20, WHO-23. The error names what is missing, and no upstream."""
    made = policy(
        {
            "a": {"attests": {"baa": True, "region": "us"}},
            "b": {"attests": {"baa": True, "region": "eu"}, "models": ["*"], "fallback": ["a", "c"]},
            "c": {"attests": {"baa": True, "region": "ch", "no_training": True}, "models": ["*"]},
        },
        demands={"baa": True, "region": ["eu", "ch"]},
        clients=[client(0), client(1, demands={"no_training": True}), client(2, demands={"seen_by": "board"})],
    )
    assert upstreams_for(made, "openai.chat", client="c0", model="m") == ("b", "c")
    assert upstreams_for(made, "openai.chat", client="c1", model="m") == ("c",)
    with pytest.raises(ClientError) as caught:
        upstreams_for(made, "openai.chat", client="c2", model="m")
    assert (caught.value.code, caught.value.http_status) == ("upstream_not_attested", 403)
    assert "region, seen_by" in caught.value.message
    assert "example.org" not in caught.value.message


@pytest.mark.parametrize(
    ("attested", "wanted", "met"),
    [
        (True, True, True),
        (False, True, False),
        (None, True, False),
        ("eu", True, False),
        ("eu", "eu", True),
        ("eu", ["us", "eu"], True),
        ("eu", ["us"], False),
        ("eu", [], False),
        (None, [], False),
    ],
)
def test_an_attestation_is_compared_literally(attested: Any, wanted: Any, met: bool) -> None:
    attests = {} if attested is None else {"x": attested}
    made = policy({"a": {"attests": attests}}, demands={"x": wanted})
    if met:
        assert upstreams_for(made, "openai.chat") == ("a",)
    else:
        assert code(made) == "upstream_not_attested"


@pytest.mark.parametrize(("allow", "allowed"), [(None, True), (["gpt-*"], True), (["gpt-3*"], False), ([], False)])
def test_models_are_allowed_by_name(allow: list[str] | None, allowed: bool) -> None:
    made = policy({"a": {}}, models={} if allow is None else {"allow": allow})
    if allowed:
        assert upstreams_for(made, "openai.chat", model="gpt-4o")
    else:
        assert code(made, model="gpt-4o") == "model_not_allowed"
    assert upstreams_for(made, "openai.chat") == ("a",), "a listing names none"


def test_a_fallback_serves_the_same_request() -> None:
    made = policy(
        {
            "a": {"fallback": ["b", "c", "d", "a", "gone"]},
            "b": {"dialects": ["ollama.chat"]},
            "c": {"models": ["llama*"]},
            "d": {},
        }
    )
    assert upstreams_for(made, "openai.chat", model="gpt-4o") == ("a", "d")
