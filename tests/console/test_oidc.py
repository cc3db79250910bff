"""Coming in by a provider of identities, on loopback: only what fits this browser and this attempt counts."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import ECKey, OctKey

from tests.console.house import LOCAL, OPS, Browser, House, admin, compiled
from tests.console.issuer import Issuer, rsa
from tests.support.certificates import signed
from tests.support.evidence import Store

SECRET = "a-secret-of-the-client"
CALLBACK = "/console/oidc/callback"
SHORT = json.dumps({"keys": [{"kty": "RSA", "kid": "rsa", "e": "AQAB", "n": "w" * 171}]}).encode()
"""A key of 1,024 bits."""


@pytest.fixture(scope="module")
def one_issuer() -> Iterator[Issuer]:
    issuer = Issuer()
    yield issuer
    issuer.close()


@pytest.fixture
def issuer(one_issuer: Issuer) -> Issuer:
    one_issuer.reset()
    return one_issuer


@pytest.fixture
def house(store: Store, issuer: Issuer) -> Iterator[House]:
    house = at(store, issuer)
    yield house
    store.run(house.ports.connector.close())


def at(store: Store, issuer: Issuer, ca_file: str | None = None, **more: Any) -> House:
    oidc = {
        "issuer": issuer.url,
        "client_id": "guardrail",
        "client_secret_env": "OIDC_SECRET",
        "roles": {"it-ops": "ops", "privacy": "privacy_officer", "audit": "auditor"},
        "scopes": ["openid", "profile"],
        **more,
    }
    house = House(
        store, policy=compiled(admin(url=LOCAL, oidc=oidc)), environment={"OIDC_SECRET": SECRET}, ca_file=ca_file
    )
    house.clock.now = time.time()
    return house


def begin(browser: Browser) -> dict[str, list[str]]:
    answer = browser.ask("GET", "/console/oidc")
    assert answer.status_code == 303, answer.text
    return parse_qs(urlsplit(answer.headers["location"]).query, strict_parsing=True)


def come_back(browser: Browser, said: dict[str, str]) -> httpx.Response:
    """The provider's own page sends the browser here."""
    return browser.ask("GET", CALLBACK, params=said, headers={"sec-fetch-site": "cross-site"})


def test_the_whole_way(house: House, issuer: Issuer) -> None:
    browser = house.browser()
    sent = begin(browser)
    assert sent["redirect_uri"] == [LOCAL + CALLBACK]
    assert (sent["response_type"], sent["code_challenge_method"]) == (["code"], ["S256"])
    assert sent["scope"] == ["openid profile"]
    assert "SameSite=Lax" in browser.set_cookies[0]
    answer = come_back(browser, issuer.consent(sent))
    assert answer.status_code == 200
    assert 'content="0;url=/console"' in answer.text
    session, gone = browser.set_cookies
    assert session.startswith("guardrail=")
    assert "SameSite=Strict" in session
    assert gone.startswith("guardrail-login=; Path=/; Max-Age=0")
    page = browser.ask("GET", "/console")
    assert "anna.smith" in page.text
    assert house.log.events[-1].actor == "oidc:anna.smith"
    assert dict(house.log.events[-1].facts) == {"via": "oidc", "role": "ops", "from": "ip:127.0.0.1"}
    _, form, headers = next(each for each in issuer.asked if each[0] == "/token")
    assert form["redirect_uri"] == [LOCAL + CALLBACK]
    assert headers["authorization"].startswith("Basic ")
    assert "client_id" not in form
    assert SECRET not in answer.text + page.text


