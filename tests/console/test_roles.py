"""Who may do what: every place of the console, for every role, by token and by browser (WHO-66, SEC-01)."""

from __future__ import annotations

from typing import get_args

import pytest

from guardrail.console.access import ALLOWED, Permission
from guardrail.console.app import Place
from guardrail.policy.admin import ROLES, Role
from guardrail.redress import Decision, Kind
from guardrail.suspension import Scope
from tests.console.house import RECEIPT, House, exchange
from tests.console.house import ROLES as TOKENS

PEOPLE: tuple[Role, ...] = ("ops", "privacy_officer", "auditor")
TABLE: dict[str, tuple[Role, ...]] = {
    "metrics": ROLES,
    "status": PEOPLE,
    "receipts": PEOPLE,
    "audit": PEOPLE,
    "suspensions": PEOPLE,
    "incidents": PEOPLE,
    "suspend": ("ops",),
    "publish": ("privacy_officer",),
    "cases": ("privacy_officer", "auditor"),
    "reveal": ("privacy_officer",),
    "decide": ("privacy_officer",),
}
"""The whole matrix once more, by hand."""
PLACES = House.places()


def test_the_table_is_whole() -> None:
    assert set(TABLE) == set(get_args(Permission))
    for permission, roles in TABLE.items():
        assert tuple(role for role in ROLES if permission in ALLOWED[role]) == roles


def test_an_auditor_can_change_nothing() -> None:
    for place in PLACES:
        if place.method == "POST" and place.permission not in (None, "status"):
            assert place.permission not in ALLOWED["auditor"], place


def test_whoever_suspends_reads_no_words_and_the_other_way_round() -> None:
    for role in ROLES:
        assert not {"suspend", "reveal"} <= ALLOWED[role]


def test_only_health_and_the_login_need_nobody() -> None:
    open_ones = {(place.method, place.path) for place in PLACES if place.permission is None}
    assert open_ones == {
        ("GET", "/guardrail/live"),
        ("GET", "/guardrail/ready"),
        ("GET", "/console/login"),
        ("POST", "/console/login"),
        ("GET", "/console/oidc"),
        ("GET", "/console/oidc/callback"),
    }


@pytest.mark.parametrize("place", [each for each in PLACES if each.permission], ids=str)
def test_each_place_for_each_role(house: House, place: Place) -> None:
    """Asked by token for programs and by browser for pages: allowed is what the table says, no more and no less."""
    assert place.permission is not None
    for role in ROLES:
        path = _real_path(house, place.path)
        allowed = role in TABLE[place.permission]
        if place.method == "POST" and place.path.startswith("/console/"):
            browser = house.browser()
            if role not in PEOPLE:
                assert browser.login(TOKENS[role]).status_code == 403, "a program has no session"
                continue
            assert browser.login(TOKENS[role]).status_code == 303
            status = browser.post(path, **_fields(place)).status_code
        else:
            status = house.api(place.method, path, TOKENS[role], json=_sent(place)).status_code
        assert status == 403 if not allowed else status in (200, 303), (role, status)


@pytest.mark.case("SEC-01")
@pytest.mark.parametrize("place", [each for each in PLACES if each.permission not in (None, "metrics")], ids=str)
def test_nobody_gets_nothing(house: House, place: Place) -> None:
    path = place.path.replace("{receipt}", RECEIPT).replace("{case}", "00000-00000").replace("{suspension}", "s-1")
    path = path.replace("{incident}", "i-1")
    answer = house.api(place.method, path, json={} if place.method == "POST" else None)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert house.log.whats == []
    page = house.browser().ask(place.method, path, data={"csrf": "x"} if place.method == "POST" else None)
    assert page.status_code == (303 if place.method == "GET" else 401)
    assert page.headers.get("location", "/console/login") == "/console/login"


def _real_path(house: House, path: str) -> str:
    """With things that are there."""
    if "{receipt}" in path:
        for entry in exchange():
            house.log.add(entry)
        return path.replace("{receipt}", RECEIPT)
    if "{case}" in path:
        case = house.store.run(house.desk.open(RECEIPT, Kind.ERROR, "words", "en", graphic=False))
        if path.endswith("reopen"):
            house.store.run(house.desk.close(case.id, Decision.NO_CASE, "", "cli:t"))
        return path.replace("{case}", case.id)
    if "{suspension}" in path:
        made = house.store.run(house.suspensions.suspend(Scope.CLIENT, "ward", "a test of it", "cli:t"))
        return path.replace("{suspension}", made.id)
    if "{incident}" in path:
        told = house.store.run(house.incidents.publish("A test", "words", "", "cli:t"))
        return path.replace("{incident}", told.id)
    return path


def _sent(place: Place) -> dict[str, str] | None:
    return _fields(place) if place.method == "POST" else None


def _fields(place: Place) -> dict[str, str]:
    if place.path.endswith("/close"):
        return {"decision": "no_case"}
    if place.path.endswith("suspensions"):
        return {"scope": "model", "target": "gpt-4o", "reason": "a test of it"}
    if place.path.endswith("incidents"):
        return {"title": "A test", "words": "of the page"}
    return {}
