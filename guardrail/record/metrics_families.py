"""Every metric that there is: its name, its labels, how many series it may have, how processes add up.

This table is the contract of docs/metrics.md. Together no more than MAX_SERIES series come of it, whatever happens:
small families have room of their own, the large ones (`pooled`) share what is left, each up to its cap. A label set
that finds no room counts under "other".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

MAX_SERIES: Final = 2_000
"""Of one page, for one process or for all workers together (SEC-05)."""


class Kind(Enum):
    """What a family is to Prometheus."""

    COUNTER = auto()
    GAUGE = auto()
    HISTOGRAM = auto()


class Over(Enum):
    """How the values of several processes become one.

    SUM     added up; what a process that is gone had counted stays in it
    LIVING  added up over the processes that live
    MOST    the largest of those that live: all of them say the same, or one that is worse off must show
    LEAST   the smallest that is not 0
    """

    SUM = auto()
    LIVING = auto()
    MOST = auto()
    LEAST = auto()


@dataclass(frozen=True, slots=True)
class Family:
    """One metric. `name` is without "_total"; `cap` counts label sets, "other" not among them."""

    name: str
    about: str
    labels: tuple[str, ...] = ()
    cap: int = 1
    kind: Kind = Kind.COUNTER
    over: Over = Over.SUM
    buckets: tuple[float, ...] = ()
    pooled: bool = False

    @property
    def width(self) -> int:
        """Series of one label set: a histogram has its buckets, the one without an end, the count and the sum."""
        return len(self.buckets) + 3 if self.kind is Kind.HISTOGRAM else 1

    @property
    def reserved(self) -> int:
        """Series that nobody else may take."""
        if not self.labels:
            return self.width
        return self.width if self.pooled else (self.cap + 1) * self.width


def _counter(name: str, about: str, labels: tuple[str, ...], cap: int, *, pooled: bool = False) -> Family:
    return Family(name, about, labels, cap, pooled=pooled)


def _gauge(name: str, about: str, over: Over, labels: tuple[str, ...] = (), cap: int = 1) -> Family:
    return Family(name, about, labels, cap, Kind.GAUGE, over)


def _times(name: str, about: str, labels: tuple[str, ...], cap: int, buckets: tuple[float, ...]) -> Family:
    return Family(name, about, labels, cap, Kind.HISTOGRAM, Over.SUM, buckets)


# Dense where the values are: with neighbours at most a factor of 2 apart a quantile is wrong by less than that.
_ADDED = (
    *(0.0001, 0.00025, 0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1),
    *(0.15, 0.25, 0.5, 1.0, 2.5),
)
_COMMIT = (0.00025, 0.0005, 0.001, 0.0015, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0)
_RAIL = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_UPSTREAM = (0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 7.5, 10.0, 15.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0)

# ── traffic ───────────────────────────────────────────────────────────────────────────────────────────────────

EXCHANGES = _counter(
    "guardrail_exchanges", "Requests that reached the application, once each, by what came of them.",
    ("dialect", "client", "upstream", "action", "status"), 300, pooled=True,
)  # fmt: skip
FAILURES = _counter(
    "guardrail_failures", "Exchanges that could not be completed.", ("stage", "reason"), 120, pooled=True
)
UNINSPECTED = _counter(
    "guardrail_uninspected", "Refusals because something could not be inspected.", ("reason",), 16
)  # fmt: skip
IN_FLIGHT = _gauge("guardrail_exchanges_in_flight", "Exchanges that are being handled now.", Over.LIVING)
HELD = _gauge(
    "guardrail_streams_held_characters", "Characters of open streams that are held back for inspection now.",
    Over.LIVING,
)  # fmt: skip
REMEMBERED = _counter(
    "guardrail_remembered_segments",
    "Texts of requests whose findings were remembered from an earlier request (hit), or were not (miss).",
    ("result",), 2,
)  # fmt: skip

# ── safety ────────────────────────────────────────────────────────────────────────────────────────────────────

FINDINGS = _counter(
    "guardrail_findings",
    "What the rails found, by what was done about it (allow: in shadow, or allowed by the policy).",
    ("rail", "label", "direction", "action"), 400, pooled=True,
)  # fmt: skip
REDACTIONS = _counter(
    "guardrail_phi_redactions", "Pieces of PHI that were replaced.", ("entity", "direction"), 60, pooled=True
)
NOTICES = _counter(
    "guardrail_notices", "Notices, warnings and crisis texts written into answers.", ("kind", "language"), 64,
    pooled=True,
)  # fmt: skip
REFERRALS = _counter(
    "guardrail_crisis_referrals", "Answers that began with a crisis text.", ("kind", "country", "age_band"), 200,
    pooled=True,
)  # fmt: skip
WEBHOOKS = _counter(
    "guardrail_crisis_webhooks", "Calls that told of somebody in danger, by what came of them.", ("result",), 3
)
MEDICAL = _counter("guardrail_medical_queries", "Requests that ask about health, by risk.", ("risk", "action"), 20)
GATE_REFUSALS = _counter(
    "guardrail_gate_refusals", "Requests that a gate stopped before any model.", ("gate", "reason"), 24
)
UNKNOWN_VALUES = _counter(
    "guardrail_unknown_header_values", "Headers of ours with a value that there is not.", ("header",), 12
)
COHORT_EXCHANGES = _counter(
    "guardrail_cohort_exchanges",
    "Exchanges by user group, from codes that the application supplied; never inferred (WHO-65).",
    ("dimension", "group", "action"), 300, pooled=True,
)  # fmt: skip
COHORT_FINDINGS = _counter(
    "guardrail_cohort_findings",
    "Findings by user group, from codes that the application supplied; never inferred (WHO-65).",
    ("dimension", "group", "rail"), 400, pooled=True,
)  # fmt: skip

# ── times ─────────────────────────────────────────────────────────────────────────────────────────────────────

RAIL_SECONDS = _times("guardrail_rail_duration_seconds", "Time of one inspection by one rail.", ("rail",), 8, _RAIL)
ADDED_SECONDS = _times(
    "guardrail_added_latency_seconds", "Time that the guardrail itself adds.", ("phase",), 3, _ADDED
)  # fmt: skip
UPSTREAM_SECONDS = _times(
    "guardrail_upstream_duration_seconds", "Request to the provider's last byte.", ("upstream",), 8, _UPSTREAM
)

# ── evidence ──────────────────────────────────────────────────────────────────────────────────────────────────

AUDIT_RECORDS = _counter("guardrail_audit_records", "Audit records, by what came of them.", ("result",), 2)
COMMIT_SECONDS = _times(
    "guardrail_audit_commit_seconds", "Time until an audit record was durable.", (), 1, _COMMIT
)  # fmt: skip
PENDING = _gauge("guardrail_audit_pending", "Audit records that wait to be written.", Over.LIVING)
STALLED = _gauge("guardrail_audit_stalled", "1 while the audit log can't be written: nothing is served.", Over.MOST)
CHECKPOINT = _gauge(
    "guardrail_audit_last_checkpoint_timestamp_seconds",
    "When the last signed checkpoint of the audit log was made (the oldest of all workers); 0: none yet.",
    Over.LEAST,
)

# ── models, cost and footprint ────────────────────────────────────────────────────────────────────────────────

TOKENS = _counter(
    "guardrail_tokens", "Tokens as the provider counted them.", ("model", "kind"), 124, pooled=True
)  # fmt: skip
COST = _counter(
    "guardrail_cost", "Cost by the policy's prices and the provider's count of tokens, in units of the currency.",
    ("model", "currency"), 40, pooled=True,
)  # fmt: skip
ENERGY = _counter(
    "guardrail_energy_watt_hours", "Energy of answers: modelled, not measured; two bounds of an estimate.",
    ("model", "bound"), 62, pooled=True,
)  # fmt: skip
CO2E = _counter(
    "guardrail_co2e_grams", "Greenhouse gas of answers: modelled, not measured; two bounds of an estimate.",
    ("model", "bound"), 62, pooled=True,
)  # fmt: skip
WATER = _counter(
    "guardrail_water_millilitres", "Water for answers: modelled, not measured; two bounds of an estimate.",
    ("model", "bound"), 62, pooled=True,
)  # fmt: skip
MODEL_INFO = _gauge(
    "guardrail_model_info", "1 for each model that was asked for and the one that answers now.", Over.MOST,
    ("asked", "served"), 30,
)  # fmt: skip
MODEL_CHANGES = _counter(
    "guardrail_model_changes", "Another model answered under a name than the one before (WHO-44).", ("asked",), 31
)

# ── state ─────────────────────────────────────────────────────────────────────────────────────────────────────

POLICY_INFO = _gauge(
    "guardrail_policy_info", "The policy in force; always 1.", Over.MOST, ("name", "version", "sha256"), 3
)
RELOADS = _counter("guardrail_policy_reloads", "Attempts to reload the policy.", ("result",), 3)
STALE = _gauge(
    "guardrail_policy_stale", "1 if the policy file can't be loaded and an older one is in force.", Over.MOST
)
DETECTION_OFF = _gauge(
    "guardrail_crisis_detection_off", "1 for what the policy in force does not look for.", Over.MOST, ("what",), 24
)
EXPIRED = _gauge(
    "guardrail_expired_texts",
    "1 for each crisis text or service that could be shown and should have been checked again.",
    Over.MOST, ("kind", "name"), 80,
)  # fmt: skip
SUSPENDED = _gauge("guardrail_suspended", "Suspensions that are in force.", Over.MOST, ("scope",), 5)
SUSPENSION_REFUSALS = _counter(
    "guardrail_suspension_refusals", "Exchanges that a suspension stopped.", ("scope",), 5
)  # fmt: skip
CASES_OPEN = _gauge("guardrail_cases_open", "Cases that are not closed.", Over.MOST, ("kind",), 4)
CASES_OVERDUE = _gauge("guardrail_cases_overdue", "Open cases that are past their day.", Over.MOST, ("kind",), 4)
CASES = _counter(
    "guardrail_cases", "Cases by what came of them: opened, reopened, or how they were closed.", ("kind", "outcome"), 28
)
ADMIN_REQUESTS = _counter(
    "guardrail_admin_requests", "Requests to the admin pages, by what came of them.", ("result",), 4
)
RESTARTS = _gauge("guardrail_analyzer_restarts", "How often the analyzer was started again.", Over.SUM)
WORKERS = _gauge("guardrail_workers", "Worker processes that are alive.", Over.LIVING)

ALL: Final = tuple(each for each in tuple(globals().values()) if isinstance(each, Family))
"""In the order of this page."""
BY_NAME: Final = {family.name: family for family in ALL}
POOL: Final = MAX_SERIES - sum(family.reserved for family in ALL)
"""Series that the large families share."""
