"""`POST /guardrail/feedback` on a running proxy (WHO-61): from a receipt to a case, and whatever else is sent."""

from __future__ import annotations

import http.client
import json
from typing import Any

import pytest
from typer.testing import CliRunner

from guardrail import cli
from guardrail.policy.redress_texts import TEXTS
from tests.support.fake_upstream import FakeUpstream
from tests.support.proxy import Proxy, leaked

QUESTION = {"model": "gpt-4o", "messages": [{"role": "user", "content": "How much water should I drink a day?"}]}
WORDS = "It told my mother Margaret Thornhill to double the dose. Canary Qz7Lumio."
JSON = "application/json"


def send(
    proxy: Proxy, body: bytes, path: str = "/guardrail/feedback", method: str = "POST", kind: str = JSON
) -> tuple[int, http.client.HTTPMessage, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=20)
    try:
        connection.request(method, path, body, {"content-type": kind})
        reply = connection.getresponse()
        return reply.status, reply.headers, json.loads(reply.read())
    finally:
        connection.close()


def answered(proxy: Proxy) -> str:
    """The receipt of an answer."""
    status, headers, _ = send(proxy, json.dumps(QUESTION).encode(), "/v1/chat/completions")
    assert status == 200
    return str(headers["x-guardrail-receipt"])


def report(receipt: str, **members: Any) -> bytes:
    return json.dumps({"receipt": receipt, "kind": "harm", **members}).encode()


def test_a_report_becomes_a_case_that_people_can_read(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = answered(proxy)
    status, _, told = send(proxy, report(receipt, words=WORDS, language="fr"))
    assert status == 202
    assert told["message"] == TEXTS["received"]["fr"]
    assert "help" not in told
    monkeypatch.setenv("GUARDRAIL_DATA_DIR", str(proxy.data))
    shown = CliRunner().invoke(cli.app, ["case", "show", told["case"], "--reveal", "--json"])
    case = json.loads(shown.stdout)
    assert (case["receipt"], case["kind"], case["state"], case["graphic"]) == (receipt, "harm", "open", False)
    assert "to double the dose" in case["words"]
    assert "Thornhill" not in case["words"]
    assert not leaked("Qz7Lumio", proxy.written, proxy.log, proxy.metrics().encode())
    assert proxy.metric('guardrail_cases_total{kind="harm",outcome="opened"}') >= 1


def test_who_writes_of_danger_is_shown_where_help_is(proxy: Proxy) -> None:
    told = send(proxy, report(answered(proxy), words="I want to kill myself because of it.", language="en"))[2]
    assert "emergency" in told["help"]


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"{}", JSON, 400, "bad_feedback"),
        (report("f" * 32), JSON, 404, "unknown_receipt"),
        (report("<script>"), JSON, 400, "bad_receipt"),
        (report("f" * 32, words="\x00"), JSON, 400, "bad_feedback"),
        (report("f" * 32), "text/plain", 415, "unsupported_media_type"),
        (b"receipt=f", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (report("f" * 32, words="<script>" * 8_193), JSON, 413, "payload_too_large"),
    ],
)
def test_what_is_wrong_is_refused_and_quoted_by_nobody(
    proxy: Proxy, body: bytes, kind: str, status: int, code: str
) -> None:
    got, _, told = send(proxy, body, kind=kind)
    assert (got, told["error"]["code"]) == (status, code)
    assert "script" not in json.dumps(told)


def test_ten_megabytes_are_not_read(proxy: Proxy, upstream: FakeUpstream) -> None:
    """Announced or not: the connection is refused, and the proxy goes on."""
    head = b"POST /guardrail/feedback HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
    for announced in (
        b"content-length: 10485760\r\n\r\n",
        b"transfer-encoding: chunked\r\n\r\n11000\r\n" + b"x" * 0x11000,
    ):
        connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=20)
        connection.connect()
        connection.sock.sendall(head + announced)
        reply = http.client.HTTPResponse(connection.sock)
        reply.begin()
        assert reply.status == 413
        connection.close()
    assert answered(proxy)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_it_takes_reports_and_nothing_else(proxy: Proxy, method: str) -> None:
    assert send(proxy, b"", method=method)[0] == 405


def test_the_feed_of_incidents_is_there_for_everybody(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUARDRAIL_DATA_DIR", str(proxy.data))
    made = CliRunner().invoke(
        cli.app, ["incident", "publish", "--title", "Wrong doses", "--words", "Ask again.", "--checked", "--json"]
    )
    assert made.exit_code == 0, made.output
    status, headers, feed = send(proxy, b"", "/guardrail/incidents.json", "GET")
    assert (status, headers["content-type"]) == (200, "application/feed+json")
    assert json.loads(made.stdout)["incident"] in [item["id"] for item in feed["items"]]
