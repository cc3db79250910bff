"""The audit of one exchange: its intent before a provider is asked, its outcome before the last byte of its answer.

Fail closed (as Vault's audit devices): who can't be recorded is not answered. Only the way to help for somebody in
danger is shown all the same (WHO-51); what could not be written yet is written as soon as it can.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from guardrail.errors import AuditUnavailable
from guardrail.inbound import Headers, Outbound, Recorder
from guardrail.record.entry import Code, Event, Outcome, code
from guardrail.record.tally import Tally

NOT_DELIVERED: Final = Code("audit_unavailable")
"""The event behind an outcome that was written too late: what it tells of was not given out."""


class Counted:
    """The way out of an answer, with its bytes counted."""

    def __init__(self, outbound: Outbound, tally: Tally) -> None:
        self._outbound, self._tally = outbound, tally

    async def start(self, status: int, headers: Headers) -> None:
        """As in `Outbound`."""
        await self._outbound.start(status, headers)

    async def send(self, body: bytes) -> None:
        """As in `Outbound`."""
        self._tally.sent(len(body))
        await self._outbound.send(body)


class Record:
    """What the audit log gets of one exchange. `subject` is the pseudonym of whom it is about, or ""."""

    def __init__(
        self,
        recorder: Recorder,
        tally: Tally,
        subject: str,
        finish: Callable[[Outcome], Outcome],
        tell: Callable[[Outcome], None],
    ) -> None:
        """`finish` adds what is worked out of an outcome: its cost and its footprint. `tell` hears of it once."""
        self._recorder, self._tally, self._subject = recorder, tally, subject
        self._finish, self._tell = finish, tell
        self._intent: Awaitable[None] | None = None
        self._sealed = False

    def intend(self) -> None:
        """The intent is on its way to the log while the words are inspected."""
        self._intent = self._recorder.submit(self._tally.intent(), subject=self._subject)

    async def intended(self) -> None:
        """Returns once the intent is durable. Raises AuditUnavailable: then nothing may go to a provider."""
        intent, self._intent = self._intent, None
        if intent is not None:
            await intent

    async def seal(self) -> None:
        """The outcome, durable when this returns; once. Raises AuditUnavailable: then the end may not be given out."""
        if self._sealed:
            return
        self._sealed = True
        try:
            await self._submitted()
        except AuditUnavailable:
            self._recorder.submit(Event(NOT_DELIVERED, receipt=code(self._tally.receipt)))
            raise

    def leave(self) -> None:
        """The outcome is taken, and written as soon as it can be: for what is said whatever happens."""
        if not self._sealed:
            self._sealed = True
            self._submitted()

    def _submitted(self) -> Awaitable[None]:
        outcome = self._finish(self._tally.outcome())
        self._tell(outcome)
        return self._recorder.submit(outcome)
