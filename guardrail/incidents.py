"""Errors that people should know of: published for everybody, withdrawn with a trace, and whom they concern (WHO-10).

An incident names the model and the path of rules that one bad answer took; `affected` finds every exchange that took
the same one. What is published is read by anybody: it may hold no patient's data, and its words are not in the log.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from sqlalchemy import Row as Record_
from sqlalchemy import select, update

from guardrail.errors import ClientError
from guardrail.receipts import Row, unknown
from guardrail.record import beside
from guardrail.record.database import Database
from guardrail.record.entry import NONE, Code, Event, Kind, Outcome, code
from guardrail.record.tables import incidents

FEED_PATH: Final = "/guardrail/incidents.json"
FEED_TYPE: Final = "application/feed+json"
_VERSION: Final = "https://jsonfeed.org/version/1.1"
MAX_TITLE: Final = 200
MAX_WORDS: Final = 8_000
SMALL: Final = 11
"""Fewer exchanges than this, but more than none, are not told to the public (WHO-26)."""
_KEEP: Final = frozenset("\t\n")

Record = Callable[[Event], Awaitable[None]]
"""Writes to the audit log; returns once it is durable, raises AuditUnavailable."""


class Reader(Protocol):
    """The log, as `record.archive` reads it."""

    def rows(
        self,
        *,
        since: int | None = None,
        until: int | None = None,
        kinds: Collection[Kind] = (),
        holding: Sequence[str] = (),
    ) -> AsyncIterator[Row]:
        """In the order of time; with `holding` only those in whose JSON all of these texts stand."""
        ...

    async def of_receipt(self, receipt: str) -> Sequence[Row]:
        """All about one exchange."""
        ...


@dataclass(frozen=True, slots=True)
class Path:
    """The way that an answer took: the policy, the model asked for and the one that answered, and what rails did.

    How often a rail found something does not matter, nor what ran in shadow.
    """

    policy: str
    model: str
    served: str
    steps: frozenset[tuple[str, str, str, str]]
    """Rail, label, direction, action."""

    @property
    def id(self) -> str:
        """A short name of the steps, the same for the same ones."""
        steps = "\n".join(" ".join(step) for step in sorted(self.steps))
        return hashlib.sha256(steps.encode()).hexdigest()[:16]


def path_of(outcome: Outcome) -> Path:
    """The path of one exchange."""
    steps = {
        (str(each.rail), str(each.label), each.direction.value, each.action.word)
        for each in outcome.found
        if not each.shadow
    }
    return Path(str(outcome.policy.sha256), str(outcome.who.model), str(outcome.served), frozenset(steps))


def _written(path: Path) -> Sequence[str]:
    """Texts that stand in the JSON of every outcome with this path; others may hold them, too."""
    words = (path.policy, *(name for name in (path.model, path.served) if name != NONE))
    labels = {label for _, label, _, _ in path.steps}
    return [json.dumps(each) for each in (*words, *sorted(labels))]


@dataclass(frozen=True, slots=True)
class Affected:
    """An exchange that took the same path."""

    receipt: str
    at: int
    client: str
    subject: bool
    """True if the application said whom it is about; `guardrail subject export` finds it by the pseudonym."""


@dataclass(frozen=True, slots=True)
class Incident:
    """What was published. `policy` is the fingerprint of the policy and `path` the rule path; "" for all or unknown."""

    id: str
    published: int
    title: str
    words: str
    model: str
    policy: str
    path: str
    receipts: int
    withdrawn: int | None = None

    def concerns(self, outcome: Outcome) -> bool:
        """True if this exchange took the path that the incident is about."""
        took = path_of(outcome)
        return self.withdrawn is None and (self.model, self.policy, self.path) == (took.model, took.policy, took.id)


class Incidents:
    """The incidents of one store."""

    def __init__(
        self,
        database: Database,
        record: Record,
        reader: Reader,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000,
    ) -> None:
        self._database, self._record, self._reader, self._clock = database, record, reader, clock
        self._latest = beside.Shared(self.all)

    async def path(self, receipt: str) -> Path:
        """The path of an exchange. Raises ClientError (404) for one that the log does not know."""
        return path_of(_outcome(await self._reader.of_receipt(receipt)))

    async def affected(
        self, receipt: str, *, since: int | None = None, until: int | None = None
    ) -> AsyncGenerator[Affected, None]:
        """All exchanges with the same path, this one too, in the order of time.

        The database goes through the whole log and gives out what may be meant. Each of these is read: about 10 s of a
        core for 100,000.
        """
        path = await self.path(receipt)
        async with aclosing(self._outcomes(path, since, until)) as rows:
            async for at, outcome in rows:
                if path_of(outcome) == path:
                    who = outcome.who
                    yield Affected(str(outcome.receipt), at, str(who.client), subject=who.subject != NONE)

    async def _outcomes(
        self, path: Path, since: int | None, until: int | None
    ) -> AsyncGenerator[tuple[int, Outcome], None]:
        holding = _written(path)
        async for row in self._reader.rows(since=since, until=until, kinds=(Kind.OUTCOME,), holding=holding):
            if isinstance(row.entry, Outcome):
                yield row.at, row.entry

    async def publish(self, title: str, words: str, receipt: str, actor: str) -> Incident:
        """Counts whom it concerns; said in the log before anybody reads it. Raises ClientError, AuditUnavailable.

        An incident without a receipt ("") concerns the service as a whole.
        """
        told, more = _line(title), _text(words)
        path = await self.path(receipt) if receipt else None
        count = 0
        if path is not None:
            async for _ in self.affected(receipt):
                count += 1
        made = Incident(
            id=f"i-{secrets.token_hex(6)}",
            published=self._clock(),
            title=told,
            words=more,
            model=path.model if path else "",
            policy=path.policy if path else "",
            path=path.id if path else "",
            receipts=count,
        )
        await self._record(
            Event(Code("incident_published"), _actor(actor), code(receipt, NONE) if receipt else NONE, _facts(made))
        )
        await beside.change(self._database, incidents.insert().values(**_columns(made)))
        return made

    async def withdraw(self, name: str, actor: str) -> Incident:
        """Its words are deleted, that there was one stays. Of several who do so at once one did it.

        Raises ClientError: 404, and 409 if it was withdrawn; AuditUnavailable where the log could not say it in time:
        it is done then, and said later.
        """
        by, now, of_it = _actor(actor), self._clock(), incidents.c.id == name
        found = [_incident(row) for row in await beside.rows(self._database, select(incidents).where(of_it))]
        if not found:
            raise ClientError("there is no such incident", code="unknown_record", status=404)
        end = update(incidents).where(of_it, incidents.c.withdrawn.is_(None))
        if not await beside.change(self._database, end.values(withdrawn=now, title="", words="")):
            raise ClientError("this incident was withdrawn already", code="wrong_state", status=409)
        await self._database.settle()
        await self._record(Event(Code("incident_withdrawn"), by, facts=_facts(found[0])))
        return replace(found[0], withdrawn=now, title="", words="")

    async def all(self, limit: int = 1_000) -> Sequence[Incident]:
        """The latest first, those that were withdrawn, too."""
        query = select(incidents).order_by(incidents.c.published.desc(), incidents.c.id).limit(limit)
        return [_incident(row) for row in await beside.rows(self._database, query)]

    async def published(self, limit: int = 1_000) -> Sequence[Incident]:
        """What anybody may read, the latest first."""
        return [each for each in (await self._latest())[:limit] if each.withdrawn is None]

    async def feed(self, title: str, base_url: str = "", limit: int = 100) -> Mapping[str, object]:
        """JSON Feed 1.1. `base_url` is how people reach this guardrail, "" if nobody says."""
        links = {"home_page_url": f"{base_url}/guardrail/disclosure", "feed_url": f"{base_url}{FEED_PATH}"}
        return {
            "version": _VERSION,
            "title": title,
            **(links if base_url else {}),
            "items": [_item(each) for each in (await self._latest())[:limit]],
        }


def public_count(count: int) -> int | None:
    """As anybody may see it: None for a small one."""
    return None if 0 < count < SMALL else count


def _item(incident: Incident) -> Mapping[str, object]:
    gone = incident.withdrawn
    item: dict[str, object] = {
        "id": incident.id,
        "title": "Withdrawn" if gone else incident.title,
        "content_text": f"This notice was withdrawn on {_day(gone)}." if gone else incident.words,
        "date_published": _moment(incident.published),
        **({"date_modified": _moment(gone)} if gone else {}),
        "_guardrail": {
            "model": incident.model or None,
            "policy": incident.policy or None,
            "path": incident.path or None,
            "affected": public_count(incident.receipts),
            "withdrawn": gone is not None,
        },
    }
    return item


def _outcome(rows: Sequence[Row]) -> Outcome:
    for row in rows:
        if isinstance(row.entry, Outcome):
            return row.entry
    raise unknown()


_BETWEEN: Final = "/"


def _columns(incident: Incident) -> dict[str, Any]:
    """The column `policy` holds the fingerprint and, behind a slash, the rule path."""
    return {
        "id": incident.id,
        "published": incident.published,
        "title": incident.title,
        "words": incident.words,
        "model": incident.model,
        "policy": f"{incident.policy}{_BETWEEN}{incident.path}" if incident.path else incident.policy,
        "receipts": incident.receipts,
    }


def _incident(row: Record_[Any]) -> Incident:
    policy, _, path = row.policy.partition(_BETWEEN)
    return Incident(row.id, row.published, row.title, row.words, row.model, policy, path, row.receipts, row.withdrawn)


def _facts(incident: Incident) -> dict[str, Code | int | bool]:
    """For the log: what was said is there as its SHA-256."""
    said = hashlib.sha256(f"{incident.title}\n{incident.words}".encode()).hexdigest()
    return {"incident": code(incident.id), "receipts": incident.receipts, "sha256": Code(said)}


def _line(text: str) -> str:
    said = text.strip()
    if not 3 <= len(said) <= MAX_TITLE or not said.isprintable():
        raise ClientError(f"title: one line of 3 to {MAX_TITLE} characters", code="invalid_value", param="title")
    return said


def _text(text: str) -> str:
    said = text.replace("\r\n", "\n").strip()
    if not 3 <= len(said) <= MAX_WORDS or not all(each.isprintable() or each in _KEEP for each in said):
        raise ClientError(f"words: 3 to {MAX_WORDS} characters of plain text", code="invalid_value", param="words")
    return said


def _actor(name: str) -> Code:
    try:
        return Code(name)
    except ValueError:
        raise ClientError("a name without spaces", code="invalid_value", param="actor") from None


def _moment(at: int) -> str:
    return datetime.fromtimestamp(at / 1_000_000, UTC).isoformat(timespec="seconds")


def _day(at: int) -> str:
    return datetime.fromtimestamp(at / 1_000_000, UTC).date().isoformat()
