"""The metrics of several processes as one: what each tells of itself, put together so that no counter goes back.

A snapshot is JSON-able and made of the families of this program only. What a process had counted stays when it dies;
its gauges go with it. Label sets over the cap of their family count under "other", as they do in one process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from prometheus_client import Metric
from prometheus_client.samples import Exemplar, Sample

from guardrail.record.metrics_families import ALL, BY_NAME, Family, Kind, Over
from guardrail.record.metrics_series import Pool, Room, Source, page
from guardrail.record.metrics_words import OTHER

Row: TypeAlias = Sequence[Any]
"""One sample: [family, suffix, [label values, a bucket's bound last], value, exemplar or None].

An exemplar is [receipt, value, time].
"""
Snapshot: TypeAlias = Sequence[Row]

_Key: TypeAlias = tuple[str, tuple[str, ...], str]
"""Suffix, label values, the bound of a bucket or ""."""
_TYPES: Final = {Kind.COUNTER: "counter", Kind.GAUGE: "gauge", Kind.HISTOGRAM: "histogram"}


def snapshot(source: Source) -> list[Row]:
    """Everything that `source` counts, ready for JSON."""
    return [_row(metric.name, sample) for metric in source.collect() for sample in metric.samples]


def _row(family: str, sample: Sample) -> Row:
    seen = sample.exemplar
    told = [seen.labels.get("receipt", ""), seen.value, float(seen.timestamp or 0.0)] if seen else None
    return (family, sample.name.removeprefix(family), list(sample.labels.values()), sample.value, told)


@dataclass(slots=True)
class _Value:
    """A sum, and the newest exchange that is in it."""

    value: float = 0.0
    seen: Exemplar | None = None

    def add(self, other: _Value) -> None:
        self.value += other.value
        self.see(other)

    def see(self, other: _Value) -> None:
        if self.seen is None or (other.seen is not None and _time(other.seen) >= _time(self.seen)):
            self.seen = other.seen or self.seen


def _time(seen: Exemplar) -> float:
    return float(seen.timestamp or 0.0)


_Values: TypeAlias = dict[_Key, _Value]


@dataclass(slots=True)
class _Merging:
    """One family: what the dead had counted, and what each of the living says last."""

    family: Family
    room: Room
    dead: _Values = field(default_factory=dict)
    living: dict[int, _Values] = field(default_factory=dict)

    def lose(self, source: int) -> None:
        last = self.living.pop(source, {})
        if self.family.over is Over.SUM:
            _add(self.dead, last)

    def values(self) -> _Values:
        out: _Values = {}
        for part in (self.dead, *self.living.values()):
            if self.family.over in (Over.SUM, Over.LIVING):
                _add(out, part)
            else:
                _choose(out, part, least=self.family.over is Over.LEAST)
        return out if self.family.kind is not Kind.GAUGE else _within(out, self.family)


def _add(out: _Values, part: _Values) -> None:
    for key, value in part.items():
        out.setdefault(key, _Value()).add(value)


def _choose(out: _Values, part: _Values, *, least: bool) -> None:
    for key, each in part.items():
        known = out.setdefault(key, _Value())
        if not least:
            known.value = max(known.value, each.value)
        elif each.value:
            known.value = min(known.value or each.value, each.value)


def _within(values: _Values, family: Family) -> _Values:
    """A gauge's label sets come and go: those over the cap of this moment are "other"."""
    kept = set(list(dict.fromkeys(labels for _, labels, _ in values))[: family.cap])
    out: _Values = {}
    for (suffix, labels, bound), value in values.items():
        shown = labels if labels in kept else (OTHER,) * len(labels)
        out.setdefault((suffix, shown, bound), _Value()).add(value)
    return out


class Merged:
    """The sum of several processes, each known by a number that is used once."""

    def __init__(self) -> None:
        pool = Pool()
        self._families = {family.name: _Merging(family, Room(family, pool)) for family in ALL}

    def take(self, source: int, told: Snapshot) -> None:
        """The newest snapshot of a process that lives. Families of another version of the program are left out."""
        taken: dict[str, _Values] = {}
        for name, suffix, labels, value, seen in told:
            family = BY_NAME.get(name)
            if family is None or len(labels) != len(family.labels) + (suffix == "_bucket"):
                continue
            counted = tuple(labels[: len(family.labels)])
            if family.kind is not Kind.GAUGE:
                counted = self._families[name].room.of(counted)
            key = (suffix, counted, labels[-1] if suffix == "_bucket" else "")
            exemplar = Exemplar({"receipt": seen[0]}, seen[1], seen[2]) if seen else None
            taken.setdefault(name, {}).setdefault(key, _Value()).add(_Value(value, exemplar))
        for name, merging in self._families.items():
            merging.living[source] = taken.get(name, {})

    def lose(self, source: int) -> None:
        """That process is gone."""
        for merging in self._families.values():
            merging.lose(source)

    def collect(self) -> Iterator[Metric]:
        """As in `Source`."""
        for merging in self._families.values():
            metric = Metric(merging.family.name, merging.family.about, _TYPES[merging.family.kind])
            metric.samples = list(_samples(merging.family, merging.values()))
            yield metric

    def render(self, accept: str = "") -> tuple[str, bytes]:
        """As `Metrics.render`."""
        return page(self, accept)


def _samples(family: Family, values: _Values) -> Iterable[Sample]:
    for (suffix, labels, bound), each in values.items():
        named = dict(zip(family.labels, labels, strict=True))
        yield Sample(family.name + suffix, {**named, "le": bound} if bound else named, each.value, None, each.seen)
