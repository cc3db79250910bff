"""The guardrail inside a program's HTTP client: the SDKs, with both libraries, and the upstream as the leak oracle."""

from __future__ import annotations

import asyncio
import gc
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import anthropic
import httpx
import httpx2
import openai
import pytest
import yaml
from anthropic import AsyncAnthropic
from openai import AsyncOpenAI, OpenAI

from guardrail.build import read_policy
from guardrail.errors import PolicyError
from guardrail.exchange import Exchange
from guardrail.httpx_transport import GuardrailSyncTransport, GuardrailTransport
from tests.support.fake_upstream import HANG, FakeUpstream, Gate, answer, chat_answer, chat_stream, raw
from tests.support.proxy import leaked

CANARY = "ZQ123456789012"
QUESTION = f"My name is Maria Delgado, record number {CANARY}. May I take ibuprofen?"
LONG = "A glass of water every hour, a calm room and some sleep in the afternoon will do a lot of good. " * 5
CHAT: list[Any] = [{"role": "user", "content": QUESTION}]
BARE: dict[str, Any] = {"extends": [], "unsafe": True, "rails": []}
"""A policy for what is no matter of words: nothing to load, so it is there at once."""


@pytest.fixture(scope="module")
def upstream() -> Iterator[FakeUpstream]:
    with FakeUpstream(chat_answer()) as made:
        yield made


@pytest.fixture(scope="module", params=["httpx2", "httpx"])
def client(request: pytest.FixtureRequest, upstream: FakeUpstream) -> Iterator[OpenAI]:
    transport = GuardrailSyncTransport(origins=(upstream.url,))
    library: Any = {"httpx": httpx, "httpx2": httpx2}[request.param]
    http_client = library.Client(transport=transport, timeout=30)
    with OpenAI(base_url=f"{upstream.url}/v1", api_key="sk-1", http_client=http_client, max_retries=0) as made:
        yield made


def test_no_identity_leaves_the_process(client: OpenAI, upstream: FakeUpstream) -> None:
    upstream.reply(chat_answer("I think [PATIENT_1] may take it."))
    before = len(upstream.received)
    said = client.chat.completions.create(model="gpt-4o", messages=CHAT).choices[0].message.content or ""
    assert "Maria Delgado" in said
    assert "machine" in said[:200]
    assert "I think" not in said
    assert not leaked(CANARY, upstream.received[before:])
    assert upstream.requests[-1].header("authorization") == "Bearer sk-1"
    assert upstream.requests[-1].target == "/v1/chat/completions"
    assert upstream.requests[-1].header("host") == upstream.url.removeprefix("http://")


def test_a_stream_is_not_collected(client: OpenAI, upstream: FakeUpstream) -> None:
    gate = Gate()
    upstream.reply(chat_stream("Hello [PATI", "ENT_1]. ", LONG, gate, "Good", "bye."))
    heard = ""
    for chunk in client.chat.completions.create(model="gpt-4o", messages=CHAT, stream=True):
        heard += "".join(choice.delta.content or "" for choice in chunk.choices)
        if "Maria Delgado" in heard:
            gate.open()
    assert heard.endswith("Goodbye.")
    assert not leaked(CANARY, upstream.received)


def test_an_error_of_the_provider_is_the_sdks_own(client: OpenAI, upstream: FakeUpstream) -> None:
    error = {"error": {"message": f"no: {CANARY}", "type": "invalid_request_error", "code": "context_length_exceeded"}}
    upstream.reply(answer(error, 400))
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(model="gpt-4o", messages=CHAT)
    assert caught.value.code == "context_length_exceeded"
    assert CANARY not in str(caught.value)


def test_a_stream_that_breaks_is_the_sdks_own_error(client: OpenAI, upstream: FakeUpstream) -> None:
    upstream.reply(chat_stream("Hello ", end="close"))
    with pytest.raises(openai.APIError):
        list(client.chat.completions.create(model="gpt-4o", messages=CHAT, stream=True))


def test_a_provider_that_is_gone_is_the_sdks_own_error(client: OpenAI, upstream: FakeUpstream) -> None:
    upstream.reply(raw("reset"))
    with pytest.raises(openai.InternalServerError):
        client.chat.completions.create(model="gpt-4o", messages=CHAT)


