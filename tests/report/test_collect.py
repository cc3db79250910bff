"""Reading the log fast gives what reading it entry by entry gives, and nothing that is odd is lost or guessed."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace

import pytest

from guardrail.record.entry import Code, Event, Intent, Kind, Outcome, Place, from_json
from guardrail.report import collect as module
from guardrail.report.collect import Period, parse_day
from guardrail.text import Action, Direction
from tests.report.conftest import PERIOD, collect
from tests.report.records import DAY, exchanges, row

ROWS = [row(at, entry) for at, entry in exchanges(400, seed=5)]
ENTRIES = [from_json(Kind(kind), body) for _, kind, _, body in ROWS]
OUTCOMES = [entry for entry in ENTRIES if isinstance(entry, Outcome)]


@pytest.fixture(autouse=True, params=[50_000, 64])
def chunk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one piece, and in many."""
    monkeypatch.setattr(module, "_CHUNK", request.param)


def in_pieces() -> module.Collected:
    """Pages of fifty rows."""
    collector = module.Collector(PERIOD, 9, "seed")
    for start in range(0, len(ROWS), 50):
        collector.rows(ROWS[start : start + 50])
    return collector.collected()


def test_the_counts_are_those_of_the_entries() -> None:
    made = in_pieces()
    assert made.exchanges == len(OUTCOMES) == 400
    assert made.parts["end"] == Counter(str(each.end) for each in OUTCOMES)
    assert made.parts["action"] == Counter(each.action.word for each in OUTCOMES)
    assert made.parts["client"] == Counter(str(each.who.client) for each in OUTCOMES)
    kinds: Counter[str] = Counter()
    for outcome in OUTCOMES:
        for found in outcome.found:
            if found.rail == "phi" and found.direction is Direction.REQUEST:
                kinds[found.label] += found.count
    assert made.items["phi request"] == kinds
    ages = Counter(str(each.who.cohort.get("age_band", "not supplied")) for each in OUTCOMES)
    assert {group: counts[0] for group, counts in made.nodes["age_band"].items()} == dict(ages)
    assert sum(counts[0] for counts in made.nodes["time"].values()) == 400
    assert (made.unreadable, made.newer) == (0, 0)


def test_tokens_costs_and_footprints_add_up() -> None:
    made = in_pieces()
    total = sum(each.usage.output or 0 for each in OUTCOMES)
    assert sum(each.tokens["output"] for each in made.amounts.values()) == total
    cost = sum(each.cost or 0 for each in OUTCOMES)
    assert sum(each.costs.get("USD", 0) for each in made.amounts.values()) == pytest.approx(cost)
    low = sum(each.footprint.energy_wh.low for each in OUTCOMES if each.footprint)
    sums = [sums for each in made.amounts.values() for sums in each.footprints.values()]
    assert sum(each[1] for each in sums) == pytest.approx(low)


def test_a_sample_is_drawn_by_a_rule_that_anybody_can_repeat() -> None:
    receipts = sorted(
        (str(each.receipt) for each in OUTCOMES), key=lambda r: hashlib.sha256(f"seed:{r}".encode()).digest()
    )
    assert in_pieces().sample == receipts[:9]


def test_intents_without_an_end_and_answers_without_an_intent_are_seen() -> None:
    intents = [each for each in ROWS if each[1] == "intent"]
    answered = next(each for each in OUTCOMES if each.end == "answered")
    others = [each for each in ROWS if not (each[1] == "intent" and each[2] == answered.receipt)]
    lone = row(intents[0][0], Intent(Code("f" * 32), answered.who, answered.policy))

    assert (collect(ROWS).unanswered, collect(ROWS).unannounced) == (0, 0)
    assert (collect([*ROWS, lone]).unanswered, collect([*ROWS, lone]).unannounced) == (1, 0)
    assert (collect(others).unanswered, collect(others).unannounced) == (0, 1)


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "null", "{}", '{"end":"answered"}', '"text"', '{"end":1,"who":[],"policy":{},"receipt":"a"}'],
)
def test_what_cant_be_read_is_counted_and_nothing_else_is_lost(body: str) -> None:
    at = ROWS[0][0]
    made = collect([*ROWS, (at, "outcome", "e" * 32, body), (at, "event", None, body)])
    assert made.unreadable == 2
    assert made.exchanges == 400


def test_entries_of_a_newer_version_are_counted_as_such() -> None:
    at, kind, receipt, body = row(ROWS[0][0], replace(OUTCOMES[0], receipt=Code("d" * 32)))
    newer = [
        (at, kind, receipt, body.replace('{"action"', '{"acted_by":"x","action"')),
        (at, kind, receipt, body.replace('"end":"', '"end":"un')),
        (at, "verdict", None, "{}"),
    ]
    made = collect([*ROWS, *newer])
    assert made.newer == 3
    assert made.exchanges == 402


def test_names_without_end_are_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that asks for another model each time fills no memory."""
    monkeypatch.setattr(module, "MAX_NAMES", 20)
    many = [
        row(ROWS[0][0], replace(OUTCOMES[0], who=replace(OUTCOMES[0].who, model=Code(f"m{n}"), client=Code(f"c{n}"))))
        for n in range(100)
    ]
    made = collect(many)
    assert made.exchanges == 100
    assert len(made.models) == 20
    assert len(made.parts["client"]) == 21
    assert made.parts["client"]["(others)"] == 80


def test_an_outcome_with_very_many_places_counts_as_any_other() -> None:
    """They are skipped unread; what stands behind them is not."""
    outcome = next(each for each in OUTCOMES if each.found)
    places = tuple(Place(Direction.REQUEST, n, 1, 9, Code("phi"), Code("NAME"), Action.REPLACE) for n in range(200))
    short, long = (collect([row(ROWS[0][0], replace(outcome, places=each))]) for each in (places[:1], places))
    assert len(row(0, replace(outcome, places=places))[3]) > 10_000
    assert (long.nodes, long.parts, long.items, long.policies) == (
        short.nodes,
        short.parts,
        short.items,
        short.policies,
    )


def test_events_are_counted_and_some_of_them_told() -> None:
    events = [row(ROWS[0][0], Event(Code("receipt_read"), Code("cli:a"))) for _ in range(3)]
    made = collect([*events, row(ROWS[0][0], Event(Code("suspended"), Code("cli:b"), facts={"scope": Code("all")}))])
    assert made.events == {"receipt_read": 3, "suspended": 1}
    assert [(what, actor, facts) for _, what, actor, facts in made.told] == [("suspended", "cli:b", {"scope": "all"})]


@pytest.mark.parametrize(
    ("first", "last", "days", "step", "steps"),
    [
        ("2026-01-01", "2026-01-01", 1, 1, 1),
        ("2026-01-01", "2026-02-11", 42, 1, 42),
        ("2026-01-01", "2026-02-12", 43, 7, 7),
        ("2024-01-01", "2026-12-31", 1_096, 28, 40),
    ],
)
def test_time_is_cut_into_steps_that_can_be_drawn(first: str, last: str, days: int, step: int, steps: int) -> None:
    period = Period(parse_day(first), parse_day(last))
    assert (period.days, period.step, len(period.steps)) == (days, step, steps)
    assert period.until - period.since == days * DAY
