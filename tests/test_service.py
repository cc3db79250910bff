"""How the product starts on a machine that has other things to do, and goes on when something else does not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from guardrail.errors import RailFailed, RailLate
from guardrail.policy.load import load_policy
from guardrail.policy.store import PolicyStore
from guardrail.record.metrics import Metrics
from guardrail.service import WARM_UPS, Options, Service, unhurried
from tests.policy.files import NOTICE_ONLY, write
from tests.policy.test_store import Sets


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


def test_what_one_part_of_the_house_meets_ends_no_other(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Here the log was never opened, so its cases can't be counted; the policy is watched all the same."""
    file = write(tmp_path, NOTICE_ONLY)
    service = Service(Options(), load=lambda: load_policy(file))
    service.store = store = PolicyStore(lambda: load_policy(file), Sets(), Metrics())

    async def go() -> None:
        await store.start()
        keeping = asyncio.create_task(service.keep_house())
        write(tmp_path, NOTICE_ONLY.replace("version: 1", "version: 2"))
        for _ in range(400):
            if store.current().policy.version == 2:
                break
            await asyncio.sleep(0.05)
        assert (store.current().policy.version, keeping.done()) == (2, False)
        keeping.cancel()

    asyncio.run(go())
    assert "housekeeping_failed" in [record.msg for record in caplog.records]
