"""The application on the admin port: a table of pages, each with what its visitor must be allowed to do.

Knows HTTP, the table and the templates. Who may is decided in `console.guard`; what is done is done by the ports.
Metrics and health are here, too: they are what the port is for when nobody is named in the policy.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import compile_path

from guardrail.console import pages
from guardrail.console.access import Permission
from guardrail.console.guard import Guard, Visitor
from guardrail.console.ports import Ports
from guardrail.console.views import Call, Views
from guardrail.edge import no_such_method, ready_reply, warnings
from guardrail.errors import ClientError, GuardrailError, PayloadTooLarge, Unauthorized, Unforeseen, UnknownRoute
from guardrail.record import log

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

MAX_BODY: Final = 64 * 1024
MAX_FIELDS: Final = 20
BODY_SECONDS: Final = 10.0
_FORM: Final = "application/x-www-form-urlencoded"


Handler = Callable[[Call], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Place:
    """A method and a path. `permission` is what its visitor needs; None: nothing, anybody may come."""

    method: str
    path: str
    permission: Permission | None
    does: str
    """The name of what answers: of a view, or of the console's own."""

    @property
    def pattern(self) -> re.Pattern[str]:
        """The path as a pattern, with its parts by name."""
        return compile_path(self.path)[0]


PLACES: Final = (
    Place("GET", "/metrics", "metrics", "metrics"),
    Place("GET", "/guardrail/live", None, "live"),
    Place("GET", "/guardrail/ready", None, "ready"),
    Place("GET", "/console/login", None, "login_page"),
    Place("POST", "/console/login", None, "login"),
    Place("GET", "/console/oidc", None, "oidc_begin"),
    Place("GET", "/console/oidc/callback", None, "oidc_end"),
    Place("POST", "/console/logout", "status", "logout"),
    Place("GET", "/console", "status", "status"),
    Place("GET", "/console/receipts", "receipts", "receipts"),
    Place("GET", "/guardrail/receipts/{receipt}", "receipts", "receipt"),
    Place("GET", "/guardrail/receipts/{receipt}/insert", "receipts", "insert"),
    Place("GET", "/console/suspensions", "suspensions", "suspensions"),
    Place("POST", "/console/suspensions", "suspend", "suspend"),
    Place("POST", "/console/suspensions/{suspension}/resume", "suspend", "resume"),
    Place("GET", "/guardrail/suspensions", "suspensions", "suspensions"),
    Place("POST", "/guardrail/suspensions", "suspend", "suspend"),
    Place("POST", "/guardrail/suspensions/{suspension}/resume", "suspend", "resume"),
    Place("GET", "/console/cases", "cases", "cases"),
    Place("GET", "/console/cases/{case}", "cases", "case"),
    Place("POST", "/console/cases/{case}/show", "reveal", "show"),
    Place("POST", "/console/cases/{case}/assign", "decide", "assign"),
    Place("POST", "/console/cases/{case}/close", "decide", "close"),
    Place("POST", "/console/cases/{case}/reopen", "decide", "reopen"),
    Place("GET", "/console/incidents", "incidents", "incidents"),
    Place("POST", "/console/incidents", "publish", "publish"),
    Place("POST", "/console/incidents/{incident}/withdraw", "publish", "withdraw"),
    Place("GET", "/console/audit", "audit", "audit"),
)
"""Everything that there is."""


