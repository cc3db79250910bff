"""What came out of every question that a report asks: found, failed, or nothing; no question can be dropped (WHO-77).

The questions are laid down before anything is computed. Each has to get exactly one verdict, or there is no report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """FOUND: a signal. FAILED: a check that failed, or a figure that could not be computed. NOTHING: neither."""

    FOUND = "found"
    FAILED = "failed"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`about` names the question; `computed` is False for what failed since there was too little to compute it from."""

    about: str
    outcome: Outcome
    words: str
    computed: bool = True


class Verdicts:
    """Gathers one verdict for each question."""

    def __init__(self, questions: Iterable[str]) -> None:
        """Raises ValueError for a question that is asked twice."""
        self._open: dict[str, None] = {}
        for question in questions:
            if question in self._open:
                raise ValueError(f"a question is asked twice: {question}")
            self._open[question] = None
        self._asked: Sequence[str] = list(self._open)
        self._given: dict[str, Verdict] = {}

    def found(self, about: str, words: str) -> None:
        """A signal."""
        self._give(Verdict(about, Outcome.FOUND, words))

    def failed(self, about: str, words: str) -> None:
        """A check that failed."""
        self._give(Verdict(about, Outcome.FAILED, words))

    def not_computed(self, about: str, words: str) -> None:
        """There was too little, or it may not be told."""
        self._give(Verdict(about, Outcome.FAILED, words, computed=False))

    def nothing(self, about: str, words: str) -> None:
        """It was looked at, and there is nothing to tell."""
        self._give(Verdict(about, Outcome.NOTHING, words))

    def outcomes(self, prefix: str) -> set[Outcome]:
        """Of all questions given so far whose name begins so."""
        return {verdict.outcome for about, verdict in self._given.items() if about.startswith(prefix)}

    def close(self) -> Mapping[Outcome, Sequence[Verdict]]:
        """All of them, in the order of the questions. Raises ValueError if one has no verdict."""
        if self._open:
            raise ValueError(f"no verdict on {len(self._open)} questions, the first is {next(iter(self._open))}")
        ordered = [self._given[about] for about in self._asked]
        return {outcome: [each for each in ordered if each.outcome is outcome] for outcome in Outcome}

    def _give(self, verdict: Verdict) -> None:
        if verdict.about not in self._open:
            raise ValueError(f"a second verdict, or one that nobody asked for: {verdict.about}")
        del self._open[verdict.about]
        self._given[verdict.about] = verdict