def test_a_public_client_says_who_it_is_and_has_no_secret(store: Store, issuer: Issuer) -> None:
    house = at(store, issuer, client_secret_env=None)
    browser = house.browser()
    assert come_back(browser, issuer.consent(begin(browser))).status_code == 200
    _, form, headers = next(each for each in issuer.asked if each[0] == "/token")
    assert form["client_id"] == ["guardrail"]
    assert "authorization" not in headers
    store.run(house.ports.connector.close())


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "somebody-else"},
        {"aud": None},
        {"aud": ["guardrail", "other"]},
        {"aud": ["guardrail", "other"], "azp": "other"},
        {"azp": "other"},
        {"iss": "http://127.0.0.1:1"},
        {"iss": None},
        {"exp": 1_000},
        {"exp": None},
        {"iat": 4_000_000_000},
        {"iat": None},
        {"sub": ""},
        {"sub": None},
        {"sub": 7},
        {"sub": "x" * 256},
        {"sub": "anna\nsmith"},
        {"nbf": 4_000_000_000},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_attempt_opens_nothing(
    house: House, issuer: Issuer, claims: dict[str, Any]
) -> None:
    browser = house.browser()
    answer = come_back(browser, issuer.consent(begin(browser), **claims))
    assert answer.status_code == 401
    assert "guardrail" not in browser.cookies
    assert house.log.whats == ["login_refused"]
    assert house.log.events[0].facts["via"] == "oidc"


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "HS256", "_key": OctKey.import_key(SECRET + "-long-enough-for-a-key")},
        {"_key": ECKey.generate_key("P-256", {"kid": "one"})},
        {"kid": "unknown", "_key": ECKey.generate_key("P-256", {"kid": "unknown"})},
    ],
    ids=["none", "symmetric", "another key", "unknown key"],
)
def test_only_the_providers_own_keys_count(house: House, issuer: Issuer, header: dict[str, Any]) -> None:
    browser = house.browser()
    assert come_back(browser, issuer.consent(begin(browser), header)).status_code == 401
    assert house.log.events[0].facts["reason"] == "signature"


def test_a_key_that_is_newer_than_ours_is_asked_for_once(house: House, issuer: Issuer) -> None:
    browser = house.browser()
    assert come_back(browser, issuer.consent(begin(browser))).status_code == 200
    issuer.keys = [*issuer.keys, ECKey.generate_key("P-256", {"kid": "two", "use": "sig"})]
    house.clock.now += 31
    assert come_back(browser, issuer.consent(begin(browser), {"kid": "two"})).status_code == 200
    before = len(issuer.asked)
    for _ in range(3):
        come_back(browser, issuer.consent(begin(browser), {"kid": "x", "_key": ECKey.generate_key("P-256")}))
    assert [path for path, _, _ in issuer.asked[before:]].count("/jwks") == 0, "nobody makes us ask without end"


def test_rsa_keys_count_unless_they_are_short(store: Store, issuer: Issuer) -> None:
    house = at(store, issuer)
    issuer.keys = [rsa()]
    browser = house.browser()
    assert come_back(browser, issuer.consent(begin(browser), {"alg": "RS256", "kid": "rsa"})).status_code == 200
    store.run(house.ports.connector.close())
    house = at(store, issuer)
    issuer.answers["/jwks"] = (200, SHORT)
    browser = house.browser()
    assert come_back(browser, issuer.consent(begin(browser), {"alg": "RS256", "kid": "rsa"})).status_code == 502
    store.run(house.ports.connector.close())


def test_state_and_browser_belong_together(house: House, issuer: Issuer) -> None:
    """Login CSRF: a code that somebody else got opens nothing here; and each way back is good once."""
    attacker, victim = house.browser(), house.browser()
    said = issuer.consent(begin(attacker))
    assert come_back(victim, said).status_code == 401, "no attempt of this browser"
    begin(victim)
    assert come_back(victim, said).status_code == 401, "another state"
    kept = attacker.cookies["guardrail-login"]  # not its last sign, of which base64 reads some bits only
    attacker.cookies["guardrail-login"] = kept[:-5] + ("B" if kept[-5] == "A" else "A") + kept[-4:]
    assert come_back(attacker, said).status_code == 401
    assert not any(path == "/token" for path, _, _ in issuer.asked)
    good = house.browser()
    again = issuer.consent(begin(good))
    assert come_back(good, again).status_code == 200
    assert come_back(good, again).status_code == 401


