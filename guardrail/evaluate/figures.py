"""Shares with their uncertainty, and what a scoring gives: figures overall and by group, and where it failed.

Holds ids, labels and offsets; no text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final, TypeVar

_Z: Final = 1.959964  # 95 %, two-sided
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """The share, None of nothing."""
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval, which holds for small numbers and near 0 and 1, too. None of nothing.

        It takes cases for independent. Those of one text are not quite: the truth is a little wider.
        """
        if not self.of:
            return None
        share, n = self.hits / self.of, self.of
        middle = share + _Z**2 / (2 * n)
        half = _Z * sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
        whole = 1 + _Z**2 / n
        return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


@dataclass(frozen=True, slots=True)
class F1:
    """The harmonic mean of precision and recall. It is no share, so it has no interval."""

    true: int
    false: int
    missed: int

    @property
    def interval(self) -> None:
        """None."""

    @property
    def value(self) -> float | None:
        """2 true / (2 true + false + missed), None if there was nothing to find and nothing was found."""
        whole = 2 * self.true + self.false + self.missed
        return 2 * self.true / whole if whole else None


Figure = Share | F1
Figures = Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Failure:
    """Where the product failed: which text, how, at what kind of thing, and where in the text."""

    id: str
    what: str
    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a scoring gives. `groups`: by what ("label"), then which ("NAME"), then the figures."""

    kind: str
    texts: int
    figures: Figures
    groups: Mapping[str, Mapping[str, Figures]]
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a figure must be at least, or at most."""

    figure: str
    limit: float
    least: bool

    def met(self, figures: Figures) -> bool:
        """False also if there was nothing to measure: silence proves nothing."""
        value = figures[self.figure].value
        if value is None:
            return False
        return value >= self.limit if self.least else value <= self.limit


def share(values: Iterable[bool]) -> Share:
    """How many are true."""
    known = list(values)
    return Share(sum(known), len(known))


def total(shares: Iterable[tuple[int, int]]) -> Share:
    """Counts of single texts put together."""
    known = list(shares)
    return Share(sum(hits for hits, _ in known), sum(of for _, of in known))


def grouped(
    things: Sequence[_T], key: Callable[[_T], str], figures: Callable[[Sequence[_T]], Figures]
) -> Mapping[str, Figures]:
    """The figures of each group, the largest group first."""
    groups: dict[str, list[_T]] = {}
    for thing in things:
        groups.setdefault(key(thing), []).append(thing)
    return {name: figures(groups[name]) for name in sorted(groups, key=lambda name: (-len(groups[name]), name))}
