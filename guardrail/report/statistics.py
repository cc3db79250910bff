"""How sure a figure is, how far groups are apart, and whether something changed over time. Pure.

A share has Wilson's interval. Groups are compared by the ratio of their shares (risk ratio) with the interval of Katz,
computed on the logarithm; where a group has no case, or nothing but cases, half a case is added to each cell (Walter).
Time is watched with a p-chart: limits of three sigma around the mean share, for steps of different size, widened by
Laney's factor where steps differ more among each other than chance within them explains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log, sqrt
from typing import Final

from guardrail.evaluate.figures import Share

Z: Final = 1.959964
"""95 %, two-sided."""
HIGH: Final = 1.25
LOW: Final = 0.8
"""Ratios beyond these are far apart (the four-fifths rule of 29 CFR 1607.4(D), and its inverse)."""
RUN: Final = 9
"""So many steps in a row on one side of the mean are a change (Nelson's second rule)."""
FEWEST_STEPS: Final = 8
_MOST_UNKNOWN: Final = 0.25
"""Of the steps: those that are withheld are the small ones, and the others alone would tell another story."""
_SIGMAS: Final = 3.0
_MEAN_RANGE: Final = 1.128
"""Of two normal values: what a mean moving range is divided by to give a sigma."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """Of the share of a group to that of another one."""

    value: float
    low: float
    high: float

    @property
    def signal(self) -> bool:
        """True if the groups are far apart and chance alone would hardly do it. A signal, not a proof."""
        return (self.low > 1 or self.high < 1) and not LOW <= self.value <= HIGH


def ratio(group: Share, other: Share) -> Ratio | None:
    """None if one of them has nobody, or none of both has a case."""
    if not group.of or not other.of or not (group.hits or other.hits):
        return None
    extreme = 0 in (group.hits, other.hits) or (group.hits, other.hits) == (group.of, other.of)
    half = 0.5 if extreme else 0.0
    a, n, b, m = group.hits + half, group.of + half, other.hits + half, other.of + half
    value, spread = (a / n) / (b / m), sqrt(max(0.0, 1 / a - 1 / n + 1 / b - 1 / m))
    shown = value if not extreme else (group.hits / group.of) / (other.hits / other.of) if other.hits else value
    return Ratio(shown, exp(log(value) - Z * spread), exp(log(value) + Z * spread))


@dataclass(frozen=True, slots=True)
class Point:
    """One step of a control chart. `side` is 1 above its limits, -1 below, 0 within."""

    share: float
    low: float
    high: float
    side: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A p-chart. `spread` is Laney's factor: 1 if steps differ as chance would have it. `run` is the longest run."""

    centre: float
    spread: float
    points: tuple[Point | None, ...]
    run: int

    @property
    def signal(self) -> bool:
        """True if a step is beyond its limits, or a run is too long for chance."""
        return self.run >= RUN or any(point is not None and point.side for point in self.points)


def control_chart(steps: Sequence[Share | None], overall: Share | None = None) -> Chart | None:
    """The mean is that of `overall`, or of the known steps if it is not known.

    None for too few steps that are known and not empty, or if nothing or everything is a case.
    """
    known = [step for step in steps if step is not None and step.of]
    total = overall or Share(sum(step.hits for step in known), sum(step.of for step in known))
    unknown = sum(step is None for step in steps)
    if len(known) < FEWEST_STEPS or unknown > _MOST_UNKNOWN * len(steps) or not 0 < total.hits < total.of:
        return None
    centre = total.hits / total.of
    spread = max(1.0, _laney(known, centre))
    points = tuple(None if step is None or not step.of else _point(step, centre, spread) for step in steps)
    return Chart(centre, spread, points, _longest_run([step.hits / step.of - centre for step in known]))


def _laney(known: Sequence[Share], centre: float) -> float:
    scores = [(step.hits / step.of - centre) / sqrt(centre * (1 - centre) / step.of) for step in known]
    moves = [abs(after - before) for before, after in pairwise(scores)]
    return sum(moves) / len(moves) / _MEAN_RANGE


def _point(step: Share, centre: float, spread: float) -> Point:
    share, half = step.hits / step.of, _SIGMAS * spread * sqrt(centre * (1 - centre) / step.of)
    low, high = max(0.0, centre - half), min(1.0, centre + half)
    return Point(share, low, high, (share > high) - (share < low))


def _longest_run(differences: Sequence[float]) -> int:
    longest = length = 0
    side = 0
    for difference in differences:
        here = (difference > 0) - (difference < 0)
        length = length + 1 if here and here == side else abs(here)
        side, longest = here, max(longest, length)
    return longest
