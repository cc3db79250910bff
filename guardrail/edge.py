"""The edge: a pure ASGI application that lets only well-formed, admitted requests through to the exchange.

Knows HTTP and who may call. Knows no provider's JSON and no words: what a refusal looks like and what a request
means are given as functions. Everything that is decided here is decided from the head, copied before the body.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from guardrail.claims import read_claims, stated_in, unknown_values
from guardrail.dialects.base import Reply
from guardrail.errors import (
    AuditUnavailable,
    ClientError,
    Draining,
    GuardrailError,
    PayloadTooLarge,
    Unauthorized,
    Unforeseen,
    UnknownRoute,
)
from guardrail.gates import CLAIMS_HEADER, Supplied
from guardrail.inbound import Client, Inbound, Outbound
from guardrail.policy.model import Client as PolicyClient
from guardrail.policy.model import Policy
from guardrail.rails.phi_words import GIVEN_NAMES, SURNAMES, WORD_NAMES
from guardrail.record import log
from guardrail.record.tally import CLIENT_GONE
from guardrail.wire.headers import CREDENTIALS, check_content, check_head, check_query, copy_headers, to_upstream
from guardrail.wire.jws import Key

# The one header of words that goes on is no dialect's to read, so what may not stand in it is said here.
_PEOPLE: Final = (GIVEN_NAMES | SURNAMES) - WORD_NAMES
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
RawHeaders: TypeAlias = Sequence[tuple[bytes, bytes]]

KEY_PARAMETER, KEY_HEADER = "key", "x-goog-api-key"
"""Google's clients may send their key in the query; it is moved to where keys belong (HDR-03)."""
TOKEN_HEADER = "x-guardrail-token"  # noqa: S105 - the header's name
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""Without client tokens we listen on loopback only, and no web page may rebind its own name to us (SEC-03)."""
FEEDBACK = "/guardrail/feedback"
MAX_FEEDBACK_BYTES = 64 * 1024
REFUSED = "guardrail.refused"
"""In the scope's `state`: the error for which the server has ended a request whose body was still coming."""
BODIES_IN_FLIGHT = 8
"""All bodies that are being read or worked on may take so many times the limit of one (OPS-05)."""


