"""What is suspended for now, so that it harms nobody (WHO-11): by whom, why, until when; seen by every worker in time.

Suspensions stand in the shared evidence store. Each worker reads them about once a second, so one holds everywhere
within five seconds; it ends by itself, or when somebody resumes. A worker that can't read them any more stops asking
models: what it doesn't know it doesn't do. Every change is an event of the audit log; the reason, which somebody
wrote, is in the table only, and the log holds its SHA-256.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
import secrets
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any, Final

from sqlalchemy import Row, Select, select, update

from guardrail.errors import AuditUnavailable, ClientError, GuardrailError
from guardrail.policy.model import Policy
from guardrail.policy.redress import TextName
from guardrail.record import beside, log
from guardrail.record.database import Database
from guardrail.record.entry import Code, Event, code
from guardrail.record.tables import suspensions

EVERY_SECONDS: Final = 0.5
"""Between two readings."""
PATIENCE_SECONDS: Final = 5.0
"""Without a reading for so long, nothing is known."""
READING_SECONDS: Final = 2.0
MAX_REASON: Final = 500
LONGEST_DAYS: Final = 3_660
UNSPECIFIED: Final = "unspecified"
_DAY: Final = 86_400 * 1_000_000
_MODEL = re.compile(r"[A-Za-z0-9._:@/*?+-]{1,200}")
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")
_SURFACE = re.compile(r"surface:[A-Za-z0-9][A-Za-z0-9_+.-]{0,31}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What is no line of text, is shown otherwise than it is written (bidi controls), or is no character at all."""

Record = Callable[[Event], Awaitable[None]]
"""Writes to the audit log; returns once it is durable, raises AuditUnavailable."""


class Scope(StrEnum):
    """Of what the use is suspended."""

    MODEL = "model"
    CLIENT = "client"
    UPSTREAM = "upstream"
    CAPABILITY = "capability"
    ALL = "all"


CAPABILITIES: Final[Mapping[str, str]] = {
    "medical_answers": "every question that is found to be about health",
    "general_information": "requests that are said to be for it",
    "health_information": "questions about health that no other use explains",
    "decision_support": "requests that are said to be for it, and questions about health that say no use",
    "documentation": "requests that are said to be for it",
    "translation": "requests that are said to be for it",
    "education": "requests that are said to be for it",
    "research": "requests that are said to be for it",
    "administration": "requests that are said, or found, to be for it",
    "tools": "requests that let the model call tools",
    "media": "requests with images, audio or files that pass uninspected",
}
"""What can be suspended of what people do with a model; beside them `surface:NAME`, one surface of the policy."""


@dataclass(frozen=True, slots=True)
class Suspension:
    """One suspension. Times are microseconds since 1970; without `until` it holds until somebody resumes."""

    id: str
    scope: Scope
    target: str
    reason: str = field(repr=False)
    actor: str
    since: int
    until: int | None = None
    ended: int | None = None
    ended_by: str = ""

    def holds(self, now: int) -> bool:
        """True if it counts at that time."""
        return self.ended is None and (self.until is None or now < self.until)


UNKNOWN: Final = Suspension("unknown", Scope.ALL, "", "the suspensions can't be read", "system", 0)
"""Stands for whatever there may be while nothing can be read."""


class Suspended(GuardrailError):
    """The use is suspended. For answers that can't hold words of ours; a client need not try again by itself."""

    status = 403
    default_code = "suspended"

    def __init__(self, by: Suspension) -> None:
        super().__init__("the use of this is suspended for now")
        self.by = by


def capabilities(
    *, medical: bool, task: str, use: str, surface: str, tools: bool = False, media: bool = False
) -> frozenset[str]:
    """What a request makes use of, as far as a suspension could mean it.

    `task` is what it was found to be about and `use` what its application says; "" and "unspecified" say nothing.
    """
    found = {f"surface:{surface}", *({task, use} & set(CAPABILITIES))}
    if medical:
        found.add("medical_answers")
        if use in ("", UNSPECIFIED):
            found.add("decision_support")  # nobody says that it is anything milder
    return frozenset(found | ({"tools"} if tools else set()) | ({"media"} if media else set()))


def stops(
    suspension: Suspension,
    client: str = "",
    upstream: str = "",
    models: Collection[str] = (),
    capabilities: Collection[str] = (),
) -> bool:
    """True if the suspension means this use. `models` are all that may answer, "" where nobody says which."""
    target = suspension.target
    match suspension.scope:
        case Scope.ALL:
            return True
        case Scope.CLIENT:
            return client == target
        case Scope.UPSTREAM:
            return upstream == target
        case Scope.MODEL:
            return any(_is_model(model, target) for model in models)
        case Scope.CAPABILITY:
            untold = f"surface:{UNSPECIFIED}" in capabilities and target.startswith("surface:")
            return target in capabilities or untold


