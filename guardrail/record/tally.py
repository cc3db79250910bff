"""What is counted of one exchange, from its first byte to its last. Holds codes and counts, never words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from guardrail.errors import GuardrailError
from guardrail.record.metrics import CRISES, NONE, UNSPECIFIED, Metrics
from guardrail.text import Action, Assessment, Direction, Ruling, Span, Verdict

_NOTICES: Mapping[str, str] = {"notice": "notice", "medical": "warning", "crisis": "emergency"}
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


class Tally:
    """Counts one exchange: exactly one `guardrail_exchanges_total` increment, made by `close`."""

    def __init__(self, metrics: Metrics, *, client: str, groups: Mapping[str, str]) -> None:
        self._metrics = metrics
        self._client = client
        self._groups = groups
        self._rulings: list[Ruling] = []
        self.language = ""
        self.stage = "route"
        self.dialect = NONE
        self.upstream = NONE
        self.status = 0
        self.action = Action.ALLOW

    def verdicts(self, direction: Direction, verdicts: Iterable[Verdict]) -> None:
        """Count what the chain concluded about some words, and remember the strongest action."""
        for verdict in verdicts:
            self.action = max(self.action, verdict.action)
            self._rulings.extend(verdict.rulings)
            self._metrics.rulings(direction, verdict.rulings)
            if direction is Direction.RESPONSE:
                self._count_notices(verdict)

    def question(self, assessment: Assessment, verdicts: Iterable[Verdict]) -> None:
        """Count a request: what was found in it, and what it asks about."""
        self.verdicts(Direction.REQUEST, verdicts)
        if assessment.medical:
            self._metrics.medical_query(assessment.risk, self.action)

    def referred(self, kinds: Iterable[str], country: str) -> None:
        """The answer begins with crisis texts of these kinds (and other notices)."""
        for kind in CRISES.intersection(kinds):
            self._metrics.crisis_referral(kind, country, self._groups.get("age_band", UNSPECIFIED))

    def released(self, media_types: Iterable[str]) -> None:
        """Count parts that nothing could look into and that pass because the policy releases their type."""
        for media_type in media_types:
            family = media_type.partition("/")[0]
            self._metrics.uninspected(f"released_{family}" if family in _FAMILIES else "released_other")

    def refused(self, error: GuardrailError) -> None:
        """The request was turned away: it is counted as blocked, with the status of the error."""
        self.status, self.action = error.http_status, Action.BLOCK
        self.failure(error)

    def failure(self, error: GuardrailError) -> None:
        """Count what went wrong, by stage and code."""
        self._metrics.failure(self.stage, error.code)
        if error.code in _UNINSPECTED:
            self._metrics.uninspected(_UNINSPECTED[error.code])

    def close(self) -> None:
        """The exchange is over. Without a status it was never answered: something that nobody foresaw."""
        if not self.status:
            self.refused(GuardrailError("something unforeseen"))
        self._metrics.exchange(
            dialect=self.dialect, client=self._client, upstream=self.upstream, action=self.action, status=self.status
        )
        self._metrics.cohort_exchange(self._groups, self.action)
        self._metrics.cohort_findings(self._groups, self._rulings)

    def _count_notices(self, verdict: Verdict) -> None:
        for kind in notice_kinds(verdict):
            self._metrics.notice(kind, self.language)


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
