"""A console with everything real behind it but the proxy: a store, cases, suspensions, incidents; the log is a list."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import httpx

from guardrail.build import read_policy
from guardrail.console.app import PLACES, Console, Place
from guardrail.console.closed import ClosedSessions
from guardrail.console.ports import Ports, Status
from guardrail.incidents import Incidents
from guardrail.policy.admin import Admin
from guardrail.policy.compile import Compiled, compile_policy
from guardrail.policy.disclosure import Disclosure
from guardrail.proofs import Checkpoint
from guardrail.record import entry
from guardrail.record.archive import Line
from guardrail.record.entry import (
    Asked,
    Code,
    End,
    Found,
    Intent,
    Kind,
    Outcome,
    PolicyRef,
    Shown,
    Timings,
    Usage,
    Who,
)
from guardrail.redress import Desk
from guardrail.suspension import Suspensions
from guardrail.text import Action, Direction, Risk
from guardrail.wire.upstream import Upstream
from tests.support.evidence import Log, Store

OPS, OFFICER, AUDITOR = "ops-token-1f0c", "officer-token-77b1", "auditor-token-0d2e"
SCRAPER = "scraper-token-5b9a"
ROLES = {"ops": OPS, "privacy_officer": OFFICER, "auditor": AUDITOR, "metrics": SCRAPER}
RECEIPT = "0123456789abcdef0123456789abcdef"
LOCAL = "http://127.0.0.1:9090"


def sha(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def admin(**more: Any) -> Admin:
    tokens = [
        {"name": f"the-{role.replace('_', '-')}", "role": role, "token_sha256": sha(t)} for role, t in ROLES.items()
    ]
    return Admin.model_validate({"tokens": tokens, **more})


@cache
def baseline() -> Compiled:
    return compile_policy(read_policy(), lambda key: None)  # type: ignore[arg-type, return-value]


def compiled(own: Admin | None = None, disclosure: Disclosure | None = None) -> Compiled:
    changed: dict[str, Any] = {"admin": own if own is not None else admin()}
    if disclosure is not None:
        changed["disclosure"] = disclosure
    return replace(baseline(), policy=baseline().policy.model_copy(update=changed))


def exchange(receipt: str = RECEIPT, policy: Compiled | None = None, **more: Any) -> tuple[Intent, Outcome]:
    """One exchange as the log has it: a question with a name in it, about health."""
    known = policy or baseline()
    ref = PolicyRef(Code(known.policy.name), known.policy.version, Code(known.sha256))
    who = Who(
        client=Code("ward-chat"),
        dialect=Code("openai.chat"),
        model=Code("gpt-4.1-mini"),
        upstream=Code("openai"),
        surface=Code("patient"),
        cohort={"age_band": Code("40-64")},
    )
    outcome = Outcome(
        receipt=Code(receipt),
        who=who,
        policy=ref,
        end=End.ANSWERED,
        action=Action.REPLACE,
        status=200,
        served=Code("gpt-4.1-mini-2026-08-01"),
        language=Code("en"),
        asked=Asked(True, Risk.HIGH, (Code("medication"),), (), Code("health_information")),
        found=(
            Found(Code("phi"), Code("NAME"), Direction.REQUEST, Action.REPLACE, 2),
            Found(Code("medical"), Code("high.medication"), Direction.REQUEST, Action.WARN, 1),
            Found(Code("notice"), Code("origin"), Direction.RESPONSE, Action.WARN, 1),
        ),
        places=(entry.Place(Direction.REQUEST, 0, 11, 19, Code("phi"), Code("NAME"), Action.REPLACE),),
        shown=(
            Shown(Code("notice"), Code("en"), Code(opening_sha256())),
            Shown(Code("warning"), Code("en"), Code(opening_sha256())),
        ),
        timings=Timings(21_000, 48_000, 900_000, 960_000),
        request_bytes=512,
        answer_bytes=2_048,
        usage=Usage(input=120, output=333),
    )
    return Intent(Code(receipt), replace(who, model=Code("none")), ref), replace(outcome, **more)


@cache
def opening() -> str:
    """What the baseline says before the answer to such a question, asked of the chain itself."""
    from guardrail.rails.base import About
    from guardrail.text import Assessment, Role

    asked = Assessment(True, ("medication",), Risk.HIGH)
    about = About(Direction.RESPONSE, Role.ASSISTANT, language="en", surface="patient", assessment=asked)
    head = baseline().response.open(about).head()
    assert head is not None
    return head.text


def opening_sha256() -> str:
    return hashlib.sha256(opening().encode()).hexdigest()


@dataclass
class ListLog(Log):
    """As the archive gives it; of an entry that is `damaged`, by its number, other bytes are there."""

    damaged: dict[int, str] = field(default_factory=dict)

    async def latest_lines(self, limit: int, kinds: Collection[Kind] = ()) -> Sequence[Line]:
        found = [line for line in reversed(self.lines) if not kinds or line.kind in kinds]
        return [
            Line(each.writer, each.seq, each.at, each.kind.value, None, self._body(each.seq), b"")
            for each in found[:limit]
        ]

    def _body(self, seq: int) -> str:
        return self.damaged.get(seq, entry.to_json(self.lines[seq].entry))


@dataclass
class Ticks:
    """Seconds that pass when a test says so."""

    now: float = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class House:
    store: Store
    policy: Compiled = field(default_factory=compiled)
    host: str = "127.0.0.1"
    environment: Mapping[str, str] = field(default_factory=dict)
    secret: bytes = b"k" * 32
    log: ListLog = field(default_factory=ListLog)
    clock: Ticks = field(default_factory=Ticks)
    counted: list[str] = field(default_factory=list)
    checkpoints: Sequence[Checkpoint] = ()
    ca_file: str | None = None
    """Certificates that are trusted."""

    def __post_init__(self) -> None:
        self.log.clock.now = int(self.clock.now * 1e6)

        def micros() -> int:
            return int(self.clock.now * 1e6)

        write, database = self.log.write, self.store.database
        self.suspensions = Suspensions(database, write, clock=micros)
        self.desk = Desk(database, write, bytes(range(32)), lambda: self.policy.policy.redress, micros)
        self.incidents = Incidents(database, write, self.log, micros)

        async def checkpoints() -> Sequence[Checkpoint]:
            return self.checkpoints

        self.ports = Ports(
            host=self.host,
            policy=lambda: self.policy,
            status=lambda: Status(True, audit=True),
            metrics=lambda accept: (
                "text/plain",
                b'guardrail_exchanges_in_flight 3.0\nguardrail_workers 2.0\nguardrail_x{a="b"} 7.0\n',
            ),
            archive=self.log,
            commit=write,
            suspensions=self.suspensions,
            cases=self.desk,
            incidents=self.incidents,
            closed=ClosedSessions(database),
            identifiers=self.identifiers,
            connector=Upstream(self.ca_file),
            secret=self.secret,
            environment=self.environment,
            checkpoints=checkpoints,
            count=self.counted.append,
            clock=self.clock,
            ticks=self.clock,
        )
        self.app = Console(self.ports)

    async def identifiers(self, words: str) -> Sequence[str]:
        """A toy of a PHI rail: it knows one patient."""
        return ["NAME"] if "Erika Musterfrau" in words else []

    @staticmethod
    def places() -> Sequence[Place]:
        """All that there is, known without a store."""
        return PLACES

    def browser(self, address: str = "127.0.0.1", base: str = LOCAL) -> Browser:
        return Browser(self, address, base)

    def api(
        self, method: str, path: str, token: str = "", *, address: str = "127.0.0.1", **more: Any
    ) -> httpx.Response:
        headers = {**({"authorization": f"Bearer {token}"} if token else {}), **more.pop("headers", {})}
        return Browser(self, address, LOCAL, page=False).ask(method, path, headers=headers, **more)


class Browser:
    """Keeps cookies, sends what browsers send, and fills in forms."""

    def __init__(self, house: House, address: str, base: str, *, page: bool = True) -> None:
        self.house, self.base, self.page = house, base, page
        self.address = address
        self.cookies: dict[str, str] = {}
        self.set_cookies: list[str] = []

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self.house.store.run(self._ask(method, path, **more))

    async def _ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        transport = httpx.ASGITransport(self.house.app, client=(self.address, 4321), raise_app_exceptions=True)
        own = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"} if self.page else {}
        if self.cookies:
            own["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self.page and method == "POST":
            own |= {"origin": self.base, "sec-fetch-site": "same-origin"}
        given = {name: value for name, value in {**own, **(headers or {})}.items() if value}
        async with httpx.AsyncClient(transport=transport, base_url=self.base) as client:
            answer = await client.request(method, path, headers=given, **more)
        self.set_cookies = answer.headers.get_list("set-cookie")
        for line in self.set_cookies:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def login(self, token: str) -> httpx.Response:
        return self.ask("POST", "/console/login", data={"token": token})

    def form_token(self, path: str = "/console") -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', self.ask("GET", path).text)
        assert found is not None
        return found[1]

    def post(self, path: str, **fields: str) -> httpx.Response:
        return self.ask("POST", path, data={"csrf": self.form_token(), **fields})
