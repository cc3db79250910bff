"""What a request's head may say, and which headers cross the proxy."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.errors import ClientError
from guardrail.rails.phi_words import GIVEN_NAMES, SURNAMES, WORD_NAMES
from guardrail.wire.headers import (
    check_content,
    check_head,
    check_query,
    check_target,
    copy_headers,
    from_upstream,
    is_header,
    media_type,
    to_upstream,
)

CANARY = "ZQ123456789012"
PEOPLE = (GIVEN_NAMES | SURNAMES) - WORD_NAMES
CANDIDATES = """
    x-patient-name x-mrn referer user-agent traceparent tracestate baggage cookie x-request-id idempotency-key
    openai-organization openai-project openai-beta accept accept-language accept-encoding range if-none-match
    x-forwarded-host x-upstream from via x-guardrail-sex x-guardrail-token content-type
"""


def scope(*headers: tuple[bytes, bytes], **changes: Any) -> dict[str, Any]:
    given_names = {name for name, _ in headers}
    host = () if b"host" in given_names or changes.pop("no_host", False) else ((b"host", b"127.0.0.1:8080"),)
    fixed = {"type": "http", "method": "POST", "raw_path": b"/v1/chat/completions", "http_version": "1.1"}
    return {**fixed, "query_string": b"", "headers": [*host, *headers], **changes}


def refusal(*headers: tuple[bytes, bytes], hosts: frozenset[str] = frozenset(), **changes: Any) -> tuple[int, str]:
    with pytest.raises(ClientError) as caught:
        check_head(scope(*headers, **changes), hosts)
    return caught.value.http_status, caught.value.code


def test_an_ordinary_head_passes() -> None:
    """What an SDK sends is accepted."""
    check_head(
        scope(
            (b"content-type", b"application/json"),
            (b"content-length", b"12"),
            (b"authorization", b"Bearer k"),
            (b"expect", b"100-continue"),
            (b"x-stainless-lang", b"python"),
        )
    )


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([(b"host", b"a"), (b"host", b"a")], (400, "duplicate_header")),
        ([(b"host", b"a/health?x=")], (400, "invalid_host")),
        ([(b"host", b"a@b")], (400, "invalid_host")),
        ([(b"host", b"")], (400, "invalid_host")),
        ([(b"content-length", b"5"), (b"transfer-encoding", b"chunked")], (400, "malformed_request")),
        ([(b"content-length", b"5"), (b"content-length", b"5")], (400, "duplicate_header")),
        ([(b"content-length", b"+5")], (400, "malformed_request")),
        ([(b"content-length", b"5, 5")], (400, "malformed_request")),
        ([(b"content-length", b"")], (400, "malformed_request")),
        ([(b"content-length", b"18446744073709551617")], (400, "malformed_request")),
        ([(b"transfer-encoding", b"gzip, chunked")], (501, "transfer_coding")),
        ([(b"transfer-encoding", b"chunked"), (b"transfer-encoding", b"chunked")], (400, "duplicate_header")),
        ([(b"authorization", b"a"), (b"Authorization", b"b")], (400, "duplicate_header")),
        ([(b"content-type", b"a/b"), (b"content-type", b"a/b")], (400, "duplicate_header")),
        ([(b"x-guardrail-sex", b"male"), (b"x-guardrail-sex", b"female")], (400, "duplicate_header")),
        ([(b"authorization", b"a"), (b"x-api-key", b"b")], (400, "two_credentials")),
        ([(b"authorization", b"AWS4-HMAC-SHA256 Credential=x")], (400, "client_signed")),
        ([(b"upgrade", b"h2c")], (426, "upgrade_refused")),
        ([(b"expect", b"miracle")], (417, "expectation_failed")),
        ([(b"x-a", b"b\r\n c")], (400, "malformed_request")),
        ([(b"x-a", b"b\x00")], (400, "malformed_request")),
        ([(b"x a", b"b")], (400, "malformed_request")),
        ([(b"", b"b")], (400, "malformed_request")),
        ([(b"x-%d" % number, b"") for number in range(100)], (431, "head_too_large")),
        ([(b"x", b"a" * 33_000)], (431, "head_too_large")),
    ],
)
def test_a_head_with_two_readings_is_refused(headers: list[tuple[bytes, bytes]], expected: tuple[int, str]) -> None:
    """HTTP-01..06, HDR-05, HDR-12: refused with the same answer whatever the server in front let through."""
    assert refusal(*headers) == expected


def test_a_request_without_host_is_refused() -> None:
    """RFC 9112 3.2."""
    assert refusal(no_host=True) == (400, "invalid_host")


def test_transfer_coding_in_http_1_0_is_refused() -> None:
    """RFC 9112 6.1: the two disagree about where the body ends."""
    assert refusal((b"transfer-encoding", b"chunked"), http_version="1.0") == (501, "transfer_coding")


@pytest.mark.parametrize("method", ["CONNECT", "TRACE", "FOO", "POST\t"])
def test_unknown_methods_are_not_implemented(method: str) -> None:
    """HTTP-12."""
    assert refusal(method=method) == (501, "method_not_implemented")


def test_only_listed_hosts_are_served() -> None:
    """SEC-03: a web page that rebinds its name to our address gets nothing."""
    hosts = frozenset({"guardrail.ward", "[::1]"})
    check_head(scope((b"host", b"Guardrail.ward:8080")), hosts)
    check_head(scope((b"host", b"[::1]:8080")), hosts)
    assert refusal((b"host", b"evil.test"), hosts=hosts) == (421, "unknown_host")


@pytest.mark.parametrize(
    "target",
    [
        b"", b"*", b"http://evil.test/v1", b"@evil.test/v1", b".evil.test/v1", b":80@evil.test/", b"//evil.test/v1",
        b"/\\evil.test", b"/v1/../../admin", b"/v1/%2e%2e/admin", b"/v1/..%2f..%2fadmin", b"/v1//chat", b"/v1/./x",
        b"/v1/x.", b"/v1/x;", b"/v1/x ", b"/v1/%252e", b"/v1/x%5c", b"/v1/x%00", b"/v1/x%0a", b"/v1/\xff", b"/v1/x%ff",
        b"/v1/x%", b"/v1/x%zz", b"/v1/x#y", b"/v1/x?y", b"/v1/x\r\n", b"/v1/..", b"/.", b"/v1/x%7F",
    ],
)  # fmt: skip
def test_targets_that_are_read_differently_are_refused(target: bytes) -> None:
    """URL-02, URL-03, URL-04."""
    with pytest.raises(ClientError):
        check_target(target)


@pytest.mark.parametrize(
    "target", [b"/", b"/v1/chat/completions", b"/v1/m:gen", b"/model/a.b-v1%3A0/invoke", b"/v1/a/"]
)
def test_plain_targets_pass(target: bytes) -> None:
    """The paths that providers use."""
    check_target(target)


@given(st.binary(max_size=40))
def test_a_target_that_passes_has_one_reading(tail: bytes) -> None:
    """Whatever passes is ASCII, has no empty or dotted part, and stays so when it is decoded."""
    target = b"/v1/" + tail
    try:
        check_target(target)
    except ClientError:
        return
    text = target.decode("ascii")
    assert not {"", ".", ".."} & set(text.rstrip("/").split("/")[1:])
    assert "\\" not in text
    assert not any(character in text for character in "?#; \r\n\0")


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON; charset=utf-8", 'application/json;charset="UTF-8"', "application/json;"],
)
def test_json_in_utf8_is_accepted(content_type: str) -> None:
    """The forms in which SDKs say the same."""
    check_content({"content-type": content_type})


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "text/plain"},
        {"content-type": "application/x-ndjson"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": "application/xml"},
        {"content-type": "application/json; charset=utf-16"},
        {"content-type": "application/json; charset=utf-7"},
        {"content-type": "application/json; charset=shift_jis"},
        {"content-type": "application/json; charset=utf-8; x"},
        {"content-type": "application/json", "content-encoding": "gzip"},
        {"content-type": "application/json", "content-encoding": "identity, gzip"},
        {"content-type": "application/json", "content-encoding": "x"},
    ],
)
def test_everything_else_is_an_unsupported_medium(headers: dict[str, str]) -> None:
    """JSON-02, JSON-10, SIZ-02, SIZ-03: what can't be inspected as it stands is not taken."""
    with pytest.raises(ClientError) as caught:
        check_content(headers)
    assert caught.value.http_status == 415