def _is_model(model: str, pattern: str) -> bool:
    """Whole, or without what stands before its last slash (`models/NAME`), in any case of letters.

    What is no plain name may be any model: a provider reads "gpt-4o " as it likes.
    """
    name, wanted = model.lower().strip("/"), pattern.lower()
    plain = _MODEL.fullmatch(name) is not None
    return not plain or fnmatchcase(name, wanted) or fnmatchcase(name.rpartition("/")[2], wanted)


def check(scope: Scope, target: str, surfaces: Collection[str] | None = None) -> None:
    """Raises ClientError (naming the field) for a target that could stop nothing."""
    if scope is Scope.ALL:
        fits, what = not target, "the scope `all` has no target"
    elif scope is Scope.MODEL:
        fits, what = bool(_MODEL.fullmatch(target)), "name a model, or a pattern such as gpt-4o*"
    elif scope is Scope.CAPABILITY:
        known = surfaces is None or target.partition(":")[2] in surfaces
        fits = target in CAPABILITIES or bool(_SURFACE.fullmatch(target) and known)
        what = f"name one of {', '.join(CAPABILITIES)}, or a surface as surface:patient"
    else:
        fits, what = bool(_NAME.fullmatch(target)), f"name the {scope} as the policy does"
    if not fits:
        raise ClientError(f"target: {what}", code="invalid_value", param="target")


def said(policy: Policy, by: Suspension, *, midway: bool = False) -> Callable[[str], str]:
    """By language, what a reader is told, and the way to people: in place of an answer, or `midway` at its end."""
    if by is UNKNOWN:
        return policy.texts.unavailable_in
    name: TextName = "stopped" if midway else "suspended"
    return lambda language: policy.redress.words(name, language, policy.gates.way(language))


class Halt:
    """Ends the task that runs in its `with` block as soon as a suspension means it. Made by `Suspensions.watch`."""

    def __init__(self, halts: set[Halt], find: Callable[[], Suspension | None]) -> None:
        self._halts, self._find = halts, find
        self._by: Suspension | None = None
        self._task: asyncio.Task[object] | None = None

    def __enter__(self) -> Halt:
        self._task = asyncio.current_task()
        self._halts.add(self)
        self.look()
        return self

    def __exit__(self, *_: object) -> None:
        self._halts.discard(self)

    def done(self) -> None:
        """What was to be decided is decided: the answer leaves, or has ended, and is cancelled no more."""
        self._halts.discard(self)

    def look(self) -> None:
        """Called at every change of the suspensions; cancels the task, once."""
        if self._by is None and self._task is not None and (found := self._find()) is not None:
            self._by = found
            self._task.cancel()

    def forgiven(self) -> Suspension | None:
        """The suspension that cancelled the task, which is then taken back, once; None if it was nothing of ours."""
        if self._by is not None and self._task is not None:
            self._task.uncancel()
            self._task = None
        return self._by