def test_a_way_back_that_comes_too_late_is_none(house: House, issuer: Issuer) -> None:
    browser = house.browser()
    said = issuer.consent(begin(browser))
    house.clock.now += 601
    assert come_back(browser, said).status_code == 401


@pytest.mark.parametrize(
    "change", [{"code": ""}, {"error": "access_denied"}, {"state": ""}, {"iss": "https://evil.example"}], ids=str
)
def test_an_error_of_the_provider_is_a_refusal(house: House, issuer: Issuer, change: dict[str, str]) -> None:
    browser = house.browser()
    answer = come_back(browser, {**issuer.consent(begin(browser)), **change})
    assert answer.status_code == 401
    assert "access_denied" not in answer.text


@pytest.mark.parametrize("roles", [[], ["visitor"], "it", None, {"it-ops": 1}, [["it-ops"]]], ids=str)
def test_who_has_no_role_here_does_not_get_in(house: House, issuer: Issuer, roles: object) -> None:
    browser = house.browser()
    assert come_back(browser, issuer.consent(begin(browser), roles=roles)).status_code == 403
    assert house.log.whats == ["login_refused"]


def test_the_role_is_told_by_the_claim_that_the_policy_names(store: Store, issuer: Issuer) -> None:
    house = at(store, issuer, role_claim="realm_access.roles")
    browser = house.browser()
    said = issuer.consent(begin(browser), roles=["it-ops"], realm_access={"roles": ["audit", "x"]})
    assert come_back(browser, said).status_code == 200
    assert "(auditor)" in browser.ask("GET", "/console").text
    house.policy = compiled(admin())
    assert browser.ask("GET", "/console").status_code == 303, "without the provider its sessions are over"
    store.run(house.ports.connector.close())


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "https://user@evil.example/"},
        {"authorization_endpoint": "https://idp.example/a\r\nset-cookie: x=1"},
        {"token_endpoint": None},
    ],
    ids=str,
)
def test_a_provider_that_says_odd_things_of_itself_is_not_used(
    house: House, issuer: Issuer, described: dict[str, Any]
) -> None:
    issuer.description = described
    answer = house.browser().ask("GET", "/console/oidc")
    assert answer.status_code == 502
    assert "evil" not in answer.text


@pytest.mark.parametrize("what", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_a_provider_with_tls_sends_nobody_away_from_it(store: Store, tmp_path: Path, what: str) -> None:
    """The code and the client's secret would travel in the clear, to whatever listens on this machine."""
    certificate = signed(tmp_path / "pem", days=1)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    issuer = Issuer(context)
    house = at(store, issuer, ca_file=str(certificate))
    try:
        assert house.browser().ask("GET", "/console/oidc").status_code == 303
        house.clock.now += 3_601
        issuer.description = {what: issuer.url.replace("https:", "http:")}
        assert house.browser().ask("GET", "/console/oidc").status_code == 502
    finally:
        store.run(house.ports.connector.close())
        issuer.close()


@pytest.mark.parametrize(
    "said", [(500, b"{}"), (200, b"[]"), (200, b"canary-of-the-provider"), (200, b"[" * 100_000), (200, b"x" * 300_000)]
)
def test_a_provider_that_answers_nonsense_is_quoted_nowhere(
    house: House, issuer: Issuer, said: tuple[int, bytes]
) -> None:
    issuer.answers["/.well-known/openid-configuration"] = said
    answer = house.browser().ask("GET", "/console/oidc")
    assert answer.status_code == 502
    assert "canary" not in answer.text


def test_tokens_go_on_while_the_provider_is_away(house: House, issuer: Issuer) -> None:
    issuer.answers["/.well-known/openid-configuration"] = (503, b"{}")
    browser = house.browser()
    assert browser.ask("GET", "/console/oidc").status_code == 502
    assert browser.login(OPS).status_code == 303