VERSION = {"api-version": re.compile("[0-9-]{10}")}


@pytest.mark.parametrize("query", [b"patient=Jane+Doe", b"a", b"=", b"api-version=Jane Doe", b"api-version=%41", b"&"])
def test_a_query_may_hold_nobodys_name(query: bytes) -> None:
    """HDR-03: unknown keys and values that are no ids are refused."""
    with pytest.raises(ClientError):
        check_query(query, VERSION)


def test_known_query_keys_pass() -> None:
    """A dialect may name keys; their values must be ids."""
    assert check_query(b"api-version=2024-10-21", VERSION) == {"api-version": "2024-10-21"}
    assert check_query(b"") == {}


def test_no_canary_crosses_in_any_header() -> None:
    """HDR-02, HDR-09: planted in every header that applications send, it reaches the upstream in none."""
    headers = copy_headers([(name.encode(), CANARY.encode()) for name in CANDIDATES.split()])
    assert CANARY not in repr(to_upstream(headers))
    assert dict(to_upstream(headers))["user-agent"] == "guardrail"


def test_what_the_provider_needs_crosses() -> None:
    """Key, organisation, project and ids in the SDKs' own shape."""
    identifier = "0f8fad5b-d9cb-469f-a165-70867728950e"
    headers = {
        "authorization": "Bearer sk-abc_DEF.123",
        "openai-organization": "org-abc123",
        "openai-project": "proj_abc123",
        "x-request-id": identifier,
        "idempotency-key": f"stainless-python-retry-{identifier}",
    }
    assert headers.items() <= dict(to_upstream(headers)).items()


