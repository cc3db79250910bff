"""How the product starts on a machine that has other things to do."""

from __future__ import annotations

import asyncio

import pytest

from guardrail.errors import RailFailed, RailLate
from guardrail.service import WARM_UPS, unhurried


class _Work:
    """Ends in these errors, one after the other, and then well."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.times = 0

    async def __call__(self) -> None:
        self.times += 1
        if self.errors:
            raise self.errors.pop(0)


def late() -> RailLate:
    return RailLate("late", code="job_deadline")


def test_a_start_is_tried_again_while_the_machine_is_only_slow() -> None:
    work = _Work(late(), late())
    asyncio.run(unhurried(work))
    assert work.times == 3


def test_a_start_that_stays_late_is_given_up() -> None:
    work = _Work(*[late()] * 2 * WARM_UPS)
    with pytest.raises(RailLate):
        asyncio.run(unhurried(work))
    assert work.times == WARM_UPS


def test_a_start_that_fails_otherwise_is_not_tried_again() -> None:
    work = _Work(RailFailed("broken", code="rail_failed"))
    with pytest.raises(RailFailed):
        asyncio.run(unhurried(work))
    assert work.times == 1
