"""Errors, answers of ours, families of models, routes and signatures."""

from __future__ import annotations

import json

import pytest

from guardrail.dialects.base import Ask, Outgoing
from guardrail.dialects.bedrock.dialect import BedrockEmbed
from guardrail.dialects.bedrock.models import family_of
from guardrail.dialects.bedrock.signing import Key, region_of, sign
from guardrail.dialects.catalog import lookup
from guardrail.errors import ClientError, UnreadablePayload, UpstreamUnreachable
from guardrail.text import Role
from guardrail.wire.eventstream import CONTENT_TYPE
from guardrail.wire.headers import check_content, check_head, check_target, from_upstream, to_upstream
from tests.dialects.bedrock.talk import ASK, DIALECT, INVOKE, STREAMED, ask
from tests.specimens.bedrock_converse import heard, question, said

HOST = "https://bedrock-runtime.eu-central-1.amazonaws.com"
OUTGOING = Outgoing("POST", f"{HOST}/model/a.b-v1%3A0/converse", {"content-type": "application/json"}, b"{}")


def test_an_error_of_ours_is_an_exception_of_bedrocks() -> None:
    """The header tells its type, the body which and where."""
    reply = DIALECT.refuse(UnreadablePayload("no", code="x", param="messages", status=422))
    assert (reply.status, reply.headers["x-amzn-errortype"]) == (422, "ValidationException")
    assert json.loads(reply.body) == {"message": "no", "code": "x", "param": "messages"}


@pytest.mark.parametrize(
    ("status", "told", "kind"),
    [
        (429, 429, "ThrottlingException"),
        (503, 503, "ServiceUnavailableException"),
        (302, 502, "InternalServerException"),
    ],
)
def test_an_error_of_the_provider_keeps_its_status_only(status: int, told: int, kind: str) -> None:
    """Its words may echo the prompt."""
    reply = DIALECT.upstream_error(status, b'{"message": "Jane Roe"}')
    assert (reply.status, reply.headers["x-amzn-errortype"]) == (told, kind)
    assert b"Jane" not in reply.body


def test_answers_of_ours() -> None:
    """Whole and streamed."""
    whole = DIALECT.answer(ask(), "Withheld.")
    assert said(json.loads(whole.body)) == "Withheld."
    assert DIALECT.read_response(whole.body, ask())
    streamed = STREAMED.answer(STREAMED.read_request(json.dumps(question("x")).encode(), ASK), "Withheld.")
    assert (streamed.content_type, heard(streamed.body)) == (CONTENT_TYPE, "Withheld.")


# ---- families and routes


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("anthropic.claude-3-haiku-20240307-v1:0", "Claude"),
        ("us.anthropic.claude-sonnet-4-20250514-v1%3A0", "Claude"),
        ("arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fglobal.anthropic.claude-x", "Claude"),
        ("amazon.nova-pro-v1:0", "Nova"),
        ("amazon.titan-text-lite-v1", "Prompt"),
        ("meta.llama3-8b-instruct-v1:0", "Prompt"),
        ("mistral.mixtral-8x7b-instruct-v0:1", "Prompt"),
    ],
)
def test_the_family_of_a_model(model: str, name: str) -> None:
    """By its id, without the region, or by the name of the resource."""
    assert type(family_of(model)).__name__ == name


@pytest.mark.parametrize(
    "model",
    ["stability.sd3-large-v1:0", "cohere.command-r-v1:0", "amazon.nova-canvas-v1:0", "mistral.pixtral-large-2502-v1:0",
     "arn:aws:bedrock:us-east-1:1:application-inference-profile/a1b2c3d4e5f6", "xanthropic.claude", "de.meta.llama3"],
)  # fmt: skip
def test_models_of_other_families_are_refused(model: str) -> None:
    """Nobody knows what their bodies are made of."""
    with pytest.raises(UnreadablePayload) as caught:
        INVOKE.read_request(b'{"prompt": "Jane"}', Ask({"model": model}))
    assert (caught.value.code, caught.value.http_status) == ("unknown_model", 422)


ARN = "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3A"


@pytest.mark.parametrize(
    "model",
    ["anthropic.claude-v2:1", "anthropic.claude-v2%3A1", f"{ARN}inference-profile%2Fus.anthropic.claude-v2%3A1",
     f"{ARN}custom-model%2Famazon.titan%2Fabcdefghijkl", "arn:aws:bedrock:us-east-1::foundation-model%2Fa.b-v1:0",
     "arn:aws:sagemaker:us-east-1:123456789012:endpoint%2fa-b", f"{ARN}prompt%2FABCDEFGHIJ%3A1"],
)  # fmt: skip
def test_models_in_a_path(model: str) -> None:
    """Colons as they are or encoded, names of resources with their slash encoded."""
    path = f"/model/{model}/converse"
    check_target(path.encode())
    check_target(f"/prefix{path}".encode())
    assert lookup("POST", path).parts == {"model": model}


@pytest.mark.parametrize(
    "path",
    ["/model/a%2Fb/converse", f"/model/{ARN}x%2F..%2Fy/converse", f"/model/{ARN}x%2F%2Fy/converse",
     f"/model/{ARN}x%2Fy%2F..%2F..%2Fz/converse", f"/model/{ARN}x%2Fy/converse/%2F", f"/v1/{ARN}x%2Fy/converse",
     f"/model/{ARN}x%2Fy%252Fz/converse", f"/model/{ARN}x%2Fy%00/converse"],
)  # fmt: skip
def test_a_slash_hides_nowhere_else(path: str) -> None:
    """URL-04."""
    with pytest.raises(ClientError):
        check_target(path.encode())


