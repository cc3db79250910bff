"""The audit log as one process writes it: group commit, a bounded wait, fail closed, recovery by itself.

Entries that arrive while a transaction is under way go together in the next one, in the order of the calls. Who waits
is told within `deadline` seconds: durable, or AuditUnavailable. While the store is known to be bad, intents are
refused at once, so that nothing goes to a provider; outcomes are kept and written when it works again. A probe every
half second finds out; what happened meanwhile is an event of its own. No entry that was taken is lost by a fault, by a
waiter that goes away, or by a transaction whose end nobody heard of.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final

from guardrail import __version__
from guardrail.errors import AuditUnavailable
from guardrail.record import log, subjects
from guardrail.record.chain import Chain, Stored, origin_of
from guardrail.record.database import FAULTS, Database, StoreUnusable, cause, why
from guardrail.record.entry import NONE, Code, End, Entry, Event, Intent, Outcome, code, kind_of, to_json
from guardrail.record.heads import LOG, HeadFile, append
from guardrail.record.journal import Batch, Journal, Moved, TakenOver
from guardrail.record.keys import Keys
from guardrail.record.resume import Left, heads_of_others, orphans_of_the_dead, resume
from guardrail.text import Action

PROBE_SECONDS: Final = 0.5
START_SECONDS: Final = 5.0
MAX_BATCH: Final = 1_000
MAX_HEADS: Final = 200
_STEP_US: Final = 1_000_000
"""A clock that differs by so much from what the monotonic one says was set."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Seconds, and how many entries wait at most. `patience` is for the writer's lock."""

    deadline: float = 2.0
    checkpoint_seconds: float = 60.0
    queue: int = 10_000
    patience: float = 3.0


@dataclass(frozen=True, slots=True)
class Hooks:
    """Who is told what. Called in the event loop, and never with anything of an entry.

    result      entries that were `written`, `late` (not durable in time, still to be written), `refused` (not taken)
    seconds     from the call until an entry was durable
    pending     entries that wait
    stalled     whether the store is known to be bad
    checkpoint  a signed head, as a note, for whoever keeps it elsewhere
    """

    result: Callable[[str, int], None] = lambda what, count: None
    seconds: Callable[[float], None] = lambda seconds: None
    pending: Callable[[int], None] = lambda count: None
    stalled: Callable[[bool], None] = lambda stalled: None
    checkpoint: Callable[[str], None] = lambda note: None


@dataclass(slots=True, eq=False)
class _Taken:
    entry: Entry
    body: str
    at: int
    future: asyncio.Future[None]
    began: float
    subject: Mapping[str, Any] | None = None
    timer: asyncio.TimerHandle = field(init=False)
    """Once it waits in the queue."""


@dataclass(frozen=True, slots=True)
class _Group:
    """What goes into one transaction: entries of the queue, and perhaps the event of a fault."""

    batch: Batch
    taken: Sequence[_Taken]
    told: _Taken | None

    @property
    def start(self) -> int:
        """The number of its first entry."""
        return self.batch.chain.size - len(self.batch.rows)


@dataclass(slots=True)
class _Fault:
    """The store does not work. `refused` counts what was not taken meanwhile."""

    cause: str
    since: float
    refused: int = 0
    doubtful: _Group | None = None
    """A transaction of which nobody knows whether it was committed, or whose head could not be anchored."""


