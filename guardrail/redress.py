"""Cases: what people report about an answer, who looks into it, by when, and what came of it (WHO-61, 74, 90).

A case belongs to a receipt. What people wrote is encrypted in the table `cases` (AES-256-GCM; bound to its case and
column) and nowhere else; the log knows that a case was opened, read, assigned, closed, by whom and when. Lists never
hold words: to read them is an act of its own, and an event of the log that comes first.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import BigInteger, Boolean, LargeBinary, Row, delete, func, insert, literal, select, update
from sqlalchemy import case as when
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from guardrail.errors import AuditUnavailable, ClientError, GuardrailError
from guardrail.policy.redress import Redress
from guardrail.record import beside
from guardrail.record.database import Database
from guardrail.record.entry import Code, Event, code
from guardrail.record.tables import cases, meta

_DAY: Final = 86_400 * 1_000_000
MAX_NOTE: Final = 4_000
_NO_TEXT: Final = re.compile(r"[\x00\ud800-\udfff]")
_NONCE: Final = 12
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: nobody has to ask which letter it was."""
_AT_ONCE: Final = 500

Record = Callable[[Event], Awaitable[None]]
"""Writes to the audit log; returns once it is durable, raises AuditUnavailable."""


class Kind(StrEnum):
    """What somebody reports."""

    HARM = "harm"
    ERROR = "error"
    CONTEST = "contest"
    """A decision that people are asked to look at (GDPR Art. 22(3))."""
    PRAISE = "praise"


class State(StrEnum):
    """Where a case is."""

    OPEN = "open"
    ASSIGNED = "assigned"
    CLOSED = "closed"
    REOPENED = "reopened"


class Decision(StrEnum):
    """What came of it."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    NOT_UPHELD = "not_upheld"
    DUPLICATE = "duplicate"
    NO_CASE = "no_case"


UNSETTLED: Final = (State.OPEN, State.ASSIGNED, State.REOPENED)
STEPS: Final[Mapping[str, tuple[Collection[State], State]]] = {
    "assign": (UNSETTLED, State.ASSIGNED),
    "close": (UNSETTLED, State.CLOSED),
    "reopen": ((State.CLOSED,), State.REOPENED),
}
"""What can be done to a case: from which states, and to which it leads."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case as lists show it: without a word of anybody. Times are microseconds since 1970, `due` 0 for never."""

    id: str
    receipt: str
    kind: Kind
    state: State
    opened: int
    due: int
    language: str
    graphic: bool
    """There are words of danger or violence in it (WHO-90)."""
    has_words: bool = False
    assigned: str = ""
    closed: int | None = None
    decision: Decision | None = None
    has_note: bool = False

    def overdue(self, now: int) -> bool:
        """True if it should have been settled."""
        return self.state is not State.CLOSED and 0 < self.due < now


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A case with its words. They are shown to who asked for them and kept nowhere."""

    case: Case
    words: str = field(repr=False)
    note: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases there are: unsettled and overdue by kind, settled by kind and decision."""

    unsettled: Mapping[str, int]
    overdue: Mapping[str, int]
    settled: Mapping[tuple[str, str], int]


class Seal:
    """Encrypts what people wrote. What was moved to another case or column can't be opened there."""

    def __init__(self, key: bytes) -> None:
        """`key` has 32 bytes."""
        if len(key) != 32:
            raise ValueError("a key has 32 bytes")
        self._cipher = AESGCM(key)

    def seal(self, text: str, case: str, column: str) -> bytes | None:
        """None for no words."""
        if not text:
            return None
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, text.encode(), f"{case}/{column}".encode())

    def open(self, sealed: bytes | None, case: str, column: str) -> str:
        """Raises ClientError if it is not what was written, or the key is another one."""
        if sealed is None:
            return ""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], f"{case}/{column}".encode()).decode()
        except (InvalidTag, ValueError):
            raise ClientError(
                "the words of this case can't be opened: they were changed, or sealed with another key",
                code="case_sealed",
                status=409,
            ) from None


