"""Suspension over real processes (WHO-11): a command stops a running proxy, its streams and its next answers."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from typer.testing import CliRunner

from guardrail import cli
from guardrail.policy.redress_texts import TEXTS
from guardrail.record.archive import Archive
from guardrail.record.database import Place
from guardrail.record.entry import End, Event, Outcome
from tests.journeys.test_gates import LANGUAGES, QUESTION, ROUTES, Silence, chat, code, said_by, words
from tests.journeys.test_routing import ask, client, house
from tests.support.fake_upstream import FakeUpstream, Gate, chat_answer, chat_stream, chunk, raw, stream, wait_until
from tests.support.proxy import Proxy

POLICY: dict[str, Any] = {
    "clients": [client("ward"), client("lab")],
    "gates": {"human_route": ROUTES},
    "upstreams": {"one": {"dialects": ["openai.chat", "openai.embeddings", "anthropic.messages"]}},
}
REASON = "wrong doses, canary Qz7Lumio"
EMERGENCY = "I have crushing chest pain and can't breathe."


@pytest.fixture(scope="module")
def upstream() -> Iterator[FakeUpstream]:
    with FakeUpstream(chat_answer("Drink.")) as upstream:
        yield upstream


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, upstream: FakeUpstream) -> Iterator[Proxy]:
    with house(tmp_path_factory.mktemp("suspension"), POLICY, upstream) as proxy:
        yield proxy


@pytest.fixture
def proxy(running: Proxy, upstream: FakeUpstream, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """Nothing is suspended before and after."""
    upstream.reply(chat_answer("Drink."))
    monkeypatch.setenv("GUARDRAIL_DATA_DIR", str(running.data))
    yield running
    held = [json.loads(line)["id"] for line in command("suspend", "--list", "--json").splitlines()]
    if held:
        command("resume", *held)
    wait_until(lambda: running.metric("guardrail_suspended{") == 0, 10, "nothing is suspended")


def command(*words: str) -> str:
    result = CliRunner().invoke(cli.app, list(words))
    assert result.exit_code == 0, result.output
    return result.stdout


def suspend(proxy: Proxy, scope: str, target: str = "") -> str:
    """Its id, once the proxy has heard of it."""
    named = ("--target", target) if target else ()
    made = json.loads(command("suspend", "--scope", scope, *named, "--reason", REASON, "--json"))
    wait_until(lambda: proxy.metric("guardrail_suspended{") == 1, 10, "the proxy has heard of it")
    return str(made["id"])


def head_of(proxy: Proxy, question: str) -> str:
    """What stands before the first word of the model: the notice, and the way to help for who is in danger."""
    told = words(ask(proxy, chat(question), **said_by("ward", language="en")))
    assert told.endswith("Drink.")
    return told.removesuffix("Drink.").strip()


def log(proxy: Proxy) -> list[Event | Outcome]:
    async def read() -> list[Event | Outcome]:
        async with Archive.open(Place(proxy.data)) as archive:
            return [row.entry async for row in archive.rows() if isinstance(row.entry, Event | Outcome)]

    return asyncio.run(read())


def test_nobody_is_asked_and_the_reader_is_told_the_way_to_people(proxy: Proxy, upstream: FakeUpstream) -> None:
    assert words(ask(proxy, chat(), **said_by("ward"))).endswith("Drink.")
    suspend(proxy, "all")
    with Silence(upstream):
        for language in LANGUAGES:
            told = words(ask(proxy, chat(), **said_by("ward", language=language)))
            assert TEXTS["suspended"][language] in told
            assert told.endswith(ROUTES[language])


def test_who_is_in_danger_is_shown_help_first(proxy: Proxy, upstream: FakeUpstream) -> None:
    """WHO-51."""
    help_ = head_of(proxy, EMERGENCY)
    suspend(proxy, "capability", "medical_answers")
    with Silence(upstream):
        told = words(ask(proxy, chat(EMERGENCY), **said_by("ward", language="en")))
    assert told.startswith(help_)
    assert told.removeprefix(help_).strip().startswith(TEXTS["suspended"]["en"])


def test_only_what_is_meant_is_stopped(proxy: Proxy, upstream: FakeUpstream) -> None:
    held = suspend(proxy, "client", "ward")
    assert words(ask(proxy, chat(), **said_by("lab"))).endswith("Drink.")
    vectors = {"model": "text-embedding-3-small", "input": QUESTION}
    with Silence(upstream):
        assert code(ask(proxy, vectors, "/v1/embeddings", **said_by("ward"))) == (403, "suspended", None)
    assert proxy.metric('guardrail_suspension_refusals_total{scope="client"}') >= 1
    stopped = [entry for entry in log(proxy) if isinstance(entry, Outcome) and entry.suspension == held]
    assert stopped
    command("resume", held)
    wait_until(lambda: proxy.metric("guardrail_suspended{") == 0, 10, "the proxy has heard of it")
    assert words(ask(proxy, chat(), **said_by("ward"))).endswith("Drink.")


def suspended_midway(proxy: Proxy, gate: Gate, body: Any, path: str, model: str = "") -> tuple[list[Any], str]:
    """Asks for a stream and suspends a model (without: the one asked for) in its middle: its events, the suspension."""
    head = {"content-type": "application/json", **said_by("ward", language="en")}
    request = urllib.request.Request(f"http://127.0.0.1:{proxy.port}{path}", json.dumps(body).encode(), head)
    with urllib.request.urlopen(request, timeout=20) as stream:
        assert gate.reached.wait(10)
        held = suspend(proxy, "model", model or body["model"])
        events = [line[6:] for line in stream.read().decode().splitlines() if line.startswith("data: ")]
    gate.open()
    return [json.loads(event) for event in events if event != "[DONE]"], held


def read_suspended(proxy: Proxy, gate: Gate, question: str) -> tuple[str, Any, str]:
    """Its words, its last event, the suspension."""
    events, held = suspended_midway(proxy, gate, chat(question, stream=True), "/v1/chat/completions")
    *pieces, last = events
    told = "".join(choice["delta"].get("content") or "" for piece in pieces for choice in piece.get("choices", ()))
    return told, last, held


STOPPED = f"{TEXTS['stopped']['en']} You can reach people without any AI here: {ROUTES['en']}"


def test_a_stream_that_is_under_way_ends_with_a_text_for_its_reader(proxy: Proxy, upstream: FakeUpstream) -> None:
    gate = Gate()
    upstream.reply(chat_stream("Take it twice a day. ", "Rest and drink water. " * 40, gate, "Never reached."))
    told, last, held = read_suspended(proxy, gate, QUESTION)
    assert "Take it twice a day" in told
    assert "Never reached" not in told
    assert told.endswith(STOPPED)
    assert last["error"]["code"] == "suspended"
    (outcome,) = [entry for entry in log(proxy) if isinstance(entry, Outcome) and entry.suspension == held]
    assert (outcome.end, outcome.streamed) == (End.SUSPENDED, True)


def test_a_stream_of_another_dialect_ends_in_its_own_shape(proxy: Proxy, upstream: FakeUpstream) -> None:
    def event(kind: str, **members: Any) -> bytes:
        return chunk(f"event: {kind}\ndata: {json.dumps({'type': kind, **members})}\n\n".encode())

    gate = Gate()
    usage = {"input_tokens": 1, "output_tokens": 1}
    message = {"id": "m", "type": "message", "role": "assistant", "content": [], "model": "claude-x", "usage": usage}
    said = {"type": "text_delta", "text": "Rest and drink water. " * 40}
    upstream.reply(
        raw(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n",
            event("message_start", message=message),
            event("content_block_start", index=0, content_block={"type": "text", "text": ""}),
            event("content_block_delta", index=0, delta=said),
            gate,
        )
    )
    asked = {"model": "claude-x", "max_tokens": 99, "messages": [{"role": "user", "content": QUESTION}], "stream": True}
    events, _ = suspended_midway(proxy, gate, asked, "/v1/messages")
    told = "".join(each["delta"].get("text", "") for each in events if each["type"] == "content_block_delta")
    assert "Rest and drink water" in told
    assert told.endswith(STOPPED)
    assert (events[-1]["type"], events[-1]["error"]["message"]) == ("error", "the use of this is suspended for now")


def test_who_is_in_danger_is_shown_help_though_the_model_had_said_nothing_yet(
    proxy: Proxy, upstream: FakeUpstream
) -> None:
    """WHO-51: the stream had begun, and its first frame, with which help leaves, had not come."""
    help_, gate = head_of(proxy, EMERGENCY), Gate()
    upstream.reply(stream(gate, "never"))
    told, last, _ = read_suspended(proxy, gate, EMERGENCY)
    assert told.startswith(help_)
    assert told.removeprefix(help_).strip() == STOPPED
    assert last["error"]["code"] == "suspended"


@pytest.mark.parametrize("question", [QUESTION, EMERGENCY])
def test_an_answer_that_nobody_has_begun_to_read_is_one_of_ours(
    proxy: Proxy, upstream: FakeUpstream, question: str
) -> None:
    head, gate = head_of(proxy, question), Gate()
    upstream.reply(raw(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{", gate))

    async def conversation() -> tuple[int, Any]:
        asking = asyncio.to_thread(ask, proxy, chat(question), **said_by("ward", language="en"))
        task = asyncio.create_task(asking)
        assert await asyncio.to_thread(gate.reached.wait, 10)
        await asyncio.to_thread(suspend, proxy, "upstream", "one")
        return await task

    said = words(asyncio.run(conversation()))
    gate.open()
    assert said.startswith(head)
    assert said.removeprefix(head).strip().startswith(TEXTS["suspended"]["en"])
    assert said.endswith(ROUTES["en"])


@pytest.mark.parametrize("streamed", [False, True])
def test_a_suspended_model_behind_an_alias_is_stopped_by_its_own_answer(
    proxy: Proxy, upstream: FakeUpstream, streamed: bool
) -> None:
    """Asked is an alias; which model stands behind it, only the answer tells."""
    said = "Take twice the dose. " * 40
    upstream.reply(chat_stream(said) if streamed else chat_answer(said))
    held = suspend(proxy, "model", "fake-1")
    asked = chat(QUESTION, stream=True) if streamed else chat()
    head = {"content-type": "application/json", **said_by("ward", language="en")}
    body = json.dumps({**asked, "model": "clinic-default"}).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{proxy.port}/v1/chat/completions", body, head)
    with urllib.request.urlopen(request, timeout=20) as answer:
        text = answer.read().decode()
    assert "twice the dose" not in text
    assert TEXTS["stopped" if streamed else "suspended"]["en"] in text
    (outcome,) = [entry for entry in log(proxy) if isinstance(entry, Outcome) and entry.suspension == held]
    assert (outcome.end, outcome.who.model, outcome.served) == (End.SUSPENDED, "clinic-default", "fake-1")


def test_a_model_behind_an_alias_that_is_suspended_midway_ends_its_stream(proxy: Proxy, upstream: FakeUpstream) -> None:
    gate = Gate()
    upstream.reply(chat_stream("Rest and drink water. " * 40, gate, "Never reached."))
    body = {**chat(QUESTION, stream=True), "model": "clinic-default"}
    events, _ = suspended_midway(proxy, gate, body, "/v1/chat/completions", "fake-1")
    assert events[-1]["error"]["code"] == "suspended"


def test_the_log_has_who_and_not_why(proxy: Proxy) -> None:
    held = suspend(proxy, "all")
    command("resume", held)
    events = [entry for entry in log(proxy) if isinstance(entry, Event) and entry.facts.get("id") == held]
    assert [str(event.what) for event in events] == ["suspended", "resumed"]
    assert all(str(event.actor).startswith("cli:") for event in events)
    assert b"Qz7Lumio" not in proxy.log + proxy.metrics().encode()
    assert not any("Qz7Lumio" in repr(entry) for entry in log(proxy))
