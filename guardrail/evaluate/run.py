"""Labelled texts through a policy, and what came of it scored. Knows the kinds of labelled files; no rail.

One compiled policy for all texts, each of them taken the very road of an exchange (`trial`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from guardrail.errors import RailError
from guardrail.evaluate import phi, phrasing, queries
from guardrail.evaluate.figures import Report
from guardrail.evaluate.lines import Labelled, read
from guardrail.policy.compile import Compiled
from guardrail.text import Action, Direction, Span
from guardrail.trial import Trial, try_text

_Row = TypeVar("_Row", bound=Labelled)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A report, the texts of the file by id, and the ids and error codes of those that could not be inspected."""

    report: Report
    texts: dict[str, str]
    uninspected: tuple[tuple[str, str], ...]


def evaluate_phi(compiled: Callable[[], Compiled], path: Path, labels: frozenset[str] = frozenset()) -> Evaluation:
    """A file of texts with PHI. Raises ClientError for a bad file, before the policy is built."""
    rows = read(path, lambda line: phi.parse(line, labels))
    return _evaluate(
        compiled(),
        rows,
        Direction.REQUEST,
        lambda done: phi.score((row, redacted(row.text, trial)) for row, trial in done),
    )


def evaluate_queries(compiled: Callable[[], Compiled], path: Path) -> Evaluation:
    """A file of questions. Raises ClientError for a bad file, before the policy is built."""
    rows = read(path, queries.parse)
    return _evaluate(
        compiled(), rows, Direction.REQUEST, lambda done: queries.score((row, trial.assessment) for row, trial in done)
    )


def evaluate_phrasing(compiled: Callable[[], Compiled], path: Path) -> Evaluation:
    """A file of answers. Raises ClientError for a bad file, before the policy is built."""
    rows = read(path, phrasing.parse)
    return _evaluate(
        compiled(), rows, Direction.RESPONSE, lambda done: phrasing.score((row, trial.text) for row, trial in done)
    )


def redacted(text: str, trial: Trial) -> phi.Redacted:
    """What was taken out of a text: what was rewritten, or all of it."""
    if trial.action is Action.BLOCK:
        return phi.Redacted("", (Span(0, len(text)),))
    return phi.Redacted(trial.text, tuple(edit.span for edit in trial.edits if edit.span.start < edit.span.end))


def _evaluate(
    compiled: Compiled,
    rows: Sequence[_Row],
    direction: Direction,
    score: Callable[[list[tuple[_Row, Trial]]], Report],
) -> Evaluation:
    done: list[tuple[_Row, Trial]] = []
    failed: list[tuple[str, str]] = []
    with asyncio.Runner() as runner:
        for row in rows:
            try:
                done.append((row, runner.run(try_text(compiled, row.text, direction))))
            except RailError as error:
                failed.append((row.id, error.code))
    return Evaluation(score(done), {row.id: row.text for row in rows}, tuple(failed))
