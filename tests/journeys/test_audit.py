"""The record of what really happened: there before the provider is asked, there before the answer ends, true, and
empty of words. Read as an auditor would, straight from the database."""

from __future__ import annotations

import json
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

import pytest

from guardrail.record.entry import End, Entry, Event, Intent, Kind, Outcome, from_json
from guardrail.text import Action, Risk
from tests.dialects.sdk_types import CANARY
from tests.support.fake_upstream import (
    FakeUpstream,
    Gate,
    Received,
    answer,
    chat_answer,
    chat_stream,
    wait_until,
)
from tests.support.proxy import Proxy, leaked

HELLO = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hello."}]}
CRISIS = {"model": "gpt-4o", "messages": [{"role": "user", "content": "I want to kill myself tonight."}]}


def post(
    proxy: Proxy, body: object, path: str = "/v1/chat/completions", **headers: str
) -> tuple[int, Mapping[str, str], bytes]:
    """Status, headers and body of the answer."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(
        f"http://127.0.0.1:{proxy.port}{path}", data, {"Content-Type": "application/json", **named}
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply.status, {k.lower(): v for k, v in reply.headers.items()}, reply.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


def entries(proxy: Proxy, receipt: str) -> list[Entry]:
    """What the log holds of one receipt now, in its order."""
    with closing(sqlite3.connect(f"file:{proxy.data / 'audit.db'}?mode=ro", uri=True)) as database:
        rows = database.execute("select kind, body from entries where receipt = ? order by seq", (receipt,)).fetchall()
    return [from_json(Kind(kind), body) for kind, body in rows]


def outcome(proxy: Proxy, receipt: str) -> Outcome:
    """The one outcome of a receipt."""
    [found] = [entry for entry in entries(proxy, receipt) if isinstance(entry, Outcome)]
    return found


@contextmanager
def locked(proxy: Proxy) -> Iterator[None]:
    """Somebody else holds the database."""
    with closing(sqlite3.connect(proxy.data / "audit.db", isolation_level=None)) as database:
        database.execute("begin exclusive")
        try:
            yield
        finally:
            database.execute("rollback")


def test_the_intent_is_there_before_the_provider_hears_anything_and_the_outcome_before_the_answer_ends(
    proxy: Proxy, upstream: FakeUpstream
) -> None:
    """I2 of reliability.md: whoever saw a byte of an answer finds its record."""
    at_upstream: list[int] = []

    def look(request: Received) -> Any:
        with closing(sqlite3.connect(f"file:{proxy.data / 'audit.db'}?mode=ro", uri=True)) as database:
            rows = database.execute("select kind from entries order by at desc, seq desc limit 1").fetchall()
        at_upstream.extend(row[0] == "intent" for row in rows)
        return chat_answer("Yes.")

    upstream.reply(look)
    _, headers, _ = post(proxy, HELLO)
    found = entries(proxy, headers["x-guardrail-receipt"])  # at once: nothing is waited for

    assert at_upstream == [True]
    assert [type(each) for each in found] == [Intent, Outcome]


def test_an_outcome_tells_what_was_done_and_to_whom(proxy: Proxy, upstream: FakeUpstream) -> None:
    """WHO-60, WHO-65: rails, labels, actions, places, groups, texts shown; no word of anybody."""
    upstream.reply(chat_answer("I think Maria Delgado should rest."))
    question = f"I am Maria Delgado, MRN {CANARY}. Can I take ibuprofen with lisinopril?"
    body = {"model": "gpt-4o", "messages": [{"role": "user", "content": question}]}
    status, headers, _ = post(
        proxy, body, X_Guardrail_Age_Band="40-64", X_Guardrail_Sex="female", X_Guardrail_Subject="p-7731.x"
    )
    told = outcome(proxy, headers["x-guardrail-receipt"])

    assert (status, told.status, told.end, told.action) == (200, 200, End.ANSWERED, Action.REPLACE)
    assert told.who.cohort["age_band"] == "40-64"
    assert told.who.cohort["sex"] == "female"
    assert (told.who.client, told.who.dialect, told.who.model) == ("anonymous", "openai.chat", "gpt-4o")
    assert told.who.subject not in ("none", "p-7731.x")
    assert told.asked.medical
    assert told.asked.risk in (Risk.GENERAL, Risk.HIGH)
    assert {shown.kind for shown in told.shown} == {"notice", "warning"}
    assert all(len(shown.sha256) == 64 for shown in told.shown)
    [name] = [place for place in told.places if place.label == "NAME" and place.direction == "request"]
    assert question[name.start : name.end] == "Maria Delgado"
    assert {(f.rail, f.action) for f in told.found} >= {("phi", Action.REPLACE), ("persona", Action.REPLACE)}
    assert told.policy.name == "baseline"
    assert 0 < told.timings.added <= told.timings.total
    assert not leaked(CANARY, proxy.written)
    assert b"Delgado" not in proxy.written
    assert b"p-7731" not in proxy.written


@pytest.mark.case("AUD-08")
@pytest.mark.parametrize(
    ("body", "path", "headers", "status", "failure"),
    [
        (HELLO, "/v1/nothing", {}, 404, "unknown_route"),
        (b'{"model": "gpt-4o", "messages": [', "/v1/chat/completions", {}, 400, "invalid_json"),
        (HELLO, "/v1/chat/completions", {"Content_Type": "text/plain"}, 415, "unsupported_media_type"),
        (HELLO, "/v1/chat/completions", {"X_Guardrail_Claims": "a.b.c"}, 400, "bad_claims"),
    ],
    ids=["path", "json", "type", "claims"],
)
def test_who_is_turned_away_is_recorded_too(
    proxy: Proxy, body: object, path: str, headers: Mapping[str, str], status: int, failure: str
) -> None:
    """AUD-08: exactly one record for each, whatever was wrong."""
    got, answered, _ = post(proxy, body, path, **headers)
    told = outcome(proxy, answered["x-guardrail-receipt"])
    assert (got, told.status, told.failure, told.end) == (status, status, failure, End.REFUSED)


def test_an_error_of_the_provider_is_a_failure(proxy: Proxy, upstream: FakeUpstream) -> None:
    upstream.reply(answer({"error": {"message": f"no {CANARY}"}}, 429))
    status, headers, _ = post(proxy, HELLO)
    told = outcome(proxy, headers["x-guardrail-receipt"])
    assert (status, told.status, told.end) == (429, 429, End.FAILED)


def test_a_stream_that_breaks_off_is_told_as_one(proxy: Proxy, upstream: FakeUpstream) -> None:
    """SSE-04: truncated, and so it says."""
    upstream.reply(chat_stream("Rest and ", end="close"))
    _, headers, body = post(proxy, {**HELLO, "stream": True})
    told = outcome(proxy, headers["x-guardrail-receipt"])
    assert (told.end, told.failure, told.streamed) == (End.TRUNCATED, "truncated", True)
    assert b"error" in body


def test_a_streams_record_is_there_when_its_last_event_is(proxy: Proxy, upstream: FakeUpstream) -> None:
    upstream.reply(chat_stream("Rest ", "and drink."))
    request = urllib.request.Request(
        f"{proxy.url}/chat/completions",
        json.dumps({**HELLO, "stream": True}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as reply:
        receipt, seen = reply.headers["x-guardrail-receipt"], b""
        while b"[DONE]" not in seen:
            seen += reply.readline()
        told = outcome(proxy, receipt)
    assert (told.end, told.streamed, told.status) == (End.ANSWERED, True, 200)
    assert told.answer_bytes == len(seen) + len(b"\n")


@pytest.mark.case("AUD-02")
def test_while_the_log_can_not_be_written_nobody_is_asked_and_then_all_goes_on(
    proxy: Proxy, upstream: FakeUpstream
) -> None:
    """AUD-02: fail closed; the way to help is shown all the same (WHO-51); by itself back to work, nothing lost."""
    before = len(upstream.requests)
    with locked(proxy):
        status, headers, body = post(proxy, HELLO)
        helped, crisis, _ = post(proxy, CRISIS)
        asked = len(upstream.requests) - before
    assert (status, json.loads(body)["error"]["code"], headers["retry-after"]) == (503, "audit_unavailable", "1")
    assert (helped, asked) == (200, 0)
    assert crisis["x-guardrail-notices"].startswith("self_harm")

    wait_until(lambda: post(proxy, HELLO)[0] == 200, 10, "it is back by itself")
    told = entries(proxy, headers["x-guardrail-receipt"])
    assert [each.failure for each in told if isinstance(each, Outcome)] == ["audit_unavailable"]
    assert [each.end for each in entries(proxy, crisis["x-guardrail-receipt"]) if isinstance(each, Outcome)] == [
        End.OWN_ANSWER
    ]


def test_a_log_that_fails_in_the_middle_of_an_answer_keeps_its_end(proxy: Proxy, upstream: FakeUpstream) -> None:
    """Nobody takes an answer for complete whose record is not."""
    gate = Gate()
    upstream.reply(chat_stream("Rest and drink. ", gate, "Sleep."))
    request = urllib.request.Request(
        f"{proxy.url}/chat/completions",
        json.dumps({**HELLO, "stream": True}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as reply:
        receipt = reply.headers["x-guardrail-receipt"]
        assert gate.reached.wait(10)
        with locked(proxy):
            gate.open()
            body = reply.read()
    assert b"[DONE]" not in body
    assert b"audit_unavailable" in body
    wait_until(lambda: len(entries(proxy, receipt)) == 3, 10, "what was taken is written")
    assert [type(each) for each in entries(proxy, receipt)] == [Intent, Outcome, Event]


@pytest.mark.case("AUD-08")
def test_there_are_as_many_records_as_exchanges_were_counted(proxy: Proxy, upstream: FakeUpstream) -> None:
    """I2: the metric and the log agree, over whatever has gone through this proxy."""
    post(proxy, HELLO)
    wait_until(lambda: proxy.metric("guardrail_exchanges_in_flight ") == 0, 10, "nothing is under way")

    def both() -> bool:
        with closing(sqlite3.connect(f"file:{proxy.data / 'audit.db'}?mode=ro", uri=True)) as database:
            [(count,)] = database.execute("select count(*) from entries where kind = 'outcome'").fetchall()
        return bool(count == proxy.metric("guardrail_exchanges_total{"))

    wait_until(both, 10, "as many outcomes as exchanges")
