"""`POST /guardrail/feedback`: somebody reports an error, harm, a decision to contest, or praise (WHO-61, WHO-74).

The body is read as strictly as any other JSON here. Words are inspected like a patient's message: identity is taken
out whatever the policy does about it elsewhere, and who writes of danger is shown where help is (WHO-51). Contact data
is not taken: the deployer's own system knows its patients, and its people answer there.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

from guardrail.dialects.base import Reply
from guardrail.errors import AuditUnavailable, ClientError, PayloadTooLarge
from guardrail.inbound import Client
from guardrail.policy.compile import Compiled
from guardrail.policy.model import Policy
from guardrail.question import PHI
from guardrail.rails.assess import assess
from guardrail.rails.base import About, Manner
from guardrail.receipts import Row, read_id, unknown
from guardrail.record.archive import Archive
from guardrail.record.database import Database, StoreUnusable
from guardrail.record.entry import NONE, Intent, Outcome
from guardrail.redress import Case, Desk, Kind
from guardrail.text import Direction, Finding, Risk, Role, Segment
from guardrail.wire.jsondoc import JsonDocument, JsonValue

MAX_BYTES: Final = 64 * 1024
"""Of a body; more is not read."""
MAX_WORDS: Final = 4_000
_MAX_DEPTH: Final = 4
_MAX_VALUES: Final = 64
_MEMBERS: Final = ("receipt", "kind", "words", "language")
_KEEP: Final = frozenset("\t\n\r")
_CRISIS: Final = frozenset({Risk.EMERGENCY, Risk.SELF_HARM})
_CRISIS_ONLY: Final = Manner(notice="mark", asked="allow", told="allow")
_HOUR: Final = 3_600.0
_MOST_CLIENTS: Final = 10_000
_ATTEMPTS_PER_CASE: Final = 10
"""What does not become a case (an unknown receipt, one too many) is limited, too, but not as narrowly."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody sent in."""

    receipt: str
    kind: Kind
    words: str = field(default="", repr=False)
    language: str = ""


@dataclass(frozen=True, slots=True)
class Cleared:
    """Words without identity; their risk, and if somebody is in danger where help is."""

    words: str = field(repr=False)
    risk: Risk = Risk.NONE
    help: str = ""

    @property
    def danger(self) -> bool:
        """True if somebody may be in danger; reviewers are warned of such words (WHO-90)."""
        return self.risk in _CRISIS


Clear = Callable[[str, About], Awaitable[Cleared]]
"""Raises RailError if the words could not be inspected."""
Find = Callable[[str], Awaitable[Sequence[Row]]]
"""The entries of the log about a receipt. Raises AuditUnavailable."""
Alarm = Callable[[Case, Risk, About], None]
"""Tells the deployer's people that who wrote it may be in danger (WHO-51); returns at once."""


def read_feedback(body: bytes) -> Feedback:
    """Raises ClientError, naming the field and quoting nothing, and PayloadTooLarge."""
    if len(body) > MAX_BYTES:
        raise PayloadTooLarge("Feedback has at most 64 KiB.")
    said = JsonDocument(body, max_depth=_MAX_DEPTH, max_values=_MAX_VALUES).value()
    if not isinstance(said, dict):
        raise _bad("", "send one JSON object")
    if "contact" in said:
        raise _bad("contact", "contact data is not kept here; the service that you come from knows how to reach you")
    if not set(said) <= set(_MEMBERS):
        raise _bad("", f"there is a member that is not known; send {', '.join(_MEMBERS)}")
    receipt, kind = said.get("receipt"), said.get("kind")
    if not isinstance(receipt, str):
        raise _bad("receipt", "the id of the answer, 32 characters")
    if not isinstance(kind, str) or kind not in set(Kind):
        raise _bad("kind", f"one of {', '.join(Kind)}")
    return Feedback(read_id(receipt), Kind(kind), _words(said.get("words")), _text(said.get("language"), "language"))


def _words(value: JsonValue) -> str:
    words = _text(value, "words")
    if len(words) > MAX_WORDS:
        raise _bad("words", f"at most {MAX_WORDS} characters")
    if any(not (each.isprintable() or each in _KEEP or ord(each) > 0x9F) for each in words):
        raise _bad("words", "no control characters")
    return words.strip()