class Ledger:
    """One writer. Belongs to one event loop; `start` before the first entry, `close` after the last."""

    def __init__(
        self,
        database: Database,
        keys: Keys,
        slot: str,
        settings: Settings = Settings(),
        hooks: Hooks = Hooks(),
        clock: Callable[[], int] = time.time_ns,
        monotonic: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        """`slot` tells the processes of one data folder apart; `clock` and `monotonic` count nanoseconds."""
        self.database, self.keys, self.settings = database, keys, settings
        self.writer = f"{keys.instance}.{slot}"
        self._hooks, self._clock, self._monotonic = hooks, clock, monotonic
        self._journal = Journal(database, keys, self.writer)
        self._head = HeadFile(database.place.folder, self.writer)
        self._chain = Chain(self.writer)
        self._queue: deque[_Taken] = deque()
        self._wake = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None
        self._closing = False
        self._fault: _Fault | None = None
        self._commitments: dict[Code, Code] = {}
        """Exchanges whose intent was taken and whose outcome was not, and what commits to their subject."""
        self._open: dict[Code, int] = {}
        """Intents without outcome in the database: their entry's number, the oldest first."""
        self._latest = 0
        self._clocks = (0, 0)
        self._checkpoint_at = 0.0
        self._checkpointed = 0

    # ── the face ──────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def stalled(self) -> bool:
        """True while the store is known to be bad: nothing can be answered then."""
        return self._fault is not None

    @property
    def size(self) -> int:
        """Entries that are durable."""
        return self._chain.size

    @property
    def is_signed(self) -> bool:
        """True if the last checkpoint covers all that is durable."""
        return self._fault is None and self._checkpointed == self._chain.size

    async def commit(self, entry: Entry, *, subject: str = "") -> None:
        """Durable when this returns. Raises AuditUnavailable after at most `deadline` seconds."""
        await self.submit(entry, subject=subject)

    def submit(self, entry: Entry, *, subject: str = "") -> asyncio.Future[None]:
        """Takes an entry at once; the future ends when it is durable, or raises AuditUnavailable.

        Cancelling the future loses nothing. `subject` is the pseudonym of whom an intent is about: the entry gets a
        commitment to it, the pseudonym itself is kept nowhere. Raises ValueError for an entry that can't be written.
        """
        return self._take(entry, subject)

    def _take(self, entry: Entry, subject: str = "", seconds: float | None = None) -> asyncio.Future[None]:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        future.add_done_callback(_heard)
        if self._refuses(entry):
            self._refuse(future)
            return future
        entry, link = self._about(entry, subject)
        taken = _Taken(entry, to_json(entry), self._now(), future, time.monotonic(), link)
        self._begin(entry)
        self._put(taken, self._patience(entry) if seconds is None else seconds)
        return future

    async def start(self) -> None:
        """Takes the lock, verifies where the log stands, and writes what the last process could not.

        Raises StoreUnusable: another process has the lock, the key is not the log's, entries are missing or changed.
        Raises AuditUnavailable if the store can't be written to.
        """
        async with AsyncExitStack() as locks:
            left, first = await self._open_journal(locks)
            self._chain, self._latest, self._checkpointed = left.chain, left.chain.at, left.chain.size
            self._checkpoint_at = time.monotonic()
            self._worker = asyncio.create_task(self._work(), name="audit")
            self._worker.add_done_callback(self._ended)
            started = [self._take(entry, seconds=START_SECONDS) for entry in first]
            try:
                await asyncio.gather(*started)
            except AuditUnavailable:
                reason = self._fault.cause if self._fault else "slow"
                await self.close(0)
                raise AuditUnavailable(f"the audit log can't be written ({reason}); see docs/audit.md") from None

    async def _open_journal(self, locks: AsyncExitStack) -> tuple[Left, list[Entry]]:
        try:
            await self._journal.open(self.settings.patience)
            left = await resume(self._journal)
            return left, await self._first_entries(left, locks)
        except FAULTS as error:
            await self._journal.close()
            raise StoreUnusable(f"{self.database.name} can't be used: {why(error)}") from None
        except ValueError:
            await self._journal.close()
            raise StoreUnusable(f"{self.database.name} holds something that this version can't read") from None
        except StoreUnusable:
            await self._journal.close()
            raise

    async def close(self, seconds: float = 5.0) -> None:
        """Writes what waits and a last signed head, for so long at most. What could not be written is logged."""
        if self._worker is None:
            return
        self.submit(Event(Code("stop")))
        worker, self._worker = self._worker, None
        self._closing = True
        self._wake.set()
        try:
            await asyncio.wait({worker}, timeout=seconds)
        finally:
            worker.cancel()
            await asyncio.wait({worker})
            await self._journal.close()
            self._head.close()
        if self._queue:
            log.event("audit_lost", level=logging.CRITICAL, count=len(self._queue))
        for taken in self._queue:
            self._settle(taken, _unavailable())

    # ── taking ────────────────────────────────────────────────────────────────────────────────────────────────

    def _refuses(self, entry: Entry) -> bool:
        """Intents while the store is bad; besides what has begun, everything when too much waits."""
        if self._worker is None or self._closing:
            return True
        if isinstance(entry, Outcome) and entry.receipt in self._commitments:
            return False
        full = len(self._queue) >= self.settings.queue
        return full or (self._fault is not None and isinstance(entry, Intent))

    def _refuse(self, future: asyncio.Future[None]) -> None:
        if self._fault is not None:
            self._fault.refused += 1
        self._hooks.result("refused", 1)
        future.set_exception(_unavailable())

    def _about(self, entry: Entry, subject: str) -> tuple[Entry, Mapping[str, Any] | None]:
        """The entry with its subject's commitment, and what links it to the pseudonym."""
        if isinstance(entry, Intent) and subject:
            link = subjects.link(self.keys, entry.receipt, subject)
            return replace(entry, who=replace(entry.who, subject=link.commitment)), link.row
        if isinstance(entry, Outcome) and entry.who.subject == NONE:
            return replace(entry, who=replace(entry.who, subject=self._commitments.get(entry.receipt, NONE))), None
        return entry, None

    def _begin(self, entry: Entry) -> None:
        if isinstance(entry, Intent):
            self._commitments[entry.receipt] = entry.who.subject
        elif isinstance(entry, Outcome):
            self._commitments.pop(entry.receipt, None)

    def _now(self) -> int:
        """Microseconds since 1970; never less than what was said before. A clock that was set is an event (AUD-09)."""
        wall, steady = self._clock() // 1_000, self._monotonic() // 1_000
        then, self._clocks = self._clocks, (wall, steady)
        step = (wall - then[0]) - (steady - then[1]) if then[1] else min(0, wall - self._latest)
        at = self._latest = max(self._latest, wall)
        if abs(step) >= _STEP_US:
            self._put(self._ours(Event(Code("clock_step"), facts={"microseconds": step}), at), self.settings.deadline)
        return at

    def _ours(self, entry: Entry, at: int) -> _Taken:
        """An entry that nobody waits for."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        future.add_done_callback(_heard)
        return _Taken(entry, to_json(entry), at, future, time.monotonic())

    def _patience(self, entry: Entry) -> float:
        """While the store is bad, an answer that is there waits for it; a refusal does not."""
        begun = isinstance(entry, Outcome) and entry.receipt in self._open
        return self.settings.deadline if self._fault is None or begun else 0.0

    def _put(self, taken: _Taken, seconds: float) -> None:
        self._queue.append(taken)
        taken.timer = asyncio.get_running_loop().call_later(seconds, self._late, taken)
        self._hooks.pending(len(self._queue))
        self._wake.set()

    def _late(self, taken: _Taken) -> None:
        if not taken.future.done():
            self._hooks.result("late", 1)
            taken.future.set_exception(_unavailable())

    def _settle(self, taken: _Taken, error: Exception | None = None) -> None:
        taken.timer.cancel()
        if taken.future.done():
            return
        if error is None:
            taken.future.set_result(None)
        else:
            taken.future.set_exception(error)

    # ── writing ───────────────────────────────────────────────────────────────────────────────────────────────

    async def _work(self) -> None:
        """Until it is closed and nothing waits."""
        while True:
            await self._something_to_do()
            if self._closing and not (self._queue or self._fault or self._due()):
                return
            if not await self._write_some():
                await self._mend()

    async def _something_to_do(self) -> None:
        if not (self._queue or self._fault or self._closing):
            with suppress(TimeoutError):
                async with asyncio.timeout(self._until_due()):  # not `wait_for`, which can swallow our own end
                    await self._wake.wait()
        self._wake.clear()

    def _due(self) -> bool:
        """A checkpoint is."""
        seconds = self._until_due()
        return seconds is not None and (self._closing or seconds <= 0)

    def _until_due(self) -> float | None:
        """Seconds until a checkpoint is due; None if nothing was written since the last one."""
        if self._chain.size <= self._checkpointed:
            return None
        return self._checkpoint_at + self.settings.checkpoint_seconds - time.monotonic()

    async def _write_some(self) -> bool:
        """True if a group is durable and told of."""
        group = self._group()
        return await self._append(group) and self._written(group)

    def _group(self) -> _Group:
        taken = [self._queue[index] for index in range(min(len(self._queue), MAX_BATCH))]
        told = self._told_of_fault()
        last = self._closing and len(taken) == len(self._queue)
        return _Group(self._batch([*taken, told] if told else taken, checkpoint=last or self._due()), taken, told)

    def _told_of_fault(self) -> _Taken | None:
        fault = self._fault
        if fault is None:
            return None
        seconds = round(time.monotonic() - fault.since)
        facts: dict[str, Code | int | bool] = {"cause": Code(fault.cause), "seconds": seconds, "refused": fault.refused}
        return self._ours(Event(Code("audit_unavailable"), facts=facts), self._clock() // 1_000)

    def _batch(self, group: Sequence[_Taken], *, checkpoint: bool) -> Batch:
        chain, rows = self._chain.copy(), []
        for taken in group:
            receipt = None if taken.entry.receipt == NONE else str(taken.entry.receipt)
            row = Stored(chain.size, max(taken.at, chain.at), kind_of(taken.entry).value, receipt, taken.body)
            rows.append({"writer": self.writer, **row._asdict(), "hash": chain.add(row)})
        note = self.keys.signer.sign(str(chain.checkpoint()), origin_of(self.writer))
        links = [taken.subject for taken in group if taken.subject is not None]
        return Batch(chain, note, rows, links, checkpoint, next(iter(self._open.values()), self._chain.size))

    async def _append(self, group: _Group) -> bool:
        """True if it is durable. A database that takes too long is waited for where it can't be stopped (SQLite)."""
        work, stopped = asyncio.create_task(self._journal.append(group.batch)), False
        try:
            await asyncio.wait({work}, timeout=self.settings.deadline)
            if not work.done():
                self._fail("slow")
                if self.database.kind == "postgresql":
                    stopped = work.cancel()
            await work
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not stopped or (task is not None and task.cancelling()):  # it is we who are to stop
                work.cancel()
                raise
            self._fail("slow", group)
        except Moved:
            self._fail("moved", group)
        except FAULTS as error:
            self._fail(cause(error), group)
        else:
            return True
        return False

    def _written(self, group: _Group) -> bool:
        """Nobody is told before the head is anchored: who knows of a durable entry counts on its loss being noticed."""
        if not self._anchor(group):
            return False
        self._chain = group.batch.chain
        now = time.monotonic()
        for taken in group.taken:
            self._queue.popleft()
            self._follow(taken.entry, group.start)
            self._settle(taken)
            self._hooks.seconds(now - taken.began)
        if group.batch.rows:
            self._hooks.result("written", len(group.batch.rows))
        self._hooks.pending(len(self._queue))
        if group.told is not None and self._fault is not None:
            self._recovered(self._fault)
        return True

    def _anchor(self, group: _Group) -> bool:
        """False if the head beside the log could not be written: then the group is tried again from here."""
        batch = group.batch
        try:
            self._head.write(batch.head)
        except OSError as error:
            self._fail(cause(error), group)
            return False
        if batch.checkpoint:
            self._checkpoint_at, self._checkpointed = time.monotonic(), batch.chain.size
            self._hooks.checkpoint(batch.head)
            try:
                append(self.database.place.folder / LOG, batch.head)
            except (OSError, StoreUnusable):
                log.event("audit_checkpoint_failed", level=logging.ERROR)
        return True

    def _follow(self, entry: Entry, start: int) -> None:
        """The scan for intents without outcome begins at the oldest group that has one."""
        if isinstance(entry, Intent):
            self._open[entry.receipt] = start
        elif isinstance(entry, Outcome):
            self._open.pop(entry.receipt, None)

    # ── faults ────────────────────────────────────────────────────────────────────────────────────────────────

    def _fail(self, what: str, group: _Group | None = None) -> None:
        if self._fault is None:
            self._fault = _Fault(what, time.monotonic())
            self._hooks.stalled(True)
            log.event("audit_unavailable", level=logging.ERROR, reason=what)
        if group is not None:
            self._fault.doubtful = group

    def _ended(self, worker: asyncio.Task[None]) -> None:
        """A mistake of ours: nothing is written any more, so nothing may be answered."""
        if not worker.cancelled() and (error := worker.exception()) is not None:
            self._fail("failed")
            log.event("audit_failed", level=logging.CRITICAL, error=type(error).__name__)

    def _recovered(self, fault: _Fault) -> None:
        self._fault = None
        self._hooks.stalled(False)
        log.event("audit_recovered", seconds=round(time.monotonic() - fault.since, 1), count=fault.refused)

    async def _mend(self) -> None:
        """Returns when it is worth another try."""
        mended = False
        while not mended:
            await asyncio.sleep(PROBE_SECONDS)
            mended = await self._is_mended()

    async def _is_mended(self) -> bool:
        """True if the store answers and the log stands where we left it, or where a doubtful transaction took it."""
        assert self._fault is not None
        try:
            async with asyncio.timeout(self.settings.deadline):
                await self._journal.reconnect()
                stands = await self._journal.stands_at()
        except (*FAULTS, StoreUnusable):
            return False
        except TakenOver:
            return self._taken_over()
        doubtful = self._fault.doubtful
        if stands == self._chain.checkpoint() or (stands is None and self._chain.size == 0):
            self._fault.doubtful = None
            return True
        if doubtful is not None and stands == doubtful.batch.chain.checkpoint():
            self._fault.doubtful = None
            return self._written(doubtful)
        return self._taken_over()

    def _taken_over(self) -> bool:
        """Nothing is written over what another one wrote; a person has to look."""
        assert self._fault is not None
        if self._fault.cause != "taken_over":
            self._fault.cause = "taken_over"
            log.event("audit_unavailable", level=logging.CRITICAL, reason="taken_over")
        return False

    # ── the first entries ─────────────────────────────────────────────────────────────────────────────────────

    async def _first_entries(self, left: Left, locks: AsyncExitStack) -> list[Entry]:
        orphans = [*left.orphans, *await orphans_of_the_dead(self._journal, locks)]
        entries: list[Entry] = [_recovery(orphan) for orphan in orphans]
        if orphans:
            entries.append(Event(Code("recovered"), facts={"outcomes": len(orphans)}))
        return [*entries, await self._start_event()]

    async def _start_event(self) -> Event:
        """With what other writers have signed: a whole log that is deleted is missed (WHO-66)."""
        heads = sorted((await heads_of_others(self._journal)).items())[-MAX_HEADS:]
        facts: dict[str, Code | int | bool] = {
            "version": code(__version__),
            "key": Code(self.keys.verifier.public.hex()),
            "pid": os.getpid(),
        }
        return Event(
            Code("start"), facts=facts | {f"head.{name}": Code(f"{at.size}:{at.root.hex()}") for name, at in heads}
        )


def _recovery(intent: Intent) -> Outcome:
    return Outcome(intent.receipt, intent.who, intent.policy, End.RECOVERED, Action.ALLOW, 0)


def _unavailable() -> AuditUnavailable:
    return AuditUnavailable("the audit log can't be written; nothing may be answered unrecorded")


def _heard(future: asyncio.Future[None]) -> None:
    """Nobody has to ask for what went wrong: it was counted."""
    if not future.cancelled():
        future.exception()
