"""The parts of a policy about evidence on top of each other: what is kept longer, told sooner, guarded more, wins."""

from __future__ import annotations

from typing import Any

import pytest

from guardrail.policy.merge import merge

CASES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    (
        "audit",
        {"store": "postgresql", "url_env": "A", "retention_days": 100, "deadline_seconds": 1.0},
        {"retention_days": 3000, "deadline_seconds": 2.0, "checkpoint_seconds": 5.0},
        {
            "store": "postgresql", "url_env": "A", "retention_days": 3000,
            "deadline_seconds": 1.0, "checkpoint_seconds": 5.0,
        },
    ),
    (
        "admin",
        {"tokens": [{"name": "a", "role": "ops"}], "session_minutes": 10, "metrics": "token",
         "rate_limit": {"logins": 5}, "hosts": ["one"]},
        {"tokens": [{"name": "b", "role": "auditor"}], "session_minutes": 60, "metrics": "open",
         "rate_limit": {"logins": 9, "requests": 7}, "hosts": ["two"]},
        {"tokens": [{"name": "a", "role": "ops"}, {"name": "b", "role": "auditor"}], "session_minutes": 10,
         "metrics": "token", "rate_limit": {"logins": 5, "requests": 7}, "hosts": ["one", "two"]},
    ),
    (
        "disclosure",
        {"deployer": "A", "contact": "x", "models": {"m": {"developer": "D", "risks": ["r"]}, "n": {}}},
        {"deployer": "B", "models": {"m": {"developer": "E"}}},
        {"deployer": "B", "contact": "x", "models": {"m": {"developer": "E"}, "n": {}}},
    ),
    (
        "redress",
        {"due_days": {"harm": 2, "error": 20}, "graphic_per_day": None, "per_receipt": 3},
        {"due_days": {"harm": 5, "contest": 10}, "graphic_per_day": 7, "per_receipt": 9},
        {"due_days": {"harm": 2, "error": 20, "contest": 10}, "graphic_per_day": 7, "per_receipt": 9},
    ),
    (
        "footprint",
        {"on": True, "zone": "FRA", "prices": [{"model": "a"}]},
        {"on": False, "zone": "USA", "prices": [{"model": "b"}]},
        {"on": True, "zone": "USA", "prices": [{"model": "b"}, {"model": "a"}]},
    ),
    ("telemetry", {"continue_traces": True}, {"continue_traces": False}, {"continue_traces": False}),
    ("telemetry", {"continue_traces": True}, {}, {"continue_traces": True}),
]  # fmt: skip


@pytest.mark.parametrize(("part", "base", "own", "merged"), CASES)
def test_the_part_that_guards_more_wins(
    part: str, base: dict[str, Any], own: dict[str, Any], merged: dict[str, Any]
) -> None:
    assert merge({part: base}, {part: own})[part] == merged


def test_a_number_without_a_bound_is_no_stricter() -> None:
    bound = {"redress": {"graphic_per_day": 4}}
    free = {"redress": {"graphic_per_day": None}}
    assert merge(bound, free) == merge(free, bound) == bound
