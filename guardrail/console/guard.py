"""The door of the admin port: who comes, from where, how often, and whether a form is one of ours (SEC-01 to SEC-04).

Decides and audits; shows nothing. Every refusal is an error without a word of what was sent.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request

from guardrail.console.access import Permission, Principal, by_token, still_holds
from guardrail.console.limits import Buckets, Known, source
from guardrail.console.ports import Ports
from guardrail.console.sessions import Sealer, Session, Sessions
from guardrail.errors import AuditUnavailable, ClientError, Unauthorized
from guardrail.policy.admin import Admin
from guardrail.policy.model import is_loopback
from guardrail.record import log
from guardrail.record.entry import Code, Event, code
from guardrail.wire.headers import check_head

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})
PROBES: Final = frozenset({"/metrics", "/guardrail/live", "/guardrail/ready"})
"""Asked by machines that call us by our address; they show nothing that a web page could use."""
NOBODY: Final = Code("nobody")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks; `session` is None for a program that brings its token along with each request."""

    principal: Principal
    session: Session | None = None


class Guard:
    """One for each process: limits are kept here, and nothing else is."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self.sealer = Sealer(ports.secret, ports.clock)
        self.sessions = Sessions(self.sealer)
        self._requests = Buckets(ports.ticks)
        self._logins = Buckets(ports.ticks)
        self._everybody = Buckets(ports.ticks)
        self._known = Known(ports.ticks)

    @property
    def admin(self) -> Admin:
        """The part of the policy that counts now."""
        return self._ports.policy().policy.admin

    # ── the head ──────────────────────────────────────────────────────────────────────────────────────────────

    def check_head(self, request: Request) -> None:
        """Raises ClientError for a head with two readings, for a Host that is none of ours, and over the limit.

        Whoever reads metrics and health on this machine does so as often as it takes.
        """
        anyhow = not is_loopback(self._ports.host) and (
            request.url.path in PROBES or _bearer(request.headers.get("authorization", "")) is not None
        )
        check_head(request.scope, frozenset() if anyhow else LOOPBACK | self.admin.names)
        if is_loopback(self._ports.host) and request.url.path in PROBES:
            return
        address, limit = _address(request), self.admin.rate_limit.requests
        if wait := self._requests.wait(address, limit):
            raise limited(wait)
        self._requests.take(address, limit)

    @property
    def metrics_are_open(self) -> bool:
        """True if `/metrics` needs no token: on loopback, or because the policy says so."""
        return is_loopback(self._ports.host) or self.admin.metrics == "open"

    # ── who ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def visitor(self, request: Request) -> Visitor | None:
        """Who asks, None if nobody says. Raises Unauthorized for a wrong token, ClientError for too many of them."""
        if "authorization" in request.headers:
            token = _bearer(request.headers["authorization"])
            principal = await self.by_token(request, token or "", "bearer")
            return Visitor(principal)
        session = await self._session(request)
        return Visitor(session.principal, session) if session else None

    async def _session(self, request: Request) -> Session | None:
        """The session that the browser brings, if the policy in force would still open it and nobody closed it."""
        if not self.is_safe_for_cookies(request):
            return None
        session = self.sessions.read(request.cookies.get(self.cookie("guardrail", request), ""))
        if session is None or not still_holds(self.admin, session.principal) or await self._is_closed(session):
            return None
        return session

    async def _is_closed(self, session: Session) -> bool:
        """While the store can't be read nothing can be done or looked up here either: only the status is shown then,
        which whoever keeps it running needs most."""
        with suppress(AuditUnavailable):
            return await self._ports.closed.has(session.id)
        return False

    async def close(self, session: Session) -> None:
        """Ends it now, everywhere, for whoever else has the cookie, too. Raises AuditUnavailable."""
        await self._ports.closed.add(session.id, session.until, int(self._ports.clock()))

    async def by_token(self, request: Request, token: str, via: str) -> Principal:
        """Whom the token belongs to. Raises Unauthorized, and ClientError (429) after too many wrong ones."""
        self.check_attempts(request)
        principal = by_token(self.admin, token)
        if principal is None:
            await self.refuse_login(request, "wrong_token", via)
            raise Unauthorized("A token of this guardrail's administrators is needed.")
        self._known.add(_address(request))
        return principal

    def check_attempts(self, request: Request) -> None:
        """Raises ClientError (429) where there were too many refusals, whatever is brought now."""
        address, limits = _address(request), self.admin.rate_limit
        wait = self._logins.wait(address, limits.logins)
        if not wait and address not in self._known:
            wait = self._everybody.wait("", limits.all_logins)
        if wait:
            raise limited(wait)

    async def refuse_login(self, request: Request, reason: str, via: str) -> None:
        """Counts and audits it. The log names the address, and whether that was the last try for a while."""
        address, limits = _address(request), self.admin.rate_limit
        self._logins.take(address, limits.logins)
        self._everybody.take("", limits.all_logins)
        last = bool(self._logins.wait(address, limits.logins))
        told = {"reason": Code(reason), "via": Code(via), "from": code(f"ip:{address}")}
        await self._say(Event(Code("login_refused"), NOBODY, facts={**told, "limited": last}))

    async def admit(self, request: Request, principal: Principal) -> str:
        """A new session, audited before anybody has it: its cookie. Raises AuditUnavailable: then nobody comes in."""
        if old := await self._session(request):
            await self.close(old)
        facts = {
            "via": Code(principal.via),
            "role": Code(principal.role),
            "from": code(f"ip:{_address(request)}"),
        }
        await self._ports.commit(Event(Code("login"), principal.actor, facts=facts))
        self._known.add(_address(request))
        return self.sessions.open(principal, self.admin.session_minutes * 60)

    # ── what ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def require(self, request: Request, visitor: Visitor, permission: Permission) -> None:
        """Raises ClientError (403) and audits it if the role is not there for it."""
        if not visitor.principal.may(permission):
            await self._refuse(visitor, "role", permission)
            raise ClientError("Your role is not there for this.", code="forbidden", status=403)

    async def require_form(self, request: Request, visitor: Visitor, form: Mapping[str, str]) -> None:
        """Raises ClientError (403) and audits it unless the form is of this session and comes from a page of ours."""
        session = visitor.session
        if session is None or not self.is_from_here(request):
            await self._refuse(visitor, "origin", "form")
            raise _not_ours()
        if not self.sessions.is_form_token(session, form.get("csrf", "")):
            await self._refuse(visitor, "form_token", "form")
            raise _not_ours()

    async def _refuse(self, visitor: Visitor, reason: str, what: str) -> None:
        await self._say(
            Event(Code("admin_refused"), visitor.principal.actor, facts={"reason": Code(reason), "what": Code(what)})
        )

    async def _say(self, event: Event) -> None:
        """A refusal holds, recorded or not."""
        try:
            await self._ports.commit(event)
        except AuditUnavailable:
            log.event("refusal_unrecorded", level=logging.ERROR, reason=event.facts.get("reason", ""))

    # ── browsers ──────────────────────────────────────────────────────────────────────────────────────────────

    def is_safe_for_cookies(self, request: Request) -> bool:
        """True on this machine, and where browsers come by https under the policy's own `url`."""
        host = _host(request)
        return host in LOOPBACK or (self.admin.secure and host == urlsplit(self.admin.url or "").hostname)

    def is_from_here(self, request: Request) -> bool:
        """True for a request that a page of ours made; browsers say so, and none that says nothing is believed."""
        site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
        if site not in (None, "same-origin"):
            return False
        return site == "same-origin" if origin is None else origin == self._origin(request)

    def _origin(self, request: Request) -> str:
        return f"http://{request.headers.get('host', '')}" if _host(request) in LOOPBACK else self.admin.url or ""

    def cookie(self, name: str, request: Request) -> str:
        """The cookie's name. By https one that no other site, and nobody without https, can set (RFC 6265bis)."""
        return f"__Host-{name}" if self._is_secure(request) else name

    def cookie_line(self, name: str, value: str, request: Request, seconds: int, same_site: str = "Strict") -> str:
        """A Set-Cookie header."""
        secure = "; Secure" if self._is_secure(request) else ""
        head = f"{self.cookie(name, request)}={value}; Path=/; Max-Age={seconds}"
        return f"{head}; HttpOnly; SameSite={same_site}{secure}"

    def _is_secure(self, request: Request) -> bool:
        return _host(request) not in LOOPBACK


def limited(wait: int) -> ClientError:
    """Too many (429), with the seconds after which there are fewer."""
    error = ClientError("Too many requests; wait a little.", code="rate_limited", status=429)
    error.retry_after = wait
    return error


def _not_ours() -> ClientError:
    return ClientError(
        "This form is none that this session was given; load the page again.", code="forbidden", status=403
    )


def _bearer(value: str) -> str | None:
    scheme, _, token = value.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _address(request: Request) -> str:
    return source(request.client.host if request.client else "")


def _host(request: Request) -> str:
    """The name in the Host header, without its port."""
    host = request.headers.get("host", "").lower()
    return host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]
