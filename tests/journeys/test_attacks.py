"""What somebody does to a running guardrail who means it no good: attacks that once went through."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from typer.testing import CliRunner

from guardrail import cli
from tests.journeys.test_routing import ask, client, house, token
from tests.support.fake_upstream import FakeUpstream, Gate, chat_answer, chat_stream, wait_until
from tests.support.proxy import Proxy

HELLO: dict[str, Any] = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hello."}]}
MANY_NUMBERS = {f"n{number}": {"type": "integer", "minimum": number} for number in range(100)}
TOOLS = [
    {"type": "function", "function": {"name": f"t{n}", "parameters": {"type": "object", "properties": MANY_NUMBERS}}}
    for n in range(120)
]
"""More than half a megabyte, and hardly a word in it."""
WARD = {"x-guardrail-token": token("ward")}


@pytest.fixture(scope="module")
def upstream() -> Iterator[FakeUpstream]:
    with FakeUpstream(chat_answer("Drink.")) as upstream:
        yield upstream


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, upstream: FakeUpstream) -> Iterator[Proxy]:
    with house(tmp_path_factory.mktemp("attacks"), {"clients": [client("ward")]}, upstream) as proxy:
        yield proxy


@pytest.fixture
def proxy(running: Proxy, upstream: FakeUpstream, monkeypatch: pytest.MonkeyPatch) -> Proxy:
    upstream.reply(chat_answer("Drink."))
    monkeypatch.setenv("GUARDRAIL_DATA_DIR", str(running.data))
    return running


def command(*words: str) -> Any:
    result = CliRunner().invoke(cli.app, [*words, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def answered(proxy: Proxy) -> str:
    """The receipt of an answer."""
    body, head = json.dumps(HELLO).encode(), {"content-type": "application/json", **WARD}
    asked = urllib.request.Request(f"{proxy.url}/chat/completions", body, head)
    with urllib.request.urlopen(asked, timeout=20) as reply:
        return str(reply.headers["x-guardrail-receipt"])


def report(proxy: Proxy, receipt: str) -> tuple[int, Any]:
    return ask(proxy, {"receipt": receipt, "kind": "harm", "words": "Wrong."}, "/guardrail/feedback", **WARD)


def test_harm_can_be_reported_while_large_requests_are_under_way(proxy: Proxy, upstream: FakeUpstream) -> None:
    """WHO-61: one long answer to one large request kept everybody's reports out."""
    receipt, gate = answered(proxy), Gate()
    upstream.reply(chat_stream("Rest ", gate, "and drink."))
    body = json.dumps({**HELLO, "tools": TOOLS, "stream": True}).encode()
    assert len(body) > 512 * 1024
    head = {"content-type": "application/json", **WARD}
    with urllib.request.urlopen(
        urllib.request.Request(f"{proxy.url}/chat/completions", body, head), timeout=30
    ) as long:
        assert gate.reached.wait(20)
        assert report(proxy, receipt)[0] == 202
        gate.open()
        assert b"[DONE]" in long.read()


def test_no_spelling_of_its_name_gets_round_the_suspension_of_a_model(proxy: Proxy, upstream: FakeUpstream) -> None:
    """WHO-11: providers read names more generously than we do."""
    made = command("suspend", "--scope", "model", "--target", "gpt-4o", "--reason", "wrong doses")
    wait_until(lambda: proxy.metric("guardrail_suspended{") == 1, 10, "the proxy has heard of it")
    before = len(upstream.requests)
    for name in ("gpt-4o ", "\tgpt-4o", "gpt-4o\u200b", "gpt-4o/", "\uff47pt-4o", "gpt-4o\x00"):
        ask(proxy, {**HELLO, "model": name}, **WARD)
    for others in ({"models": ["llama", "openai/gpt-4o"]}, {"fallbacks": ["gpt-4o"]}):
        ask(proxy, {**HELLO, "model": "gpt-4.1", **others}, **WARD)
    assert len(upstream.requests) == before
    assert ask(proxy, {**HELLO, "model": "gpt-4.1"}, **WARD)[0] == 200
    assert len(upstream.requests) == before + 1
    CliRunner().invoke(cli.app, ["resume", made["id"]])
    wait_until(lambda: proxy.metric("guardrail_suspended{") == 0, 10, "the proxy has heard of it")


def test_nobody_is_told_that_a_report_is_kept_where_nobody_will_find_it(proxy: Proxy) -> None:
    """The database is taken away under the process: SQLite goes on writing to a file without a name."""
    receipt, file = answered(proxy), proxy.data / "audit.db"
    away = proxy.data.parent / "away.db"
    file.rename(away)
    try:
        status, said = report(proxy, receipt)
    finally:
        away.rename(file)
    assert (status, said["error"]["code"]) == (503, "audit_unavailable")
    assert str(proxy.data) not in json.dumps(said)
    wait_until(lambda: report(proxy, receipt)[0] == 202, 20, "it goes on by itself")
