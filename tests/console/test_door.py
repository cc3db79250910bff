"""Coming in, staying in, being kept out: tokens, cookies, forms, limits (SEC-01 to SEC-04)."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guardrail.console.access import Principal, by_token
from guardrail.console.limits import MAX_BUCKETS, Buckets, source
from guardrail.console.sessions import Sealer, Sessions
from guardrail.errors import PolicyError
from guardrail.policy.admin import Admin, check_admin
from guardrail.record import shelf
from guardrail.record.entry import EVENTS
from tests.console.house import AUDITOR, LOCAL, OFFICER, OPS, RECEIPT, House, Ticks, admin, compiled, sha
from tests.support.evidence import Store

CANARY = "Zyx9-patient-Qilm"
HTTPS = "https://guardrail.hospital.example"


# ── nobody by default ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.case("SEC-01")
def test_without_admin_in_the_policy_there_are_metrics_and_health_and_nothing_else(store: Store) -> None:
    house = House(store, policy=compiled(Admin()))
    for path in ("/metrics", "/guardrail/live", "/guardrail/ready"):
        assert house.api("GET", path).status_code == 200
    for path in ("/console", f"/guardrail/receipts/{RECEIPT}", "/guardrail/suspensions", "/console/cases"):
        for token in ("", "admin", OPS):
            answer = house.api("GET", path, token)
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "admin_not_configured")
    login = house.browser().login("admin")
    assert login.status_code == 401
    assert "names nobody" in house.browser().ask("GET", "/console/login").text


@pytest.mark.case("SEC-01")
def test_beyond_loopback_somebody_has_to_be_named() -> None:
    with pytest.raises(PolicyError, match="tokens or oidc"):
        check_admin(Admin(), {}, "0.0.0.0", {})
    check_admin(Admin(), {}, "127.0.0.1", {})
    check_admin(admin(), {}, "0.0.0.0", {})
    with pytest.raises(PolicyError, match=r"admin\.tokens\[1\]"):
        check_admin(admin(), {"ward": sha(OFFICER)}, "127.0.0.1", {})


def test_a_secret_that_is_not_there_is_told_at_the_start() -> None:
    own = admin(url=HTTPS, oidc={**OIDC, "client_secret_env": "OIDC_SECRET"})
    with pytest.raises(PolicyError, match="OIDC_SECRET"):
        check_admin(own, {}, "127.0.0.1", {"OIDC_SECRET": " "})
    check_admin(own, {}, "127.0.0.1", {"OIDC_SECRET": "long-enough-secret"})


OIDC = {"issuer": "https://idp.example", "client_id": "guardrail", "roles": {"it": "ops"}}


@pytest.mark.case("SEC-01")
@pytest.mark.parametrize(
    ("part", "what"),
    [
        ({"tokens": [{"name": "a", "role": "ops", "token_sha256": sha("admin")}]}, "tries first"),
        ({"tokens": [{"name": "a", "role": "ops", "token_sha256": sha("")}]}, "tries first"),
        ({"tokens": [{"name": "a", "role": "root", "token_sha256": sha("x1")}]}, "ops"),
        ({"tokens": [{"name": "a", "role": "ops", "token": "plain"}]}, "token_sha256"),
        (
            {"tokens": [{"name": "a", "role": "ops", "token_sha256": sha("x1")}] * 2},
            "stands twice",
        ),
        ({"url": "http://guardrail.hospital.example"}, "https"),
        ({"url": "https://user:pw@guardrail.example"}, "without a user"),
        ({"url": "https://guardrail.example/console"}, "no path"),
        ({"oidc": OIDC}, "needs `url`"),
        ({"url": HTTPS, "oidc": {**OIDC, "scopes": ["profile"]}}, "openid"),
        ({"url": HTTPS, "oidc": {**OIDC, "issuer": "http://idp.example"}}, "https"),
        ({"url": HTTPS, "oidc": {**OIDC, "roles": {}}}, "roles"),
        ({"url": HTTPS, "oidc": {**OIDC, "roles": {"it": "god"}}}, "ops"),
        ({"hosts": ["a/b"]}, "hosts"),
        ({"session_minutes": 0}, "session_minutes"),
    ],
)
def test_a_policy_that_would_let_in_more_than_it_says_is_refused(part: dict[str, object], what: str) -> None:
    with pytest.raises(ValueError, match=re.escape(what)):
        Admin.model_validate(part)


# ── tokens ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.case("AUD-08")
def test_a_token_opens_what_its_role_is_there_for_and_a_wrong_one_is_recorded(house: House) -> None:
    assert house.api("GET", "/console", AUDITOR).status_code == 200
    answer = house.api("GET", "/console", CANARY)
    assert answer.status_code == 401
    (event,) = house.log.events
    assert (event.what, event.actor, dict(event.facts)) == (
        "login_refused",
        "nobody",
        {"reason": "wrong_token", "via": "bearer", "from": "ip:127.0.0.1", "limited": False},
    )
    assert CANARY.encode() not in house.log.bytes
    assert CANARY not in answer.text


@pytest.mark.parametrize("value", ["Basic dXNlcjpwdw==", "Bearer", "Bearer ", "bearer  x", "Token x", OPS])
def test_what_is_no_bearer_token_is_a_wrong_token(house: House, value: str) -> None:
    assert house.api("GET", "/console", headers={"authorization": value}).status_code == 401


def test_a_header_with_a_wrong_token_counts_though_there_is_a_session(house: House) -> None:
    browser = house.browser()
    browser.login(OPS)
    assert browser.ask("GET", "/console", headers={"authorization": "Bearer wrong"}).status_code == 401


@pytest.mark.case("SEC-02")
def test_every_token_is_compared_and_the_right_one_found() -> None:
    own = admin()
    for role, token in (("ops", OPS), ("privacy_officer", OFFICER), ("auditor", AUDITOR)):
        found = by_token(own, token)
        assert found is not None
        assert (found.role, found.via) == (role, "token")
    for wrong in ("", OPS[:-1], OPS + "x", sha(OPS), "\udcff", "é"):
        assert by_token(own, wrong) is None


# ── sessions ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_session_from_the_login_to_the_logout(house: House) -> None:
    browser = house.browser()
    assert browser.ask("GET", "/console").headers["location"] == "/console/login"
    answer = browser.login(OPS)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    (line,) = browser.set_cookies
    assert line.endswith("; Path=/; Max-Age=1800; HttpOnly; SameSite=Strict")
    assert "the-ops" in browser.ask("GET", "/console").text
    stolen = dict(browser.cookies)
    replica = House(house.store).browser()
    replica.cookies = dict(stolen)
    assert replica.ask("GET", "/console").status_code == 200, "a session holds in every process"
    assert browser.post("/console/logout").headers["location"] == "/console/login"
    for cookies in (stolen, browser.cookies):
        browser.cookies = replica.cookies = dict(cookies)
        assert browser.ask("GET", "/console").status_code == 303
        assert replica.ask("GET", "/console").status_code == 303, "and so does its end"
    assert house.log.whats == ["login", "logout"]
    assert set(house.log.whats) <= EVENTS
    assert house.log.events[0].actor == "admin:the-ops"


def test_ends_of_sessions_are_kept_no_longer_than_sessions_last(house: House) -> None:
    def kept() -> int:
        return len(house.store.run(shelf.found(house.store.database, "closed-session:")))

    before = kept()
    for _ in range(3):
        browser = house.browser()
        browser.login(OPS)
        browser.post("/console/logout")
        house.clock.now += 1_900
    assert kept() <= before + 1


@pytest.mark.case("SEC-01")
def test_a_session_ends_by_itself(house: House) -> None:
    browser = house.browser()
    browser.login(OPS)
    house.clock.now += 30 * 60 - 1
    assert browser.ask("GET", "/console").status_code == 200
    house.clock.now += 1
    assert browser.ask("GET", "/console").status_code == 303


def test_a_session_ends_with_its_token_and_with_its_role(house: House) -> None:
    browser = house.browser()
    browser.login(OPS)
    rows = [each.model_dump() for each in admin().tokens]
    for row in (
        {**rows[0], "token_sha256": sha("a new one")},
        {**rows[0], "role": "auditor"},
        {**rows[0], "name": "else"},
    ):
        house.policy = compiled(Admin.model_validate({"tokens": [row, *rows[1:]]}))
        assert browser.ask("GET", "/console").status_code == 303
    house.policy = compiled(Admin())
    assert browser.ask("GET", "/console").status_code == 403
    house.policy = compiled()
    assert browser.ask("GET", "/console").status_code == 200


def test_no_session_is_taken_over_from_what_a_browser_brings(house: House) -> None:
    """Session fixation: a cookie that was there before the login is not the one that counts afterwards."""
    attacker, victim = house.browser(), house.browser()
    attacker.login(AUDITOR)
    planted = attacker.cookies["guardrail"]
    victim.cookies = {"guardrail": planted}
    assert victim.login(OPS).status_code == 303
    assert victim.cookies["guardrail"] != planted
    assert "the-ops" in victim.ask("GET", "/console").text
    assert attacker.ask("GET", "/console").status_code == 303, "the planted session ends with the login"
    for made_up in ("x", "a.b", "e30.e30", planted[:-2], ""):
        victim.cookies = {"guardrail": made_up}
        victim.login(OPS)
        assert victim.cookies["guardrail"] not in (made_up, planted)


def test_a_cookie_that_was_touched_is_none(house: House) -> None:
    browser = house.browser()
    browser.login(AUDITOR)
    cookie = browser.cookies["guardrail"]
    body, _, signature = cookie.partition(".")
    values = json.loads(base64.urlsafe_b64decode(body + "=="))
    values["role"] = "ops"
    forged = base64.urlsafe_b64encode(json.dumps(values).encode()).rstrip(b"=").decode()
    other = Sealer(b"o" * 32, house.clock).seal("session", values, 600)
    wrong_purpose = Sealer(b"k" * 32, house.clock).seal("login", values, 600)
    touched = [
        f"{forged}.{signature}",
        other,
        wrong_purpose,
        body,
        f"{body}.",
        f".{signature}",
        cookie + "A",
        cookie * 2,
    ]
    touched += [
        f"{body[:at]}{'A' if body[at] != 'A' else 'B'}{body[at + 1 :]}.{signature}" for at in range(0, len(body), 7)
    ]
    for each in touched:
        browser.cookies = {"guardrail": each}
        assert browser.ask("GET", "/console").status_code == 303, each
    browser.cookies = {"guardrail": cookie}
    assert browser.ask("GET", "/console").status_code == 200


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_change_of_any_character_of_a_cookie_opens_anything(data: st.DataObject) -> None:
    clock = Ticks()
    sessions = Sessions(Sealer(b"s" * 32, clock))
    cookie = sessions.open(Principal("a", "auditor", "token", "t"), 60)
    at = data.draw(st.integers(0, len(cookie) - 1))
    letter = data.draw(st.characters(codec="latin-1").filter(lambda each: each != cookie[at]))
    assert sessions.read(cookie[:at] + letter + cookie[at + 1 :]) is None
    assert sessions.read(cookie) is not None


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_no_text_is_a_cookie(one: str, other: str) -> None:
    clock = Ticks()
    assert Sessions(Sealer(b"s" * 32, clock)).read(f"{one}.{other}") is None


def test_by_https_the_cookie_goes_no_other_way(store: Store) -> None:
    house = House(store, policy=compiled(admin(url=HTTPS)), host="0.0.0.0")
    browser = house.browser("10.0.0.7", HTTPS)
    assert browser.login(OPS).status_code == 303
    (line,) = browser.set_cookies
    assert line.startswith("__Host-guardrail=")
    assert "; Path=/; " in line
    assert line.endswith("HttpOnly; SameSite=Strict; Secure")
    assert browser.ask("GET", "/console").status_code == 200
    # A cookie that somebody without https could have set is not looked at.
    browser.cookies = {"guardrail": browser.cookies["__Host-guardrail"]}
    assert browser.ask("GET", "/console").status_code == 303


def test_without_https_no_browser_comes_in_from_elsewhere(store: Store) -> None:
    house = House(store, policy=compiled(admin(hosts=["guardrail.lan"])), host="0.0.0.0")
    browser = house.browser("10.0.0.7", "http://guardrail.lan")
    assert browser.login(OPS).status_code == 403
    assert browser.cookies == {}
    assert "by https" in browser.ask("GET", "/console/login").text
    assert house.api("GET", "/console", OPS, address="10.0.0.7").status_code == 200, "a program with its token does"


# ── forms ─────────────────────────────────────────────────────────────────────────────────────────────────────────

SUSPEND = {"scope": "model", "target": "gpt-4o", "reason": "answers with wrong doses"}


@pytest.mark.case("SEC-03")
def test_a_form_is_taken_once_it_is_of_this_session_and_from_here(house: House) -> None:
    browser, other = house.browser(), house.browser()
    browser.login(OPS)
    other.login(OPS)
    token = browser.form_token("/console/suspensions")
    assert token != other.form_token("/console/suspensions")
    for fields in ({}, {"csrf": ""}, {"csrf": "x"}, {"csrf": token[:-1]}, {"csrf": other.form_token()}):
        assert browser.ask("POST", "/console/suspensions", data={**SUSPEND, **fields}).status_code == 403
    good = {**SUSPEND, "csrf": token}
    for headers in (
        {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
        {"origin": "http://127.0.0.1:1234", "sec-fetch-site": "same-site"},
        {"origin": "null", "sec-fetch-site": ""},
        {"origin": "https://127.0.0.1:9090", "sec-fetch-site": ""},
        {"origin": "", "sec-fetch-site": "none"},
        {"origin": "", "sec-fetch-site": ""},
        {"origin": LOCAL, "sec-fetch-site": "cross-site"},
    ):
        assert browser.ask("POST", "/console/suspensions", headers=headers, data=good).status_code == 403
    assert house.store.run(house.suspensions.history()) == []
    assert house.log.whats.count("admin_refused") == 5 + 7
    for headers in ({"sec-fetch-site": ""}, {"origin": ""}, {}):  # old browsers say one or the other
        assert browser.ask("POST", "/console/suspensions", headers=headers, data=good).status_code == 303
    assert len(house.store.run(house.suspensions.history())) == 3


@pytest.mark.case("SEC-03")
def test_a_login_from_another_page_is_refused(house: House) -> None:
    """Login CSRF: nobody is logged in as somebody else without noticing."""
    browser = house.browser()
    for headers in ({"origin": "https://evil.example", "sec-fetch-site": "cross-site"}, {"origin": "null"}):
        answer = browser.ask("POST", "/console/login", headers=headers, data={"token": OPS})
        assert answer.status_code == 403
    assert browser.cookies == {}


@pytest.mark.parametrize("reason", ["half a pair \ud800", "reads \u202eotherwise"])
def test_a_reason_that_is_no_line_of_text_is_refused_by_its_name(house: House, reason: str) -> None:
    """Nothing is suspended, and nobody reads on a page what was not written so."""
    headers = {"content-type": "application/json"}
    said = json.dumps({**SUSPEND, "reason": reason})
    answer = house.api("POST", "/guardrail/suspensions", OPS, content=said, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "reason"


def test_a_session_is_no_token_for_programs(house: House) -> None:
    """What takes JSON is never opened by a cookie: no form of another page could be one."""
    browser = house.browser()
    browser.login(OPS)
    answer = browser.ask("POST", "/guardrail/suspensions", json=SUSPEND)
    assert answer.status_code == 401
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        sent = house.api(
            "POST", "/guardrail/suspensions", OPS, content=json.dumps(SUSPEND), headers={"content-type": kind}
        )
        assert sent.status_code == 415
    assert house.api("POST", "/guardrail/suspensions", OPS, json=SUSPEND).status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 403),
        (b"csrf", 400),
        (b"a=1&a=2", 400),
        (b"a=%ff", 400),
        ("a=é".encode(), 400),
        (b"&".join(b"f%d=1" % number for number in range(30)), 400),
        (b"reason=" + b"x" * 70_000, 413),
    ],
)
def test_a_form_that_can_be_read_in_two_ways_or_not_at_all(house: House, body: bytes, status: int) -> None:
    browser = house.browser()
    browser.login(OPS)
    sent = {"content-type": "application/x-www-form-urlencoded"}
    assert browser.ask("POST", "/console/suspensions", headers=sent, content=body).status_code == status


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]x", 400),
        (b'"scope"', 400),
        (b'[["scope", "all"]]', 400),
        (b'{"scope": 1}', 400),
        (b'{"scope": "all", "scope": "client"}', 400),
        (b'{"scope": "everything", "reason": "abc"}', 400),
        (b"\xff\xfe", 400),
        (b"[" * 40_000, 400),
        (b'{"reason": "' + b"x" * 70_000 + b'"}', 413),
        (b'{"scope": "all", "target": "x", "reason": "\\u0000"}', 400),
        (b'{"scope": "all", "reason": "why not", "until": "tomorrow"}', 400),
        (b'{"scope": "all", "reason": "why not", "until": "2026-12-31T18:00:00"}', 400),
        (b'{"scope": "all", "reason": "why not", "until": "9999-12-31T23:59:59+00:00"}', 400),
        (b'{"scope": "all", "reason": "why not", "hours": "-1"}', 400),
        (b'{"scope": "all", "reason": "why not", "hours": "99999"}', 400),
        (b'{"scope": "client", "target": "a b", "reason": "why not"}', 400),
    ],
)
def test_an_object_that_makes_no_sense_is_refused_without_being_quoted(house: House, body: bytes, status: int) -> None:
    answer = house.api(
        "POST", "/guardrail/suspensions", OPS, content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code == status
    assert "x" * 20 not in answer.text
    assert house.log.whats == []


# ── limits ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.case("SEC-04")
def test_who_guesses_waits_and_the_right_token_waits_with_him(store: Store) -> None:
    house = House(store, policy=compiled(admin(rate_limit={"logins": 5})))
    browser = house.browser("10.0.0.66")
    for _ in range(5):
        assert browser.login("wrong").status_code == 401
    for token in ("wrong", OPS):
        answer = browser.login(token)
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["retry-after"]) <= 13
    assert house.api("GET", "/console", OPS, address="10.0.0.66").status_code == 429
    assert house.browser("10.0.0.1").login(OPS).status_code == 303, "others are not kept out"
    refused = [event for event in house.log.events if event.what == "login_refused"]
    assert [event.facts["limited"] for event in refused] == [False] * 4 + [True]
    house.clock.now += 13
    assert browser.login(OPS).status_code == 303


@pytest.mark.case("SEC-04")
def test_a_thousand_guesses_are_a_handful_of_answers_and_of_entries(house: House) -> None:
    browser = house.browser("10.0.0.66")
    statuses = [browser.login(f"guess-{number}").status_code for number in range(300)]
    assert statuses.count(401) == 10
    assert set(statuses) == {401, 429}
    assert len(house.log.events) == 10


def test_guesses_from_everywhere_keep_out_strangers_and_not_who_was_here(store: Store) -> None:
    house = House(store, policy=compiled(admin(rate_limit={"all_logins": 20})))
    assert house.api("GET", "/console", OPS, address="10.0.0.1").status_code == 200
    for number in range(40):
        house.api("GET", "/console", "wrong", address=f"10.1.{number}.1")
    assert len(house.log.events) == 20
    assert house.api("GET", "/console", OPS, address="10.9.9.9").status_code == 429
    assert house.api("GET", "/console", OPS, address="10.0.0.1").status_code == 200
    house.clock.now += 60
    assert house.api("GET", "/console", OPS, address="10.9.9.9").status_code == 200


def test_too_many_requests_wait(store: Store) -> None:
    house = House(store, policy=compiled(admin(rate_limit={"requests": 3})))
    statuses = [house.api("GET", "/console/login").status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    assert house.counted == ["ok", "ok", "ok", "limited", "limited"]
    # Whoever looks after this machine reads them as often as it takes.
    assert [house.api("GET", page).status_code for page in ("/metrics", "/guardrail/live", "/guardrail/ready")] == [
        200
    ] * 3


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.floats(0, 30), min_size=1, max_size=60), st.integers(1, 20))
def test_in_no_minute_more_is_taken_than_twice_the_limit(pauses: list[float], limit: int) -> None:
    """A bucket that is full lets through its size at once, and refills at its rate."""
    clock = Ticks(0.0)
    buckets, taken = Buckets(clock), []
    for pause in pauses:
        clock.now += pause
        if not buckets.wait("a", limit):
            buckets.take("a", limit)
            taken.append(clock.now)
    for at in taken:
        assert sum(at <= other < at + 60 for other in taken) <= 2 * limit


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 30), st.integers(0, 40))
def test_after_the_wait_that_was_told_there_is_one(limit: int, before: int) -> None:
    clock = Ticks(0.0)
    buckets = Buckets(clock)
    for _ in range(before):
        buckets.take("a", limit)
    clock.now += buckets.wait("a", limit)
    assert buckets.wait("a", limit) == 0


@pytest.mark.case("SEC-04")
def test_a_flood_of_addresses_takes_no_more_room() -> None:
    buckets = Buckets(Ticks(0.0))
    for number in range(MAX_BUCKETS * 2):
        buckets.take(str(number), 5)
    assert len(buckets._spent) == MAX_BUCKETS


def test_a_network_of_ipv6_is_one_source() -> None:
    assert source("2001:db8:1:2:3::4") == source("2001:db8:1:2:ffff::1") != source("2001:db8:1:3::4")
    assert source("::ffff:10.0.0.1") == source("10.0.0.1") == "10.0.0.1"
    assert source("") == ""
    assert source("not an address") == "not an address"


# ── the head ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.case("SEC-03")
def test_a_name_that_is_not_ours_is_not_served(house: House) -> None:
    """DNS rebinding (SEC-03): a web page that points its own name to us reads nothing."""
    for path in ("/metrics", "/console", "/console/login", "/guardrail/live"):
        answer = house.api("GET", path, headers={"host": "evil.example"})
        assert answer.status_code == 421
    assert house.api("GET", "/metrics", headers={"host": "localhost:9090"}).status_code == 200


def test_beyond_loopback_machines_may_call_by_address_and_bring_a_token(store: Store) -> None:
    house = House(store, policy=compiled(admin(url=HTTPS)), host="0.0.0.0")
    by_address = {"host": "10.2.3.4:9090"}
    assert house.api("GET", "/guardrail/live", headers=by_address).status_code == 200
    assert house.api("GET", "/guardrail/ready", headers=by_address).status_code == 200
    assert house.api("GET", "/metrics", headers=by_address).status_code == 401
    assert house.api("GET", "/metrics", AUDITOR, headers=by_address).status_code == 200
    assert house.api("GET", "/console", AUDITOR, headers=by_address).status_code == 200
    assert house.api("GET", "/console", headers=by_address).status_code == 421
    house.policy = compiled(admin(metrics="open"))
    assert house.api("GET", "/metrics", headers=by_address).status_code == 200
    house.policy = replace(house.policy)
    assert house.api("GET", "/console", headers={"host": "guardrail.hospital.example"}).status_code == 421


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/console/", 404),
        ("DELETE", "/console", 405),
        ("POST", "/metrics", 405),
        ("PUT", "/console/suspensions", 405),
        ("TRACE", "/console", 501),
        ("GET", "/guardrail/receipts/%2e%2e", 400),
        ("GET", "/console/receipts?receipt=%0d%0aset-cookie:x=1", 400),
        ("GET", "/console/receipts?receipt=//evil.example", 400),
        ("GET", "/console/receipts?receipt=a&receipt=b", 400),
        ("GET", "/console/receipts?%ff=1", 400),
    ],
)
def test_odd_requests_get_a_plain_answer(house: House, method: str, path: str, status: int) -> None:
    answer = house.api(method, path, OPS)
    assert answer.status_code == status
    assert "set-cookie" not in answer.headers
    assert "evil" not in answer.text


@pytest.mark.parametrize(
    ("path", "methods"),
    [("/metrics", "GET, HEAD"), ("/console/logout", "POST"), ("/console/suspensions", "GET, HEAD, POST")],
)
def test_a_method_that_does_not_exist_is_told_with_those_that_do(house: House, path: str, methods: str) -> None:
    """RFC 9110 section 15.5.6."""
    answer = house.api("DELETE", path, OPS)
    assert (answer.status_code, answer.headers["allow"]) == (405, methods)


def test_a_receipt_is_all_that_a_redirect_ever_holds(house: House) -> None:
    answer = house.api("GET", f"/console/receipts?receipt=%20{RECEIPT.upper()}%20", OPS)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/guardrail/receipts/{RECEIPT}")


def test_head_is_get_without_the_body(house: House) -> None:
    whole, head = house.api("GET", "/console", OPS), house.api("HEAD", "/console", OPS)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == whole.headers["content-type"]


def test_every_answer_is_closed_to_scripts_frames_and_caches(house: House) -> None:
    browser = house.browser()
    answers = [browser.ask("GET", "/console/login"), browser.login(OPS), browser.ask("GET", "/console")]
    answers += [browser.ask("GET", "/nothing"), house.api("GET", "/metrics"), house.api("GET", "/console")]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "access-control-allow-origin" not in answer.headers


def test_the_style_sheet_of_a_page_is_the_one_that_its_policy_names(house: House) -> None:
    import hashlib

    page = house.browser().ask("GET", "/console/login")
    style = re.search(r"<style>(.*?)</style>", page.text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in page.headers["content-security-policy"]


# ── when the log can't be written ─────────────────────────────────────────────────────────────────────────────────


def test_nobody_comes_in_and_nothing_is_done_that_can_not_be_recorded(house: House) -> None:
    browser = house.browser()
    browser.login(OFFICER)
    house.log.broken = True
    answer = house.browser().login(OPS)
    assert answer.status_code == 503
    assert "set-cookie" not in answer.headers
    assert house.api("GET", "/console", "wrong").status_code == 401, "who is refused is refused all the same"
    assert browser.ask("GET", "/console").status_code == 200, "and the page that says so can be read"


def test_what_nobody_foresaw_says_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(limit: int) -> list[object]:
        raise RuntimeError(CANARY)

    monkeypatch.setattr(house.incidents, "all", broken)
    answer: httpx.Response = house.api("GET", "/console/incidents", OPS)
    assert answer.status_code == 500
    assert CANARY not in answer.text
