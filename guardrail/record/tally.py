"""What is counted of one exchange, from its first byte to its last. Holds codes and counts, never words.

The metrics are told at once; what the audit log gets is gathered here and given out once, as an `Outcome`.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from guardrail.errors import AnswerWithheld, ClientError, Draining, GuardrailError, Unforeseen
from guardrail.events import Tokens
from guardrail.record import entry
from guardrail.record.entry import Code, End, Found, Outcome, Place, PolicyRef, Shown, Timings, Who, code
from guardrail.record.metrics import CRISES, NONE, UNSPECIFIED, Metrics
from guardrail.text import Action, Assessment, Direction, Ruling, Span, Verdict

_NOTICES: Mapping[str, str] = {"notice": "notice", "medical": "warning", "crisis": "emergency"}
_CLOSINGS: Final = frozenset({"incomplete", "translation"})
_UNINSPECTED: Mapping[str, str] = {
    "unknown_route": "endpoint",
    "unknown_part": "part_type",
    "uninspected_part": "part_type",
    "unsupported_content_encoding": "content_encoding",
    "unsupported_media_type": "content_type",
}
"""Error codes that mean "nothing can look inside", and the reason under which they are counted."""

_FAMILIES = frozenset({"image", "audio", "video", "application", "link"})
"""The first word of media types that may stand in a metric."""

NO_POLICY: Final = PolicyRef(entry.NONE, 0, entry.NONE)
CLIENT_GONE: Final = 499
"""nginx's convention."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an exchange before anybody has read it."""

    receipt: str = ""
    client: str = NONE
    groups: Mapping[str, str] = field(default_factory=dict)
    use: str = NONE
    policy: PolicyRef = NO_POLICY
    request_bytes: int = 0
    reviewed: bool = False