def test_what_no_dialect_reads_is_not_sent(client: OpenAI, upstream: FakeUpstream) -> None:
    before = len(upstream.received)
    with pytest.raises(openai.NotFoundError):
        client.post("/images/generations", body={"prompt": QUESTION}, cast_to=object)
    with pytest.raises(openai.UnprocessableEntityError):
        client.chat.completions.create(model=f"MRN {CANARY}", messages=[{"role": "user", "content": "Hi"}])
    assert len(upstream.received) == before


def test_another_place_gets_nothing(client: OpenAI, upstream: FakeUpstream) -> None:
    """The policy knows one provider; a program that was told another address sends nothing there."""
    with FakeUpstream(chat_answer()) as elsewhere:
        with pytest.raises(openai.PermissionDeniedError) as caught:
            client.with_options(base_url=f"{elsewhere.url}/v1").chat.completions.create(model="m", messages=CHAT)
        assert elsewhere.received == b""
    assert caught.value.code == "no_upstream"


# ---- asynchronous


@pytest.mark.parametrize("library", [httpx2, httpx], ids=["httpx2", "httpx"])
def test_the_same_with_an_event_loop(upstream: FakeUpstream, library: Any) -> None:
    upstream.reply(chat_answer("Hello [PATIENT_1]."), chat_stream("Hello [PATI", "ENT_1]."))

    async def talk() -> tuple[str, str]:
        transport = GuardrailTransport(origins=(upstream.url,))
        async with AsyncOpenAI(
            base_url=f"{upstream.url}/v1", api_key="x", http_client=library.AsyncClient(transport=transport, timeout=30)
        ) as client:
            whole = await client.chat.completions.create(model="m", messages=CHAT)
            stream = await client.chat.completions.create(model="m", messages=CHAT, stream=True)
            heard = "".join([c.delta.content or "" async for chunk in stream for c in chunk.choices])
            return whole.choices[0].message.content or "", heard

    whole, heard = asyncio.run(talk())
    assert whole == heard
    assert whole.endswith("Hello Maria Delgado.")
    assert not leaked(CANARY, upstream.received)


def test_leaving_a_stream_ends_the_request(tmp_path: Path) -> None:
    async def talk(upstream: FakeUpstream) -> None:
        transport = GuardrailTransport(policy_of(tmp_path, upstream.url, **BARE))
        async with httpx2.AsyncClient(transport=transport, timeout=30, base_url=upstream.url) as client:
            body = {"model": "m", "messages": CHAT, "stream": True}
            async with client.stream("POST", "/v1/chat/completions", json=body) as response:
                async for _ in response.aiter_raw():
                    break
            await asyncio.to_thread(upstream.wait_for_idle)

    with FakeUpstream(chat_stream("Hello. ", LONG, Gate())) as upstream:
        asyncio.run(talk(upstream))


def test_the_clients_own_patience_counts(tmp_path: Path) -> None:
    async def talk(upstream: FakeUpstream) -> None:
        transport = GuardrailTransport(policy_of(tmp_path, upstream.url, **BARE))
        async with httpx2.AsyncClient(transport=transport, timeout=20, base_url=upstream.url) as client:
            await client.get("/v1/unknown")  # starts it
            with pytest.raises(httpx2.ReadTimeout):
                await client.post("/v1/chat/completions", json={"model": "m", "messages": CHAT}, timeout=1)

    with FakeUpstream(raw(HANG)) as upstream:
        asyncio.run(talk(upstream))


# ---- policies and transports


def policy_of(folder: Path, url: str, **more: Any) -> Path:
    text = {
        "name": "p", "version": 1, "extends": ["baseline"], "default_upstream": "house",
        "upstreams": {"house": {"base_url": url, "dialects": ["openai.chat", "anthropic.messages"]}}, **more,
    }  # fmt: skip
    file = folder / "p.yaml"
    file.write_text(yaml.safe_dump(text))
    return file


