"""What a policy may say at all: addresses without surprises, closed codes, no secrets."""

import hashlib

import pytest
from pydantic import ValidationError

from guardrail.policy.model import (
    ACTIONS,
    COHORT_DIMENSIONS,
    Client,
    Cohorts,
    Models,
    Policy,
    Texts,
    Tools,
    Upstream,
    is_loopback,
)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.org",
        "https://api.example.org:8443/openai/deployments/x",
        "http://127.0.0.1:11434",
        "http://[::1]:8000",
    ],
)
def test_a_plain_address_is_an_upstream(url: str) -> None:
    assert Upstream(base_url=url).base_url == url
    assert Upstream(base_url=url + "/").base_url == url


@pytest.mark.parametrize(
    "url",
    [
        *("", "api.example.org", "ftp://x", "file:///etc/passwd", "https://", "https:///x", "//x"),
        *("https://user@x", "https://user:pw@x", "https://x?key=1", "https://x?", "https://x#f", "https://x#"),
        *("https://*.x.org", "https://x/../y", "https://x/%2e%2e/y", "https://x//y", "https://x/a b", "https://x\\y"),
        *("https://x:0", "https://x:99999", "https://x\n.org", "https://${HOST}", "https://a..b", "https://x/./y"),
    ],
)
def test_an_address_with_surprises_is_none(url: str) -> None:
    with pytest.raises(ValidationError):
        Upstream(base_url=url)


def test_a_key_has_one_source() -> None:
    with pytest.raises(ValidationError):
        Upstream(base_url="https://x", api_key_env="A", api_key_file="b")


def test_tokens_are_known_by_their_hash_only_and_not_printed() -> None:
    client = Client(name="ward", token_sha256="ab" * 32)
    assert "abab" not in repr(client)
    with pytest.raises(ValidationError):
        Client(name="ward", token_sha256="my secret token")


@pytest.mark.parametrize("token", ["", "test", "token"])
def test_a_token_that_everybody_has_opens_no_door(token: str) -> None:
    """Who sends no token has the empty one, which is what `printf %s "$TOKEN" | sha256sum` hashes if it is not set."""
    with pytest.raises(ValidationError, match="tries first"):
        Client(name="ward", token_sha256=hashlib.sha256(token.encode()).hexdigest())


def test_the_cohorts_are_those_of_the_contract() -> None:
    """interface.md, request headers."""
    assert set(Cohorts.model_fields) == set(COHORT_DIMENSIONS)
    cohorts = Cohorts()
    assert cohorts.values("age_band") == ("0-12", "13-17", "18-39", "40-64", "65+")
    assert cohorts.values("ethnicity") == ()
    with pytest.raises(KeyError):
        cohorts.values("model_config")


def test_a_policy_does_not_change() -> None:
    policy = Policy(name="p", version=1)
    with pytest.raises(ValidationError):
        policy.name = "q"


def test_there_is_always_a_text_for_a_withheld_answer() -> None:
    texts = Texts(withheld={"es": "Esta respuesta no se muestra aquí."})
    assert texts.withheld_in("es-MX") == "Esta respuesta no se muestra aquí."
    assert texts.withheld_in("de").startswith("Diese Antwort")
    assert texts.withheld_in("xx") == texts.withheld_in("en")


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("localhost.evil.org", False),
        ("", False),
    ],
)
def test_what_never_leaves_this_machine(host: str, local: bool) -> None:
    assert is_loopback(host) is local


def test_classes_of_tools_come_on_top_of_those_that_are_shipped() -> None:
    """Who names one more forgets none of the others; `release` is the way to let a model start some."""
    own = Tools(classes={"mail": ("send_mail",), "order": ("buy", "order"), "prescribe": ()})
    assert own.classes["mail"] == ("send_mail",)
    assert own.classes["order"] == (*ACTIONS["order"], "buy")
    assert own.classes["prescribe"] == ACTIONS["prescribe"]
    assert Tools.model_validate(own.model_dump()) == own
    assert Tools().classes == ACTIONS


def test_no_list_of_models_is_any_and_an_empty_one_none() -> None:
    assert Models().patterns == ()
    assert Models(allow=()).patterns == ("",)
    assert Models(allow=("gpt-*",)).patterns == ("gpt-*",)