def test_models_that_give_vectors_have_their_own_dialect() -> None:
    """At the same path; nothing is said there."""
    for model in ("amazon.titan-embed-text-v2%3A0", "eu.cohere.embed-v4%3A0", "cohere.embed-english-v3"):
        found = lookup("POST", f"/model/{model}/invoke")
        assert isinstance(found.dialect, BedrockEmbed)
        body = {"inputText": "Jane"} if "titan" in model else {"texts": ["Jane"]}
        request = found.dialect.read_request(json.dumps(body).encode(), found.ask({}))
        assert request.model == model.replace("%3A", ":")
        (said,) = (each for each in request.segments() if each.text == "Jane")
        assert (said.role, list(request.turn)) == (Role.USER, [said.address])


def test_a_body_without_a_type_comes_from_amazons_clients_only() -> None:
    """A web page says where it is from."""
    check_content({}, "/model/x/invoke")
    for headers, path in (({}, "/model/x/converse"), ({"origin": "https://x"}, "/model/x/invoke"), ({}, "/v1/messages"),
                          ({"content-type": "text/plain"}, "/model/x/invoke")):  # fmt: skip
        with pytest.raises(ClientError):
            check_content(headers, path)


def test_a_guardrail_of_amazons_that_a_header_asks_for_is_not_left_out_silently() -> None:
    """The application relies on it."""
    headers = [(b"host", b"x"), (b"X-Amzn-Bedrock-GuardrailIdentifier", b"abc123")]
    scope = {"method": "POST", "raw_path": b"/model/x/invoke", "http_version": "1.1", "headers": headers}
    with pytest.raises(ClientError) as caught:
        check_head(scope)
    assert caught.value.code == "unknown_header"
    check_head({**scope, "headers": headers[:1]})


def test_settings_in_headers_pass_by_their_closed_lists() -> None:
    """In both directions, and no other."""
    tier = {"x-amzn-bedrock-service-tier": "flex", "x-amzn-bedrock-performanceconfig-latency": "Jane"}
    assert dict(to_upstream(tier)).items() >= {"x-amzn-bedrock-service-tier": "flex"}.items()
    assert "Jane" not in str(to_upstream(tier))
    told = {
        "x-amzn-RequestId": "f4c9c3a2-1b7e-4a51-9d7c-2f6f5f1c1c11",
        "x-amzn-ErrorType": "ThrottlingException",
        "X-Amzn-Bedrock-Input-Token-Count": "9",
    }
    raw = [(name.encode(), value.encode()) for name, value in told.items()]
    assert from_upstream(raw) == {name.lower(): value for name, value in told.items()}
    assert from_upstream([(b"x-amzn-errortype", b"JaneRoe"), (b"x-amzn-bedrock-input-token-count", b"Jane")]) == {}


# ---- signatures


@pytest.mark.parametrize(
    ("key", "read"),
    [
        ("AKIA1:s3c/r+t=", Key("AKIA1", "s3c/r+t=")),
        ("AKIA1:s:t0ken", Key("AKIA1", "s", "t0ken")),
        ("us-gov-west-1:AKIA1:s", Key("AKIA1", "s", None, "us-gov-west-1")),
        ("eu-west-1:AKIA1:s:t", Key("AKIA1", "s", "t", "eu-west-1")),
        ("bedrock-api-key-abc=", Key(bearer="bedrock-api-key-abc=")),
        ("a:b:c:d:e", Key(bearer="a:b:c:d:e")),
    ],
)
def test_keys(key: str, read: Key) -> None:
    """Two or three parts are an access key."""
    assert Key.read(key) == read


@pytest.mark.parametrize(
    ("url", "region"),
    [
        (HOST, "eu-central-1"),
        ("https://bedrock-runtime-fips.us-gov-west-1.amazonaws.com/x", "us-gov-west-1"),
        ("https://bedrock-runtime.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ("https://vpce-0a1b-2c.bedrock-runtime.us-east-1.vpce.amazonaws.com", "us-east-1"),
        ("https://example.org", ""),
    ],
)
def test_the_region_of_a_host(url: str, region: str) -> None:
    """As Amazon names its hosts."""
    assert region_of(url) == region


def test_a_request_is_signed() -> None:
    """With the region of the host, or the key's; tests/journeys/test_sdk_bedrock.py checks the signature itself."""
    told = dict(STREAMED.credentials("AKIA1:secret:t0ken", OUTGOING))
    assert told["accept"] == CONTENT_TYPE
    assert "/eu-central-1/bedrock/aws4_request" in told["authorization"]
    assert told["x-amz-security-token"] == "t0ken"
    assert "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token" in told["authorization"]
    assert "secret" not in json.dumps(told)


def test_a_bearer_token_and_the_clients_own() -> None:
    """Nothing is signed then."""
    assert dict(DIALECT.credentials("a-token", OUTGOING)) == {
        "accept": "application/json",
        "authorization": "Bearer a-token",
    }
    assert dict(DIALECT.credentials("", OUTGOING)) == {"accept": "application/json"}


def test_an_access_key_without_a_region_signs_nothing() -> None:
    """The message says what to do, and not the key."""
    with pytest.raises(UpstreamUnreachable) as caught:
        sign("AKIA1:secret", Outgoing("POST", "http://127.0.0.1/x", {}, b""))
    assert "region" in caught.value.message
    assert "secret" not in caught.value.message


def test_nothing_is_looked_for_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """No environment, no files, no metadata service."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAOTHER")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "other")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "other")
    told = dict(sign("AKIA1:secret", OUTGOING))
    assert "Credential=AKIA1/" in told["authorization"]
    assert "x-amz-security-token" not in told