class Desk:
    """The cases of one store."""

    def __init__(
        self,
        database: Database,
        record: Record,
        key: bytes,
        rules: Callable[[], Redress],
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000,
        count: Callable[[str, str], None] = lambda kind, step: None,
    ) -> None:
        """`key` seals what people write: 32 bytes, the same for all replicas. `rules` is the policy's part.

        `count` hears of each step that is done here: the case's kind, and `opened`, `reopened` or its outcome.
        """
        self._database, self._record, self._seal = database, record, Seal(key)
        self._rules, self._clock, self._count = rules, clock, count

    # ── what comes in ─────────────────────────────────────────────────────────────────────────────────────────

    async def open(self, receipt: str, kind: Kind, words: str, language: str, *, graphic: bool) -> Case:
        """A new case; it is kept once this returns. `words` are redacted by now.

        Raises ClientError (429) if there are too many about this receipt, GuardrailError (503) if too many wait,
        AuditUnavailable.
        """
        rules, name, now = self._rules(), _new_id(), self._clock()
        sealed = self._seal.seal(words, name, "words")
        made = Case(name, receipt, kind, State.OPEN, now, _due(rules, kind, now), language, graphic, bool(sealed))
        about, waiting = _about(receipt), _waiting()
        values = (
            *(literal(name), literal(receipt), literal(kind.value), literal(made.state.value)),
            *(literal(now, BigInteger), literal(made.due, BigInteger), literal(language)),
            *(literal(graphic, Boolean), literal(sealed, LargeBinary)),
        )
        columns = ["id", "receipt", "kind", "state", "opened", "due", "language", "graphic", "words"]
        row = select(*values).where(about < rules.per_receipt, waiting < rules.max_open)
        if not await beside.change(self._database, insert(cases).from_select(columns, row)):
            raise await self._too_many(receipt, rules)
        self._count(kind.value, "opened")
        with suppress(AuditUnavailable):  # the case is kept, and the log has taken the event: it will be written
            await self._record(Event(Code("case_opened"), receipt=code(receipt), facts=_facts(made)))
        return made

    async def _too_many(self, receipt: str, rules: Redress) -> GuardrailError:
        about = (await beside.rows(self._database, select(_about(receipt))))[0][0]
        if about >= rules.per_receipt:
            return ClientError("there are as many cases about this answer as may be", code="too_many_cases", status=429)
        return GuardrailError("too many cases wait for somebody; try again later", code="cases_full", status=503)

    # ── the queue ─────────────────────────────────────────────────────────────────────────────────────────────

    async def list(
        self,
        *,
        states: Collection[State] = UNSETTLED,
        kinds: Collection[Kind] = (),
        receipt: str = "",
        limit: int = 200,
    ) -> Sequence[Case]:
        """The most urgent first; what is never due comes last."""
        query = select(cases).where(cases.c.state.in_([state.value for state in states]))
        if kinds:
            query = query.where(cases.c.kind.in_([kind.value for kind in kinds]))
        if receipt:
            query = query.where(cases.c.receipt == receipt)
        order = (cases.c.due == 0, cases.c.due, cases.c.opened, cases.c.id)
        return [_case(row) for row in await beside.rows(self._database, query.order_by(*order).limit(limit))]

    async def get(self, name: str) -> Case:
        """Raises ClientError (404)."""
        return _case(await self._row(name))

    async def counts(self) -> Counts:
        """For the metrics."""
        now = self._clock()
        late = func.sum(_as_number((cases.c.due > 0) & (cases.c.due < now)))
        query = select(cases.c.kind, cases.c.state, cases.c.outcome, func.count(), late)
        grouped = query.group_by(cases.c.kind, cases.c.state, cases.c.outcome)
        unsettled, overdue = dict.fromkeys(map(str, Kind), 0), dict.fromkeys(map(str, Kind), 0)
        settled: dict[tuple[str, str], int] = {}
        for row in await beside.rows(self._database, grouped):
            kind, state, outcome, many, late_ones = tuple(row)
            if state == State.CLOSED:
                settled[kind, outcome] = settled.get((kind, outcome), 0) + many
            else:
                unsettled[kind] = unsettled.get(kind, 0) + many
                overdue[kind] = overdue.get(kind, 0) + int(late_ones)
        return Counts(unsettled, overdue, settled)

    async def reveal(self, name: str, actor: str) -> Uncovered:
        """The words of a case. Said in the log first: who can't be recorded reads nothing.

        Raises ClientError: 404, and 429 if this reviewer has uncovered enough graphic words for a day (WHO-90).
        """
        row, by = await self._row(name), _actor(actor)
        case = _case(row)
        if case.graphic and case.has_words:
            await self._bear(by)
        await self._record(Event(Code("case_read"), Code(by), code(case.receipt), _facts(case)))
        words = self._seal.open(row.words, name, "words")
        return Uncovered(case, words, self._seal.open(row.note, name, "note"))

    async def _bear(self, actor: str) -> None:
        most = self._rules().graphic_per_day
        today = datetime.fromtimestamp(self._clock() / 1_000_000, UTC).date().isoformat()
        key = f"graphic:{today}:{actor}"

        async def count(connection: AsyncConnection) -> bool:
            value = (await connection.execute(select(meta.c.value).where(meta.c.key == key))).scalar_one_or_none()
            seen = int(value or 0)
            if most is not None and seen >= most:
                return False
            over = meta.c.key.like("graphic:%") & ~meta.c.key.like(f"graphic:{today}:%")
            await connection.execute(delete(meta).where(over | (meta.c.key == key)))
            await connection.execute(insert(meta).values(key=key, value=str(seen + 1)))
            return True

        if not await beside.transaction(self._database, count):
            raise ClientError(
                "you have uncovered as many cases with graphic words as one person should in a day; "
                "somebody else can take it, or the policy can allow more",
                code="graphic_limit",
                status=429,
            )

    # ── what is done about it ─────────────────────────────────────────────────────────────────────────────────

    async def assign(self, name: str, to: str, actor: str) -> Case:
        """Somebody takes it. Raises ClientError: 404, 409 if it is closed."""
        return await self._step("assign", name, actor, {"assigned": _actor(to)}, "case_assigned")

    async def close(self, name: str, decision: Decision, note: str, actor: str) -> Case:
        """It is settled. Raises ClientError: 404, 409 if it is closed already, 400 for a note that is too long."""
        if len(note) > MAX_NOTE or _NO_TEXT.search(note):
            raise ClientError(f"note: at most {MAX_NOTE} characters of text", code="invalid_value", param="note")
        values = {
            "outcome": decision.value,
            "closed": self._clock(),
            "note": self._seal.seal(note.strip(), name, "note"),
        }
        return await self._step("close", name, actor, values, "case_closed")

    async def reopen(self, name: str, actor: str) -> Case:
        """It is looked at again, and its time begins anew; what was decided is gone from it, not from the log."""
        rules, now, kind = self._rules(), self._clock(), (await self.get(name)).kind
        values = {"outcome": None, "closed": None, "assigned": None, "due": _due(rules, kind, now)}
        return await self._step("reopen", name, actor, values, "case_reopened")

    async def _step(self, what: str, name: str, actor: str, values: Mapping[str, Any], event: str) -> Case:
        """Raises AuditUnavailable where the log could not say it in time: it is done then, and said later."""
        by, (before, after) = _actor(actor), STEPS[what]
        await self._row(name)
        allowed = cases.c.state.in_([state.value for state in before])
        step = update(cases).where(cases.c.id == name, allowed).values(state=after.value, **values)
        if not await beside.change(self._database, step):
            state = (await self.get(name)).state
            raise ClientError(f"this case is {state}: it can't be {_DONE[what]}", code="wrong_state", status=409)
        case = await self.get(name)
        if (counted := counted_as(event, case.decision)) is not None:
            self._count(case.kind.value, counted)
        facts = {**_facts(case), "late": case.closed is not None and 0 < case.due < case.closed}
        await self._record(Event(Code(event), Code(by), code(case.receipt), facts))
        return case

    async def exported(self, name: str, actor: str, *, words: bool) -> Uncovered:
        """For a file to hand over; said in the log first. Without `words` they stay covered. Raises as `reveal`."""
        row, by = await self._row(name), _actor(actor)
        case = _case(row)
        if words and case.graphic and case.has_words:
            await self._bear(by)
        facts = {**_facts(case), "words": words}
        await self._record(Event(Code("case_exported"), Code(by), code(case.receipt), facts))
        if not words:
            return Uncovered(case, "", "")
        shown = self._seal.open(row.words, name, "words")
        return Uncovered(case, shown, self._seal.open(row.note, name, "note"))

    # ── the end of words ──────────────────────────────────────────────────────────────────────────────────────

    async def of_receipts(self, receipts: Collection[str]) -> Sequence[Case]:
        """All cases about these answers."""
        found: list[Case] = []
        for some in _batches(receipts):
            query = select(cases).where(cases.c.receipt.in_(some)).order_by(cases.c.opened, cases.c.id)
            found += [_case(row) for row in await beside.rows(self._database, query)]
        return found

    async def words_of(self, name: str) -> Uncovered:
        """For the export of all that is held about a person, which is an event of its own; not for reviewers."""
        row = await self._row(name)
        words = self._seal.open(row.words, name, "words")
        return Uncovered(_case(row), words, self._seal.open(row.note, name, "note"))

    async def forget(self, receipts: Collection[str]) -> int:
        """Deletes all words about these answers (WHO-21); that there was a case stays. How many cases had words."""
        forgotten = 0
        for some in _batches(receipts):
            held = cases.c.words.is_not(None) | cases.c.note.is_not(None)
            erase = update(cases).where(cases.c.receipt.in_(some), held).values(words=None, note=None)
            forgotten += await beside.change(self._database, erase)
        await self._database.settle()
        return forgotten

    async def purge(self, before: int, actor: str) -> int:
        """Deletes the cases that were closed before, and says so in the log; how many. Raises AuditUnavailable."""
        over = delete(cases).where(cases.c.state == State.CLOSED.value, cases.c.closed < before)
        purged = await beside.change(self._database, over)
        if purged:
            await self._database.settle()
            await self._record(Event(Code("cases_purged"), Code(_actor(actor)), facts={"cases": purged}))
        return purged

    async def _row(self, name: str) -> Row[Any]:
        found = await beside.rows(self._database, select(cases).where(cases.c.id == name))
        if not found:
            raise ClientError("there is no case of this number", code="unknown_record", status=404)
        return found[0]