class Suspensions:
    """The suspensions of one store: what holds now, as this worker knows it, and how it is changed.

    `start` and `close` are for workers; a process that only changes something needs neither.
    """

    def __init__(
        self,
        database: Database,
        record: Record,
        *,
        clock: Callable[[], int] | None = None,
        every: float = EVERY_SECONDS,
        patience: float = PATIENCE_SECONDS,
        reading: float = READING_SECONDS,
        count: Callable[[Mapping[str, int]], None] = lambda counts: None,
    ) -> None:
        """`count` is told how many hold, by scope, at every change. The rest is in seconds: between two readings,
        without one until nothing is known, and for one.
        """
        self._database, self._record, self._clock = database, record, clock or _unhurried()
        self._every, self._patience, self._longest, self._count = every, patience, reading, count
        self._rows: tuple[Suspension, ...] = ()
        self._told: tuple[str, ...] | None = None
        self._halts: set[Halt] = set()
        self._polling: asyncio.Task[None] | None = None
        self._reading: asyncio.Task[Sequence[Suspension]] | None = None
        self._read_at = time.monotonic()
        self._missed = 0
        self._changes = 0

    # ── what holds ────────────────────────────────────────────────────────────────────────────────────────────

    async def start(self) -> None:
        """Reads them, and goes on doing so. Raises AuditUnavailable: who knows nothing serves nobody."""
        await self.refresh()
        self._polling = asyncio.create_task(self._poll())

    async def close(self) -> None:
        """No more readings."""
        for task in (self._polling, self._reading):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError, AuditUnavailable):
                    await task

    @property
    def known(self) -> bool:
        """False once they could not be read for too long."""
        if self._polling is not None and self._polling.done():
            return False
        return self._missed < 2 or time.monotonic() - self._read_at < self._patience

    def current(self) -> tuple[Suspension, ...]:
        """All that hold, the oldest first."""
        now = self._clock()
        return tuple(each for each in self._rows if each.holds(now))

    def stops(
        self,
        client: str = "",
        upstream: str = "",
        models: Collection[str] = (),
        capabilities: Collection[str] = (),
    ) -> Suspension | None:
        """The suspension for which a use may not begin, as in the function `stops`; UNKNOWN if nothing is known."""
        if not self.known:
            return UNKNOWN
        return self._ends(client, upstream, models, capabilities)

    def watch(
        self,
        client: str = "",
        upstream: Callable[[], str] | str = "",
        models: Collection[str] = (),
        capabilities: Collection[str] = (),
        served: Callable[[], str] = lambda: "",
    ) -> Halt:
        """A `with` block that is cancelled by a suspension of this use; not by mere ignorance: its end is audited.

        `upstream` may be a function, where another one may be asked in the end. `served` is the model that the answer
        names, "" as long as it names none.
        """

        def find() -> Suspension | None:
            asked = self._ends(client, upstream() if callable(upstream) else upstream, models, capabilities)
            return asked or self.answers(served())

        return Halt(self._halts, find)

    def answers(self, served: str) -> Suspension | None:
        """The suspension of the model that an answer names: behind an alias another one may answer than was asked."""
        return self._ends("", "", (served,), ()) if served else None

    def _ends(
        self, client: str, upstream: str, models: Collection[str], capabilities: Collection[str]
    ) -> Suspension | None:
        if not self._rows:
            return None
        return next((each for each in self.current() if stops(each, client, upstream, models, capabilities)), None)

    async def refresh(self) -> None:
        """Reads them now. Raises AuditUnavailable; then what was known still counts."""
        changes = self._changes
        reading = self._reading = self._reading or asyncio.create_task(self._read())
        done, _ = await asyncio.wait({reading}, timeout=self._longest)
        if not done:  # a store that hangs is not asked again before it has answered
            self._missed += 1
            raise AuditUnavailable("the suspensions could not be read in time")
        if self._reading is reading:
            self._reading = None
        try:
            rows = reading.result()
        except Exception:
            self._missed += 1
            raise
        self._missed, self._read_at = 0, time.monotonic()
        if changes == self._changes:  # else it may have been read before the change; the next reading knows both
            self._take(tuple(rows))
        await self._expire()

    def _take(self, rows: tuple[Suspension, ...]) -> None:
        self._rows = rows
        holding = self.current()
        now = tuple(each.id for each in holding)
        if now == self._told:
            return
        self._told = now
        counts = Counter(each.scope.value for each in holding)
        self._count({scope.value: counts[scope.value] for scope in Scope})
        for halt in tuple(self._halts):
            halt.look()

    async def _poll(self) -> None:
        failing = False
        while True:
            await asyncio.sleep(self._every)
            try:
                await self.refresh()
                failing = False
            except Exception as error:  # noqa: BLE001 - else nothing would ever be known again
                if not failing:
                    _tell_unread(error)
                failing = True

    async def _read(self) -> Sequence[Suspension]:
        open_ones = select(suspensions).where(suspensions.c.ended.is_(None))
        return await self._rows_of(open_ones.order_by(suspensions.c.since, suspensions.c.id))

    async def _expire(self) -> None:
        """Marks what is over; the one who does so says it in the log."""
        now = self._clock()
        for each in self._rows:
            if each.until is not None and each.until <= now:
                try:
                    if await self._end(each.id, each.until, "system"):
                        await self._record(Event(Code("suspension_expired"), facts=_facts(each)))
                except AuditUnavailable:
                    return  # it is over anyhow; the next reading tries again, or the log has taken the event
        self._rows = tuple(each for each in self._rows if each.holds(now))

    # ── changes ───────────────────────────────────────────────────────────────────────────────────────────────

    async def suspend(
        self,
        scope: Scope,
        target: str,
        reason: str,
        actor: str,
        until: int | None = None,
        surfaces: Collection[str] | None = None,
    ) -> Suspension:
        """Holds in this process at once, in every other within seconds.

        Raises ClientError, naming the field, and AuditUnavailable: then it may hold all the same, which does no harm.
        """
        check(scope, target, surfaces)
        now, why = self._clock(), _reason(reason)
        if until is not None and not now < until <= now + LONGEST_DAYS * _DAY:
            raise ClientError("until: a time to come, within ten years", code="invalid_value", param="until")
        made = Suspension(f"s-{secrets.token_hex(6)}", scope, target, why, _actor(actor), now, until)
        values = {
            "id": made.id,
            "scope": scope.value,
            "target": target,
            "reason": why,
            "actor": made.actor,
            "since": now,
            "until": until,
        }
        await beside.change(self._database, suspensions.insert().values(values))
        self._changes += 1
        self._take((*self._rows, made))
        await self._record(Event(Code("suspended"), Code(made.actor), facts=_facts(made)))
        return made

    async def resume(self, ids: Collection[str], actor: str) -> Sequence[Suspension]:
        """Ends them; said in the log first. Raises ClientError if one does not hold any more, AuditUnavailable."""
        holding = {each.id: each for each in await self._read() if each.holds(self._clock())}
        if not ids or not set(ids) <= set(holding):
            raise ClientError("no such suspension holds", code="unknown_record", param="id", status=404)
        by, ended = _actor(actor), []
        for each in (holding[name] for name in ids):
            await self._record(Event(Code("resumed"), Code(by), facts=_facts(each)))
            now = self._clock()
            await self._end(each.id, now, by)
            ended.append(replace(each, ended=now, ended_by=by))
        self._changes += 1
        self._take(tuple(each for each in self._rows if each.id not in ids))
        return ended

    async def holding(self, scope: Scope | None = None, target: str = "") -> Sequence[Suspension]:
        """All that hold, as the store says; of one scope and target if they are given."""
        now = self._clock()
        found = [each for each in await self._read() if each.holds(now)]
        return [each for each in found if scope is None or (each.scope, each.target) == (scope, target)]

    async def history(self, limit: int = 100) -> Sequence[Suspension]:
        """The latest first, those that are over, too."""
        return await self._rows_of(select(suspensions).order_by(suspensions.c.since.desc()).limit(limit))

    async def _end(self, name: str, at: int, by: str) -> bool:
        """True if this call ended it."""
        ending = update(suspensions).where(suspensions.c.id == name, suspensions.c.ended.is_(None))
        return bool(await beside.change(self._database, ending.values(ended=at, ended_by=by)))

    async def _rows_of(self, query: Select[Any]) -> Sequence[Suspension]:
        return [_suspension(row) for row in await beside.rows(self._database, query)]


