"""What one exchange cost, and what footprint it is estimated to have, worked out of its outcome (WHO-85, WHO-87).

Out of codes and counts alone. What is not known is left out: no number is ever made up for it, and none is zero
because nobody told it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Final, TypeVar

from guardrail import footprint
from guardrail.footprint import Machine
from guardrail.policy.footprint import Footprints, Price, Sized
from guardrail.record import entry
from guardrail.record.entry import Code, Outcome, Usage

MILLION: Final = 1_000_000
VENDORS: Final = {
    "openai": "openai",
    "anthropic": "anthropic",
    "mistral": "mistralai",
    "gemini": "google_genai",
    "cohere": "cohere",
}
"""Whose models EcoLogits lists under which name, by the first word of a dialect's."""

Row = TypeVar("Row", Price, Sized)


class Accounts:
    """Takes an outcome and gives it back with its cost and its footprint. One for each version of a policy.

    EcoLogits is loaded when this is made (50 ms), so that no exchange waits for it.
    """

    def __init__(self, rules: Footprints) -> None:
        self._rules = rules
        self._last_resort = rules.last_resort
        self._price = lru_cache(maxsize=1_024)(self._find_price)
        self._machine = lru_cache(maxsize=1_024)(self._find_machine)
        if rules.on:
            footprint.has_zone(rules.zone)

    def __call__(self, outcome: Outcome) -> Outcome:
        """The outcome with what can be told."""
        if outcome.usage == entry.Usage():
            return outcome
        price = self._price(outcome.served, outcome.who.model)
        cost = None if price is None else cost_of(price, outcome.usage)
        return replace(
            outcome,
            cost=cost,
            currency=entry.NONE if price is None or cost is None else Code(price.currency),
            footprint=self._footprint(outcome),
        )

    def _footprint(self, outcome: Outcome) -> entry.Footprint | None:
        tokens = outcome.usage.output
        if not self._rules.on or tokens is None:
            return None
        machine, zone = self._machine(outcome.served, outcome.who.model, outcome.who.dialect)
        if machine is None:
            return None
        seconds = outcome.timings.upstream / MILLION
        return footprint.estimate(machine, tokens, seconds or None, zone)

    def _find_price(self, served: str, asked: str) -> Price | None:
        return _first(self._rules.prices, served, asked)

    def _find_machine(self, served: str, asked: str, dialect: str) -> tuple[Machine | None, str]:
        row = _first(self._rules.models, served, asked)
        if row is not None:
            return row.machine, row.zone or self._rules.zone
        vendor = VENDORS.get(dialect.partition(".")[0], "")
        found = (footprint.listed(name, vendor) for name in _named(served, asked))
        return next(filter(None, found), self._last_resort), self._rules.zone


def cost_of(price: Price, usage: Usage) -> float | None:
    """In units of the price's currency. None if a count is missing for which there is a charge."""
    cached = min(usage.cached or 0, usage.input or 0)
    of_cached = price.input_per_million if price.cached_per_million is None else price.cached_per_million
    told = None if usage.input is None else usage.input - cached
    parts = ((told, price.input_per_million), (cached, of_cached), (usage.output, price.output_per_million))
    charged = [(count, charge) for count, charge in parts if charge]
    if any(count is None for count, _ in charged):
        return None
    return round(sum((count or 0) * charge for count, charge in charged) / MILLION, 9)


def _first(rows: Sequence[Row], served: str, asked: str) -> Row | None:
    """The first row for the model that answered, else for the one that was asked for."""
    fits = (row for name in _named(served, asked) for row in rows if fnmatchcase(name, row.model))
    return next(fits, None)


def _named(*names: str) -> Iterable[str]:
    return (name for name in names if name not in (entry.NONE, entry.OTHER))