def counted_as(event: str, outcome: str | None) -> str | None:
    """How a step is counted (`guardrail_cases_total`), by its event in the log; None for one that is not."""
    return {"case_opened": "opened", "case_reopened": "reopened", "case_closed": outcome}.get(event)


_DONE: Final = {"assign": "assigned", "close": "closed", "reopen": "reopened"}


def day_and_time(at: int) -> str:
    """Of microseconds since 1970: ISO 8601, UTC."""
    return datetime.fromtimestamp(at / 1_000_000, UTC).isoformat(timespec="seconds")


def case_json(case: Case, now: int) -> dict[str, Any]:
    """A case for machines, without a word of anybody. Members are only ever added."""
    return {
        "case": case.id,
        "receipt": case.receipt,
        "kind": case.kind.value,
        "state": case.state.value,
        "opened": day_and_time(case.opened),
        "due": day_and_time(case.due) if case.due else None,
        "overdue": case.overdue(now),
        "language": case.language,
        "graphic": case.graphic,
        "has_words": case.has_words,
        "assigned": case.assigned or None,
        "closed": day_and_time(case.closed) if case.closed else None,
        "outcome": case.decision.value if case.decision else None,
        "has_note": case.has_note,
    }


def read_number(text: str) -> str:
    """The number of a case as somebody types it or reads it out. Raises ClientError (404) for what can't be one."""
    bare = text.strip().upper().replace("-", "").replace("O", "0").replace("I", "1").replace("L", "1")
    if len(bare) != 10 or not set(bare) <= set(_LETTERS):
        raise ClientError("there is no case of this number", code="unknown_record", status=404)
    return f"{bare[:5]}-{bare[5:]}"


