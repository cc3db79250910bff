"""The guardrail around an application of this process: real server, real SDK, the application as the leak oracle."""

from __future__ import annotations

import asyncio
import json
import threading
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import openai
import pytest
import yaml
from openai import OpenAI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from guardrail.build import read_policy
from guardrail.errors import PolicyError
from guardrail.middleware import GuardrailMiddleware, check_path
from tests.support.proxy import leaked
from tests.support.served import served

CANARY = "ZQ123456789012"
QUESTION = f"My name is Maria Delgado, record number {CANARY}. May I take ibuprofen?"


LONG = "A glass of water every hour, a calm room and some sleep in the afternoon will do a lot of good. " * 5


class House:
    """An in-house server that speaks Chat Completions, and remembers all that it was sent."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []
        self.cancelled = threading.Event()
        self.next = threading.Event()
        self.lifespan: list[str] = []
        self.mode = "answer"
        self.app = Starlette(
            routes=[
                Route("/v1/chat/completions", self.chat, methods=["POST"]),
                Route("/health", lambda request: PlainTextResponse("fine")),
                Route("/static/{name}", lambda request: PlainTextResponse("a file")),
                Route("/secret", lambda request: PlainTextResponse("secret")),
                WebSocketRoute("/live", self.live),
            ],
            lifespan=self._lifespan,
        )

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[dict[str, Any]]:
        self.lifespan.append("start")
        yield {"model": "loaded"}
        self.lifespan.append("stop")

    async def live(self, socket: WebSocket) -> None:
        await socket.accept()

    async def chat(self, request: Request) -> Response:
        body = await request.body()
        self.seen.append(body)
        self.seen += [value for _, value in request.scope["headers"]]
        if self.mode == "raise":
            raise RuntimeError(f"Jane Roe {CANARY}")
        if self.mode == "error":
            return JSONResponse({"error": {"message": f"no: {body.decode()}", "code": "context_length_exceeded"}}, 400)
        if self.mode == "state":
            return JSONResponse(_answer(str(request.state.model)))
        if json.loads(body).get("stream"):
            return StreamingResponse(self._stream(), media_type="text/event-stream")
        return JSONResponse(_answer("I think [PATIENT_1] may take it."))

    async def _stream(self) -> AsyncIterator[bytes]:
        yield _frame({"role": "assistant", "content": ""})
        if self.mode == "break":
            yield _frame({"content": "Hello [PATI"})
            raise RuntimeError("broken")
        try:
            for piece in ("Hello [PATI", "ENT_1]. ", LONG, "Rest is good for you now. "):
                yield _frame({"content": piece})
            while self.mode == "endless":
                await asyncio.sleep(0.01)
                yield _frame({"content": "And so on and on it goes for ever. "})
            if self.mode == "gate":
                await asyncio.to_thread(self.next.wait, 20)
        except asyncio.CancelledError:
            self.cancelled.set()
            raise
        yield _frame({}, "stop") + b"data: [DONE]\n\n"


def _answer(text: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    return {"id": "c", "object": "chat.completion", "created": 1, "model": "house",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}  # fmt: skip


def _frame(delta: dict[str, Any], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "house", "choices": [choice]}
    return f"data: {json.dumps(chunk)}\n\n".encode()


@pytest.fixture(scope="module")
def house() -> House:
    return House()


@pytest.fixture(scope="module")
def wrapped(house: House) -> GuardrailMiddleware:
    return GuardrailMiddleware(house.app, pass_through=("/health", "/static/*"))


@pytest.fixture(scope="module")
def url(wrapped: GuardrailMiddleware) -> Iterator[str]:
    with served(wrapped) as address:
        yield address


@pytest.fixture
def client(url: str, house: House) -> Iterator[OpenAI]:
    house.mode = "answer"
    house.seen.clear()
    house.cancelled.clear()
    house.next.clear()
    with OpenAI(base_url=f"{url}/v1", api_key="sk-house", max_retries=0) as made:
        yield made


def ask(client: OpenAI, text: str = QUESTION) -> str:
    made = client.chat.completions.create(model="m", messages=[{"role": "user", "content": text}])
    return made.choices[0].message.content or ""


def fetch(url: str, method: str = "GET") -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=20) as page:
            return page.status, page.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_the_application_sees_no_identity_and_the_reader_does(client: OpenAI, house: House) -> None:
    said = ask(client)
    assert "Maria Delgado" in said
    assert "machine" in said[:200]
    assert "I think" not in said
    assert not leaked(CANARY, *house.seen)
    assert not any(b"Delgado" in seen for seen in house.seen)
    assert b"Bearer sk-house" in house.seen


def test_a_stream_is_inspected_as_it_comes(client: OpenAI, house: House) -> None:
    """The first words are there while the application still waits."""
    house.mode = "gate"
    heard = ""
    with client.chat.completions.create(
        model="m", messages=[{"role": "user", "content": QUESTION}], stream=True
    ) as stream:
        for chunk in stream:
            heard += chunk.choices[0].delta.content or "" if chunk.choices else ""
            if "Maria Delgado" in heard:
                house.next.set()
    assert house.next.is_set()
    assert heard.endswith("Rest is good for you now. ")
    assert not leaked(CANARY, *house.seen)


def test_an_application_that_raises_is_an_error_without_its_words(client: OpenAI, house: House) -> None:
    house.mode = "raise"
    with pytest.raises(openai.InternalServerError) as caught:
        ask(client)
    assert "Jane" not in str(caught.value)
    assert not leaked(CANARY, str(caught.value).encode())


def test_an_error_of_the_application_loses_its_words(client: OpenAI, house: House) -> None:
    house.mode = "error"
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client)
    assert caught.value.code == "context_length_exceeded"
    assert "Delgado" not in str(caught.value) and "PATIENT" not in str(caught.value)


def test_a_stream_that_breaks_ends_in_the_sdks_own_error(client: OpenAI, house: House) -> None:
    house.mode = "break"
    with pytest.raises(openai.APIError), client.chat.completions.create(
        model="m", messages=[{"role": "user", "content": QUESTION}], stream=True
    ) as stream:  # fmt: skip
        list(stream)


def test_a_client_that_leaves_cancels_the_application(client: OpenAI, house: House) -> None:
    house.mode = "endless"
    with client.chat.completions.create(
        model="m", messages=[{"role": "user", "content": QUESTION}], stream=True
    ) as stream:
        for chunk in stream:
            if chunk.choices and "Rest" in (chunk.choices[0].delta.content or ""):
                break
    assert house.cancelled.wait(10)


def test_a_refused_request_makes_no_call(client: OpenAI, house: House) -> None:
    with pytest.raises(openai.UnprocessableEntityError):
        client.chat.completions.create(
            model=f"MRN {CANARY}", messages=[{"role": "user", "content": "Hi"}]
        )  # fmt: skip
    with pytest.raises(openai.NotFoundError):
        client.post("/images/generations", body={"prompt": QUESTION}, cast_to=object)
    assert house.seen == []


def test_what_the_application_keeps_from_its_lifespan_is_there(client: OpenAI, house: House) -> None:
    house.mode = "state"
    assert ask(client, "What is the capital of Portugal?").endswith("loaded")


def test_other_paths_are_refused_unless_they_are_passed_through(url: str, client: OpenAI) -> None:
    assert fetch(f"{url}/health") == (200, b"fine")
    assert fetch(f"{url}/static/a.js") == (200, b"a file")
    assert fetch(f"{url}/secret")[0] == 404
    assert fetch(f"{url}/health/")[0] == 404
    assert fetch(f"{url}/static/")[0] == 404
    assert fetch(f"{url}/static/..%2fsecret")[0] in (400, 404)
    assert fetch(f"{url}/%68ealth")[0] == 404
    assert fetch(f"{url}/v1/chat/completions")[0] == 405


def test_it_has_the_guardrails_own_pages_and_metrics(url: str, wrapped: GuardrailMiddleware, client: OpenAI) -> None:
    ask(client)
    assert fetch(f"{url}/guardrail/ready")[0] == 200
    assert b"machine" in fetch(f"{url}/guardrail/disclosure")[1]
    content_type, page = wrapped.metrics()
    assert content_type.startswith("text/plain")
    assert b'upstream="in-process"' in page


def test_a_socket_is_closed(wrapped: GuardrailMiddleware) -> None:
    """Nothing inspects what would go through it."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(wrapped({"type": "websocket", "path": "/live", "raw_path": b"/live"}, receive, send))
    assert [message["type"] for message in sent] == ["websocket.close"]