def test_another_sdk_by_a_policy_with_a_prefix(upstream: FakeUpstream, tmp_path: Path) -> None:
    """The policy's upstreams are where requests may go; what stands before the provider's path is theirs."""
    message = {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude", "stop_reason": "end_turn",
        "stop_sequence": None, "content": [{"type": "text", "text": "Hello [PATIENT_1]."}],
        "usage": {"input_tokens": 1, "output_tokens": 1},
    }  # fmt: skip
    upstream.reply(answer(message))
    transport = GuardrailTransport(policy_of(tmp_path, f"{upstream.url}/house/llm"))

    async def talk() -> str:
        async with AsyncAnthropic(
            base_url=f"{upstream.url}/house/llm",
            api_key="key-1",
            max_retries=0,
            http_client=httpx2.AsyncClient(transport=transport, timeout=30),
        ) as client:
            with pytest.raises(anthropic.NotFoundError):
                await client.messages.count_tokens(model="claude", messages=CHAT)
            told = await client.messages.create(model="claude", max_tokens=9, messages=CHAT)
            return told.content[-1].text  # type: ignore[union-attr]

    assert asyncio.run(talk()).endswith("Hello Maria Delgado.")
    assert upstream.requests[-1].target == "/house/llm/v1/messages"
    assert upstream.requests[-1].header("authorization") == "Bearer key-1"
    assert not leaked(CANARY, upstream.received)


def test_the_policys_key_goes_to_its_upstream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOUSE_KEY", "sk-of-the-house")
    with FakeUpstream(chat_answer()) as upstream:
        house = {"base_url": upstream.url, "dialects": ["openai.chat"], "api_key_env": "HOUSE_KEY"}
        transport = GuardrailSyncTransport(policy_of(tmp_path, upstream.url, **BARE, upstreams={"house": house}))
        with httpx2.Client(transport=transport, timeout=30) as client:
            told = client.post(
                f"{upstream.url}/v1/chat/completions",
                json={"model": "m", "messages": CHAT},
                headers={"authorization": "Bearer mine"},
            )
        assert told.status_code == 200
        assert upstream.requests[-1].header("authorization") == "Bearer sk-of-the-house"


@pytest.mark.parametrize("library", [httpx2, httpx], ids=["httpx2", "httpx"])
def test_a_transport_of_ones_own_sees_only_what_was_inspected(library: Any) -> None:
    seen: list[Any] = []

    async def pieces() -> AsyncIterator[bytes]:
        yield b'data: {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": '
        yield b'[{"index": 0, "delta": {"content": "Hello [PATIENT_1]."}, "finish_reason": "stop"}]}\n\n'
        yield b"data: [DONE]\n\n"

    def handle(request: Any) -> Any:
        seen.append(request)
        if not json.loads(request.content).get("stream"):
            raise library.ConnectError(f"no way to {CANARY}")
        return library.Response(200, headers={"content-type": "text/event-stream"}, content=pieces())

    transport = GuardrailTransport(transport=library.MockTransport(handle))

    async def talk() -> Any:
        url = "https://api.openai.com/v1/chat/completions"
        async with library.AsyncClient(transport=transport, timeout=30) as client:
            failed = await client.post(url, json={"model": "m", "messages": CHAT})
            return failed, await client.post(url, json={"model": "m", "messages": CHAT, "stream": True})

    failed, told = asyncio.run(talk())
    assert failed.json()["error"]["code"] == "upstream_unreachable"
    assert CANARY not in failed.text
    assert "Hello Maria Delgado." in told.text
    assert [str(request.url) for request in seen] == ["https://api.openai.com/v1/chat/completions"] * 2
    assert not leaked(CANARY, *(request.content for request in seen))


