"""From the database to what a report counts: the log in pages, and the tables of cases and incidents beside it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Select, case, func, select

from guardrail.errors import AuditUnavailable
from guardrail.record import beside
from guardrail.record.database import FAULTS, Database, StoreUnusable, why
from guardrail.record.entry import Kind, from_json
from guardrail.record.tables import cases, checkpoints, entries, incidents
from guardrail.report.collect import DAY, Collected, Collector, Period, receipt_number

PAGE: Final = 10_000
_LATE: Final = DAY
"""An exchange may begin on one day and end on the next."""
_FEW: Final = 200


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case, without a word of anybody. Times are microseconds since 1970, `due` 0 for never."""

    kind: str
    state: str
    opened: int
    due: int
    closed: int | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Published:
    """One incident that was told to everybody."""

    id: str
    published: int
    title: str
    model: str
    receipts: int
    withdrawn: int | None


@dataclass(frozen=True, slots=True)
class Read:
    """All that a report is made of."""

    collected: Collected
    cases: Sequence[CaseRow] = ()
    incidents: Sequence[Published] = ()
    heads: Mapping[str, int] = field(default_factory=dict)
    """By writer, how many entries its last signed checkpoint covers."""
    earlier: Sequence[Mapping[str, Any]] = ()
    """Facts of the `reported` events of the whole log, the oldest first."""


async def read(
    database: Database,
    period: Period,
    *,
    sample: int = 0,
    seed: str = "",
    progress: Callable[[int], None] = lambda count: None,
) -> Read:
    """Raises StoreUnusable if the database can't be read."""
    collector = Collector(period, sample, seed)
    count = 0
    body = case((entries.c.kind == Kind.INTENT.value, None), else_=entries.c.body)
    async for page in _pages(database, period.since, period.until, entries.c.kind, entries.c.receipt, body):
        collector.rows(page)
        count += len(page)
        progress(count)
    collected = collector.collected()
    collected.unanswered = await _still_open(database, period, collector)
    collected.unannounced = await _never_announced(database, period, collector)
    return Read(
        collected,
        cases=await _cases(database, period),
        incidents=await _incidents(database, period),
        heads=await _heads(database),
        earlier=await earlier(database),
    )


async def _pages(database: Database, since: int, until: int, *columns: Any) -> AsyncIterator[Sequence[Any]]:
    """Rows (at, columns) in the order of time; no lock is held between two pages."""
    size = PAGE
    while True:
        query = select(entries.c.at, *columns).where(entries.c.at >= since, entries.c.at < until)
        page = await _fetch(database, query.order_by(entries.c.at).limit(size))
        if len(page) < size:
            yield page
            return
        last = page[-1][0]
        cut = bisect_left(page, last, key=itemgetter(0))  # there may be more of the last moment
        if cut:
            yield page[:cut]
            since, size = last, PAGE
        else:
            size *= 2


async def _fetch(database: Database, query: Select[Any]) -> Sequence[Any]:
    """Raises StoreUnusable."""
    try:
        async with database.reading() as connection:
            return await connection.run_sync(lambda made: beside.raw(made.execute(query)))
    except FAULTS as error:
        raise StoreUnusable(f"{database.name} can't be read: {why(error)}") from None


async def _still_open(database: Database, period: Period, collector: Collector) -> int:
    """Intents of the period that have no outcome anywhere near it."""
    open_ = collector.open_intents()
    if open_:
        async for page in _pages(database, period.until, period.until + _LATE, entries.c.kind, entries.c.receipt):
            ends = (receipt for _, kind, receipt in page if receipt and kind == Kind.OUTCOME.value)
            open_.difference_update(map(receipt_number, ends))
    return len(open_)


async def _never_announced(database: Database, period: Period, collector: Collector) -> int:
    """Answers of the period that have no intent anywhere near it."""
    missing = collector.unannounced()
    if missing:
        async for page in _pages(database, period.since - _LATE, period.since, entries.c.kind, entries.c.receipt):
            begun = (receipt for _, kind, receipt in page if receipt and kind == Kind.INTENT.value)
            missing.difference_update(map(receipt_number, begun))
    return len(missing)


async def _cases(database: Database, period: Period) -> list[CaseRow]:
    """Cases that were open at some time of the period."""
    columns = (cases.c.kind, cases.c.state, cases.c.opened, cases.c.due, cases.c.closed, cases.c.outcome)
    wanted = select(*columns).where(cases.c.opened < period.until)
    rows = await _beside(database, wanted.where((cases.c.closed.is_(None)) | (cases.c.closed >= period.since)))
    return [CaseRow(row[0], row[1], row[2], row[3], row[4], row[5] or "") for row in rows]


async def _incidents(database: Database, period: Period) -> list[Published]:
    columns = ("id", "published", "title", "model", "receipts", "withdrawn")
    wanted = select(*(incidents.c[name] for name in columns))
    wanted = wanted.where(incidents.c.published >= period.since, incidents.c.published < period.until)
    rows = await _beside(database, wanted.order_by(incidents.c.published).limit(_FEW))
    return [Published(*row) for row in rows]


async def _heads(database: Database) -> dict[str, int]:
    rows = await _beside(database, select(checkpoints.c.writer, func.max(checkpoints.c.size)).group_by("writer"))
    return {str(writer): int(size) for writer, size in sorted(rows)}


async def earlier(database: Database) -> list[Mapping[str, Any]]:
    """Facts of the `reported` events of the whole log, the oldest first. Raises StoreUnusable."""
    told = entries.c.kind == Kind.EVENT.value, entries.c.body.like('%"what":"reported"%')
    wanted = select(entries.c.body).where(entries.c.receipt.is_(None), *told)  # which has an index; the kind has none
    found = []
    for (body,) in await _fetch(database, wanted.order_by(entries.c.at, entries.c.writer, entries.c.seq)):
        try:
            event = from_json(Kind.EVENT, body)
        except ValueError:
            continue  # counted as unreadable, and located by `audit verify`
        facts: Mapping[str, Any] = getattr(event, "facts", {})
        found.append(facts)
    return found


async def _beside(database: Database, query: Select[Any]) -> Sequence[Any]:
    try:
        return await beside.rows(database, query)
    except AuditUnavailable as error:
        raise StoreUnusable(f"{database.name} can't be read: {error.message}") from None