# Those that Anthropic's SDKs and documents name, 2024 to 2026.
BETAS = """
    message-batches-2024-09-24 prompt-caching-2024-07-31 computer-use-2024-10-22 computer-use-2025-01-24 pdfs-2024-09-25
    token-counting-2024-11-01 token-efficient-tools-2025-02-19 output-128k-2025-02-19 files-api-2025-04-14
    mcp-client-2025-04-04 mcp-client-2025-11-20 dev-full-thinking-2025-05-14 interleaved-thinking-2025-05-14
    code-execution-2025-05-22 extended-cache-ttl-2025-04-11 context-1m-2025-08-07 context-management-2025-06-27
    model-context-window-exceeded-2025-08-26 skills-2025-10-02 fast-mode-2026-02-01 output-300k-2026-03-24
    advisor-tool-2026-03-01 user-profiles-2026-03-24 effort-2025-11-24 max-tokens-3-5-sonnet-2024-07-15
    structured-outputs-2025-11-13 fine-grained-tool-streaming-2025-05-14 web-search-2025-03-05 oauth-2025-04-20
    advanced-tool-use-2025-11-20 tool-search-tool-2025-10-19 task-budgets-2026-03-13 prompt-caching-scope-2026-01-05
    redact-thinking-2026-02-12 summarize-connector-text-2026-03-13 afk-mode-2026-01-31 mcp-servers-2025-12-04
"""


def test_betas_pass() -> None:
    """One by one and many at once, the years to come included."""
    betas = BETAS.split()
    for value in (*betas, ",".join(betas[:16]), ", ".join(betas[-16:]), "longer-answers-640k-2029-12-31"):
        assert dict(to_upstream({"anthropic-beta": value}, names=PEOPLE)).get("anthropic-beta") == value