@pytest.mark.parametrize("stream", [True, False])
def test_what_nobody_foresaw_is_an_error_for_the_client_and_help_for_who_is_in_danger(
    stream: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """Not a broken connection; and none of the exception's words is told or logged."""

    async def breaking() -> AsyncIterator[bytes]:
        yield b'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[]}\n\n'
        raise RuntimeError(CANARY)

    def handle(request: httpx2.Request) -> httpx2.Response:
        kind = "text/event-stream" if stream else "application/json"
        return httpx2.Response(200, headers={"content-type": kind}, content=breaking())

    async def talk(words: str) -> httpx2.Response:
        body = {"model": "m", "stream": stream, "messages": [{"role": "user", "content": words}]}
        transport = GuardrailTransport(transport=httpx2.MockTransport(handle))
        async with httpx2.AsyncClient(transport=transport, timeout=60) as client:
            return await client.post("https://api.openai.com/v1/chat/completions", json=body)

    plain, danger = (asyncio.run(talk(words)) for words in ("Hello.", "I want to kill myself tonight."))
    assert plain.status_code == (200 if stream else 500)
    assert b"internal_error" in plain.content
    assert danger.status_code == 200
    assert b"befrienders" in danger.content
    assert CANARY.encode() not in plain.content + danger.content
    told = [record.__dict__["guardrail"] for record in caplog.records if record.msg == "unexpected_error"]
    assert [each["error"] for each in told] == ["RuntimeError"] * 2
    assert CANARY not in str(told)


def test_nothing_of_an_exchange_waits_for_the_garbage_collector() -> None:
    """What somebody wrote, and a policy that was replaced, is gone with the exchange and not some minutes later."""

    def handle(request: httpx2.Request) -> httpx2.Response:
        if json.loads(request.content).get("stream"):
            chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
            choices = [{"index": 0, "delta": {"content": "Hello."}, "finish_reason": "stop"}]
            said = f"data: {json.dumps({**chunk, 'choices': choices})}\n\ndata: [DONE]\n\n"
            return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=said.encode())
        message = {"role": "assistant", "content": "Hello."}
        return httpx2.Response(200, json={"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]})

    async def talk() -> list[Any]:
        transport = GuardrailTransport(transport=httpx2.MockTransport(handle))
        async with httpx2.AsyncClient(transport=transport, timeout=60) as client:
            for more in ({}, {"stream": True}, {"messages": [{"role": "nobody", "content": "Hi"}]}):
                body = {"model": "m", "messages": CHAT, **more}
                await client.post("https://api.openai.com/v1/chat/completions", json=body)
            await asyncio.sleep(0)
            return [each for each in gc.get_objects() if isinstance(each, Exchange)]

    gc.collect()
    gc.disable()
    try:
        assert asyncio.run(talk()) == []
    finally:
        gc.enable()


def test_what_can_not_be_used_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="leave out /v1"):
        GuardrailTransport(origins=("https://api.openai.com/v1",))
    with pytest.raises(ValueError, match="read by others"):
        GuardrailTransport(origins=("http://llm.example.org",))
    with pytest.raises(ValueError):
        GuardrailTransport(origins=("llm.example.org",))
    with pytest.raises(TypeError):
        GuardrailTransport(transport=object())
    with pytest.raises(PolicyError):
        GuardrailTransport(tmp_path / "none.yaml")


def test_a_loaded_policy_may_be_given(tmp_path: Path) -> None:
    with FakeUpstream(chat_answer("Fine.")) as upstream:
        transport = GuardrailSyncTransport(read_policy(policy_of(tmp_path, upstream.url, **BARE)))
        with httpx2.Client(transport=transport, timeout=30) as client:
            told = client.post(f"{upstream.url}/v1/chat/completions", json={"model": "m", "messages": CHAT})
    assert told.json()["choices"][0]["message"]["content"].endswith("Fine.")


def test_a_policy_that_breaks_before_the_start_sends_nothing(upstream: FakeUpstream, tmp_path: Path) -> None:
    file = policy_of(tmp_path, upstream.url)
    transport = GuardrailSyncTransport(file)
    file.write_text("name: p\nversion: 1\n")
    before = len(upstream.received)
    with httpx2.Client(transport=transport, timeout=30) as client, pytest.raises(httpx2.ConnectError) as caught:
        client.post(f"{upstream.url}/v1/chat/completions", json={"model": "m", "messages": CHAT})
    assert "p.yaml:1" in str(caught.value)
    assert len(upstream.received) == before


def test_the_older_library_need_not_be_installed() -> None:
    code = (
        "import sys\n"
        "sys.modules['httpx'] = None\n"
        "from guardrail.httpx_transport import GuardrailTransport\n"
        "import httpx2\n"
        "assert isinstance(GuardrailTransport(), httpx2.AsyncBaseTransport)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