def _tell_unread(error: Exception) -> None:
    if isinstance(error, AuditUnavailable):
        log.event("suspensions_unread", level=logging.ERROR)
    else:
        log.unexpected(error, "suspensions_unread")


def _unhurried() -> Callable[[], int]:
    """Microseconds since 1970. Setting the machine's clock forward ends no suspension early (AUD-09)."""
    ahead = time.time_ns() - time.monotonic_ns()
    return lambda: min(time.time_ns(), time.monotonic_ns() + ahead) // 1_000


def _suspension(row: Row[Any]) -> Suspension:
    known = row.scope in set(Scope)  # nobody wrote such a row; what it should stop is not known
    scope, target = (Scope(row.scope), row.target) if known else (Scope.ALL, "")
    return Suspension(row.id, scope, target, row.reason, row.actor, row.since, row.until, row.ended, row.ended_by or "")


def _facts(suspension: Suspension) -> Mapping[str, Code | int | bool]:
    """For the log: no word that somebody wrote. A target that is no code (a pattern) is there as its SHA-256."""
    target = suspension.target
    return {
        "id": code(suspension.id),
        "scope": code(suspension.scope.value),
        **({"target": code(target), "target_sha256": _sha256(target)} if target else {}),
        "reason_sha256": _sha256(suspension.reason),
        **({"until": suspension.until} if suspension.until is not None else {}),
    }


def _sha256(text: str) -> Code:
    return Code(hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest())


def _reason(text: str) -> str:
    """One line that somebody else can act on."""
    said = text.strip()
    if not 3 <= len(said) <= MAX_REASON or _CONTROL.search(said):
        raise ClientError(
            f"reason: one line of 3 to {MAX_REASON} characters, none of them a control, without a patient's data",
            code="invalid_value",
            param="reason",
        )
    return said


def _actor(name: str) -> str:
    try:
        return Code(name)
    except ValueError:
        raise ClientError("actor: a name without spaces", code="invalid_value", param="actor") from None
