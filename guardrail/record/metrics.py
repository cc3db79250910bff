"""Counts over all exchanges, for Prometheus. Knows no request, no text and no rail; keeps no global state.

Every label value comes from a closed set: constants here, or the vocabulary of the policy in force. Anything else
counts as "other" (groups: "unspecified"), and each family has a fixed cap besides, so that no client can make the
number of series grow (SEC-05). Names and labels are the contract of docs/metrics.md.
"""

from __future__ import annotations

from collections import Counter as Tallied
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST
from prometheus_client.openmetrics.exposition import generate_latest as generate_openmetrics

from guardrail.record.reasons import CODES, GATE_REASONS
from guardrail.text import Action, Direction, Risk, Ruling

OTHER = "other"
UNSPECIFIED = "unspecified"
NONE = "none"

STATUSES = frozenset(
    str(status)
    for status in (
        *(200, 400, 401, 403, 404, 405, 408, 409, 413, 415, 422, 426, 429, 431, 499),
        *(500, 501, 502, 503, 504, 529),
    )
)
"""499: the client went away before the answer was complete (nginx's convention)."""

STAGES = frozenset(
    {"head", "body", "route", "auth", "read", "request", "upstream", "response", "write", "policy", "app"}
)
"""Where an exchange failed, in the order of the journey."""

UNINSPECTED = frozenset(
    {"endpoint", "part_type", "image", "audio", "file", "video", "content_encoding", "content_type", "unknown_field"}
    | {f"released_{family}" for family in ("image", "audio", "video", "application", "link", "other")}
)
"""Why something was refused because nothing could look inside; `released_*`: it passed, since the policy says so."""

GATES = frozenset({"consent", "age", "training", "setting", "tasks"})
HEADERS = frozenset(
    f"x-guardrail-{name}"
    for name in (
        *("age-band", "sex", "ethnicity", "disability", "role", "surface", "consent", "guardian-consent", "language"),
        *("use", "training-date"),
    )
)
"""Headers whose values are codes of closed lists."""
REASONS = frozenset(CODES)
NOTICE_KINDS = frozenset({"notice", "warning", "emergency", "self_harm"})
PHASES = frozenset({"request", "first_token", "per_delta"})
RELOADS = frozenset({"ok", "failed", "unchanged"})
RECALLS = frozenset({"hit", "miss"})
AUDIT_RESULTS = frozenset({"written", "failed"})
CRISES = frozenset({"emergency", "self_harm"})
CALLS = frozenset({"sent", "failed", "lost"})
EXPIRING = frozenset({"service", "text"})
SCOPES = frozenset({"all", "upstream", "client", "model"})

_FAST = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_SLOW = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The label values that the policy in force makes possible."""

    clients: frozenset[str] = frozenset()
    upstreams: frozenset[str] = frozenset()
    dialects: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    findings: Mapping[str, frozenset[str]] = field(default_factory=dict)
    cohorts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    countries: frozenset[str] = frozenset()

    def one_of(self, values: frozenset[str], value: str) -> str:
        """The value if it is known or "none", else "other"."""
        return value if value in values or value == NONE else OTHER


_Family = TypeVar("_Family", bound=MetricWrapperBase)


class _Bounded(Generic[_Family]):
    """A family of series that stops growing: past `cap` label sets, new ones count under "other"."""

    def __init__(self, family: _Family, cap: int) -> None:
        self._family = family
        self._cap = cap
        self._series: dict[tuple[str, ...], _Family] = {}

    def at(self, *labels: str) -> _Family:
        return self._series.get(labels) or self._new(labels)

    def clear(self) -> None:
        self._family.clear()
        self._series.clear()

    def _new(self, labels: tuple[str, ...]) -> _Family:
        if len(self._series) >= self._cap:
            return self._family.labels(*(OTHER,) * len(labels))
        self._series[labels] = series = self._family.labels(*labels)
        return series


class _WithoutCreated:
    """The registry as it is written out: without the `_created` samples, which would double the series."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        for metric in self._registry.collect():
            metric.samples = [sample for sample in metric.samples if not sample.name.endswith("_created")]
            yield metric


