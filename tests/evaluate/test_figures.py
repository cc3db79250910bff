"""Shares and what they prove."""

import pytest

from guardrail.evaluate.figures import F1, Share, Threshold, grouped, share, total


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (5, 10, 0.2366, 0.7634), (1, 100, 0.0018, 0.0545)],
)
def test_the_interval_is_wilsons(hits: int, of: int, low: float, high: float) -> None:
    """Worked out by hand: none of ten proves little, and says so."""
    interval = Share(hits, of).interval
    assert interval == pytest.approx((low, high), abs=5e-5)


def test_of_nothing_nothing_is_known() -> None:
    assert Share(0, 0).value is None
    assert Share(0, 0).interval is None
    assert F1(0, 0, 0).value is None


def test_f1_is_two_thirds_of_a_half_found_and_all_right() -> None:
    assert F1(true=2, false=0, missed=2).value == pytest.approx(2 / 3)


def test_counts_put_together() -> None:
    assert share([True, False, True]) == Share(2, 3)
    assert total([(1, 2), (3, 8)]) == Share(4, 10)


def test_the_largest_group_comes_first() -> None:
    groups = grouped(["b1", "a1", "b2"], lambda word: word[0], lambda words: {"n": Share(len(words), 3)})
    assert list(groups.items()) == [("b", {"n": Share(2, 3)}), ("a", {"n": Share(1, 3)})]


@pytest.mark.parametrize(
    ("limit", "least", "met"), [(0.5, True, True), (0.51, True, False), (0.5, False, True), (0.49, False, False)]
)
def test_a_threshold_is_met_at_its_limit(limit: float, least: bool, met: bool) -> None:
    assert Threshold("x", limit, least).met({"x": Share(1, 2)}) is met


@pytest.mark.parametrize("least", [True, False])
def test_a_threshold_over_nothing_is_missed(least: bool) -> None:
    """A file without a single clean text does not prove that clean texts are left alone."""
    assert not Threshold("x", 0.5, least).met({"x": Share(0, 0)})
