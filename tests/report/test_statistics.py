"""Intervals, ratios and control charts: against published values and laws."""

from __future__ import annotations

import random
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.evaluate.figures import Share
from guardrail.report.statistics import RUN, control_chart, ratio

shares = st.integers(1, 5_000).flatmap(lambda of: st.builds(Share, st.integers(0, of), st.just(of)))


def test_a_ratio_has_the_interval_of_katz() -> None:
    """Katz et al. 1978 as in Agresti's aspirin table: 189 of 11,034 against 104 of 11,037."""
    found = ratio(Share(189, 11_034), Share(104, 11_037))

    assert found is not None
    assert (round(found.value, 2), round(found.low, 2), round(found.high, 2)) == (1.82, 1.43, 2.31)
    assert found.signal


@given(shares, shares)
def test_a_ratio_lies_within_its_interval_and_turns_around_with_its_sides(one: Share, other: Share) -> None:
    there, back = ratio(one, other), ratio(other, one)
    if there is None or back is None:
        assert not (one.hits or other.hits)
        return
    assert there.low <= there.high
    assert isclose(there.low * back.high, 1, rel_tol=1e-9)
    if one.hits and other.hits:
        assert there.low <= there.value * (1 + 1e-9)
        assert isclose(there.value * back.value, 1, rel_tol=1e-9)


@given(shares)
def test_a_group_that_is_as_the_other_one_is_no_signal(share: Share) -> None:
    found = ratio(share, share)
    assert found is None or not found.signal


def test_a_group_without_any_case_can_be_a_signal() -> None:
    found = ratio(Share(0, 2_000), Share(300, 2_000))
    assert found is not None
    assert found.value == 0
    assert found.signal


def test_a_far_ratio_of_few_is_no_signal_nor_is_a_sure_one_that_is_near() -> None:
    few, near = ratio(Share(3, 20), Share(2, 20)), ratio(Share(5_500, 10_000), Share(5_000, 10_000))
    assert few is not None
    assert few.value > 1.25
    assert not few.signal
    assert near is not None
    assert near.low > 1
    assert not near.signal


def steps(shares: list[float], of: int = 1_000) -> list[Share | None]:
    return [Share(round(share * of), of) for share in shares]


def test_a_step_beyond_three_sigma_is_a_signal() -> None:
    chart = control_chart(steps([0.1] * 11 + [0.2]))
    assert chart is not None
    assert [point.side for point in chart.points if point] == [0] * 11 + [1]
    assert chart.signal


def test_nine_steps_on_one_side_are_a_signal_though_each_is_within_its_limits() -> None:
    chart = control_chart(steps([0.095] * RUN + [0.105] * RUN))
    assert chart is not None
    assert not any(point.side for point in chart.points if point)
    assert chart.run == RUN
    assert chart.signal


def test_steps_that_are_as_chance_would_have_them_are_none() -> None:
    chance = random.Random(3)
    quiet = [Share(sum(chance.random() < 0.1 for _ in range(400)), 400) for _ in range(20)]
    chart = control_chart(list(quiet))
    assert chart is not None
    assert not any(point.side for point in chart.points if point)


def test_limits_are_wider_where_every_step_jumps() -> None:
    """Laney: with much in a step, chance within it explains next to nothing of what differs between steps."""
    chart = control_chart(steps([0.10, 0.12] * 8, of=100_000))
    assert chart is not None
    assert chart.spread > 5
    assert not any(point.side for point in chart.points if point)


@pytest.mark.parametrize(
    "known",
    [
        steps([0.1] * 7),
        steps([0.0] * 12),
        steps([1.0] * 12),
        [None, None, None, None, *steps([0.1] * 8)],  # those that are withheld are the small ones
        [],
    ],
)
def test_there_is_no_chart_of_too_little(known: list[Share | None]) -> None:
    assert control_chart(known) is None
