"""The edge as an ASGI application: who is let in, what an exchange is handed, and how errors look."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from guardrail.dialects.base import Reply
from guardrail.edge import Doors, Drain, Edge, openai_error
from guardrail.errors import AuditUnavailable, GuardrailError, UnknownRoute
from guardrail.inbound import Inbound, Outbound
from guardrail.policy.model import Client, Limits, Policy, Upstream

CHAT = "/v1/chat/completions"
TOKEN = "a-token-of-the-ward"
WARD = Client(
    name="ward",
    token_sha256=hashlib.sha256(TOKEN.encode()).hexdigest(),
    surface="clinician",
    country="US",
    language="es",
)
Handle = Callable[[Inbound, Outbound], Awaitable[None]]


class Answer:
    """What the application sent."""

    def __init__(self, messages: list[Mapping[str, Any]]) -> None:
        self.status = messages[0]["status"]
        self.headers = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
        self.body = b"".join(message["body"] for message in messages[1:])
        self.complete = not messages[-1].get("more_body", True)

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json()["error"]["code"])


class House:
    """An edge with a policy, and what went through it."""

    def __init__(self, policy: Policy | None = None, handle: Handle | None = None) -> None:
        self.policy = policy or Policy(name="test", version=1)
        self.inbound: list[Inbound] = []
        self.refused: list[str] = []
        self.unrecorded = False
        self.drain = Drain()
        self._handle = handle or self._answer
        self.edge = Edge(self._doors(), self.drain)

    def _doors(self) -> Doors:
        return Doors(
            handle=self._record,
            refuse=lambda path, error: openai_error(error),
            admit=self._admit,
            policy=lambda: self.policy,
            refused=self._count,
            pages={"/guardrail/disclosure": _disclosed},
        )

    def _admit(self, method: str, path: str) -> Mapping[str, re.Pattern[str]]:
        if (method, path) != ("POST", CHAT):
            raise UnknownRoute("This endpoint is not covered by the policy.")
        return {}

    async def _count(self, error: GuardrailError, receipt: str) -> None:
        assert len(receipt) == 32
        self.refused.append(error.code)
        if self.unrecorded:
            raise AuditUnavailable("the audit log can't be written")

    async def _record(self, inbound: Inbound, outbound: Outbound) -> None:
        self.inbound.append(inbound)
        await self._handle(inbound, outbound)

    async def _answer(self, inbound: Inbound, outbound: Outbound) -> None:
        await outbound.start(200, [(b"content-type", b"application/json")])
        await outbound.send(b"{}")

    async def ask(
        self, *body: bytes | None, headers: Mapping[str, str] | None = None, leaves: bool = False, **scope: Any
    ) -> Answer:
        """One request. `None` in the body: the client goes away within it; `leaves`: after it."""
        given = {"host": "localhost:8080", "content-type": "application/json", **(headers or {})}
        raw = [(name.encode(), value.encode()) for name, value in given.items() if value]
        path = scope.pop("path", CHAT)
        fixed = {"type": "http", "http_version": "1.1", "method": "POST", "path": path, "raw_path": path.encode()}
        messages: list[Mapping[str, Any]] = []

        async def send(message: Any) -> None:
            messages.append(message)

        await self.edge(
            {**fixed, "query_string": b"", "headers": raw, **scope}, _receiver(*(body or (b"{}",)), leaves=leaves), send
        )
        return Answer(messages) if messages else Answer([{"status": 0, "headers": []}])


async def _disclosed(accept: str) -> Reply:
    return Reply(200, b'{"name": "guardrail"}')


def _receiver(*body: bytes | None, leaves: bool = False) -> Callable[[], Awaitable[Any]]:
    parts = list(body)

    async def receive() -> Mapping[str, Any]:
        if not parts and not leaves:
            await asyncio.Event().wait()
        if not parts:
            return {"type": "http.disconnect"}
        part = parts.pop(0)
        if part is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": part, "more_body": bool(parts)}

    return receive


def ask(house: House, *body: bytes | None, headers: Mapping[str, str] | None = None, **more: Any) -> Answer:
    return asyncio.run(house.ask(*body, headers=headers, **more))


def with_clients(**upstream: Any) -> Policy:
    provider = Upstream(base_url="https://api.example", **upstream)
    return Policy(name="t", version=1, clients=(WARD,), upstreams={"main": provider}, default_upstream="main")


def test_an_exchange_is_handed_a_complete_checked_request() -> None:
    """Path, body and the headers that may go on; nothing else of the head."""
    house = House()
    answer = ask(house, b'{"a":', b"1}", headers={"authorization": "Bearer k", "cookie": "patient=jane"})
    (inbound,) = house.inbound
    assert (answer.status, answer.body, answer.complete) == (200, b"{}", True)
    assert (inbound.method, inbound.path, inbound.query, inbound.body) == ("POST", CHAT, {}, b'{"a":1}')
    assert dict(inbound.forward)["authorization"] == "Bearer k"
    assert "jane" not in repr(inbound)


def test_every_answer_has_a_receipt_and_says_that_a_machine_wrote_it() -> None:
    """WHO-02: also in headers, for programs. The receipt is random."""
    house = House()
    first, second = ask(house), ask(house)
    assert first.headers["ai-disclosure"] == "mode=machine-generated"
    assert first.headers["x-guardrail-receipt"] == house.inbound[0].receipt
    assert len(first.headers["x-guardrail-receipt"]) == 32
    assert first.headers["x-guardrail-receipt"] != second.headers["x-guardrail-receipt"]
    assert first.headers["cache-control"] == "no-store"


def test_a_refusal_that_can_not_be_recorded_says_so() -> None:
    """Fail closed: even what is turned away needs its record, and who asks may come again."""
    house = House()
    house.unrecorded = True
    answer = ask(house, headers={"content-type": "text/plain"})
    assert (answer.status, answer.code, answer.headers["retry-after"]) == (503, "audit_unavailable", "1")
    assert house.refused == ["unsupported_media_type"]


@pytest.mark.parametrize("pseudonym", ["abc", "40718263", "Jane Doe", "x" * 129, "pätient-1"])
def test_a_pseudonym_that_is_none_is_refused_and_not_quoted(pseudonym: str) -> None:
    answer = ask(House(), headers={"x-guardrail-subject": pseudonym})
    assert (answer.status, answer.code) in ((400, "bad_subject"), (400, "malformed_request"))
    assert pseudonym.encode() not in answer.body


def test_a_pseudonym_goes_to_the_exchange_and_nowhere_else() -> None:
    house = House()
    ask(house, headers={"x-guardrail-subject": "p-7731.x"})
    [inbound] = house.inbound
    assert inbound.supplied.subject == "p-7731.x"
    assert "p-7731.x" not in repr(inbound) + repr(inbound.forward)


def test_a_refusal_closes_the_connection_and_is_counted_once() -> None:
    """A request that was refused may have been misread: nothing else is read from its connection."""
    house = House()
    answer = ask(house, headers={"content-type": "text/plain"})
    assert (answer.status, answer.code, answer.headers["connection"]) == (415, "unsupported_media_type", "close")
    assert answer.headers["x-guardrail-action"] == "block"
    assert (house.refused, house.inbound) == (["unsupported_media_type"], [])


@pytest.mark.parametrize("path", ["/v1/files", "/v1/batches", "/v1/audio/speech", "/v1/realtime", "/api/pull", "/"])
def test_endpoints_that_nobody_inspects_do_not_exist(path: str) -> None:
    """URL-12: never passed through blindly."""
    assert ask(House(), path=path).status == 404


def test_a_query_is_refused() -> None:
    """HDR-03."""
    assert ask(House(), query_string=b"patient=Jane").code == "unexpected_query"


# ── bodies ──────────────────────────────────────────────────────────────────────────────────────────────────────

SMALL = Policy(name="t", version=1, limits=Limits(max_body_bytes=10, body_timeout_seconds=0.05, max_in_flight=2))


def test_a_body_over_the_limit_is_refused_before_it_is_read() -> None:
    """SIZ-01: its length alone is enough."""
    answer = ask(House(SMALL), None, headers={"content-length": "11"})
    assert (answer.status, answer.code) == (413, "payload_too_large")


def test_a_body_of_unknown_length_is_refused_at_the_byte_that_crosses() -> None:
    """SIZ-01: the rest is not waited for."""
    assert ask(House(SMALL), b"12345", b"67890", b"1", None).status == 413
    assert ask(House(SMALL), b"12345", b"67890").status == 200


def test_a_body_that_does_not_end_is_given_up() -> None:
    """408, and no exchange."""
    house = House(SMALL)

    async def never() -> Answer:
        messages: list[Mapping[str, Any]] = []

        async def send(message: Any) -> None:
            messages.append(message)

        async def receive() -> Any:
            return await asyncio.Event().wait()

        headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
        scope = {"type": "http", "http_version": "1.1", "method": "POST", "path": CHAT, "raw_path": CHAT.encode()}
        await house.edge({**scope, "query_string": b"", "headers": headers}, receive, send)
        return Answer(messages)

    assert asyncio.run(never()).code == "body_timeout"
    assert house.inbound == []


def test_half_a_body_is_no_request() -> None:
    """A client that leaves while it sends has asked nothing."""
    house = House()
    assert ask(house, b'{"a":', None).status == 0
    assert (house.inbound, house.refused) == ([], ["client_abort"])


@pytest.mark.case("OPS-05")
def test_no_more_than_the_limit_at_once() -> None:
    """The next one is told to come back."""

    async def crowd() -> list[int]:
        opened = asyncio.Event()

        async def wait(inbound: Inbound, outbound: Outbound) -> None:
            await opened.wait()
            await outbound.start(200, [])

        house = House(SMALL, wait)
        first = [asyncio.create_task(house.ask()) for _ in range(2)]
        await asyncio.sleep(0)
        third = await house.ask()
        assert third.headers["retry-after"] == "1"
        opened.set()
        again = [task.result().status for task in (await asyncio.wait(first))[0]]
        return [third.status, *again, (await house.ask()).status]

    assert asyncio.run(crowd()) == [503, 200, 200, 200]


# ── who ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.case("SEC-01")
@pytest.mark.parametrize("headers", [{}, {"x-guardrail-token": "wrong"}, {"authorization": f"Bearer {TOKEN}"}])
def test_without_a_token_nobody_is_let_in(headers: Mapping[str, str]) -> None:
    """The provider key in Authorization is no token of ours while the client brings its own."""
    house = House(with_clients())
    assert ask(house, headers=headers).status == 401
    assert house.inbound == []


def test_a_token_names_the_client() -> None:
    """Name, surface, country and language come from the policy."""
    house = House(with_clients())
    ask(house, headers={"x-guardrail-token": TOKEN, "authorization": "Bearer key"})
    (inbound,) = house.inbound
    client = inbound.client
    assert (client.name, client.surface, client.country, client.language) == ("ward", "clinician", "US", "es")
    assert TOKEN not in repr(inbound)
    assert dict(inbound.forward)["authorization"] == "Bearer key"


def test_a_bearer_token_will_do_when_the_policy_holds_the_key() -> None:
    """An SDK then needs only its usual api_key; the provider never sees it."""
    house = House(with_clients(api_key_env="PROVIDER_KEY"))
    assert ask(house, headers={"authorization": f"Bearer {TOKEN}"}).status == 200
    assert "authorization" not in dict(house.inbound[0].forward)


def test_two_credentials_are_two_tenants() -> None:
    """Anonymous clients with different provider keys never share a connection upstream; the key itself is not kept."""
    house = House()
    for key in ("one", "two", "one"):
        ask(house, headers={"authorization": f"Bearer {key}"})
    first, second, third = (inbound.client.tenant for inbound in house.inbound)
    assert first == third != second
    assert "one" not in first


@pytest.mark.case("SEC-03")
def test_a_rebound_name_gets_nothing_without_a_token() -> None:
    """SEC-03: a web page that points its own name at a developer's machine can't use the proxy there."""
    assert ask(House(), headers={"host": "evil.test"}).status == 421
    trusted = ask(House(with_clients()), headers={"host": "guardrail.ward", "x-guardrail-token": TOKEN})
    assert trusted.status == 200


def test_groups_come_from_closed_lists_only() -> None:
    """WHO-26: what the application states, if the policy lists it; nothing is inferred."""
    house = House(with_clients())
    stated = {"x-guardrail-age-band": "65+", "x-guardrail-sex": "Jane Doe", "x-guardrail-guardian-consent": "yes"}
    ask(house, headers={"x-guardrail-token": TOKEN, **stated})
    cohort = house.inbound[0].cohort
    assert (cohort["age_band"], cohort["sex"], cohort["guardian_consent"]) == ("65+", "unspecified", "yes")
    assert (cohort["surface"], cohort["language"], cohort["ethnicity"]) == ("clinician", "es", "unspecified")


# ── when it goes wrong ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.case("NLP-07", "AUD-08")
def test_an_unforeseen_error_says_nothing_about_the_request(caplog: pytest.LogCaptureFixture) -> None:
    """500 in the dialect's shape; the log has the kind of error and the place, the exception's words appear nowhere."""

    async def fail(inbound: Inbound, outbound: Outbound) -> None:
        raise RuntimeError("Jane Doe")

    house = House(handle=fail)
    answer = ask(house)
    assert (answer.status, answer.code, house.refused) == (500, "internal_error", [])
    assert b"Jane" not in answer.body
    (record,) = caplog.records
    assert record.__dict__["guardrail"]["error"] == "RuntimeError"
    assert record.__dict__["guardrail"]["reason"].startswith("test_edge.py:")
    assert "Jane" not in str(record.__dict__)


def test_an_error_after_the_start_is_no_proper_end() -> None:
    """The answer is left unfinished, so that no client takes it for a whole one."""

    async def fail(inbound: Inbound, outbound: Outbound) -> None:
        await outbound.start(200, [])
        await outbound.send(b"half")
        raise RuntimeError

    answer = ask(House(handle=fail))
    assert (answer.body, answer.complete) == (b"half", False)


def test_a_client_that_leaves_ends_the_exchange() -> None:
    """SSE-15: the work is cancelled, not left running for nobody."""
    cancelled = []

    async def wait(inbound: Inbound, outbound: Outbound) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    house = House(handle=wait)
    ask(house, leaves=True)
    assert (cancelled, house.refused) == ([True], [])


def test_an_exchange_that_answers_nothing_is_an_error() -> None:
    """Silence is not an answer."""

    async def silent(inbound: Inbound, outbound: Outbound) -> None:
        return

    assert ask(House(handle=silent)).status == 500


def test_no_new_work_while_draining() -> None:
    """Requests on connections that are still open are refused."""
    house = House()
    house.drain.begun.set()
    answer = ask(house)
    assert (answer.status, answer.code, answer.headers["connection"]) == (503, "shutting_down", "close")


# ── our own pages ───────────────────────────────────────────────────────────────────────────────────────────────


def get(house: House, path: str, method: str = "GET") -> Answer:
    return ask(house, path=path, method=method)


def test_live_ready_and_disclosure() -> None:
    """Health needs no token; ready fails as soon as the drain begins, live does not."""
    house = House(with_clients())
    assert [get(house, f"/guardrail/{page}").status for page in ("live", "ready", "disclosure")] == [200, 200, 200]
    page = get(house, "/guardrail/disclosure")
    assert page.json() == {"name": "guardrail"}
    assert not {"x-guardrail-receipt", "ai-disclosure"} & page.headers.keys(), (
        "no machine wrote it, no entry tells of it"
    )
    house.drain.begun.set()
    assert [get(house, f"/guardrail/{page}").status for page in ("live", "ready")] == [200, 503]


def test_head_has_no_body() -> None:
    """HEAD gives the length and nothing else."""
    answer = get(House(), "/guardrail/live", "HEAD")
    assert (answer.status, answer.body, int(answer.headers["content-length"]) > 0) == (200, b"", True)


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/guardrail/live", "POST", 405), ("/guardrail/live", "OPTIONS", 405), ("/guardrail/feedback", "GET", 405),
        ("/guardrail/other", "GET", 404), ("/guardrail/live", "CONNECT", 501),
    ],
)  # fmt: skip
def test_nothing_else_is_there(path: str, method: str, status: int) -> None:
    """Feedback says that it is not kept yet instead of throwing it away; no CORS."""
    answer = get(House(), path, method)
    assert answer.status == status
    assert not any(name.startswith("access-control") for name in answer.headers)


def test_a_method_that_does_not_exist_is_told_with_those_that_do() -> None:
    """RFC 9110 section 15.5.6."""
    assert get(House(), "/guardrail/live", "POST").headers["allow"] == "GET, HEAD"


def test_errors_name_the_field_and_never_its_value() -> None:
    """The OpenAI shape."""
    reply: Reply = openai_error(GuardrailError("no", code="c", param="messages[0]", status=418))
    body = {"error": {"message": "no", "type": "server_error", "param": "messages[0]", "code": "c"}}
    assert (reply.status, json.loads(reply.body)) == (418, body)
