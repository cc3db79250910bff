"""Counts over all exchanges, for Prometheus. Knows no request, no text and no rail; keeps no global state.

Every label value comes from a closed set: `metrics_words`, or the vocabulary of the policy in force. Anything else
counts as "other" (groups: "unspecified"), and each family has a fixed cap besides, so that no client can make the
number of series grow (SEC-05). Names, labels and caps are in `metrics_families`, the contract of docs/metrics.md.
`receipt`, where a method takes it, is the exchange that a sample leads to in OpenMetrics (an exemplar).
"""

from __future__ import annotations

from collections import Counter as Tallied
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import product

from prometheus_client import CollectorRegistry

from guardrail.record import metrics_families as families
from guardrail.record import metrics_words as closed
from guardrail.record.entry import Footprint, Usage, code
from guardrail.record.metrics_merge import Merged, Snapshot, snapshot
from guardrail.record.metrics_series import Maker, WithoutCreated, exemplar, page
from guardrail.record.metrics_words import CRISES, NONE, OTHER, UNSPECIFIED, Models, ServedModels, Vocabulary
from guardrail.record.reasons import GATE_REASONS
from guardrail.text import Action, Direction, Risk, Ruling

__all__ = ["CRISES", "NONE", "OTHER", "UNSPECIFIED", "Merged", "Metrics", "Snapshot", "Vocabulary"]


