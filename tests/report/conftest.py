"""One made-up quarter, read and put together once, for all tests that only look at it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from guardrail.report.collect import Collected, Collector, Period, parse_day
from guardrail.report.reading import CaseRow, Published, Read
from guardrail.report.sheet import About, Integrity, document
from tests.report.records import DAY, many

PERIOD = Period(parse_day("2026-09-01"), parse_day("2026-11-23"))
GROUPS = {
    "age_band": ("0-12", "13-17", "18-39", "40-64", "65+"),
    "sex": ("female", "male", "other"),
    "ethnicity": ("a", "b", "c"),
    "disability": ("yes", "no"),
    "language": ("en", "es", "fr", "ar", "zh", "ru", "sw"),
    "role": ("patient", "caregiver", "clinician", "admin"),
}
ABOUT = About(
    made=PERIOD.until + DAY,
    actor="cli:tester",
    policy={"name": "baseline", "version": 4, "sha256": "2e" * 32},
    groups=GROUPS,
    recorded=True,
    seed="s",
)


def collect(rows: Iterable[Sequence[Any]], period: Period = PERIOD, sample: int = 0, seed: str = "") -> Collected:
    """What rows of the log add up to."""
    collector = Collector(period, sample, seed)
    collector.rows(rows)
    made = collector.collected()
    made.unanswered, made.unannounced = len(collector.open_intents()), len(collector.unannounced())
    return made


def report_of(collected: Collected, about: About = ABOUT, **more: Any) -> dict[str, Any]:
    """The document."""
    integrity = more.pop("integrity", Integrity(True, "", 10, 1, 2))
    return document(Read(collected, **more), integrity, about)


@pytest.fixture(scope="session")
def quarter() -> Collected:
    """12,000 exchanges in twelve weeks."""
    return collect(many(12_000), sample=20, seed="s")


@pytest.fixture(scope="session")
def report(quarter: Collected) -> dict[str, Any]:
    """The report on them, with some cases and an incident."""
    due = PERIOD.since + 10 * DAY
    cases = [CaseRow("harm", "open", PERIOD.since + DAY, due, None, "")] * 3
    cases += [CaseRow("error", "closed", PERIOD.since + DAY, due, due - DAY, "upheld")] * 14
    incident = Published("i1", PERIOD.since + DAY, "Wrong unit <b>of</b> a dose", "gpt-a", 4, None)
    return report_of(quarter, cases=cases, incidents=[incident], heads={"ab12cd34.0": 12_000})
