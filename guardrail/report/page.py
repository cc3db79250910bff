"""The report as one page: everything is in it, nothing is loaded, no script; for the screen, the phone and paper.

Shows the JSON document and nothing else. Whatever a name in the log holds is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from math import inf, log
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from guardrail.report import charts, words
from guardrail.report.cells import Shown
from guardrail.report.figures import DIMENSION_NAMES, DIMENSIONS, MISSING
from guardrail.templates import Environment, environment

_HERE: Final = Path(__file__).parent
TILES: Final = ("phi_redacted", "noticed", "warned", "helped", "phi_in_answer", "failed")
"""Headline figures that stand on top."""
FRONT: Final = 10
"""Signals that stand on top; all of them follow below."""
_ENDS: Final[Mapping[str, str]] = {
    "answered": "answered by a model",
    "own_answer": "answered by our own text",
    "refused": "refused: the request was at fault",
    "failed": "failed",
    "truncated": "broke off",
    "client_gone": "the client went away",
    "suspended": "stopped by a suspension",
    "recovered": "unknown: the guardrail died",
}


def render(report: Mapping[str, Any], digest: str) -> str:
    """`digest` is the SHA-256 of the JSON document. Raises jinja2.TemplateError if the document lacks something."""
    figures = {figure["id"]: figure for figure in report["figures"]}
    titles = {name: figure["title"] for name, figure in figures.items()}
    not_computed = [each for each in report["failed"] if not each.get("computed", True)]
    made = _environment().get_template("report.html").render(
        report=report,
        digest=digest,
        figures=figures,
        tiles=[figures[name] for name in TILES],
        dimensions=[(name, DIMENSION_NAMES[name]) for name in DIMENSIONS],
        signals=_strongest_first(report),
        front=FRONT,
        attention=[each for each in report["failed"] if each.get("computed", True)],
        not_computed=(_alone(not_computed), _by_figure(not_computed, titles)),
        nothing=(_alone(report["nothing"]), _by_figure(report["nothing"], titles)),
        drawings=_Drawings(report),
        amounts=[*_everything(report["usage"]["all"]), *report["usage"]["by_model"]],
        ends=_ENDS,
        missing=MISSING,
    )  # fmt: skip
    return made.replace(" %", "\u00a0%")


@cache
def _environment() -> Environment:
    made = environment(_HERE / "templates")
    style = (_HERE / "templates" / "style.css").read_text(encoding="utf-8")
    made.globals["style"] = Markup(style)  # noqa: S704 - our own file
    made.filters.update(
        percent=words.percent, number=words.number, amount=words.amount, count=_count, share=_share, interval=_interval,
        ratio=_ratio, day=lambda text: text[:10], minute=lambda text: text[:16].replace("T", " ") + " UTC",
    )  # fmt: skip
    return made


# ── numbers in words ──────────────────────────────────────────────────────────────────────────────────────────────


def _count(cell: Mapping[str, Any]) -> str:
    return words.number(cell["value"]) if cell["value"] is not None else str(cell["shown"])


def _share(row: Mapping[str, Any]) -> str:
    """A share, or what can be said of it."""
    if row["share"] is not None:
        return words.percent(row["share"])
    if "share_range" in row:
        low, high = row["share_range"]
        return (
            f"at most {words.percent(high)}" if row["hits"]["shown"] == Shown.FEW else f"at least {words.percent(low)}"
        )
    return "none" if row["of"]["value"] == 0 else "withheld"


def _interval(row: Mapping[str, Any]) -> str:
    return f"{words.percent(row['interval'][0])} to {words.percent(row['interval'][1])}" if row["interval"] else ""


def _ratio(found: Mapping[str, Any] | None) -> str:
    if found is None:
        return ""
    return f"{words.times(found['value'])} ({words.times(found['low'])} to {words.times(found['high'])})"


def _everything(amounts: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    return [{"model": "All", **amounts}] if amounts else []


def _strongest_first(report: Mapping[str, Any]) -> list[str]:
    """Signals in words: what changed over time, then groups, the furthest apart first."""
    apart = {
        f"group:{figure['id']}:{dimension}:{row['group']}": abs(log(max(row["ratio"]["value"], 1e-3)))
        for figure in report["figures"]
        for dimension, division in figure["groups"].items()
        for row in division["rows"]
        if row["ratio"]
    }
    signals = [each for each in report["found"] if not each["about"].startswith("figure:")]
    ordered = sorted(signals, key=lambda each: -apart.get(each["about"], inf))
    return [each["words"] for each in ordered]


def _alone(verdicts: Iterable[Mapping[str, Any]]) -> list[str]:
    """Verdicts on checks, on figures as a whole and over time, in words."""
    return [each["words"] for each in verdicts if not each["about"].startswith("group:")]


def _by_figure(
    verdicts: Iterable[Mapping[str, Any]], titles: Mapping[str, str]
) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """Verdicts on groups: by figure and dimension, the names of the groups. Their numbers are in the annex."""
    found: dict[str, dict[str, list[str]]] = {}
    for each in verdicts:
        if each["about"].startswith("group:"):
            _, node, dimension, *group = each["about"].split(":", 3)
            found.setdefault(node, {}).setdefault(dimension, []).append(group[0] if group else "no code was supplied")
    return [
        (titles[node], [(DIMENSION_NAMES[dimension].lower(), groups) for dimension, groups in rows.items()])
        for node, rows in found.items()
    ]


# ── drawings ──────────────────────────────────────────────────────────────────────────────────────────────────────


class _Drawings:
    """The charts of a report."""

    def __init__(self, report: Mapping[str, Any]) -> None:
        self._report = report

    def exchanges(self) -> Markup | None:
        """Exchanges over time, None if there is one step or too much is withheld."""
        steps = self._steps()
        values = [row["of"]["value"] for row in steps]
        if len([value for value in values if value is not None]) < 2:
            return None
        labels = [row["from"] for row in steps]
        return Markup(charts.columns("Exchanges over time", self._labels(labels), values, _whole))  # noqa: S704

    def steps(self) -> list[tuple[str, str]]:
        """The same as a table."""
        return [(row["from"], _count(row["of"])) for row in self._steps()]

    def control(self, figure: Mapping[str, Any]) -> Markup | None:
        """A figure over time, None if there is no chart of it."""
        over = figure["over_time"]
        if over is None:
            return None
        rows = over["steps"]
        series = [
            [row["share"] for row in rows],
            [over["centre"]] * len(rows),
            [row["low"] for row in rows],
            [row["high"] for row in rows],
        ]
        title = f"{figure['title']} over time, with its limits"
        return Markup(charts.control(title, self._labels([row["from"] for row in rows]), series, _axis))  # noqa: S704

    def signals(self) -> Iterator[tuple[Mapping[str, Any], str, Markup]]:
        """Each division with a signal in it: figure, dimension, chart."""
        for figure in self._report["figures"]:
            for dimension, found in figure["groups"].items():
                rows = found["rows"]
                if any(row["ratio"] and row["ratio"]["signal"] for row in rows):
                    yield figure, DIMENSION_NAMES[dimension], self._bars(figure, dimension, rows)

    def marks(self) -> Sequence[Mapping[str, str]]:
        """What changed on the way, with the letters that charts name it by."""
        return [{**mark, "letter": chr(ord("A") + at)} for at, mark in enumerate(self._report["marks"][:26])]

    def _bars(self, figure: Mapping[str, Any], dimension: str, rows: Sequence[Mapping[str, Any]]) -> Markup:
        misses = figure["compared_by"] == "misses"
        made = []
        for row in rows:
            share, (low, high) = row["share"], row["interval"] or (0.0, 0.0)
            if share is None:
                made.append(charts.Bar(f"{row['group']}: not told", None))
            elif misses:
                made.append(charts.Bar(row["group"], 1 - share, 1 - high, 1 - low))
            else:
                made.append(charts.Bar(row["group"], share, low, high))
        title = f"{figure['title']} by {DIMENSION_NAMES[dimension].lower()}, with 95 % intervals"
        return Markup(charts.bars(title, made, _axis))  # noqa: S704 - drawn by us, its words escaped

    def _steps(self) -> Sequence[Mapping[str, Any]]:
        """Of a figure that is a share of all exchanges."""
        for figure in self._report["figures"]:
            if figure["over_time"] is not None and figure["share_of"] == "exchanges":
                rows: Sequence[Mapping[str, Any]] = figure["over_time"]["steps"]
                return rows
        return ()

    def _labels(self, days: Sequence[str]) -> list[str]:
        """Month and day, with the letters of what changed in the step."""
        labels = []
        for at, day in enumerate(days):
            until = days[at + 1] if at + 1 < len(days) else "9999"
            letters = "".join(mark["letter"] for mark in self.marks() if day <= mark["at"] < until)
            labels.append(f"{day[5:]} {letters}".rstrip())
        return labels


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _axis(value: float) -> str:
    return f"{value * 100:.3g} %"