# ---- starting and stopping


def state_of(wrapped: GuardrailMiddleware) -> Any:
    """What runs now."""
    return wrapped._running


@pytest.fixture
def nothing(tmp_path: Path) -> Path:
    """A policy for what is no matter of words: nothing to load, so it is there at once."""
    policy = tmp_path / "nothing.yaml"
    house = {"house": {"base_url": "http://127.0.0.1:1"}}
    empty = {"unsafe": True, "rails": [], "upstreams": house, "default_upstream": "house"}
    policy.write_text(yaml.safe_dump({"name": "p", "version": 1, **empty}))
    return policy


def test_it_ends_with_its_server(nothing: Path) -> None:
    house = House()
    wrapped = GuardrailMiddleware(house.app, nothing)
    with served(wrapped) as url:
        assert fetch(f"{url}/guardrail/ready")[0] == 200
        running = state_of(wrapped)
        assert running is not None and running.service.analyzer.alive
    assert state_of(wrapped) is None
    assert not running.service.analyzer.alive
    assert house.lifespan == ["start", "stop"]


def test_without_a_lifespan_it_starts_with_the_first_request() -> None:
    house = House()
    wrapped = GuardrailMiddleware(house.app)
    with served(wrapped, lifespan="off") as url:
        assert state_of(wrapped) is None
        with OpenAI(base_url=f"{url}/v1", api_key="x", max_retries=0) as client:
            assert "Maria Delgado" in ask(client)
        running = state_of(wrapped)
        assert running is not None
        asyncio.run_coroutine_threadsafe(wrapped.shutdown(), running.loop).result(10)


