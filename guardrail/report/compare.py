"""Headline figures, divided: shares with intervals, ratios to the largest group, control charts, and their verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from guardrail.evaluate.figures import Share
from guardrail.report import words
from guardrail.report.cells import Shown, Told
from guardrail.report.counts import TIME, Counts
from guardrail.report.figures import ALL, DIMENSION_NAMES, DIMENSIONS, FIGURES, MISSING, Aim, Figure
from guardrail.report.statistics import RUN, Chart, Ratio, control_chart, ratio
from guardrail.report.verdicts import Outcome, Verdicts

_DIGITS: Final = 6


def questions(counts: Counts) -> Iterator[str]:
    """All that is asked about headline figures: each, each group of each, and each over time."""
    for figure in FIGURES:
        yield f"figure:{figure.node}"
        yield f"drift:{figure.node}"
        for dimension in DIMENSIONS:
            groups = [group for group in counts.groups.get(dimension, ()) if group != MISSING]
            yield from (f"group:{figure.node}:{dimension}:{group}" for group in groups)
            if not groups:
                yield f"group:{figure.node}:{dimension}"


def figures(counts: Counts, verdicts: Verdicts) -> list[dict[str, Any]]:
    """Each figure for everybody, by group, and over time."""
    return [_Compared(figure, counts, verdicts).document() for figure in FIGURES]


def cell(count: Told) -> dict[str, Any]:
    """A count as JSON has it; where it is withheld, the range that anybody can work out, if it is narrow."""
    if count.value is not None:
        return {"value": count.value, "shown": Shown.EXACT.value}
    found: dict[str, Any] = {"value": None, "shown": count.shown.value}
    if count.shown is not Shown.WITHHELD:
        found["range"] = [count.low, count.high]
    return found


def met(aim: Aim, of: Told, hits: Told) -> bool | None:
    """True if the figure is what it should be, as what is told shows; None: it does not show, or nothing is aimed at.

    A count that is withheld must not look like a failure: whoever reads the report would look for one.
    """
    if aim == "neutral" or of.value == 0:
        return None
    if aim == "none":
        surely, surely_not = hits.high == 0, hits.low > 0
    else:
        surely = hits.value is not None and hits.value == of.value
        surely_not = hits.shown is Shown.ALL_BUT_FEW or hits.high < of.low
    return True if surely else False if surely_not else None


class _Compared:
    """One figure."""

    def __init__(self, figure: Figure, counts: Counts, verdicts: Verdicts) -> None:
        self._figure, self._counts, self._verdicts = figure, counts, verdicts
        self._side = "misses" if figure.by_misses else "hits"

    def document(self) -> dict[str, Any]:
        """As JSON has it; its verdicts are given."""
        figure = self._figure
        groups = {dimension: self._groups(dimension) for dimension in DIMENSIONS}
        over_time = self._over_time()
        everybody = self._row()
        self._verdict(everybody)
        return {
            "id": figure.node,
            "title": figure.title,
            "short_title": figure.short,
            "share_of": figure.of,
            "means": figure.means,
            "requirements": list(figure.ids),
            "aim": figure.aim,
            "met": met(figure.aim, *self._told()),
            "compared_by": self._side,
            "all": everybody,
            "groups": groups,
            "over_time": over_time,
        }

    # ── everybody ─────────────────────────────────────────────────────────────────────────────────────────────

    def _verdict(self, row: Mapping[str, Any]) -> None:
        """The figure itself: it failed if it can't be told or misses its aim, else it has signals or none."""
        about, figure = f"figure:{self._figure.node}", self._figure
        of, hits = self._told()
        said = self._said(of, hits, row)
        if of.value == 0:
            self._verdicts.not_computed(about, f"{figure.title}: there were no {figure.of}.")
        elif met(figure.aim, of, hits) is False:
            wanted = {"none": "there should be none", "all": "it should be every one"}[figure.aim]
            self._verdicts.failed(about, f"{figure.title}: {said}; {wanted}.")
        elif row["share"] is None and not row.get("share_range"):
            self._verdicts.not_computed(about, f"{figure.title}: the count is withheld.")
        elif self._has_signal():
            self._verdicts.found(about, f"{figure.title}: {said}; groups or times differ, see below.")
        else:
            self._verdicts.nothing(about, f"{figure.title}: {said}; no group and no time stands out.")

    def _said(self, of: Told, hits: Told, row: Mapping[str, Any]) -> str:
        said = f"{words.told(hits, of)} of {words.told(of)} {self._figure.of}"
        return said if row["share"] is None else f"{words.percent(row['share'])} ({said})"

    def _has_signal(self) -> bool:
        node = self._figure.node
        return Outcome.FOUND in self._verdicts.outcomes(f"group:{node}:") | self._verdicts.outcomes(f"drift:{node}")

    # ── by group ──────────────────────────────────────────────────────────────────────────────────────────────

    def _groups(self, dimension: str) -> dict[str, Any]:
        node = self._figure.node
        if dimension not in self._counts.groups:
            what = f"no application told a code for {DIMENSION_NAMES[dimension].lower()}"
            self._verdicts.not_computed(f"group:{node}:{dimension}", f"{self._figure.title}: {what}.")
            return {"rows": [], "reference": None, "note": what}
        names = self._counts.groups[dimension]
        rows = {name: self._row((dimension, name)) for name in names}
        reference = self._reference(dimension, names)
        for name in names:
            if name != MISSING:
                self._compare(dimension, name, rows[name], reference)
        note = "too few to be divided by this" if self._counts.published.is_dark((node, dimension)) else ""
        return {"rows": [{"group": name, **row} for name, row in rows.items()], "reference": reference, "note": note}

    def _reference(self, dimension: str, names: Sequence[str]) -> str | None:
        """The largest group of which both counts are told."""
        known = {name: share for name in names if name != MISSING and (share := self._share((dimension, name)))}
        return max(known, key=lambda name: known[name].of) if known else None

    def _compare(self, dimension: str, name: str, row: dict[str, Any], reference: str | None) -> None:
        about = f"group:{self._figure.node}:{dimension}:{name}"
        where = f"{self._figure.title}, {DIMENSION_NAMES[dimension].lower()} {name}"
        share = self._share((dimension, name))
        if share is None:
            self._verdicts.not_computed(about, f"{where}: the count is small or withheld.")
            return
        if not share.of:
            self._verdicts.not_computed(about, f"{where}: there were none.")
            return
        if name == reference or reference is None:
            self._verdicts.nothing(about, f"{where}: the largest group, which the others are compared with.")
            return
        other = self._share((dimension, reference))
        found = ratio(self._adverse(share), self._adverse(other)) if other is not None else None
        if found is None:
            self._verdicts.nothing(about, f"{where}: no case in it, and none in {reference}.")
            return
        row["ratio"] = _ratio(found, reference, self._side)
        said = self._ratio_said(found, reference)
        if found.signal:
            self._verdicts.found(about, f"{where}: {said}. A signal, not a proof.")
        else:
            self._verdicts.nothing(about, f"{where}: {said}; no difference shown.")

    def _ratio_said(self, found: Ratio, reference: str) -> str:
        what = "misses " if self._side == "misses" else ""
        interval = f"95 % interval {words.times(found.low)} to {words.times(found.high)}"
        return f"{what}{words.times(found.value)} times as often as {reference} ({interval})"

    def _adverse(self, share: Share) -> Share:
        return Share(share.of - share.hits, share.of) if self._figure.by_misses else share

    # ── over time ─────────────────────────────────────────────────────────────────────────────────────────────

    def _over_time(self) -> dict[str, Any] | None:
        node, title = self._figure.node, self._figure.title
        steps = self._counts.groups.get(TIME, ())
        rows = {step: self._row((TIME, step)) for step in steps}
        chart = control_chart([self._share((TIME, step)) for step in steps], self._share(()))
        about = f"drift:{node}"
        if chart is None:
            total = self._share(())
            if total is not None and (total.hits == 0 or total.hits == total.of):
                self._verdicts.nothing(about, f"{title} over time: the same in every step.")
            else:
                self._verdicts.not_computed(about, f"{title} over time: too few steps of which enough is known.")
            return None
        points = [{"from": step, **rows[step], **_point(chart, at)} for at, step in enumerate(steps)]
        outside = [step for at, step in enumerate(steps) if (point := chart.points[at]) is not None and point.side]
        run = f"; {chart.run} steps in a row on one side of the mean" if chart.run >= RUN else ""
        if chart.signal:
            days = f"beyond its limits from {', '.join(outside)}" if outside else "within its limits"
            self._verdicts.found(about, f"{title} over time: {days}{run}.")
        else:
            self._verdicts.nothing(about, f"{title} over time: no step beyond its limits, no long run.")
        return {
            "centre": round(chart.centre, _DIGITS),
            "spread": round(chart.spread, 3),
            "longest_run": chart.run,
            "signal": chart.signal,
            "steps": points,
        }

    # ── counts ────────────────────────────────────────────────────────────────────────────────────────────────

    def _told(self, place: tuple[str, ...] = ()) -> tuple[Told, Told]:
        published = self._counts.published
        return published[(self._figure.around, *place)], published[(self._figure.node, *place)]

    def _share(self, place: tuple[str, ...]) -> Share | None:
        """None unless both counts are told."""
        of, hits = self._told(place)
        return None if of.value is None or hits.value is None else Share(hits.value, of.value)

    def _row(self, place: tuple[str, ...] = ()) -> dict[str, Any]:
        of, hits = self._told(place)
        share = self._share(place)
        row: dict[str, Any] = {"of": cell(of), "hits": cell(hits), "share": None, "interval": None, "ratio": None}
        if share is not None and share.value is not None and share.interval is not None:
            row["share"] = round(share.value, _DIGITS)
            row["interval"] = [round(bound, _DIGITS) for bound in share.interval]
        elif of.value and hits.shown in (Shown.FEW, Shown.ALL_BUT_FEW):
            row["share_range"] = [round(bound / of.value, _DIGITS) for bound in (hits.low, hits.high)]
        return row


def _ratio(found: Ratio, reference: str, side: str) -> dict[str, Any]:
    return {
        "value": round(found.value, 4),
        "low": round(found.low, 4),
        "high": round(found.high, 4),
        "to": reference,
        "of": side,
        "signal": found.signal,
    }


def _point(chart: Chart, at: int) -> dict[str, Any]:
    point = chart.points[at]
    if point is None:
        return {"low": None, "high": None, "side": None}
    return {"low": round(point.low, _DIGITS), "high": round(point.high, _DIGITS), "side": point.side}


def everybody(counts: Counts) -> Told:
    """All exchanges."""
    return counts.published[(ALL,)]