class Metrics:
    """All metrics of one process, on a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._words = Vocabulary()
        self._make_traffic()
        self._make_safety()
        self._make_times()
        self._make_cohorts()
        self._make_state()

    def _counter(self, name: str, about: str, labels: Sequence[str], cap: int) -> _Bounded[Counter]:
        return _Bounded(Counter(name, about, labels, registry=self._registry), cap)

    def _gauge(self, name: str, about: str, labels: Sequence[str], cap: int) -> _Bounded[Gauge]:
        return _Bounded(Gauge(name, about, labels, registry=self._registry), cap)

    def _histogram(
        self, name: str, about: str, labels: Sequence[str], cap: int, buckets: Sequence[float]
    ) -> _Bounded[Histogram]:
        return _Bounded(Histogram(name, about, labels, registry=self._registry, buckets=buckets), cap)

    def _make_traffic(self) -> None:
        self._exchanges = self._counter(
            "guardrail_exchanges",
            "Requests that reached the application, once each, by what came of them.",
            ("dialect", "client", "upstream", "action", "status"),
            300,
        )
        self._failures = self._counter(
            "guardrail_failures", "Exchanges that could not be completed.", ("stage", "reason"), 120
        )
        self._uninspected = self._counter(
            "guardrail_uninspected",
            "Refusals because something could not be inspected.",
            ("reason",),
            16,
        )
        self._in_flight = Gauge(
            "guardrail_exchanges_in_flight", "Exchanges that are being handled now.", registry=self._registry
        )
        self._held = Gauge(
            "guardrail_streams_held_characters",
            "Characters of open streams that are held back for inspection now.",
            registry=self._registry,
        )

    def _make_safety(self) -> None:
        self._findings = self._counter(
            "guardrail_findings",
            "What the rails found, by what was done about it (allow: in shadow, or allowed by the policy).",
            ("rail", "label", "direction", "action"),
            400,
        )
        self._redactions = self._counter(
            "guardrail_phi_redactions", "Pieces of PHI that were replaced.", ("entity", "direction"), 60
        )
        self._notices = self._counter(
            "guardrail_notices", "Notices, warnings and crisis texts written into answers.", ("kind", "language"), 64
        )
        self._referrals = self._counter(
            "guardrail_crisis_referrals",
            "Answers that began with a crisis text.",
            ("kind", "country", "age_band"),
            200,
        )
        self._webhooks = self._counter(
            "guardrail_crisis_webhooks", "Calls that told of somebody in danger, by what came of them.", ("result",), 4
        )
        self._medical = self._counter(
            "guardrail_medical_queries", "Requests that ask about health, by risk.", ("risk", "action"), 20
        )
        self._gate_refusals = self._counter(
            "guardrail_gate_refusals", "Requests that a gate stopped before any model.", ("gate", "reason"), 24
        )
        self._unknown_values = self._counter(
            "guardrail_unknown_header_values", "Headers of ours with a value that there is not.", ("header",), 12
        )
        self._audit = self._counter("guardrail_audit_records", "Audit records, by what came of them.", ("result",), 4)

        self._remembered = self._counter(
            "guardrail_remembered_segments",
            "Texts of requests whose findings were remembered from an earlier request (hit), or were not (miss).",
            ("result",),
            4,
        )

    def _make_times(self) -> None:
        self._rail_duration = self._histogram(
            "guardrail_rail_duration_seconds", "Time of one inspection by one rail.", ("rail",), 8, _FAST
        )
        self._added_latency = self._histogram(
            "guardrail_added_latency_seconds", "Time that the guardrail itself adds.", ("phase",), 4, _FAST
        )
        self._upstream_duration = self._histogram(
            "guardrail_upstream_duration_seconds",
            "Request to the provider's last byte.",
            ("upstream",),
            8,
            _SLOW,
        )

    def _make_cohorts(self) -> None:
        self._cohort_exchanges = self._counter(
            "guardrail_cohort_exchanges",
            "Exchanges by user group, from codes that the application supplied; never inferred (WHO-65).",
            ("dimension", "group", "action"),
            200,
        )
        self._cohort_findings = self._counter(
            "guardrail_cohort_findings",
            "Findings by user group, from codes that the application supplied; never inferred (WHO-65).",
            ("dimension", "group", "rail"),
            250,
        )

    def _make_state(self) -> None:
        self._info = self._gauge(
            "guardrail_policy_info", "The policy in force; always 1.", ("name", "version", "sha256"), 1
        )
        self._reloads = self._counter("guardrail_policy_reloads", "Attempts to reload the policy.", ("result",), 4)
        self._stale = Gauge(
            "guardrail_policy_stale", "1 if the policy file can't be loaded and an older one is in force.",
            registry=self._registry,
        )  # fmt: skip
        self._detection_off = self._gauge(
            "guardrail_crisis_detection_off", "1 for what the policy in force does not look for.", ("what",), 24
        )
        self._expired = self._gauge(
            "guardrail_expired_texts",
            "1 for each crisis text or service that could be shown and should have been checked again.",
            ("kind", "name"),
            200,
        )
        self._suspended = self._gauge("guardrail_suspended", "1 while answers are suspended.", ("scope",), 5)
        self._suspended.at("all").set(0)
        self._restarts = Gauge(
            "guardrail_analyzer_restarts", "How often the analyzer was started again.", registry=self._registry
        )

    def use(self, words: Vocabulary) -> None:
        """Take the label values of a new policy. Series that exist stay."""
        self._words = words

    def exchange(self, *, dialect: str, client: str, upstream: str, action: Action, status: int) -> None:
        """One request that reached the app has ended. Call exactly once for each."""
        words = self._words
        self._exchanges.at(
            words.one_of(words.dialects, dialect),
            words.one_of(words.clients, client),
            words.one_of(words.upstreams, upstream),
            action.word,
            words.one_of(STATUSES, str(status)),
        ).inc()

    def failure(self, stage: str, reason: str) -> None:
        """An exchange failed. `reason` is the code of the error (docs/errors.md)."""
        words = self._words
        self._failures.at(words.one_of(STAGES, stage), words.one_of(REASONS, reason)).inc()

    def uninspected(self, reason: str) -> None:
        """Something was refused because nothing can look inside."""
        self._uninspected.at(self._words.one_of(UNINSPECTED, reason)).inc()

    @contextmanager
    def in_flight(self) -> Iterator[None]:
        """Counts an exchange while it is being handled."""
        self._in_flight.inc()
        try:
            yield
        finally:
            self._in_flight.dec()

    def held(self, change: int) -> None:
        """So many characters more (or less, negative) are held back now."""
        self._held.inc(change)

    def rulings(self, direction: Direction, rulings: Iterable[Ruling]) -> None:
        """Count findings by what was done about them, and the PHI that was replaced."""
        seen = Tallied((r.finding.rail, r.finding.label, r.effective) for r in rulings)
        for (rail, label, action), count in seen.items():
            known = self._label(rail, label)
            self._findings.at(self._rail(rail), known, direction.value, action.word).inc(count)
            if rail == "phi" and action is Action.REPLACE:
                self._redactions.at(known, direction.value).inc(count)

    def notice(self, kind: str, language: str) -> None:
        """A text of ours was written into an answer: notice, warning, emergency, self_harm."""
        words = self._words
        self._notices.at(words.one_of(NOTICE_KINDS, kind), words.one_of(words.languages, language)).inc()

    def medical_query(self, risk: Risk, action: Action) -> None:
        """A request was assessed as medical."""
        self._medical.at(risk.value, action.word).inc()

    def gate_refusal(self, gate: str, reason: str) -> None:
        """A gate was shut for this reason."""
        words = self._words
        self._gate_refusals.at(words.one_of(GATES, gate), words.one_of(GATE_REASONS, reason)).inc()

    def unknown_header_value(self, header: str) -> None:
        """A header of ours had a value that there is not; the value itself is nowhere."""
        self._unknown_values.at(self._words.one_of(HEADERS, header)).inc()

    def remembered(self, result: str, count: int) -> None:
        """So many texts of a request were known from an earlier one (hit), or had to be inspected (miss)."""
        self._remembered.at(self._words.one_of(RECALLS, result)).inc(count)

    def rail_seconds(self, rail: str, seconds: float) -> None:
        """One inspection took so long."""
        self._rail_duration.at(self._rail(rail)).observe(max(seconds, 0.0))

    def added_latency(self, phase: str, seconds: float) -> None:
        """The guardrail added so much: to the request, to the first token, to one delta."""
        self._added_latency.at(self._words.one_of(PHASES, phase)).observe(max(seconds, 0.0))

    def upstream_seconds(self, upstream: str, seconds: float) -> None:
        """The provider took so long, from the request to its last byte."""
        words = self._words
        self._upstream_duration.at(words.one_of(words.upstreams, upstream)).observe(max(seconds, 0.0))

    def cohort_exchange(self, groups: Mapping[str, str], action: Action) -> None:
        """Count an exchange under each group that the application supplied."""
        for dimension, group in self._groups(groups):
            self._cohort_exchanges.at(dimension, group, action.word).inc()

    def cohort_findings(self, groups: Mapping[str, str], rulings: Iterable[Ruling]) -> None:
        """Count findings under each group that the application supplied."""
        rails = Tallied(self._rail(ruling.finding.rail) for ruling in rulings)
        for dimension, group in self._groups(groups) if rails else ():
            for rail, count in rails.items():
                self._cohort_findings.at(dimension, group, rail).inc(count)

    def audit_record(self, result: str) -> None:
        """An audit record was written, or could not be."""
        self._audit.at(self._words.one_of(AUDIT_RESULTS, result)).inc()

    def policy(self, name: str, version: int, sha256: str) -> None:
        """This policy is in force now."""
        self._info.clear()
        self._info.at(name, str(version), sha256).set(1)

    def crisis_referral(self, kind: str, country: str, age_band: str) -> None:
        """An answer began with the crisis text of this kind (emergency, self_harm)."""
        words = self._words
        known = words.cohorts.get("age_band", frozenset())
        self._referrals.at(
            words.one_of(CRISES, kind),
            words.one_of(words.countries, country or NONE),
            age_band if age_band in known else UNSPECIFIED,
        ).inc()

    def crisis_webhook(self, result: str) -> None:
        """A call that tells of somebody in danger was sent, failed for good, or was lost."""
        self._webhooks.at(self._words.one_of(CALLS, result)).inc()

    def detection_off(self, labels: Iterable[str]) -> None:
        """The policy in force does not look for these crises; for all others it does."""
        self._detection_off.clear()
        for label in labels:
            self._detection_off.at(label).set(1)

    def expired_texts(self, rows: Iterable[tuple[str, str]]) -> None:
        """These crisis texts and services (kind, name) are out of date under the policy in force; no others are."""
        self._expired.clear()
        for kind, name in rows:
            self._expired.at(self._words.one_of(EXPIRING, kind), name).set(1)

    def policy_reload(self, result: str, *, stale: bool) -> None:
        """A reload was tried: ok, unchanged, failed. `stale` if the file and what is in force differ."""
        self._reloads.at(self._words.one_of(RELOADS, result)).inc()
        self._stale.set(stale)

    def suspended(self, scope: str, *, active: bool) -> None:
        """Answers are suspended (or no longer) in this scope."""
        self._suspended.at(self._words.one_of(SCOPES, scope)).set(active)

    def analyzer_restarts(self, total: int) -> None:
        """So many times the analyzer process has been started again."""
        self._restarts.set(total)

    def render(self, accept: str = "") -> tuple[str, bytes]:
        """Content type and page: OpenMetrics if the reader accepts it, else Prometheus text 0.0.4."""
        view = _WithoutCreated(self._registry)
        if "application/openmetrics-text" in accept.lower():
            return CONTENT_TYPE_LATEST, bytes(generate_openmetrics(view))  # type: ignore[no-untyped-call]
        return CONTENT_TYPE_PLAIN_0_0_4, generate_latest(view)

    def _rail(self, rail: str) -> str:
        return rail if rail in self._words.findings else OTHER

    def _label(self, rail: str, label: str) -> str:
        return label if label in self._words.findings.get(rail, frozenset()) else OTHER

    def _groups(self, groups: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for dimension, known in self._words.cohorts.items():
            group = groups.get(dimension, UNSPECIFIED)
            yield dimension, group if group in known else UNSPECIFIED