async def bare(scope: Any, receive: Any, send: Any) -> None:
    """An application that knows no lifespan."""
    if scope["type"] != "http":
        raise AssertionError("what is this?")
    while (await receive())["more_body"]:
        pass
    body = json.dumps(_answer("Rest.")).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"Content-Type", b"application/json")]})
    await send({"type": "http.response.body", "body": body})


def test_an_application_without_a_lifespan_is_started_all_the_same(nothing: Path) -> None:
    wrapped = GuardrailMiddleware(bare, nothing)
    with served(wrapped, lifespan="on") as url:
        assert state_of(wrapped) is not None
        with OpenAI(base_url=f"{url}/v1", api_key="x", max_retries=0) as client:
            assert ask(client).endswith("Rest.")
    assert state_of(wrapped) is None


def test_a_policy_that_breaks_before_the_start_refuses_the_start(tmp_path: Path) -> None:
    policy = tmp_path / "p.yaml"
    policy.write_text("name: p\nversion: 1\nextends: [baseline]\n")
    wrapped = GuardrailMiddleware(bare, policy)
    policy.write_text("name: p\nversion: 1\n")
    sent: list[Any] = []
    messages = [{"type": "lifespan.startup"}]

    async def receive() -> Any:
        return messages.pop()

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(wrapped({"type": "lifespan"}, receive, send))
    assert [message["type"] for message in sent] == ["lifespan.startup.failed"]
    assert "p.yaml:1" in sent[0]["message"]


# ---- policies


def test_a_described_api_is_inspected_too(tmp_path: Path) -> None:
    api = {
        "path": "/infer",
        "request": {"prose": "$.prompt"},
        "answer": {"prose": "$.text", "body": {"text": "{text}"}},
    }
    policy = tmp_path / "p.yaml"
    policy.write_text(yaml.safe_dump({"name": "p", "version": 1, "extends": ["baseline"], "apis": {"house": api}}))
    seen: list[bytes] = []

    async def infer(request: Request) -> Response:
        seen.append(await request.body())
        return JSONResponse({"text": "Hello [PATIENT_1]."})

    app = Starlette(routes=[Route("/infer", infer, methods=["POST"])])
    with served(GuardrailMiddleware(app, policy)) as url:
        request = urllib.request.Request(
            f"{url}/infer", json.dumps({"prompt": QUESTION}).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=20) as page:
            said = json.loads(page.read())["text"]
    assert "Hello Maria Delgado." in said and "machine" in said
    assert not leaked(CANARY, *seen)


def test_an_upstream_of_the_policy_may_describe_the_application() -> None:
    loaded = read_policy()
    assert GuardrailMiddleware(bare, loaded, upstream="openai")._load().policy.upstreams["openai"].is_local
    with pytest.raises(PolicyError):
        GuardrailMiddleware(bare, loaded, upstream="elsewhere")


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/*", "health", "", "/a//b", "/a/../b", "/a%20b", "/a*"])
def test_what_can_not_be_passed_through(path: str) -> None:
    with pytest.raises(ValueError):
        GuardrailMiddleware(bare, pass_through=(path,))


def test_plain_paths_can() -> None:
    for path in ("/health", "/static/*", "/", "/a/b.c"):
        check_path(path)


def test_what_is_passed_through_ends_where_a_dialect_begins() -> None:
    """`/v1/*` does not open `/v1/chat/completions`."""
    wrapped = GuardrailMiddleware(bare, pass_through=("/v1/*",))
    scope = {"type": "http", "path": "/v1/chat/completions", "raw_path": b"/v1/chat/completions"}
    assert not wrapped._passes(scope)
    assert wrapped._passes({**scope, "path": "/v1/other", "raw_path": b"/v1/other"})


def test_strange_hosts_are_refused_until_they_are_named(house: House, nothing: Path) -> None:
    """SEC-03: no web page may reach a server on this machine under a name of its own."""
    import http.client

    for hosts, status in (((), 421), (("llm.ward",), 200)):
        with served(GuardrailMiddleware(house.app, nothing, hosts=hosts)) as url:
            connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=20)
            connection.request("GET", "/guardrail/live", headers={"Host": "llm.ward"})
            assert connection.getresponse().status == status
            with suppress(OSError):
                connection.close()