Page: TypeAlias = Callable[[str], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Doors:
    """What the edge is connected to. Everything is called within the event loop and must not block.

    handle      runs one exchange
    refuse      the error in the shape of the dialect that the path belongs to
    admit       raises UnknownRoute for a method and path that no dialect serves; gives the query keys it takes
    policy      the policy that counts now; asked once per request
    refused     told of every request that never became an exchange, and its receipt: for the metrics and the
                audit; raises AuditUnavailable
    ready       True if an exchange could be handled now
    pages       what anybody may read, by its path: given an Accept header
    feedback    takes what somebody reports: the body and the client; raises GuardrailError
    claim_keys  with which clients sign their claims, by the client's name
    unknown_value  told of each header of ours whose value is none that there is
    expired     crisis texts and services that should have been checked again ("service US")
    warnings    what works and should be looked after, as codes ("policy_stale")
    """

    handle: Callable[[Inbound, Outbound], Awaitable[None]]
    refuse: Callable[[str, GuardrailError], Reply]
    admit: Callable[[str, str], Mapping[str, re.Pattern[str]]]
    policy: Callable[[], Policy]
    refused: Callable[[GuardrailError, str], Awaitable[None]]
    ready: Callable[[], bool] = lambda: True
    pages: Mapping[str, Page] = field(default_factory=dict)
    feedback: Callable[[bytes, Client], Awaitable[Reply]] | None = None
    claim_keys: Callable[[], Mapping[str, Key]] = dict
    unknown_value: Callable[[str], None] = lambda header: None
    expired: Callable[[], Sequence[str]] = tuple
    warnings: Callable[[], Sequence[str]] = tuple


class Drain:
    """The end of the process, in two steps.

    begun   no new work is taken, /guardrail/ready says no
    late    what is still streaming must end now, with its dialect's terminal error event
    """

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.late = asyncio.Event()


class ClientGone(Exception):
    """The client closed the connection: there is nobody left to answer."""


class Edge:
    """The application on the client port."""

    def __init__(self, doors: Doors, drain: Drain, hosts: frozenset[str] = frozenset()) -> None:
        """`hosts`: the names by which clients may call us; empty: any if they have tokens, else those of loopback."""
        self._doors = doors
        self._drain = drain
        self._hosts = hosts
        self._admission = Admission()
        self._reports = Admission()  # a long answer keeps nobody from reporting it, and reports keep nobody waiting
        self._salt = secrets.token_bytes(32)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            return  # lifespan is the server's business; there are no web sockets here
        # Our own pages are no machine's answer, and no entry of the log: a receipt of one would lead nowhere.
        receipt = "" if scope["path"].startswith("/guardrail/") else _receipt()
        outbound = _Outbound(send, receipt, scope["method"], old=scope["http_version"] == "1.0")
        try:
            await self._answer(scope, receive, outbound)
        except GuardrailError as error:
            await self._refuse(split_route(scope["path"])[1], outbound, error)
        except ClientGone:
            gone = scope.get("state", {}).get(REFUSED) or _client_gone()
            with suppress(AuditUnavailable):  # it is taken, and nobody is left to answer
                await self._count(scope["path"], outbound, gone)
        except Exception as error:  # noqa: BLE001 - the last wall: a traceback or a repr could quote a patient
            log.unexpected(error)
            await self._refuse(scope["path"], outbound, Unforeseen())

    async def _answer(self, scope: Message, receive: Receive, outbound: _Outbound) -> None:
        check_head(scope, self._hosts or (frozenset() if self._doors.policy().clients else LOOPBACK_HOSTS))
        if scope["path"] == FEEDBACK:
            await outbound.reply(await self._feedback(scope, receive))
            return
        if scope["path"].startswith("/guardrail/"):
            await outbound.reply(await self._service(scope))
            return
        await self._provide(scope, receive, outbound)

    async def _provide(self, scope: Message, receive: Receive, outbound: _Outbound) -> None:
        policy = self._doors.policy()
        headers = copy_headers(scope["headers"])
        if self._drain.begun.is_set():
            raise Draining("The guardrail is shutting down; try again.")
        # Never the decoded path: what is routed, decided and sent upstream is what was checked (URL-04).
        route, path = split_route(scope["raw_path"].decode("ascii"))
        query = dict(check_query(scope["query_string"], self._doors.admit(scope["method"], path)))
        if key := query.pop(KEY_PARAMETER, ""):
            headers = {**headers, KEY_HEADER: key}  # no query with a key in it goes anywhere, nor into anybody's log
        client = self._client(policy, headers)
        cohort, supplied = self._stated(policy, headers, client)
        if scope["method"] == "POST":
            check_content(headers, path)
        self._admission.check(policy.limits.max_in_flight)
        with self._admission.body(policy.limits.max_body_bytes) as book:
            most, seconds = policy.limits.max_body_bytes, policy.limits.body_timeout_seconds
            body = await _read_body(receive, headers, book, most, seconds)
            inbound = Inbound(
                method=scope["method"],
                path=path,
                body=body,
                query=query,
                route=route,
                client=client,
                forward=to_upstream(headers, own_key=is_client_token(policy, headers), names=_PEOPLE),
                cohort=cohort,
                supplied=supplied,
                receipt=outbound.receipt,
                trace=headers.get("traceparent", "") if policy.telemetry.continue_traces else "",
            )
            with self._admission.one(policy.limits.max_in_flight):
                outbound.handed_over = True
                await _while_connected(self._doors.handle(inbound, outbound), receive)
        await outbound.finish()

    def _client(self, policy: Policy, headers: Mapping[str, str]) -> Client:
        """Who calls, by token. The tenant is the client and the credential it uses upstream, keyed and hashed."""
        credential = "\n".join(headers.get(name, "") for name in CREDENTIALS).encode("utf-8")
        key = hmac.new(self._salt, credential, "sha256").hexdigest()
        if not policy.clients:
            return Client(tenant=key, owner=hashlib.sha256(credential).hexdigest())
        known = find_client(policy, headers)
        return Client(
            known.name,
            tenant=f"{known.name}:{key}",
            owner=f"client:{known.name}",
            surface=known.surface or "",
            country=known.country or "",
            language=known.language or "",
        )

    def _stated(self, policy: Policy, headers: Mapping[str, str], client: Client) -> tuple[Mapping[str, str], Supplied]:
        """What the application says of its user; never inferred (WHO-26). Raises ClientError for bad claims."""
        agreed = next((each.claims for each in policy.clients if each.name == client.name), None)
        key = self._doors.claim_keys().get(client.name) if agreed else None
        token = headers.get(CLAIMS_HEADER)
        if token is not None and key is None:
            raise ClientError("no key is agreed for the claims of this client", code="bad_claims", param=CLAIMS_HEADER)
        signed = (
            read_claims(token, key, policy.cohorts, policy.name, time.time()) if token is not None and key else None
        )
        for header in unknown_values(headers, policy.cohorts):
            self._doors.unknown_value(header)
        known = {"surface": client.surface, "language": client.language}
        only = agreed is not None and policy.gates.claims_required
        return stated_in(headers, policy, known, signed, only=only)

    async def _refuse(self, path: str, outbound: _Outbound, error: GuardrailError) -> None:
        try:
            await self._count(path, outbound, error)
        except AuditUnavailable as unrecorded:
            error = unrecorded
        if not outbound.started:
            await outbound.reply(self._doors.refuse(path, error), extra=_refusal_headers(error))
        # Otherwise nothing more is written: the server cuts the connection, which no client takes for an end.

    async def _count(self, path: str, outbound: _Outbound, error: GuardrailError) -> None:
        if not outbound.handed_over and not path.startswith("/guardrail/"):
            outbound.handed_over = True  # an exchange counts itself, exactly once
            await self._doors.refused(error, outbound.receipt)

    async def _feedback(self, scope: Message, receive: Receive) -> Reply:
        """A report of somebody who was answered here (WHO-61). Nothing of it goes to a provider."""
        policy, headers = self._doors.policy(), copy_headers(scope["headers"])
        if self._doors.feedback is None:
            raise no_such_method()
        if scope["method"] != "POST":
            raise no_such_method("POST")
        client = self._client(policy, headers)
        check_content(headers, scope["path"])
        with self._reports.one(policy.limits.max_in_flight), self._reports.body(MAX_FEEDBACK_BYTES) as book:
            seconds = policy.limits.body_timeout_seconds
            return await self._doors.feedback(
                await _read_body(receive, headers, book, MAX_FEEDBACK_BYTES, seconds), client
            )

    async def _service(self, scope: Message) -> Reply:
        method, path = scope["method"], scope["path"]
        if method not in ("GET", "HEAD"):
            raise no_such_method("GET", "HEAD")
        if path == "/guardrail/live":
            return _json(200, {"status": "live"})
        if path == "/guardrail/ready":
            ready = self._doors.ready() and not self._drain.begun.is_set()
            return ready_reply(ready, self._doors.expired(), self._doors.warnings())
        if (page := self._doors.pages.get(path)) is not None:
            return await page(copy_headers(scope["headers"]).get("accept", ""))
        raise ClientError("There is nothing at this path.", code="unknown_route", status=404)


class Admission:
    """How much work is under way: requests, and bytes of bodies. Over the limit the next one is told to wait."""

    def __init__(self) -> None:
        self.requests = 0
        self._bytes = 0

    def check(self, limit: int) -> None:
        """Raises GuardrailError (503) if there is no room for one more now."""
        if self.requests >= limit:
            raise _overloaded()

    @contextmanager
    def one(self, limit: int) -> Iterator[None]:
        """Counts one request whose body is here: who sends slowly takes no place away from others (HTTP-14).

        Raises GuardrailError (503) if `limit` are under way.
        """
        self.check(limit)
        self.requests += 1
        try:
            yield
        finally:
            self.requests -= 1

    @contextmanager
    def body(self, limit: int) -> Iterator[Callable[[int], None]]:
        """Gives a function that books the bytes of one body.

        It raises PayloadTooLarge over `limit` and GuardrailError (503) if all bodies together are too much.
        """
        booked = 0

        def book(count: int) -> None:
            nonlocal booked
            if booked + count > limit:
                raise PayloadTooLarge("The body is over the limit.")
            if self._bytes + count > limit * BODIES_IN_FLIGHT:
                raise _overloaded()
            booked += count
            self._bytes += count

        try:
            yield book
        finally:
            self._bytes -= booked


def find_client(policy: Policy, headers: Mapping[str, str]) -> PolicyClient:
    """The policy's client that the token belongs to. Raises Unauthorized.

    The token comes in `X-Guardrail-Token`; if the policy holds the provider key, also as the bearer token, so that
    an SDK needs no extra header. Every known token is compared, each in constant time.
    """
    digest = hashlib.sha256(_token(policy, headers).encode()).hexdigest()
    matches = [client for client in policy.clients if hmac.compare_digest(client.token_sha256, digest)]
    if not matches:
        raise Unauthorized("A client token of this guardrail is needed.")
    return matches[0]


def _token(policy: Policy, headers: Mapping[str, str]) -> str:
    if (token := headers.get(TOKEN_HEADER)) is not None:
        return token
    if not holds_key(policy):
        return ""
    return _credential(headers)


def _credential(headers: Mapping[str, str]) -> str:
    """What an SDK sends as the provider's key, in whichever header."""
    scheme, _, bearer = headers.get("authorization", "").partition(" ")
    own = (headers.get(name, "") for name in CREDENTIALS if name != "authorization")
    return bearer.strip() if scheme.lower() == "bearer" else next((key.strip() for key in own if key), "")


def is_client_token(policy: Policy, headers: Mapping[str, str]) -> bool:
    """True if the credential is one of our tokens: it opens this door and is nobody else's to see."""
    digest = hashlib.sha256(_credential(headers).encode()).hexdigest()
    return any(hmac.compare_digest(client.token_sha256, digest) for client in policy.clients)


def split_route(path: str) -> tuple[str, str]:
    """`/r/{route}/...` as the route's name and the provider's own path; ("", path) for any other."""
    match = _ROUTE.fullmatch(path)
    return (match["route"], match["path"]) if match else ("", path)


_ROUTE = re.compile(r"/r/(?P<route>[a-z0-9][a-z0-9_.-]{0,39})(?P<path>/.*)")


def holds_key(policy: Policy) -> bool:
    """True if the policy brings the provider key; the client's Authorization then goes no further."""
    return any(upstream.api_key_env or upstream.api_key_file for upstream in policy.upstreams.values())


def openai_error(error: GuardrailError) -> Reply:
    """An error in the shape that most clients know, for paths that belong to no dialect."""
    kind = "invalid_request_error" if isinstance(error, ClientError) else "server_error"
    body = {"error": {"message": error.message, "type": kind, "param": error.param, "code": error.code}}
    return _json(error.http_status, body)


def warnings(*, stale: bool, nearly_full: bool) -> tuple[str, ...]:
    """What makes nobody less ready yet: an older policy than the file's is in force, the log's disk fills up."""
    told = {"policy_stale": stale, "disk_low": nearly_full}
    return tuple(code for code, is_so in told.items() if is_so)


def ready_reply(ready: bool, expired: Sequence[str] = (), warned_of: Sequence[str] = ()) -> Reply:
    """200 or 503; what has expired makes nobody less ready, but somebody should hear of it. So with `warned_of`."""
    warned = {name: list(told) for name, told in (("expired", expired), ("warnings", warned_of)) if told}
    return _json(200, {"status": "ready", **warned}) if ready else _json(503, {"status": "not ready", **warned})


class _Outbound:
    """The ASGI side of `inbound.Outbound`."""

    def __init__(self, send: Send, receipt: str, method: str, *, old: bool = False) -> None:
        """`old`: the client speaks HTTP/1.0, which has no chunks: it gets a stream in one piece, of known length."""
        self._send = send
        self._old = old
        self._late: tuple[int, RawHeaders, list[bytes]] | None = None
        self.receipt = receipt
        self._head_only = method == "HEAD"
        self.handed_over = False
        self.started = False

    async def start(self, status: int, headers: RawHeaders) -> None:
        own = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
        if self.receipt:
            own.append((b"x-guardrail-receipt", self.receipt.encode()))
        if self.receipt and 200 <= status < 300 and not any(name == b"ai-disclosure" for name, _ in headers):
            own.append((b"ai-disclosure", b"mode=machine-generated"))
        names = {name for name, _ in own}
        kept = [(name.lower(), value) for name, value in headers if name.lower() not in names]
        if self._old and not any(name == b"content-length" for name, _ in kept):
            self._late = (status, [*kept, *own], [])
            return
        self.started = True
        await self._send({"type": "http.response.start", "status": status, "headers": [*kept, *own]})

    async def send(self, body: bytes) -> None:
        if self._late is not None:
            self._late[2].append(body)
            return
        if body and not self._head_only:
            await self._send({"type": "http.response.body", "body": body, "more_body": True})

    async def finish(self) -> None:
        if self._late is not None:
            status, headers, parts = self._late
            self._late = None
            await self.start(status, [*headers, (b"content-length", str(sum(map(len, parts))).encode())])
            for part in parts:
                await self.send(part)
        if not self.started:
            raise GuardrailError("Something went wrong here; nothing was answered.")
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def reply(self, reply: Reply, extra: RawHeaders = ()) -> None:
        self._late = None
        length = str(len(reply.body)).encode()
        fixed = [(b"content-type", reply.content_type.encode()), (b"content-length", length)]
        own = [(name.encode(), value.encode()) for name, value in reply.headers.items()]
        await self.start(reply.status, [*fixed, *own, *extra])
        body = b"" if self._head_only else reply.body
        await self._send({"type": "http.response.body", "body": body, "more_body": False})


async def _read_body(
    receive: Receive, headers: Mapping[str, str], book: Callable[[int], None], most: int, seconds: float
) -> bytes:
    """The complete body, booked as it comes: an announcement alone takes nobody's place (SIZ-01)."""
    if int(headers.get("content-length", 0)) > most:
        raise PayloadTooLarge("The body is over the limit.")
    parts: list[bytes] = []
    try:
        async with asyncio.timeout(seconds):
            while (message := await receive())["type"] == "http.request":
                part = message.get("body", b"")
                book(len(part))
                parts.append(part)
                if not message.get("more_body", False):
                    return b"".join(parts)
    except TimeoutError:
        raise ClientError("The body did not arrive in time.", code="body_timeout", status=408) from None
    raise ClientGone


async def _while_connected(work: Awaitable[None], receive: Receive) -> None:
    """Runs `work`, and cancels it as soon as the client goes away. Raises ClientGone then (SSE-15)."""
    working = asyncio.ensure_future(work)
    watching = asyncio.ensure_future(_disconnected(receive))
    try:
        await asyncio.wait((working, watching), return_when=asyncio.FIRST_COMPLETED)
        gone = not working.done()
    finally:
        for task in (working, watching):
            task.cancel()
        await asyncio.wait((working,))
    if gone and (working.cancelled() or working.exception() is not None):
        raise ClientGone
    working.result()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _refusal_headers(error: GuardrailError) -> RawHeaders:
    """A refused request may have been misread or half read: its connection is not used again."""
    headers = [(b"connection", b"close"), (b"x-guardrail-action", b"block")]
    if isinstance(error, UnknownRoute) and error.allow:
        headers.append((b"allow", error.allow.encode()))
    return [*headers, (b"retry-after", str(error.retry_after).encode())] if error.retry_after else headers


def _client_gone() -> ClientError:
    return ClientError("The client went away.", code="client_abort", status=CLIENT_GONE)


def _overloaded() -> GuardrailError:
    return GuardrailError("Too much work is under way; try again.", code="overloaded", status=503)


def no_such_method(*served: str) -> UnknownRoute:
    """There is something at this path, but for the methods `served` only (405)."""
    refusal = UnknownRoute("This method does not exist here.", code="method_not_allowed", status=405)
    refusal.allow = ", ".join(served)
    return refusal


def _json(status: int, content: Mapping[str, object]) -> Reply:
    return Reply(status, json.dumps(content, ensure_ascii=False).encode())


def _receipt() -> str:
    return secrets.token_hex(16)
