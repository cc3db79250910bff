"""What a person may demand of what is held about them: to be told all of it, and to be forgotten (WHO-21, GDPR 15, 17).

A person is known by the pseudonym that the application sends along; it is kept nowhere and shown nowhere. The log
stays as it was signed: what is deleted is the link to the person, and every word.
"""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from guardrail.claims import read_pseudonym
from guardrail.errors import AuditUnavailable, GuardrailError
from guardrail.receipts import Row
from guardrail.record import subjects
from guardrail.record.archive import Archive
from guardrail.record.database import FAULTS, Database, why
from guardrail.record.entry import Code, Event, Outcome, to_json
from guardrail.record.keys import Keys
from guardrail.redress import Desk, Uncovered, case_json, day_and_time

SCHEMA: Final = 1

Record = Callable[[Event], Awaitable[None]]
"""Writes to the audit log; returns once it is durable, raises AuditUnavailable."""


@dataclass(frozen=True, slots=True)
class Held:
    """All that is held about one person: entries of the log by receipt, and cases with their words."""

    exchanges: dict[str, Sequence[Row]]
    cases: Sequence[Uncovered]
    at: int

    def to_json(self) -> dict[str, Any]:
        """For machines, and for the person: every entry as it is kept."""
        return {
            "schema": SCHEMA,
            "exported": day_and_time(self.at),
            "about": ABOUT,
            "exchanges": [
                {
                    "receipt": receipt,
                    "entries": [
                        {"at": day_and_time(row.at), "kind": row.kind.value, "entry": json.loads(to_json(row.entry))}
                        for row in rows
                    ],
                }
                for receipt, rows in self.exchanges.items()
            ],
            "cases": [{**case_json(each.case, self.at), "words": each.words, "note": each.note} for each in self.cases],
        }

    def to_text(self) -> str:
        """The same in short, to be read."""
        lines = [ABOUT, "", f"Exchanges: {len(self.exchanges)}. Reports about them: {len(self.cases)}."]
        for receipt, rows in self.exchanges.items():
            lines += ["", f"Exchange {receipt}"]
            lines += [f"  {day_and_time(row.at)}  {_in_short(row)}" for row in rows]
        for each in self.cases:
            case = each.case
            lines += [
                "",
                f"Report {case.id} about {case.receipt}: {case.kind}, {case.state}, {day_and_time(case.opened)}",
            ]
            lines += [f"  what was written: {each.words or 'nothing'}", f"  what was noted: {each.note or 'nothing'}"]
        return "\n".join(lines) + "\n"


ABOUT: Final = (
    "All that this guardrail holds about one person. It keeps no question and no answer: only which application "
    "asked which model when, what its checks found by kind and place, and what was done. Reports that were sent in "
    "are here with their words."
)


def _in_short(row: Row) -> str:
    entry = row.entry
    if isinstance(entry, Event):
        return f"{entry.what} by {entry.actor}"
    if isinstance(entry, Outcome):
        found = sum(each.count for each in entry.found)
        return f"ended: {entry.end}, {entry.action.word}, {found} findings, model {entry.served}"
    return f"asked by {entry.who.client}, for model {entry.who.model} at {entry.who.upstream}"


class Rights:
    """The rights of the persons of one store."""

    def __init__(
        self,
        database: Database,
        keys: Keys,
        record: Record,
        desk: Desk,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000,
        *,
        held: bool = False,
    ) -> None:
        """`held`: nothing may be deleted now (the policy's `audit.legal_hold`)."""
        self._held = held
        self._database, self._keys, self._record = database, keys, record
        self._desk, self._clock = desk, clock

    async def export(self, pseudonym: str, actor: str) -> Held:
        """All that is held; said in the log first, without saying about whom. Raises AuditUnavailable, ClientError."""
        receipts = await self._receipts(pseudonym)
        cases = await self._desk.of_receipts(receipts)
        facts: dict[str, Code | int | bool] = {"receipts": len(receipts), "cases": len(cases)}
        await self._record(Event(Code("subject_exported"), Code(actor), facts=facts))
        archive = Archive(self._database)
        try:
            exchanges = {receipt: await archive.of_receipt(receipt) for receipt in receipts}
        except FAULTS as error:
            raise _unavailable(error) from None
        return Held(dict(exchanges), [await self._desk.words_of(case.id) for case in cases], self._clock())

    async def erase(self, pseudonym: str, actor: str) -> tuple[int, int]:
        """Links and words are gone for good when this returns; how many exchanges and cases there were.

        The log says first that it is done, with these numbers. Raises AuditUnavailable: then it has to be done again;
        GuardrailError under a legal hold.
        """
        if self._held:
            raise GuardrailError("nothing was erased: the policy has a legal hold (audit.legal_hold)")
        receipts = await self._receipts(pseudonym)
        cases = await self._desk.of_receipts(receipts)
        facts: dict[str, Code | int | bool] = {"receipts": len(receipts), "cases": len(cases)}
        await self._record(Event(Code("subject_erased"), Code(actor), facts=facts))
        try:
            await self._desk.forget(receipts)  # while it is still known which they are
            await subjects.erase(self._database, self._keys, pseudonym)
        except FAULTS as error:
            raise _unavailable(error) from None
        return len(receipts), len(cases)

    async def _receipts(self, pseudonym: str) -> Sequence[str]:
        """Raises ClientError for what can be no pseudonym, and AuditUnavailable."""
        known = read_pseudonym(pseudonym, "pseudonym")
        try:
            async with self._database.reading() as connection:
                return sorted(await subjects.receipts_of(connection, self._keys, known))
        except FAULTS as error:
            raise _unavailable(error) from None


def _unavailable(error: BaseException) -> AuditUnavailable:
    return AuditUnavailable(f"the evidence store can't be used: {why(error)}")