class Console:
    """ASGI."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._guard = Guard(ports)
        self._views = Views(ports, self._guard)
        own: Mapping[str, Handler] = {"metrics": self._metrics, "live": self._live, "ready": self._ready}
        self._handlers = {place: own.get(place.does) or getattr(self._views, place.does) for place in PLACES}
        self._patterns = [(place, place.pattern) for place in PLACES]

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except GuardrailError as error:
            response = self._refusal(request, error)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - the last wall: a traceback or a repr could quote a patient
            log.unexpected(error)
            response = self._refusal(request, Unforeseen())
        self._ports.count(_RESULTS.get(response.status_code, "ok"))
        for name, value in pages.headers().items():
            response.headers.setdefault(name, value)
        if request.method == "HEAD":
            response.body = b""  # its length stays that of the page
        await response(scope, receive, send)

    # ── the way in ────────────────────────────────────────────────────────────────────────────────────────────

    async def _answer(self, request: Request) -> Response:
        self._guard.check_head(request)
        place, path = self._find(request)
        visitor = await self._visitor(request, place)
        if place.permission is not None and visitor is None and not self._is_open(place):
            return self._ask_who(request)
        if place.permission is not None and visitor is not None:
            await self._guard.require(request, visitor, place.permission)
        call = Call(request, visitor, path, await self._form(request, visitor, place), _query(request))
        return await self._handlers[place](call)

    def _find(self, request: Request) -> tuple[Place, Mapping[str, str]]:
        method = "GET" if request.method == "HEAD" else request.method
        found = [(place, match) for place, pattern in self._patterns if (match := pattern.fullmatch(request.url.path))]
        if not found:
            raise ClientError("There is nothing at this path.", code="unknown_route", status=404)
        for place, match in found:
            if place.method == method:
                return place, match.groupdict()
        methods = {place.method for place, _ in found}
        raise no_such_method(*sorted(methods | ({"HEAD"} if "GET" in methods else set())))

    def _is_open(self, place: Place) -> bool:
        return place.permission is None or (place.permission == "metrics" and self._guard.metrics_are_open)

    async def _visitor(self, request: Request, place: Place) -> Visitor | None:
        """Who comes, where it matters. Raises as `Guard.visitor`, and if nobody could come in at all."""
        if self._is_open(place):
            return None
        if not self._guard.admin.configured:
            raise ClientError(
                "Nobody may administer this guardrail over HTTP: the policy names nobody in `admin`. "
                "On its own machine the command `guardrail` does the same.",
                code="admin_not_configured",
                status=403,
            )
        return await self._guard.visitor(request)

    def _ask_who(self, request: Request) -> Response:
        if request.method == "GET" and _wants_page(request):
            return Response(status_code=303, headers={"location": "/console/login"})
        raise Unauthorized("A token of this guardrail's administrators is needed.")

    async def _form(self, request: Request, visitor: Visitor | None, place: Place) -> Mapping[str, str]:
        """What was sent. Browsers send forms, which have to be ours; programs send objects, with their token."""
        if request.method != "POST":
            return {}
        if place.path.startswith("/guardrail/"):
            if visitor is None or visitor.session is not None:
                raise Unauthorized("This takes a token in the header Authorization.")
            return _object(await _body(request, "application/json"))
        form = _fields(await _body(request, _FORM))
        if place.permission is None:
            if not self._guard.is_from_here(request):
                raise ClientError("This form comes from another page.", code="forbidden", status=403)
        elif visitor is not None:
            await self._guard.require_form(request, visitor, form)
        return form

    # ── what needs nobody ─────────────────────────────────────────────────────────────────────────────────────

    async def _metrics(self, call: Call) -> Response:
        content_type, body = self._ports.metrics(call.request.headers.get("accept", ""))
        return Response(body, headers={"content-type": content_type})

    async def _live(self, call: Call) -> Response:
        return _json(200, {"status": "live"})

    async def _ready(self, call: Call) -> Response:
        status = self._ports.status()
        reply = ready_reply(status.ready, status.expired, warnings(stale=status.stale, nearly_full=status.disk_low))
        return Response(reply.body, reply.status, media_type=reply.content_type)

    # ── errors ────────────────────────────────────────────────────────────────────────────────────────────────

    def _refusal(self, request: Request, error: GuardrailError) -> Response:
        headers = {"retry-after": str(error.retry_after)} if error.retry_after else {}
        if error.http_status == 401:
            headers["www-authenticate"] = 'Bearer realm="guardrail"'
        if isinstance(error, UnknownRoute) and error.allow:
            headers["allow"] = error.allow
        if _wants_page(request):
            page = pages.render("error", message=error.message, code=error.code, status=error.http_status)
            return Response(page, error.http_status, headers, media_type=pages.HTML)
        said = {"error": {"message": error.message, "param": error.param, "code": error.code}}
        response = _json(error.http_status, said)
        response.headers.update(headers)
        return response


_RESULTS: Final = {401: "unauthorized", 403: "forbidden", 429: "limited"}


def _wants_page(request: Request) -> bool:
    return pages.wants_page(request.headers.get("accept", ""))


def _query(request: Request) -> Mapping[str, str]:
    """The parameters of the address, each once. Raises ClientError for what can't be read."""
    text = request.scope["query_string"].decode("latin-1")
    return _fields(text.encode("latin-1")) if text else {}


def _fields(body: bytes) -> Mapping[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=MAX_FIELDS,
            errors="strict",
        )  # fmt: skip
    except ValueError:
        raise ClientError("The form can't be read.", code="unreadable_payload") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ClientError("A field stands twice.", code="duplicate_key")
    return fields


def _object(body: bytes) -> Mapping[str, str]:
    """An object of texts: all that programs have to say here."""
    try:
        pairs = json.loads(body.decode("utf-8"), object_pairs_hook=lambda pairs: pairs)
    except (ValueError, RecursionError):
        raise ClientError("The body is not JSON.", code="invalid_json") from None
    if not isinstance(pairs, list) or not all(isinstance(pair, tuple) and len(pair) == 2 for pair in pairs):
        raise ClientError("The body is not an object.", code="invalid_type")
    if len(dict(pairs)) != len(pairs):
        raise ClientError("A member stands twice.", code="duplicate_key")
    for name, value in pairs:
        if not isinstance(value, str):
            raise ClientError("Every member is a text.", code="invalid_type", param=name if name in _MEMBERS else None)
    return dict(pairs)


_MEMBERS: Final = frozenset({"scope", "target", "reason", "until"})


async def _body(request: Request, media_type: str) -> bytes:
    """Raises ClientError (415) for another type, PayloadTooLarge."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != media_type or request.headers.get("content-encoding", "identity") != "identity":
        raise ClientError(f"Send {media_type}.", code="unsupported_media_type", status=415)
    parts, size = [], 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                size += len(part)
                if size > MAX_BODY:
                    raise PayloadTooLarge("The body is over the limit.")
                parts.append(part)
    except TimeoutError:
        raise ClientError("The body did not arrive in time.", code="body_timeout", status=408) from None
    return b"".join(parts)


def _json(status: int, content: Mapping[str, object]) -> Response:
    return Response(json.dumps(content, ensure_ascii=False), status, media_type=pages.JSON)