class Metrics:
    """All metrics of one process, on a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._words = Vocabulary()
        self._models = Models()
        self._served = ServedModels()
        make = Maker(self._registry)
        self._make_traffic(make)
        self._make_safety(make)
        self._make_evidence(make)
        self._make_models(make)
        self._make_state(make)
        self._make_people(make)

    def _make_traffic(self, make: Maker) -> None:
        self._exchanges = make.counter(families.EXCHANGES)
        self._failures = make.counter(families.FAILURES)
        self._uninspected = make.counter(families.UNINSPECTED)
        self._remembered = make.counter(families.REMEMBERED)
        self._in_flight = make.gauge(families.IN_FLIGHT).at()
        self._held = make.gauge(families.HELD).at()
        self._rail_seconds = make.histogram(families.RAIL_SECONDS)
        self._added_seconds = make.histogram(families.ADDED_SECONDS)
        self._upstream_seconds = make.histogram(families.UPSTREAM_SECONDS)

    def _make_safety(self, make: Maker) -> None:
        self._findings = make.counter(families.FINDINGS)
        self._redactions = make.counter(families.REDACTIONS)
        self._notices = make.counter(families.NOTICES)
        self._referrals = make.counter(families.REFERRALS)
        self._webhooks = make.counter(families.WEBHOOKS)
        self._medical = make.counter(families.MEDICAL)
        self._gate_refusals = make.counter(families.GATE_REFUSALS)
        self._unknown_values = make.counter(families.UNKNOWN_VALUES)
        self._cohort_exchanges = make.counter(families.COHORT_EXCHANGES)
        self._cohort_findings = make.counter(families.COHORT_FINDINGS)
        # A series that is not there yet has no first step: what is rare and worth an alert begins at 0.
        for result in closed.CALLS:
            self._webhooks.at(result)
        for reason in closed.UNINSPECTED:
            self._uninspected.at(reason)

    def _make_evidence(self, make: Maker) -> None:
        self._audit = make.counter(families.AUDIT_RECORDS)
        self._commit_seconds = make.histogram(families.COMMIT_SECONDS).at()
        self._pending = make.gauge(families.PENDING).at()
        self._stalled = make.gauge(families.STALLED).at()
        self._checkpoint = make.gauge(families.CHECKPOINT).at()
        for result in closed.AUDIT_RESULTS:
            self._audit.at(result)

    def _make_models(self, make: Maker) -> None:
        self._tokens = make.counter(families.TOKENS)
        self._cost = make.counter(families.COST)
        self._energy = make.counter(families.ENERGY)
        self._co2e = make.counter(families.CO2E)
        self._water = make.counter(families.WATER)
        self._model_info = make.gauge(families.MODEL_INFO)
        self._model_changes = make.counter(families.MODEL_CHANGES)

    def _make_state(self, make: Maker) -> None:
        self._info = make.gauge(families.POLICY_INFO)
        self._reloads = make.counter(families.RELOADS)
        self._stale = make.gauge(families.STALE).at()
        self._detection_off = make.gauge(families.DETECTION_OFF)
        self._expired = make.gauge(families.EXPIRED)
        self._suspended = make.gauge(families.SUSPENDED)
        self._suspension_refusals = make.counter(families.SUSPENSION_REFUSALS)
        self._restarts = make.gauge(families.RESTARTS).at()
        self._workers = make.gauge(families.WORKERS).at()
        self.workers(1)
        for scope in closed.SCOPES:
            self._suspended.at(scope)
            self._suspension_refusals.at(scope)
        for result in closed.RELOADS:
            self._reloads.at(result)

    def _make_people(self, make: Maker) -> None:
        self._cases_open = make.gauge(families.CASES_OPEN)
        self._cases_overdue = make.gauge(families.CASES_OVERDUE)
        self._cases = make.counter(families.CASES)
        self._admin_requests = make.counter(families.ADMIN_REQUESTS)
        for kind in closed.CASE_KINDS:
            self._cases_open.at(kind)
            self._cases_overdue.at(kind)
        for kind, outcome in product(sorted(closed.CASE_KINDS), sorted(closed.CASE_OUTCOMES)):
            self._cases.at(kind, outcome)
        for result in closed.ADMIN_RESULTS:
            self._admin_requests.at(result)

    def use(self, words: Vocabulary) -> None:
        """Take the label values of a new policy. Series that exist stay."""
        self._words = words
        self._models.use(words.models)

    # ── traffic ───────────────────────────────────────────────────────────────────────────────────────────────

    def exchange(
        self, *, dialect: str, client: str, upstream: str, action: Action, status: int, receipt: str = ""
    ) -> None:
        """One request that reached the app has ended. Call exactly once for each."""
        words = self._words
        self._exchanges.at(
            words.one_of(words.dialects, dialect),
            words.one_of(words.clients, client),
            words.one_of(words.upstreams, upstream),
            action.word,
            words.one_of(closed.STATUSES, str(status)),
        ).inc(exemplar=exemplar(receipt))

    def failure(self, stage: str, reason: str) -> None:
        """An exchange failed. `reason` is the code of the error (docs/errors.md)."""
        words = self._words
        self._failures.at(words.one_of(closed.STAGES, stage), words.one_of(closed.REASONS, reason)).inc()

    def uninspected(self, reason: str) -> None:
        """Something was refused because nothing can look inside."""
        self._uninspected.at(self._words.one_of(closed.UNINSPECTED, reason)).inc()

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

    def remembered(self, result: str, count: int) -> None:
        """So many texts of a request were known from an earlier one (hit), or had to be inspected (miss)."""
        self._remembered.at(self._words.one_of(closed.RECALLS, result)).inc(count)

    def rail_seconds(self, rail: str, seconds: float) -> None:
        """One inspection took so long."""
        self._rail_seconds.at(self._rail(rail)).observe(max(seconds, 0.0))

    def added_latency(self, phase: str, seconds: float, receipt: str = "") -> None:
        """The guardrail added so much: to the request, to the first token, to one delta."""
        series = self._added_seconds.at(self._words.one_of(closed.PHASES, phase))
        series.observe(max(seconds, 0.0), exemplar(receipt))

    def upstream_seconds(self, upstream: str, seconds: float, receipt: str = "") -> None:
        """The provider took so long, from the request to its last byte."""
        words = self._words
        series = self._upstream_seconds.at(words.one_of(words.upstreams, upstream))
        series.observe(max(seconds, 0.0), exemplar(receipt))

    # ── safety ────────────────────────────────────────────────────────────────────────────────────────────────

    def rulings(self, direction: Direction, rulings: Iterable[Ruling], receipt: str = "") -> None:
        """Count findings by what was done about them, and the PHI that was replaced."""
        seen = Tallied((r.finding.rail, r.finding.label, r.effective) for r in rulings)
        leads = exemplar(receipt) if seen else None
        for (rail, label, action), count in seen.items():
            known = self._label(rail, label)
            self._findings.at(self._rail(rail), known, direction.value, action.word).inc(count, leads)
            if rail == "phi" and action is Action.REPLACE:
                self._redactions.at(known, direction.value).inc(count, leads)

    def notice(self, kind: str, language: str) -> None:
        """A text of ours was written into an answer: notice, warning, emergency, self_harm."""
        words = self._words
        self._notices.at(words.one_of(closed.NOTICE_KINDS, kind), words.one_of(words.languages, language)).inc()

    def medical_query(self, risk: Risk, action: Action) -> None:
        """A request was assessed as medical."""
        self._medical.at(risk.value, action.word).inc()

    def gate_refusal(self, gate: str, reason: str) -> None:
        """A gate was shut for this reason."""
        words = self._words
        self._gate_refusals.at(words.one_of(closed.GATES, gate), words.one_of(GATE_REASONS, reason)).inc()

    def unknown_header_value(self, header: str) -> None:
        """A header of ours had a value that there is not; the value itself is nowhere."""
        self._unknown_values.at(self._words.one_of(closed.HEADERS, header)).inc()

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
        self._webhooks.at(self._words.one_of(closed.CALLS, result)).inc()

    # ── evidence ──────────────────────────────────────────────────────────────────────────────────────────────

    def audit_record(self, result: str, count: int = 1) -> None:
        """So many audit records were written, or could not be."""
        self._audit.at(self._words.one_of(closed.AUDIT_RESULTS, result)).inc(count)

    def audit_commit_seconds(self, seconds: float) -> None:
        """It took so long until records were durable."""
        self._commit_seconds.observe(max(seconds, 0.0))

    def audit_pending(self, count: int) -> None:
        """So many records wait to be written."""
        self._pending.set(count)

    def audit_stalled(self, *, stalled: bool) -> None:
        """The log can't be written now (or can again)."""
        self._stalled.set(stalled)

    def audit_checkpoint(self, at_seconds: float) -> None:
        """The log was found whole up to here and signed, at that Unix time; tell it also if there was nothing new."""
        self._checkpoint.set(at_seconds)

    # ── models, cost and footprint ────────────────────────────────────────────────────────────────────────────

    def tokens(self, model: str, usage: Usage) -> None:
        """The provider counted so many for an answer of the model that was asked for. What it did not say is not
        counted."""
        name = self._models.label(model)
        for kind in closed.TOKENS:
            if count := getattr(usage, kind):
                self._tokens.at(name, kind).inc(count)

    def cost(self, model: str, currency: str, amount: float) -> None:
        """An answer cost so much, in units of the currency (ISO 4217)."""
        known = self._words.one_of(closed.CURRENCIES, currency)
        self._cost.at(self._models.label(model), known).inc(max(amount, 0.0))

    def footprint(self, model: str, estimate: Footprint) -> None:
        """The modelled footprint of an answer; both bounds are summed up, each by itself."""
        name = self._models.label(model)
        ranges = ((self._energy, estimate.energy_wh), (self._co2e, estimate.co2e_g), (self._water, estimate.water_ml))
        for family, each in ranges:
            if each is not None:
                family.at(name, "low").inc(max(each.low, 0.0))
                family.at(name, "high").inc(max(each.high, 0.0))

    def model_served(self, upstream: str, asked: str, served: str) -> bool:
        """`served` is the model that the answer named (WHO-44). True if this provider gave another one before.

        The first sight is no change. What names no model ("" or "none"), or has no room for its name, is none either.
        """
        name, served_name = self._models.label(asked), str(code(served or NONE))
        if name == OTHER or served_name in (NONE, OTHER):
            return False
        new, changed = self._served.answered(upstream, name, served_name)
        if new:
            self._model_info.clear()
            for pair in self._served.pairs:
                self._model_info.at(*pair).set(1)
        if changed:
            self._model_changes.at(name).inc()
        return changed

    # ── state ─────────────────────────────────────────────────────────────────────────────────────────────────

    def policy(self, name: str, version: int, sha256: str) -> None:
        """This policy is in force now."""
        self._info.clear()
        self._info.at(name, str(version), sha256).set(1)

    def detection_off(self, labels: Iterable[str]) -> None:
        """The policy in force does not look for these crises; for all others it does."""
        self._detection_off.clear()
        for label in labels:
            self._detection_off.at(label).set(1)

    def expired_texts(self, rows: Iterable[tuple[str, str]]) -> None:
        """These crisis texts and services (kind, name) are out of date under the policy in force; no others are."""
        self._expired.clear()
        for kind, name in rows:
            self._expired.at(self._words.one_of(closed.EXPIRING, kind), name).set(1)

    def policy_reload(self, result: str, *, stale: bool) -> None:
        """A reload was tried: ok, unchanged, failed. `stale` if the file and what is in force differ."""
        self._reloads.at(self._words.one_of(closed.RELOADS, result)).inc()
        self._stale.set(stale)

    def suspended(self, active: Mapping[str, int]) -> None:
        """So many suspensions are in force by scope; a scope that is not named has none."""
        for scope in closed.SCOPES:
            self._suspended.at(scope).set(active.get(scope, 0))

    def suspension_refusal(self, scope: str) -> None:
        """A suspension of that scope stopped an exchange."""
        self._suspension_refusals.at(self._words.one_of(closed.SCOPES, scope)).inc()

    def analyzer_restarts(self, total: int) -> None:
        """So many times the analyzer process has been started again."""
        self._restarts.set(total)

    def workers(self, alive: int) -> None:
        """So many processes serve as this one: 1, and 0 for the one that only looks after them."""
        self._workers.set(alive)

    # ── people ────────────────────────────────────────────────────────────────────────────────────────────────

    def cases(self, unfinished: Mapping[str, int], overdue: Mapping[str, int]) -> None:
        """So many cases of each kind are open, and so many of them past their day; a kind not named has none."""
        for kind in closed.CASE_KINDS:
            self._cases_open.at(kind).set(unfinished.get(kind, 0))
            self._cases_overdue.at(kind).set(overdue.get(kind, 0))

    def case(self, kind: str, outcome: str) -> None:
        """A case was opened, reopened, or closed with this outcome."""
        words = self._words
        self._cases.at(words.one_of(closed.CASE_KINDS, kind), words.one_of(closed.CASE_OUTCOMES, outcome)).inc()

    def admin_request(self, result: str) -> None:
        """A request to the admin pages: ok, unauthorized, forbidden, limited."""
        self._admin_requests.at(self._words.one_of(closed.ADMIN_RESULTS, result)).inc()

    # ── out ───────────────────────────────────────────────────────────────────────────────────────────────────

    def render(self, accept: str = "") -> tuple[str, bytes]:
        """Content type and page: OpenMetrics if the reader accepts it, else Prometheus text 0.0.4."""
        return page(WithoutCreated(self._registry), accept)

    def snapshot(self) -> Snapshot:
        """All of it as JSON-able rows, for `Merged`."""
        return snapshot(WithoutCreated(self._registry))

    def _rail(self, rail: str) -> str:
        return rail if rail in self._words.findings else OTHER

    def _label(self, rail: str, label: str) -> str:
        return label if label in self._words.findings.get(rail, frozenset()) else OTHER

    def _groups(self, groups: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for dimension, known in self._words.cohorts.items():
            group = groups.get(dimension, UNSPECIFIED)
            yield dimension, group if group in known else UNSPECIFIED
