"""An application of this process as an upstream: bounded, checked like any other, told when nobody reads any more."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from guardrail.errors import ClientError, UpstreamBroken, UpstreamTimeout
from guardrail.wire import asgi
from guardrail.wire.asgi_upstream import AsgiUpstream
from guardrail.wire.upstream import Timeouts, UpstreamRequest

JSON = [(b"Content-Type", b"application/json; charset=utf-8")]


def request(**changes: Any) -> UpstreamRequest:
    given: dict[str, Any] = {
        "base_url": "http://localhost", "path": "/v1/x", "query": "a=1", "body": b"{}", "tenant": "",
        "headers": [("X-Request-Id", "r"), ("Host", "evil"), ("Content-Length", "999")], **changes,
    }  # fmt: skip
    return UpstreamRequest(**given)


class App:
    """Sends what it is told to; remembers what it got."""

    def __init__(self, *messages: Any) -> None:
        self.messages = messages
        self.scope: Any = None
        self.received: list[Any] = []
        self.sent = 0
        self.cancelled = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope = scope
        self.received.append(await receive())
        try:
            for message in self.messages:
                if message == "hang":
                    self.received.append(await receive())
                elif isinstance(message, Exception):
                    raise message
                else:
                    await send(message)
                    self.sent += 1
        except asyncio.CancelledError:
            self.cancelled = True
            raise


def start(status: int = 200, headers: Any = JSON) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": headers}


def body(data: bytes = b"", more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": data, "more_body": more}


async def read(app: App, **changes: Any) -> tuple[int, str, bytes]:
    async with AsgiUpstream(app).open(request(**changes)) as answer:
        return answer.status, answer.content_type, await answer.read()


def test_the_application_gets_one_plain_request() -> None:
    app = App(start(201), body(b"{", more=True), body(b"", more=True), body(b"}"))
    assert asyncio.run(read(app)) == (201, "application/json", b"{}")
    assert (app.scope["path"], app.scope["raw_path"], app.scope["query_string"]) == ("/v1/x", b"/v1/x", b"a=1")
    headers = dict(app.scope["headers"])
    assert (headers[b"host"], headers[b"content-length"], headers[b"x-request-id"]) == (b"localhost", b"2", b"r")
    assert app.scope["client"] is None
    assert app.received == [{"type": "http.request", "body": b"{}", "more_body": False}]


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [start()],
        [start(), body(b"{", more=True)],
        [body(b"{}")],
        [start(), start(), body(b"{}")],
        [RuntimeError("Jane Roe")],
        [start(), body(b"{", more=True), RuntimeError("Jane Roe")],
        [{"type": "http.response.pathsend", "path": "/etc/passwd"}],
        [start(302), body()],
        [start(206), body()],
        [start(200, [(b"content-encoding", b"gzip")]), body()],
        [start(200, [*JSON, *JSON]), body()],
    ],
)
def test_anything_else_than_a_whole_answer_is_broken(messages: list[Any]) -> None:
    with pytest.raises(UpstreamBroken) as caught:
        asyncio.run(read(App(*messages)))
    assert "Jane" not in str(caught.value)


def test_what_it_raises_is_told_to_whoever_logs_codes() -> None:
    told: list[BaseException] = []

    async def ask() -> None:
        async with AsgiUpstream(App(ValueError("x")), failed=told.append).open(request()):
            pass

    with pytest.raises(UpstreamBroken):
        asyncio.run(ask())
    assert [type(error) for error in told] == [ValueError]


def test_an_error_after_the_answer_changes_nothing() -> None:
    assert asyncio.run(read(App(start(), body(b"{}"), RuntimeError())))[2] == b"{}"


def test_it_writes_no_faster_than_it_is_read() -> None:
    app = App(start(), *(body(b"x", more=True) for _ in range(1_000)), body())

    async def ask() -> int:
        async with AsgiUpstream(app).open(request()) as answer:
            async for _ in answer.chunks():
                await asyncio.sleep(0.01)
                return app.sent
        return -1

    assert 1 <= asyncio.run(ask()) <= asgi.WAITING_PIECES + 3
    assert app.cancelled


def test_it_is_told_and_cancelled_when_nobody_reads_any_more() -> None:
    app = App(start(), body(b"x", more=True), "hang")

    async def ask() -> None:
        async with AsgiUpstream(app).open(request()) as answer:
            async for _ in answer.chunks():
                break

    asyncio.run(ask())
    assert app.cancelled or app.received[-1] == {"type": "http.disconnect"}


@pytest.mark.parametrize(("messages", "code"), [(["hang"], "first_byte_timeout"), ([start(), "hang"], "idle_timeout")])
def test_it_has_the_time_of_any_upstream(messages: list[Any], code: str) -> None:
    with pytest.raises(UpstreamTimeout) as caught:
        asyncio.run(read(App(*messages), timeouts=Timeouts(first_byte=0.05, idle=0.05)))
    assert caught.value.code == code


def test_it_has_the_room_of_any_upstream() -> None:
    with pytest.raises(UpstreamBroken) as caught:
        asyncio.run(read(App(start(), body(b"x" * 100)), max_answer_bytes=99))
    assert caught.value.code == "too_large"


def test_a_path_with_surprises_is_not_asked() -> None:
    app = App(start(), body(b"{}"))
    with pytest.raises(ClientError):
        asyncio.run(read(app, path="/v1/../x"))
    assert app.scope is None
