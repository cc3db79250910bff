"""What each page of the console shows and does. Whoever gets here may do it; every act is said in the audit log.

Words that people wrote are shown to who uncovers them, once; no list, error or log line of this module has any.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from guardrail.console import pages
from guardrail.console.access import Permission
from guardrail.console.guard import Guard, Visitor
from guardrail.console.oidc import Attempt, Provider
from guardrail.console.ports import Ports
from guardrail.console.receipt_words import EVENTS, LANGUAGES, in_plain_words
from guardrail.console.receipt_words import insert as letter
from guardrail.errors import AuditUnavailable, ClientError, Unauthorized
from guardrail.receipts import Receipt, clock, open_receipt, read_id, to_json
from guardrail.record.archive import Line
from guardrail.record.database import StoreUnusable
from guardrail.record.entry import Code, Event, Kind
from guardrail.redress import Case, Decision, State, read_number
from guardrail.suspension import CAPABILITIES, Scope, Suspension

LAST_EVENTS: Final = 20
LOOKED_THROUGH: Final = 500
LIST: Final = 200
LOGIN_SECONDS: Final = 600
MOST_HOURS: Final = 87_600
_CLOSED: Final = "?closed=1"


@dataclass(frozen=True, slots=True)
class Call:
    """One request, admitted. `form` is what was sent: the fields of a form, or the members of an object."""

    request: Request
    visitor: Visitor | None
    path: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def known(self) -> Visitor:
        """Who asks, where somebody has to."""
        if self.visitor is None:
            raise Unauthorized("A token of this guardrail's administrators is needed.")
        return self.visitor

    @property
    def actor(self) -> Code:
        """As the audit log names him."""
        return self.known.principal.actor

    @property
    def wants_page(self) -> bool:
        """True for a browser."""
        return pages.wants_page(self.request.headers.get("accept", ""))


class Views:
    """The pages."""

    def __init__(self, ports: Ports, guard: Guard) -> None:
        self._ports, self._guard = ports, guard
        self._provider = Provider(ports.connector, ports.clock, ports.ticks)

    # ── coming in and going out ───────────────────────────────────────────────────────────────────────────────

    async def login_page(self, call: Call) -> Response:
        """The form for a token, and the way to the provider of identities."""
        return _page(
            "login",
            configured=self._guard.admin.configured,
            safe=self._guard.is_safe_for_cookies(call.request),
            tokens=bool(self._guard.admin.tokens),
            oidc=self._guard.admin.oidc is not None,
        )

    async def login(self, call: Call) -> Response:
        """A session for a token. Raises Unauthorized, ClientError (403 for a program's, 429), AuditUnavailable."""
        self._need_safety(call.request)
        principal = await self._guard.by_token(call.request, call.form.get("token", "").strip(), "page")
        await self._guard.require(call.request, Visitor(principal), "status")
        return self._come_in(call.request, await self._guard.admit(call.request, principal), 303)

    async def oidc_begin(self, call: Call) -> Response:
        """To the provider of identities."""
        self._need_safety(call.request)
        self._guard.check_attempts(call.request)
        attempt = Attempt.new()
        where = await self._provider.address(self._guard.admin, attempt)
        values = {"state": attempt.state, "nonce": attempt.nonce, "verifier": attempt.verifier}
        sealed = self._guard.sealer.seal("login", values, LOGIN_SECONDS)
        # Lax: the way back begins on the provider's page, and a strict cookie would stay at home.
        cookie = self._guard.cookie_line("guardrail-login", sealed, call.request, LOGIN_SECONDS, "Lax")
        return Response(status_code=303, headers={"location": where, "set-cookie": cookie})

    async def oidc_end(self, call: Call) -> Response:
        """Back from the provider of identities. Raises Unauthorized, ClientError, UpstreamError, AuditUnavailable."""
        self._need_safety(call.request)
        self._guard.check_attempts(call.request)
        request, admin = call.request, self._guard.admin
        sealed = request.cookies.get(self._guard.cookie("guardrail-login", request), "")
        values = self._guard.sealer.open("login", sealed) or {}
        attempt = Attempt(*(str(values.get(name, "")) for name in ("state", "nonce", "verifier")))
        variable = admin.oidc.client_secret_env if admin.oidc else None
        secret = self._ports.environment.get(variable, "").strip() if variable else ""
        try:
            if not attempt.state:
                raise Unauthorized("This login does not hold; begin again.", param="state")
            principal = await self._provider.finish(admin, secret, attempt, call.query)
        except ClientError as error:
            await self._guard.refuse_login(request, error.param or error.code, "oidc")
            raise
        response = self._come_in(request, await self._guard.admit(request, principal), 200)
        response.headers.append("set-cookie", self._guard.cookie_line("guardrail-login", "", request, 0, "Lax"))
        return response

    def _come_in(self, request: Request, cookie: str, status: int) -> Response:
        """With a page in between for who comes from elsewhere: what begins on our own page takes the cookie along."""
        seconds = self._guard.admin.session_minutes * 60
        response = _page("welcome") if status == 200 else Response(status_code=status, headers={"location": "/console"})
        response.headers.append("set-cookie", self._guard.cookie_line("guardrail", cookie, request, seconds))
        return response

    async def logout(self, call: Call) -> Response:
        """Ends the session, for whoever else has its cookie, too."""
        if session := call.known.session:
            await self._guard.close(session)
            await self._ports.commit(Event(Code("logout"), call.actor))
        gone = self._guard.cookie_line("guardrail", "", call.request, 0)
        return Response(status_code=303, headers={"location": "/console/login", "set-cookie": gone})

    def _need_safety(self, request: Request) -> None:
        if not self._guard.is_safe_for_cookies(request):
            raise ClientError(
                "Browsers come in by https under the address that the policy names (`admin.url`), or on this machine.",
                code="https_required",
                status=403,
            )

    # ── how it is ─────────────────────────────────────────────────────────────────────────────────────────────

    async def status(self, call: Call) -> Response:
        """The first page. It shows what there is, even if the store can't be read."""
        compiled, status = self._ports.policy(), self._ports.status()
        gauges = _gauges(self._ports.metrics("")[1])
        holding = await _or_none(self._ports.suspensions.holding)
        counts = await _or_none(self._ports.cases.counts)
        latest = await _or_none(lambda: self._ports.archive.latest_lines(LAST_EVENTS, (Kind.EVENT,)))
        policy = {"name": compiled.policy.name, "version": compiled.policy.version, "sha256": compiled.sha256}
        cases = None if counts is None else (sum(counts.unsettled.values()), sum(counts.overdue.values()))
        values = {
            "ready": status.ready,
            "in_flight": gauges.get("guardrail_exchanges_in_flight"),
            "workers": gauges.get("guardrail_workers"),
            "audit": status.audit,
            "policy": policy,
            "stale": status.stale,
            "expired": list(status.expired),
            "suspended": None if holding is None else [_suspension(each) for each in holding],
            "cases": None if cases is None else {"open": cases[0], "overdue": cases[1]},
            "events": None if latest is None else _events(latest),
        }
        return self._show(call, "status", values)

    async def audit(self, call: Call) -> Response:
        """When the log was verified last, and the signed tree heads."""
        checkpoints = await self._ports.checkpoints()
        events = _events(await self._ports.archive.latest_lines(LOOKED_THROUGH, (Kind.EVENT,)))
        values = {
            "verified": [each for each in events if each["what"] == "verified"][:10],
            "checkpoints": [
                {"writer": each.writer, "size": each.size, "at": _time(each.at), "note": each.note}
                for each in checkpoints
            ],
            "events": events[:LIST],
        }
        return self._show(call, "audit", values)

    async def incidents(self, call: Call) -> Response:
        """What was published, and the form."""
        return await self._incidents(call)

    async def publish(self, call: Call) -> Response:
        """Tells everybody. What may be a person's data is shown to its writer first, who has to say that it is none.

        Raises ClientError, naming the field, RailError and AuditUnavailable: then nothing is published.
        """
        form = call.form
        title, words = form.get("title", ""), form.get("words", "")
        about = await self._about(form.get("about", "").strip())
        if form.get("checked") != "yes" and (seen := await self._ports.identifiers(f"{title}\n{words}")):
            return await self._incidents(call, draft=form, seen=seen)
        await self._ports.incidents.publish(title, words, about, call.actor)
        return Response(status_code=303, headers={"location": "/console/incidents"})

    async def withdraw(self, call: Call) -> Response:
        """Takes one back. Raises ClientError (404, 409), AuditUnavailable."""
        await self._ports.incidents.withdraw(call.path["incident"], call.actor)
        return Response(status_code=303, headers={"location": "/console/incidents"})

    async def _about(self, text: str) -> str:
        """The receipt that an incident is about: given as such, or by the number of a case; "" for none."""
        if not text or len(text) > 20:
            return read_id(text) if text else ""
        return (await self._ports.cases.get(read_number(text))).receipt

    async def _incidents(
        self, call: Call, draft: Mapping[str, str] | None = None, seen: Sequence[str] = ()
    ) -> Response:
        found = await self._ports.incidents.all(LIST)
        values = {
            "incidents": [
                {
                    "id": each.id,
                    "published": _time(each.published),
                    "title": each.title,
                    "words": each.words,
                    "model": each.model,
                    "receipts": each.receipts,
                    "withdrawn": None if each.withdrawn is None else _time(each.withdrawn),
                }
                for each in found
            ]
        }
        if not call.wants_page:
            return _json(values)
        may = call.known.principal.may("publish") and call.known.session is not None
        kept = {name: (draft or {}).get(name, "") for name in ("title", "words", "about")}
        page = _page("incidents", **self._around(call), **values, may=may, draft=kept, seen=", ".join(seen))
        page.status_code = 409 if seen else 200
        return page

    # ── receipts ──────────────────────────────────────────────────────────────────────────────────────────────

    async def receipts(self, call: Call) -> Response:
        """The form to look one up; with `receipt` the way to it."""
        if "receipt" in call.query:
            name = read_id(call.query["receipt"])
            return Response(status_code=303, headers={"location": f"/guardrail/receipts/{name}"})
        return self._show(call, "receipts", {})

    async def receipt(self, call: Call) -> Response:
        """What was done and why. That it was read is said in the log first."""
        found = await self._open(call)
        if not call.wants_page:
            return _json(to_json(found))
        values = {"receipt": found.id, "sections": in_plain_words(found), "languages": LANGUAGES}
        return _page("receipt", **self._around(call), **values)

    async def insert(self, call: Call) -> Response:
        """The paragraph of a letter."""
        found = letter(await self._open(call), call.query.get("language", "en"))
        if not call.wants_page:
            return _json({"language": found.language, "title": found.title, "lines": list(found.lines)})
        return _page("insert", **self._around(call), receipt=call.path["receipt"], letter=found)

    async def _open(self, call: Call) -> Receipt:
        name = read_id(call.path["receipt"])
        rows = await self._ports.archive.of_receipt(name)
        proofs = await self._ports.prove(rows)
        # In a thread: to find the words that were shown, many may have to be said again.
        deciding = await self._ports.deciding(rows)
        found = await asyncio.to_thread(open_receipt, rows, self._ports.policy(), proofs, deciding)
        await self._ports.commit(Event(Code("receipt_read"), call.actor, Code(name)))
        return found

    # ── suspensions ───────────────────────────────────────────────────────────────────────────────────────────

    async def suspensions(self, call: Call) -> Response:
        """What is suspended now and what was, and the form."""
        policy = self._ports.policy().policy
        all_of_them, now = await self._ports.suspensions.history(LIST), int(self._ports.clock() * 1_000_000)
        values = {
            "holding": [_suspension(each) for each in all_of_them if each.holds(now)],
            "over": [_suspension(each) for each in all_of_them if not each.holds(now)],
        }
        if not call.wants_page:
            return _json(values)
        may = call.known.principal.may("suspend") and call.known.session is not None
        offers = {
            "scopes": [scope.value for scope in Scope],
            "targets": _targets(policy.upstreams, [each.name for each in policy.clients], policy.cohorts.surface),
            "may": may,
        }
        return _page("suspensions", **self._around(call), **values, **offers)

    async def suspend(self, call: Call) -> Response:
        """Begins one. Raises ClientError, naming the field, and AuditUnavailable."""
        scope = _one_of(Scope, call.form.get("scope", ""), "scope")
        policy = self._ports.policy().policy
        target = "" if scope is Scope.ALL else call.form.get("target", "").strip()
        known = {Scope.CLIENT: {each.name for each in policy.clients}, Scope.UPSTREAM: set(policy.upstreams)}
        if target not in known.get(scope, {target}):  # a misspelt name would stop nothing
            what = f"target: the policy has no {scope.value} of this name"
            raise ClientError(what, code="invalid_value", param="target")
        made = await self._ports.suspensions.suspend(
            scope, target, call.form.get("reason", ""), call.actor, self._until(call), policy.cohorts.surface
        )
        return self._done(call, "/console/suspensions", {"suspension": _suspension(made)})

    async def resume(self, call: Call) -> Response:
        """Ends one. Raises ClientError (404), AuditUnavailable."""
        (ended,) = await self._ports.suspensions.resume((call.path["suspension"],), call.actor)
        return self._done(call, "/console/suspensions", {"suspension": _suspension(ended)})

    def _until(self, call: Call) -> int | None:
        """The end in microseconds, None for none. Programs say a time, the form says hours."""
        now = self._ports.clock()
        if hours := call.form.get("hours", "").strip():
            if not (hours.isascii() and hours.isdigit() and 0 < int(hours[:6]) <= MOST_HOURS and len(hours) <= 5):
                raise ClientError(f"hours: 1 to {MOST_HOURS:,}", code="invalid_value", param="hours")
            return int((now + int(hours) * 3600) * 1_000_000)
        if not (text := call.form.get("until", "").strip()):
            return None
        try:
            moment = datetime.fromisoformat(text[:40])
            if moment.tzinfo is None:
                raise ValueError
            return int(moment.timestamp() * 1_000_000)
        except (ValueError, OverflowError):
            raise ClientError(
                "until: a time with its zone, as 2026-12-31T18:00:00Z", code="invalid_value", param="until"
            ) from None

    # ── cases ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def cases(self, call: Call) -> Response:
        """The queue, without a word of anybody."""
        closed = call.query.get("closed") == "1"
        states = (State.CLOSED,) if closed else tuple(state for state in State if state is not State.CLOSED)
        found = await self._ports.cases.list(states=states, limit=LIST)
        return self._show(call, "cases", {"closed": closed, "cases": [self._case(each) for each in found]})

    async def case(self, call: Call) -> Response:
        """One case, its words covered."""
        return self._case_page(call, await self._ports.cases.get(read_number(call.path["case"])))

    async def show(self, call: Call) -> Response:
        """One case with its words, which is an event of the log. Raises ClientError (404, 429), AuditUnavailable."""
        found = await self._ports.cases.reveal(read_number(call.path["case"]), call.actor)
        return self._case_page(call, found.case, words=found.words, note=found.note, uncovered=True)

    async def assign(self, call: Call) -> Response:
        """Takes it, or gives it to somebody else."""
        to = call.form.get("to", "").strip() or str(call.actor)
        await self._ports.cases.assign(read_number(call.path["case"]), to, call.actor)
        return self._back_to(call)

    async def close(self, call: Call) -> Response:
        """Settles it."""
        decision = _one_of(Decision, call.form.get("decision", ""), "decision")
        name = read_number(call.path["case"])
        await self._ports.cases.close(name, decision, call.form.get("note", ""), call.actor)
        return self._back_to(call)

    async def reopen(self, call: Call) -> Response:
        """Looks at it again."""
        await self._ports.cases.reopen(read_number(call.path["case"]), call.actor)
        return self._back_to(call)

    def _back_to(self, call: Call) -> Response:
        return Response(status_code=303, headers={"location": f"/console/cases/{read_number(call.path['case'])}"})

    def _case_page(
        self, call: Call, case: Case, *, words: str = "", note: str = "", uncovered: bool = False
    ) -> Response:
        principal = call.known.principal
        values = {
            "case": self._case(case),
            "words": words,
            "note": note,
            "uncovered": uncovered,
            "decisions": [each.value for each in Decision],
            "may_reveal": principal.may("reveal") and call.known.session is not None,
            "may_decide": principal.may("decide") and call.known.session is not None,
        }
        return _page("case", **self._around(call), **values)

    def _case(self, case: Case) -> dict[str, Any]:
        now = int(self._ports.clock() * 1_000_000)
        return {
            "id": case.id,
            "receipt": case.receipt,
            "kind": case.kind.value,
            "state": case.state.value,
            "opened": _time(case.opened),
            "due": _time(case.due) if case.due else None,
            "overdue": case.overdue(now),
            "language": case.language,
            "graphic": case.graphic,
            "has_words": case.has_words,
            "has_note": case.has_note,
            "assigned": case.assigned or None,
            "closed": _time(case.closed) if case.closed else None,
            "decision": case.decision.value if case.decision else None,
        }

    # ── pages ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _show(self, call: Call, name: str, values: Mapping[str, Any]) -> Response:
        """A page for browsers, the same values for programs."""
        return _page(name, **self._around(call), **values) if call.wants_page else _json(values)

    def _done(self, call: Call, page: str, values: Mapping[str, Any]) -> Response:
        """Browsers go back to the page; a reload sends nothing again."""
        if call.known.session is not None:
            return Response(status_code=303, headers={"location": page})
        return _json(values)

    def _around(self, call: Call) -> dict[str, Any]:
        """What stands around every page: where one can go, who one is, and the token for forms."""
        visitor = call.known
        token = self._guard.sessions.form_token(visitor.session) if visitor.session else ""
        links = [(path, title) for path, title, need in _LINKS if visitor.principal.may(need)]
        return {
            "links": links,
            "here": call.request.url.path,
            "who": visitor.principal.name,
            "role": visitor.principal.role.replace("_", " "),
            "csrf": token,
        }


_LINKS: Final[Sequence[tuple[str, str, Permission]]] = (
    ("/console", "Status", "status"),
    ("/console/receipts", "Receipts", "receipts"),
    ("/console/suspensions", "Suspensions", "suspensions"),
    ("/console/cases", "Cases", "cases"),
    ("/console/incidents", "Incidents", "incidents"),
    ("/console/audit", "Audit log", "audit"),
)


def _targets(upstreams: Mapping[str, object], clients: Sequence[str], surfaces: Sequence[str]) -> dict[str, list[str]]:
    """What can be named, by scope; models are names or patterns that only the provider knows."""
    capabilities = [*CAPABILITIES, *(f"surface:{surface}" for surface in surfaces)]
    return {"upstream": sorted(upstreams), "client": sorted(clients), "capability": capabilities}


def _suspension(each: Suspension) -> dict[str, Any]:
    return {
        "id": each.id,
        "scope": each.scope.value,
        "target": each.target or None,
        "reason": each.reason,
        "actor": each.actor,
        "since": _time(each.since),
        "until": _time(each.until) if each.until else None,
        "ended": _time(each.ended) if each.ended else None,
        "ended_by": each.ended_by or None,
    }


def _gauges(page: bytes) -> dict[str, int]:
    """The values on a metrics page that stand there without labels."""
    return {name.decode(): int(float(value)) for name, value in _GAUGE.findall(page)}


_GAUGE: Final = re.compile(rb"^(guardrail_[a-z_]+) ([0-9.]+)$", re.MULTILINE)


def _events(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """What can't be read is shown as just that, where it stands: who damages an entry hides no other."""
    return [_read_event(line) for line in lines]


def _read_event(line: Line) -> dict[str, Any]:
    try:
        return _event(line.at, line.read().entry)
    except StoreUnusable:
        facts = {"writer": line.writer, "entry": line.seq}
        words = "an entry that can't be read: it was damaged or changed (guardrail audit verify)"
        shown = {"at": _time(line.at), "what": "unreadable", "in_words": words, "actor": "unknown"}
        return {**shown, "receipt": None, "facts": facts}


def _event(at: int, event: Any) -> dict[str, Any]:
    return {
        "at": _time(at),
        "what": str(event.what),
        "in_words": EVENTS.get(event.what, str(event.what).replace("_", " ")),
        "actor": str(event.actor),
        "receipt": None if event.receipt == "none" else str(event.receipt),
        "facts": {name: fact if isinstance(fact, bool | int) else str(fact) for name, fact in event.facts.items()},
    }


def _one_of(kind: Callable[[str], Any], value: str, param: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(each.value for each in kind)  # type: ignore[attr-defined]  # an enumeration
        raise ClientError(f"{param}: one of {known}", code="invalid_value", param=param) from None


async def _or_none(read: Callable[[], Any]) -> Any:
    """None while the store can't be read: the rest of the page is all the more wanted then."""
    try:
        return await read()
    except (AuditUnavailable, StoreUnusable):
        return None


def _time(at: int) -> str:
    return clock(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at))


def _page(name: str, **values: object) -> Response:
    return Response(pages.render(name, **values), media_type=pages.HTML)


def _json(values: Mapping[str, Any]) -> Response:
    return Response(json.dumps(values, ensure_ascii=False), media_type=pages.JSON)
