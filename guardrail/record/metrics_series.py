"""Families of series that stop growing, and the page that is made of them. Knows no metric of ours by name."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from typing import Generic, Protocol, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST
from prometheus_client.openmetrics.exposition import generate_latest as generate_openmetrics

from guardrail.record import log
from guardrail.record.metrics_families import POOL, Family
from guardrail.record.metrics_words import OTHER

_RECEIPT = re.compile(r"[0-9a-f]{32}")
_Made = TypeVar("_Made", bound=MetricWrapperBase)


def exemplar(receipt: str) -> dict[str, str] | None:
    """The label by which a sample leads to one exchange. None for what is no receipt: it is no place for words."""
    return {"receipt": receipt} if _RECEIPT.fullmatch(receipt) else None


class Pool:
    """Series that families share. What was taken is never given back."""

    def __init__(self, size: int = POOL) -> None:
        self._left = size

    def take(self, count: int) -> bool:
        """True if there was room."""
        if count > self._left:
            return False
        self._left -= count
        return True


class Room:
    """The label sets of one family that have series of their own; all others count under "other"."""

    def __init__(self, family: Family, pool: Pool) -> None:
        self._family = family
        self._pool = pool
        self._known: set[tuple[str, ...]] = set()
        self._other = (OTHER,) * len(family.labels)
        self._full = False

    def of(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        """The labels under which these count: the same for as long as the process lives."""
        if labels in self._known or not labels or labels == self._other:
            return labels
        family = self._family
        if len(self._known) < family.cap and not (family.pooled and not self._pool.take(family.width)):
            self._known.add(labels)
            return labels
        if not self._full:
            self._full = True
            log.event("metric_full", level=logging.WARNING, what=family.name)
        return self._other

    def clear(self) -> None:
        """Of a family that has its room to itself: begin anew."""
        assert not self._family.pooled
        self._known.clear()
        self._full = False


class Bounded(Generic[_Made]):
    """A family of series that stops growing."""

    def __init__(self, made: _Made, room: Room) -> None:
        self._made = made
        self._room = room
        self._series: dict[tuple[str, ...], _Made] = {}

    def at(self, *labels: str) -> _Made:
        """The series of these labels, or the one of "other"."""
        return self._series.get(labels) or self._find(labels)

    def clear(self) -> None:
        """No series any more. For gauges only: a counter that starts anew would be read as a restart."""
        self._made.clear()
        self._series.clear()
        self._room.clear()

    def _find(self, labels: tuple[str, ...]) -> _Made:
        counted = self._room.of(labels)
        series = self._made.labels(*counted) if counted else self._made
        if counted == labels:
            self._series[labels] = series
        return series


class Maker:
    """Makes the families of one registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self._pool = Pool()

    def counter(self, family: Family) -> Bounded[Counter]:
        """The counter of that family."""
        return Bounded(Counter(family.name, family.about, family.labels, registry=self._registry), self._room(family))

    def gauge(self, family: Family) -> Bounded[Gauge]:
        """The gauge of that family."""
        return Bounded(Gauge(family.name, family.about, family.labels, registry=self._registry), self._room(family))

    def histogram(self, family: Family) -> Bounded[Histogram]:
        """The histogram of that family."""
        bounds = family.buckets
        made = Histogram(family.name, family.about, family.labels, registry=self._registry, buckets=bounds)
        return Bounded(made, self._room(family))

    def _room(self, family: Family) -> Room:
        return Room(family, self._pool)


class Source(Protocol):
    """What has metrics to show."""

    def collect(self) -> Iterable[Metric]:
        """All of them, as they are now."""
        ...


class WithoutCreated:
    """A registry as it is written out: without the `_created` samples, which would double the series."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        """As in `Source`."""
        for metric in self._registry.collect():
            metric.samples = [sample for sample in metric.samples if not sample.name.endswith("_created")]
            yield metric


def page(source: Source, accept: str) -> tuple[str, bytes]:
    """Content type and page: OpenMetrics if the reader accepts it, else Prometheus text 0.0.4 (no exemplars)."""
    if "application/openmetrics-text" in accept.lower():
        return CONTENT_TYPE_LATEST, bytes(generate_openmetrics(source))  # type: ignore[no-untyped-call]
    return CONTENT_TYPE_PLAIN_0_0_4, generate_latest(source)