@pytest.mark.parametrize(
    "value",
    [
        "maria-delgado-mrn-20417745-2025-01-01",
        "maria-delgado-2025-01-01",
        "skills-2025-10-02,for-john-smith-2025-01-01",
        "mrn-20417-2025-01-01",
        "born-1971-03-14-2025-01-01",
        f"{'a' * 60}-2025-01-01",
    ],
)
def test_no_person_is_a_beta(value: str) -> None:
    """No name, and no number of more than four digits, in what looks like the name of a feature."""
    assert "anthropic-beta" not in dict(to_upstream({"anthropic-beta": value}, names=PEOPLE))


def test_the_clients_credential_stays_here_when_the_policy_has_its_own() -> None:
    """The client's Authorization is then a token of this guardrail, which the provider must not learn."""
    assert "authorization" not in dict(to_upstream({"authorization": "Bearer token"}, own_key=True))


def test_headers_are_copied_without_twins_and_hops() -> None:
    """HDR-01: a Connection list takes nothing from our own decisions; underscore twins and hop-by-hop don't count."""
    raw = [
        (b"Connection", b"close, Authorization"),
        (b"Authorization", b"Bearer k"),
        (b"X_Guardrail_Sex", b"male"),
        (b"TE", b"trailers"),
        (b"Accept-Language", b"en"),
        (b"Accept-Language", b"es"),
    ]
    assert copy_headers(raw) == {"authorization": "Bearer k", "accept-language": "en, es"}


def test_a_copy_does_not_see_trailers() -> None:
    """HTTP-05: a server may append trailers to its list later; ours was taken before."""
    raw = [(b"host", b"a")]
    copied = copy_headers(raw)
    raw.append((b"authorization", b"Bearer forged"))
    assert "authorization" not in copied


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (b"request-id", b"req_011CSHoEeqs5C35K2UUqR7Fy"),
        (b"anthropic-ratelimit-tokens-remaining", b"2000"),
        (b"anthropic-ratelimit-tokens-reset", b"2026-05-03T10:00:00Z"),
    ],
)
def test_anthropics_headers_come_back(name: bytes, value: bytes) -> None:
    """Its SDK shows the id; the limits are numbers and times."""
    assert from_upstream([(name, value)]) == {name.decode(): value.decode()}
    assert from_upstream([(name, b"Jane Doe")]) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (b"x-request-id", b"a\r\nSet-Cookie: x"), (b"x-request-id", b"Jane Doe"), (b"retry-after", b"ask Jane"),
        (b"x-ratelimit-reset-tokens", b"Jane Doe"), (b"set-cookie", b"a=b"), (b"location", b"http://a"),
        (b"etag", b"x"), (b"content-length", b"3"), (b"content-md5", b"x"), (b"x-amz-signature", b"x"),
        (b"server", b"x"), (b"openai-organization", b"user-jane"), (b"content-type", b"text/html"),
    ],
)  # fmt: skip
def test_answer_headers_that_stay_behind(name: bytes, value: bytes) -> None:
    """HDR-04, HDR-11: free text, stale descriptions of the body, and state at the client."""
    assert from_upstream([(name, value)]) == {}


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_written_header_is_one_line(name: str, value: str) -> None:
    """HDR-04: what passes can't end its own line."""
    if is_header(name, value):
        assert len(f"{name}: {value}".splitlines()) == 1
        assert f"{name}: {value}".isascii()


def test_amazons_clients_need_not_say_that_it_is_json_and_no_page_may_leave_it_out() -> None:
    """SEC-03: a page of a browser sends a body without a type unasked; its Origin gives it away."""
    path = "/model/anthropic.claude/invoke"
    check_content({}, path)
    for headers, where in (({"origin": "https://a.example"}, path), ({}, "/v1/messages")):
        with pytest.raises(ClientError) as caught:
            check_content(headers, where)
        assert caught.value.http_status == 415


def test_a_check_that_would_be_missing_is_not_left_out_silently() -> None:
    assert refusal((b"x-amzn-bedrock-guardrailidentifier", b"g-1")) == (400, "unknown_header")


def test_a_media_type_is_read_without_its_parameters() -> None:
    assert media_type(b" Text/Event-Stream ; charset=utf-8") == "text/event-stream"