class Tally:
    """Counts one exchange: exactly one `guardrail_exchanges_total` increment, made by `close`."""

    def __init__(self, metrics: Metrics, known: Known) -> None:
        self._metrics = metrics
        self._known = known
        self._began = time.perf_counter_ns()
        self._rulings: list[Ruling] = []
        self._found: Counter[tuple[str, str, Direction, Action, bool]] = Counter()
        self._places: list[Place] = []
        self._parts = dict.fromkeys(Direction, 0)
        self._shown: list[Shown] = []
        self._unseen: list[str] = []
        self._asked = entry.Asked()
        self._failed = entry.NONE
        self._timings = Timings()
        self.task = NONE
        self.language = ""
        self.surface = NONE
        self.stage = "route"
        self.dialect = NONE
        self.upstream = NONE
        self.model = ""
        self.served = ""
        self.subject = entry.NONE
        self.gate = NONE
        self.suspension = NONE
        self.status = 0
        self.action = Action.ALLOW
        self.end = End.ANSWERED
        self.streamed = False
        self.ahead = 0
        """Bytes of the answer that leave as soon as its outcome is written."""
        self._sent = 0
        self.usage = entry.Usage()

    def verdicts(self, direction: Direction, verdicts: Iterable[Verdict], parts: Iterable[int] | None = None) -> None:
        """Count what the chain concluded about some words, and remember the strongest action.

        `parts` numbers the texts that the verdicts are about, if they don't come one for each, in order.
        """
        numbers = iter(parts) if parts is not None else None
        for verdict in verdicts:
            part = next(numbers) if numbers is not None else self._parts[direction]
            self._parts[direction] = max(self._parts[direction], part + 1)
            self.action = max(self.action, verdict.action)
            self._rulings.extend(verdict.rulings)
            self._metrics.rulings(direction, verdict.rulings, self._known.receipt)
            self._note(direction, part, verdict)
            if direction is Direction.RESPONSE:
                self._count_notices(verdict)

    def question(self, assessment: Assessment, verdicts: Iterable[Verdict]) -> None:
        """Count a request: what was found in it, and what it asks about."""
        self.verdicts(Direction.REQUEST, verdicts)
        self._asked = entry.Asked(
            medical=assessment.medical,
            risk=assessment.risk,
            topics=tuple(map(code, assessment.topics)),
            flags=tuple(map(code, assessment.flags)),
        )
        if assessment.medical:
            self._metrics.medical_query(assessment.risk, self.action)

    def referred(self, kinds: Iterable[str], country: str) -> None:
        """The answer begins with crisis texts of these kinds (and other notices)."""
        for kind in CRISES.intersection(kinds):
            self._metrics.crisis_referral(kind, country, self._known.groups.get("age_band", UNSPECIFIED))

    def released(self, media_types: Iterable[str]) -> None:
        """Count parts that nothing could look into and that pass because the policy releases their type."""
        for media_type in media_types:
            family = media_type.partition("/")[0]
            self._uninspected(f"released_{family}" if family in _FAMILIES else "released_other")

    def refused(self, error: GuardrailError) -> None:
        """The request was turned away: it is counted as blocked, with the status of the error."""
        self.status, self.action = error.http_status, Action.BLOCK
        self.failure(error)

    def failure(self, error: GuardrailError) -> None:
        """Count what went wrong, by stage and code."""
        self._failed = code(error.code)
        stopped = self.suspension != NONE
        self.end = End.SUSPENDED if stopped else _end_of(error, begun=self.streamed and bool(self.status))
        self._metrics.failure(self.stage, error.code)
        if error.code in _UNINSPECTED:
            self._uninspected(_UNINSPECTED[error.code])

    def gone(self) -> None:
        """The client went away before the answer was complete."""
        self.status = CLIENT_GONE
        self.end = End.CLIENT_GONE

    def asks(self) -> None:
        """The provider is asked now: what the guardrail added so far."""
        self._timings = replace(self._timings, added=self._passed())

    def told(self, seconds: float) -> None:
        """The provider is done; it took so long."""
        self._timings = replace(self._timings, upstream=round(seconds * 1e6))

    def counted(self, tokens: Tokens, served: str) -> None:
        """What the provider counted, and the model that its answer names."""
        self.served = served
        self.usage = entry.Usage(tokens.input, tokens.output, tokens.cached, tokens.reasoning)

    def sent(self, count: int) -> None:
        """So many bytes of the answer leave now."""
        if not self._sent:
            self._timings = replace(self._timings, first=self._passed())
        self._sent += count

    @property
    def receipt(self) -> str:
        """The id of the exchange."""
        return self._known.receipt

    @property
    def who(self) -> Who:
        """Who asks whom, as far as it is known by now."""
        groups = {name: code(group) for name, group in self._known.groups.items() if group not in ("", UNSPECIFIED)}
        return Who(
            client=code(self._known.client),
            dialect=code(self.dialect),
            model=code(self.model) if self.model else entry.NONE,
            upstream=code(self.upstream),
            surface=code(self.surface),
            use=code(self._known.use),
            cohort=groups,
            subject=self.subject,
        )

    def intent(self) -> entry.Intent:
        """What is committed before anything goes to a provider. No model: nobody has inspected its name yet."""
        return entry.Intent(code(self._known.receipt), replace(self.who, model=entry.NONE), self._known.policy)

    def outcome(self) -> Outcome:
        """The record of this exchange as it stands."""
        self._foresee()
        return Outcome(
            receipt=code(self._known.receipt),
            who=self.who,
            policy=self._known.policy,
            end=self.end,
            action=self.action,
            status=self.status,
            stage=entry.NONE if self._failed == entry.NONE else code(self.stage),
            failure=self._failed,
            gate=code(self.gate),
            suspension=code(self.suspension),
            served=code(self.served) if self.served else entry.NONE,
            streamed=self.streamed,
            reviewed=self._known.reviewed,
            language=code(self.language, entry.NONE),
            asked=replace(self._asked, task=code(self.task, entry.NONE)),
            found=tuple(Found(code(r), code(lab), d, a, n, s) for (r, lab, d, a, s), n in self._found.items()),
            places=tuple(self._places),
            shown=tuple(self._shown),
            uninspected=tuple(map(code, self._unseen)),
            timings=self._times(),
            request_bytes=self._known.request_bytes,
            answer_bytes=self._sent + self.ahead,
            usage=self.usage,
        )

    def close(self) -> None:
        """The exchange is over."""
        self._foresee()
        self._metrics.exchange(
            dialect=self.dialect,
            client=self._known.client,
            upstream=self.upstream,
            action=self.action,
            status=self.status,
            receipt=self._known.receipt,
        )
        self._metrics.cohort_exchange(self._known.groups, self.action)
        self._metrics.cohort_findings(self._known.groups, self._rulings)

    def _foresee(self) -> None:
        """Without a status it was never answered: something that nobody foresaw."""
        if not self.status:
            self.refused(Unforeseen())

    def _times(self) -> Timings:
        total = self._passed()
        return replace(self._timings, first=self._timings.first or total, total=total)

    def _passed(self) -> int:
        """Microseconds since the beginning."""
        return (time.perf_counter_ns() - self._began) // 1_000

    def _uninspected(self, reason: str) -> None:
        self._unseen.append(reason)
        self._metrics.uninspected(reason)

    def _note(self, direction: Direction, part: int, verdict: Verdict) -> None:
        for ruling in verdict.rulings:
            found, action = ruling.finding, ruling.effective
            self._found[(found.rail, found.label, direction, action, ruling.shadow)] += 1
            if len(self._places) < entry.MAX_OFFSETS and not _is_empty(found.span):
                rail, label = code(found.rail), code(found.label)
                self._places.append(Place(direction, part, found.span.start, found.span.end, rail, label, action))

    def _count_notices(self, verdict: Verdict) -> None:
        kinds = notice_kinds(verdict)
        for kind in kinds:
            self._metrics.notice(kind, self.language)
        closings = [r.finding.rail for r in verdict.rulings if r.finding.rail in _CLOSINGS and verdict.edits]
        words = "".join(edit.text for edit in verdict.edits if _is_empty(edit.span))
        digest = Code(hashlib.sha256(words.encode()).hexdigest()) if words else entry.NONE
        self._shown += [Shown(code(kind), code(self.language), digest) for kind in (*kinds, *closings)]


def _end_of(error: GuardrailError, *, begun: bool) -> End:
    if begun:
        return End.OWN_ANSWER if isinstance(error, AnswerWithheld) else End.TRUNCATED
    return End.REFUSED if isinstance(error, ClientError) and not isinstance(error, Draining) else End.FAILED


def notice_kinds(verdict: Verdict) -> list[str]:
    """Which texts of ours were written into an answer: notice, warning, emergency, self_harm."""
    if not any(_is_empty(edit.span) for edit in verdict.edits):
        return []
    written = [ruling for ruling in verdict.rulings if ruling.effective is not Action.REPLACE]
    ours = [ruling.finding for ruling in written if ruling.finding.rail in _NOTICES]
    inserted = [finding for finding in ours if _is_empty(finding.span)] or ours[:1]
    return ["self_harm" if finding.label == "self_harm" else _NOTICES[finding.rail] for finding in inserted]


def _is_empty(span: Span) -> bool:
    return span.start == span.end
