"""What one process keeps of what it does, put together: the audit log, and beside it in the same store the suspensions,
the cases and the incidents.

Opened before anything is served, closed after the last answer. Knows no request and no page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from guardrail.errors import AuditUnavailable
from guardrail.incidents import Incidents
from guardrail.policy.audit import Audit
from guardrail.policy.model import Policy
from guardrail.policy.redress import Redress
from guardrail.record.archive import Archive
from guardrail.record.audit import CLI_SLOT, close_ledger, open_ledger
from guardrail.record.database import Database, Place, StoreUnusable, data_dir
from guardrail.record.entry import NONE, Event
from guardrail.record.journal import SlotTaken
from guardrail.record.keys import KeyFiles
from guardrail.record.ledger import Hooks, Ledger, Settings
from guardrail.record.metrics import Metrics
from guardrail.redress import Desk, counted_as
from guardrail.suspension import Suspensions

CASES_KEY: Final = "cases"
"""The purpose under which the key that seals people's words is derived."""
_MOST_EVENTS: Final = 1_000
"""At one time."""
_LONGEST_ADDRESS: Final = 16_384
_MOST_SLOTS: Final = 64
_AT_ONCE: Final = 0.0
_PATIENCE: Final = 3.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """All of it, open. `close` ends it."""

    ledger: Ledger
    archive: Archive
    suspensions: Suspensions
    desk: Desk
    incidents: Incidents

    @property
    def database(self) -> Database:
        """The store."""
        return self.ledger.database

    async def close(self) -> None:
        """Writes what waits, and lets go."""
        await self.suspensions.close()
        await close_ledger(self.ledger)


def place_of(policy: Policy, environment: Mapping[str, str]) -> Place:
    """Where this policy's log is. Raises StoreUnusable if the address is not there."""
    audit, folder = policy.audit, data_dir(environment)
    if audit.store != "postgresql":
        return Place(folder)
    if audit.url_file is not None:
        return Place(folder, _address_in(Path(audit.url_file)))
    url = environment.get(audit.url_env or "", "")
    if not url:
        raise StoreUnusable(f"audit.url_env: the environment variable {audit.url_env} is not set")
    return Place(folder, url)


def _address_in(file: Path) -> str:
    """Raises StoreUnusable; what stands in the file is shown nowhere."""
    try:
        with file.open(encoding="utf-8") as opened:
            url = opened.read(_LONGEST_ADDRESS).strip()
    except (OSError, UnicodeDecodeError):
        raise StoreUnusable(f"audit.url_file: {file} can't be read") from None
    if not url:
        raise StoreUnusable(f"audit.url_file: {file} is empty")
    return url


def key_files(policy: Policy, environment: Mapping[str, str]) -> KeyFiles:
    """Where this policy's keys are."""
    audit = policy.audit
    given = [Path(name) if name else None for name in (audit.signing_key_file, audit.secret_file)]
    return KeyFiles(data_dir(environment), *given)


async def open_evidence(
    policy: Policy,
    environment: Mapping[str, str],
    metrics: Metrics,
    *,
    slot: str | None,
    rules: Callable[[], Redress],
    checkpoint: Callable[[str], None] = lambda note: None,
) -> Evidence:
    """Raises StoreUnusable or AuditUnavailable with nothing left open.

    `slot` names this process among those of one data folder; None: the first that is free, for programs that the
    guardrail is a part of. `rules` gives the policy's part `redress` that counts now.
    """
    hooks, place, files = _hooks(metrics, checkpoint), place_of(policy, environment), key_files(policy, environment)
    for number in count():
        patience = _AT_ONCE if slot is None else _PATIENCE
        settings = _settings(policy.audit, patience)
        try:
            ledger = await open_ledger(place, slot or f"p{number}", files=files, settings=settings, hooks=hooks)
            break
        except SlotTaken:
            if slot is not None or number >= _MOST_SLOTS:
                raise
    try:
        return await _beside(ledger, metrics, rules)
    except BaseException:
        await close_ledger(ledger)
        raise


async def _beside(ledger: Ledger, metrics: Metrics, rules: Callable[[], Redress]) -> Evidence:
    database, archive = ledger.database, Archive(ledger.database)

    async def record(event: Event) -> None:
        await ledger.commit(event)

    suspensions = Suspensions(database, record, count=metrics.suspended)
    desk = Desk(database, record, ledger.keys.derive(CASES_KEY), rules, count=metrics.case)
    incidents = Incidents(database, record, archive)
    await suspensions.start()
    evidence = Evidence(ledger, archive, suspensions, desk, incidents)
    await count_cases(desk, metrics)
    return evidence


async def count_cases(desk: Desk, metrics: Metrics) -> None:
    """Tells the metrics how many cases wait; what can't be read now is told the next time."""
    with suppress(AuditUnavailable):
        counts = await desk.counts()
        metrics.cases(counts.unsettled, counts.overdue)


class Commands:
    """What commands (`guardrail case`) did to cases, for the metrics of the one process that looks after this folder.

    Commands have no metrics of their own; what they do stands in the log, under the writer of this folder's commands.
    """

    def __init__(self, evidence: Evidence, metrics: Metrics) -> None:
        self._archive, self._metrics = evidence.archive, metrics
        self._writer = f"{evidence.ledger.keys.instance}.{CLI_SLOT}"
        self._next: int | None = None

    async def count(self) -> None:
        """What is new since the last time; the first time only where the log stands. What can't be read waits."""
        with suppress(StoreUnusable):
            if self._next is None:
                self._next = await self._archive.size_of(self._writer)
            for line in await self._archive.of_writer(self._writer, self._next, _MOST_EVENTS):
                self._next = line.seq + 1
                entry = line.read().entry
                if isinstance(entry, Event):
                    self._take(entry)

    def _take(self, event: Event) -> None:
        step = counted_as(event.what, str(event.facts.get("outcome", NONE)))
        if step is not None:
            self._metrics.case(str(event.facts.get("kind", NONE)), step)


def _settings(audit: Audit, patience: float) -> Settings:
    return Settings(audit.deadline_seconds, audit.checkpoint_seconds, patience=patience)


def _hooks(metrics: Metrics, checkpoint: Callable[[str], None]) -> Hooks:
    return Hooks(
        result=lambda what, many: metrics.audit_record("written" if what == "written" else "failed", many),
        seconds=metrics.audit_commit_seconds,
        pending=metrics.audit_pending,
        stalled=lambda stalled: metrics.audit_stalled(stalled=stalled),
        checkpoint=checkpoint,
    )
