"""A scoring for people (tables), for machines (JSON), and where it failed (JSON lines, by default without texts)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from guardrail.errors import ClientError
from guardrail.evaluate.figures import F1, Figure, Figures, Report, Threshold
from guardrail.evaluate.run import Evaluation

WORDS: Final[Mapping[str, str]] = {
    "leak": "leaked: any distinctive part left",
    "leak_full": "leaked: the whole value left",
    "full_cover": "taken out from end to end",
    "character_recall": "characters of PHI taken out",
    "texts_leaking": "texts with any leak",
    "over_redaction": "over-redaction: strings to keep that were hit",
    "clean_changed": "clean texts changed",
    "words_lost": "words outside PHI lost",
    "f1": "medical: F1",
    "precision": "medical: precision",
    "recall": "medical: recall",
    "crisis_recall": "emergencies and self-harm recognised",
    "false_crisis": "others taken for a crisis",
    "risk_accuracy": "right risk",
    "called_medical": "called medical",
    "left": "phrases left, letter by letter",
    "left_loosely": "phrases left, loosely compared",
    "passages_left": "passages with a phrase left",
    "protected_lost": "quotations and code lost",
    "collapsed": "answers cut by more than half",
}
"""The figures in words."""

_COLUMNS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("phi", "label"): ("leak", "full_cover", "character_recall"),
    ("phi", "language"): ("leak", "character_recall", "over_redaction", "clean_changed"),
    ("phi", "register"): ("leak", "character_recall", "over_redaction", "clean_changed"),
    ("queries", "language"): ("f1", "precision", "recall", "crisis_recall"),
    ("queries", "risk"): ("called_medical", "risk_accuracy"),
    ("phrasing", "category"): ("left", "left_loosely"),
    ("phrasing", "language"): ("left", "left_loosely", "clean_changed"),
}


def as_json(
    evaluation: Evaluation, thresholds: Sequence[Threshold], policy: Mapping[str, object]
) -> Mapping[str, object]:
    """Everything but the failures, as docs/cli.md promises it."""
    report = evaluation.report
    return {
        "kind": report.kind,
        "texts": report.texts,
        "uninspected": len(evaluation.uninspected),
        "policy": dict(policy),
        "figures": _figures(report.figures),
        "groups": {
            by: {name: _figures(figures) for name, figures in groups.items()} for by, groups in report.groups.items()
        },
        "thresholds": [
            {
                "figure": each.figure,
                "least" if each.least else "most": each.limit,
                "value": report.figures[each.figure].value,
                "met": each.met(report.figures),
            }
            for each in thresholds
        ],
    }


def show(evaluation: Evaluation, thresholds: Sequence[Threshold], console: Console | None = None) -> None:
    """The headline figures with their 95 % intervals, then a table for each grouping that tells more."""
    console = console or Console(highlight=False)
    report = evaluation.report
    console.print(_headline(report))
    for by, groups in report.groups.items():
        if len(groups) > 1:
            console.print(_grouped(report.kind, by, groups))
    for threshold in thresholds:
        met = threshold.met(report.figures)
        sign = "≥" if threshold.least else "≤"
        words = f"{'met' if met else 'MISSED'}: {threshold.figure} {sign} {threshold.limit:g}"
        console.print(words, style="green" if met else "red", markup=False)
    if evaluation.uninspected:
        console.print(f"{len(evaluation.uninspected)} texts could not be inspected and are not counted", style="red")


def write_details(path: Path, evaluation: Evaluation, *, show_text: bool) -> None:
    """One line for each failure, for the eyes of the owner of the file only. Words of texts only with `show_text`.

    Raises ClientError if it can't be written.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise ClientError(f"{path}: can't be written ({type(error).__name__})") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(descriptor, 0o600)
        for line in _details(evaluation, show_text):
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _details(evaluation: Evaluation, show_text: bool) -> Iterator[Mapping[str, object]]:
    for each in evaluation.report.failures:
        line = {"id": each.id, "what": each.what, "label": each.label, "start": each.start, "end": each.end}
        yield {**line, "text": evaluation.texts[each.id][each.start : each.end]} if show_text else line
    for identity, code in evaluation.uninspected:
        yield {"id": identity, "what": "not inspected", "label": code}


def _figures(figures: Figures) -> dict[str, Any]:
    return {name: _figure(figure) for name, figure in figures.items()}


def _figure(figure: Figure) -> dict[str, float | int | None]:
    if isinstance(figure, F1):
        return {"value": figure.value}
    low, high = figure.interval or (None, None)
    return {"value": figure.value, "low": low, "high": high, "hits": figure.hits, "of": figure.of}


def _headline(report: Report) -> Table:
    table = Table(title=f"{report.kind}: {report.texts} texts", title_justify="left")
    table.add_column("")
    for name in ("figure", "95 % interval", "of"):
        table.add_column(name, justify="right")
    for name, figure in report.figures.items():
        between = figure.interval
        table.add_row(
            WORDS[name],
            percent(figure),
            f"{between[0]:.1%} to {between[1]:.1%}" if between else "",
            "" if isinstance(figure, F1) else f"{figure.hits} / {figure.of}",
        )
    return table


def _grouped(kind: str, by: str, groups: Mapping[str, Figures]) -> Table:
    names = _COLUMNS[kind, by]
    table = Table(title=f"by {by}", title_justify="left")
    table.add_column(by)
    for name in names:
        table.add_column(name, justify="right")
    for group, figures in groups.items():
        table.add_row(group, *(_with_count(figures[name]) for name in names))
    return table


def _with_count(figure: Figure) -> str:
    return percent(figure) if isinstance(figure, F1) or not figure.of else f"{percent(figure)} of {figure.of}"


def percent(figure: Figure) -> str:
    """A share as people read it; F1 as it is usually written; a dash if there was nothing to measure."""
    if figure.value is None:
        return "-"
    return f"{figure.value:.3f}" if isinstance(figure, F1) else f"{figure.value:.1%}"