def _text(value: JsonValue, name: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _bad(name, "text")
    return value


def _bad(name: str, what: str) -> ClientError:
    return ClientError(f"{name}: {what}" if name else what, code="bad_feedback", param=name or None)


def finder(database: Database) -> Find:
    """Finds in the log of an open store."""
    archive = Archive(database)

    async def find(receipt: str) -> Sequence[Row]:
        try:
            return await archive.of_receipt(receipt)
        except StoreUnusable:  # its words are for who runs the machine: they say where the store is
            raise AuditUnavailable("the evidence store can't be read") from None

    return find


class Hourly:
    """At most so many within an hour, by name. Forgets who has been quiet for as long."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._times: dict[str, deque[float]] = {}

    def allows(self, name: str, most: int) -> bool:
        """Counts one, unless there were so many."""
        now = self._clock()
        if len(self._times) >= _MOST_CLIENTS and name not in self._times:
            self._times = {each: times for each, times in self._times.items() if times[-1] > now - _HOUR}
        times = self._times.setdefault(name, deque())
        while times and times[0] <= now - _HOUR:
            times.popleft()
        if len(times) >= most:
            return False
        times.append(now)
        return True


class Intake:
    """Feedback becomes cases. One for each worker."""

    def __init__(
        self,
        desk: Desk,
        find: Find,
        compiled: Callable[[], Compiled],
        *,
        clear: Clear | None = None,
        alarm: Alarm = lambda case, risk, about: None,
    ) -> None:
        """`compiled` is the policy in force; `clear` inspects words, by its request chain unless told otherwise."""
        self._desk, self._find, self._compiled, self._alarm = desk, find, compiled, alarm
        self._clear = clear or (lambda words, about: clear_words(self._compiled(), words, about))
        self._attempts, self._opened = Hourly(), Hourly()

    async def take(self, body: bytes, client: Client) -> Reply:
        """The answer to one POST: 202 with the number of the case, when it is due, and the way to people.

        Raises ClientError (400, 404, 413, 429), RailError and AuditUnavailable (503): then nothing is kept.
        """
        feedback, policy = read_feedback(body), self._compiled().policy
        most = policy.redress.per_client_hour
        if not self._attempts.allows(client.name, _ATTEMPTS_PER_CASE * most):
            raise _too_many()
        if not _is_of(await self._find(feedback.receipt), client):
            raise unknown()
        if not self._opened.allows(client.name, most):
            raise _too_many()
        language = _language(policy, feedback.language, client)
        about = About(
            language=language,
            surface=client.surface or policy.defaults.surface,
            country=client.country or policy.defaults.country,
        )
        cleared = await self._clear(feedback.words, about) if feedback.words else Cleared("")
        case = await self._desk.open(feedback.receipt, feedback.kind, cleared.words, language, graphic=cleared.danger)
        if cleared.danger:
            self._alarm(case, cleared.risk, about)
        return _accepted(policy, case, language, cleared.help)


def _too_many() -> ClientError:
    return ClientError("too many reports came from here within the hour", code="too_many_cases", status=429)


def _is_of(rows: Sequence[Row], client: Client) -> bool:
    """True if there is such an exchange, and it is this client's or nobody's: another's receipt tells nothing."""
    entries = [row.entry for row in rows if isinstance(row.entry, Intent | Outcome)]
    return any(entry.who.client in (client.name, NONE) for entry in entries)


def _language(policy: Policy, asked: str, client: Client) -> str:
    return next((each for each in (asked, client.language) if each in policy.languages), policy.default_language)


def _accepted(policy: Policy, case: Case, language: str, help_: str) -> Reply:
    way = policy.gates.way(language)
    due = datetime.fromtimestamp(case.due / 1_000_000, UTC).date().isoformat() if case.due else None
    said: dict[str, Any] = {
        "case": case.id,
        "kind": case.kind.value,
        "due": due,
        **({"help": help_} if help_ else {}),
        "message": policy.redress.words("received", language),
        "way": way,
        "language": language,
    }
    return Reply(202, json.dumps(said, ensure_ascii=False).encode())


async def clear_words(compiled: Compiled, words: str, about: About) -> Cleared:
    """As the policy's request chain sees them. Whatever the PHI rail finds is replaced by its label, also in shadow."""
    rulings = (await compiled.request.inspect([(Segment("words", Role.USER, words), about)]))[0]
    findings = [ruling.finding for ruling in rulings]
    assessment = assess([(words, findings)], [])
    head = None
    if assessment.risk in _CRISIS:
        shown = replace(
            about, direction=Direction.RESPONSE, role=Role.ASSISTANT, assessment=assessment, manner=_CRISIS_ONLY
        )
        head = compiled.response.open(shown).head()
    return Cleared(redacted(words, findings), assessment.risk, head.text.strip() if head else "")


async def identifiers(compiled: Compiled, words: str) -> Sequence[str]:
    """The labels of what the PHI rail finds in words that are meant for everybody. Raises RailError."""
    about = About(language=compiled.policy.default_language)
    rulings = (await compiled.request.inspect([(Segment("words", Role.USER, words), about)]))[0]
    return sorted({ruling.finding.label for ruling in rulings if ruling.finding.rail == PHI})


def redacted(words: str, findings: Sequence[Finding]) -> str:
    """The words with every PHI finding replaced by `[LABEL]`; of findings that overlap the first one names it."""
    parts: list[str] = []
    end = 0
    for finding in sorted((each for each in findings if each.rail == PHI), key=lambda each: each.span):
        if finding.span.start >= end:
            parts += [words[end : finding.span.start], f"[{finding.label}]"]
        end = max(end, finding.span.end)
    return "".join([*parts, words[end:]])
