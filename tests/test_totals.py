"""What the disclosure page counts: over restarts, for all processes that share a store, and nothing of anybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from guardrail.disclosure import Figures
from guardrail.record import shelf
from guardrail.record.entry import NONE, Code, Footprint, Found, Outcome, Range, Shown
from guardrail.text import Action, Direction
from guardrail.totals import Totals
from tests.console.house import exchange
from tests.support.evidence import Store, opened

MODELLED = Footprint(Code("ecologits"), Range(1.0, 2.0), Range(0.5, 0.75))


@pytest.fixture
def store() -> Iterator[Store]:
    with opened() as store:
        yield store


def outcome(**more: object) -> Outcome:
    return replace(exchange()[1], **more)  # type: ignore[arg-type]


def begun(store: Store, writer: str) -> Totals:
    totals = Totals(store.database, writer, clock=lambda: 1_790_000_000.0)
    store.run(totals.start())
    return totals


def test_each_exchange_counts_where_it_belongs(store: Store) -> None:
    totals = begun(store, "a.0")
    totals.count(outcome(footprint=MODELLED))
    totals.count(outcome(action=Action.BLOCK, found=()))
    totals.count(outcome(shown=(Shown(Code("emergency"), Code("en")),), footprint=MODELLED))
    shadow = Found(Code("phi"), Code("NAME"), Direction.REQUEST, Action.REPLACE, 9, shadow=True)
    totals.count(outcome(found=(shadow,)))
    totals.count(outcome(who=replace(outcome().who, dialect=NONE)))
    told = store.run(totals.all())
    counts = (told.exchanges, told.redactions, told.medical, told.crisis, told.blocked)
    assert counts == (4, 4, 4, 1, 1)
    assert (told.energy_wh, told.co2e_g, told.water_ml, told.method) == (
        *(Range(2.0, 4.0), Range(1.0, 1.5), None),
        "ecologits",
    )


def test_totals_are_those_of_all_processes_and_outlive_them(store: Store) -> None:
    one, other = begun(store, "a.0"), begun(store, "a.1")
    for totals, many in ((one, 3), (other, 4)):
        for _ in range(many):
            totals.count(outcome())
        store.run(totals.save())
    one.count(outcome())  # not saved yet: known here

    def exchanges(totals: Totals) -> int | None:
        figures: Figures = store.run(totals.all())
        return figures.exchanges

    assert (exchanges(one), exchanges(other)) == (8, 7)
    store.run(one.save())
    again = begun(store, "a.0")
    again.count(outcome())
    assert (exchanges(again), exchanges(other)) == (9, 8)


def test_nothing_but_counts_is_kept(store: Store) -> None:
    totals = begun(store, "a.0")
    totals.count(outcome())
    store.run(totals.save())
    ((_, value),) = store.run(shelf.found(store.database, "totals:")).items()
    assert "NAME" not in value
    assert exchange()[1].receipt not in value
