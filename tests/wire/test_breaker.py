"""A provider that keeps failing is left alone, and tried again."""

from __future__ import annotations

from guardrail.wire.breaker import Breakers


def test_a_circuit_opens_tries_once_and_closes() -> None:
    now = [100.0]
    breakers = Breakers(lambda: now[0])
    for _ in range(2):
        breakers.failed("a", 3, 15.0)
        assert breakers.wait("a") == 0
    breakers.failed("a", 3, 15.0)
    assert breakers.wait("a") == 15.0
    assert breakers.wait("b") == 0
    now[0] += 16
    assert breakers.wait("a") == 0
    assert breakers.wait("a") > 0  # one try at a time
    breakers.failed("a", 3, 15.0)
    assert breakers.wait("a") == 15.0
    now[0] += 16
    assert breakers.wait("a") == 0
    breakers.succeeded("a")
    assert breakers.wait("a") == 0


def test_a_success_in_between_counts_anew() -> None:
    breakers = Breakers(lambda: 0.0)
    for _ in range(5):
        breakers.failed("a", 2, 15.0)
        breakers.succeeded("a")
        assert breakers.wait("a") == 0
