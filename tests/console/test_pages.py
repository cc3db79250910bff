"""What the pages show and do, from end to end; words of strangers stay words (SEC-11, WHO-11, 61, 90)."""

from __future__ import annotations

import json
from html import unescape
from html.parser import HTMLParser

import pytest

from guardrail.console import pages
from guardrail.console.receipt_words import EVENTS
from guardrail.errors import AuditUnavailable
from guardrail.proofs import Checkpoint
from guardrail.record import entry
from guardrail.record.entry import Code, Event
from guardrail.redress import Kind
from guardrail.suspension import Scope
from tests.console.house import AUDITOR, OFFICER, OPS, RECEIPT, Browser, House, exchange
from tests.console.outline import check_outline

SCRIPT = "<script>alert('Qz7')</script>\"'><img src=x onerror=alert(1)> {{ 7*7 }} {% raw %} &lt;"
WORDS = "My mother was given the wrong dose. Canary Lumio7."


class Tags(HTMLParser):
    """Everything that is markup, and whatever is in a page that may not be there."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    @property
    def harmful(self) -> list[str]:
        found = [
            tag for tag, _ in self.tags if tag in ("script", "img", "iframe", "object", "embed", "svg", "base", "link")
        ]
        for _, attributes in self.tags:
            found += [name for name in attributes if name.startswith("on") or name == "style"]
            found += [
                each for each in attributes.values() if each and each.lower().startswith(("javascript:", "data:"))
            ]
        return found


def of(house: House, token: str) -> Browser:
    browser = house.browser()
    assert browser.login(token).status_code == 303
    return browser


@pytest.mark.case("SEC-11")
def test_words_of_strangers_are_words_on_every_page(house: House) -> None:
    run = house.store.run
    case = run(house.desk.open(RECEIPT, Kind.HARM, SCRIPT, "en", graphic=False))
    run(house.suspensions.suspend(Scope.ALL, "", SCRIPT, "cli:ann"))
    for each in exchange():
        house.log.add(each)
    run(house.incidents.publish(SCRIPT, SCRIPT, "", "cli:ann"))
    house.checkpoints = [Checkpoint("ab12cd34.0", 7, 1_790_000_000_000_000, SCRIPT)]
    browser = of(house, OFFICER)
    paths = ["/console", "/console/receipts", "/console/suspensions", "/console/cases", f"/console/cases/{case.id}"]
    paths += ["/console/incidents", "/console/audit", f"/guardrail/receipts/{RECEIPT}"]
    answers = [browser.ask("GET", path) for path in paths]
    answers.append(browser.post(f"/console/cases/{case.id}/show"))
    for path, answer in zip([*paths, "show"], answers, strict=True):
        assert answer.status_code == 200, path
        assert Tags(answer.text).harmful == [], path
        check_outline(answer.text)
    for path in ("/console", "/console/suspensions", "/console/incidents", "/console/audit", "show"):
        text = answers[[*paths, "show"].index(path)].text
        assert "&lt;script&gt;alert(&#39;Qz7&#39;)&lt;/script&gt;" in text, f"{path} shows what it should, as words"
        assert "{{ 7*7 }}" in text


def test_a_template_that_lacks_a_value_fails_rather_than_showing_less() -> None:
    with pytest.raises(Exception, match="undefined"):
        pages.render("error", message="x")


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("text/html", True),
        ("application/json", False),
        ("*/*", False),
        ("", False),
        ("text/html;q=0.5, application/json", False),
        ("text/html;q=0", False),
        ("text/html;q=nonsense", False),
        ("a" * 5_000, False),
    ],
)
def test_browsers_get_pages_and_programs_get_json(accept: str, page: bool) -> None:
    assert pages.wants_page(accept) is page


def test_every_event_has_words() -> None:
    assert set(EVENTS) == set(entry.EVENTS)


def test_the_pages_outside_can_be_followed_by_a_screen_reader(house: House) -> None:
    browser = house.browser()
    for answer in (browser.ask("GET", "/console/login"), browser.login("wrong"), browser.ask("GET", "/nothing")):
        check_outline(answer.text)


# ── status ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_status_says_what_there_is(house: House) -> None:
    house.store.run(house.desk.open(RECEIPT, Kind.ERROR, WORDS, "en", graphic=False))
    house.store.run(house.suspensions.suspend(Scope.MODEL, "gpt-4o*", "wrong doses", "cli:ann"))
    said = house.api("GET", "/console", AUDITOR).json()
    assert (said["ready"], said["in_flight"], said["workers"], said["audit"]) == (True, 3, 2, True)
    assert said["policy"]["sha256"] == house.policy.sha256
    assert said["cases"] == {"open": 1, "overdue": 0}
    assert [(each["scope"], each["target"]) for each in said["suspended"]] == [("model", "gpt-4o*")]
    assert [each["what"] for each in said["events"]] == ["suspended", "case_opened"]
    page = of(house, AUDITOR).ask("GET", "/console").text
    for words in ("wrong doses", "A case was opened.", house.policy.sha256, "Exchanges under way"):
        assert words in page
    assert "Lumio7" not in page


def test_a_store_that_can_not_be_read_does_not_hide_the_rest(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object, **__: object) -> None:
        raise AuditUnavailable("the store is away")

    browser = of(house, OPS)
    for desk, name in ((house.suspensions, "holding"), (house.desk, "counts"), (house.log, "latest_lines")):
        monkeypatch.setattr(desk, name, away)
    page = browser.ask("GET", "/console")
    assert page.status_code == 200
    assert unescape(page.text).count("can't be read") == 3


# ── suspensions ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_suspension_by_button_and_its_end(house: House) -> None:
    browser = of(house, OPS)
    fields = {"scope": "model", "target": "gpt-4o*", "reason": "wrong doses", "hours": "2"}
    assert browser.post("/console/suspensions", **fields).headers["location"] == "/console/suspensions"
    (made,) = house.store.run(house.suspensions.holding())
    assert (made.scope, made.target, made.reason, made.actor) == (
        Scope.MODEL,
        "gpt-4o*",
        "wrong doses",
        "admin:the-ops",
    )
    assert made.until == made.since + 2 * 3_600_000_000
    assert "Resume model gpt-4o*" in browser.ask("GET", "/console/suspensions").text
    house.clock.now += 1
    assert browser.post(f"/console/suspensions/{made.id}/resume").status_code == 303
    assert house.store.run(house.suspensions.holding()) == []
    assert browser.post(f"/console/suspensions/{made.id}/resume").status_code == 404
    assert house.log.whats == ["login", "suspended", "resumed"]
    assert b"wrong doses" not in house.log.bytes
    assert "Earlier" in browser.ask("GET", "/console/suspensions").text


def test_a_suspension_by_program(house: House) -> None:
    sent = {"scope": "all", "reason": "a drill", "until": "2030-01-01T00:00:00Z"}
    made = house.api("POST", "/guardrail/suspensions", OPS, json=sent).json()["suspension"]
    assert (made["scope"], made["target"], made["until"]) == ("all", None, "2030-01-01 00:00:00 UTC")
    assert [each["id"] for each in house.api("GET", "/guardrail/suspensions", AUDITOR).json()["holding"]] == [
        made["id"]
    ]
    ended = house.api("POST", f"/guardrail/suspensions/{made['id']}/resume", OPS, json={})
    assert ended.json()["suspension"]["ended_by"] == "admin:the-ops"


@pytest.mark.parametrize("scope", ["client", "upstream"])
def test_a_name_that_the_policy_does_not_know_is_refused(house: House, scope: str) -> None:
    """WHO-11: who misspells it in a hurry has to hear that nothing was stopped."""
    sent = {"scope": scope, "target": "wrad", "reason": "wrong doses"}
    refused = house.api("POST", "/guardrail/suspensions", OPS, json=sent)
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "target")
    assert house.store.run(house.suspensions.holding()) == []


def test_who_may_not_suspend_sees_no_form(house: House) -> None:
    house.store.run(house.suspensions.suspend(Scope.ALL, "", "a drill", "cli:ann"))
    page = of(house, AUDITOR).ask("GET", "/console/suspensions").text
    assert "a drill" in page
    assert 'action="/console/suspensions' not in page


# ── cases ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_case_from_the_queue_to_its_end(house: House) -> None:
    case = house.store.run(house.desk.open(RECEIPT, Kind.HARM, WORDS, "en", graphic=True))
    officer = of(house, OFFICER)
    for path in ("/console/cases", f"/console/cases/{case.id}"):
        page = officer.ask("GET", path).text
        assert case.id in page
        assert "Lumio7" not in page
    assert "case_read" not in house.log.whats
    shown = officer.post(f"/console/cases/{case.id}/show")
    assert "Canary Lumio7" in shown.text
    assert house.log.whats[-1] == "case_read"
    assert house.log.events[-1].actor == "admin:the-privacy-officer"
    assert officer.post(f"/console/cases/{case.id}/assign").status_code == 303
    assert "admin:the-privacy-officer" in officer.ask("GET", "/console/cases").text
    settled = officer.post(f"/console/cases/{case.id}/close", decision="upheld", note="The dose was wrong.")
    assert settled.headers["location"] == f"/console/cases/{case.id}"
    assert officer.post(f"/console/cases/{case.id}/close", decision="upheld").status_code == 409
    assert case.id in officer.ask("GET", "/console/cases?closed=1").text
    assert case.id not in officer.ask("GET", "/console/cases").text
    assert "The dose was wrong." in officer.post(f"/console/cases/{case.id}/show").text
    assert officer.post(f"/console/cases/{case.id}/reopen").status_code == 303
    assert house.log.whats[-5:] == ["case_read", "case_assigned", "case_closed", "case_read", "case_reopened"]
    assert b"Lumio7" not in house.log.bytes
    assert b"The dose" not in house.log.bytes


def test_an_auditor_sees_the_queue_and_no_words(house: House) -> None:
    case = house.store.run(house.desk.open(RECEIPT, Kind.HARM, WORDS, "en", graphic=False))
    auditor = of(house, AUDITOR)
    page = auditor.ask("GET", f"/console/cases/{case.id}").text
    assert "A privacy officer can uncover it" in page
    assert "<form method" not in page.replace('<form method="post" action="/console/logout">', "")
    assert auditor.post(f"/console/cases/{case.id}/show").status_code == 403
    assert house.log.whats[-1] == "admin_refused"


@pytest.mark.parametrize("path", ["/console/cases/nothing", "/console/cases/00000-00000"])
def test_a_case_that_is_not_there(house: House, path: str) -> None:
    assert house.api("GET", path, OFFICER).status_code == 404
    assert house.api("GET", path + "x" * 300, OFFICER).status_code == 404


def test_a_case_can_not_be_read_while_that_can_not_be_recorded(house: House) -> None:
    case = house.store.run(house.desk.open(RECEIPT, Kind.HARM, WORDS, "en", graphic=False))
    officer = of(house, OFFICER)
    token = officer.form_token()
    house.log.broken = True
    answer = officer.ask("POST", f"/console/cases/{case.id}/show", data={"csrf": token})
    assert answer.status_code == 503
    assert "Lumio7" not in answer.text


# ── receipts, incidents, audit ────────────────────────────────────────────────────────────────────────────────────


def test_a_receipt_by_page_and_by_program(house: House) -> None:
    for each in exchange():
        house.log.add(each)
    browser = of(house, AUDITOR)
    page = browser.ask("GET", f"/guardrail/receipts/{RECEIPT}")
    for words in (
        "gpt-4.1-mini",
        "names",
        "replaced by a placeholder",
        "WHO-07",
        "ward-chat",
        "This text was generated",
    ):
        assert words in page.text
    said = house.api("GET", f"/guardrail/receipts/{RECEIPT}", AUDITOR).json()
    assert said["receipt"] == RECEIPT
    assert said["outcome"]["texts"][0]["text"].startswith("This text was generated by a machine")
    read = [event for event in house.log.events if event.what == "receipt_read"]
    assert [(event.actor, event.receipt) for event in read] == [("admin:the-auditor", RECEIPT)] * 2


def test_a_receipt_that_nobody_knows_and_one_that_is_none(house: House) -> None:
    answer = house.api("GET", f"/guardrail/receipts/{'f' * 32}", AUDITOR)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "unknown_receipt")
    for text in ("x", RECEIPT[:-1], RECEIPT + "0", "g" * 32):
        answer = house.api("GET", f"/guardrail/receipts/{text}", AUDITOR)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_receipt")
        assert text not in answer.json()["error"]["message"]
    assert house.log.whats == []


def test_the_letter_of_a_receipt(house: House) -> None:
    for each in exchange():
        house.log.add(each)
    page = of(house, OFFICER).ask("GET", f"/guardrail/receipts/{RECEIPT}/insert?language=de").text
    assert "Bei Ihrer Behandlung wurde künstliche Intelligenz verwendet" in page
    assert "draft" in page
    assert house.api("GET", f"/guardrail/receipts/{RECEIPT}/insert?language=xx", OFFICER).status_code == 400


def test_the_audit_page_shows_heads_and_the_last_verification(house: House) -> None:
    house.checkpoints = [Checkpoint("ab12cd34.0", 1_234, 1_790_000_000_000_000, "guardrail.example/ab12\n1234\n")]
    house.log.add(Event(Code("verified"), Code("cli:ann"), facts={"entries": 1_234, "ok": True}))
    said = house.api("GET", "/console/audit", AUDITOR).json()
    assert said["checkpoints"][0]["size"] == 1_234
    assert said["verified"][0]["facts"] == {"entries": 1_234, "ok": True}
    assert "Not of late" not in of(house, OPS).ask("GET", "/console/audit").text


@pytest.mark.parametrize("body", ["{", "[]", "", "null", "\udcff"])
def test_an_entry_that_is_damaged_is_shown_as_that_and_hides_no_other(house: House, body: str) -> None:
    """Who changes one entry in the store takes the page from nobody, on which it would be seen."""
    for number in range(3):
        house.log.add(Event(Code("verified"), Code("cli:ann"), facts={"entries": number, "ok": True}))
    house.log.damaged[1] = body
    said = house.api("GET", "/console/audit", AUDITOR).json()
    assert [each["facts"].get("entries") for each in said["verified"]] == [2, 0]
    assert [each["what"] for each in said["events"]] == ["verified", "unreadable", "verified"]
    assert said["events"][1]["facts"] == {"writer": "ab12cd34.0", "entry": 1}
    for path in ("/console/audit", "/console"):
        page = of(house, OPS).ask("GET", path).text
        assert page.count("an entry that can&#39;t be read: it was damaged or changed") == 1


def test_programs_get_the_same_as_pages(house: House) -> None:
    for path in ("/console", "/console/cases", "/console/incidents", "/console/audit", "/console/suspensions"):
        assert json.loads(house.api("GET", path, AUDITOR).text) is not None


# ── incidents ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_incident_is_published_and_withdrawn_on_the_page(house: House) -> None:
    """WHO-10: about the answers of one case, by whoever sees to cases."""
    for each in exchange():
        house.log.add(each)
    case = house.store.run(house.desk.open(RECEIPT, Kind.HARM, WORDS, "en", graphic=False))
    browser = of(house, OFFICER)
    told = {"title": "Doses were wrong", "words": "Check every dose of last week.", "about": case.id}
    assert browser.post("/console/incidents", **told).headers["location"] == "/console/incidents"
    (made,) = house.store.run(house.incidents.published())
    assert (made.title, made.words, made.receipts) == (told["title"], told["words"], 1)
    page = browser.ask("GET", "/console/incidents").text
    check_outline(page)
    assert "Doses were wrong" in page
    assert browser.post(f"/console/incidents/{made.id}/withdraw").status_code == 303
    assert browser.post(f"/console/incidents/{made.id}/withdraw").status_code == 409
    assert house.store.run(house.incidents.published()) == []
    assert house.log.whats[-2:] == ["incident_published", "incident_withdrawn"]
    assert {event.actor for event in house.log.events[-2:]} == {"admin:the-privacy-officer"}


def test_what_may_be_a_persons_data_is_not_published_unseen(house: House) -> None:
    browser = of(house, OFFICER)
    told = {"title": "A wrong dose", "words": "It was given to Erika Musterfrau."}
    answer = browser.post("/console/incidents", **told)
    assert answer.status_code == 409
    check_outline(answer.text)
    assert "NAME" in answer.text
    assert "Erika Musterfrau" in answer.text, "what was written is not lost"
    assert house.store.run(house.incidents.all()) == []
    assert browser.post("/console/incidents", **told, checked="yes").status_code == 303
    assert len(house.store.run(house.incidents.published())) == 1


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"title": "x"}, "title"),
        ({"words": "\x00 no"}, "words"),
        ({"about": "nonsense"}, ""),
        ({"about": "a" * 32}, ""),
    ],
)
def test_an_incident_that_can_not_be_told_is_refused_by_its_field(
    house: House, fields: dict[str, str], param: str
) -> None:
    told = {"title": "A wrong dose", "words": "Check it.", **fields}
    answer = of(house, OFFICER).post("/console/incidents", **told)
    assert answer.status_code == (400 if param else 404)
    assert param in answer.text
    assert house.store.run(house.incidents.all()) == []
