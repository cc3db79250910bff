"""How numbers and times are said in a report."""

from __future__ import annotations

from datetime import UTC, datetime

from guardrail.report.cells import SMALL, Shown, Told


def percent(share: float) -> str:
    """Three digits that count, and never 0 % or 100 % for what is not."""
    value = share * 100
    if 0 < value < 0.01:
        return "under 0.01 %"
    if 99.99 < value < 100:
        return "over 99.99 %"
    digits = 0 if value in (0, 100) else 2 if value < 1 or value > 99 else 1
    return f"{value:.{digits}f} %"


def number(value: int) -> str:
    """With commas."""
    return f"{value:,}"


def told(count: Told, whole: Told | None = None) -> str:
    """A count as it is told; one that is withheld is never said to be none."""
    if count.value is not None:
        return number(count.value)
    if count.shown is Shown.FEW:
        return f"1-{SMALL - 1}"
    if count.shown is Shown.ALL_BUT_FEW and whole is not None and whole.value is not None:
        return f"all but 1-{SMALL - 1}"
    return "withheld"


def few(count: int) -> str:
    """A count of exchanges that stands for itself: small ones are not told."""
    return f"1-{SMALL - 1}" if 0 < count < SMALL else number(count)


def day(microseconds: int) -> str:
    """In UTC."""
    return moment(microseconds)[:10]


def amount(value: float) -> str:
    """Three digits that count."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:,.3g}"


def between(low: float, high: float, unit: str) -> str:
    """An estimate."""
    return f"{amount(low)} to {amount(high)} {unit}"


def moment(microseconds: int) -> str:
    """Seconds, in UTC, as ISO 8601 has it."""
    return datetime.fromtimestamp(microseconds / 1e6, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def times(value: float) -> str:
    """A ratio."""
    return f"{value:.2f}"