def _new_id() -> str:
    """Fifty random bits that people can read out."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"


def _due(rules: Redress, kind: Kind, now: int) -> int:
    if kind is Kind.PRAISE:
        return 0
    return now + int(getattr(rules.due_days, kind.value)) * _DAY


def _about(receipt: str) -> ColumnElement[int]:
    return select(func.count()).where(cases.c.receipt == receipt).scalar_subquery()


def _waiting() -> ColumnElement[int]:
    return select(func.count()).where(cases.c.state != State.CLOSED.value).scalar_subquery()


def _as_number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return when((condition, 1), else_=0)


def _case(row: Row[Any]) -> Case:
    return Case(
        id=row.id,
        receipt=row.receipt,
        kind=Kind(row.kind),
        state=State(row.state),
        opened=row.opened,
        due=row.due,
        language=row.language,
        graphic=bool(row.graphic),
        has_words=row.words is not None,
        assigned=row.assigned or "",
        closed=row.closed,
        decision=Decision(row.outcome) if row.outcome else None,
        has_note=row.note is not None,
    )


def _facts(case: Case) -> dict[str, Code | int | bool]:
    """For the log."""
    return {
        "case": code(case.id),
        "kind": code(case.kind.value),
        "graphic": case.graphic,
        "due": case.due,
        **({"assigned": code(case.assigned)} if case.assigned else {}),
        **({"outcome": code(case.decision.value)} if case.decision else {}),
    }


def _actor(name: str) -> str:
    try:
        return Code(name)
    except ValueError:
        raise ClientError("a name without spaces", code="invalid_value", param="actor") from None


def _batches(names: Collection[str]) -> Iterator[list[str]]:
    left = iter(dict.fromkeys(names))
    while some := list(islice(left, _AT_ONCE)):
        yield some
